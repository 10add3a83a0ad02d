"""Screen failures: counted apart with their reasons, part of no denominator."""

import pytest

from dossier.cohort.read import read_cohort
from dossier.evaluation import evaluate

PATIENTS = """\
patient_id,treatment_start,arm,screen_failure_reason
P1,2024-01-01,A,
P2,,,brain metastases
P3,2024-01-08,A,
P4,,Screen failure,
P5,,Not assigned,
P6,,Screen failure,brain metastases
P7,,,
"""


def test_each_is_left_out_with_the_reason_in_the_file(cohort):
    read = cohort(patients__csv=PATIENTS)
    assert read.patients["patient_id"].tolist() == ["P1", "P3", "P7"]
    assert [(each.patient, each.reason, each.row) for each in read.screen_failures] == [
        ("P2", "brain metastases", 3),
        ("P4", "screen failure", 5),
        ("P5", "not assigned to treatment", 6),
        ("P6", "brain metastases", 7),
    ]


def test_the_flow_starts_with_the_screened(cohort):
    results = evaluate(cohort(patients__csv=PATIENTS), criteria=[]).to_dict()
    assert list(results["populations"].items()) == [
        ("screened", 7), ("enrolled", 3), ("treated", 2), ("response_evaluable", 2),
    ]  # fmt: skip
    assert results["losses"]["enrolled"] == {
        "brain metastases": 2, "not assigned to treatment": 1, "screen failure": 1,
    }  # fmt: skip


def test_nobody_is_said_to_have_been_screened_where_the_files_do_not_tell(cohort):
    results = evaluate(cohort(), criteria=[]).to_dict()
    assert "screened" not in results["populations"]
    assert "enrolled" not in results["losses"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("P1,2024-01-01,A,too ill\n", "screen failure"),
        ("P1,2024-01-01,Screen failure,\n", "screen failure"),
    ],
)
def test_a_treated_screen_failure_stays_and_is_asked_about(cohort, row, message):
    read = cohort(patients__csv=PATIENTS.splitlines()[0] + "\n" + row)
    assert read.screen_failures == ()
    assert len(read.patients) == 1
    (query,) = [each for each in read.queries if each.rule == "screen-failure-treated"]
    assert (query.severity, message in query.message) == ("error", True)


def test_rows_of_screen_failures_are_left_out_everywhere(study):
    folder = study(
        patients__csv=PATIENTS,
        assessments__csv="patient_id,date,response\nP2,2024-03-01,PR\nP1,2024-03-01,PR\n",
    )
    read = read_cohort(folder)
    assert read.assessments["patient_id"].tolist() == ["P1"]
