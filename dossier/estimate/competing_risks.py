"""Cumulative incidence of progression with death as competing event (Aalen-Johansen).

One less a Kaplan-Meier estimate that censors the dead would count patients as still at risk of a
progression they cannot have any more, and so find too much of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from dossier.cohort.settings import Estimation
from dossier.estimate.kaplan_meier import normal_quantile, product_limit
from dossier.units import Duration

__all__ = [
    "CumulativeIncidence",
    "IncidenceLandmark",
    "ProgressionIncidence",
    "Share",
    "cumulative_incidence",
    "incidence_at",
    "incidence_limits",
    "progression_incidence",
]

FloatArray = NDArray[np.float64]
Mask = NDArray[np.bool_]

PROGRESSION = ("progression", "clinical progression")
DEATH = ("death",)


@dataclass(frozen=True, eq=False)
class CumulativeIncidence:
    """Incidence of one of two competing events over time.

    The arrays are parallel, shape (k,), one entry for each distinct observed time, ascending.

    Attributes
    ----------
    times : float array
        Distinct observed times.
    at_risk : int array
        Patients at risk just before each time.
    events : int array
        Patients with the event at each time.
    incidence : float array
        Probability of having had the event by each time.
    variance : float array
        Its variance, by the delta method.
    """

    times: FloatArray
    at_risk: NDArray[np.int64]
    events: NDArray[np.int64]
    incidence: FloatArray
    variance: FloatArray


@dataclass(frozen=True)
class Share:
    """An incidence with its limits; None with ``reason``."""

    estimate: float | None
    lower: float | None
    upper: float | None
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "estimate": self.estimate,
            "ci_lower": self.lower,
            "ci_upper": self.upper,
        }
        return result if self.reason is None else result | {"reason": self.reason}


@dataclass(frozen=True)
class IncidenceLandmark:
    """Share with progression, and dead without progression, by a landmark."""

    label: str
    days: float
    months: float
    at_risk: int
    progression: Share
    death: Share

    def to_dict(self) -> dict[str, Any]:
        """JSON form; the figures of the landmark itself are those of progression."""
        return {
            "label": self.label,
            "months": int(self.months) if float(self.months).is_integer() else self.months,
            "days": self.days,
            **self.progression.to_dict(),
            "death_without_progression": self.death.to_dict(),
            "at_risk": self.at_risk,
        }


@dataclass(frozen=True)
class ProgressionIncidence:
    """Time to progression with death as competing event.

    Parameters
    ----------
    n
        Patients in the analysis.
    events, competing_events, censored
        Progressions, deaths without progression, and neither.
    unknown
        Patients left out because the time or the event is not known.
    landmarks
        At the landmarks asked for.
    confidence
        Level of the limits.
    progression, death
        The curves; None where nothing can be estimated.
    reason
        Why nothing could be estimated.
    """

    n: int
    events: int
    competing_events: int
    censored: int
    unknown: int
    landmarks: tuple[IncidenceLandmark, ...]
    confidence: float
    progression: CumulativeIncidence | None = None
    death: CumulativeIncidence | None = None
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form, without the curves."""
        result: dict[str, Any] = {
            "n": self.n,
            "events": self.events,
            "competing_events": self.competing_events,
            "censored": self.censored,
            "unknown": self.unknown,
            "landmarks": [landmark.to_dict() for landmark in self.landmarks],
            "method": "aalen-johansen, log-log limits",
            "confidence": self.confidence,
        }
        return result if self.reason is None else result | {"reason": self.reason}


def progression_incidence(
    patients: pd.DataFrame, treated: Mask, estimation: Estimation
) -> ProgressionIncidence:
    """Incidence of progression among the treated, from the data of progression-free survival.

    Parameters
    ----------
    patients
        Frame of the derive stage; ``pfs_reason`` says which event ended the time.
    treated
        Population, shape (patients,).
    estimation
        Landmarks, level of the limits, share of unknown values that still allows an estimate.
    """
    days = patients["pfs_days"].to_numpy(dtype=float)[treated]
    event = patients["pfs_event"].to_numpy(dtype=float)[treated]
    reason = patients["pfs_reason"].to_numpy(dtype=object)[treated]
    progressed = (event == 1) & np.isin(reason, PROGRESSION)
    died = (event == 1) & np.isin(reason, DEATH)
    known = ~np.isnan(days) & ((event == 0) | progressed | died)
    n, unknown = int(known.sum()), int((~known).sum())
    counted = ProgressionIncidence(
        n=n,
        events=int((progressed & known).sum()),
        competing_events=int((died & known).sum()),
        censored=int((known & (event == 0)).sum()),
        unknown=unknown,
        landmarks=(),
        confidence=estimation.confidence,
    )
    why_not = None
    if not days.size:
        why_not = "no patients"
    elif unknown > estimation.maximum_unknown * days.size or not n:
        why_not = f"time or kind of event not known for {unknown} of {days.size} patients"
    if why_not is not None:
        nothing = Share(None, None, None, why_not)
        marks = tuple(
            IncidenceLandmark(str(x), x.days, x.months, 0, nothing, nothing)
            for x in estimation.landmarks
        )
        return replace(counted, landmarks=marks, reason=why_not)
    progression = cumulative_incidence(days[known], progressed[known], died[known])
    death = cumulative_incidence(days[known], died[known], progressed[known])
    return replace(
        counted,
        landmarks=tuple(
            _landmark(days[known], progression, death, landmark, estimation.confidence)
            for landmark in estimation.landmarks
        ),
        progression=progression,
        death=death,
    )


