"""A table of the whole cohort made again with the arms of a randomised study side by side.

What all arms show together mixes those who had the drug with those who had not, so it is not
printed where patients were randomised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from dossier.compose.document import Cell, LineBreak, Number, Row, Strong, Table, plain_text
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.tables.cells import cell, dash, spanning

Make = Callable[[Material], Table]


@dataclass(frozen=True)
class Layout:
    """How a table is spread over the arms.

    Parameters
    ----------
    columns
        Positions of its columns that every arm shows. With several of them the rows stand once for
        each, below its heading.
    joined
        Whether the column after it, with the confidence limits, stands in the same cell.
    headings
        Keys of the headings, in place of those of the columns.
    population
        The population whose size stands in the heading of an arm; ``""`` where none does.
    notes
        How many of the notes still hold; all of them where None.
    caption
        Key of the caption, made of that of the table.
    filled
        Whether rows that have nothing in the column are left out.
    """

    columns: tuple[int, ...] = (1,)
    joined: bool = False
    headings: tuple[str, ...] = ()
    population: str = "treated"
    notes: int | None = None
    caption: str = "tables.by_arm.caption"
    filled: bool = False


LAYOUTS: dict[str, Layout] = {
    "analysis_sets": Layout(population=""),
    "disposition": Layout(),
    "baseline": Layout(),
    "prior_treatment": Layout(),
    "best_response": Layout(
        (1, 2),
        headings=("tables.by_arm.confirmed", "tables.by_arm.unconfirmed"),
        population="response_evaluable",
    ),
    "response_rates": Layout(joined=True, population=""),
    "decision_16w": Layout(notes=1),
    "durability": Layout((3,), population="", notes=1),
    "times": Layout((1, 2, 3)),
    "response_duration": Layout(joined=True, population=""),
    "censoring": Layout((1, -2, -1)),
    "exceptional_responders": Layout(),
    "deaths": Layout(),
    "exposure": Layout(),
    "quality_of_life": Layout((4,), caption="tables.by_arm.change", filled=True),
}

# Places of results.json that count patients by what was recorded of them, or was not.
_TALLIES = frozenset({
    "losses", "disposition", "counts", "unconfirmed_counts", "not_evaluable_reasons",
    "unknown_reasons", "event_types", "censoring", "reasons", "lost_reasons", "causes",
    "unknown", "missing",
})  # fmt: skip

Key = tuple[str, ...]


def by_arm(name: str, make: Make) -> Make:
    """The function that makes a table, with the arms side by side where they stand apart."""
    layout = LAYOUTS.get(name)
    if layout is None:
        return make

    def made(material: Material) -> Table:
        whole = make(material)
        # Who was screened had no arm yet.
        screened = name == "analysis_sets" and "screened" in material.results.populations
        if screened or not material.arms_apart:
            return whole
        return _spread(material, layout, make, whole)

    return made


def _spread(material: Material, layout: Layout, make: Make, whole: Table) -> Table:
    say, arms = material.say, material.results.arms
    shown = [at for at in layout.columns if -len(whole.widths) < at < len(whole.widths)]
    if all(len(row) < 2 or row[1] is None for row in whole.rows):
        return whole  # nothing to show, and why
    tables = {arm: make(material.of_arm(arm)) for arm in arms}
    width = len(arms) + 1
    header = [whole.header[0][0] or cell("")]
    for arm in arms:
        n = arms[arm].populations.get(layout.population)
        words = literal(arm) if n is None else say("tables.by_arm.column", arm=literal(arm), n=n)
        header.append(cell(words, "right", strong=True))
    rows: list[Row] = []
    for place, at in enumerate(shown):
        if len(shown) > 1:
            heading = whole.header[0][at]
            words = (
                say(layout.headings[place])
                if layout.headings
                else plain_text(heading.children if heading else ())
            )
            rows.append(spanning(words, width, strong=True))
        rows += _rows(material, layout, whole, tables, at, indent=len(shown) > 1)
    notes = whole.notes if layout.notes is None else whole.notes[: layout.notes]
    if material.results.without_arm:
        words = say("tables.arms.without", n=material.results.without_arm)
        notes = (*notes, cell(words).children)
    caption = say.inlines(layout.caption, caption=whole.caption)
    first = min(0.4, whole.widths[0])
    widths = (first, *[(1 - first) / len(arms)] * len(arms))
    return replace(
        whole,
        caption=caption,
        header=(tuple(header),),
        rows=tuple(rows),
        widths=widths,
        notes=notes,
    )


def _rows(
    material: Material,
    layout: Layout,
    whole: Table,
    tables: dict[str, Table],
    at: int,
    *,
    indent: bool,
) -> list[Row]:
    """The rows of the whole cohort with a cell of each arm in place of those of all patients."""
    found = {
        arm: dict(zip(_keys(table.rows), table.rows, strict=True)) for arm, table in tables.items()
    }
    rows: list[Row] = []
    for key, row in _all_rows(whole, found).items():
        label = row[0]
        if label is None:
            continue
        if indent:
            label = replace(label, indent=label.indent + 1)
        if len(row) < 2 or row[1] is None:
            rows.append((replace(label, span=len(tables) + 1), *[None] * len(tables)))
            continue
        if indent:
            label = replace(label, strong=False)
        shown = row[at]
        cells = [label]
        for arm, own in found.items():
            counted = len(own) > 1 and shown is not None and _counts(shown)
            none = cell("0", "right") if counted else dash(material)
            cells.append(_cell(material, layout, arm, own[key], at) if key in own else none)
        if (indent or layout.filled) and shown is not None and not shown.children:
            continue
        # A reason of one endpoint is none of another, whose rows stand below.
        foreign = indent and label.indent > 1 and not key[0] and at != layout.columns[0]
        nothing = ("0", material.numbers.dash)
        if foreign and all(plain_text(each.children) in nothing for each in cells[1:]):
            continue
        rows.append(tuple(cells))
    return rows


def _all_rows(whole: Table, found: Mapping[str, Mapping[Key, Row]]) -> dict[Key, Row]:
    """The rows of the whole cohort, and those that only an arm has behind the row before them.

    What is known of too few of all patients may be known of enough of one arm.
    """
    rows = list(zip(_keys(whole.rows), whole.rows, strict=True))
    for own in found.values():
        if len(own) < 2:
            continue  # a table of one row says why it is empty
        place = 0
        for key, row in own.items():
            known = [position for position, (name, _) in enumerate(rows) if name == key]
            if not known:
                rows.insert(place, (key, row))
            place = (known[0] if known else place) + 1
    return dict(rows)


def _cell(material: Material, layout: Layout, arm: str, row: Row, at: int) -> Cell:
    value = row[at]
    if value is None:
        return dash(material)
    children = _moved(value.children, arm)
    limits = row[at + 1] if layout.joined and at + 1 < len(row) else None
    if limits is not None and any(isinstance(each, Number) for each in limits.children):
        words = material.say.inlines("tables.by_arm.limits", limits=_moved(limits.children, arm))
        children = (*children, LineBreak(), *words)
    return replace(value, children=children, align="right")


def _counts(shown: Cell) -> bool:
    """Whether a cell counts what was recorded, so that an arm without the row has nobody in it.

    A median, a rate or a number at risk that an arm does not have is not known.
    """
    paths = [each.path for each in shown.children if isinstance(each, Number)]
    if not paths:
        return plain_text(shown.children) == "0"
    return any(not _TALLIES.isdisjoint(path.split(".")) for path in paths)


def _keys(rows: Sequence[Row]) -> list[Key]:
    """What tells each row apart: its label below those of the rows that it is indented under."""
    keys: list[Key] = []
    group = ""
    above: dict[int, str] = {}
    for row in rows:
        label = row[0]
        words = plain_text(label.children) if label else ""
        if len(row) < 2 or row[1] is None:
            group, above = words, {}
            keys.append((group,))
            continue
        depth = label.indent if label else 0
        above = {level: text for level, text in above.items() if level < depth} | {depth: words}
        keys.append((group, *above.values()))
    return keys


def _moved(children: Inlines, arm: str) -> Inlines:
    """Numbers of one arm at their place among the results of all arms."""
    moved: list[object] = []
    for each in children:
        if isinstance(each, Number):
            moved.append(replace(each, path=f"arms.{arm}.{each.path}"))
        elif isinstance(each, Strong):
            moved.append(replace(each, children=_moved(each.children, arm)))
        else:
            moved.append(each)
    return tuple(moved)  # type: ignore[arg-type]
