"""Who is treated, who is evaluable for response, and why a response is not evaluable."""

import pytest
from patient_stories import cohort_of

from dossier.derive.patients import derive


def test_a_patient_who_never_started_has_no_endpoint():
    patients = derive(cohort_of({"visits": "PR(57) PR(113)", "started": None, "alive": 99}))
    row = patients.frame.iloc[0]
    assert not row["treated"]
    assert not row["response_evaluable"]
    assert not row["responder"]
    assert row["not_evaluable_reason"] == "no treatment start"
    for column in ("best_response", "pfs_rule", "os_reason", "dor_rule", "benefit_16w"):
        assert row[column] == ""
    for column in ("pfs_days", "pfs_event", "os_days", "follow_up_days", "best_response_day"):
        assert row[column] != row[column]


def test_treatment_from_the_cutoff_on():
    frame = derive(cohort_of({"started": 60}, {"started": 61}, cutoff=60)).frame
    assert frame["treated"].tolist() == [True, False]
    assert frame["not_evaluable_reason"].tolist()[1] == "treatment started after the data cut-off"


def test_without_a_start_of_treatment_in_the_file_everybody_counts_as_treated():
    cohort = cohort_of(
        {"started": None, "visits": "PR(57) PR(113)"}, {"started": None}, by_day=True
    )
    cohort.given["patients"] = cohort.given["patients"] - {"treatment_start"}
    patients = derive(cohort)
    assert patients.frame["treated"].all()
    assert "treated-assumed" in patients.notes
    assert patients.frame["best_response"].tolist() == ["PR", "NE"]
    assert patients.frame["dor_days"].tolist()[0] == 56


def test_a_date_of_death_without_a_start_of_treatment_leaves_times_unknown():
    cohort = cohort_of({"started": None, "visits": "SD(57)", "died": 90}, by_day=True)
    cohort.given["patients"] = cohort.given["patients"] - {"treatment_start"}
    row = derive(cohort).frame.iloc[0]
    assert row["pfs_reason"] == "date of death not known"
    assert row["os_days"] != row["os_days"]


def test_new_therapy_without_a_start_of_treatment_leaves_pfs_unknown():
    cohort = cohort_of({"started": None, "visits": "SD(57)", "new_therapy": 40}, by_day=True)
    cohort.given["patients"] = cohort.given["patients"] - {"treatment_start"}
    row = derive(cohort).frame.iloc[0]
    assert row["pfs_reason"] == "treatment start not known"


def test_evaluable_as_declared():
    stories = [
        {"evaluable": 1.0},
        {"evaluable": 0.0, "not_evaluable_reason": "withdrew consent"},
        {"evaluable": 0.0},
        {"evaluable": 1.0, "started": None},
    ]
    patients = derive(cohort_of(*({"visits": "SD(57)", **story} for story in stories)))
    assert patients.frame["response_evaluable"].tolist() == [True, False, False, False]
    assert patients.frame["not_evaluable_reason"].tolist() == [
        "",
        "withdrew consent",
        "declared not evaluable, no reason given",
        "no treatment start",
    ]
    assert patients.frame["best_response"].tolist() == ["SD", "SD", "SD", ""]
    assert patients.queries == ()


def test_evaluability_left_blank_counts_and_is_queried():
    blank = {"visits": "SD(57)", "evaluable": float("nan")}
    patients = derive(cohort_of({"visits": "", "evaluable": 1.0}, blank))
    assert patients.frame["response_evaluable"].all()
    (query,) = patients.queries
    assert (query.rule, query.patient, query.row) == ("evaluable-missing", "P002", 3)


WHY_NOT_EVALUABLE = {
    "no assessment after baseline": {"visits": "SD(0)"},
    "only not evaluable assessments": {"visits": "NE(57) NE(113)"},
    "stable disease too early": {"visits": "NE(20) SD(36)"},
    "died before the first assessment": {"visits": "", "died": 30},
    "new therapy before the first assessment": {"visits": "PD(57)", "new_therapy": 30, "died": 90},
}


@pytest.mark.parametrize("reason", WHY_NOT_EVALUABLE)
def test_why_the_best_response_is_not_evaluable(reason):
    row = derive(cohort_of(WHY_NOT_EVALUABLE[reason], {"visits": "SD(57)"})).frame.iloc[0]
    assert row["best_response"] == "NE"
    assert row["not_evaluable_response_reason"] == reason
    assert row["response_evaluable"]
