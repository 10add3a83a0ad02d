"""Records of a text file: encoding, separator, quotes and comment lines."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, Literal

from dossier.cohort.raw_table import Records
from dossier.errors import InputError, Problem

_SEPARATORS: Final = {",": "comma", ";": "semicolon", "\t": "tab"}
_EXCEL_HINT = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_SAMPLE = 50
_SAMPLE_LETTERS = 1_000_000


def text_records(
    content: bytes,
    label: str,
    *,
    separator: Literal[",", ";", "tab"] | None = None,
    encoding: Literal["utf-8", "windows-1252"] | None = None,
    heading_row: int | None = None,
    comment: str | None = None,
) -> Records:
    """Read the records of a text file; a comment line counts as an empty record.

    Parameters
    ----------
    content
        The file's bytes.
    label
        File name for problems.
    separator, encoding
        Declared; recognised from the file when not given.
    heading_row, comment
        Declared; they keep what stands above the table out of the guess of the separator.

    Raises
    ------
    InputError
        When the bytes are no text, or quotes do not match.
    """
    text, encoding_found = _decoded(content, label, encoding)
    delimiter: str | None = "\t" if separator == "tab" else separator
    if hint := _EXCEL_HINT.match(text):  # Excel obeys this line and does not show it as a row
        text = text[hint.end() :]
        delimiter = delimiter or hint[1]
    delimiter = delimiter or _recognised_separator(text, heading_row or 1, comment)
    records: list[list[str]] = []
    try:
        for record in _parsed(text, delimiter, comment, strict=True):
            records.append(record)  # noqa: PERF402  the count is needed when it fails
    except csv.Error as error:
        raise InputError([_quote_problem(error, label, len(records) + 1)]) from None
    name = _SEPARATORS.get(delimiter, repr(delimiter))
    return Records(records, f"{name}-separated, {encoding_found}", separator=delimiter)


def _decoded(content: bytes, label: str, declared: str | None) -> tuple[str, str]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return content.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError:
            raise InputError([_not_text(label)]) from None
    if b"\x00" in content[:10_000]:
        raise InputError([_not_text(label)])
    if declared != "windows-1252":
        try:
            return content.decode("utf-8-sig"), "UTF-8"
        except UnicodeDecodeError as error:
            if declared == "utf-8":
                line = content.count(b"\n", 0, error.start) + 1
                message = "the file is not UTF-8 text, as declared"
                raise InputError([Problem(message, label, line, expected="UTF-8")]) from None
    try:
        return content.decode("windows-1252"), "Windows-1252"
    except UnicodeDecodeError:
        raise InputError([_not_text(label)]) from None


def _not_text(label: str) -> Problem:
    expected = "text in UTF-8 or Windows-1252, or a spreadsheet (.xlsx)"
    return Problem("the file is not a table of text", label, expected=expected)


def _parsed(text: str, delimiter: str, comment: str | None, *, strict: bool) -> Iterator[list[str]]:
    if comment is None:
        return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    return _without_comments(text, delimiter, comment, strict=strict)


def _without_comments(
    text: str, delimiter: str, comment: str, *, strict: bool
) -> Iterator[list[str]]:
    """Read records, taking comment lines as empty; a quote in a comment opens nothing."""
    at_start_of_record = True

    def lines() -> Iterator[str]:
        nonlocal at_start_of_record
        for line in io.StringIO(text, newline=""):
            is_comment = at_start_of_record and line.lstrip().startswith(comment)
            at_start_of_record = False
            yield "\n" if is_comment else line

    for record in csv.reader(lines(), delimiter=delimiter, strict=strict):
        at_start_of_record = True
        yield record


def _recognised_separator(text: str, heading_row: int, comment: str | None) -> str:
    """The separator that splits the headings, and the rows below them into as many cells."""
    text = text[:_SAMPLE_LETTERS]

    def fit(delimiter: str) -> tuple[bool, float, int]:
        records = _parsed(text, delimiter, comment, strict=False)
        try:
            sample = [
                each for each in islice(records, heading_row - 1, heading_row + _SAMPLE) if each
            ]
        except csv.Error:
            return False, 0.0, 0
        if not sample:
            return False, 0.0, 0
        width = len(sample[0])
        even = sum(len(each) == width for each in sample) / len(sample)
        return width > 1, even, width

    return max(_SEPARATORS, key=fit)


def _quote_problem(error: csv.Error, label: str, row: int) -> Problem:
    words = str(error)
    if "field limit" in words:
        message, expected = "a cell is far too long; is a quote never closed?", None
    elif "unexpected end" in words:
        message, expected = "a quote is opened on this row and never closed", "a closing quote"
    else:
        message = "a quoted cell goes on after its closing quote"
        expected = 'a quote inside quotes written twice ("")'
    return Problem(message, label, row, expected=expected)
