"""Why the observation of a patient ended without the event, as far as the data tell."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from dossier.cohort.model import Cohort
from dossier.cohort.settings import Derivation
from dossier.derive.schedule import interval_in_force
from dossier.derive.survival import LastAlive
from dossier.derive.timeline import Flags, Floats, Texts, Timeline
from dossier.derive.times import EventTimes
from dossier.derive.visits import Visits, assessment_days, last_place, read_by

NEW_THERAPY: Final = "new anticancer therapy"
LOST: Final = "lost to follow-up"
AT_CUTOFF: Final = "no event by the data cut-off"
OFF_ASSESSMENTS: Final = "no further assessment although one was due before the data cut-off"
NO_BASELINE: Final = "no baseline assessment"
NOT_DUE: Final = "first assessment not due by the data cut-off"
ALIVE_NEAR_CUTOFF: Final = "alive, last contact close to the data cut-off"
ALIVE_BEFORE_CUTOFF: Final = "alive, last contact well before the data cut-off"
_LAST = ("PFS-LAST-ASSESSMENT", "PFS-LAST-CONTACT", "PFS-DATA-CUTOFF")
_LOST: Final = re.compile(
    r"lo(st|ss) to (follow|fu\b|f/u)|\bltfu\b|uit het oog|verloren (voor|in) (de )?follow",
    re.IGNORECASE,
)


def lost_to_follow_up(cohort: Cohort) -> Flags:
    """Patients whose reason for the end of treatment says that they were lost to follow-up."""
    reasons = cohort.patients["end_of_treatment_reason"].tolist()
    lost = {reason: bool(_LOST.search(reason)) for reason in set(reasons)}
    return np.array([lost[reason] for reason in reasons], dtype=np.bool_)


def without_baseline(cohort: Cohort, timeline: Timeline) -> Flags:
    """Patients without an assessment on or before day 0, where the file holds any such."""
    table = cohort.assessments
    baseline = (assessment_days(cohort, timeline) <= 0) & read_by(cohort)
    lacking = np.full(len(cohort.patients), bool(baseline.any()))
    lacking[table["patient"].to_numpy(dtype=np.int64)[baseline]] = False
    return lacking


def as_recorded(times: EventTimes) -> Texts:
    """The reason of every censored time as it stands; ``""`` for all others."""
    return np.where(times.event == 0, times.reason, "").astype(object)


def censoring_of_progression(
    cohort: Cohort, timeline: Timeline, visits: Visits, pfs: EventTimes
) -> Texts:
    """Why each progression-free survival is censored; ``""`` where it is not.

    Patients without an event and without new therapy are told apart by the assessment that was
    planned next after the last evaluable one (or after day 0): where its window (derivation
    settings ``schedule`` and ``visit_window_days``) was still open at the declared data cut-off,
    they were followed up to the cut-off; otherwise they were off assessments, lost to follow-up
    where the reason for the end of treatment says so. Without a schedule or a cut-off the ending
    stands as it is.

    Parameters
    ----------
    cohort, timeline, visits
        As for `dossier.derive.progression.progression_free_survival`.
    pfs
        Progression-free survival under any rule set.
    """
    censored = pfs.event == 0
    last = last_place(visits.evaluable)
    day = np.where(last >= 0, visits.day_at(last), 0.0)
    told, overdue = _overdue(cohort, timeline, day)
    at_last = np.logical_or.reduce([pfs.rule == rule for rule in _LAST])
    ended = censored & at_last & (last >= 0)
    never = censored & ~ended & (last < 0) & (at_last | (pfs.rule == "PFS-NO-ASSESSMENT"))
    due = (last < 0) & overdue
    found = np.select(
        [
            ended & told & ~overdue,
            (ended | never) & lost_to_follow_up(cohort),
            ended & told,
            never & without_baseline(cohort, timeline),
            never & told & ~due,
            never,
        ],
        [
            AT_CUTOFF,
            LOST,
            OFF_ASSESSMENTS,
            NO_BASELINE,
            NOT_DUE,
            "no evaluable assessment after baseline",
        ],
        as_recorded(pfs),
    )
    return found.astype(object)


def censoring_of_survival(
    cohort: Cohort, timeline: Timeline, alive: LastAlive, os: EventTimes
) -> Texts:
    """Why each overall survival is censored; ``""`` where it is not.

    The last contact is close to the data cut-off where the assessment planned next after it was
    still open then (see `censoring_of_progression`).
    """
    told, overdue = _overdue(cohort, timeline, np.nan_to_num(alive.day))
    contact = (os.event == 0) & (os.reason == "alive at last contact")
    found = np.select(
        [contact & told & ~overdue, contact & lost_to_follow_up(cohort), contact & told],
        [ALIVE_NEAR_CUTOFF, LOST, ALIVE_BEFORE_CUTOFF],
        as_recorded(os),
    )
    return found.astype(object)


def _overdue(cohort: Cohort, timeline: Timeline, day: Floats) -> tuple[bool, Flags]:
    """Whether it can be told, and whose next planned assessment had passed at the cut-off."""
    options: Derivation = cohort.settings.derivation
    told = bool(options.schedule) and cohort.data_cutoff_declared
    next_ = day + interval_in_force(day, options) + options.visit_window_days
    overdue: Flags = next_ < timeline.cutoff
    return told, overdue
