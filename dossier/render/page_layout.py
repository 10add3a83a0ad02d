"""How the pages of a PDF fell out, for a format that has no layout of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field


@dataclass(frozen=True)
class PageLayout:
    """Where things stand on pages.

    Parameters
    ----------
    pages
        Page, from 1, of every heading, table, figure and list of contents, by anchor.
    page_count
        Number of pages.
    columns
        Widths of the columns of tables in points, by anchor; not of tables in smaller text.
    kept_rows
        By anchor of a table, the positions of rows, from 1, that stay on the page of the next row,
        or of the notes after the last one.
    opening_pages
        Anchors of what stands first on its page.
    """

    pages: Mapping[str, int]
    page_count: int
    columns: Mapping[str, Sequence[float]] = field(default_factory=dict)
    kept_rows: Mapping[str, Set[int]] = field(default_factory=dict)
    opening_pages: Set[str] = frozenset()
