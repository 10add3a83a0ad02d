"""Characters as the shipped typeface can set them: the same words, or a refusal by name."""

from __future__ import annotations

from unicodedata import normalize

from dossier.fonts import require_glyphs

_NARROW_OR_INVISIBLE = str.maketrans(
    {
        "\u202f": "\u00a0",  # narrow no-break space
        "\u2007": "\u00a0\u00a0",  # figure space: exactly as wide as a digit of this typeface
        "\u2002": " ",
        "\u2003": " ",
        "\u2004": " ",
        "\u2005": " ",
        "\u2006": " ",
        "\u2008": " ",
        "\u2009": " ",
        "\u200a": " ",
        "\u2060": "",  # word joiner
        "\ufeff": "",
        "\n": " ",
        "\t": " ",
        "\r": " ",
    }
)
ZERO_WIDTH_SPACE = "\u200b"


def printable(text: str) -> str:
    """Text with the spaces that the typeface lacks replaced by those it has.

    A zero-width space stays: it tells the line breaker where a word may be divided.

    Raises
    ------
    dossier.fonts.MissingGlyphError
        When the typeface lacks another character.
    """
    if not text.isascii():
        text = normalize("NFC", text)
    text = text.translate(_NARROW_OR_INVISIBLE)
    require_glyphs(text.replace(ZERO_WIDTH_SPACE, ""))
    return text
