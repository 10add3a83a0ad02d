"""Headers and footers: the running title with the banner, and the page number."""

from __future__ import annotations

import re

from docx.section import Section

from dossier.compose.document import Document
from dossier.render.word.logo import logo_run
from dossier.render.word.xml import field, paragraph, parsed, run, style_of_run, tab


def write_margins(section: Section, document: Document, page_count: int, number: int) -> None:
    """Fill the headers and footers; a title page has the banner only.

    ``number`` is one that nothing else in the document has, for the logo.
    """
    banner = run(document.banner, style_of_run("Banner"))
    logo = document.style.logo
    right = banner
    if logo and logo.in_header:
        section.header.is_linked_to_previous = False
        gap = run(" \u2003") if banner else ""
        right += gap + logo_run(logo, logo.in_header, section.header.part, number)
    _fill(section.header, paragraph("Header", run(document.header) + tab() + right))
    page = run(document.footer) + tab() + page_of(document.words.page_of, page_count)
    _fill(section.footer, paragraph("Footer", page))
    if not section.different_first_page_header_footer:
        return
    _fill(section.first_page_header, paragraph("TitlePageHeader", banner))
    _fill(section.first_page_footer, paragraph("TitlePageHeader", ""))


def page_of(pattern: str, page_count: int) -> str:
    """``Page {page} of {pages}`` with fields at the placeholders, in whatever order they stand."""
    fields = {"{page}": field("PAGE", "2"), "{pages}": field("NUMPAGES", str(page_count))}
    pieces = re.split(r"(\{pages?\})", pattern)
    return "".join(fields[piece] if piece in fields else run(piece) for piece in pieces)


def _fill(margin: object, xml: str) -> None:
    margin.is_linked_to_previous = False  # type: ignore[attr-defined]
    element = margin._element  # type: ignore[attr-defined]
    for child in list(element):
        element.remove(child)
    for child in parsed("w:body", xml, "w r wp a pic asvg"):
        element.append(child)
