"""A table on pages: rows that were measured once, divided between rows, headed on every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from dossier.render.pdf.look import Look
from dossier.render.pdf.pieces import NewPage, Piece, Room
from dossier.render.pdf.textbox import TextBox

if TYPE_CHECKING:
    from dossier.render.pdf.painter import Painter

PADDING_ABOVE = 2.8
NOTES_GAP = 4.0
FEWEST_ROWS = 2
"""Rows that stay with the header, and rows that stay with the notes at the end."""
GROUP_SOUGHT = 4
"""Rows that a break moves up at most, to fall between groups and not inside one."""
SMALL_TABLE = 0.3
"""Part of a page; a table up to this height is not divided."""
TALL_ROW = 0.6
"""Part of a page; a higher row may be divided."""
LEAST_OF_ROW = 60.0
"""Height of the first part of a divided row."""


@dataclass(slots=True)
class CellBox:
    """A cell in its row.

    Parameters
    ----------
    x, width
        Of the whole cell, from the left edge of the table.
    text_x
        Left edge of its text.
    box
        Its text.
    fill
        Background, ``""`` for none.
    spanning
        Whether a header cell heads several columns.
    drop
        Distance of its text from the top of the row's text.
    """

    x: float
    width: float
    text_x: float
    box: TextBox
    fill: str = ""
    spanning: bool = False
    drop: float = 0.0


@dataclass(slots=True)
class RowBox:
    """A measured row."""

    cells: list[CellBox]
    height: float
    footnotes: list[TextBox] = field(default_factory=list)
    banded: bool = False
    heads_group: bool = False
    begins_group: bool = False

    @classmethod
    def of(
        cls,
        cells: list[CellBox],
        least_height: float,
        *,
        banded: bool = False,
        heads_group: bool = False,
        begins_group: bool = False,
        at_foot: bool = False,
    ) -> RowBox:
        """Measure a row; ``at_foot`` aligns the last lines of its cells."""
        text_height = max([least_height, *(cell.box.height for cell in cells)])
        if at_foot:
            for cell in cells:
                cell.drop = text_height - cell.box.height
        notes = [note for cell in cells for note in cell.box.footnotes]
        height = text_height + 2 * PADDING_ABOVE
        return cls(cells, height, notes, banded, heads_group, begins_group)

    def divided(self, room: Room) -> tuple[RowBox, RowBox]:
        """Divide a row that is higher than a page: each cell's first lines, and the rest."""
        inner = replace(room, height=room.height - 2 * PADDING_ABOVE)
        heads: list[CellBox] = []
        rests: list[CellBox] = []
        for cell in self.cells:
            count = max(1, cell.box.fitting_lines(inner))
            head, rest = cell.box.divided(min(count, len(cell.box.lines)))
            heads.append(replace(cell, box=head, drop=0.0))
            rests.append(replace(cell, box=rest, drop=0.0))
        parts = [
            RowBox.of(cells, 0.0, banded=self.banded, heads_group=self.heads_group)
            for cells in (heads, rests)
        ]
        return parts[0], parts[1]