def cumulative_incidence(
    days: ArrayLike, event: ArrayLike, competing: ArrayLike
) -> CumulativeIncidence:
    """Estimate the incidence of an event that another event can prevent.

    Parameters
    ----------
    days : array_like, shape (n,)
        Observed times.
    event, competing : array_like of bool, shape (n,)
        Patients whose time ended in the event, and in the competing one; never both.

    Raises
    ------
    ValueError
        Arrays of different shape, no patients, times not finite or negative, or both events in one
        patient.

    References
    ----------
    Aalen and Johansen, Scand J Stat 1978; 5: 141-150. Variance: Marubini and Valsecchi, Analysing
    Survival Data from Clinical Trials and Observational Studies, 1995, formula 10.12.
    """
    observed = np.asarray(days, dtype=np.float64)
    had, prevented = np.asarray(event, dtype=np.bool_), np.asarray(competing, dtype=np.bool_)
    if observed.ndim != 1 or not observed.shape == had.shape == prevented.shape:
        raise ValueError("days and events must be one-dimensional and of equal length")
    if not observed.size:
        raise ValueError("no patients")
    if not (np.isfinite(observed) & (observed >= 0)).all():
        raise ValueError("days must be finite and not negative")
    if (had & prevented).any():
        raise ValueError("a time ends in one event only")
    times, position = np.unique(observed, return_inverse=True)
    leaving = np.bincount(position, minlength=times.size)
    n = leaving[::-1].cumsum()[::-1]
    own = np.bincount(position[had], minlength=times.size)
    all_events = own + np.bincount(position[prevented], minlength=times.size)
    before = np.concatenate([[1.0], product_limit(n, all_events)[:-1]])
    steps = before * own / n
    incidence = steps.cumsum()
    return CumulativeIncidence(
        times, n, own, incidence, _variance(incidence, before, n, own, all_events)
    )


def _variance(
    incidence: FloatArray,
    before: FloatArray,
    n: NDArray[np.int64],
    own: NDArray[np.int64],
    all_events: NDArray[np.int64],
) -> FloatArray:
    """Delta-method variance; each sum over earlier times is opened so that one pass does for all.

    With I the incidence at the time asked for and i that at an earlier one, a term is
    (I - i)^2 g + b^2 (n - d) d / n^3 - 2 (I - i) b d / n^2.
    """
    survivors = n - all_events
    g = np.zeros(n.size)
    # Where nobody survives a time, the incidence stays as it is: (I - i) is 0 ever after.
    np.divide(all_events, n * survivors, out=g, where=survivors > 0)
    h = before * own / n**2
    own_term = before**2 * (n - own) * own / n**3

    def total(terms: FloatArray) -> FloatArray:
        return terms.cumsum()

    squares = (
        incidence**2 * total(g) - 2 * incidence * total(incidence * g) + total(incidence**2 * g)
    )
    cross = incidence * total(h) - total(incidence * h)
    return np.maximum(squares + total(own_term) - 2 * cross, 0.0)


def _landmark(
    days: FloatArray,
    progression: CumulativeIncidence,
    death: CumulativeIncidence,
    landmark: Duration,
    confidence: float,
) -> IncidenceLandmark:
    day = landmark.days
    return IncidenceLandmark(
        str(landmark),
        day,
        landmark.months,
        int(np.count_nonzero(days >= day)),
        incidence_at(progression, day, confidence),
        incidence_at(death, day, confidence),
    )


def incidence_at(curve: CumulativeIncidence, day: float, confidence: float) -> Share:
    """The incidence by a day with log-log limits, which stay between 0 and 1."""
    if day > curve.times[-1]:
        return Share(None, None, None, "beyond follow-up")
    place = int(np.searchsorted(curve.times, day, side="right")) - 1
    estimate = float(curve.incidence[place]) if place >= 0 else 0.0
    lower, upper = (limits[place] for limits in incidence_limits(curve, confidence))
    if place < 0 or np.isnan(lower):
        return Share(estimate, None, None, "no limits where the incidence is 0 or 100 per cent")
    return Share(estimate, float(lower), float(upper))


def incidence_limits(
    curve: CumulativeIncidence, confidence: float
) -> tuple[FloatArray, FloatArray]:
    """Pointwise log-log limits at every time; NaN where the incidence is 0 or 1."""
    found = np.full((2, curve.incidence.size), np.nan)
    known = (curve.incidence > 0) & (curve.incidence < 1) & (curve.variance > 0)
    logarithm = np.log(curve.incidence[known])
    margin = normal_quantile(confidence) * np.sqrt(curve.variance[known])
    margin /= curve.incidence[known] * np.abs(logarithm)
    for row, sign in zip(found, (1, -1), strict=True):
        row[known] = np.exp(logarithm * np.exp(sign * margin))
    return found[0], found[1]
