"""Rules in print: what was observed and required, by how much, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from dossier.appraise.cohort_evidence import JUDGED_ARM
from dossier.appraise.grammar import SentenceError, parse_rule
from dossier.appraise.sentence import Comparison, Condition, Declared
from dossier.appraise.verdict import CriterionVerdict, RuleVerdict
from dossier.compose.document import Inline, Number, Text
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.numbers import exact
from dossier.estimate.model import Proportion

_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}
_THRESHOLD_OF = re.compile(r"threshold of (.+)")
_WORDING_OF = re.compile(r"verified wording of (.+)")
_AMONG = re.compile(r"(.+) among (\d+)")
_MOST_PLACES = 4
_OF_DESIGN = " (two_stage)"


@dataclass(frozen=True)
class PrintedRule:
    """One rule of a criterion, each part as printed.

    Parameters
    ----------
    rule
        The rule as judged.
    words
        The rule in plain words.
    subject, required
        What it speaks of, and the comparison with its threshold.
    observed, margin
        As printed; ``margin`` is empty where there is none.
    counted
        Whether ``observed`` states the patients behind it.
    remark
        Reasons, what is missing, and whether somebody declared or replaced a value.
    """

    rule: RuleVerdict
    words: str
    subject: str
    required: str
    observed: Inlines
    margin: Inlines
    counted: bool
    remark: str


def printed_rules(material: Material, criterion: int) -> tuple[PrintedRule, ...]:
    """Every rule of a criterion, in the order of its file."""
    verdict = material.evaluation.verdicts[criterion]
    by_design = _rules_of_design(verdict)
    return tuple(
        _printed(
            material,
            rule,
            f"criteria.{criterion}.rules.{position}",
            by_design=rule.id in by_design,
        )
        for position, rule in enumerate(verdict.rules)
    )


def _rules_of_design(verdict: CriterionVerdict) -> frozenset[str]:
    """Rules whose threshold is that of the two-stage design declared for the cohort; it replaces
    nothing that the criterion asks for."""
    return frozenset(
        each.partition("=")[0] for each in verdict.overrides if each.endswith(_OF_DESIGN)
    )


def thresholds_replaced(verdict: CriterionVerdict) -> tuple[str, ...]:
    """Thresholds that the user replaced, ``rule=value``."""
    return tuple(each for each in verdict.overrides if not each.endswith(_OF_DESIGN))


def _printed(material: Material, rule: RuleVerdict, path: str, *, by_design: bool) -> PrintedRule:
    return PrintedRule(
        rule,
        words=_words(material, rule),
        subject=_subject(material, rule),
        required=_required(material, rule),
        observed=_observed(material, rule, path),
        margin=_margin(material, rule, path),
        counted=_proportion(material, rule) is not None or _counted_among(rule),
        remark=_remark(material, rule, by_design=by_design),
    )


def missing_words(material: Material, names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of what would have to be known, in words."""
    return tuple(dict.fromkeys(literal(name_in_words(material, name)) for name in names))


def in_language(material: Material, reason: str | None, reasons: Mapping[str, str]) -> str:
    """A reason in the language of the document, as the judge gave it."""
    return literal(reasons.get(material.say.language) or material.say.reason(reason or ""))


def name_in_words(material: Material, name: str) -> str:
    """A quantity or a declared fact in words; the name itself where nothing else is known."""
    say = material.say
    threshold = _THRESHOLD_OF.fullmatch(name)
    if threshold:
        return say("rules.threshold_of", rule=_subject_of(material, threshold[1]))
    wording = _WORDING_OF.fullmatch(name)
    if wording:
        return say("rules.wording_of", fact=_question(material, wording[1]) or wording[1])
    among = _AMONG.fullmatch(name)
    if among:
        return say("rules.among", subject=name_in_words(material, among[1]), n=among[2])
    if name == JUDGED_ARM:
        return say("rules.judged_arm")
    bare = name.removeprefix("declared ")
    given = say.of("declared", bare)
    if given != bare:
        return given
    if asked := _question(material, bare):
        return say("rules.asked", question=asked)
    for threshold_like in ("1 month", "1%", "1"):
        try:
            condition = parse_rule(f"{bare} >= {threshold_like}")
        except SentenceError:
            continue
        if isinstance(condition, Comparison):
            return condition.quantity.in_words(say.language)
    return bare.replace("_", " ")


