"""Forest plot: estimates with their limits, one a row, beside the numbers they come from."""

from __future__ import annotations

from dataclasses import dataclass

from dossier.compose.figures.axis import Scale
from dossier.compose.figures.legend import LEADING, SIZE, fitted, legend, shortened
from dossier.compose.figures.marks import (
    ACCENT,
    GUIDE,
    INK,
    VERMILION,
    WHITE,
    Key,
    MarkKind,
    mark,
)
from dossier.compose.scene import Label, Line, Scene, Shape, rectangle
from dossier.fonts import text_width

WIDTH = 470.0
_GAP = 10.0
_NARROWEST_PLOT, _WIDEST_NAME = 150.0, 150.0
_PAD = 4.0


@dataclass(frozen=True)
class Estimate:
    """An estimate with its limits; a limit is None where it has none on that side."""

    value: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class ForestRow:
    """A row.

    Parameters
    ----------
    label
        Name of the group; a heading where there are neither texts nor estimates.
    left, right
        Texts of the columns left and right of the plot.
    estimate
        What is drawn; None draws ``remark`` instead.
    second
        A second estimate of the same group, such as one shrunken towards the others.
    kind
        Its mark; ``diamond`` for all patients together.
    weight
        From 0 to 1: the size of the mark.
    heading
        Whether the row names the group of rows below it.
    remark
        Why there is nothing to draw.
    data
        The row of the data behind the figure.
    """

    label: str
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    estimate: Estimate | None = None
    second: Estimate | None = None
    kind: MarkKind = "disc"
    weight: float = 0.5
    heading: bool = False
    remark: str = ""
    data: tuple[str | float | None, ...] = ()


@dataclass(frozen=True)
class Forest:
    """A forest plot.

    Parameters
    ----------
    title, alt
        Of the scene.
    axis
        Title of the axis.
    rows
        From top to bottom.
    name_heading, left_headings, right_headings
        Above the columns.
    ticks
        Values with their printed form, increasing; the first and last are the ends of the axis.
    reference
        Where the reference line stands, with its name; None for none.
    sides
        What lies on the left and on the right of the reference line.
    keys
        The legend.
    data_columns
        Names of the columns of the data behind the figure.
    """

    title: str
    alt: str
    axis: str
    rows: tuple[ForestRow, ...]
    ticks: tuple[tuple[float, str], ...]
    name_heading: str = ""
    left_headings: tuple[str, ...] = ()
    right_headings: tuple[str, ...] = ()
    reference: tuple[float, str] | None = None
    sides: tuple[str, str] = ("", "")
    keys: tuple[Key, ...] = ()
    data_columns: tuple[str, ...] = ()


def forest_scene(forest: Forest) -> Scene:
    """The figure."""
    return _Drawing(forest).scene()


