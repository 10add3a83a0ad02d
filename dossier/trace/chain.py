"""What every step of a trace reads: the evaluation, and rows of the user's files."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.evaluation import Evaluation
from dossier.trace.model import Contribution, SourceRow

Mask = NDArray[np.bool_]
PartOf = Callable[[int], Contribution]


class Chain:
    """An evaluation, and how to name the rows its values came from.

    Parameters
    ----------
    evaluation
        What is traced.
    results
        Its results format.
    """

    def __init__(self, evaluation: Evaluation, results: dict[str, Any]) -> None:
        self.evaluation = evaluation
        self.results = results
        self.cohort = evaluation.cohort
        self.frame = evaluation.patients.frame
        self._columns: dict[str, NDArray[Any]] = {}

    def values(self, column: str) -> NDArray[Any]:
        """A column of the frame of patients."""
        if column not in self._columns:
            self._columns[column] = self.frame[column].to_numpy()
        return self._columns[column]

    def number(self, column: str, place: int) -> float | None:
        """A number of a patient; None where it is not known."""
        found = float(self.values(column)[place])
        return None if math.isnan(found) else found

    def text(self, column: str, place: int) -> str:
        """A text of a patient; ``""`` where the frame has no such column."""
        return str(self.values(column)[place]) if column in self.frame else ""

    def mask(self, column: str) -> Mask:
        """A column of flags."""
        return self.values(column).astype(np.bool_)

    def patient(self, place: int) -> str:
        """Identifier of a patient."""
        return str(self.values("patient_id")[place])

    def row(self, role: str, table: str, row: float, column: str = "") -> SourceRow:
        """A row of one of the user's files."""
        file, place = self.cohort.file_label(table), None
        if not math.isnan(row):
            file, place = self.cohort.place(table, int(row))
        return SourceRow(
            role,
            file or table,
            place,
            self.cohort.heading(table, column) if column else "",
        )

    def own_row(self, place: int, column: str = "", role: str = "describes") -> SourceRow:
        """The row of a patient in the table of patients."""
        given = column if column and self.cohort.has("patients", column) else ""
        return self.row(role, "patients", float(self.values("row")[place]), given)

    def deciding(self, endpoint: str, place: int, role: str = "decides") -> tuple[SourceRow, ...]:
        """The row that decided an endpoint of a patient; the patient's own where none did."""
        row = float(self.values(f"{endpoint}_row")[place])
        if math.isnan(row):
            return (self.own_row(place),)
        table = self.text(f"{endpoint}_table", place)
        return (self.row(role, table, row, self.text(f"{endpoint}_column", place)),)

    def best_response_rows(self, place: int, role: str = "carries") -> tuple[SourceRow, ...]:
        """The row that carries the best response, and the one that confirms it."""
        rows = self.deciding("best_response", place, role)
        confirming = self.number("best_response_confirming_row", place)
        if confirming is None:
            return rows
        column = self.text("best_response_column", place)
        return (*rows, self.row("confirms", "assessments", confirming, column))

    def visit_rows(self, place: int, day: float | None) -> tuple[SourceRow, ...]:
        """Rows of the assessments of a patient on a day; the patient's own where there is none."""
        visits = self.cohort.assessments
        if day is None or visits.empty:
            return (self.own_row(place),)
        start = self.cohort.patients["treatment_start"].iloc[place]
        own = visits["patient"].to_numpy(dtype=int) == place
        same = own & (visits["day"].to_numpy(dtype=float) == day)
        if not pd.isna(start):
            date = pd.Timestamp(start) + pd.Timedelta(days=day)
            same |= own & (visits["date"] == date).to_numpy(dtype=bool)
        rows = visits["row"].to_numpy(dtype=float)[same]
        if not len(rows):
            return (self.own_row(place),)
        return tuple(self.row("carries", "assessments", float(row), "response") for row in rows)


def parts(places: Mask, part_of: PartOf) -> tuple[Contribution, ...]:
    """The parts of the patients of a group, in the order of the file."""
    return tuple(part_of(int(place)) for place in np.flatnonzero(places))


def counted(contributions: Iterable[Contribution]) -> int:
    """How many of them are counted."""
    return sum(each.counted for each in contributions)
