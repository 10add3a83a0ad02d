"""Events by type and censored patients by reason, progression-free survival by rule set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from dossier.compose.document import Cell, Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.tables.cells import absent, cell, dash, number, table
from dossier.estimate.model import TimeToEvent
from dossier.estimate.time_counts import RuleSetCounts

_KEY = "tables.censoring"


class _Column(NamedTuple):
    heading: str
    counts: RuleSetCounts
    path: str
    known: bool


def censoring(material: Material) -> Table:
    """How every patient's time ended; what is asked of a column adds up to its patients."""
    say = material.say
    columns = _columns(material)
    headings = (say(f"{_KEY}.columns.ending"), *(column.heading for column in columns))
    if not any(column.counts.n for column in columns):
        return absent(material, "censoring", headings, say(f"{_KEY}.absent"))
    rows: list[Row] = [
        _row(material, "n", columns),
        _row(material, "events", columns, strong=True),
        *_reasons(material, "event_types", columns),
        _row(material, "censored", columns, strong=True),
        *_reasons(material, "censoring", columns),
        _row(material, "unknown", columns),
    ]
    options = material.settings.derivation
    notes = [say(f"{_KEY}.note")]
    if options.schedule:
        notes.append(say(f"{_KEY}.schedule", n=options.visit_window_days))
    else:
        notes.append(say(f"{_KEY}.no_schedule"))
    if any("fda" in time.rule_sets for time in material.results.times.values()):
        notes.append(say(f"{_KEY}.missed", n=options.missed_assessments))
    widths = (0.4, *[0.6 / len(columns)] * len(columns))
    return table(material, "censoring", headings, rows, widths, notes=notes, abbreviated=True)


def _columns(material: Material) -> list[_Column]:
    say, times = material.say, material.results.times
    pfs = times["pfs"]
    found = [
        _Column(
            say(f"{_KEY}.columns.{'in_force' if counts.in_force else 'rule_set'}",
                rule_set=say(f"setting_values.{name}")),
            counts, f"endpoints.pfs.rule_sets.{name}", known=True,
        )
        for name, counts in pfs.rule_sets.items()
    ]  # fmt: skip
    names = ("os", "dor") if found else ("pfs", "os", "dor")
    for name in names:
        time = times[name]
        heading = say(f"{_KEY}.columns.{name}")
        counts = RuleSetCounts(
            time.n, time.events, time.censored, time.unknown, time.event_types, time.censoring
        )
        found.append(_Column(heading, counts, f"endpoints.{name}", known=_told(time)))
    return found


def _told(time: TimeToEvent) -> bool:
    """Whether the reasons were counted: not where too little is known for an estimate."""
    return time.reason is None


def _row(material: Material, part: str, columns: list[_Column], *, strong: bool = False) -> Row:
    cells = (number(getattr(each.counts, part), f"{each.path}.{part}") for each in columns)
    return (cell(material.say(f"{_KEY}.rows.{part}"), strong=strong), *cells)


def _reasons(material: Material, part: str, columns: list[_Column]) -> list[Row]:
    """A row for each reason that any column has."""
    tallies: list[Mapping[str, int]] = [getattr(column.counts, part) for column in columns]
    names = dict.fromkeys(reason for tally in tallies for reason in tally)

    def entry(column: _Column, tally: Mapping[str, int], reason: str) -> Cell:
        if reason not in tally:
            return cell("0", "right") if column.known else dash(material)
        return cell(Number(str(tally[reason]), f"{column.path}.{part}.{reason}"), "right")

    return [
        (
            cell(literal(material.say.capital(material.say.reason(reason))), indent=1),
            *(entry(column, tally, reason)
              for column, tally in zip(columns, tallies, strict=True)),
        )
        for reason in names
    ]  # fmt: skip
