"""A table of the document model, measured and tagged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dossier.compose.document import Row, Table, plain_text
from dossier.render.pdf.captions import set_caption, set_note
from dossier.render.pdf.columns import column_widths
from dossier.render.pdf.inlines import Setting
from dossier.render.pdf.lines import Chunk, Run, chunks_of, widest_chunk
from dossier.render.pdf.look import TextLook
from dossier.render.pdf.pieces import Piece
from dossier.render.pdf.structure import Element
from dossier.render.pdf.table import CellBox, RowBox, TablePiece
from dossier.render.pdf.textbox import Align, TextBox

PADDING_BESIDE = 4.5
AIR = 1.0
"""Beside the longest word of a column, in points: Word takes the columns over and may measure it
wider."""
INDENT_STEP = 9.0
SMALLEST_SIZE = 7.0
LONGEST_WORD = 0.3
"""Part of the table's width; a longer word, such as a hash, is divided."""
TALLEST_HEADER = 0.35
"""Part of the page; a higher header is not repeated."""


@dataclass(slots=True)
class Draft:
    """A cell whose width is not known yet."""

    column: int
    span: int
    runs: list[Run]
    chunks: list[Chunk]
    indent: float = 0.0
    align: Align = "left"
    fill: str = ""
    is_strong: bool = False
    anchor: str = ""


DraftRow = list[Draft]


def set_table(setting: Setting, table: Table) -> list[Piece]:
    """Set a table with its caption above and its notes below.

    Raises
    ------
    ValueError
        When a row does not have the table's columns, or a column cannot hold a letter.
    """
    look = setting.look
    element = setting.section.child(
        "Table", title=plain_text(table.caption), summary=table.description
    )
    caption = set_caption(setting, table, element, look.caption, anchored=True)
    header = _draft_rows(setting, table, table.header, element, "THead")
    body = _draft_rows(setting, table, table.rows, element, "TBody")
    notes = [set_note(setting, note, setting.section) for note in table.notes]
    setting.place_notes()

    continued = TextBox(
        chunks_of(
            setting.text(
                f"{table.label} ({setting.words.continued})", element, look.table_notes.ink.italic()
            )
        ),
        replace(look.table_notes, after=4),
        look.width,
    )
    header_rows, body_rows = measured_rows(
        setting, header, body, table.widths, table.label, anchor=table.anchor
    )
    if sum(row.height for row in header_rows) > TALLEST_HEADER * look.height:
        header_rows, body_rows = [], header_rows + body_rows
    rows = TablePiece(look, header_rows, body_rows, notes, continued)
    setting.kept_rows[table.anchor] = rows.kept_rows() if header_rows or not table.header else set()
    return [caption, rows]


# --- cells ---------------------------------------------------------------------------------------


def _draft_rows(
    setting: Setting,
    table: Table,
    rows: Sequence[Row],
    parent: Element,
    group: Literal["THead", "TBody"],
) -> list[DraftRow]:
    element = parent.child(group)
    return [_draft_row(setting, table, row, element.child("TR"), group) for row in rows]


def _draft_row(
    setting: Setting,
    table: Table,
    row: Row,
    parent: Element,
    group: Literal["THead", "TBody"],
) -> DraftRow:
    _check_row(table, row)
    ink = setting.look.table.ink
    if group == "THead":
        ink = replace(ink.bold(), color=setting.look.style.accent)
    drafts: DraftRow = []
    for column, cell in enumerate(row):
        if cell is None:
            continue
        is_heading = bool(cell.children) and (group == "THead" or column == 0)
        element = parent.child(
            "TH" if is_heading else "TD",
            scope=("Column" if group == "THead" else "Row") if is_heading else "",
            column_span=cell.span,
        )
        runs = setting.runs(cell.children, element, ink.bold() if cell.strong else ink)
        drafts.append(
            Draft(
                column,
                cell.span,
                runs,
                chunks_of(runs),
                cell.indent * INDENT_STEP,
                cell.align,
                setting.look.tone(cell.tone) if cell.tone else "",
                cell.strong,
                cell.anchor,
            )
        )
    return drafts


