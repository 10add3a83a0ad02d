"""Captions and notes of tables and figures."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.compose.document import Figure, Inline, Table
from dossier.render.pdf.inlines import Setting
from dossier.render.pdf.lines import chunks_of
from dossier.render.pdf.look import TextLook
from dossier.render.pdf.structure import Element
from dossier.render.pdf.textbox import TextBox


def set_caption(
    setting: Setting, block: Table | Figure, parent: Element, look: TextLook, *, anchored: bool
) -> TextBox:
    """Set label and caption inside the element they name."""
    element = parent.child("Caption")
    label = setting.text(f"{block.label}. ", element, look.ink.bold())
    return TextBox(
        chunks_of([*label, *setting.runs(block.caption, element, look.ink)]),
        look,
        setting.look.width,
        keep_with_next=True,
        anchor=block.anchor if anchored else "",
    )


def set_note(setting: Setting, note: Sequence[Inline], parent: Element) -> TextBox:
    """Set a small paragraph below a table or figure."""
    element = parent.child("P")
    look = setting.look.table_notes
    return TextBox(chunks_of(setting.runs(note, element, look.ink)), look, setting.look.width)
