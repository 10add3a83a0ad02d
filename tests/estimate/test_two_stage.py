"""Two-stage designs: clinfun's designs and inference, and exactness by enumeration."""

import csv
import doctest
from itertools import pairwise
from math import comb
from pathlib import Path

import numpy as np
import pytest

from dossier.estimate import two_stage as module
from dossier.estimate.proportions import proportion_limits
from dossier.estimate.two_stage import (
    Decision,
    TwoStageDesign,
    decide,
    infer,
    operating_characteristics,
)

REFERENCE = Path(__file__).parents[1] / "reference"
DRUP = TwoStageDesign(r1=0, n1=8, r=4, n=24, p0=0.1, p1=0.3)


def rows(name):
    with (REFERENCE / name).open(newline="") as file:
        return list(csv.DictReader(file))


def design_of(row):
    sizes = (int(row[key]) for key in ("r1", "n1", "r", "n"))
    return TwoStageDesign(*sizes, p0=float(row["p0"]), p1=float(row["p1"]))


def label(row):
    return "-".join(row[key] for key in ("p0", "p1", "r1", "n1", "r", "n"))


DESIGNS = rows("simon_designs.csv")
TRIALS = rows("two_stage_inference.csv")
DISTINCT = sorted({tuple(row[k] for k in ("r1", "n1", "r", "n", "p0", "p1")) for row in DESIGNS})


def outcomes(design, p):
    """Every way a trial can end, as (responses, patients) with its probability, by enumeration."""
    n1, n2 = design.n1, design.n - design.n1
    ends = {}
    for x1 in range(n1 + 1):
        stage_1 = comb(n1, x1) * p**x1 * (1 - p) ** (n1 - x1)
        if x1 <= design.r1:
            ends[x1, n1] = stage_1
            continue
        for x2 in range(n2 + 1):
            share = stage_1 * comb(n2, x2) * p**x2 * (1 - p) ** (n2 - x2)
            ends[x1 + x2, design.n] = ends.get((x1 + x2, design.n), 0) + share
    return ends


class TestDesign:
    @pytest.mark.parametrize("row", DESIGNS, ids=label)
    def test_operating_characteristics(self, row):
        found = operating_characteristics(design_of(row))
        # The file rounds to five, four and four decimals.
        assert found.alpha == pytest.approx(float(row["actual_alpha"]), abs=5.1e-6)
        assert found.power == pytest.approx(float(row["actual_power"]), abs=5.1e-6)
        assert found.early_stop_p0 == pytest.approx(float(row["PET_p0"]), abs=5.1e-5)
        assert found.expected_n_p0 == pytest.approx(float(row["EN_p0"]), abs=5.1e-5)

    def test_operating_characteristics_by_enumeration(self):
        design = TwoStageDesign(r1=1, n1=10, r=5, n=29, p0=0.1, p1=0.3)
        found = operating_characteristics(design)
        null, alternative = (outcomes(design, p) for p in (0.1, 0.3))
        assert found.alpha == pytest.approx(sum(q for (x, _), q in null.items() if x > 5))
        assert found.power == pytest.approx(sum(q for (x, _), q in alternative.items() if x > 5))
        assert found.early_stop_p1 == pytest.approx(
            sum(q for (_, n), q in alternative.items() if n == 10)
        )
        assert found.expected_n_p1 == pytest.approx(sum(n * q for (_, n), q in alternative.items()))

    @pytest.mark.parametrize(
        "numbers",
        [(8, 8, 9, 24), (-1, 8, 4, 24), (0, 24, 4, 24), (3, 8, 2, 24), (0, 8, 24, 24)],
    )
    def test_impossible_designs(self, numbers):
        with pytest.raises(ValueError, match="needs"):
            TwoStageDesign(*numbers, p0=0.1, p1=0.3)


@pytest.mark.parametrize(
    ("stage_1", "total", "decision"),
    [
        (0, None, Decision.STOPPED),
        (1, None, Decision.CONTINUE),
        (1, 4, Decision.NEGATIVE),
        (1, 5, Decision.POSITIVE),
        pytest.param(0, 5, Decision.STOPPED, id="stage 2 done against the design"),
    ],
)
def test_decision(stage_1, total, decision):
    assert decide(DRUP, stage_1, total) is decision


@pytest.mark.parametrize(("stage_1", "total"), [(9, None), (-1, None), (3, 2), (3, 20)])
def test_decision_refuses(stage_1, total):
    with pytest.raises(ValueError, match="responses in"):
        decide(DRUP, stage_1, total)


