"""Protocol deviations and waivers of the enrolled patients."""

from __future__ import annotations

from dossier.compose.document import Cell, Row, Table
from dossier.compose.material import Material
from dossier.compose.tables.cells import absent, cell, count, number, table
from dossier.estimate.deviations import DeviationCount, Deviations

_KINDS = ("important", "waivers")


def protocol_deviations(material: Material) -> Table:
    """Patients and deviations by category, the important ones and the waivers among them."""
    say, found = material.say, material.results.deviations
    words = "tables.protocol_deviations"
    columns = [say(f"{words}.columns.{name}") for name in ("category", "patients", "deviations")]
    if found is None or not found.given:
        return absent(material, "protocol_deviations", columns, say(f"{words}.absent"))
    kinds = tuple(kind for kind in _KINDS if getattr(found, kind) is not None)
    columns += [say(f"{words}.columns.{kind}") for kind in kinds]
    place = "protocol_deviations"
    rows: list[Row] = []
    if found.total.deviations:
        rows.append(_row(material, found, found.total, found, kinds, place))
        rows += [
            _row(
                material, found, each.total, each, kinds, f"{place}.categories.{at}", each.category
            )
            for at, each in enumerate(found.categories)
        ]
    else:
        rows.append(_row(material, found, found.total, found, kinds, place))
    notes = [say(f"{words}.note", n=found.n), *_notes(material, found)]
    widths = (0.4, *[0.6 / (len(columns) - 1)] * (len(columns) - 1))
    return table(material, "protocol_deviations", columns, rows, widths, notes=notes)


def _row(
    material: Material,
    found: Deviations,
    total: DeviationCount,
    parts: object,
    kinds: tuple[str, ...],
    path: str,
    category: str = "",
) -> Row:
    name = cell(category, indent=1)
    if not category:
        name = cell(material.say("tables.protocol_deviations.any"), strong=True)
    cells: list[Cell] = [
        name,
        count(material, total.patients, found.n, f"{path}.patients"),
        number(total.deviations, f"{path}.deviations"),
    ]
    for kind in kinds:
        part: DeviationCount = getattr(parts, kind)
        cells.append(count(material, part.patients, found.n, f"{path}.{kind}.patients"))
    return tuple(cells)


def _notes(material: Material, found: Deviations) -> list[str]:
    """What the table does not say, and which deviations it leaves out."""
    say, words = material.say, "tables.protocol_deviations"
    notes = []
    for kind in _KINDS:
        part = getattr(found, kind)
        if part is None:
            notes.append(say(f"{words}.not_given.{kind}"))
        elif part.unknown:
            notes.append(say(f"{words}.unknown.{kind}", n=part.unknown))
    if found.after_cutoff:
        notes.append(say(f"{words}.after_cutoff", n=found.after_cutoff))
    return notes
