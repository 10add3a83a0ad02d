"""Populations, losses, baseline and end of treatment back to the rows of the patients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from dossier.derive.treatment import DIED_UNRECORDED, REPLACED_UNRECORDED, treatment_status
from dossier.trace.chain import Chain, Mask, parts
from dossier.trace.groups import Group
from dossier.trace.model import Contribution, Finding
from dossier.trace.rates import POPULATION_RULES

_FLAGS = ("rare_cancer", "measurable_disease")
_STATUS_COLUMNS = {DIED_UNRECORDED: "death_date", REPLACED_UNRECORDED: "new_therapy_start"}


def population(chain: Chain, group: Group, keys: Sequence[str]) -> Finding | None:
    """The number of patients of a population."""
    name = keys[0]
    if name == "screened":
        return _screened(chain, group)
    found: dict[str, tuple[str, Mask, tuple[str, ...], str]] = {
        "enrolled": ("enrolled patients", group.members, (), "patient_id"),
        "treated": ("treated patients", group.treated, ("POP-TREATED",), "treatment_start"),
        "response_evaluable": (
            "patients evaluable for response",
            group.evaluable,
            POPULATION_RULES["patients evaluable for response"],
            "evaluable",
        ),
    }
    if name not in found:
        return None
    words, places, rules, column = found[name]
    contributions = parts(places, lambda place: _member(chain, place, column), chain.no_rules())
    return Finding(
        words, group.called(words), int(places.sum()), contributions, rules, len(contributions)
    )


def _screened(chain: Chain, group: Group) -> Finding:
    """Everybody in the files: the enrolled, and those who failed screening."""
    enrolled = parts(group.members, lambda place: _member(chain, place, "patient_id"))
    failed = _failures(chain)
    words = "patients in the files, screen failures among them"
    total = len(enrolled) + len(failed)
    return Finding(words, "screened patients", total, (*enrolled, *failed), (), total)


def _failures(chain: Chain, reason: str | None = None) -> tuple[Contribution, ...]:
    return tuple(
        Contribution(
            each.patient,
            None,
            counted=True,
            reason=each.reason,
            sources=(chain.row("describes", "patients", float(each.row), each.column),),
        )
        for each in chain.cohort.screen_failures
        if reason is None or each.reason == reason
    )


def loss(chain: Chain, group: Group, keys: Sequence[str]) -> Finding | None:
    """The patients lost at a step of the flow for a reason."""
    step, reason = keys
    if step == "enrolled":
        failed = _failures(chain, reason)
        screened = len(chain.frame) + len(chain.cohort.screen_failures)
        return Finding(
            f"not enrolled: {reason}", "screened patients", screened, failed, (), len(failed)
        )
    steps = {
        "treated": ("enrolled patients", group.members, group.treated, "treatment_start"),
        "response_evaluable": (
            "treated patients",
            group.treated,
            group.evaluable,
            "not_evaluable_reason",
        ),
    }
    if step not in steps:
        return None
    words, before, after, column = steps[step]
    told = chain.values("not_evaluable_reason").astype(str)
    places = before & ~after & (np.where(told == "", "no reason given", told) == reason)
    contributions = parts(places, lambda place: _member(chain, place, column, reason))
    return Finding(
        f"not {step.replace('_', ' ')}: {reason}",
        group.called(words),
        int(before.sum()),
        contributions,
        ("POP-TREATED",) if step == "treated" else ("POP-EVALUABLE",),
        len(contributions),
    )


def _member(chain: Chain, place: int, column: str, reason: str = "") -> Contribution:
    value = chain.cohort.patients[column].iloc[place] if column != "patient_id" else ""
    return Contribution(
        chain.patient(place),
        _plain(column, value),
        counted=True,
        reason=reason,
        sources=(chain.own_row(place, column),),
    )


def baseline(
    chain: Chain, group: Group, keys: Sequence[str], item: dict[str, Any]
) -> Finding | None:
    """A number of a baseline characteristic of the treated patients."""
    column, key = str(item["name"]), keys[1]
    values = chain.cohort.patients[column]
    told = np.array([_plain(column, value) for value in values], dtype=object)
    known = np.array([value not in ("", None) for value in told], dtype=np.bool_)
    words = column.replace("_", " ")
    if key == "missing":
        places, meaning = group.treated & ~known, f"patients whose {words} is missing"
    elif key == "counts":
        as_text = np.array([_level(value) for value in told], dtype=object)
        places = group.treated & known & (as_text == keys[2])
        meaning = f"patients with {words} {keys[2]}"
    elif key in ("n", "distinct", "median", "q1", "q3", "minimum", "maximum"):
        places, meaning = group.treated & known, f"patients whose {words} is known"
    else:
        return None
    contributions = parts(
        places,
        lambda place: Contribution(
            chain.patient(place),
            told[place],
            counted=True,
            sources=(chain.own_row(place, column),),
        ),
    )
    return Finding(
        meaning,
        group.called("treated patients"),
        int(group.treated.sum()),
        contributions,
        ("POP-TREATED",),
        len(contributions) if key in ("n", "missing", "counts") else None,
    )


def disposition(chain: Chain, group: Group, keys: Sequence[str]) -> Finding:
    """The treated patients whose treatment ended for a reason, or goes on."""
    wanted = keys[0]
    status = treatment_status(chain.cohort, chain.frame)
    ends = chain.cohort.patients["treatment_end"]
    contributions = parts(
        group.treated & (status == wanted),
        lambda place: Contribution(
            chain.patient(place),
            _plain("treatment_end", ends.iloc[place]),
            counted=True,
            reason=str(status[place]),
            sources=(chain.own_row(place, _STATUS_COLUMNS.get(wanted, "treatment_end")),),
        ),
    )
    return Finding(
        f"patients by how treatment stood at the data cut-off: {wanted}",
        group.called("treated patients"),
        int(group.treated.sum()),
        contributions,
        ("POP-TREATED",),
        len(contributions),
    )


def _plain(column: str, value: Any) -> str | float | None:
    """A value of the table of patients: text, a number or None."""
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return str(value.date())
    if column in _FLAGS or column == "evaluable":
        return {1.0: "yes", 0.0: "no"}.get(float(value))
    return float(value)


def _level(value: str | float | None) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
