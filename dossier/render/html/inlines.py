"""Inline runs as HTML, and the footnotes they leave to the end of their chapter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from dossier.compose.document import (
    CrossReference,
    Document,
    Emphasis,
    Footnote,
    Inline,
    LineBreak,
    Link,
    Number,
    OpenField,
    Strong,
    Text,
)
from dossier.render.html.ids import Ids
from dossier.render.html.markup import breakable, element, escaped
from dossier.render.quantities import whole_quantities

_WEB = ("http", "https")
_ADDRESS_CHARACTERS = "!#$%&'()*+,-./:;=?@[]_~"
_BETWEEN_MARKS = "\u202f"


@dataclass(frozen=True, slots=True)
class _Note:
    """A footnote whose mark has been written."""

    number: int
    place: str
    mark: str
    children: tuple[Inline, ...]


class Inlines:
    """Writes inline runs of one document.

    Parameters
    ----------
    document
        The document.
    ids
        Its places.
    """

    def __init__(self, document: Document, ids: Ids) -> None:
        self.words = document.words
        self.ids = ids
        self._count = 0
        self._waiting: list[_Note] = []

    def markup(self, children: Sequence[Inline]) -> str:
        """HTML of inline runs; their footnotes wait for `notes`."""
        parts: list[str] = []
        children = whole_quantities(children, self.words.units)
        for position, child in enumerate(children):
            match child:
                case Strong(inner):
                    parts.append(element("strong", self.markup(inner)))
                case Emphasis(inner):
                    parts.append(element("em", self.markup(inner)))
                case Number(text, path, target) if target:
                    href = self.ids.link(target)
                    parts.append(
                        element("a", breakable(text), class_="number", href=href, data_path=path)
                    )
                case Number(text, path):
                    parts.append(element("span", breakable(text), data_path=path))
                case CrossReference(target, text):
                    href = self.ids.link(target)
                    parts.append(element("a", escaped(text), href=href))
                case Link(url, text):
                    address = web_address(url)
                    parts.append(element("a", breakable(text), href=address, rel="noreferrer"))
                case Footnote():
                    # A mark stands close to its word, and apart from another mark.
                    follows = position > 0 and isinstance(children[position - 1], Footnote)
                    if parts and not follows:
                        parts[-1] = parts[-1].rstrip(" ")
                    parts.append(self._mark(child, after_mark=follows))
                case OpenField(text):
                    parts.append(element("span", breakable(text), class_="open-field"))
                case LineBreak():
                    parts.append(element("br"))
                case _:
                    parts.append(breakable(child.text))
        for at in range(1, len(children) - 1):
            if _is_range(children[at - 1 : at + 2]):
                parts[at - 1] = f'<span class="range">{parts[at - 1]}'
                parts[at + 1] += "</span>"
        return "".join(parts)

    def _mark(self, footnote: Footnote, *, after_mark: bool) -> str:
        self._count += 1
        number = self._count
        place = self.ids.fresh(f"footnote-{number}")
        mark = self.ids.fresh(f"footnote-mark-{number}")
        self._waiting.append(_Note(number, place, mark, footnote.children))
        link = element(
            "a",
            str(number),
            id=mark,
            href=f"#{place}",
            role="doc-noteref",
            aria_label=f"{self.words.footnote} {number}",
        )
        return element("sup", (_BETWEEN_MARKS if after_mark else "") + link)

    def notes(self) -> str:
        """The footnotes since the last call, each with a link back to its mark."""
        items: list[str] = []
        first = last = self._waiting[0].number if self._waiting else 0
        while self._waiting:  # the words of a note may add another
            note = self._waiting.pop(0)
            last = note.number
            back = element(
                "a",
                str(note.number),
                href=f"#{note.mark}",
                role="doc-backlink",
                aria_label=f"{self.words.footnote} {note.number}",
            )
            words = element("span", self.markup(note.children))
            items.append(element("li", f"{back} {words}", id=note.place))
        if not items:
            return ""
        numbers = str(first) if first == last else f"{first}–{last}"
        return element(
            "section",
            element("ol", "\n".join(items)),
            class_="footnotes",
            role="doc-endnotes",
            aria_label=f"{self.words.footnote} {numbers}",
        )


def _is_range(children: Sequence[Inline]) -> bool:
    """Whether runs are a number, a dash and a number."""
    match children:
        case (Number(), Text("–"), Number()):
            return True
    return False


def web_address(url: str) -> str:
    """An address that a link may lead to.

    Raises
    ------
    ValueError
        When it is no address on the web, such as one that runs a script.

    Examples
    --------
    >>> web_address("https://example.org/é?q=1 2")
    'https://example.org/%C3%A9?q=1%202'
    """
    try:
        parts = urlsplit(url)
        known = parts.scheme.lower() in _WEB and bool(parts.hostname)
    except ValueError:
        known = False
    if not known and not re.fullmatch(r"mailto:[^\s@]+@[^\s@]+", url):
        raise ValueError(f"{url!r} is not a web address")
    return quote(url, safe=_ADDRESS_CHARACTERS)
