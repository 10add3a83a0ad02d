"""Bootstrap: the treated patients drawn again and again, and every number estimated anew.

The resampled numbers themselves are kept, so that a later stage can say in which share of the
resamples a criterion is met.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.settings import Estimation
from dossier.estimate.many_curves import readings_batch
from dossier.estimate.model import Proportion, TimeToEvent
from dossier.estimate.outcomes import Outcome
from dossier.units import DAYS_PER_MONTH

__all__ = ["Limits", "ResampledRate", "ResampledTime", "Resamples", "drawn_weights", "resampled"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Limits:
    """Percentile limits of a number; None with ``reason`` where not reached or not estimable."""

    lower: float | None
    upper: float | None
    reason: str | None = None


@dataclass(frozen=True, eq=False)
class ResampledRate:
    """A rate in every resample.

    Parameters
    ----------
    events, n
        Patients with the outcome and in the denominator, shape (resamples,).
    limits
        Of the rate.
    """

    events: IntArray
    n: IntArray
    limits: Limits

    @property
    def estimates(self) -> FloatArray:
        """The rate in every resample; NaN where it has no denominator."""
        rates = np.full(self.n.shape, np.nan)
        np.divide(self.events, self.n, out=rates, where=self.n > 0)
        return rates


@dataclass(frozen=True, eq=False)
class ResampledTime:
    """A time-to-event endpoint in every resample.

    Parameters
    ----------
    n, events
        Patients and events, shape (resamples,).
    median_days
        Kaplan-Meier median, shape (resamples,); infinite where it is not reached, NaN where the
        resample has no patient of the endpoint.
    survival
        Share still event-free by landmark, in days; NaN beyond the follow-up of the resample.
    limits
        Of the median, in days.
    """

    n: IntArray
    events: IntArray
    median_days: FloatArray
    survival: dict[float, FloatArray]
    limits: Limits


@dataclass(frozen=True, eq=False)
class Resamples:
    """Bootstrap resamples of one cohort or arm.

    Parameters
    ----------
    resamples, seed
        How many, and what they were drawn from: the same seed gives the same resamples.
    confidence
        Level of the limits.
    rates, times
        By endpoint; those without an estimate in the cohort itself are left out.
    """

    resamples: int
    seed: int
    confidence: float
    rates: dict[str, ResampledRate] = field(default_factory=dict)
    times: dict[str, ResampledTime] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON form: the limits, without the resampled numbers."""
        result: dict[str, Any] = {
            "resamples": self.resamples,
            "seed": self.seed,
            "confidence": self.confidence,
            "method": "percentile limits of resampled patients",
        }
        for name, rate in self.rates.items():
            result[name] = _with_reason(
                {"ci_lower": rate.limits.lower, "ci_upper": rate.limits.upper}, rate.limits.reason
            )
        for name, time in self.times.items():
            lower, upper = time.limits.lower, time.limits.upper
            median = {
                "ci_lower_months": None if lower is None else lower / DAYS_PER_MONTH,
                "ci_upper_months": None if upper is None else upper / DAYS_PER_MONTH,
                "ci_lower_days": lower,
                "ci_upper_days": upper,
            }
            result[name] = {"median": _with_reason(median, time.limits.reason)}
        return result


def resampled(
    patients: pd.DataFrame,
    outcomes: Mapping[str, Outcome],
    treated: Mask,
    evaluable: Mask,
    rates: Mapping[str, Proportion],
    times: Mapping[str, TimeToEvent],
    estimation: Estimation,
) -> Resamples:
    """Draw as many of the treated patients as there are, with replacement, many times.

    Every number of a resample comes from the same patients, so that what depends on several of
    them, such as a criterion, can be judged in each resample.

    Parameters
    ----------
    patients
        Frame of the derive stage.
    outcomes
        By endpoint.
    treated, evaluable
        Populations, shape (patients,).
    rates, times
        What was estimated of the cohort itself, by endpoint.
    estimation
        ``bootstrap`` says how many resamples from which seed; ``landmarks`` are read from each.

    References
    ----------
    Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13; for censored times
    Efron, J Am Stat Assoc 1981; 76: 312-319.
    """
    asked, confidence = estimation.bootstrap, estimation.confidence
    places = np.flatnonzero(treated)
    found = Resamples(asked.resamples, asked.seed, confidence)
    if not places.size:
        return found
    weights = drawn_weights(places.size, asked.resamples, asked.seed)
    for name, outcome in outcomes.items():
        if name in rates and rates[name].estimate is not None:
            found.rates[name] = _rate(outcome, places, evaluable, weights, confidence)
    at = tuple(dict.fromkeys(landmark.days for landmark in estimation.landmarks))
    for name, time in times.items():
        if time.curve is not None and name != "follow_up":
            found.times[name] = _time(patients, name, places, weights, at, confidence)
    return found


