"""Two data cuts of one study: which patients and source rows are behind what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from dossier.cohort.columns import TABLES
from dossier.cohort.model import Cohort
from dossier.derive.model import Patients
from dossier.evaluation import Evaluation
from dossier.scenarios.patient_changes import PatientChange, changes_in_derivation
from dossier.scenarios.result_differences import Difference, result_differences

__all__ = ["DataCut", "RecordChange", "compare_evaluations", "compare_results"]

_Key = tuple[str, ...]
_Records = dict[_Key, dict[str, str]]
_Pair = tuple[_Key, dict[str, str], dict[str, str]]

# What tells the records of a patient apart, in tables with several of them.
_TOLD_APART: Final = {
    "assessments": ("date", "day", "assessor"),
    "adverse_events": ("term", "start"),
    "quality_of_life": ("date", "instrument", "scale"),
    "protocol_deviations": ("date", "category", "description"),
}


@dataclass(frozen=True)
class RecordChange:
    """One entry of a source file that is otherwise, or a record in one of the cuts only.

    Parameters
    ----------
    table, patient
        Where it stands.
    what
        ``new``, ``vanished`` or ``changed``.
    column, old, new
        The entry and its values, for ``changed``; else what the record says.
    old_row, new_row
        Rows in the source files as a spreadsheet counts them; None where it is not there.
    """

    table: str
    patient: str
    what: str
    column: str = ""
    old: str = ""
    new: str = ""
    old_row: int | None = None
    new_row: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form, without what is empty."""
        result = {
            "table": self.table,
            "patient": self.patient,
            "what": self.what,
            "column": self.column,
            "old": self.old,
            "new": self.new,
            "old_row": self.old_row,
            "new_row": self.new_row,
        }
        kept = self.what == "changed"
        return {key: v for key, v in result.items() if v is not None and (kept or v != "")}


@dataclass(frozen=True)
class DataCut:
    """Everything that differs between two dossiers, or two data cuts.

    Parameters
    ----------
    differences
        Values of results.json, verdicts first.
    records
        Entries and records of the source files; empty where only results were compared.
    derived
        What happened to patients of both cuts, where it is otherwise, with the rules.
    with_patients
        Whether patients were compared.
    """

    differences: tuple[Difference, ...]
    records: tuple[RecordChange, ...] = ()
    derived: tuple[PatientChange, ...] = ()
    with_patients: bool = field(default=False)

    @property
    def any(self) -> bool:
        """Whether there is a difference."""
        return bool(self.differences or self.records or self.derived)

    @property
    def new_patients(self) -> tuple[RecordChange, ...]:
        """Patients of the new cut only."""
        return tuple(r for r in self.records if r.table == "patients" and r.what == "new")

    @property
    def vanished_patients(self) -> tuple[RecordChange, ...]:
        """Patients of the old cut only."""
        return tuple(r for r in self.records if r.table == "patients" and r.what == "vanished")

    def of_kind(self, *kinds: str) -> tuple[Difference, ...]:
        """Differences of some kinds."""
        return tuple(each for each in self.differences if each.kind in kinds)

    def to_dict(self) -> dict[str, Any]:
        """The format ``dossier.diff/1``."""
        kinds = Counter(each.kind for each in self.differences)
        result: dict[str, Any] = {
            "schema": "dossier.diff/1",
            "different": self.any,
            "counts": dict(sorted(kinds.items())),
            "differences": [each.to_dict() for each in self.differences],
        }
        if self.with_patients:
            result["records"] = [each.to_dict() for each in self.records]
            result["patients"] = [each.to_dict() for each in self.derived]
        return result


def compare_results(old: dict[str, Any], new: dict[str, Any]) -> DataCut:
    """Compare the results of two dossiers; what is behind them needs the cohorts."""
    return DataCut(result_differences(old, new))


