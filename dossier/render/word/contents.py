"""Contents lists: fields whose results are there already, with page numbers and links."""

from __future__ import annotations

from collections.abc import Iterator

from dossier.compose.document import Contents, Document, Figure, Heading, Table, plain_text
from dossier.render.word.captions import sequence_name
from dossier.render.word.flow import Flow
from dossier.render.word.xml import (
    field,
    field_end,
    field_start,
    internal_link,
    paragraph,
    run,
    tab,
)

_HEADINGS = r'TOC \o "1-3" \h \z \u'


def contents(block: Contents, flow: Flow) -> str:
    """A list of headings, in the content control that Word knows as contents, or of captions."""
    heading = flow.paragraph("TOCHeading", flow.marked(block.anchor, run(block.title)))
    if block.kind == "headings":
        entries = list(_headings(flow))
        listed = heading + _listed(_HEADINGS, entries, "TOC1")
        return (
            f'<w:sdt><w:sdtPr><w:id w:val="{flow.number()}"/><w:docPartObj>'
            '<w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
            f"</w:sdtPr><w:sdtContent>{listed}</w:sdtContent></w:sdt>"
        )
    words = flow.document.words
    word = words.table_word if block.kind == "tables" else words.figure_word
    instruction = rf'TOC \h \z \c "{sequence_name(word)}"'
    return heading + _listed(instruction, list(_captions(block, flow)), "TableofFigures")


def _headings(flow: Flow) -> Iterator[tuple[str, str]]:
    for block in flow.document.blocks:
        if isinstance(block, Heading):
            number = run(block.number) + tab() if block.number else ""
            entry = number + run(plain_text(block.children))
            yield f"TOC{block.level}", _entry(block.anchor, entry, flow)


def _captions(block: Contents, flow: Flow) -> Iterator[tuple[str, str]]:
    for captioned in _captioned(flow.document, block.kind):
        entry = run(f"{captioned.label}. {plain_text(captioned.caption)}")
        yield "TableofFigures", _entry(captioned.anchor, entry, flow)


def _captioned(document: Document, kind: str) -> Iterator[Table | Figure]:
    wanted = Table if kind == "tables" else Figure
    return (block for block in document.blocks if isinstance(block, wanted))


def _entry(anchor: str, words: str, flow: Flow) -> str:
    name = flow.targets[anchor].bookmark
    page = field(rf"PAGEREF {name} \h", flow.page_of(anchor))
    return internal_link(name, words + tab() + page)


def _listed(instruction: str, entries: list[tuple[str, str]], style: str) -> str:
    """Paragraphs inside one field: it opens in the first and closes in the last."""
    lines = entries or [(style, "")]
    last = len(lines) - 1
    return "".join(
        paragraph(
            each,
            (field_start(instruction) if i == 0 else "")
            + entry
            + (field_end() if i == last else ""),
        )
        for i, (each, entry) in enumerate(lines)
    )
