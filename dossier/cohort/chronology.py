"""The dates of a cohort side by side, as the data queries compare them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dossier.cohort.model import Cohort
from dossier.errors import InputError, Problem

Dates = npt.NDArray[np.datetime64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]


def chosen_assessor(cohort: Cohort) -> str | None:
    """The assessor whose readings are used, in lower case; None where every reading is.

    As declared in ``derivation.assessor``; else the investigator where several assessors read the
    scans.

    Raises
    ------
    InputError
        When several read them, none is the investigator, and nobody chose.
    """
    declared = cohort.settings.derivation.assessor
    if declared:
        return declared.strip().casefold()
    names = cohort.assessors
    if len(names) < 2:
        return None
    if "investigator" in names:
        return "investigator"
    message = "the scans were read by several assessors, and none is the investigator"
    expected = f"one of {', '.join(names)}"
    raise InputError([Problem(message, column="derivation.assessor", expected=expected)])


@dataclass(frozen=True)
class Chronology:
    """Dates (days; NaT where missing) and responses as arrays.

    Parameters
    ----------
    cohort
        The cohort.
    cutoff
        Declared data cut-off, NaT where none is declared.
    start, death
        For each patient.
    visit_patient
        Position of the patient of each assessment.
    visit_date, visit_day
        When each assessment was: its date, computed from its day where only that is given, and
        its days since the start of treatment.
    response
        Response of each assessment.
    read_by_chosen
        Whether each assessment is by the assessor whose readings are used.
    """

    cohort: Cohort
    cutoff: np.datetime64
    start: Dates
    death: Dates
    visit_patient: npt.NDArray[np.int64]
    visit_date: Dates
    visit_day: Floats
    response: Texts
    read_by_chosen: Flags

    @property
    def counted(self) -> Flags:
        """Assessments after baseline with a response, by the chosen assessor."""
        counted: Flags = (self.response != "") & self.read_by_chosen & (self.visit_day > 0)
        return counted

    def dates(self, table: str, column: str) -> Dates:
        """A date column in whole days."""
        return days_of_column(self.cohort, table, column)

    def of_patient(self, table: str, values: Dates) -> Dates:
        """A date of each row's patient."""
        of_row: Dates = values[self.cohort.table(table)["patient"].to_numpy(dtype=np.int64)]
        return of_row


def days_of_column(cohort: Cohort, table: str, column: str) -> Dates:
    """A date column in whole days, NaT where missing."""
    dates: Dates = cohort.table(table)[column].to_numpy().astype("datetime64[D]")
    return dates


def chronology(cohort: Cohort) -> Chronology:
    """Lay the dates of a cohort side by side."""
    declared = cohort.settings.cohort.data_cutoff
    visits = cohort.assessments
    patient = visits["patient"].to_numpy(dtype=np.int64)
    start = days_of_column(cohort, "patients", "treatment_start")
    date = days_of_column(cohort, "assessments", "date")
    day = visits["day"].to_numpy(dtype=np.float64)
    visit_start = start[patient]
    from_start = (date - visit_start).astype(np.float64)
    from_start[np.isnat(date - visit_start)] = np.nan
    whole = np.where(np.isnan(day), 0, day).astype("timedelta64[D]")
    from_day = np.where(np.isnan(day), np.datetime64("NaT"), visit_start + whole)
    assessor = chosen_assessor(cohort)
    reader = visits["assessor"].str.casefold().to_numpy(dtype=object)
    return Chronology(
        cohort=cohort,
        cutoff=np.datetime64(declared or "NaT", "D"),
        start=start,
        death=days_of_column(cohort, "patients", "death_date"),
        visit_patient=patient,
        visit_date=np.where(np.isnat(date), from_day, date),
        visit_day=np.where(np.isnan(from_start), day, from_start),
        response=visits["response"].to_numpy(dtype=object),
        read_by_chosen=np.full(len(visits), True) if assessor is None else reader == assessor,
    )
