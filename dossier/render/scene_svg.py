"""A figure scene as SVG with a title, a description and searchable text."""

from __future__ import annotations

import hashlib
import re

from dossier.compose.scene import Label, Line, Scene

FONTS = "Arial, 'Liberation Sans', Helvetica, sans-serif"

_ILLEGAL = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]"
)


def scene_svg(scene: Scene) -> bytes:
    """SVG bytes of a scene, the same bytes on every run.

    Raises
    ------
    ValueError
        When a text has a character that cannot stand in XML.
    """
    # Ids that differ between figures, so that several can stand in one HTML page.
    digest = hashlib.sha256(f"{scene.title}\n{scene.alt}".encode(errors="replace")).hexdigest()[:8]
    title, description = f"title-{digest}", f"description-{digest}"
    width, height = _length(scene.width), _length(scene.height)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt"'
        f' viewBox="0 0 {width} {height}" role="img" aria-labelledby="{title} {description}"'
        f' font-family="{FONTS}">',
        f'<title id="{title}">{_escaped(scene.title)}</title>',
        f'<desc id="{description}">{_escaped(scene.alt)}</desc>',
    ]
    for shape in scene.shapes:
        match shape:
            case Line():
                lines.append(_path(shape))
            case Label():
                lines.append(_text(shape))
    return "\n".join([*lines, "</svg>\n"]).encode()


def _path(line: Line) -> str:
    if not line.points:
        return ""
    points = "L".join(f"{_length(x)} {_length(y)}" for x, y in line.points)
    attributes = (
        f' d="M{points}{"Z" if line.closed else ""}" fill="{_escaped(line.fill or "none")}"'
    )
    if line.color is not None:
        attributes += f' stroke="{_escaped(line.color)}" stroke-width="{_length(line.width)}"'
        attributes += ' stroke-linejoin="round"'
    if line.dash:
        attributes += f' stroke-dasharray="{" ".join(map(_length, line.dash))}"'
    return f"<path{attributes}/>"


def _text(label: Label) -> str:
    x, y = _length(label.x), _length(label.y)
    attributes = (
        f' x="{x}" y="{y}" font-size="{_length(label.size)}" fill="{_escaped(label.color)}"'
    )
    if label.anchor != "start":
        attributes += f' text-anchor="{label.anchor}"'
    if label.bold:
        attributes += ' font-weight="bold"'
    if label.rotation:
        attributes += f' transform="rotate({_length(-label.rotation)} {x} {y})"'
    return f"<text{attributes}>{_escaped(label.text)}</text>"


def _length(value: float) -> str:
    """At most two decimals: a hundredth of a point is finer than any printer."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _escaped(text: str) -> str:
    if illegal := _ILLEGAL.search(text):
        raise ValueError(
            f"character U+{ord(illegal[0]):04X} cannot be written to an SVG file: {text[:80]!r}"
        )
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(character, entity)
    return text
