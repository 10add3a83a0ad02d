"""The rows of a matrix, made in this process or in several: the same rows either way."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final, TypeVar

__all__ = ["in_order"]

Shared = TypeVar("Shared")
Made = TypeVar("Made")

CHUNKS_A_PROCESS: Final = 8
"""Pieces of work for each process: small enough to end together, large enough to be sent."""

_shared: list[Any] = []
"""What a process works with; of a forked process its parent's own."""


def in_order(
    number: int,
    shared: Shared,
    make: Callable[[Shared, int], Made],
    *,
    processes: int = 1,
    again: Callable[[], Shared] | None = None,
    count: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Made]:
    """Make the entries 0, 1, ... of a list, each by itself, in one process or in several.

    Parameters
    ----------
    number
        How many entries.
    shared
        What every entry is made from. Forked processes have it already.
    make
        Makes an entry; a function of a module, so that another process finds it.
    processes
        How many processes.
    again
        Makes ``shared`` anew in a process that was not forked; a picklable callable.
    count
        Called with the entries made and their number as the work goes on.
    """
    if processes <= 1 or number <= 1:
        found = []
        for place in range(number):
            found.append(make(shared, place))
            count(place + 1, number)
        return found
    import multiprocessing  # both only here: one process needs neither
    from concurrent.futures import ProcessPoolExecutor, as_completed

    entries: dict[int, Made] = {}
    chunks = list(_chunks(number, processes))
    # Forking keeps what was derived; where it is not safe, each process derives for itself.
    forked = sys.platform == "linux"
    context = multiprocessing.get_context("fork" if forked else "spawn")
    begin = None if forked else partial(_begin, again)
    _shared[:] = [shared]
    try:
        with ProcessPoolExecutor(min(processes, len(chunks)), context, begin) as pool:
            waiting = [pool.submit(_made, make, chunk) for chunk in chunks]
            for done in as_completed(waiting):
                entries.update(done.result())
                count(len(entries), number)
    finally:
        _shared.clear()
    return [entries[place] for place in range(number)]


def _chunks(number: int, processes: int) -> Iterator[Sequence[int]]:
    size = max(1, -(-number // (processes * CHUNKS_A_PROCESS)))
    for start in range(0, number, size):
        yield range(start, min(start + size, number))


def _begin(again: Callable[[], object] | None) -> None:
    _shared[:] = [] if again is None else [again()]


def _made(make: Callable[[Any, int], Made], places: Sequence[int]) -> dict[int, Made]:
    return {place: make(_shared[0], place) for place in places}
