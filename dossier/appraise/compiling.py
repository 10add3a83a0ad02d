"""From a criteria file to a criterion: every sentence read, every name resolved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from dossier.appraise.criteria_file import Combination, CriteriaFile, Grade, Rule
from dossier.appraise.criterion import CompiledRule, Criterion, GradeLevel, Section, Step
from dossier.appraise.grammar import SentenceError, parse_expression, parse_rule
from dossier.appraise.sentence import (
    OTHERS,
    Condition,
    Declared,
    Expression,
    Group,
    Known,
    RuleName,
)
from dossier.errors import Problem
from dossier.yaml_source import nearest

__all__ = ["compile_criterion"]

Path = tuple[str | int, ...]
Line = Callable[[Path], int | None]

RESERVED: Final = frozenset(("and", "or", "not", "shown", "declared", "known"))


def compile_criterion(
    file: CriteriaFile, *, line: Line, name: str, sha256: str = ""
) -> tuple[Criterion | None, list[Problem]]:
    """Read every sentence and resolve every name.

    Returns
    -------
    tuple
        The criterion and no problems, or None and every problem found.
    """
    compiler = _Compiler(file, line, name)
    criterion = compiler.criterion(sha256)
    return (None if compiler.problems else criterion), compiler.problems


class _Compiler:
    """Collects rules, trees and problems of one file."""

    def __init__(self, file: CriteriaFile, line: Line, name: str) -> None:
        self._file = file
        self._line = line
        self._name = name
        self.problems: list[Problem] = []
        self._rules: dict[str, CompiledRule] = {}

    def _problem(
        self, path: Path, message: str, value: str | None = None, expected: str | None = None
    ) -> None:
        dotted = ""
        for part in path:
            dotted += f" item {part + 1}" if isinstance(part, int) else f".{part}"
        self.problems.append(
            Problem(
                message, self._name, self._line(path), dotted[1:], value=value, expected=expected
            )
        )

    def criterion(self, sha256: str) -> Criterion:
        """The compiled criterion; useless where there are problems."""
        for rule_id, rule in self._file.rules.items():
            compiled = self._rule(rule_id, rule)
            if compiled is not None:
                self._rules[rule_id] = compiled
        sections = tuple(self._sections())
        steps = tuple(
            Step(key, int(step.change), self._expression(step.when, ("adjustments", key, "when")),
                 step.title.words())
            for key, step in self._file.adjustments.items()
        )  # fmt: skip
        self._check_scale(sections)
        self._check_facts()
        return Criterion(self._file, self._rules, sections, steps, sha256, self._name)

    # -- rules

    def _rule(self, rule_id: str, rule: Rule) -> CompiledRule | None:
        path: Path = ("rules", rule_id)
        try:
            condition = parse_rule(rule.rule)
        except SentenceError as error:
            self._sentence_problem((*path, "rule"), rule.rule, error)
            return None
        defaults = self._file.defaults
        source = rule.source or defaults.source or ""
        status = rule.status or defaults.status or "project"
        if source and source not in self._file.sources:
            self._unknown((*path, "source"), "source", source, self._file.sources)
        threshold = condition.threshold
        if threshold is not None and threshold.amount is None:
            if rule.status not in (None, "unverified"):
                message = "a threshold that is unknown cannot have this status"
                self._problem((*path, "status"), message, rule.status, "unverified")
            status = "unverified"
        if rule_id in RESERVED:
            self._problem(path, "a rule cannot have this name, which means something", rule_id)
        return CompiledRule(
            rule_id,
            condition,
            source,
            status,
            rule.read_on or defaults.read_on or "",
            self._title(rule, condition),
            rule.explanation.words() if rule.explanation else None,
            rule.from_design,
        )

    def _title(self, rule: Rule, condition: Condition) -> dict[str, str] | None:
        """Words of the rule: its title, or the question of the fact that it asks for."""
        if rule.title is not None:
            return rule.title.words()
        if isinstance(condition, Declared) and condition.threshold is None:
            fact = self._file.facts.get(condition.fact)
            return fact.question.words() if fact else None
        return None

    def _sentence_problem(self, path: Path, text: str, error: SentenceError) -> None:
        message = f"{error.message}, at character {error.position} of the sentence"
        self._problem(path, message, text, error.expected)

    def _unknown(self, path: Path, what: str, word: str, known: Iterable[str]) -> None:
        names = list(known)
        meant = nearest(word, names)
        hint = f"{meant} (did you mean {meant}?)" if meant else ", ".join(names) or None
        self._problem(path, f"there is no {what} named {word!r}", None, hint and (
            hint if meant else f"one of {hint}"
        ))  # fmt: skip

    # -- combinations

    def _sections(self) -> Iterator[Section]:
        file = self._file
        if file.groups:
            if file.met_when is not None or file.grades:
                self._problem(
                    ("groups",), "with groups, met_when and grades stand inside each group"
                )
            for place, group in enumerate(file.groups):
                path: Path = ("groups", place)
                last = place == len(file.groups) - 1
                if last != (group.when is None):
                    self._problem(
                        (*path, "when"),
                        "the last group takes all other studies and has no when"
                        if last
                        else "the group does not say which studies it is for",
                        None,
                        None if last else "when, e.g. control os.median <= 12 months",
                    )
                yield self._section(
                    path, group.title.words(), group.when, group.met_when, group.grades
                )
        else:
            yield self._section((), None, None, file.met_when, file.grades)

    def _section(
        self,
        path: Path,
        title: dict[str, str] | None,
        when: Combination | None,
        met_when: Combination | None,
        grades: tuple[Grade, ...],
    ) -> Section:
        if (met_when is None) == (not grades):
            self._problem(
                (*path, "met_when"), "write met_when or grades, one of the two", None, None
            )
        return Section(
            title,
            None if when is None else self._expression(when, (*path, "when")),
            None if met_when is None else self._expression(met_when, (*path, "met_when")),
            tuple(
                GradeLevel(
                    level.grade, self._level(level, (*path, "grades", i), i == len(grades) - 1)
                )
                for i, level in enumerate(grades)
            ),
        )

    def _level(self, level: Grade, path: Path, last: bool) -> Expression:
        if level.when is not None:
            return self._expression(level.when, (*path, "when"))
        if not last:
            message = "only the last grade may take all other studies"
            self._problem(path, message, None, "when: ...")
        return OTHERS

    def _expression(self, combination: Combination, path: Path) -> Expression:
        if combination.text is not None:
            try:
                return self._resolved(parse_expression(combination.text), path)
            except SentenceError as error:
                self._sentence_problem(path, combination.text, error)
                return OTHERS
        if combination.not_ is not None:
            return Group("not", (self._expression(combination.not_, (*path, "not")),))
        if combination.shown is not None:
            return Group("shown", (self._expression(combination.shown, (*path, "shown")),))
        kind = "all" if combination.all is not None else "any"
        parts = combination.all or combination.any or ()
        return Group(
            kind,
            tuple(self._expression(part, (*path, kind, i)) for i, part in enumerate(parts)),
        )

    def _resolved(self, expression: Expression, path: Path) -> Expression:
        """Names checked, and sentences inside a combination made rules of their own."""
        if isinstance(expression, Group):
            return Group(
                expression.kind, tuple(self._resolved(part, path) for part in expression.parts)
            )
        if isinstance(expression, RuleName):
            if expression.name not in self._file.rules:
                self._unknown(path, "rule", expression.name, dict(self._file.rules))
            return expression
        for rule in self._rules.values():
            if rule.condition == expression:
                return RuleName(rule.id)
        defaults = self._file.defaults
        rule_id = self._free_name(expression)
        threshold = expression.threshold
        unknown = threshold is not None and threshold.amount is None
        self._rules[rule_id] = CompiledRule(
            rule_id,
            expression,
            defaults.source or "",
            "unverified" if unknown else defaults.status or "project",
            defaults.read_on or "",
            self._title(Rule(rule=str(expression)), expression),
        )
        return RuleName(rule_id)

    def _free_name(self, condition: Condition) -> str:
        if isinstance(condition, Declared):
            stem = condition.fact
        else:
            stem = (
                "known " if isinstance(condition, Known) else ""
            ) + condition.quantity.name.replace(".", "_").replace(" ", "_")
        name, number = stem, 2
        while name in self._rules or name in self._file.rules:
            name, number = f"{stem}_{number}", number + 1
        return name

    # -- names

    def _check_scale(self, sections: tuple[Section, ...]) -> None:
        grades = [level.grade for section in sections for level in section.grades]
        scale = self._file.scale or tuple(dict.fromkeys(grades))
        if not grades:
            for key in ("scale", "met_from_grade", "adjustments"):
                if getattr(self._file, key):
                    self._problem((key,), f"{key} is for criteria with grades")
            return
        for place, section in enumerate(sections):
            path: Path = ("groups", place, "grades") if self._file.groups else ("grades",)
            positions = [scale.index(x.grade) for x in section.grades if x.grade in scale]
            for i, level in enumerate(section.grades):
                if level.grade not in scale:
                    self._unknown((*path, i, "grade"), "grade", level.grade, dict.fromkeys(scale))
            if positions != sorted(set(positions)):
                self._problem(path, "grades stand from the best to the lowest, each once")
        met_from = self._file.met_from_grade
        if met_from is not None and met_from not in scale:
            self._unknown(("met_from_grade",), "grade", met_from, dict.fromkeys(scale))

    def _check_facts(self) -> None:
        facts = self._file.facts
        for i, fact in enumerate(self._file.applies.declared):
            if fact not in facts:
                self._unknown(("applies", "declared", i), "fact", fact, facts)
        for rule in self._rules.values():
            if not isinstance(rule.condition, Declared):
                continue
            condition, path = rule.condition, ("rules", rule.id)
            if condition.fact not in facts:
                self._unknown(path, "fact", condition.fact, facts)
            elif (condition.threshold is None) != (facts[condition.fact].unit == ""):
                self._problem(
                    path,
                    f"the fact {condition.fact} is "
                    + ("yes or no" if condition.threshold else "an amount"),
                    rule.text,
                    "declared and the fact alone"
                    if condition.threshold
                    else "declared, the fact, a sign and an amount",
                )
