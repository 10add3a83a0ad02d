"""Adverse events under treatment, what each of them counts as, and how long patients were at risk.

One definition for estimates, scenarios and traces.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from dossier.cohort.actions import actions_in
from dossier.cohort.model import Cohort
from dossier.derive.timeline import Flags, Floats, Timeline, dates_of, days_between
from dossier.derive.times import EventTimes

__all__ = [
    "FATAL",
    "KINDS",
    "NEEDED",
    "SEVERE_FROM",
    "event_days",
    "kinds_of",
    "time_at_risk",
    "treatment_emergent",
]

SEVERE_FROM: Final = 3  # CTCAE: grade 3 is severe
FATAL: Final = 5  # CTCAE: grade 5 is death

# Columns of the adverse events that each kind follows from.
NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "any": (),
    "grade_3_or_higher": ("grade",),
    "grade_3_4": ("grade",),
    "grade_5": ("grade",),
    "serious": ("serious",),
    "related": ("related",),
    "related_grade_3_or_higher": ("related", "grade"),
    "led_to_stopping": ("action_taken",),
    "led_to_reduction": ("action_taken",),
    "led_to_interruption": ("action_taken",),
}
KINDS: Final = tuple(NEEDED)
_ACTION: Final = {
    "led_to_stopping": "drug withdrawn",
    "led_to_reduction": "dose reduced",
    "led_to_interruption": "drug interrupted",
}


def treatment_emergent(cohort: Cohort) -> Flags:
    """Which adverse events began under treatment, or may have.

    An event without a start date counts as beginning under treatment (the cautious choice); one
    that began before the first day of treatment or after the data cut-off does not count and is a
    data query.

    Returns
    -------
    numpy.ndarray
        Shape (events,), in the order of ``cohort.adverse_events``.
    """
    events = cohort.adverse_events
    position = events["patient"].to_numpy(dtype=np.int64)
    start = events["start"]
    begun = ~(start < cohort.patients["treatment_start"].to_numpy()[position]).to_numpy(dtype=bool)
    if cohort.data_cutoff is not None:
        begun &= ~(start > pd.Timestamp(cohort.data_cutoff)).to_numpy(dtype=bool)
    found: Flags = begun
    return found


def kinds_of(events: pd.DataFrame) -> dict[str, tuple[Flags, Flags]]:
    """Which events are of each kind, and of which that is not known.

    Parameters
    ----------
    events
        Rows of ``cohort.adverse_events``.

    Returns
    -------
    dict
        By kind two arrays of shape (events,): it is of the kind; it is not known whether.
    """
    grade = events["grade"].to_numpy(dtype=np.float64)
    serious = events["serious"].to_numpy(dtype=np.float64)
    related = events["related"].to_numpy(dtype=np.float64)
    ungraded, severe = np.isnan(grade), grade >= SEVERE_FROM
    unrelated = related == 0
    mild = grade < SEVERE_FROM
    found: dict[str, tuple[Flags, Flags]] = {
        "any": (np.ones(len(events), dtype=np.bool_), np.zeros(len(events), dtype=np.bool_)),
        "grade_3_or_higher": (severe, ungraded),
        "grade_3_4": (severe & (grade < FATAL), ungraded),
        "grade_5": (grade == FATAL, ungraded),
        "serious": (serious == 1, np.isnan(serious)),
        "related": (related == 1, np.isnan(related)),
        "related_grade_3_or_higher": (
            severe & (related == 1),
            ~unrelated & ~mild & ~(severe & (related == 1)),
        ),
    }
    text, texts = pd.factorize(events["action_taken"])  # few texts, many events
    actions = [actions_in(each) for each in texts]
    unstated = np.array([not each for each in actions], dtype=np.bool_)[text]
    for kind, action in _ACTION.items():
        of_kind = np.array([action in each for each in actions], dtype=np.bool_)
        found[kind] = (of_kind[text], unstated)
    return found


def event_days(cohort: Cohort) -> Floats:
    """Day each adverse event began, counted from the start of treatment; NaN where not known."""
    events = cohort.adverse_events
    start = dates_of(cohort.patients, "treatment_start")
    return days_between(
        start[events["patient"].to_numpy(dtype=np.int64)], dates_of(events, "start")
    )


def time_at_risk(
    timeline: Timeline, on_treatment: EventTimes, os: EventTimes, window_days: int
) -> Floats:
    """Days each patient could have an adverse event of the treatment.

    From the first day of treatment to the end of treatment and `window_days` beyond, but no longer
    than to a new anticancer therapy, death, the last contact or the data cut-off; treatment that
    goes on ends with the last contact.

    Parameters
    ----------
    timeline
        Days of the patients' events.
    on_treatment, os
        Time on treatment and overall survival.
    window_days
        ``derivation.adverse_event_window_days``.

    Returns
    -------
    numpy.ndarray
        Shape (patients,), in days; NaN where the time on treatment is not known.
    """
    treated = on_treatment.days
    end = np.where(on_treatment.event == 1, treated + window_days, treated)
    contact = np.where(os.event == 0, os.days, np.inf)
    for bound in (timeline.new_therapy, contact):
        end = np.fmin(end, np.fmax(treated, bound))
    end = np.minimum(end, np.minimum(timeline.death, timeline.cutoff))
    days: Floats = np.where(np.isnan(treated), np.nan, end)
    return days
