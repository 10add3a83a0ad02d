"""The planned assessments, and until when an event still follows closely enough on the last one."""

from __future__ import annotations

import numpy as np

from dossier.cohort.settings import Derivation
from dossier.derive.timeline import NEVER, Floats


def interval_in_force(day: Floats, options: Derivation) -> Floats:
    """Days from an assessment on this day to the next planned one.

    An assessment at most ``visit_window_days`` before a phase of the schedule ends is the last of
    that phase. After the end of the last phase nothing is planned, so nothing can be missed.
    """
    interval = np.full(np.shape(day), NEVER)
    for phase in reversed(options.schedule):
        until = NEVER if phase.until is None else phase.until.days
        interval = np.where(day + options.visit_window_days < until, phase.every.days, interval)
    return interval


def last_day_in_time(last: Floats, options: Derivation) -> Floats:
    """Last day on which an event follows fewer than ``missed_assessments`` missed assessments.

    From the last assessment that many planned intervals are counted on, each as long as the
    schedule has it at that point, and ``visit_window_days`` are added. Under a schedule that does
    not change this is: last assessment + 2 x interval + window. Where the interval changes within
    the gap every missed assessment counts with its own interval: from week 16, with scans every
    8 weeks until week 24 and every 12 weeks after it, the two next are planned at weeks 24 and 36.

    Parameters
    ----------
    last
        Day of the last assessment of each patient; 0, the start of treatment, where there is none.
    options
        The ``derivation`` section of the settings; it has a schedule.
    """
    planned = last
    for _ in range(options.missed_assessments):
        planned = planned + interval_in_force(planned, options)
    return planned + options.visit_window_days
