"""Deaths of the treated patients: how long after the last dose, of what, and whether related."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.model import Cohort
from dossier.derive.adverse_events import FATAL, treatment_emergent
from dossier.derive.deaths import TIMINGS
from dossier.estimate.vital_status import vital_status

__all__ = [
    "NO_CAUSE",
    "DeathCounts",
    "death_counts",
    "with_fatal_event",
    "with_related_fatal_event",
]

NO_CAUSE: Final = "not recorded"
NOT_RECORDED: Final = "deaths are not recorded"
NO_EVENTS: Final = "no adverse event table was given"
NO_RELATION: Final = "the input does not say which adverse events were fatal and related"


@dataclass(frozen=True)
class DeathCounts:
    """Deaths on or before the data cut-off.

    Parameters
    ----------
    n
        Treated patients.
    deaths
        Of these, known to have died; None with ``reason`` where deaths are not recorded.
    window_days
        Days after the last dose that count as within.
    unknown
        Patients of whom it is not known whether they died; None without deaths.
    too_many_unknown
        Whether they are more than ``estimation.maximum_unknown``: too many for a share of deaths.
    timing
        Deaths ``within`` the window, ``later``, and ``not known``, each by recorded cause, most
        frequent first.
    fatal_without_death
        Patients with an adverse event of grade 5 of whom no death is recorded: one of the two is
        wrong. None without deaths or grades.
    related
        Patients with a treatment-related adverse event of grade 5; None with ``related_reason``.
    """

    n: int
    deaths: int | None
    window_days: int
    unknown: int | None = None
    too_many_unknown: bool = False
    timing: dict[str, dict[str, int]] = field(default_factory=dict)
    fatal_without_death: int | None = None
    related: int | None = None
    related_reason: str | None = None
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {"n": self.n, "deaths": self.deaths}
        if self.reason is not None:
            result["reason"] = self.reason
        else:
            result["status_unknown"] = self.unknown
            result["window_days"] = self.window_days
            result["timing"] = {
                name: {"deaths": sum(causes.values()), "causes": causes}
                for name, causes in self.timing.items()
            }
            if self.fatal_without_death is not None:
                result["fatal_without_death"] = self.fatal_without_death
        related: dict[str, Any] = {"events": self.related}
        if self.related_reason is not None:
            related["reason"] = self.related_reason
        return result | {"related_fatal_event": related}


def death_counts(cohort: Cohort, frame: pd.DataFrame, population: NDArray[np.bool_]) -> DeathCounts:
    """Count deaths by time since the last dose and by cause.

    Parameters
    ----------
    cohort
        The cohort as read.
    frame
        Frame of the derive stage, with ``death_timing`` and ``death_cause`` where recorded.
    population
        Treated patients, shape (patients,).
    """
    n, window = int(population.sum()), cohort.settings.derivation.death_window_days
    related, why = None, None
    if not cohort.given.get("adverse_events"):
        why = NO_EVENTS
    elif not (cohort.has("adverse_events", "grade") and cohort.has("adverse_events", "related")):
        why = NO_RELATION
    else:
        related = int((with_related_fatal_event(cohort) & population).sum())
    if "death_timing" not in frame:
        return DeathCounts(
            n, None, window, related=related, related_reason=why, reason=NOT_RECORDED
        )
    timing = frame["death_timing"].to_numpy(dtype=object)
    cause = np.where(frame["death_cause"] == "", NO_CAUSE, frame["death_cause"])
    found = {}
    for name in TIMINGS:
        counted = Counter(str(each) for each in cause[population & (timing == name)])
        found[name] = dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
    without = None
    if cohort.has("adverse_events", "grade"):
        without = int((with_fatal_event(cohort) & (timing == "") & population).sum())
    total = sum(sum(causes.values()) for causes in found.values())
    unknown = int((population & vital_status(frame).unknown).sum())
    return DeathCounts(
        n=n,
        deaths=total,
        window_days=window,
        unknown=unknown,
        too_many_unknown=unknown > cohort.settings.estimation.maximum_unknown * n,
        timing=found,
        fatal_without_death=without,
        related=related,
        related_reason=why,
    )


def with_related_fatal_event(cohort: Cohort) -> NDArray[np.bool_]:
    """Patients with a treatment-related adverse event of grade 5, shape (patients,)."""
    return with_fatal_event(cohort, (cohort.adverse_events["related"] == 1).to_numpy())


def with_fatal_event(cohort: Cohort, among: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """Patients with an adverse event of grade 5, among some events, shape (patients,)."""
    events = cohort.adverse_events
    fatal = (events["grade"] == FATAL).to_numpy()
    if among is not None:
        fatal &= among
    found = np.zeros(len(cohort.patients), dtype=np.bool_)
    found[events["patient"].to_numpy(dtype=np.int64)[fatal & treatment_emergent(cohort)]] = True
    return found
