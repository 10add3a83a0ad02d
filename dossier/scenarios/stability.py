"""How often a verdict comes back when the patients are drawn again: a bootstrap of judgements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dossier.appraise.cohort_evidence import evidence_of_cohort
from dossier.appraise.criterion import Criterion
from dossier.appraise.verdict import CriterionVerdict
from dossier.estimate.arms import arms_of, compare_with_reference, reference_arm
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

    Every number of a resample comes from the same patients. Where arms are compared, the patients
    of each arm are drawn apart, as many as it has (stratified, as they were randomised). Rules on
    the first patients of a design have no meaning in a resample; such criteria get a reason
    instead.
    """
    said = {each.id: _words(bench.judge(each, case.evidence)) for each in criteria}
    reasons = {each.id: _why_not(each) for each in criteria}
    counts: dict[str, Counter[str]] = {each.id: Counter() for each in criteria}
    judged = [each for each in criteria if reasons[each.id] is None]
    settings = case.derived.cohort.settings
    if judged:
        for results in _resamples(case, asked):
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


def _resamples(case: Case, asked: Stability) -> Iterator[Results]:
    """The results of each resample."""
    arms = {}
    if case.derived.cohort.settings.cohort.design == "randomised" and case.results.arms:
        arms = arms_of(case.derived.cohort, case.counted.treated)
    if not arms:
        places = np.flatnonzero(case.counted.treated)
        for weights in drawn_weights(places.size, asked.resamples, asked.seed):
            yield _resampled(case, case.results, np.repeat(places, weights))
        return
    reference = reference_arm(case.derived.cohort, list(arms))
    members = {name: np.flatnonzero(mask & case.counted.treated) for name, mask in arms.items()}
    # Seeds of their own, so that the draws of one arm say nothing of those of another.
    draws = [
        drawn_weights(places.size, asked.resamples, asked.seed + 1_000_003 * k)
        for k, places in enumerate(members.values())
    ]
    for weights_of in zip(*draws, strict=True):
        drawn = {
            name: np.repeat(places, weights)
            for (name, places), weights in zip(members.items(), weights_of, strict=True)
        }
        yield _compared_again(case, drawn, reference)


def _compared_again(case: Case, drawn: Mapping[str, IntArray], reference: str) -> Results:
    """The results of the arms drawn, and the comparison of them."""
    how = case.derived.cohort.settings.estimation
    arms = {
        name: _resampled(case, case.results.arms[name], places) for name, places in drawn.items()
    }
    everybody = np.concatenate(list(drawn.values()))
    frame = case.derived.frame.iloc[everybody].reset_index(drop=True)
    arm = np.repeat(np.array(list(drawn), dtype=object), [len(each) for each in drawn.values()])
    inside = {name: arm == name for name in drawn}
    return replace(
        case.results,
        arms=arms,
        comparisons=compare_with_reference(frame, arms, inside, reference, how),
    )


def _resampled(case: Case, results: Results, drawn: IntArray) -> Results:
    """The results with the rates and times of the patients drawn."""
    frame, counted = case.derived.frame, case.counted
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


def _why_not(criterion: Criterion) -> str | None:
    thresholds = (rule.condition.threshold for rule in criterion.rules.values())
    if any(each is not None and each.patients is not None for each in thresholds):
        return "it counts the first patients of a design"
    return None


def _words(verdict: CriterionVerdict) -> str:
    return verdict.verdict.value + (f" (grade {verdict.grade})" if verdict.grade else "")
