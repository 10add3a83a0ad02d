"""A criterion along one of its thresholds, with the exact points where the verdict flips."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from dossier.appraise.criterion import CompiledRule, Criterion
from dossier.appraise.evidence import Evidence
from dossier.appraise.overrides import with_overrides
from dossier.appraise.sentence import Comparison, number_text, scale
from dossier.appraise.verdict import CriterionVerdict, Verdict
from dossier.errors import InputError, Problem
from dossier.scenarios.judging import Bench

__all__ = ["Flip", "Stretch", "Sweep", "SweptRule", "parsed_sweep", "sweep"]

_FORM: Final = re.compile(
    r"\s*(?P<rule>[^=]+?)\s*=\s*(?P<low>[0-9.]*[0-9])\s*(?P<unit1>%|[a-z]*)\s*\.\.\s*"
    r"(?P<high>[0-9.]*[0-9])\s*(?P<unit>%|[a-z]*)\s*"
)


@dataclass(frozen=True)
class SweptRule:
    """A threshold to move: the rule, and between which values in its unit."""

    text: str
    criterion: Criterion
    rule: CompiledRule
    low: Fraction
    high: Fraction
    unit: str


@dataclass(frozen=True)
class Stretch:
    """Thresholds with one verdict.

    ``low`` and ``high`` are the ends in the unit of the sweep; whether an end belongs to the
    stretch is said by ``with_low`` and ``with_high``.
    """

    low: float
    high: float
    with_low: bool
    with_high: bool
    verdict: Verdict
    grade: str | None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result = {
            "from": self.low,
            "to": self.high,
            "with_from": self.with_low,
            "with_to": self.with_high,
            "verdict": self.verdict.value,
        }
        return result if self.grade is None else result | {"grade": self.grade}


@dataclass(frozen=True)
class Flip:
    """Where the verdict changes: up to ``at`` (with it or without) one, then the other."""

    at: float
    before: str
    after: str
    belongs_to_before: bool

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "at": self.at,
            "before": self.before,
            "after": self.after,
            "belongs_to_before": self.belongs_to_before,
        }


@dataclass(frozen=True)
class Sweep:
    """A criterion along one of its thresholds.

    Parameters
    ----------
    criterion, rule, text, unit
        What is moved: the rule as the file states it, and the unit of the threshold.
    threshold
        The one in force; None where there is none.
    observed
        What the rule looks at, in the unit; None with ``reason``.
    stretches
        Thresholds from low to high, each with its verdict; together they are the whole sweep.
    flips
        Exact points between stretches.
    """

    criterion: str
    rule: str
    text: str
    unit: str
    threshold: float | None
    observed: float | None
    stretches: tuple[Stretch, ...]
    flips: tuple[Flip, ...]
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "criterion": self.criterion,
            "rule": self.rule,
            "text": self.text,
            "unit": self.unit,
            "threshold": self.threshold,
            "observed": self.observed,
            "stretches": [each.to_dict() for each in self.stretches],
            "flips": [each.to_dict() for each in self.flips],
        }
        if self.observed is None or self.threshold is None:
            result["reason"] = self.reason or "not known"
        return result


def parsed_sweep(text: str, criteria: Sequence[Criterion]) -> SweptRule:
    """Read ``rule=low..high unit``.

    Raises
    ------
    InputError
        When it is written otherwise, the rule is unknown, or the unit is not that of the rule.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise InputError([Problem(
            "this is no sweep", value=text, expected="RULE=LOW..HIGH with a unit, such as "
            "durable-benefit.pfs=3..12 months",
        )])  # fmt: skip
    unit = match["unit"] or match["unit1"]
    if match["unit1"] not in ("", unit):
        raise InputError([Problem("the two ends have different units", value=text)])
    named = {}
    for end in ("low", "high"):
        # Replaced as --set would, so that rule and unit are checked in the same words.
        value = f"{match['rule']}={match[end]} {unit}".rstrip()
        changed = with_overrides(criteria, [value])
        for old, new in zip(criteria, changed, strict=True):
            for rule in new.rules.values():
                if rule is not old.rules[rule.id]:
                    named[end] = (old, old.rules[rule.id], rule)
    criterion, rule, replaced = named["low"]
    low, high = (Fraction(match[end]) for end in ("low", "high"))
    if low >= high:
        raise InputError([Problem("the sweep goes from low to high", value=text)])
    threshold = replaced.condition.threshold
    own = threshold.unit if threshold is not None else ""
    return SweptRule(text, criterion, rule, low, high, own)


