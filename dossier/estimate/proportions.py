"""Confidence limits of a proportion: Clopper-Pearson, Wilson and Jeffreys.

Each takes numbers or arrays and returns the lower and the upper limit, as floats for numbers and as
arrays for arrays.
"""

from typing import Literal, get_args, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dossier.estimate.special import betaincinv, ndtri

__all__ = ["ProportionMethod", "clopper_pearson", "jeffreys", "proportion_limits", "wilson"]

ProportionMethod = Literal["clopper-pearson", "wilson", "jeffreys"]
FloatArray = NDArray[np.float64]


@overload
def proportion_limits(
    events: int, n: int, method: ProportionMethod = ..., confidence: float = ...
) -> tuple[float, float]: ...
@overload
def proportion_limits(
    events: ArrayLike, n: ArrayLike, method: ProportionMethod = ..., confidence: float = ...
) -> tuple[FloatArray, FloatArray]: ...
def proportion_limits(
    events: ArrayLike,
    n: ArrayLike,
    method: ProportionMethod = "clopper-pearson",
    confidence: float = 0.95,
) -> tuple[float, float] | tuple[FloatArray, FloatArray]:
    """Two-sided confidence limits of ``events / n``.

    Parameters
    ----------
    events, n : int or array_like of int
        Patients with the event and patients in all; arrays broadcast against each other.
    method : {"clopper-pearson", "wilson", "jeffreys"}
        Clopper-Pearson is exact and what regulators expect; the other two are narrower.
    confidence : float
        Confidence level, between 0 and 1.

    Returns
    -------
    lower, upper : float, or float array of the broadcast shape
        Between 0 and 1. The lower limit is exactly 0 without events and the upper exactly 1 where
        every patient has one.

    Raises
    ------
    ValueError
        `n` below 1; `events` below 0 or above `n`; a count that is not whole; an unknown method; a
        confidence outside (0, 1).

    Examples
    --------
    >>> lower, upper = proportion_limits(4, 25)
    >>> f"{100 * lower:.1f}-{100 * upper:.1f}"
    '4.5-36.1'
    """
    if method not in get_args(ProportionMethod):
        known = ", ".join(get_args(ProportionMethod))
        raise ValueError(f"method must be one of {known}, not {method!r}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence!r}")
    x, total = np.broadcast_arrays(
        np.asarray(events, dtype=np.float64), np.asarray(n, dtype=np.float64)
    )
    if not (total >= 1).all():
        raise ValueError("a proportion needs at least one patient")
    if not ((x >= 0) & (x <= total)).all():
        raise ValueError("events must lie between 0 and the number of patients")
    if not ((x == np.floor(x)) & (total == np.floor(total))).all():
        raise ValueError("events and patients must be whole numbers")
    lower, upper = _LIMITS[method](x, total, confidence)
    # At the ends the limit is known; the formulas come to it up to rounding, or not at all.
    lower, upper = np.where(x == 0, 0.0, lower), np.where(x == total, 1.0, upper)
    if x.ndim == 0:
        return float(lower), float(upper)
    return lower, upper


def clopper_pearson(x: FloatArray, n: FloatArray, confidence: float) -> tuple[FloatArray, ...]:
    """Exact limits: each tail of the binomial holds at most half the error.

    The counts are taken as valid; see `proportion_limits`, which also settles ``x = 0`` and
    ``x = n``. Source: Clopper and Pearson, Biometrika 1934; 26: 404-413.
    """
    tail = (1 - confidence) / 2
    # A beta shape of zero has no quantile; it stands only where the limit is 0 or 1 anyway.
    lower = betaincinv(np.maximum(x, 1), n - x + 1, tail)
    upper = betaincinv(x + 1, np.maximum(n - x, 1), 1 - tail)
    return lower, upper


def wilson(x: FloatArray, n: FloatArray, confidence: float) -> tuple[FloatArray, ...]:
    """Score limits, without continuity correction.

    The counts are taken as valid; see `proportion_limits`. Source: Wilson, J Am Stat Assoc 1927;
    22: 209-212.
    """
    z2 = ndtri((1 + confidence) / 2) ** 2
    centre = x + z2 / 2
    margin = np.sqrt(z2 * (x * (n - x) / n + z2 / 4))
    return (centre - margin) / (n + z2), (centre + margin) / (n + z2)


def jeffreys(x: FloatArray, n: FloatArray, confidence: float) -> tuple[FloatArray, ...]:
    """Equal-tailed limits of the posterior under a Beta(1/2, 1/2) prior.

    The counts are taken as valid; see `proportion_limits`, which sets the lower limit to 0 at
    ``x = 0`` and the upper to 1 at ``x = n`` as the source does. Source: Brown, Cai and DasGupta,
    Stat Sci 2001; 16: 101-133, section 3.1.3.
    """
    tail = (1 - confidence) / 2
    shapes = x + 0.5, n - x + 0.5
    return betaincinv(*shapes, tail), betaincinv(*shapes, 1 - tail)


_LIMITS = {"clopper-pearson": clopper_pearson, "wilson": wilson, "jeffreys": jeffreys}
