"""Best response by each assessor."""

import pytest
from patient_stories import cohort_of, visits

from dossier.derive.concordance import best_response_by_assessor
from dossier.derive.patients import derive


def told(**readings):
    scans = [
        {"day": day, "response": response, "assessor": assessor}
        for assessor, text in readings.items()
        for day, response in visits(text)
    ]
    return {"scans": scans}


COHORT = (
    told(Investigator="PR(57) PR(113)", central="SD(57) PR(113)"),
    told(Investigator="SD(57)", central="SD(57)"),
    told(Investigator="PD(57)"),
    told(Investigator="NE(57)", central="NE(57)"),
    {"started": None},
    {},
)


def test_every_reader_alone():
    frame = best_response_by_assessor(cohort_of(*COHORT))
    assert frame.index.tolist() == ["P001", "P002", "P003", "P004", "P006"]
    assert frame["investigator"].tolist() == ["PR", "SD", "PD", "NE", ""]
    assert frame["central"].tolist() == ["SD", "SD", "", "NE", ""]
    assert list(frame) == ["central", "investigator"]


@pytest.mark.parametrize("assessor", ["investigator", "central"])
def test_the_column_of_the_chosen_reader_is_the_result(assessor):
    cohort = cohort_of(*COHORT, assessor=assessor)
    derived = derive(cohort).frame.set_index("patient_id")["best_response"]
    alone = best_response_by_assessor(cohort)[assessor]
    read = alone[alone != ""]
    assert read.tolist() == derived[read.index].tolist()


def test_the_settings_hold_for_every_reader():
    cohort = cohort_of(told(central="PR(57)", investigator="PR(57)"), confirmation=False)
    assert best_response_by_assessor(cohort).to_numpy().tolist() == [["PR", "PR"]]


def test_a_choice_that_is_still_open_does_not_matter():
    """Two radiologists, and nobody said which of them counts."""
    frame = best_response_by_assessor(cohort_of(told(r1="SD(57)", r2="PD(57)")))
    assert frame.to_numpy().tolist() == [["SD", "PD"]]


def test_nobody_said_who_read():
    frame = best_response_by_assessor(cohort_of({"visits": "SD(57)"}))
    assert frame.shape == (1, 0)
