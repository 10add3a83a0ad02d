"""The typeface that ships with the package: Liberation Sans 2 (SIL Open Font License, OFL.txt),
metrically equal to Arial, so that Word and PDF break lines alike."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

Face = Literal["regular", "bold", "italic", "bold-italic"]

FILES: dict[Face, str] = {
    "regular": "LiberationSans-Regular.ttf",
    "bold": "LiberationSans-Bold.ttf",
    "italic": "LiberationSans-Italic.ttf",
    "bold-italic": "LiberationSans-BoldItalic.ttf",
}
NAMES: dict[Face, str] = {
    "regular": "Body",
    "bold": "Body-Bold",
    "italic": "Body-Italic",
    "bold-italic": "Body-BoldItalic",
}


class MissingGlyphError(ValueError):
    """A character that the shipped typeface cannot draw; names it and where it stands."""


def path_of(face: Face) -> Path:
    """The TrueType file of a face."""
    return Path(__file__).resolve().parent / FILES[face]


@cache
def registered(face: Face) -> Any:
    """A face as a font of reportlab."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    font = TTFont(NAMES[face], str(path_of(face)))
    pdfmetrics.registerFont(font)
    return font


@cache
def register() -> None:
    """Make the four faces known to reportlab under the names in `NAMES`."""
    from reportlab.pdfbase import pdfmetrics

    for face in FILES:
        registered(face)
    pdfmetrics.registerFontFamily(
        NAMES["regular"],
        normal=NAMES["regular"],
        bold=NAMES["bold"],
        italic=NAMES["italic"],
        boldItalic=NAMES["bold-italic"],
    )


@lru_cache(maxsize=1 << 15)
def _thousandths(text: str, face: Face) -> float:
    """Width of text in thousandths of its size."""
    drawn = registered(face).face
    widths, other = drawn.charWidths, drawn.defaultWidth
    return float(sum([widths.get(code, other) for code in map(ord, text)]))


def text_width(text: str, size: float, face: Face = "regular") -> float:
    """Width of a line of text in points."""
    return float(0.001 * size * _thousandths(text, face))


@cache
def _drawable() -> frozenset[str]:
    regular, *others = (registered(face).face.charToGlyph for face in FILES)
    return frozenset(chr(code) for code in regular if all(code in other for other in others))


def missing_glyphs(text: str) -> tuple[str, ...]:
    """Characters of the text that the typeface cannot draw, each once, in order."""
    drawable = _drawable()
    if drawable.issuperset(text):
        return ()
    return tuple(dict.fromkeys(c for c in text if c not in drawable and c not in "\n\t"))


def require_glyphs(text: str) -> None:
    """Refuse text with characters that the typeface cannot draw.

    Raises
    ------
    MissingGlyphError
        Naming each character by its code point and Unicode name, and the text it stands in.
    """
    missing = missing_glyphs(text)
    if not missing:
        return
    from unicodedata import name

    named = ", ".join(f"{c!r} (U+{ord(c):04X} {name(c, 'unnamed')})" for c in missing)
    raise MissingGlyphError(f"the typeface has no sign for {named} in {text[:80]!r}")
