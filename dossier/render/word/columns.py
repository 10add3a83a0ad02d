"""Widths of a table's columns: as asked for, but with room for each column's longest word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dossier.compose.document import Row, Table, plain_text
from dossier.fonts import Face, text_width
from dossier.render.word.page import shared_out, twips
from dossier.render.word.table_style import CELL_INDENT, CELL_MARGIN

_LONGEST_WORD = 0.3
"""Part of the table's width; a longer word, such as a hash, is divided."""
_BREAKS = re.compile(r"[ \t\n\u2002-\u200b]+|(?<=[-–—/])(?=\w)")
_AIR = 0.5


def column_widths(table: Table, total: int, size: float) -> tuple[int, ...]:
    """Widths in twentieths of a point that add up to the total.

    Parameters
    ----------
    table
        The table with the widths asked for.
    total
        Width of the table, in twentieths of a point.
    size
        Size of its text, in points.
    """
    least = _least_widths(table, total, size)
    if sum(least) >= total:
        return shared_out(total, least)
    widths = [0.0] * len(least)
    narrow: set[int] = set()
    while True:
        open_columns = [i for i in range(len(least)) if i not in narrow]
        room = total - sum(least[i] for i in narrow)
        asked = sum(table.widths[i] for i in open_columns)
        for i in range(len(least)):
            widths[i] = least[i] if i in narrow else room * table.widths[i] / asked
        found = {i for i in open_columns if widths[i] < least[i]}
        if not found:
            return shared_out(total, widths)
        narrow |= found


def _least_widths(table: Table, total: int, size: float) -> list[float]:
    least = [float(twips(size + 2 * CELL_MARGIN))] * len(table.widths)
    for rows, bold in ((table.header, True), (table.rows, False)):
        for row in rows:
            _widen(least, row, total, size, bold=bold)
    return least


def _widen(least: list[float], row: Row, total: int, size: float, *, bold: bool) -> None:
    for column, cell in enumerate(row[: len(least)]):
        if cell is None or cell.span > 1:
            continue
        face: Face = "bold" if bold or cell.strong else "regular"
        words: Sequence[str] = _BREAKS.split(plain_text(cell.children))
        lengths = (twips(text_width(word, size, face)) for word in words)
        longest = max((length for length in lengths if length <= _LONGEST_WORD * total), default=0)
        around = 2 * CELL_MARGIN + CELL_INDENT * cell.indent + _AIR
        least[column] = max(least[column], longest + twips(around))
