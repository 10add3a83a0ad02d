"""The sheets that list: the contents with links, and every value of results.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from openpyxl.styles import Alignment
from openpyxl.worksheet.hyperlink import Hyperlink

from dossier.compose.document import Contents, Document, TitlePage
from dossier.render.xlsx.cell_text import write_text
from dossier.render.xlsx.look import Look

RESULTS_SHEET: Final = "results"
RESULTS_FILE: Final = "results.json"
# The keys of the format, not words: they are the same in every language.
_RESULT_COLUMNS: Final = ("path", "value", "reason")
_RESULT_WIDTHS: Final = (64.0, 40.0, 48.0)
_CONTENTS_WIDTHS: Final = (26.0, 96.0)


def contents_name(document: Document) -> str:
    """The name of the sheet of contents: the title of the document's own list of tables."""
    for block in document.blocks:
        if isinstance(block, Contents) and block.kind == "tables" and block.title:
            return block.title
    return document.words.table_word


def fill_contents_sheet(
    sheet: Any, document: Document, entries: Sequence[tuple[str, str]], look: Look
) -> None:
    """Write the title of the document, and a link to every other sheet.

    Parameters
    ----------
    sheet
        An empty sheet.
    document
        The document, for its title page.
    entries
        Name of each sheet, and what it holds.
    look
        The house style.
    """
    at = 1
    for words, font in _front(document, look):
        written = sheet.cell(at, 1)
        write_text(written, words)
        written.font = font
        at += 1
    for label, value in _details(document):
        for column, words in enumerate((label, value), start=1):
            written = sheet.cell(at, column)
            write_text(written, words)
            written.font = look.font(bold=column == 1)
            written.alignment = Alignment(vertical="top", wrap_text=True)
        at += 1
    at += 1
    for name, words in entries:
        link, told = sheet.cell(at, 1), sheet.cell(at, 2)
        write_text(link, name)
        link_to(link, name)
        link.font = look.font(link=True)
        write_text(told, words)
        told.font = look.font()
        for written in (link, told):
            written.alignment = Alignment(vertical="top", wrap_text=True)
            written.border = look.rule()
        at += 1
    for letter, width in zip("AB", _CONTENTS_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width


def _front(document: Document, look: Look) -> list[tuple[str, Any]]:
    page = _title_page(document)
    lines = [(document.title, look.title())]
    if document.banner:
        lines.append((document.banner, look.font(bold=True)))
    if page is not None:
        lines += [(line, look.font()) for line in (page.subtitle, *page.lines) if line]
    return lines


def _details(document: Document) -> tuple[tuple[str, str], ...]:
    page = _title_page(document)
    return () if page is None else page.details


def _title_page(document: Document) -> TitlePage | None:
    return next((block for block in document.blocks if isinstance(block, TitlePage)), None)


def link_to(cell: Any, name: str) -> None:
    """Make a cell a link to the first cell of another sheet."""
    quoted = name.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!A1", display=name)


def fill_results_sheet(sheet: Any, results: Mapping[str, Any], look: Look) -> None:
    """Write every value of results.json: its path, the value, and why a missing one is missing.

    Parameters
    ----------
    sheet
        An empty sheet.
    results
        Every single value of results.json by its path.
    look
        The house style.
    """
    for column, name in enumerate(_RESULT_COLUMNS, start=1):
        written = sheet.cell(1, column)
        write_text(written, name)
        written.font, written.fill = look.header(), look.header_fill()
        sheet.column_dimensions["ABC"[column - 1]].width = _RESULT_WIDTHS[column - 1]
    for at, (path, value) in enumerate(results.items(), start=2):
        write_text(sheet.cell(at, 1), path)
        _write_result(sheet.cell(at, 2), value)
        if value is None:
            reason = results.get(f"{path.rpartition('.')[0]}.reason")
            if isinstance(reason, str):
                write_text(sheet.cell(at, 3), reason)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:C{max(len(results), 1) + 1}"
    sheet.print_title_rows = "1:1"


def _write_result(written: Any, value: Any) -> None:
    if isinstance(value, str):
        write_text(written, value)
    elif value is not None:
        written.value = value  # a number or a truth value
    written.alignment = Alignment(horizontal="left")