class _Drawing:
    def __init__(self, forest: Forest) -> None:
        self._forest = forest
        self._left = _column_widths(forest.left_headings, [row.left for row in forest.rows])
        self._right = _column_widths(forest.right_headings, [row.right for row in forest.rows])
        columns = sum(w + _GAP for w in (*self._left, *self._right))
        names = [text_width(row.label, SIZE, "bold" if row.heading else "regular") + 8
                 for row in forest.rows if not row.heading]  # fmt: skip
        names.append(text_width(forest.name_heading, SIZE, "bold"))
        room = max(WIDTH - 2 * _PAD - columns - _NARROWEST_PLOT - 2 * _GAP, 60.0)
        self._name = min(max(names), _WIDEST_NAME, room)
        start = _PAD + self._name + sum(w + _GAP for w in self._left) + 1.5 * _GAP
        end = WIDTH - _PAD - sum(w + _GAP for w in self._right) - _GAP
        low, high = forest.ticks[0][0], forest.ticks[-1][0]
        self._x = Scale(low, high, start, end)
        self._rows = [self._lines(row) for row in forest.rows]

    def scene(self) -> Scene:
        top = 26.0 if self._forest.reference is not None else 15.0
        below: list[Shape] = []
        y = top + 5
        for row, lines in zip(self._forest.rows, self._rows, strict=True):
            height = LEADING * len(lines) + 3.5
            below += self._row(row, lines, y, height)
            y += height
        bottom = y + 3
        shapes = [*self._frame(top, bottom), *self._headings(top), *below, *self._axis(bottom)]
        end = bottom + (38 if any(self._forest.sides) else 28)
        keys, end = legend(self._forest.keys, _PAD, end, WIDTH - 2 * _PAD)
        forest = self._forest
        return Scene(
            WIDTH, end + 3, forest.title, forest.alt, (*shapes, *keys), forest.data_columns,
            tuple(row.data for row in forest.rows if row.data),
        )  # fmt: skip

    def _lines(self, row: ForestRow) -> tuple[str, ...]:
        if row.heading:
            return (shortened(row.label, WIDTH - 2 * _PAD, SIZE, bold=True),)
        return fitted(row.label, self._name - 8, 2)

    def _frame(self, top: float, bottom: float) -> list[Shape]:
        shapes: list[Shape] = [
            Line(((_PAD, top + 1), (WIDTH - _PAD, top + 1)), width=0.8),
            Line(((self._x.start, bottom), (self._x.end, bottom)), width=0.8),
        ]
        if self._forest.reference is not None:
            value, _ = self._forest.reference
            x = self._x(value)
            shapes.append(Line(((x, top + 1), (x, bottom)), INK, 0.9, (4.0, 2.5)))
        return shapes

    def _headings(self, top: float) -> list[Shape]:
        forest, y = self._forest, top - 4
        shapes: list[Shape] = []
        if forest.name_heading:
            shapes.append(Label(_PAD, y, shortened(forest.name_heading, self._name, bold=True),
                                SIZE, bold=True))  # fmt: skip
        for x, text in (
            *zip(self._left_ends(), forest.left_headings, strict=True),
            *zip(self._right_ends(), forest.right_headings, strict=True),
        ):
            shapes.append(Label(x, y, text, SIZE, "end", bold=True))
        if forest.reference is not None:
            value, name = forest.reference
            low, high = self._x.start - 0.5 * _GAP, self._x.end + _GAP
            shapes.append(_centred(self._x(value), y, name, low, high))
        return shapes

    def _left_ends(self) -> list[float]:
        ends, x = [], _PAD + self._name
        for width in self._left:
            x += width + _GAP
            ends.append(x)
        return ends

    def _right_ends(self) -> list[float]:
        ends, x = [], self._x.end + _GAP
        for width in self._right:
            x += width + _GAP
            ends.append(x)
        return ends

    def _row(
        self, row: ForestRow, lines: tuple[str, ...], top: float, height: float
    ) -> list[Shape]:
        middle, baseline = top + height / 2, top + height / 2 + SIZE * 0.36
        first = baseline - LEADING * (len(lines) - 1) / 2
        indent = 0.0 if row.heading or row.kind == "diamond" else 8.0
        shapes: list[Shape] = [
            Label(
                _PAD + indent,
                first + LEADING * i,
                line,
                SIZE,
                bold=row.heading or row.kind == "diamond",
            )
            for i, line in enumerate(lines)
        ]
        if row.heading:
            return shapes
        for x, text in (
            *zip(self._left_ends(), row.left, strict=False),
            *zip(self._right_ends(), row.right, strict=False),
        ):
            shapes.append(Label(x, baseline, text, SIZE, "end"))
        if row.estimate is None:
            room = self._x.end - self._x.start + _GAP
            text = shortened(row.remark, room)
            # The reference line must not run through the words.
            wide = text_width(text, SIZE)
            shapes.append(rectangle(self._x.start, middle - 5, wide, 10, fill=WHITE, color=None))
            shapes.append(Label(self._x.start, baseline, text, SIZE, color=GUIDE))
            return shapes
        apart = 0.0 if row.second is None else 2.8
        shapes += self._estimate(row.estimate, middle - apart, row.kind, row.weight, ACCENT, ())
        if row.second is not None:
            shapes += self._estimate(
                row.second, middle + apart, "circle", 0.3, VERMILION, (3.0, 1.6)
            )
        return shapes

    def _estimate(
        self,
        estimate: Estimate,
        y: float,
        kind: MarkKind,
        weight: float,
        color: str,
        dash: tuple[float, ...],
    ) -> list[Shape]:
        """Limits as a line, with an arrow where they leave the axis or have no end."""
        x, size = self._x, 4.0 + 3.5 * weight
        place = min(max(estimate.value, x.low), x.high)
        shapes: list[Shape] = []
        for limit, edge, sign in ((estimate.lower, x.low, -1.0), (estimate.upper, x.high, 1.0)):
            end = edge if limit is None else min(max(limit, x.low), x.high)
            shapes.append(Line(((x(place), y), (x(end), y)), color, 1.1, dash))
            if limit is None or (limit - edge) * sign > 0:
                # Beside the mark, where the estimate leaves the axis too.
                foot = x(edge) + sign * (size / 2 if place == edge else 0.0)
                tip = ((foot, y - 2.6), (foot + sign * 4.5, y), (foot, y + 2.6))
                shapes.append(Line(tip, None, closed=True, fill=color))
            elif end == limit:
                shapes.append(Line(((x(end), y - 2), (x(end), y + 2)), color, 1.1))
        return [*shapes, *mark(kind, x(place), y, size, color, halo=True)]

    def _axis(self, bottom: float) -> list[Shape]:
        shapes: list[Shape] = []
        for value, text in self._forest.ticks:
            x = self._x(value)
            shapes.append(Line(((x, bottom), (x, bottom + 3.5))))
            shapes.append(Label(x, bottom + 12.5, text, SIZE, "middle"))
        middle = (self._x.start + self._x.end) / 2
        y = bottom + 24
        shapes.append(_centred(middle, y, self._forest.axis, _PAD, WIDTH - _PAD))
        if any(self._forest.sides) and self._forest.reference is not None:
            x = self._x(self._forest.reference[0])
            for side, anchor, place in zip(
                self._forest.sides, ("end", "start"), (-5, 5), strict=True
            ):
                room = (x - _PAD if anchor == "end" else WIDTH - _PAD - x) - 8
                text = shortened(side, room)
                shapes.append(Label(x + place, y + LEADING, text, SIZE, anchor, color=GUIDE))  # type: ignore[arg-type]
        return shapes


def _centred(x: float, y: float, text: str, low: float, high: float) -> Label:
    """A label around a place, moved as far as it must to stay between two others."""
    text = shortened(text, high - low)
    half = text_width(text, SIZE) / 2
    return Label(min(max(x, low + half), high - half), y, text, SIZE, "middle")


def _column_widths(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[float]:
    widths = [text_width(heading, SIZE, "bold") for heading in headings]
    for row in rows:
        for place, text in enumerate(row[: len(widths)]):
            widths[place] = max(widths[place], text_width(text, SIZE))
    return widths
