"""Facts that a person declares: yes or no, or an amount."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from dossier.appraise.criterion import Criterion, used_facts
from dossier.appraise.grammar import SentenceError, parse_rule
from dossier.appraise.published_columns import UNKNOWN
from dossier.appraise.published_evidence import yes_or_no
from dossier.appraise.sentence import DAYS, scale
from dossier.errors import InputError, Problem
from dossier.yaml_source import nearest


def facts_of(criterion: Criterion, declared: Mapping[str, Any]) -> dict[str, bool | Fraction]:
    """The declared facts that a criterion asks for; those left open are absent.

    Raises
    ------
    InputError
        When a fact that is yes or no is neither, or an amount cannot be read.
    """
    facts: dict[str, bool | Fraction] = {}
    problems = []
    for fact in used_facts(criterion):
        value = declared.get(fact)
        if value is None or str(value).strip().lower() in UNKNOWN:
            continue
        unit = criterion.file.facts[fact].unit
        read = _amount(value, unit) if unit else yes_or_no(value)
        if read is None:
            problems.append(
                Problem(
                    "the declared fact cannot be read",
                    column=f"declared.{fact}",
                    value=str(value),
                    expected=_expected(unit),
                )
            )
        else:
            facts[fact] = read
    if problems:
        raise InputError(problems)
    return facts


def unknown_facts(declared: Iterable[str], criteria: Iterable[Criterion]) -> tuple[Problem, ...]:
    """Declared facts that none of the criteria asks for: probably misspelt."""
    known = {fact for criterion in criteria for fact in used_facts(criterion)}
    return tuple(
        Problem(
            "no criterion asks for this fact",
            column=f"declared.{fact}",
            value=fact,
            expected=f"{meant} (did you mean {meant}?)"
            if (meant := nearest(fact, sorted(known)))
            else None,
        )
        for fact in declared
        if fact not in known
    )


def _amount(value: Any, unit: str) -> Fraction | None:
    """An amount in days, as a share of 1 or plain; a number without a unit is in that of the fact
    (a share: 0-1)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        if not math.isfinite(value):
            return None
        return Fraction(str(value)) * (scale(unit) if unit in DAYS else Fraction(1))
    try:
        threshold = parse_rule(f"declared amount >= {value}").threshold
    except SentenceError:
        return None
    if threshold is None or threshold.amount is None:
        return None
    if not threshold.unit:
        return _amount(float(threshold.amount), unit)
    same_kind = threshold.unit == unit or (threshold.unit in DAYS and unit in DAYS)
    return threshold.value if same_kind else None


def _expected(unit: str) -> str:
    if not unit:
        return "yes or no"
    if unit == "%":
        return "a share such as 12% or 0.12"
    return "a number" if unit == "number" else f"a number of {unit}"
