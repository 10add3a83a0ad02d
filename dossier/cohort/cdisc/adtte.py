"""ADTTE: times to an event as somebody derived them, brought to days from day 0."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from dossier.cohort.cdisc.parameters import Parameter, by_chosen_assessor, parameters
from dossier.cohort.cdisc.records import cells, counted, date_of, note
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
_UNITS: Final[dict[str, Literal["days", "weeks", "months", "years"]]] = {
    "": "days", "D": "days", "DAY": "days", "DAYS": "days", "WEEK": "weeks", "WEEKS": "weeks",
    "MONTH": "months", "MONTHS": "months", "MO": "months", "YEAR": "years", "YEARS": "years",
}  # fmt: skip
_STARTS: Final = ("STARTDT", "STARTDTM", "RANDDT", "RANDDTM", "TRTSDT", "TRTSDTM")


@dataclass(frozen=True)
class GivenTime:
    """A time to an event as derived in ADTTE.

    Parameters
    ----------
    code
        PARAMCD.
    days, event, ended, date
        By patient: the time in days from day 0, ``1`` for an event and ``0`` for a censored time,
        what ended it (EVNTDESC, else CNSDTDSC), and on which date.
    queries
        What was seen.
    """

    code: str
    days: Mapping[str, str]
    event: Mapping[str, str]
    ended: Mapping[str, str]
    date: Mapping[str, str]
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
    values, units, censored = (cells(adtte, name) for name in ("AVAL", "AVALU", "CNSR"))
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
        unit = _UNITS.get(units[at].strip().upper())
        status = _number(censored[at])
        unreadable = number is None and values[at].casefold() not in MISSING_CODES
        if unreadable or unit is None:
            column, value = ("AVALU", units[at]) if unit is None else ("AVAL", values[at])
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
    return GivenTime(parameter.code, days, event, ended, date, tuple(queries)), problems


def _first_day_is_one(
    adtte: RawTable, records: Sequence[int], values: Sequence[str], units: Sequence[str]
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
                if _UNITS.get(units[at].strip().upper()) != "days":
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
