"""Restricted mean survival time: identities, R, lifelines, and the horizon."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.cohort.settings import Estimation
from dossier.estimate.kaplan_meier import kaplan_meier
from dossier.estimate.restricted_mean import (
    largest_horizon,
    restricted_mean,
    restricted_mean_time,
)


class TestRestrictedMean:
    def test_without_censoring_it_is_the_mean_and_its_variance_that_of_the_mean(self):
        days = np.array([3.0, 5, 5, 8, 13, 21, 40])
        for tau in (4, 5, 20, 40):
            capped = np.minimum(days, tau)
            found = restricted_mean(kaplan_meier(days, np.ones(7)), tau)
            assert found.estimate == pytest.approx(capped.mean(), rel=1e-14)
            assert found.variance == pytest.approx(capped.var() / 7, rel=1e-13)

    def test_lung_cancer_as_r_prints_it(self):
        lifelines = pytest.importorskip("lifelines.datasets")
        lung = lifelines.load_lung()
        found = restricted_mean(kaplan_meier(lung["time"], lung["status"]), 1022)
        assert (round(found.estimate, 1), round(found.variance**0.5, 1)) == (376.3, 19.7)
        assert found.lower == pytest.approx(found.estimate - 1.959964 * found.variance**0.5)

    def test_limits_stay_between_nothing_and_tau(self):
        found = restricted_mean(kaplan_meier([1, 30, 30, 30], [1, 0, 0, 0]), 30)
        assert found.upper == 30

    def test_no_limits_where_nothing_happened_before_tau(self):
        assert restricted_mean(kaplan_meier([5, 9], [1, 1]), 5) == (5.0, None, None, 0.0)

    def test_nothing_beyond_the_last_observed_time(self):
        assert restricted_mean(kaplan_meier([5, 9], [1, 1]), 9.1) is None

    def test_needs_a_time(self):
        with pytest.raises(ValueError, match="positive"):
            restricted_mean(kaplan_meier([5, 9], [1, 1]), 0)


class TestHorizon:
    def test_the_largest_leaves_a_tenth_of_the_patients_under_observation(self):
        curve = kaplan_meier(np.arange(1, 31), np.ones(30))
        assert largest_horizon(curve) == 28  # 3 of 30 are still there on day 28

    def test_a_small_cohort_is_followed_to_its_last_day(self):
        assert largest_horizon(kaplan_meier([3, 8, 20], [1, 0, 0])) == 20

    def test_largest_as_a_setting(self):
        curve = kaplan_meier(np.arange(1, 31), np.ones(30))
        found = restricted_mean_time(curve, Estimation(restricted_mean="largest"))
        assert (found.tau_days, found.at_risk) == (28, 3)
        assert (found.reason, found.note) == (None, None)

    def test_few_patients_at_a_declared_horizon_are_noted(self):
        curve = kaplan_meier(np.arange(1, 31), np.ones(30))
        found = restricted_mean_time(curve, Estimation(restricted_mean="29 days"))
        assert found.days is not None
        assert "fewer than 10%" in found.note

    def test_a_horizon_beyond_follow_up(self):
        curve = kaplan_meier([10, 20], [1, 0])
        found = restricted_mean_time(curve, Estimation(restricted_mean="1 month"))
        assert (found.days, found.reason) == (None, "beyond follow-up")
        assert found.to_dict()["tau_months"] == pytest.approx(1)

    def test_nobody_observed_for_any_time(self):
        found = restricted_mean_time(
            kaplan_meier([0, 0], [0, 0]), Estimation(restricted_mean="largest")
        )
        assert (found.days, found.reason) == (None, "no time under observation")


@pytest.mark.filterwarnings("ignore")
def test_lifelines_finds_the_same_mean():
    lifelines = pytest.importorskip("lifelines")
    rng = np.random.default_rng(11)
    for _ in range(10):
        days, event = rng.integers(1, 40, 30), rng.random(30) < 0.6
        curve = kaplan_meier(days, event)
        fitted = lifelines.KaplanMeierFitter().fit(days, event)
        mean = lifelines.utils.restricted_mean_survival_time(fitted, t=curve.last_time)
        assert restricted_mean(curve, curve.last_time).estimate == pytest.approx(mean, rel=1e-9)


@given(
    st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=25),
    st.integers(1, 12),
)
def test_a_longer_horizon_never_shortens_the_mean(patients, tau):
    days, event = map(np.array, zip(*patients, strict=True))
    curve = kaplan_meier(days, event)
    shorter, longer = restricted_mean(curve, tau), restricted_mean(curve, tau + 0.5)
    if longer is not None:
        assert shorter.estimate <= longer.estimate <= shorter.estimate + 0.5
