"""How many lines a text takes, measured well enough to place what is below it."""

from __future__ import annotations

from dossier.fonts import Face, text_width


def lines_of(text: str, size: float, width: float, face: Face = "regular") -> int:
    """Lines that a text takes when words fill them one by one; a long word takes several."""
    lines, reached = 1, 0.0
    space = text_width(" ", size, face)
    for word in text.split():
        length = text_width(word, size, face)
        if reached and reached + space + length > width:
            lines, reached = lines + 1, 0.0
        reached += length + (space if reached else 0.0)
        while reached > width:
            lines, reached = lines + 1, reached - width
    return lines
