"""Blocks of the document model as pieces of pages, in order."""

from __future__ import annotations

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
    plain_text,
)
from dossier.render.pdf.callout import set_callout
from dossier.render.pdf.contents import set_contents
from dossier.render.pdf.figure import set_figure
from dossier.render.pdf.headings import set_heading
from dossier.render.pdf.inlines import Setting
from dossier.render.pdf.lines import chunks_of, text_width
from dossier.render.pdf.look import Look
from dossier.render.pdf.pieces import NewPage, Piece
from dossier.render.pdf.table_setting import set_table
from dossier.render.pdf.textbox import TextBox
from dossier.render.pdf.title_page import set_title_page

BULLET = "•"
LIST_INDENT = 15.0
SHORT_INTRODUCTION = 4
"""Lines of a paragraph ending in a colon that still moves along with what it introduces."""


def set_document(document: Document, look: Look) -> tuple[list[Piece | NewPage], Setting]:
    """Set all blocks.

    Returns
    -------
    tuple
        The pieces in reading order, and their setting with the structure that painting fills.
    """
    setting = Setting(document, look)
    pieces: list[Piece | NewPage] = []
    for block in document.blocks:
        pieces += _set_block(setting, block)
    return pieces, setting


def _set_block(setting: Setting, block: Block) -> list[Piece | NewPage]:
    match block:
        case TitlePage():
            return set_title_page(setting, block)
        case Heading():
            return [set_heading(setting, block)]
        case Paragraph():
            return [_set_paragraph(setting, block)]
        case BulletList():
            return [*_set_list(setting, block)]
        case Table():
            return [*set_table(setting, block)]
        case Figure():
            return [*set_figure(setting, block)]
        case Callout():
            return [*set_callout(setting, block)]
        case Contents():
            return [*set_contents(setting, block)]
        case PageBreak():
            return [NewPage()]


def _set_paragraph(setting: Setting, paragraph: Paragraph) -> TextBox:
    looks = {"body": setting.look.body, "lead": setting.look.lead, "note": setting.look.note}
    look = looks[paragraph.style]
    element = setting.section.child("P")
    runs = setting.runs(paragraph.children, element, look.ink)
    setting.place_notes()
    box = TextBox(chunks_of(runs), look, setting.look.width)
    introduces = plain_text(paragraph.children).rstrip().endswith(":")
    box.keep_with_next = introduces and len(box.lines) <= SHORT_INTRODUCTION
    return box


def _set_list(setting: Setting, block: BulletList) -> list[TextBox]:
    look = setting.look.list_item
    element = setting.section.child("L", numbering="Decimal" if block.ordered else "Disc")
    labels = [f"{i}." if block.ordered else BULLET for i in range(1, len(block.items) + 1)]
    indent = max([LIST_INDENT, *(text_width(label, look.ink) + 6.0 for label in labels)])
    boxes: list[TextBox] = []
    for label, item in zip(labels, block.items, strict=True):
        entry = element.child("LI")
        label_runs = setting.text(label, entry.child("Lbl"), look.ink)
        runs = setting.runs(item, entry.child("LBody"), look.ink)
        boxes.append(
            TextBox(chunks_of(runs), look, setting.look.width, label=label_runs, indent=indent)
        )
    setting.place_notes()
    if boxes:
        boxes[-1].after = setting.look.body.after
    return boxes