def _question(material: Material, fact: str) -> str:
    """What a criterion asks a person who declares a fact; empty where none asks for it."""
    rules = (rule for verdict in material.evaluation.verdicts for rule in verdict.rules)
    for rule in rules:
        if rule.comparison == "is" and rule.quantity == fact and rule.words.get("en", fact) != fact:
            return material.say.in_language(rule.words, f"rule {rule.id}")
    return ""


def _subject_of(material: Material, name: str) -> str:
    """What a rule speaks of, by its name in the criteria file."""
    rules = (rule for verdict in material.evaluation.verdicts for rule in verdict.rules)
    return next((_subject(material, rule) for rule in rules if rule.id == name), name)


def _words(material: Material, rule: RuleVerdict) -> str:
    if rule.declared and rule.quantity in rule.words.get("en", rule.quantity):
        return _subject(material, rule)
    return literal(material.say.in_language(rule.words, f"rule {rule.id}") or rule.text)


def _condition(rule: RuleVerdict) -> Condition | None:
    try:
        return parse_rule(rule.text)
    except SentenceError:
        return None


def speaks_of_limit(rule: RuleVerdict) -> bool:
    """Whether the rule compares a confidence limit, which has no limits itself."""
    condition = _condition(rule)
    return isinstance(condition, Comparison) and condition.statistic != "estimate"


def _subject(material: Material, rule: RuleVerdict) -> str:
    """What the rule speaks of, in words."""
    say, condition = material.say, _condition(rule)
    if condition is None or isinstance(condition, Declared):
        return literal(name_in_words(material, rule.quantity or rule.text))
    words = condition.quantity.in_words(say.language)
    if isinstance(condition, Comparison) and condition.statistic != "estimate":
        words = say(f"rules.{condition.statistic.replace(' ', '_')}", subject=words)
    return literal(words)


def _required(material: Material, rule: RuleVerdict) -> str:
    say = material.say
    if rule.comparison == "is":
        return say("rules.declared_yes" if rule.declared else "rules.known")
    condition = _condition(rule)
    threshold = condition.threshold if condition is not None else None
    patients = None if threshold is None else threshold.patients
    if rule.threshold is None:
        return say("rules.no_threshold")
    sign = _SIGNS.get(rule.comparison, rule.comparison)
    amount = material.numbers.threshold(rule.threshold, rule.unit)
    if patients is not None:
        or_more = threshold is not None and threshold.or_more
        amount = say(
            "rules.of_or_more" if or_more else "rules.of_patients", amount=amount, n=patients
        )
    return say("rules.required", sign=sign, amount=amount)


def _observed(material: Material, rule: RuleVerdict, path: str) -> Inlines:
    say, numbers = material.say, material.numbers
    place = rule.path or f"{path}.observed"
    if rule.comparison == "is":
        if rule.observed is None:
            return (Text(say("rules.not_declared")),)
        return (Text(say("rules.declared_true" if rule.observed else "rules.declared_false")),)
    observed: Inlines
    if rule.observed is None:
        reason = rule.reason or ""
        waits = "not reached" in reason.partition(";")[0]
        observed = (Number(numbers.not_reached if waits else say("rules.not_known"), place),)
    else:
        observed = (Number(_value(material, rule), place),)
        share = _proportion(material, rule)
        if share is not None:
            counts = say("format.counts", events=share.events, n=share.n)
            observed = say.inlines("rules.observed_counts", observed=observed, counts=counts)
        elif _counted_among(rule):
            observed = say.inlines("rules.of_patients", amount=observed, n=str(rule.n))
    if speaks_of_limit(rule) or (rule.ci_lower is None and rule.ci_upper is None):
        return observed
    limits = _limits(material, rule, path)
    return say.inlines("rules.observed_limits", observed=observed, limits=limits)


