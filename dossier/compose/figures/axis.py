"""Axes of a figure: where ticks stand, and text that fits."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import overload

import numpy as np
from numpy.typing import NDArray

from dossier.fonts import text_width

FloatArray = NDArray[np.float64]

# Steps of a time axis that a reader counts in, in months.
_MONTH_STEPS = (0.25, 0.5, 1, 2, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True)
class Scale:
    """A straight map from values to points: ``low`` lies at ``start``, ``high`` at ``end``."""

    low: float
    high: float
    start: float
    end: float

    @overload
    def __call__(self, value: float) -> float: ...
    @overload
    def __call__(self, value: FloatArray) -> FloatArray: ...
    def __call__(self, value: float | FloatArray) -> float | FloatArray:
        """Place of a value, or of each of an array."""
        return self.start + (self.end - self.start) * (value - self.low) / (self.high - self.low)


def month_ticks(last: float, most: int) -> tuple[float, ...]:
    """Ticks of a time axis from 0 to the first tick at or after ``last``, in months.

    Parameters
    ----------
    last
        The last month to show.
    most
        Largest number of intervals that leaves room for the numbers below.

    Examples
    --------
    >>> month_ticks(13.4, 8)
    (0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0)
    """
    step = next((s for s in _MONTH_STEPS if last / s <= most), None)
    if step is None:
        step = _MONTH_STEPS[-1] * ceil(last / most / _MONTH_STEPS[-1])
    return tuple(step * i for i in range(max(ceil(last / step - 1e-9), 1) + 1))


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """Text in lines no wider than a width; a word that is wider stands alone on its line."""
    face = "bold" if bold else "regular"
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, face) <= width:  # type: ignore[arg-type]
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)
