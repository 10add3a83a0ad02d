"""Drawings in SVG as scenes: the shapes that a logo is made of, and nothing else.

Only shapes are read, so that a drawing can neither load nor run anything. Curves become polylines.
What would be lost (text, gradients, pictures, filters) is refused by name and line.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from dossier.compose.scene import Line, Scene

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]

_NAMESPACE = "{http://www.w3.org/2000/svg}"
_LOOKS = ("fill", "stroke", "stroke-width")
_IGNORED = frozenset({"title", "desc", "metadata", "defs", "namedview"})
_SHAPES = ("path", "rect", "circle", "ellipse", "polygon", "polyline", "line")
_MOST_POINTS = 50_000
_STEPS = 16
"""Straight parts that a curve becomes."""
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_FLAG = re.compile("[01]")
_NEXT = re.compile(r"[\s,]*")
_COMMAND = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])([^MmLlHhVvCcSsQqTtAaZz]*)")
_TRANSFORM = re.compile(r"(matrix|translate|scale|rotate)\s*\(([^)]*)\)")
_UNCHANGED: Matrix = (1, 0, 0, 1, 0, 0)
_COLOURS = {
    "black": "#000000",
    "white": "#FFFFFF",
    "red": "#FF0000",
    "blue": "#0000FF",
    "green": "#008000",
    "gray": "#808080",
    "grey": "#808080",
    "navy": "#000080",
}
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7}


class DrawingError(ValueError):
    """A drawing that cannot be read.

    Parameters
    ----------
    message
        What is wrong.
    line
        Where.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def scene_of_svg(content: bytes, title: str, height: float) -> Scene:
    """The shapes of a drawing.

    Parameters
    ----------
    content
        The SVG file.
    title
        What it shows: the scene's title and alternative text.
    height
        Height of the scene in points; the width follows.

    Raises
    ------
    DrawingError
        When it is no SVG, or holds more than filled and stroked shapes.
    """
    from lxml import etree

    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise DrawingError("the drawing declares a document type; save it as plain SVG")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise DrawingError(f"the drawing is no XML: {error.msg}", error.lineno) from None
    if root.tag != f"{_NAMESPACE}svg":
        raise DrawingError("the file is no SVG drawing", root.sourceline)
    left, top, width, own_height = _frame(root)
    scale = height / own_height
    start: Matrix = (scale, 0, 0, scale, -left * scale, -top * scale)
    shapes = tuple(_shapes(root, start, {"fill": "#000000"}))
    if not shapes:
        raise DrawingError("the drawing has no shapes")
    if sum(len(shape.points) for shape in shapes) > _MOST_POINTS:
        raise DrawingError("the drawing has too many points for a logo")
    return Scene(width * scale, height, title, title, shapes)


def _frame(root: Any) -> tuple[float, float, float, float]:
    found = [float(n) for n in _NUMBER.findall(root.get("viewBox", ""))]
    if len(found) != 4:
        sizes = (_NUMBER.match(root.get(name, "").strip()) for name in ("width", "height"))
        found = [0.0, 0.0, *(float(size[0]) for size in sizes if size)]
    if len(found) != 4 or min(found[2:]) <= 0 or not all(map(math.isfinite, found)):
        raise DrawingError("the drawing says neither viewBox nor size", root.sourceline)
    if not 0.05 <= found[2] / found[3] <= 20:
        raise DrawingError("the drawing is far too long for its height", root.sourceline)
    return found[0], found[1], found[2], found[3]


def _shapes(element: Any, matrix: Matrix, inherited: dict[str, str]) -> Iterator[Line]:
    for child in element.iterchildren():
        if not isinstance(child.tag, str):
            continue
        name = child.tag.rpartition("}")[2]
        if not child.tag.startswith(_NAMESPACE) or name in _IGNORED:
            continue
        if name not in ("g", *_SHAPES):
            message = f"a logo is made of shapes, not of <{name}>; turn it into paths, or use PNG"
            raise DrawingError(message, child.sourceline)
        for unread in ("clip-path", "mask", "filter", "class", "opacity"):
            if child.get(unread) not in (None, "none", "1"):
                raise DrawingError(f"{unread!r} is not read in a logo", child.sourceline)
        look = inherited | _look(child)
        moved = _times(matrix, _transform(child))
        if name == "g":
            yield from _shapes(child, moved, look)
        elif (line := _line(child, name, moved, look)) is not None:
            yield line


def _look(element: Any) -> dict[str, str]:
    look = {name: element.get(name).strip() for name in _LOOKS if element.get(name)}
    for part in element.get("style", "").split(";"):
        name, _, value = part.partition(":")
        if name.strip() in _LOOKS:
            look[name.strip()] = value.strip()
    return look


