"""Cohorts for the tests of the derive stage, told the way a clinician tells a patient's story."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dossier.cohort.columns import TABLES
from dossier.cohort.model import Cohort, SourceFile
from dossier.cohort.settings import Settings

START = pd.Timestamp("2022-03-01")
DATES = {
    "started": "treatment_start",
    "stopped": "treatment_end",
    "new_therapy": "new_therapy_start",
    "clinical_progression": "clinical_progression_date",
    "died": "death_date",
    "alive": "last_known_alive",
}
OWN_DEFAULTS = {"text": "", "category": "", "date": pd.NaT}


def date(day: float | None) -> pd.Timestamp:
    """The date of a day since the start of treatment."""
    return pd.NaT if day is None else START + pd.Timedelta(days=day)


def visits(text: str) -> list[tuple[int, str]]:
    """Days and responses from ``PR(57) NE(113)``."""
    return [(int(day), code) for code, day in re.findall(r"([A-Za-z/-]+)\((-?\d+)\)", text)]


def cohort_of(
    *stories: Mapping[str, Any],
    cutoff: int | None = 400,
    by_day: bool = False,
    given: Sequence[str] = (),
    adverse_events: Sequence[Mapping[str, Any]] = (),
    quality_of_life: Sequence[Mapping[str, Any]] = (),
    **derivation: Any,
) -> Cohort:
    """A cohort of patients told in days.

    A story has ``visits`` (text as in `visits`), ``scans`` (rows of the assessments with ``day``
    and any other columns), the keys of `DATES` in days since the start, and columns of the
    patients table; ``started`` defaults to day 0, None is not treated. ``given`` adds columns that
    the files had although every cell is empty.
    """
    patients, assessments = [], []
    columns = {"patient_id", *given}
    for place, told in enumerate(stories):
        story = {"patient_id": f"P{place + 1:03}", "started": 0, **told}
        record: dict[str, Any] = {"row": place + 2}
        scans = story.pop("visits", "")
        scans = visits(scans) if isinstance(scans, str) else scans
        scans = [{"day": day, "response": response} for day, response in scans]
        assessments += [
            {
                "patient": place,
                "patient_id": story["patient_id"],
                "response": "",
                "assessor": story.get("assessor", ""),
                **scan,
                "date": pd.NaT if by_day else date(scan["day"]),
                "day": float(scan["day"]) if by_day else float("nan"),
            }
            for scan in (*scans, *story.pop("scans", ()))
        ]
        for key, value in story.items():
            if key == "assessor":
                continue
            name = DATES.get(key, key)
            columns.add(name)
            record[name] = date(value) if key in DATES else value
        patients.append(record)
    for rows, first in ((assessments, 2),):
        for place, row in enumerate(rows):
            row["row"] = place + first
    settings = Settings.model_validate(
        {
            "cohort": {
                "title": "t",
                "data_cutoff": None if cutoff is None else date(cutoff).date(),
            },
            "data": {"patients": "patients.csv"},
            "derivation": derivation,
        }
    )
    return Cohort(
        settings=settings,
        patients=_table("patients", patients),
        assessments=_table("assessments", assessments),
        adverse_events=_table("adverse_events", [_placed(row, stories) for row in adverse_events]),
        quality_of_life=_table(
            "quality_of_life", [_placed(row, stories) for row in quality_of_life]
        ),
        given={
            "patients": frozenset(columns),
            "assessments": frozenset(key for row in assessments for key in row),
        },
        sources=(
            SourceFile("patients", "patients.csv", "", len(patients)),
            SourceFile("assessments", "assessments.csv", "", len(assessments)),
        ),
    )


def _placed(row: Mapping[str, Any], stories: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    days = {key: date(value) for key, value in row.items() if key in ("date", "start", "end")}
    return {"row": 2, "patient": 0, **row, **days}


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    for column in TABLES[name]:
        empty = OWN_DEFAULTS.get(column.kind, float("nan"))
        values = [row.get(column.name, empty) for row in rows]
        if column.kind == "date":
            columns[column.name] = pd.Series(values, dtype="datetime64[ns]")
        elif column.kind in ("text", "category"):
            columns[column.name] = pd.Series(values, dtype=object)
        else:
            columns[column.name] = pd.Series(values, dtype="float64")
    columns["row"] = pd.Series([row["row"] for row in rows], dtype="int64")
    if name != "patients":
        columns["patient"] = pd.Series([row["patient"] for row in rows], dtype="int64")
    return pd.DataFrame(columns)
