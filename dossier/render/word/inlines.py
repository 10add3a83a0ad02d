"""Inline runs of the document model as runs, fields and links of Word."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote, urlsplit

from dossier.compose.document import (
    CrossReference,
    Emphasis,
    Footnote,
    Inline,
    LineBreak,
    Link,
    Number,
    OpenField,
    Strong,
    Text,
    plain_text,
)
from dossier.render.quantities import whole_quantities
from dossier.render.word.content_controls import ContentControls
from dossier.render.word.formatting import characters
from dossier.render.word.targets import Target
from dossier.render.word.xml import (
    external_link,
    field,
    internal_link,
    line_break,
    run,
    style_of_run,
)

_WEB = ("http", "https")
# What may stand in a link unchanged; the rest of ASCII would make Word refuse the whole file.
_ADDRESS_CHARACTERS = "!#$%&'()*+,-./:;=?@[]_~"


class Inlines:
    """Writes inline runs into one part of the package.

    Parameters
    ----------
    targets
        Where cross-references lead.
    relate
        Gives the id of the part's relationship to a web address.
    add_note
        Keeps a footnote and gives the run that refers to it; None where a footnote cannot stand.
    controls
        Writes open fields.
    units
        Words that stay on the line of the number before them.
    """

    def __init__(
        self,
        targets: Mapping[str, Target],
        relate: Callable[[str], str],
        add_note: Callable[[Footnote], str] | None,
        controls: ContentControls,
        units: str = "",
    ) -> None:
        self._units = units
        self._targets = targets
        self._relate = relate
        self._add_note = add_note
        self._controls = controls

    def runs(
        self,
        children: tuple[Inline, ...],
        *,
        strong: bool = False,
        bold: bool = False,
        label: str = "",
    ) -> str:
        """The XML of inline runs.

        Parameters
        ----------
        children
            The inline runs.
        strong
            Whether all of it is strong.
        bold
            Whether the paragraph's own style is bold; strong words then need nothing more, and
            must not have it: Word reads bold upon bold in styles as not bold.
        label
            What open fields among them are about, until strong words say more.
        """
        return self._runs(children, strong=strong, emphasis=False, bold=bold, label=label)

    def _runs(
        self,
        children: tuple[Inline, ...],
        *,
        strong: bool,
        emphasis: bool,
        bold: bool,
        label: str,
    ) -> str:
        properties = _character_style(strong=strong and not bold, emphasis=emphasis)
        # A run has one character style; that of a link leaves no room for Strong.
        firm = characters(bold=True) if strong and not bold else ""
        parts: list[str] = []
        for child in whole_quantities(children, self._units):
            match child:
                case Number(text, _, target) if target:
                    look = properties or style_of_run("TracedNumber")
                    parts.append(internal_link(self._targets[target].bookmark, run(text, look)))
                case Text(text) | Number(text):
                    parts.append(run(text, properties))
                case Strong(inner):
                    looks = {"strong": True, "emphasis": emphasis, "bold": bold}
                    parts.append(self._runs(inner, **looks, label=label))
                    label = plain_text(inner)
                case Emphasis(inner):
                    looks = {"strong": strong, "emphasis": True, "bold": bold}
                    parts.append(self._runs(inner, **looks, label=label))
                case OpenField():
                    parts.append(self._controls.control(child, label, properties))
                case CrossReference():
                    parts.append(self._reference(child, firm))
                case Link(url, text):
                    words = run(text, style_of_run("Hyperlink") + firm)
                    parts.append(external_link(self._relate(web_address(url)), words))
                case Footnote():
                    if self._add_note is None:
                        raise ValueError("a footnote cannot stand in a footnote")
                    parts.append(self._add_note(child))
                case LineBreak():
                    parts.append(line_break())
        return "".join(parts)

    def _reference(self, reference: CrossReference, bold: str) -> str:
        """A reference that Word updates to the same words.

        CHARFORMAT keeps the look of the sentence it stands in, not that of the caption.
        """
        target = self._targets[reference.target]
        name, text = target.bookmark, reference.text
        look = style_of_run("CrossReference") + bold
        if text == target.label and target.kind != "contents":
            return field(rf"REF {name} \h \* CHARFORMAT", text, look)
        if target.number and (found := _whole(target.number).search(text)):
            before, after = text[: found.start()], text[found.end() :]
            number = field(rf"REF {name} \r \h \* CHARFORMAT", target.number, look)
            return _linked(name, run(before, look)) + number + _linked(name, run(after, look))
        return _linked(name, run(text, look))


def web_address(url: str) -> str:
    """An address that may stand in the package's relationships.

    Raises
    ------
    ValueError
        When it is no address on the web.
    """
    try:
        parts = urlsplit(url)
        known = parts.scheme.lower() in _WEB and bool(parts.hostname)
    except ValueError:
        known = False
    if not known and not re.fullmatch(r"mailto:[^\s@]+@[^\s@]+", url):
        raise ValueError(f"{url!r} is not a web address")
    return "".join(c if c > "\x7f" else quote(c, safe=_ADDRESS_CHARACTERS) for c in url)


def _character_style(*, strong: bool, emphasis: bool) -> str:
    if strong and emphasis:
        return style_of_run("StrongEmphasis")
    if strong or emphasis:
        return style_of_run("Strong" if strong else "Emphasis")
    return ""


def _linked(name: str, runs: str) -> str:
    return internal_link(name, runs) if runs else ""


def _whole(number: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.]){re.escape(number)}(?!\.?\w)")
