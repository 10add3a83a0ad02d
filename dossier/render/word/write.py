"""A document model written as a Word file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from dossier.compose.document import (
    Block,
    BulletList,
    Callout,
    Contents,
    Document,
    Figure,
    Heading,
    PageBreak,
    Paragraph,
    Table,
    TitlePage,
)
from dossier.render.page_layout import PageLayout
from dossier.render.scene_png import scene_pngs
from dossier.render.word import blocks
from dossier.render.word.content_controls import ContentControls
from dossier.render.word.contents import contents
from dossier.render.word.figures import figure
from dossier.render.word.flow import Flow
from dossier.render.word.footnotes import Footnotes
from dossier.render.word.inlines import Inlines
from dossier.render.word.margins import write_margins
from dossier.render.word.numbering import (
    OrderedLists,
    Scheme,
    counted_headings,
    numbering_xml,
)
from dossier.render.word.package import empty_document, saved, web_relationship, with_body
from dossier.render.word.page import page_setup
from dossier.render.word.reference import with_reference
from dossier.render.word.settings import add_properties, add_word_parts, dress_theme
from dossier.render.word.styles import styles_xml
from dossier.render.word.tables import table
from dossier.render.word.targets import targets_of
from dossier.render.word.title_page import title_page
from dossier.render.word.xml import paragraph

__all__ = ["render_word"]


def render_word(document: Document, laid_out: PageLayout) -> bytes:
    """Write a document as a Word file (.docx).

    Parameters
    ----------
    document
        The document.
    laid_out
        How the PDF was laid out. The page numbers that contents lists show until Word counts them
        again are those of the PDF; with its widths of columns, the same rows kept together and
        the same chapters on a new page, pages end in Word where they end there.

    Returns
    -------
    bytes
        The same bytes for the same arguments.

    Raises
    ------
    ValueError
        When the document cannot be written: a character that XML forbids, a cross-reference or
        page number without its anchor, an anchor used twice, a table row of another width, a
        link that is no web address.
    """
    document = replace(document, style=with_reference(document.style))
    part = empty_document().part
    scheme = counted_headings(document)
    targets = targets_of(document, scheme)
    controls = ContentControls(document.language)
    notes = Footnotes(part, targets, controls, document.words.units)
    inlines = Inlines(targets, web_relationship(part), notes.add, controls, document.words.units)
    flow = Flow(document, laid_out, targets, inlines)
    lists = OrderedLists()
    pictures = scene_pngs([each.scene for each in document.blocks if isinstance(each, Figure)])

    for block in document.blocks:
        flow.add(_written(block, flow, lists, scheme, part, pictures))
        flow.previous = block
    if document.blocks and isinstance(document.blocks[-1], Table):
        # Word adds a paragraph after a table that ends a document; a small one adds no page.
        flow.add(paragraph("TableNote", ""))

    begins = bool(document.blocks) and isinstance(document.blocks[0], TitlePage)
    package = with_body(part, flow.xml, page_setup(document.style, title_page=begins))
    write_margins(package.sections[0], document, laid_out.page_count, flow.number())
    notes.finish()
    numbering = numbering_xml(document.style.word_font, lists.numbers)
    add_word_parts(part, document, styles_xml(document.style, document.language), numbering)
    add_properties(part.package, document, laid_out.page_count)
    dress_theme(package, document.style)
    return saved(package)


def _written(
    block: Block,
    flow: Flow,
    lists: OrderedLists,
    scheme: Mapping[str, Scheme],
    part: Any,
    pictures: Iterator[bytes],
) -> str:
    match block:
        case TitlePage():
            return title_page(block, flow, part)
        case Heading():
            return blocks.heading(block, flow, scheme.get(block.anchor))
        case Paragraph():
            return blocks.text(block, flow)
        case BulletList():
            return blocks.bullet_list(block, flow, lists)
        case Callout():
            return blocks.callout(block, flow)
        case Table():
            return table(block, flow)
        case Figure():
            return figure(block, flow, part, next(pictures))
        case Contents():
            return contents(block, flow)
        case PageBreak():
            flow.breaks_page = True
            return ""
