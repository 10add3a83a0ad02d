"""Characters as the shipped typeface can set them: the same words, or a refusal by name."""

from __future__ import annotations

from unicodedata import normalize

from dossier.fonts import require_glyphs

ZERO_WIDTH_SPACE = "\u200b"
NON_BREAKING_HYPHEN = "\u2011"

_INVISIBLE = str.maketrans(
    {"\n": " ", "\t": " ", "\r": " ", "\u2060": "", "\ufeff": ""}  # word joiner, byte order mark
)
_SIGNS = str.maketrans({ZERO_WIDTH_SPACE: "", NON_BREAKING_HYPHEN: "-"})


def breakable(text: str) -> str:
    """Text for a paragraph, in composed characters.

    Zero-width spaces and non-breaking hyphens stay, for the line breaker; `without_signs` makes
    them what is printed.

    Raises
    ------
    dossier.fonts.MissingGlyphError
        When the typeface lacks a character.
    """
    if not text.isascii():
        text = normalize("NFC", text)
    text = text.translate(_INVISIBLE)
    require_glyphs(without_signs(text))
    return text


def without_signs(text: str) -> str:
    """Text as it is printed once its lines are known.

    Non-breaking hyphens become hyphens, which the typeface has and readers search for.
    """
    return text if text.isascii() else text.translate(_SIGNS)


def printable(text: str) -> str:
    """Text for a single line.

    Raises
    ------
    dossier.fonts.MissingGlyphError
        When the typeface lacks a character.
    """
    return without_signs(breakable(text))
