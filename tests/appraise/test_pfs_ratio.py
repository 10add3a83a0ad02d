"""A criterion on the PFS ratio: patients censored before the ratio never count as failures."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from test_cohort import results

from dossier.appraise.cohort_evidence import evidence_from_results
from dossier.appraise.comparing import judge_rule, verdict_at_limit
from dossier.appraise.judge import load_criteria
from dossier.cohort.settings import Derivation, Estimation
from dossier.derive.individual import pfs_ratio as ratios
from dossier.estimate.individual import pfs_ratio

SETTINGS = Derivation()


def evidence(*, met=0, missed=0, indeterminate=0, not_given=0, threshold=1.3):
    """Patients with 100 days on the earlier line, and 130, 129 or censored at 50 on this one."""
    groups = ((met, 100, 130, 1), (missed, 100, 129, 1), (indeterminate, 100, 50, 0),
              (not_given, np.nan, 90, 1))  # fmt: skip
    prior, days, event = (
        np.concatenate([np.full(group[0], group[k], dtype=float) for group in groups])
        for k in (1, 2, 3)
    )
    derived = ratios(prior, days, event, Derivation(pfs_ratio_threshold=threshold))
    frame = pd.DataFrame({
        "pfs_ratio": derived.value, "pfs_ratio_state": derived.state,
        "pfs_ratio_reason": derived.reason, "pfs_event": event,
    })  # fmt: skip
    found = pfs_ratio(frame, np.ones(len(frame), dtype=bool), threshold, Estimation())
    return evidence_from_results(replace(results(), pfs_ratio=found))


def judged(text, known):
    from dossier.appraise.overrides import with_overrides

    (criterion,) = with_overrides(load_criteria(["pfs-ratio"]), [f"share={text}"])
    rule = criterion.rules["share"]
    return judge_rule(rule, known, {}), verdict_at_limit(rule, known, {}, favourable=True)


def test_a_ratio_of_exactly_the_threshold_counts():
    rule, _ = judged("50%", evidence(met=10, missed=10))
    assert rule.verdict.value == "met"
    assert rule.observed == 0.5
    assert rule.path == "endpoints.pfs_ratio.estimate"
    assert rule.words["en"].startswith("share of patients with a PFS ratio of at least 1.3")
    assert "ten minste 1,3" in rule.words["nl"]


@pytest.mark.parametrize(
    ("percent", "verdict"),
    [
        ("50%", "met"),  # 10 of 20 although every open patient fails
        ("51%", "not_assessable"),
        ("75%", "not_assessable"),  # 15 of 20 if every open patient succeeds
        ("76%", "not_met"),
    ],
)
def test_open_patients_are_judged_by_what_they_can_still_become(percent, verdict):
    rule, _ = judged(percent, evidence(met=10, missed=5, indeterminate=5))
    assert rule.verdict.value == verdict
    assert rule.observed == pytest.approx(10 / 15)
    assert "5 censored before the ratio: 50% if none of them, 75% if all" in rule.reason
    assert "5 vóór de ratio gecensureerd: 50% als geen, 75% als" in rule.reasons["nl"]
    if verdict == "not_assessable":
        assert rule.missing == ("share with pfs_ratio at least 1.3",)
        assert rule.margin is None


def test_patients_without_an_earlier_line_are_no_failures():
    rule, _ = judged("50%", evidence(met=10, missed=10, not_given=30))
    assert rule.verdict.value == "met"
    assert rule.n == 20


def test_with_only_open_patients_nothing_is_known():
    rule, _ = judged("15%", evidence(indeterminate=4))
    assert rule.verdict.value == "not_assessable"
    assert rule.observed is None
    assert "only known to lie between 0% and 100%" in rule.reason


def test_the_limit_does_not_speak_for_open_patients():
    _, closed = judged("20%", evidence(met=30, missed=10))
    _, with_open = judged("20%", evidence(met=30, missed=10, indeterminate=2))
    _, hopeless = judged("80%", evidence(met=30, missed=10, indeterminate=2))
    assert (closed.value, with_open.value) == ("met", "not_assessable")
    assert hopeless.value == "not_met"


def test_the_criterion_and_the_results_ask_for_the_same_ratio():
    (criterion,) = load_criteria(["pfs-ratio"])
    quantity = criterion.rules["share"].condition.quantity
    assert quantity.cut == SETTINGS.pfs_ratio_threshold
    assert quantity.name in evidence(met=1, missed=1).observations


def test_another_ratio_in_the_settings_is_not_mistaken_for_that_of_the_criterion():
    rule, _ = judged("50%", evidence(met=10, missed=10, threshold=1.2))
    assert rule.verdict.value == "not_assessable"
    assert "derivation.pfs_ratio_threshold" in rule.reason


def test_the_median_ratio_is_known_to_criteria():
    found = evidence(met=3, missed=2).observations["pfs_ratio.median"]
    assert found.value == pytest.approx(1.3)
    assert found.path == "endpoints.pfs_ratio.median.ratio"
    share = evidence(met=1, missed=2).observations["share with pfs_ratio at least 1.3"]
    assert share.value == Fraction(1, 3)
