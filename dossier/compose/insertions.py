"""What ``{{ ... }}`` puts into a template, carried past the Markdown parser.

A printed value travels through Markdown as a short mark of private-use characters and is put back
afterwards, so that asterisks, pipes or line breaks in it stay literal. Marks of a second kind, at
the end of each line, remember which line of which template a line of Markdown came from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from dossier.compose.document import Block, Inline

_VALUE, _END, _LINE, _LINE_END = "\ue000", "\ue001", "\ue002", "\ue003"
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_MARK = re.compile(f"{_VALUE}(\\d+){_END}")
_LINE_MARK = re.compile(f"{_LINE}([^{_LINE_END}]*):(\\d+){_LINE_END}")
_BREAKS = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


@dataclass(frozen=True)
class Placed:
    """Blocks that stand on a line of their own; ``what`` names them in messages."""

    blocks: tuple[Block, ...]
    what: str


Insertion = tuple[Inline, ...] | Placed


def literal(text: str) -> str:
    """Text from the data as one line, free of invisible controls and of the characters of marks.

    Private-use characters have no agreed look; renderers refuse the sign that takes their place and
    name the text it stands in.
    """
    return _CONTROLS.sub("", _BREAKS.sub(" ", _PRIVATE_USE.sub("\ufffd", text)))


class Insertions:
    """The printed values of one document, in the order of printing."""

    def __init__(self) -> None:
        self._items: list[Insertion] = []

    def mark(self, item: Insertion) -> str:
        """Keep an item and give the mark that stands for it."""
        self._items.append(item)
        return f"{_VALUE}{len(self._items) - 1}{_END}"

    def split(self, text: str) -> Iterator[str | Insertion]:
        """Text and the items its marks stand for, in order."""
        pieces = _MARK.split(text)
        for position, piece in enumerate(pieces):
            if position % 2:
                yield self._items[int(piece)]
            elif piece:
                yield piece

    def alone(self, text: str) -> tuple[Placed, ...] | None:
        """The blocks of a paragraph that holds nothing else, each on its line; otherwise None."""
        found: list[Placed] = []
        for line in text.splitlines():
            items = [x for x in self.split(line.strip()) if not isinstance(x, str) or x.strip()]
            if len(items) != 1 or not isinstance(items[0], Placed):
                return None
            found.append(items[0])
        return tuple(found)


@dataclass(frozen=True)
class Markdown:
    """Markdown of one section after its template ran.

    Parameters
    ----------
    text
        With marks for the printed values.
    lines
        For each line of the text the template file and line it came from.
    """

    text: str
    lines: tuple[tuple[str, int], ...]


def with_line_marks(text: str, file: str, first: int) -> str:
    """Template text with each line's origin written at its end."""
    lines = text.split("\n")
    marked = [
        f"{line}{_LINE}{file}:{first + offset}{_LINE_END}" for offset, line in enumerate(lines[:-1])
    ]
    return "\n".join([*marked, lines[-1]])


def without_line_marks(text: str, label: Callable[[str], str], file: str) -> Markdown:
    """Take the origins out again and keep them beside the text, each file by its label."""
    kept: list[str] = []
    origins: list[tuple[str, int]] = []
    last = (file, 1)
    labels = cache(label)
    for line in text.split("\n"):
        marks = _LINE_MARK.findall(line)
        last = (marks[-1][0], int(marks[-1][1])) if marks else last
        origins.append((labels(last[0]), last[1]))
        kept.append(_LINE_MARK.sub("", line))
    return Markdown("\n".join(kept), tuple(origins))