def _line(element: Any, name: str, matrix: Matrix, look: dict[str, str]) -> Line | None:
    try:
        parts = [part for part in _parts(element, name) if len(part[0]) > 1]
        if not parts:
            return None
        fill = None if name == "line" else _colour(look.get("fill"), element)
        stroke = _colour(look.get("stroke"), element)
        if fill is None and stroke is None:
            return None
        width = _number(look.get("stroke-width") or "1") * math.sqrt(abs(_turn(matrix)))
        points = tuple(_moved(point, matrix) for point in _joined(parts))
    except (ValueError, OverflowError) as error:
        if isinstance(error, DrawingError):
            raise
        raise DrawingError(f"<{name}> cannot be read", element.sourceline) from None
    if not all(math.isfinite(value) for point in points for value in point):
        raise DrawingError(f"<{name}> cannot be read", element.sourceline)
    closed = fill is not None or parts[0][1]
    return Line(points, stroke, round(width, 3), closed=closed, fill=fill)


def _joined(parts: Sequence[tuple[list[Point], bool]]) -> list[Point]:
    """Outlines and holes as one line: each is reached from the first point and left to it again."""
    first = parts[0][0]
    points = list(first)
    for part, _ in parts[1:]:
        points += [first[0], *part, part[0], first[0]]
    return points


def _colour(value: str | None, element: Any) -> str | None:
    if value is None or value == "none":
        return None
    if value in _COLOURS:
        return _COLOURS[value]
    if re.fullmatch(r"#[0-9A-Fa-f]{3}", value):
        return "#" + "".join(2 * digit for digit in value[1:]).upper()
    if re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        return value.upper()
    if found := re.fullmatch(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)", value):
        return "#" + "".join(f"{min(int(part), 255):02X}" for part in found.groups())
    raise DrawingError(f"{value!r} is not a plain colour such as #17365D", element.sourceline)


# --- geometry ------------------------------------------------------------------------------------


def _number(text: str) -> float:
    found = _NUMBER.match(text.strip())
    if found is None:
        raise ValueError(text)
    return float(found[0])


def _parts(element: Any, name: str) -> list[tuple[list[Point], bool]]:
    """Outlines, each with whether it is closed."""

    def get(key: str) -> float:
        return _number(element.get(key, "0"))

    if name == "path":
        return _path(element.get("d", ""))
    if name == "rect":
        x, y, width, height = get("x"), get("y"), get("width"), get("height")
        return [([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], True)]
    if name == "line":
        return [([(get("x1"), get("y1")), (get("x2"), get("y2"))], False)]
    if name in ("circle", "ellipse"):
        across, down = (get("r"), get("r")) if name == "circle" else (get("rx"), get("ry"))
        angles = (2 * math.pi * i / (4 * _STEPS) for i in range(4 * _STEPS))
        x, y = get("cx"), get("cy")
        return [([(x + across * math.cos(a), y + down * math.sin(a)) for a in angles], True)]
    numbers = [float(n) for n in _NUMBER.findall(element.get("points", ""))]
    pairs = zip(numbers[::2], numbers[1::2], strict=False)
    return [(list(pairs), name == "polygon")]


def _path(data: str) -> list[tuple[list[Point], bool]]:
    parts: list[tuple[list[Point], bool]] = []
    here: Point = (0.0, 0.0)
    control: Point | None = None
    before = ""
    for letter, rest in _COMMAND.findall(data):
        kind = letter.upper()
        if kind == "Z":
            if parts:
                parts[-1] = (parts[-1][0], True)
                here = parts[-1][0][0]
            before, control = kind, None
            continue
        for position, values in enumerate(_groups(kind, rest)):
            origin = here if letter.islower() else (0.0, 0.0)
            step = "L" if kind == "M" and position else kind
            if step == "M":
                here = (values[0] + origin[0], values[1] + origin[1])
                parts.append(([here], False))
            else:
                if not parts or parts[-1][1]:
                    parts.append(([here], False))
                if step not in ("S", "T") or before not in (
                    ("C", "S") if step == "S" else ("Q", "T")
                ):
                    control = None
                added, control = _segment(step, values, here, origin, control)
                parts[-1][0].extend(added)
                here = added[-1]
            before = step
    return parts


def _groups(kind: str, text: str) -> Iterator[tuple[float, ...]]:
    size = _ARGUMENTS[kind]
    numbers: list[float] = []
    position = 0
    while match := _NEXT.match(text, position):
        # The flags of an arc may stand without anything between them.
        flag = kind == "A" and len(numbers) % size in (3, 4)
        found = (_FLAG if flag else _NUMBER).match(text, match.end())
        if found is None:
            break
        numbers.append(float(found[0]))
        position = found.end()
    if text[position:].strip() or not numbers or len(numbers) % size:
        raise ValueError(text)
    for i in range(0, len(numbers), size):
        yield tuple(numbers[i : i + size])


