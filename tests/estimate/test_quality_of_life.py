"""Quality of life: completion, changes and important changes, counted by hand."""

from __future__ import annotations

import cohorts
import numpy as np
import pandas as pd
import pytest

import dossier
from dossier.cohort.settings import QualityOfLife
from dossier.estimate.questionnaires import scale_of

PATIENTS = {
    "patient_id": ["a", "b", "c", "d"],
    "treatment_start": [cohorts.date(0)] * 4,
    "treatment_end": [cohorts.date(300), cohorts.date(300), cohorts.date(40), cohorts.date(60)],
    "last_known_alive": [cohorts.date(400)] * 4,
}
SCORES = [
    ("a", -3, 60.0),
    ("a", 0, 50.0),  # the last on or before day 0 is the baseline
    ("a", 50, 55.0),
    ("a", 57, 70.0),  # nearer to day 56
    ("a", 110, 40.0),
    ("b", 0, 80.0),
    ("b", 60, 70.0),
    ("c", 0, 30.0),
    ("d", 58, 90.0),  # no baseline
    ("b", 400, 10.0),  # no visit is near
]


def described(scores=SCORES, scale="Global health status", instrument="EORTC QLQ-C30", **options):
    table = pd.DataFrame(
        [(who, cohorts.date(day), instrument, scale, score) for who, day, score in scores],
        columns=["patient_id", "date", "instrument", "scale", "score"],
    )
    cohort = dossier.Cohort.from_frames(
        patients=pd.DataFrame(PATIENTS), quality_of_life=table, title="x",
        data_cutoff="2030-01-01", estimation={"quality_of_life": options},
    )  # fmt: skip
    result = dossier.evaluate(cohort, criteria=[]).to_dict()["quality_of_life"]
    cohorts.every_null_has_a_reason(result)
    return result["scales"][0]


def test_the_baseline_is_the_last_score_up_to_the_first_day():
    baseline = described()["baseline"]
    assert (baseline["n"], baseline["mean"]) == (3, pytest.approx((50 + 80 + 30) / 3))


def test_completion_counts_those_still_expected():
    first, second, third = (visit["completion"] for visit in described()["visits"])
    # Day 56: a, b and d under treatment, all answered; c stopped on day 40.
    assert (first["expected"], first["completed"], first["completed_expected"]) == (3, 3, 3)
    assert first["available"] == 3 / 4
    assert (second["expected"], second["completed"], second["estimate"]) == (2, 1, 0.5)
    assert (third["expected"], third["completed"]) == (2, 0)


def test_while_alive_everybody_is_expected():
    first = described(expected_while="alive")["visits"][0]["completion"]
    assert (first["expected"], first["estimate"]) == (4, 0.75)


def test_change_is_of_those_with_both_scores():
    change = described()["visits"][0]["change"]
    assert (change["n"], change["mean"]) == (2, 5.0)  # +20 and -10
    assert change["sd"] == pytest.approx(np.std([20, -10], ddof=1))
    # R: t.test(c(20, -10))$conf.int
    assert change["ci_lower"] == pytest.approx(-185.5931, abs=1e-3)
    assert change["ci_upper"] == pytest.approx(195.5931, abs=1e-3)
    alone = described()["visits"][1]["change"]
    assert (alone["n"], alone["mean"], alone["ci_lower"]) == (1, -10.0, None)
    assert alone["reason"] == "fewer than two patients"


def test_a_score_far_from_every_visit_is_counted():
    assert described()["outside"] == 1
    assert described(visits=["400 days"], window_days=0)["outside"] == 5


@pytest.mark.parametrize(
    ("scale", "improved", "worsened"),
    [("Global health status", 1, 1), ("Fatigue", 1, 1), ("Physical functioning", 1, 1)],
)
def test_an_important_change_is_at_least_the_difference(scale, improved, worsened):
    visit = described(scale=scale)["visits"][0]
    assert (visit["improved"]["events"], visit["improved"]["n"]) == (improved, 2)
    assert visit["worsened"]["events"] == worsened


def test_the_direction_of_the_scale_decides():
    scores = [("a", 0, 50.0), ("a", 56, 70.0)]
    good = described(scores, "Global health status")["visits"][0]
    bad = described(scores, "Pain")["visits"][0]
    assert (good["improved"]["events"], good["worsened"]["events"]) == (1, 0)
    assert (bad["improved"]["events"], bad["worsened"]["events"]) == (0, 1)


def test_an_unknown_scale_has_no_direction_until_it_is_declared():
    scale = described(scale="Item 7", instrument="Own")
    assert scale["visits"][0]["improved"]["reason"] == "the direction of the scale is not known"
    declared = {"higher_is": "worse", "minimal_important_difference": 20, "source": "Protocol"}
    scale = described(scale="Item 7", instrument="Own", scales={"Own: Item 7": declared})
    assert scale["minimal_important_difference"] == {
        "value": 20, "source": "Protocol", "status": "declared",
    }  # fmt: skip
    assert scale["visits"][0]["worsened"]["events"] == 1
    assert scale["visits"][0]["improved"]["events"] == 0


def test_a_declared_scale_must_be_there():
    with pytest.raises(dossier.InputError, match="did you mean 'Own: Item 7'"):
        described(scale="Item 7", instrument="Own", scales={"Own: Item 8": {"higher_is": "worse"}})


def test_a_decimal_difference_is_reached_exactly():
    scores = [("a", 0, 0.6), ("a", 56, 0.68)]
    visit = described(scores, "Index", "EQ-5D-5L")["visits"][0]
    assert visit["improved"]["events"] == 1


@pytest.mark.parametrize(
    ("instrument", "scale", "higher_is", "difference"),
    [
        ("EORTC QLQ-C30", "Global health status/QoL", "better", 10),
        ("QLQ-C30", "Role Functioning", "better", 10),
        ("QLQC30", "Nausea and vomiting", "worse", 10),
        ("EORTC QLQ-C30 version 3", "FA", "worse", 10),
        ("EQ-5D-3L", "Index value", "better", 0.08),
        ("EQ-5D-5L", "EQ VAS", "better", 7),
        ("FACT-G", "Total", None, None),
    ],
)
def test_scales_that_are_known(instrument, scale, higher_is, difference):
    found = scale_of(instrument, scale, QualityOfLife())
    assert (found.higher_is, found.minimal_important_difference) == (higher_is, difference)


def test_no_table_is_said():
    cohort = dossier.Cohort.from_frames(patients=pd.DataFrame(PATIENTS), title="x")
    found = dossier.evaluate(cohort, criteria=[]).to_dict()["quality_of_life"]
    assert (found["given"], found["scales"]) == (False, [])
    assert found["reason"] == "no quality-of-life table was given"
