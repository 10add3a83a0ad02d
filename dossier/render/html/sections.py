"""All blocks in sections by heading level, the footnotes of each chapter at its end."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.compose.document import (
    Block,
    BulletList,
    Callout,
    Contents,
    Document,
    Figure,
    Heading,
    PageBreak,
    Paragraph,
    Table,
    TitlePage,
)
from dossier.render.html import blocks as written
from dossier.render.html.contents import contents
from dossier.render.html.figures import figure
from dossier.render.html.inlines import Inlines
from dossier.render.html.markup import element, escaped
from dossier.render.html.tables import table

NEW_PAGE = "new-page"
"""Class of what starts a page in print."""


class Sections:
    """Writes blocks one after another and nests them below their headings.

    Parameters
    ----------
    document
        The document.
    inlines
        Writes its words.
    """

    def __init__(self, document: Document, inlines: Inlines) -> None:
        self._document = document
        self._inlines = inlines
        self._open: list[tuple[int, str]] = []
        self._lines: list[str] = []
        self._new_page = ""

    def markup(self, blocks: Sequence[Block]) -> str:
        """HTML of the blocks."""
        for block in blocks:
            self._add(block)
        self._close_down_to(1)
        return "\n".join(self._lines)

    def _add(self, block: Block) -> None:
        if isinstance(block, PageBreak):
            self._new_page = NEW_PAGE
            return
        new_page, self._new_page = self._new_page, ""
        match block:
            case Heading():
                self._add_heading(block, new_page)
            case Contents():
                self._close_down_to(1)
                ids = self._inlines.ids
                self._lines.append(contents(block, self._document, ids, new_page=new_page))
            case TitlePage():
                self._close_down_to(1)
                self._lines.append(written.title_page(block, tag="p", new_page=NEW_PAGE))
                self._new_page = NEW_PAGE
            case _:
                self._lines.append(self._written(block, new_page))

    def _written(
        self, block: Paragraph | BulletList | Callout | Table | Figure, new_page: str
    ) -> str:
        match block:
            case Paragraph():
                return written.paragraph(block, self._inlines, new_page=new_page)
            case BulletList():
                return written.bullet_list(block, self._inlines, new_page=new_page)
            case Callout():
                return written.callout(block, self._inlines, new_page=new_page)
            case Table():
                return table(block, self._inlines, new_page=new_page)
            case Figure():
                return figure(block, self._inlines, new_page=new_page)

    def _add_heading(self, block: Heading, new_page: str) -> None:
        self._close_down_to(block.level)
        # The document's title is h1; below it no level is skipped, whatever the heading's own.
        tag = f"h{len(self._open) + 2}"
        number = element("span", escaped(block.number), class_="label") if block.number else ""
        words = f"{number} {self._inlines.markup(block.children)}".strip()
        group = "section" if words else "div"
        self._open.append((block.level, group))
        self._lines.append(f'<{group} class="{new_page}">' if new_page else f"<{group}>")
        place = self._inlines.ids.of(block.anchor)
        looks = f"level-{block.level}"
        self._lines.append(element(tag if words else "div", words, id=place, class_=looks))

    def _close_down_to(self, level: int) -> None:
        """End the sections of this level and below; a chapter ends with its footnotes."""
        while self._open and self._open[-1][0] >= level:
            if len(self._open) == 1:
                self._add_notes()
            _, group = self._open.pop()
            self._lines.append(f"</{group}>")
        if not self._open:
            self._add_notes()

    def _add_notes(self) -> None:
        notes = self._inlines.notes()
        if notes:
            self._lines.append(notes)
