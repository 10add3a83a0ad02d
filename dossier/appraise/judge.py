"""The judge: a criterion against the evidence, with the tree that explains the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dossier.appraise import wording
from dossier.appraise.applicability import not_applicable, remarks
from dossier.appraise.cohort_evidence import evidence_of_cohort
from dossier.appraise.criterion import Criterion
from dossier.appraise.evidence import Evidence
from dossier.appraise.facts import facts_of
from dossier.appraise.grading import Grading, graded, graded_at_limit
from dossier.appraise.loading import load_criterion
from dossier.appraise.logic import MET, NOT_MET, OPEN
from dossier.appraise.overrides import with_design, with_overrides
from dossier.appraise.tree import Tree
from dossier.appraise.verdict import CriterionVerdict, Explanation, Verdict
from dossier.errors import InputError, Problem

if TYPE_CHECKING:
    from dossier.cohort.settings import Settings
    from dossier.estimate.model import Results

__all__ = ["appraise", "criteria_for", "judge", "load_criteria"]


def appraise(
    criteria: Sequence[str | Path],
    results: Results,
    settings: Settings,
    overrides: Sequence[str] = (),
    *,
    evidence: Evidence | None = None,
) -> tuple[CriterionVerdict, ...]:
    """Judge a cohort by criteria.

    Parameters
    ----------
    criteria
        Identifiers of shipped criteria or paths of criteria files.
    results
        Numbers of the cohort.
    settings
        Design, setting, declared facts, comparator figures and two-stage design of the cohort.
    overrides
        Thresholds to replace, ``rule=value`` or ``criterion.rule=value``.
    evidence
        Taken instead of that of ``results``.

    Raises
    ------
    InputError
        When a criterion, an override, a declared fact or a comparator figure is wrong.
    """
    prepared = criteria_for(criteria, settings, overrides)
    if evidence is None:
        evidence = evidence_of_cohort(results, settings)
    return tuple(
        judge(
            criterion,
            evidence,
            design=settings.cohort.design,
            setting=settings.cohort.setting,
            declared=settings.declared,
        )
        for criterion in prepared
    )


def criteria_for(
    criteria: Sequence[str | Path], settings: Settings, overrides: Sequence[str] = ()
) -> list[Criterion]:
    """Criteria as a cohort is judged by them: thresholds replaced, those of its design filled in.

    Raises
    ------
    InputError
        When a criterion or an override is wrong.
    """
    loaded = with_overrides(load_criteria(criteria), overrides)
    return [with_design(criterion, settings.two_stage) for criterion in loaded]


def judge(
    criterion: Criterion,
    evidence: Evidence,
    *,
    design: str = "",
    setting: str = "",
    declared: Mapping[str, Any] | None = None,
    overrides: Sequence[str] = (),
) -> CriterionVerdict:
    """Judge one study by one criterion.

    Parameters
    ----------
    criterion
        A criterion as loaded.
    evidence
        Everything known of the study.
    design, setting
        Of the study; ``""`` where not known: it is then judged as if the criterion applied, with a
        warning.
    declared
        Facts that a person declares: yes, no, or an amount.
    overrides
        Thresholds to replace, ``rule=value``.

    Raises
    ------
    InputError
        When an override or a declared fact cannot be read.
    """
    if overrides:
        (criterion,) = with_overrides([criterion], overrides)
    facts = facts_of(criterion, declared or {})
    excluded = not_applicable(criterion, evidence, design, setting, facts)
    if excluded is not None:
        none = Explanation("not applicable", Verdict.NOT_APPLICABLE)
        return _verdict(criterion, Verdict.NOT_APPLICABLE, explanation=none, reasons=excluded)
    tree = Tree(criterion, evidence, facts)
    warnings = remarks(criterion, design, setting, facts)
    if criterion.graded:
        return _graded(criterion, tree, warnings)
    return _ungraded(criterion, tree, warnings)


def load_criteria(references: Sequence[str | Path]) -> list[Criterion]:
    """Load several criteria; every problem of all of them is raised together.

    Raises
    ------
    InputError
        When one is unknown, wrong, or named twice.
    """
    loaded: list[Criterion] = []
    problems: list[Problem] = []
    for reference in references:
        try:
            criterion = load_criterion(reference)
        except InputError as error:
            problems += error.problems
            continue
        if criterion.id in {other.id for other in loaded}:
            problems.append(Problem(f"the criterion {criterion.id!r} is asked for twice"))
        loaded.append(criterion)
    if problems:
        raise InputError(problems)
    return loaded


def _ungraded(
    criterion: Criterion, tree: Tree, warnings: Sequence[wording.Words]
) -> CriterionVerdict:
    verdict = tree.verdict()
    bodies = [branch.body for branch in tree.possible()]
    missing = tree.missing(tree.open_branches()) if verdict is OPEN else ()
    not_shown = () if verdict is MET else tree.not_shown(bodies)
    reasons = [wording.text("open", what=wording.names(missing))] if missing else []
    if not_shown:
        reasons.append(wording.text("not shown", what=wording.names(not_shown)))
    return _verdict(
        criterion,
        verdict,
        explanation=tree.explanation(verdict),
        reasons=wording.joined(reasons, "; ") if reasons else {},
        rules=tree.rule_verdicts(),
        verdict_at_lower_limit=tree.verdict_at_limit(),
        missing=missing,
        not_shown=not_shown,
        warnings=tuple(warnings),
    )


def _graded(
    criterion: Criterion, tree: Tree, warnings: Sequence[wording.Words]
) -> CriterionVerdict:
    grading = graded(criterion, tree)
    at_limit, grade_at_limit = graded_at_limit(criterion, tree)
    return _verdict(
        criterion,
        grading.verdict,
        explanation=tree.explanation(grading.verdict),
        reasons=_graded_reasons(criterion, grading),
        rules=tree.rule_verdicts(),
        verdict_at_lower_limit=at_limit,
        grade_at_lower_limit=grade_at_limit,
        missing=grading.missing,
        not_shown=grading.not_shown,
        warnings=tuple(warnings),
        grade=grading.final,
        met_from_grade=None if grading.final is None else criterion.met_from,
        preliminary_grade=grading.preliminary,
        possible_grades=grading.possible,
        adjustments=grading.steps,
    )


def _graded_reasons(criterion: Criterion, grading: Grading) -> wording.Words:
    """Why there is no grade, or what a reader should know about the one there is."""
    found = []
    if not grading.certain:
        possible = wording.names(grading.possible)
        missing = wording.names(grading.missing)
        found.append(wording.text("open grades", what=missing, grades=possible))
    elif grading.final is None:
        found.append(wording.text("no grade"))
    elif grading.preliminary != grading.final:
        found.append(
            wording.text("grade adjusted", before=grading.preliminary, after=grading.final)
        )
    if grading.verdict is NOT_MET and grading.final is not None:
        found.append(
            wording.text("below verdict grade", grade=grading.final, wanted=criterion.met_from)
        )
    if grading.not_shown:
        found.append(wording.text("not shown", what=wording.names(grading.not_shown)))
    unknown = dict.fromkeys(name for step in grading.steps for name in step.missing)
    if unknown and grading.final is not None:
        found.append(wording.text("adjustments open", what=wording.names(tuple(unknown))))
    return wording.joined(found, "; ") if found else {}


def _verdict(
    criterion: Criterion,
    verdict: Verdict,
    *,
    explanation: Explanation,
    reasons: wording.Words,
    **more: Any,
) -> CriterionVerdict:
    file = criterion.file
    return CriterionVerdict(
        id=file.id,
        version=file.version,
        title=file.title.words(),
        verdict=verdict,
        rules=more.pop("rules", ()),
        explanation=explanation,
        summary=file.summary.words(),
        reason=reasons.get("en"),
        reasons=reasons,
        sources=tuple(f"{source.text} {source.url}".strip() for source in file.sources.values()),
        sha256=criterion.sha256,
        overrides=criterion.overrides,
        notes=tuple(note.words() for note in file.notes),
        **more,
    )
