"""ADTTE: times to an event as somebody derived them, brought to days from day 0."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from dossier.cohort.cdisc.parameters import Parameter, by_chosen_assessor, parameters
from dossier.cohort.cdisc.records import cells, counted, date_of, note
from dossier.cohort.cdisc.time_units import UNITS, Span, unit_of_dates, unit_of_text
from dossier.cohort.model import DataQuery
from dossier.cohort.raw_table import RawTable
from dossier.cohort.values import MISSING_CODES
from dossier.errors import Problem
from dossier.units import days_of

Endpoint = Literal["pfs", "os", "dor"]

# What the parameters are called: PFS, PFSINV, PFSBICR; RSD (admiralonco), CRSD (NEST), DOR, DUROR.
_CODES: Final[dict[Endpoint, re.Pattern[str]]] = {
    "pfs": re.compile(r"I?PFS(I|INV|B|IRC|ICR|BICR|IRF|C)?"),
    "os": re.compile(r"OS"),
    "dor": re.compile(r"I?(RSD|CRSD|DOR|DUROR|TDOR|DURRSP)(I|INV|B|IRC|ICR|BICR|IRF|C)?"),
}
_TEXTS: Final[dict[Endpoint, re.Pattern[str]]] = {
    "pfs": re.compile(r"progression[- ]free survival\b(?! *(2|on next))", re.IGNORECASE),
    "os": re.compile(r"overall survival\b", re.IGNORECASE),
    "dor": re.compile(r"duration of (confirmed |overall |objective |tumou?r )*response", re.I),
}
_STARTS: Final = ("STARTDT", "STARTDTM", "RANDDT", "RANDDTM", "TRTSDT", "TRTSDTM")


@dataclass(frozen=True)
class GivenTime:
    """A time to an event as derived in ADTTE.

    Parameters
    ----------
    code
        PARAMCD.
    days, event, ended, date, rows
        By patient: the time in days from day 0, ``1`` for an event and ``0`` for a censored time,
        what ended it (EVNTDESC, else CNSDTDSC), on which date, and the row of the record.
    queries
        What was seen.
    """

    code: str
    days: Mapping[str, str]
    event: Mapping[str, str]
    ended: Mapping[str, str]
    date: Mapping[str, str]
    rows: Mapping[str, int]
    queries: tuple[DataQuery, ...]


def given_times(
    adtte: RawTable, assessor: str | None
) -> tuple[dict[Endpoint, GivenTime], list[Problem]]:
    """The endpoints that ADTTE holds.

    Parameters
    ----------
    adtte
        The data set, headings in capitals.
    assessor
        ``derivation.assessor``: whose progressions, where several assessed them.

    Returns
    -------
    tuple
        The times by endpoint, and every record that cannot be read.
    """
    found = parameters(adtte)
    times: dict[Endpoint, GivenTime] = {}
    problems: list[Problem] = []
    for endpoint, code in _CODES.items():
        named = [each for each in found if code.fullmatch(each.code)]
        named = named or [each for each in found if _TEXTS[endpoint].search(each.text)]
        for parameter in by_chosen_assessor(named, assessor)[:1]:
            times[endpoint], wrong = _given_time(adtte, endpoint, parameter)
            problems += wrong
    return times, problems


def _given_time(
    adtte: RawTable, endpoint: Endpoint, parameter: Parameter
) -> tuple[GivenTime, list[Problem]]:
    identifiers = cells(adtte, "USUBJID", "SUBJID")
    values, censored = cells(adtte, "AVAL"), cells(adtte, "CNSR")
    ends, censors = cells(adtte, "EVNTDESC"), cells(adtte, "CNSDTDSC")
    first: dict[str, int] = {}
    for at in parameter.positions:
        first.setdefault(identifiers[at], at)
    records = list(first.values())
    queries = []
    if len(records) < len(parameter.positions):
        queries.append(
            note(
                adtte,
                "several-records",
                f"{parameter.code}: {len(parameter.positions)} records of "
                f"{counted(len(records), 'patient')}",
                "the first record of each patient is used",
                endpoint,
                column="PARAMCD",
                severity="error",
            )
        )
    units, told, problem = _units(adtte, endpoint, parameter, records)
    queries += told
    if problem is not None:
        return GivenTime(parameter.code, {}, {}, {}, {}, {}, tuple(queries)), [problem]
    day_one = _first_day_is_one(adtte, records, values, units)
    if day_one:
        queries.append(
            note(
                adtte,
                "first-day-counted",
                f"{parameter.code} counts the first day as day 1",
                "one day less is used: the start is day 0, as for every time of this dossier",
                endpoint,
                column="AVAL",
            )
        )
    days: dict[str, str] = {}
    event: dict[str, str] = {}
    problems: list[Problem] = []
    for identifier, at in first.items():
        number = _number(values[at])
        unit = UNITS.get(units[at])
        status = _number(censored[at])
        unreadable = number is None and values[at].casefold() not in MISSING_CODES
        if unreadable or unit is None:
            column = "AVALU" if unit is None else "AVAL"
            value = cells(adtte, column)[at]
            expected = "days, weeks, months or years" if unit is None else "a number"
            problems.append(_problem(adtte, at, column, identifier, value, expected))
        if status is None and censored[at].casefold() not in MISSING_CODES:
            expected = "0 for an event, 1 or more for a censored time"
            problems.append(_problem(adtte, at, "CNSR", identifier, censored[at], expected))
        if number is not None and unit is not None:
            time = days_of(number, unit) - (1 if day_one else 0)
            days[identifier] = f"{max(time, 0):.12g}" if day_one else f"{time:.12g}"
        event[identifier] = "" if status is None else str(int(status == 0))
    ended = {identifier: ends[at] or censors[at] for identifier, at in first.items()}
    on = cells(adtte, "ADT", "ADTM")
    date = {identifier: on[at] for identifier, at in first.items()}
    rows = {identifier: adtte.rows[at] for identifier, at in first.items()}
    return GivenTime(parameter.code, days, event, ended, date, rows, tuple(queries)), problems


def _units(
    adtte: RawTable, endpoint: Endpoint, parameter: Parameter, records: Sequence[int]
) -> tuple[Mapping[int, str], list[DataQuery], Problem | None]:
    """The unit of each record in capitals: that of AVALU, else of PARAM, else of the dates.

    Months taken for days would turn a verdict, so a unit that nothing tells is a problem unless
    every time is a whole number, as days are.
    """
    written = cells(adtte, "AVALU")
    units = {at: written[at].strip().upper() for at in records}
    named = {unit for unit in units.values() if unit}
    column = "AVALU" if named else "PARAM"
    shown = unit_of_dates(_spans(adtte, endpoint, records))
    said = UNITS.get(min(named)) if len(named) == 1 else None
    if not named:
        said = unit_of_text(parameter.text)
    queries = []
    if said is not None and shown is not None and said != shown:
        queries.append(
            note(
                adtte,
                "time-unit-contradicted",
                f"{parameter.code} is in {said} as {column} says, and in {shown} by its dates",
                f"read in {said}; {column} or the dates are wrong",
                endpoint,
                column=column,
                severity="error",
            )
        )
    unit = said or shown
    if named:
        blank = (unit or "days").upper()
        return {at: each or blank for at, each in units.items()}, queries, None
    if unit is None and (at := _with_a_fraction(adtte, records)) is not None:
        problem = Problem(
            f"the unit of the times of {parameter.code} is not known",
            adtte.label,
            adtte.rows[at],
            "AVALU",
            value=cells(adtte, "AVAL")[at],
            expected="a column AVALU, or the unit in PARAM, such as Overall Survival (months)",
        )
        return units, [], problem
    if unit not in (None, "days"):
        queries.append(
            note(
                adtte,
                "time-unit-not-in-avalu",
                f"the unit of {parameter.code} is not in AVALU",
                f"read in {unit}, as {'PARAM says' if said else 'the dates show'}",
                endpoint,
                column="AVALU",
            )
        )
    return dict.fromkeys(units, (unit or "days").upper()), queries, None


def _with_a_fraction(adtte: RawTable, records: Sequence[int]) -> int | None:
    """The first record whose time is no whole number, as days are."""
    values = cells(adtte, "AVAL")
    for at in records:
        number = _number(values[at])
        if number is not None and not number.is_integer():
            return at
    return None


def _spans(adtte: RawTable, endpoint: Endpoint, records: Sequence[int]) -> list[Span]:
    """The times of records beside the days between their dates."""
    names = _STARTS[:2] if endpoint == "dor" else _STARTS  # a response begins on a day of its own
    start = next((adtte.columns[name] for name in names if name in adtte.columns), None)
    if start is None:
        return []
    ends, values = cells(adtte, "ADT", "ADTM"), cells(adtte, "AVAL")
    spans = []
    for at in records:
        begin, end, number = date_of(start[at]), date_of(ends[at]), _number(values[at])
        if begin and end and number is not None:
            spans.append(Span(number, (end - begin).days))
    return spans


def _first_day_is_one(
    adtte: RawTable, records: Sequence[int], values: Sequence[str], units: Mapping[int, str]
) -> bool:
    """Whether the times are those from start to end plus one day, wherever both are dated."""
    ends = cells(adtte, "ADT", "ADTM")
    for name in _STARTS:
        if name not in adtte.columns:
            continue
        starts = adtte.columns[name]
        more: list[float] = []
        for at in records:
            start, end, number = date_of(starts[at]), date_of(ends[at]), _number(values[at])
            if start and end and number is not None:
                if UNITS.get(units[at]) != "days":
                    return False
                more.append(number - (end - start).days)
        if more and all(0.5 < each <= 1.5 for each in more):
            return True
    return False


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _problem(
    adtte: RawTable, at: int, column: str, patient: str, value: str, expected: str
) -> Problem:
    message = "the time cannot be read"
    return Problem(message, adtte.label, adtte.rows[at], column, patient, value, expected)
