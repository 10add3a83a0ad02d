"""Lists of headings, tables and figures; every entry leads to its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dossier.compose.document import Contents, Document, Figure, Heading, Table, plain_text
from dossier.render.html.ids import Ids
from dossier.render.html.markup import classes, element, escaped


@dataclass(frozen=True, slots=True)
class _Entry:
    level: int
    label: str
    title: str
    anchor: str


def contents(block: Contents, document: Document, ids: Ids, *, new_page: str) -> str:
    """A list of the document, a landmark named by its title."""
    place = ids.of(block.anchor)
    entries = [entry for entry in _entries(document, block.kind) if entry.label or entry.title]
    return element(
        "nav",
        element("h2", escaped(block.title), id=place) + "\n" + _nested(entries, ids),
        class_=classes("contents", f"of-{block.kind}", new_page),
        aria_labelledby=place,
    )


def heading_words(block: Heading) -> str:
    """Number and words of a heading."""
    return f"{block.number} {plain_text(block.children)}".strip()


def _entries(document: Document, kind: str) -> Iterator[_Entry]:
    for block in document.blocks:
        match block:
            case Heading() if kind == "headings":
                words = plain_text(block.children).strip()
                yield _Entry(block.level, block.number, words, block.anchor)
            case Table() if kind == "tables":
                yield _Entry(1, block.label, plain_text(block.caption), block.anchor)
            case Figure() if kind == "figures":
                yield _Entry(1, block.label, plain_text(block.caption), block.anchor)


def _nested(entries: list[_Entry], ids: Ids) -> str:
    """Lists in lists: what is deeper than the entry before it belongs to that entry."""
    items: list[str] = []
    position = 0
    while position < len(entries):
        entry = entries[position]
        end = position + 1
        while end < len(entries) and entries[end].level > entry.level:
            end += 1
        label = element("span", escaped(entry.label), class_="label") if entry.label else ""
        words = f"{label} {element('span', escaped(entry.title))}".strip()
        link = element("a", words, href=f"#{ids.of(entry.anchor)}")
        items.append(element("li", link + _nested(entries[position + 1 : end], ids)))
        position = end
    return element("ol", "\n".join(items)) if items else ""
