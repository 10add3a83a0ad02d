"""What the comparison of two arms says: hazard ratio, differences, and why one is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dossier.estimate.comparison import Comparison
from dossier.units import DAYS_PER_MONTH

__all__ = ["ArmComparison", "Difference", "LandmarkDifference", "RestrictedMeanDifference"]


@dataclass(frozen=True)
class Difference:
    """An estimate of an arm less that of the reference, with limits; None with ``reason``."""

    estimate: float | None
    lower: float | None
    upper: float | None
    reason: str | None = None


@dataclass(frozen=True)
class LandmarkDifference:
    """Difference in the share still event-free at a landmark."""

    label: str
    days: float
    months: float
    difference: Difference

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "label": self.label,
            "months": int(self.months) if float(self.months).is_integer() else self.months,
            "days": self.days,
            "difference": self.difference.estimate,
            "ci_lower": self.difference.lower,
            "ci_upper": self.difference.upper,
        }
        reason = self.difference.reason
        return result if reason is None else result | {"reason": reason}


@dataclass(frozen=True)
class RestrictedMeanDifference:
    """Difference in restricted mean time, in days, within one horizon for both arms."""

    tau_days: float | None
    difference: Difference
    note: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form, in days and in months of 30.4375 days."""
        found = self.difference
        result: dict[str, Any] = {
            "tau_months": _months(self.tau_days),
            "tau_days": self.tau_days,
            **_in_both_units("difference", found.estimate),
            **_in_both_units("ci_lower", found.lower),
            **_in_both_units("ci_upper", found.upper),
        }
        stated = {"reason": found.reason, "note": self.note}
        return result | {key: text for key, text in stated.items() if text is not None}


@dataclass(frozen=True)
class ArmComparison:
    """One arm against the reference in one time-to-event endpoint.

    Parameters
    ----------
    endpoint, arm, reference
        What is compared.
    n, events, n_reference, events_reference
        Patients and events on both sides.
    cox
        Hazard ratio of the arm against the reference, and the log-rank test; None with ``reason``
        where an arm has no estimate.
    median_gain
        Difference in medians, in days.
    landmarks
        Differences in the shares still event-free.
    restricted_mean
        Difference in restricted mean times, where the settings ask for it.
    reason
        Why nothing can be compared.
    """

    endpoint: str
    arm: str
    reference: str
    n: int
    events: int
    n_reference: int
    events_reference: int
    confidence: float
    cox: Comparison | None = None
    median_gain: Difference = Difference(None, None, None)
    landmarks: tuple[LandmarkDifference, ...] = ()
    restricted_mean: RestrictedMeanDifference | None = None
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form; ``reason`` says why for every figure that is missing."""
        cox, gain = self.cox, self.median_gain
        result: dict[str, Any] = {
            "endpoint": self.endpoint,
            "arm": self.arm,
            "reference": self.reference,
            "n": self.n,
            "events": self.events,
            "n_reference": self.n_reference,
            "events_reference": self.events_reference,
            "hazard_ratio": None if cox is None else cox.hazard_ratio,
            "ci_lower": None if cox is None else cox.lower,
            "ci_upper": None if cox is None else cox.upper,
            "log_rank_chi2": None if cox is None else cox.log_rank_chi2,
            "log_rank_p": None if cox is None else cox.log_rank_p,
            **_in_both_units("median_gain", gain.estimate),
            **_in_both_units("median_gain_ci_lower", gain.lower),
            **_in_both_units("median_gain_ci_upper", gain.upper),
            "landmarks": [landmark.to_dict() for landmark in self.landmarks],
            "confidence": self.confidence,
            "method": "Cox, Efron ties, Wald limits; log-rank; medians: MOVER (Zou and Donner "
            "2008); landmarks: Greenwood",
        }
        if self.restricted_mean is not None:
            result["restricted_mean"] = self.restricted_mean.to_dict()
        reasons = self._reasons()
        return result | {"reason": "; ".join(reasons)} if reasons else result

    def _reasons(self) -> list[str]:
        if self.cox is None:
            return [self.reason or "not estimable"]
        reasons = []
        if self.cox.not_estimable is not None:
            reasons.append(f"hazard ratio: {self.cox.not_estimable}")
        if self.cox.log_rank_p is None:
            reasons.append("log-rank test: no event while both arms are at risk")
        if self.median_gain.reason is not None:
            reasons.append(f"difference in medians: {self.median_gain.reason}")
        return reasons


def _in_both_units(name: str, days: float | None) -> dict[str, float | None]:
    return {f"{name}_months": _months(days), f"{name}_days": days}


def _months(days: float | None) -> float | None:
    return None if days is None else days / DAYS_PER_MONTH
