"""Inline runs wherever they stand in a document: walking through them, and changing them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from dossier.compose.document import (
    Block,
    BulletList,
    Callout,
    Emphasis,
    Figure,
    Footnote,
    Heading,
    Inline,
    Paragraph,
    Strong,
    Table,
)

Runs = tuple[Inline, ...]


def runs_of(block: Block) -> Iterator[Runs]:
    """Every run of inlines of a block, in reading order, the cells of tables among them."""
    match block:
        case Heading(children=children) | Paragraph(children=children):
            yield children
        case BulletList(items=items):
            yield from items
        case Callout():
            yield block.title
            yield from block.paragraphs
        case Table():
            yield block.caption
            for row in (*block.header, *block.rows):
                yield from (cell.children for cell in row if cell is not None)
            yield from block.notes
        case Figure():
            yield block.caption
            yield from block.notes


def text_of(block: Block) -> Iterator[Runs]:
    """Every run of inlines of a block that is running text: no headings, no cells of tables."""
    match block:
        case Heading():
            return
        case Table():
            yield block.caption
            yield from block.notes
        case _:
            yield from runs_of(block)


def with_text(block: Block, change: Callable[[Runs], Runs]) -> Block:
    """A block with every run that `text_of` gives changed."""
    match block:
        case Paragraph():
            return replace(block, children=change(block.children))
        case BulletList():
            return replace(block, items=tuple(map(change, block.items)))
        case Callout():
            paragraphs = tuple(map(change, block.paragraphs))
            return replace(block, title=change(block.title), paragraphs=paragraphs)
        case Table() | Figure():
            notes = tuple(map(change, block.notes))
            return replace(block, caption=change(block.caption), notes=notes)
        case _:
            return block


def with_runs(block: Block, change: Callable[[Runs], Runs]) -> Block:
    """A block with every run of its text and of its cells changed."""
    changed = with_text(block, change)
    if not isinstance(changed, Table):
        return changed
    rows = tuple(
        tuple(cell and replace(cell, children=change(cell.children)) for cell in row)
        for row in changed.rows
    )
    return replace(changed, rows=rows)


def inlines(runs: Iterable[Inline]) -> Iterator[Inline]:
    """Inline runs, and those inside them: of stressed words and of footnotes."""
    for run in runs:
        yield run
        if isinstance(run, Strong | Emphasis | Footnote):
            yield from inlines(run.children)
