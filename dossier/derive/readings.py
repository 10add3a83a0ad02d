"""Each visit's response as it counts: entered or measured, under RECIST 1.1 or iRECIST."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dossier.cohort.columns import RESPONSES
from dossier.cohort.model import Cohort, DataQuery
from dossier.cohort.settings import Derivation
from dossier.derive.irecist import with_progression_settled
from dossier.derive.measured import (
    Measured,
    Scans,
    measured_responses,
    measurements_given,
    scans_of,
)
from dossier.derive.timeline import Timeline
from dossier.derive.visits import (
    CPD,
    NE,
    NO_VISIT,
    PD,
    SOURCES,
    UPD,
    Codes,
    Visits,
    assessment_days,
    read_by,
    response_codes,
    visits_of,
)


@dataclass(frozen=True)
class Readings:
    """The visits of every patient and how their responses came about.

    Parameters
    ----------
    visits
        Assessments after baseline, progression settled.
    from_measurements
        Whether the response of any visit was derived from its measurements.
    rules
        Identifiers of the rules by which the responses came about, other than as entered.
    measured
        What the measurements say; None where there are none.
    """

    visits: Visits
    from_measurements: bool
    rules: frozenset[str]
    measured: Measured | None


def readings_of(
    cohort: Cohort,
    timeline: Timeline,
    *,
    assessor: str | None = None,
    scans: Scans | None = None,
) -> Readings:
    """What every visit says.

    The response as entered counts, and where that is blank the one that follows from the
    measurements. With ``response_source: measured`` it is the other way round: the measurements
    count wherever they are enough to tell. Progression measured where responses are those of
    iRECIST is unconfirmed (iUPD): a later response resets it.

    Parameters
    ----------
    cohort, timeline
        The cohort, and the days of its patients' events.
    assessor
        Whose readings, in lower case; the assessor of the settings if None.
    scans
        The measurements by that assessor, where they were put together already.
    """
    options = cohort.settings.derivation
    entered = response_codes(cohort.assessments["response"])
    irecist = _by_irecist(entered, options)
    measured = None
    code, source = entered, None
    if measurements_given(cohort):
        if scans is None:
            scans = scans_of(cohort, timeline, assessor)
        measured = measured_responses(cohort, scans, options)
        used = (measured.response != NO_VISIT) & (entered == NO_VISIT)
        if options.response_source == "measured":
            used |= measured.told
        code = measured.response
        if irecist:
            code = np.where(code == PD, np.int8(UPD), code)
        code = np.where(used, code, entered)
        source = np.where(used, measured.source, np.int8(0))
    visits = visits_of(cohort, timeline, code, source, assessor=assessor)
    from_measurements = bool((visits.source > 0).any())
    applied = {
        "VISIT-MEASURED": from_measurements,
        "VISIT-IRECIST": irecist and bool((visits.response > NE).any()),
        "VISIT-IUPD-AS-PD": not irecist and bool((visits.response > NE).any()),
    }
    return Readings(
        visits=with_progression_settled(visits, timeline.new_therapy, options),
        from_measurements=from_measurements,
        rules=frozenset(rule for rule, holds in applied.items() if holds),
        measured=measured,
    )


def _by_irecist(entered: Codes, options: Derivation) -> bool:
    if options.response_criteria is None:
        return bool((entered > NE).any())
    return options.response_criteria == "irecist"


def measurement_differences(
    cohort: Cohort, timeline: Timeline, measured: Measured
) -> list[DataQuery]:
    """Data queries for responses entered that differ from what the measurements say.

    Up to and including a patient's first progression by either: after it the measurements of one
    visit say little. A new lesion alone is asked about by the check of the files.
    """
    table, options = cohort.assessments, cohort.settings.derivation
    patient = table["patient"].to_numpy(dtype=np.int64)
    day = assessment_days(cohort, timeline)
    entered = response_codes(table["response"])
    entered = np.where((entered == UPD) | (entered == CPD), np.int8(PD), entered)
    counted = read_by(cohort) & (day > 0)
    counted &= day <= np.minimum(timeline.cutoff, timeline.death)[patient]
    first = np.full(len(cohort.patients), np.inf)
    progressed = counted & ((entered == PD) | (measured.response == PD))
    np.minimum.at(first, patient[progressed], day[progressed])
    differs = counted & measured.told & (entered != NO_VISIT) & (entered != measured.response)
    differs &= day <= first[patient]
    if options.response_source == "entered":
        differs &= measured.source != SOURCES.index("new_lesion")
    found = np.flatnonzero(differs).tolist()
    identifier, row, value = (table[name].to_numpy() for name in ("patient_id", "row", "response"))
    column = cohort.heading("assessments", "response")
    places = {place: cohort.place("assessments", int(row[place])) for place in found}
    return [
        DataQuery(
            rule="response-differs-from-measured",
            severity="warning",
            message=(
                f"the response is entered as {value[place]}, the measurements give "
                f"{RESPONSES[measured.response[place]]} ({_why(measured, place)})"
            ),
            consequence=(
                f"the response as {options.response_source} is used (derivation.response_source)"
            ),
            patient=str(identifier[place]),
            file=places[place][0],
            row=places[place][1],
            column=column,
            value=str(value[place]),
            endpoints=("best_response", "benefit", "pfs", "dor"),
        )
        for place in found
    ]


def _why(measured: Measured, place: int) -> str:
    source = SOURCES[measured.source[place]]
    if source != "target_sum_mm":
        return {
            "target_response": "response of the target lesions",
            "non_target_response": "response of the other lesions",
            "new_lesion": "a new lesion",
        }[source]
    words = [f"sum {measured.sum_mm[place]:g} mm"]
    if np.isfinite(measured.baseline_mm[place]):
        words.append(f"{measured.baseline_mm[place]:g} mm at baseline")
    if np.isfinite(measured.nadir_mm[place]):
        words.append(f"{measured.nadir_mm[place]:g} mm at its smallest before")
    return ", ".join(words)
