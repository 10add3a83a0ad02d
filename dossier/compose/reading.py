"""A document as plain text in reading order, for tests and for comparing formats."""

from __future__ import annotations

from collections.abc import Iterator

from dossier.compose.document import (
    Block,
    Contents,
    Document,
    Emphasis,
    Figure,
    Footnote,
    Heading,
    Inline,
    LineBreak,
    Number,
    Row,
    Strong,
    Table,
    TitlePage,
)
from dossier.compose.inlines import inlines, runs_of
from dossier.compose.scene import Label


def document_text(document: Document) -> str:
    """All text of a document in reading order, one paragraph or table row a line.

    Footnotes stand in brackets at their place, figures give their alt text and their labels;
    contents lists, headers and footers, which renderers fill in, are left out.
    """
    return "\n".join(line for block in document.blocks for line in _lines(block) if line)


def numbers_in(document: Document) -> Iterator[Number]:
    """Every number of a document with its place in results.json, in reading order."""
    for block in document.blocks:
        for runs in runs_of(block):
            yield from (run for run in inlines(runs) if isinstance(run, Number))


def _lines(block: Block) -> Iterator[str]:
    match block:
        case TitlePage():
            yield from (block.title, block.subtitle, *block.lines)
            yield from (f"{label} {value}" for label, value in block.details)
        case Heading():
            yield f"{block.number} {_text(block.children)}".strip()
        case Table():
            yield f"{block.label} {_text(block.caption)}"
            yield from (_row(row) for row in (*block.header, *block.rows))
            yield from (_text(note) for note in block.notes)
            yield block.description
        case Figure():
            yield f"{block.label} {_text(block.caption)}"
            yield block.scene.alt
            yield " ".join(s.text for s in block.scene.shapes if isinstance(s, Label))
            yield from (_text(note) for note in block.notes)
        case Contents():
            yield block.title
        case _:
            yield from (_text(runs) for runs in runs_of(block))


def _row(row: Row) -> str:
    return " | ".join(_text(cell.children) for cell in row if cell is not None)


def _text(children: tuple[Inline, ...]) -> str:
    parts: list[str] = []
    for child in children:
        match child:
            case Strong() | Emphasis():
                parts.append(_text(child.children))
            case Footnote():
                parts.append(f" [{_text(child.children)}]")
            case LineBreak():
                parts.append(" ")
            case _:
                parts.append(child.text)
    return "".join(parts)
