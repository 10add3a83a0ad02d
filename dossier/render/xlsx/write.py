"""A document as a workbook: contents, a sheet for every table, and all results."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.packaging.custom import StringProperty
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import fromstring, localname, tostring

from dossier.compose.document import Document, Table, plain_text
from dossier.render.fixed_zip import fixed_zip
from dossier.render.xlsx.cell_text import sheet_name
from dossier.render.xlsx.list_sheets import (
    RESULTS_FILE,
    RESULTS_SHEET,
    contents_name,
    fill_contents_sheet,
    fill_results_sheet,
)
from dossier.render.xlsx.look import Look
from dossier.render.xlsx.table_sheet import fill_table_sheet
from dossier.result_paths import leaves

__all__ = ["render_xlsx"]

TOOL = "dossier"
_CORE = "docProps/core.xml"
_STYLES = "xl/styles.xml"
# CT_Font, ECMA-376 part 1, 18.8.22, in the order that Office writes and its validator expects.
_FONT_PARTS = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color",
    "name", "family", "charset", "scheme",
)  # fmt: skip
_MOST_OF_FOOT = 200  # characters; a page's head and foot hold 255 each, signs included


def render_xlsx(document: Document, results: Mapping[str, Any]) -> bytes:
    """Write the tables of a document as a workbook.

    A cell that prints one number holds that number of results.json, to 16 digits, in a format
    that shows it as printed; every other cell holds its words. Nothing in it is a formula.

    Parameters
    ----------
    document
        What to write. The same document and results give the same bytes.
    results
        The results format, `Evaluation.to_dict`.

    Raises
    ------
    ValueError
        When a table is ragged.
    """
    found, look = dict(leaves(results)), Look(document.style)
    book = Workbook()
    book.remove(book.active)
    tables = [block for block in document.blocks if isinstance(block, Table)]
    front = book.create_sheet(sheet_name(contents_name(document), (RESULTS_SHEET,)))
    entries: list[tuple[str, str]] = []
    for table in tables:
        taken = (*book.sheetnames, RESULTS_SHEET)
        sheet = book.create_sheet(sheet_name(table.label or table.anchor, taken))
        fill_table_sheet(sheet, table, found, look)
        entries.append((sheet.title, plain_text(table.caption)))
    listed = book.create_sheet(RESULTS_SHEET)
    fill_results_sheet(listed, found, look)
    entries.append((RESULTS_SHEET, RESULTS_FILE))
    fill_contents_sheet(front, document, entries, look)
    for sheet in book:
        _set_page(sheet, document)
    _set_properties(book, document)
    return _saved(book)


def _set_page(sheet: Any, document: Document) -> None:
    """Paper, and what stands on every page."""
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.paperSize = (
        sheet.PAPERSIZE_A4 if document.style.page == "A4" else sheet.PAPERSIZE_LETTER
    )
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.oddHeader.left.text = _on_page(document.header)
    sheet.oddHeader.right.text = _on_page(document.banner)
    sheet.oddFooter.left.text = _on_page(document.footer)
    pages = document.words.page_of.replace("&", "&&")
    sheet.oddFooter.right.text = pages.replace("{page}", "&P").replace("{pages}", "&N")


def _on_page(text: str) -> str | None:
    """Words for the head or foot of a page, where ``&`` begins a code."""
    return text[:_MOST_OF_FOOT].replace("&", "&&") or None


def _set_properties(book: Workbook, document: Document) -> None:
    date = document.date
    date = date.astimezone(datetime.UTC).replace(tzinfo=None) if date.tzinfo else date
    book.properties = DocumentProperties(
        title=document.title,
        creator=document.author or TOOL,
        subject=document.subject or None,
        language=document.language,
        lastModifiedBy=TOOL,
        created=date,
        modified=date,
    )
    for name, value in document.properties.items():
        book.custom_doc_props.append(StringProperty(name=name, value=value))


def _saved(book: Workbook) -> bytes:
    # openpyxl dates the file with the clock when it saves; the part is written again from here.
    core = tostring(book.properties.to_tree())
    written = io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as package:
        styles = _with_ordered_fonts(package.read(_STYLES))
    return fixed_zip(written.getvalue(), {_CORE: core, _STYLES: styles})


def _with_ordered_fonts(styles: bytes) -> bytes:
    """Parts of a font in the order of the schema; openpyxl writes the name first."""
    tree = fromstring(styles)
    for font in tree.iter(f"{{{SHEET_MAIN_NS}}}font"):
        font[:] = sorted(font, key=lambda part: _FONT_PARTS.index(localname(part)))
    written: bytes = tostring(tree)
    return written
