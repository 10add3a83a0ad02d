"""Times to an event, patient by patient: what ended or censored each, and where that is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dossier.derive.timeline import Flags, Floats, Integers, Texts


@dataclass(frozen=True)
class Ending:
    """One way a time can end.

    Parameters
    ----------
    rule
        Identifier of the rule in `dossier.derive.rules.RULES`.
    reason
        What ended or censored the time, or why it is unknown.
    event
        1 for an event, 0 for censoring, NaN where the time is unknown.
    column
        Column of the patients table that decided, where no assessment did.
    """

    rule: str
    reason: str
    event: float
    column: str


@dataclass(frozen=True)
class Source:
    """The entry a value comes from, one a patient in every array: table, column and row."""

    table: Texts
    column: Texts
    row: Floats


@dataclass(frozen=True)
class EventTimes:
    """A time-to-event endpoint, one entry a patient in every array.

    Parameters
    ----------
    days
        Days; NaN where unknown.
    event
        1 event, 0 censored, NaN where unknown.
    rule, reason
        See `Ending`.
    table, column, row
        Table, column and row (as a spreadsheet counts it) of the entry that decided.
    """

    days: Floats
    event: Floats
    rule: Texts
    reason: Texts
    table: Texts
    column: Texts
    row: Floats


def event_times(
    ending: Integers, endings: Sequence[Ending], days: Floats, source: Source
) -> EventTimes:
    """Spell out the endings; the days of an unknown time are dropped."""
    event = np.array([each.event for each in endings])[ending]
    return EventTimes(
        days=np.where(np.isnan(event), np.nan, days),
        event=event,
        rule=texts([each.rule for each in endings])[ending],
        reason=texts([each.reason for each in endings])[ending],
        table=source.table,
        column=source.column,
        row=source.row,
    )


def texts(values: Sequence[str]) -> Texts:
    """An array of strings that may differ in length."""
    return np.array(values, dtype=np.object_)


def table_name(from_assessments: Flags) -> Texts:
    """``assessments`` where true, ``patients`` elsewhere."""
    return texts(["patients", "assessments"])[from_assessments.astype(np.int64)]
