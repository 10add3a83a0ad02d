"""More follow-up: the curves of the draws, and the remaining times, against plain computations."""

from __future__ import annotations

import numpy as np
import pytest
from small_cohorts import small_cohort

from dossier.cohort.frames import with_settings
from dossier.errors import InputError
from dossier.estimate.kaplan_meier import kaplan_meier, quantile
from dossier.scenarios.future_times import (
    followed_on,
    medians,
    survival_at,
    under_observation,
)
from dossier.scenarios.what_if import what_if


def data(seed, number=12):
    rng = np.random.default_rng(seed)
    days = rng.integers(1, 9, number).astype(float) * 10
    return days, rng.random(number) < 0.6


@pytest.mark.parametrize("seed", range(40))
def test_curves_of_weighted_patients(seed):
    days, event = data(seed)
    weight = np.random.default_rng(seed + 1).integers(1, 4, (5, len(days))).astype(float)
    nobody = np.zeros(len(days), dtype=bool)
    future = followed_on(days, event, nobody, 0, weight, np.random.default_rng(1))
    found, last = medians(future)
    at_35 = survival_at(future, 35)
    for row, counts in enumerate(weight.astype(int)):
        curve = kaplan_meier(np.repeat(days, counts), np.repeat(event, counts))
        np.testing.assert_allclose(found[row], quantile(curve, 0.5).estimate or np.nan)
        assert last[row] == curve.last_time
        alive = 1.0
        for day in np.unique(days[event & (days <= 35)]):
            at_risk = counts[days >= day].sum()
            alive *= 1 - counts[event & (days == day)].sum() / at_risk
        if last[row] >= 35:
            assert at_35[row] == pytest.approx(alive)


def drawn(remaining, more_days=np.inf, draws=20_000):
    days, event = np.array([10.0, 20, 30, 30, 40, 60]), np.array([1, 0, 1, 0, 1, 0]) == 1
    future = followed_on(
        days, event, ~event, more_days, np.ones((draws, 6)), np.random.default_rng(3), remaining
    )
    return days, event, future


def test_the_remaining_time_is_exponential_with_an_uncertain_rate():
    """A gamma mixture of exponentials: P(left > t) = (T / (T + t)) ** d."""
    _, _, future = drawn("exponential", more_days=25)
    censored = (~future.event).sum() / len(future.days)
    assert censored == pytest.approx(3 * (190 / 215) ** 3, abs=0.02)
    assert future.days.max() == 85


def test_the_remaining_time_by_the_curve():
    """After day 20: events on day 30 (1 of 4) and day 40 (1 of 2), so S = 3/4, then 3/8."""
    _, _, future = drawn("kaplan-meier", more_days=20)
    draws = len(future.days)
    on_40 = (future.days == 40) & future.event
    # Day 20 + 20: with 3/8 an event on day 40; day 30 and 20 days more: 1/2 an event on day 40.
    assert on_40.sum() / draws == pytest.approx(1 + 3 / 8 + 1 / 2, abs=0.02)
    on_30 = (future.days == 30) & future.event
    assert on_30.sum() / draws == pytest.approx(1 + 1 / 4, abs=0.02)


def test_what_has_happened_stays():
    _, _, future = drawn("exponential", more_days=5, draws=50)
    for day in (10.0, 30.0, 40.0):
        assert ((future.days == day) & future.event).any(axis=1).all()


def test_without_an_event_there_is_nothing_to_learn_from():
    with pytest.raises(ValueError, match="no event"):
        followed_on(
            np.array([5.0]), np.array([False]), np.array([True]), 10, np.ones((2, 1)),
            np.random.default_rng(1),
        )  # fmt: skip


def test_who_is_under_observation():
    base = what_if(small_cohort(30, 4)).base
    frame = base.derived.frame
    inside = under_observation(base.derived.patients, "pfs")
    assert (
        inside.sum() == (frame["pfs_rule"].isin(["PFS-LAST-ASSESSMENT", "PFS-NO-ASSESSMENT"])).sum()
    )
    assert not (inside & (frame["pfs_event"] == 1)).any()


class TestPredictions:
    def predicted(self, **asked):
        found = what_if(small_cohort(30, 2), {"predict": {"draws": 400, **asked}}).predictions
        return {(each.criterion, each.rule): each for each in found}

    def test_are_seeded_and_say_how(self):
        first, second = (self.predicted(more_months=6) for _ in range(2))
        assert first == second
        pfs = first["durable-benefit", "pfs"]
        assert "exponential remaining time of" in pfs.method
        assert "400 draws, seed 1" in pfs.method
        other = self.predicted(more_months=6, remaining="kaplan-meier")
        assert other["durable-benefit", "pfs"].method.startswith("kaplan-meier remaining time")

    def test_no_follow_up_in_the_limit_is_the_present_verdict(self):
        base = what_if(small_cohort(30, 2)).base
        now = {(v.id, r.id): r.verdict.value == "met" for v in base.verdicts for r in v.rules}
        for key, each in self.predicted(more_months=1e-9).items():
            if each.probability is not None:
                assert each.probability == now[key], key

    def test_outcomes_too_early_are_decided(self):
        cutoff = {"cohort": {"data_cutoff": "2023-03-01"}}
        cohort = with_settings(small_cohort(60, 5), cutoff)
        base = what_if(cohort).base
        rate = base.results.proportions["cbr_24w"]
        assert rate.too_early
        file = {"predict": {"more_months": 24}}
        (found,) = (
            each
            for each in what_if(cohort, file).predictions
            if each.rule == "durability" and each.criterion == "durable-benefit"
        )
        assert f"{rate.too_early} of {rate.too_early} patients" in found.method

    def test_something_more_must_be_asked(self):
        with pytest.raises(InputError, match="more_patients, more_months or both"):
            self.predicted()
