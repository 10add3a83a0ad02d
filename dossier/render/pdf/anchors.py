"""Every place a document names, and every reference that must find one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dossier.compose.document import (
    Block,
    BulletList,
    Callout,
    Contents,
    CrossReference,
    Document,
    Emphasis,
    Figure,
    Footnote,
    Heading,
    Inline,
    Paragraph,
    Strong,
    Table,
)


def check_anchors(document: Document) -> None:
    """Refuse a document whose links would lead nowhere or to two places.

    Raises
    ------
    ValueError
        Naming the anchor.
    """
    anchors: set[str] = set()
    for block in document.blocks:
        if isinstance(block, Heading | Table | Figure | Contents):
            if block.anchor in anchors:
                raise ValueError(f"two places have the anchor {block.anchor!r}")
            anchors.add(block.anchor)
    for block in document.blocks:
        for reference in _references(_inlines(block)):
            if reference.target not in anchors:
                raise ValueError(
                    f"the cross-reference {reference.text!r} leads to {reference.target!r}, "
                    "which no heading, table, figure or list has as its anchor"
                )


def _inlines(block: Block) -> Iterator[Inline]:
    match block:
        case Heading(children=children) | Paragraph(children=children):
            yield from children
        case BulletList(items=items):
            for item in items:
                yield from item
        case Callout():
            yield from block.title
            for paragraph in block.paragraphs:
                yield from paragraph
        case Table():
            yield from block.caption
            for row in (*block.header, *block.rows):
                for cell in row:
                    if cell is not None:
                        yield from cell.children
            for note in block.notes:
                yield from note
        case Figure():
            yield from block.caption
            for note in block.notes:
                yield from note


def _references(inlines: Iterable[Inline]) -> Iterator[CrossReference]:
    for inline in inlines:
        match inline:
            case CrossReference():
                yield inline
            case Strong(children) | Emphasis(children) | Footnote(children):
                yield from _references(children)
