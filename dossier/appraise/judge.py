"""The judge: a criterion against the evidence, with the tree that explains the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dossier.appraise import wording
from dossier.appraise.cohort_evidence import evidence_from_results
from dossier.appraise.comparing import Facts, judge_rule, verdict_at_limit
from dossier.appraise.criterion import Criterion, Section
from dossier.appraise.evidence import Evidence
from dossier.appraise.facts import facts_of
from dossier.appraise.loading import load_criterion
from dossier.appraise.logic import MET, NOT_MET, OPEN, agreed, both, either, opposite
from dossier.appraise.overrides import with_design, with_overrides
from dossier.appraise.sentence import Expression, Group, RuleName
from dossier.appraise.verdict import (
    Adjustment,
    CriterionVerdict,
    Explanation,
    RuleVerdict,
    Verdict,
)
from dossier.errors import InputError, Problem

if TYPE_CHECKING:
    from dossier.cohort.settings import Settings
    from dossier.estimate.model import Results

NO_GRADE = "no grade"
NOT_APPLICABLE = Verdict.NOT_APPLICABLE


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
        Taken instead of that of ``results``, e.g. of two arms.

    Raises
    ------
    InputError
        When a criterion, an override, a declared fact or a comparator figure is wrong.
    """
    loaded: list[Criterion] = []
    problems: list[Problem] = []
    for reference in criteria:
        try:
            loaded.append(load_criterion(reference))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    loaded = with_overrides(loaded, overrides)
    two_stage = getattr(settings, "two_stage", None)
    if evidence is None:
        evidence = evidence_from_results(results, comparator=settings.comparator)
    return tuple(
        judge(
            with_design(criterion, two_stage),
            evidence,
            design=settings.cohort.design,
            setting=settings.cohort.setting,
            declared=settings.declared,
        )
        for criterion in loaded
    )


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
    excluded = _not_applicable(criterion, evidence, design, setting, facts)
    if excluded is not None:
        return _verdict(
            criterion,
            NOT_APPLICABLE,
            rules=(),
            explanation=Explanation("not applicable", NOT_APPLICABLE),
            reasons=excluded,
        )
    return _Judgement(criterion, evidence, facts, _remarks(
        criterion, evidence, design, setting, facts
    )).verdict()  # fmt: skip