class TablePiece:
    """Rows of a table from one page break to the next.

    Parameters
    ----------
    look
        The house style.
    header
        Rows repeated at the top of every part.
    rows
        All rows of the body.
    notes
        Small paragraphs below the last row.
    continued
        Printed above the header of every part but the first, in the margin of the page: a part
        takes no more of the page than in the Word file, which cannot have these words.
    framed
        With rules at top and bottom, as tables of results have them.
    """

    keep_with_next = False
    anchors: tuple[str, ...] = ()

    def __init__(
        self,
        look: Look,
        header: list[RowBox],
        rows: list[RowBox],
        notes: list[TextBox],
        continued: TextBox | None = None,
        *,
        framed: bool = True,
    ) -> None:
        self.look = look
        self.header = header
        self.rows = rows
        self.notes = notes
        self.continued = continued
        self.framed = framed
        self.start, self.stop = 0, len(rows)
        self.is_first = True
        self.before = 0.0
        self.after = 16.0 if framed else 0.0
        self._depth = [0.0, *accumulate(row.height for row in rows)]

    @property
    def is_last(self) -> bool:
        """Whether the table ends here."""
        return self.stop == len(self.rows)

    @property
    def is_small(self) -> bool:
        """Whether it is not divided."""
        return self.height <= SMALL_TABLE * self.look.height

    @property
    def _head_height(self) -> float:
        return sum(row.height for row in self.header)

    @property
    def _notes_height(self) -> float:
        if not (self.is_last and self.notes):
            return 0.0
        notes = sum(note.height + note.after for note in self.notes)
        return NOTES_GAP + notes - self.notes[-1].after

    @property
    def height(self) -> float:
        """Height of header, rows and notes."""
        return self._head_height + self._rows_height(self.start, self.stop) + self._notes_height

    def _rows_height(self, start: int, stop: int) -> float:
        return self._depth[stop] - self._depth[start]

    def _header_footnotes(self) -> list[TextBox]:
        return [note for row in self.header for note in row.footnotes] if self.is_first else []

    @property
    def footnotes(self) -> list[TextBox]:
        """Footnotes of header, rows and notes."""
        found = self._header_footnotes()
        for row in self.rows[self.start : self.stop]:
            found += row.footnotes
        if self.is_last:
            found += [note for paragraph in self.notes for note in paragraph.footnotes]
        return found

    def opening(self) -> tuple[float, Sequence[TextBox]]:
        """The least that `split` leaves on a page: all of a table that it would not divide."""
        if self.is_first and self.is_small:
            return self.height, self.footnotes
        height, found = self._head_height, self._header_footnotes()
        for index in range(self.start, self.stop):
            row = self.rows[index]
            if self._may_be_divided(row):
                return height + LEAST_OF_ROW, found
            height += row.height
            found += row.footnotes
            if index + 1 < self.stop and self._good_cut(index + 1) > self.start:
                return height, found
        return self.height, self.footnotes

    def kept_rows(self) -> set[int]:
        """Positions of rows, from 1, after which no page ends: what `split` avoids."""
        last = self.stop if self.notes else self.stop - 1
        if self.is_small:
            return set(range(1, last + 1))
        inside = {row for row in range(1, self.stop) if self._good_cut(row) != row}
        return inside | {self.stop} if self.notes else inside

    def _may_be_divided(self, row: RowBox) -> bool:
        return row.height > TALL_ROW * self.look.height

    def split(self, room: Room, *, forced: bool) -> tuple[Piece, Sequence[Piece | NewPage]] | None:
        """Divide between rows; inside a row only when it is nearly as high as a page."""
        full, left = self._first_row_beyond(room)
        is_tall = full < self.stop and self._may_be_divided(self.rows[full])
        if is_tall and left.height >= LEAST_OF_ROW:
            return self._divided_at(full, left)
        if full == self.start:
            return self._divided_at(full, left) if forced else None
        cut = self._good_cut(full)
        if cut == self.start:
            if not forced:
                return None
            cut = full
        return self._cut_before(cut)

    def _first_row_beyond(self, room: Room) -> tuple[int, Room]:
        """The first row that does not fit, and what the rows before it leave of the page."""
        height, found = self._head_height, self._header_footnotes()
        index = self.start
        while index < self.stop:
            row = self.rows[index]
            if not room.fits(height + row.height, [*found, *row.footnotes]):
                break
            height += row.height
            found += row.footnotes
            index += 1
        return index, room.without(height, found)

    def _good_cut(self, full: int) -> int:
        """Move the cut up until no part looks orphaned; ``start`` when there is no such cut."""
        cut = self._between_groups(min(full, self.stop - FEWEST_ROWS))
        while cut > self.start and self.rows[cut - 1].heads_group:
            cut -= 1
        return cut if cut - self.start >= FEWEST_ROWS else self.start

    def _between_groups(self, cut: int) -> int:
        """The last row up to ``cut`` that begins a group, where one is near."""
        for at in range(cut, max(cut - GROUP_SOUGHT, self.start + FEWEST_ROWS) - 1, -1):
            if self.rows[at].begins_group:
                return at
        return cut

    def _cut_before(self, cut: int) -> tuple[Piece, Sequence[Piece | NewPage]]:
        if cut < self.stop:
            # A cut that was moved up leaves room that the next rows must not fill again.
            return self._part(self.start, cut), (NewPage(), self._part(cut, self.stop))
        part = self._part(self.start, cut)
        part.notes, part.after = [], NOTES_GAP
        return part, tuple(self.notes)

    def _part(self, start: int, stop: int) -> TablePiece:
        part = TablePiece.__new__(TablePiece)
        part.__dict__.update(self.__dict__)
        part.start, part.stop = start, stop
        part.is_first = self.is_first and start == self.start
        part.before = self.before if part.is_first else 0.0
        return part

    def _divided_at(self, index: int, left: Room) -> tuple[Piece, Sequence[Piece | NewPage]] | None:
        """Divide inside a row."""
        if index == self.stop:
            return self._cut_before(index) if self.notes else None
        head, rest = self.rows[index].divided(left)
        if not any(cell.box.lines for cell in rest.cells):
            # The row fits; its footnotes must go on to the next page.
            is_all = index + 1 == self.stop and not self.notes
            return None if is_all else self._cut_before(index + 1)
        rows = [*self.rows[:index], head, rest, *self.rows[index + 1 :]]
        whole = TablePiece(
            self.look, self.header, rows, self.notes, self.continued, framed=self.framed
        )
        whole.start, whole.is_first, whole.before = self.start, self.is_first, self.before
        return whole._cut_before(index + 1)

    def draw(self, painter: Painter, x: float, top: float) -> None:
        """Paint backgrounds and rules, then the cells in reading order."""
        y = top
        if self.continued and not self.is_first:
            above = self.continued.height + self.continued.after
            self.continued.draw(painter, x, y + above, as_artifact=True)
        rows = self.rows[self.start : self.stop]
        with painter.artifact():
            self._draw_ground(painter, x, y, rows)
        for row in self.header:
            _draw_cells(painter, x, y, row, as_artifact=not self.is_first)
            y -= row.height
        for row in rows:
            _draw_cells(painter, x, y, row)
            y -= row.height
        if self.is_last:
            y -= NOTES_GAP
            for note in self.notes:
                note.draw(painter, x, y)
                y -= note.height + note.after

    def _draw_ground(self, painter: Painter, x: float, top: float, rows: list[RowBox]) -> None:
        style, width = self.look.style, self.look.width
        y = top
        for row in self.header:
            y -= row.height
            for cell in row.cells:
                if cell.fill:
                    painter.fill(x + cell.x, y, cell.width, row.height, cell.fill)
                if cell.spanning:
                    left, right = x + cell.x + 3, x + cell.x + cell.width - 3
                    painter.rule(left, y + 0.5, right, y + 0.5, style.rule, 0.5)
        header_foot = y
        for row in rows:
            y -= row.height
            if row.banded:
                painter.fill(x, y, width, row.height, style.band)
            for cell in row.cells:
                if cell.fill:
                    painter.fill(x + cell.x, y, cell.width, row.height, cell.fill)
            if not self.framed or row.heads_group:
                line = y if not self.framed else y + row.height
                if line < header_foot or not self.framed:
                    painter.rule(x, line, x + width, line, style.rule, 0.4)
        if not self.framed:
            painter.rule(x, top, x + width, top, style.rule, 0.4)
            return
        painter.rule(x, top, x + width, top, style.accent, 1.1)
        if self.header:
            painter.rule(x, header_foot, x + width, header_foot, style.accent, 0.6)
        if self.is_last:
            painter.rule(x, y, x + width, y, style.accent, 0.8)
        else:
            painter.rule(x, y, x + width, y, style.rule, 0.4)


def _draw_cells(
    painter: Painter, x: float, top: float, row: RowBox, *, as_artifact: bool = False
) -> None:
    for cell in row.cells:
        text_top = top - PADDING_ABOVE - cell.drop
        cell.box.draw(painter, x + cell.text_x, text_top, as_artifact=as_artifact)
