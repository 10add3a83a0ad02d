"""What changed since the previous dossier: section ``changes`` of results.json."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from dossier.errors import InputError, Problem
from dossier.evaluation import Evaluation, evaluate
from dossier.result_paths import find
from dossier.scenarios.data_cut import (
    DataCut,
    RecordChange,
    compare_evaluations,
    compare_results,
)
from dossier.scenarios.patient_changes import PatientChange
from dossier.scenarios.result_differences import Difference

__all__ = ["changes_since", "results_in"]

MAIN: Final = (
    ("populations.treated", "patients"),
    ("populations.response_evaluable", "patients"),
    ("endpoints.orr.estimate", "%"),
    ("endpoints.dcr.estimate", "%"),
    ("endpoints.cbr_16w.estimate", "%"),
    ("endpoints.cbr_24w.estimate", "%"),
    ("endpoints.dor.median.months", "months"),
    ("endpoints.pfs.median.months", "months"),
    ("endpoints.os.median.months", "months"),
    ("endpoints.follow_up.median.months", "months"),
)
"""The numbers that a reader compares first, with their units."""

_NOT_COMPARED: Final = ("changes", "scenarios")
"""Sections that follow from the others."""

_TIMES: Final = ("pfs", "os", "dor")
NO_PATIENTS: Final = "the previous dossier holds results, not patients"


def results_in(place: Path) -> dict[str, Any] | None:
    """The results of a dossier; None where the place is a cohort.

    Parameters
    ----------
    place
        A folder with a dossier or its results.json; a cohort otherwise.

    Raises
    ------
    InputError
        When results.json cannot be read.
    """
    is_study = place.is_dir() and any((place / f"cohort.{end}").exists() for end in ("yaml", "yml"))
    file = place / "results.json" if place.is_dir() else place
    if is_study or file.suffix != ".json" or not file.is_file():
        return None
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError([Problem(f"this cannot be read: {error}", str(file))]) from None
    if (
        not isinstance(found, dict)
        or not str(found.get("schema", "")).startswith("dossier.results/")
        or not isinstance(found.get("provenance"), dict)
    ):
        message = "this is no results.json of a dossier"
        raise InputError([Problem(message, str(file), expected="schema dossier.results/1")])
    return found


def changes_since(
    previous: str | Path,
    evaluation: Evaluation,
    progress: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Compare an evaluation with a previous dossier or a previous data cut.

    Parameters
    ----------
    previous
        The folder of a dossier, its results.json, or a cohort. Only a cohort says which patients
        are behind a change; it is judged by the criteria of the evaluation.
    evaluation
        The one now.
    progress
        Called with a few words as the work goes on.

    Returns
    -------
    dict
        Section ``changes`` of results.json: no null without a reason.

    Raises
    ------
    InputError
        When the previous one cannot be read.
    """
    from dossier.cohort.read import read_cohort

    progress("Comparing with the previous dossier")
    now = json.loads(json.dumps(evaluation.to_dict()))
    before = results_in(Path(previous))
    old: Evaluation | None = None
    if before is None:
        old = evaluate(read_cohort(previous), evaluation.criteria, overrides=evaluation.overrides)
        before = json.loads(json.dumps(old.to_dict()))
    for section in _NOT_COMPARED:
        before.pop(section, None)
        now.pop(section, None)
    cut = compare_results(before, now) if old is None else compare_evaluations(old, evaluation)
    counts = Counter(each.kind for each in cut.differences)
    return {
        "previous": _previous(before),
        "counts": {
            kind: counts[kind]
            for kind in ("verdict", "number", "query", "data", "setting", "criterion", "software")
        },
        "main": [_main(path, unit, before, now) for path, unit in MAIN],
        "verdicts": list(_verdicts(before, now)),
        "patients": _patients(cut, old, evaluation),
        "entries": _entries(cut.records),
        "other": [_other(each) for each in cut.of_kind("data", "setting", "criterion", "software")],
    }


def _previous(results: Mapping[str, Any]) -> dict[str, Any]:
    provenance = results.get("provenance", {})
    software = provenance.get("software", {})
    content = json.dumps(results, sort_keys=True, ensure_ascii=False)
    found = {
        "title": results.get("cohort", {}).get("title", ""),
        "software": f"{software.get('name', '')} {software.get('version', '')}".strip(),
        "sha256": hashlib.sha256(content.encode()).hexdigest(),
    }
    cutoff = provenance.get("data_cutoff")
    return found | ({"data_cutoff": cutoff} if cutoff else {})


