"""What the input lacks, and what the dossier therefore cannot say: once, in one place."""

from __future__ import annotations

from dossier.compose.document import Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.missing import NEEDS, missing_parts
from dossier.compose.tables.cells import absent, cell, table

_KEY = "tables.missing_data"


def missing_data(material: Material) -> Table:
    """One row for each thing that would have to be supplied, with the parts it would fill."""
    say, missing = material.say, missing_parts(material)
    columns = (say(f"{_KEY}.columns.needed"), say(f"{_KEY}.columns.parts"))
    if not missing:
        return absent(material, "missing_data", columns, say(f"{_KEY}.nothing"))
    rows: list[Row] = [
        (
            cell(say(f"{_KEY}.needed.{need}"), strong=True),
            cell(say.capital("; ".join(_part(material, part, missing[part]) for part in lacking))),
        )
        for need, parts in NEEDS.items()
        if (lacking := [part for part in parts if part in missing])
    ]
    notes = (say(f"{_KEY}.note"),)
    return table(material, "missing_data", columns, rows, (0.4, 0.6), notes=notes, numeric=())


def _part(material: Material, part: str, reason: str) -> str:
    say = material.say
    words = say(f"{_KEY}.parts.{part}")
    if not reason:
        return words
    return say("format.with_reason", text=words, reason=literal(say.reason(reason)))
