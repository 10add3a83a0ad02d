"""Many judgements of few criteria: what was seen before is not judged again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dossier.appraise.criterion import Criterion
from dossier.appraise.evidence import Evidence
from dossier.appraise.judge import judge, load_criteria
from dossier.appraise.overrides import with_design, with_overrides
from dossier.appraise.quantities import Quantity
from dossier.appraise.sentence import Comparison, Known
from dossier.appraise.verdict import CriterionVerdict, Explanation, Verdict
from dossier.cohort.settings import Settings

__all__ = ["Bench", "criterion_quantities", "deciding_rules"]


@dataclass(eq=False)
class Bench:
    """The criteria of a what-if analysis, and every judgement made so far.

    A verdict follows from the observations that the criterion looks at; where these are the same,
    the verdict is the same object.

    Parameters
    ----------
    settings
        Design, setting, declared facts and two-stage design of the cohort.
    """

    settings: Settings
    _loaded: dict[str | Path, Criterion] = field(default_factory=dict)
    _prepared: dict[tuple[Any, ...], tuple[Criterion, ...]] = field(default_factory=dict)
    _judged: dict[tuple[Any, ...], CriterionVerdict] = field(default_factory=dict)
    _looked_at: dict[int, tuple[Quantity, ...]] = field(default_factory=dict)

    def criteria(
        self, references: Sequence[str | Path], overrides: Sequence[str] = ()
    ) -> tuple[Criterion, ...]:
        """Criteria with thresholds replaced and those of the design filled in.

        Raises
        ------
        InputError
            When a criterion or an override is wrong.
        """
        key = (tuple(references), tuple(overrides))
        if key not in self._prepared:
            unknown = [name for name in references if name not in self._loaded]
            if unknown or len(set(references)) < len(references):
                loaded = load_criteria(references)
                self._loaded |= dict(zip(references, loaded, strict=True))
            chosen = with_overrides([self._loaded[name] for name in references], overrides)
            self._prepared[key] = tuple(
                with_design(criterion, self.settings.two_stage) for criterion in chosen
            )
        return self._prepared[key]

    def judge(self, criterion: Criterion, evidence: Evidence) -> CriterionVerdict:
        """Judge, or remember the judgement of the same observations."""
        quantities = self._looked_at.get(id(criterion))
        if quantities is None:
            quantities = self._looked_at[id(criterion)] = criterion_quantities(criterion)
            self._kept.append(criterion)
        first = tuple(sorted(evidence.first_patients.items()))
        key = (
            id(criterion),
            first,
            evidence.control,
            evidence.reason,
            *(evidence.observe(quantity) for quantity in quantities),
        )
        if key not in self._judged:
            described = self.settings.cohort
            self._judged[key] = judge(
                criterion,
                evidence,
                design=described.design,
                setting=described.setting,
                declared=self.settings.declared,
            )
        return self._judged[key]

    _kept: list[Criterion] = field(default_factory=list)
    """Criteria by whose identity judgements are remembered: they must not be freed."""


def criterion_quantities(criterion: Criterion) -> tuple[Quantity, ...]:
    """Everything that a criterion looks at."""
    conditions = (rule.condition for rule in criterion.rules.values())
    found = [each.quantity for each in conditions if isinstance(each, Comparison | Known)]
    return tuple(dict.fromkeys(found))


def deciding_rules(verdict: CriterionVerdict) -> tuple[str, ...]:
    """Rules that the verdict rests on: with other verdicts of these it would be another.

    Of a criterion with grades, the rules of the grade that was given; where none was, all that
    stand in its way.
    """
    return tuple(dict.fromkeys(_deciding(verdict.explanation)))


def _deciding(explanation: Explanation) -> list[str]:
    if explanation.rule:
        return [explanation.rule]
    parts: Sequence[Explanation] = explanation.parts
    if explanation.kind == "grades":
        given = [part for part in parts if part.verdict is Verdict.MET]
        parts = given[:1] or parts
    elif explanation.kind == "groups":
        parts = [part.parts[-1] for part in parts if part.verdict is not Verdict.NOT_MET] or parts
    elif explanation.kind != "not":
        parts = [part for part in parts if part.verdict is explanation.verdict] or parts
    return [rule for part in parts for rule in _deciding(part)]
