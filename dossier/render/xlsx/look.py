"""The house style in the terms of a workbook."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from dossier.compose.document import Cell, HouseStyle, Tone

_POINTS_PER_LINE: Final = 1.25
_MARGIN: Final = 3.0
# Columns are measured in digits of the default font, 11 points; words run narrower than digits, but
# break before the end of a line.
_DEFAULT_SIZE: Final = 11.0
_CHARACTERS_PER_WIDTH: Final = 1.08
_WHITE: Final = "FFFFFFFF"


@dataclass(frozen=True)
class Look:
    """Fonts, fills and borders, made once for a workbook: openpyxl keeps each only once."""

    style: HouseStyle

    def font(self, size: float | None = None, *, bold: bool = False, link: bool = False) -> Font:
        """The typeface of the document; links in the colour of links, underlined."""
        return Font(
            name=self.style.word_font,
            size=size or self.style.body_size,
            bold=bold,
            color=_argb(self.style.link) if link else None,
            underline="single" if link else None,
        )

    def title(self) -> Font:
        """The first line of a sheet."""
        size = self.style.heading_sizes[1]
        return Font(name=self.style.word_font, size=size, bold=True, color=_argb(self.style.accent))

    def header(self) -> Font:
        """Words of a header row."""
        style = self.style
        return Font(name=style.word_font, size=style.body_size, bold=True, color=_WHITE)

    def header_fill(self) -> PatternFill:
        """Background of a header row."""
        return _fill(self.style.accent)

    def tone(self, tone: Tone) -> PatternFill:
        """Background of a verdict; the words say the same."""
        return _fill(self.style.tones[tone])

    def rule(self) -> Border:
        """The line below a row."""
        return Border(bottom=Side("thin", color=_argb(self.style.rule)))

    def dress(self, written: Any, cell: Cell) -> None:
        """Give a cell of a sheet the look of a cell of a table."""
        written.font = self.font(bold=cell.strong)
        written.alignment = aligned(cell, written.column, "top")
        written.border = self.rule()
        if cell.tone is not None:
            written.fill = self.tone(cell.tone)

    def height(self, text: str, width: float, size: float) -> float:
        """Points that a text takes in a column.

        Spreadsheets fit the height of a row to its text only where a person asks for it, and never
        to merged cells.

        Parameters
        ----------
        text
            The words.
        width
            Of the column or columns, in characters of the default font.
        size
            Of the letters, in points.
        """
        characters = max(1.0, width * _CHARACTERS_PER_WIDTH * _DEFAULT_SIZE / size)
        lines = max(1, math.ceil(len(text) / characters))
        return lines * size * _POINTS_PER_LINE + _MARGIN


def aligned(cell: Cell, column: int, vertical: str) -> Alignment:
    """Where the words of a cell stand; those after the first column keep off the figures before.

    LibreOffice sets some figures without the indent they are given, so these have none.
    """
    indent = cell.indent + (column > 1) if cell.align == "left" else 0
    return Alignment(horizontal=cell.align, vertical=vertical, wrap_text=True, indent=indent)


def _argb(colour: str) -> str:
    return "FF" + colour.removeprefix("#").upper()


def _fill(colour: str) -> PatternFill:
    return PatternFill("solid", fgColor=_argb(colour))
