"""The tables of a cohort together: every patient once, every row with its patient and its day."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from dossier.cohort.columns import TABLES
from dossier.cohort.headings import mapping_problems
from dossier.cohort.model import DataQuery, ImputedDate
from dossier.cohort.partial_dates import settled_dates
from dossier.cohort.raw_table import RawTable
from dossier.cohort.settings import Settings
from dossier.cohort.settings_file import SettingsOrigin
from dossier.cohort.typed_table import TypedTable, empty_table, missing_cells, typed_table
from dossier.errors import Problem
from dossier.yaml_source import nearest


@dataclass(frozen=True)
class Tables:
    """The tables of a cohort as `dossier.cohort.model.Cohort` holds them.

    Parameters
    ----------
    frames
        By table name; a table that was not given is empty.
    given
        Columns each file really had.
    headings
        Heading in the file by our name, for each table.
    queries
        Partial dates and what reading the files showed.
    partial_dates
        The days taken for partial dates, and those possible.
    """

    frames: dict[str, pd.DataFrame]
    given: dict[str, frozenset[str]]
    headings: dict[str, dict[str, str]]
    queries: tuple[DataQuery, ...]
    partial_dates: tuple[ImputedDate, ...]


def read_tables(
    raws: Mapping[str, RawTable], settings: Settings, origin: SettingsOrigin
) -> tuple[Tables, list[Problem]]:
    """Type the tables of a cohort.

    Parameters
    ----------
    raws
        The tables as they stand in their files, by name; `patients` at least, unless it could
        not be read.
    settings
        cohort.yaml.
    origin
        Where the settings were written.

    Returns
    -------
    tuple
        The tables, usable when there are no problems; and every problem found, by table and row.
    """
    problems = mapping_problems(settings, origin)
    typed = {table: typed_table(raws[table], settings, origin) for table in TABLES if table in raws}
    frames = {table: empty_table(table) for table in TABLES}
    patients = typed.get("patients")
    for table, each in typed.items():
        found = list(each.problems)
        frames[table] = each.frame
        if table == "patients":
            found += _patient_problems(each)
        elif patients is not None:
            frames[table], unknown = _with_patient(each, patients.frame)
            found += unknown
        if table == "assessments":
            found += _visit_problems(each, frames["assessments"], patients)
        problems += each.settings_problems
        problems += sorted(found, key=lambda problem: problem.row or 0)
    frames, partial_dates, partial_queries = settled_dates(typed, frames, settings)
    return Tables(
        frames=frames,
        given={
            table: frozenset((*typed[table].headings.ours, *typed[table].headings.extra))
            if table in typed
            else frozenset()
            for table in TABLES
        },
        headings={table: each.headings.ours for table, each in typed.items()},
        queries=(*(query for table in typed for query in raws[table].queries), *partial_queries),
        partial_dates=partial_dates,
    ), problems


def _patient_problems(patients: TypedTable) -> list[Problem]:
    if patients.frame.empty:
        label = patients.cells.raw.label
        return [Problem("there are no patients", label, expected="one row a patient")]
    first: dict[str, int] = {}
    problems = []
    for position, identifier in enumerate(patients.cells.patients):
        row = first.setdefault(identifier, patients.cells.raw.rows[position])
        if identifier and row != patients.cells.raw.rows[position]:
            heading = patients.cells.ours["patient_id"]
            message = f"the patient is here twice, first on row {row}"
            problems.append(patients.cells.problem(position, heading, message, "one row a patient"))
    arms = {str(arm) for arm in patients.frame["arm"].unique()} - {""}
    if len(arms) > MAX_ARMS:
        raw = patients.cells.raw
        message = f"there are {len(arms)} arms, more than tables can hold side by side"
        expected = f"at most {MAX_ARMS}, or another heading where it is no treatment arm"
        heading = patients.cells.ours["arm"]
        problems.append(Problem(message, raw.label, raw.heading_row, heading, expected=expected))
    return problems


MAX_ARMS: Final = 25
_SUGGESTIONS: Final = 50  # comparing spellings is slow; a wrong file has thousands of them


def _with_patient(typed: TypedTable, patients: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Add the position of each row's patient; an identifier nobody has is a problem."""
    known: dict[str, int] = {}
    for position, identifier in enumerate(patients["patient_id"]):
        known.setdefault(identifier, position)
    known.pop("", None)
    cells = typed.cells
    of_row = np.array([known.get(each, -1) for each in cells.patients], dtype=np.int64)
    problems = []
    suggestions: dict[str, str] = {}
    for position in np.flatnonzero(of_row < 0).tolist() if known else []:
        identifier = cells.patients[position]
        if identifier:
            if identifier not in suggestions:
                look = len(suggestions) < _SUGGESTIONS
                suggestions[identifier] = _nearest_patient(identifier, known) if look else ""
            message = f"no patient has this identifier{suggestions[identifier]}"
            heading = cells.ours["patient_id"]
            expected = "an identifier of the patients table"
            problems.append(cells.problem(position, heading, message, expected))
    return typed.frame.assign(patient=of_row), problems