def sweep(swept: SweptRule, evidence: Evidence, bench: Bench) -> Sweep:
    """Judge a criterion at every threshold between two values.

    A verdict can change only where the threshold passes something that was observed: the estimate,
    a confidence limit, or a bound of what is not known. The criterion is judged at each of these
    and once between them, with the threshold as an exact fraction.
    """
    condition = swept.rule.condition
    observed = None
    points: set[Fraction] = set()
    if isinstance(condition, Comparison):
        observation = evidence.observe(condition.quantity)
        per_unit = scale(swept.unit)
        found = (
            observation.value, observation.lower, observation.upper, observation.longer_than,
            observation.at_least, observation.at_most,
        )  # fmt: skip
        points = {Fraction(each) / per_unit for each in found if each is not None}
        statistic = {"lower limit": observation.lower, "upper limit": observation.upper}
        looked_at = statistic.get(condition.statistic, observation.value)
        observed = None if looked_at is None else float(Fraction(looked_at) / per_unit)
        reason = observation.reason or "not known"
        if condition.threshold.patients is not None:
            whole = range(int(swept.low), int(swept.high) + 2)
            points |= {Fraction(each) for each in whole}
    ends = [swept.low, *sorted(p for p in points if swept.low < p < swept.high), swept.high]
    places = [(end, True) for end in ends]
    places += [((one + two) / 2, False) for one, two in pairwise(ends)]
    places.sort()
    verdicts = [bench.judge(_at(swept, value), evidence) for value, _ in places]
    stretches = tuple(_stretches([value for value, _ in places], verdicts, ends))
    threshold = swept.rule.condition.threshold
    amount = None if threshold is None or threshold.amount is None else float(threshold.amount)
    return Sweep(
        swept.criterion.id,
        swept.rule.id,
        swept.rule.text,
        swept.unit,
        amount,
        observed,
        stretches,
        tuple(_flips(stretches)),
        reason if isinstance(condition, Comparison) else None,
    )


def _at(swept: SweptRule, value: Fraction) -> Criterion:
    """The criterion with this threshold, exactly."""
    condition: Any = swept.rule.condition
    threshold = replace(
        condition.threshold, amount=value, unit=swept.unit, written=number_text(value)
    )
    changed = replace(
        swept.rule,
        condition=replace(condition, threshold=threshold),
        overridden=condition.threshold,
        by_design=False,
    )
    return swept.criterion.with_rule(changed)


def _stretches(
    values: Sequence[Fraction], verdicts: Sequence[CriterionVerdict], ends: Sequence[Fraction]
) -> Iterable[Stretch]:
    """Merge places with the same verdict; a midpoint stands for all between its neighbours."""
    known = set(ends)
    start = 0
    for place in range(1, len(values) + 1):
        if place < len(values) and _said(verdicts[place]) == _said(verdicts[start]):
            continue
        first, last = start, place - 1
        with_low, with_high = values[first] in known, values[last] in known
        low = values[first] if with_low else values[first - 1]
        high = values[last] if with_high else values[last + 1]
        verdict = verdicts[start]
        yield Stretch(float(low), float(high), with_low, with_high, verdict.verdict, verdict.grade)
        start = place


def _said(verdict: CriterionVerdict) -> tuple[Verdict, str | None]:
    return verdict.verdict, verdict.grade


def _flips(stretches: Sequence[Stretch]) -> Iterable[Flip]:
    for one, two in pairwise(stretches):
        yield Flip(one.high, _words(one), _words(two), one.with_high)


def _words(stretch: Stretch) -> str:
    return stretch.verdict.value + (f" (grade {stretch.grade})" if stretch.grade else "")
