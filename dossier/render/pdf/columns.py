"""Widths of a table's columns: as asked for, but no narrower than their longest word."""

from __future__ import annotations

from collections.abc import Sequence


def column_widths(
    total: float, weights: Sequence[float], least: Sequence[float], floor: float = 0.0
) -> list[float]:
    """Share a width among columns.

    Parameters
    ----------
    total
        Width of the table.
    weights
        Relative widths asked for.
    least
        By column, the width below which a word would have to be divided; not below ``floor``.
    floor
        Width that no column may fall below, so that a letter fits; all of them fit the total.

    Returns
    -------
    list of float
        Adds up to the total. Columns that need more than their share get it from the others;
        when even that is not enough, all get the same part of what they need above the floor.

    Examples
    --------
    >>> column_widths(100, (1, 1), (10, 10))
    [50.0, 50.0]
    >>> column_widths(100, (3, 1), (10.0, 40.0))
    [60.0, 40.0]
    >>> [round(width, 6) for width in column_widths(100, (1, 1), (90, 110))]
    [45.0, 55.0]
    >>> [round(width, 6) for width in column_widths(100, (1, 1), (20, 180), floor=20)]
    [20.0, 80.0]
    """
    needed = sum(least)
    if needed >= total:
        spare = total - floor * len(least)
        wanted = needed - floor * len(least)
        part = spare / wanted if wanted > 0 else 0.0
        return [floor + (width - floor) * part for width in least]
    widths = [0.0] * len(weights)
    open_columns = list(range(len(weights)))
    room = total
    while True:
        share = sum(max(weights[i], 1e-6) for i in open_columns)
        for i in open_columns:
            widths[i] = room * max(weights[i], 1e-6) / share
        narrow = [i for i in open_columns if widths[i] < least[i]]
        if not narrow:
            return widths
        for i in narrow:
            widths[i] = least[i]
            room -= least[i]
        open_columns = [i for i in open_columns if i not in narrow]
