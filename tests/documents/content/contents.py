"""Page numbers of contents lists, beside the pages on which their entries really stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from content.pdf import Node, structure
from content.pieces import entry, plain


@dataclass(frozen=True)
class Entry:
    """An entry of a list: its words, the page it says, and the page of what it names."""

    words: str
    says: int
    stands: int

    @property
    def is_right(self) -> bool:
        """Whether it says where it stands."""
        return self.says == self.stands


def contents_of(path: str | Path) -> list[Entry]:
    """Every entry of the contents lists of a tagged PDF.

    Raises
    ------
    KeyError
        When nothing in the document has the words of an entry.
    """
    listed: list[tuple[str, int]] = []
    pages: dict[str, int] = {}
    for node in _nodes(structure(path)):
        texts = [text for _, text in node.strings()]
        if node.tag == "TOCI":
            listed.append((_bare("".join(texts[:-1])), int(texts[-1])))
        else:
            pages.setdefault(_bare("".join(texts)), node.page)
    return [Entry(words, page, pages[words]) for words, page in listed]


def _nodes(node: Node) -> Iterator[Node]:
    for child in node.children:
        if isinstance(child, Node):
            if re.fullmatch(r"TOCI|P|Caption|H\d", child.tag):
                yield child
            elif child.tag != "TR":
                yield from _nodes(child)


def _bare(words: str) -> str:
    return entry(plain(words)).replace(" ", "")
