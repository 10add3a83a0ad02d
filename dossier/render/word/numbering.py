"""Numbers that Word counts itself: headings, bullets and ordered lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from dossier.compose.document import Document, Heading
from dossier.render.word.page import twips
from dossier.render.word.xml import DECLARATION, declared

LEVELS = 3
HEADING_HANGS = (24.0, 32.0, 40.0)
LIST_STEP = 16.0

Scheme = Literal["chapters", "appendices"]

_HEADINGS: Mapping[Scheme, int] = {"chapters": 1, "appendices": 2}
_BULLETS = 3
_ORDERED = 4
_BULLET_SIGNS = ("•", "–", "•")


def counted_headings(document: Document) -> Mapping[str, Scheme]:
    """Anchors of the headings whose number Word will count to the very number of the model.

    Chapters are ``2``, ``2.1``; appendices ``A``, ``A.1``. A heading whose number follows neither
    count is not in the result: its number is printed as text.
    """
    counters: dict[Scheme, list[int]] = {"chapters": [0] * LEVELS, "appendices": [0] * LEVELS}
    counted: dict[str, Scheme] = {}
    for heading in document.blocks:
        if not isinstance(heading, Heading) or not heading.number:
            continue
        for scheme, counter in counters.items():
            reached = _next(counter, heading.level)
            if heading.number == _printed(scheme, reached[: heading.level]):
                counters[scheme] = reached
                counted[heading.anchor] = scheme
                break
    return counted


def heading_numbering(level: int, scheme: Scheme) -> str:
    """Properties of a heading paragraph: chapters need none, their number is in the style."""
    return "" if scheme == "chapters" else numbering_properties(_HEADINGS[scheme], level - 1)


def numbering_properties(number: int, level: int = 0) -> str:
    """Membership of a list; number 0 is none."""
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def chapter_numbering(level: int) -> str:
    """Membership of the list that counts chapters, for the heading styles."""
    return numbering_properties(_HEADINGS["chapters"], level - 1)


BULLET_NUMBERING = numbering_properties(_BULLETS)
ORDERED_NUMBERING = numbering_properties(_ORDERED)
NO_NUMBERING = numbering_properties(0)


@dataclass
class OrderedLists:
    """Gives each ordered list a count of its own that starts at 1."""

    numbers: list[int] = field(default_factory=list)

    def start(self) -> int:
        """Number of a list that counts from 1 again."""
        self.numbers.append(_ORDERED + 1 + len(self.numbers))
        return self.numbers[-1]


def numbering_xml(font: str, ordered: Iterable[int]) -> str:
    """The numbering part.

    Parameters
    ----------
    font
        Typeface of the bullets.
    ordered
        Numbers that `OrderedLists` gave out.
    """
    bullets = [
        _level(i, "bullet", sign, LIST_STEP, style="" if i else "ListBullet", font=font)
        for i, sign in enumerate(_BULLET_SIGNS)
    ]
    ordered_levels = [
        _level(i, kind, f"%{i + 1}.", LIST_STEP + 2, style="" if i else "ListNumber")
        for i, kind in enumerate(("decimal", "lowerLetter", "lowerRoman"))
    ]
    abstracts = (
        _abstract(_HEADINGS["chapters"], _heading_levels("decimal", styled=True)),
        _abstract(_HEADINGS["appendices"], _heading_levels("upperLetter", styled=False)),
        _abstract(_BULLETS, bullets),
        _abstract(_ORDERED, ordered_levels),
    )
    lists = [f'<w:num w:numId="{i}"><w:abstractNumId w:val="{i}"/></w:num>' for i in range(1, 5)]
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    lists += [
        f'<w:num w:numId="{i}"><w:abstractNumId w:val="{_ORDERED}"/>{restart}</w:num>'
        for i in ordered
    ]
    content = "".join([*abstracts, *lists])
    return f"{DECLARATION}<w:numbering {declared('w')}>{content}</w:numbering>"


def _next(counter: list[int], level: int) -> list[int]:
    return [*counter[: level - 1], counter[level - 1] + 1, *([0] * (LEVELS - level))]


def _printed(scheme: Scheme, counts: list[int]) -> str:
    if 0 in counts:
        return ""
    first = str(counts[0])
    if scheme == "appendices":
        if counts[0] > 26:
            return ""
        first = chr(ord("A") + counts[0] - 1)
    return ".".join([first, *map(str, counts[1:])])


def _heading_levels(first: str, *, styled: bool) -> list[str]:
    levels = []
    for i, hang in enumerate(HEADING_HANGS):
        text = ".".join(f"%{k + 1}" for k in range(i + 1))
        style = f"Heading{i + 1}" if styled else ""
        kind = "decimal" if i else first
        levels.append(_level(i, kind, text, hang, left=hang, style=style))
    return levels


def _level(
    index: int, kind: str, text: str, hang: float, *, left: float = 0.0, style: str, font: str = ""
) -> str:
    bound = f'<w:pStyle w:val="{style}"/>' if style else ""
    face = f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}"/></w:rPr>'
    indent = left or (index + 1) * hang
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{bound}'
        f'<w:suff w:val="tab"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{twips(indent)}" w:hanging="{twips(hang)}"/></w:pPr>'
        f"{face if font else ''}</w:lvl>"
    )


def _abstract(number: int, levels: list[str]) -> str:
    # Fixed identifiers: Word merges lists by them when text is pasted between documents.
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:nsid w:val="5D0C000{number}"/>'
        f'<w:multiLevelType w:val="multilevel"/><w:tmpl w:val="5D0C100{number}"/>'
        f"{''.join(levels)}</w:abstractNum>"
    )
