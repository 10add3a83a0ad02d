"""Exposure: how long and how much of the treatment the patients had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.model import Cohort
from dossier.cohort.settings import Estimation
from dossier.estimate.model import Characteristic, Proportion, Simple
from dossier.estimate.outcomes import proportion
from dossier.estimate.times import observed_times
from dossier.units import DAYS_PER_YEAR

__all__ = ["COUNTED", "DOSES", "Exposure", "exposure"]

NO_END: Final = "the end of treatment is not recorded"
# Columns of the patients table that tell how much was given, in the order printed.
DOSES: Final = ("cycles", "relative_dose_intensity", "dose_reductions", "dose_interruptions")
COUNTED: Final = ("dose_reductions", "dose_interruptions")


@dataclass(frozen=True)
class Exposure:
    """Exposure of the treated patients.

    Parameters
    ----------
    n
        Treated patients.
    duration
        Observed days on treatment, treatment that goes on included as far as it is known; the
        Kaplan-Meier estimate is ``endpoints.time_on_treatment``.
    patient_years
        These durations together.
    ongoing, unknown
        Patients on treatment when last heard of, and of unknown duration.
    beyond_progression
        Of those who progressed, the patients treated beyond.
    doses
        The columns given, of `DOSES`.
    with_any
        Of `COUNTED`, the patients with at least one.
    reason
        Why durations are not known.
    """

    n: int
    duration: Simple
    patient_years: float | None
    ongoing: int | None
    unknown: int
    beyond_progression: Proportion
    doses: tuple[Characteristic, ...] = ()
    with_any: tuple[tuple[str, Proportion], ...] = ()
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "n": self.n,
            "duration": self.duration.to_dict(),
            "patient_years": self.patient_years,
            "ongoing": self.ongoing,
            "unknown": self.unknown,
            "beyond_progression": self.beyond_progression.to_dict(),
            "doses": {item.name: item.to_dict() for item in self.doses},
            "with_any": {name: share.to_dict() for name, share in self.with_any},
        }
        return result if self.reason is None else result | {"reason": self.reason}


def exposure(
    cohort: Cohort, frame: pd.DataFrame, population: NDArray[np.bool_], estimation: Estimation
) -> Exposure:
    """Summarise the exposure of some patients.

    Parameters
    ----------
    cohort
        The cohort as read.
    frame
        Frame of the derive stage, with ``time_on_treatment_days`` where the end of treatment is
        recorded.
    population
        Treated patients, shape (patients,).
    estimation
        Method and level of the limits.
    """
    n = int(population.sum())
    doses = tuple(
        _dose(name, cohort.patients[name].to_numpy(dtype=float)[population])
        for name in DOSES
        if cohort.has("patients", name)
    )
    with_any = tuple(
        (name, _with_any(cohort.patients[name].to_numpy(dtype=float)[population], estimation))
        for name in COUNTED
        if cohort.has("patients", name)
    )
    if "time_on_treatment_days" not in frame:
        nobody = Simple(0, None, None, None, NO_END)
        none = Proportion(
            0, 0, None, None, None, estimation.proportion_ci, estimation.confidence, reason=NO_END
        )
        return Exposure(n, nobody, None, None, n, none, doses, with_any, NO_END)
    days = frame["time_on_treatment_days"].to_numpy(dtype=float)[population]
    event = frame["time_on_treatment_event"].to_numpy(dtype=float)[population]
    known = days[~np.isnan(days)]
    state = frame["beyond_progression"].to_numpy(dtype=object)[population]
    yes, no, unknown = (int((state == each).sum()) for each in ("yes", "no", "unknown"))
    beyond = proportion(yes, yes + no, estimation, unknown=unknown)
    if not yes + no + unknown:
        beyond = Proportion(
            0, 0, None, None, None, estimation.proportion_ci, estimation.confidence,
            reason="nobody is known to have progressed",
        )  # fmt: skip
    return Exposure(
        n,
        observed_times(known, "no patients" if not n else "not known"),
        float(known.sum()) / DAYS_PER_YEAR,
        int((event == 0).sum()),
        n - len(known),
        beyond,
        doses,
        with_any,
    )


def _dose(name: str, values: NDArray[np.float64]) -> Characteristic:
    known = values[~np.isnan(values)]
    missing = len(values) - len(known)
    if not len(known):
        return Characteristic(name, "number", 0, missing)
    low, q1, middle, q3, high = (float(x) for x in np.percentile(known, (0, 25, 50, 75, 100)))
    return Characteristic(
        name, "number", len(known), missing, median=middle, q1=q1, q3=q3, minimum=low, maximum=high
    )


def _with_any(values: NDArray[np.float64], estimation: Estimation) -> Proportion:
    known = ~np.isnan(values)
    return proportion(
        int((values[known] > 0).sum()), int(known.sum()), estimation, unknown=int((~known).sum())
    )
