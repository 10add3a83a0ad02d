"""Cells, rows and captions: what every table is put together from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from dossier.compose.document import (
    Cell,
    Inline,
    Number,
    Row,
    Table,
    Text,
    Tone,
    plain_text,
)
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.numbering import anchor

Align = Literal["left", "right", "center"]
Content = str | Inline | Inlines


def cell(
    content: Content,
    align: Align = "left",
    *,
    indent: int = 0,
    strong: bool = False,
    tone: Tone | None = None,
) -> Cell:
    """A cell; text of the data in it is one line of literal text."""
    return Cell(runs(content), align, tone, indent, strong)


def runs(content: Content) -> Inlines:
    """Inline runs of a text, a run or several."""
    if isinstance(content, str):
        return (Text(literal(content)),) if content else ()
    return content if isinstance(content, tuple) else (content,)


def count(material: Material, events: int, n: int, path: str) -> Cell:
    """``4 (16.0%)`` as a cell; a zero stands alone."""
    return cell(Number(material.numbers.count(events, n), path), "right")


def number(value: int, path: str) -> Cell:
    """A number of patients as a cell."""
    return cell(Number(str(value), path), "right")


def dash(material: Material) -> Cell:
    """What stands where there is nothing to print; a note of the table says why."""
    return cell(material.numbers.dash, "right")


def spanning(content: Content, columns: int, *, strong: bool = False) -> Row:
    """A row of one cell over all columns."""
    return (Cell(runs(content), span=columns, strong=strong), *[None] * (columns - 1))


def group(material: Material, key: str, columns: int) -> Row:
    """A row that names the rows below it."""
    return spanning(material.say(key), columns, strong=True)


def table(
    material: Material,
    key: str,
    columns: Sequence[Content],
    rows: Sequence[Row],
    widths: Sequence[float],
    *,
    notes: Sequence[Content] = (),
    name: str = "",
    caption: Content | None = None,
    numeric: Sequence[int] | None = None,
    abbreviated: bool = False,
) -> Table:
    """A table with its caption and description from the words of the pack.

    Parameters
    ----------
    key
        Name of the table; its words stand at ``tables.<key>``.
    columns
        Heading of each column.
    notes
        Paragraphs below; empty ones are left out.
    name
        Tells tables of one kind apart, e.g. the criterion.
    caption
        In place of ``tables.<key>.caption``.
    numeric
        Positions of the columns whose heading is set to the right; all but the first by default.
    abbreviated
        Whether a last note explains the abbreviations that headings, rows and notes use.
    """
    say = material.say
    right = range(1, len(columns)) if numeric is None else numeric
    header = tuple(
        cell(heading, "right" if position in right else "left", strong=True)
        for position, heading in enumerate(columns)
    )
    below = tuple(runs(note) for note in notes if note)
    if abbreviated:
        printed = [runs(heading) for heading in columns]
        printed += [each.children for row in rows for each in row if each is not None]
        below = (*below, runs(_abbreviations(material, (*printed, *below))))
    return Table(
        anchor("table", f"{key}_{name}" if name else key),
        "",
        runs(say(f"tables.{key}.caption") if caption is None else caption),
        (header,),
        tuple(rows) or (spanning(say("tables.no_rows"), len(columns)),),
        tuple(widths),
        tuple(note for note in below if note),
        say(f"tables.{key}.description"),
    )


def _abbreviations(material: Material, printed: Iterable[Inlines]) -> str:
    """The abbreviations in these texts with their meaning, by the alphabet; empty where none is."""
    text = "\n".join(plain_text(each) for each in printed)
    known = material.say.texts("tables.abbreviations")
    used = [each for each in known if _abbreviation(each).search(text)]
    return material.say.sentence("; ".join(sorted(used, key=str.casefold)))


def _abbreviation(explained: str) -> re.Pattern[str]:
    """Finds the term of ``CI: confidence interval`` where it stands as a word of its own."""
    term = explained.partition(":")[0].strip("‘’")
    return re.compile(rf"(?<!\w){re.escape(term)}(?!\w)")


def pairs(material: Material, key: str, rows: Sequence[tuple[str, Content]]) -> Table:
    """A table of items and their values; labels stand at ``tables.<key>.rows``."""
    say = material.say
    columns = (say("tables.item"), say("tables.value"))
    body: list[Row] = [
        (cell(say(f"tables.{key}.rows.{name}"), strong=True), cell(value)) for name, value in rows
    ]
    return table(material, key, columns, body, (0.3, 0.7), numeric=())


def absent(material: Material, key: str, columns: Sequence[Content], reason: str) -> Table:
    """A table that has nothing to show, with the reason in its only row."""
    words = material.say("tables.absent", reason=reason)
    widths = [1.0] * len(columns)
    return table(material, key, columns, [spanning(words, len(columns))], widths)
