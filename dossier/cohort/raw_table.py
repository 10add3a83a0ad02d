"""A table as it stands in its file: text under headings, with the row of every record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from dossier.cohort.model import DataQuery, SourceFile
from dossier.errors import Problem

MAX_COLUMNS: Final = 2_000
MAX_CELLS: Final = 20_000_000


# Rows of a second file that a table was completed from are counted from here.
SECOND_FILE: Final = 1_000_000_000


@dataclass(frozen=True)
class Elsewhere:
    """Where the cells of a column stand that was put beside a table from another file.

    Parameters
    ----------
    label, heading
        That file, and the heading there.
    rows
        Row there by the row of the table; without an entry where that file has nothing.
    """

    label: str
    heading: str
    rows: Mapping[int, int] = field(repr=False)


@dataclass(frozen=True)
class RawTable:
    """A table before anything in it has been understood.

    Parameters
    ----------
    table
        A name of `dossier.cohort.columns.TABLES`, or of a data set of CDISC.
    label
        How problems and data queries name the file.
    columns
        The cells under each heading, without spaces around them; ``""`` where empty.
    rows
        For each record its row as a spreadsheet shows it; above ``SECOND_FILE`` in another file.
    heading_row
        Row of the headings.
    source
        The file.
    decimal
        Decimal mark where it is known; None where the cells must tell.
    commas_are_decimal
        Whether a comma in a number can only be a decimal mark, because the file does not use
        commas for anything else.
    date_format
        Declared form of the dates.
    missing
        Declared codes for a missing value.
    queries
        What reading the file already showed.
    second_label
        Name of the file that rows above ``SECOND_FILE`` stand in.
    meaning
        Heading of our columns where the kind of file tells, by our name; what cohort.yaml says
        goes before it.
    elsewhere
        Columns whose cells stand in another file, by their heading here.
    """

    table: str
    label: str
    columns: dict[str, tuple[str, ...]] = field(repr=False)
    rows: tuple[int, ...] = field(repr=False)
    heading_row: int
    source: SourceFile
    decimal: Literal[".", ","] | None = None
    commas_are_decimal: bool = False
    date_format: str | None = None
    missing: tuple[str, ...] = ()
    queries: tuple[DataQuery, ...] = ()
    second_label: str = ""
    meaning: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, Elsewhere] = field(default_factory=dict, repr=False)

    def cell(self, row: int, heading: str) -> tuple[str, int, str]:
        """File, row and heading where the cell of a row under a heading stands."""
        there = self.elsewhere.get(heading)
        if there is not None and row in there.rows:
            return there.label, there.rows[row], there.heading
        return *self.place(row), heading

    def place(self, row: int) -> tuple[str, int]:
        """File and row, as a spreadsheet shows it, of a row of this table."""
        if row < SECOND_FILE:
            return self.label, row
        return self.second_label or self.label, row - SECOND_FILE


@dataclass(frozen=True)
class Records:
    """What a file format gives: every record as text; comments are empty records.

    Parameters
    ----------
    cells
        One list a record; the first is row 1.
    detail
        How it was read, for the source list of the dossier.
    label_suffix
        What the file name lacks to name the table, e.g. the sheet.
    separator
        Separator of a text file.
    """

    cells: Sequence[Sequence[str]]
    detail: str
    label_suffix: str = ""
    separator: str | None = None


@dataclass(frozen=True)
class Shape:
    """Records sorted into columns.

    Parameters
    ----------
    columns, rows, heading_row
        As in `RawTable`.
    problems
        Duplicate headings and ragged rows.
    unnamed
        Columns with cells but no heading, which nothing can ask for.
    short_last_row
        Row of a last record that stops early, and the heading after which it does.
    """

    columns: dict[str, tuple[str, ...]]
    rows: tuple[int, ...]
    heading_row: int
    problems: tuple[Problem, ...] = ()
    unnamed: int = 0
    short_last_row: tuple[int, str] | None = None


def shaped(records: Records, label: str, heading_row: int | None) -> Shape | list[Problem]:
    """Sort records into columns under their headings.

    Parameters
    ----------
    records
        The records of a file.
    label
        File name for problems.
    heading_row
        Row of the headings; the first row with content when not given.

    Returns
    -------
    Shape or list of Problem
        Problems alone where there is no table at all.
    """
    filled = [(row, cells) for row, cells in enumerate(records.cells, 1) if _has_content(cells)]
    if heading_row is not None:
        filled = [(row, cells) for row, cells in filled if row >= heading_row]
        if not filled or filled[0][0] != heading_row:
            return [Problem("there are no headings on this row", label, heading_row)]
    if not filled:
        return [Problem("the file is empty", label, expected="a row of headings and rows of data")]
    heading_at = filled[0][0]
    headings = [heading.strip() for heading in filled[0][1]]
    data = filled[1:]
    width = max(index for index, heading in enumerate(headings) if heading) + 1
    if width > MAX_COLUMNS or width * len(data) > MAX_CELLS:
        return [Problem(f"the table is too large ({width} columns, {len(data)} rows)", label)]
    problems = _duplicate_headings(headings, label, heading_at)
    even, ragged, short = _evened(data, headings, width, label)
    columns: dict[str, tuple[str, ...]] = {}
    unnamed = 0
    by_column = list(zip(*even, strict=True)) if even else [()] * width
    for heading, cells in zip(headings[:width], by_column, strict=True):
        if heading:
            columns.setdefault(heading, tuple(map(str.strip, cells)))
        elif any(map(str.strip, cells)):
            unnamed += 1
    return Shape(
        columns=columns,
        rows=tuple(row for row, _ in data),
        heading_row=heading_at,
        problems=(*problems, *ragged),
        unnamed=unnamed,
        short_last_row=short,
    )


def _has_content(cells: Sequence[str]) -> bool:
    return any(cells) and (bool(cells[0].strip()) or any(map(str.strip, cells)))


def _duplicate_headings(headings: Sequence[str], label: str, row: int) -> list[Problem]:
    return [
        Problem(
            f"the heading occurs {headings.count(heading)} times",
            label,
            row,
            heading,
            expected="every heading once",
        )
        for heading in dict.fromkeys(filter(None, headings))
        if headings.count(heading) > 1
    ]


def _evened(
    data: Sequence[tuple[int, Sequence[str]]], headings: Sequence[str], width: int, label: str
) -> tuple[list[Sequence[str]], list[Problem], tuple[int, str] | None]:
    """Rows of the width of the headings; the others are made so, and are problems."""
    even: list[Sequence[str]] = []
    problems: list[Problem] = []
    short = None
    expected = f"{width} cells, as there are headings"
    for row, cells in data:
        if len(cells) == width:
            even.append(cells)
        elif len(cells) > width:
            # Cells below an empty heading belong to a column without a name; beyond that, a
            # separator too many has moved everything to its right.
            if any(map(str.strip, cells[len(headings) :])):
                message = f"the row has {len(cells)} cells; is text with a separator unquoted?"
                problems.append(Problem(message, label, row, expected=expected))
            even.append(cells[:width])
        else:
            if row == data[-1][0]:
                short = (row, headings[len(cells) - 1] or f"cell {len(cells)}")
            else:
                message = f"the row has {len(cells)} cells; it stops after {cells[-1]!r:.40}"
                problems.append(Problem(message, label, row, expected=expected))
            even.append([*cells, *[""] * (width - len(cells))])
    return even, problems, short
