"""Text of pages as PDF operators.

What reportlab's text object writes, byte for byte; that one formats every colour, size and
position anew and looks up every sign each time, and a dossier has thousands of pieces of text.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.rl_accel import escapePDF

from dossier import fonts
from dossier.render.pdf.look import Ink

_LEADING = 1.2  # of the size, as reportlab sets it
_NOTHING = 1e-7
_DIGITS = 6


def number(value: float) -> str:
    """A number with up to six digits and no zeros to spare, as reportlab writes it.

    Examples
    --------
    >>> number(0.5), number(12.3456789), number(-3.0)
    ('.5', '12.34568', '-3')
    """
    size = abs(value)
    if size <= _NOTHING:
        return "0"
    digits, limit = _DIGITS, 10.0
    while size >= limit and digits:
        digits, limit = digits - 1, limit * 10
    text = f"{value:.{digits}f}"
    if digits:
        text = text.rstrip("0").rstrip(".")
    return text[1:] if text[0] == "0" and len(text) > 1 else text


@cache
def _color(code: str) -> str:
    color = HexColor(code)
    return f"{number(color.red)} {number(color.green)} {number(color.blue)} rg"


@cache
def _size(size: float) -> str:
    return f"{number(size)} Tf {number(size * _LEADING)} TL"


class TextOperators:
    """Writes pieces of text for one document.

    Parameters
    ----------
    document
        Reportlab's, which gathers the signs that each font needs.
    """

    def __init__(self, document: Any) -> None:
        self._document = document
        self._strings: dict[tuple[fonts.Face, str], tuple[tuple[str, str], ...]] = {}

    def begin(self) -> TextObject:
        """A text object without anything in it."""
        return TextObject(self)

    def strings(self, face: fonts.Face, text: str) -> tuple[tuple[str, str], ...]:
        """Text as strings of single fonts: name of the font, operator."""
        found = self._strings.get((face, text))
        if found is None:
            font = fonts.registered(face)
            found = self._strings[face, text] = tuple(
                (font.getSubsetInternalName(subset, self._document), f"({escapePDF(signs)}) Tj")
                for subset, signs in font.splitString(text, self._document)
            )
        return found


class TextObject:
    """Operators from ``BT`` to ``ET``."""

    def __init__(self, operators: TextOperators) -> None:
        self._operators = operators
        self._code = ["BT 1 0 0 1 0 0 Tm"]
        self._ink: Ink | None = None
        self._font = ""

    def move(self, x: float, y: float) -> None:
        """Go on at a place."""
        self._code.append(f"1 0 0 1 {number(x)} {number(y)} Tm")

    def write(self, text: str, ink: Ink) -> None:
        """Put text where the last one ended."""
        if ink != self._ink:
            self._code.append(_color(ink.color))
            if ink.rise != (self._ink.rise if self._ink else 0.0):
                self._raise(ink.rise)
            self._ink, self._font = ink, ""
        parts: list[str] = []
        for font, string in self._operators.strings(ink.face, text):
            if font != self._font:
                parts.append(f"{font} {_size(ink.size)}")
                self._font = font
            parts.append(string)
        self._code.append(" ".join(parts))

    def end(self) -> str:
        """All operators."""
        if self._ink is not None and self._ink.rise:
            self._raise(0.0)
        return " ".join([*self._code, "ET"])

    def _raise(self, rise: float) -> None:
        operator = f"{number(rise)} Ts"
        if self._code[-1].endswith(" Ts"):
            self._code[-1] = operator
        else:
            self._code.append(operator)
