"""Every threshold of every shipped criterion: just below, at, just above, and missing."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dossier.appraise.comparing import judge_rule
from dossier.appraise.evidence import Evidence, Observation
from dossier.appraise.judge import judge
from dossier.appraise.loading import list_criteria, load_criterion
from dossier.appraise.logic import MET, NOT_MET, OPEN
from dossier.appraise.sentence import Comparison, Declared, scale

ENTRIES = list_criteria()
IDS = [entry.id for entry in ENTRIES]


def rules(kind, *, known):
    return [
        pytest.param(rule, id=f"{entry.id}.{rule.id}")
        for entry in ENTRIES
        for rule in load_criterion(entry.id).rules.values()
        if isinstance(rule.condition, kind) and rule.open != known
    ]


def at(rule, value):
    condition = rule.condition
    patients = condition.threshold.patients
    observed = {
        "estimate": Observation(value, n=patients, events=None if patients is None else int(value)),
        "lower limit": Observation(None, lower=value),
        "upper limit": Observation(None, upper=value),
    }[condition.statistic]
    if condition.quantity.measure == "patients with":
        share = Observation(Fraction(int(value), patients), n=patients, events=int(value))
        return Evidence({condition.quantity.subject: share})
    return Evidence({condition.quantity.name: observed})


@pytest.mark.parametrize("rule", rules(Comparison, known=True))
def test_just_below_at_and_just_above(rule):
    threshold, sign = rule.condition.threshold.value, rule.condition.sign
    count = rule.condition.quantity.measure == "patients with"
    step = 1 if count else threshold * Fraction(1, 10**6)
    below = judge_rule(rule, at(rule, threshold - step), {}).verdict
    equal = judge_rule(rule, at(rule, threshold), {}).verdict
    above = judge_rule(rule, at(rule, threshold + step), {}).verdict
    expected = {
        ">=": (NOT_MET, MET, MET),
        ">": (NOT_MET, NOT_MET, MET),
        "<=": (MET, MET, NOT_MET),
        "<": (MET, NOT_MET, NOT_MET),
    }[sign]
    assert (below, equal, above) == expected


@pytest.mark.parametrize("rule", rules(Comparison, known=True))
def test_the_float_of_a_threshold_is_the_threshold(rule):
    """A duration in days or a share as a float is compared as if it were exact."""
    threshold = rule.condition.threshold
    if threshold.patients is not None:
        return
    size = float(scale(threshold.unit))
    for value in (float(threshold.amount) * size, float(threshold.value) * (1 + 1e-13)):
        verdict = judge_rule(rule, at(rule, value), {})
        assert verdict.verdict is (MET if "=" in rule.condition.sign else NOT_MET)
        assert rule.condition.statistic != "estimate" or verdict.margin == 0


@pytest.mark.parametrize("rule", rules(Comparison, known=True))
def test_missing(rule):
    verdict = judge_rule(rule, Evidence(), {})
    assert verdict.verdict is OPEN
    assert verdict.observed is None
    assert verdict.missing
    assert verdict.reason
    assert verdict.to_dict()["reason"]


@pytest.mark.parametrize("rule", rules(Comparison, known=False))
def test_a_threshold_that_is_not_verified_decides_nothing(rule):
    for value in (Fraction(0), Fraction(1), Fraction(10**6)):
        observed = Observation(value, lower=float(value), upper=float(value), n=24, events=12)
        for name in (rule.condition.quantity.name, rule.condition.quantity.subject):
            verdict = judge_rule(rule, Evidence({name: observed}), {})
            assert verdict.verdict is OPEN
            assert verdict.threshold is None
            assert "not verified" in verdict.reason
            assert f"threshold of {rule.id}" in verdict.missing


@pytest.mark.parametrize("rule", rules(Declared, known=True))
def test_declared(rule):
    condition = rule.condition
    assert judge_rule(rule, Evidence(), {}).verdict is OPEN
    if condition.threshold is None:
        assert judge_rule(rule, Evidence(), {condition.fact: True}).verdict is MET
        assert judge_rule(rule, Evidence(), {condition.fact: False}).verdict is NOT_MET
        return
    amount = condition.threshold.value
    verdicts = [
        judge_rule(rule, Evidence(), {condition.fact: amount + change}).verdict
        for change in (Fraction(-1), Fraction(0), Fraction(1))
    ]
    expected = [NOT_MET, MET, MET] if condition.sign == ">=" else [MET, MET, NOT_MET]
    assert verdicts == expected


@pytest.mark.parametrize("rule", rules(Declared, known=False))
def test_a_fact_whose_wording_is_not_verified_decides_nothing(rule):
    for answer in (True, False):
        assert judge_rule(rule, Evidence(), {rule.condition.fact: answer}).verdict is OPEN


@pytest.mark.parametrize("criterion", IDS)
def test_a_study_of_which_nothing_is_known_is_not_assessable(criterion):
    verdict = judge(load_criterion(criterion), Evidence())
    assert verdict.verdict is OPEN
    assert verdict.missing
    assert verdict.reason
    assert verdict.grade is None
    assert verdict.verdict_at_lower_limit is OPEN
