"""Who is known to have died, who was alive when last seen, and of whom neither is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class VitalStatus:
    """Vital status on or before the data cut-off, one entry a patient in every array.

    Parameters
    ----------
    died
        Known to have died, with or without a date.
    alive
        Alive when last seen.
    unknown
        Neither is known: not the same as alive.
    """

    died: Mask
    alive: Mask
    unknown: Mask


def vital_status(frame: pd.DataFrame) -> VitalStatus:
    """Vital status of every patient.

    Parameters
    ----------
    frame
        Frame of the derive stage, with ``follow_up_event``, and ``death_timing`` where deaths are
        recorded.
    """
    event = frame["follow_up_event"].to_numpy(dtype=float)
    died = event == 1
    if "death_timing" in frame:
        died = died | (frame["death_timing"].to_numpy(dtype=object) != "")
    alive = (event == 0) & ~died
    return VitalStatus(died, alive, ~died & ~alive)
