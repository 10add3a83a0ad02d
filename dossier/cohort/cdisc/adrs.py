"""ADRS: the overall response at every visit, and the best response somebody derived from it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from dossier.cohort.cdisc.parameters import (
    CENTRAL,
    Parameter,
    accepted_central,
    by_chosen_assessor,
    evaluator_names,
    parameters,
)
from dossier.cohort.cdisc.records import cells, counted, filled, note, of_records
from dossier.cohort.columns import RESPONSES
from dossier.cohort.model import DataQuery
from dossier.cohort.raw_table import RawTable

# OVR (admiralonco), OVRINV (NEST), OVRLRESP (named as in SDTM), OVRB, OVRR1, OVRBICR ...
_VISIT_CODE: Final = re.compile(r"I?OVR.*")
_VISIT_TEXT: Final = re.compile(r"\boverall response\b", re.IGNORECASE)
_BEST_CODE: Final = re.compile(r"I?C?BOR.*|BESRSP.*|I?CBRSP.*")
_BEST_TEXT: Final = re.compile(r"\bbest\b.*\boverall response\b", re.IGNORECASE)
_CONFIRMED_CODE: Final = re.compile(r"I?CBOR.*|BESRSP.*|I?CBRSP.*")
_CONFIRMED_TEXT: Final = re.compile(r"\bconfirmed\b", re.IGNORECASE)
_UNCONFIRMED_TEXT: Final = re.compile(
    r"unconfirmed|confirmation (is )?not required|without confirmation", re.IGNORECASE
)
_NOT_DONE: Final = frozenset({"", ".", "NA", "ND", "NOT DONE", "MISSING", "NOT ASSESSED"})
_BASELINE: Final = frozenset({"SCREENING", "BASELINE"})
_KEPT: Final = (
    "USUBJID", "SUBJID", "ADT", "ADTM", "ADTF", "AVISIT", "PARAMCD", "PARAM", "AVALC", "RSEVAL",
    "RSEVALID", "RSACPTFL", "RSDTC",
)  # fmt: skip
_TOUCHED: Final = ("best_response", "benefit", "pfs", "dor")


def visit_responses(adrs: RawTable) -> RawTable:
    """Make the assessments of ADRS: its records of an overall response, with their assessor.

    The response entered at screening or baseline, which is none, and records without a value are
    left out and counted.

    Parameters
    ----------
    adrs
        The data set, headings in capitals.
    """
    chosen = [each for each in parameters(adrs) if _is_visit_response(each)]
    values = cells(adrs, "AVALC")
    assessor = {at: each.assessor for each in chosen for at in each.positions}
    records = sorted(assessor)
    empty = {at for at in records if values[at].upper() in _NOT_DONE}
    before = _at_baseline(adrs, records) - empty
    kept = [at for at in records if at not in empty and at not in before]
    names = evaluator_names(adrs, kept, "RS", [assessor[at] for at in kept])
    central = accepted_central(adrs, kept, "RS")
    order = sorted([*range(len(kept)), *central])
    second = [place > 0 and order[place - 1] == at for place, at in enumerate(order)]
    date = filled(adrs, "ADT", "ADTM", "RSDTC")
    study_day = cells(adrs, "ADY")
    table = of_records(
        adrs,
        "assessments",
        [kept[at] for at in order],
        _KEPT,
        added={
            "ASSESSOR": [
                CENTRAL if again else names[at] for at, again in zip(order, second, strict=True)
            ]
        }
        | ({} if date else {"ADY - 1": [_days(study_day[kept[at]]) for at in order]}),
        meaning={
            "response": "AVALC",
            "date": date,
            "day": None if date else "ADY - 1",
            "assessor": "ASSESSOR" if any(names) else None,
        },
        queries=_left_out(adrs, len(empty), len(before)),
    )
    codes = ", ".join(each.code for each in chosen) or "no parameter"
    detail = f"{adrs.source.detail}; visits: {codes}"
    return replace(table, source=replace(adrs.source, detail=detail))


def holds_visits(adrs: RawTable) -> bool:
    """Whether ADRS has a parameter of the overall response at a visit."""
    return any(_is_visit_response(each) for each in parameters(adrs))


def _is_visit_response(parameter: Parameter) -> bool:
    if _VISIT_CODE.fullmatch(parameter.code):
        return True
    text = parameter.text
    return bool(_VISIT_TEXT.search(text)) and not re.search(r"\bbest\b", text, re.IGNORECASE)


def _at_baseline(adrs: RawTable, records: Sequence[int]) -> set[int]:
    visit, flag = cells(adrs, "AVISIT", "VISIT"), cells(adrs, "ABLFL")
    return {at for at in records if visit[at].upper() in _BASELINE or flag[at].upper() == "Y"}


def _days(study_day: str) -> str:
    """Days since the start of treatment from a CDISC study day, which has no day 0."""
    try:
        day = float(study_day)
    except ValueError:
        return study_day
    return f"{day - 1 if day > 0 else day:.10g}"


def _left_out(adrs: RawTable, empty: int, before: int) -> list[DataQuery]:
    queries = []
    if empty:
        queries.append(
            note(
                adrs,
                "visit-without-response",
                f"{counted(empty, 'record')} of an overall response {_has(empty)} no value",
                "left out: the visit was not assessed",
                *_TOUCHED,
                column="AVALC",
            )
        )
    if before:
        queries.append(
            note(
                adrs,
                "response-at-baseline",
                f"{counted(before, 'record')} {_has(before)} a response at screening or baseline",
                "left out: a response is a change from baseline",
                column="AVISIT",
            )
        )
    return queries


def _has(number: int) -> str:
    return "has" if number == 1 else "have"


def best_responses(
    adrs: RawTable, *, confirmed: bool, assessor: str | None
) -> tuple[Parameter, Mapping[str, int]] | None:
    """The best response as derived in ADRS.

    Parameters
    ----------
    adrs
        The data set, headings in capitals.
    confirmed
        Whether the confirmed one is meant (``derivation.confirmation``); the other is taken only
        where there is no such parameter.
    assessor
        ``derivation.assessor``.

    Returns
    -------
    tuple or None
        The parameter, and its first record by patient; None where there is no such parameter.
    """
    values = cells(adrs, "AVALC")
    known = {*RESPONSES, "MISSING", *(f"I{code}" for code in ("CR", "PR", "SD", "UPD", "CPD"))}
    found = [
        each
        for each in parameters(adrs)
        if (_BEST_CODE.fullmatch(each.code) or _BEST_TEXT.search(each.text))
        and {values[at].upper() for at in each.positions} & known
    ]
    found = by_chosen_assessor(found, assessor)
    meant = [each for each in found if is_confirmed(each) == confirmed] or found
    if not meant:
        return None
    identifiers = cells(adrs, "USUBJID", "SUBJID")
    first: dict[str, int] = {}
    for at in meant[0].positions:
        first.setdefault(identifiers[at], at)
    return meant[0], first


def is_confirmed(parameter: Parameter) -> bool:
    """Whether the best response of a parameter had to be confirmed."""
    if _UNCONFIRMED_TEXT.search(parameter.text):
        return False
    if _CONFIRMED_TEXT.search(parameter.text):
        return True
    return bool(_CONFIRMED_CODE.fullmatch(parameter.code))
