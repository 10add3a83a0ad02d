"""Grades: read from the top down, moved by adjustments, and what they mean for the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from dossier.appraise import wording
from dossier.appraise.criterion import Criterion
from dossier.appraise.logic import MET, NOT_MET, OPEN
from dossier.appraise.tree import Tree
from dossier.appraise.verdict import Adjustment, Explanation, Verdict

NO_GRADE = "no grade"

Grade = str | None  # None: below the lowest


@dataclass(frozen=True)
class Grading:
    """The grades of one study.

    Parameters
    ----------
    verdict
        Met from the grade that the criterion names upwards; open where the grade is not certain.
    preliminary, final
        Before and after adjustments; None where not certain or below the lowest.
    certain
        Whether the preliminary grade is certain, if only as none.
    possible
        Grades after adjustments that the data leave open, best first; empty where there is one.
    missing
        What would decide the grade.
    not_shown
        What alternatives for a better grade lack.
    """

    verdict: Verdict
    preliminary: Grade
    final: Grade
    certain: bool
    possible: tuple[str, ...]
    missing: tuple[str, ...]
    not_shown: tuple[str, ...]
    steps: tuple[Adjustment, ...]


def graded(criterion: Criterion, tree: Tree) -> Grading:
    """The grade of a study, where the data decide it.

    A grade is certain only where every better one is certainly not met. An adjustment that is not
    known is not applied, and is named.
    """
    scale = Scale(criterion)
    steps = tuple(_step(criterion, index, tree) for index in range(len(criterion.steps)))
    candidates = scale.ordered(
        grade
        for branch in tree.possible()
        for grade in awarded([(level.label, level.verdict) for level in branch.body.parts])
    )
    certain = len(candidates) == 1
    preliminary = candidates[0] if certain else None
    final = scale.after(preliminary, steps)
    finals = scale.ordered(x for grade in candidates for x in scale.range(grade, steps))
    undecided = [part for branch in tree.possible() for part in branch if part is not None]
    levels = [level for part in undecided for level in (_relevant(part.parts, part.kind) or [part])]
    better = [
        level
        for branch in tree.possible()
        for level in branch.body.parts
        if not certain or scale.better(level.label, preliminary)
    ]
    return Grading(
        verdict=scale.verdict(final) if certain else OPEN,
        preliminary=preliminary,
        final=final,
        certain=certain,
        possible=tuple(g or NO_GRADE for g in finals) if len(finals) > 1 else (),
        missing=() if certain else tree.missing(levels),
        not_shown=tree.not_shown(better),
        steps=steps,
    )


def graded_at_limit(criterion: Criterion, tree: Tree) -> tuple[Verdict, Grade]:
    """Verdict and grade with confidence limits in place of estimates."""
    scale = Scale(criterion)
    candidates = scale.ordered(
        grade
        for section in tree.possible_sections()
        for grade in awarded(
            [(level.grade, tree.at_limit(level.when, favourable=True)) for level in section.grades]
        )
    )
    if len(candidates) != 1:
        return OPEN, None
    change = sum(
        step.change
        for step in criterion.steps
        if tree.at_limit(step.when, favourable=step.change > 0) is MET
    )
    final = scale.moved(candidates[0], change)
    return scale.verdict(final), final


def awarded(levels: Sequence[tuple[str, Verdict]]) -> list[Grade]:
    """From the top down, every grade that may be the one awarded.

    Examples
    --------
    >>> awarded([("3", Verdict.NOT_ASSESSABLE), ("2", Verdict.MET), ("1", Verdict.MET)])
    ['3', '2']
    """
    possible: list[Grade] = []
    for grade, verdict in levels:
        if verdict is not NOT_MET:
            possible.append(grade)
        if verdict is MET:
            return possible
    return [*possible, None]


class Scale:
    """The grades of a criterion in their order."""

    def __init__(self, criterion: Criterion) -> None:
        self._grades = criterion.scale
        self._met_from = criterion.met_from

    def _place(self, grade: Grade) -> int:
        return len(self._grades) if grade is None else self._grades.index(grade)

    def ordered(self, grades: Iterable[Grade]) -> tuple[Grade, ...]:
        """Each once, the best first, none at all last."""
        return tuple(sorted(set(grades), key=self._place))

    def better(self, grade: Grade, other: Grade) -> bool:
        """Whether a grade is better than another."""
        return self._place(grade) < self._place(other)

    def verdict(self, grade: Grade) -> Verdict:
        """Met from the grade that the criterion names upwards."""
        return NOT_MET if self._place(grade) > self._place(self._met_from) else MET

    def moved(self, grade: Grade, change: int) -> Grade:
        """A grade some steps up, never beyond the ends of the scale; no grade stays none."""
        if grade is None:
            return None
        return self._grades[min(max(self._place(grade) - change, 0), len(self._grades) - 1)]

    def after(self, grade: Grade, steps: Sequence[Adjustment]) -> Grade:
        """A grade after the adjustments that apply."""
        return self.moved(grade, sum(step.change for step in steps if step.verdict is MET))

    def range(self, grade: Grade, steps: Sequence[Adjustment]) -> set[Grade]:
        """Every grade that the adjustments not known might still lead to."""
        sure = sum(step.change for step in steps if step.verdict is MET)
        unsure = [step.change for step in steps if step.verdict is OPEN]
        subsets = chain.from_iterable(combinations(unsure, k) for k in range(len(unsure) + 1))
        return {self.moved(grade, sure + sum(subset)) for subset in subsets}


def _relevant(levels: Sequence[Explanation], kind: str) -> list[Explanation]:
    """The levels down to the first that is certainly met: those below it decide nothing."""
    if kind != "grades":
        return []
    found = []
    for level in levels:
        found.append(level)
        if level.verdict is MET:
            break
    return found


def _step(criterion: Criterion, index: int, tree: Tree) -> Adjustment:
    step = criterion.steps[index]
    explanation = tree.explain(step.when, favourable=step.change > 0)
    missing = tree.missing([explanation])
    reasons = wording.text("adjustments open", what=wording.names(missing)) if missing else {}
    return Adjustment(
        step.title["en"],
        step.change,
        explanation.verdict,
        reasons.get("en"),
        id=step.id,
        missing=missing,
        texts=step.title,
        reasons=reasons,
    )
