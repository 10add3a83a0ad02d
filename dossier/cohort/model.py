"""The cohort as read and checked: what the later stages receive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from dossier.cohort.settings import Settings

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class SourceFile:
    """A file the cohort was read from.

    Parameters
    ----------
    table
        ``patients``, ``assessments``, ``adverse_events``, ``quality_of_life`` or ``settings``.
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
    adverse_events, quality_of_life
        As the assessments; empty when not given.
    given
        For each table the columns the files really had.
    sources
        The files.
    queries
        Data queries found while reading and checking.
    """

    settings: Settings
    patients: pd.DataFrame
    assessments: pd.DataFrame
    adverse_events: pd.DataFrame
    quality_of_life: pd.DataFrame
    given: dict[str, frozenset[str]]
    sources: tuple[SourceFile, ...]
    queries: tuple[DataQuery, ...] = ()

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
        **metadata: Any,
    ) -> Cohort:
        """Make a cohort from data frames.

        Parameters
        ----------
        patients, assessments, adverse_events, quality_of_life
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
            },
            metadata,
        )
