"""Differences between two readings, for whoever has to find them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from pathlib import Path

from content.html import read_html
from content.pdf import read_pdf
from content.pieces import Piece
from content.word import read_word

_MOST = 40
_UNPRINTED = frozenset({"description", "drawing"})
_BULLET = "•"
_MARK = re.compile(r"\[\^(\d+)\]")


def differences(
    first: Sequence[Piece], second: Sequence[Piece], names: tuple[str, str]
) -> list[str]:
    """Lines of a diff of two readings, each piece on one line; empty when they agree.

    Parameters
    ----------
    first, second
        Pieces in the order of reading.
    names
        What the readings are called.
    """
    left, right = ([str(piece) for piece in pieces] for pieces in (first, second))
    if left == right:
        return []
    lines = list(difflib.unified_diff(left, right, *names, n=1, lineterm=""))
    more = [f"... {len(lines) - _MOST} lines more"] if len(lines) > _MOST else []
    return lines[:_MOST] + more


def assert_same(folder: Path, stem: str = "dossier") -> None:
    """Fail with a diff unless the Word, PDF and HTML files of a folder hold the same."""
    html = read_html(folder / f"{stem}.html").all
    for name, other in (
        ("Word", read_word(folder / f"{stem}.docx").all),
        ("PDF", read_pdf(folder / f"{stem}.pdf").all),
    ):
        found = differences(html, other, ("HTML", name))
        assert not found, "\n".join(found)


def printed(pieces: Sequence[Piece]) -> list[Piece]:
    """What a layout program prints of pieces, as far as it tells what is what.

    It draws a figure without saying its words, leaves empty cells out, tells text of all kinds
    apart by looks alone, and ends lines as it likes: spaces are left out. Its footnotes have to be
    compared by themselves.
    """
    found: list[Piece] = []
    for piece in pieces:
        if piece.kind == "alt":
            found.append(Piece("alt", "figure"))
        elif piece.words and piece.kind not in _UNPRINTED:
            words = _MARK.sub(r"\1", piece.words).replace(" ", "")
            found.append(Piece("text", words.removeprefix(_BULLET)))
    return found
