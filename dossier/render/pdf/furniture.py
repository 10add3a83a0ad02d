"""What surrounds the column of text: running header and footer, footnotes, all painted here."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.compose.document import Document, TitlePage
from dossier.render.pdf.lines import text_width
from dossier.render.pdf.logo import paint_logo
from dossier.render.pdf.look import Ink, Look
from dossier.render.pdf.pagination import Page
from dossier.render.pdf.painter import Painter
from dossier.render.printable import printable

HEADER_RISE = 24.0
FOOTER_DROP = 30.0
FOOTNOTE_RULE_WIDTH = 96.0
GAP = 18.0
_ELLIPSIS = "…"


def paint_pages(document: Document, look: Look, pages: Sequence[Page], painter: Painter) -> None:
    """Paint all pages: text, footnotes, then header and footer on all but a title page."""
    has_title_page = bool(document.blocks) and isinstance(document.blocks[0], TitlePage)
    for number, page in enumerate(pages, start=1):
        for depth, piece in page.placed:
            piece.draw(painter, look.left, look.top - depth)
        _paint_footnotes(look, page, painter)
        if number > 1 or not has_title_page:
            _paint_header(document, look, painter)
            _paint_footer(document, look, painter, number, len(pages))
        painter.next_page()


def _paint_footnotes(look: Look, page: Page, painter: Painter) -> None:
    if not page.footnotes:
        return
    y = look.bottom + sum(note.height + note.after for note in page.footnotes)
    with painter.artifact():
        painter.rule(look.left, y + 5, look.left + FOOTNOTE_RULE_WIDTH, y + 5, look.style.rule, 0.6)
    for note in page.footnotes:
        note.draw(painter, look.left, y)
        y -= note.height + note.after


def _paint_header(document: Document, look: Look, painter: Painter) -> None:
    ink = look.furniture.ink
    y = look.top + HEADER_RISE
    right = look.left + look.width
    with painter.artifact("Header"):
        room = look.width
        logo = look.style.logo
        if logo and logo.in_header:
            width = logo.in_header * logo.shape
            paint_logo(logo, logo.in_header, painter, right - width, y + logo.in_header - 2)
            right -= width + GAP
            room -= width + GAP
        if document.banner:
            strong = Ink("bold", ink.size, look.style.accent)
            banner = fitted(document.banner, strong, look.width / 2)
            painter.string(right, y, banner, strong, "right")
            room -= text_width(banner, strong) + GAP
        painter.string(look.left, y, fitted(document.header, ink, room), ink)
        end = look.left + look.width
        painter.rule(look.left, y - 6, end, y - 6, look.style.rule, 0.5)


def _paint_footer(
    document: Document, look: Look, painter: Painter, number: int, count: int
) -> None:
    ink = look.furniture.ink
    y = look.bottom - FOOTER_DROP
    pattern = document.words.page_of
    page_of = pattern.replace("{page}", str(number)).replace("{pages}", str(count))
    with painter.artifact("Footer"):
        page_of = fitted(page_of, ink, look.width / 2)
        painter.string(look.left + look.width, y, page_of, ink, "right")
        room = look.width - text_width(page_of, ink) - GAP
        painter.string(look.left, y, fitted(document.footer, ink, room), ink)


def fitted(text: str, ink: Ink, room: float) -> str:
    """Printable text on one line, cut with an ellipsis where there is no room for it."""
    text = printable(text)
    if text_width(text, ink) <= room:
        return text
    while text and text_width(text.rstrip() + _ELLIPSIS, ink) > room:
        text = text[:-1]
    return text.rstrip() + _ELLIPSIS
