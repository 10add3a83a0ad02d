"""Headings: numbered, bookmarked, never the last line of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from dossier.compose.document import Heading, Inline, plain_text
from dossier.render.pdf.inlines import Setting
from dossier.render.pdf.lines import chunks_of, text_width
from dossier.render.pdf.structure import Bookmark, Tag
from dossier.render.pdf.textbox import TextBox
from dossier.render.printable import printable

NUMBER_GAP = 10.0


def set_heading(setting: Setting, heading: Heading) -> TextBox:
    """Set a heading; one of the first level opens a section."""
    return heading_box(setting, heading.level, heading.number, heading.children, heading.anchor)


def heading_box(
    setting: Setting, level: int, number: str, children: Sequence[Inline], anchor: str
) -> TextBox:
    """Set the words of a heading behind its number."""
    structure = setting.structure
    if level == 1:
        setting.section = structure.root.child("Sect")
    # Levels may not be skipped in the structure, whatever they look like.
    deepest = structure.bookmarks[-1].level + 1 if structure.bookmarks else 1
    tagged_level = min(level, deepest)
    look = setting.look.headings[level - 1]
    element = setting.section.child(cast("Tag", f"H{tagged_level}"))
    label = setting.text(number, element, look.ink) if number else []
    indent = text_width(printable(number), look.ink) + NUMBER_GAP if number else 0.0
    box = TextBox(
        chunks_of(setting.runs(children, element, look.ink)),
        look,
        setting.look.width,
        label=label,
        indent=indent if indent < setting.look.width / 3 else 0.0,
        keep_with_next=True,
        anchor=anchor,
    )
    title = f"{number} {plain_text(tuple(children))}".strip()
    if any(line.fragments for line in (*box.label, *box.lines)):
        structure.bookmarks.append(Bookmark(tagged_level, title, anchor))
    setting.place_notes()
    return box
