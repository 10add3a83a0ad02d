"""One raw table into a typed frame: headings found, codes read, durations in days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from dossier.cohort.columns import TABLES, Column
from dossier.cohort.dates import DateFormat
from dossier.cohort.headings import Headings, matched_headings
from dossier.cohort.raw_table import RawTable
from dossier.cohort.settings import Settings
from dossier.cohort.settings_file import SettingsOrigin
from dossier.cohort.values import (
    Imputed,
    Parsed,
    Reading,
    decimal_mark,
    meaning_of_code,
    parsed_column,
)
from dossier.errors import Problem

# A baseline scan has no response; `dossier.cohort.tables` knows which scans are baseline.
_LOOKED_AT_LATER: Final = frozenset({("assessments", "response")})
_AS_TEXT: Final = Column("", "text", "a column of the file that is none of ours")


@dataclass(frozen=True)
class Cells:
    """The cells of a table as problems and data queries name them.

    Parameters
    ----------
    raw
        The table.
    ours
        Heading in the file by our column name.
    patients
        Patient of every row; ``""`` where there is none.
    """

    raw: RawTable
    ours: Mapping[str, str]
    patients: Sequence[str]

    def problem(
        self, position: int, heading: str, message: str, expected: str | None = None
    ) -> Problem:
        """Make a problem of the cell under a heading, by the position of its row."""
        file, row, there = self.raw.cell(self.raw.rows[position], heading)
        return Problem(
            message,
            file,
            row,
            there,
            self.patients[position][:100] or None,
            shortened(self.raw.columns[heading][position]),
            expected,
        )


def shortened(text: str) -> str:
    """A text of at most 80 characters."""
    return text if len(text) <= 80 else text[:79] + "…"


@dataclass(frozen=True)
class TypedTable:
    """A table read by the meaning of its columns.

    Parameters
    ----------
    frame
        Every declared column, the other columns of the file as text, and ``row``.
    headings
        Which heading is which column.
    cells
        The cells, for further problems.
    unreadable
        By our column name the positions of cells that are a problem already.
    problems
        What is wrong in the table.
    settings_problems
        What is wrong in the part of `values:` about this table.
    imputed
        Every partial date: our column name, the position of its row, and the day taken for it.
    """

    frame: pd.DataFrame
    headings: Headings
    cells: Cells
    unreadable: Mapping[str, frozenset[int]]
    problems: tuple[Problem, ...]
    settings_problems: tuple[Problem, ...]
    imputed: tuple[tuple[str, int, Imputed], ...]


def typed_table(raw: RawTable, settings: Settings, origin: SettingsOrigin) -> TypedTable:
    """Read a table by the meaning of its columns.

    Parameters
    ----------
    raw
        The table as it stands in its file.
    settings
        cohort.yaml.
    origin
        Where the settings were written.
    """
    mapping = settings.columns_of(raw.table)
    codes = settings.values_of(raw.table)
    headings, problems = matched_headings(raw, mapping, origin)
    general = _common_reading(raw, headings, settings)
    cells = Cells(raw, headings.ours, _patient_ids(raw, headings, codes, general))
    columns: dict[str, Any] = {}
    unreadable: dict[str, frozenset[int]] = {}
    settings_problems: list[Problem] = []
    partial: list[tuple[str, int, Imputed]] = []
    for column in TABLES[raw.table]:
        heading = headings.ours.get(column.name)
        if heading is None:
            columns[column.name] = _nothing(column, len(raw.rows))
            continue
        reading = replace(
            general,
            codes=codes.get(column.name, {}),
            unit=mapping[column.name].unit if column.name in mapping else "days",
        )
        parsed = parsed_column(column, raw.columns[heading], reading)
        columns[column.name] = parsed.values
        unreadable[column.name] = frozenset(parsed.wrong)
        problems += _wrong_cells(parsed, heading, cells)
        if column.required and (raw.table, column.name) not in _LOOKED_AT_LATER:
            problems += missing_cells(
                column, parsed.values, cells, leaving_out=unreadable[column.name]
            )
        settings_problems += _wrong_codes(raw.table, column, reading, origin)
        partial += [
            (column.name, position, imputed) for position, imputed in parsed.imputed.items()
        ]
    for heading in headings.extra:
        parsed = parsed_column(_AS_TEXT, raw.columns[heading], general)
        columns[heading] = parsed.values
        problems += _wrong_cells(parsed, heading, cells)
    columns["row"] = np.array(raw.rows, dtype=np.int64)
    return TypedTable(
        frame=pd.DataFrame(columns),
        headings=headings,
        cells=cells,
        unreadable=unreadable,
        problems=tuple(problems),
        settings_problems=tuple(settings_problems),
        imputed=tuple(partial),
    )


def empty_table(table: str) -> pd.DataFrame:
    """A table that was not given: every column, no rows."""
    columns = {column.name: _nothing(column, 0) for column in TABLES[table]}
    columns["row"] = np.array([], dtype=np.int64)
    if table != "patients":
        columns["patient"] = np.array([], dtype=np.int64)
    return pd.DataFrame(columns)


def _nothing(column: Column, rows: int) -> Any:
    if column.kind in ("text", "category"):
        return np.full(rows, "", dtype=object)
    if column.kind == "date":
        return np.full(rows, np.datetime64("NaT"), dtype="datetime64[ns]")
    return np.full(rows, np.nan)


def _common_reading(raw: RawTable, headings: Headings, settings: Settings) -> Reading:
    numeric = [
        raw.columns[headings.ours[column.name]]
        for column in TABLES[raw.table]
        if column.kind in ("number", "integer") and column.name in headings.ours
    ]
    return Reading(
        missing=raw.missing,
        decimal=decimal_mark(
            (text for texts in numeric for text in texts),
            raw.decimal,
            commas_are_decimal=raw.commas_are_decimal,
        ),
        dates=DateFormat(raw.date_format),
        partial_dates=settings.derivation.partial_dates,
    )


def _patient_ids(
    raw: RawTable, headings: Headings, codes: Mapping[str, Mapping[str, str]], general: Reading
) -> Sequence[str]:
    heading = headings.ours.get("patient_id")
    if heading is None:
        return [""] * len(raw.rows)
    reading = replace(general, codes=codes.get("patient_id", {}))
    return list(parsed_column(_AS_TEXT, raw.columns[heading], reading).values)


def _wrong_cells(parsed: Parsed, heading: str, cells: Cells) -> list[Problem]:
    return [
        cells.problem(position, heading, wrong.message, wrong.expected)
        for position, wrong in parsed.wrong.items()
    ]


def missing_cells(
    column: Column,
    values: Any,
    cells: Cells,
    *,
    leaving_out: Set[int],
) -> list[Problem]:
    """Make a problem of every cell that must have a value and has none.

    Parameters
    ----------
    column
        The column.
    values
        What was read, one value a row.
    cells
        The cells of its table.
    leaving_out
        Positions of rows that may be empty, or have a problem already.
    """
    expected = f"one of {', '.join(column.values)}" if column.values else column.meaning
    return [
        cells.problem(position, cells.ours[column.name], f"{column.name!r} is missing", expected)
        for position in np.flatnonzero(pd.isna(values) | (values == "")).tolist()
        if position not in leaving_out
    ]


def _wrong_codes(
    table: str, column: Column, reading: Reading, origin: SettingsOrigin
) -> list[Problem]:
    problems = []
    for code, meaning in reading.codes.items():
        wrong = meaning_of_code(column, meaning, reading)
        if wrong is not None:
            path = ("values", table, column.name, code)
            message = f"{code!r} cannot mean this in {column.name!r}: {wrong.message}"
            problems.append(origin.problem(path, message, meaning, wrong.expected))
    return problems
