"""Records of a CDISC data set: its columns by name, and a table made of some of its records."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dossier.cohort.model import DataQuery, Severity
from dossier.cohort.raw_table import RawTable


def in_capitals(raw: RawTable) -> RawTable:
    """The table with its headings in capitals, as CDISC writes them."""
    if all(heading == heading.upper() for heading in raw.columns):
        return raw
    columns: dict[str, tuple[str, ...]] = {}
    for heading, cells in raw.columns.items():
        name = heading.upper()
        columns[name if name not in columns else heading] = cells
    return replace(raw, columns=columns)


def filled(raw: RawTable, *names: str) -> str | None:
    """The first of some headings that the table has, those first that are not blank throughout."""
    there = [name for name in names if name in raw.columns]
    return next((name for name in there if any(raw.columns[name])), there[0] if there else None)


def cells(raw: RawTable, *names: str) -> Sequence[str]:
    """The cells under the heading `filled` chooses; empty cells where there is none."""
    heading = filled(raw, *names)
    return raw.columns[heading] if heading else ("",) * len(raw.rows)


def of_records(
    raw: RawTable,
    table: str,
    positions: Sequence[int],
    headings: Iterable[str],
    *,
    added: Mapping[str, Sequence[str]] | None = None,
    meaning: Mapping[str, str | None] | None = None,
    queries: Iterable[DataQuery] = (),
) -> RawTable:
    """Make a table of some records of a data set.

    Parameters
    ----------
    raw
        The data set.
    table
        Name of the table.
    positions
        The records.
    headings
        Columns kept, where the data set has them.
    added
        Further columns, one cell for each of the records.
    meaning
        Heading by our column name, where names do not tell; None is no column.
    queries
        What was seen in making it.
    """
    columns = {
        name: tuple(raw.columns[name][at] for at in positions)
        for name in dict.fromkeys(headings)
        if name in raw.columns
    }
    columns |= {name: tuple(texts) for name, texts in (added or {}).items()}
    return replace(
        raw,
        table=table,
        columns=columns,
        rows=tuple(raw.rows[at] for at in positions),
        meaning={name: each for name, each in (meaning or {}).items() if each},
        queries=(*raw.queries, *queries),
    )


def date_of(text: str) -> datetime.date | None:
    """A complete ISO date; None for anything else."""
    try:
        return datetime.date.fromisoformat(text[:10])
    except ValueError:
        return None


def note(
    raw: RawTable,
    rule: str,
    message: str,
    consequence: str,
    *endpoints: str,
    column: str | None = None,
    severity: Severity = "note",
) -> DataQuery:
    """A data query about a data set as a whole."""
    return DataQuery(
        rule, severity, message, consequence, file=raw.label, column=column, endpoints=endpoints
    )


def counted(number: int, one: str, several: str | None = None) -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else several or one + 's'}"
