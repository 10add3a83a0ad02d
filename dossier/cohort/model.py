"""The cohort as read and checked: what the later stages receive."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from dossier.cohort.columns import TABLES
from dossier.cohort.settings import Settings

if TYPE_CHECKING:
    from dossier.cohort.raw_table import RawTable

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class SourceFile:
    """A file the cohort was read from.

    Parameters
    ----------
    table
        ``patients``, ``assessments``, ``adverse_events``, ``quality_of_life``,
        ``protocol_deviations`` or ``settings``.
    name
        File name relative to the cohort folder; ``(data frame)`` for data handed over in Python.
    sha256
        Hash of the file's bytes.
    rows
        Rows read, the heading and comment rows not counted.
    detail
        How it was read: separator, encoding, sheet, date format.
    """

    table: str
    name: str
    sha256: str
    rows: int
    detail: str = ""


@dataclass(frozen=True)
class DataQuery:
    """Something in the data that a site should look at; the run goes on.

    Parameters
    ----------
    rule
        Stable name of the check, e.g. ``assessment-after-death``.
    severity
        ``error``: changes an endpoint in a way somebody must confirm; ``warning``: may change one;
        ``note``: changes none.
    patient, file, row, column, value
        Where it was seen; row as a spreadsheet counts it, the heading being row 1.
    message
        What was found.
    consequence
        What was done about it and why it matters.
    endpoints
        Names of the endpoints it touches, e.g. ``("pfs", "dor")``.
    """

    rule: str
    severity: Severity
    message: str
    consequence: str
    patient: str | None = None
    file: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    endpoints: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Entry of ``data_queries`` in results.json, without what is not known."""
        result: dict[str, object] = {
            "rule": self.rule,
            "severity": self.severity,
            "patient": self.patient,
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "message": self.message,
            "consequence": self.consequence,
        }
        stated = {key: value for key, value in result.items() if value is not None}
        return stated | {"endpoints": list(self.endpoints)}


@dataclass(frozen=True)
class ImputedDate:
    """A date of which the day, or the month, is not known.

    Parameters
    ----------
    table, column, position
        Where it stands: our names, and the position of its row in the frame.
    patient
        Identifier.
    date
        The day taken (`derivation.partial_dates`).
    earliest, latest
        The days possible, by what is known of the date and of the patient.
    """

    table: str
    column: str
    position: int
    patient: str
    date: datetime.date
    earliest: datetime.date
    latest: datetime.date


@dataclass(frozen=True)
class ScreenFailure:
    """Somebody in the files who never entered the cohort.

    Parameters
    ----------
    patient
        Identifier.
    reason
        Why: as the file says, else ``screen failure`` or ``not assigned to treatment``.
    row
        Row in the patients file.
    column
        Our name of the column that says so, or its heading in the file.
    """

    patient: str
    reason: str
    row: int
    column: str


def _no_deviations() -> pd.DataFrame:
    from dossier.cohort.typed_table import empty_table  # it needs this module itself

    return empty_table("protocol_deviations")


