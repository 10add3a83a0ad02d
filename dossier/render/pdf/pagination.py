"""Filling pages with pieces, footnotes included.

Everything that decides where a page ends is known before the first page is filled: contents
entries reserve a column for their page numbers, and each line knows the footnotes it brings. So
one pass over the pieces settles the pages, and nothing can oscillate.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dossier.render.pdf.pieces import (
    FOOTNOTE_RULE_SPACE,
    NewPage,
    Piece,
    Room,
    footnotes_height,
)
from dossier.render.pdf.textbox import TextBox

LEAST_TEXT = 48.0
"""Height that text gets at least on a page with footnotes carried over from the page before."""


@dataclass(slots=True)
class Page:
    """A page that is being filled.

    Attributes
    ----------
    height
        Of the column of text with the footnotes.
    placed
        Pieces with their distance from the top of the column.
    footnotes
        In the order of their marks.
    """

    height: float
    placed: list[tuple[float, Piece]] = field(default_factory=list)
    footnotes: list[TextBox] = field(default_factory=list)
    _used: float = 0.0
    _space_after: float = 0.0
    _footnotes_used: float = 0.0

    @property
    def is_blank(self) -> bool:
        """Whether neither text nor footnotes stand on it."""
        return not self.placed and not self.footnotes

    def gap_before(self, piece: Piece) -> float:
        """Space between the last piece and the next; none at the top of the page."""
        return max(self._space_after, piece.before) if self.placed else 0.0

    def room(self, gap: float = 0.0) -> Room:
        """What is left below the last piece and a gap."""
        left = self.height - self._used - self._footnotes_used - gap
        return Room(left, has_footnotes=bool(self.footnotes))

    def add(self, piece: Piece) -> list[TextBox]:
        """Place a piece; returns the footnotes for which there is no room."""
        self._used += self.gap_before(piece)
        self.placed.append((self._used, piece))
        self._used += piece.height
        self._space_after = piece.after
        return self.add_footnotes(piece.footnotes)

    def add_footnotes(self, notes: Iterable[TextBox]) -> list[TextBox]:
        """Place footnotes, the last of them in part; returns what is left over."""
        left_over: list[TextBox] = []
        for note in notes:
            if left_over or not self.room().fits(0.0, (note,)):
                left_over.append(note)
            else:
                self._add_footnote(note)
        if left_over:
            rule = 0.0 if self.footnotes else FOOTNOTE_RULE_SPACE
            first = left_over[0]
            room = Room(self.room().height - rule - first.after)
            count = first.fitting_lines(room)
            if 0 < count < len(first.lines):
                head, left_over[0] = first.divided(count)
                self._add_footnote(head)
        return left_over

    def _add_footnote(self, note: TextBox) -> None:
        self._footnotes_used += footnotes_height((note,), first=not self.footnotes)
        self.footnotes.append(note)


def paginate(pieces: Iterable[Piece | NewPage], height: float) -> list[Page]:
    """Fill pages.

    Parameters
    ----------
    pieces
        In order.
    height
        Of the column of text, in points.
    """
    return _Filling(height).filled(deque(pieces))


class _Filling:
    def __init__(self, height: float) -> None:
        self.height = height
        self.page = Page(height)
        self.pages = [self.page]
        self.carried: list[TextBox] = []

    def filled(self, queue: deque[Piece | NewPage]) -> list[Page]:
        """Place all pieces of the queue."""
        while queue:
            if isinstance(queue[0], NewPage):
                queue.popleft()
                if self.page.placed:
                    self._turn_page()
                continue
            together = _kept_together(queue)
            if not self.page.is_blank and not self._holds(together):
                self._turn_page()
            for piece in together:
                queue.popleft()
                rest = self._place(piece)
                if rest:
                    queue.extendleft(reversed(rest))
                    break
        while self.carried:
            self._turn_page()
        return self.pages

    def _turn_page(self) -> None:
        while True:
            self.page = Page(self.height)
            self.pages.append(self.page)
            self.carried = self.page.add_footnotes(self.carried)
            if not self.carried and self.page.room().height >= LEAST_TEXT:
                return

    def _holds(self, together: Sequence[Piece]) -> bool:
        """Whether the page has room for pieces of which the last may begin only.

        The last must really be divided there: a table that no good cut divides would go on to the
        next page alone, and leave its caption behind.
        """
        height, notes, after = 0.0, list[TextBox](), 0.0
        room = self.page.room()
        for index, piece in enumerate(together):
            height += self.page.gap_before(piece) if index == 0 else max(after, piece.before)
            if index == len(together) - 1:
                left = room.without(height, notes)
                if left.fits(piece.height, piece.footnotes):
                    return True
                alone = len(together) == 1
                return left.fits(*piece.opening()) and (
                    alone or piece.split(left, forced=False) is not None
                )
            height += piece.height
            notes += piece.footnotes
            after = piece.after
        return True

    def _place(self, piece: Piece) -> Sequence[Piece | NewPage]:
        """Place a piece, on the next page if need be; returns the rest of a divided piece."""
        while True:
            page = self.page
            room = page.room(page.gap_before(piece))
            if room.fits(piece.height, piece.footnotes):
                self._add(piece)
                return ()
            is_blank = page.is_blank
            parts = piece.split(room, forced=is_blank)
            if parts is not None:
                head, rest = parts
                self._add(head)
                return rest
            if is_blank:
                # Nothing smaller can be made of it: one line whose footnotes fill the page.
                self._add(piece)
                return ()
            self._turn_page()

    def _add(self, piece: Piece) -> None:
        self.carried += self.page.add(piece)
        if self.carried:
            self._turn_page()


def _kept_together(queue: Iterable[Piece | NewPage]) -> list[Piece]:
    """Pieces from the front up to the first that need not be kept with its next."""
    together: list[Piece] = []
    for piece in queue:
        if isinstance(piece, NewPage):
            break
        together.append(piece)
        if not piece.keep_with_next:
            break
    return together


def opening_pages(pages: Sequence[Page]) -> set[str]:
    """Anchors of the pieces that stand first on their pages."""
    return {anchor for page in pages if page.placed for anchor in page.placed[0][1].anchors}


def page_numbers(pages: Sequence[Page]) -> dict[str, int]:
    """The page, from 1, of every anchor."""
    numbers: dict[str, int] = {}
    for number, page in enumerate(pages, start=1):
        for _, piece in page.placed:
            for anchor in piece.anchors:
                numbers.setdefault(anchor, number)
    return numbers
