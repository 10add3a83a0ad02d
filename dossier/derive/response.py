"""Best overall response by RECIST 1.1, confirmed or not.

The rule, applied to the visits of one patient in order of day:

1. Visits count when they are after baseline (day > 0), on or before the start of a new anticancer
   therapy and the data cut-off, up to and including the first PD.
2. After a CR the disease can only come back. A later PR, SD or NON-CR/NON-PD
   (``worse_after_cr: progression``) is PD at that visit, and nothing after it counts; or
   (``worse_after_cr: partial-response``) the CR had been called too early: every CR that has a PR,
   SD or NON-CR/NON-PD after it is read as PR, and the later visits stand as entered.
3. The first that fits:
   CR - a CR and another CR at least ``confirmation_days`` later, between them nothing but CR and at
   most ``maximum_ne_between`` NE;
   PR - a PR and a PR or CR at least that much later, between them nothing but PR, CR, at most
   ``maximum_ne_between`` NE and at most ``maximum_sd_between`` SD;
   SD - a CR, PR or SD on day ``sd_minimum_days`` less ``sd_tolerance_days`` or later;
   NON-CR/NON-PD - that response, on such a day;
   PD - a PD;
   NE - otherwise.
   Without confirmation a single CR or PR is enough.
4. The day that carries the result is that of the first visit of the earliest pair, of the first
   single visit that fits, or for NE of the first visit.

Source: RECIST 1.1, Eisenhauer et al., Eur J Cancer 2009;45:228-247, sections 4.4-4.6 and table 3.
The guideline leaves CR followed by a lesser response to the reader (footnote of table 3): hence
the option.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import ValidationError

from dossier.cohort.columns import ASSESSMENTS, RESPONSES, VISIT_RESPONSES
from dossier.cohort.settings import Derivation
from dossier.derive.irecist import with_progression_settled
from dossier.derive.pairs import first_pair, until_progression
from dossier.derive.timeline import NEVER, Flags, Floats, Integers
from dossier.derive.visits import (
    CR,
    NE,
    NO_VISIT,
    NON_CR_NON_PD,
    PD,
    PR,
    SD,
    Codes,
    Visits,
    arrange,
    first_place,
)
from dossier.errors import InputError, Problem
from dossier.yaml_source import nearest

__all__ = ["BestResponse", "best_response", "best_responses"]


@dataclass(frozen=True)
class BestResponse:
    """Best overall response of every patient.

    Each array has one entry a patient.

    Parameters
    ----------
    response
        Position in `dossier.cohort.columns.RESPONSES`.
    place
        Place in the visits of the visit that carries the response, -1 where no visit counts.
    confirming
        Place of the visit that confirms it, -1 where none is needed or none counts.
    used
        Shape (patients, places): the visits that counted.
    """

    response: Codes
    place: Integers
    confirming: Integers
    used: Flags


def best_responses(
    visits: Visits, last_day: Floats, options: Derivation, *, confirmation: bool = True
) -> BestResponse:
    """Best overall response of every patient (the rule is described in this module's docstring).

    Parameters
    ----------
    visits
        Assessments after baseline.
    last_day
        One entry a patient: the last day a visit may count, the earlier of cut-off and start of a
        new anticancer therapy; infinity where there is neither.
    options
        The ``derivation`` section of the settings.
    confirmation
        False counts single visits even where ``options.confirmation`` is on.
    """
    response = np.where(visits.day <= last_day[:, None], visits.response, NO_VISIT)
    response = _after_complete_response(until_progression(response), options)
    is_cr, is_pr, is_sd = response == CR, response == PR, response == SD
    is_ne = response == NE
    long_enough = visits.day >= options.sd_minimum_days - options.sd_tolerance_days
    none = np.full(len(response), -1)

    if confirmation and options.confirmation:
        apart = options.confirmation_days
        tolerated = [(is_ne, options.maximum_ne_between)]
        complete = first_pair(visits.day, response, is_cr, is_cr, tolerated, apart)
        tolerated = [*tolerated, (is_sd, options.maximum_sd_between)]
        partial = first_pair(visits.day, response, is_pr, is_pr | is_cr, tolerated, apart)
    else:
        complete, partial = (first_place(is_cr), none), (first_place(is_pr), none)

    by_rank = (
        (CR, *complete),
        (PR, *partial),
        (SD, first_place((is_cr | is_pr | is_sd) & long_enough), none),
        (NON_CR_NON_PD, first_place((response == NON_CR_NON_PD) & long_enough), none),
        (PD, first_place(response == PD), none),
    )
    found = np.array([place >= 0 for _, place, _ in by_rank])
    best = np.full(len(response), NE, dtype=np.int8)
    place, confirming = first_place(response != NO_VISIT), none
    for rank in reversed(range(len(by_rank))):
        code, places, confirming_places = by_rank[rank]
        best = np.where(found[rank], np.int8(code), best)
        place = np.where(found[rank], places, place)
        confirming = np.where(found[rank], confirming_places, confirming)
    return BestResponse(best, place, confirming, response != NO_VISIT)


def _after_complete_response(response: Codes, options: Derivation) -> Codes:
    is_cr = response == CR
    worse = (response == PR) | (response == SD) | (response == NON_CR_NON_PD)
    if options.worse_after_cr == "progression":
        relapse = worse & (np.cumsum(is_cr, axis=1) > 0)
        return until_progression(np.where(relapse, np.int8(PD), response))
    worse_later = np.cumsum(worse[:, ::-1], axis=1)[:, ::-1] > 0
    return np.where(is_cr & worse_later, np.int8(PR), response)


def best_response(
    visits: Iterable[tuple[int, str]],
    *,
    new_therapy_day: int | None = None,
    data_cutoff_day: int | None = None,
    **options: Any,
) -> tuple[str, int | None]:
    """Best overall response of one patient, confirmed unless ``confirmation=False``.

    Parameters
    ----------
    visits
        Pairs of day since the start of treatment (start is day 0) and response: CR, PR, SD,
        NON-CR/NON-PD, PD or NE; the codes of iRECIST too (see `dossier.derive.irecist`). In any
        order; visits on day 0 or earlier are baseline and do not count; of several on one day the
        worst evaluable response counts.
    new_therapy_day, data_cutoff_day
        Days after which visits do not count; None where there is none.
    **options
        As in the ``derivation`` section of cohort.yaml: ``confirmation``, ``confirmation_days``,
        ``maximum_ne_between``, ``maximum_sd_between``, ``sd_minimum_days``, ``sd_tolerance_days``,
        ``worse_after_cr``, ``response_criteria``.

    Returns
    -------
    tuple of str and int or None
        The response and the day that carries it: the first of the two visits of a confirmed
        response; None where no visit counts.

    Raises
    ------
    InputError
        For an unknown response or option, with the nearest known one, and for an impossible day.

    Examples
    --------
    >>> best_response([(57, "PR"), (113, "PR")], new_therapy_day=None)
    ('PR', 57)
    >>> best_response([(57, "PR"), (84, "PR")])
    ('SD', 57)
    >>> best_response([(57, "CR"), (113, "PR")], worse_after_cr="partial-response")
    ('PR', 57)
    >>> best_response([(57, "iUPD"), (85, "iPR"), (113, "iPR")])
    ('PR', 85)
    """
    problems: list[Problem] = []
    derivation = _derivation(options, problems)
    limits = [
        _day(value, name, problems)
        for name, value in (
            ("new_therapy_day", new_therapy_day),
            ("data_cutoff_day", data_cutoff_day),
        )
        if value is not None
    ]
    days: list[float] = []
    codes: list[int] = []
    for number, visit in enumerate(visits, start=1):
        try:
            day, response = visit
        except (TypeError, ValueError):
            problems.append(
                Problem(
                    "a visit is not a pair",
                    row=number,
                    value=repr(visit),
                    expected="(day, response)",
                )
            )
            continue
        days.append(_day(day, "day", problems, number))
        codes.append(_code(response, problems, number))
    if problems:
        raise InputError(problems)

    arranged = arrange(
        np.zeros(len(days), dtype=np.int64),
        np.array(days, dtype=np.float64),
        np.array(codes, dtype=np.int8),
        np.arange(len(days)),
        patients=1,
    )
    last_day = np.array([min(limits, default=NEVER)])
    arranged = with_progression_settled(arranged, last_day, derivation)
    best = best_responses(arranged, last_day, derivation)
    place = int(best.place[0])
    return RESPONSES[best.response[0]], int(arranged.day[0, place]) if place >= 0 else None


_SYNONYMS = next(column for column in ASSESSMENTS if column.name == "response").synonyms
_CODES = {
    **{text: VISIT_RESPONSES.index(code) for text, code in _SYNONYMS.items()},
    **{code.upper(): place for place, code in enumerate(VISIT_RESPONSES)},
}


def _code(response: object, problems: list[Problem], visit: int) -> int:
    text = response.strip().upper() if isinstance(response, str) else ""
    if text in _CODES:
        return _CODES[text]
    problems.append(
        Problem(
            _meant("unknown response", nearest(text, _CODES)),
            row=visit,
            column="response",
            value=str(response),
            expected="one of " + ", ".join(VISIT_RESPONSES),
        )
    )
    return NO_VISIT


def _meant(message: str, word: str | None) -> str:
    return f"{message}, did you mean {word!r}?" if word else message


def _day(day: object, name: str, problems: list[Problem], visit: int | None = None) -> float:
    if isinstance(day, int | float | np.integer | np.floating) and not isinstance(day, bool):
        number = float(day)
        if math.isfinite(number) and number.is_integer():
            return number
    problems.append(
        Problem(
            "not a day",
            row=visit,
            column=name,
            value=str(day),
            expected="a whole number of days since the start of treatment",
        )
    )
    return math.nan


def _derivation(options: dict[str, Any], problems: list[Problem]) -> Derivation:
    known = {}
    for name, value in options.items():
        if name in Derivation.model_fields:
            known[name] = value
            continue
        message = _meant("unknown option", nearest(name, Derivation.model_fields))
        problems.append(Problem(message, column=name))
    try:
        return Derivation(**known)
    except ValidationError as error:
        for detail in error.errors():
            place = ".".join(str(part) for part in detail["loc"])
            problems.append(Problem(detail["msg"], column=place, value=str(detail["input"])))
        return Derivation()
