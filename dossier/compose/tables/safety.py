"""Adverse events: patients, not events, each at the worst grade."""

from __future__ import annotations

from fractions import Fraction

from dossier.compose.document import Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.numbers import exact
from dossier.compose.tables.cells import absent, cell, count, dash, number, table
from dossier.estimate.model import AdverseEventRow

OVERVIEW = (
    "any",
    "grade_3_or_higher",
    "grade_5",
    "serious",
    "related",
    "related_grade_3_or_higher",
)
_GRADES = (1, 2, 3, 4, 5)


def adverse_events_overview(material: Material) -> Table:
    """Patients with any, severe, fatal, serious and related events."""
    say, safety = material.say, material.results.safety
    level = material.numbers.level(material.settings.estimation.confidence)
    columns = (
        say("tables.adverse_events_overview.columns.kind"),
        say("tables.adverse_events_overview.columns.patients", n=safety.n),
        say("tables.adverse_events_overview.columns.interval", level=level),
    )
    if not safety.given:
        return absent(material, "adverse_events_overview", columns, _why_absent(material))
    rows: list[Row] = []
    lacking = False
    for name in OVERVIEW:
        words = cell(say(f"tables.adverse_events_overview.rows.{name}"))
        share = safety.overview.get(name)
        if share is None or share.estimate is None:
            rows.append((words, dash(material), dash(material)))
            lacking = True
            continue
        path = f"safety.overview.{name}"
        limits = cell(material.share_limits(share, path), "right")
        rows.append((words, count(material, share.events, share.n, f"{path}.events"), limits))
    notes = [
        say("tables.adverse_events_overview.note", events=safety.events),
        say("tables.adverse_events_overview.lacking") if lacking else "",
    ]
    return table(material, "adverse_events_overview", columns, rows, (0.5, 0.25, 0.25), notes=notes)


def adverse_events(material: Material) -> Table:
    """Patients with each class and term by worst grade."""
    say, safety = material.say, material.results.safety
    columns = (
        say("tables.adverse_events.columns.term"),
        say("tables.adverse_events.columns.any"),
        say("tables.adverse_events.columns.severe"),
        *(say("tables.adverse_events.columns.grade", grade=grade) for grade in _GRADES),
        say("tables.adverse_events.columns.unknown"),
    )
    if not safety.given:
        return absent(material, "adverse_events", columns, _why_absent(material))
    shown = [
        (position, row) for position, row in enumerate(safety.terms) if _printed(material, row)
    ]
    rows: list[Row] = [_row(material, row, f"safety.terms.{position}") for position, row in shown]
    notes = [say("tables.adverse_events.note", n=safety.n)]
    left_out = len(safety.terms) - len(shown)
    if left_out:
        share = material.numbers.percent(Fraction(repr(material.limits.adverse_event_share)), 0)
        notes.append(say("tables.adverse_events.left_out", n=left_out, share=share))
    widths = (0.36, 0.13, 0.13, 0.07, 0.07, 0.07, 0.07, 0.07, 0.08)
    return table(material, "adverse_events", columns, rows, widths, notes=notes)


def _why_absent(material: Material) -> str:
    return literal(material.say.reason(material.results.safety.reason or ""))


def _printed(material: Material, row: AdverseEventRow) -> bool:
    """Whether a row of a long table is printed."""
    safety, limits = material.results.safety, material.limits
    if len(safety.terms) <= limits.adverse_event_rows or row.severe or not row.term:
        return True
    return Fraction(row.any, max(safety.n, 1)) >= exact(limits.adverse_event_share)


def _row(material: Material, row: AdverseEventRow, path: str) -> Row:
    say, n = material.say, material.results.safety.n
    of_class = not row.term
    name = (row.soc or say("tables.adverse_events.no_class")) if of_class else row.term
    return (
        cell(name, indent=0 if of_class or not row.soc else 1, strong=of_class),
        count(material, row.any, n, f"{path}.any"),
        count(material, row.severe, n, f"{path}.severe"),
        *(number(row.grades.get(grade, 0), f"{path}.grades.{grade}") for grade in _GRADES),
        number(row.unknown, f"{path}.unknown"),
    )
