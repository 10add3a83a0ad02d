"""What figures of step curves share: the plot, the curves, their bands, and the numbers below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dossier.compose.figures.axis import Scale
from dossier.compose.numbers import Numbers
from dossier.compose.scene import Label, Line, Shape
from dossier.fonts import text_width

WIDTH = 470.0
SIZE = 8.0
ROW = 12.0
CURVE, BAND, EDGE, GUIDE, GRID = "#17365D", "#D5E3F2", "#7C97B8", "#5A5A5A", "#E3E6EB"
_HEIGHT = 140.0
_RIGHT = 12.0
_NARROWEST_TICKS = 0.7

FloatArray = NDArray[np.float64]
Mask = NDArray[np.bool_]


class CountRow(NamedTuple):
    """A row of numbers of patients below the plot, one for each tick; none is a heading."""

    name: str
    counts: Sequence[str] = ()
    strong: bool = False


class StepPlot:
    """A plot of shares over months.

    Parameters
    ----------
    ticks
        Of the time axis, in months, from 0 to the end of the axis.
    names
        Of the rows below the plot; the widest makes the room on the left.
    numbers
        Number formats of the language.
    top
        Where the plot begins, below headings and legends.
    """

    def __init__(
        self, ticks: Sequence[float], names: Sequence[str], numbers: Numbers, top: float = 24.0
    ) -> None:
        self._ticks, self._numbers, self._top = ticks, numbers, top
        left = max(text_width(words, SIZE, "bold") for words in names) + 22
        self.x = Scale(0.0, ticks[-1], left, WIDTH - _RIGHT)
        self.y = Scale(0.0, 1.0, top + _HEIGHT, top)

    def height(self, rows: int) -> float:
        """Height of the scene with so many rows of numbers."""
        return self.y(0.0) + 44 + ROW * (rows + 1)

    def grid(self) -> list[Shape]:
        """Lines at the quarters."""
        left, right = self.x.start, self.x.end
        return [
            Line(((left, self.y(level)), (right, self.y(level))), GRID, 0.5)
            for level in (0.25, 0.5, 0.75, 1.0)
        ]

    def staircase(
        self, months: FloatArray, levels: FloatArray, end: float
    ) -> tuple[tuple[float, float], ...]:
        """Corners of a step curve up to a month, two for each change of level."""
        changes = np.flatnonzero(np.diff(levels, prepend=np.nan) != 0)
        x, y = self.x(months[changes]), self.y(levels[changes])
        xs = np.append(np.repeat(x, 2)[1:], self.x(end))
        ys = np.repeat(y, 2)
        return tuple(zip(np.round(xs, 3).tolist(), np.round(ys, 3).tolist(), strict=True))

    def band(
        self, months: FloatArray, lower: FloatArray, upper: FloatArray, end: float
    ) -> list[Shape]:
        """A confidence band up to a month, one piece for each run of times with limits."""
        # A band that begins where the drawing ends would be a stroke without width.
        known = ~(np.isnan(lower) | np.isnan(upper)) & (months < end)
        shapes: list[Shape] = []
        positions = np.flatnonzero(known)
        for run in np.split(positions, np.flatnonzero(np.diff(positions) > 1) + 1):
            if not run.size:
                continue
            following = run[-1] + 1
            stop = end
            if following < len(months) and months[following] <= end:
                stop = float(months[following])
            low = self.staircase(months[run], lower[run], stop)
            high = self.staircase(months[run], upper[run], stop)
            shapes.append(Line((*high, *reversed(low)), None, closed=True, fill=BAND))
            shapes += [Line(edge, EDGE, 0.6, (2.0, 2.0)) for edge in (high, low)]
        return shapes

    def censored(self, months: FloatArray, levels: FloatArray, color: str = CURVE) -> list[Shape]:
        """Short strokes where patients were censored."""
        marks: list[Shape] = []
        last = -1.0
        for month, level in zip(months, levels, strict=True):
            x, y = round(self.x(float(month)), 3), self.y(float(level))
            # Ticks nearer than their own width would run into one another.
            if x - last >= _NARROWEST_TICKS:
                marks.append(Line(((x, round(y - 3.2, 3)), (x, round(y + 3.2, 3))), color, 0.8))
                last = x
        return marks

    def axes(self, across: str, upward: str) -> list[Shape]:
        """Both axes with their ticks and titles."""
        left, right, bottom = self.x.start, self.x.end, self.y(0.0)
        shapes: list[Shape] = [
            Line(((left, self._top), (left, bottom), (right, bottom)), width=0.8)
        ]
        for level in (0.0, 0.25, 0.5, 0.75, 1.0):
            y = self.y(level)
            shapes.append(Line(((left - 3.5, y), (left, y))))
            text = self._numbers.percent(level, 0)
            shapes.append(Label(left - 6, y + 2.8, text, SIZE, "end"))
        for tick in self._ticks:
            x = self.x(tick)
            shapes.append(Line(((x, bottom), (x, bottom + 3.5))))
            shapes.append(Label(x, bottom + 13, self._numbers.plain(tick), SIZE, "middle"))
        middle = (left + right) / 2
        shapes.append(Label(middle, bottom + 26, across, 8.5, "middle"))
        shapes.append(Label(13, (self._top + bottom) / 2, upward, 8.5, "middle", rotation=90.0))
        return shapes

    def counts(self, rows: Sequence[CountRow]) -> list[Shape]:
        """Numbers of patients at each tick."""
        bottom = self.y(0.0) + 42
        shapes: list[Shape] = [Line(((8.0, bottom - 4), (self.x.end, bottom - 4)), GRID, 0.5)]
        for place, row in enumerate(rows):
            y = bottom + ROW * (place + 0.6)
            shapes.append(Label(8.0, y, row.name, SIZE, bold=row.strong))
            for tick, text in zip(self._ticks, row.counts, strict=False):
                shapes.append(Label(self.x(tick), y, text, SIZE, "middle", bold=row.strong))
        return shapes