class _Judgement:
    """One criterion, one study."""

    def __init__(
        self,
        criterion: Criterion,
        evidence: Evidence,
        facts: Facts,
        remarks: list[wording.Words],
    ) -> None:
        self._criterion = criterion
        self._evidence = evidence
        self._facts = facts
        self._remarks = remarks
        self._favourable: dict[str, bool | None] = {}
        self._rules = {
            rule.id: judge_rule(rule, evidence, facts) for rule in criterion.rules.values()
        }

    def verdict(self) -> CriterionVerdict:
        """The verdict with everything that explains it."""
        if self._criterion.graded:
            return self._graded()
        parts = [self._section(section) for section in self._criterion.sections]
        verdict, explanation = self._chosen(parts)
        missing = self._missing(explanation) if verdict is OPEN else ()
        reasons = wording.text("open", what=_names(missing)) if missing else {}
        at_limit = self._verdict_at_limit()
        return _verdict(
            self._criterion,
            verdict,
            rules=self._rule_verdicts(),
            explanation=explanation,
            missing=missing,
            reasons=reasons,
            warnings=self._remarks,
            verdict_at_lower_limit=at_limit,
        )

    # -- sections: a criterion, or its parts for different studies

    def _section(self, section: Section) -> tuple[Explanation | None, Explanation]:
        when = None if section.when is None else self._explain(section.when, favourable=None)
        if section.met_when is not None:
            return when, self._explain(section.met_when, favourable=True)
        levels = tuple(
            Explanation("grade", part.verdict, label=level.grade, parts=(part,))
            for level in section.grades
            for part in (self._explain(level.when, favourable=True),)
        )
        return when, Explanation("grades", either(x.verdict for x in levels), parts=levels)

    def _chosen(
        self, parts: list[tuple[Explanation | None, Explanation]]
    ) -> tuple[Verdict, Explanation]:
        """The first section whose condition holds; all that it may be, where that is unknown."""
        if len(parts) == 1:
            return parts[0][1].verdict, parts[0][1]
        verdict = agreed(body.verdict for _, body in _possible(parts))
        groups = []
        for section, (when, body) in zip(self._criterion.sections, parts, strict=True):
            labels = section.title or {}
            inside = (when, body) if when is not None else (body,)
            groups.append(
                Explanation(
                    "group",
                    body.verdict if when is None else both((when.verdict, body.verdict)),
                    label=labels.get("en", ""),
                    parts=inside,
                    labels=labels,
                )
            )
        return verdict, Explanation("groups", verdict, parts=tuple(groups))

    # -- the tree

    def _explain(self, expression: Expression, *, favourable: bool | None) -> Explanation:
        if isinstance(expression, RuleName):
            self._favourable.setdefault(expression.name, favourable)
            rule = self._rules[expression.name]
            return Explanation("rule", rule.verdict, rule=rule.id)
        if not isinstance(expression, Group):  # every sentence became a rule of its own
            raise TypeError(expression)
        inner = favourable
        if expression.kind == "not" and favourable is not None:
            inner = not favourable
        parts = tuple(self._explain(part, favourable=inner) for part in expression.parts)
        return Explanation(expression.kind, _combined(expression.kind, parts), parts=parts)

    def _at_limit(self, expression: Expression, *, favourable: bool | None) -> Verdict:
        if isinstance(expression, RuleName):
            if favourable is None:
                return self._rules[expression.name].verdict
            rule = self._criterion.rules[expression.name]
            return verdict_at_limit(rule, self._evidence, self._facts, favourable=favourable)
        if not isinstance(expression, Group):
            raise TypeError(expression)
        inner = favourable
        if expression.kind == "not" and favourable is not None:
            inner = not favourable
        verdicts = [self._at_limit(part, favourable=inner) for part in expression.parts]
        if expression.kind == "not":
            return opposite(verdicts[0])
        return both(verdicts) if expression.kind == "all" else either(verdicts)

    def _verdict_at_limit(self) -> Verdict:
        possible = []
        for section in self._criterion.sections:
            when = MET if section.when is None else self._at_limit(section.when, favourable=None)
            if when is NOT_MET:
                continue
            if section.met_when is not None:
                possible.append(self._at_limit(section.met_when, favourable=True))
            if when is MET:
                break
        return agreed(possible)

    def _rule_verdicts(self) -> tuple[RuleVerdict, ...]:
        return tuple(
            replace(
                judged,
                source=self._criterion.source_text(judged.source),
                verdict_at_lower_limit=judged.verdict
                if (favourable := self._favourable.get(judged.id, True)) is None
                else verdict_at_limit(
                    self._criterion.rules[judged.id],
                    self._evidence,
                    self._facts,
                    favourable=favourable,
                ),
            )
            for judged in self._rules.values()
        )

    def _missing(self, explanation: Explanation) -> tuple[str, ...]:
        """What the open parts of a tree lack; what is decided without them is left out."""
        if explanation.verdict is not OPEN:
            return ()
        if explanation.rule:
            return self._rules[explanation.rule].missing
        groups = explanation.kind == "groups"
        parts = _open_groups(explanation) if groups else explanation.parts
        return tuple(dict.fromkeys(chain.from_iterable(self._missing(part) for part in parts)))

    # -- grades

    def _graded(self) -> CriterionVerdict:
        criterion = self._criterion
        parts = [self._section(section) for section in criterion.sections]
        possible = self._ordered({grade for _, body in _possible(parts) for grade in _grades(body)})
        _, explanation = self._chosen(parts)
        certain = len(possible) == 1
        preliminary = possible[0] if certain else None
        steps = [self._step(index) for index in range(len(criterion.steps))]
        final = self._after(preliminary, steps) if certain else None
        finals = self._ordered({x for grade in possible for x in self._range(grade, steps)})
        verdict = self._graded_verdict(final) if certain else OPEN
        missing: tuple[str, ...] = ()
        reasons: dict[str, str] = {}
        if not certain:
            missing = self._open_grade_missing(parts, explanation)
            reasons = wording.text(
                "open grades",
                what=_names(missing),
                grades=_names(tuple(grade or NO_GRADE for grade in finals)),
            )
        else:
            reasons = self._graded_reason(preliminary, final, steps)
        return _verdict(
            criterion,
            verdict,
            rules=self._rule_verdicts(),
            explanation=Explanation(explanation.kind, verdict, parts=explanation.parts),
            missing=missing,
            reasons=reasons,
            warnings=self._remarks,
            grade=final,
            preliminary_grade=preliminary,
            possible_grades=tuple(g or NO_GRADE for g in finals) if len(finals) > 1 else (),
            adjustments=tuple(steps),
            **self._graded_at_limit(),
        )

    def _graded_verdict(self, grade: str | None) -> Verdict:
        if grade is None:
            return NOT_MET
        scale = self._criterion.scale
        return MET if scale.index(grade) <= scale.index(self._criterion.met_from) else NOT_MET

    def _graded_at_limit(self) -> dict[str, Any]:
        possible: set[str | None] = set()
        for section in self._criterion.sections:
            when = MET if section.when is None else self._at_limit(section.when, favourable=None)
            if when is NOT_MET:
                continue
            levels = [
                (level.grade, self._at_limit(level.when, favourable=True))
                for level in section.grades
            ]
            possible |= set(_awarded(levels))
            if when is MET:
                break
        if len(possible) != 1:
            return {"verdict_at_lower_limit": OPEN}
        steps = [self._step(index, at_limit=True) for index in range(len(self._criterion.steps))]
        final = self._after(possible.pop(), steps)
        return {
            "verdict_at_lower_limit": self._graded_verdict(final),
            "grade_at_lower_limit": final,
        }

    def _step(self, index: int, *, at_limit: bool = False) -> Adjustment:
        step = self._criterion.steps[index]
        explanation = self._explain(step.when, favourable=step.change > 0)
        verdict = explanation.verdict
        if at_limit:
            verdict = self._at_limit(step.when, favourable=step.change > 0)
        missing = self._missing(explanation)
        reasons = wording.text("adjustments open", what=_names(missing)) if missing else {}
        return Adjustment(
            step.title["en"],
            step.change,
            verdict,
            reasons.get("en"),
            id=step.id,
            missing=missing,
            texts=step.title,
            reasons=reasons,
        )

    def _after(self, grade: str | None, steps: Sequence[Adjustment]) -> str | None:
        """The grade after the steps that apply, never beyond the ends of the scale."""
        return self._moved(grade, sum(step.change for step in steps if step.verdict is MET))

    def _moved(self, grade: str | None, change: int) -> str | None:
        if grade is None:
            return None
        scale = self._criterion.scale
        return scale[min(max(scale.index(grade) - change, 0), len(scale) - 1)]

    def _range(self, grade: str | None, steps: Sequence[Adjustment]) -> set[str | None]:
        """Every grade that the steps not known might still lead to."""
        sure = sum(step.change for step in steps if step.verdict is MET)
        unsure = [step.change for step in steps if step.verdict is OPEN]
        subsets = chain.from_iterable(combinations(unsure, size) for size in range(len(unsure) + 1))
        return {self._moved(grade, sure + sum(subset)) for subset in subsets}

    def _ordered(self, grades: set[str | None]) -> tuple[str | None, ...]:
        scale = self._criterion.scale
        return tuple(sorted(grades, key=lambda g: len(scale) if g is None else scale.index(g)))

    def _open_grade_missing(
        self, parts: list[tuple[Explanation | None, Explanation]], explanation: Explanation
    ) -> tuple[str, ...]:
        names: list[str] = []
        for when, body in _possible(parts):
            if when is not None:
                names += self._missing(when)
            for level in body.parts:
                names += self._missing(level)
                if level.verdict is MET:
                    break
        return tuple(dict.fromkeys(names)) or self._missing(explanation)

    def _graded_reason(
        self, preliminary: str | None, final: str | None, steps: Sequence[Adjustment]
    ) -> dict[str, str]:
        if final is None:
            return wording.text("no grade")
        remarks = []
        if preliminary != final:
            remarks.append(wording.text("grade adjusted", before=preliminary, after=final))
        if self._graded_verdict(final) is NOT_MET:
            wanted = self._criterion.met_from
            remarks.append(wording.text("below verdict grade", grade=final, wanted=wanted))
        missing = tuple(dict.fromkeys(chain.from_iterable(step.missing for step in steps)))
        if missing:
            remarks.append(wording.text("adjustments open", what=_names(missing)))
        return wording.joined(remarks, "; ") if remarks else {}


