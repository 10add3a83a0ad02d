"""What every step of a trace reads: the evaluation, and rows of the user's files."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.estimate.outcomes import Outcome, outcomes_of
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
        self._texts: dict[str, NDArray[Any]] = {}

    @cached_property
    def outcomes(self) -> dict[str, Outcome]:
        """Successes and unknowns of every share of patients."""
        return outcomes_of(self.frame)

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

    def texts(self, column: str) -> NDArray[Any]:
        """A text of every patient; ``""`` where the frame has no such column."""
        if column not in self._texts:
            known = column in self.frame
            self._texts[column] = self.values(column).astype(str) if known else self.no_rules()
        return self._texts[column]

    def no_rules(self) -> NDArray[Any]:
        """For parts that no rule of their own decided."""
        return np.full(len(self.frame), "")

    def mask(self, column: str) -> Mask:
        """A column of flags."""
        return self.values(column).astype(np.bool_)

    def patient(self, place: int) -> str:
        """Identifier of a patient."""
        return str(self.values("patient_id")[place])

    def row(self, role: str, table: str, row: float, column: str = "") -> SourceRow:
        """A row of one of the user's files."""
        if math.isnan(row):
            heading = self.cohort.heading(table, column) if column else ""
            return SourceRow(role, self.cohort.file_label(table) or table, None, heading)
        if not column:
            file, place = self.cohort.place(table, int(row))
            return SourceRow(role, file or table, place)
        file, place, heading = self.cohort.cell(table, int(row), column)
        return SourceRow(role, file or table, place, heading)

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


class Parts(Sequence[Contribution]):
    """The parts of some patients, in the order of the file; each is made when it is looked at.

    Parameters
    ----------
    places
        Where the patients stand in the frame.
    part_of
        Makes the part of one of them.
    rules
        Identifier of the rule of every patient of the frame, ``""`` for none; None where only the
        parts themselves tell.
    """

    def __init__(self, places: Mask, part_of: PartOf, rules: NDArray[Any] | None) -> None:
        self._places = np.flatnonzero(places)
        self._part_of = part_of
        self._rules = rules

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Contribution]:
        return (self._part_of(int(place)) for place in self._places)

    @overload
    def __getitem__(self, position: int) -> Contribution: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[Contribution, ...]: ...
    def __getitem__(self, position: int | slice) -> Contribution | tuple[Contribution, ...]:
        if isinstance(position, slice):
            return tuple(self._part_of(int(place)) for place in self._places[position])
        return self._part_of(int(self._places[position]))

    def applied(self) -> Counter[str]:
        """How many of the patients each rule was applied to."""
        if self._rules is None:
            return Counter(each.rule for each in self if each.rule)
        found = Counter[str](self._rules[self._places].tolist())
        del found[""]
        return found


def parts(places: Mask, part_of: PartOf, rules: NDArray[Any] | None = None) -> Parts:
    """The parts of the patients of a group; see `Parts`."""
    return Parts(places, part_of, rules)


def applied_rules(contributions: Sequence[Contribution]) -> Counter[str]:
    """How many patients each rule was applied to."""
    if isinstance(contributions, Parts):
        return contributions.applied()
    return Counter(each.rule for each in contributions if each.rule)


def counted(contributions: Iterable[Contribution]) -> int:
    """How many of them are counted."""
    return sum(each.counted for each in contributions)
