"""What the text of a cell means: dates, numbers, flags, categories, and what counts as missing.

Every distinct text of a column is read once, however often it occurs.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from dossier.cohort.columns import Column
from dossier.cohort.dates import FIRST_YEAR, LAST_YEAR, DateFormat, PartialDate, Policy
from dossier.cohort.spreadsheet_errors import NOT_CALCULATED
from dossier.units import days_of
from dossier.yaml_source import nearest

MISSING_CODES: Final = frozenset(
    {"", ".", "-", "na", "n/a", "nan", "null", "unknown", "unk", "onbekend", "missing"}
)
MAX_TEXT: Final = 32_767  # the most an Excel cell holds

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# What programs write for nothing in a number or a date; as text they could be meant.
_NO_VALUE: Final = frozenset({"none", "<na>", "nat"})
# What a spreadsheet shows where a formula failed, in Dutch too.
_ERROR: Final = re.compile(
    r"#(REF!|VERW!|N/A|N/B|DIV/0!|DEEL/0!|VALUE!|WAARDE!|NAME\?|NAAM\?|NUM!|GETAL!|NULL!|LEEG!"
    r"|SPILL!|CALC!|ERROR!)"
)
# Marks that turn the words after them: a number would read differently from what it is.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_FLAGS: Final = {
    **dict.fromkeys(("1", "1.0", "true", "t", "yes", "y", "ja", "j"), 1.0),
    **dict.fromkeys(("0", "0.0", "false", "f", "no", "n", "nee"), 0.0),
}
_NUMBER: Final = {
    mark: re.compile(rf"[+-]?(?:[0-9]+(?:{sign}[0-9]*)?|{sign}[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?")
    for mark, sign in ((".", r"\."), (",", ","))
}
_THOUSANDS_OR_DECIMALS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")

Unit = Literal["days", "weeks", "months", "years"]


@dataclass(frozen=True)
class Wrong:
    """A text that cannot be read, with what would have been accepted."""

    message: str
    expected: str | None = None


@dataclass(frozen=True)
class Imputed:
    """A partial date and the day taken for it."""

    date: datetime.date
    known: PartialDate


@dataclass(frozen=True)
class Reading:
    """How the cells of one column are read.

    Parameters
    ----------
    codes
        Codes of the file with what they mean; ``""`` for missing. They win over everything else.
    missing
        Declared codes for a missing value, beside the usual ones.
    decimal
        Decimal mark of the numbers.
    dates
        Form of the dates.
    partial_dates
        What is taken for a partial date.
    unit
        Unit of a duration, converted to days.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    missing: Iterable[str] = ()
    decimal: Literal[".", ","] = "."
    dates: DateFormat = field(default_factory=DateFormat)
    partial_dates: Policy = "middle"
    unit: Unit = "days"


@dataclass(frozen=True)
class Parsed:
    """A column that has been read.

    Parameters
    ----------
    values
        One value a row: object array of str, float64, or datetime64[ns]; missing where wrong.
    wrong
        Position of every row that cannot be read, with why.
    imputed
        Position of every partial date, with the day taken.
    """

    values: npt.NDArray[Any]
    wrong: dict[int, Wrong]
    imputed: dict[int, Imputed]


def parsed_column(column: Column, texts: Sequence[str], reading: Reading) -> Parsed:
    """Read the cells of a column.

    Parameters
    ----------
    column
        What the column should hold.
    texts
        The cells, without spaces around them.
    reading
        How they are written.
    """
    read = _reader(column, reading)
    place = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    meanings = [read(text) for text in place]
    places = np.fromiter(map(place.__getitem__, texts), dtype=np.int64, count=len(texts))
    plain = [
        each.date if isinstance(each, Imputed) else None if isinstance(each, Wrong) else each
        for each in meanings
    ]
    wrong: dict[int, Wrong] = {}
    imputed: dict[int, Imputed] = {}
    special = np.array([isinstance(each, Wrong | Imputed) for each in meanings], dtype=bool)
    for position in np.flatnonzero(special[places]).tolist():
        each = meanings[places[position]]
        if isinstance(each, Wrong):
            wrong[position] = each
        else:
            imputed[position] = each
    return Parsed(_array(column, plain)[places], wrong, imputed)