def _check_row(table: Table, row: Row) -> None:
    """Refuse rows that would make the table ragged."""
    covered = 0
    for column, cell in enumerate(row):
        if (cell is None) != (column < covered):
            break
        if cell is not None:
            covered = column + cell.span
    else:
        if len(row) == len(table.widths) == covered:
            return
    raise ValueError(
        f"{table.label}: a row does not cover its {len(table.widths)} columns once each: "
        + " | ".join("" if cell is None else plain_text(cell.children) for cell in row)[:120]
    )


# --- sizes ---------------------------------------------------------------------------------------


def measured_rows(
    setting: Setting,
    header: list[DraftRow],
    body: list[DraftRow],
    weights: Sequence[float],
    label: str,
    *,
    anchor: str = "",
) -> tuple[list[RowBox], list[RowBox]]:
    """Choose the size of text and the widths of columns, and measure every row."""
    total = setting.look.width
    padding = min(PADDING_BESIDE, 0.12 * total / len(weights))
    words = _longest_words([*header, *body], len(weights), LONGEST_WORD * total)
    room = total - 2 * padding * len(weights)
    look = _fitting_look(setting.look.table, sum(words), room)
    scale = look.ink.size / setting.look.table.ink.size
    floor = 1.05 * look.ink.size + 2 * padding
    if floor * len(weights) > total:
        raise ValueError(f"{label}: {len(weights)} columns are more than a page can hold")
    air = min(AIR, max(room - sum(words) * scale, 0.0) / len(weights))
    least = [max(word * scale + 2 * padding + air, floor) for word in words]
    widths = column_widths(total, weights, least, floor)
    if scale == 1:
        setting.columns[anchor] = tuple(widths)
    edges = [sum(widths[:column]) for column in range(len(widths) + 1)]

    def measured(row: DraftRow, *, is_spanner: bool = False) -> Iterator[CellBox]:
        for draft in row:
            x, right = edges[draft.column], edges[draft.column + draft.span]
            text_width = right - x - 2 * padding
            indent = min(draft.indent, max(0.0, text_width - 1.05 * look.ink.size))
            chunks = chunks_of(_scaled(draft.runs, scale)) if scale < 1 else draft.chunks
            box = TextBox(chunks, look, text_width - indent, align=draft.align, anchor=draft.anchor)
            yield CellBox(
                x,
                right - x,
                x + padding + indent,
                box,
                draft.fill,
                is_spanner and draft.span > 1 and bool(box.lines),
            )

    header_rows = [
        RowBox.of(
            list(measured(row, is_spanner=index + 1 < len(header))), look.leading, at_foot=True
        )
        for index, row in enumerate(header)
    ]
    body_rows: list[RowBox] = []
    banded = False
    indented = any(row[0].indent for row in body if row)
    for row in body:
        heads_group = len(row) == 1 and row[0].is_strong and len(weights) > 1
        body_rows.append(
            RowBox.of(
                list(measured(row)),
                look.leading,
                banded=banded and not heads_group,
                heads_group=heads_group,
                begins_group=heads_group or bool(indented and row and not row[0].indent),
            )
        )
        banded = not banded and not heads_group
    return header_rows, body_rows


def _longest_words(rows: list[DraftRow], columns: int, limit: float) -> list[float]:
    words = [0.0] * columns
    for row in rows:
        for draft in row:
            if draft.span == 1:
                width = draft.indent + widest_chunk(draft.chunks, limit)
                words[draft.column] = max(words[draft.column], width)
    return words


def _fitting_look(look: TextLook, words: float, room: float) -> TextLook:
    """The table's text, smaller in half points when its words would not fit otherwise."""
    size = look.ink.size
    while words * size / look.ink.size > room and size > SMALLEST_SIZE:
        size = max(size - 0.5, SMALLEST_SIZE)
    scale = size / look.ink.size
    return replace(look, ink=replace(look.ink, size=size), leading=look.leading * scale)


def _scaled(runs: list[Run], scale: float) -> list[Run]:
    return [
        replace(run, ink=replace(run.ink, size=run.ink.size * scale, rise=run.ink.rise * scale))
        for run in runs
    ]
