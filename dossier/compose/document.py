"""The document model: what a reader will see, before anybody decides on Word or PDF.

A `Document` is a flat list of blocks with inline runs. Renderers write every block and change
nothing: numbers are text already, captions and headings are numbered already, cross-references
carry the words to print.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Literal

from dossier.compose.look import ReferenceLook
from dossier.compose.scene import Scene

# --- inline runs ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Text:
    """Plain characters."""

    text: str


@dataclass(frozen=True)
class Strong:
    """Important words, bold."""

    children: tuple[Inline, ...]


@dataclass(frozen=True)
class Emphasis:
    """Stressed words, italic."""

    children: tuple[Inline, ...]


@dataclass(frozen=True)
class Number:
    """A printed number and its identity.

    Parameters
    ----------
    text
        As printed, e.g. ``16.0% (4/25)``.
    path
        Its place in results.json, e.g. ``endpoints.orr.estimate``.
    target
        Anchor of the line that says where it comes from, or ``""``.
    """

    text: str
    path: str
    target: str = ""


@dataclass(frozen=True)
class CrossReference:
    """A link to a numbered caption or heading; ``text`` is what is printed, e.g. ``Table 3``."""

    target: str
    text: str


@dataclass(frozen=True)
class Link:
    """A link to the web."""

    url: str
    text: str


@dataclass(frozen=True)
class Footnote:
    """A footnote at this place."""

    children: tuple[Inline, ...]


@dataclass(frozen=True)
class OpenField:
    """A place that a person must fill in, printed in square brackets and listed at the end.

    Parameters
    ----------
    text
        As printed, brackets included: ``[to be completed by the applicant]``.
    kind
        What is typed there; Word offers a calendar for a date.
    """

    text: str
    kind: Literal["text", "date"] = "text"


@dataclass(frozen=True)
class LineBreak:
    """A new line in the same paragraph."""


Inline = (
    Text | Strong | Emphasis | Number | CrossReference | Link | Footnote | OpenField | LineBreak
)

# --- blocks --------------------------------------------------------------------------------------

Tone = Literal["met", "not_met", "not_assessable", "not_applicable", "neutral"]


@dataclass(frozen=True)
class Heading:
    """A heading.

    Parameters
    ----------
    level
        1 to 3.
    children
        Its words, without the number.
    anchor
        Unique name in the document.
    number
        ``2.1``, or ``""`` for an unnumbered heading.
    """

    level: int
    children: tuple[Inline, ...]
    anchor: str
    number: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``style`` is ``body``, ``lead`` (opening statement) or ``note`` (small)."""

    children: tuple[Inline, ...]
    style: Literal["body", "lead", "note"] = "body"


@dataclass(frozen=True)
class BulletList:
    """A list; each item is a run of inlines. ``ordered`` numbers the items."""

    items: tuple[tuple[Inline, ...], ...]
    ordered: bool = False


@dataclass(frozen=True)
class Cell:
    """A table cell.

    Parameters
    ----------
    children
        Its words.
    align
        ``left``, ``right`` or ``center``.
    tone
        Colours the cell by verdict; the words always say the same.
    indent
        Steps of indentation, for terms below a class.
    strong
        Bold, for subtotals and group rows.
    span
        Columns the cell covers; the covered positions hold None in the row.
    anchor
        Unique name of the row, target of numbers; only a row's first cell has one, or ``""``.
    """

    children: tuple[Inline, ...]
    align: Literal["left", "right", "center"] = "left"
    tone: Tone | None = None
    indent: int = 0
    strong: bool = False
    span: int = 1
    anchor: str = ""


Row = tuple[Cell | None, ...]


@dataclass(frozen=True)
class Table:
    """A captioned table.

    Parameters
    ----------
    anchor
        Unique name, target of cross-references.
    label
        ``Table 3``.
    caption
        Words after the label.
    header
        One or more header rows, repeated on every page.
    rows
        Body rows. The first cell of each is its row heading.
    widths
        Relative widths of the columns.
    notes
        Small paragraphs directly below: abbreviations, methods, denominators.
    description
        What the table shows, for readers who cannot see it.
    """

    anchor: str
    label: str
    caption: tuple[Inline, ...]
    header: tuple[Row, ...]
    rows: tuple[Row, ...]
    widths: tuple[float, ...]
    notes: tuple[tuple[Inline, ...], ...] = ()
    description: str = ""


@dataclass(frozen=True)
class Figure:
    """A captioned vector figure; ``label`` is ``Figure 1``; the alt text is the scene's."""

    anchor: str
    label: str
    caption: tuple[Inline, ...]
    scene: Scene
    notes: tuple[tuple[Inline, ...], ...] = ()


