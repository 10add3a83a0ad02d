"""Blocks of text: headings, paragraphs, lists and callouts."""

from __future__ import annotations

from dossier.compose.document import BulletList, Callout, Heading, Paragraph, plain_text
from dossier.render.word.flow import Flow
from dossier.render.word.heights import lines_of
from dossier.render.word.numbering import (
    OrderedLists,
    Scheme,
    heading_numbering,
    numbering_properties,
)
from dossier.render.word.page import text_width, twips
from dossier.render.word.style_definition import callout_style, heading_style
from dossier.render.word.xml import run, tab

_SHORT_INTRODUCTION = 4
"""Lines of an introduction that moves along with what it introduces, as in the PDF file."""
_PARAGRAPH_STYLES = {"body": "Normal", "lead": "Lead", "note": "Note"}


def heading(block: Heading, flow: Flow, scheme: Scheme | None) -> str:
    """A heading; its number is Word's own where Word counts as the model does, else text."""
    if block.level == 1 and block.anchor in flow.laid_out.opening_pages:
        # As in the PDF anyway; so that pages that differ before it do not move what follows.
        flow.breaks_page = True
    words = flow.marked(block.anchor, flow.inlines.runs(block.children, bold=True))
    if scheme:
        numbering = heading_numbering(block.level, scheme)
        return flow.paragraph(heading_style(block.level, numbered=True), words, numbering=numbering)
    number = run(block.number) + tab() if block.number else ""
    return flow.paragraph(heading_style(block.level, numbered=False), number + words)


def text(block: Paragraph, flow: Flow) -> str:
    """A paragraph; one that ends in a colon stays with what it introduces."""
    style = flow.document.style
    words = plain_text(block.children).rstrip()
    width = text_width(style) / twips(1)
    lines = lines_of(words, style.body_size, width)
    introduces = words.endswith(":") and lines <= _SHORT_INTRODUCTION
    runs = flow.inlines.runs(block.children)
    return flow.paragraph(_PARAGRAPH_STYLES[block.style], runs, keep_next=introduces)


def bullet_list(block: BulletList, flow: Flow, lists: OrderedLists) -> str:
    """A list; ordered ones count from 1."""
    style, numbering = "ListBullet", ""
    if block.ordered:
        style, numbering = "ListNumber", numbering_properties(lists.start())
    items = "".join(
        flow.paragraph(style, flow.inlines.runs(item), numbering=numbering) for item in block.items
    )
    flow.gap = flow.document.style.body_size * 0.7
    return items


def callout(block: Callout, flow: Flow) -> str:
    """A box: title and text in paragraphs whose equal borders join, kept on one page."""
    lines = []
    last = len(block.paragraphs)
    if isinstance(flow.previous, Callout) and flow.previous.tone == block.tone:
        flow.gap = 0.0
        lines.append(flow.paragraph("CalloutGap", ""))  # or Word would join the two boxes
    if block.title:
        title = flow.inlines.runs(block.title, bold=True)
        lines.append(flow.paragraph(callout_style(block.tone, title=True), title))
    lines += [
        flow.paragraph(callout_style(block.tone), flow.inlines.runs(words), keep_next=i < last)
        for i, words in enumerate(block.paragraphs, start=1)
    ]
    flow.gap = 12.0
    return "".join(lines)
