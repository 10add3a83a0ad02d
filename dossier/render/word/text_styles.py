"""Styles of running text: title page, headings, paragraphs, lists, contents, characters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dossier.compose.document import HouseStyle
from dossier.render.word.formatting import QUIET_INK, Rule, Tab, characters, layout
from dossier.render.word.numbering import (
    BULLET_NUMBERING,
    HEADING_HANGS,
    NO_NUMBERING,
    ORDERED_NUMBERING,
    chapter_numbering,
)
from dossier.render.word.page import text_width, twips
from dossier.render.word.style_definition import Style, heading_style

_LEADING = 1.4
DETAIL_COLUMN = 118.0
LOGO_GAP = 12.0


def text_styles(style: HouseStyle) -> Iterator[Style]:
    """The styles, those that others are based on first."""
    body = style.body_size
    normal = layout(after=body * 0.7, line=body * _LEADING)
    yield Style("Normal", "Normal", normal, own=False, priority=0)
    yield Style(
        "DefaultParagraphFont", "Default Paragraph Font", kind="character", own=False, priority=1
    )
    yield from _title_page(style)
    yield from _headings(style)
    yield from _paragraphs(style)
    yield from _contents(style)
    yield from _characters(style)


@dataclass(frozen=True)
class TitleLook:
    """Sizes, distances of baselines and spaces on the title page, in points."""

    title_size: float
    title_line: float
    subtitle_size: float
    subtitle_line: float
    line_size: float
    line_line: float
    detail_size: float
    detail_line: float
    above: float = 130.0
    title_rule: float = 18.0
    title_after: float = 12.0
    subtitle_after: float = 18.0
    line_after: float = 2.0
    detail_rule: float = 10.0

    @classmethod
    def of(cls, style: HouseStyle) -> TitleLook:
        """The look that a house style gives."""
        size, body, detail = style.title_size, style.body_size, style.body_size - 0.5
        given = style.reference.styles.get("Subtitle") if style.reference else None
        subtitle = (given.size if given else None) or body * 1.45
        return cls(
            title_size=size,
            title_line=size * 1.2,
            subtitle_size=subtitle,
            subtitle_line=subtitle * 2 / 1.45,
            line_size=body * 1.1,
            line_line=body * 1.6,
            detail_size=detail,
            detail_line=detail * 1.4,
        )


def _title_page(style: HouseStyle) -> Iterator[Style]:
    look = TitleLook.of(style)
    yield Style(
        "Title",
        "Title",
        layout(
            borders={"top": Rule(style.accent, 3, 14)},
            before=look.above,
            after=look.title_after,
            line=look.title_line,
        ),
        characters(bold=True, ink=style.accent, size=look.title_size),
        following="Subtitle",
        own=False,
        priority=10,
    )
    yield Style(
        "Subtitle",
        "Subtitle",
        layout(after=look.subtitle_after, line=look.subtitle_line),
        characters(size=look.subtitle_size),
        following="TitleLine",
        own=False,
        priority=11,
    )
    logo = layout(after=LOGO_GAP, line=1)
    yield Style("TitleLogo", "Title Logo", logo, following="Title")
    line = layout(after=look.line_after, line=look.line_line)
    yield Style("TitleLine", "Title Line", line, characters(ink=QUIET_INK, size=look.line_size))
    thin = Rule(style.rule, 0.5, 3)
    yield Style(
        "TitleDetail",
        "Title Detail",
        layout(
            borders={"top": thin, "between": thin},
            tabs=(Tab(twips(DETAIL_COLUMN)),),
            after=3,
            line=look.detail_line,
            left=DETAIL_COLUMN,
            hanging=DETAIL_COLUMN,
        ),
        characters(size=look.detail_size),
    )


def _headings(style: HouseStyle) -> Iterator[Style]:
    spaces = ((1.28, 26, 9), (1.32, 18, 5.5), (1.35, 13, 3.5))
    looks = zip(style.heading_sizes, HEADING_HANGS, spaces, strict=True)
    for level, (size, hang, (leading, before, after)) in enumerate(looks, start=1):
        numbered = heading_style(level, numbered=True)
        yield Style(
            numbered,
            f"heading {level}",
            layout(
                keep_next=True,
                keep_lines=True,
                numbering=chapter_numbering(level),
                before=before,
                after=after,
                line=size * leading,
                left=hang,
                hanging=hang,
                outline=level - 1,
            ),
            characters(bold=True, ink=style.accent, size=size),
            following="Normal",
            own=False,
            priority=9,
        )
        yield Style(
            heading_style(level, numbered=False),
            f"Heading {level} Unnumbered",
            f'{NO_NUMBERING}<w:ind w:left="0" w:firstLine="0"/>',
            based_on=numbered,
            following="Normal",
            priority=9,
        )


def _paragraphs(style: HouseStyle) -> Iterator[Style]:
    body, note = style.body_size, style.note_size
    lead = layout(before=2, after=body * 1.1, line=body * 1.15 * 1.42)
    yield Style("Lead", "Lead", lead, characters(size=body * 1.15), following="Normal")
    quiet = layout(after=note * 0.5, line=note * 1.36)
    yield Style("Note", "Note", quiet, characters(ink=QUIET_INK, size=note))
    for sid, name, numbering in (
        ("ListBullet", "List Bullet", BULLET_NUMBERING),
        ("ListNumber", "List Number", ORDERED_NUMBERING),
    ):
        item = layout(numbering=numbering, after=body * 0.35)
        yield Style(sid, name, item, own=False, priority=30)
    footnote = layout(after=1.5, line=note * 1.32)
    small = characters(size=note)
    yield Style("FootnoteText", "footnote text", footnote, small, own=False, priority=99)


def _contents(style: HouseStyle) -> Iterator[Style]:
    body, width = style.body_size, text_width(style)
    yield Style(
        "TOCHeading",
        "TOC Heading",
        layout(keep_next=True, before=26, after=9),
        characters(bold=True, ink=style.accent, size=style.heading_sizes[0]),
        following="Normal",
        own=False,
        priority=39,
    )
    end = Tab(width, "right", "dot")
    looks = (
        (0.0, 24.0, body * 0.5, 1.2, body * 1.36, characters(bold=True)),
        (24.0, 30.0, 0.0, 1.2, body * 1.36, ""),
        (54.0, 38.0, 0.0, 1.5, body * 1.35, characters(ink=QUIET_INK, size=body - 0.5)),
    )
    for level, (left, hang, before, after, line, look) in enumerate(looks, start=1):
        entry = layout(
            tabs=(Tab(twips(left + hang)), end),
            before=before,
            after=after,
            line=line,
            left=left + hang,
            hanging=hang,
        )
        yield Style(f"TOC{level}", f"toc {level}", entry, look, own=False, priority=39)
    listed = layout(tabs=(end,), after=1.5, line=body * 1.36, left=18, hanging=18)
    yield Style("TableofFigures", "table of figures", listed, own=False, priority=39)


def _characters(style: HouseStyle) -> Iterator[Style]:
    label = characters(bold=True, ink=style.accent)
    looks = (
        ("Strong", "Strong", characters(bold=True), False),
        ("Emphasis", "Emphasis", characters(italic=True), False),
        ("StrongEmphasis", "Strong Emphasis", characters(bold=True, italic=True), True),
        ("Hyperlink", "Hyperlink", characters(ink=style.link, underline=True), False),
        ("CrossReference", "Cross Reference", characters(ink=style.link), True),
        ("TracedNumber", "Traced Number", "", True),  # leads to its origin, looks like the text
        ("FootnoteReference", "footnote reference", characters(superscript=True), False),
        ("PlaceholderText", "Placeholder Text", characters(ink=QUIET_INK), False),
        ("CaptionLabel", "Caption Label", label, True),
        ("TitleLabel", "Title Label", label, True),
        ("Banner", "Banner", label, True),
    )
    for sid, name, look, own in looks:
        yield Style(sid, name, "", look, "DefaultParagraphFont", kind="character", own=own)
