"""Limits of a proportion: published intervals, their definitions, and a second opinion."""

import doctest

import numpy as np
import pytest
from scipy.special import bdtr, bdtrc

from dossier.estimate import proportions as module
from dossier.estimate.proportions import proportion_limits

METHODS = ["clopper-pearson", "wilson", "jeffreys"]


@pytest.mark.parametrize(
    ("events", "n", "method", "printed"),
    [
        pytest.param(4, 25, "clopper-pearson", (4.5, 36.1), id="neratinib in SUMMIT, as published"),
        pytest.param(80, 130, "clopper-pearson", (52.6, 69.9), id="DRUP, published as 53-70"),
        pytest.param(58, 130, "clopper-pearson", (35.9, 53.6), id="DRUP, published as 36-54"),
        (1, 8, "clopper-pearson", (0.3, 52.7)),
        (1, 8, "wilson", (2.2, 47.1)),
        (5, 24, "clopper-pearson", (7.1, 42.2)),
        (5, 24, "wilson", (9.2, 40.5)),
        (0, 8, "clopper-pearson", (0.0, 36.9)),
        (8, 8, "clopper-pearson", (63.1, 100.0)),
    ],
)
def test_known_intervals(events, n, method, printed):
    lower, upper = proportion_limits(events, n, method)
    assert (round(100 * lower, 1), round(100 * upper, 1)) == printed


@pytest.mark.parametrize(
    ("n", "fewest"),
    [(8, (4, 5, 6)), (16, (5, 8, 10)), (24, (7, 10, 13)), (30, (8, 12, 15)), (50, (10, 17, 23))],
)
def test_fewest_responders_for_a_lower_limit_above_10_20_and_30_percent(n, fewest):
    lower, _ = proportion_limits(np.arange(n + 1), n)
    assert tuple(int((lower > share).argmax()) for share in (0.1, 0.2, 0.3)) == fewest


def test_clopper_pearson_leaves_half_the_error_in_each_tail():
    n = np.arange(1, 60)[:, None]
    x = np.minimum(np.arange(60), n)
    lower, upper = proportion_limits(x, n, confidence=0.9)
    at_least = np.where(x > 0, bdtrc(x - 1, n, lower), 0.05)
    at_most = np.where(x < n, bdtr(x, n, upper), 0.05)
    np.testing.assert_allclose(at_least, 0.05, rtol=1e-11)
    np.testing.assert_allclose(at_most, 0.05, rtol=1e-11)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [1, 2, 8, 24, 130, 100_000])
def test_at_the_ends_the_limits_are_exactly_zero_and_one(method, n):
    none, all_of_them = proportion_limits(0, n, method), proportion_limits(n, n, method)
    assert (none[0], all_of_them[1]) == (0.0, 1.0)
    assert 0 < none[1] < 1
    assert none[1] == pytest.approx(1 - all_of_them[0], rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_limits_contain_the_share_and_widen_with_confidence(method):
    x = np.arange(26)
    lower, upper = proportion_limits(x, 25, method)
    assert ((lower <= x / 25) & (x / 25 <= upper)).all()
    wider_lower, wider_upper = proportion_limits(x, 25, method, confidence=0.99)
    assert ((wider_lower <= lower) & (upper <= wider_upper)).all()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("method", "theirs"),
    [("clopper-pearson", "beta"), ("wilson", "wilson"), ("jeffreys", "jeffreys")],
)
def test_statsmodels_agrees(method, theirs):
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    for n in (1, 2, 7, 24, 200):
        # statsmodels leaves the Jeffreys limits at the ends where the formula puts them.
        x = np.arange(1, n) if method == "jeffreys" else np.arange(n + 1)
        expected = proportion.proportion_confint(x, np.full_like(x, n), 0.05, theirs)
        for ours, other in zip(proportion_limits(x, n, method), expected, strict=True):
            np.testing.assert_allclose(ours, other, rtol=1e-11, atol=1e-15)


def test_numbers_give_numbers_and_arrays_broadcast():
    lower, upper = proportion_limits(3, 24)
    assert (type(lower), type(upper)) == (float, float)
    table = proportion_limits(np.array([[1], [3]]), np.array([8, 24, 30]))
    assert table[0].shape == table[1].shape == (2, 3)
    assert (table[0][1, 1], table[1][1, 1]) == (lower, upper)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 0), "at least one patient"),
        (([1, 0], [5, 0]), "at least one patient"),
        ((-1, 8), "between 0 and"),
        ((9, 8), "between 0 and"),
        ((1.5, 8), "whole"),
        ((float("nan"), 8), "between 0 and"),
        ((1, 8, "wald"), "clopper-pearson, wilson, jeffreys"),
        ((1, 8, "wilson", 95), "confidence"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        proportion_limits(*arguments)


def test_examples_in_the_docstrings():
    assert doctest.testmod(module).failed == 0
