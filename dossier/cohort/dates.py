"""Dates as people write them: ISO 8601 or one declared form, complete or partial."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import Final, Literal

Policy = Literal["first", "middle", "last", "refuse"]

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100

_MONTHS: Final[dict[str, int]] = {
    spelling: number
    for number, spellings in enumerate(
        (
            "jan january januari",
            "feb february februari",
            "mar march mrt maart",
            "apr april",
            "may mei",
            "jun june juni",
            "jul july juli",
            "aug august augustus",
            "sep sept september",
            "oct october okt oktober",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for spelling in spellings.split()
}

# What a time of day after the date looks like; it is cut off.
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_UNKNOWN = r"UNK?|XX?X?|-{1,2}|\?{1,2}"
_YEAR, _MONTH, _NAME, _DAY = r"(?P<y>\d{4})", r"(?P<m>\d{2})", r"(?P<b>[^\W\d_]+)", r"(?P<d>\d{2})"
_ISO = re.compile(rf"{_YEAR}-{_MONTH}-{_DAY}{_TIME}|(\d{{4}})(\d{{2}})(\d{{2}})", re.ASCII)
_ISO_PARTIAL = re.compile(
    rf"{_YEAR}(?:-(?P<m>\d{{2}}|{_UNKNOWN})?(?:-(?P<d>\d{{2}}|{_UNKNOWN})?)?)?", re.ASCII
)


@dataclass(frozen=True)
class PartialDate:
    """A date of which the day, or the month and the day, is not known.

    Parameters
    ----------
    year, month
        What is known; month is None where only the year is.
    """

    year: int
    month: int | None = None

    def imputed(self, policy: Policy) -> datetime.date:
        """The day a policy takes: first, middle (the 15th; 30 June) or last of what is known."""
        month = self.month
        if policy == "first":
            return datetime.date(self.year, month or 1, 1)
        if policy == "last":
            month = month or 12
            return datetime.date(self.year, month, calendar.monthrange(self.year, month)[1])
        if month is None:
            return datetime.date(self.year, 6, 30)
        return datetime.date(self.year, month, 15)


class DateFormat:
    """How the dates of a file are written.

    Parameters
    ----------
    written
        ``%d-%m-%Y`` or ``DD-MM-YYYY`` (also D, M, MMM for a month's name, YY, and the Dutch J for
        the year); None for ISO 8601.

    Raises
    ------
    ValueError
        When the form lacks day, month or year, or holds something else.

    Examples
    --------
    >>> DateFormat("DD-MM-YYYY").parse("31-05-2024")
    datetime.date(2024, 5, 31)
    >>> DateFormat("DDMMMYYYY").parse("31mei2024")
    datetime.date(2024, 5, 31)
    >>> DateFormat().parse("2024-05")
    PartialDate(year=2024, month=5)
    """

    def __init__(self, written: str | None = None) -> None:
        self.written = written
        self._read: dict[str, datetime.date | PartialDate | None] = {}
        self._full: tuple[re.Pattern[str], ...] = (_ISO,)
        self._partial: tuple[re.Pattern[str], ...] = (_ISO_PARTIAL,)
        self._only_this = False
        if written is None:
            return
        tokens = _tokens(written)
        full = re.compile(_pattern(tokens) + _TIME, re.IGNORECASE)
        partials = (
            re.compile(_pattern(tokens, unknown="d"), re.IGNORECASE),
            re.compile(_pattern(tokens, unknown="dm"), re.IGNORECASE),
            re.compile(_pattern(_without(tokens, "d")), re.IGNORECASE),
        )
        # With year, day, month the same text could be an ISO date with day and month exchanged.
        order = "".join(kind.replace("b", "m") for kind, _ in tokens)
        self._only_this = only_this = order == "ydm"
        self._full = (full,) if only_this else (full, _ISO)
        self._partial = (*partials, re.compile(_YEAR)) if only_this else (*partials, _ISO_PARTIAL)

    @property
    def expected(self) -> str:
        """What a reader of a problem is told."""
        if self.written is None:
            return "a date such as 2024-05-31, or another form declared as date_format"
        return f"a date of the form {self.written}"

    def parse(self, text: str) -> datetime.date | PartialDate | None:
        """Read one date; None where the text is none, or one that cannot exist."""
        if text not in self._read:  # the same days stand in many cells
            self._read[text] = self._parsed(text)
        return self._read[text]

    def _parsed(self, text: str) -> datetime.date | PartialDate | None:
        for pattern in self._full:
            if match := pattern.fullmatch(text):
                return _date(match)
        for pattern in self._partial:
            if match := pattern.fullmatch(text):
                return _partial_date(match)
        return None

    def safe_text(self, date: datetime.date) -> str:
        """Write a date so that `parse` reads the same date back: ISO 8601 where that is read."""
        return self.text(date) if self._only_this else date.isoformat()

    def text(self, date: datetime.date) -> str:
        """Write a date in this form."""
        if self.written is None:
            return date.isoformat()
        names = {number: name for name, number in reversed(_MONTHS.items()) if len(name) == 3}
        return "".join(
            {
                "y": f"{date.year:04d}" if spec == "4" else f"{date.year % 100:02d}",
                "m": f"{date.month:02d}" if spec == "2" else str(date.month),
                "b": names[date.month],
                "d": f"{date.day:02d}" if spec == "2" else str(date.day),
            }.get(kind, spec)
            for kind, spec in _tokens(self.written)
        )


def _date(match: re.Match[str]) -> datetime.date | None:
    found = match.groupdict()
    if found.get("y") is None and match.re is _ISO:
        found = dict(zip("ymd", match.groups()[-3:], strict=True))
    month = _MONTHS.get(found["b"].casefold(), 0) if found.get("b") else int(found["m"] or 0)
    year = _year(found["y"])
    try:
        date = datetime.date(year, month, int(found["d"]))
    except ValueError:
        return None
    return date if FIRST_YEAR <= year <= LAST_YEAR else None


def _partial_date(match: re.Match[str]) -> PartialDate | None:
    found = match.groupdict()
    year = _year(found["y"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    month = found.get("m") or ""
    named = found.get("b")
    if named:
        number = _MONTHS.get(named.casefold())
        return PartialDate(year, number) if number else None
    if not month.isdigit():
        return PartialDate(year)
    return PartialDate(year, int(month)) if 1 <= int(month) <= 12 else None


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 2:  # as strptime and POSIX read two digits
        return year + (2000 if year < 69 else 1900)
    return year


_FRIENDLY = re.compile(r"YYYY|YY|JJJJ|JJ|MMMM|MMM|MM|M|DD|D", re.IGNORECASE)
_STRPTIME: Final = {
    "%d": ("d", "2"), "%-d": ("d", "1"), "%m": ("m", "2"), "%-m": ("m", "1"),
    "%b": ("b", ""), "%B": ("b", ""), "%Y": ("y", "4"), "%y": ("y", "2"),
}  # fmt: skip
_SEPARATORS: Final = frozenset("-/., _")


def _tokens(written: str) -> list[tuple[str, str]]:
    """Parts of a date form: (``d`` ``m`` ``b`` ``y``, digits) or (``""``, separator)."""
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(written):
        if written[at] in _SEPARATORS:
            tokens.append(("", written[at]))
            at += 1
        elif written[at] == "%":
            code = next((code for code in _STRPTIME if written.startswith(code, at)), "")
            if not code:
                raise ValueError(_not_a_form(written))
            tokens.append(_STRPTIME[code])
            at += len(code)
        elif match := _FRIENDLY.match(written, at):
            letters = match[0].upper().replace("J", "Y")
            kind = "b" if letters.startswith("MMM") else letters[0].lower()
            tokens.append((kind, str(len(letters)) if kind != "b" else ""))
            at = match.end()
        else:
            raise ValueError(_not_a_form(written))
    if sorted(kind.replace("b", "m") for kind, _ in tokens if kind) != ["d", "m", "y"]:
        raise ValueError(_not_a_form(written))
    return tokens


def _not_a_form(written: str) -> str:
    return f"{written!r} is not a form of dates such as DD-MM-YYYY, DDMMMYYYY or %d-%m-%Y"


def _without(tokens: list[tuple[str, str]], kind: str) -> list[tuple[str, str]]:
    """The form without one part and the separator beside it."""
    at = next(index for index, token in enumerate(tokens) if token[0] == kind)
    rest = tokens[:at] + tokens[at + 1 :]
    beside = at if at < len(rest) and not rest[at][0] else at - 1
    return rest[:beside] + rest[beside + 1 :] if beside >= 0 and not rest[beside][0] else rest


def _pattern(tokens: list[tuple[str, str]], unknown: str = "") -> str:
    """Regular expression of a form; the parts in `unknown` written as UN, UNK, XX or ``--``."""
    parts = []
    for kind, spec in tokens:
        if not kind:
            parts.append(re.escape(spec))
        elif kind.replace("b", "m") in unknown:
            parts.append(f"(?:{_UNKNOWN})")
        elif kind == "b":
            parts.append(_NAME)
        elif kind == "y":
            parts.append(rf"(?P<y>[0-9]{{{spec}}})")
        else:
            # %d and DD take one digit too where a separator ends them, as strptime does.
            loose = any(not other for other, _ in tokens)
            parts.append(rf"(?P<{kind}>[0-9]{{1,2}})" if loose else rf"(?P<{kind}>[0-9]{{2}})")
    return "".join(parts)
