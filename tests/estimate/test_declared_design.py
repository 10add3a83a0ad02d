"""A cohort under its two-stage design: whom it counts, what is certain, and when it is finished."""

import csv
from pathlib import Path

import numpy as np
import pytest
from cohorts import date, results
from hypothesis import given
from hypothesis import strategies as st

from dossier.cohort.settings import TwoStage
from dossier.estimate.declared_design import design_of, design_result
from dossier.estimate.outcomes import Outcome
from dossier.estimate.two_stage import decide, infer

REFERENCE = Path(__file__).parents[1] / "reference" / "two_stage_inference.csv"
with REFERENCE.open(newline="") as file:
    TRIALS = list(csv.DictReader(file))

DRUP = {
    "endpoint": "orr",
    "stage1": {"n": 8, "minimum": 1},
    "total": {"n": 24, "minimum": 5},
    "null": 0.10,
    "alternative": 0.30,
}
SLOW_START = DRUP | {"stage1": {"n": 5, "minimum": 3}, "total": {"n": 12, "minimum": 6}}


def applied(pattern, declared=DRUP, **options):
    """The design applied to patients treated a day apart: + success, - failure, ? open."""
    marks = np.array(list(pattern))
    outcome = Outcome(
        success=marks == "+",
        too_early=marks == "?",
        unknown=np.zeros(len(marks), dtype=bool),
        unknown_is_failure=False,
    )
    starts = np.datetime64("2023-01-02") + np.arange(len(marks))
    return design_result(
        TwoStage.model_validate(declared), outcome, marks != "x", starts, 0.95, **options
    )


CASES = [
    # pattern of patients by start of treatment, design, decision, reason for no inference
    ("--------", DRUP, "stopped for futility", None),
    ("-" * 8 + "+" * 4, DRUP, "stopped for futility", None),
    ("-+------", DRUP, "continue to stage 2", "8 of the first 24 patients so far"),
    ("-+", DRUP, "continue to stage 2", "2 of the first 24 patients so far"),
    ("----", DRUP, "not complete", "4 of the first 8 patients so far"),
    ("-------?", DRUP, "not complete", "the outcome of 1 of the first 8 patients is open"),
    ("+++++---", DRUP, "positive", "8 of the first 24 patients so far"),
    ("+" + "-" * 22, DRUP, "negative", "23 of the first 24 patients so far"),
    ("+++++" + "-" * 19, DRUP, "positive", None),
    ("++++" + "-" * 20, DRUP, "negative", None),
    ("++++" + "-" * 19 + "?", DRUP, "not complete",
     "the outcome of 1 of the first 24 patients is open"),
    ("+++++" + "-" * 18 + "?", DRUP, "positive",
     "the outcome of 1 of the first 24 patients is open"),
    ("+++" + "-" * 20 + "?", DRUP, "negative",
     "the outcome of 1 of the first 24 patients is open"),
    ("++++" + "-" * 20 + "++++", DRUP, "negative", None),
    # Two successes wanted of three still to come, then of one: stage 1 cannot pass any more.
    ("+-", SLOW_START, "not complete", "2 of the first 5 patients so far"),
    ("+---", SLOW_START, "stopped for futility", "4 of the first 5 patients so far"),
    ("+--??++", SLOW_START, "not complete", "the outcome of 2 of the first 5 patients is open"),
]  # fmt: skip


class TestDecision:
    @pytest.mark.parametrize(("pattern", "declared", "decision", "reason"), CASES)
    def test_only_what_is_certain(self, pattern, declared, decision, reason):
        found = applied(pattern, declared)
        assert (str(found.decision), found.reason) == (decision, reason)
        assert (found.inference is None) is (reason is not None)

    @given(st.text("+-?", min_size=0, max_size=26))
    def test_a_decision_holds_whatever_comes(self, pattern):
        """Each way to complete the cohort is finished as the decision said, when it said so."""
        decision = str(applied(pattern).decision)
        if decision in ("not complete", "continue to stage 2"):
            return
        for open_as, to_come in (("+", "+"), ("-", "-"), ("+", "-"), ("-", "+")):
            complete = pattern.replace("?", open_as).ljust(24, to_come)[:24]
            assert str(applied(complete).decision) == decision

    @given(st.text("+-", min_size=24, max_size=24))
    def test_a_complete_cohort_is_decided_as_the_design_says(self, pattern):
        design = design_of(TwoStage.model_validate(DRUP))
        found = applied(pattern)
        assert found.decision is decide(design, pattern[:8].count("+"), pattern.count("+"))
        ended = pattern if "+" in pattern[:8] else pattern[:8]
        assert found.inference == infer(design, ended.count("+"), len(ended))


