"""Data queries about the assessments: visits out of time, and visits that contradict each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dossier.cohort.chronology import Chronology, Flags, Floats
from dossier.cohort.columns import CONFIRMED_PD, UNCONFIRMED_PD
from dossier.cohort.query_rule import Finding, query_rule

_RESPONSE = ("best_response", "benefit", "pfs", "dor")


@query_rule(
    "assessment-after-cutoff",
    "note",
    "assessments.date",
    "not used: it came after the data cut-off",
    *_RESPONSE,
)
def assessment_after_cutoff(dates: Chronology) -> Finding:
    """An assessment after the data cut-off."""
    return Finding(
        dates.visit_date > dates.cutoff,
        lambda at: (
            f"the assessment on {dates.visit_date[at]} is after the data cut-off {dates.cutoff}"
        ),
    )


@query_rule(
    "assessment-before-treatment",
    "note",
    "assessments.date",
    "not used: a response counts from the day after the start of treatment",
    *_RESPONSE,
)
def assessment_before_treatment(dates: Chronology) -> Finding:
    """A response on or before the first day of treatment; a baseline scan has none."""
    return Finding(
        (dates.visit_day <= 0) & (dates.response != "") & dates.read_by_chosen,
        lambda at: f"{dates.response[at]} is entered {_before_start(dates.visit_day[at])}",
    )


def _before_start(day: float) -> str:
    if day == 0:
        return "on the day treatment started"
    return f"{-day:.0f} {'day' if day == -1 else 'days'} before the start of treatment"


@query_rule(
    "assessment-after-death",
    "error",
    "assessments.date",
    "not used: one of the two dates is wrong",
    *_RESPONSE,
    "os",
)
def assessment_after_death(dates: Chronology) -> Finding:
    """An assessment after the patient died."""
    death = dates.death[dates.visit_patient]
    return Finding(
        dates.visit_date > death,
        lambda at: f"the assessment on {dates.visit_date[at]} is after the death on {death[at]}",
    )


@query_rule(
    "day-and-date-disagree",
    "warning",
    "assessments.day",
    "the date is used",
    *_RESPONSE,
)
def day_and_date_disagree(dates: Chronology) -> Finding:
    """A day of assessment that is not the date less the start of treatment."""
    given = dates.cohort.assessments["day"].to_numpy(dtype=np.float64)
    both = ~np.isnan(given) & ~np.isnan(dates.visit_day)
    return Finding(
        both & (given != dates.visit_day),
        lambda at: (
            f"the day is {given[at]:.0f}, but by its date it is day {dates.visit_day[at]:.0f}"
        ),
    )


def _first_of_same_day(dates: Chronology) -> npt.NDArray[np.int64]:
    """For each assessment the first one in the file of that patient, day and assessor.

    Itself where there is none before it, or where it has no day or no response.
    """
    visits = dates.cohort.assessments
    first = np.arange(len(visits))
    reader = visits["assessor"].str.casefold().to_numpy(dtype=object)
    seen: dict[tuple[int, float, str], int] = {}
    for at in np.flatnonzero(~np.isnan(dates.visit_day) & (dates.response != "")).tolist():
        key = (int(dates.visit_patient[at]), float(dates.visit_day[at]), str(reader[at]))
        first[at] = seen.setdefault(key, at)
    return first


@query_rule(
    "duplicate-assessment",
    "warning",
    "assessments.response",
    "counted once",
    "best_response",
)
def duplicate_assessment(dates: Chronology) -> Finding:
    """The same response by the same assessor on the same day, twice."""
    first = _first_of_same_day(dates)
    rows = dates.cohort.assessments["row"].to_numpy()
    return Finding(
        (first != np.arange(len(first))) & (dates.response == dates.response[first]),
        lambda at: f"the same assessment stands on row {rows[first[at]]}",
    )


@query_rule(
    "contradictory-assessments",
    "error",
    "assessments.response",
    "the worse of the two counts (PD, then NON-CR/NON-PD, SD, PR, CR; NE only where there is "
    "nothing else)",
    *_RESPONSE,
)
def contradictory_assessments(dates: Chronology) -> Finding:
    """Different responses by the same assessor on the same day."""
    first = _first_of_same_day(dates)
    rows = dates.cohort.assessments["row"].to_numpy()
    return Finding(
        dates.response != dates.response[first],
        lambda at: (
            f"{dates.response[at]} here and {dates.response[first[at]]} on row {rows[first[at]]}, "
            "on the same day"
        ),
        "the worse of the two counts (iCPD, then PD, iUPD, NON-CR/NON-PD, SD, PR, CR; NE only "
        "where there is nothing else)"
        if np.isin(dates.response.astype(str), (UNCONFIRMED_PD, CONFIRMED_PD)).any()
        else None,
    )


def _first_day(dates: Chronology, which: Flags) -> Floats:
    """For each assessment the first day on which its patient had one of those marked."""
    first = np.full(len(dates.start), np.inf)
    np.minimum.at(first, dates.visit_patient[which], dates.visit_day[which])
    return first[dates.visit_patient]


def _progressions(dates: Chronology) -> tuple[str, ...]:
    """Responses that end the observation at once: an iUPD does where RECIST 1.1 is meant."""
    if dates.cohort.settings.derivation.response_criteria == "recist-1.1":
        return ("PD", CONFIRMED_PD, UNCONFIRMED_PD)
    return ("PD", CONFIRMED_PD)


def _progression_day(dates: Chronology) -> Floats:
    progression = np.isin(dates.response.astype(str), _progressions(dates))
    return _first_day(dates, dates.counted & progression)


_ANY_PROGRESSION = ("PD", UNCONFIRMED_PD, CONFIRMED_PD)
_BETTER_THAN_PD = ("CR", "PR", "SD", "NON-CR/NON-PD")


@query_rule(
    "response-after-progression",
    "warning",
    "assessments.response",
    "not used: best response looks no further than the first PD",
    *_RESPONSE,
)
def response_after_progression(dates: Chronology) -> Finding:
    """A response, or stable disease, after the first PD."""
    progression = _progression_day(dates)
    named = dates.response.astype(str)
    first = dates.counted & np.isin(named, _progressions(dates)) & (dates.visit_day == progression)
    called = dict(zip(dates.visit_patient[first].tolist(), named[first].tolist(), strict=True))
    return Finding(
        dates.counted & np.isin(named, _BETTER_THAN_PD) & (dates.visit_day > progression),
        lambda at: (
            f"{dates.response[at]} is entered after {called[int(dates.visit_patient[at])]} on day "
            f"{progression[at]:.0f}"
        ),
    )


@query_rule(
    "confirmed-progression-without-unconfirmed",
    "warning",
    "assessments.response",
    "counted as progression on this day; by iRECIST it would count from the iUPD before it",
    "pfs",
    "dor",
)
def confirmed_progression_without_unconfirmed(dates: Chronology) -> Finding:
    """An iCPD without an iUPD before it that still stood (iRECIST: confirmed 4-8 weeks later)."""
    confirmed = dates.counted & (dates.response == CONFIRMED_PD)
    first_unconfirmed = _first_day(dates, dates.counted & (dates.response == UNCONFIRMED_PD))
    return Finding(
        confirmed & ~(first_unconfirmed < dates.visit_day),
        lambda _: "progression is called confirmed (iCPD), but there is no iUPD before it",
    )


@query_rule(
    "progression-confirmed-too-soon",
    "note",
    "assessments.response",
    "used as entered; iRECIST confirms progression at the next assessment, 4 to 8 weeks later",
    "pfs",
    "dor",
)
def progression_confirmed_too_soon(dates: Chronology) -> Finding:
    """An iCPD less than four weeks after the first iUPD of the patient."""
    confirmed = dates.counted & (dates.response == CONFIRMED_PD)
    since = dates.visit_day - _first_day(dates, dates.counted & (dates.response == UNCONFIRMED_PD))
    return Finding(
        confirmed & (since > 0) & (since < 28),
        lambda at: f"progression is called confirmed {since[at]:.0f} days after iUPD",
    )


@query_rule(
    "several-vocabularies",
    "warning",
    "assessments.response",
    "a PD counts as progression at once; an iUPD may be reset by a later response "
    "(derivation.response_criteria)",
    *_RESPONSE,
)
def several_vocabularies(dates: Chronology) -> Finding:
    """A PD of a patient who has progressions by iRECIST too."""
    by_irecist = np.isin(dates.response.astype(str), (UNCONFIRMED_PD, CONFIRMED_PD))
    patients = np.zeros(len(dates.start), dtype=bool)
    patients[dates.visit_patient[dates.counted & by_irecist]] = True
    return Finding(
        dates.counted & (dates.response == "PD") & patients[dates.visit_patient],
        lambda _: "PD is entered, and iUPD or iCPD at another visit of the patient",
    )


@query_rule(
    "worse-after-cr",
    "error",
    "assessments.response",
    "it counts as PD for best response: the disease came back (derivation.worse_after_cr)",
    *_RESPONSE,
)
def worse_after_cr(dates: Chronology) -> Finding:
    """A PR, SD or NON-CR/NON-PD after a CR (RECIST 1.1, table 3, footnote)."""
    complete = _first_day(dates, dates.counted & (dates.response == "CR"))
    worse = np.isin(dates.response.astype(str), ("PR", "SD", "NON-CR/NON-PD"))
    before_progression = dates.visit_day <= _progression_day(dates)
    new_therapy = dates.dates("patients", "new_therapy_start")[dates.visit_patient]
    in_time = ~(dates.visit_date > new_therapy) & ~(dates.visit_date > dates.cutoff)
    reread = dates.cohort.settings.derivation.worse_after_cr == "partial-response"
    return Finding(
        dates.counted & worse & (dates.visit_day > complete) & before_progression & in_time,
        lambda at: f"{dates.response[at]} follows a CR on day {complete[at]:.0f}",
        "the CR is read as PR for best response (derivation.worse_after_cr)" if reread else None,
    )


@query_rule(
    "new-lesion-without-progression",
    "warning",
    "assessments.response",
    "the response is used as entered; by RECIST 1.1 a new lesion is progression",
    *_RESPONSE,
)
def new_lesion_without_progression(dates: Chronology) -> Finding:
    """A new lesion at a visit that is not called PD."""
    new_lesion = dates.cohort.assessments["new_lesion"].to_numpy(dtype=np.float64) == 1
    return Finding(
        dates.counted & new_lesion & ~np.isin(dates.response.astype(str), _ANY_PROGRESSION),
        lambda at: f"a new lesion was seen, but the response is {dates.response[at]}",
    )


@query_rule(
    "baseline-missing",
    "warning",
    "assessments.target_sum_mm",
    "no response follows from the measurements of this patient; responses as entered are used",
    "best_response",
    "pfs",
)
def baseline_missing(dates: Chronology) -> Finding:
    """Target lesions measured after the start of treatment, but not before it.

    Told at the first such measurement of the patient.
    """
    sums = dates.cohort.assessments["target_sum_mm"].to_numpy(dtype=np.float64)
    measured = ~np.isnan(sums) & dates.read_by_chosen
    at_baseline = np.zeros(len(dates.start), dtype=bool)
    at_baseline[dates.visit_patient[measured & (dates.visit_day <= 0)]] = True
    later = measured & (dates.visit_day > 0) & ~at_baseline[dates.visit_patient]
    first = np.zeros(len(sums), dtype=bool)
    places = np.flatnonzero(later)
    places = places[np.lexsort((dates.visit_day[places], dates.visit_patient[places]))]
    patients = dates.visit_patient[places]
    first[places[np.flatnonzero(np.diff(patients, prepend=-1))]] = True
    return Finding(
        first, lambda _: "target lesions are measured, but there is no sum from before treatment"
    )


RULES = (
    assessment_after_cutoff,
    assessment_before_treatment,
    assessment_after_death,
    day_and_date_disagree,
    duplicate_assessment,
    contradictory_assessments,
    response_after_progression,
    confirmed_progression_without_unconfirmed,
    progression_confirmed_too_soon,
    several_vocabularies,
    worse_after_cr,
    new_lesion_without_progression,
    baseline_missing,
)
