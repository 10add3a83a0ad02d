"""A table of the document model, measured and tagged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dossier.compose.document import Cell, Row, Table, plain_text
from dossier.render.pdf.columns import column_widths
from dossier.render.pdf.inlines import Setting
from dossier.render.pdf.lines import Chunk, Run, chunks_of, text_width, widest_chunk
from dossier.render.pdf.look import TextLook
from dossier.render.pdf.pieces import Piece
from dossier.render.pdf.structure import Element
from dossier.render.pdf.table import CellBox, RowBox, TablePiece
from dossier.render.pdf.textbox import Align, TextBox
from dossier.render.printable import printable

PADDING_BESIDE = 4.5
INDENT_STEP = 9.0
SMALLEST_SIZE = 7.0
LONGEST_WORD = 0.3
"""Part of the table's width; a longer word, such as a hash, is divided."""
TALLEST_HEADER = 0.35
"""Part of the page; a higher header is not repeated."""


@dataclass(slots=True)
class _Draft:
    """A cell before its width is known."""

    column: int
    span: int
    chunks: list[Chunk]
    runs: list[Run]
    indent: float
    align: Align
    fill: str

    @property
    def is_blank(self) -> bool:
        return not self.chunks


def set_table(setting: Setting, table: Table) -> list[Piece]:
    """Set a table with its caption above and its notes below.

    Raises
    ------
    ValueError
        When a row does not have the table's columns, or a column cannot hold a letter.
    """
    for row in (*table.header, *table.rows):
        _check_row(table, row)
    look = setting.look
    element = setting.section.child(
        "Table", title=plain_text(table.caption), summary=table.description
    )
    caption = set_caption(setting, element, table, look.caption)
    drafts_of_header = [
        _draft_row(setting, row, element_row, "Column")
        for row, element_row in _with_elements(table.header, element, "THead")
    ]
    drafts = [
        _draft_row(setting, row, element_row, "Row")
        for row, element_row in _with_elements(table.rows, element, "TBody")
    ]
    notes = [set_note(setting, note) for note in table.notes]
    setting.place_notes()

    text_look = _fitting_size(setting, [*drafts_of_header, *drafts], table)
    widths = column_widths(
        look.width, table.widths, _least_widths([*drafts_of_header, *drafts], table, look.width)
    )
    boxes = [_measure(row, widths, text_look, table) for row in drafts_of_header]
    header = [
        RowBox.of(_at_foot(cells, text_look), text_look.leading if not any_text else 0.0)
        for cells, any_text in ((cells, any(c.box.lines for c in cells)) for cells in boxes)
    ]
    rows = _banded([_measure(row, widths, text_look, table) for row in drafts], text_look)
    continued = TextBox(
        chunks_of(
            setting.text(
                f"{table.label} ({setting.words.continued})", element, look.table_notes.ink.italic()
            )
        ),
        replace(look.table_notes, after=4),
        look.width,
    )
    if sum(row.height for row in header) > TALLEST_HEADER * look.height:
        header, rows = [], [*header, *rows]
    return [caption, TablePiece(look, header, rows, notes, continued)]
