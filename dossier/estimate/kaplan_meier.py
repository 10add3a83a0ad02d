"""Kaplan-Meier curves: survival probabilities and quantiles with their limits.

Arrays in, arrays or small frozen results out; no tables, no dates. Times are in the unit they came
in (days throughout this package). Conventions are those of R's ``survival``: Greenwood variance,
confidence limits log-log unless asked otherwise, the midpoint of a plateau as quantile.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dossier.estimate.special import ndtri

__all__ = [
    "KaplanMeier",
    "LimitType",
    "QuantileEstimate",
    "SurvivalEstimate",
    "at_risk_on",
    "checked_times",
    "crossing",
    "greenwood",
    "kaplan_meier",
    "log_survival_variance_at",
    "normal_quantile",
    "product_limit",
    "quantile",
    "survival_at",
    "survival_limits",
]

LimitType = Literal["log-log", "log", "plain"]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# How near, relatively, the curve must lie to the quantile to count as lying on it: wide enough for
# the rounding of a long product, far narrower than any step of a real cohort.
PLATEAU_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False, slots=True)
class KaplanMeier:
    """A Kaplan-Meier curve with its pointwise confidence band.

    The arrays are parallel, shape (k,), one entry for each distinct observed time, ascending.

    Attributes
    ----------
    times : float array
        Distinct observed times, events and censorings alike.
    at_risk : int array
        Patients at risk just before each time; in a reverse curve without those who die at it.
    events, censored : int array
        Patients with the event, and patients leaving without it, at each time. In a reverse curve
        the event is being censored, and a death is what leaves without it.
    survival : float array
        Estimate just after each time.
    ci_lower, ci_upper : float array
        Confidence limits of `survival`; NaN where it is 1 or 0, where the variance is zero or
        undefined.
    confidence : float
        Confidence level of the limits.
    limits : {"log-log", "log", "plain"}
        Scale on which the limits were made.
    last_time : float
        Last observed time. Nothing is estimated beyond it.
    """

    times: FloatArray
    at_risk: IntArray
    events: IntArray
    censored: IntArray
    survival: FloatArray
    ci_lower: FloatArray
    ci_upper: FloatArray
    confidence: float
    limits: LimitType
    last_time: float


class QuantileEstimate(NamedTuple):
    """A survival time quantile with its confidence limits; None where not reached."""

    estimate: float | None
    lower: float | None
    upper: float | None


class SurvivalEstimate(NamedTuple):
    """Survival probability at a time; the limits are None where it is 1 or 0."""

    estimate: float
    lower: float | None
    upper: float | None
    at_risk: int


def kaplan_meier(
    days: ArrayLike,
    event: ArrayLike,
    *,
    limits: LimitType = "log-log",
    confidence: float = 0.95,
    reverse: bool = False,
) -> KaplanMeier:
    """Estimate a survival curve from one time and one event flag per patient.

    Parameters
    ----------
    days : array_like, shape (n,)
        Observed times, zero or later.
    event : array_like of bool or 0/1, shape (n,)
        True where the time ended in the event, False where it was censored.
    limits : {"log-log", "log", "plain"}
        Scale of the confidence limits.
    confidence : float
        Confidence level, between 0 and 1.
    reverse : bool
        Estimate the time to censoring instead: the follow-up. Where deaths and censorings share a
        time, the deaths leave the risk set before the censored patients are counted.

    Raises
    ------
    ValueError
        No patients; arrays of different or wrong shape; a time that is negative or not finite; an
        event flag other than 0 or 1; an unknown limit type; a confidence outside (0, 1).

    References
    ----------
    Kaplan and Meier, J Am Stat Assoc 1958; 53: 457-481. Limits: Kalbfleisch and Prentice, The
    Statistical Analysis of Failure Time Data, 2002, section 1.4. Reverse estimate: Schemper and
    Smith, Control Clin Trials 1996; 17: 343-346.

    Examples
    --------
    >>> curve = kaplan_meier([10, 20, 20, 30], [1, 1, 0, 1])
    >>> [float(s) for s in curve.survival]
    [0.75, 0.5, 0.0]
    """
    if limits not in get_args(LimitType):
        raise ValueError(f"limits must be one of {', '.join(get_args(LimitType))}, not {limits!r}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence!r}")
    observed, died = checked_times(days, event)
    times, position = np.unique(observed, return_inverse=True)
    leaving = np.bincount(position, minlength=times.size)
    deaths = np.bincount(position[died], minlength=times.size)
    at_risk = leaving[::-1].cumsum()[::-1]
    events, censored = deaths, leaving - deaths
    if reverse:
        events, censored = censored, deaths
        at_risk = at_risk - deaths
    survival = product_limit(at_risk, events)
    lower, upper = survival_limits(
        survival, greenwood(at_risk, events).cumsum(), limits, confidence
    )
    return KaplanMeier(
        times=times,
        at_risk=at_risk,
        events=events,
        censored=censored,
        survival=survival,
        ci_lower=lower,
        ci_upper=upper,
        confidence=confidence,
        limits=limits,
        last_time=float(times[-1]),
    )


def quantile(curve: KaplanMeier, p: float = 0.5) -> QuantileEstimate:
    """Read the time by which a share `p` had the event, with Brookmeyer-Crowley limits.

    The quantile is where the curve crosses 1 - p. Where it lies on 1 - p (to a relative 1e-9) it is
    the midpoint of that plateau, which ends at the next event or, without one, at the last observed
    time. The limits are read from the confidence band in the same way: the lower limit of the time
    from the lower band. A band can rise for a step; its first crossing counts.

    Raises
    ------
    ValueError
        `p` is not between 0 and 1.

    References
    ----------
    Brookmeyer and Crowley, Biometrics 1982; 38: 29-41; the plateau as in ``quantile.survfit`` of R.

    Examples
    --------
    >>> quantile(kaplan_meier([10, 20, 30, 40], [1, 1, 1, 0])).estimate
    25.0
    """
    if not 0 < p < 1:
        raise ValueError(f"p must lie between 0 and 1, not {p!r}")
    band = np.stack([curve.survival, curve.ci_lower, curve.ci_upper])
    found = crossing(curve.times, band, 1 - p, np.full(3, curve.last_time))
    return QuantileEstimate(*(None if np.isnan(time) else float(time) for time in found))


def survival_at(curve: KaplanMeier, day: float) -> SurvivalEstimate | None:
    """Read the survival probability at `day`; None beyond the last observed time.

    An event on `day` itself counts as having happened; `at_risk` counts the patients still under
    observation on that day, those with an event on it included.

    Raises
    ------
    ValueError
        `day` is negative or not a number.
    """
    if not day >= 0:
        raise ValueError(f"day must be zero or later, not {day!r}")
    if day > curve.last_time:
        return None
    at_risk = int(at_risk_on(curve, day))
    index = int(np.searchsorted(curve.times, day, side="right")) - 1
    if index < 0:
        return SurvivalEstimate(1.0, None, None, at_risk)
    lower, upper = curve.ci_lower[index], curve.ci_upper[index]
    undefined = bool(np.isnan(lower))
    return SurvivalEstimate(
        estimate=float(curve.survival[index]),
        lower=None if undefined else float(lower),
        upper=None if undefined else float(upper),
        at_risk=at_risk,
    )


def at_risk_on(curve: KaplanMeier, days: ArrayLike) -> IntArray:
    """Count the patients under observation on each of `days`: the row below a survival figure.

    Those who leave on the day itself are still counted; beyond the last observed time it is 0. The
    result has the shape of `days`.
    """
    left_by = np.concatenate([[0], (curve.events + curve.censored).cumsum()])
    remaining: IntArray = left_by[-1] - left_by[np.searchsorted(curve.times, days, side="left")]
    return remaining


def log_survival_variance_at(curve: KaplanMeier, day: float) -> float:
    """Greenwood's variance of the logarithm of the survival probability at `day`.

    Times the squared probability it is the variance of the probability itself. 0 before the first
    event, infinite where the curve has come to 0.
    """
    index = int(np.searchsorted(curve.times, day, side="right"))
    return float(greenwood(curve.at_risk[:index], curve.events[:index]).sum())


def checked_times(days: ArrayLike, event: ArrayLike) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Times and event flags as arrays.

    Raises
    ------
    ValueError
        As `kaplan_meier`.
    """
    observed = np.asarray(days, dtype=np.float64)
    flags = np.asarray(event)
    if observed.ndim != 1 or observed.shape != flags.shape:
        raise ValueError("days and event must be one-dimensional and of equal length")
    if observed.size == 0:
        raise ValueError("no patients")
    if not (np.isfinite(observed) & (observed >= 0)).all():
        raise ValueError("days must be finite and not negative")
    if flags.dtype != np.bool_ and not np.isin(flags, (0, 1)).all():
        raise ValueError("event must be 0 or 1")
    return observed, flags.astype(np.bool_)