def compare_evaluations(old: Evaluation, new: Evaluation) -> DataCut:
    """Compare two cuts down to the entries of their source files."""
    return DataCut(
        result_differences(old.to_dict(), new.to_dict()),
        tuple(_records(old.cohort, new.cohort)),
        _derived(old.patients, new.patients),
        with_patients=True,
    )


def _derived(old: Patients, new: Patients) -> tuple[PatientChange, ...]:
    """Changes of the patients of both cuts, in the order of the new file."""
    before = set(old.frame["patient_id"])
    ids = [each for each in new.frame["patient_id"] if each in before]
    return changes_in_derivation(_only(old, ids), _only(new, ids))


def _only(patients: Patients, ids: list[str]) -> Patients:
    frame = patients.frame.set_index("patient_id", drop=False).loc[ids].reset_index(drop=True)
    return Patients(frame, patients.rules)


def _records(old: Cohort, new: Cohort) -> Iterator[RecordChange]:
    for table in TABLES:
        columns = [
            column.name
            for column in TABLES[table]
            if column.name != "patient_id"
            and (old.has(table, column.name) or new.has(table, column.name))
        ]
        before, after = _keyed(old, table, columns), _keyed(new, table, columns)
        gone = {key: before[key] for key in before if key not in after}
        come = {key: after[key] for key in after if key not in before}
        pairs = [(key, before[key], after[key]) for key in before if key in after]
        pairs += _moved(gone, come, columns)
        for key, one, two in pairs:
            for column in columns:
                if one[column] != two[column]:
                    yield RecordChange(
                        table, key[0], "changed", column, one[column], two[column],
                        _row(one), _row(two),
                    )  # fmt: skip
        for key, record in gone.items():
            words = _said(record, columns)
            yield RecordChange(table, key[0], "vanished", old=words, old_row=_row(record))
        for key, record in come.items():
            words = _said(record, columns)
            yield RecordChange(table, key[0], "new", new=words, new_row=_row(record))


def _moved(gone: _Records, come: _Records, columns: list[str]) -> list[_Pair]:
    """Records of one patient that differ in one entry only: most often a corrected date.

    They are taken out of those that vanished and came.
    """
    found = []
    of_patient: dict[str, list[_Key]] = {}
    for key in come:
        of_patient.setdefault(key[0], []).append(key)
    for old_key in list(gone):
        candidates = of_patient.get(old_key[0], [])
        for new_key in candidates:
            one, two = gone[old_key], come[new_key]
            if sum(one[column] != two[column] for column in columns) == 1:
                found.append((old_key, gone.pop(old_key), come.pop(new_key)))
                candidates.remove(new_key)
                break
    return found


def _keyed(cohort: Cohort, table: str, columns: list[str]) -> _Records:
    """Records as text by patient and by what tells them apart; the n-th where nothing does."""
    frame = cohort.table(table)
    if frame.empty:
        return {}
    ids = frame["patient_id"].astype(str)
    texts = {column: _as_text(frame[column]) for column in columns}
    apart = [texts[column] for column in _TOLD_APART.get(table, ()) if column in texts]
    rows = frame["row"].astype(int).tolist()
    seen: Counter[tuple[str, ...]] = Counter()
    found = {}
    for place, patient in enumerate(ids):
        key = (patient, *(values[place] for values in apart))
        seen[key] += 1
        record = {column: values[place] for column, values in texts.items()}
        found[(*key, str(seen[key]))] = record | {"row": str(rows[place])}
    return found


def _as_text(values: pd.Series) -> list[str]:
    if pd.api.types.is_datetime64_any_dtype(values):
        return ["" if pd.isna(v) else v.date().isoformat() for v in values]
    if pd.api.types.is_float_dtype(values):
        return ["" if np.isnan(v) else f"{v:g}" for v in values]
    return [str(value) for value in values]


def _said(record: dict[str, str], columns: list[str]) -> str:
    return ", ".join(f"{column} {record[column]}" for column in columns if record[column])


def _row(record: dict[str, str]) -> int:
    return int(record["row"])