def _combined(kind: str, parts: Sequence[Explanation]) -> Verdict:
    verdicts = [part.verdict for part in parts]
    if kind == "not":
        return opposite(verdicts[0])
    return both(verdicts) if kind == "all" else either(verdicts)


def _possible(
    parts: list[tuple[Explanation | None, Explanation]],
) -> list[tuple[Explanation | None, Explanation]]:
    """The sections that may be the study's: up to the first whose condition holds."""
    found = []
    for when, body in parts:
        if when is not None and when.verdict is NOT_MET:
            continue
        found.append((when, body))
        if when is None or when.verdict is MET:
            break
    return found


def _open_groups(explanation: Explanation) -> tuple[Explanation, ...]:
    """Conditions and bodies of the groups that may be the study's."""
    parts = [(g.parts[0], g.parts[1]) if len(g.parts) > 1 else (None, g.parts[0])
             for g in explanation.parts]  # fmt: skip
    return tuple(part for pair in _possible(list(parts)) for part in pair if part is not None)


def _grades(body: Explanation) -> list[str | None]:
    return _awarded([(level.label, level.verdict) for level in body.parts])


def _awarded(levels: Sequence[tuple[str, Verdict]]) -> list[str | None]:
    """From the top down, every grade that may be the one awarded; None: below the lowest."""
    possible: list[str | None] = []
    for grade, verdict in levels:
        if verdict is not NOT_MET:
            possible.append(grade)
        if verdict is MET:
            return possible
    return [*possible, None]


