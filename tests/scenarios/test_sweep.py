"""The verdict along a threshold is what --set gives at each of its values."""

from __future__ import annotations

from fractions import Fraction

import pytest
from small_cohorts import small_cohort

from dossier.evaluation import evaluate
from dossier.scenarios.what_if import what_if


def verdict_at(cohort, rule, value):
    criterion = rule.partition(".")[0]
    evaluation = evaluate(cohort, [criterion], overrides=[f"{rule}={value}"])
    return evaluation.verdicts[0].verdict


def stretch_at(sweep, value):
    for each in sweep.stretches:
        above = each.low < value or (each.with_low and each.low == value)
        below = value < each.high or (each.with_high and each.high == value)
        if above and below:
            return each.verdict
    raise AssertionError(value)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("text", "unit", "values"),
    [
        ("durable-benefit.pfs=1..14 months", " months", [1, 2, 3.5, 5, 6, 8, 10, 12, 14]),
        ("durable-benefit.response=5..95%", "%", [5, 10, 20, 25, 40, 50, 75, 95]),
        ("durable-benefit.durability=1..99 %", "%", [1, 10, 30, 50, 99]),
    ],
)
def test_stretches_are_what_single_thresholds_give(seed, text, unit, values):
    cohort = small_cohort(14, seed)
    (sweep,) = what_if(cohort, sweeps=[text]).sweeps
    assert (sweep.stretches[0].low, sweep.stretches[-1].high) == (values[0], values[-1])
    for value in values:
        rule = text.partition("=")[0]
        assert stretch_at(sweep, value) is verdict_at(cohort, rule, f"{value}{unit}")


def test_the_flip_is_the_observed_value_and_belongs_to_met():
    cohort = small_cohort(20, 1)
    base = {"criteria": "durable-benefit", "set": ["pfs=1 day", "durability=0.1%"]}
    found = what_if(cohort, {"base": base}, sweeps=["response=1..99%"])
    (sweep,) = found.sweeps
    rate = found.base.results.proportions["orr"]
    (flip,) = sweep.flips
    assert flip.at == sweep.observed == float(Fraction(rate.events, rate.n) * 100)
    assert (flip.before, flip.after, flip.belongs_to_before) == ("met", "not_met", True)
