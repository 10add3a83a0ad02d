"""Two arms compared: Cox hazard ratio with Efron ties, and the log-rank test.

With one covariate of two values the score of the partial likelihood falls steadily in one number,
so bisection finds its zero to the last bit, without a step size or a stopping rule. That is why
lifelines does not stand here: it stops when its steps are small (a log hazard ratio 1e-4 off in one
of 29 reference cohorts), and returns a number where there is none.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dossier.estimate.special import chdtrc, ndtri

__all__ = ["Comparison", "NotEstimable", "compare_arms"]

FloatArray = NDArray[np.float64]


class NotEstimable(StrEnum):
    """Why there is no hazard ratio."""

    NO_EVENTS = "an arm without events"
    SEPARATED = "the events of the arms do not overlap in time"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Hazard ratio and log-rank test of one arm against another.

    Attributes
    ----------
    hazard_ratio, lower, upper : float or None
        Cox hazard ratio with Wald limits; None where not estimable.
    not_estimable : NotEstimable or None
        Why the hazard ratio is None; None where it is given.
    log_rank_chi2, log_rank_p : float or None
        Log-rank statistic on one degree of freedom and its two-sided p-value; None where no event
        falls while both arms are at risk.
    confidence : float
        Level of the limits.
    """

    hazard_ratio: float | None
    lower: float | None
    upper: float | None
    not_estimable: NotEstimable | None
    log_rank_chi2: float | None
    log_rank_p: float | None
    confidence: float


def compare_arms(
    days: ArrayLike, event: ArrayLike, treated: ArrayLike, *, confidence: float = 0.95
) -> Comparison:
    """Compare the treated patients with the others.

    Parameters
    ----------
    days : array_like, shape (n,)
        Observed times, in any unit.
    event : array_like of bool or 0/1, shape (n,)
        True where the time ended in the event.
    treated : array_like of bool or 0/1, shape (n,)
        True in the arm whose hazard is the numerator.
    confidence : float
        Level of the limits.

    Raises
    ------
    ValueError
        An arm without patients; arrays of different or wrong shape; a time that is negative or not
        finite; a flag other than 0 or 1; a confidence outside (0, 1).

    References
    ----------
    Cox, J R Stat Soc B 1972; 34: 187-220. Ties: Efron, J Am Stat Assoc 1977; 72: 557-565. Log-rank:
    Mantel, Cancer Chemother Rep 1966; 50: 163-170, with the hypergeometric variance.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence!r}")
    table = _risk_table(days, event, treated)
    chi2 = _log_rank(table)
    estimate = _cox(table)
    ratio = lower = upper = None
    if not isinstance(estimate, NotEstimable):
        coefficient, standard_error = estimate
        margin = float(ndtri((1 + confidence) / 2)) * standard_error
        ratio, lower, upper = (
            float(np.exp(coefficient + shift)) for shift in (0.0, -margin, margin)
        )
    return Comparison(
        hazard_ratio=ratio,
        lower=lower,
        upper=upper,
        not_estimable=estimate if isinstance(estimate, NotEstimable) else None,
        log_rank_chi2=chi2,
        log_rank_p=None if chi2 is None else float(chdtrc(1, chi2)),
        confidence=confidence,
    )


class _RiskTable(NamedTuple):
    """Patients at risk and with the event at each event time, in both arms and in the treated."""

    at_risk: FloatArray
    events: FloatArray
    at_risk_treated: FloatArray
    events_treated: FloatArray


def _risk_table(days: ArrayLike, event: ArrayLike, treated: ArrayLike) -> _RiskTable:
    observed = np.asarray(days, dtype=np.float64)
    died, arm = np.asarray(event), np.asarray(treated)
    if observed.ndim != 1 or not observed.shape == died.shape == arm.shape:
        raise ValueError("days, event and treated must be one-dimensional and of equal length")
    if not (np.isfinite(observed) & (observed >= 0)).all():
        raise ValueError("days must be finite and not negative")
    for name, flags in (("event", died), ("treated", arm)):
        if not np.isin(flags, (0, 1)).all():
            raise ValueError(f"{name} must be 0 or 1")
    died, arm = died.astype(np.bool_), arm.astype(np.bool_)
    if not arm.any() or arm.all():
        raise ValueError("each arm needs a patient")
    times, position = np.unique(observed, return_inverse=True)

    def per_time(chosen: NDArray[np.bool_]) -> FloatArray:
        return np.bincount(position[chosen], minlength=times.size).astype(np.float64)

    def still_there(chosen: NDArray[np.bool_]) -> FloatArray:
        return per_time(chosen)[::-1].cumsum()[::-1]

    columns = still_there(arm | True), per_time(died), still_there(arm), per_time(died & arm)
    return _RiskTable(*(column[per_time(died) > 0] for column in columns))


def _log_rank(table: _RiskTable) -> float | None:
    n, d, n1, d1 = table
    share = n1 / n
    variance = (d * share * (1 - share) * (n - d) / np.maximum(n - 1, 1)).sum()
    return float((d1 - d * share).sum() ** 2 / variance) if variance > 0 else None


def _cox(table: _RiskTable) -> tuple[float, float] | NotEstimable:
    """Maximise Efron's partial likelihood; the log hazard ratio and its standard error."""
    observed = table.events_treated.sum()
    if observed in (0, table.events.sum()):
        return NotEstimable.NO_EVENTS
    # One term for each death: of d deaths at one time the l-th sees l/d of each gone already.
    repeat = table.events.astype(np.int64)
    n, d, n1, d1 = (np.repeat(column, repeat) for column in table)
    gone = (np.arange(d.size) - np.repeat(repeat.cumsum() - repeat, repeat)) / d
    treated, others = n1 - gone * d1, (n - n1) - gone * (d - d1)
    # The deaths expected among the treated rise from `certain` to `possible` with the hazard ratio;
    # only when the observed lie strictly between do they meet them, at the top of the likelihood.
    certain, possible = (n1 == n).sum(), (n1 > 0).sum()
    if not certain < observed < possible:
        return NotEstimable.SEPARATED

    def share_treated(coefficient: float) -> FloatArray:
        weight = treated * np.exp(coefficient)
        share: FloatArray = weight / (weight + others)
        return share

    low, high = -1.0, 1.0
    while share_treated(low).sum() > observed:
        low *= 2
    while share_treated(high).sum() < observed:
        high *= 2
    while low < (middle := (low + high) / 2) < high:
        if share_treated(middle).sum() < observed:
            low = middle
        else:
            high = middle
    share = share_treated(middle)
    return middle, float((share * (1 - share)).sum() ** -0.5)
