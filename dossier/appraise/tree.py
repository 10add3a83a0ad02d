"""The tree of a criterion judged: how the verdicts of the rules combine, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from dossier.appraise.comparing import Facts, judge_rule, verdict_at_limit
from dossier.appraise.criterion import Criterion, Section
from dossier.appraise.evidence import Evidence
from dossier.appraise.logic import MET, NOT_MET, OPEN, agreed, both, either, opposite, shown
from dossier.appraise.sentence import OTHERS, Expression, Group, RuleName
from dossier.appraise.verdict import Explanation, RuleVerdict, Verdict


class Branch(NamedTuple):
    """A section judged: whether it is for this study (None: for every other), and what it asks."""

    when: Explanation | None
    body: Explanation


class Tree:
    """One criterion and one study: every rule judged once, every combination explained.

    ``favourable`` says whether it speaks for the treatment when a part is met; it is None for the
    conditions of the groups of studies, which are judged on the estimate alone.
    """

    def __init__(self, criterion: Criterion, evidence: Evidence, facts: Facts) -> None:
        self._criterion = criterion
        self._evidence = evidence
        self._favourable: dict[str, bool | None] = {}
        self._at_limit: dict[tuple[str, bool], Verdict] = {}
        self._rules = {
            rule.id: judge_rule(rule, evidence, facts) for rule in criterion.rules.values()
        }
        self.branches = [self._branch(section) for section in criterion.sections]

    # -- verdicts with their explanation

    def explain(self, expression: Expression, *, favourable: bool | None) -> Explanation:
        """The verdict of a combination, with its parts."""
        if isinstance(expression, RuleName):
            self._favourable.setdefault(expression.name, favourable)
            rule = self._rules[expression.name]
            return Explanation("rule", rule.verdict, rule=rule.id)
        group = _group(expression)
        if group == OTHERS:
            return Explanation("others", MET)
        inner = _turned(group, favourable)
        parts = tuple(self.explain(part, favourable=inner) for part in group.parts)
        verdict = combined(group.kind, [part.verdict for part in parts])
        return Explanation(group.kind, verdict, parts=parts)

    def _branch(self, section: Section) -> Branch:
        when = None if section.when is None else self.explain(section.when, favourable=None)
        if section.met_when is not None:
            return Branch(when, self.explain(section.met_when, favourable=True))
        levels = tuple(
            Explanation("grade", part.verdict, label=level.grade, parts=(part,))
            for level in section.grades
            for part in (self.explain(level.when, favourable=True),)
        )
        return Branch(when, Explanation("grades", either(x.verdict for x in levels), parts=levels))

    def explanation(self, verdict: Verdict) -> Explanation:
        """The whole tree, under the verdict of the criterion."""
        if len(self.branches) == 1:
            return replace(self.branches[0].body, verdict=verdict)
        groups = []
        for section, (when, body) in zip(self._criterion.sections, self.branches, strict=True):
            labels = section.title or {}
            parts = (body,) if when is None else (when, body)
            judged = body.verdict if when is None else both((when.verdict, body.verdict))
            groups.append(
                Explanation("group", judged, label=labels.get("en", ""), parts=parts, labels=labels)
            )
        return Explanation("groups", verdict, parts=tuple(groups))

    def possible(self) -> list[Branch]:
        """The sections that may be the study's: up to the first whose condition holds."""
        return _until_certain(self.branches)

    def verdict(self) -> Verdict:
        """Verdict of a criterion without grades."""
        return agreed(branch.body.verdict for branch in self.possible())

    # -- the same at the least favourable confidence limits

    def at_limit(self, expression: Expression, *, favourable: bool | None) -> Verdict:
        """The verdict of a combination with limits in place of estimates."""
        if isinstance(expression, RuleName):
            name = expression.name
            verdict = self._rules[name].verdict
            if favourable is None:
                return verdict
            if (name, favourable) not in self._at_limit:
                self._at_limit[name, favourable] = verdict_at_limit(
                    self._criterion.rules[name], self._evidence, verdict, favourable=favourable
                )
            return self._at_limit[name, favourable]
        group = _group(expression)
        inner = _turned(group, favourable)
        parts = [self.at_limit(part, favourable=inner) for part in group.parts]
        return combined(group.kind, parts)

    def possible_sections(self) -> list[Section]:
        """The sections behind `possible`."""
        kept = self.possible()
        return [
            section
            for section, branch in zip(self._criterion.sections, self.branches, strict=True)
            if any(branch is each for each in kept)
        ]

    def verdict_at_limit(self) -> Verdict:
        """Verdict of a criterion without grades, at the limits."""
        return agreed(
            self.at_limit(section.met_when, favourable=True)
            for section in self.possible_sections()
            if section.met_when is not None
        )

    # -- rules and what they lack

    def rule_verdicts(self) -> tuple[RuleVerdict, ...]:
        """Every rule, in the order of the file."""
        return tuple(
            replace(
                judged,
                source=self._criterion.source_text(judged.source),
                verdict_at_lower_limit=self.at_limit(
                    RuleName(judged.id), favourable=self._favourable.get(judged.id, True)
                ),
            )
            for judged in self._rules.values()
        )

    def missing(self, explanations: Iterable[Explanation]) -> tuple[str, ...]:
        """What the open parts lack; what is decided without them is left out."""
        return _each_once(self._missing(each) for each in explanations)

    def _missing(self, explanation: Explanation) -> tuple[str, ...]:
        if explanation.verdict is not OPEN:
            return ()
        if explanation.rule:
            return self._rules[explanation.rule].missing
        return self.missing(explanation.parts)

    def open_branches(self) -> list[Explanation]:
        """Conditions and bodies that may be the study's, for `missing`."""
        return [part for branch in self.possible() for part in branch if part is not None]

    def not_shown(self, explanations: Iterable[Explanation]) -> tuple[str, ...]:
        """What the alternatives lack that count only where they are shown."""
        return _each_once(self._not_shown(each) for each in explanations)

    def _not_shown(self, explanation: Explanation) -> tuple[str, ...]:
        if explanation.kind == "shown":
            return self.missing(explanation.parts)
        if explanation.verdict is MET:
            return ()
        return self.not_shown(explanation.parts)


def combined(kind: str, verdicts: Sequence[Verdict]) -> Verdict:
    """Verdicts under ``all``, ``any``, ``not`` or ``shown``."""
    if kind == "not":
        return opposite(verdicts[0])
    if kind == "shown":
        return shown(verdicts[0])
    return both(verdicts) if kind == "all" else either(verdicts)


def _group(expression: Expression) -> Group:
    if not isinstance(expression, Group):  # every sentence became a rule of its own
        raise TypeError(f"{expression} was not resolved")
    return expression


def _turned(group: Group, favourable: bool | None) -> bool | None:
    return favourable if favourable is None or group.kind != "not" else not favourable


def _until_certain(branches: Iterable[Branch]) -> list[Branch]:
    found = []
    for branch in branches:
        if branch.when is not None and branch.when.verdict is NOT_MET:
            continue
        found.append(branch)
        if branch.when is None or branch.when.verdict is MET:
            break
    return found


def _each_once(names: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(names)))
