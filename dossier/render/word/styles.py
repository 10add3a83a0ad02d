"""The styles of a dossier in Word, all derived from the house style.

Ids and English names of Word's own styles are fixed by Word, which shows them translated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from dossier.compose.document import HouseStyle, Tone
from dossier.render.word.formatting import DARK, MUTED, Rule, Tab, characters, deepened, layout
from dossier.render.word.numbering import (
    BULLET_NUMBERING,
    HEADING_HANGS,
    ORDERED_NUMBERING,
    chapter_numbering,
)
from dossier.render.word.page import text_width, twips
from dossier.render.word.table_style import table_style
from dossier.render.word.xml import DECLARATION, declared, escaped

ALIGNMENTS = {"left": "", "center": "Centred", "right": "Right"}

_SPACE_BEFORE = frozenset(
    {"Heading1", "Heading2", "Heading3", "TOCHeading", "TableCaption", "Figure", "Title"}
)
"""Styles with room above them, which need no more after a table."""


@dataclass(frozen=True)
class Style:
    """A paragraph or character style; ``own`` tells ours from Word's."""

    id: str
    name: str
    paragraph: str = ""
    run: str = ""
    based_on: str = "Normal"
    following: str = ""
    kind: Literal["paragraph", "character"] = "paragraph"
    own: bool = True
    priority: int = 20

    def xml(self) -> str:
        """The style element."""
        default = ' w:default="1"' if self.id in {"Normal", "DefaultParagraphFont"} else ""
        custom = ' w:customStyle="1"' if self.own else ""
        base = f'<w:basedOn w:val="{self.based_on}"/>' if self.based_on and not default else ""
        following = f'<w:next w:val="{self.following}"/>' if self.following else ""
        paragraph = f"<w:pPr>{self.paragraph}</w:pPr>" if self.paragraph else ""
        run = f"<w:rPr>{self.run}</w:rPr>" if self.run else ""
        return (
            f'<w:style w:type="{self.kind}"{default}{custom} w:styleId="{self.id}">'
            f'<w:name w:val="{self.name}"/>{base}{following}'
            f'<w:uiPriority w:val="{self.priority}"/><w:qFormat/>{paragraph}{run}</w:style>'
        )


def has_space_before(style: str) -> bool:
    """Whether paragraphs of the style keep a distance from what is above them."""
    return style in _SPACE_BEFORE or style.startswith("CalloutTitle")


def callout_style(tone: Tone, *, title: bool = False) -> str:
    """Id of the style of a callout's title or text."""
    return f"Callout{'Title' if title else ''}{_camel(tone)}"


def table_text_style(align: str, *, heading: bool = False) -> str:
    """Id of the style of a cell's text."""
    return f"Table{'Heading' if heading else 'Text'}{ALIGNMENTS[align]}"


def styles_xml(style: HouseStyle, language: str) -> str:
    """The styles part."""
    defaults = characters(font=escaped(style.word_font), ink=DARK, size=style.body_size)
    languages = f'<w:lang w:val="{escaped(language)}" w:eastAsia="en-US" w:bidi="ar-SA"/>'
    spacing = layout(before=0, after=0, line=1.0)
    content = "".join(each.xml() for each in _styles(style))
    return (
        f"{DECLARATION}<w:styles {declared('w')}><w:docDefaults>"
        f"<w:rPrDefault><w:rPr>{defaults}{languages}</w:rPr></w:rPrDefault>"
        f"<w:pPrDefault><w:pPr>{spacing}</w:pPr></w:pPrDefault></w:docDefaults>"
        '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1"'
        ' w:defUnhideWhenUsed="1" w:defQFormat="0" w:count="376"/>'
        f"{content}{_NO_LIST}{table_style(style)}</w:styles>"
    )


_NO_LIST = (
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
)


def _styles(style: HouseStyle) -> Iterator[Style]:
    yield Style("Normal", "Normal", layout(after=6, line=1.12), own=False, priority=0)
    yield Style(
        "DefaultParagraphFont", "Default Paragraph Font", kind="character", own=False, priority=1
    )
    yield from _title_page(style)
    yield from _headings(style)
    yield from _text(style)
    yield from _character_styles(style)
    yield from _captions_and_tables(style)
    yield from _callouts(style)
    yield from _contents(style)
    yield from _margins(style)


