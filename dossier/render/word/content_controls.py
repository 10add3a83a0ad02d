"""Content controls: the places of a Word file that somebody still has to fill in.

A control shows the marked field as its placeholder: what is typed there replaces all of it, and
Word names the field by its title. Scripts of an office find it by its tag.
"""

from __future__ import annotations

import re
import unicodedata

from dossier.compose.document import OpenField
from dossier.render.word.xml import escaped, run, style_of_run

_LONGEST = 64
"""Word refuses a longer title or tag."""


class ContentControls:
    """Writes the open fields of a document, each with a number and a tag of its own.

    Parameters
    ----------
    language
        Language of the document, BCP 47, for dates.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._tags: set[str] = set()

    def control(self, field: OpenField, label: str, properties: str = "") -> str:
        """A field in a line of text.

        Parameters
        ----------
        field
            The field.
        label
            What it is about: the strong words or the row heading before it, else ``""``.
        properties
            Look of the words around it.
        """
        asked = field.text.strip("[]")
        about = label.strip().rstrip(":").strip()
        title = f"{about}: {asked}" if about else asked
        tag = self._tag(about or asked)
        content = run(field.text, properties or style_of_run("PlaceholderText"))
        kind = _date(self._language) if field.kind == "date" else "<w:text/>"
        return (
            f'<w:sdt><w:sdtPr><w:alias w:val="{escaped(_shortened(title))}"/>'
            f'<w:tag w:val="{tag}"/><w:id w:val="{_FIRST_NUMBER + len(self._tags)}"/>'
            f"<w:showingPlcHdr/>{kind}</w:sdtPr>"
            f"<w:sdtContent>{content}</w:sdtContent></w:sdt>"
        )

    def _tag(self, words: str) -> str:
        """Letters, digits and underscores; the same words once more get a number."""
        plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[: _LONGEST - 5].rstrip("_") or "field"
        tag, count = stem, 1
        while tag in self._tags:
            count += 1
            tag = f"{stem}_{count}"
        self._tags.add(tag)
        return tag


_FIRST_NUMBER = 500_000
"""Above the numbers of the other parts of a document, which are counted from 1."""


def _date(language: str) -> str:
    return (
        f'<w:date><w:dateFormat w:val="d MMMM yyyy"/><w:lid w:val="{escaped(language)}"/>'
        '<w:storeMappedDataAs w:val="dateTime"/><w:calendar w:val="gregorian"/></w:date>'
    )


def _shortened(title: str) -> str:
    """A title that Word accepts, cut between words."""
    if len(title) <= _LONGEST:
        return title
    cut = title[: _LONGEST - 1]
    head, space, _ = cut.rpartition(" ")
    return f"{head if space else cut}…"
