"""Contrast of text with the ground it stands on, so that everybody can read a house style.

Source of the method and the least contrast: WCAG 2.2, success criterion 1.4.3 (level AA).
"""

from __future__ import annotations

LEAST_CONTRAST = 4.5
"""Of text, and of pictures of text, with its ground."""
PAPER = "#FFFFFF"
QUIET_INK = "#4A525C"
"""The lightest ink that renderers use for text that is not a heading, a link or a number."""


def contrast(first: str, second: str) -> float:
    """Contrast of two colours, 1 (none) to 21 (black and white).

    Parameters
    ----------
    first, second
        ``#RRGGBB``.

    Examples
    --------
    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    dark, light = sorted((_luminance(first), _luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def legible(ink: str) -> str:
    """A colour of words, once it is known that they can be read on white.

    Raises
    ------
    ValueError
        When they cannot; says the contrast.
    """
    _require(ink, PAPER, f"{ink} on white")
    return ink


def light(ground: str) -> str:
    """A ground of words, once it is known that they can be read on it.

    Raises
    ------
    ValueError
        When they cannot; says the contrast.
    """
    _require(QUIET_INK, ground, f"text on {ground}")
    return ground


def require_legible(ink: str, grounds: dict[str, str], name: str) -> None:
    """Check that words of one colour can be read on every ground.

    Raises
    ------
    ValueError
        Where they cannot; names the ground and says the contrast.
    """
    for ground, colour in grounds.items():
        _require(ink, colour, f"{name} {ink} on {ground} {colour}")


def _require(ink: str, ground: str, what: str) -> None:
    found = contrast(ink, ground)
    if found < LEAST_CONTRAST:
        raise ValueError(
            f"{what} cannot be read by everybody: the contrast is {found:.1f},"
            f" at least {LEAST_CONTRAST:g} is needed (WCAG 2.2, AA)"
        )


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
