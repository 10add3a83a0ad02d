"""What a rule for data queries is: a named value that finds rows and says what was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dossier.cohort.chronology import Chronology, Flags
from dossier.cohort.model import Cohort, DataQuery, Severity


@dataclass(frozen=True)
class Finding:
    """Rows a rule found.

    Parameters
    ----------
    where
        Shape (rows of the table,): the rows.
    message
        What was found in a row, by its position.
    consequence
        What was done about it where that depends on the settings; else the rule says it.
    """

    where: Flags
    message: Callable[[int], str]
    consequence: str | None = None


@dataclass(frozen=True)
class QueryRule:
    """A rule of the data check.

    Parameters
    ----------
    id
        Stable name, e.g. ``assessment-after-death``.
    severity
        As in `dossier.cohort.model.DataQuery`.
    table, column
        Where the user looks (at ``day`` where assessments have no ``date``).
    consequence
        What is done about it and why it matters.
    endpoints
        Endpoints it touches.
    find
        Finds the rows.
    """

    id: str
    severity: Severity
    table: str
    column: str
    consequence: str
    endpoints: tuple[str, ...]
    find: Callable[[Chronology], Finding]

    def queries(self, dates: Chronology) -> Iterator[DataQuery]:
        """Data queries of this rule, in the order of the rows."""
        cohort = dates.cohort
        finding = self.find(dates)
        positions = np.flatnonzero(finding.where)
        if not len(positions):
            return
        frame = cohort.table(self.table)
        rows = frame["row"].to_numpy()
        patients = frame["patient_id"].to_numpy(dtype=object)
        column = self._column_looked_at(cohort)
        heading = cohort.heading(self.table, column)
        raw = cohort.raw.get(self.table)
        cells = raw.columns.get(heading) if raw is not None else None
        values = frame[column].to_numpy()
        in_file: dict[int, int] = {}
        if raw is not None and len(raw.rows) != len(frame):  # some patients were left out
            in_file = {row: at for at, row in enumerate(raw.rows)}
        for position in positions.tolist():
            file, row, there = cohort.cell(self.table, int(rows[position]), column)
            yield DataQuery(
                rule=self.id,
                severity=self.severity,
                message=finding.message(position),
                consequence=finding.consequence or self.consequence,
                patient=str(patients[position]) or None,
                file=file,
                row=row,
                column=there,
                value=written(
                    values[position]
                    if cells is None
                    else cells[in_file.get(int(rows[position]), position)]
                ),
                endpoints=self.endpoints,
            )

    def _column_looked_at(self, cohort: Cohort) -> str:
        dated_by_day = self.column == "date" and not cohort.has(self.table, "date")
        return "day" if dated_by_day else self.column


def query_rule(
    id: str,  # noqa: A002  the rule's own word
    severity: Severity,
    place: str,
    consequence: str,
    *endpoints: str,
) -> Callable[[Callable[[Chronology], Finding]], QueryRule]:
    """Make a rule of the function that finds its rows.

    Parameters
    ----------
    id, severity, consequence, endpoints
        As in `QueryRule`.
    place
        Table and column, e.g. ``patients.death_date``.
    """
    table, _, column = place.partition(".")

    def rule(find: Callable[[Chronology], Finding]) -> QueryRule:
        return QueryRule(id, severity, table, column, consequence, endpoints, find)

    return rule


def written(value: object) -> str | None:
    """A value of a table as a person writes it; None where it is missing."""
    if pd.isna(value) or value == "":
        return None
    if isinstance(value, float | np.floating):
        return f"{value:.10g}"
    if isinstance(value, np.datetime64):
        return str(value.astype("datetime64[D]"))
    text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"