def _segment(
    step: str, values: tuple[float, ...], here: Point, origin: Point, control: Point | None
) -> tuple[list[Point], Point | None]:
    """Points after the present one, and the last control point of a curve."""
    if step == "H":
        return [(values[0] + origin[0], here[1])], None
    if step == "V":
        return [(here[0], values[0] + origin[1])], None
    if step == "A":
        end = (values[5] + origin[0], values[6] + origin[1])
        return _arc(here, values, end), None
    pairs = zip(values[::2], values[1::2], strict=True)
    points = [(x + origin[0], y + origin[1]) for x, y in pairs]
    if step == "L":
        return points, None
    if step in ("S", "T"):
        mirrored = (2 * here[0] - control[0], 2 * here[1] - control[1]) if control else here
        points = [mirrored, *points]
    return _curve([here, *points]), points[-2]


def _curve(controls: list[Point]) -> list[Point]:
    """A Bézier curve of any degree, by de Casteljau's construction."""
    found: list[Point] = []
    for i in range(1, _STEPS + 1):
        t, level = i / _STEPS, controls
        while len(level) > 1:
            level = [
                (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])) for a, b in pairwise(level)
            ]
        found.append(level[0])
    return found


def _arc(start: Point, values: tuple[float, ...], end: Point) -> list[Point]:
    """An elliptical arc, by the centre that SVG 2, appendix B.2.4, derives from its ends."""
    rx, ry, turned, large, sweep = abs(values[0]), abs(values[1]), *values[2:5]
    if not rx or not ry or start == end:
        return [end]
    cos, sin = math.cos(math.radians(turned)), math.sin(math.radians(turned))
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cos * half_x + sin * half_y, -sin * half_x + cos * half_y
    stretch = max(1.0, math.sqrt((x / rx) ** 2 + (y / ry) ** 2))
    rx, ry = rx * stretch, ry * stretch
    below = (rx * y) ** 2 + (ry * x) ** 2
    factor = math.sqrt(max(0.0, ((rx * ry) ** 2 - below) / below))
    factor = -factor if bool(large) == bool(sweep) else factor
    cx, cy = factor * rx * y / ry, -factor * ry * x / rx
    first = math.atan2((y - cy) / ry, (x - cx) / rx)
    last = math.atan2((-y - cy) / ry, (-x - cx) / rx)
    if sweep and last < first:
        last += 2 * math.pi
    if not sweep and last > first:
        last -= 2 * math.pi
    middle_x, middle_y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    found: list[Point] = []
    for i in range(1, 2 * _STEPS + 1):
        angle = first + (last - first) * i / (2 * _STEPS)
        a, b = cx + rx * math.cos(angle), cy + ry * math.sin(angle)
        found.append((cos * a - sin * b + middle_x, sin * a + cos * b + middle_y))
    return [*found[:-1], end]


def _transform(element: Any) -> Matrix:
    text = element.get("transform", "")
    if _TRANSFORM.sub("", text).strip(" ,\n\t"):
        raise DrawingError(f"the transform {text[:40]!r} is not read", element.sourceline)
    found = _UNCHANGED
    for name, inner in _TRANSFORM.findall(text):
        found = _times(found, _single(name, [float(n) for n in _NUMBER.findall(inner)], element))
    return found


def _single(name: str, n: list[float], element: Any) -> Matrix:
    match name, len(n):
        case "matrix", 6:
            return (n[0], n[1], n[2], n[3], n[4], n[5])
        case "translate", 1 | 2:
            return (1, 0, 0, 1, n[0], n[1] if len(n) > 1 else 0)
        case "scale", 1 | 2:
            return (n[0], 0, 0, n[-1], 0, 0)
        case "rotate", 1 | 3:
            cos, sin = math.cos(math.radians(n[0])), math.sin(math.radians(n[0]))
            x, y = (n[1], n[2]) if len(n) > 1 else (0.0, 0.0)
            return (cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y)
    raise DrawingError(f"the transform {name!r} is not read", element.sourceline)


def _times(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + c * h,
        b * g + d * h,
        a * i + c * j,
        b * i + d * j,
        a * k + c * m + e,
        b * k + d * m + f,
    )


def _turn(matrix: Matrix) -> float:
    return matrix[0] * matrix[3] - matrix[1] * matrix[2]


def _moved(point: Point, matrix: Matrix) -> Point:
    a, b, c, d, e, f = matrix
    return (a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f)
