"""Cumulative incidence of progression, with death without progression as competing event."""

from __future__ import annotations

from collections.abc import Callable

from dossier.compose.document import Cell, Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.numbers import exact
from dossier.compose.tables.cells import absent, cell, dash, number, spanning, table
from dossier.estimate.competing_risks import ProgressionIncidence, Share

_COUNTS = ("n", "unknown", "events", "competing_events", "censored")


def progression_incidence(material: Material) -> Table:
    """A column for all treated patients and for each arm: events, and both shares by landmark."""
    say, results = material.say, material.results
    measure = say("tables.progression_incidence.columns.measure")
    everybody = say("tables.progression_incidence.columns.all")
    if results.progression_incidence is None:
        reason = say("tables.progression_incidence.absent")
        return absent(material, "progression_incidence", [measure, everybody], reason)
    given = [] if material.arms_apart else [("", everybody, results.progression_incidence)]
    given += [
        (f"arms.{name}.", literal(name), arm.progression_incidence)
        for name, arm in results.arms.items()
        if arm.progression_incidence is not None
    ]
    columns = [measure, *(name for _, name, _ in given)]
    level = material.numbers.level(material.settings.estimation.confidence)

    def row(label: str, content: Callable[[ProgressionIncidence, str], Cell], indent: int) -> Row:
        cells = (
            content(each, f"{prefix}endpoints.progression_incidence") for prefix, _, each in given
        )
        return (cell(label, indent=indent), *cells)

    def counted(part: str) -> Row:
        label = say(f"tables.progression_incidence.rows.{part}")
        return row(
            label, lambda each, path: number(getattr(each, part), f"{path}.{part}"), indent=0
        )

    rows = [counted(part) for part in _COUNTS]
    for position, landmark in enumerate(material.settings.estimation.landmarks):
        time = material.duration(str(landmark))
        heading = say("tables.progression_incidence.by", time=time)
        rows.append(spanning(heading, len(columns), strong=True))
        rows += _landmark(material, row, position, level)
    notes = [say("tables.progression_incidence.note")]
    for _, name, each in given:
        if each.reason is not None:
            reason = literal(say.reason(each.reason))
            notes.append(say("tables.progression_incidence.reason", group=name, reason=reason))
    widths = (0.46, *[0.54 / len(given)] * len(given))
    return table(material, "progression_incidence", columns, rows, widths, notes=notes)


def _landmark(
    material: Material,
    row: Callable[[str, Callable[[ProgressionIncidence, str], Cell], int], Row],
    position: int,
    level: str,
) -> list[Row]:
    def words(name: str) -> str:
        return material.say(f"tables.progression_incidence.rows.{name}", level=level)

    def progression(each: ProgressionIncidence, path: str) -> Cell:
        place = f"{path}.landmarks.{position}"
        return _share(material, each.landmarks[position].progression, place)

    def death(each: ProgressionIncidence, path: str) -> Cell:
        place = f"{path}.landmarks.{position}.death_without_progression"
        return _share(material, each.landmarks[position].death, place)

    def at_risk(each: ProgressionIncidence, path: str) -> Cell:
        return number(each.landmarks[position].at_risk, f"{path}.landmarks.{position}.at_risk")

    return [
        row(words("progression"), progression, 1),
        row(words("death"), death, 1),
        row(words("at_risk"), at_risk, 1),
    ]


def _share(material: Material, share: Share, path: str) -> Cell:
    if share.estimate is None:
        return dash(material)
    numbers = material.numbers
    shown = (Number(numbers.percent(share.estimate), f"{path}.estimate"),)
    if share.lower is None or share.upper is None:
        return cell(shown, "right")
    low, high = (
        Number(numbers.decimal(exact(limit) * 100), f"{path}.{name}")
        for limit, name in ((share.lower, "ci_lower"), (share.upper, "ci_upper"))
    )
    limits = material.say.inlines("format.limits", lower=low, upper=high)
    return cell(material.say.inlines("tables.with_limits", estimate=shown, limits=limits), "right")