_DAY_0: Final = datetime.date(1970, 1, 1).toordinal()
_NO_DAY: Final = np.iinfo(np.int64).min
"""What numpy counts dates from, and how it writes that there is none."""


def _array(column: Column, values: list[Any]) -> npt.NDArray[Any]:
    if column.kind == "date":
        # As numbers of days: numpy looks at dates one by one, which takes twenty times as long.
        days = [_NO_DAY if each is None else each.toordinal() - _DAY_0 for each in values]
        return np.array(days, dtype=np.int64).view("datetime64[D]").astype("datetime64[ns]")
    if column.kind in ("text", "category"):
        texts = np.empty(len(values), dtype=object)
        texts[:] = [value or "" for value in values]
        return texts
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)


def meaning_of_code(column: Column, meaning: str, reading: Reading) -> Wrong | None:
    """Why the right side of a `values:` mapping cannot stand in a column; None where it can."""
    value = _kind_reader(column, reading)(meaning) if meaning else None
    return value if isinstance(value, Wrong) else None


def _reader(column: Column, reading: Reading) -> Callable[[str], Any]:
    """A function from a cell to its value, None (missing), `Wrong` or `Imputed`."""
    missing = MISSING_CODES.union(code.strip().casefold() for code in reading.missing)
    codes = {code.strip().casefold(): meaning for code, meaning in reading.codes.items()}
    codes.update({code.strip(): meaning for code, meaning in reading.codes.items()})
    own = {value.casefold() for value in column.values} if column.kind == "category" else set()
    if column.kind in ("date", "number", "integer"):
        missing |= _NO_VALUE
    value_of = _kind_reader(column, reading)

    def read(text: str) -> Any:
        if unprintable := unprintable_in(text):
            return unprintable
        folded = text.casefold()
        if text in codes or folded in codes:
            meaning = codes[text] if text in codes else codes[folded]
            return value_of(meaning) if meaning else None
        if folded in missing and folded not in own:
            return None
        if column.name and (failed := _failed_formula(text)):
            return failed  # in a column of the user's own it harms nothing
        return value_of(text)

    return read


def _failed_formula(text: str) -> Wrong | None:
    if text == NOT_CALCULATED:
        expected = "the workbook opened and saved in Excel, or the result in place of the formula"
        return Wrong("the result of the formula is not in the file", expected)
    if text.startswith("#") and _ERROR.fullmatch(text):
        return Wrong("this is an error of a formula", "a value, or an empty cell")
    return None


def unprintable_in(text: str) -> Wrong | None:
    """Why a text could not stand in a document; None where it can."""
    if control := _CONTROL.search(text):
        return Wrong(f"the cell holds a control character (U+{ord(control[0]):04X})", "plain text")
    if turning := _TURNING.search(text):
        code = f"U+{ord(turning[0]):04X}"
        return Wrong(
            f"the cell holds a mark that turns the direction of text ({code})", "plain text"
        )
    if len(text) > MAX_TEXT:
        return Wrong(f"the cell holds {len(text)} characters", f"at most {MAX_TEXT}")
    return None


def _kind_reader(column: Column, reading: Reading) -> Callable[[str], Any]:
    match column.kind:
        case "date":
            return lambda text: _date(text, reading)
        case "number":
            return lambda text: _duration(_number(text, column, reading), column, reading)
        case "integer":
            return lambda text: _integer(text, column, reading)
        case "flag":
            return lambda text: _flag(column.synonyms.get(text.upper(), text))
        case "category":
            return lambda text: _category(text, column)
    return lambda text: column.synonyms.get(text.upper(), text)


def _date(text: str, reading: Reading) -> datetime.date | Imputed | Wrong:
    date = reading.dates.parse(text)
    if isinstance(date, PartialDate):
        if reading.partial_dates == "refuse":
            expected = "a complete date, or derivation.partial_dates: first, middle or last"
            return Wrong("the date is not complete", expected)
        return Imputed(date.imputed(reading.partial_dates), date)
    if date is None:
        return Wrong(_why_no_date(text), reading.dates.expected)
    return date


_EXCEL_EPOCH: Final = datetime.date(1899, 12, 30)


