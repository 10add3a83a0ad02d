"""Rules and verdicts in print: what was observed, what is required, by how much, what is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from dossier.appraise.sentence import Comparison, Declared, SentenceError, parse_rule
from dossier.appraise.verdict import Adjustment, CriterionVerdict, Explanation, RuleVerdict, Verdict
from dossier.compose.document import Number, Text
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.numbers import exact
from dossier.estimate.model import Proportion

_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}
_THRESHOLD_OF = re.compile(r"threshold of (.+)")
_MOST_PLACES = 4


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
    remark
        Reasons, what is missing, and whether somebody declared or replaced a value.
    """

    rule: RuleVerdict
    words: str
    subject: str
    required: str
    observed: Inlines
    margin: Inlines
    remark: str


def printed_rules(material: Material, criterion: int) -> tuple[PrintedRule, ...]:
    """Every rule of a criterion, in the order of its file."""
    verdict = material.evaluation.verdicts[criterion]
    return tuple(
        _printed(material, rule, f"criteria.{criterion}.rules.{position}")
        for position, rule in enumerate(verdict.rules)
    )


def _printed(material: Material, rule: RuleVerdict, path: str) -> PrintedRule:
    return PrintedRule(
        rule,
        words=_words(material, rule),
        subject=_subject(material, rule),
        required=_required(material, rule),
        observed=_observed(material, rule, path),
        margin=_margin(material, rule, path),
        remark=_remark(material, rule),
    )


# --- verdicts ------------------------------------------------------------------------------------


def verdict_words(material: Material, verdict: CriterionVerdict) -> str:
    """``Met``, ``Met, grade 2`` or ``Not assessable (possible grades: 3 and 2)``."""
    words = material.say(f"verdicts.{verdict.verdict}")
    if verdict.grade is not None:
        grade = grade_words(material, verdict.grade)
        return material.say("verdicts.with_grade", verdict=words, grade=grade)
    return words


def possible_grades(material: Material, verdict: CriterionVerdict) -> str:
    """Grades still possible, as a list in words; empty where there are none."""
    return material.say.listed(
        tuple(grade_words(material, grade) for grade in verdict.possible_grades)
    )


def grade_words(material: Material, grade: str) -> str:
    """A grade; ``no grade`` in words."""
    return material.say.of("grades", grade)


def reason_words(material: Material, reason: str | None, reasons: Mapping[str, str]) -> str:
    """A reason of the judge in the language of the document; names of quantities become words."""
    text = reasons.get(material.say.language) or material.say.reason(reason or "")
    return literal(text)


