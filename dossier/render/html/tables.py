"""Tables: caption above, headings of columns and rows, verdict tones, notes below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dossier.compose.document import Cell, Document, Row, Table, plain_text
from dossier.render.html.blocks import notes_below
from dossier.render.html.inlines import Inlines
from dossier.render.html.markup import classes, element, escaped

DEEPEST_INDENT = 4
_ROWS_ON_ONE_PAGE = 10
"""A table of so few rows is not divided in print."""
_LINES = 4
_CHARACTER = 0.43
"""Width of a letter of a table, on average, to the size of body text."""
_AROUND = 1.0
_WIDEST = 42


def table(block: Table, inlines: Inlines, *, new_page: str) -> str:
    """A captioned table with its notes, in a box that moves sideways where it is too wide.

    Raises
    ------
    ValueError
        When a row does not fill the columns; names the table and the row.
    """
    place = inlines.ids.of(block.anchor)
    label = element("strong", escaped(f"{block.label}."))
    caption = f"{label} {inlines.markup(block.caption)}"
    description = inlines.ids.fresh(f"{place}-description") if block.description else ""
    columns = "".join(element("col", class_=_share_class(share)) for share in _shares(block))
    parts = [element("caption", element("span", caption))]
    if block.header or block.rows:
        parts.append(element("colgroup", columns))
    if block.header:
        rows = "\n".join(_header_row(block, row, inlines) for row in block.header)
        parts.append(element("thead", rows))
    parts += _bodies(block, inlines)
    width = _width_class(_least_width(block))
    grid = element("table", "\n".join(parts), class_=width, aria_describedby=description)
    box = element("div", grid, class_="scroll", role="region", aria_label=block.label, tabindex=0)
    spoken = element("p", escaped(block.description), id=description, hidden=True)
    lines = [box, spoken if description else "", notes_below(block.notes, inlines)]
    whole = "whole-in-print" if len(block.rows) <= _ROWS_ON_ONE_PAGE else ""
    looks = classes("table", whole, new_page)
    return element("div", "\n".join(filter(None, lines)), id=place, class_=looks)


def column_rules(document: Document) -> str:
    """Rules of the style sheet for the widths of all tables and their columns."""
    tables = [block for block in document.blocks if isinstance(block, Table)]
    shares = sorted({share for block in tables for share in _shares(block)})
    widths = sorted({_least_width(block) for block in tables} - {0})
    return "\n".join(
        [
            *(f".{_share_class(share)} {{ width: {share / 10:g}% }}" for share in shares),
            *(f".{_width_class(width)} {{ min-width: {width}rem }}" for width in widths),
        ]
    )


def _shares(block: Table) -> list[int]:
    """By column, its share of the table in thousandths."""
    total = sum(block.widths)
    return [round(1000 * width / total) for width in block.widths]


def _share_class(share: int) -> str:
    return f"share-{share}"


def _least_width(block: Table) -> int:
    """Width, in sizes of text, below which the table rather moves sideways than gets long.

    Enough that its longest cell takes not much more than `_LINES` lines.
    """
    least = 0.0
    shares = _shares(block)
    for row in (*block.header, *block.rows):
        for column, cell in enumerate(row[: len(shares)]):
            if cell is not None and cell.span == 1 and shares[column]:
                length = len(plain_text(cell.children)) * _CHARACTER + _AROUND
                least = max(least, length / _LINES * 1000 / shares[column])
    return round(min(least, _WIDEST))


def _width_class(width: int) -> str:
    return f"least-{width}" if width else ""


# --- rows ----------------------------------------------------------------------------------------


def _header_row(block: Table, row: Row, inlines: Inlines) -> str:
    cells = []
    for cell in _cells(block, row):
        heads = bool(cell.children)
        spans = "spans" if heads and cell.span > 1 else ""
        cells.append(_cell(cell, inlines, scope="col" if heads else "", style=spans))
    return element("tr", "".join(cells))


def _bodies(block: Table, inlines: Inlines) -> Iterator[str]:
    """Rows, those below the heading of a group in a body of their own."""
    rows: list[str] = []
    heading = False
    for row in block.rows:
        if _heads_group(row):
            if rows:
                yield _body(rows, grouped=heading)
            rows, heading = [], True
        rows.append(_row(block, row, inlines))
    if rows:
        yield _body(rows, grouped=heading)


def _body(rows: Sequence[str], *, grouped: bool) -> str:
    return element("tbody", "\n".join(rows), class_="group" if grouped else "")


def _row(block: Table, row: Row, inlines: Inlines) -> str:
    """A row; its first cell is its heading when it has words and there is something to head."""
    cells = []
    for column, cell in enumerate(_cells(block, row)):
        scope = ""
        if column == 0 and cell.children:
            if _heads_group(row):
                scope = "rowgroup"
            elif cell.span < len(row):
                scope = "row"
        cells.append(_cell(cell, inlines, scope=scope))
    return element("tr", "".join(cells))


def _cell(cell: Cell, inlines: Inlines, *, scope: str, style: str = "") -> str:
    looks = classes(
        style,
        cell.align if cell.align != "left" else "",
        f"tone-{cell.tone}" if cell.tone else "",
        f"indent-{min(cell.indent, DEEPEST_INDENT)}" if cell.indent else "",
        "strong" if cell.strong else "",
    )
    return element(
        "th" if scope else "td",
        inlines.markup(cell.children),
        scope=scope,
        colspan=cell.span if cell.span > 1 else None,
        class_=looks,
        id=inlines.ids.of(cell.anchor) if cell.anchor else "",
    )


def _heads_group(row: Row) -> bool:
    """Whether a row is one strong cell over all columns, which belongs to what is below it."""
    cells = [cell for cell in row if cell]
    return len(cells) == 1 and cells[0].strong and len(row) > 1


def _cells(block: Table, row: Row) -> list[Cell]:
    """The cells of a row that covers every column of the table once."""
    covered = 0
    for column, cell in enumerate(row):
        if (cell is None) != (column < covered):
            break
        if cell is not None:
            covered = column + cell.span
    else:
        if len(row) == len(block.widths) == covered:
            return [cell for cell in row if cell is not None]
    raise ValueError(
        f"{block.label}: a row does not cover its {len(block.widths)} columns once each: "
        + " | ".join("" if cell is None else plain_text(cell.children) for cell in row)[:120]
    )