def _why_no_date(text: str) -> str:
    if re.fullmatch(r"[2-6][0-9]{4}(?:[.,]0*)?", text):
        day = _EXCEL_EPOCH + datetime.timedelta(days=int(text[:5]))
        return f"this is a number; Excel shows it as {day} when the cell is formatted as a date"
    year = re.search(r"\b[0-9]{4}\b", text)
    if year and not FIRST_YEAR <= int(year[0]) <= LAST_YEAR:
        return f"the year of this date lies outside {FIRST_YEAR} to {LAST_YEAR}"
    if year and re.fullmatch(r"[0-9T:./ -]+", text):
        return "this is not a date, or one that cannot exist"
    return "this is not a date"


def _number(text: str, column: Column, reading: Reading) -> float | Wrong:
    mark = reading.decimal
    if not _NUMBER[mark].fullmatch(text):
        return Wrong("this is not a number", _expected_number(text, column, mark))
    number = float(text.replace(",", "."))
    low = column.minimum is not None and number < column.minimum
    high = column.maximum is not None and number > column.maximum
    if low or high or not math.isfinite(number):
        return Wrong("the number is out of range", _range(column))
    return number


def _expected_number(text: str, column: Column, mark: str) -> str:
    if _THOUSANDS_OR_DECIMALS.fullmatch(text) and mark == ".":
        whole = text.replace(",", "")
        return f"{text.replace(',', '.')} or {whole}; declare 'decimal' for this file"
    other = "," if mark == "." else "."
    if _NUMBER[other].fullmatch(text):
        name = "point" if mark == "." else "comma"
        return f"a number with a decimal {name}, as in the rest of the file, or 'decimal' declared"
    return _range(column)


def _range(column: Column) -> str:
    name = "a whole number" if column.kind == "integer" else "a number"
    if column.minimum is not None and column.maximum is not None:
        return f"{name} from {column.minimum:g} to {column.maximum:g}"
    return f"{name} of at least {column.minimum:g}" if column.minimum is not None else name


def _duration(number: float | Wrong, column: Column, reading: Reading) -> float | Wrong:
    if isinstance(number, Wrong) or not column.name.endswith("_days") or reading.unit == "days":
        return number
    return days_of(number, reading.unit)


def _integer(text: str, column: Column, reading: Reading) -> float | Wrong:
    bare = text.upper()
    for prefix in column.prefixes:
        if bare.startswith(prefix):
            bare = bare[len(prefix) :].lstrip(" :=-_")
            break
    number = _number(bare, column, reading)
    if isinstance(number, float) and not number.is_integer():
        return Wrong("this is not a whole number", _range(column))
    return number


def _flag(text: str) -> float | Wrong:
    value = _FLAGS.get(text.casefold())
    return (
        Wrong("this is neither yes nor no", "yes or no, true or false, 1 or 0")
        if value is None
        else value
    )


def _category(text: str, column: Column) -> str | Wrong:
    plain = " ".join(text.split()).upper()
    for value in column.values:
        if plain == value.upper():
            return value
    if plain in column.synonyms:
        return column.synonyms[plain]
    meant = nearest(plain, (*column.values, *column.synonyms))
    hint = f", did you mean {column.synonyms.get(meant, meant)!r}?" if meant else ""
    return Wrong(
        f"unknown code{hint}", f"one of {', '.join(column.values)}, or a mapping under 'values'"
    )


def decimal_mark(
    texts: Iterable[str], declared: Literal[".", ","] | None, *, commas_are_decimal: bool
) -> Literal[".", ","]:
    """The decimal mark of a file.

    Parameters
    ----------
    texts
        The cells of its number columns.
    declared
        Declared mark.
    commas_are_decimal
        Whether a comma can only be a decimal mark where nothing else tells (``1,234``).
    """
    if declared is not None:
        return declared
    distinct = dict.fromkeys(texts)
    points = sum("." in text and bool(_NUMBER["."].fullmatch(text)) for text in distinct)
    commas = [text for text in distinct if "," in text and _NUMBER[","].fullmatch(text)]
    clear = sum(not _THOUSANDS_OR_DECIMALS.fullmatch(text) for text in commas)
    if clear > points:
        return ","
    return "," if commas and not points and commas_are_decimal else "."
