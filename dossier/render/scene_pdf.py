"""A figure scene on a reportlab canvas, as vectors and searchable text."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.rl_accel import fp_str

from dossier import fonts
from dossier.compose.scene import Label, Line, Scene
from dossier.render.printable import printable

_PAINTED = {(True, True): "B*", (True, False): "S", (False, True): "f*", (False, False): "n"}
"""Operators that paint a path, by whether it has a line and whether it is filled."""


def draw_scene(canvas: Any, scene: Scene, x: float, y: float, scale: float = 1.0) -> None:
    """Draw a scene with its top left corner at (x, y), in points from the bottom left of the page.

    Raises
    ------
    dossier.fonts.MissingGlyphError
        When a label has a character that the typeface lacks.
    """
    fonts.register()
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(scale, scale)
    canvas.setLineJoin(1)
    for shape in scene.shapes:
        match shape:
            case Line(points=(_, *_)):
                canvas.addLiteral(_line(shape))
            case Label():
                _draw_label(canvas, shape)
    canvas.restoreState()


def _point(x: float, y: float) -> str:
    """Coordinates from the top as those from the bottom, to a thousandth of a point."""
    return f"{x:.3f} {-y:.3f}"


@lru_cache(maxsize=1 << 12)
def _line(line: Line) -> str:
    """Operators of a line, as the canvas writes them.

    Written here and kept: a curve has thousands of points, the canvas formats each one slowly, and
    every figure is drawn for the PDF and again for its PNG.
    """
    parts = []
    if line.color is not None:
        parts.append(_pen(line.color, line.width, line.dash))
    if line.fill is not None:
        parts.append(f"{_color(line.fill)} rg")
    painted = _PAINTED[line.color is not None, line.fill is not None]
    points = iter(line.points)
    path = [_point(*next(points)) + " m", *(_point(*point) + " l" for point in points)]
    parts.append(" ".join([*path, *("h" for _ in range(line.closed)), painted]))
    return "\n".join(parts)


@cache
def _color(code: str) -> str:
    return str(fp_str(HexColor(code).rgb()))


@cache
def _pen(color: str, width: float, dash: tuple[float, ...]) -> str:
    """Operators of a line's colour, width and dashes, as the canvas writes them."""
    return f"{_color(color)} RG\n{fp_str(width)} w\n[{fp_str(dash)}] 0 d"


def _draw_label(canvas: Any, label: Label) -> None:
    text = printable(label.text)
    if not text:
        return
    face: fonts.Face = "bold" if label.bold else "regular"
    width = fonts.text_width(text, label.size, face)
    start = {"start": 0.0, "middle": -width / 2, "end": -width}[label.anchor]
    canvas.addLiteral(f"{_color(label.color)} rg")
    canvas.setFont(fonts.NAMES[face], label.size)
    if not label.rotation:
        canvas.drawString(label.x + start, -label.y, text)
        return
    canvas.saveState()
    canvas.translate(label.x, -label.y)
    canvas.rotate(label.rotation)
    canvas.drawString(start, 0, text)
    canvas.restoreState()
