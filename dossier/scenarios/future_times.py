"""Survival times as they may be after more follow-up: the remaining time of those without an event.

Patients without an event stay under observation for a stated time longer. What is left of their
time to the event is exponential, with a rate drawn anew for every draw from its gamma posterior
under the prior 1/rate (Bagiella and Heitjan, Stat Med 2001; 20: 2055-2063), or follows the
Kaplan-Meier curve from where they are, continued exponentially after its last event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from dossier.derive.model import Patients

__all__ = ["Remaining", "followed_on", "medians", "survival_at", "under_observation"]

Remaining = Literal["exponential", "kaplan-meier"]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

_ENDED: Final = ("NEW-THERAPY", "MISSED-ASSESSMENTS")
"""Rules of censoring that end the observation whatever comes later."""


@dataclass(frozen=True, eq=False)
class Future:
    """Times and event flags after more follow-up, shape (draws, patients), sorted by time.

    Of equal times events come first.
    """

    days: Floats
    event: Flags
    weight: Floats


def under_observation(patients: Patients, endpoint: str) -> Flags:
    """Patients who were censored only because nothing has happened yet, shape (patients,)."""
    frame = patients.frame
    rules = frame[f"{endpoint}_rule"].to_numpy(dtype=object)
    ended = np.array([str(rule).endswith(_ENDED) for rule in rules], dtype=np.bool_)
    found: Flags = (frame[f"{endpoint}_event"].to_numpy(dtype=float) == 0) & ~ended
    return found


def followed_on(
    days: Floats,
    event: Flags,
    observed_on: Flags,
    more_days: float,
    weight: Floats,
    rng: np.random.Generator,
    remaining: Remaining = "exponential",
) -> Future:
    """Draw what happens to patients in so many days more.

    Parameters
    ----------
    days, event, observed_on
        Times, event flags and who stays under observation, shape (patients,).
    more_days
        Further follow-up of each.
    weight
        How often each patient counts, shape (draws, patients).
    rng
        The source of the draws.
    remaining
        How the remaining time is distributed.

    Raises
    ------
    ValueError
        When there is further follow-up and no event to learn from.
    """
    left = np.full(weight.shape, np.inf)
    if more_days > 0:
        events, total = int(event.sum()), float(days.sum())
        if not events or total <= 0:
            raise ValueError("no event was observed")
        rate = rng.gamma(events, 1 / total, size=(len(weight), 1))
        left = rng.exponential(size=weight.shape) / rate
        if remaining == "kaplan-meier":
            left = _from_curve(days, event, left, rng.random(weight.shape))
    happens = observed_on & (left <= more_days)
    later = days + np.where(observed_on, np.minimum(left, more_days), 0.0)
    flags = np.where(observed_on, happens, event)
    order = np.lexsort((~flags, later), axis=1)
    return Future(
        np.take_along_axis(later, order, axis=1),
        np.take_along_axis(flags, order, axis=1),
        np.take_along_axis(weight, order, axis=1),
    )


def _from_curve(days: Floats, event: Flags, tail: Floats, uniform: Floats) -> Floats:
    """Remaining times by the Kaplan-Meier curve from each patient's own day on."""
    times = np.unique(days[event])
    at_risk = (days[:, None] >= times).sum(axis=0)
    died = ((days[:, None] == times) & event[:, None]).sum(axis=0)
    survival = np.cumprod(1 - died / at_risk)
    now = np.concatenate([[1.0], survival])[np.searchsorted(times, days, side="right")]
    wanted = uniform * now
    # The first time at which the curve is at or below what was drawn; beyond it, the tail.
    place = np.searchsorted(-survival, -wanted, side="left")
    inside = place < len(times)
    until = times[np.minimum(place, len(times) - 1)] - days
    beyond = np.maximum(times[-1] - days, 0.0) + tail
    found: Floats = np.where(inside, until, beyond)
    return found


def _curve(future: Future) -> Floats:
    """Survival after each entry, shape (draws, patients)."""
    at_risk = np.cumsum(future.weight[:, ::-1], axis=1)[:, ::-1]
    lost = np.where(future.event, future.weight, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(at_risk > 0, 1 - lost / at_risk, 1.0)
    return np.asarray(np.cumprod(factor, axis=1), dtype=np.float64)


def medians(future: Future) -> tuple[Floats, Floats]:
    """The median of each draw, NaN where it is not reached, and the last observed time.

    On a plateau at exactly one half it is the middle of the plateau, as in the estimates.
    """
    survival = _curve(future)
    days = future.days
    counted = future.weight > 0
    last = np.where(counted, days, -np.inf).max(axis=1)
    below = survival <= 0.5 * (1 + 1e-9)
    reached = below.any(axis=1)
    first = below.argmax(axis=1)
    rows = np.arange(len(days))
    found = np.where(reached, days[rows, first], np.nan)
    flat = reached & np.isclose(survival[rows, first], 0.5, rtol=1e-9, atol=0)
    for row in np.flatnonzero(flat):
        later = counted[row] & future.event[row] & (days[row] > days[row, first[row]])
        # Events on the very day take the curve below one half at once.
        level = survival[row][days[row] == days[row, first[row]]].min()
        if level < 0.5 * (1 - 1e-9):
            continue
        end = days[row][later].min() if later.any() else last[row]
        found[row] = (found[row] + end) / 2
    return found, last


def survival_at(future: Future, day: float) -> Floats:
    """Survival of each draw on a day, NaN beyond the last observed time."""
    survival = _curve(future)
    before = (future.days <= day).sum(axis=1)
    rows = np.arange(len(future.days))
    value = np.where(before > 0, survival[rows, np.maximum(before - 1, 0)], 1.0)
    last = np.where(future.weight > 0, future.days, -np.inf).max(axis=1)
    found: Floats = np.where((last >= day) | (value <= 0), value, np.nan)
    return found
