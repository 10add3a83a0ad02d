"""Tables: caption above, repeated header rows, cells with verdict tones, notes below."""

from __future__ import annotations

from dossier.compose.document import Cell, HouseStyle, Row, Table, plain_text
from dossier.render.word.block_styles import CELL_PADDING
from dossier.render.word.captions import caption, notes
from dossier.render.word.columns import column_widths
from dossier.render.word.flow import Flow
from dossier.render.word.formatting import layout, shading
from dossier.render.word.page import shared_out, text_width, twips
from dossier.render.word.style_definition import table_text_style
from dossier.render.word.table_style import (
    CELL_INDENT,
    GROUP_RULE,
    group_rule,
    header_rule,
    no_rule,
    spanning_rule,
)
from dossier.render.word.xml import escaped, paragraph

_FOOT_RULE = 0.75
_NOTES_GAP = 4.0 - _FOOT_RULE
"""Space above the first note, besides the rule at the foot of the table."""
_NO_GROUND = '<w:shd w:val="clear" w:color="auto" w:fill="auto"/>'


def table(block: Table, flow: Flow) -> str:
    """A captioned table with its notes.

    Raises
    ------
    ValueError
        When a row does not fill the columns; names the table and the row.
    """
    style = flow.document.style
    total = text_width(style)
    known = flow.laid_out.columns.get(block.anchor)
    widths = shared_out(total, known) if known else column_widths(block, total, style.table_size)
    above = caption(block, flow)
    rows = [
        _row(row, block, widths, flow, place=f"header row {i}", heading=i)
        for i, row in enumerate(block.header, start=1)
    ]
    kept = flow.laid_out.kept_rows.get(block.anchor, frozenset())
    rows += [
        _row(row, block, widths, flow, place=f"row {i}", keep_next=i in kept)
        for i, row in enumerate(block.rows, start=1)
    ]
    flow.gap = _NOTES_GAP
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    body = (
        f"<w:tbl>{_properties(block, sum(widths))}<w:tblGrid>{columns}</w:tblGrid>"
        f"{''.join(rows)}</w:tbl>"
    )
    below = notes(block.notes, flow)
    flow.gap = 16.0 if block.notes else 16.0 - _FOOT_RULE
    return above + body + below


def _properties(block: Table, width: int) -> str:
    title = plain_text(block.caption)
    return (
        f'<w:tblPr><w:tblStyle w:val="DossierTable"/><w:tblW w:w="{width}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0"'
        ' w:noHBand="0" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{escaped(f"{block.label}. {title}")}"/>'
        f'<w:tblDescription w:val="{escaped(block.description or title)}"/></w:tblPr>'
    )


def _row(
    row: Row,
    block: Table,
    widths: tuple[int, ...],
    flow: Flow,
    *,
    place: str,
    heading: int = 0,
    keep_next: bool = False,
) -> str:
    cells: list[str] = []
    column = 0
    label = plain_text(row[0].children) if row and row[0] and not heading else ""
    for cell in row:
        if cell is None:
            continue
        covered = widths[column : column + cell.span]
        column += cell.span
        written = _cell(
            cell,
            sum(covered),
            flow,
            heading=heading,
            headings=len(block.header),
            group=not heading and _heads_group(row),
            keep_next=keep_next,
            label=label if column > cell.span else "",
        )
        cells.append(written)
    if column != len(widths):
        raise ValueError(
            f"{block.label}, {place}: {column} columns are filled, the table has {len(widths)}"
        )
    header = "<w:tblHeader/>" * bool(heading)
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(
    cell: Cell,
    width: int,
    flow: Flow,
    *,
    heading: int,
    headings: int,
    group: bool,
    keep_next: bool,
    label: str,
) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    ground = _ground(cell, flow.document.style, heading, headings, group=group)
    bold = bool(heading)
    content = flow.inlines.runs(cell.children, strong=cell.strong, bold=bold, label=label)
    if cell.anchor:
        content = flow.marked(cell.anchor, content)
    # The rule above the heading of a group adds to the height of its row.
    above = layout(before=CELL_PADDING - GROUP_RULE) if group else ""
    indent = f'<w:ind w:left="{twips(CELL_INDENT * cell.indent)}"/>' if cell.indent else ""
    text = paragraph(
        table_text_style(cell.align, heading=bool(heading)),
        content,
        "<w:keepNext/>" * keep_next + above + indent,
    )
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{ground}</w:tcPr>{text}</w:tc>'


def _ground(cell: Cell, style: HouseStyle, heading: int, headings: int, *, group: bool) -> str:
    """Edges and background of a cell beyond what the table style says.

    The style's header is one row; of several, the last has the header's edge.
    """
    edge = foot = ""
    if group:
        edge = group_rule(style)
    if heading and headings > 1:
        foot = '<w:vAlign w:val="bottom"/>'
        if heading == headings:
            edge = header_rule(style)
        else:
            edge = spanning_rule(style) if cell.span > 1 and cell.children else no_rule()
    ground = shading(style.tones.get(cell.tone, style.band)) if cell.tone else ""
    if (heading > 1 or group) and not ground:
        ground = _NO_GROUND  # bands are for rows of results
    return edge + ground + foot


def _heads_group(row: Row) -> bool:
    """Whether a row is one strong cell over all columns, which belongs to what is below it."""
    cells = [cell for cell in row if cell]
    return len(cells) == 1 and cells[0].strong and len(row) > 1
