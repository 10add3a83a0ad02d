"""A table of the document as a sheet: typed cells, header rows that stay in view, notes below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from dossier.compose.document import (
    Cell,
    Emphasis,
    Footnote,
    Inline,
    Number,
    Row,
    Strong,
    Table,
    plain_text,
)
from dossier.render.xlsx.cell_text import write_text
from dossier.render.xlsx.look import Look, aligned
from dossier.render.xlsx.number_format import number_format

CAPTION_ROW: Final = 1
FIRST_HEADER_ROW: Final = 3
# A count as the tables print it; a longer one is a name, and 007 is one too.
_COUNT = re.compile(r"0|[1-9]\d{0,14}")
# Widths in characters: of a whole sheet, and the least of a column.
_SHEET_WIDTH: Final = 130.0
_LEAST_WIDTH: Final = 9.0
_MARGIN: Final = 2.0


def fill_table_sheet(sheet: Any, table: Table, results: Mapping[str, Any], look: Look) -> None:
    """Write a table to a sheet of its own.

    Parameters
    ----------
    sheet
        An empty sheet.
    table
        What to write.
    results
        Every single value of results.json by its path.
    look
        The house style.

    Raises
    ------
    ValueError
        When a row has not as many places as the table has columns.
    """
    caption = sheet.cell(CAPTION_ROW, 1)
    write_text(caption, " ".join(filter(None, (table.label, plain_text(table.caption)))))
    caption.font = look.title()
    for row in (*table.header, *table.rows):
        if len(row) != len(table.widths):
            raise ValueError(f"{table.anchor}: {len(row)} cells in {len(table.widths)} columns")
    for at, row in enumerate(table.header, start=FIRST_HEADER_ROW):
        _write_header(sheet, at, row, look)
    first = FIRST_HEADER_ROW + len(table.header)
    for at, row in enumerate(table.rows, start=first):
        _write_row(sheet, at, row, results, look)
    widths = _widths(table)
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for at, row in enumerate((*table.header, *table.rows), start=FIRST_HEADER_ROW):
        sheet.row_dimensions[at].height = _height(row, widths, look)
    _write_notes(sheet, first + len(table.rows) + 1, table, sum(widths), look)
    sheet.freeze_panes = f"A{first}"
    sheet.print_title_rows = f"{FIRST_HEADER_ROW}:{first - 1}" if table.header else None


def _write_header(sheet: Any, at: int, row: Row, look: Look) -> None:
    for column, cell in enumerate(row, start=1):
        written = sheet.cell(at, column)
        written.fill = look.header_fill()
        if cell is None:
            continue
        write_text(written, _words(cell.children))
        written.font = look.header()
        written.alignment = aligned(cell, column, "bottom")
        _span(sheet, at, column, cell)


def _write_row(sheet: Any, at: int, row: Row, results: Mapping[str, Any], look: Look) -> None:
    for column, cell in enumerate(row, start=1):
        if cell is None:
            continue
        written = sheet.cell(at, column)
        _write_value(written, cell, results)
        look.dress(written, cell)
        _span(sheet, at, column, cell)


def _span(sheet: Any, at: int, column: int, cell: Cell) -> None:
    if cell.span > 1:
        sheet.merge_cells(
            start_row=at, end_row=at, start_column=column, end_column=column + cell.span - 1
        )


def _write_value(written: Any, cell: Cell, results: Mapping[str, Any]) -> None:
    """The number that a cell prints, looking as printed; else the words."""
    text = _words(cell.children)
    numbers = list(_numbers(cell.children))
    # A cell that numbers of the text lead to names their places too: words, not a value.
    if len(numbers) == 1 and not cell.anchor:
        value = results.get(numbers[0].path)
        if isinstance(value, int | float) and not isinstance(value, bool):
            shown = number_format(text, value)
            if shown is not None:
                written.value, written.number_format = value, shown
                return
    elif not numbers and cell.align == "right" and _COUNT.fullmatch(text):
        written.value, written.number_format = int(text), "0"
        return
    if text:
        write_text(written, text)


def _numbers(children: Iterable[Inline]) -> Iterable[Number]:
    for child in children:
        match child:
            case Number():
                yield child
            case Strong(inner) | Emphasis(inner):
                yield from _numbers(inner)
            case _:
                pass


def _words(children: Iterable[Inline]) -> str:
    """The characters of a cell; footnotes stand in brackets, as a sheet has no foot."""
    parts = []
    for child in children:
        match child:
            case Footnote(inner):
                parts.append(f" [{_words(inner)}]")
            case Strong(inner) | Emphasis(inner):
                parts.append(_words(inner))
            case _:
                parts.append(plain_text((child,)))
    return "".join(parts)


def _widths(table: Table) -> list[float]:
    """Columns as wide as their widest line, but no wider than their share of the sheet."""
    whole = sum(table.widths) or 1.0
    natural = [_LEAST_WIDTH] * len(table.widths)
    for row in (*table.header, *table.rows):
        for column, cell in enumerate(row):
            if cell is not None and cell.span == 1:
                length = len(_words(cell.children)) + _MARGIN + 2 * cell.indent
                natural[column] = max(natural[column], length)
    shares = (max(_LEAST_WIDTH, _SHEET_WIDTH * width / whole) for width in table.widths)
    return [min(pair) for pair in zip(natural, shares, strict=True)]


def _height(row: Row, widths: Sequence[float], look: Look) -> float:
    return max(
        look.height(
            _words(cell.children),
            sum(widths[column : column + cell.span]) - _MARGIN - 2 * cell.indent,
            look.style.body_size,
        )
        for column, cell in enumerate(row)
        if cell is not None
    )


def _write_notes(sheet: Any, at: int, table: Table, width: float, look: Look) -> None:
    """Notes over the whole width below the table."""
    columns = len(table.widths)
    for note in table.notes:
        written, words = sheet.cell(at, 1), _words(note)
        write_text(written, words)
        written.font = look.font(look.style.note_size)
        written.alignment = Alignment(vertical="top", wrap_text=True)
        if columns > 1:
            sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=columns)
        sheet.row_dimensions[at].height = look.height(words, width, look.style.note_size)
        at += 1
