"""Blocks of text: headings, paragraphs, lists and callouts."""

from __future__ import annotations

from dossier.compose.document import BulletList, Callout, Heading, Paragraph
from dossier.render.word.flow import Flow
from dossier.render.word.numbering import (
    OrderedLists,
    Scheme,
    heading_numbering,
    numbering_properties,
)
from dossier.render.word.style_definition import callout_style, heading_style
from dossier.render.word.xml import run, tab

_PARAGRAPH_STYLES = {"body": "Normal", "lead": "Lead", "note": "Note"}


def heading(block: Heading, flow: Flow, scheme: Scheme | None) -> str:
    """A heading; its number is Word's own where Word counts as the model does, else text."""
    words = flow.marked(block.anchor, flow.inlines.runs(block.children, bold=True))
    if scheme:
        numbering = heading_numbering(block.level, scheme)
        return flow.paragraph(heading_style(block.level, numbered=True), words, numbering=numbering)
    number = run(block.number) + tab() if block.number else ""
    return flow.paragraph(heading_style(block.level, numbered=False), number + words)


def text(block: Paragraph, flow: Flow) -> str:
    """A paragraph."""
    return flow.paragraph(_PARAGRAPH_STYLES[block.style], flow.inlines.runs(block.children))


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
