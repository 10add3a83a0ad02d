"""A boxed statement: background, bar at the left, title and paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dossier.compose.document import Callout, Inline
from dossier.render.pdf.inlines import Setting
from dossier.render.pdf.lines import chunks_of
from dossier.render.pdf.look import Look, TextLook
from dossier.render.pdf.pieces import Piece, Room
from dossier.render.pdf.structure import Element
from dossier.render.pdf.textbox import TextBox

if TYPE_CHECKING:
    from dossier.render.pdf.painter import Painter

PADDING = 9.0
BAR = 3.0
TEXT_LEFT = BAR + 11.0
TEXT_RIGHT = 12.0


class CalloutPiece:
    """Text boxes on a common background; kept together when a page can hold them."""

    keep_with_next = False
    anchors: tuple[str, ...] = ()

    def __init__(self, look: Look, boxes: Sequence[TextBox], fill: str, bar: str) -> None:
        self.look = look
        self.boxes = list(boxes)
        self.fill, self.bar = fill, bar
        self.before, self.after = 8.0, 12.0

    @property
    def height(self) -> float:
        """Height with the padding."""
        inner = sum(box.height + box.after for box in self.boxes)
        return inner - (self.boxes[-1].after if self.boxes else 0.0) + 2 * PADDING

    @property
    def footnotes(self) -> list[TextBox]:
        """Footnotes of title and paragraphs."""
        return [note for box in self.boxes for note in box.footnotes]

    def opening(self) -> tuple[float, Sequence[TextBox]]:
        """All of it."""
        return self.height, self.footnotes

    def split(self, room: Room, *, forced: bool) -> tuple[Piece, Sequence[Piece]] | None:
        """Divide between or inside paragraphs, only when no page can hold the whole."""
        if not forced:
            return None
        heads: list[TextBox] = []
        rests = list(self.boxes)
        inner = replace(room, height=room.height - 2 * PADDING)
        while rests and inner.fits(rests[0].height, rests[0].footnotes):
            box = rests.pop(0)
            heads.append(box)
            inner = inner.without(box.height + box.after, box.footnotes)
        if rests:
            count = rests[0].fitting_lines(inner)
            if count or not heads:
                head, rests[0] = rests[0].divided(max(1, count))
                heads.append(head)
        rests = [box for box in rests if box.lines]
        if not rests:
            return None
        return self._with(heads), (self._with(rests),)

    def _with(self, boxes: list[TextBox]) -> CalloutPiece:
        return CalloutPiece(self.look, boxes, self.fill, self.bar)

    def draw(self, painter: Painter, x: float, top: float) -> None:
        """Paint the ground, then the text."""
        height = self.height
        with painter.artifact():
            painter.fill(x, top - height, self.look.width, height, self.fill)
            painter.fill(x, top - height, BAR, height, self.bar)
        y = top - PADDING
        for box in self.boxes:
            box.draw(painter, x + TEXT_LEFT, y)
            y -= box.height + box.after


def set_callout(setting: Setting, callout: Callout) -> list[Piece]:
    """Set a boxed statement."""
    look = setting.look
    element = setting.section.child("Div")
    width = look.width - TEXT_LEFT - TEXT_RIGHT

    def box(children: Sequence[Inline], text_look: TextLook, parent: Element) -> TextBox:
        runs = setting.runs(children, parent.child("P"), text_look.ink)
        return TextBox(chunks_of(runs), text_look, width)

    boxes = [box(callout.title, look.callout_title, element)] if callout.title else []
    boxes += [box(paragraph, look.callout_text, element) for paragraph in callout.paragraphs]
    setting.place_notes()
    return [CalloutPiece(look, boxes, look.tone(callout.tone), look.tone_bar(callout.tone))]