def _title_page(style: HouseStyle) -> Iterator[Style]:
    accent = characters(bold=True, ink=style.accent, size=style.title_size)
    line = {"bottom": Rule(style.accent, 1.5, 10)}
    yield Style(
        "Title",
        "Title",
        layout(before=130, after=14, line=1.05, borders=line),
        accent,
        following="Subtitle",
        own=False,
        priority=10,
    )
    yield Style(
        "Subtitle",
        "Subtitle",
        layout(after=22),
        characters(ink=MUTED, size=style.title_size * 0.56),
        following="TitleLine",
        own=False,
        priority=11,
    )
    yield Style("TitleLine", "Title Line", layout(after=4), characters(size=style.body_size + 1))
    # A frame at the foot of the page holds the details there, whatever stands above.
    frame = (
        f'<w:framePr w:w="{text_width(style)}" w:hSpace="0" w:wrap="notBeside" w:vAnchor="margin"'
        ' w:hAnchor="margin" w:xAlign="left" w:yAlign="bottom"/>'
    )
    thin = Rule(style.rule, 0.5, 3)
    yield Style(
        "TitleDetail",
        "Title Detail",
        layout(
            frame=frame,
            borders={"top": thin, "bottom": thin, "between": thin},
            tabs=(Tab(twips(118)),),
            left=118,
            hanging=118,
        ),
        characters(size=style.body_size - 0.5),
    )


def _headings(style: HouseStyle) -> Iterator[Style]:
    looks = zip((22, 16, 12), (8, 5, 3), style.heading_sizes, HEADING_HANGS, strict=True)
    for level, (before, after, size, hang) in enumerate(looks, start=1):
        yield Style(
            f"Heading{level}",
            f"heading {level}",
            layout(
                keep_next=True,
                keep_lines=True,
                numbering=chapter_numbering(level),
                before=before,
                after=after,
                line=1.0,
                left=hang,
                hanging=hang,
                outline=level - 1,
            ),
            characters(bold=True, ink=style.accent, size=size),
            following="Normal",
            own=False,
            priority=9,
        )


def _text(style: HouseStyle) -> Iterator[Style]:
    yield Style(
        "Lead",
        "Lead",
        layout(after=9, line=1.12),
        characters(ink=style.accent, size=style.body_size + 1.5),
        following="Normal",
    )
    yield Style("Note", "Note", layout(after=5), characters(ink=MUTED, size=style.note_size))
    for sid, name, numbering in (
        ("ListBullet", "List Bullet", BULLET_NUMBERING),
        ("ListNumber", "List Number", ORDERED_NUMBERING),
    ):
        spacing = layout(numbering=numbering, after=3)
        yield Style(sid, name, spacing, own=False, priority=30)
    small = characters(size=style.note_size)
    yield Style("FootnoteText", "footnote text", layout(after=2, line=1.0), small, own=False)


def _character_styles(style: HouseStyle) -> Iterator[Style]:
    raised = characters(superscript=True)
    looks = (
        ("Strong", "Strong", characters(bold=True), False),
        ("Emphasis", "Emphasis", characters(italic=True), False),
        ("StrongEmphasis", "Strong Emphasis", characters(bold=True, italic=True), True),
        ("Hyperlink", "Hyperlink", characters(ink=style.link, underline=True), False),
        ("FootnoteReference", "footnote reference", raised, False),
        ("CaptionLabel", "Caption Label", characters(bold=True, ink=style.accent), True),
        ("TitleLabel", "Title Label", characters(bold=True, ink=style.accent), True),
        ("Banner", "Banner", characters(bold=True, ink=style.accent), True),
    )
    for sid, name, look, own in looks:
        yield Style(sid, name, "", look, "DefaultParagraphFont", kind="character", own=own)


