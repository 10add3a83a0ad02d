"""Marks, fills and legends that patient-level figures share.

Nothing is told by colour alone: every mark has a shape and every fill a pattern and a lightness of
its own, so that a grey print says the same. Colours are those of Okabe and Ito, which readers with
any colour vision tell apart, and the accent of the house.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, pi, sin
from typing import Literal

from dossier.compose.scene import Line, Shape, rectangle

INK, ACCENT, GUIDE, GRID = "#000000", "#17365D", "#5A5A5A", "#E3E6EB"
BLUE, SKY, ORANGE, VERMILION = "#0072B2", "#56B4E9", "#E69F00", "#D55E00"
PALE, WHITE, GREY = "#D5E3F2", "#FFFFFF", "#BDBDBD"

MarkKind = Literal[
    "disc", "circle", "square", "triangle", "diamond", "cross", "arrow", "star", "bar", "plus"
]
Pattern = Literal["plain", "rising", "falling", "crossed"]

_HATCH_STEP = 3.2
_NARROWEST_HATCHED = 2.5


@dataclass(frozen=True)
class Fill:
    """How an area is filled: its colour and the lines over it."""

    color: str
    pattern: Pattern = "plain"
    lines: str = WHITE
    edge: str = ACCENT


# From dark to light, so that the order of the responses is that of their greys.
RESPONSE_FILLS = {
    "CR": Fill(ACCENT),
    "PR": Fill("#4C9BD1", "rising"),
    "SD": Fill("#C3D7EA"),
    "NON-CR/NON-PD": Fill(GREY, "falling", INK),
    "PD": Fill(ORANGE, "crossed", "#5B3A00"),
    "NE": Fill(WHITE, edge=GUIDE),
}


def response_fill(response: str) -> Fill:
    """Fill of a best response; that of NE where it is none of the known."""
    return RESPONSE_FILLS.get(response, RESPONSE_FILLS["NE"])


def filled(x: float, y: float, width: float, height: float, fill: Fill) -> list[Shape]:
    """A rectangle with its top left corner at (x, y) in a fill."""
    shapes: list[Shape] = [rectangle(x, y, width, height, fill=fill.color, color=None)]
    if min(width, height) >= _NARROWEST_HATCHED:
        shapes += hatching(x, y, width, height, fill.pattern, fill.lines)
    # A thin edge on a thin bar, or a hundred bars would be all edges.
    edge = min(0.4, 0.12 * min(width, height))
    shapes.append(rectangle(x, y, width, height, color=fill.edge, line_width=edge))
    return shapes


def hatching(
    x: float, y: float, width: float, height: float, pattern: Pattern, color: str
) -> list[Shape]:
    """Diagonal lines inside a rectangle, each clipped to it."""
    shapes: list[Shape] = []
    if pattern in ("rising", "crossed"):
        # Points of a rising line share x + y, downward being positive.
        for place in _steps(x + y, x + y + width + height):
            left = max(x, place - y - height)
            right = min(x + width, place - y)
            if right - left > 0.05:
                ends = ((left, place - left), (right, place - right))
                shapes.append(Line(ends, color, 0.7))
    if pattern in ("falling", "crossed"):
        for place in _steps(x - y - height, x - y + width):
            left, right = max(x, place + y), min(x + width, place + y + height)
            if right - left > 0.05:
                ends = ((left, left - place), (right, right - place))
                shapes.append(Line(ends, color, 0.7))
    return shapes


def _steps(low: float, high: float) -> list[float]:
    # Multiples of the step, so that the lines of neighbouring areas meet.
    first, last = ceil(low / _HATCH_STEP), floor(high / _HATCH_STEP)
    return [_HATCH_STEP * i for i in range(first, last + 1)]


def mark(
    kind: MarkKind, x: float, y: float, size: float, color: str = INK, *, halo: bool = False
) -> list[Shape]:
    """A mark around (x, y), ``size`` wide; ``arrow`` points right from (x, y).

    A halo of white lines keeps it apart from what lies under it.
    """
    r = size / 2
    points: tuple[tuple[float, float], ...]
    if kind in ("cross", "plus", "star", "bar"):
        spokes = {
            "cross": (45.0, 135.0),
            "plus": (0.0, 90.0),
            "star": (30.0, 90.0, 150.0),
            "bar": (90.0,),
        }[kind]
        strokes = [_spoke(x, y, r, angle) for angle in spokes]
        width = max(size / 5.0, 0.7)
        under: list[Shape] = [Line(s, WHITE, width + 1.6) for s in strokes] if halo else []
        return [*under, *(Line(s, color, width) for s in strokes)]
    if kind == "arrow":
        points = ((x, y - r), (x + size, y), (x, y + r))
    elif kind == "triangle":
        points = ((x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8))
    elif kind == "square":
        points = ((x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r))
        points = tuple((x + (px - x) * 0.88, y + (py - y) * 0.88) for px, py in points)
    elif kind == "diamond":
        points = ((x, y - r * 1.15), (x + r * 1.15, y), (x, y + r * 1.15), (x - r * 1.15, y))
    else:
        points = tuple((x + r * cos(i * pi / 10), y + r * sin(i * pi / 10)) for i in range(20))
    inside = WHITE if kind in ("circle", "square") else color
    edge = WHITE if halo and inside != WHITE else color
    return [Line(points, edge, 0.5 if edge == WHITE else 0.9, closed=True, fill=inside)]


def _spoke(x: float, y: float, r: float, angle: float) -> tuple[tuple[float, float], ...]:
    dx, dy = r * cos(angle * pi / 180), r * sin(angle * pi / 180)
    return ((x - dx, y + dy), (x + dx, y - dy))


@dataclass(frozen=True)
class Key:
    """An entry of a legend: what is drawn, in a box around (0, 0), and what it means.

    Parameters
    ----------
    draw
        Draws the key around a centre.
    text
        What it means.
    width
        Width of the key.
    """

    draw: Callable[[float, float], Sequence[Shape]]
    text: str
    width: float = 12.0


def mark_key(kind: MarkKind, text: str, color: str = INK, size: float = 6.0) -> Key:
    """Legend entry of a mark."""
    shift = size / 2 if kind == "arrow" else 0.0
    return Key(lambda x, y: mark(kind, x - shift, y, size, color), text, 9.0)


def fill_key(fill: Fill, text: str) -> Key:
    """Legend entry of a fill."""
    return Key(lambda x, y: filled(x - 6.0, y - 3.5, 12.0, 7.0, fill), text)


def line_key(text: str, color: str, width: float, dash: tuple[float, ...] = ()) -> Key:
    """Legend entry of a line."""
    return Key(lambda x, y: [Line(((x - 9.0, y), (x + 9.0, y)), color, width, dash)], text, 18.0)
