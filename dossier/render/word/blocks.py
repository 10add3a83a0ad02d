"""Blocks of text: title page, headings, paragraphs, lists and callouts."""

from __future__ import annotations

from dossier.compose.document import BulletList, Callout, Heading, Paragraph, TitlePage
from dossier.render.word.flow import Flow
from dossier.render.word.numbering import (
    OrderedLists,
    Scheme,
    heading_numbering,
    numbering_properties,
)
from dossier.render.word.styles import callout_style
from dossier.render.word.xml import run, style_of_run, tab

_NO_INDENT = '<w:ind w:left="0" w:firstLine="0"/>'
_PARAGRAPH_STYLES = {"body": "Normal", "lead": "Lead", "note": "Note"}


def title_page(block: TitlePage, flow: Flow) -> str:
    """The first page; what follows it starts a new one."""
    lines = [flow.paragraph("Title", run(block.title))]
    if block.subtitle:
        lines.append(flow.paragraph("Subtitle", run(block.subtitle)))
    lines += [flow.paragraph("TitleLine", run(line)) for line in block.lines]
    label = style_of_run("TitleLabel")
    lines += [
        flow.paragraph("TitleDetail", run(name, label) + tab() + run(value))
        for name, value in block.details
    ]
    flow.breaks_page = True
    return "".join(lines)


def heading(block: Heading, flow: Flow, scheme: Scheme | None) -> str:
    """A heading; its number is Word's own where Word counts as the model does, else text."""
    words = flow.marked(block.anchor, flow.inlines.runs(block.children, bold=True))
    numbering = heading_numbering(block.level, scheme)
    indent = ""
    if block.number and not scheme:
        words = run(block.number) + tab() + words
    elif not block.number:
        indent = _NO_INDENT
    return flow.paragraph(f"Heading{block.level}", words, numbering=numbering, indent=indent)


def text(block: Paragraph, flow: Flow) -> str:
    """A paragraph."""
    return flow.paragraph(_PARAGRAPH_STYLES[block.style], flow.inlines.runs(block.children))


def bullet_list(block: BulletList, flow: Flow, lists: OrderedLists) -> str:
    """A list; ordered ones count from 1."""
    style, numbering = "ListBullet", ""
    if block.ordered:
        style, numbering = "ListNumber", numbering_properties(lists.start())
    return "".join(
        flow.paragraph(style, flow.inlines.runs(item), numbering=numbering) for item in block.items
    )


def callout(block: Callout, flow: Flow) -> str:
    """A box: title and text in paragraphs whose equal borders join, kept on one page."""
    lines = []
    last = len(block.paragraphs)
    if block.title:
        title = flow.inlines.runs(block.title, bold=True)
        lines.append(flow.paragraph(callout_style(block.tone, title=True), title))
    lines += [
        flow.paragraph(callout_style(block.tone), flow.inlines.runs(words), keep_next=i < last)
        for i, words in enumerate(block.paragraphs, start=1)
    ]
    flow.needs_gap = True
    return "".join(lines)
