"""Overall survival: death, or the last day any record proves the patient alive."""

import numpy as np
import pandas as pd
import pytest
from patient_stories import cohort_of

from dossier.derive.patients import derive

ALIVE, CUT = "alive at last contact", "alive at the data cut-off"

# What happened (cut-off on day 400): days, event, reason, table, column, row.
OS = {
    "death": ({"died": 150}, (150, 1, "death", "patients", "death_date", 2)),
    "death on the cut-off": ({"died": 400}, (400, 1, "death", "patients", "death_date", 2)),
    "death on the day treatment started": (
        {"died": 0},
        (0, 1, "death", "patients", "death_date", 2),
    ),
    "death after the cut-off proves life on it": (
        {"died": 401, "alive": 300},
        (400, 0, CUT, "patients", "death_date", 2),
    ),
    "seen after the cut-off": ({"alive": 500}, (400, 0, CUT, "patients", "last_known_alive", 2)),
    "seen before the cut-off": ({"alive": 390}, (390, 0, ALIVE, "patients", "last_known_alive", 2)),
    "scan after the last contact noted": (
        {"alive": 100, "visits": "SD(57) NE(113)"},
        (113, 0, ALIVE, "assessments", "date", 3),
    ),
    "scan after progression": (
        {"visits": "PD(57) SD(113)"},
        (113, 0, ALIVE, "assessments", "date", 3),
    ),
    "last dose after the last scan": (
        {"visits": "SD(57)", "stopped": 90},
        (90, 0, ALIVE, "patients", "treatment_end", 2),
    ),
    "new therapy last": (
        {"visits": "SD(57)", "stopped": 90, "new_therapy": 95},
        (95, 0, ALIVE, "patients", "new_therapy_start", 2),
    ),
    "clinical progression last": (
        {"visits": "SD(57)", "clinical_progression": 96},
        (96, 0, ALIVE, "patients", "clinical_progression_date", 2),
    ),
    "start of treatment only": ({}, (0, 0, ALIVE, "patients", "treatment_start", 2)),
    "two proofs on one day: the contact noted": (
        {"alive": 113, "visits": "SD(113)"},
        (113, 0, ALIVE, "patients", "last_known_alive", 2),
    ),
    "died, date not recorded": (
        {"alive": 100, "death_cause": "cancer"},
        (np.nan, np.nan, "date of death not known", "patients", "death_date", 2),
    ),
    "record after death": (
        {"died": 150, "alive": 160},
        (150, 1, "death", "patients", "death_date", 2),
    ),
}


@pytest.mark.parametrize("case", OS.values(), ids=OS)
def test_overall_survival(case):
    story, expected = case
    row = derive(cohort_of(story, given=["death_date"])).frame.iloc[0]
    names = ("days", "event", "reason", "table", "column", "row")
    np.testing.assert_equal(tuple(row[f"os_{name}"] for name in names), expected)
    np.testing.assert_equal(
        (row["follow_up_days"], row["follow_up_event"]), (expected[0], expected[1])
    )


def test_adverse_events_and_questionnaires_prove_life():
    cohort = cohort_of(
        {"alive": 10},
        {"alive": 10},
        adverse_events=[
            {"patient": 0, "start": 200, "row": 7},
            {"patient": 0, "start": 150, "row": 8},
        ],
        quality_of_life=[{"patient": 1, "date": 210, "row": 9}],
    )
    frame = derive(cohort).frame
    assert frame["os_days"].tolist() == [200, 210]
    assert frame["os_table"].tolist() == ["adverse_events", "quality_of_life"]
    assert frame["os_row"].tolist() == [7, 9]


def test_adverse_event_without_a_date_proves_nothing():
    cohort = cohort_of({"alive": 10}, adverse_events=[{"patient": 0, "term": "nausea"}])
    assert derive(cohort).frame["os_days"].tolist() == [10]


def test_assessments_by_day_prove_life():
    frame = derive(cohort_of({"alive": 10, "visits": "SD(57)"}, by_day=True)).frame
    assert frame["os_days"].tolist() == [57]
    assert frame["os_column"].tolist() == ["day"]


def test_without_a_cutoff_every_date_counts():
    frame = derive(cohort_of({"alive": 900}, {"died": 901}, cutoff=None)).frame
    assert frame["os_days"].tolist() == [900, 901]
    assert frame["os_event"].tolist() == [0, 1]


def test_survival_never_recorded_is_unknown_not_endless():
    """Without death dates, contact dates and survival times nobody is taken to be alive."""
    patients = derive(cohort_of({"visits": "SD(57)"}, {"visits": "PD(57)"}))
    assert patients.frame["os_days"].isna().all()
    assert patients.frame["os_event"].isna().all()
    assert set(patients.frame["os_reason"]) == {"not recorded"}
    assert "survival-not-recorded" in patients.notes
    assert "deaths-not-recorded" in patients.notes


def test_times_of_day_do_not_matter():
    cohort = cohort_of({"visits": "SD(57)", "alive": 100})
    for table in (cohort.patients, cohort.assessments):
        for column in table.select_dtypes("datetime"):
            table[column] += pd.Timedelta(hours=13)
    assert derive(cohort).frame["os_days"].tolist() == [100]
    assert derive(cohort).frame["pfs_days"].tolist() == [57]
