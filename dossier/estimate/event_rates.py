"""Adverse events per time at risk: patients until their first event, and events in all.

Incidence densities as in Stegherr et al. (SAVVY), Trials 2021; 22: 420; exact Poisson limits of
Garwood, Biometrika 1936; 28: 437-442. A rate supposes that the risk stays the same over time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.model import Cohort
from dossier.derive.adverse_events import event_days, kinds_of, treatment_emergent
from dossier.units import DAYS_PER_YEAR

__all__ = ["PER", "EventRates", "KindRate", "Rate", "event_rates", "first_events", "poisson_limits"]

PER: Final = 100  # patient-years
NO_TABLE: Final = "no adverse event table was given"
NO_END: Final = "the end of treatment is not recorded"
NO_DATES: Final = "the start of the events is not recorded"
NO_TIME: Final = "no time at risk"


@dataclass(frozen=True)
class Rate:
    """A number per 100 patient-years with exact Poisson limits; None with ``reason``."""

    count: int
    patient_years: float
    estimate: float | None
    ci_lower: float | None
    ci_upper: float | None
    reason: str | None = None

    def to_dict(self, count: str) -> dict[str, Any]:
        """JSON form; `count` names what is counted."""
        result: dict[str, Any] = {
            count: self.count,
            "patient_years": self.patient_years,
            "estimate": self.estimate,
            "ci_lower": self.ci_lower,
            "ci_upper": self.ci_upper,
        }
        return result if self.reason is None else result | {"reason": self.reason}


@dataclass(frozen=True)
class KindRate:
    """The rates of one kind of adverse event.

    Parameters
    ----------
    patients
        Patients with a first event, over the time until then.
    occurrences
        Events, over the whole time at risk. Events of one patient are not independent, so that
        their limits are too narrow.
    unknown
        Patients left out of ``patients``: none of their events of the kind has a date.
    """

    patients: Rate
    occurrences: Rate
    unknown: int

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "patients": self.patients.to_dict("events") | {"unknown": self.unknown},
            "occurrences": self.occurrences.to_dict("occurrences"),
        }


@dataclass(frozen=True)
class EventRates:
    """Exposure-adjusted rates by kind of adverse event; none of them with ``reason``.

    Parameters
    ----------
    n, unknown
        Patients with a known time at risk, and the others.
    patient_years
        Time at risk of the ``n`` patients together.
    window_days
        Days after the end of treatment that belong to it.
    kinds
        By kind, those the input records.
    """

    n: int
    unknown: int
    patient_years: float
    window_days: int
    confidence: float
    kinds: dict[str, KindRate] = field(default_factory=dict)
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "n": self.n,
            "unknown": self.unknown,
            "patient_years": self.patient_years,
            "per_patient_years": PER,
            "window_days": self.window_days,
            "method": "exact poisson",
            "confidence": self.confidence,
            "kinds": {name: each.to_dict() for name, each in self.kinds.items()},
        }
        return result if self.reason is None else result | {"reason": self.reason}


def poisson_limits(count: int, confidence: float = 0.95) -> tuple[float, float]:
    """Exact limits of the mean of a Poisson count (Garwood 1936).

    Examples
    --------
    >>> [round(limit, 4) for limit in poisson_limits(10)]
    [4.7954, 18.3904]
    """
    from dossier.estimate.special import gammaincinv

    tail = (1 - confidence) / 2
    lower = float(gammaincinv(count, tail)) if count else 0.0
    return lower, float(gammaincinv(count + 1, 1 - tail))


@dataclass(frozen=True, eq=False)
class FirstEvents:
    """The first events of a kind, one entry a patient in each array.

    Parameters
    ----------
    day
        Day of the first event within the time at risk; NaN for who has none.
    unknown
        Patients with events of the kind of which none has a date.
    counted
        Shape (events,): events of the kind within the time at risk, those without a date among
        them.
    """

    day: NDArray[np.float64]
    unknown: NDArray[np.bool_]
    counted: NDArray[np.bool_]


def first_events(
    cohort: Cohort, at_risk: NDArray[np.float64], of_kind: NDArray[np.bool_]
) -> FirstEvents:
    """Find the first events within the time at risk.

    Parameters
    ----------
    cohort
        The cohort as read.
    at_risk
        Days at risk, shape (patients,); NaN where not known.
    of_kind
        Adverse events of the kind under treatment, shape (events,).
    """
    position = cohort.adverse_events["patient"].to_numpy(dtype=np.int64)
    day = event_days(cohort)
    known = ~np.isnan(at_risk)[position] & of_kind
    inside = known & (day <= at_risk[position])
    undated = known & np.isnan(day)
    first = np.full(len(at_risk), np.inf)
    np.minimum.at(first, position[inside], day[inside])
    dated_anywhere = np.zeros(len(at_risk), dtype=np.bool_)
    dated_anywhere[position[inside]] = True
    lacking = np.zeros(len(at_risk), dtype=np.bool_)
    lacking[position[undated]] = True
    return FirstEvents(
        np.where(np.isinf(first), np.nan, first), lacking & ~dated_anywhere, inside | undated
    )


def event_rates(
    cohort: Cohort,
    frame: pd.DataFrame,
    population: NDArray[np.bool_],
    kinds: Iterable[str],
    maximum_unknown: float,
    confidence: float,
) -> EventRates:
    """Rates per 100 patient-years of the kinds of adverse events that the input records.

    Parameters
    ----------
    cohort
        The cohort as read.
    frame
        Frame of the derive stage, with ``at_risk_days``.
    population
        Treated patients, shape (patients,).
    kinds
        Kinds to give rates of, by name.
    maximum_unknown
        Largest share of patients of unknown time that still allows a rate.
    confidence
        Two-sided level of the limits.
    """
    window = cohort.settings.derivation.adverse_event_window_days
    total = int(population.sum())

    def none(reason: str, n: int = 0, years: float = 0.0) -> EventRates:
        return EventRates(n, total - n, years, window, confidence, reason=reason)

    if not cohort.given.get("adverse_events"):
        return none(NO_TABLE)
    if "at_risk_days" not in frame:
        return none(NO_END)
    if not cohort.has("adverse_events", "start"):
        return none(NO_DATES)
    at_risk = np.where(population, frame["at_risk_days"].to_numpy(dtype=float), np.nan)
    known = ~np.isnan(at_risk)
    n, years = int(known.sum()), float(np.nansum(at_risk)) / DAYS_PER_YEAR
    if not n or total - n > maximum_unknown * total:
        why = f"not known for {total - n} of {total} patients" if total else "no patients"
        return none(why, n, years)
    emergent = treatment_emergent(cohort)
    masks = kinds_of(cohort.adverse_events)
    found = {}
    for name in kinds:
        first = first_events(cohort, at_risk, emergent & masks[name][0])
        until = np.where(np.isnan(first.day), at_risk, first.day)
        inside = known & ~first.unknown
        unknown = int((known & first.unknown).sum())
        too_many = unknown > maximum_unknown * n
        reason = f"not known for {unknown} of {n} patients" if too_many else None
        found[name] = KindRate(
            _rate(
                int((~np.isnan(first.day)).sum()),
                float(until[inside].sum()) / DAYS_PER_YEAR,
                confidence,
                reason,
            ),
            _rate(int(first.counted.sum()), years, confidence),
            unknown,
        )
    return EventRates(n, total - n, years, window, confidence, found)


def _rate(count: int, years: float, confidence: float, reason: str | None = None) -> Rate:
    if reason is None and years <= 0:
        reason = NO_TIME
    if reason is not None:
        return Rate(count, years, None, None, None, reason)
    lower, upper = poisson_limits(count, confidence)
    per = PER / years
    return Rate(count, years, count * per, lower * per, upper * per)
