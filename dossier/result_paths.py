"""Places in results.json: every single value with its path, such as ``endpoints.orr.estimate``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["find", "leaves"]


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


def find(results: Any, path: str) -> tuple[tuple[str, ...], Any] | None:
    """The keys of a place, and what stands there; None where there is no such place.

    Parameters
    ----------
    results
        The whole of results.json, or a part of it.
    path
        The place: of a single value, or of a section.

    Examples
    --------
    >>> find({"losses": {"less than 0.5 cycles": 1}}, "losses.less than 0.5 cycles")
    (('losses', 'less than 0.5 cycles'), 1)
    >>> find({"orr": {"n": 25}}, "orr.m") is None
    True
    """
    if isinstance(results, Mapping):
        inner = {str(key): value for key, value in results.items()}
    elif isinstance(results, list | tuple):
        inner = {str(position): value for position, value in enumerate(results)}
    else:
        return None
    if path in inner:
        return (path,), inner[path]
    for key, value in inner.items():
        if path.startswith(f"{key}."):
            found = find(value, path[len(key) + 1 :])
            if found is not None:
                return (key, *found[0]), found[1]
    return None
