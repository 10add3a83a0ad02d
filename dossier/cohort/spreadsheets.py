"""Records of a spreadsheet (XLSX, XLS, ODS), each cell as the text a CSV file would hold."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any, Final, Literal

from dossier.cohort.dates import DateFormat
from dossier.cohort.native_cells import text_of
from dossier.cohort.raw_table import MAX_CELLS, Records
from dossier.cohort.spreadsheet_errors import cells_in_error
from dossier.errors import InputError, Problem

SUFFIXES: Final = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
MAX_UNPACKED: Final = 500_000_000


def spreadsheet_records(
    content: bytes,
    label: str,
    table: str,
    *,
    sheet: str | None = None,
    decimal: Literal[".", ","] | None = None,
    date_format: str | None = None,
    comment: str | None = None,
) -> Records:
    """Read the records of one sheet.

    Parameters
    ----------
    content
        The file's bytes.
    label
        File name for problems.
    table
        Name of the table; a sheet of that name is taken where there are several.
    sheet
        Declared sheet.
    decimal, date_format
        Declared forms; numbers and dates that are no text in the sheet are written so.
    comment
        Declared start of rows that are no data.

    Raises
    ------
    InputError
        When it is no spreadsheet, has a password, or the sheet is not clear.
    """
    from python_calamine import CalamineError, CalamineWorkbook  # only where a sheet is read

    _refuse_bomb(content, label)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        name = _chosen_sheet(workbook, label, table, sheet)
        cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except CalamineError as error:
        if "assword" in str(error) + type(error).__name__:
            message, expected = "the workbook has a password", "a workbook without one"
        else:
            message, expected = (
                "the file cannot be read as a spreadsheet",
                "a workbook that opens in Excel",
            )
        raise InputError([Problem(message, label, expected=expected)]) from None
    if sum(map(len, cells)) > MAX_CELLS:
        raise InputError([Problem(f"sheet {name!r} has too many cells", label)])
    form = DateFormat(date_format)
    written = [[text_of(cell, decimal, form) for cell in row] for row in cells]
    for (row, column), told in cells_in_error(content, name).items():
        if row < len(written) and column < len(written[row]) and not written[row][column]:
            written[row][column] = told
    if comment:
        written = [[] if row and row[0].startswith(comment) else row for row in written]
    several = len(workbook.sheet_names) > 1
    return Records(written, f"sheet {name!r}", f" (sheet {name})" if several else "")


def sheets_of_tables(content: bytes, label: str, tables: Sequence[str]) -> dict[str, str]:
    """The sheet that is named like each of some tables, where there is one.

    Empty where it is no spreadsheet: reading it will say so.
    """
    from python_calamine import CalamineError, CalamineWorkbook  # only where a sheet is read

    _refuse_bomb(content, label)
    try:
        names = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    except CalamineError:
        return {}
    by_plain = {_plain(name): name for name in reversed(names)}
    return {table: by_plain[_plain(table)] for table in tables if _plain(table) in by_plain}


def _refuse_bomb(content: bytes, label: str) -> None:
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return  # calamine will say so
    if unpacked > MAX_UNPACKED:
        raise InputError([Problem("the workbook is too large when unpacked", label)])


def _chosen_sheet(workbook: Any, label: str, table: str, declared: str | None) -> str:
    names: list[str] = workbook.sheet_names
    wanted = declared if declared is not None else table
    for name in names:
        if _plain(name) == _plain(wanted):
            return name
    listed = ", ".join(repr(name) for name in names)
    if declared is not None:
        message = f"there is no sheet {declared!r}"
        raise InputError([Problem(message, label, expected=f"one of the sheets {listed}")])
    filled = [name for name in names if len(names) == 1 or workbook.get_sheet_by_name(name).height]
    if len(filled) == 1:
        return filled[0]
    message = f"the workbook has {len(names)} sheets, none named {table!r}"
    expected = f"'sheet' under data.{table}, one of {listed}"
    raise InputError([Problem(message, label, expected=expected)])


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
