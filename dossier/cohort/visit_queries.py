"""Data queries about the assessments: visits out of time, and visits that contradict each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dossier.cohort.chronology import Chronology, Flags, Floats
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
    )


def _first_day(dates: Chronology, which: Flags) -> Floats:
    """For each assessment the first day on which its patient had one of those marked."""
    first = np.full(len(dates.start), np.inf)
    np.minimum.at(first, dates.visit_patient[which], dates.visit_day[which])
    return first[dates.visit_patient]


def _progression_day(dates: Chronology) -> Floats:
    return _first_day(dates, dates.counted & (dates.response == "PD"))


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
    better = np.isin(dates.response.astype(str), _BETTER_THAN_PD)
    return Finding(
        dates.counted & better & (dates.visit_day > progression),
        lambda at: f"{dates.response[at]} is entered after PD on day {progression[at]:.0f}",
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
        dates.counted & new_lesion & (dates.response != "PD"),
        lambda at: f"a new lesion was seen, but the response is {dates.response[at]}",
    )


RULES = (
    assessment_after_cutoff,
    assessment_before_treatment,
    assessment_after_death,
    day_and_date_disagree,
    duplicate_assessment,
    contradictory_assessments,
    response_after_progression,
    worse_after_cr,
    new_lesion_without_progression,
)
