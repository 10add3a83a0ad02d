"""Thresholds that the user replaces: ``--set RULE=VALUE`` and the declared two-stage design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dossier.appraise.criterion import CompiledRule, Criterion
from dossier.appraise.grammar import SentenceError, parse_threshold
from dossier.appraise.quantities import Kind
from dossier.appraise.sentence import Comparison, Threshold
from dossier.errors import InputError, OptionError, Problem
from dossier.yaml_source import nearest


def with_overrides(criteria: Sequence[Criterion], overrides: Sequence[str]) -> list[Criterion]:
    """The criteria with thresholds replaced.

    Parameters
    ----------
    criteria
        The criteria that will be judged.
    overrides
        ``rule=value`` or ``criterion.rule=value``; the value has the unit of the rule where it
        names none.

    Raises
    ------
    OptionError
        When a rule is unknown or stands in more than one criterion, or a value cannot be read.

    Examples
    --------
    >>> with_overrides([], ["pfs=5 months"])
    Traceback (most recent call last):
    ...
    dossier.errors.OptionError: no criterion has a rule named 'pfs' (found 'pfs=5 months')
    """
    changed = {criterion.id: criterion for criterion in criteria}
    problems: list[Problem] = []
    for override in overrides:
        try:
            if (regraded := _with_grade(override, changed)) is not None:
                changed[regraded.id] = regraded
                continue
            criterion, rule = _target(override, list(changed.values()))
            value = override.partition("=")[2].strip()
            changed[criterion.id] = criterion.with_rule(_replaced(rule, value, override))
        except InputError as error:
            problems += error.problems
    if problems:
        raise OptionError(problems)
    return [changed[criterion.id] for criterion in criteria]


def with_design(criterion: Criterion, two_stage: Any) -> Criterion:
    """The criterion with the thresholds that the cohort's own two-stage design gives.

    Parameters
    ----------
    criterion
        A criterion, some of whose rules may name a place in the design (``from_design``).
    two_stage
        Section ``two_stage`` of cohort.yaml, as a mapping or a settings object; None without one.
    """
    if two_stage is None:
        return criterion
    for rule in criterion.rules.values():
        if rule.from_design is None or rule.overridden:
            continue
        minimum = _place(two_stage, rule.from_design)
        if minimum is None or not isinstance(rule.condition, Comparison):
            continue
        endpoint = _place(two_stage, "endpoint")
        if endpoint is not None and endpoint != rule.condition.quantity.subject:
            continue
        patients = _place(two_stage, f"{rule.from_design.partition('.')[0]}.n")
        text = f"{minimum} of {patients}" if patients is not None else str(minimum)
        if rule.condition.threshold.or_more and patients is not None:
            text = f"{minimum} of at least {patients}"
        changed = _replaced(rule, text, f"two_stage.{rule.from_design}")
        criterion = criterion.with_rule(replace(changed, by_design=True))
    return criterion


def _place(section: Any, path: str) -> Any:
    for key in path.split("."):
        section = section.get(key) if isinstance(section, Mapping) else getattr(section, key, None)
    return section


def _with_grade(override: str, criteria: Mapping[str, Criterion]) -> Criterion | None:
    """A criterion whose verdict is met from another grade: ``criterion.met_from_grade=4``."""
    name, _, value = (part.strip() for part in override.partition("="))
    prefix, _, key = name.rpartition(".")
    criterion = criteria.get(prefix)
    if key != "met_from_grade" or criterion is None or not criterion.graded:
        return None
    if value not in criterion.scale:
        raise InputError([Problem(
            f"{criterion.id} has no grade {value!r}", value=override,
            expected=f"one of {', '.join(criterion.scale)}",
        )])  # fmt: skip
    return replace(criterion, met_from_override=value)


def _target(override: str, criteria: Sequence[Criterion]) -> tuple[Criterion, CompiledRule]:
    name, sign, value = override.partition("=")
    name = name.strip()
    if not sign or not value.strip() or not name:
        raise InputError([Problem(
            "this does not set a rule", value=override,
            expected="RULE=VALUE, such as durable-benefit.pfs=5 months",
        )])  # fmt: skip
    prefix, dot, rule_id = name.rpartition(".")
    found = [
        (criterion, criterion.rules[rule_id])
        for criterion in criteria
        if rule_id in criterion.rules and (not dot or criterion.id == prefix)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        full = " or ".join(f"{criterion.id}.{rule_id}" for criterion, _ in found)
        message = f"several criteria have a rule named {rule_id!r}"
        raise InputError([Problem(message, value=override, expected=full)])
    known = [f"{criterion.id}.{rule}" for criterion in criteria for rule in criterion.rules]
    known += [rule for criterion in criteria for rule in criterion.rules]
    meant = nearest(name, known)
    expected = f"{meant} (did you mean {meant}?)" if meant else None
    message = f"no criterion has a rule named {name!r}"
    raise InputError([Problem(message, value=override, expected=expected)])


def _replaced(rule: CompiledRule, value: str, shown: str) -> CompiledRule:
    condition = rule.condition
    if condition.threshold is None:
        message = f"the rule {rule.id} has no threshold, it asks for a declared fact"
        raise InputError([Problem(message, value=shown)])
    kind = condition.quantity.kind if isinstance(condition, Comparison) else Kind.NUMBER
    try:
        threshold = _read(value, condition.threshold, kind, condition)
    except SentenceError as error:
        message = f"the threshold of {rule.id} cannot be read: {error.message}"
        raise InputError([Problem(message, value=shown, expected=error.expected)]) from None
    return replace(
        rule,
        condition=replace(condition, threshold=threshold),
        overridden=condition.threshold,
    )


def _read(value: str, like: Threshold, kind: Kind, condition: Comparison | Any) -> Threshold:
    if isinstance(condition, Comparison):
        return parse_threshold(value, like, kind)
    kinds = {"%": Kind.SHARE, "euro": Kind.EURO, "": Kind.NUMBER}
    return parse_threshold(value, like, kinds.get(like.unit, Kind.DURATION))
