"""How far a criterion is from another verdict where arms are compared.

A change in one arm moves its own times and the comparison together, so everything is estimated
again for every set of patients tried. The fewest are looked for among the earliest, the latest and
the middle patients; every smaller set is tried too as long as there are few of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dossier.estimate.arms import arms_of, compare_with_reference, judged_arm, reference_arm
from dossier.estimate.model import Results
from dossier.estimate.times import time_to_event
from dossier.scenarios.running import Case

__all__ = ["COMPARED", "SIDES", "ArmFlips", "arm_flips"]

COMPARED: Final = ("pfs", "os")
SIDES: Final = ("judged arm", "reference arm")
TRIED: Final = 250
"""Sets of patients tried one by one before a number is called the fewest without that proof."""

Flags = NDArray[np.bool_]
Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ArmFlips:
    """What one lever in one arm can do.

    Parameters
    ----------
    side
        Of `SIDES`.
    to_event
        Whether censored patients would have the event, or events be censored.
    available
        Patients who could be changed.
    places
        Positions of the fewest who flip the verdict; None where none do, or where ``reason``.
    after
        What the criterion then says.
    proven
        Whether every smaller set was tried.
    reason
        Why nothing could be looked for.
    """

    side: str
    to_event: bool
    available: int
    places: Places | None = None
    after: str = ""
    proven: bool = True
    reason: str | None = None


def arm_flips(case: Case, endpoint: str, said: Callable[[Results], str]) -> Iterator[ArmFlips]:
    """The fewest patients of each arm whose events, or censoring, flip a verdict.

    Parameters
    ----------
    case
        A randomised study; the arms are the one that is judged and its reference.
    endpoint
        ``pfs`` or ``os``.
    said
        What the criterion says of other results.
    """
    masks = arms_of(case.derived.cohort, case.counted.treated)
    reference = reference_arm(case.derived.cohort, list(masks))
    frame = case.derived.frame
    days = frame[f"{endpoint}_days"].to_numpy(dtype=float)
    event = frame[f"{endpoint}_event"].to_numpy(dtype=float)
    known = ~np.isnan(days) & ~np.isnan(event)
    inside = {name: mask & case.counted.treated for name, mask in masks.items()}
    treated = judged_arm(case.results, case.derived.cohort.settings.cohort)
    if treated is None:
        return
    before = said(case.results)
    for side in SIDES:
        name = reference if side == "reference arm" else treated
        for to_event in (True, False):
            wanted = 0.0 if to_event else 1.0
            candidates = np.flatnonzero(inside[name] & known & (event == wanted))
            if not len(candidates):
                yield ArmFlips(side, to_event, 0, reason="no patients")
                continue

            def flipped(places: Places) -> str | None:
                after = said(_with_turned(case, endpoint, places, inside, reference))
                return None if after == before else after

            found = _fewest(days, candidates, flipped)
            yield replace(found, side=side, to_event=to_event, available=len(candidates))


def _with_turned(
    case: Case, endpoint: str, places: Places, inside: Mapping[str, Flags], reference: str
) -> Results:
    """The results with the event flags of some patients turned round, in both arms and between."""
    how = case.derived.cohort.settings.estimation
    frame = case.derived.frame.copy(deep=False)
    event = frame[f"{endpoint}_event"].to_numpy(dtype=float).copy()
    event[places] = 1 - event[places]
    reason = frame[f"{endpoint}_reason"].to_numpy(dtype=object).copy()
    reason[places] = ""
    frame[f"{endpoint}_event"], frame[f"{endpoint}_reason"] = event, reason
    arms = {
        name: replace(
            results,
            times={
                **results.times,
                endpoint: time_to_event(frame, inside[name], endpoint, how),
            },
        )
        for name, results in case.results.arms.items()
    }
    return replace(
        case.results,
        arms=arms,
        comparisons=compare_with_reference(frame, arms, inside, reference, how),
    )


def _fewest(
    days: NDArray[np.float64], candidates: Places, flipped: Callable[[Places], str | None]
) -> ArmFlips:
    best: Places | None = None
    after = ""
    for order in _orders(days, candidates):
        found = _first(order, flipped, len(order) if best is None else len(best) - 1)
        if found is not None:
            best, after = found
    most = len(candidates) if best is None else len(best) - 1
    tries = 0
    for k in range(1, most + 1):
        tries += comb(len(candidates), k)
        if tries > TRIED:
            return ArmFlips(
                "", False, 0, best, after, proven=False,
                reason=None if best is not None else _NOT_FOUND,
            )  # fmt: skip
        for chosen in combinations(candidates.tolist(), k):
            places = np.array(chosen, dtype=np.int64)
            if (words := flipped(places)) is not None:
                return ArmFlips("", False, 0, places, words)
    reason = None if best is not None else "no number of these patients flips it"
    return ArmFlips("", False, 0, best, after, reason=reason)


_NOT_FOUND: Final = "none was found among the earliest, the latest and all of these patients"


def _orders(days: NDArray[np.float64], candidates: Places) -> Sequence[Places]:
    """The patients by time: an early event weighs on the medians, a late one on the ratio."""
    early = candidates[np.argsort(days[candidates], kind="stable")]
    middle = candidates[
        np.argsort(np.abs(days[candidates] - np.median(days[candidates])), kind="stable")
    ]
    return (early, early[::-1], middle)


def _first(
    order: Places, flipped: Callable[[Places], str | None], most: int
) -> tuple[Places, str] | None:
    """The shortest beginning of an order that flips, found by doubling, then by halving."""
    low, high = 0, 1
    after: str | None = None
    while True:
        high = min(high, most)
        if high <= low:
            return None
        after = flipped(order[:high])
        if after is not None:
            break
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        words = flipped(order[:middle])
        if words is None:
            low = middle
        else:
            high, after = middle, words
    return order[:high], after
