"""The house style in the terms of a workbook."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from dossier.compose.document import Cell, HouseStyle, Tone

_POINTS_PER_LINE: Final = 1.3
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
        written.alignment = Alignment(
            horizontal=cell.align, vertical="top", wrap_text=True, indent=cell.indent
        )
        written.border = self.rule()
        if cell.tone is not None:
            written.fill = self.tone(cell.tone)

    def height(self, text: str, characters: float) -> float:
        """Points that a text takes in a width of so many characters: merged cells grow by
        themselves in no spreadsheet."""
        lines = sum(max(1, math.ceil(len(line) / characters)) for line in text.split("\n"))
        return lines * self.style.body_size * _POINTS_PER_LINE + 2


def _argb(colour: str) -> str:
    return "FF" + colour.removeprefix("#").upper()


def _fill(colour: str) -> PatternFill:
    return PatternFill("solid", fgColor=_argb(colour))