def _value(material: Material, rule: RuleVerdict) -> str:
    """The observed value, with as many decimals as set it apart from its threshold."""
    numbers = material.numbers
    value = _exact_value(rule)
    if _is_count(rule):
        return numbers.plain(value)
    places = _usual_places(rule)
    if rule.threshold is not None:
        places = max(places, numbers.places_apart(value, rule.threshold, rule.unit))
    return numbers.quantity(value, rule.unit, places)


def _usual_places(rule: RuleVerdict) -> int:
    return 1 if rule.unit else 2


def _limits(material: Material, rule: RuleVerdict, path: str) -> Inlines:
    """The limits with their level, in the unit of the rule."""
    numbers = material.numbers
    factor, places = (100 if rule.unit == "%" else 1), _usual_places(rule)
    printed: dict[str, Inline] = {}
    for side, value in (("lower", rule.ci_lower), ("upper", rule.ci_upper)):
        if value is None:
            printed[side] = Text(numbers.not_reached)
        else:
            text = numbers.decimal(exact(value) * factor, places)
            printed[side] = Number(text, f"{path}.ci_{side}")
    limits = material.say.inlines("format.limits", **printed)
    return material.interval(limits, material.settings.estimation.confidence)


def _margin(material: Material, rule: RuleVerdict, path: str) -> Inlines:
    if rule.margin is None or rule.threshold is None or rule.observed is None:
        return ()
    numbers = material.numbers
    # From the exact value: the difference of two floats has lost its last digits.
    margin = _exact_value(rule) - exact(rule.threshold)
    if rule.comparison in ("<=", "<"):
        margin = -margin
    if _is_count(rule):
        text = numbers.decimal(margin, 0, signed=True)
    else:
        places, factor = _usual_places(rule), 100 if rule.unit == "%" else 1
        while places < _MOST_PLACES and 0 < abs(margin * factor) < Fraction(1, 2 * 10**places):
            places += 1
        text = numbers.quantity(margin, rule.unit, places, signed=True)
    return (Number(text, f"{path}.margin"),)


def _remark(material: Material, rule: RuleVerdict, *, by_design: bool) -> str:
    say = material.say
    parts = []
    if rule.comparison == "is" or JUDGED_ARM in rule.missing:
        pass
    elif rule.reason:
        parts.append(_of_subject(material, rule))
    elif rule.missing:
        parts.append(say("rules.missing", names=say.listed(missing_words(material, rule.missing))))
    if rule.declared and rule.observed is not None:
        parts.append(say("rules.declared"))
    if rule.published:
        parts.append(say("rules.published"))
    if rule.overridden and not by_design:
        parts.append(say("rules.overridden"))
    return say("rules.joined_remarks").join(dict.fromkeys(parts))


def _of_subject(material: Material, rule: RuleVerdict) -> str:
    """Why a rule has no verdict; what it speaks of is not named again."""
    reason = in_language(material, rule.reason, rule.reasons)
    subject, rest = f"{_subject(material, rule)}: ", ""
    if reason.lower().startswith(subject.lower()):
        rest = reason[len(subject) :]
    return rest or reason


def _is_count(rule: RuleVerdict) -> bool:
    counted = rule.quantity.startswith("patients ") or rule.quantity in ("n", "responders")
    return counted and not rule.unit


def _counted_among(rule: RuleVerdict) -> bool:
    """Whether the rule counts those with an outcome among patients, ``6 of 8``."""
    among = rule.quantity.startswith("patients ") and not rule.unit
    return among and rule.observed is not None and bool(rule.n)


def _proportion(material: Material, rule: RuleVerdict) -> Proportion | None:
    """The share that the rule speaks of, for its counts."""
    of_arm = {
        f"arms.{name}.endpoints.{rule.quantity}.estimate": arm
        for name, arm in material.results.arms.items()
    }
    results = of_arm.get(rule.path or "", material.results)
    share = results.proportions.get(rule.quantity)
    if share is None or share.n != rule.n or share.estimate != rule.observed:
        return None
    return share


def _exact_value(rule: RuleVerdict) -> Fraction:
    """A share as the fraction it comes from, so that it rounds as in every other table."""
    value = exact(rule.observed or 0.0)
    if rule.unit != "%" or not rule.n:
        return value
    whole = Fraction(round(value * rule.n), rule.n)
    return whole if abs(float(whole) - float(value)) < 1e-12 else value