def _nearest_patient(identifier: str, known: Mapping[str, int]) -> str:
    bare = identifier.casefold().lstrip("0")
    for each in known:
        if each.casefold().lstrip("0") == bare:
            return f", did you mean {each!r}?"
    close = difflib.get_close_matches(identifier[:100], list(known), n=1, cutoff=0.8)
    return f", did you mean {close[0]!r}?" if close else ""


def _visit_problems(
    visits: TypedTable, frame: pd.DataFrame, patients: TypedTable | None
) -> list[Problem]:
    """Visits that cannot be placed in time, and visits after baseline without a response."""
    cells = visits.cells
    when = cells.ours.get("date") or cells.ours.get("day")
    if when is None:
        expected = "a heading 'date' or 'day' (days since treatment start), or a mapping"
        message = "there is no column that says when the assessment was"
        label, row = cells.raw.label, cells.raw.heading_row
        return [Problem(message, label, row, "date", expected=expected)]
    if (
        patients is not None
        and "treatment_start" not in patients.cells.ours
        and ("day" not in cells.ours)
    ):
        message = "there is no column 'treatment_start', which the dates of the assessments need"
        expected = "a heading 'treatment_start', or columns.patients.treatment_start in cohort.yaml"
        raw = patients.cells.raw
        used = set(patients.cells.ours.values())
        free = [heading for heading in raw.columns if heading not in used]
        if meant := nearest("treatment_start", free):
            message += f"; is it {meant!r}?"
        return [Problem(message, raw.label, raw.heading_row, "treatment_start", expected=expected)]
    undated = (frame["date"].isna() & frame["day"].isna()).to_numpy()
    broken = visits.unreadable.get("date", frozenset()) | visits.unreadable.get("day", frozenset())
    message, expected = "it is not known when the assessment was", "a date or a day"
    problems = [
        cells.problem(position, when, message, expected)
        for position in np.flatnonzero(undated).tolist()
        if position not in broken
    ]
    if patients is not None and len(patients.frame) and "response" in cells.ours:
        problems += _missing_responses(visits, frame, patients)
    return problems


def _missing_responses(
    visits: TypedTable, frame: pd.DataFrame, patients: TypedTable
) -> list[Problem]:
    """Make a problem of every visit after baseline without a response and without measurements.

    A baseline scan has no response; from measurements the response follows.
    """
    of_row = frame["patient"].to_numpy()
    start = patients.frame["treatment_start"].to_numpy()
    visit_start = np.where(of_row >= 0, start[of_row], np.datetime64("NaT"))
    from_start = pd.Series((frame["date"].to_numpy() - visit_start) / np.timedelta64(1, "D"))
    after_start = (from_start.fillna(frame["day"]) > 0).to_numpy()
    measured = frame["target_sum_mm"].notna() | (frame["new_lesion"] == 1)
    measured |= (frame["target_response"] != "") | (frame["non_target_response"] != "")
    leaving_out = visits.unreadable.get("response", frozenset()).union(
        np.flatnonzero(~after_start | measured.to_numpy()).tolist()
    )
    column = next(column for column in TABLES["assessments"] if column.name == "response")
    responses = frame["response"].to_numpy()
    return missing_cells(column, responses, visits.cells, leaving_out=leaving_out)
