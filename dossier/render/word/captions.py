"""Captions that Word counts, and the notes below tables and figures."""

from __future__ import annotations

import re

from dossier.compose.document import Figure, Inline, Table
from dossier.render.word.flow import Flow
from dossier.render.word.xml import field, run, style_of_run


def caption(block: Table | Figure, flow: Flow) -> str:
    """A caption paragraph: counted label inside a bookmark, then its words."""
    words = flow.document.words
    bold = style_of_run("CaptionLabel")
    if isinstance(block, Table):
        style, sequence = "TableCaption", sequence_name(words.table_word)
    else:
        style, sequence = "FigureCaption", sequence_name(words.figure_word)
    label, hidden = _label(block.label, sequence, flow, bold)
    marked = flow.marked(block.anchor, label) + hidden
    content = f"{marked}{run('. ', bold)}{flow.inlines.runs(block.caption)}"
    keeps = isinstance(block, Figure) and bool(block.notes)
    return flow.paragraph(style, content, keep_next=keeps)


def sequence_name(word: str) -> str:
    """The name by which Word counts captions: the caption word, as far as a name may have it."""
    return re.sub(r"\W", "_", word)


def notes(paragraphs: tuple[tuple[Inline, ...], ...], flow: Flow) -> str:
    """Small paragraphs directly below a table or figure; all but the last stay together."""
    return "".join(
        flow.paragraph("TableNote", flow.inlines.runs(words), keep_next=i < len(paragraphs))
        for i, words in enumerate(paragraphs, start=1)
    )


def _label(label: str, sequence: str, flow: Flow, properties: str) -> tuple[str, str]:
    r"""The label as words and a counted number, and what stands unseen behind it.

    ``\r`` sets the number where Word would count another. A label that does not end in a number
    is printed as it is; a hidden count behind it keeps it in the list of tables or figures.
    """
    split = re.fullmatch(r"(.*[ \u00a0])(\d+)", label)
    if split is None:
        return run(label, properties), field(rf"SEQ {sequence} \c \h", "", "<w:vanish/>")
    words, number = split.groups()
    reset = "" if flow.counts_to(sequence, int(number)) else rf" \r {number}"
    counted = field(rf"SEQ {sequence} \* ARABIC{reset}", number, properties)
    return run(words, properties) + counted, ""
