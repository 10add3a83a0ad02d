"""Styles of captions, tables, figures, callouts, headers and footers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from dossier.compose.document import HouseStyle, Tone
from dossier.render.word.formatting import QUIET_INK, Rule, Tab, characters, deepened, layout
from dossier.render.word.page import text_width
from dossier.render.word.style_definition import ALIGNMENTS, CAPTION_SPACE, Style, callout_style

CELL_PADDING = 2.8
NOTES_SPACE = 2.0
_RULE_ABOVE, _RULE_BELOW = 1.0, 0.7
"""What the rules of a header row add to its height."""


def cell_line(style: HouseStyle) -> float:
    """Distance of baselines in tables, in points."""
    return style.table_size * 11 / 8.5


def block_styles(style: HouseStyle) -> Iterator[Style]:
    """The styles, those that others are based on first."""
    yield from _captions(style)
    yield from _cells(style)
    for tone in get_args(Tone):
        yield from _callout(style, tone)
    yield Style("CalloutGap", "Callout Gap", layout(after=0, line=1), characters(size=1))
    yield from _margins(style)


def _captions(style: HouseStyle) -> Iterator[Style]:
    size = style.table_size + 0.5
    line = size * 1.33
    look = characters(size=size)
    plain = layout(keep_lines=True, before=7, after=5, line=line)
    yield Style("Caption", "caption", plain, look, following="Normal", own=False, priority=35)
    above = layout(keep_next=True, keep_lines=True, before=CAPTION_SPACE, after=5, line=line)
    yield Style("TableCaption", "Table Caption", above, based_on="Caption", following="Normal")
    below = layout(keep_lines=True, before=7, after=4, line=line)
    yield Style("FigureCaption", "Figure Caption", below, based_on="Caption", following="Normal")
    picture = layout(keep_next=True, before=CAPTION_SPACE, after=0, line=1)
    yield Style("Figure", "Figure", picture, following="FigureCaption")
    note = layout(keep_lines=True, before=NOTES_SPACE, after=0, line=style.note_size * 1.32)
    quiet = characters(ink=QUIET_INK, size=style.note_size)
    yield Style("TableNote", "Table Note", note, quiet)


def _cells(style: HouseStyle) -> Iterator[Style]:
    for align, suffix in ALIGNMENTS.items():
        spaced = f" {suffix}" if suffix else ""
        text = f"TableText{suffix}"
        yield Style(
            text,
            f"Table Text{spaced}",
            layout(
                before=CELL_PADDING,
                after=CELL_PADDING,
                line=cell_line(style),
                align=align,
            ),
            characters(size=style.table_size),
        )
        yield Style(
            f"TableHeading{suffix}",
            f"Table Heading{spaced}",
            layout(
                keep_next=True,
                before=CELL_PADDING - _RULE_ABOVE,
                after=CELL_PADDING - _RULE_BELOW,
            ),
            characters(bold=True, ink=style.accent),
            based_on=text,
        )


def _callout(style: HouseStyle, tone: Tone) -> Iterator[Style]:
    body = style.body_size
    fill = style.tones.get(tone, style.band)
    bar = deepened(fill)
    # Edges in the colour of the ground give the text air; equal ones join into one box.
    borders = {
        "top": Rule(fill, 0.5, 8),
        "left": Rule(bar, 3, 11),
        "bottom": Rule(fill, 0.5, 9),
        "right": Rule(fill, 0.5, 11),
    }
    name = tone.replace("_", " ").title()
    text = layout(
        keep_lines=True,
        borders=borders,
        fill=fill,
        before=0,
        after=body * 0.3,
        line=body * 1.4,
        left=14,
        right=11.5,
    )
    yield Style(callout_style(tone), f"Callout {name}", text)
    yield Style(
        callout_style(tone, title=True),
        f"Callout Title {name}",
        layout(keep_next=True, before=10, after=2.5),
        characters(bold=True, size=body + 0.5),
        based_on=callout_style(tone),
        following=callout_style(tone),
    )


def _margins(style: HouseStyle) -> Iterator[Style]:
    look = characters(ink=QUIET_INK, size=8)
    right = (Tab(text_width(style), "right"),)
    for sid, name, borders in (
        ("Header", "header", {"bottom": Rule(style.rule, 0.5, 5)}),
        ("Footer", "footer", None),
    ):
        edge = layout(borders=borders, tabs=right, after=0, line=10.5)
        yield Style(sid, name, edge, look, own=False, priority=99)
    plain = layout(after=0, line=10.5, align="right")
    yield Style("TitlePageHeader", "Title Page Header", plain, look, priority=99)
