"""Facts that a person declares: yes or no, or an amount."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from dossier.appraise.criterion import Criterion, used_facts
from dossier.appraise.grammar import SentenceError, parse_rule
from dossier.appraise.loading import list_criteria, load_criterion
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


def unknown_facts(
    declared: Iterable[str], criteria: Iterable[Criterion], file: str | None = None
) -> tuple[Problem, ...]:
    """Declared facts that no criterion asks for, used or shipped: probably misspelt.

    Parameters
    ----------
    declared
        Names of the declared facts.
    criteria
        The criteria in use, a user's own among them; the shipped ones are always known.
    file
        Where the facts are declared.
    """
    known = {fact for criterion in criteria for fact in criterion.file.facts}
    unknown = [fact for fact in declared if fact not in known]
    if unknown:  # only now are the others read
        known |= _shipped_facts()
    return tuple(
        Problem(
            f"no criterion asks for the fact {fact!r}"
            + (f", did you mean {meant!r}?" if (meant := nearest(fact, sorted(known))) else ""),
            file=file,
            column=f"declared.{fact}",
            expected="a fact that a criterion asks for (dossier criteria show ID lists them)",
        )
        for fact in unknown
        if fact not in known
    )


@cache
def _shipped_facts() -> frozenset[str]:
    """Facts that any shipped criterion asks for."""
    shipped = (load_criterion(entry.path) for entry in list_criteria())
    return frozenset(fact for criterion in shipped for fact in criterion.file.facts)


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
