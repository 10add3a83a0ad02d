"""Kaplan-Meier: what R says, the conventions spelt out, and what must hold for every cohort."""

import csv
import doctest
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.estimate import kaplan_meier as module
from dossier.estimate.kaplan_meier import (
    at_risk_on,
    kaplan_meier,
    log_survival_variance_at,
    quantile,
    survival_at,
)

REFERENCE = Path(__file__).parents[1] / "reference"

# The toy cohort on which the programs were compared: months, event.
TOY = [
    (1.2, 1), (1.8, 1), (1.9, 1), (2.1, 1), (2.8, 1), (3.4, 1), (3.6, 1), (4.1, 0), (5.5, 1),
    (5.6, 1), (6.8, 0), (7.4, 1), (9.2, 1), (11, 0), (13.5, 1), (15.1, 0), (16, 1), (20.2, 0),
    (22.1, 0), (24, 0),
]  # fmt: skip


def number(text):
    return None if text in ("NA", "") else float(text)


def agree(found, expected, *, rtol):
    """Compare number with number, and None only with None."""
    found, expected = ([np.nan if x is None else x for x in side] for side in (found, expected))
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=0, equal_nan=True)


def reference_cohorts():
    cohorts = defaultdict(list)
    with (REFERENCE / "km_cohorts.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            cohorts[row["cohort"]].append((float(row["days"]), int(row["event"])))
    with (REFERENCE / "km_reference.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(cohorts) == 80
    return [
        pytest.param(
            *map(np.array, zip(*cohorts[row["cohort"]], strict=True)), row, id=row["cohort"]
        )
        for row in rows
    ]


def curve_of(patients, **options):
    days, event = zip(*patients, strict=True)
    return kaplan_meier(days, event, **options)


@pytest.mark.parametrize(("days", "event", "r"), reference_cohorts())
class TestAgreesWithR:
    def test_counts(self, days, event, r):
        curve = kaplan_meier(days, event)
        assert (curve.at_risk[0], curve.events.sum()) == (int(r["n"]), int(r["events"]))
        assert curve.last_time == float(r["max_days"])

    @pytest.mark.parametrize(("limits", "prefix"), [("log-log", "ll"), ("log", "log")])
    def test_median_and_limits(self, days, event, r, limits, prefix):
        found = quantile(kaplan_meier(days, event, limits=limits))
        expected = (number(r["median"]), number(r[f"{prefix}_lo"]), number(r[f"{prefix}_hi"]))
        agree(found, expected, rtol=1e-14)

    @pytest.mark.parametrize("day", [168, 183])
    def test_survival(self, days, event, r, day):
        expected = [number(r[f"s{day}{suffix}"]) for suffix in ("", "_lo", "_hi")]
        if expected[0] == 1:
            # R writes 1 to 1 before the first observed time and NA after it. Nothing has happened
            # in either case and the variance is zero: no limits here.
            assert expected[1:] in ([1, 1], [None, None])
            expected[1:] = [None, None]
        found = survival_at(kaplan_meier(days, event), day)
        agree(found[:3] if found else [None] * 3, expected, rtol=1e-13)

    def test_follow_up(self, days, event, r):
        expected = number(r["followup"])
        # R was made to let deaths leave first by moving them 1e-4 days ahead. Moved likewise, the
        # answer is the same; unmoved, half of that is lost where a plateau ends in a death.
        moved = quantile(kaplan_meier(days - 1e-4 * event, event, reverse=True)).estimate
        agree([moved], [expected], rtol=1e-14)
        exact = quantile(kaplan_meier(days, event, reverse=True)).estimate
        assert exact is None if expected is None else abs(exact - expected) <= 1e-4


@pytest.mark.parametrize(
    ("limits", "median", "at_12"),
    [
        ("log-log", (7.4, 2.8, 16.0), (20.0, 62.9)),
        ("log", (7.4, 3.6, None), (24.6, 72.1)),
        ("plain", (7.4, 3.4, 16.0), (19.5, 64.8)),
    ],
)
def test_toy_cohort_under_each_limit_type(limits, median, at_12):
    curve = curve_of(TOY, limits=limits)
    assert quantile(curve) == median
    month_12 = survival_at(curve, 12)
    assert (round(100 * month_12.lower, 1), round(100 * month_12.upper, 1)) == at_12


class TestQuantile:
    @pytest.mark.parametrize(
        ("patients", "median"),
        [
            pytest.param([(5, 1)], 5, id="one patient with the event"),
            pytest.param([(5, 0)], None, id="one patient without"),
            pytest.param([(5, 0), (9, 0)], None, id="no events"),
            pytest.param([(10, 1), (20, 1), (30, 1)], 20, id="crosses at an event"),
            pytest.param([(10, 1), (20, 1), (30, 1), (40, 1)], 25, id="plateau to the next event"),
            pytest.param(
                [(10, 1), (20, 1), (25, 0), (40, 1)], 30, id="a censoring does not end a plateau"
            ),
            pytest.param(
                [(10, 1), (20, 1), (30, 0), (50, 0)], 35, id="plateau to the last observed time"
            ),
            pytest.param([(10, 1), (30, 0)], 20, id="plateau from the first event"),
            pytest.param([(10, 1), (20, 1), (30, 1), (31, 0), (32, 0), (33, 0), (34, 0)], None,
                         id="stays above one half"),
            pytest.param([(0, 1), (0, 1), (7, 1)], 0, id="events on day 0"),
            # 2/3 x 3/4 is one half only up to rounding in some orders of multiplication.
            pytest.param([(d, 1) for d in range(1, 31)], 15.5, id="plateau after a long product"),
        ],
    )  # fmt: skip
    def test_median(self, patients, median):
        assert quantile(curve_of(patients)).estimate == median

    @pytest.mark.parametrize(
        ("survival", "expected", "lower"),
        [
            (13 / 14, 1, 1), (6 / 7, 3.5, 1), (2 / 3, 6, 1),
            (0.5, 9, 6), (9 / 35, 9.5, 6), (0.1, None, 9),
        ],
    )  # fmt: skip
    def test_the_cohort_of_r_survivals_own_test(self, survival, expected, lower):
        curve = kaplan_meier([9, 1, 1, 6, 6, 8, 10], [1, 1, 0, 1, 1, 0, 0], limits="log")
        assert quantile(curve, 1 - survival) == (expected, lower, None)

    def test_limits_have_plateaus_too(self):
        # The lower band reaches .05 at day 10 exactly when the confidence is chosen so.
        plain = kaplan_meier([10, 20, 30, 40], [1, 0, 1, 0], limits="plain")
        target = float(plain.ci_lower[0])
        assert quantile(plain, 1 - target).lower == 20.0

    def test_a_limit_that_rises_for_a_step_counts_where_it_first_crosses(self):
        curve = kaplan_meier(
            [10, 20, 30, 50, 60, 70, 80, 90], [1, 1, 1, 1, 1, 0, 1, 1], limits="log"
        )
        assert curve.ci_upper[[4, 6]].round(3).tolist() == [0.917, 0.976]
        assert quantile(curve, 1 - 0.95).upper == 60

    @pytest.mark.parametrize("p", [0, 1, -0.1, float("nan")])
    def test_needs_a_share(self, p):
        curve = curve_of(TOY)
        with pytest.raises(ValueError, match="between 0 and 1"):
            quantile(curve, p)


class TestSurvivalAt:
    curve = kaplan_meier([10, 20, 20, 30], [1, 1, 0, 1])

    @pytest.mark.parametrize(
        ("day", "estimate", "at_risk"), [(0, 1, 4), (9.9, 1, 4), (10, 0.75, 4), (10.1, 0.75, 3),
                                         (20, 0.5, 3), (29, 0.5, 1), (30, 0, 1)],
    )  # fmt: skip
    def test_an_event_counts_from_its_day_and_its_patient_through_it(self, day, estimate, at_risk):
        found = survival_at(self.curve, day)
        assert (found.estimate, found.at_risk) == (estimate, at_risk)

    def test_no_limits_where_survival_is_one_or_zero(self):
        for limits in ("log-log", "log", "plain"):
            curve = kaplan_meier([5, 10, 20, 30], [0, 1, 1, 1], limits=limits)
            for day in (0, 5, 9, 30):
                assert survival_at(curve, day)[1:3] == (None, None)
            assert None not in survival_at(curve, 10)

    def test_nothing_beyond_the_last_observed_time(self):
        assert survival_at(self.curve, 30.001) is None

    @pytest.mark.parametrize("day", [-1, float("nan")])
    def test_needs_a_day(self, day):
        with pytest.raises(ValueError, match="zero or later"):
            survival_at(self.curve, day)

    def test_row_of_numbers_at_risk(self):
        assert at_risk_on(self.curve, [0, 10, 15, 20, 30, 31]).tolist() == [4, 4, 3, 3, 1, 0]


class TestFollowUp:
    def test_a_death_leaves_before_the_censored_at_its_time_are_counted(self):
        days, event = [5, 5, 8, 9], [1, 0, 0, 0]
        assert kaplan_meier(days, event, reverse=True).survival[0] == 2 / 3
        # What a curve of 1 - event would say.
        assert kaplan_meier(days, np.subtract(1, event)).survival[0] == 3 / 4

    def test_is_the_curve_of_censoring_where_no_time_is_shared(self):
        days, event = zip(*TOY, strict=True)
        reverse = kaplan_meier(days, event, reverse=True)
        swapped = kaplan_meier(days, np.subtract(1, event))
        np.testing.assert_allclose(reverse.survival, swapped.survival, rtol=1e-15)
        assert quantile(reverse) == quantile(swapped)

    def test_everyone_died(self):
        curve = kaplan_meier([3, 8], [1, 1], reverse=True)
        assert curve.survival.tolist() == [1, 1]
        assert quantile(curve) == (None, None, None)


class TestVariance:
    def test_without_censoring_it_is_that_of_a_share(self):
        curve = kaplan_meier(np.arange(1, 21), np.ones(20))
        for day in (1, 7.5, 19):
            share = survival_at(curve, day).estimate
            variance = share**2 * log_survival_variance_at(curve, day)
            assert variance == pytest.approx(share * (1 - share) / 20, rel=1e-12)

    def test_nothing_before_the_first_event_and_no_end_at_zero(self):
        curve = kaplan_meier([2, 4], [1, 1])
        assert log_survival_variance_at(curve, 1) == 0
        assert log_survival_variance_at(curve, 4) == np.inf


class TestRefuses:
    @pytest.mark.parametrize(
        ("days", "event", "message"),
        [
            ([], [], "no patients"),
            ([1, 2], [1], "equal length"),
            ([[1, 2]], [[1, 1]], "one-dimensional"),
            ([-1], [1], "not negative"),
            ([float("nan")], [1], "finite"),
            ([float("inf")], [1], "finite"),
            ([1], [2], "0 or 1"),
            ([1], [float("nan")], "0 or 1"),
        ],
    )
    def test_what_is_no_cohort(self, days, event, message):
        with pytest.raises(ValueError, match=message):
            kaplan_meier(days, event)

    def test_unknown_options(self):
        with pytest.raises(ValueError, match="log-log, log, plain"):
            kaplan_meier([1], [1], limits="arcsin")
        with pytest.raises(ValueError, match="confidence"):
            kaplan_meier([1], [1], confidence=95)


# Few distinct days, so that ties, plateaus and shared times are common.
cohorts = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=25)


@given(cohorts, st.randoms(use_true_random=False))
def test_the_order_of_patients_changes_nothing(patients, random):
    shuffled = random.sample(patients, len(patients))
    first, second = curve_of(patients), curve_of(shuffled)
    for name in ("times", "at_risk", "events", "censored", "survival", "ci_lower", "ci_upper"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


@given(cohorts, st.integers(0, 24), st.integers(1, 15))
def test_a_later_censoring_never_lowers_the_curve(patients, which, later):
    which %= len(patients)
    day, _ = patients[which]
    before, after = list(patients), list(patients)
    before[which], after[which] = (day, False), (day + later, False)
    earlier, moved = curve_of(before), curve_of(after)
    for time, survival in zip(earlier.times, earlier.survival, strict=True):
        found = survival_at(moved, time)
        assert found is not None
        assert found.estimate >= survival - 1e-14


@given(cohorts, st.sampled_from(["log-log", "log", "plain"]), st.booleans())
def test_limits_contain_the_estimate(patients, limits, reverse):
    curve = curve_of(patients, limits=limits, reverse=reverse)
    defined = ~np.isnan(curve.ci_lower)
    assert ((curve.survival > 0) & (curve.survival < 1) == defined).all()
    lower, upper = curve.ci_lower[defined], curve.ci_upper[defined]
    assert (lower >= 0).all()
    assert (lower < curve.survival[defined]).all()
    assert (curve.survival[defined] < upper).all()
    assert (upper <= 1).all()
    estimate, low, high = quantile(curve)
    assert low is None or estimate is None or low <= estimate
    assert high is None or (estimate is not None and estimate <= high)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("days", "event", "r"), reference_cohorts())
def test_lifelines_agrees_away_from_plateaus(days, event, r):
    lifelines = pytest.importorskip("lifelines")
    fitted = lifelines.KaplanMeierFitter().fit(days, event)
    curve = kaplan_meier(days, event)
    inside = ~np.isnan(curve.ci_lower)
    survival = fitted.survival_function_at_times(curve.times).to_numpy()
    limits = fitted.confidence_interval_survival_function_.loc[curve.times].to_numpy()
    np.testing.assert_allclose(survival, curve.survival, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(limits[inside, 0], curve.ci_lower[inside], rtol=1e-10)
    np.testing.assert_allclose(limits[inside, 1], curve.ci_upper[inside], rtol=1e-10)
    if not np.isclose(curve.survival, 0.5, rtol=1e-9, atol=0).any():
        median = quantile(curve).estimate
        assert fitted.median_survival_time_ == (np.inf if median is None else median)


def test_examples_in_the_docstrings():
    assert doctest.testmod(module).failed == 0