@dataclass(frozen=True)
class Callout:
    """A boxed statement: the verdict, a warning."""

    title: tuple[Inline, ...]
    paragraphs: tuple[tuple[Inline, ...], ...]
    tone: Tone = "neutral"


@dataclass(frozen=True)
class Contents:
    """A list with page numbers of the document's headings, tables or figures."""

    kind: Literal["headings", "tables", "figures"]
    title: str
    anchor: str


@dataclass(frozen=True)
class PageBreak:
    """The next block starts a new page."""


@dataclass(frozen=True)
class TitlePage:
    """The first page: title, lines below it, and label-value pairs at its foot."""

    title: str
    subtitle: str
    lines: tuple[str, ...]
    details: tuple[tuple[str, str], ...]


Block = (
    TitlePage | Heading | Paragraph | BulletList | Table | Figure | Callout | Contents | PageBreak
)

# --- the whole -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Logo:
    """The logo of the house.

    Parameters
    ----------
    alt
        What it shows, for readers who cannot see it.
    picture
        Shapes, or the bytes of an opaque PNG.
    shape
        Its width divided by its height.
    on_title, in_header
        Height in points on the title page and in the running header; 0 where it does not stand.
    """

    alt: str
    picture: Scene | bytes
    shape: float
    on_title: float
    in_header: float


@dataclass(frozen=True)
class HouseStyle:
    """Look of a dossier, from ``pack.yaml``. Lengths in points, colours as ``#RRGGBB``.

    ``reference`` is what the pack's reference document lends to the Word file.
    """

    page: Literal["A4", "Letter"] = "A4"
    margin_left: float = 62.0
    margin_right: float = 62.0
    margin_top: float = 74.0
    margin_bottom: float = 66.0
    word_font: str = "Arial"
    body_size: float = 10.0
    table_size: float = 8.5
    note_size: float = 8.0
    heading_sizes: tuple[float, float, float] = (16.0, 12.5, 10.5)
    title_size: float = 26.0
    accent: str = "#17365D"
    rule: str = "#B0B7C3"
    band: str = "#F2F5F9"
    link: str = "#0B4F8A"
    logo: Logo | None = None
    reference: ReferenceLook | None = None
    tones: dict[str, str] = field(
        default_factory=lambda: {
            "met": "#DDEFE3",
            "not_met": "#F8DEDA",
            "not_assessable": "#FBF0D0",
            "not_applicable": "#E7E9ED",
            "neutral": "#EAF0F7",
        }
    )


@dataclass(frozen=True)
class Words:
    """Words that renderers print themselves, in the document's language.

    ``page_of`` is a pattern such as ``Page {page} of {pages}``, ``origin_of`` one such as ``Where
    {number} comes from``; ``table_word`` and ``figure_word`` are the caption words that Word counts
    with (``Table``, ``Figure``); ``units`` are words, with spaces between them, that stay on the
    line of the number before them.
    """

    page_of: str
    table_word: str
    figure_word: str
    continued: str
    go_to: str
    web_link: str
    footnote: str
    origin_of: str
    attached: str
    units: str = ""


@dataclass(frozen=True)
class Document:
    """A finished document, ready to be written in any format.

    Parameters
    ----------
    title, author, subject
        For the title bar and the file's properties.
    language
        BCP 47, e.g. ``en-GB``.
    date
        Fixed date of the file: SOURCE_DATE_EPOCH, else the data cut-off; UTC.
    header, footer
        Printed on every page but the first.
    banner
        ``DRAFT``, ``SCENARIO`` ... on every page, or ``""``.
    properties
        Named values kept in the file's properties: version, hashes.
    blocks
        The content.
    """

    title: str
    author: str
    subject: str
    language: str
    date: datetime.datetime
    header: str
    footer: str
    blocks: tuple[Block, ...]
    words: Words
    style: HouseStyle = field(default_factory=HouseStyle)
    banner: str = ""
    properties: dict[str, str] = field(default_factory=dict)


def plain_text(children: tuple[Inline, ...]) -> str:
    """The characters of inline runs as a reader would read them aloud, footnotes left out.

    Word joiners, which only keep a range on one line, are left out too.
    """
    parts: list[str] = []
    for child in children:
        match child:
            case Strong(inner) | Emphasis(inner):
                parts.append(plain_text(inner))
            case Footnote():
                pass
            case LineBreak():
                parts.append(" ")
            case _:
                parts.append(child.text)
    return "".join(parts)
