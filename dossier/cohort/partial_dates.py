"""Dates of which the day, or the month, is not known: the day taken, and the days possible.

The declared policy (`derivation.partial_dates`) takes the first day, the middle or the last day of
what is known. What else is known about the patient narrows the days possible: treatment ends, and
an adverse event begins, not before treatment where that began in the same month; death is not
before a day on which the patient was alive; progression is not before a scan without it; nothing
is after death or the data cut-off. Where the day of the policy is not possible, the nearest
possible one is taken. Only complete dates narrow, and only those within the same month or year:
a date outside it contradicts nothing here, and has a data query of its own.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from dossier.cohort.columns import CONFIRMED_PD, TABLES, UNCONFIRMED_PD
from dossier.cohort.model import Cohort, DataQuery, ImputedDate
from dossier.cohort.settings import Settings
from dossier.cohort.typed_table import TypedTable
from dossier.cohort.values import Imputed

__all__ = ["at_bounds", "settled_dates"]

Dates = npt.NDArray[np.datetime64]
Bound = Literal["earliest", "latest"]

_PROGRESSIONS: Final = ("PD", UNCONFIRMED_PD, CONFIRMED_PD, "NE", "")
# Columns that cannot lie before the start of treatment.
_AFTER_START: Final = frozenset(
    {
        ("patients", "treatment_end"),
        ("patients", "new_therapy_start"),
        ("patients", "clinical_progression_date"),
        ("patients", "death_date"),
        ("patients", "last_known_alive"),
        ("adverse_events", "start"),
        ("adverse_events", "end"),
    }
)
# Columns that prove the patient alive on that day.
_ALIVE: Final = (
    ("patients", "treatment_start"),
    ("patients", "treatment_end"),
    ("patients", "new_therapy_start"),
    ("patients", "clinical_progression_date"),
    ("patients", "last_known_alive"),
    ("assessments", "date"),
    ("adverse_events", "start"),
    ("quality_of_life", "date"),
)
# Endpoints that rest on a date.
_RESTS_ON: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("patients", "treatment_start"): ("best_response", "benefit", "pfs", "os", "dor"),
    ("patients", "treatment_end"): ("time_on_treatment",),
    ("patients", "new_therapy_start"): ("best_response", "benefit", "pfs", "dor"),
    ("patients", "clinical_progression_date"): ("pfs", "dor"),
    ("patients", "death_date"): ("benefit", "pfs", "os", "dor"),
    ("patients", "last_known_alive"): ("os",),
    ("assessments", "date"): ("best_response", "benefit", "pfs", "dor"),
    ("adverse_events", "start"): ("safety",),
    ("quality_of_life", "date"): ("quality_of_life",),
}


@dataclass(frozen=True)
class _Limit:
    """A day that narrows the days possible, and what happened on it."""

    day: datetime.date
    what: str


def settled_dates(
    typed: Mapping[str, TypedTable], frames: Mapping[str, pd.DataFrame], settings: Settings
) -> tuple[dict[str, pd.DataFrame], tuple[ImputedDate, ...], tuple[DataQuery, ...]]:
    """Take a possible day for every partial date.

    Parameters
    ----------
    typed
        The tables as read, with their partial dates, by name.
    frames
        Their frames, with the position of each row's patient.
    settings
        For the policy and the data cut-off.

    Returns
    -------
    tuple
        The frames with the days taken; for each partial date the day taken and the days possible;
        and a data query for each.
    """
    settled = dict(frames)
    if not any(each.imputed for each in typed.values()):
        return settled, (), ()
    known = _Known(typed, frames, settings)
    records: list[ImputedDate] = []
    queries: list[DataQuery] = []
    for table, each in typed.items():
        days: dict[str, list[tuple[int, datetime.date]]] = {}
        for column, position, imputed in each.imputed:
            earliest, latest = known.possible(table, column, position, imputed)
            taken = min(max(imputed.date, earliest.day), latest.day)
            days.setdefault(column, []).append((position, taken))
            records.append(
                ImputedDate(
                    table=table,
                    column=column,
                    position=position,
                    patient=each.cells.patients[position],
                    date=taken,
                    earliest=earliest.day,
                    latest=latest.day,
                )
            )
            queries.append(
                _query(each, column, position, imputed, (earliest, taken, latest), settings)
            )
        for column, changes in days.items():
            settled[table] = _with_days(settled[table], column, changes)
    return settled, tuple(records), tuple(queries)


def at_bounds(cohort: Cohort, bound: Bound) -> Cohort:
    """Put every partial date of a cohort at its earliest, or latest, possible day.

    Endpoints derived from both show how much hangs on the days that are not known.

    Parameters
    ----------
    cohort
        A cohort; it stays as it is.
    bound
        ``earliest`` or ``latest``.
    """
    frames: dict[str, Any] = {}
    for table in TABLES:
        days: dict[str, list[tuple[int, datetime.date]]] = {}
        for each in cohort.partial_dates:
            if each.table == table:
                days.setdefault(each.column, []).append((each.position, getattr(each, bound)))
        frame = cohort.table(table)
        for column, changes in days.items():
            frame = _with_days(frame, column, changes)
        frames[table] = frame
    return replace(cohort, **frames)


def _with_days(
    frame: pd.DataFrame, column: str, changes: list[tuple[int, datetime.date]]
) -> pd.DataFrame:
    values = frame[column].to_numpy(copy=True)
    for position, day in changes:
        values[position] = np.datetime64(day)
    return frame.assign(**{column: values})


class _Known:
    """The complete dates of every patient, which narrow those that are not."""

    def __init__(
        self,
        typed: Mapping[str, TypedTable],
        frames: Mapping[str, pd.DataFrame],
        settings: Settings,
    ) -> None:
        self.frames = frames
        self.cutoff = settings.cohort.data_cutoff
        self.patients = len(frames["patients"])
        self.imputed = {
            (table, column, position)
            for table, each in typed.items()
            for column, position, _ in each.imputed
        }

    def possible(
        self, table: str, column: str, position: int, imputed: Imputed
    ) -> tuple[_Limit, _Limit]:
        """The earliest and latest possible day of a partial date."""
        first = imputed.known.imputed("first")
        last = imputed.known.imputed("last")
        patient = position if table == "patients" else int(self.frames[table]["patient"][position])
        lower, upper = _Limit(first, ""), _Limit(last, "")
        if 0 <= patient < self.patients:
            for limit in self._not_before(table, column, position, patient):
                if lower.day < limit.day <= last:
                    lower = limit
            for limit in self._not_after(table, column, position, patient):
                if first <= limit.day < upper.day:
                    upper = limit
        if lower.day > upper.day:  # these contradict each other; data queries tell
            return _Limit(first, ""), _Limit(last, "")
        return lower, upper

    def _not_before(self, table: str, column: str, position: int, patient: int) -> Iterator[_Limit]:
        if (table, column) in _AFTER_START:
            yield from self._day("patients", "treatment_start", patient, "the start of treatment")
        if column in ("death_date", "last_known_alive"):
            for other in _ALIVE:
                if other != (table, column):
                    for day in self._days_of(*other, patient):
                        yield _Limit(day, "a day on which the patient was alive")
        if (table, column) == ("adverse_events", "end"):
            yield from self._day(table, "start", position, "the start of the event")
        if (table, column) == ("assessments", "date"):
            yield from self._scans_without_progression(position, patient)

    def _not_after(self, table: str, column: str, position: int, patient: int) -> Iterator[_Limit]:
        if column != "death_date":
            yield from self._day("patients", "death_date", patient, "death")
        if self.cutoff is not None:
            yield _Limit(self.cutoff, "the data cut-off")
        if (table, column) == ("patients", "treatment_start"):
            yield from self._day(table, "treatment_end", patient, "the end of treatment")
        if (table, column) == ("adverse_events", "start"):
            yield from self._day(table, "end", position, "the end of the event")

    def _day(self, table: str, column: str, position: int, what: str) -> Iterator[_Limit]:
        """The date in a cell where it is complete."""
        date = self.frames[table][column].iat[position]
        if not pd.isna(date) and (table, column, position) not in self.imputed:
            yield _Limit(date.date(), what)

    def _days_of(self, table: str, column: str, patient: int) -> Iterator[datetime.date]:
        """The complete dates of a patient in a column."""
        rows = [patient]
        if table != "patients":
            rows = np.flatnonzero(self.frames[table]["patient"].to_numpy() == patient).tolist()
        for row in rows:
            for limit in self._day(table, column, row, ""):
                yield limit.day

    def _scans_without_progression(self, position: int, patient: int) -> Iterator[_Limit]:
        """Scans of the same reader that show no progression yet, where this one shows it."""
        visits = self.frames["assessments"]
        response = visits["response"].to_numpy(dtype=object)
        if response[position] not in ("PD", UNCONFIRMED_PD, CONFIRMED_PD):
            return
        reader = visits["assessor"].to_numpy(dtype=object)
        same = (visits["patient"].to_numpy() == patient) & (reader == reader[position])
        for row in np.flatnonzero(same).tolist():
            if response[row] not in _PROGRESSIONS:
                yield from self._day("assessments", "date", row, "a scan without progression")


def _query(
    typed: TypedTable,
    name: str,
    position: int,
    imputed: Imputed,
    days: tuple[_Limit, datetime.date, _Limit],
    settings: Settings,
) -> DataQuery:
    raw = typed.cells.raw
    heading = typed.cells.ours[name]
    column = next(column for column in TABLES[raw.table] if column.name == name)
    month_known = imputed.known.month is not None
    lacks, period = ("day", "month") if month_known else ("month and day", "year")
    earliest, taken, latest = days
    policy = f"the {settings.derivation.partial_dates} of the {period} (derivation.partial_dates)"
    read = (
        f"read as {taken}, {policy}"
        if taken == imputed.date
        else (f"read as {taken}, the possible day nearest to {policy}")
    )
    file, row = raw.place(raw.rows[position])
    return DataQuery(
        rule="partial-date",
        severity="warning",
        message=f"the {column.meaning} has no {lacks}",
        consequence=f"{read}; possible from {_said(earliest)} to {_said(latest)}",
        patient=typed.cells.patients[position] or None,
        file=file,
        row=row,
        column=heading,
        value=raw.columns[heading][position],
        endpoints=_RESTS_ON.get((raw.table, name), ()),
    )


def _said(limit: _Limit) -> str:
    return f"{limit.day} ({limit.what})" if limit.what else str(limit.day)
