"""Counts beside a time-to-event endpoint: censoring by reason, other rule sets, lasting times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.settings import Estimation
from dossier.derive.rule_sets import RULE_SETS, endpoint_under
from dossier.estimate.outcomes import proportion
from dossier.units import Duration

if TYPE_CHECKING:
    from dossier.estimate.model import Proportion

__all__ = ["Lasting", "RuleSetCounts", "counts_by_rule_set", "lasting", "tallied"]

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class RuleSetCounts:
    """Events and censoring under one rule set.

    Parameters
    ----------
    n, events, censored, unknown
        Patients in the analysis, how they ended, and those left out.
    event_types, censoring
        Events by type and censored patients by reason: together ``n``.
    in_force
        Whether the settings ask for this rule set.
    """

    n: int
    events: int
    censored: int
    unknown: int
    event_types: dict[str, int]
    censoring: dict[str, int]
    in_force: bool = False

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "n": self.n,
            "events": self.events,
            "event_types": self.event_types,
            "censored": self.censored,
            "censoring": self.censoring,
            "unknown": self.unknown,
        }


@dataclass(frozen=True)
class Lasting:
    """The share of times that lasted at least so long.

    A time censored before is too early: it is in no denominator and counts as no failure.
    """

    label: str
    days: float
    months: float
    share: Proportion

    def to_dict(self) -> dict[str, Any]:
        """JSON form; whole months are printed as whole numbers."""
        months = int(self.months) if float(self.months).is_integer() else self.months
        return {"label": self.label, "months": months, "days": self.days} | self.share.to_dict()


def tallied(reasons: NDArray[np.object_]) -> dict[str, int]:
    """How often each reason comes up, the most frequent first."""
    counted: Counter[str] = Counter(reasons.tolist())
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def counts_by_rule_set(
    patients: pd.DataFrame, population: Mask, in_force: str
) -> dict[str, RuleSetCounts]:
    """Progression-free survival by reason under every rule set that was derived.

    Parameters
    ----------
    patients
        Frame of the derive stage.
    population
        Patients to count, shape (patients,).
    in_force
        ``derivation.pfs``.
    """
    found = {}
    for name in RULE_SETS:
        endpoint = "pfs" if name == in_force else endpoint_under(name)
        if f"{endpoint}_censoring" in patients:
            found[name] = _counts(patients, population, endpoint, in_force=name == in_force)
    # Without visits there is one set of times and nothing to compare.
    return found if len(found) > 1 else {}


def _counts(
    patients: pd.DataFrame, population: Mask, endpoint: str, *, in_force: bool
) -> RuleSetCounts:
    days, event = (
        patients[f"{endpoint}_{name}"].to_numpy(dtype=float)[population]
        for name in ("days", "event")
    )
    reason, censoring = (
        patients[f"{endpoint}_{name}"].to_numpy(dtype=object)[population]
        for name in ("reason", "censoring")
    )
    known = ~(np.isnan(days) | np.isnan(event))
    ended, open_ = known & (event == 1), known & (event == 0)
    return RuleSetCounts(
        n=int(known.sum()),
        events=int(ended.sum()),
        censored=int(open_.sum()),
        unknown=int((~known).sum()),
        event_types=tallied(reason[ended]),
        censoring=tallied(censoring[open_]),
        in_force=in_force,
    )


def lasting(
    days: Floats,
    event: Mask,
    unknown: int,
    durations: Sequence[Duration],
    estimation: Estimation,
    nobody: str,
) -> tuple[Lasting, ...]:
    """Shares of times that lasted at least so long, observed rather than estimated.

    Parameters
    ----------
    days, event
        Times and whether each ended, of all patients whose time is known.
    unknown
        Patients whose time is not known.
    durations
        ``estimation.lasting_response``.
    nobody
        Reason to give where there is nobody at all.
    """
    found = []
    for duration in durations:
        lasted = days >= duration.days
        failed = ~lasted & event
        n = int(lasted.sum() + failed.sum())
        early = int(len(days) - n)
        share = proportion(
            int(lasted.sum()), n, estimation, too_early=early, unknown=unknown, nobody=nobody
        )
        found.append(Lasting(str(duration), duration.days, duration.months, share))
    return tuple(found)
