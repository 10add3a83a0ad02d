"""The response at a visit by RECIST 1.1, from the measurements recorded there.

Target lesions. Baseline is the last sum of diameters on or before the start of treatment; the
nadir is the smallest sum before the visit, baseline included.

- PD: at least 20% and 5 mm above the nadir, or any sum above a nadir of 0 (the lesions are back);
  or a target response entered as PD.
- NE: a target response entered as NE (not every lesion was measured, so a sum that stands there is
  too small), or nothing recorded. What forces PD goes before it.
- CR: a sum of at most ``complete_response_sum_mm`` (0 unless declared: lymph nodes below 10 mm are
  a complete response and still have a diameter), or a target response entered as CR.
- PR: at least 30% below baseline. A PR that was confirmed (where that is required) stays PR until
  PD, although the sum rises above that line: 100, 70, 70, 80, 80 is PR at all four visits.
- SD: otherwise. Without a sum, or without a baseline, the target response as entered counts.

Overall response: PD where the target lesions, the other lesions (PD) or a new lesion say so; after
PD by other or new lesions it stays PD. CR of the targets is CR where the other lesions are gone or
there never were any, else PR. PR and SD of the targets stand; NE of the targets is NE. Without
target lesions the other lesions decide. Other lesions that are blank at a visit but not at every
visit of the patient were not evaluated; where nothing is recorded about them anywhere there are
taken to be none. A blank ``new_lesion`` is taken as none.

Source: RECIST 1.1, Eisenhauer et al., Eur J Cancer 2009;45:228-247, section 4.3 and tables 1-3;
a confirmed PR: RECIST Working Group (EORTC), frequently asked questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dossier.cohort.columns import NON_TARGET_RESPONSES, TARGET_RESPONSES
from dossier.cohort.model import Cohort
from dossier.cohort.settings import Derivation
from dossier.derive.pairs import first_pair, until_progression
from dossier.derive.timeline import Flags, Floats, Integers, Timeline
from dossier.derive.visits import (
    CR,
    NE,
    NO_VISIT,
    NON_CR_NON_PD,
    PD,
    PR,
    SD,
    SOURCES,
    Codes,
    assessment_days,
    codes_of,
    places_of,
    read_by,
)

_FROM_SUM, _FROM_TARGET, _FROM_NON_TARGET, _FROM_NEW_LESION = range(1, len(SOURCES))
# Position in RESPONSES of each code of the two columns; the last stands for a blank cell.
_TARGET = np.array([CR, PR, SD, PD, NE, NO_VISIT], dtype=np.int8)
_NON_TARGET = np.array([CR, NON_CR_NON_PD, PD, NE, NO_VISIT], dtype=np.int8)
# Of several entries on one day the worst counts, NE and blank only where there is nothing else.
_BADNESS = np.array([2, 3, 4, 5, 6, 1, 0])  # CR, PR, SD, NON-CR/NON-PD, PD, NE, blank
_BY_BADNESS = np.array([NO_VISIT, NE, CR, PR, SD, NON_CR_NON_PD, PD], dtype=np.int8)


@dataclass(frozen=True)
class Measured:
    """What the measurements say, one entry a row of the assessments in every array.

    Parameters
    ----------
    response
        Position in ``RESPONSES``; ``NO_VISIT`` at baseline and where nothing is recorded.
    told
        Whether the measurements are enough to say so; NE for lack of them is not told.
    source
        Position in `dossier.derive.visits.SOURCES` of the column that decided.
    sum_mm, baseline_mm, nadir_mm
        Sum of target diameters, its baseline, and the smallest before this visit; NaN where
        unknown.
    """

    response: Codes
    told: Flags
    source: Codes
    sum_mm: Floats
    baseline_mm: Floats
    nadir_mm: Floats


def measurements_given(cohort: Cohort) -> bool:
    """Whether the assessments have any column from which a response follows."""
    return any(cohort.has("assessments", column) for column in SOURCES[1:])


def measured_responses(cohort: Cohort, scans: Scans, options: Derivation) -> Measured:
    """Response of every assessment from its measurements (the rule stands in this module).

    Parameters
    ----------
    cohort
        The cohort.
    scans
        Its measurements by one assessor. Rows of others get ``NO_VISIT``, and their measurements
        count nowhere.
    options
        The ``derivation`` section of the settings.
    """
    size, after = scans.sum_mm, scans.day > 0
    baseline, nadir = _references(scans, after)
    # A relative 1e-9 keeps sums with decimals that lie exactly on a limit from falling beside it.
    grown = (size >= 1.2 * nadir * (1 - 1e-9)) & (size - nadir >= 5 * (1 - 1e-9))
    grown |= (nadir == 0) & (size > 0)
    known = ~np.isnan(size) & ~np.isnan(baseline)
    target: Codes = np.select(
        [
            ~scans.real | ~after,
            grown | (scans.target == PD),
            scans.target == NE,
            (known & (size <= options.complete_response_sum_mm)) | (scans.target == CR),
            known & (size <= 0.7 * baseline * (1 + 1e-9)),
            known,
            scans.target != NO_VISIT,
        ],
        [NO_VISIT, PD, NE, CR, PR, SD, scans.target],
        NE,
    ).astype(np.int8)
    target = _kept_once_confirmed(scans.day, target, options)

    response, told = _overall(cohort, scans, target)
    new_lesion, other = scans.new_lesion & after, (scans.non_target == PD) & after
    source = np.select(
        [
            (target == PD) & grown,
            target == PD,
            other,
            new_lesion,
            known & (scans.target != NE) & ~((scans.target == CR) & (target == CR)),
            scans.target != NO_VISIT,
            scans.non_target != NO_VISIT,
        ],
        [
            _FROM_SUM,
            _FROM_TARGET,
            _FROM_NON_TARGET,
            _FROM_NEW_LESION,
            _FROM_SUM,
            _FROM_TARGET,
            _FROM_NON_TARGET,
        ],
        _FROM_SUM,
    ).astype(np.int8)
    return Measured(
        response=scans.of_rows(response, NO_VISIT),
        told=scans.of_rows(told, False),
        source=scans.of_rows(source, 0),
        sum_mm=scans.of_rows(size, np.nan),
        baseline_mm=scans.of_rows(np.broadcast_to(baseline, size.shape), np.nan),
        nadir_mm=scans.of_rows(nadir, np.nan),
    )


@dataclass(frozen=True)
class Scans:
    """Measurements padded to the same number of places for every patient, one day a place.

    ``target`` and ``non_target`` hold positions in ``RESPONSES``, ``NO_VISIT`` where blank.
    """

    day: Integers
    real: Flags
    sum_mm: Floats
    target: Codes
    non_target: Codes
    new_lesion: Flags
    rows: Integers
    patient: Integers
    place: Integers
    count: int

    def of_rows(self, values: npt.NDArray[Any], fill: float) -> npt.NDArray[Any]:
        """Values of the scans as one entry a row of the assessments."""
        result = np.full(self.count, fill, dtype=values.dtype)
        result[self.rows] = values[self.patient, self.place]
        return result


def scans_of(cohort: Cohort, timeline: Timeline, assessor: str | None = None) -> Scans:
    """One scan a patient and day: the largest sum, the worst responses, any new lesion.

    Parameters
    ----------
    cohort, timeline
        The cohort, and the days of its patients' events.
    assessor
        Whose readings, in lower case; the assessor of the settings if None.
    """
    table = cohort.assessments
    every_day = assessment_days(cohort, timeline)
    rows = np.flatnonzero(read_by(cohort, assessor) & np.isfinite(every_day))
    patient, day = table["patient"].to_numpy(dtype=np.int64)[rows], every_day[rows]
    order = np.lexsort((day, patient))
    rows, patient, day = rows[order], patient[order], day[order]

    new_scan = np.ones(len(rows), dtype=bool)
    new_scan[1:] = (patient[1:] != patient[:-1]) | (day[1:] != day[:-1])
    first = np.flatnonzero(new_scan)
    place_of_scan, places = places_of(patient[first], len(cohort.patients))
    place = place_of_scan[np.cumsum(new_scan) - 1]
    where, shape = (patient[first], place_of_scan), (len(cohort.patients), places)

    def padded(values: npt.NDArray[Any], empty: float) -> npt.NDArray[Any]:
        worst = np.full(shape, empty, dtype=values.dtype)
        if len(first):
            worst[where] = np.fmax.reduceat(values, first)
        return worst

    def responses(column: str, values: tuple[str, ...], meaning: Codes) -> Codes:
        code = meaning[codes_of(table[column].iloc[rows], values)]
        worst: Codes = _BY_BADNESS[padded(_BADNESS[code], 0)]
        return worst

    return Scans(
        day=padded(day.astype(np.int64), 0),
        real=padded(np.ones(len(rows), dtype=bool), False),
        sum_mm=padded(table["target_sum_mm"].to_numpy(dtype=np.float64)[rows], np.nan),
        target=responses("target_response", TARGET_RESPONSES, _TARGET),
        non_target=responses("non_target_response", NON_TARGET_RESPONSES, _NON_TARGET),
        new_lesion=padded(table["new_lesion"].to_numpy(dtype=np.float64)[rows] == 1, False),
        rows=rows,
        patient=patient,
        place=place,
        count=len(table),
    )


def _references(scans: Scans, after: Flags) -> tuple[Floats, Floats]:
    """Baseline (patients, 1) and nadir before each scan (patients, places).

    A sum of 0 at baseline is no baseline: there were no target lesions. Where there is no nadir
    yet it is infinite.
    """
    size, places = scans.sum_mm, np.arange(scans.sum_mm.shape[1])
    at_baseline = scans.real & ~after & (size > 0)
    last = np.where(at_baseline, places, -1).max(axis=1, keepdims=True)
    baseline = np.where(last >= 0, np.take_along_axis(size, np.maximum(last, 0), axis=1), np.nan)
    complete = after & ~np.isnan(size) & (scans.target != NE)
    smallest = np.minimum.accumulate(np.where(complete, size, np.inf), axis=1)
    before = np.full_like(size, np.inf)
    before[:, 1:] = smallest[:, :-1]
    return baseline, np.fmin(before, baseline)


def _kept_once_confirmed(day: Integers, target: Codes, options: Derivation) -> Codes:
    """SD after a confirmed response of the target lesions is PR, until they progress."""
    until_pd = until_progression(target)
    responds = (until_pd == CR) | (until_pd == PR)
    assigned = np.where(responds.any(axis=1), responds.argmax(axis=1), -1)
    if options.confirmation:
        tolerated = [
            (until_pd == NE, options.maximum_ne_between),
            (until_pd == SD, options.maximum_sd_between),
        ]
        _, assigned = first_pair(
            day, until_pd, responds, responds, tolerated, options.confirmation_days
        )
    later = (np.arange(target.shape[1]) > assigned[:, None]) & (assigned >= 0)[:, None]
    return np.where(later & (until_pd == SD), np.int8(PR), target)


def _overall(cohort: Cohort, scans: Scans, target: Codes) -> tuple[Codes, Flags]:
    """Overall response of each scan, and whether the measurements are enough to tell."""
    after = target != NO_VISIT
    measurable = cohort.patients["measurable_disease"].to_numpy(dtype=np.float64) == 1
    has_target = ((scans.sum_mm > 0) | (scans.target != NO_VISIT)).any(axis=1) | measurable
    has_other = (scans.non_target != NO_VISIT).any(axis=1)
    has_target, has_other = has_target[:, None], has_other[:, None]
    blank = scans.non_target == NO_VISIT
    other = np.where(blank, np.where(has_other, NE, CR), scans.non_target)
    progressed = after & (scans.new_lesion | (scans.non_target == PD))
    progressed = np.logical_or.accumulate(progressed, axis=1)
    response = np.select(
        [
            progressed | (target == PD),
            has_target & (target == CR) & (other == CR),
            has_target & (target == CR),
            has_target,
            has_other,
        ],
        [PD, CR, PR, target, other],
        NE,
    ).astype(np.int8)
    told = np.where(has_target, (target != NE) | (scans.target == NE), ~blank)
    recorded = ~np.isnan(scans.sum_mm) | (scans.target != NO_VISIT) | ~blank | scans.new_lesion
    used = after & recorded
    return np.where(used, response, np.int8(NO_VISIT)), used & (told | (response == PD))
