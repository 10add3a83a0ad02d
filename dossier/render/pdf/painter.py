"""Marks on pages: text, shapes, links and places, each tagged with what it is."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, Literal

from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from dossier import fonts
from dossier.compose.scene import Scene
from dossier.render.pdf.lines import Fragment, Line
from dossier.render.pdf.look import Ink, Look
from dossier.render.pdf.structure import Element, LinkTarget, Place, Structure
from dossier.render.pdf.text import TextOperators
from dossier.render.scene_pdf import draw_scene

ArtifactKind = Literal["Layout", "Header", "Footer"]

_ARTIFACTS: dict[ArtifactKind, str] = {
    "Layout": "/Artifact <</Type /Layout>> BDC",
    "Header": "/Artifact <</Type /Pagination /Subtype /Header>> BDC",
    "Footer": "/Artifact <</Type /Pagination /Subtype /Footer>> BDC",
}
_UNDERLINE_BELOW, _UNDERLINE_WIDTH = 1.6, 0.4


@cache
def _color(code: str) -> Any:
    return HexColor(code)


class Painter:
    """Paints pages one after the other and fills the structure tree.

    Parameters
    ----------
    look
        The house style.
    structure
        Receives the marked content, links and places.
    pages
        Page number, from 1, of every anchor.
    """

    def __init__(self, look: Look, structure: Structure, pages: Mapping[str, int]) -> None:
        fonts.register()
        self.look = look
        self.structure = structure
        self.pages = pages
        self.page = 0
        self._buffer = io.BytesIO()
        self._canvas: Any = Canvas(
            self._buffer,
            (look.page_width, look.page_height),
            invariant=1,
            pageCompression=0,
            initialFontName=fonts.NAMES["regular"],
        )
        self._text = TextOperators(self._canvas._doc)

    def next_page(self) -> None:
        """End the page."""
        self._canvas.showPage()
        self.page += 1

    def finish(self) -> bytes:
        """End the file."""
        while len(self.structure.marked) < self.page:
            self.structure.marked.append([])
        self._canvas.save()
        return self._buffer.getvalue()

    # --- what marks mean -------------------------------------------------------------------------

    @contextmanager
    def artifact(self, kind: ArtifactKind = "Layout") -> Iterator[None]:
        """Everything painted inside is decoration, not content."""
        self._canvas.addLiteral(_ARTIFACTS[kind])
        yield
        self._canvas.addLiteral("EMC")

    @contextmanager
    def tagged(self, element: Element) -> Iterator[None]:
        """Everything painted inside belongs to an element."""
        self._open(element)
        yield
        self._canvas.addLiteral("EMC")

    def _open(self, element: Element) -> None:
        number = self.structure.mark(self.page, element)
        self._canvas.addLiteral(f"/{element.tag} <</MCID {number}>> BDC")

    def place(self, anchor: str, x: float, top: float) -> None:
        """Remember where an anchor is."""
        self.structure.places[anchor] = Place(self.page, x, top)

    def link_area(
        self, target: LinkTarget, left: float, bottom: float, right: float, top: float
    ) -> None:
        """Make a rectangle follow a link."""
        self.structure.add_link_area(self.page, (left, bottom, right, top), target)

    # --- text ------------------------------------------------------------------------------------

    def lines(
        self, placed: Iterable[tuple[float, float, Line]], *, as_artifact: bool = False
    ) -> None:
        """Paint lines, each with the left end of its baseline."""
        underlines: list[tuple[float, float, float, str]] = []
        # Neighbours of one element share one marked content, also over several lines.
        stretch: list[tuple[float, float, Fragment]] = []
        for line_x, y, line in placed:
            x = line_x
            for fragment in line.fragments:
                if stretch and stretch[-1][2].run.element is not fragment.run.element:
                    self._paint_stretch(stretch, as_artifact=as_artifact)
                    stretch = []
                stretch.append((x, y, fragment))
                link = fragment.run.link
                if link is not None and link.url and not as_artifact:
                    underlines.append((x, y, fragment.width, fragment.run.ink.color))
                x += fragment.width
        if stretch:
            self._paint_stretch(stretch, as_artifact=as_artifact)
        if underlines:
            with self.artifact():
                for x, y, width, color in underlines:
                    below = y - _UNDERLINE_BELOW
                    self.rule(x, below, x + width, below, color, _UNDERLINE_WIDTH)

    def _paint_stretch(
        self, stretch: list[tuple[float, float, Fragment]], *, as_artifact: bool
    ) -> None:
        element = stretch[0][2].run.element
        with self.artifact() if as_artifact else self.tagged(element):
            text = self._text.begin()
            end: tuple[float, float] | None = None
            for x, y, fragment in stretch:
                if end is None or end[1] != y or abs(end[0] - x) > 1e-6:
                    text.move(x, y)
                text.write(fragment.text, fragment.run.ink)
                end = (x + fragment.width, y)
            self._canvas.addLiteral(text.end())
        if as_artifact:
            return
        for x, y, fragment in stretch:
            run = fragment.run
            if run.link is not None and fragment.width:
                foot = y + run.ink.rise
                size = run.ink.size
                self.link_area(
                    run.link, x, foot - 0.25 * size, x + fragment.width, foot + 0.85 * size
                )

    def string(
        self,
        x: float,
        y: float,
        text: str,
        ink: Ink,
        align: Literal["left", "right"] = "left",
    ) -> None:
        """Paint characters inside an open element or artifact."""
        self._canvas.setFont(fonts.NAMES[ink.face], ink.size)
        self._canvas.setFillColor(_color(ink.color))
        if align == "left":
            self._canvas.drawString(x, y, text)
        else:
            self._canvas.drawRightString(x, y, text)

    # --- shapes, inside an open element or artifact ----------------------------------------------

    def fill(self, left: float, bottom: float, width: float, height: float, color: str) -> None:
        """Paint a rectangle."""
        self._canvas.setFillColor(_color(color))
        self._canvas.rect(left, bottom, width, height, stroke=0, fill=1)

    def rule(self, x1: float, y1: float, x2: float, y2: float, color: str, width: float) -> None:
        """Paint a straight line."""
        self._canvas.setStrokeColor(_color(color))
        self._canvas.setLineWidth(width)
        self._canvas.line(x1, y1, x2, y2)

    def picture(self, png: bytes, x: float, top: float, width: float, height: float) -> None:
        """Draw a PNG picture with its top left corner at (x, top)."""
        picture = ImageReader(io.BytesIO(png))
        self._canvas.drawImage(picture, x, top - height, width, height)

    def scene(self, scene: Scene, x: float, top: float, scale: float) -> None:
        """Paint a figure with its top left corner at (x, top)."""
        draw_scene(self._canvas, scene, x, top, scale)
