"""One table file into a `RawTable`; every way a file can be unreadable becomes a problem."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from dossier.cohort.model import DataQuery, SourceFile
from dossier.cohort.raw_table import RawTable, Records, Shape, shaped
from dossier.cohort.settings import Data, TableSource
from dossier.cohort.spreadsheets import SUFFIXES, spreadsheet_records
from dossier.cohort.text_files import text_records
from dossier.errors import InputError, Problem
from dossier.yaml_source import nearest

MAX_BYTES: Final = 200_000_000
_SPREADSHEET_STARTS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NOT_YET: Final = {
    ".xpt": "SAS transport files",
    ".sas7bdat": "SAS data sets",
    ".parquet": "Parquet files",
}


def read_table(
    table: str, source: TableSource, data: Data, folder: Path
) -> tuple[RawTable | None, list[Problem]]:
    """Read one table file.

    Parameters
    ----------
    table
        Name of the table.
    source
        Where it is and how it is written.
    data
        The `data` section, for what is declared for every table.
    folder
        Folder of cohort.yaml.

    Returns
    -------
    tuple
        The table, None where there is none to be had, and every problem found.
    """
    path = folder / source.file
    label = name_beside(path, folder)
    try:
        content = file_content(path, label)
        records = _records(table, source, data, content, label, path.suffix.lower())
    except InputError as error:
        return None, list(error.problems)
    label += records.label_suffix
    shape = shaped(records, label, source.heading_row)
    if not isinstance(shape, Shape):
        return None, shape
    raw = RawTable(
        table=table,
        label=label,
        columns=shape.columns,
        rows=shape.rows,
        heading_row=shape.heading_row,
        source=SourceFile(
            table=table,
            name=name_beside(path, folder),
            sha256=hashlib.sha256(content).hexdigest(),
            rows=len(shape.rows),
            detail=_detail(records, shape),
        ),
        decimal=source.decimal,
        commas_are_decimal=records.separator not in (None, ","),
        date_format=source.date_format or data.date_format,
        missing=(*data.missing, *source.missing),
        queries=_short_last_row(shape, label),
    )
    return raw, list(shape.problems)


def name_beside(path: Path, folder: Path) -> str:
    """Name of a file relative to a folder; the bare name of a file elsewhere.

    A dossier is handed to others: it never shows where a machine keeps its files.
    """
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix()
    except (ValueError, OSError, RuntimeError):
        return path.name


def file_content(path: Path, label: str) -> bytes:
    """Bytes of a file.

    Raises
    ------
    InputError
        When the file cannot be read, is empty or is too large.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():  # a device has no end
            raise InputError([Problem("this is not a file", label)])
        if path.stat().st_size > MAX_BYTES:
            message = f"the file is larger than {MAX_BYTES // 1_000_000} MB"
            raise InputError([Problem(message, label)])
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError([_unreadable(error, path, label)]) from None
    if not content.strip():
        expected = "a row of headings and rows of data"
        raise InputError([Problem("the file is empty", label, expected=expected)])
    return content


def _unreadable(error: OSError | ValueError, path: Path, label: str) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem("the file does not exist", label, expected=_files_beside(path))
    if isinstance(error, IsADirectoryError):
        return Problem("this is a folder, not a file", label)
    if isinstance(error, PermissionError):
        return Problem("the file may not be read (no permission)", label)
    return Problem("the file cannot be read; is its name right?", label)


def _files_beside(path: Path) -> str | None:
    try:
        names = sorted(each.name for each in path.parent.iterdir() if each.is_file())
    except OSError:
        return "an existing folder"
    meant = nearest(path.name, names)
    return f"{meant!r}, which does exist" if meant else None


def _records(
    table: str, source: TableSource, data: Data, content: bytes, label: str, suffix: str
) -> Records:
    if suffix in _NOT_YET:
        message = f"{_NOT_YET[suffix]} are not read yet"
        raise InputError([Problem(message, label, expected="CSV or XLSX")])
    if suffix in SUFFIXES or content.startswith(_SPREADSHEET_STARTS):
        _refuse(source, ("separator", "encoding"), "a spreadsheet", table, label)
        return spreadsheet_records(
            content,
            label,
            table,
            sheet=source.sheet,
            decimal=source.decimal,
            date_format=source.date_format or data.date_format,
            comment=source.comment,
        )
    _refuse(source, ("sheet",), "a text file", table, label)
    return text_records(
        content,
        label,
        separator=source.separator,
        encoding=source.encoding,
        heading_row=source.heading_row,
        comment=source.comment,
    )


def _refuse(source: TableSource, keys: tuple[str, ...], kind: str, table: str, label: str) -> None:
    given = [key for key in keys if getattr(source, key) is not None]
    if given:
        message = f"this is {kind}: data.{table}.{given[0]} does not apply to it"
        raise InputError([Problem(message, label, value=str(getattr(source, given[0])))])


def _detail(records: Records, shape: Shape) -> str:
    parts = [records.detail]
    if shape.heading_row > 1:
        parts.append(f"headings on row {shape.heading_row}")
    if shape.unnamed:
        plural = "column" if shape.unnamed == 1 else "columns"
        parts.append(f"{shape.unnamed} {plural} without a heading left out")
    return ", ".join(parts)


def _short_last_row(shape: Shape, label: str) -> tuple[DataQuery, ...]:
    if shape.short_last_row is None:
        return ()
    row, heading = shape.short_last_row
    return (
        DataQuery(
            rule="short-last-row",
            severity="warning",
            message=f"the last row stops after {heading!r}",
            consequence="the cells after it were read as empty; check that the file is complete",
            file=label,
            row=row,
            column=heading,
        ),
    )
