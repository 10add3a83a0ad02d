"""The first page: a rule, the title, lines below it, details at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from dossier.compose.document import TitlePage
from dossier.render.pdf.inlines import Setting
from dossier.render.pdf.lines import chunks_of
from dossier.render.pdf.logo import LogoPiece
from dossier.render.pdf.look import Look, TextLook
from dossier.render.pdf.pieces import NewPage, Piece, Room, Space
from dossier.render.pdf.structure import Element
from dossier.render.pdf.table import TablePiece
from dossier.render.pdf.table_setting import Draft, DraftRow, measured_rows
from dossier.render.pdf.textbox import TextBox

if TYPE_CHECKING:
    from dossier.render.pdf.painter import Painter

TITLE_DEPTH = 0.2
"""Part of the page above the rule over the title."""
LEAST_DEPTH = 24.0
MOST_TITLE_LINES = 5
SMALLEST_TITLE = 18.0
DETAIL_WEIGHTS = (1.0, 2.9)


@dataclass(frozen=True, slots=True)
class AccentRule:
    """The short, heavy rule over the title."""

    look: Look
    height: float = 26.0
    before: float = 0.0
    after: float = 0.0
    keep_with_next: bool = True
    footnotes: tuple[TextBox, ...] = ()
    anchors: tuple[str, ...] = ()

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
        with painter.artifact():
            painter.fill(x, top - 5, 64, 5, self.look.style.accent)


def set_title_page(setting: Setting, page: TitlePage) -> list[Piece | NewPage]:
    """Set the title page; what is too long for it runs on to the next."""
    look = setting.look
    section = setting.section
    pieces: list[Piece] = []
    logo = look.style.logo
    if logo and logo.on_title:
        element = section.child("Figure", alt=logo.alt)
        pieces.append(LogoPiece(logo, element))
    banner = setting.document.banner
    if banner:
        banner_look = TextLook(replace(look.callout_title.ink, color=look.style.accent), 14)
        pieces.append(_paragraph(setting, banner, banner_look, section))
    upper: list[Piece] = [AccentRule(look), _title(setting, page.title, section)]
    if page.subtitle:
        upper.append(_paragraph(setting, page.subtitle, look.subtitle, section))
    upper += [_paragraph(setting, line, look.title_line, section) for line in page.lines]
    details = [_details(setting, page.details, section)] if page.details else []

    used = sum(piece.height for piece in (*pieces, *upper, *details))
    used += sum(max(a.after, b.before) for a, b in pairwise(upper))
    used += sum(piece.after for piece in pieces)
    spare = max(0.0, look.height - used - 1.0)
    taken = sum(piece.height + piece.after for piece in pieces)
    above = min(spare, max(LEAST_DEPTH, TITLE_DEPTH * look.height - taken))
    pieces += [Space(above), *upper]
    if details:
        between = max(0.0, spare - above - upper[-1].after)
        pieces += [Space(between, keep_with_next=False), *details]
    return [*pieces, NewPage()]


def _paragraph(setting: Setting, text: str, look: TextLook, parent: Element) -> TextBox:
    runs = setting.text(text, parent.child("P"), look.ink)
    return TextBox(chunks_of(runs), look, setting.look.width)


def _title(setting: Setting, title: str, parent: Element) -> TextBox:
    """The title, smaller when it would take more than a few lines."""
    element = parent.child("P")
    look = setting.look.title
    while True:
        box = TextBox(
            chunks_of(setting.text(title, element, look.ink)), look, setting.look.width * 0.96
        )
        size = look.ink.size - 1.0
        if len(box.lines) <= MOST_TITLE_LINES or size < SMALLEST_TITLE:
            return box
        look = replace(look, ink=replace(look.ink, size=size), leading=size * 1.2)


def _details(setting: Setting, details: Sequence[tuple[str, str]], parent: Element) -> TablePiece:
    body = parent.child("Table").child("TBody")
    ink = setting.look.table.ink
    rows: list[DraftRow] = []
    for name, value in details:
        row = body.child("TR")
        heading = setting.text(name, row.child("TH", scope="Row"), ink.bold())
        content = setting.text(value, row.child("TD"), ink)
        rows.append(
            [
                Draft(0, 1, heading, chunks_of(heading)),
                Draft(1, 1, content, chunks_of(content)),
            ]
        )
    _, measured = measured_rows(setting, [], rows, DETAIL_WEIGHTS, "title page")
    for measured_row in measured:
        measured_row.banded = False
    return TablePiece(setting.look, [], measured, [], framed=False)
