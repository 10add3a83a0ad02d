"""Text that fits its place, and legends that wrap."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.compose.figures.axis import wrapped
from dossier.compose.figures.marks import Key
from dossier.compose.scene import Label, Shape
from dossier.fonts import text_width

SIZE = 8.0
LEADING = 11.0
_KEY_GAP, _ENTRY_GAP = 4.0, 12.0
_ELLIPSIS = "…"


def shortened(text: str, width: float, size: float = SIZE, *, bold: bool = False) -> str:
    """The text, cut with an ellipsis where it is wider than its place.

    Examples
    --------
    >>> shortened("cancer of unknown primary", 60.0)
    'cancer of unk…'
    """
    face = "bold" if bold else "regular"
    if text_width(text, size, face) <= width:  # type: ignore[arg-type]
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        candidate = text[:middle].rstrip() + _ELLIPSIS
        if text_width(candidate, size, face) <= width:  # type: ignore[arg-type]
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + _ELLIPSIS


def fitted(text: str, width: float, lines: int, size: float = SIZE) -> tuple[str, ...]:
    """The text in at most so many lines, the last one cut where more would be needed."""
    found = wrapped(text, width, size)
    if len(found) > lines:
        found = (*found[: lines - 1], " ".join(found[lines - 1 :]))
    return tuple(shortened(line, width, size) for line in found)


def paragraph(
    text: str, x: float, y: float, width: float, size: float = SIZE, *, bold: bool = False
) -> tuple[list[Shape], float]:
    """Wrapped text with the first baseline at y, and the y below its last line."""
    lines = wrapped(text, width, size, bold=bold)
    shapes: list[Shape] = [
        Label(x, y + LEADING * row, shortened(line, width, size, bold=bold), size, bold=bold)
        for row, line in enumerate(lines)
    ]
    return shapes, y + LEADING * len(lines)


def legend(
    keys: Sequence[Key], x: float, y: float, width: float, size: float = SIZE
) -> tuple[list[Shape], float]:
    """Entries side by side in as many rows as they need, and the y below the last row.

    Parameters
    ----------
    keys
        What to explain, in order.
    x, y
        Top left corner.
    width
        Room for a row.
    size
        Of the text.
    """
    shapes: list[Shape] = []
    left, top = x, y
    for key in keys:
        text = shortened(key.text, width - key.width - _KEY_GAP, size)
        needed = key.width + _KEY_GAP + text_width(text, size)
        if left > x and left + needed > x + width:
            left, top = x, top + LEADING
        shapes += key.draw(left + key.width / 2, top + LEADING / 2)
        baseline = top + LEADING / 2 + size * 0.36
        shapes.append(Label(left + key.width + _KEY_GAP, baseline, text, size))
        left += needed + _ENTRY_GAP
    return shapes, (top + LEADING if keys else y)
