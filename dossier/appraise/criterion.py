"""A criterion ready to be judged: the sentences of its file read, and every name resolved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from dossier.appraise.criteria_file import Combination, CriteriaFile, Grade, Rule
from dossier.appraise.sentence import (
    Comparison,
    Condition,
    Declared,
    Expression,
    Group,
    Known,
    RuleName,
    SentenceError,
    parse_expression,
    parse_rule,
)
from dossier.errors import Problem
from dossier.yaml_source import nearest

__all__ = ["CompiledRule", "Criterion", "GradeLevel", "Section", "Step", "compile_criterion"]

Path = tuple[str | int, ...]
Line = Callable[[Path], int | None]

RESERVED: Final = frozenset(("and", "or", "not", "shown", "declared", "known"))
ANYONE: Final = Group("all", ())


@dataclass(frozen=True)
class CompiledRule:
    """A rule with its sentence read.

    ``source``, ``status`` and ``read_on`` have the defaults of the file filled in. ``overridden``
    is the threshold of the file where another took its place, by the cohort's two-stage design
    where ``by_design`` is true and by the user otherwise.
    """

    id: str
    condition: Condition
    source: str = ""
    status: str = ""
    read_on: str = ""
    title: dict[str, str] | None = None
    explanation: dict[str, str] | None = None
    from_design: str | None = None
    overridden: str = ""
    by_design: bool = False

    @property
    def text(self) -> str:
        """The sentence."""
        return str(self.condition)

    @property
    def open(self) -> bool:
        """Whether the threshold is not known or not verified."""
        if self.overridden:
            return False
        threshold = self.condition.threshold
        return self.status == "unverified" or (threshold is not None and threshold.amount is None)


@dataclass(frozen=True)
class GradeLevel:
    """One level of a scale and what it asks for."""

    grade: str
    when: Expression


@dataclass(frozen=True)
class Section:
    """A whole criterion, or its part for some studies; ``when`` is None for all other studies."""

    title: dict[str, str] | None
    when: Expression | None
    met_when: Expression | None
    grades: tuple[GradeLevel, ...]


@dataclass(frozen=True)
class Step:
    """An adjustment: a step on the scale."""

    id: str
    change: int
    when: Expression
    title: dict[str, str]


@dataclass(frozen=True)
class Criterion:
    """A criteria file, checked and ready to be judged.

    Parameters
    ----------
    file
        The file as written.
    rules
        By id, in the order of the file; sentences that stand inside a combination come last.
    sections
        One, or one for each group of studies.
    steps
        Adjustments of the grade.
    sha256
        Hash of the file's bytes.
    name
        File name as the user gave it, or the shipped file's.
    met_from_override
        The grade from which the verdict is met, where the user chose another than the file.
    """

    file: CriteriaFile
    rules: dict[str, CompiledRule]
    sections: tuple[Section, ...]
    steps: tuple[Step, ...]
    sha256: str = ""
    name: str = ""
    met_from_override: str = ""

    @property
    def overrides(self) -> tuple[str, ...]:
        """What was replaced, ``rule=value``."""
        changed = [
            f"{rule.id}={rule.condition.threshold}" + (" (two_stage)" if rule.by_design else "")
            for rule in self.rules.values()
            if rule.overridden
        ]
        if self.met_from_override:
            changed.append(f"met_from_grade={self.met_from_override}")
        return tuple(changed)

    @property
    def id(self) -> str:
        """Identifier."""
        return self.file.id

    @property
    def graded(self) -> bool:
        """Whether it gives grades."""
        return any(section.grades for section in self.sections)

    @property
    def scale(self) -> tuple[str, ...]:
        """Every grade, the best first."""
        if self.file.scale:
            return self.file.scale
        listed = (level.grade for section in self.sections for level in section.grades)
        return tuple(dict.fromkeys(listed))

    @property
    def met_from(self) -> str:
        """The grade from which the verdict is met: the lowest where the file does not say."""
        lowest = self.scale[-1] if self.scale else ""
        return self.met_from_override or self.file.met_from_grade or lowest

    def source_text(self, key: str) -> str:
        """A source in words, by its key."""
        source = self.file.sources.get(key)
        return source.text if source else key

    def with_rule(self, rule: CompiledRule) -> Criterion:
        """The criterion with one rule replaced."""
        return replace(self, rules={**self.rules, rule.id: rule})


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
        dotted = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
        self.problems.append(
            Problem(message, self._name, self._line(path), dotted, value=value, expected=expected)
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
        inside = (*path, "rule")
        place = inside if self._line(inside) is not None else path
        try:
            condition = parse_rule(rule.rule)
        except SentenceError as error:
            self._sentence_problem(place, rule.rule, error)
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
            rule.title.words() if rule.title else None,
            rule.explanation.words() if rule.explanation else None,
            rule.from_design,
        )

    def _sentence_problem(self, path: Path, text: str, error: SentenceError) -> None:
        message = f"{error.message}, at character {error.position} of the sentence"
        self._problem(path, message, text, error.expected)

    def _unknown(self, path: Path, what: str, word: str, known: dict[str, object] | object) -> None:
        names = list(known) if isinstance(known, dict) else []
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
                GradeLevel(level.grade, self._expression(level.when, (*path, "grades", i, "when")))
                for i, level in enumerate(grades)
            ),
        )

    def _expression(self, combination: Combination, path: Path) -> Expression:
        if combination.text is not None:
            try:
                return self._resolved(parse_expression(combination.text), path)
            except SentenceError as error:
                self._sentence_problem(path, combination.text, error)
                return ANYONE
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


def used_facts(criterion: Criterion) -> dict[str, dict[str, str]]:
    """Every fact a criterion asks a person for, with its question by language."""
    asked = dict.fromkeys(criterion.file.applies.declared)
    for rule in criterion.rules.values():
        if isinstance(rule.condition, Declared):
            asked.setdefault(rule.condition.fact)
    return {fact: criterion.file.facts[fact].question.words() for fact in asked}


def used_quantities(criterion: Criterion) -> tuple[str, ...]:
    """Names of every quantity a criterion looks at."""
    conditions = (rule.condition for rule in criterion.rules.values())
    return tuple(dict.fromkeys(c.quantity.name for c in conditions if isinstance(c, Comparison)))
