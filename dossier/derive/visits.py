"""The tumour assessments of every patient as arrays: one row a patient, visits in order of day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dossier.cohort.check import chosen_assessor
from dossier.cohort.columns import RESPONSES, VISIT_RESPONSES
from dossier.cohort.model import Cohort
from dossier.derive.timeline import (
    NEVER,
    Flags,
    Floats,
    Integers,
    Texts,
    Timeline,
    dates_of,
    days_between,
)

Codes = npt.NDArray[np.int8]

CR, PR, SD, NON_CR_NON_PD, PD, NE = range(len(RESPONSES))
UPD, CPD = range(len(RESPONSES), len(VISIT_RESPONSES))
NO_VISIT = -1
# Of several responses on one day the highest counts; NE only where there is nothing else.
_WORSE = np.array([1, 2, 3, 4, 6, 0, 5, 7])
# Columns of the assessments from which the response at a visit can come.
SOURCES = (
    "response",
    "target_sum_mm",
    "target_response",
    "non_target_response",
    "new_lesion",
)
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
        Shape (patients, places): position in `dossier.cohort.columns.VISIT_RESPONSES`;
        ``NO_VISIT`` in places after the last visit. Of the codes of iRECIST only ``UPD`` is left
        once progression is settled (`dossier.derive.irecist`): progression that was reset.
    row
        Shape (patients, places): row in the assessments file, as a spreadsheet counts it.
    source
        Shape (patients, places): position in `SOURCES` of the column the response comes from.
    """

    day: Integers
    response: Codes
    row: Integers
    source: Codes

    @property
    def evaluable(self) -> Flags:
        """Shape (patients, places): a visit whose response is not NE."""
        evaluable: Flags = (self.response != NO_VISIT) & (self.response != NE)
        return evaluable

    @property
    def stable_or_better(self) -> Flags:
        """Shape (patients, places): a visit with CR, PR, SD or NON-CR/NON-PD."""
        good: Flags = (self.response != NO_VISIT) & (self.response <= NON_CR_NON_PD)
        return good

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

    def column_at(self, place: Integers) -> Texts:
        """Column that decided the response of the visit at each patient's place."""
        source = np.take_along_axis(self.source, np.maximum(place, 0)[:, None], axis=1)[:, 0]
        return np.array(SOURCES, dtype=np.object_)[source]


def first_place(which: Flags) -> Integers:
    """Place of the first marked visit of each patient, -1 where there is none."""
    return np.where(which.any(axis=1), which.argmax(axis=1), -1)


def last_place(which: Flags) -> Integers:
    """Place of the last marked visit of each patient, -1 where there is none."""
    last = which.shape[1] - 1 - which[:, ::-1].argmax(axis=1)
    return np.where(which.any(axis=1), last, -1)


def arrange(
    patient: Integers,
    day: Floats,
    response: Codes,
    row: Integers,
    source: Codes | None = None,
    *,
    patients: int,
) -> Visits:
    """Sort assessments into arrays, one visit a day.

    Assessments on day 0 or earlier are baseline and left out, as are those without a day or a
    response. Of several assessments of a patient on one day the worst evaluable response counts
    (iCPD, then PD, iUPD, NON-CR/NON-PD, SD, PR, CR); NE only where there is nothing else; of
    equals the first in the file.

    Parameters
    ----------
    patient, day, response, row
        One entry an assessment, in any order: position of the patient, days since the start of
        treatment, position in ``VISIT_RESPONSES`` (-1 where missing), row in the file.
    source
        Position in `SOURCES` of the column each response comes from; all ``response`` if None.
    patients
        Number of patients.
    """
    kept = np.flatnonzero((response != NO_VISIT) & (day > 0) & np.isfinite(day))
    better = -_WORSE[response[kept]]
    kept = kept[np.lexsort((row[kept], better, day[kept], patient[kept]))]
    patient, day = patient[kept], day[kept].astype(np.int64)
    new_visit = np.ones(len(kept), dtype=bool)
    new_visit[1:] = (patient[1:] != patient[:-1]) | (day[1:] != day[:-1])
    kept, patient, day = kept[new_visit], patient[new_visit], day[new_visit]

    place, places = places_of(patient, patients)
    shape = (patients, places)
    visits = Visits(
        day=np.full(shape, _FAR, dtype=np.int64),
        response=np.full(shape, NO_VISIT, dtype=np.int8),
        row=np.full(shape, -1, dtype=np.int64),
        source=np.zeros(shape, dtype=np.int8),
    )
    visits.day[patient, place] = day
    visits.response[patient, place] = response[kept]
    visits.row[patient, place] = row[kept]
    if source is not None:
        visits.source[patient, place] = source[kept]
    return visits


def places_of(patient: Integers, patients: int) -> tuple[Integers, int]:
    """Place of each entry among those of its patient, and the places needed, at least one.

    Parameters
    ----------
    patient
        Position of the patient of each entry, sorted.
    patients
        Number of patients.
    """
    count = np.bincount(patient, minlength=patients)
    place: Integers = np.arange(len(patient)) - (np.cumsum(count) - count)[patient]
    return place, max(1, int(count.max(initial=0)))


def visits_of(
    cohort: Cohort,
    timeline: Timeline,
    response: Codes | None = None,
    source: Codes | None = None,
    *,
    assessor: str | None = None,
) -> Visits:
    """Assessments by one assessor, after baseline, on or before cut-off and death.

    An assessment dated after the patient's death is not used: one of the two dates is wrong, and
    no response is counted from it.

    Parameters
    ----------
    cohort, timeline
        The cohort, and the days of its patients' events.
    response, source
        What each row of the assessments says and the column it comes from, as in `arrange`; the
        responses as entered if None.
    assessor
        Whose readings, in lower case; the assessor of the settings if None.
    """
    table = cohort.assessments
    patient = table["patient"].to_numpy(dtype=np.int64)
    day = assessment_days(cohort, timeline)
    if response is None:
        response = response_codes(table["response"])
    last_day = np.minimum(timeline.cutoff, timeline.death)
    unused = ~read_by(cohort, assessor) | (day > last_day[patient])
    return arrange(
        patient,
        day,
        np.where(unused, np.int8(NO_VISIT), response),
        table["row"].to_numpy(dtype=np.int64),
        source,
        patients=len(cohort.patients),
    )


def read_by(cohort: Cohort, assessor: str | None = None) -> Flags:
    """Rows of the assessments by one assessor: the given one, else the one of the settings."""
    name = chosen_assessor(cohort) if assessor is None else assessor
    if name is None:
        return np.ones(len(cohort.assessments), dtype=bool)
    flags: Flags = cohort.assessments["assessor"].str.casefold().to_numpy(dtype=object) == name
    return flags


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
    """Positions in ``VISIT_RESPONSES``, ``NO_VISIT`` where the response is missing."""
    return codes_of(responses, VISIT_RESPONSES)


def codes_of(texts: pd.Series, values: tuple[str, ...]) -> Codes:
    """Positions of texts in a list of values, -1 where they are none of them."""
    codes: Codes = pd.Index(values).get_indexer(pd.Index(texts)).astype(np.int8)
    return codes
