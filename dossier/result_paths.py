"""Places in results.json: every single value with its path, such as ``endpoints.orr.estimate``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["leaves"]


def leaves(section: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every single value below a place, in the order of the file.

    Keys are taken from the data too and may hold dots, so that a path is looked up among those
    given here rather than taken apart.

    Parameters
    ----------
    section
        What stands at the place: the whole of results.json, a part of it or a single value.
    path
        The place; ``""`` is the whole.

    Examples
    --------
    >>> dict(leaves({"orr": {"n": 25}, "arms": ["A", "B"]}))
    {'orr.n': 25, 'arms.0': 'A', 'arms.1': 'B'}
    """
    if isinstance(section, Mapping):
        inner = ((str(key), value) for key, value in section.items())
    elif isinstance(section, list | tuple):
        inner = ((str(position), value) for position, value in enumerate(section))
    else:
        yield path, section
        return
    for name, value in inner:
        yield from leaves(value, f"{path}.{name}" if path else name)
