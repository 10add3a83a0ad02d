"""Restricted mean survival time: the mean time without the event within a horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from dossier.cohort.settings import Estimation
from dossier.estimate.kaplan_meier import KaplanMeier, at_risk_on, greenwood, normal_quantile
from dossier.units import DAYS_PER_MONTH, Duration

__all__ = [
    "RestrictedMean",
    "RestrictedMeanTime",
    "horizon_note",
    "horizon_of",
    "largest_horizon",
    "restricted_mean",
    "restricted_mean_time",
]

# Below this share of the patients still under observation the tail of a curve carries too little
# to be averaged over.
AT_RISK_SHARE = 0.1


class RestrictedMean(NamedTuple):
    """Restricted mean survival time; the limits are None where the variance is zero."""

    estimate: float
    lower: float | None
    upper: float | None
    variance: float


@dataclass(frozen=True)
class RestrictedMeanTime:
    """Restricted mean time of an endpoint, in days.

    Parameters
    ----------
    tau_days
        The horizon; None with ``reason`` where there is no curve.
    days, ci_lower_days, ci_upper_days
        Mean time without the event within the horizon; None with ``reason``.
    at_risk
        Patients under observation at the horizon.
    note
        What a reader must know of the horizon.
    """

    tau_days: float | None
    days: float | None
    ci_lower_days: float | None
    ci_upper_days: float | None
    at_risk: int
    reason: str | None = None
    note: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form, in days and in months of 30.4375 days."""
        result: dict[str, Any] = {
            "tau_months": _months(self.tau_days),
            "tau_days": self.tau_days,
            "months": _months(self.days),
            "days": self.days,
            "ci_lower_months": _months(self.ci_lower_days),
            "ci_upper_months": _months(self.ci_upper_days),
            "ci_lower_days": self.ci_lower_days,
            "ci_upper_days": self.ci_upper_days,
            "at_risk": self.at_risk,
        }
        stated = {"reason": self.reason, "note": self.note}
        return result | {key: text for key, text in stated.items() if text is not None}


def restricted_mean_time(curve: KaplanMeier, estimation: Estimation) -> RestrictedMeanTime:
    """The restricted mean of a curve at the horizon the settings ask for.

    Parameters
    ----------
    curve
        Curve of the endpoint.
    estimation
        ``restricted_mean`` is a duration, or ``largest`` for `largest_horizon`.
    """
    tau = horizon_of([curve], estimation)
    at_risk = int(at_risk_on(curve, tau))
    if tau <= 0:
        return RestrictedMeanTime(None, None, None, None, at_risk, "no time under observation")
    found = restricted_mean(curve, tau)
    if found is None:
        return RestrictedMeanTime(tau, None, None, None, at_risk, "beyond follow-up")
    return RestrictedMeanTime(
        tau_days=tau,
        days=found.estimate,
        ci_lower_days=found.lower,
        ci_upper_days=found.upper,
        at_risk=at_risk,
        reason="no limits without an event before the horizon" if found.lower is None else None,
        note=horizon_note([curve], tau),
    )


def horizon_of(curves: list[KaplanMeier], estimation: Estimation) -> float:
    """The horizon asked for; the largest that every curve allows where none is named."""
    asked = estimation.restricted_mean
    if isinstance(asked, Duration):
        return asked.days
    return min(largest_horizon(curve) for curve in curves)


def horizon_note(curves: list[KaplanMeier], tau: float) -> str | None:
    """A warning where few patients of a curve are still under observation at the horizon."""
    thin = any(at_risk_on(curve, tau) < AT_RISK_SHARE * _patients(curve) for curve in curves)
    return "fewer than 10% of the patients are under observation at the horizon" if thin else None


def largest_horizon(curve: KaplanMeier) -> float:
    """The last observed time at which at least 10% of the patients are under observation."""
    enough = at_risk_on(curve, curve.times) >= AT_RISK_SHARE * _patients(curve)
    return float(curve.times[enough][-1])


def _patients(curve: KaplanMeier) -> int:
    return int((curve.events + curve.censored).sum())


def restricted_mean(curve: KaplanMeier, tau: float) -> RestrictedMean | None:
    """Integrate the curve up to `tau`: the mean time without the event within `tau`.

    None where `tau` lies beyond the last observed time. Normal limits at the confidence level of
    the curve, kept within 0 and `tau`.

    Raises
    ------
    ValueError
        `tau` is not positive.

    References
    ----------
    Klein and Moeschberger, Survival Analysis, 2nd ed. 2003, formulas 4.5.1 and 4.5.2.
    """
    if not tau > 0:
        raise ValueError(f"tau must be positive, not {tau!r}")
    if tau > curve.last_time:
        return None
    within = curve.times < tau
    steps = np.diff(np.concatenate([[0.0], curve.times[within], [tau]]))
    areas = steps * np.concatenate([[1.0], curve.survival[within]])
    estimate = float(areas.sum())
    area_after = areas[::-1].cumsum()[::-1][1:]
    # tau is not beyond the last time, so patients remain at risk after each time before it and
    # every Greenwood term here is finite.
    terms = greenwood(curve.at_risk[within], curve.events[within])
    variance = float((area_after**2 * terms).sum())
    if variance == 0:
        return RestrictedMean(estimate, None, None, variance)
    margin = normal_quantile(curve.confidence) * variance**0.5
    return RestrictedMean(
        estimate, max(estimate - margin, 0.0), min(estimate + margin, float(tau)), variance
    )


def _months(days: float | None) -> float | None:
    return None if days is None else days / DAYS_PER_MONTH
