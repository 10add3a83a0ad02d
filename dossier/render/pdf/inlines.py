"""Inline runs of the document model as runs of characters, with their structure elements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dossier.compose.document import (
    CrossReference,
    Document,
    Emphasis,
    Footnote,
    Inline,
    LineBreak,
    Link,
    Number,
    Strong,
    plain_text,
)
from dossier.render.pdf.lines import Run, chunks_of
from dossier.render.pdf.look import Ink, Look
from dossier.render.pdf.structure import Element, LinkTarget, Structure
from dossier.render.pdf.textbox import TextBox
from dossier.render.printable import breakable
from dossier.render.quantities import whole_quantities

FOOTNOTE_INDENT = 16.0
NARROW_SPACE = "\u202f"


class Setting:
    """What setting any block needs: the document, its look, its structure, the footnote count.

    Parameters
    ----------
    document
        The document being set.
    look
        Its house style.

    Attributes
    ----------
    columns
        Widths of the columns of tables in points, by anchor; not of tables in smaller text.
    kept_rows
        By anchor of a table, the positions of rows, from 1, that stay with what follows.
    """

    def __init__(self, document: Document, look: Look) -> None:
        self.document = document
        self.look = look
        self.words = document.words
        self.structure = Structure()
        self.section = self.structure.root.child("Sect")
        self.columns: dict[str, tuple[float, ...]] = {}
        self.kept_rows: dict[str, set[int]] = {}
        self._footnotes = 0
        self._waiting: list[Element] = []

    def runs(self, children: Sequence[Inline], element: Element, ink: Ink) -> list[Run]:
        """Set inline runs inside an element.

        Notes of footnotes wait until `place_notes` puts them behind the block.
        """
        runs: list[Run] = []
        for child in whole_quantities(children, self.words.units):
            match child:
                case Strong(inner):
                    runs += self.runs(inner, element, ink.bold())
                case Emphasis(inner):
                    runs += self.runs(inner, element, ink.italic())
                case LineBreak():
                    runs.append(Run("", ink, element, breaks_line=True))
                case CrossReference(target, text):
                    spoken = f"{self.words.go_to} {text}"
                    runs.append(self.link(text, element, ink, spoken, anchor=target))
                case Number(text, _, target) if target:
                    # Looks like the words around it: a page full of numbers stays calm.
                    spoken = self.words.origin_of.replace("{number}", text)
                    runs.append(self._linked(text, element, ink, spoken, anchor=target))
                case Link(url, text):
                    spoken = f"{self.words.web_link}: {text}"
                    runs.append(self.link(text, element, ink, spoken, url=url))
                case Footnote(inner):
                    # A mark stands close to its word, and apart from another mark.
                    if runs and runs[-1].footnotes:
                        runs += self.text(NARROW_SPACE, element, ink.superscript())
                    elif runs:
                        runs[-1].text = runs[-1].text.rstrip(" ")
                    runs.append(self._footnote(inner, element, ink))
                case _:
                    runs.append(Run(breakable(child.text), ink, element))
        return runs

    def text(self, text: str, element: Element, ink: Ink) -> list[Run]:
        """Set plain characters inside an element."""
        return [Run(breakable(text), ink, element)]

    def link(
        self,
        text: str,
        element: Element,
        ink: Ink,
        spoken: str,
        *,
        anchor: str = "",
        url: str = "",
    ) -> Run:
        """Set words that lead somewhere, in the colour of links."""
        coloured = replace(ink, color=self.look.style.link)
        return self._linked(text, element, coloured, spoken, anchor=anchor, url=url)

    def _linked(
        self, text: str, element: Element, ink: Ink, spoken: str, *, anchor: str, url: str = ""
    ) -> Run:
        target = LinkTarget(element.inline("Link"), spoken, anchor, url)
        return Run(breakable(text), ink, target.element, link=target)

    def _footnote(self, children: Sequence[Inline], element: Element, ink: Ink) -> Run:
        self._footnotes += 1
        number = str(self._footnotes)
        anchor = footnote_anchor(number)
        note = Element("Note", self.section, attached=False, identifier=anchor)
        self._waiting.append(note)
        look = self.look.footnote
        label = self.text(number, note.child("Lbl"), look.ink)
        content = self.runs(children, note, look.ink)
        box = TextBox(
            chunks_of(content),
            look,
            self.look.width,
            label=label,
            indent=FOOTNOTE_INDENT,
            anchor=anchor,
        )
        reference = element.inline("Reference")
        mark = self.link(
            number,
            reference,
            ink.superscript(),
            f"{self.words.footnote} {number}",
            anchor=anchor,
        )
        mark.footnotes = (box, *box.footnotes)
        return mark

    def place_notes(self, parent: Element | None = None) -> None:
        """Give the notes of the block that was just set their place in the reading order."""
        for note in self._waiting:
            note.parent = parent or self.section
            note.attach()
        self._waiting.clear()


def footnote_anchor(number: str) -> str:
    """Name of the place of a footnote; headings and captions cannot have it."""
    return f"footnote:{number}"


def plain(children: Sequence[Inline]) -> str:
    """Inline runs as characters that can be printed, footnotes left out."""
    return breakable(plain_text(tuple(children)))