class TestInference:
    @pytest.mark.parametrize("row", TRIALS, ids=lambda row: f"{label(row)}-x{row['x']}")
    def test_agrees_with_clinfun(self, row):
        design, responses = design_of(row), int(row["x"])
        found = infer(design, responses, design.n)
        assert found.decision is (
            Decision.POSITIVE if row["reject_design"] == "yes" else Decision.NEGATIVE
        )
        assert found.mle == pytest.approx(float(row["mle"]), abs=5.1e-7)
        assert found.umvue == pytest.approx(float(row["umvue"]), abs=5.1e-7)
        assert found.p_value == pytest.approx(float(row["p_value_two_stage"]), rel=6e-8)
        # Printed to five decimals; PhIIdesign's own three rows come from a grid of 1e-4.
        tolerance = 1e-4 if row["design"].startswith("PhIIdesign") else 5.1e-6
        for level, name in ((0.9, "ci90"), (0.95, "ci95")):
            if row[f"{name}_lo"]:
                limits = infer(design, responses, design.n, confidence=level)
                assert limits.lower == pytest.approx(float(row[f"{name}_lo"]), abs=tolerance)
                assert limits.upper == pytest.approx(float(row[f"{name}_hi"]), abs=tolerance)

    @pytest.mark.parametrize(("x", "umvue"), [(3, 17.3), (5, 23.2), (8, 33.9)])
    def test_drup_estimates(self, x, umvue):
        assert round(100 * infer(DRUP, x, 24).umvue, 1) == umvue

    def test_drup_interval_as_published_and_exact(self):
        found = infer(DRUP, 5, 24)
        shown = [round(100 * x, 1) for x in (found.lower, found.upper, found.upper_exact)]
        assert shown == [7.3, 40.5, 43.7]

    @pytest.mark.parametrize("numbers", DISTINCT, ids="-".join)
    def test_unbiased_and_covering_whatever_the_truth(self, numbers):
        *sizes, p0, p1 = numbers
        design = TwoStageDesign(*map(int, sizes), float(p0), float(p1))
        ends = [(x, design.n1 if x <= design.r1 else design.n) for x in range(design.n + 1)]
        inference = {end: infer(design, *end) for end in ends}
        for p in (0.02, 0.1, 0.25, 0.4, 0.6, 0.8, 0.97):
            probability = outcomes(design, p)
            assert set(probability) == set(ends)
            mean = sum(q * inference[end].umvue for end, q in probability.items())
            assert mean == pytest.approx(p, rel=1e-12)
            covered = sum(
                q
                for end, q in probability.items()
                if inference[end].lower <= p <= inference[end].upper_exact
            )
            assert covered >= 0.95

    @pytest.mark.parametrize("numbers", DISTINCT, ids="-".join)
    def test_more_responses_speak_for_more(self, numbers):
        *sizes, p0, p1 = numbers
        design = TwoStageDesign(*map(int, sizes), float(p0), float(p1))
        found = [infer(design, x, design.n1 if x <= design.r1 else design.n)
                 for x in range(design.n + 1)]  # fmt: skip
        # Never the other way; the next outcome may be so unlikely that nothing visibly changes.
        for fewer, more in pairwise(found):
            assert fewer.p_value >= more.p_value - 1e-14
            for limit in ("lower", "upper", "upper_exact"):
                assert getattr(fewer, limit) <= getattr(more, limit) + 1e-14
        for name in ("p_value", "lower", "upper", "upper_exact"):
            assert getattr(found[0], name) != getattr(found[-1], name)
        for one in found:
            assert one.lower <= one.umvue <= one.upper <= one.upper_exact

    def test_p_value_below_alpha_exactly_when_positive(self):
        alpha = operating_characteristics(DRUP).alpha
        for x in range(25):
            found = infer(DRUP, x, 8 if x == 0 else 24)
            assert (found.p_value <= alpha) is (found.decision is Decision.POSITIVE)

    def test_stopped_after_stage_1(self):
        design = TwoStageDesign(r1=3, n1=13, r=12, n=43, p0=0.2, p1=0.4)
        found = infer(design, 2, 13)
        lower, upper = proportion_limits(2, 13)
        assert found.decision is Decision.STOPPED
        assert found.mle == found.umvue == 2 / 13
        assert found.lower == pytest.approx(lower, rel=1e-12)
        assert found.upper_exact == pytest.approx(upper, rel=1e-12)
        # The published interval ends where the p-value reaches .975: the exact limit of one less.
        assert found.upper == pytest.approx(proportion_limits(1, 13)[1], rel=1e-12)

    def test_no_responses(self):
        found = infer(DRUP, 0, 8)
        assert (found.p_value, found.lower) == (1.0, 0.0)
        assert found.upper == found.upper_exact == pytest.approx(proportion_limits(0, 8)[1])

    def test_only_responses(self):
        found = infer(DRUP, 24, 24)
        assert found.upper == found.upper_exact == found.umvue == 1.0
        assert found.p_value == pytest.approx(0.1**24, rel=1e-12)

    @pytest.mark.parametrize(
        ("responses", "patients"),
        [
            pytest.param(0, 24, id="went on against the design"),
            pytest.param(1, 8, id="not finished"),
            pytest.param(5, 23, id="one patient short"),
            pytest.param(25, 24, id="more responses than patients"),
            pytest.param(-1, 8, id="negative"),
        ],
    )
    def test_refuses_a_trial_that_cannot_have_ended_so(self, responses, patients):
        with pytest.raises(ValueError, match="cannot end"):
            infer(DRUP, responses, patients)

    def test_refuses_a_confidence_in_percent(self):
        with pytest.raises(ValueError, match="confidence"):
            infer(DRUP, 5, 24, confidence=95)


def test_large_designs_stay_finite():
    design = TwoStageDesign(r1=60, n1=200, r=150, n=420, p0=0.3, p1=0.4)
    found = infer(design, 160, 420)
    assert np.isfinite([found.umvue, found.p_value, found.lower, found.upper]).all()
    assert found.lower < found.umvue < found.upper


def test_examples_in_the_docstrings():
    assert doctest.testmod(module).failed == 0
