"""Many curves at once: each as the single curve of the same patients."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.estimate import many_curves as module
from dossier.estimate.kaplan_meier import kaplan_meier, quantile, survival_at
from dossier.estimate.many_curves import median_limits_batch, quantile_batch, readings_batch

# Few distinct days, so that ties, plateaus and shared times are common.
cohorts = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=25)
seeds = st.integers(0, 2**32 - 1)


def resamples_of(patients, seed, size=7):
    days, event = map(np.array, zip(*patients, strict=True))
    n = len(patients)
    weights = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=size)
    single = [(np.repeat(days, drawn), np.repeat(event, drawn)) for drawn in weights]
    return days, event, weights, single


def same(found, expected):
    return np.isnan(found) if expected is None else found == expected


@given(cohorts, seeds, st.sampled_from([0.25, 0.5, 0.75]))
def test_quantiles(patients, seed, p):
    days, event, weights, single = resamples_of(patients, seed)
    for found, drawn in zip(quantile_batch(days, event, weights, p), single, strict=True):
        assert same(found, quantile(kaplan_meier(*drawn), p).estimate)


@given(cohorts, seeds)
def test_medians_and_survival_read_together(patients, seed):
    days, event, weights, single = resamples_of(patients, seed)
    at = (0, 3, 7.5, 12)
    found = readings_batch(days, event, weights, at)
    np.testing.assert_array_equal(found.median, quantile_batch(days, event, weights))
    for row, drawn in zip(found.survival, single, strict=True):
        curve = kaplan_meier(*drawn)
        for share, day in zip(row, at, strict=True):
            expected = survival_at(curve, day)
            assert same(share, None if expected is None else expected.estimate)


@given(cohorts, seeds, st.sampled_from(["log-log", "log", "plain"]))
def test_limits_of_medians(patients, seed, limits):
    days, event, weights, single = resamples_of(patients, seed)
    found = median_limits_batch(days, event, weights, limits=limits, confidence=0.9)
    for column, drawn in zip(found.T, single, strict=True):
        expected = quantile(kaplan_meier(*drawn, limits=limits, confidence=0.9))
        assert all(same(*pair) for pair in zip(column, expected, strict=True))


def test_the_result_does_not_depend_on_how_it_is_cut(monkeypatch):
    rng = np.random.default_rng(7)
    days, event = rng.integers(1, 30, 20), rng.random(20) < 0.7
    weights = rng.multinomial(20, np.full(20, 0.05), size=101)
    whole = readings_batch(days, event, weights, [10])
    monkeypatch.setattr(module, "CHUNK_ELEMENTS", 60)
    cut = readings_batch(days, event, weights, [10])
    for one, other in zip(whole, cut, strict=True):
        np.testing.assert_array_equal(one, other)
    assert quantile_batch(days, event, weights[:0]).shape == (0,)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([[1, 1, 1]], "shape"),
        ([1, 1], "shape"),
        ([[1, -1]], "negative"),
        ([[0, 0]], "needs a patient"),
        ([[0.5, 0.5]], "integers"),
    ],
)
def test_weights_that_are_no_cohorts(weights, message):
    with pytest.raises(ValueError, match=message):
        quantile_batch([1, 2], [1, 1], np.array(weights))


def test_a_quantile_that_is_no_share():
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile_batch([1, 2], [1, 1], np.array([[1, 1]]), p=1)
