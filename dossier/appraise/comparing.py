"""One rule against the evidence: verdict, margin, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from dossier.appraise import wording
from dossier.appraise.criterion import CompiledRule
from dossier.appraise.evidence import Evidence, Number, Observation
from dossier.appraise.logic import MET, NOT_MET, OPEN
from dossier.appraise.quantities import Kind
from dossier.appraise.rule_words import (
    left_open,
    missing_names,
    replaced_threshold,
    sentence_in_words,
    why_unknown,
)
from dossier.appraise.sentence import Comparison, Declared, Known, Threshold, scale
from dossier.appraise.verdict import RuleVerdict, Verdict

TOLERANCE = 1e-9  # relative; floats nearer than this are equal, and no two shares of patients are

Facts = Mapping[str, bool | Fraction]


@dataclass(frozen=True)
class Bounds:
    """What is certain of a number: it lies in here. `above` excludes the lower end."""

    low: Number | None
    high: Number | None
    above: bool = False


def compared(bounds: Bounds, sign: str, threshold: Fraction) -> Verdict:
    """Whether everything in the bounds is on one side of the threshold.

    Examples
    --------
    >>> compared(Bounds(Fraction(12, 20), Fraction(12, 20)), ">=", Fraction(60, 100)).value
    'met'
    """
    low = None if bounds.low is None else _side(bounds.low, threshold)
    high = None if bounds.high is None else _side(bounds.high, threshold)
    # At a bound that is itself excluded, everything lies beyond it.
    surely_above = low is not None and (low > 0 or (low == 0 and bounds.above))
    at_least = low is not None and low >= 0
    surely_below = high is not None and high < 0
    at_most = high is not None and high <= 0
    met, not_met = {
        ">=": (at_least, surely_below),
        ">": (surely_above, at_most),
        "<=": (at_most, surely_above),
        "<": (surely_below, at_least),
    }[sign]
    if met:
        return MET
    return NOT_MET if not_met else OPEN


def _side(value: Number, threshold: Fraction) -> int:
    """-1, 0 or 1: below, at or above the threshold."""
    if not isinstance(value, Fraction):
        difference = value - float(threshold)
        if abs(difference) <= TOLERANCE * max(abs(value), abs(float(threshold))):
            return 0
        return 1 if difference > 0 else -1
    return (value > threshold) - (value < threshold)


def judge_rule(rule: CompiledRule, evidence: Evidence, facts: Facts) -> RuleVerdict:
    """Judge one rule on the statistic that it names."""
    if isinstance(rule.condition, Declared):
        return _declared(rule, rule.condition, facts)
    if isinstance(rule.condition, Known):
        return _known(rule, rule.condition, evidence)
    return _measured(rule, rule.condition, evidence)


def rule_verdict(rule: CompiledRule, evidence: Evidence, facts: Facts) -> Verdict:
    """The verdict that `judge_rule` gives, without its words: for many judgements."""
    if isinstance(rule.condition, Comparison):
        return _outcome(rule, rule.condition, evidence)[2]
    return judge_rule(rule, evidence, facts).verdict


def verdict_at_limit(
    rule: CompiledRule, evidence: Evidence, verdict: Verdict, *, favourable: bool
) -> Verdict:
    """Judge one rule with a confidence limit in place of the estimate.

    Parameters
    ----------
    rule, evidence
        As for `judge_rule`.
    verdict
        On the estimate, as `judge_rule` found it.
    favourable
        Whether it speaks for the treatment when the rule is met. The limit taken is the one that
        speaks against the treatment.
    """
    condition = rule.condition
    if not isinstance(condition, Comparison) or condition.statistic != "estimate":
        return verdict
    threshold = condition.threshold.value
    if not condition.quantity.has_limits or rule.open or threshold is None:
        return verdict
    if verdict is (NOT_MET if favourable else MET):
        return verdict  # the limit lies beyond the estimate, on the same side
    observed = evidence.observe(condition.quantity)
    low = (condition.sign in (">=", ">")) == favourable
    limit = observed.lower if low else observed.upper
    if limit is None:
        return OPEN
    at_limit = compared(Bounds(limit, limit), condition.sign, threshold)
    # The limit leaves out those who may still turn out either way: it cannot speak for them.
    against = NOT_MET if favourable else MET
    return OPEN if observed.indeterminate and at_limit is not against else at_limit


# -- what is measured


def _outcome(
    rule: CompiledRule, condition: Comparison, evidence: Evidence
) -> tuple[Observation, Number | None, Verdict]:
    """What was observed, the statistic the rule names, and the verdict."""
    observed = evidence.observe(condition.quantity)
    if condition.statistic != "estimate":
        observed = observed.at_level()
    if condition.threshold.patients is not None:
        observed = _among(observed, condition, condition.threshold, evidence)
    value, threshold = _statistic(observed, condition.statistic), condition.threshold.value
    if rule.open or threshold is None:
        return observed, value, OPEN
    bounds = _bounds(observed, condition.statistic, value)
    return observed, value, compared(bounds, condition.sign, threshold)


def _measured(rule: CompiledRule, condition: Comparison, evidence: Evidence) -> RuleVerdict:
    observed, value, verdict = _outcome(rule, condition, evidence)
    counts = condition.quantity.kind is Kind.COUNT
    threshold, unit = condition.threshold.value, condition.threshold.unit
    missing: list[str] = []
    remarks: list[wording.Words] = []
    if rule.open or threshold is None:
        missing.append(f"threshold of {rule.id}")
        remarks.append(wording.text("threshold unverified"))
    if value is None:
        decided = verdict is not OPEN
        remarks.append(why_unknown(observed, condition, decided=decided))
        if not decided:
            missing += missing_names(observed, condition, evidence)
    elif verdict is OPEN and not missing:
        missing += missing_names(observed, condition, evidence)
    if observed.indeterminate and value is not None and condition.statistic == "estimate":
        remarks.append(left_open(observed, condition))
    if observed.published:
        remarks.append(wording.text("published"))
    if rule.overridden:
        remarks.append(replaced_threshold(rule))
    reasons = wording.joined(remarks, "; ") if remarks else {}
    margin = None
    undecided = observed.indeterminate and verdict is OPEN
    if value is not None and threshold is not None and not rule.open and not undecided:
        sign = 1 if condition.sign in (">=", ">") else -1
        margin = _scaled(_gap(value, threshold), unit) * sign
    amount = None if rule.open else _in_unit(threshold, unit)
    return RuleVerdict(
        id=rule.id,
        text=rule.text,
        verdict=verdict,
        observed=_in_unit(observed.events if observed.unknown and counts else value, unit),
        ci_lower=_in_unit(observed.lower, unit) if condition.quantity.has_limits else None,
        ci_upper=_in_unit(observed.upper, unit) if condition.quantity.has_limits else None,
        n=observed.n,
        comparison=condition.sign,
        threshold=amount,
        unit=unit,
        margin=margin,
        quantity=condition.quantity.name,
        path=observed.path,
        missing=tuple(dict.fromkeys(missing)),
        reason=reasons.get("en"),
        source=rule.source,
        status=rule.status,
        read_on=rule.read_on,
        overridden=bool(rule.overridden),
        published=observed.published,
        words=(None if rule.overridden else rule.title) or sentence_in_words(condition),
        explanation=rule.explanation or {},
        reasons=reasons,
    )


def _statistic(observed: Observation, statistic: str) -> Number | None:
    return {
        "estimate": observed.value,
        "lower limit": observed.lower,
        "upper limit": observed.upper,
    }[statistic]


def _bounds(observed: Observation, statistic: str, value: Number | None) -> Bounds:
    if statistic == "estimate" and observed.indeterminate:
        return Bounds(observed.at_least, observed.at_most)
    if value is not None:
        return Bounds(value, value)
    if statistic != "estimate":
        return Bounds(None, None)
    if observed.longer_than is not None:
        return Bounds(observed.longer_than, None, above=True)
    return Bounds(observed.at_least, observed.at_most)


def _among(
    observed: Observation, condition: Comparison, threshold: Threshold, evidence: Evidence
) -> Observation:
    """A count among a fixed number of patients, bounded where more or fewer were counted.

    Patients still to come can only add to the count, and so can those whose outcome is not known;
    where there are more than the rule speaks of, and nobody says which came first, as many as
    possible may be among the others.
    """
    wanted = threshold.patients or 0
    first = evidence.first_patients.get((condition.quantity.subject, wanted))
    if first is not None:
        low, high = first
        if low == high:
            return Observation(Fraction(low), n=wanted, events=low)
        return Observation(
            n=observed.n, events=low, at_least=low, at_most=high, missing=observed.missing
        )
    known = observed.value is not None or observed.unknown
    if not known or observed.n is None or observed.events is None:
        return observed
    n, events, unknown = observed.n, observed.events, observed.unknown
    patients = n + unknown
    if patients == wanted or (patients > wanted and threshold.or_more):
        return observed
    if patients < wanted:
        low, high = events, events + wanted - n
    else:
        low, high = max(0, events - (patients - wanted)), min(events + unknown, wanted)
    if low == high:
        return observed
    return Observation(
        n=n, events=events, unknown=unknown, path=observed.path, at_least=low, at_most=high,
        reason=f"{events} of {n}", published=observed.published, missing=observed.missing,
    )  # fmt: skip


def _known(rule: CompiledRule, condition: Known, evidence: Evidence) -> RuleVerdict:
    """Whether there is a figure at all; a median that is not reached is one."""
    observed = evidence.observe(condition.quantity)
    known = observed.value is not None or not observed.reached
    reasons = wording.text("known" if known else "not known")
    return RuleVerdict(
        id=rule.id,
        text=rule.text,
        verdict=MET if known else NOT_MET,
        observed=float(known),
        n=observed.n,
        comparison="is",
        threshold=1.0,
        quantity=condition.quantity.name,
        path=observed.path,
        reason=reasons["en"],
        source=rule.source,
        status=rule.status,
        read_on=rule.read_on,
        published=observed.published,
        words=rule.title or sentence_in_words(condition),
        explanation=rule.explanation or {},
        reasons=reasons,
    )


# -- what is declared


def _declared(rule: CompiledRule, condition: Declared, facts: Facts) -> RuleVerdict:
    found = facts.get(condition.fact)
    threshold = condition.threshold
    missing: list[str] = []
    remarks: list[wording.Words] = []
    verdict, margin = OPEN, None
    if threshold is None:
        verdict = OPEN if found is None else (MET if found else NOT_MET)
        unit, sign, shown = "", "is", None if rule.open else 1.0
        observed = None if found is None else float(bool(found))
        if rule.status == "unverified":
            verdict = OPEN
    else:
        unit, sign = threshold.unit, condition.sign
        amount = None if rule.open else threshold.value
        shown = _in_unit(amount, unit)
        observed = None if found is None else _in_unit(found, unit)
        if found is not None and amount is not None:
            value = Fraction(found)
            verdict = compared(Bounds(value, value), sign, amount)
            margin = _scaled(value - amount, unit) * (1 if sign in (">=", ">") else -1)
    if rule.open:
        bare = threshold is None
        missing.append(f"{'verified wording' if bare else 'threshold'} of {rule.id}")
        remarks.append(wording.text("rule unverified" if bare else "threshold unverified"))
    if found is None:
        missing.append(condition.fact)
        remarks.append(wording.text("not declared", what=condition.fact))
    else:
        remarks.append(wording.text("declared"))
    if rule.overridden:
        remarks.append(replaced_threshold(rule))
    reasons = wording.joined(remarks, "; ")
    return RuleVerdict(
        id=rule.id,
        text=rule.text,
        verdict=verdict,
        observed=observed,
        comparison=sign,
        threshold=shown,
        unit=unit,
        margin=margin,
        quantity=condition.fact,
        missing=tuple(missing) if verdict is OPEN else (),
        reason=reasons["en"],
        source=rule.source,
        status=rule.status,
        read_on=rule.read_on,
        declared=True,
        overridden=bool(rule.overridden),
        words=rule.title or sentence_in_words(condition),
        explanation=rule.explanation or {},
        reasons=reasons,
    )


# -- numbers


def _gap(value: Number, threshold: Fraction) -> Number:
    """Observed minus threshold; nothing where rounding is all that parts them."""
    if _side(value, threshold) == 0:
        return Fraction(0)
    if isinstance(value, Fraction):
        return value - threshold
    return value - float(threshold)


def _in_unit(value: Number | bool | None, unit: str) -> float | None:
    return None if value is None else _scaled(value, unit)


def _scaled(value: Number | bool, unit: str) -> float:
    """A value in the unit of the threshold; a share stays 0-1."""
    if unit == "%" or isinstance(value, bool):
        return float(value)
    size = scale(unit)
    return float(value / size) if isinstance(value, Fraction) else float(value) / float(size)
