"""The body of the document while it is being written, paragraph after paragraph."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from dossier.compose.document import Block, Document
from dossier.render.page_layout import PageLayout
from dossier.render.word.formatting import layout
from dossier.render.word.inlines import Inlines
from dossier.render.word.style_definition import space_before
from dossier.render.word.targets import Target
from dossier.render.word.xml import bookmark, paragraph


class Flow:
    """Collects the body's XML and what one block passes on to the next.

    Attributes
    ----------
    document, laid_out, targets, inlines
        What blocks need to know to be written.
    previous
        The block before the one being written.
    breaks_page
        The next paragraph starts a new page.
    gap
        Points that the next paragraph keeps from what is above it: a table, a box, a list.
    """

    def __init__(
        self,
        document: Document,
        laid_out: PageLayout,
        targets: Mapping[str, Target],
        inlines: Inlines,
    ) -> None:
        self.document = document
        self.laid_out = laid_out
        self.targets = targets
        self.inlines = inlines
        self.breaks_page = False
        self.gap = 0.0
        self.previous: Block | None = None
        self._numbers = count(1)
        self._sequences: dict[str, int] = {}
        self._parts: list[str] = []

    def paragraph(
        self,
        style: str,
        content: str,
        *,
        keep_next: bool = False,
        numbering: str = "",
        indent: str = "",
    ) -> str:
        """A paragraph of the body that obeys a page break or gap before it."""
        before = "<w:keepNext/>" * keep_next + "<w:pageBreakBefore/>" * self.breaks_page
        spacing = ""
        if self.breaks_page and space_before(style):
            spacing = layout(before=0)
        elif not self.breaks_page and self.gap > space_before(style):
            spacing = layout(before=self.gap)
        self.breaks_page, self.gap = False, 0.0
        return paragraph(style, content, f"{before}{numbering}{spacing}{indent}")

    def add(self, xml: str) -> None:
        """Append blocks."""
        self._parts.append(xml)

    def number(self) -> int:
        """A number that nothing else in the document has."""
        return next(self._numbers)

    def marked(self, anchor: str, content: str) -> str:
        """Content that the anchor leads to."""
        return bookmark(self.number(), self.targets[anchor].bookmark, content)

    def counts_to(self, sequence: str, number: int) -> bool:
        """Count one caption more; whether Word arrives at the number by itself."""
        expected = self._sequences.get(sequence, 0) + 1
        self._sequences[sequence] = number
        return number == expected

    def page_of(self, anchor: str) -> str:
        """Page on which an anchor stands.

        Raises
        ------
        ValueError
            When the layout did not tell.
        """
        if anchor not in self.laid_out.pages:
            raise ValueError(f"no page number is known for {anchor!r}")
        return str(self.laid_out.pages[anchor])

    @property
    def xml(self) -> str:
        """All blocks so far."""
        return "".join(self._parts)
