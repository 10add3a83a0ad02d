"""How high a table will be, measured well enough to decide whether it stays on one page."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.compose.document import Cell, HouseStyle, Row, Table, plain_text
from dossier.fonts import Face, text_width
from dossier.render.word.block_styles import CELL_PADDING, cell_line
from dossier.render.word.page import text_height, twips
from dossier.render.word.table_style import CELL_INDENT, CELL_MARGIN

SMALL_TABLE = 0.3
"""Part of a page; a table up to this height is not divided, in the PDF file neither."""


def is_small(table: Table, widths: Sequence[int], style: HouseStyle) -> bool:
    """Whether a table takes little enough of a page to be moved to the next one undivided."""
    room = SMALL_TABLE * text_height(style) / twips(1)
    for bold, rows in ((True, table.header), (False, table.rows)):
        for row in rows:
            room -= _height(row, widths, style, bold=bold)
            if room < 0:
                return False
    return True


def lines_of(text: str, size: float, width: float, face: Face = "regular") -> int:
    """Lines that a text takes when words fill them one by one; a long word takes several."""
    lines, reached = 1, 0.0
    space = text_width(" ", size, face)
    for word in text.split():
        length = text_width(word, size, face)
        if reached and reached + space + length > width:
            lines, reached = lines + 1, 0.0
        reached += length + (space if reached else 0.0)
        while reached > width:
            lines, reached = lines + 1, reached - width
    return lines


def _height(row: Row, widths: Sequence[int], style: HouseStyle, *, bold: bool) -> float:
    lines, column = 1, 0
    for cell in row:
        if cell is None:
            continue
        width = sum(widths[column : column + cell.span]) / twips(1)
        column += cell.span
        lines = max(lines, _lines(cell, width, style.table_size, bold=bold))
    return lines * cell_line(style) + 2 * CELL_PADDING


def _lines(cell: Cell, width: float, size: float, *, bold: bool) -> int:
    inside = width - 2 * CELL_MARGIN - CELL_INDENT * cell.indent
    face: Face = "bold" if bold or cell.strong else "regular"
    return lines_of(plain_text(cell.children), size, max(inside, size), face)
