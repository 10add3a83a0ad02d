"""Records of a SAS file (XPT version 5 or 8, SAS7BDAT), each cell as the text of a CSV file."""

from __future__ import annotations

import datetime
import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from dossier.cohort.dates import DateFormat
from dossier.cohort.native_cells import text_of
from dossier.cohort.raw_table import MAX_CELLS, Records
from dossier.errors import InputError, Problem

SUFFIXES: Final = {".xpt": "SAS transport file", ".sas7bdat": "SAS data set"}

_EPOCH: Final = datetime.date(1960, 1, 1)
_DAY: Final = 86_400
# Formats under which SAS keeps days and seconds since 1960, and seconds of the day.
_DATETIMES: Final = re.compile(
    r"DATETIME|DATEAMPM|DTDATE|DTMONYY|DTWKDATX|DTYEAR|(E8601|B8601|IS8601)D[TNXZ]|MDYAMPM"
)
_TIMES: Final = re.compile(r"(TIME|TOD|HHMM|HOUR|MMSS|(E8601|B8601|IS8601)(TM|LZ))")
_DATES: Final = re.compile(
    r"DATE|DAY|DDMMYY|MMDDYY|YYMMDD|YYMM|MMYY|MONYY|MONNAME|MONTH|YEAR|YYMON|YYQ|QTR|JULDAY|JULIAN|"
    r"WEEKDAT|WORDDAT|(E8601|B8601|IS8601)DA|EURDF|NLDATE|MINGUO|NENGO|PDJUL"
)
# A CDISC name says what a number without a format is.
_DATE_NAME: Final = re.compile(r"(?!.*(CNT|ADJ|WGT)DT$).*[A-Z0-9]DT$")
_DATETIME_NAME: Final = re.compile(r".*[A-Z0-9]DTM$")
_FIRST: Final = (datetime.date.min - _EPOCH).days
_LAST: Final = (datetime.date.max - _EPOCH).days


def sas_records(
    content: bytes,
    label: str,
    suffix: str,
    *,
    decimal: Literal[".", ","] | None = None,
    date_format: str | None = None,
) -> Records:
    """Read the records of a SAS file.

    Dates and times come out in ISO 8601, numbers without a needless ``.0``; SAS's missing values,
    the special ones too, are empty. Labels are not looked at.

    Parameters
    ----------
    content
        The file's bytes.
    label
        File name for problems.
    suffix
        ``.xpt`` or ``.sas7bdat``.
    decimal, date_format
        Declared forms; numbers and dates that are no text in the file are written so.

    Raises
    ------
    InputError
        When it is no such file.
    """
    columns, formats, encoding = _contents(content, label, suffix)
    length = len(next(iter(columns.values()), ()))
    if length * len(columns) > MAX_CELLS:
        raise InputError([Problem("the file has too many cells", label)])
    form = _Form(decimal, DateFormat(date_format))
    written = [
        _texts(values, form.writer((name or "").upper(), formats.get(name)))
        for name, values in columns.items()
    ]
    kind = SUFFIXES[suffix]
    detail = f"{kind}, {encoding}" if encoding else kind
    headings = [name or "" for name in columns]  # a damaged file may have columns without a name
    return Records([headings, *zip(*written, strict=True)], detail)


def _contents(
    content: bytes, label: str, suffix: str
) -> tuple[Mapping[str, Sequence[Any]], Mapping[str, str | None], str]:
    """Cells by heading, the format of every column, and the encoding found."""
    import pyreadstat  # 100 ms, only where such a file is read

    reader = pyreadstat.read_xport if suffix == ".xpt" else pyreadstat.read_sas7bdat
    # A transport file does not say how its letters are encoded.
    tried = ("UTF-8", "Windows-1252") if suffix == ".xpt" else (None,)
    for encoding in tried:
        try:
            columns, meta = reader(
                io.BytesIO(content),
                disable_datetime_conversion=True,
                output_format="dict",
                encoding=encoding,
            )
        except (
            pyreadstat.ReadstatError,
            pyreadstat.PyreadstatError,
            UnicodeDecodeError,
            ValueError,
            OverflowError,
            MemoryError,
        ) as error:
            other_letters = isinstance(error, UnicodeDecodeError) or "convert" in str(error)
            if other_letters and encoding != tried[-1]:
                continue
            raise InputError([_unreadable(label, suffix)]) from None
        return (
            columns,
            dict(meta.original_variable_types),
            str(encoding or meta.file_encoding or ""),
        )
    raise AssertionError("unreachable")


def _unreadable(label: str, suffix: str) -> Problem:
    message = f"the file cannot be read as a {SUFFIXES[suffix]}"
    return Problem(message, label, expected="a file that SAS or R opens")


def _texts(values: Sequence[Any], number: Callable[[float], str]) -> list[str]:
    """Cells as text; every distinct one is written once."""
    known: dict[Any, str] = {}
    texts = []
    for value in values:
        text = known.get(value)
        if text is None:
            text = known[value] = _text(value, number)
        texts.append(text)
    return texts


def _text(value: Any, number: Callable[[float], str]) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return "" if math.isnan(value) else number(float(value))


@dataclass(frozen=True)
class _Form:
    """How numbers and dates are written."""

    decimal: Literal[".", ","] | None
    dates: DateFormat

    def writer(self, name: str, form: str | None) -> Callable[[float], str]:
        """How the numbers of a column are written, by its SAS format or else its CDISC name."""
        bare = (form or "").upper()
        if _DATETIMES.match(bare) or (not bare and _DATETIME_NAME.fullmatch(name)):
            return self.datetime
        if _TIMES.match(bare):
            return self.time
        if _DATES.match(bare) or (not bare and _DATE_NAME.fullmatch(name)):
            return self.date
        return self.number

    def number(self, number: float) -> str:
        return text_of(number, self.decimal, self.dates)

    def date(self, days: float) -> str:
        if not _FIRST <= days <= _LAST:
            return self.number(days)  # no date
        return self.dates.safe_text(_EPOCH + datetime.timedelta(days=math.floor(days)))

    def datetime(self, seconds: float) -> str:
        day, second = divmod(math.floor(seconds), _DAY)
        if not _FIRST <= day <= _LAST:
            return self.number(seconds)
        return f"{self.date(day)}T{self.time(second)}"

    def time(self, seconds: float) -> str:
        whole = math.floor(seconds)
        if not 0 <= whole < 100 * 3600:
            return self.number(seconds)
        return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
