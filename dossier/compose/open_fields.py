"""Fields that a person must fill in: how they are printed, and the list of them at the end.

An `OpenField` is the only way to leave a gap in a document; text that merely looks like one is a
mistake of the pack, and the tests refuse it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from dossier.compose.document import (
    Block,
    Cell,
    CrossReference,
    Emphasis,
    Footnote,
    Heading,
    Inline,
    OpenField,
    Row,
    Strong,
    Table,
    Text,
    plain_text,
)
from dossier.compose.inlines import runs_of
from dossier.compose.numbering import anchor
from dossier.compose.wording import Wording

LIST_ANCHOR = anchor("table", "open_fields")


@dataclass(frozen=True)
class FoundField:
    """An open field and where it stands.

    Parameters
    ----------
    heading
        The heading above it; None before the first.
    label
        What is asked for: the strong words or the row heading before it, else ``""``.
    field
        The field.
    """

    heading: Heading | None
    label: str
    field: OpenField


def open_field(
    say: Wording, what: str = "", by: str = "", kind: Literal["text", "date"] = "text"
) -> OpenField:
    """A field to be completed.

    Parameters
    ----------
    say
        The words.
    what
        What is to be filled in, in the language of the document.
    by
        Who fills it in, a key of ``open_fields.who``; anybody where empty.
    kind
        What is typed there.
    """
    who = say(f"open_fields.who.{by}") if by else ""
    key = ("by_about" if by else "about") if what else ("by" if by else "plain")
    words = say(f"open_fields.{key}", **{"what": what} | ({"who": who} if by else {}))
    return OpenField(words, kind)


def or_open(say: Wording, value: str, what: str = "", by: str = "applicant") -> str | OpenField:
    """The value, or an open field where there is none."""
    return value or open_field(say, what, by)


def open_fields(blocks: Iterable[Block]) -> Iterator[FoundField]:
    """Every open field of a document, in reading order."""
    heading: Heading | None = None
    for block in blocks:
        if isinstance(block, Heading):
            heading = block
        if isinstance(block, Table):
            for row in block.rows:
                yield from _of_row(row, heading)
            for note in block.notes:
                yield from (FoundField(heading, label, f) for label, f in _labelled(note))
            continue
        for runs in runs_of(block):
            yield from (FoundField(heading, label, field) for label, field in _labelled(runs))


def with_list(blocks: tuple[Block, ...], say: Wording) -> tuple[Block, ...]:
    """Blocks whose list of open fields, where they have one, holds every open field of them.

    Done when every block is in place and has its number.
    """
    if not any(isinstance(block, Table) and block.anchor == LIST_ANCHOR for block in blocks):
        return blocks
    rows: dict[tuple[Cell, ...], None] = {}
    for found in open_fields(blocks):
        place = _place(found.heading, say)
        asked = _capital(found.field.text.strip("[]"))
        label = _capital(found.label.strip().rstrip(":"))
        # Words here, not a field once more: what is typed in the list would be lost.
        rows[Cell(place), Cell((Text(label),)), Cell((Text(asked),))] = None
    return tuple(
        replace(block, rows=tuple(rows) or block.rows)
        if isinstance(block, Table) and block.anchor == LIST_ANCHOR
        else block
        for block in blocks
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _place(heading: Heading | None, say: Wording) -> tuple[Inline, ...]:
    if heading is None:
        return ()
    title = plain_text(heading.children)
    if not heading.number:
        return (CrossReference(heading.anchor, title),)
    words = say("references.section", number=heading.number)
    return (CrossReference(heading.anchor, words), Text(f", {title}"))


def _of_row(row: Row, heading: Heading | None) -> Iterator[FoundField]:
    first = row[0]
    label = "" if first is None else plain_text(first.children)
    for position, cell in enumerate(row):
        if cell is not None:
            for inner, field in _labelled(cell.children):
                yield FoundField(heading, inner if position == 0 else label, field)


def _labelled(runs: tuple[Inline, ...], label: str = "") -> Iterator[tuple[str, OpenField]]:
    """Open fields of inline runs with the last strong words before each."""
    for run in runs:
        match run:
            case OpenField():
                yield label, run
            case Strong(inner):
                yield from _labelled(inner, label)
                label = plain_text(inner)
            case Emphasis(inner) | Footnote(inner):
                yield from _labelled(inner, label)
            case _:
                pass
