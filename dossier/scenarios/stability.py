"""How often a verdict comes back when the patients are drawn again: a bootstrap of judgements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dossier.appraise.cohort_evidence import evidence_of_cohort
from dossier.appraise.criterion import Criterion
from dossier.appraise.verdict import CriterionVerdict
from dossier.estimate.bootstrap import drawn_weights
from dossier.estimate.model import Results
from dossier.estimate.outcomes import Counts, rate_of_counts
from dossier.scenarios.judging import Bench
from dossier.scenarios.population_estimate import time_with_events
from dossier.scenarios.running import Case
from dossier.scenarios.scenario_file import Stability

__all__ = ["VerdictStability", "verdict_stability"]

TIMES: Final = ("pfs", "os", "dor")

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class VerdictStability:
    """What a criterion says of resampled cohorts.

    Parameters
    ----------
    criterion
        Identifier.
    verdict
        Of the cohort itself, with its grade.
    resamples, seed
        How many, and what they were drawn from.
    counts
        Resamples by verdict, the most frequent first; empty with ``reason``.
    """

    criterion: str
    verdict: str
    resamples: int
    seed: int
    counts: dict[str, int]
    reason: str | None = None

    @property
    def share(self) -> float | None:
        """Share of resamples with the verdict of the cohort itself."""
        return self.counts.get(self.verdict, 0) / self.resamples if self.counts else None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "criterion": self.criterion,
            "verdict": self.verdict,
            "resamples": self.resamples,
            "seed": self.seed,
            "share": self.share,
            "counts": self.counts,
        }
        return result if self.reason is None else result | {"reason": self.reason}


def verdict_stability(
    case: Case, criteria: Sequence[Criterion], bench: Bench, asked: Stability
) -> tuple[VerdictStability, ...]:
    """Draw as many patients as there are, with replacement, and judge each such cohort.

    Every number of a resample comes from the same patients. Rules on the first patients of a design
    have no meaning in it, nor have comparisons of arms; such criteria get a reason instead.
    """
    said = {each.id: _words(bench.judge(each, case.evidence)) for each in criteria}
    reasons = {each.id: _why_not(case, each) for each in criteria}
    counts: dict[str, Counter[str]] = {each.id: Counter() for each in criteria}
    judged = [each for each in criteria if reasons[each.id] is None]
    settings = case.derived.cohort.settings
    if judged:
        places = np.flatnonzero(case.counted.treated)
        for weights in drawn_weights(places.size, asked.resamples, asked.seed):
            results = _resampled(case, np.repeat(places, weights))
            evidence = evidence_of_cohort(results, settings)
            for criterion in judged:
                counts[criterion.id][_words(bench.judge(criterion, evidence))] += 1
    return tuple(
        VerdictStability(
            each.id, said[each.id], asked.resamples, asked.seed,
            dict(counts[each.id].most_common()), reasons[each.id],
        )
        for each in criteria
    )  # fmt: skip


def _resampled(case: Case, drawn: IntArray) -> Results:
    """The results with the rates and times of the patients drawn."""
    frame, counted, results = case.derived.frame, case.counted, case.results
    how = case.derived.cohort.settings.estimation
    evaluable = drawn[counted.evaluable[drawn]]
    rates = dict(results.proportions)
    for name, outcome in counted.outcomes.items():
        if name in rates:
            counts = Counts(
                len(evaluable),
                int(outcome.success[evaluable].sum()),
                int(outcome.too_early[evaluable].sum()),
                int(outcome.unknown[evaluable].sum()),
            )
            rates[name] = rate_of_counts(outcome, counts, how)
    times = dict(results.times)
    responders = frame["responder"].to_numpy(dtype=np.bool_)
    for name in TIMES:
        inside = drawn[responders[drawn]] if name == "dor" else drawn
        event = frame[f"{name}_event"].to_numpy(dtype=float)[inside]
        times[name] = time_with_events(case.derived, name, inside, event, how)
    return replace(results, proportions=rates, times=times)


def _why_not(case: Case, criterion: Criterion) -> str | None:
    if case.results.arms and case.derived.cohort.settings.cohort.design == "randomised":
        return "not available where arms are compared"
    thresholds = (rule.condition.threshold for rule in criterion.rules.values())
    if any(each is not None and each.patients is not None for each in thresholds):
        return "it counts the first patients of a design"
    return None


def _words(verdict: CriterionVerdict) -> str:
    return verdict.verdict.value + (f" (grade {verdict.grade})" if verdict.grade else "")
