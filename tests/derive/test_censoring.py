"""Why a time is censored, as far as the data tell."""

from __future__ import annotations

import pytest
from patient_stories import cohort_of

from dossier.derive.patients import derive

CUTOFF = 400  # of every cohort here
EIGHT_WEEKS = "8 weeks"


def reasons(*stories, endpoint="pfs", **options):
    frame = derive(cohort_of(*stories, **options)).frame
    return frame[f"{endpoint}_censoring"].tolist()


def test_the_next_planned_assessment_tells_who_was_followed_up_to_the_cutoff():
    last_in_time = CUTOFF - 56 - 7
    found = reasons(
        {"visits": f"SD({last_in_time})"},
        {"visits": f"SD({last_in_time - 1})"},
        {"visits": f"SD(57) PD({CUTOFF - 1})"},
        schedule=EIGHT_WEEKS,
    )
    assert found == [
        "no event by the data cut-off",
        "no further assessment although one was due before the data cut-off",
        "",
    ]


def test_without_a_schedule_nothing_is_concluded():
    assert reasons({"visits": "SD(57)"}) == ["no event at last evaluable assessment"]


def test_a_new_therapy_is_the_reason_whatever_comes_later():
    assert reasons({"visits": "SD(57)", "new_therapy": 80}, schedule=EIGHT_WEEKS) == [
        "new anticancer therapy"
    ]


def test_without_any_assessment_it_counts_whether_one_was_due():
    found = reasons({"visits": ""}, {"visits": "SD(57)"}, schedule=EIGHT_WEEKS)
    assert found[0] == "no evaluable assessment after baseline"


def test_a_missing_baseline_is_told_only_where_others_have_one():
    frame = derive(cohort_of({"visits": ""}, {"visits": [(-5, "SD"), (57, "PD")]})).frame
    assert frame["pfs_censoring"][0] == "no baseline assessment"
    assert frame["not_evaluable_response_reason"][0] == "no baseline assessment"
    nobody = derive(cohort_of({"visits": ""}, {"visits": "PD(57)"})).frame
    assert nobody["not_evaluable_response_reason"][0] == "no assessment after baseline"


def test_the_other_rule_sets_stand_beside_that_in_force():
    story = {"visits": "SD(57) PD(400)", "new_therapy": 80}
    frame = derive(cohort_of(story, schedule=EIGHT_WEEKS)).frame
    assert frame["pfs_event"][0] == 0
    assert frame["pfs_treatment_policy_event"][0] == 1
    late = derive(cohort_of({"visits": "SD(57) PD(400)"}, schedule=EIGHT_WEEKS))
    assert late.frame["pfs_event"][0] == 1
    assert late.frame["pfs_fda_censoring"][0] == "progression after missed assessments"
    assert "PFS-MISSED-ASSESSMENTS" not in late.rules


@pytest.mark.parametrize("endpoint", ["pfs", "os", "dor"])
def test_every_censored_time_has_a_reason_and_no_other(endpoint):
    frame = derive(
        cohort_of(
            {"visits": "PR(57) PR(113) PD(169)", "died": 300},
            {"visits": "PR(57) PR(113)", "alive": 390},
            {"visits": "", "died": 20},
            schedule=EIGHT_WEEKS,
        )
    ).frame
    censored = frame[f"{endpoint}_event"] == 0
    assert ((frame[f"{endpoint}_censoring"] != "") == censored).all()
