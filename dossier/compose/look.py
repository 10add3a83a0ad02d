"""What a house's own Word document lends to ours: the look of named styles, and the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

AUTOMATIC = "auto"
"""Word's own choice of ink: dark on a light ground, light on a dark one."""

Alignment = Literal["left", "center", "right", "both"]


@dataclass(frozen=True)
class StyleLook:
    """Look of one style; what is None is not said by the reference document.

    Parameters
    ----------
    font
        Typeface.
    size
        Points.
    bold, italic, capitals, small_capitals
        Of the characters.
    ink
        ``#RRGGBB`` or `AUTOMATIC`.
    before, after
        Points above and below a paragraph.
    line
        Distance of baselines: points, or lines where ``line_in_lines``.
    joined
        No distance between paragraphs of the style.
    align
        Alignment of a paragraph.
    """

    font: str | None = None
    size: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    capitals: bool | None = None
    small_capitals: bool | None = None
    ink: str | None = None
    before: float | None = None
    after: float | None = None
    line: float | None = None
    line_in_lines: bool = False
    joined: bool = False
    align: Alignment | None = None


@dataclass(frozen=True)
class PageLook:
    """Paper and margins in points."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True)
class ReferenceLook:
    """Look of a reference document.

    Parameters
    ----------
    styles
        By the English name of Word's built-in style as OOXML writes it, e.g. ``heading 1``.
        Styles of paragraphs say everything, styles of characters their ink alone.
    page
        Of the last section, where it gives both paper and margins.
    """

    styles: Mapping[str, StyleLook] = field(default_factory=dict)
    page: PageLook | None = None
