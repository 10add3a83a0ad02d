"""Footnotes: references in the text, the notes in a part of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dossier.compose.document import Footnote
from dossier.render.word.content_controls import ContentControls
from dossier.render.word.inlines import Inlines
from dossier.render.word.package import add_part, web_relationship
from dossier.render.word.targets import Target
from dossier.render.word.xml import DECLARATION, declared, paragraph, run, style_of_run

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_SEPARATORS = ((-1, "separator"), (0, "continuationSeparator"))

FOOTNOTE_SETTINGS = (
    "<w:footnotePr>"
    + "".join(f'<w:footnote w:id="{number}"/>' for number, _ in _SEPARATORS)
    + "</w:footnotePr>"
)


class Footnotes:
    """Collects the footnotes of a document part in the order of their references."""

    def __init__(
        self,
        document_part: Any,
        targets: Mapping[str, Target],
        controls: ContentControls,
        units: str = "",
    ) -> None:
        self._part = add_part(document_part, "/word/footnotes.xml", _CONTENT_TYPE, _RELATIONSHIP)
        # Links in footnotes belong to the footnotes' part, not to the document's.
        self._inlines = Inlines(targets, web_relationship(self._part), None, controls, units)
        self._notes: list[str] = []

    def add(self, footnote: Footnote) -> str:
        """Keep a footnote; returns the run that refers to it."""
        self._notes.append(self._inlines.runs(footnote.children))
        return (
            f"<w:r><w:rPr>{style_of_run('FootnoteReference')}</w:rPr>"
            f'<w:footnoteReference w:id="{len(self._notes)}"/></w:r>'
        )

    def finish(self) -> None:
        """Write the part."""
        mark = f"<w:r><w:rPr>{style_of_run('FootnoteReference')}</w:rPr><w:footnoteRef/></w:r>"
        lines = [
            f'<w:footnote w:type="{kind}" w:id="{number}">'
            f"{paragraph('FootnoteText', f'<w:r><w:{kind}/></w:r>')}</w:footnote>"
            for number, kind in _SEPARATORS
        ]
        lines += [
            f'<w:footnote w:id="{number}">'
            f"{paragraph('FootnoteText', mark + run(' ') + note)}</w:footnote>"
            for number, note in enumerate(self._notes, start=1)
        ]
        xml = f"{DECLARATION}<w:footnotes {declared()}>{''.join(lines)}</w:footnotes>"
        self._part.content = xml.encode()
