"""Verdicts in print: the outcome, what decided it, how the rules combine, what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from dossier.appraise.verdict import Adjustment, CriterionVerdict, Explanation, Verdict
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.rule_print import in_language, missing_words


def title_of(material: Material, verdict: CriterionVerdict) -> str:
    """The title of a criterion."""
    return material.say.in_language(verdict.title, f"criterion {verdict.id}, title")


def verdict_words(material: Material, verdict: CriterionVerdict) -> str:
    """``Met``, ``Met, grade 2`` or ``Not assessable (possible grades: 3 and 2)``."""
    words = material.say(f"verdicts.{verdict.verdict}")
    if verdict.grade is not None:
        grade = grade_words(material, verdict.grade)
        return material.say("verdicts.with_grade", verdict=words, grade=grade)
    return words


def at_limit_words(material: Material, verdict: CriterionVerdict) -> str:
    """The verdict at the least favourable confidence limits; empty where it stays the same.

    Also empty where a rule has no such limit, as a count of patients has none, so that nothing can
    be said: see :func:`no_limit`.
    """
    at_limit = verdict.verdict_at_lower_limit
    grade = verdict.grade_at_lower_limit
    if at_limit is None or no_limit(verdict):
        return ""
    if (at_limit, grade) == (verdict.verdict, verdict.grade):
        return ""
    words = material.say(f"verdicts.{at_limit}")
    if grade is None:
        return words
    return material.say("verdicts.with_grade", verdict=words, grade=grade_words(material, grade))


def no_limit(verdict: CriterionVerdict) -> bool:
    """Whether there is a verdict, but none at the least favourable confidence limits."""
    return (
        verdict.verdict_at_lower_limit is Verdict.NOT_ASSESSABLE
        and verdict.verdict is not Verdict.NOT_ASSESSABLE
    )


def possible_grades(material: Material, verdict: CriterionVerdict) -> str:
    """Grades still possible, as a list in words; empty where there are none."""
    return material.say.listed(
        tuple(grade_words(material, grade) for grade in verdict.possible_grades)
    )


def grade_words(material: Material, grade: str) -> str:
    """A grade; ``no grade`` in words."""
    return material.say.of("grades", grade)


def reason_words(material: Material, verdict: CriterionVerdict) -> str:
    """Why there is no verdict or how it came about; empty where what is missing says it all."""
    if verdict.missing:
        return ""
    open_adjustments = tuple(name for step in verdict.adjustments for name in step.missing)
    if verdict.grade is not None and open_adjustments:
        names = material.say.listed(missing_words(material, open_adjustments))
        unknown = material.say("adjustments.unknown", names=names)
        return "; ".join(filter(None, (below_met(material, verdict), unknown)))
    return in_language(material, verdict.reason, verdict.reasons)


def below_met(material: Material, verdict: CriterionVerdict) -> str:
    """The lowest grade that counts as met, where the grade is below it; empty elsewhere."""
    wanted = verdict.met_from_grade
    if wanted is None or verdict.verdict is not Verdict.NOT_MET:
        return ""
    return material.say("verdicts.met_from", grade=grade_words(material, wanted))


def adjustment_words(material: Material, adjustment: Adjustment) -> str:
    """An adjustment, whether it was applied, and what it would need."""
    say = material.say
    text = say.in_language(adjustment.texts, f"adjustment {adjustment.id}") or say.reason(
        adjustment.text
    )
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
    if part.kind in ("grades", "groups"):
        # A grade that is reached decides, whether or not it is high enough for the verdict.
        reached = [inner for inner in part.parts if inner.verdict == Verdict.MET]
        alike = reached[:1] or alike
    elif part.kind == "any" and part.verdict == Verdict.MET:
        alike = alike[:1]
    return [name for inner in alike or part.parts for name in _deciding(inner)]


def conditions(verdict: CriterionVerdict) -> frozenset[str]:
    """The rules that are asked only for an adjustment or for the kind of study, by id.

    One that does not hold is no failure.
    """
    of_kind = conditions_of_kind(verdict)
    decisive = frozenset(_rules_in(verdict.explanation))
    if not verdict.adjustments or not decisive:
        return of_kind
    return of_kind | (frozenset(rule.id for rule in verdict.rules) - decisive)


def conditions_of_kind(verdict: CriterionVerdict) -> frozenset[str]:
    """The rules that only say for which kind of study a part of the criterion is, by id."""
    asked = frozenset(_rules_in(verdict.explanation, asked_only=True))
    return frozenset(_rules_in(verdict.explanation)) - asked


def _rules_in(part: Explanation, *, asked_only: bool = False) -> Iterator[str]:
    if part.rule:
        yield part.rule
    # The first of the two parts of a group says which studies it is for.
    told_apart = asked_only and part.kind == "group" and len(part.parts) > 1
    for inner in part.parts[1:] if told_apart else part.parts:
        yield from _rules_in(inner, asked_only=asked_only)


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
            label = say.in_language(part.labels, f"group {part.label}") or part.label
            return say("rules.group", label=label, condition=say("rules.joined_all").join(inner))
        case "not":
            return say("rules.not", condition="".join(inner))
        case _:
            joint = say("rules.joined_all" if part.kind == "all" else "rules.joined_any")
            words = joint.join(inner)
            return words if outer or len(inner) < 2 else say("rules.bracketed", condition=words)
