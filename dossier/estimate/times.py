"""Time-to-event endpoints of a cohort: Kaplan-Meier medians, landmarks, follow-up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.settings import Estimation
from dossier.estimate.kaplan_meier import (
    KaplanMeier,
    at_risk_on,
    kaplan_meier,
    quantile,
    survival_at,
)
from dossier.estimate.model import Landmark, Median, Simple, TimeToEvent
from dossier.estimate.restricted_mean import RestrictedMeanTime, restricted_mean_time
from dossier.estimate.time_counts import lasting, tallied
from dossier.units import Duration

Mask = NDArray[np.bool_]

_NO_RESPONDERS = "no responders"


def time_to_event(
    patients: pd.DataFrame,
    population: Mask,
    endpoint: str,
    estimation: Estimation,
    *,
    nobody: str = "no patients",
) -> TimeToEvent:
    """Estimate one time-to-event endpoint.

    Parameters
    ----------
    patients
        Frame of the derive stage, with ``<endpoint>_days``, ``_event`` and ``_reason``.
    population
        Patients of the endpoint, shape (patients,).
    endpoint
        ``pfs``, ``os`` or ``dor``.
    nobody
        Reason to give when the population is empty.
    """
    days = patients[f"{endpoint}_days"].to_numpy(dtype=float)[population]
    event = patients[f"{endpoint}_event"].to_numpy(dtype=float)[population]
    reasons = patients[f"{endpoint}_reason"].to_numpy(dtype=object)[population]
    known = ~(np.isnan(days) | np.isnan(event))
    censoring = {}
    if f"{endpoint}_censoring" in patients:
        why = patients[f"{endpoint}_censoring"].to_numpy(dtype=object)[population]
        censoring = tallied(why[known & (event == 0)])
    unknown_reasons = tallied(reasons[~known])
    unknown = int((~known).sum())
    days, event, reasons = days[known], event[known].astype(bool), reasons[known]
    if not len(days) + unknown:
        return _nothing(0, 0, 0, estimation, nobody)
    events = int(event.sum())
    if unknown > estimation.maximum_unknown * (len(days) + unknown) or not len(days):
        reason = f"not known for {unknown} of {len(days) + unknown} patients"
        return _nothing(len(days), events, unknown, estimation, reason, unknown_reasons)
    curve = kaplan_meier(days, event, limits=estimation.ci, confidence=estimation.confidence)
    first, last = int(np.argmin(days)), int(np.argmax(days))
    return TimeToEvent(
        n=len(days),
        events=events,
        censored=len(days) - events,
        median=_median(curve, events),
        landmarks=tuple(landmark_of(curve, landmark) for landmark in estimation.landmarks),
        limits=estimation.ci,
        confidence=estimation.confidence,
        unknown=unknown,
        event_types=tallied(reasons[event]),
        censoring_reasons=tallied(reasons[~event]),
        unknown_reasons=unknown_reasons,
        range_days=(
            (float(days[first]), not event[days == days[first]].any()),
            (float(days[last]), not event[days == days[last]].all()),
        ),
        curve=curve,
        restricted_mean=_restricted_mean(curve, estimation),
        censoring=censoring,
    )


def duration_of_response(
    patients: pd.DataFrame, responders: Mask, estimation: Estimation
) -> TimeToEvent:
    """Duration of response, with the shares that lasted so long.

    Parameters
    ----------
    patients
        Frame of the derive stage.
    responders
        Patients with a response, shape (patients,).
    """
    time = times_of_response(patients, responders, estimation)
    days, event = (
        patients[f"dor_{name}"].to_numpy(dtype=float)[responders] for name in ("days", "event")
    )
    known = ~(np.isnan(days) | np.isnan(event))
    shares = lasting(
        days[known],
        event[known] == 1,
        int((~known).sum()),
        estimation.lasting_response,
        estimation,
        _NO_RESPONDERS,
    )
    return replace(time, lasting=shares)


def times_of_response(
    patients: pd.DataFrame, responders: Mask, estimation: Estimation
) -> TimeToEvent:
    """Duration of response at its own landmarks and those of every endpoint."""
    landmarks = {
        landmark.days: landmark
        for landmark in (*estimation.response_landmarks, *estimation.landmarks)
    }
    asked = estimation.model_copy(
        update={"landmarks": tuple(landmarks[days] for days in sorted(landmarks))}
    )
    return time_to_event(patients, responders, "dor", asked, nobody=_NO_RESPONDERS)


def follow_up(patients: pd.DataFrame, population: Mask, estimation: Estimation) -> TimeToEvent:
    """Median follow-up by reverse Kaplan-Meier on the survival data (Schemper and Smith, Control
    Clin Trials 1996): being censored is the event, and a death leaves the risk set first."""
    days = patients["follow_up_days"].to_numpy(dtype=float)[population]
    died = patients["follow_up_event"].to_numpy(dtype=float)[population]
    known = ~(np.isnan(days) | np.isnan(died))
    unknown = int((~known).sum())
    days, died = days[known], died[known].astype(bool)
    total = len(days) + unknown
    if not total:
        return _nothing(0, 0, 0, estimation, "no patients")
    if unknown > estimation.maximum_unknown * total or not len(days):
        reason = f"not known for {unknown} of {total} patients"
        return _nothing(len(days), int((~died).sum()), unknown, estimation, reason)
    curve = kaplan_meier(
        days, died, limits=estimation.ci, confidence=estimation.confidence, reverse=True
    )
    censored = int((~died).sum())
    return TimeToEvent(
        n=len(days),
        events=censored,
        censored=len(days) - censored,
        median=_median(curve, censored),
        landmarks=(),
        limits=estimation.ci,
        confidence=estimation.confidence,
        unknown=unknown,
        curve=curve,
    )


def observed_times(days: NDArray[np.float64], nobody: str) -> Simple:
    """Median and range of times that were all observed, in days."""
    if not len(days):
        return Simple(0, None, None, None, nobody)
    return Simple(len(days), float(np.median(days)), float(days.min()), float(days.max()))


def _median(curve: KaplanMeier, events: int) -> Median:
    return median_with_reason(*quantile(curve), events)


def median_with_reason(
    days: float | None, lower: float | None, upper: float | None, events: int
) -> Median:
    """A median and its limits, None where not reached, with the reason for what is missing."""
    reasons = []
    if days is None:
        reasons.append("not reached" if events else "not reached: no events")
    elif lower is None or upper is None:
        sides = [side for side, limit in (("lower", lower), ("upper", upper)) if limit is None]
        reasons.append(f"{' and '.join(sides)} limit not reached")
    return Median(
        days=days,
        ci_lower_days=lower,
        ci_upper_days=upper,
        reached=days is not None,
        reason="; ".join(reasons) or None,
    )


def _restricted_mean(
    curve: KaplanMeier | None, estimation: Estimation, reason: str = ""
) -> RestrictedMeanTime | None:
    if estimation.restricted_mean is None:
        return None
    if curve is None:
        return RestrictedMeanTime(None, None, None, None, 0, reason)
    return restricted_mean_time(curve, estimation)


def landmark_of(curve: KaplanMeier, landmark: Duration) -> Landmark:
    """The share still event-free at a landmark, with its limits."""
    at_risk = int(at_risk_on(curve, [landmark.days])[0])
    found = survival_at(curve, landmark.days)
    if found is None:
        return Landmark(
            str(landmark), landmark.days, landmark.months, None, None, None, at_risk,
            "beyond follow-up",
        )  # fmt: skip
    no_limits = found.lower is None or found.upper is None
    return Landmark(
        str(landmark),
        landmark.days,
        landmark.months,
        found.estimate,
        found.lower,
        found.upper,
        at_risk,
        "no limits where the curve is at 0 or 100 per cent" if no_limits else None,
    )


def _nothing(
    n: int,
    events: int,
    unknown: int,
    estimation: Estimation,
    reason: str,
    unknown_reasons: dict[str, int] | None = None,
) -> TimeToEvent:
    return TimeToEvent(
        n=n,
        events=events,
        censored=n - events,
        median=Median(None, None, None, reached=False, reason=reason),
        landmarks=tuple(
            Landmark(str(x), x.days, x.months, None, None, None, 0, reason)
            for x in estimation.landmarks
        ),
        limits=estimation.ci,
        confidence=estimation.confidence,
        unknown=unknown,
        unknown_reasons=unknown_reasons or {},
        reason=reason,
        restricted_mean=_restricted_mean(None, estimation, reason),
    )