def _captions_and_tables(style: HouseStyle) -> Iterator[Style]:
    size = characters(size=style.body_size - 0.5)
    base = layout(keep_lines=True, before=4, after=4, line=1.05)
    yield Style("Caption", "caption", base, size, following="Normal", own=False, priority=35)
    above = layout(keep_next=True, keep_lines=True, before=12, after=4, line=1.05)
    yield Style("TableCaption", "Table Caption", above, based_on="Caption", following="Normal")
    below = layout(keep_lines=True, before=4, after=10, line=1.05)
    yield Style("FigureCaption", "Figure Caption", below, based_on="Caption", following="Normal")
    # Single spacing that may grow: an exact height would cut the picture off.
    picture = layout(keep_next=True, before=10, after=0, line=1.0)
    yield Style("Figure", "Figure", picture, following="FigureCaption")
    for align, suffix in ALIGNMENTS.items():
        spaced = f" {suffix}" if suffix else ""
        text = Style(
            f"TableText{suffix}",
            f"Table Text{spaced}",
            layout(before=2, after=2, line=1.0, align=align if suffix else ""),
            characters(size=style.table_size),
        )
        yield text
        yield Style(
            f"TableHeading{suffix}",
            f"Table Heading{spaced}",
            layout(keep_next=True),
            characters(bold=True, ink=style.accent),
            based_on=text.id,
        )
    note = layout(keep_lines=True, before=3, after=0, line=1.0)
    yield Style("TableNote", "Table Note", note, characters(ink=MUTED, size=style.note_size))


def _callouts(style: HouseStyle) -> Iterator[Style]:
    for tone in get_args(Tone):
        fill = style.tones[tone]
        bar = style.accent if tone == "neutral" else deepened(fill)
        # Edges in the colour of the ground give the text air; equal ones join into one box.
        borders = {
            "top": Rule(fill, 0.5, 5),
            "left": Rule(bar, 4, 8),
            "bottom": Rule(fill, 0.5, 5),
            "right": Rule(fill, 0.5, 8),
        }
        name = tone.replace("_", " ").title()
        body = callout_style(tone)
        box = {"borders": borders, "fill": fill, "left": 12.0, "right": 9.0}
        yield Style(
            body,
            f"Callout {name}",
            layout(keep_lines=True, after=4, line=1.12, **box),  # type: ignore[arg-type]
        )
        yield Style(
            callout_style(tone, title=True),
            f"Callout Title {name}",
            layout(keep_next=True, keep_lines=True, before=12, after=3, line=1.12, **box),  # type: ignore[arg-type]
            characters(bold=True, ink=bar),
            based_on=body,
            following=body,
        )


def _contents(style: HouseStyle) -> Iterator[Style]:
    yield Style(
        "TOCHeading",
        "TOC Heading",
        layout(keep_next=True, before=18, after=6),
        characters(bold=True, ink=style.accent, size=style.heading_sizes[0]),
        following="Normal",
        own=False,
        priority=39,
    )
    end = Tab(text_width(style), "right", "dot")
    steps = ((0.0, 24.0, 5.0), (24.0, 30.0, 0.0), (54.0, 38.0, 0.0))
    for level, (left, hang, before) in enumerate(steps, start=1):
        yield Style(
            f"TOC{level}",
            f"toc {level}",
            layout(
                tabs=(Tab(twips(left + hang)), end),
                before=before,
                after=2,
                left=left + hang,
                right=28,
                hanging=hang,
            ),
            characters(bold=True) if level == 1 else "",
            following="Normal",
            own=False,
            priority=39,
        )
    listed = layout(tabs=(end,), after=3, left=18, right=28, hanging=18)
    yield Style("TableofFigures", "table of figures", listed, own=False, priority=39)


def _margins(style: HouseStyle) -> Iterator[Style]:
    look = characters(ink=MUTED, size=style.note_size)
    right = (Tab(text_width(style), "right"),)
    for sid, name, borders in (
        ("Header", "header", {"bottom": Rule(style.rule, 0.5, 4)}),
        ("Footer", "footer", {"top": Rule(style.rule, 0.5, 4)}),
    ):
        edge = layout(borders=borders, tabs=right, after=0, line=1.0)
        yield Style(sid, name, edge, look, own=False, priority=99)
    plain = layout(after=0, line=1.0, align="right")
    yield Style("TitlePageHeader", "Title Page Header", plain, look, priority=99)


def _camel(tone: str) -> str:
    return tone.title().replace("_", "")
