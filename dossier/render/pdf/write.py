"""A document as PDF.

Set every block (`blocks`), fill pages (`pagination`), paint them (`furniture`, `painter`),
finish the file (`finish`).
"""

from __future__ import annotations

from dataclasses import dataclass

from dossier.compose.document import Document
from dossier.render.page_layout import PageLayout
from dossier.render.pdf.attachments import Attachment
from dossier.render.pdf.blocks import set_document
from dossier.render.pdf.finish import finish
from dossier.render.pdf.furniture import paint_pages
from dossier.render.pdf.look import Look
from dossier.render.pdf.pagination import opening_pages, page_numbers, paginate
from dossier.render.pdf.painter import Painter
from dossier.render.places import places_of


@dataclass(frozen=True)
class RenderedPdf:
    """A finished PDF file.

    Attributes
    ----------
    content
        The bytes of the file.
    layout
        Where things stand on its pages.
    """

    content: bytes
    layout: PageLayout


def render_pdf(document: Document, attachments: tuple[Attachment, ...] = ()) -> RenderedPdf:
    """Write a document as tagged PDF that is PDF/UA-1 and PDF/A-2a.

    Parameters
    ----------
    document
        What to write. The same document gives the same bytes.

    Raises
    ------
    dossier.fonts.MissingGlyphError
        When the typeface lacks a character.
    ValueError
        When an anchor is used twice, a cross-reference leads nowhere, a table is ragged, or the
        margins leave no room.
    """
    places_of(document)
    look = Look(document.style)
    pieces, setting = set_document(document, look)
    pages = paginate(pieces, look.height)
    numbers = page_numbers(pages)
    painter = Painter(look, setting.structure, numbers)
    paint_pages(document, look, pages, painter)
    content = finish(painter.finish(), setting.structure, document, attachments)
    layout = PageLayout(
        numbers, len(pages), setting.columns, setting.kept_rows, opening_pages(pages)
    )
    return RenderedPdf(content, layout)
