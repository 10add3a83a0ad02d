"""Our styles in the look of a house's own Word document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from dossier.compose.document import HouseStyle
from dossier.compose.look import StyleLook
from dossier.render.word.formatting import characters
from dossier.render.word.page import twips
from dossier.render.word.style_definition import Style
from dossier.render.word.xml import escaped

_HEADINGS = ("heading 1", "heading 2", "heading 3")
# Their place on the title page is ours.
_OWN_SPACING = frozenset({"Title", "Subtitle"})
# Tab stops at the right margin hold their parts.
_TABBED = frozenset({"header", "footer", "toc 1", "toc 2", "toc 3", "table of figures"})
_AFTER_SPACING = r"<w:(?:ind|contextualSpacing|jc|outlineLvl)\b"
_AFTER_INK = r"<w:(?:sz|u|vertAlign)\b"
_AFTER_JOINING = r"<w:(?:jc|outlineLvl)\b"
_AFTER_ALIGNMENT = r"<w:outlineLvl\b"


def with_reference(style: HouseStyle) -> HouseStyle:
    """The house style with sizes, typeface and margins of its reference document, if it has one.

    What our own styles derive from them, such as the lead or the callouts, follows.
    """
    if style.reference is None:
        return style
    looks, page = style.reference.styles, style.reference.page
    changes: dict[str, Any] = {}
    if body := looks.get("Normal"):
        changes |= {"word_font": body.font or style.word_font, "body_size": body.size}
    sizes = zip(_HEADINGS, style.heading_sizes, strict=True)
    changes["heading_sizes"] = tuple(_size(looks.get(name), own) for name, own in sizes)
    changes["title_size"] = _size(looks.get("Title"), style.title_size)
    if page:
        changes |= {f"margin_{side}": getattr(page, side) for side in _SIDES}
    return replace(style, **changes)


_SIDES = ("left", "right", "top", "bottom")


def dressed(styles: Iterable[Style], style: HouseStyle) -> Iterator[Style]:
    """The styles, those with a counterpart in the reference document in its look.

    Ids, numbering, indents, tab stops, borders and what keeps paragraphs together stay ours.
    """
    looks = style.reference.styles if style.reference else {}
    for each in styles:
        look = None if each.own else looks.get(each.name)
        yield each if look is None else _dressed(each, look)


def _dressed(style: Style, look: StyleLook) -> Style:
    if style.kind == "character":
        ink = characters(ink=look.ink)
        return replace(style, run=_placed(style.run, "color", ink, _AFTER_INK)) if ink else style
    run = characters(
        font=escaped(look.font) if look.font else None,
        bold=look.bold,
        italic=look.italic,
        capitals=look.capitals,
        small_capitals=look.small_capitals,
        ink=look.ink,
        size=look.size,
    )
    paragraph = style.paragraph
    if style.name not in _OWN_SPACING:
        paragraph = _placed(paragraph, "spacing", _spacing(look), _AFTER_SPACING)
    if style.name != "Normal":  # our tables and callouts are based on it
        joined = f'<w:contextualSpacing w:val="{int(look.joined)}"/>'
        paragraph = _placed(paragraph, "contextualSpacing", joined, _AFTER_JOINING)
    align = "left" if style.name in _TABBED else look.align
    if style.name == "Normal" and align != "both":
        align = "left"
    paragraph = _placed(paragraph, "jc", f'<w:jc w:val="{align}"/>', _AFTER_ALIGNMENT)
    return replace(style, paragraph=paragraph, run=run)


def _spacing(look: StyleLook) -> str:
    before, after, line = look.before or 0.0, look.after or 0.0, look.line or 1.0
    # At least: an exact distance would cut off pictures and tall characters.
    distance = (
        f'w:line="{round(line * 240)}" w:lineRule="auto"'
        if look.line_in_lines
        else f'w:line="{twips(line)}" w:lineRule="atLeast"'
    )
    return f'<w:spacing w:before="{twips(before)}" w:after="{twips(after)}" {distance}/>'


def _placed(paragraph: str, tag: str, element: str, followers: str) -> str:
    """Properties with an element of theirs replaced, or added in its place of the schema."""
    rest = re.sub(rf"<w:{tag}\b[^>]*/>", "", paragraph)
    found = re.search(followers, rest)
    at = found.start() if found else len(rest)
    return f"{rest[:at]}{element}{rest[at:]}"


def _size(look: StyleLook | None, own: float) -> float:
    return look.size if look and look.size else own
