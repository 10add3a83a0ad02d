"""Predictive probabilities against sums by hand and published figures; bootstrap of verdicts."""

from __future__ import annotations

import doctest
from math import comb

import pytest
from scipy.integrate import quad
from scipy.special import betainc
from scipy.stats import beta
from small_cohorts import small_cohort

from dossier.cohort.settings import Estimation
from dossier.scenarios import minimum_responders, prediction
from dossier.scenarios.minimum_responders import minimum_for_lower_limit
from dossier.scenarios.prediction import beta_binomial, predictive_probability
from dossier.scenarios.what_if import what_if


@pytest.mark.parametrize("module", [prediction, minimum_responders])
def test_the_examples_in_the_docstrings(module):
    assert doctest.testmod(module).failed == 0


def test_lee_and_liu():
    """predprob(16, 23, 40, 0.6, 0.4, 0.6, 0.9) of R's ph2bayes."""

    def convincing(events, n):
        return 1 - betainc(0.6 + events, 0.4 + n - events, 0.6) > 0.9

    found = predictive_probability(16, 23, 17, convincing, (0.6, 0.4))
    assert round(found, 4) == 0.5656


def test_three_of_ten_next_after_nine_of_24():
    found = predictive_probability(9, 24, 10, lambda events, n: events - 9 >= 3)
    assert found == pytest.approx(0.755, abs=6e-4)


@pytest.mark.parametrize("prior", [(0.5, 0.5), (1.0, 1.0)])
def test_beta_binomial_is_the_mixture(prior):
    chances = beta_binomial(3, 8, 5, prior)
    assert chances.sum() == pytest.approx(1)
    posterior = beta(prior[0] + 3, prior[1] + 5)
    for y, chance in enumerate(chances):
        mixed, _ = quad(
            lambda p, y=y: comb(5, y) * p**y * (1 - p) ** (5 - y) * posterior.pdf(p), 0, 1
        )
        assert chance == pytest.approx(mixed, rel=1e-6)


@pytest.mark.parametrize(
    ("n", "fewest"), [(8, (4, 5, 6)), (16, (5, 8, 10)), (24, (7, 10, 13)), (30, (8, 12, 15)),
                      (50, (10, 17, 23))],
)  # fmt: skip
def test_minimum_for_a_lower_limit(n, fewest):
    how = Estimation()
    assert tuple(minimum_for_lower_limit(n, p, how) for p in (0.1, 0.2, 0.3)) == fewest


def test_no_number_is_enough():
    assert minimum_for_lower_limit(3, 0.9, Estimation()) is None


class TestOfACohort:
    def test_predictions_have_the_rule_and_are_seeded(self):
        file = {"predict": {"more_patients": 8, "draws": 300}}
        first, second = (what_if(small_cohort(18, 2), file).predictions for _ in range(2))
        assert first == second
        by_rule = {(each.criterion, each.rule): each for each in first}
        pfs, response = (by_rule["durable-benefit", name] for name in ("pfs", "response"))
        assert "seed 1" in pfs.method
        assert 0 <= pfs.probability <= 1
        assert 0 <= response.probability <= 1
        assert "first 4 patients" in by_rule["drup-clinical-benefit", "stage1"].reason

    def test_a_rate_is_a_sum_over_the_patients_to_come(self):
        found = what_if(small_cohort(18, 2), {"predict": {"more_patients": 8, "prior": "uniform"}})
        rate = found.base.results.proportions["orr"]
        chances = beta_binomial(rate.events, rate.n, 8, (1, 1))
        by_hand = sum(
            chance
            for y, chance in enumerate(chances)
            if 5 * (rate.events + y) >= rate.n + 8
        )  # fmt: skip
        response = next(e for e in found.predictions if e.rule == "response")
        assert response.probability == pytest.approx(by_hand)

    def test_stability_is_seeded_and_counts_every_resample(self):
        file = {"stability": {"resamples": 200}}
        first, second = (what_if(small_cohort(18, 2), file).stability for _ in range(2))
        assert first == second
        durable = first[0]
        assert sum(durable.counts.values()) == 200
        assert 0 <= durable.share <= 1
        assert first[2].reason == "it counts the first patients of a design"
