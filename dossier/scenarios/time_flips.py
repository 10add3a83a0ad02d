"""Which patients' events and censorings carry a median or a landmark over a threshold.

A change of a flag leaves the numbers at risk as they are: the curve before a day is a product of
one factor for each time, and a change at a time touches its factor only. The best ``k`` changes
for one day therefore follow from a choice of how many to make at each time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dossier.appraise.sentence import Comparison, Condition

__all__ = ["TimeFlips", "fewest_time_flips"]

EXHAUSTIVE: Final = 3000
"""Sets of patients tried one by one before a number is called the fewest without that proof."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Said = Callable[[Flags], str | None]


@dataclass(frozen=True, eq=False)
class TimeFlips:
    """A set of patients whose changes flip a verdict.

    Parameters
    ----------
    places
        Their positions in the arrays.
    after
        What the criterion then says.
    proven
        Whether every smaller set was tried.
    """

    places: NDArray[np.int64]
    after: str
    proven: bool


def fewest_time_flips(
    days: Floats,
    event: Flags,
    *,
    to_event: bool,
    conditions: Sequence[Condition],
    flipped: Said,
) -> TimeFlips | None:
    """Find the fewest patients whose event flag, turned round, gives another verdict.

    Parameters
    ----------
    days, event
        Times and event flags, shape (n,).
    to_event
        Turn censored patients into events; otherwise events into censored patients.
    conditions
        What the criterion asks of the endpoint.
    flipped
        What the criterion says with other flags; None where it says the same as before.
    """
    best: TimeFlips | None = None
    doubtful = any(isinstance(c, Comparison) and c.statistic != "estimate" for c in conditions)
    for day, inclusive in _days_asked(conditions):
        before = days <= day if inclusive else days < day
        effect = (_most_events if to_event else _fewest_events)(days, event, before)
        found = _first_flip(event, effect, flipped)
        if found is not None and (best is None or len(found.places) < len(best.places)):
            best = found
        smaller = effect.most if found is None else len(found.places) - 1
        doubtful |= _on_the_median(days, _turned(event, effect.of(smaller)), before)
    if not doubtful:
        return None if best is None else TimeFlips(best.places, best.after, proven=True)
    return _tried(event, to_event, flipped, best)


def _on_the_median(days: Floats, event: Flags, before: Flags) -> bool:
    """Whether the curve comes to lie on 50% exactly: how long it does then decides as well."""
    survival = 1.0
    for time in np.unique(days[before & event]):
        at_risk = (days >= time).sum()
        survival *= 1 - (event & (days == time)).sum() / at_risk
    return bool(abs(survival - 0.5) <= 1e-9)


def _days_asked(conditions: Sequence[Condition]) -> list[tuple[float, bool]]:
    """Days of which the curve decides: the threshold of a median, the day of a landmark."""
    found = []
    for condition in conditions:
        if not isinstance(condition, Comparison):
            continue
        if condition.quantity.at_days is not None:
            found.append((condition.quantity.at_days, True))
        elif condition.quantity.measure == "median" and condition.threshold.value is not None:
            # With '>', a median on the threshold itself is below it.
            found.append((float(condition.threshold.value), condition.sign in (">", "<=")))
    return list(dict.fromkeys(found))


@dataclass(frozen=True, eq=False)
class _Effect:
    """Sets of patients with most effect on the curve at a day: one for each number of them."""

    most: int
    of: Callable[[int], NDArray[np.int64]]


def _candidates(
    days: Floats, event: Flags, chosen: Flags
) -> tuple[Floats, list[NDArray[np.int64]]]:
    """At each time of the patients chosen: who passes it without the event, and the chosen."""
    times = np.unique(days[chosen])
    at_risk = len(days) - np.searchsorted(np.sort(days), times, side="left")
    happened = np.searchsorted(np.sort(days[event]), times, side="right") - np.searchsorted(
        np.sort(days[event]), times, side="left"
    )
    return (at_risk - happened).astype(float), [
        np.flatnonzero(chosen & (days == time)) for time in times
    ]


def _fewest_events(days: Floats, event: Flags, before: Flags) -> _Effect:
    """Events to take away: each further one at a time adds less, so the largest gains go first."""
    left, candidates = _candidates(days, event, before & event)
    steps = [
        ((left[j] + m + 1) / (left[j] + m) if left[j] + m > 0 else np.inf, -j, -m, places[m])
        for j, places in enumerate(candidates)
        for m in range(len(places))
    ]
    ranked = np.array([step[3] for step in sorted(steps, reverse=True)], dtype=np.int64)
    return _Effect(len(ranked), lambda k: ranked[:k])


def _most_events(days: Floats, event: Flags, before: Flags) -> _Effect:
    """Events to add: each further one at a time takes more, so the best split over the times is
    looked for."""
    left, candidates = _candidates(days, event, before & ~event)
    total = sum(len(places) for places in candidates)
    best = np.full(total + 1, np.inf)
    best[0] = 0.0
    chosen = np.zeros((len(candidates), total + 1), dtype=np.int64)
    for j, places in enumerate(candidates):
        updated = best.copy()
        for m in range(1, len(places) + 1):
            # Nobody left without the event: the curve falls to 0, and stays there.
            gain = np.log((left[j] - m) / left[j]) if left[j] > m else -1e6
            tried = np.concatenate([np.full(m, np.inf), best[:-m] + gain])
            better = tried < updated
            updated[better], chosen[j, better] = tried[better], m
        best = updated

    def of(k: int) -> NDArray[np.int64]:
        parts = [np.zeros(0, dtype=np.int64)]
        for j in range(len(candidates) - 1, -1, -1):
            m = int(chosen[j, k])
            parts.append(candidates[j][:m])
            k -= m
        return np.concatenate(parts)

    return _Effect(total, of)


def _first_flip(event: Flags, effect: _Effect, flipped: Said) -> TimeFlips | None:
    """The smallest set that flips; more effect flips all the more."""
    low, high, found = 1, effect.most, None
    if not high or flipped(_turned(event, effect.of(high))) is None:
        return None
    while low <= high:
        middle = (low + high) // 2
        after = flipped(_turned(event, effect.of(middle)))
        if after is None:
            low = middle + 1
        else:
            found, high = TimeFlips(effect.of(middle), after, proven=False), middle - 1
    return found


def _tried(event: Flags, to_event: bool, flipped: Said, best: TimeFlips | None) -> TimeFlips | None:
    """Look for a smaller set among all of them, as far as that can be done."""
    candidates = np.flatnonzero(event != to_event)
    most = len(candidates) if best is None else len(best.places) - 1
    tries = 0
    for k in range(1, most + 1):
        tries += comb(len(candidates), k)
        if tries > EXHAUSTIVE:
            return best
        for chosen in combinations(candidates.tolist(), k):
            places = np.array(chosen, dtype=np.int64)
            if (after := flipped(_turned(event, places))) is not None:
                return TimeFlips(places, after, proven=True)
    return None if best is None else TimeFlips(best.places, best.after, proven=True)


def _turned(event: Flags, places: NDArray[np.int64]) -> Flags:
    turned = event.copy()
    turned[places] = ~turned[places]
    return turned
