"""Numbers of headings, tables and figures, and the words of the references to them.

Done when every block is in place, so that a sentence can refer to a table that comes later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dossier.compose.document import (
    Block,
    Cell,
    CrossReference,
    Emphasis,
    Figure,
    Footnote,
    Heading,
    Inline,
    Row,
    Strong,
    Table,
    Text,
)
from dossier.compose.inlines import with_text
from dossier.compose.wording import Wording

# Word keeps a bookmark's name to 40 characters.
_LONGEST_ANCHOR = 40


def anchor(kind: str, name: str) -> str:
    """Anchor of a table, figure or section: letters, digits and underscores, as short as a Word
    bookmark must be."""
    text = "".join(c if c.isascii() and c.isalnum() else "_" for c in f"{kind}_{name}")
    if len(text) <= _LONGEST_ANCHOR:
        return text
    # The end tells long names apart (esmo_mcbs_1_1_form_2a and _2b), the start says what it is.
    return f"{text[: _LONGEST_ANCHOR - 25]}_{text[-24:]}"


def numbered(blocks: Iterable[Block], say: Wording) -> tuple[Block, ...]:
    """Blocks with numbered headings and captions and with the words of every reference.

    A reference to something that the document does not hold loses its link and says so.
    """
    counted, words = _counted(tuple(blocks), say)
    return tuple(_resolved(block, words, say) for block in counted)


def _counted(blocks: tuple[Block, ...], say: Wording) -> tuple[list[Block], dict[str, str]]:
    """Blocks with their numbers, and for each anchor the words that refer to it."""
    heading_numbers: list[int] = []
    tables = figures = 0
    words: dict[str, str] = {}
    counted: list[Block] = []
    for block in blocks:
        match block:
            case Heading():
                unique = _unique(block.anchor, words)
                if block.number == "-":
                    block = replace(block, anchor=unique, number="")
                    title = "".join(_plain(block.children))
                    words[unique] = say("references.unnumbered", title=title)
                else:
                    heading_numbers = _next_number(heading_numbers, block.level)
                    number = ".".join(map(str, heading_numbers))
                    block = replace(block, anchor=unique, number=number)
                    words[unique] = say("references.section", number=number)
            case Table():
                tables += 1
                label = say("references.table", number=tables)
                block = replace(block, label=label)
                words[block.anchor] = label
            case Figure():
                figures += 1
                label = say("references.figure", number=figures)
                block = replace(block, label=label)
                words[block.anchor] = label
            case _:
                pass
        counted.append(block)
    return counted, words


def _next_number(previous: list[int], level: int) -> list[int]:
    filled = [*previous, *[0] * level][:level]
    filled[-1] += 1
    # A level skipped in the template would otherwise be numbered 0.
    return [max(number, 1) for number in filled]


def _unique(name: str, taken: dict[str, str]) -> str:
    name = name[:_LONGEST_ANCHOR]
    candidate, count = name, 1
    while candidate in taken:
        count += 1
        ending = f"_{count}"
        candidate = name[: _LONGEST_ANCHOR - len(ending)] + ending
    return candidate


def _resolved(block: Block, words: dict[str, str], say: Wording) -> Block:
    def runs(children: tuple[Inline, ...]) -> tuple[Inline, ...]:
        return _with_words(children, words, say)

    block = with_text(block, runs)
    match block:
        case Heading():
            return replace(block, children=runs(block.children))
        case Table():
            return replace(block, rows=tuple(_row(row, words, say) for row in block.rows))
        case _:
            return block


def _row(row: Row, words: dict[str, str], say: Wording) -> Row:
    if not any(cell is not None and _refers(cell.children) for cell in row):
        return row
    return tuple(None if cell is None else _cell(cell, words, say) for cell in row)


def _cell(cell: Cell, words: dict[str, str], say: Wording) -> Cell:
    return replace(cell, children=_with_words(cell.children, words, say))


def _refers(children: tuple[Inline, ...]) -> bool:
    return any(
        isinstance(child, CrossReference)
        or (isinstance(child, Strong | Emphasis | Footnote) and _refers(child.children))
        for child in children
    )


def _with_words(
    children: tuple[Inline, ...], words: dict[str, str], say: Wording
) -> tuple[Inline, ...]:
    if not _refers(children):
        return children
    result: list[Inline] = []
    absent: list[int] = []
    for child in children:
        match child:
            case CrossReference(target):
                known = words.get(target)
                if known is not None:
                    result.append(replace(child, text=known))
                else:
                    result.append(Text(say("references.absent")))
                    absent.append(len(result) - 1)
            case Strong() | Emphasis() | Footnote():
                inner = _with_words(child.children, words, say)
                result.append(replace(child, children=inner))
            case _:
                result.append(child)
    for at in reversed(absent):
        _without_brackets(result, at)
    return tuple(result)


def _without_brackets(runs: list[Inline], at: int) -> None:
    """Take out a reference that leads nowhere where it stands alone between brackets."""
    before, after = runs[max(at - 1, 0)], runs[min(at + 1, len(runs) - 1)]
    if not isinstance(before, Text) or not isinstance(after, Text):
        return
    if before.text.endswith(" (") and after.text.startswith(")"):
        runs[at - 1 : at + 2] = [Text(before.text[:-2] + after.text[1:])]


def _plain(children: tuple[Inline, ...]) -> Iterable[str]:
    for child in children:
        if isinstance(child, Strong | Emphasis):
            yield from _plain(child.children)
        elif isinstance(child, Text):
            yield child.text
