"""Breaking runs of characters into lines.

Lines break at spaces, after a hyphen, dash or slash between words (not inside an identifier such
as POP-TREATED, nor in a range of numbers), and where a soft hyphen or
zero-width space allows it. A word wider than the line is divided: after a sign such as ``/`` or
``_`` when it has one, else between letters with a soft hyphen, which readers of the file's text
join again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from dossier import fonts
from dossier.render.pdf.look import Ink
from dossier.render.pdf.structure import Element, LinkTarget
from dossier.render.printable import ZERO_WIDTH_SPACE, without_signs

if TYPE_CHECKING:
    from dossier.render.pdf.textbox import TextBox

SOFT_HYPHEN = "\u00ad"
TOLERANCE = 0.01

_TOKENS = re.compile(r" +|[^ ]+")
_LETTER = r"[^\W\d_]"
_SOFT_SIGNS = re.compile(f"[-–—/{ZERO_WIDTH_SPACE}{SOFT_HYPHEN}]")
_AFTER_SOFT_SIGN = re.compile(
    rf"(?<={_LETTER}{_LETTER}{_LETTER}[-–/])(?={_LETTER}{{3}})(?<![A-Z]-(?=[A-Z]))"
    rf"|(?<=—)|(?<={ZERO_WIDTH_SPACE})|(?<={SOFT_HYPHEN})"
)
_DIVIDE_AFTER = "/._-–=&?:,;)"
_LETTERS_BESIDE_HYPHEN = 2


@dataclass(slots=True, eq=False)
class Run:
    """Characters that look alike and belong to the same structure element.

    Parameters
    ----------
    text
        Printable characters, see `dossier.render.printable.breakable`.
    ink
        How they look.
    element
        The structure element they belong to.
    link
        Where they lead.
    footnotes
        What must stand at the foot of the page these characters are on.
    breaks_line
        A forced new line; has no text.
    """

    text: str
    ink: Ink
    element: Element
    link: LinkTarget | None = None
    footnotes: tuple[TextBox, ...] = ()
    breaks_line: bool = False


@dataclass(slots=True)
class Fragment:
    """Characters of one run on one line."""

    text: str
    run: Run
    width: float


@dataclass(slots=True)
class Line:
    """A finished line; a space at its end is written but takes no width."""

    fragments: list[Fragment] = field(default_factory=list)
    width: float = 0.0

    def put(self, text: str, run: Run, width: float) -> None:
        """Add characters at the end."""
        if self.fragments and self.fragments[-1].run is run:
            last = self.fragments[-1]
            last.text += text
            last.width += width
        else:
            self.fragments.append(Fragment(text, run, width))
        self.width += width

    def trail(self, text: str) -> None:
        """Add characters that hang beyond the measured width, such as the space before a break."""
        if self.fragments:
            self.fragments[-1].text += text

    @property
    def footnotes(self) -> list[TextBox]:
        """Footnotes whose marks stand on this line."""
        return [note for fragment in self.fragments for note in fragment.run.footnotes]


@dataclass(slots=True)
class Chunk:
    """Characters that stay on one line.

    Parameters
    ----------
    parts
        Text, its run and its width.
    space
        The run of the space before it, None without one.
    starts_line
        After a forced line break.
    hyphenated
        Whether a line that ends here ends in a hyphen.
    """

    parts: list[tuple[str, Run, float]] = field(default_factory=list)
    space: Run | None = None
    starts_line: bool = False
    hyphenated: bool = False
    width: float = 0.0


@lru_cache(maxsize=1 << 16)
def _width_at_one_point(text: str, face: fonts.Face) -> float:
    return fonts.text_width(text, 1.0, face)


def text_width(text: str, ink: Ink) -> float:
    """Width of characters in points."""
    return _width_at_one_point(text, ink.face) * ink.size


def chunks_of(runs: Sequence[Run]) -> list[Chunk]:
    """Cut runs where a line may end."""
    chunks: list[Chunk] = []
    open_chunk: Chunk | None = None
    space: Run | None = None
    starts_line = False

    def begin() -> Chunk:
        nonlocal space, starts_line
        chunk = Chunk(space=space, starts_line=starts_line)
        chunks.append(chunk)
        space, starts_line = None, False
        return chunk

    for run in runs:
        if run.breaks_line:
            if starts_line:
                begin()
            open_chunk, space, starts_line = None, None, True
            continue
        for token in _TOKENS.findall(run.text):
            if token[0] == " ":
                open_chunk, space = None, space or run
                continue
            parts = _AFTER_SOFT_SIGN.split(token) if _SOFT_SIGNS.search(token) else (token,)
            for index, part in enumerate(parts):
                if open_chunk is None or index:
                    open_chunk = begin()
                _extend(open_chunk, part, run)
    return chunks


def _extend(chunk: Chunk, part: str, run: Run) -> None:
    chunk.hyphenated = part.endswith(SOFT_HYPHEN)
    text = without_signs(part).replace(SOFT_HYPHEN, "")
    width = text_width(text, run.ink)
    chunk.parts.append((text, run, width))
    chunk.width += width


def fill_lines(chunks: Sequence[Chunk], width: float) -> list[Line]:
    """Set chunks in lines of at most ``width`` points, as many on each line as fit."""
    lines: list[Line] = []
    line = Line()
    for index, chunk in enumerate(chunks):
        gap = text_width(" ", chunk.space.ink) if chunk.space and line.fragments else 0.0
        needed = chunk.width + (_hyphen_width(chunk) if chunk.hyphenated else 0.0)
        if chunk.starts_line or (line.fragments and line.width + gap + needed > width + TOLERANCE):
            if line.fragments or chunk.starts_line:
                if chunk.space or chunk.starts_line:
                    line.trail(" ")
                elif chunks[index - 1].hyphenated:
                    last = chunks[index - 1].parts[-1][1]
                    line.put(SOFT_HYPHEN, last, _hyphen_width(chunks[index - 1]))
                lines.append(line)
            line, gap = Line(), 0.0
        if gap and chunk.space:
            line.put(" ", chunk.space, gap)
        if chunk.width > width + TOLERANCE:
            line = _divide(chunk, width, line, lines)
            continue
        for text, run, part_width in chunk.parts:
            line.put(text, run, part_width)
    if line.fragments:
        lines.append(line)
    return lines


def _hyphen_width(chunk: Chunk) -> float:
    return text_width(SOFT_HYPHEN, chunk.parts[-1][1].ink)


def _divide(chunk: Chunk, width: float, line: Line, lines: list[Line]) -> Line:
    """Set a chunk that is wider than a line; returns the line it ends on."""
    for text, run, part_width in chunk.parts:
        rest, rest_width = text, part_width
        while line.width + rest_width > width + TOLERANCE:
            count = _fitting(rest, run.ink, width - line.width)
            if count == 0 and line.fragments:
                lines.append(line)
                line = Line()
                continue
            count, hyphen = _dividing_point(rest, max(count, 1), run.ink, width - line.width)
            part = rest[:count] + hyphen
            line.put(part, run, text_width(part, run.ink))
            lines.append(line)
            line = Line()
            rest = rest[count:]
            rest_width = text_width(rest, run.ink)
        if rest or run.footnotes:
            line.put(rest, run, rest_width)
    return line


def _fitting(text: str, ink: Ink, room: float) -> int:
    """How many characters from the start fit."""
    used = 0.0
    for count, character in enumerate(text):
        used += text_width(character, ink)
        if used > room + TOLERANCE:
            return count
    return len(text)


def _dividing_point(text: str, count: int, ink: Ink, room: float) -> tuple[int, str]:
    """Where to divide a word of which ``count`` characters fit, and the hyphen to print."""
    for position in range(count, count // 2, -1):
        if text[position - 1] in _DIVIDE_AFTER:
            return position, ""
    with_hyphen = _fitting(text, ink, room - text_width(SOFT_HYPHEN, ink))
    for position in range(with_hyphen, max(_LETTERS_BESIDE_HYPHEN, count // 2) - 1, -1):
        beside = text[position - _LETTERS_BESIDE_HYPHEN : position + _LETTERS_BESIDE_HYPHEN]
        if len(beside) == 2 * _LETTERS_BESIDE_HYPHEN and beside.isalpha():
            return position, SOFT_HYPHEN
    return count, ""


def widest_chunk(chunks: Sequence[Chunk], limit: float) -> float:
    """Width of the widest chunk; one beyond the limit is meant to be divided and does not count."""
    widest = 0.0
    together = 0.0
    for before, chunk in pairwise([Chunk(), *chunks]):
        # A soft sign lets a line end, but a column should not be so narrow that it must.
        together = chunk.width + (together if chunk.space is None and before.parts else 0.0)
        if chunk.starts_line:
            together = chunk.width
        if together <= limit:
            widest = max(widest, together)
        elif chunk.width <= limit:
            widest = max(widest, chunk.width)
    return widest