def missing_words(material: Material, names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of what would have to be known, in words."""
    return tuple(dict.fromkeys(literal(name_in_words(material, name)) for name in names))


def adjustment_words(material: Material, adjustment: Adjustment) -> str:
    """An adjustment, whether it was applied, and what it would need."""
    say = material.say
    text = say.in_language(adjustment.texts) or say.reason(adjustment.text)
    if adjustment.missing:
        names = say.listed(missing_words(material, adjustment.missing))
        state = say("adjustments.open", names=names)
    else:
        state = say(f"adjustments.{adjustment.verdict}")
    return literal(say("adjustments.sentence", text=text, state=state))


def deciding_rules(verdict: CriterionVerdict) -> tuple[str, ...]:
    """The rules that the verdict hangs on, by id, in the order of the explanation.

    Where all parts are needed these are the ones that stand in the way; where one is enough the
    one that is met, or every one of them when none is. Of rules that wait for the same unknown
    quantity only the first.
    """
    rules = {rule.id: rule for rule in verdict.rules}
    found: dict[str, str] = {}
    for name in _deciding(verdict.explanation):
        rule = rules.get(name)
        if rule is not None:
            known = rule.observed is not None
            found.setdefault(name if known else f"unknown {rule.quantity or name}", name)
    return tuple(found.values())


def _deciding(part: Explanation) -> list[str]:
    if part.rule:
        return [part.rule]
    alike = [inner for inner in part.parts if inner.verdict == part.verdict]
    if part.kind in ("any", "grades", "groups") and part.verdict == Verdict.MET:
        alike = alike[:1]
    return [name for inner in alike or part.parts for name in _deciding(inner)]


def combination(material: Material, verdict: CriterionVerdict) -> str:
    """How the rules combine, in words, by their names in the table."""
    return literal(_combined(material, verdict.explanation, outer=True))


def _combined(material: Material, part: Explanation, *, outer: bool = False) -> str:
    say = material.say
    if part.rule:
        return part.rule
    inner = [words for child in part.parts if (words := _combined(material, child))]
    match part.kind:
        case "grades" | "groups":
            return say("rules.joined_grades").join(inner)
        case "grade":
            grade = grade_words(material, part.label)
            condition = _combined(material, part.parts[0], outer=True) if part.parts else ""
            return say("rules.grade", grade=grade, condition=condition)
        case "group":
            label = say.in_language(part.labels) or part.label
            return say("rules.group", label=label, condition=say("rules.joined_all").join(inner))
        case "not":
            return say("rules.not", condition="".join(inner))
        case _:
            joint = say("rules.joined_all" if part.kind == "all" else "rules.joined_any")
            words = joint.join(inner)
            return words if outer or len(inner) < 2 else say("rules.bracketed", condition=words)


# --- the parts of a rule -------------------------------------------------------------------------


def name_in_words(material: Material, name: str) -> str:
    """A quantity or a declared fact in words; the name itself where nothing else is known."""
    say = material.say
    threshold = _THRESHOLD_OF.fullmatch(name)
    if threshold:
        return say("rules.threshold_of", rule=threshold[1])
    bare = name.removeprefix("declared ")
    given = say.of("declared", bare)
    if given != bare:
        return given
    for threshold_like in ("1 month", "1%", "1"):
        try:
            condition = parse_rule(f"{bare} >= {threshold_like}")
        except SentenceError:
            continue
        if isinstance(condition, Comparison):
            return condition.quantity.in_words(say.language)
    return bare.replace("_", " ")


def _words(material: Material, rule: RuleVerdict) -> str:
    if rule.declared and rule.words.get("en", rule.text) == rule.text:
        return _subject(material, rule)
    return literal(material.say.in_language(rule.words) or rule.text)


def _condition(rule: RuleVerdict) -> Comparison | Declared | None:
    try:
        return parse_rule(rule.text)
    except SentenceError:
        return None


def _subject(material: Material, rule: RuleVerdict) -> str:
    """What the rule speaks of, in words."""
    say, condition = material.say, _condition(rule)
    if not isinstance(condition, Comparison):
        return literal(name_in_words(material, rule.quantity or rule.text))
    words = condition.quantity.in_words(say.language)
    if condition.statistic != "estimate":
        words = say(f"rules.{condition.statistic.replace(' ', '_')}", subject=words)
    return literal(words)


def _required(material: Material, rule: RuleVerdict) -> str:
    say = material.say
    if rule.comparison == "is":
        return say("rules.declared_yes")
    condition = _condition(rule)
    threshold = condition.threshold if condition is not None else None
    patients = None if threshold is None else threshold.patients
    sign = _SIGNS.get(rule.comparison, rule.comparison)
    if rule.threshold is None:
        amount = say("rules.no_threshold")
    else:
        amount = material.numbers.threshold(rule.threshold, rule.unit)
    if patients is not None:
        or_more = threshold is not None and threshold.or_more
        amount = say("rules.of_or_more" if or_more else "rules.of_patients", amount=amount, n=patients)
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
    if rule.ci_lower is None and rule.ci_upper is None:
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
    texts = [
        numbers.not_reached if x is None else numbers.decimal(exact(x) * factor, places)
        for x in (rule.ci_lower, rule.ci_upper)
    ]
    limits = material.say.inlines(
        "format.limits",
        lower=Number(texts[0], f"{path}.ci_lower"),
        upper=Number(texts[1], f"{path}.ci_upper"),
    )
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


def _remark(material: Material, rule: RuleVerdict) -> str:
    say = material.say
    parts = []
    if rule.comparison == "is":
        pass
    elif rule.reason:
        parts.append(reason_words(material, rule.reason, rule.reasons))
    elif rule.missing:
        parts.append(say("rules.missing", names=say.listed(missing_words(material, rule.missing))))
    if rule.declared and rule.observed is not None:
        parts.append(say("rules.declared"))
    if rule.published:
        parts.append(say("rules.published"))
    if rule.overridden:
        parts.append(say("rules.overridden"))
    return say("rules.joined_remarks").join(dict.fromkeys(parts))


def _is_count(rule: RuleVerdict) -> bool:
    counted = rule.quantity.startswith("patients ") or rule.quantity in ("n", "responders")
    return counted and not rule.unit


def _proportion(material: Material, rule: RuleVerdict) -> Proportion | None:
    """The share that the rule speaks of, for its counts."""
    share = material.results.proportions.get(rule.quantity)
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
