"""Tables: caption above, repeated header rows, cells with verdict tones, notes below."""

from __future__ import annotations

from dossier.compose.document import Cell, HouseStyle, Row, Table, plain_text
from dossier.render.word.captions import caption, notes
from dossier.render.word.flow import Flow
from dossier.render.word.formatting import shading
from dossier.render.word.page import shared_out, text_width, twips
from dossier.render.word.styles import table_text_style
from dossier.render.word.table_style import CELL_INDENT, header_shading
from dossier.render.word.xml import escaped, paragraph


def table(block: Table, flow: Flow) -> str:
    """A captioned table with its notes.

    Raises
    ------
    ValueError
        When a row does not fill the columns; names the table and the row.
    """
    widths = shared_out(text_width(flow.document.style), block.widths)
    above = caption(block, flow)
    rows = [
        _row(row, block, widths, flow, place=f"header row {i}", heading=i)
        for i, row in enumerate(block.header, start=1)
    ]
    for i, row in enumerate(block.rows, start=1):
        # The last row stays with the notes: notes alone on the next page explain nothing.
        keeps = bool(block.notes) and i == len(block.rows)
        rows.append(_row(row, block, widths, flow, place=f"row {i}", keep_next=keeps))
    flow.needs_gap = False
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    body = (
        f"<w:tbl>{_properties(block, sum(widths))}<w:tblGrid>{columns}</w:tblGrid>"
        f"{''.join(rows)}</w:tbl>"
    )
    below = notes(block.notes, flow)
    flow.needs_gap = True
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
    for cell in row:
        if cell is None:
            continue
        covered = widths[column : column + cell.span]
        column += cell.span
        cells.append(_cell(cell, sum(covered), flow, heading=heading, keep_next=keep_next))
    if column != len(widths):
        raise ValueError(
            f"{block.label}, {place}: {column} columns are filled, the table has {len(widths)}"
        )
    header = "<w:tblHeader/>" * bool(heading)
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(cell: Cell, width: int, flow: Flow, *, heading: int, keep_next: bool) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    ground = _ground(cell, flow.document.style, heading)
    content = flow.inlines.runs(cell.children, strong=cell.strong, bold=bool(heading))
    indent = f'<w:ind w:left="{twips(CELL_INDENT * cell.indent)}"/>' if cell.indent else ""
    text = paragraph(
        table_text_style(cell.align, heading=bool(heading)),
        content,
        "<w:keepNext/>" * keep_next + indent,
    )
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{ground}</w:tcPr>{text}</w:tc>'


def _ground(cell: Cell, style: HouseStyle, heading: int) -> str:
    if cell.tone:
        return shading(style.tones[cell.tone])
    # A table style reaches the first row only; further header rows look like it.
    return f'{header_shading(style)}<w:vAlign w:val="bottom"/>' if heading > 1 else ""
