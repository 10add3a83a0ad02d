"""Do groups share one response rate? A test that holds with small cells.

Under one common rate, and given the totals, the responders fall on the groups as draws without
replacement do. The statistic is Pearson's chi-square throughout; only the way to its distribution
differs:

- ``exact`` in small cohorts: every possible table is counted (the r x 2 case of Freeman and
  Halton, Biometrika 1951; 38: 141-149, with tables ordered by chi-square);
- ``chi-square``, its classical approximation, in larger ones where at least 80% of the cells expect
  5 patients or more and every cell at least 1 (Cochran, Biometrics 1954; 10: 417-451);
- ``permutation`` otherwise: 10,000 tables drawn with a fixed seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dossier.estimate.special import chdtrc, gammaln

__all__ = ["Heterogeneity", "heterogeneity"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Above these the exact distribution is too long to count.
MAXIMUM_PATIENTS = 400
MAXIMUM_STATES = 100_000
PERMUTATIONS = 10_000
SEED = 1
# Statistics nearer than this are the same number reached in another order of adding.
SAME = 1e-9


@dataclass(frozen=True)
class Heterogeneity:
    """Test of one common rate in all groups.

    Parameters
    ----------
    groups
        Groups with at least one patient.
    chi2
        Pearson's chi-square, on one degree of freedom less than there are groups.
    p_value
        None with ``reason`` where there is nothing to test.
    test
        ``exact``, ``chi-square`` or ``permutation``: how the p-value came about.
    """

    groups: int
    chi2: float | None
    p_value: float | None
    test: Literal["exact", "chi-square", "permutation"] | None
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "groups": self.groups,
            "chi2": self.chi2,
            "p_value": self.p_value,
            "test": self.test,
        }
        return result if self.reason is None else result | {"reason": self.reason}


def heterogeneity(events: ArrayLike, n: ArrayLike) -> Heterogeneity:
    """Test whether groups share one rate.

    Parameters
    ----------
    events, n : array_like of int, shape (groups,)
        Patients with the outcome and in all; groups without patients are left out.

    Raises
    ------
    ValueError
        Arrays of different shape; events below 0 or above `n`.

    Examples
    --------
    >>> found = heterogeneity([5, 0, 1], [8, 10, 6])
    >>> found.test, round(found.p_value, 4)
    ('exact', 0.0051)
    """
    x, total = np.asarray(events, dtype=np.int64), np.asarray(n, dtype=np.int64)
    if x.ndim != 1 or x.shape != total.shape:
        raise ValueError("events and n must be one-dimensional and of equal length")
    if not ((x >= 0) & (x <= total)).all():
        raise ValueError("events must lie between 0 and the number of patients")
    # The order of the groups must not change the last bit of the result.
    order = np.lexsort((x, total))[np.count_nonzero(total == 0) :]
    x, total = x[order], total[order]
    responders, patients = int(x.sum()), int(total.sum())
    if x.size < 2:
        return Heterogeneity(x.size, None, None, None, "fewer than two groups")
    if responders in (0, patients):
        who = "nobody" if responders == 0 else "everybody"
        return Heterogeneity(x.size, None, None, None, f"{who} has the outcome")
    share = responders / patients
    chi2 = float(((x - total * share) ** 2 / (total * share * (1 - share))).sum())
    exact = _exact(x, total) if patients <= MAXIMUM_PATIENTS else None
    if exact is not None:
        return Heterogeneity(x.size, chi2, exact, "exact")
    if _expects_enough(total, share):
        return Heterogeneity(x.size, chi2, float(chdtrc(x.size - 1, chi2)), "chi-square")
    return Heterogeneity(x.size, chi2, _permuted(x, total), "permutation")


def _expects_enough(n: IntArray, share: float) -> bool:
    expected = np.concatenate([n * share, n * (1 - share)])
    return bool(expected.min() >= 1 and np.mean(expected >= 5) >= 0.8)


def _statistic(x: IntArray, n: IntArray) -> FloatArray:
    """Sum of squares over sizes: with the totals fixed it rises with chi-square."""
    found: FloatArray = (x * x / n).sum(axis=-1)
    return found


def _exact(x: IntArray, n: IntArray) -> float | None:
    """Probability of a table at least as far from one rate; None with too many tables.

    Group by group, all ways to have placed so many responders with so much of the statistic are
    kept together; the last group takes who is left.
    """
    observed = float(_statistic(x, n))
    left, placed = int(n.sum()), np.zeros(1, dtype=np.int64)
    statistic, probability = np.zeros(1), np.ones(1)
    responders = int(x.sum())
    for size in n[:-1].tolist():
        if placed.size * (size + 1) > MAXIMUM_STATES:
            return None
        here = np.arange(size + 1)
        remaining = responders - placed[:, None]
        possible = (here <= remaining) & (remaining - here <= left - size)
        chance = np.where(possible, _hypergeometric(here, size, remaining, left), 0.0)
        placed, statistic, probability = _merged(
            (placed[:, None] + here)[possible],
            (statistic[:, None] + here * here / size)[possible],
            (probability[:, None] * chance)[possible],
        )
        left -= size
    last = responders - placed
    final = statistic + last * last / n[-1]
    return min(float(probability[final >= observed * (1 - SAME)].sum()), 1.0)


def _merged(
    placed: IntArray, statistic: FloatArray, probability: FloatArray
) -> tuple[IntArray, FloatArray, FloatArray]:
    order = np.lexsort((statistic, placed))
    placed, statistic, probability = placed[order], statistic[order], probability[order]
    apart = (np.diff(placed) != 0) | (np.diff(statistic) > SAME * np.maximum(statistic[1:], 1))
    first = np.flatnonzero(np.concatenate([[True], apart]))
    return placed[first], statistic[first], np.add.reduceat(probability, first)


def _hypergeometric(here: IntArray, size: int, remaining: IntArray, left: int) -> FloatArray:
    """Probability of `here` responders in a group of `size`, of `remaining` among `left`."""
    others = np.clip(remaining - here, 0, left - size)
    logarithm = (
        _log_choose(size, here)
        + _log_choose(left - size, others)
        - _log_choose(left, np.clip(remaining, 0, left))
    )
    chance: FloatArray = np.exp(logarithm)
    return chance


def _log_choose(n: int, k: IntArray) -> FloatArray:
    found: FloatArray = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return found


def _permuted(x: IntArray, n: IntArray) -> float:
    drawn = np.random.default_rng(SEED).multivariate_hypergeometric(
        n, int(x.sum()), size=PERMUTATIONS, method="marginals"
    )
    extreme = np.count_nonzero(_statistic(drawn, n) >= _statistic(x, n) * (1 - SAME))
    return (1 + extreme) / (1 + PERMUTATIONS)