def _main(path: str, unit: str, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    values = [_value(results, path) for results in (old, new)]
    result: dict[str, Any] = {"path": path, "unit": unit, "old": values[0], "new": values[1]}
    if None in values:
        reasons = [_reason(results, path) for results in (old, new)]
        result["reason"] = "; ".join(dict.fromkeys(each for each in reasons if each)) or "not given"
    else:
        result["difference"] = values[1] - values[0]
    return result


def _value(results: dict[str, Any], path: str) -> Any:
    place = find(results, path)
    return None if place is None else place[1]


def _reason(results: dict[str, Any], path: str) -> str:
    above = path.rpartition(".")[0]
    for place in (above, above.rpartition(".")[0]):
        found = find(results, f"{place}.reason") if place else None
        if found is not None and isinstance(found[1], str):
            return found[1]
    return ""


def _verdicts(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    before = {each["id"]: each for each in old.get("criteria", ())}
    after = {each["id"]: each for each in new.get("criteria", ())}
    for name in dict.fromkeys((*before, *after)):
        entry: dict[str, Any] = {"id": name, "title": (after.get(name) or before[name])["title"]}
        for when, found in (("old", before.get(name)), ("new", after.get(name))):
            entry[when] = {"verdict": "not judged"} if found is None else _said(found)
        yield entry | {"changed": entry["old"] != entry["new"]}


def _said(criterion: Mapping[str, Any]) -> dict[str, Any]:
    found = {"verdict": criterion["verdict"]}
    grade = criterion.get("grade")
    return found if grade is None else found | {"grade": str(grade)}


def _patients(cut: DataCut, old: Evaluation | None, new: Evaluation) -> dict[str, Any]:
    if old is None:
        return {"compared": False, "reason": NO_PATIENTS}
    arrived = [_who(each) for each in cut.new_patients]
    gone = [_who(each) for each in cut.vanished_patients]
    frames = [
        evaluation.patients.frame.set_index("patient_id", drop=False) for evaluation in (old, new)
    ]
    records: dict[str, list[RecordChange]] = {}
    for record in cut.records:
        records.setdefault(record.patient, []).append(record)
    changes: dict[str, list[PatientChange]] = {}
    for change in cut.derived:
        changes.setdefault(change.patient, []).append(change)
    changed = [
        {
            "patient": patient,
            "endpoints": [_changed(each, frames) for each in found],
            "entries": [_entry(each) for each in records.get(patient, ())],
        }
        for patient, found in changes.items()
    ]
    return {
        "compared": True,
        "new": len(arrived),
        "vanished": len(gone),
        "changed": len(changed),
        "new_patients": arrived,
        "vanished_patients": gone,
        "changed_patients": changed,
    }


def _who(record: RecordChange) -> dict[str, Any]:
    row = record.new_row if record.what == "new" else record.old_row
    return {"patient": record.patient} | ({} if row is None else {"row": row})


def _entry(record: RecordChange) -> dict[str, Any]:
    """An entry of a file behind a change, by its row now, or then where it is gone."""
    row = record.old_row if record.new_row is None else record.new_row
    found = {"table": record.table, "what": record.what, "column": record.column}
    return {key: value for key, value in found.items() if value} | {"row": row}


def _changed(change: PatientChange, frames: list[Any]) -> dict[str, Any]:
    result: dict[str, Any] = {"endpoint": change.what}
    for when, frame, words in (
        ("old", frames[0], change.before),
        ("new", frames[1], change.after),
    ):
        if change.what not in _TIMES:
            result[when] = {"value": words}
            continue
        days = frame.at[change.patient, f"{change.what}_days"]
        event = frame.at[change.patient, f"{change.what}_event"]
        result[when] = (
            {"state": "unknown"}
            if np.isnan(days)
            else {"days": float(days), "state": "event" if event == 1 else "censored"}
        )
    return result | {"rule_old": change.rule_before, "rule_new": change.rule_after}


def _entries(records: tuple[RecordChange, ...]) -> list[dict[str, Any]]:
    """How many records of each table came, went or hold another value."""
    counts = Counter((each.table, each.what) for each in records)
    tables = dict.fromkeys(each.table for each in records)
    return [
        {"table": table} | {what: counts[table, what] for what in ("new", "vanished", "changed")}
        for table in tables
    ]


def _other(difference: Difference) -> dict[str, Any]:
    found = {"kind": difference.kind, "path": difference.path}
    stated = {"old": difference.old, "new": difference.new}
    return found | {when: value for when, value in stated.items() if value is not None}
