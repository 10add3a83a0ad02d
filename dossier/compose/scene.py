"""Figures as scenes: lines, shapes and text with an alt text and the data behind them.

A scene is drawn once and written by each renderer: on the PDF canvas, as SVG, as PNG fallback.
Coordinates are points, the origin is the top left corner, y grows downward.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Line:
    """A line through points, or a closed shape.

    ``color`` None draws no outline; ``fill`` None leaves the inside open; ``dash`` alternates
    drawn and blank lengths, in points.
    """

    points: tuple[tuple[float, float], ...]
    color: str | None = "#000000"
    width: float = 0.8
    dash: tuple[float, ...] = ()
    closed: bool = False
    fill: str | None = None


@dataclass(frozen=True)
class Label:
    """Text at a point of its baseline."""

    x: float
    y: float
    text: str
    size: float = 8.0
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False
    color: str = "#000000"
    rotation: float = 0.0


Shape = Line | Label


@dataclass(frozen=True)
class Scene:
    """A figure.

    Parameters
    ----------
    width, height
        In points.
    title
        Short name, e.g. ``Progression-free survival``.
    alt
        What the figure shows, stating the finding, for readers who cannot see it.
    shapes
        Drawn in order, later ones on top.
    data_columns, data_rows
        The data behind the figure, exportable as a table.
    """

    width: float
    height: float
    title: str
    alt: str
    shapes: tuple[Shape, ...]
    data_columns: tuple[str, ...] = ()
    data_rows: tuple[tuple[str | float | None, ...], ...] = ()


def rectangle(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str | None = None,
    color: str | None = "#000000",
    line_width: float = 0.8,
) -> Line:
    """A rectangle with its top left corner at (x, y)."""
    corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    return Line(corners, color, line_width, closed=True, fill=fill)
