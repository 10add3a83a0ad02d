"""Properties of paragraphs and characters as they stand in styles, in schema order."""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass

from dossier.compose.look import AUTOMATIC
from dossier.render.word.page import twips

INK = "#1B1F24"
QUIET_INK = "#4A525C"

_LEGIBLE = 4.5  # WCAG 2 AA: contrast of text with its ground


def color(value: str) -> str:
    """A colour of the house style as Word writes it.

    Raises
    ------
    ValueError
        When it is not ``#RRGGBB``.
    """
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        raise ValueError(f"{value!r} is not a colour such as #17365D")
    return value[1:].upper()


def deepened(value: str) -> str:
    """A dark shade of a light colour, dark enough to be read on it."""
    red, green, blue = (int(color(value)[i : i + 2], 16) / 255 for i in (0, 2, 4))
    hue, _, saturation = colorsys.rgb_to_hls(red, green, blue)
    ground = _luminance(red, green, blue)
    lightness = 0.38
    while True:
        shade = colorsys.hls_to_rgb(hue, lightness, min(saturation, 0.5))
        contrast = (ground + 0.05) / (_luminance(*shade) + 0.05)
        if contrast >= _LEGIBLE or lightness < 0.05:
            return "#" + "".join(f"{round(part * 255):02X}" for part in shade)
        lightness -= 0.02


def _luminance(red: float, green: float, blue: float) -> float:
    """Relative luminance as WCAG 2 defines it."""
    linear = (
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in (red, green, blue)
    )
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def characters(
    *,
    font: str | None = None,
    bold: bool | None = None,
    italic: bool | None = None,
    capitals: bool | None = None,
    small_capitals: bool | None = None,
    ink: str | None = None,
    size: float | None = None,
    underline: bool = False,
    superscript: bool = False,
) -> str:
    """Look of characters; what is None is inherited. Sizes in points."""
    parts: list[str] = []
    if font:
        parts.append(
            f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>'
        )
    for tag, value in (("b", bold), ("i", italic)):
        if value is not None:
            off = "" if value else ' w:val="0"'
            parts.append(f"<w:{tag}{off}/><w:{tag}Cs{off}/>")
    for tag, value in (("caps", capitals), ("smallCaps", small_capitals)):
        if value is not None:
            parts.append(f"<w:{tag}/>" if value else f'<w:{tag} w:val="0"/>')
    if ink:
        parts.append(f'<w:color w:val="{ink if ink == AUTOMATIC else color(ink)}"/>')
    if size:
        parts.append(f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>')
    if underline:
        parts.append('<w:u w:val="single"/>')
    if superscript:
        parts.append('<w:vertAlign w:val="superscript"/>')
    return "".join(parts)


@dataclass(frozen=True)
class Rule:
    """A line beside a paragraph or a cell; ``width`` and ``gap`` in points."""

    ink: str
    width: float = 0.5
    gap: float = 0.0

    def xml(self, side: str) -> str:
        """The border element of a side."""
        return (
            f'<w:{side} w:val="single" w:sz="{round(self.width * 8)}" w:space="{round(self.gap)}"'
            f' w:color="{color(self.ink)}"/>'
        )


@dataclass(frozen=True)
class Tab:
    """A tab stop, in twentieths of a point."""

    position: int
    kind: str = "left"
    leader: str = "none"


def rules(**sides: Rule) -> str:
    """The insides of a border element, in schema order."""
    order = ("top", "left", "bottom", "right", "between", "insideH")
    return "".join(sides[side].xml(side) for side in order if side in sides)


def shading(fill: str) -> str:
    """A background."""
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{color(fill)}"/>'


def layout(
    *,
    keep_next: bool = False,
    keep_lines: bool = False,
    numbering: str = "",
    borders: dict[str, Rule] | None = None,
    fill: str | None = None,
    tabs: tuple[Tab, ...] = (),
    before: float | None = None,
    after: float | None = None,
    line: float | None = None,
    left: float = 0.0,
    right: float = 0.0,
    hanging: float = 0.0,
    contextual: bool = False,
    align: str = "",
    outline: int | None = None,
) -> str:
    """Layout of a paragraph. Lengths in points; ``line`` is the distance of baselines."""
    parts: list[str] = []
    if keep_next:
        parts.append("<w:keepNext/>")
    if keep_lines:
        parts.append("<w:keepLines/>")
    parts.append(numbering)
    if borders:
        parts.append(f"<w:pBdr>{rules(**borders)}</w:pBdr>")
    if fill:
        parts.append(shading(fill))
    if tabs:
        stops = (
            f'<w:tab w:val="{stop.kind}" w:leader="{stop.leader}" w:pos="{stop.position}"/>'
            for stop in tabs
        )
        parts.append(f"<w:tabs>{''.join(stops)}</w:tabs>")
    parts.append(_spacing(before, after, line))
    if left or right or hanging:
        hang = f' w:hanging="{twips(hanging)}"' if hanging else ""
        parts.append(f'<w:ind w:left="{twips(left)}" w:right="{twips(right)}"{hang}/>')
    if contextual:
        parts.append("<w:contextualSpacing/>")
    if align:
        parts.append(f'<w:jc w:val="{align}"/>')
    if outline is not None:
        parts.append(f'<w:outlineLvl w:val="{outline}"/>')
    return "".join(parts)


def _spacing(before: float | None, after: float | None, line: float | None) -> str:
    attributes = ""
    if before is not None:
        attributes += f' w:before="{twips(before)}"'
    if after is not None:
        attributes += f' w:after="{twips(after)}"'
    if line is not None:
        # At least: an exact distance would cut off pictures and tall characters.
        attributes += f' w:line="{twips(line)}" w:lineRule="atLeast"'
    return f"<w:spacing{attributes}/>" if attributes else ""
