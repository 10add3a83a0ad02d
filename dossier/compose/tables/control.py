"""Document control and hashes."""

from __future__ import annotations

from dossier.compose.document import Cell, LineBreak, Row, Table, Text
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.open_fields import or_open
from dossier.compose.tables.cells import Content, cell, pairs, table

_SHORT = 8
_HALF = 32


def short_hash(sha256: str) -> str:
    """The first characters of a hash, enough to compare by eye."""
    return sha256[:_SHORT]


def document_control(material: Material) -> Table:
    """What this document was made from, in short."""
    say, manifest = material.say, material.evaluation.manifest
    settings = material.settings
    control = settings.dossier
    extracted = "" if control.extract_date is None else say.date(control.extract_date)
    changes = " ".join(say.sentence(literal(change)) for change in control.changes)
    asked = {
        name: say(f"tables.document_control.asked.{name}")
        for name in ("version", "extract_date", "document_date", "changes")
    }
    rows: list[tuple[str, Content]] = [
        ("title", settings.cohort.title),
        ("version", or_open(say, control.version, asked["version"], "")),
        ("changes", or_open(say, changes, asked["changes"], "")),
        ("submitted_to", or_open(say, control.submitted_to, by="")),
        ("cutoff", material.cutoff()),
        ("extract_date", or_open(say, extracted, asked["extract_date"], "")),
        ("document_date", or_open(say, material.document_date(), asked["document_date"], "")),
        ("software", f"{manifest.software} {manifest.version}"),
    ]
    files = (
        say("tables.document_control.file", name=source.name, hash=short_hash(source.sha256))
        for source in manifest.sources
    )
    rows.append(("data", ", ".join(files)))
    criteria = (
        say(
            "tables.document_control.criterion",
            id=verdict.id,
            version=verdict.version,
            hash=short_hash(verdict.sha256),
        )
        for verdict in material.evaluation.verdicts
    )
    if material.evaluation.verdicts:
        rows.append(("criterion", ", ".join(criteria)))
    settings_hash = short_hash(manifest.settings_sha256)
    rows.append(("settings", say("tables.document_control.settings", hash=settings_hash)))
    return pairs(material, "document_control", rows)


def hashes(material: Material) -> Table:
    """SHA-256 of every file that went in, in full."""
    say, manifest = material.say, material.evaluation.manifest
    columns = tuple(
        say(f"tables.hashes.columns.{name}") for name in ("file", "role", "rows", "sha")
    )
    rows: list[Row] = [
        (
            cell(source.name),
            cell(say.of("source_tables", source.table)),
            cell(
                material.numbers.dash if source.table == "settings" else str(source.rows), "right"
            ),
            _hash(source.sha256),
        )
        for source in manifest.sources
    ]
    rows += [
        (
            cell(verdict.id),
            cell(say("tables.hashes.criterion", version=verdict.version)),
            cell(material.numbers.dash, "right"),
            _hash(verdict.sha256),
        )
        for verdict in material.evaluation.verdicts
    ]
    rows.append(
        (
            cell(say("tables.hashes.settings")),
            cell(say("tables.hashes.settings_role")),
            cell(material.numbers.dash, "right"),
            _hash(manifest.settings_sha256),
        )
    )
    notes = (say("tables.hashes.note"),)
    return table(
        material, "hashes", columns, rows, (0.24, 0.22, 0.09, 0.45), notes=notes, numeric=(2,)
    )


def _hash(sha256: str) -> Cell:
    # In two halves, so that a narrow column need not break it where it likes.
    return Cell((Text(sha256[:_HALF]), LineBreak(), Text(sha256[_HALF:])) if sha256 else ())