class TestWhomTheDesignCounts:
    def test_the_first_treated_whatever_the_order_of_the_file(self):
        frame = {
            "patient_id": [f"p{k}" for k in range(30)],
            "treatment_start": [date(29 - k) for k in range(30)],
            "best_response": ["PR"] * 20 + ["PD"] * 10,
        }
        found = results(frame, two_stage=DRUP)["endpoints"]["orr"]["two_stage"]
        # The last of the file were treated first: 10 without a response, then 14 with one.
        assert found["stage1"] == {"planned": 8, "n": 8, "events": 0, "open": 0}
        assert found["decision"] == "stopped for futility"
        assert (found["n"], found["events"]) == (8, 0)
        assert "22 later ones are left out" in found["note"]

    def test_not_evaluable_patients_give_up_their_place(self):
        found = applied("x" * 5 + "-" * 8)
        assert (found.stage1.n, found.total.n) == (8, 8)

    def test_a_patient_too_early_keeps_the_place(self):
        found = applied("?" + "-" * 7 + "+")
        assert found.stage1.open == 1
        assert str(found.decision) == "not complete"
        assert "keeps the place" in found.note

    def test_ties_by_the_order_of_the_file(self):
        outcome = Outcome(
            np.arange(9) < 1, np.zeros(9, bool), np.zeros(9, bool), unknown_is_failure=False
        )
        everybody, same_day = np.ones(9, bool), np.full(9, np.datetime64("2023-01-02"))
        declared = TwoStage.model_validate(DRUP)
        first = design_result(declared, outcome, everybody, same_day, 0.95)
        assert first.stage1.events == 1
        turned = Outcome(
            outcome.success[::-1], outcome.too_early, outcome.unknown, unknown_is_failure=False
        )
        assert design_result(declared, turned, everybody, same_day, 0.95).stage1.events == 0

    def test_without_dates_the_file_gives_the_order(self):
        frame = {"patient_id": list("abcdefghi"), "best_response": ["PR"] + ["PD"] * 8}
        found = results(frame, two_stage=DRUP | {"total": {"n": 9, "minimum": 2}})
        assert found["endpoints"]["orr"]["two_stage"]["decision"] == "negative"

    def test_a_response_unknown_for_too_many_is_open(self):
        frame = {"patient_id": list("abcdefghijkl"), "best_response": [""] * 6 + ["PD"] * 6}
        found = results(frame, two_stage=DRUP)["endpoints"]["orr"]
        assert found["estimate"] is None
        assert found["two_stage"]["stage1"]["open"] == 6
        assert found["two_stage"]["decision"] == "not complete"


class TestAsPublished:
    @pytest.mark.parametrize(
        "row", [r for r in TRIALS if r["ci95_lo"]], ids=lambda r: f"{r['design']}, {r['x']}"
    )
    def test_umvue_p_value_and_limits_through_the_whole_evaluation(self, row):
        r1, n1, r, n, x = (int(row[key]) for key in ("r1", "n1", "r", "n", "x"))
        if x <= r1:
            n = n1
        frame = {
            "patient_id": [f"p{k}" for k in range(n)],
            "treatment_start": [date(k) for k in range(n)],
            "best_response": ["PR"] * x + ["PD"] * (n - x),
        }
        declared = {
            "endpoint": "orr",
            "stage1": {"n": n1, "minimum": r1 + 1},
            "total": {"n": int(row["n"]), "minimum": r + 1},
            "null": float(row["p0"]),
            "alternative": float(row["p1"]),
        }
        found = results(frame, two_stage=declared)["endpoints"]["orr"]["two_stage"]
        assert round(found["umvue"], 6) == float(row["umvue"])
        assert found["p_value"] == pytest.approx(float(row["p_value_two_stage"]), rel=1e-7)
        assert round(found["ci_lower"], 5) == float(row["ci95_lo"])
        assert round(found["ci_upper"], 5) == float(row["ci95_hi"])
        assert found["ci_upper"] <= found["ci_upper_exact"]
        assert found["decision"] == ("positive" if row["reject_design"] == "yes" else "negative")

    def test_the_properties_of_the_design_stand_there_whatever_the_cohort(self):
        found = results({"patient_id": ["a"], "best_response": ["PD"]}, two_stage=DRUP)
        found = found["endpoints"]["orr"]["two_stage"]
        assert (round(found["alpha"], 4), round(found["power"], 3)) == (0.0778, 0.857)
        assert found["umvue"] is None
        assert found["reason"] == "1 of the first 8 patients so far"

    def test_arms_have_it_each_and_the_pooled_patients_have_not(self):
        frame = {
            "patient_id": [f"p{k}" for k in range(16)],
            "arm": ["A", "B"] * 8,
            "best_response": ["PR"] + ["PD"] * 15,
        }
        found = results(frame, two_stage=DRUP)
        assert found["endpoints"]["orr"]["two_stage"]["reason"].endswith("see the arms")
        decisions = {
            name: arm["endpoints"]["orr"]["two_stage"]["decision"]
            for name, arm in found["arms"].items()
        }
        assert decisions == {"A": "continue to stage 2", "B": "stopped for futility"}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"total": {"n": 8, "minimum": 5}}, "counts both stages: 8 is not above 8"),
        ({"total": {"n": 24, "minimum": 25}}, "total.minimum is above total.n: 25 of 24"),
        ({"stage1": {"n": 8, "minimum": 6}}, "counts both stages: 5 is below 6"),
        ({"null": 0.4}, "null must lie below alternative: 0.4 and 0.3"),
        ({"stage1": {"n": 8, "minimum": 0}}, "at least 1"),
        ({"endpoint": "cbr_16"}, "did you mean 'cbr_16w'"),
    ],
)
def test_an_impossible_design_is_a_problem_of_the_settings(changed, message):
    with pytest.raises(ValueError, match=message):
        results({"patient_id": ["a"], "best_response": ["PD"]}, two_stage=DRUP | changed)
