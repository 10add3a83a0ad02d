"""Every place that a document names, and proof that each reference finds one."""

from __future__ import annotations

from collections.abc import Iterator

from dossier.compose.document import (
    Cell,
    Contents,
    CrossReference,
    Document,
    Figure,
    Heading,
    Number,
    Table,
)
from dossier.compose.inlines import inlines, runs_of

Place = Heading | Table | Figure | Contents | Cell


def places_of(document: Document) -> dict[str, Place]:
    """What stands at each anchor of a document, in reading order.

    Raises
    ------
    ValueError
        When two places have one anchor, or a reference or a number leads to none; names it.
    """
    places: dict[str, Place] = {}
    for place in _named(document):
        if place.anchor in places:
            raise ValueError(f"two places have the anchor {place.anchor!r}")
        places[place.anchor] = place
    for target, words in _references(document):
        if target not in places:
            raise ValueError(
                f"the cross-reference {words!r} leads to {target!r}, "
                "which no heading, table, row, figure or list has as its anchor"
            )
    return places


def _named(document: Document) -> Iterator[Place]:
    for block in document.blocks:
        if isinstance(block, Heading | Table | Figure | Contents):
            yield block
        if isinstance(block, Table):
            for row in block.rows:
                yield from (cell for cell in row if cell is not None and cell.anchor)


def _references(document: Document) -> Iterator[tuple[str, str]]:
    for block in document.blocks:
        for runs in runs_of(block):
            for run in inlines(runs):
                if isinstance(run, CrossReference) or (isinstance(run, Number) and run.target):
                    yield run.target, run.text
