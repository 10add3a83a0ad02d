"""Lines of text of one width: a paragraph, a heading, a list item, a cell, a footnote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from dossier.render.pdf.lines import Chunk, Line, Run, chunks_of, fill_lines
from dossier.render.pdf.look import TextLook
from dossier.render.pdf.pieces import Piece, Room

if TYPE_CHECKING:
    from dossier.render.pdf.painter import Painter

Align = Literal["left", "right", "center"]

FEWEST_LINES = 2
"""A paragraph leaves no single line at the foot or at the top of a page."""

LEAST_LABEL_GAP = 2.0

# Ascender and descender of Liberation Sans, as parts of the size.
_ASCENT, _DESCENT = 0.905, 0.212


class TextBox:
    """Text set in lines.

    Parameters
    ----------
    chunks
        What to set, see `dossier.render.pdf.lines.chunks_of`.
    look
        Ink, leading and space around.
    width
        Of the whole box, in points.
    align
        Of the lines.
    label
        Printed in front of the first line: a number, a bullet.
    indent
        Room for the label; all lines start after it. A label that needs more stands in the text.
    keep_with_next
        Whether what follows must start on the same page.
    anchor
        Name of the place.
    """

    def __init__(
        self,
        chunks: Sequence[Chunk],
        look: TextLook,
        width: float,
        *,
        align: Align = "left",
        label: Sequence[Run] = (),
        indent: float = 0.0,
        keep_with_next: bool = False,
        anchor: str = "",
    ) -> None:
        label_chunks = chunks_of(label)
        if label and sum(chunk.width for chunk in label_chunks) > indent - LEAST_LABEL_GAP:
            for chunk in chunks[:1]:
                chunk.space = label[-1]
            chunks, label_chunks, indent = [*label_chunks, *chunks], [], 0.0
        self.look = look
        self.width = width
        self.align: Align = align
        self.indent = indent
        self.lines = fill_lines(chunks, width - indent)
        self.label = fill_lines(label_chunks, width)
        if self.label:
            self.label[0].trail(" ")
            if not self.lines:
                self.lines.append(Line())
        self.keep_with_next = keep_with_next
        self.anchors: tuple[str, ...] = (anchor,) if anchor else ()
        self.before = look.before
        self.after = look.after

    @property
    def height(self) -> float:
        """Height of all lines."""
        return len(self.lines) * self.look.leading

    @property
    def footnotes(self) -> list[TextBox]:
        """Footnotes with their marks in these lines."""
        return _footnotes(self.lines)

    @property
    def baseline(self) -> float:
        """Distance from the top of a line to its baseline."""
        size = self.look.ink.size
        return (self.look.leading - (_ASCENT + _DESCENT) * size) / 2 + _ASCENT * size

    @property
    def last_line_width(self) -> float:
        """From the left edge of the box to the end of its last line."""
        return self.indent + (self.lines[-1].width if self.lines else 0.0)

    def opening(self) -> tuple[float, Sequence[TextBox]]:
        """The first lines."""
        count = len(self.lines)
        if count >= 2 * FEWEST_LINES:
            count = FEWEST_LINES
        return count * self.look.leading, _footnotes(self.lines[:count])

    def split(self, room: Room, *, forced: bool) -> tuple[Piece, Sequence[Piece]] | None:
        """Divide between lines."""
        fitting = self.fitting_lines(room)
        count = min(fitting, len(self.lines) - FEWEST_LINES)
        if count < FEWEST_LINES:
            if not forced or len(self.lines) <= 1:
                return None
            count = min(max(fitting, 1), len(self.lines) - 1)
        head, rest = self.divided(count)
        return head, (rest,)

    def fitting_lines(self, room: Room) -> int:
        """How many lines fit with the footnotes on them."""
        count = min(len(self.lines), max(0, int((room.height + 0.01) / self.look.leading)))
        while count and not room.fits(count * self.look.leading, _footnotes(self.lines[:count])):
            count -= 1
        return count

    def divided(self, count: int) -> tuple[TextBox, TextBox]:
        """The first lines and the others; the label and the anchor stay with the first."""
        head, rest = self._with_lines(self.lines[:count]), self._with_lines(self.lines[count:])
        head.label, head.anchors, head.before = self.label, self.anchors, self.before
        head.after = 0.0
        rest.before = 0.0
        rest.keep_with_next = self.keep_with_next
        return head, rest

    def _with_lines(self, lines: list[Line]) -> TextBox:
        part = TextBox((), self.look, self.width, align=self.align, indent=self.indent)
        part.lines = lines
        return part

    def draw(self, painter: Painter, x: float, top: float, *, as_artifact: bool = False) -> None:
        """Paint; as an artifact it is decoration that repeats what was read before."""
        if self.anchors and not as_artifact:
            painter.place(self.anchors[0], x, top)
        baseline = top - self.baseline
        placed = [(x, baseline, self.label[0])] if self.label else []
        room = self.width - self.indent
        for index, line in enumerate(self.lines):
            shift = {"left": 0.0, "right": room - line.width, "center": (room - line.width) / 2}
            placed.append(
                (
                    x + self.indent + shift[self.align],
                    baseline - index * self.look.leading,
                    line,
                )
            )
        painter.lines(placed, as_artifact=as_artifact)


def _footnotes(lines: Sequence[Line]) -> list[TextBox]:
    return [note for line in lines for note in line.footnotes]