def _names(names: tuple[str, ...]) -> wording.Words:
    return wording.same(", ".join(names))


# -- whether a criterion is meant for the study


def _as_design(design: str, evidence: Evidence) -> tuple[str, ...]:
    if design == "single-arm" and evidence.control:
        return ("single-arm", "single-arm with comparator")
    return (design,)


def _not_applicable(
    criterion: Criterion, evidence: Evidence, design: str, setting: str, facts: Facts
) -> dict[str, str] | None:
    applies = criterion.file.applies
    if design and not set(_as_design(design, evidence)) & set(applies.design):
        wanted = [wording.text(x) for x in applies.design if x != "single-arm with comparator"]
        either_of = wording.joined(wanted, " / ")
        return wording.text("wrong design", wanted=either_of, found=wording.text(design))
    if setting and setting not in applies.setting:
        wanted = [wording.text(each) for each in applies.setting]
        return wording.text(
            "wrong setting", wanted=wording.joined(wanted, " / "), found=wording.text(setting)
        )
    for fact in applies.declared:
        if facts.get(fact) is False:
            return wording.text("precondition denied", what=_question(criterion, fact))
    return None


def _remarks(
    criterion: Criterion, evidence: Evidence, design: str, setting: str, facts: Facts
) -> list[wording.Words]:
    applies = criterion.file.applies
    remarks = [warning.words() for warning in criterion.file.warnings]
    if design == "single-arm" and "single-arm" not in applies.design:
        remarks.append(wording.text("published control"))
    if not design and len(applies.design) < 2:
        remarks.append(wording.text("design assumed", assumed=wording.text(applies.design[0])))
    if not setting and len(applies.setting) < 2:
        remarks.append(wording.text("setting assumed", assumed=wording.text(applies.setting[0])))
    remarks += [
        wording.text("precondition open", what=_question(criterion, fact))
        for fact in applies.declared
        if fact not in facts
    ]
    return remarks


def _question(criterion: Criterion, fact: str) -> wording.Words:
    return criterion.file.facts[fact].question.words()


def _verdict(
    criterion: Criterion,
    verdict: Verdict,
    *,
    rules: tuple[RuleVerdict, ...],
    explanation: Explanation,
    reasons: dict[str, str],
    warnings: Sequence[wording.Words] = (),
    **more: Any,
) -> CriterionVerdict:
    file = criterion.file
    return CriterionVerdict(
        id=file.id,
        version=file.version,
        title=file.title.words(),
        verdict=verdict,
        rules=rules,
        explanation=explanation,
        summary=file.summary.words(),
        reason=reasons.get("en"),
        reasons=reasons,
        warnings=tuple(warnings),
        sources=tuple(f"{source.text} {source.url}".strip() for source in file.sources.values()),
        sha256=criterion.sha256,
        overrides=tuple(
            f"{rule.id}={rule.condition.threshold}" + (" (two_stage)" if rule.by_design else "")
            for rule in criterion.rules.values()
            if rule.overridden
        ),
        notes=tuple(note.words() for note in file.notes),
        **more,
    )
