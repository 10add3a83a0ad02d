"""One cohort under every shipped criterion, side by side, with the rules that decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dossier.appraise.evidence import Evidence
from dossier.appraise.loading import list_criteria
from dossier.appraise.verdict import CriterionVerdict, RuleVerdict, Verdict
from dossier.scenarios.judging import Bench, deciding_rules

__all__ = ["ComparedCriterion", "compared_criteria", "disagreements"]


@dataclass(frozen=True)
class ComparedCriterion:
    """What one criterion says of the cohort, and why.

    Parameters
    ----------
    verdict
        As judged.
    deciding
        Rules that the verdict rests on, in words with what was observed.
    """

    verdict: CriterionVerdict
    deciding: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        verdict = self.verdict
        rules = [rule for rule in verdict.rules if rule.id in deciding_rules(verdict)]
        result: dict[str, Any] = {
            "id": verdict.id,
            "version": verdict.version,
            "verdict": verdict.verdict.value,
            "deciding_rules": [rule.to_dict() for rule in rules],
        }
        if verdict.grade is not None:
            result["grade"] = verdict.grade
        return result if verdict.reason is None else result | {"reason": verdict.reason}


def compared_criteria(
    evidence: Evidence, bench: Bench, references: Sequence[str] = ()
) -> tuple[ComparedCriterion, ...]:
    """Judge by every shipped criterion, those that are applicable first.

    Parameters
    ----------
    evidence
        Of the cohort.
    bench
        Where it is judged.
    references
        Criteria to compare; all that are shipped where none is named.
    """
    names = references or [criterion.id for criterion in list_criteria()]
    verdicts = [bench.judge(each, evidence) for each in bench.criteria(names)]
    verdicts.sort(key=lambda verdict: verdict.verdict is Verdict.NOT_APPLICABLE)
    return tuple(ComparedCriterion(verdict, _in_words(verdict)) for verdict in verdicts)


def disagreements(compared: Sequence[ComparedCriterion]) -> tuple[tuple[str, str], ...]:
    """Pairs of criteria of which one is met and the other is not."""
    met = [each.verdict.id for each in compared if each.verdict.verdict is Verdict.MET]
    not_met = [each.verdict.id for each in compared if each.verdict.verdict is Verdict.NOT_MET]
    return tuple((one, other) for one in met for other in not_met)


def _in_words(verdict: CriterionVerdict) -> tuple[str, ...]:
    wanted = deciding_rules(verdict)
    return tuple(
        f"{rule.text} ({_amount(rule)}: {rule.verdict.value})"
        for rule in verdict.rules
        if rule.id in wanted
    )


def _amount(rule: RuleVerdict) -> str:
    if rule.observed is None:
        return "not known"
    if rule.unit == "%":
        return f"observed {rule.observed * 100:.1f}%"
    return "observed " + (f"{rule.observed:.1f} {rule.unit}" if rule.unit else f"{rule.observed:g}")