def product_limit(at_risk: IntArray, events: IntArray) -> FloatArray:
    """Multiply the conditional survival along the last axis; nobody at risk changes nothing."""
    share = np.where(events > 0, (at_risk - events) / np.maximum(at_risk, 1), 1.0)
    survival: FloatArray = share.cumprod(axis=-1)
    return survival


def greenwood(at_risk: IntArray, events: IntArray) -> FloatArray:
    """Variance of the log of each conditional survival; infinite where nobody survives it."""
    terms = np.zeros(at_risk.shape)
    with np.errstate(divide="ignore"):
        np.divide(events, at_risk * (at_risk - events), out=terms, where=events > 0)
    return terms


def survival_limits(
    survival: FloatArray, variance: FloatArray, limits: LimitType, confidence: float
) -> tuple[FloatArray, FloatArray]:
    """Pointwise limits from Greenwood's variance of the log; NaN where survival is 1 or 0."""
    lower, upper = np.full_like(survival, np.nan), np.full_like(survival, np.nan)
    defined = (survival > 0) & (survival < 1)
    s = survival[defined]
    margin = normal_quantile(confidence) * np.sqrt(variance[defined])
    if limits == "log-log":
        ratio = np.exp(-margin / np.log(s))
        lower[defined], upper[defined] = s**ratio, s ** (1 / ratio)
    elif limits == "log":
        lower[defined], upper[defined] = s * np.exp(-margin), np.minimum(s * np.exp(margin), 1)
    else:
        lower[defined] = np.maximum(s * (1 - margin), 0)
        upper[defined] = np.minimum(s * (1 + margin), 1)
    return lower, upper


def normal_quantile(confidence: float) -> float:
    """Standard normal deviate of two-sided limits at this level."""
    return float(ndtri((1 + confidence) / 2))


def crossing(
    times: FloatArray, curves: FloatArray, level: float, last_time: FloatArray
) -> FloatArray:
    """Find where each row of `curves` (m, k) first reaches `level`; NaN where it never does."""
    reached = curves <= level * (1 + PLATEAU_TOLERANCE)
    passed = curves < level * (1 - PLATEAU_TOLERANCE)
    begin = times[reached.argmax(axis=1)]
    end = np.where(passed.any(axis=1), times[passed.argmax(axis=1)], last_time)
    # Off a plateau both are the same time, and the midpoint is that time.
    return np.where(reached.any(axis=1), begin + (end - begin) / 2, np.nan)
