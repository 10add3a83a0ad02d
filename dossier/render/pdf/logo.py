"""The logo of the house: a figure on the title page, decoration in the running header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dossier.compose.document import Logo
from dossier.render.pdf.pieces import Piece, Room
from dossier.render.pdf.structure import Element
from dossier.render.pdf.textbox import TextBox

if TYPE_CHECKING:
    from dossier.render.pdf.painter import Painter


@dataclass(frozen=True, slots=True)
class LogoPiece:
    """The logo on the title page."""

    logo: Logo
    element: Element
    before: float = 0.0
    after: float = 12.0
    keep_with_next: bool = True
    footnotes: tuple[TextBox, ...] = ()
    anchors: tuple[str, ...] = ()

    @property
    def height(self) -> float:
        """Height on the page."""
        return self.logo.on_title

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
        """Paint it."""
        width = self.height * self.logo.shape
        self.element.box = (x, top - self.height, x + width, top)
        with painter.tagged(self.element):
            paint_logo(self.logo, self.height, painter, x, top)


def paint_logo(logo: Logo, height: float, painter: Painter, x: float, top: float) -> None:
    """Paint the logo with its top left corner at (x, top), inside an open element or artifact."""
    if isinstance(logo.picture, bytes):
        painter.picture(logo.picture, x, top, height * logo.shape, height)
    else:
        painter.scene(logo.picture, x, top, height / logo.picture.height)
