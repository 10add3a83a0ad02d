"""How the sum of target lesions changed in each patient: the data of waterfall and spider."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dossier.cohort.columns import RESPONSES
from dossier.derive.progression import progression_day
from dossier.derive.readings import readings_of
from dossier.derive.timeline import Floats, Integers, timeline_of
from dossier.derive.visits import NE, Visits, assessment_days, read_by
from dossier.evaluation import Evaluation

# Why a treated patient has no change in size to show, in the order they are asked.
NOT_MEASURED_BEFORE, NOT_MEASURED_AFTER = "no_baseline", "no_measurement"


@dataclass(frozen=True)
class TumourCourse:
    """One patient's target lesions, from the start of treatment to the end of observation.

    Parameters
    ----------
    patient
        Identifier.
    best_response
        Best overall response, as in the tables.
    days
        Days of the measurements after baseline, increasing.
    changes
        Sum of diameters over that at baseline, less 1: -0.3 is 30% smaller.
    elsewhere
        Whether progression outside the target lesions (a new lesion, or other lesions PD) was
        recorded on that day.
    progressed_elsewhere
        Whether it was recorded on any day of the observation.
    last_response
        Overall response at the last assessment on or before the end of observation; ``""`` where
        there is none.
    """

    patient: str
    best_response: str
    days: tuple[float, ...]
    changes: tuple[float, ...]
    elsewhere: tuple[bool, ...]
    progressed_elsewhere: bool
    last_response: str

    @property
    def best_change(self) -> float:
        """The smallest sum after baseline, as a change."""
        return min(self.changes)

    @property
    def shrank_but_progressed(self) -> bool:
        """Whether the best change is a decrease that lesions elsewhere contradict: they progressed
        at the visit it was seen, or made progression the best response."""
        if self.best_change >= 0:
            return False
        seen = self.elsewhere[self.changes.index(self.best_change)]
        return seen or (self.best_response == "PD" and self.progressed_elsewhere)


@dataclass(frozen=True)
class TumourSizes:
    """The target lesions of a cohort.

    Parameters
    ----------
    courses
        Treated patients with a sum of diameters at baseline and afterwards, in the order of the
        patients file.
    treated
        All treated patients.
    missing
        Treated patients not in ``courses``, by reason: ``no_baseline`` (no sum above 0 on or
        before the start) and ``no_measurement`` (none after it).
    elsewhere_recorded
        Whether the files say anything of new lesions or of other lesions.
    """

    courses: tuple[TumourCourse, ...]
    treated: int
    missing: dict[str, int]
    elsewhere_recorded: bool


def tumour_sizes(evaluation: Evaluation) -> TumourSizes:
    """Changes of the sum of target lesions of every treated patient.

    Measurements count after the start of treatment, up to and including the first progression, and
    not after a new anticancer therapy or the data cut-off. An assessment that was not evaluable
    does not count: a sum that leaves out a lesion looks like a decrease. Of several sums on one
    day the largest counts. Baseline is the last sum on or before the start of treatment.
    """
    cohort, frame = evaluation.cohort, evaluation.patients.frame
    treated = frame["treated"].to_numpy(dtype=bool)
    known = any(cohort.has("assessments", x) for x in ("new_lesion", "non_target_response"))
    if not cohort.has("assessments", "target_sum_mm"):
        none = {NOT_MEASURED_BEFORE: int(treated.sum()), NOT_MEASURED_AFTER: 0}
        return TumourSizes((), int(treated.sum()), none, known)
    timeline = timeline_of(cohort)
    visits = readings_of(cohort, timeline).visits
    progressed = progression_day(visits, timeline, cohort.settings.derivation)
    end = np.minimum(progressed, np.minimum(timeline.new_therapy, timeline.cutoff))
    end = np.minimum(end, timeline.death)

    table = cohort.assessments
    patient = table["patient"].to_numpy(dtype=np.int64)
    day = assessment_days(cohort, timeline)
    size = np.where(read_by(cohort), table["target_sum_mm"].to_numpy(dtype=np.float64), np.nan)
    baseline = _baseline(patient, day, size, len(frame))
    unseen = (table["response"] == "NE") | (table["target_response"] == "NE")
    counted = np.isfinite(size) & (day > 0) & (day <= end[patient])
    counted &= ~unseen.to_numpy(dtype=bool) & (baseline > 0)[patient] & treated[patient]
    rows = np.flatnonzero(counted)
    rows = rows[np.lexsort((size[rows], day[rows], patient[rows]))]
    changes: dict[int, dict[float, float]] = {}
    for row in rows.tolist():
        change = float(size[row] / baseline[patient[row]] - 1)
        changes.setdefault(int(patient[row]), {})[float(day[row])] = change

    elsewhere = ((table["new_lesion"] == 1) | (table["non_target_response"] == "PD")).to_numpy()
    elsewhere = elsewhere & read_by(cohort) & (day > 0) & (day <= end[patient])
    days_elsewhere: dict[int, set[float]] = {}
    for row in np.flatnonzero(elsewhere).tolist():
        days_elsewhere.setdefault(int(patient[row]), set()).add(float(day[row]))
    best, names = frame["best_response"].tolist(), frame["patient_id"].tolist()
    last = _last_responses(visits, end)
    courses = tuple(
        TumourCourse(
            patient=str(names[place]),
            best_response=str(best[place]),
            days=tuple(seen),
            changes=tuple(seen.values()),
            elsewhere=tuple(each in days_elsewhere.get(place, ()) for each in seen),
            progressed_elsewhere=place in days_elsewhere,
            last_response=last[place],
        )
        for place, seen in sorted(changes.items())
    )
    no_baseline = int((treated & ~(baseline > 0)).sum())
    missing = {
        NOT_MEASURED_BEFORE: no_baseline,
        NOT_MEASURED_AFTER: int(treated.sum()) - no_baseline - len(courses),
    }
    return TumourSizes(courses, int(treated.sum()), missing, known)


def _baseline(patient: Integers, day: Floats, size: Floats, patients: int) -> Floats:
    """Last sum above 0 on or before the start; of several on one day the largest."""
    rows = np.flatnonzero((size > 0) & (day <= 0))
    rows = rows[np.lexsort((size[rows], day[rows], patient[rows]))]
    baseline = np.full(patients, np.nan)
    baseline[patient[rows]] = size[rows]
    return baseline


def _last_responses(visits: Visits, end: Floats) -> list[str]:
    used = (visits.response >= 0) & (visits.day <= end[:, None])
    last = np.where(used, np.arange(used.shape[1]), -1).max(axis=1)
    codes = visits.response[np.arange(len(last)), np.maximum(last, 0)]
    # Progression that was reset under iRECIST is no progression, and nothing else either.
    codes = np.where(codes > NE, NE, codes)
    return [RESPONSES[c] if place >= 0 else "" for c, place in zip(codes, last, strict=True)]