@dataclass(frozen=True)
class Cohort:
    """A cohort, read and checked.

    Tables hold every column declared in `dossier.cohort.columns`, given or not, with these types:
    text and category as str (``""`` where missing), date as datetime64[ns] (NaT), number and
    integer as float64 (NaN), flag as float64 (1.0, 0.0, NaN); and a column ``row``, the row in the
    source file as a spreadsheet counts it (the heading being row 1).

    Parameters
    ----------
    settings
        cohort.yaml.
    patients
        One row a patient, in the order of the file, ``patient_id`` unique, RangeIndex.
    assessments
        One row a visit, in the order of the file; also ``patient`` (int, position in ``patients``).
    adverse_events, quality_of_life, protocol_deviations
        As the assessments; empty when not given.
    given
        For each table the columns the files really had.
    sources
        The files.
    queries
        Data queries found while reading and checking.
    headings
        For each table the heading in the file by our column name.
    raw
        The tables as they stand in their files.
    files
        The files before the data sets of CDISC among them became tables, so that other settings
        can read them again.
    screen_failures
        Those in the files who never entered the cohort; no table holds them.
    partial_dates
        The days taken for partial dates, and those possible (`dossier.cohort.partial_dates`).
    folder
        Where cohort.yaml stands, from which it names criteria files; None for data frames.
    """

    settings: Settings
    patients: pd.DataFrame
    assessments: pd.DataFrame
    adverse_events: pd.DataFrame
    quality_of_life: pd.DataFrame
    given: dict[str, frozenset[str]]
    sources: tuple[SourceFile, ...]
    queries: tuple[DataQuery, ...] = ()
    protocol_deviations: pd.DataFrame = field(default_factory=_no_deviations)
    headings: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    raw: Mapping[str, RawTable] = field(default_factory=dict, repr=False, compare=False)
    files: Mapping[str, RawTable] = field(default_factory=dict, repr=False, compare=False)
    screen_failures: tuple[ScreenFailure, ...] = ()
    partial_dates: tuple[ImputedDate, ...] = ()
    folder: Path | None = field(default=None, repr=False, compare=False)

    def table(self, name: str) -> pd.DataFrame:
        """Frame of a table by its name."""
        frame: pd.DataFrame = getattr(self, name)
        return frame

    @property
    def data_cutoff_declared(self) -> bool:
        """Whether cohort.yaml says when the data were cut off."""
        return self.settings.cohort.data_cutoff is not None

    @cached_property
    def data_cutoff(self) -> datetime.date | None:
        """The declared data cut-off; else the latest date in any table; None without dates.

        Where endpoints are taken as given, their times end on dates too.
        """
        if self.settings.cohort.data_cutoff is not None:
            return self.settings.cohort.data_cutoff
        latest = [
            self.table(table)[column.name].max()
            for table, columns in TABLES.items()
            for column in columns
            if column.kind == "date" and self.has(table, column.name)
        ]
        if self.settings.derivation.endpoints == "as-given":
            days = self.patients[["pfs_days", "os_days"]].max(axis=1)
            latest.append((self.patients["treatment_start"] + pd.to_timedelta(days, "D")).max())
        dates = [date for date in latest if not pd.isna(date)]
        return max(dates).date() if dates else None

    @cached_property
    def assessors(self) -> tuple[str, ...]:
        """Who read the scans, in lower case and alphabetical order."""
        names = {str(name).casefold() for name in self.assessments["assessor"].unique()}
        return tuple(sorted(names - {""}))

    def heading(self, table: str, column: str) -> str:
        """Heading in the user's file that holds a column; our name where it is not known."""
        return self.headings.get(table, {}).get(column, column)

    def file_label(self, table: str) -> str | None:
        """How problems and data queries name the file of a table."""
        if table in self.raw:
            return self.raw[table].label
        return next((source.name for source in self.sources if source.table == table), None)

    def place(self, table: str, row: int) -> tuple[str | None, int]:
        """File and row, as a spreadsheet shows it, of a row of a table."""
        if table in self.raw:
            return self.raw[table].place(row)
        return self.file_label(table), row

    def cell(self, table: str, row: int, column: str) -> tuple[str | None, int, str]:
        """File, row and heading where a value stands, by our name of its column."""
        heading = self.heading(table, column)
        if table in self.raw:
            return self.raw[table].cell(row, heading)
        return self.file_label(table), row, heading

    def has(self, table: str, column: str) -> bool:
        """Whether the user's files gave this column."""
        return column in self.given.get(table, frozenset())

    @staticmethod
    def from_frames(
        *,
        patients: pd.DataFrame,
        assessments: pd.DataFrame | None = None,
        adverse_events: pd.DataFrame | None = None,
        quality_of_life: pd.DataFrame | None = None,
        protocol_deviations: pd.DataFrame | None = None,
        **metadata: Any,
    ) -> Cohort:
        """Make a cohort from data frames.

        Parameters
        ----------
        patients, assessments, adverse_events, quality_of_life, protocol_deviations
            Tables with the columns of `dossier.cohort.columns`; dates may be datetime64, date
            objects or text.
        **metadata
            Keys of the `cohort` section (``title=...``, ``data_cutoff=...``); whole sections of
            cohort.yaml (``derivation={...}``) are accepted too.

        Raises
        ------
        InputError
            With every problem found.
        """
        from dossier.cohort.frames import cohort_from_frames  # reading code, loaded when needed

        return cohort_from_frames(
            {
                "patients": patients,
                "assessments": assessments,
                "adverse_events": adverse_events,
                "quality_of_life": quality_of_life,
                "protocol_deviations": protocol_deviations,
            },
            metadata,
        )
