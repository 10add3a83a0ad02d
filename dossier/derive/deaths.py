"""Deaths: who died by the data cut-off, and how long after the last dose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dossier.cohort.model import Cohort
from dossier.derive.timeline import Floats, Texts, Timeline, dates_of

__all__ = ["TIMINGS", "Deaths", "deaths_of", "deaths_recorded"]

TIMINGS: Final = ("within", "later", "not known")
_RULES: Final = ("DEATH-WITHIN", "DEATH-LATER", "DEATH-NOT-KNOWN")


@dataclass(frozen=True)
class Deaths:
    """Deaths on or before the data cut-off, one entry a patient in every array.

    Parameters
    ----------
    timing
        ``within`` (under treatment, or up to so many days after its end), ``later`` or
        ``not known``; ``""`` for who is not known to have died.
    rule
        Identifier of the rule.
    cause
        As recorded; ``""`` where it is not.
    days_after_treatment
        Days from the last dose to death; negative or 0 under treatment, NaN where not known.
    """

    timing: Texts
    rule: Texts
    cause: Texts
    days_after_treatment: Floats


def deaths_recorded(cohort: Cohort) -> bool:
    """Whether the data say who died."""
    return any(cohort.has("patients", name) for name in ("death_date", "os_event"))


def deaths_of(cohort: Cohort, timeline: Timeline, window_days: int) -> Deaths:
    """Who died by the data cut-off, and whether under treatment or shortly after.

    Parameters
    ----------
    cohort, timeline
        The cohort, and the days of its patients' events.
    window_days
        ``derivation.death_window_days``: a death up to so many days after the last dose counts as
        within the window, the last day included.
    """
    dated = np.isfinite(timeline.death)
    died = dated | timeline.died_on_unknown_day
    recorded = ~np.isnat(dates_of(cohort.patients, "treatment_end"))
    # An end of treatment that is blank, or written down for after death, is death's own day.
    end = np.where(recorded, np.minimum(timeline.treatment_end, timeline.death), timeline.death)
    with np.errstate(invalid="ignore"):
        after = np.where(dated, timeline.death - end, np.nan)
    if not cohort.has("patients", "treatment_end"):
        after = np.full(len(after), np.nan)
    place = np.select([after <= window_days, after > window_days], [0, 1], 2)

    def of(names: tuple[str, ...]) -> Texts:
        found: Texts = np.where(died, np.array(names, dtype=np.object_)[place], "")
        return found

    cause: Texts = np.where(died, cohort.patients["death_cause"].to_numpy(dtype=np.object_), "")
    return Deaths(of(TIMINGS), of(_RULES), cause, np.where(died, after, np.nan))
