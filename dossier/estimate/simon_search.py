"""The search for Simon's two-stage designs: optimal and minimax."""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dossier.estimate.special import bdtr, bdtrc
from dossier.estimate.two_stage import TwoStageDesign, check_probabilities, probability_mass

__all__ = ["simon_design"]

FloatArray = NDArray[np.float64]


def simon_design(
    p0: float,
    p1: float,
    alpha: float,
    beta: float,
    *,
    kind: Literal["optimal", "minimax"] = "optimal",
    n_max: int = 100,
) -> TwoStageDesign:
    """Search the design with error rates at most `alpha` and `beta`.

    Of all designs of at most `n_max` patients, "optimal" expects the fewest patients at `p0`;
    "minimax" has the smallest `n`, and among those expects the fewest. The probability of a
    positive trial is computed exactly for every design that can qualify.

    Raises
    ------
    ValueError
        Not 0 < p0 < p1 < 1; error rates outside (0, 1); an unknown kind; no design of at most
        `n_max` patients qualifies.

    References
    ----------
    Simon, Control Clin Trials 1989; 10: 1-10.
    """
    check_probabilities(p0, p1)
    if not (0 < alpha < 1 and 0 < beta < 1):
        raise ValueError(f"alpha and beta must lie between 0 and 1, not {alpha!r} and {beta!r}")
    if kind not in ("optimal", "minimax"):
        raise ValueError(f"kind must be optimal or minimax, not {kind!r}")
    best: TwoStageDesign | None = None
    fewest = math.inf
    for n in range(2, n_max + 1):
        for n1 in range(1, n):
            if n1 >= fewest:
                break
            # A stage 1 that stops more often than beta at p1 cannot be mended by stage 2.
            r1 = np.arange(n1)[bdtr(np.arange(n1), n1, p1) <= beta]
            expected = n - bdtr(r1, n1, p0) * (n - n1)
            r1, expected = r1[expected < fewest], expected[expected < fewest]
            if r1.size == 0:
                continue
            # The smallest r that keeps alpha has the most power; below r1 nothing changes any more.
            r = np.maximum((_positive(n1, n, r1, p0) <= alpha).argmax(axis=1), r1)
            power = _positive(n1, n, r1, p1)[np.arange(r1.size), r]
            expected = np.where(power >= 1 - beta, expected, math.inf)
            choice = int(expected.argmin())
            if expected[choice] < fewest:
                fewest = float(expected[choice])
                best = TwoStageDesign(int(r1[choice]), n1, int(r[choice]), n, p0, p1)
        if best is not None and kind == "minimax":
            return best
    if best is None:
        raise ValueError(f"no two-stage design of at most {n_max} patients meets these error rates")
    return best


def _positive(n1: int, n: int, r1: NDArray[np.int64], p: float) -> FloatArray:
    """Probability of a positive trial at `p`: a row for each `r1`, a column for each r, 0 to n."""
    n2 = n - n1
    # P(X2 > k) for k from -n1 to n; row x1 of the window below holds it at k = r - x1.
    above = np.concatenate([np.ones(n1), bdtrc(np.arange(n2 + 1), n2, p), np.zeros(n1)])
    stage_2 = np.lib.stride_tricks.sliding_window_view(above, n + 1)[::-1]
    joint = probability_mass(n1, p)[:, None] * stage_2
    beyond: FloatArray = joint[::-1].cumsum(axis=0)[::-1][r1 + 1]
    return beyond
