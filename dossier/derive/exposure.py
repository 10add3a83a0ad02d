"""Whether treatment went on after progression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dossier.derive.timeline import Texts
from dossier.derive.times import EventTimes

__all__ = ["PROGRESSIONS", "BeyondProgression", "beyond_progression"]

PROGRESSIONS: Final = ("progression", "clinical progression")
_STATES: Final = ("yes", "no", "unknown")


@dataclass(frozen=True)
class BeyondProgression:
    """Whether treatment went on after progression, one entry a patient in both arrays.

    Parameters
    ----------
    state
        ``yes``, ``no`` or ``unknown``; ``""`` for who is not known to have progressed.
    rule
        Identifier of the rule.
    """

    state: Texts
    rule: Texts


def beyond_progression(
    pfs: EventTimes, on_treatment: EventTimes, minimum_days: int
) -> BeyondProgression:
    """Whether treatment went on for more than so many days after the first progression.

    Parameters
    ----------
    pfs, on_treatment
        Progression-free survival and time on treatment.
    minimum_days
        ``derivation.beyond_progression_days``: between a scan and the decision to stop lie days
        that are no choice to treat on.
    """
    progressed = (pfs.event == 1) & np.isin(pfs.reason.astype(str), PROGRESSIONS)
    longer = on_treatment.days > pfs.days + minimum_days
    ended = on_treatment.event == 1
    place = np.select([longer, ended], [0, 1], 2)
    states = np.array(_STATES, dtype=np.object_)
    rules = np.array([f"BEYOND-{state.upper()}" for state in _STATES], dtype=np.object_)
    return BeyondProgression(
        np.where(progressed, states[place], ""), np.where(progressed, rules[place], "")
    )
