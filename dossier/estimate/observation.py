"""How completely the treated patients were observed: follow-up and planned tumour assessments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.model import Cohort
from dossier.derive.censoring import lost_to_follow_up
from dossier.derive.schedule import interval_in_force
from dossier.derive.timeline import NEVER, timeline_of
from dossier.derive.visits import assessment_days, read_by
from dossier.estimate.vital_status import vital_status
from dossier.units import DAYS_PER_MONTH

# How people write why a patient was seen no more.
CUTOFF_UNKNOWN: Final = "data cut-off not known"
NO_START: Final = "treatment start not known"
NO_SCHEDULE: Final = "no schedule of assessments is declared"
NO_REASONS: Final = "no reasons for the end of treatment were given"
NOTHING_DUE: Final = "no assessment was due yet"

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ratio:
    """What was observed of what could have been; None with a reason where that is not known.

    Parameters
    ----------
    observed, possible
        Days of follow-up, or assessments.
    patients
        Patients in the ratio.
    unknown
        Treated patients left out of it. Where they are more than ``estimation.maximum_unknown``
        there is a reason, and no estimate.
    """

    observed: float
    possible: float
    patients: int
    unknown: int = 0
    reason: str | None = None

    @property
    def estimate(self) -> float | None:
        """The ratio, 0-1."""
        return None if self.reason is not None else self.observed / self.possible

    def to_dict(self, observed: str, possible: str) -> dict[str, Any]:
        """JSON form, the two numbers by these names."""
        result: dict[str, Any] = {
            "patients": self.patients,
            "unknown": self.unknown,
            observed: self.observed,
            possible: self.possible,
            "estimate": self.estimate,
        }
        return result if self.reason is None else result | {"reason": self.reason}


@dataclass(frozen=True)
class Observation:
    """How completely the treated patients were observed.

    Parameters
    ----------
    n
        Treated patients.
    died, alive, status_unknown
        Those known to have died on or before the data cut-off, those alive when last seen, and
        those of whom neither is known; together ``n``.
    lost
        Those not known to have died whose reason for the end of treatment says that they were lost
        to follow-up; None where the input has no reasons.
    minimum_days
        From the start of treatment of the last patient to the data cut-off: the follow-up that
        every patient could have had; None with `minimum_reason`.
    completeness
        Observed follow-up over potential follow-up, in days: of a patient who died until death, of
        everybody else until the data cut-off (index C of Clark, Altman and De Stavola, Lancet
        2002;359:1309-1310).
    assessments
        Planned tumour assessments done over those due.
    """

    n: int
    died: int
    alive: int
    status_unknown: int
    lost: int | None
    minimum_days: float | None
    minimum_reason: str | None
    completeness: Ratio
    assessments: Ratio

    def to_dict(self) -> dict[str, Any]:
        """Section ``observation`` of results.json."""
        days = self.minimum_days
        minimum: dict[str, Any] = {
            "months": None if days is None else days / DAYS_PER_MONTH,
            "days": days,
        }
        if self.minimum_reason is not None:
            minimum["reason"] = self.minimum_reason
        lost: dict[str, Any] = {"patients": self.lost}
        if self.lost is None:
            lost["reason"] = NO_REASONS
        return {
            "n": self.n,
            "died": self.died,
            "alive": self.alive,
            "status_unknown": self.status_unknown,
            "lost_to_follow_up": lost,
            "minimum_potential_follow_up": minimum,
            "completeness": self.completeness.to_dict("observed_days", "potential_days"),
            "assessments": self.assessments.to_dict("done", "due"),
        }


def observation(cohort: Cohort, frame: pd.DataFrame, treated: Mask) -> Observation:
    """Describe how completely the treated patients were observed.

    Parameters
    ----------
    cohort
        The cohort as read.
    frame
        Frame of the derive stage.
    treated
        Treated patients, shape (patients,).
    """
    status = vital_status(frame)
    died = status.died
    potential = _days_to_cutoff(cohort)
    known = treated & ~np.isnan(potential)
    minimum = float(potential[known].min()) if known.any() else None
    why = CUTOFF_UNKNOWN if cohort.data_cutoff is None else NO_START
    return Observation(
        n=int(treated.sum()),
        died=int((treated & died).sum()),
        alive=int((treated & status.alive).sum()),
        status_unknown=int((treated & status.unknown).sum()),
        lost=_lost(cohort, treated & ~died),
        minimum_days=minimum,
        minimum_reason=why if minimum is None else None,
        completeness=_enough(cohort, _completeness(frame, treated, died, potential, why)),
        assessments=_enough(cohort, _assessments(cohort, frame, treated)),
    )


def _enough(cohort: Cohort, ratio: Ratio) -> Ratio:
    """The ratio, not estimated where it leaves out too many patients."""
    total = ratio.patients + ratio.unknown
    if ratio.reason or ratio.unknown <= cohort.settings.estimation.maximum_unknown * total:
        return ratio
    return replace(ratio, reason=f"not known for {ratio.unknown} of {total} patients")


def _lost(cohort: Cohort, not_died: Mask) -> int | None:
    if not cohort.has("patients", "end_of_treatment_reason"):
        return None
    return int((lost_to_follow_up(cohort) & not_died).sum())


def _days_to_cutoff(cohort: Cohort) -> Floats:
    """Days from the start of treatment to the data cut-off, NaN where unknown."""
    if cohort.data_cutoff is None:
        return np.full(len(cohort.patients), np.nan)
    span = pd.Timestamp(cohort.data_cutoff) - cohort.patients["treatment_start"]
    days: Floats = (span / pd.Timedelta(days=1)).to_numpy(dtype=np.float64)
    return days


def _completeness(
    frame: pd.DataFrame, treated: Mask, died: Mask, potential: Floats, why: str
) -> Ratio:
    observed = frame["follow_up_days"].to_numpy(dtype=float)
    possible = np.where(died, observed, potential)
    inside = treated & ~np.isnan(observed) & ~np.isnan(possible)
    unknown = int((treated & ~inside).sum())
    seen = float(np.minimum(observed, possible)[inside].sum())
    could = float(possible[inside].sum())
    if could > 0:
        return Ratio(seen, could, int(inside.sum()), unknown)
    reason = why if np.isnan(potential[treated]).any() else "no follow-up yet"
    reason = "no patients" if not treated.any() else reason
    return Ratio(seen, could, int(inside.sum()), unknown, reason)


def _assessments(cohort: Cohort, frame: pd.DataFrame, treated: Mask) -> Ratio:
    """Planned assessments done over those due until progression, death, new therapy or cut-off.

    A planned assessment is due once its day has come (of a patient still under observation: its
    window has passed), and done where there is one within ``visit_window_days`` of it.
    """
    options = cohort.settings.derivation
    n = int(treated.sum())
    if not options.schedule:
        return Ratio(0.0, 0.0, 0, n, NO_SCHEDULE)
    timeline = timeline_of(cohort)
    event = frame["pfs_event"].to_numpy(dtype=float) == 1
    end = np.minimum.reduce([timeline.cutoff, timeline.new_therapy, timeline.death])
    end = np.where(event, np.fmin(frame["pfs_days"].to_numpy(dtype=float), end), end)
    known = treated & np.isfinite(end) & (end < NEVER)
    if not known.any():
        return Ratio(0.0, 0.0, 0, n, CUTOFF_UNKNOWN if cohort.data_cutoff is None else NO_START)
    day = assessment_days(cohort, timeline)
    whose = cohort.assessments["patient"].to_numpy(dtype=np.int64)
    used = read_by(cohort) & np.isfinite(day)
    whose, day = whose[used], day[used]
    early = day <= end[whose]
    whose, day = whose[early], day[early]
    window = options.visit_window_days
    planned = np.zeros(len(end))
    due = done = 0
    while True:
        planned = planned + interval_in_force(planned, options)
        open_ = known & (planned - window <= end) & (planned < NEVER)
        if not open_.any():
            break
        there = np.zeros(len(end), dtype=np.bool_)
        there[whose[np.abs(day - planned[whose]) <= window]] = True
        came = planned + np.where(event, 0, window) <= end
        due += int((open_ & (came | there)).sum())
        done += int((open_ & there).sum())
    reason = None if due else NOTHING_DUE
    return Ratio(float(done), float(due), int(known.sum()), n - int(known.sum()), reason)
