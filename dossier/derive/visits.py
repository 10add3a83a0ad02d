"""The tumour assessments of every patient as arrays: one row a patient, visits in order of day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dossier.cohort.check import chosen_assessor
from dossier.cohort.columns import RESPONSES
from dossier.cohort.model import Cohort
from dossier.derive.timeline import (
    NEVER,
    Flags,
    Floats,
    Integers,
    Timeline,
    dates_of,
    days_between,
)

Codes = npt.NDArray[np.int8]

CR, PR, SD, NON_CR_NON_PD, PD, NE = range(len(RESPONSES))
NO_VISIT = -1
_FAR = 10**9  # day of a place without a visit: later than any visit, and safe to subtract


@dataclass(frozen=True)
class Visits:
    """Assessments after baseline, padded to the same number of places for every patient.

    Parameters
    ----------
    day
        Shape (patients, places): days since the start of treatment, increasing, each day once;
        places after the last visit hold a day later than any visit.
    response
        Shape (patients, places): position in `dossier.cohort.columns.RESPONSES`; ``NO_VISIT`` in
        places after the last visit.
    row
        Shape (patients, places): row in the assessments file, as a spreadsheet counts it.
    """

    day: Integers
    response: Codes
    row: Integers

    @property
    def evaluable(self) -> Flags:
        """Shape (patients, places): a visit whose response is not NE."""
        evaluable: Flags = (self.response != NO_VISIT) & (self.response != NE)
        return evaluable

    def first_day(self, which: Flags) -> Floats:
        """Day of each patient's first visit of those marked, ``NEVER`` where there is none."""
        return self.day_at(first_place(which))

    def day_at(self, place: Integers) -> Floats:
        """Day of the visit at each patient's place, ``NEVER`` where the place is -1."""
        day = np.take_along_axis(self.day, np.maximum(place, 0)[:, None], axis=1)[:, 0]
        return np.where(place >= 0, day.astype(np.float64), NEVER)

    def row_at(self, place: Integers) -> Floats:
        """Row in the file of the visit at each patient's place, NaN where the place is -1."""
        row = np.take_along_axis(self.row, np.maximum(place, 0)[:, None], axis=1)[:, 0]
        return np.where(place >= 0, row.astype(np.float64), np.nan)


def first_place(which: Flags) -> Integers:
    """Place of the first marked visit of each patient, -1 where there is none."""
    return np.where(which.any(axis=1), which.argmax(axis=1), -1)


def last_place(which: Flags) -> Integers:
    """Place of the last marked visit of each patient, -1 where there is none."""
    last = which.shape[1] - 1 - which[:, ::-1].argmax(axis=1)
    return np.where(which.any(axis=1), last, -1)


def arrange(
    patient: Integers, day: Floats, response: Codes, row: Integers, *, patients: int
) -> Visits:
    """Sort assessments into arrays, one visit a day.

    Assessments on day 0 or earlier are baseline and left out, as are those without a day or a
    response. Of several assessments of a patient on one day the worst evaluable response counts
    (PD, then NON-CR/NON-PD, SD, PR, CR); NE only where there is nothing else; of equals the first
    in the file.

    Parameters
    ----------
    patient, day, response, row
        One entry an assessment, in any order: position of the patient, days since the start of
        treatment, position in ``RESPONSES`` (-1 where missing), row in the file.
    patients
        Number of patients.
    """
    kept = np.flatnonzero((response != NO_VISIT) & (day > 0) & np.isfinite(day))
    better = np.where(response[kept] == NE, len(RESPONSES), -response[kept].astype(np.int64))
    kept = kept[np.lexsort((row[kept], better, day[kept], patient[kept]))]
    patient, day = patient[kept], day[kept].astype(np.int64)
    new_visit = np.ones(len(kept), dtype=bool)
    new_visit[1:] = (patient[1:] != patient[:-1]) | (day[1:] != day[:-1])
    kept, patient, day = kept[new_visit], patient[new_visit], day[new_visit]

    count = np.bincount(patient, minlength=patients)
    place = np.arange(len(kept)) - (np.cumsum(count) - count)[patient]
    shape = (patients, max(1, int(count.max(initial=0))))
    visits = Visits(
        day=np.full(shape, _FAR, dtype=np.int64),
        response=np.full(shape, NO_VISIT, dtype=np.int8),
        row=np.full(shape, -1, dtype=np.int64),
    )
    visits.day[patient, place] = day
    visits.response[patient, place] = response[kept]
    visits.row[patient, place] = row[kept]
    return visits


def visits_of(cohort: Cohort, timeline: Timeline) -> Visits:
    """Assessments by the chosen assessor, after baseline, on or before cut-off and death.

    An assessment dated after the patient's death is not used: one of the two dates is wrong, and
    no response is counted from it.
    """
    table = cohort.assessments
    patient = table["patient"].to_numpy(dtype=np.int64)
    day = assessment_days(cohort, timeline)
    response = response_codes(table["response"])
    assessor = chosen_assessor(cohort)
    if assessor is not None:
        by_other = table["assessor"].str.casefold().to_numpy(dtype=object) != assessor
        response[by_other] = NO_VISIT
    last_day = np.minimum(timeline.cutoff, timeline.death)
    response[day > last_day[patient]] = NO_VISIT
    row = table["row"].to_numpy(dtype=np.int64)
    return arrange(patient, day, response, row, patients=len(cohort.patients))


def assessment_days(cohort: Cohort, timeline: Timeline) -> Floats:
    """Days since treatment start of every row of the assessments, NaN where it cannot be told.

    The date counts where there is one; ``day`` otherwise.
    """
    table = cohort.assessments
    patient = table["patient"].to_numpy(dtype=np.int64)
    from_date = days_between(timeline.start[patient], dates_of(table, "date"))
    given = table["day"].to_numpy(dtype=np.float64)
    return np.where(np.isnan(from_date), given, from_date)


def day_known(cohort: Cohort) -> bool:
    """Whether any assessment can be placed in time, so that endpoints can follow from visits."""
    table = cohort.assessments
    if table["day"].notna().any():
        return True
    start = dates_of(cohort.patients, "treatment_start")[table["patient"].to_numpy(dtype=np.int64)]
    return bool((~np.isnat(start) & ~np.isnat(dates_of(table, "date"))).any())


def response_codes(responses: pd.Series) -> Codes:
    """Positions in ``RESPONSES``, ``NO_VISIT`` where the response is missing."""
    codes: Codes = pd.Index(RESPONSES).get_indexer(pd.Index(responses)).astype(np.int8)
    return codes
