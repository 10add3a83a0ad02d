"""Pieces of a document: a heading, a paragraph, a table cell, an alternative text..."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "entry",
    "heading",
    "text",
    "item",
    "caption",
    "description",
    "cell",
    "alt",
    "drawing",
    "footnote",
]

# Soft hyphen, zero-width space and joiners, byte order mark: they guide line breaks.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_ALIKE = {ord("\u2011"): "-"}  # a hyphen that does not end a line
_LABEL_STOP = re.compile(r"^([^\W\d]+ ?\d+)\. ?")


@dataclass(frozen=True)
class Piece:
    """A stretch of words with a place of its own in the document.

    Parameters
    ----------
    kind
        What it is. ``text`` is any paragraph, also on the title page, in a box or below a table;
        ``description`` what a table says to those who cannot see it; ``drawing`` the words in a
        figure, one after another without spaces.
    words
        As `plain` gives them. ``[^3]`` stands for the mark of footnote 3.
    """

    kind: Kind
    words: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.words}"


@dataclass
class Reading:
    """What was read from a file.

    Attributes
    ----------
    pieces
        In the order of reading.
    footnotes
        In the order of their marks; formats put them in different places.
    """

    pieces: list[Piece] = field(default_factory=list)
    footnotes: list[Piece] = field(default_factory=list)

    def add(self, kind: Kind, words: str) -> None:
        """Append a piece; an empty one only where the place itself counts, as with a cell."""
        words = plain(words)
        if kind == "drawing":
            words = words.replace(" ", "")
        if kind == "entry":
            words = entry(words)
        if words or kind == "cell":
            (self.footnotes if kind == "footnote" else self.pieces).append(Piece(kind, words))

    @property
    def all(self) -> list[Piece]:
        """Pieces, then footnotes."""
        return self.pieces + self.footnotes


def plain(text: str) -> str:
    """Words as they are compared: one kind of space, and nothing that cannot be seen."""
    text = unicodedata.normalize("NFC", text).translate(_UNSEEN | _ALIKE)
    return re.sub(r"\s+", " ", text).strip()


def entry(words: str) -> str:
    """An entry of contents; only Word repeats the full stop between the label and the words."""
    return _LABEL_STOP.sub(r"\1 ", words)


def mark(number: str) -> str:
    """How the mark of a footnote is written in the words around it."""
    return f"[^{number.strip()}]"
