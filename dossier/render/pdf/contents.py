"""Lists of headings, tables and figures with dotted leaders and page numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

from dossier.compose.document import Contents, Document, Figure, Heading, Table, Text
from dossier.render.pdf.headings import heading_box
from dossier.render.pdf.inlines import Setting, plain
from dossier.render.pdf.lines import Line, Run, chunks_of, text_width
from dossier.render.pdf.look import TextLook
from dossier.render.pdf.pieces import Piece, Room
from dossier.render.pdf.structure import Element, LinkTarget
from dossier.render.pdf.textbox import TextBox

if TYPE_CHECKING:
    from dossier.render.pdf.painter import Painter

NUMBER_GAP = 9.0
LEADER_GAP = 3.0
WIDEST_NUMBER = 80.0
PAGE_COLUMN = 30.0
"""Room for the page number, so that no line break depends on how many digits it has."""

_LEADER = ". "


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list, before it is set."""

    level: int
    number: str
    title: str
    anchor: str


class EntryPiece:
    """A line of a list: its text, a leader, the page number; all of it is the link."""

    keep_with_next = False
    footnotes: tuple[TextBox, ...] = ()
    anchors: tuple[str, ...] = ()

    def __init__(self, box: TextBox, target: LinkTarget, left: float, width: float) -> None:
        self.box = box
        self.target = target
        self.left, self.width = left, width
        self.before, self.after = box.before, box.after
        self.height = box.height

    def opening(self) -> tuple[float, Sequence[TextBox]]:
        """All of it."""
        return self.height, ()

    def split(self, room: Room, *, forced: bool) -> tuple[Piece, Sequence[Piece]] | None:
        """Divide between lines, only when no page can hold the whole."""
        return self.box.split(room, forced=True) if forced else None

    def draw(self, painter: Painter, x: float, top: float) -> None:
        """Paint text, leader and page number."""
        box, ink = self.box, self.box.look.ink
        box.draw(painter, x + self.left, top)
        right = x + self.width
        baseline = top - box.baseline - (len(box.lines) - 1) * box.look.leading
        number = str(painter.pages[self.target.anchor])
        dots_ink = replace(ink, face="regular", color=painter.look.style.rule)
        # Dots hang from the right margin, which aligns them from line to line.
        pitch = text_width(_LEADER, dots_ink)
        dots_right = right - pitch * ceil((text_width(number, ink) + LEADER_GAP) / pitch)
        room = dots_right - (x + self.left + box.last_line_width) - LEADER_GAP
        count = int(room / pitch)
        if count > 1:
            with painter.artifact():
                painter.string(dots_right, baseline, _LEADER * count, dots_ink, "right")
        with painter.tagged(self.target.element):
            painter.string(right, baseline, number, ink, "right")
        painter.link_area(self.target, x + self.left, top - self.height, right, top)


def entries_of(document: Document, kind: str) -> list[Entry]:
    """What a list of the document holds."""
    entries: list[Entry] = []
    for block in document.blocks:
        match block:
            case Heading() if kind == "headings":
                title = plain(block.children)
                entries.append(Entry(block.level, block.number, title, block.anchor))
            case Table() if kind == "tables":
                entries.append(Entry(1, block.label, plain(block.caption), block.anchor))
            case Figure() if kind == "figures":
                entries.append(Entry(1, block.label, plain(block.caption), block.anchor))
    return entries


def set_contents(setting: Setting, contents: Contents) -> list[Piece]:
    """Set a list with its title."""
    look = setting.look
    pieces: list[Piece] = [heading_box(setting, 1, "", (Text(contents.title),), contents.anchor)]
    entries = entries_of(setting.document, contents.kind)
    if not entries:
        return pieces
    is_outline = contents.kind == "headings"
    lefts, indents = _number_columns(entries, look.contents if is_outline else (look.listing,))
    lists = [setting.section.child("TOC")]
    for position, entry in enumerate(entries):
        level = min(entry.level, len(lefts))
        text_look = look.contents[level - 1] if is_outline else look.listing
        while len(lists) > level:
            lists.pop()
        while len(lists) < level:
            lists.append(lists[-1].child("TOC"))
        pieces.append(
            _set_entry(
                setting,
                lists[-1],
                entry,
                text_look if position else replace(text_look, before=0.0),
                lefts[level - 1],
                indents[level - 1] if entry.number else 0.0,
            )
        )
    return pieces


def _number_columns(
    entries: list[Entry], looks: Sequence[TextLook]
) -> tuple[list[float], list[float]]:
    """By level, where entries start and how much further their text starts."""
    indents = [
        max(
            (
                text_width(entry.number, look.ink) + NUMBER_GAP
                for entry in entries
                if min(entry.level, len(looks)) == level and entry.number
            ),
            default=0.0,
        )
        for level, look in enumerate(looks, start=1)
    ]
    indents = [indent if indent <= WIDEST_NUMBER else 0.0 for indent in indents]
    lefts = [sum(indents[:level]) for level in range(len(looks))]
    return lefts, indents


def _set_entry(
    setting: Setting, parent: Element, entry: Entry, look: TextLook, left: float, indent: float
) -> EntryPiece:
    link = parent.child("TOCI").child("Reference").child("Link")
    words = f"{entry.number} {entry.title}".strip()
    target = LinkTarget(link, f"{setting.words.go_to} {words}", entry.anchor)
    box = TextBox(
        chunks_of([Run(entry.title, look.ink, link)]),
        look,
        setting.look.width - left - PAGE_COLUMN,
        label=setting.text(entry.number, link, look.ink) if entry.number else (),
        indent=indent,
    )
    if not box.lines:
        box.lines.append(Line())
    box.lines[-1].trail(" ")  # between the words and the page number, for whoever hears them
    return EntryPiece(box, target, left, setting.look.width)
