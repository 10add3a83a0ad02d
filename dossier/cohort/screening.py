"""Screen failures: in the file, but never in the cohort."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dossier.cohort.columns import TABLES
from dossier.cohort.headings import plain
from dossier.cohort.model import Cohort, DataQuery, ScreenFailure

# Columns in which CDISC says so: a planned or actual arm, its code, why there is none.
_ARMS: Final = frozenset(
    {"arm", "armcd", "armnrs", "actarm", "actarmcd", "actarmud", "trt01p", "trt01a"}
)
_FAILED: Final = frozenset(
    {"screenfailure", "screenfailures", "screenfail", "screenfailed", "scrnfail", "scrnfailure"}
)
# The reasons where the file gives none of its own.
FAILED: Final = "screen failure"
NOT_ASSIGNED: Final = "not assigned to treatment"
_NOT_ASSIGNED: Final = frozenset({"notassigned", "notassgn"})


def without_screen_failures(cohort: Cohort) -> Cohort:
    """Leave out those who failed screening or were never assigned to treatment, and count them.

    Somebody counts as such where an arm, its code or the reason for having none says so, or where
    there is a reason for failing, and no treatment started. A start of treatment contradicts it:
    the patient stays, with a data query.
    """
    patients = cohort.patients
    reasons, columns = _reasons(patients)
    said = reasons != ""
    started = patients["treatment_start"].notna().to_numpy()
    failed = said & ~started
    if not said.any():
        return cohort
    identifiers = patients["patient_id"].to_numpy(dtype=object)
    rows_in_file = patients["row"].to_numpy()
    left_out = tuple(
        ScreenFailure(str(identifiers[at]), reasons[at], int(rows_in_file[at]), columns[at])
        for at in np.flatnonzero(failed).tolist()
    )
    gone = frozenset(each.patient for each in left_out)
    queries = [*cohort.queries, *_contradictions(cohort, said & started)]
    if not gone:
        return replace(cohort, queries=tuple(queries))
    kept = np.flatnonzero(~failed)
    position = np.full(len(patients), -1, dtype=np.int64)
    position[kept] = np.arange(len(kept))
    frames: dict[str, pd.DataFrame] = {"patients": patients.iloc[kept].reset_index(drop=True)}
    lost = 0
    moved: dict[str, dict[int, int]] = {
        "patients": dict(zip(kept.tolist(), range(len(kept)), strict=True))
    }
    for table in (name for name in TABLES if name != "patients"):
        frame = cohort.table(table)
        patient = position[frame["patient"].to_numpy(dtype=np.int64)]
        rows = np.flatnonzero(patient >= 0)
        lost += len(frame) - len(rows)
        moved[table] = dict(zip(rows.tolist(), range(len(rows)), strict=True))
        frames[table] = frame.iloc[rows].assign(patient=patient[rows]).reset_index(drop=True)
    queries = [query for query in queries if query.patient not in gone]
    return replace(
        cohort,
        **frames,
        queries=(*queries, _counted(cohort, len(gone), lost)),
        screen_failures=left_out,
        partial_dates=tuple(
            replace(each, position=moved[each.table][each.position])
            for each in cohort.partial_dates
            if each.position in moved[each.table]
        ),
    )


def _reasons(
    patients: pd.DataFrame,
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Why each patient is left out and the column that says so; ``""`` for everybody else."""
    reasons = np.full(len(patients), "", dtype=np.object_)
    columns = np.full(len(patients), "", dtype=np.object_)
    for name in patients.columns:
        if plain(str(name)) not in _ARMS:
            continue
        words: Mapping[str, str] = {text: _word(text) for text in map(str, patients[name].unique())}
        found = patients[name].map(words).to_numpy(dtype=object)
        # A failed screening says more than not being assigned.
        new = (found != "") & ((reasons == "") | (found == FAILED))
        reasons[new], columns[new] = found[new], str(name)
    stated = patients["screen_failure_reason"].to_numpy(dtype=object)
    reasons[stated != ""] = stated[stated != ""]
    columns[stated != ""] = "screen_failure_reason"
    return reasons, columns


def _word(text: str) -> str:
    bare = plain(text)
    if bare in _FAILED:
        return FAILED
    return NOT_ASSIGNED if bare in _NOT_ASSIGNED else ""


def _counted(cohort: Cohort, patients: int, records: int) -> DataQuery:
    one = patients == 1
    are = f"{patients} {'patient is a screen failure' if one else 'patients are screen failures'}"
    their = f", with {records} {'record' if records == 1 else 'records'} of them" if records else ""
    return DataQuery(
        rule="screen-failures",
        severity="note",
        message=f"{are} or never assigned to treatment",
        consequence=f"left out of the cohort{their}: they are counted in no denominator",
        file=cohort.file_label("patients"),
        column=cohort.heading("patients", "arm"),
        value=str(patients),
    )


def _contradictions(cohort: Cohort, which: npt.NDArray[np.bool_]) -> list[DataQuery]:
    patients = cohort.patients
    return [
        DataQuery(
            rule="screen-failure-treated",
            severity="error",
            message="the patient is called a screen failure, and treatment started on "
            f"{patients['treatment_start'].iat[at].date()}",
            consequence="counted as treated",
            patient=str(patients["patient_id"].iat[at]),
            file=cohort.file_label("patients"),
            row=int(patients["row"].iat[at]),
            column=cohort.heading("patients", "arm"),
            endpoints=("best_response", "benefit", "pfs", "os", "dor", "safety"),
        )
        for at in np.flatnonzero(which).tolist()
    ]
