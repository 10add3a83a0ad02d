"""Reading the reference document of a pack: the look of its styles, and nothing else of it.

Only typed values leave this module, never XML: no macro, picture, link or setting of the reference
document can reach a file that we write. Properties are resolved as ECMA-376 Part 1, 17.7.2 says:
the document's defaults, then the chain of ``w:basedOn``, nearest last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, cast

from dossier.compose.look import AUTOMATIC, Alignment, PageLook, ReferenceLook, StyleLook
from dossier.compose.reference_package import DRAWING as _A
from dossier.compose.reference_package import WORD as _W
from dossier.compose.reference_package import ReferencePackage

LEAST_TEXT_WIDTH = 200.0
LEAST_TEXT_HEIGHT = 250.0

# Names that other tools write for Word's built-in styles when they work in Dutch. Word itself keeps
# the English name in w:name whatever its language (ECMA-376 Part 1, 17.7.4.9). The Dutch names are
# those that Dutch Word shows, and makes the ids of its files from (Kop1, Lijstopsomteken, Inhopg1).
# "Lijst met afbeeldingen" and "Ondertitel" were not seen in such a file: unverified.
DUTCH_NAMES: Mapping[str, str] = {
    "Standaard": "Normal",
    "Titel": "Title",
    "Ondertitel": "Subtitle",
    "Kop 1": "heading 1",
    "Kop 2": "heading 2",
    "Kop 3": "heading 3",
    "Bijschrift": "caption",
    "Lijst opsom.teken": "List Bullet",
    "Lijstnummering": "List Number",
    "Voetnoottekst": "footnote text",
    "Koptekst": "header",
    "Voettekst": "footer",
    "Kop van inhoudsopgave": "TOC Heading",
    "Inhopg 1": "toc 1",
    "Inhopg 2": "toc 2",
    "Inhopg 3": "toc 3",
    "Lijst met afbeeldingen": "table of figures",
    "Zwaar": "Strong",
    "Nadruk": "Emphasis",
}
CHARACTER_STYLES = frozenset({"Strong", "Emphasis", "Hyperlink"})
NAMES = frozenset({*DUTCH_NAMES.values(), *CHARACTER_STYLES})


def read_reference(folder: Path, name: str, *, file: str, row: int | None) -> ReferenceLook:
    """The look of a reference document.

    Parameters
    ----------
    folder
        The pack's folder, which the document must stand in.
    name
        Path of the document in that folder.
    file, row
        The pack's file and line that name it, for problems.

    Raises
    ------
    InputError
        When it is no Word document of a reasonable size, or a value in it cannot be used.
    """
    return _Reading(ReferencePackage(folder, name, file, row)).look()


class _Reading:
    def __init__(self, package: ReferencePackage) -> None:
        self._package = package
        self._fonts = {} if package.theme is None else _theme_fonts(package.theme)
        self._styles: dict[str, Any] = {
            str(style.get(f"{_W}styleId")): style for style in package.styles.findall(f"{_W}style")
        }

    def look(self) -> ReferenceLook:
        styles = _by_name(list(self._styles.values()))
        found = {name: self._style(name, style) for name, style in styles.items()}
        return ReferenceLook(found, self._page(self._package.document))

    # --- styles ----------------------------------------------------------------------------------

    def _style(self, name: str, style: Any) -> StyleLook:
        chain = list(self._chain(style))
        runs = [x.find(f"{_W}rPr") for x in reversed(chain)]
        if name in CHARACTER_STYLES:
            ink = _last(runs, "color")
            return StyleLook(ink=None if ink is None else self._ink(name, ink))
        defaults = style.getparent().find(f"{_W}docDefaults")
        layouts = [x.find(f"{_W}pPr") for x in reversed(chain)]
        if defaults is not None:
            runs.insert(0, defaults.find(f"{_W}rPrDefault/{_W}rPr"))
            layouts.insert(0, defaults.find(f"{_W}pPrDefault/{_W}pPr"))
        return self._paragraph(name, layouts, self._characters(name, runs))

    def _chain(self, style: Any) -> Iterator[Any]:
        """A style and those it is based on; a circle ends where it closes."""
        seen: set[str] = set()
        while style is not None and style.get(f"{_W}styleId") not in seen:
            seen.add(style.get(f"{_W}styleId"))
            yield style
            base = style.find(f"{_W}basedOn")
            style = None if base is None else self._styles.get(str(base.get(f"{_W}val")))

    def _characters(self, name: str, layers: list[Any]) -> StyleLook:
        """What the layers say, the last first, and Word's defaults for the rest."""
        font = None
        for layer in layers:
            font = self._font(name, layer) or font
        size = _last(layers, "sz")
        ink = _last(layers, "color")
        # Without any word of it Word writes in Times New Roman, 10 points.
        return StyleLook(
            font=font or "Times New Roman",
            size=10.0 if size is None else self._size(name, size),
            ink=AUTOMATIC if ink is None else self._ink(name, ink),
            bold=_is_on(_last(layers, "b")),
            italic=_is_on(_last(layers, "i")),
            capitals=_is_on(_last(layers, "caps")),
            small_capitals=_is_on(_last(layers, "smallCaps")),
        )

    def _paragraph(self, name: str, layers: list[Any], look: StyleLook) -> StyleLook:
        spacing: dict[str, str] = {}
        for layer in layers:
            found = None if layer is None else layer.find(f"{_W}spacing")
            if found is not None:
                spacing |= {key.removeprefix(_W): str(value) for key, value in found.items()}
        before, after, line = (
            self._points(name, "spacing", spacing.get(key, default))
            for key, default in (("before", "0"), ("after", "0"), ("line", "240"))
        )
        in_lines = spacing.get("lineRule", "auto") == "auto"
        align = _last(layers, "jc")
        value = "left" if align is None else str(align.get(f"{_W}val"))
        known = {"start": "left", "end": "right", "left": "left", "center": "center"}
        known |= {"right": "right", "both": "both"}
        return replace(
            look,
            before=before,
            after=after,
            line=line / 12 if in_lines else line,
            line_in_lines=in_lines,
            joined=_is_on(_last(layers, "contextualSpacing")),
            align=cast("Alignment", known.get(value, "left")),
        )

    # --- values ----------------------------------------------------------------------------------

    def _font(self, name: str, layer: Any) -> str | None:
        fonts = None if layer is None else layer.find(f"{_W}rFonts")
        if fonts is None:
            return None
        theme = fonts.get(f"{_W}asciiTheme")
        font = self._fonts.get(str(theme)[:5]) if theme else None
        font = font or fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi")
        if font is not None and not re.fullmatch(r"[\w .,&'+()@-]{1,64}", font):
            self._refuse_value(name, "typeface", font, "the name of a typeface")
        return font or None

    def _size(self, name: str, element: Any) -> float:
        value = str(element.get(f"{_W}val"))
        points = int(value) / 2 if re.fullmatch(r"\d{1,4}", value) else 0.0
        if not 4 <= points <= 144:
            self._refuse_value(name, "size", value, "4 to 144 points")
        return points

    def _ink(self, name: str, element: Any) -> str:
        value = str(element.get(f"{_W}val"))
        if value == AUTOMATIC:
            return AUTOMATIC
        if not re.fullmatch(r"[0-9A-Fa-f]{6}", value):
            self._refuse_value(name, "colour", value, "a colour such as 17365D, or auto")
        return f"#{value.upper()}"

    def _points(self, name: str, what: str, value: str) -> float:
        """Twentieths of a point, or a length with a unit, in points."""
        units = {"": 0.05, "pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "pc": 12.0}
        found = re.fullmatch(r"(-?\d{1,6}(?:\.\d{1,6})?)(pt|in|cm|mm|pc)?", value)
        points = float(found[1]) * units[found[2] or ""] if found else -1.0
        if not 0 <= points <= 1584:
            self._refuse_value(name, what, value, "a length of 0 to 1584 points")
        return points

    def _page(self, document: Any) -> PageLook | None:
        section = next(reversed(list(document.iter(f"{_W}sectPr"))), None)
        if section is None:
            return None
        size, margins = section.find(f"{_W}pgSz"), section.find(f"{_W}pgMar")
        if size is None or margins is None:
            return None
        width, height = (self._points("page", "paper", size.get(f"{_W}{x}", "")) for x in "wh")
        # A negative margin is Word's way to say that a header may run into the text.
        top, bottom, left, right, gutter = (
            self._points("page", "margin", margins.get(f"{_W}{side}", "0").lstrip("-"))
            for side in ("top", "bottom", "left", "right", "gutter")
        )
        page = PageLook(width, height, left + gutter, right, top, bottom)
        if (
            width - page.left - right < LEAST_TEXT_WIDTH
            or height - top - bottom < LEAST_TEXT_HEIGHT
        ):
            self._package.refuse(
                "the page of the reference document leaves too little room",
                f"at least {LEAST_TEXT_WIDTH:.0f} by {LEAST_TEXT_HEIGHT:.0f} points for text",
            )
        return page

    def _refuse_value(self, style: str, what: str, value: str, expected: str) -> NoReturn:
        message = f"{what} of {style!r} in the reference document cannot be used: {value[:80]!r}"
        self._package.refuse(message, expected)


def _by_name(styles: list[Any]) -> dict[str, Any]:
    """The styles that have a counterpart of ours; an English name goes before a Dutch one."""
    english = {_plain(name): name for name in NAMES}
    dutch = {_plain(name): meant for name, meant in DUTCH_NAMES.items()}
    found: dict[str, Any] = {}
    for names in (english, dutch):
        for style in styles:
            element = style.find(f"{_W}name")
            written = "" if element is None else _plain(str(element.get(f"{_W}val")))
            meant = names.get(written)
            if meant and style.get(f"{_W}type", "paragraph") == _kind(meant):
                found.setdefault(meant, style)
    return found


def _kind(name: str) -> str:
    return "character" if name in CHARACTER_STYLES else "paragraph"


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _theme_fonts(theme: Any) -> dict[str, str]:
    """Typefaces of a theme by the beginning of their names, ``major`` and ``minor``."""
    found: dict[str, str] = {}
    for slot in ("major", "minor"):
        latin = theme.find(f".//{_A}{slot}Font/{_A}latin")
        if latin is not None and latin.get("typeface"):
            found[slot] = str(latin.get("typeface"))
    return found


def _last(layers: list[Any], tag: str) -> Any:
    """The element that the last of the layers has."""
    found = [layer.find(f"{_W}{tag}") for layer in layers if layer is not None]
    return next((element for element in reversed(found) if element is not None), None)


def _is_on(element: Any) -> bool:
    return element is not None and element.get(f"{_W}val", "1") not in {"0", "false", "off"}
