"""What a style of Word is, and which style each kind of text has."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Literal

from dossier.compose.document import Tone

ALIGNMENTS = {"left": "", "center": "Centred", "right": "Right"}

CAPTION_SPACE = 12.0
"""Space above the caption of a table, and above a figure."""
_MUCH_SPACE_BEFORE = ("Heading", "TOCHeading", "CalloutTitle")


@dataclass(frozen=True)
class Style:
    """A paragraph or character style.

    Parameters
    ----------
    id, name
        For Word's own styles both are fixed by Word, which shows the name translated.
    paragraph, run
        Properties in schema order, see `dossier.render.word.formatting`.
    based_on, following
        Ids of other styles.
    kind
        What it applies to.
    own
        Ours, not Word's.
    priority
        Place in Word's list of recommended styles.
    """

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


def space_before(style: str) -> float:
    """Points that paragraphs of the style keep from what is above them; no gap is more than inf."""
    if style in {"TableCaption", "Figure"}:
        return CAPTION_SPACE
    return inf if style.startswith(_MUCH_SPACE_BEFORE) else 0.0


def heading_style(level: int, *, numbered: bool) -> str:
    """Id of the style of a heading."""
    return f"Heading{level}{'' if numbered else 'Unnumbered'}"


def callout_style(tone: Tone, *, title: bool = False) -> str:
    """Id of the style of a callout's title or text."""
    return f"Callout{'Title' if title else ''}{tone.title().replace('_', '')}"


def table_text_style(align: str, *, heading: bool = False) -> str:
    """Id of the style of a cell's text."""
    return f"Table{'Heading' if heading else 'Text'}{ALIGNMENTS[align]}"
