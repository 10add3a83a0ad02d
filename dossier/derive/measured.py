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

import numpy as np

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


def measured_responses(
    cohort: Cohort, timeline: Timeline, options: Derivation, assessor: str | None = None
) -> Measured:
    """Response of every assessment from its measurements (the rule stands in this module).

    Parameters
    ----------
    cohort, timeline
        The cohort, and the days of its patients' events.
    options
        The ``derivation`` section of the settings.
    assessor
        Whose readings, in lower case; the assessor of the settings if None. Other rows get
        ``NO_VISIT``, and their measurements count nowhere.
    """
    scans = _scans_of(cohort, timeline, assessor)
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
