"""Where the numbers of the text come from: a line for each in the appendix, and the links to it.

Done when every block is in place, because only then is it known which numbers are printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby

from dossier.compose.document import (
    Block,
    Cell,
    CrossReference,
    Emphasis,
    Footnote,
    LineBreak,
    Number,
    Row,
    Strong,
    Table,
    Text,
)
from dossier.compose.inlines import Runs, inlines, text_of, with_runs
from dossier.compose.material import Material
from dossier.compose.numbering import anchor
from dossier.compose.tables.cells import cell, runs, spanning, table
from dossier.compose.wording import Wording
from dossier.result_paths import leaves
from dossier.trace import Origin, origins

TABLE = anchor("table", "identifiers")
_WIDTHS = (0.46, 0.31, 0.23)
_SAME_RESULT = 2  # keys at the start of a path: endpoints.orr


def identifiers(material: Material) -> Table:
    """The table of the numbers in the text; `traced` fills it."""
    say = material.say
    columns = tuple(
        say(f"tables.identifiers.columns.{name}") for name in ("number", "rules", "patients")
    )
    rows = [spanning(say("tables.identifiers.none"), len(columns))]
    rules = CrossReference(anchor("table", "derivation_rules"), "")
    note = say.inlines("tables.identifiers.note", rules=rules)
    return table(material, "identifiers", columns, rows, _WIDTHS, notes=(note,), numeric=())


def traced(blocks: Iterable[Block], material: Material) -> tuple[Block, ...]:
    """Blocks whose numbers in the running text lead to their line of the table of identifiers.

    A number in a cell leads there too where the text prints the same one: lines of their own for
    all cells would make the table many times as long. Nothing changes where the document has no
    such table.
    """
    found = tuple(blocks)
    if not any(isinstance(block, Table) and block.anchor == TABLE for block in found):
        return found
    printed: dict[str, str] = {}
    for block in found:
        for text in text_of(block):
            for run in inlines(text):
                if isinstance(run, Number):
                    printed.setdefault(run.path, run.text)
    if not printed:
        return found
    rows: list[Row] = []
    targets: dict[str, str] = {}
    for together in _lines(origins(material.evaluation, _in_order(printed, material))):
        name = f"origin_{len(rows) + 1}"
        rows.append(_row(material, name, together, printed))
        targets |= {origin.path: name for origin in together}
    return tuple(
        replace(block, rows=tuple(rows))
        if isinstance(block, Table) and block.anchor == TABLE
        else with_runs(block, lambda text: _linked(text, targets))
        for block in found
    )


def _in_order(paths: Iterable[str], material: Material) -> list[str]:
    """Paths in the order of results.json."""
    wanted = set(paths)
    sections = {path.partition(".")[0] for path in wanted}
    return [
        path
        for section, content in material.evaluation.to_dict().items()
        if section in sections
        for path, _ in leaves(content, section)
        if path in wanted
    ]


def _lines(found: Iterable[Origin]) -> Iterable[list[Origin]]:
    """Numbers of one result that come from the same patients by the same rules share a line."""
    for _, of_result in groupby(found, lambda origin: origin.path.split(".")[:_SAME_RESULT]):
        lines: dict[Origin, list[Origin]] = {}
        for origin in of_result:
            lines.setdefault(replace(origin, path=""), []).append(origin)
        yield from lines.values()


def _row(
    material: Material, name: str, together: list[Origin], printed: Mapping[str, str]
) -> tuple[Cell, ...]:
    places: list[Text | Strong | LineBreak] = []
    for origin in together:
        places += [LineBreak()] if places else []
        number = Number(printed[origin.path], origin.path)
        places += [Strong((number,)), Text(f" {origin.path}")]
    rules = ", ".join(together[0].rules) or material.numbers.dash
    return (
        Cell(tuple(places), anchor=name),
        cell(rules),
        cell(_patients(material, together[0], printed[together[0].path])),
    )


def _patients(material: Material, origin: Origin, printed: str) -> Runs:
    say = material.say
    if origin.patients is None or origin.members is None:
        nothing = printed == material.numbers.not_estimable
        return runs(say(f"tables.identifiers.{'not_estimated' if nothing else 'no_patients'}"))
    words = _population(say, origin.population)
    key = "all" if origin.patients == origin.members else "some"
    return runs(
        say(
            f"tables.identifiers.{key}",
            patients=origin.patients,
            members=origin.members,
            population=words,
        )
    )


def _population(say: Wording, name: str) -> str:
    """Words for a population; which arm or subgroup of it is meant, the place says."""
    parts = name.split(" ")
    for end in range(len(parts), 0, -1):
        key = f"traced_populations.{'_'.join(parts[:end])}"
        if say.has(key):
            return say(key)
    return say("traced_populations.other")


def _linked(text: Runs, targets: Mapping[str, str]) -> Runs:
    if not any(isinstance(run, Number | Strong | Emphasis | Footnote) for run in text):
        return text
    changed: list[object] = []
    for run in text:
        match run:
            case Number():
                changed.append(replace(run, target=targets.get(run.path, "")))
            case Strong() | Emphasis() | Footnote():
                changed.append(replace(run, children=_linked(run.children, targets)))
            case _:
                changed.append(run)
    return tuple(changed)  # type: ignore[arg-type]
