"""A figure: its scene as vectors, its caption and notes below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dossier.compose.document import Figure
from dossier.compose.scene import Scene
from dossier.render.pdf.captions import set_caption, set_note
from dossier.render.pdf.inlines import Setting
from dossier.render.pdf.pieces import Piece, Room
from dossier.render.pdf.structure import Element
from dossier.render.pdf.textbox import TextBox

if TYPE_CHECKING:
    from dossier.render.pdf.painter import Painter

SMALLEST_PART = 0.4
"""Part of the page that a figure may always take, however long its caption is."""


@dataclass(frozen=True, slots=True)
class ScenePiece:
    """A scene, never divided."""

    scene: Scene
    scale: float
    element: Element
    anchors: tuple[str, ...]
    before: float = 12.0
    after: float = 4.0
    keep_with_next: bool = True
    footnotes: tuple[TextBox, ...] = ()

    @property
    def height(self) -> float:
        """Height on the page."""
        return self.scene.height * self.scale

    def opening(self) -> tuple[float, Sequence[TextBox]]:
        """All of it."""
        return self.height, ()

    def split(
        self,
        room: Room,  # noqa: ARG002
        *,
        forced: bool,  # noqa: ARG002
    ) -> tuple[Piece, Sequence[Piece]] | None:
        """Never."""
        return None

    def draw(self, painter: Painter, x: float, top: float) -> None:
        """Paint the scene as one element with its bounding box."""
        painter.place(self.anchors[0], x, top)
        self.element.box = (x, top - self.height, x + self.scene.width * self.scale, top)
        with painter.tagged(self.element):
            painter.scene(self.scene, x, top, self.scale)


def set_figure(setting: Setting, figure: Figure) -> list[Piece]:
    """Set a figure so that it fits a page together with its caption and notes."""
    look = setting.look
    group = setting.section.child("Div")
    element = group.child("Figure", alt=figure.scene.alt, title=figure.scene.title)
    caption = set_caption(setting, figure, group, look.figure_caption, anchored=False)
    notes = [set_note(setting, note, group) for note in figure.notes]
    setting.place_notes()

    below = [caption, *notes]
    for box in below[:-1]:
        box.keep_with_next = True
    below[-1].keep_with_next = False
    below[-1].after = 16.0
    text = sum(box.height + box.before + box.after for box in below)
    text += sum(note.height + note.after for box in below for note in box.footnotes)
    room = max(look.height - text - 24.0, SMALLEST_PART * look.height)
    scale = min(1.0, look.width / figure.scene.width, room / figure.scene.height)
    return [ScenePiece(figure.scene, scale, element, (figure.anchor,)), *below]