def drawn_weights(patients: int, resamples: int, seed: int) -> NDArray[np.int32]:
    """How often each patient was drawn into each resample, shape (resamples, patients).

    Whom each place of a resample goes to is drawn, then counted: multinomial counts, some ten
    times faster than drawing the counts themselves.
    """
    rng = np.random.default_rng(seed)
    weights = np.empty((resamples, patients), dtype=np.int32)
    for row in weights:
        row[:] = np.bincount(rng.integers(0, patients, patients), minlength=patients)
    return weights


def _rate(
    outcome: Outcome,
    places: IntArray,
    evaluable: Mask,
    weights: NDArray[np.int32],
    confidence: float,
) -> ResampledRate:
    inside = evaluable[places]
    counted = inside & ~outcome.open[places]
    events = _sums(weights, inside & outcome.success[places])
    n = _sums(weights, counted)
    rate = ResampledRate(events, n, Limits(None, None))
    return ResampledRate(events, n, _percentiles(rate.estimates, confidence))


def _time(
    patients: pd.DataFrame,
    endpoint: str,
    places: IntArray,
    weights: NDArray[np.int32],
    at: tuple[float, ...],
    confidence: float,
) -> ResampledTime:
    days = patients[f"{endpoint}_days"].to_numpy(dtype=float)[places]
    event = patients[f"{endpoint}_event"].to_numpy(dtype=float)[places]
    known = ~(np.isnan(days) | np.isnan(event))
    drawn = weights[:, known] if not known.all() else weights
    some = drawn.any(axis=1)
    readings = readings_batch(days[known], event[known] == 1, drawn[some], at)
    median, survival = np.full(len(drawn), np.nan), np.full((len(drawn), len(at)), np.nan)
    median[some] = np.where(np.isnan(readings.median), np.inf, readings.median)
    survival[some] = readings.survival
    return ResampledTime(
        n=_sums(drawn, np.ones(drawn.shape[1], dtype=np.bool_)),
        events=_sums(drawn, event[known] == 1),
        median_days=median,
        survival=dict(zip(at, survival.T, strict=True)),
        limits=_percentiles(median, confidence),
    )


def _sums(weights: NDArray[np.int32], mask: Mask) -> IntArray:
    counts: IntArray = weights[:, mask].sum(axis=1, dtype=np.int64)
    return counts


def _percentiles(values: FloatArray, confidence: float) -> Limits:
    """The k-th smallest and the k-th largest value, k = (B + 1) times half the error, rounded down.

    Values are not averaged, so that one that is not reached stays a value like any other.
    """
    known = np.sort(values[~np.isnan(values)])
    k = int((known.size + 1) * (1 - confidence) / 2 + 1e-9)
    if k < 1:
        return Limits(None, None, f"too few resamples with an estimate: {known.size}")
    lower, upper = float(known[k - 1]), float(known[-k])
    absent = [side for side, v in (("lower", lower), ("upper", upper)) if np.isinf(v)]
    return Limits(
        None if np.isinf(lower) else lower,
        None if np.isinf(upper) else upper,
        f"{' and '.join(absent)} limit not reached" if absent else None,
    )


def _with_reason(result: dict[str, Any], reason: str | None) -> dict[str, Any]:
    return result if reason is None else result | {"reason": reason}
