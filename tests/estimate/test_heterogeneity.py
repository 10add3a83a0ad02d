"""One common rate or not: every table counted, published p-values, and small cells."""

import doctest
from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.estimate import heterogeneity as module
from dossier.estimate.heterogeneity import heterogeneity


def enumerated(events, n):
    """Every table with these totals, as far or farther from one rate by chi-square."""
    responders, patients = sum(events), sum(n)
    share = responders / patients

    def chi2(table):
        return sum(
            (x - size * share) ** 2 / (size * share * (1 - share))
            for x, size in zip(table, n, strict=True)
        )

    observed, total = chi2(events), 0
    for table in product(*(range(size + 1) for size in n)):
        if sum(table) == responders and chi2(table) >= observed * (1 - 1e-9):
            ways = 1
            for x, size in zip(table, n, strict=True):
                ways *= comb(size, x)
            total += ways
    return total / comb(patients, responders)


tables = st.lists(
    st.integers(1, 6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=2, max_size=5,
)  # fmt: skip


@given(tables)
def test_the_exact_p_value_by_enumeration(table):
    events, n = zip(*table, strict=True)
    found = heterogeneity(events, n)
    if sum(events) in (0, sum(n)):
        assert found.p_value is None
        assert found.reason.endswith("has the outcome")
    else:
        assert found.test == "exact"
        assert found.p_value == pytest.approx(enumerated(events, n), rel=1e-9)


def test_two_groups_as_fishers_test():
    """Fisher's tea tasting: 3 of 4 and 1 of 4, two-sided p 0.4857."""
    assert heterogeneity([3, 1], [4, 4]).p_value == pytest.approx(34 / 70)


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_groups_changes_nothing(table, random):
    shuffled = random.sample(table, len(table))
    one, other = (heterogeneity(*zip(*each, strict=True)) for each in (table, shuffled))
    assert one == other


def test_large_cells_by_chi_square_agree_with_statsmodels():
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    events, n = [60, 45, 80, 20], [200, 180, 210, 90]
    found = heterogeneity(events, n)
    chi2, p, _ = proportion.proportions_chisquare(events, n)
    assert found.test == "chi-square"
    assert found.chi2 == pytest.approx(chi2)
    assert found.p_value == pytest.approx(p)


def test_many_small_cells_by_permutation_always_the_same():
    n = [3, 1, 2, 5, 4] * 30
    events = np.minimum(n, [1, 0, 0, 2, 0] * 30)
    first, again = heterogeneity(events, n), heterogeneity(events, n)
    assert first.test == "permutation"
    assert first == again


def test_permutation_and_enumeration_agree(monkeypatch):
    events, n = [5, 0, 1, 3, 2], [8, 10, 6, 7, 9]
    exact = heterogeneity(events, n).p_value
    monkeypatch.setattr(module, "MAXIMUM_PATIENTS", 0)
    drawn = heterogeneity(events, n)
    assert drawn.test == "permutation"
    assert drawn.p_value == pytest.approx(exact, abs=3 * (exact / 10_000) ** 0.5)


def test_the_error_rate_is_kept_with_small_cells():
    """Under one rate the exact test finds a difference at 5% in at most 5%."""
    rng = np.random.default_rng(8)
    n = np.array([6, 4, 3, 8, 3])
    found = [heterogeneity(rng.binomial(n, 0.3), n).p_value for _ in range(1000)]
    assert np.mean([p is not None and p <= 0.05 for p in found]) <= 0.055


@pytest.mark.parametrize(
    ("events", "n", "reason"),
    [
        ([], [], "fewer than two groups"),
        ([2], [5], "fewer than two groups"),
        ([2, 0], [5, 0], "fewer than two groups"),
        ([0, 0], [5, 4], "nobody has the outcome"),
        ([5, 4], [5, 4], "everybody has the outcome"),
    ],
)
def test_nothing_to_test(events, n, reason):
    found = heterogeneity(events, n)
    assert (found.p_value, found.reason) == (None, reason)
    assert found.to_dict()["reason"] == reason


@pytest.mark.parametrize(("events", "n"), [([1], [1, 2]), ([3], [2]), ([-1], [2])])
def test_refuses(events, n):
    with pytest.raises(ValueError, match="must"):
        heterogeneity(events, n)


def test_examples_in_the_docstrings():
    assert doctest.testmod(module).failed == 0
