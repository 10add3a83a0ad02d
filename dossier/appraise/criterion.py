"""A criterion ready to be judged: the sentences of its file read, and every name resolved."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dossier.appraise.criteria_file import CriteriaFile
from dossier.appraise.sentence import Condition, Declared, Expression, Threshold

__all__ = [
    "CompiledRule",
    "Criterion",
    "GradeLevel",
    "Section",
    "Step",
    "used_facts",
]


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
    overridden: Threshold | None = None
    by_design: bool = False

    @property
    def text(self) -> str:
        """The sentence."""
        return str(self.condition)

    @property
    def open(self) -> bool:
        """Whether the threshold is not known or not verified."""
        if self.overridden is not None:
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


def used_facts(criterion: Criterion) -> dict[str, dict[str, str]]:
    """Every fact a criterion asks a person for, with its question by language."""
    asked = dict.fromkeys(criterion.file.applies.declared)
    for rule in criterion.rules.values():
        if isinstance(rule.condition, Declared):
            asked.setdefault(rule.condition.fact)
    return {fact: criterion.file.facts[fact].question.words() for fact in asked}
