"""Partial dates: the main endpoints with them as taken, at their earliest and at their latest."""

from __future__ import annotations

from dossier.compose.document import Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.tables.cells import absent, cell, table
from dossier.date_bounds import CASES, MEDIANS, SHARES
from dossier.estimate.model import Results


def partial_dates(material: Material) -> Table:
    """A line an endpoint, a column for each place of the partial dates."""
    say, bounds = material.say, material.evaluation.date_bounds
    words = "tables.partial_dates"
    columns = [say(f"{words}.columns.endpoint"), *(say(f"{words}.columns.{c}") for c in CASES)]
    if not bounds.cases:
        return absent(material, "partial_dates", columns, say(f"{words}.absent"))
    rows: list[Row] = []
    for name in (*SHARES, *MEDIANS):
        label = say(f"endpoints.{name}")
        if name in MEDIANS:
            label = say(f"{words}.median", endpoint=say.lower(label))
        place = f"partial_dates.endpoints.{name}"
        shown = (_shown(material, bounds.cases[case], name, f"{place}.{case}") for case in CASES)
        rows.append((cell(label), *(cell(each, "right") for each in shown)))
    cohort = material.evaluation.cohort
    where = tuple(
        say(
            f"{words}.column",
            column=literal(cohort.heading(each.table, each.column)),
            file=literal(cohort.file_label(each.table) or each.table),
            dates=each.dates,
        )
        for each in bounds.columns
    )
    notes = [
        say(f"{words}.note", n=bounds.dates, patients=bounds.patients, where=say.listed(where)),
        say(f"{words}.policy.{bounds.policy}"),
        say(f"{words}.caution"),
    ]
    return table(material, "partial_dates", columns, rows, (0.34, 0.22, 0.22, 0.22), notes=notes)


def _shown(material: Material, results: Results, name: str, path: str) -> Inlines:
    if name in SHARES:
        return material.rate(results.proportions[name], path)
    time = results.times[name]
    if time.reason is not None:
        return (Number(material.numbers.not_estimable, f"{path}.months"),)
    if time.median.days is None:
        return (Number(material.numbers.not_reached, f"{path}.months"),)
    return (Number(material.numbers.months(time.median.days), f"{path}.months"),)
