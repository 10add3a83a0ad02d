"""When things happened to each patient: dates as days since the start of treatment (day 0)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dossier.cohort.model import Cohort

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Dates = npt.NDArray[np.datetime64]
Texts = npt.NDArray[np.object_]

NEVER = np.inf


@dataclass(frozen=True)
class Timeline:
    """What is known about each patient on the data cut-off, in days since treatment start.

    Every array has one entry a patient, in the order of ``cohort.patients``. A day is ``NEVER``
    (infinity) where the event has not happened, or not on or before the cut-off.

    Parameters
    ----------
    start
        Start of treatment; NaT where there is none.
    cutoff
        The data cut-off (the latest date in the data where none is declared); infinity where
        there is no cut-off or no start.
    death, new_therapy, clinical_progression, treatment_end
        Days of these events. Where the file has no dates of death, ``os_days`` of those with an
        ``os_event`` stand for them.
    death_column
        Column of the patients table the days of death come from.
    alive_after_cutoff
        Whether the patient is known to have died after the cut-off, and so lived on that day.
    died_on_unknown_day
        Whether the patient died, but on a day that cannot be told: a cause of death or an
        ``os_event`` without a date, a date of death without a start of treatment, or one before
        it.
    new_therapy_on_unknown_day
        Whether a new anticancer therapy is dated, but the start of treatment is not.
    """

    start: Dates
    cutoff: Floats
    death: Floats
    new_therapy: Floats
    clinical_progression: Floats
    treatment_end: Floats
    death_column: str
    alive_after_cutoff: Flags
    died_on_unknown_day: Flags
    new_therapy_on_unknown_day: Flags


def timeline_of(cohort: Cohort) -> Timeline:
    """Place the dates of the patients table on each patient's own time axis."""
    patients = cohort.patients
    start = dates_of(patients, "treatment_start")
    cutoff = np.full(len(patients), NEVER)
    if cohort.data_cutoff is not None:
        cutoff_date = np.datetime64(cohort.data_cutoff, "D")
        cutoff = np.where(np.isnat(start), NEVER, days_between(start, cutoff_date))

    def day_of(column: str) -> Floats:
        day = days_between(start, dates_of(patients, column))
        known: Floats = np.where(day <= cutoff, day, NEVER)
        return known

    death_date = dates_of(patients, "death_date")
    told = ~np.isnat(death_date)
    told |= patients["death_cause"].to_numpy(dtype=object) != ""
    told |= patients["os_event"].to_numpy(dtype=np.float64) == 1
    death = days_between(start, death_date)
    dated = death_dates_given(cohort)
    if not dated:
        died = patients["os_event"].to_numpy(dtype=np.float64) == 1
        death = np.where(died, patients["os_days"].to_numpy(dtype=np.float64), np.nan)
    return Timeline(
        start=start,
        cutoff=cutoff,
        death=np.where((death >= 0) & (death <= cutoff), death, NEVER),
        new_therapy=day_of("new_therapy_start"),
        clinical_progression=day_of("clinical_progression_date"),
        treatment_end=day_of("treatment_end"),
        death_column="death_date" if dated else "os_days",
        alive_after_cutoff=death > cutoff,
        died_on_unknown_day=told & ~(death >= 0),
        new_therapy_on_unknown_day=np.isnat(start)
        & ~np.isnat(dates_of(patients, "new_therapy_start")),
    )


def death_dates_given(cohort: Cohort) -> bool:
    """Whether deaths follow from ``death_date`` rather than from ``os_days`` and ``os_event``.

    A column that the file has but leaves blank throughout, as templates do, says that nobody died
    only where no survival times are given.
    """
    filled = bool(cohort.patients["death_date"].notna().any())
    times = bool(cohort.patients["os_days"].notna().any())
    return cohort.has("patients", "death_date") and (filled or not times)


def dates_of(table: pd.DataFrame, column: str) -> Dates:
    """A date column as whole days, NaT where missing."""
    dates: Dates = table[column].to_numpy(dtype="datetime64[ns]").astype("datetime64[D]")
    return dates


def days_between(start: Dates, date: Dates | np.datetime64) -> Floats:
    """Days from start to date (same day: 0), NaN where either is missing."""
    difference = date - start
    days: Floats = np.where(np.isnat(difference), np.nan, difference.astype(np.float64))
    return days
