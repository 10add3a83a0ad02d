"""One table file into a `RawTable`; every way a file can be unreadable becomes a problem."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from pathlib import Path
from typing import Any, Final

from dossier.cohort import parquet_files, sas_files, spreadsheets
from dossier.cohort.model import DataQuery, SourceFile
from dossier.cohort.raw_table import RawTable, Records, Shape, shaped
from dossier.cohort.settings import Data, TableSource
from dossier.cohort.text_files import text_records
from dossier.errors import InputError, Problem
from dossier.yaml_source import nearest

MAX_BYTES: Final = 200_000_000
_SPREADSHEET_STARTS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_GZIP_START: Final = b"\x1f\x8b"
_TEXT_ONLY: Final = ("sheet", "separator", "encoding", "heading_row", "comment")


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
        unpacked, suffix = _unpacked(content, path, label)
        records = _records(table, source, data, unpacked, label, suffix)
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


def _unpacked(content: bytes, path: Path, label: str) -> tuple[bytes, str]:
    """The bytes of a file, and the end of its name that says what it is; of a `.gz` those inside.

    Raises
    ------
    InputError
        When the file is packed and damaged, or too large when unpacked.
    """
    if not content.startswith(_GZIP_START):
        return content, path.suffix.lower()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            inside = file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise InputError([Problem("the file is packed with gzip and damaged", label)]) from None
    if len(inside) > MAX_BYTES:
        raise InputError([Problem("the file is too large when unpacked", label)])
    return inside, Path(path.stem).suffix.lower()


def _records(
    table: str, source: TableSource, data: Data, content: bytes, label: str, suffix: str
) -> Records:
    written: dict[str, Any] = {
        "decimal": source.decimal,
        "date_format": source.date_format or data.date_format,
    }
    if suffix in sas_files.SUFFIXES:
        _refuse(source, _TEXT_ONLY, f"a {sas_files.SUFFIXES[suffix]}", table, label)
        return sas_files.sas_records(content, label, suffix, **written)
    if suffix == parquet_files.SUFFIX:
        _refuse(source, _TEXT_ONLY, "a Parquet file", table, label)
        return parquet_files.parquet_records(content, label, **written)
    if suffix in spreadsheets.SUFFIXES or content.startswith(_SPREADSHEET_STARTS):
        _refuse(source, ("separator", "encoding"), "a spreadsheet", table, label)
        return spreadsheets.spreadsheet_records(
            content, label, table, sheet=source.sheet, comment=source.comment, **written
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
