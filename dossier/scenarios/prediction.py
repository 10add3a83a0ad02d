"""The probability that a rule will be met once more patients are known.

A rate: the patients to come are beta-binomial given those observed and a prior, summed exactly
(Lee and Liu, Clin Trials 2008; 5: 93-106). A median: the patients to come are drawn from those
observed, times and censoring together, from a stated seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln

from dossier.appraise.cohort_evidence import evidence_of_cohort
from dossier.appraise.comparing import judge_rule
from dossier.appraise.criterion import CompiledRule, Criterion
from dossier.appraise.facts import facts_of
from dossier.appraise.sentence import Comparison
from dossier.appraise.verdict import Verdict
from dossier.estimate.many_curves import quantile_batch
from dossier.estimate.outcomes import proportion
from dossier.scenarios.running import Case
from dossier.scenarios.scenario_file import Predict

__all__ = ["PRIORS", "Prediction", "beta_binomial", "predictions", "predictive_probability"]

PRIORS: Final[Mapping[str, tuple[float, float]]] = {"jeffreys": (0.5, 0.5), "uniform": (1.0, 1.0)}
TIMES: Final = ("pfs", "os", "dor")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prediction:
    """The probability that a rule is met after more patients.

    Parameters
    ----------
    criterion, rule, text
        The rule, and as the file states it.
    more_patients
        Patients to come.
    probability
        None with ``reason`` where it is not available.
    method
        ``beta-binomial`` with its prior, or ``resampling`` with draws and seed.
    """

    criterion: str
    rule: str
    text: str
    more_patients: int
    probability: float | None
    method: str
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "criterion": self.criterion,
            "rule": self.rule,
            "text": self.text,
            "more_patients": self.more_patients,
            "probability": self.probability,
            "method": self.method,
        }
        return result if self.reason is None else result | {"reason": self.reason}


def beta_binomial(events: int, n: int, more: int, prior: tuple[float, float]) -> Floats:
    """Probabilities of 0, 1, ... ``more`` outcomes among ``more`` patients to come.

    Parameters
    ----------
    events, n
        Outcomes and patients observed.
    more
        Patients to come.
    prior
        Parameters of the beta prior, both positive.
    """
    a, b = prior[0] + events, prior[1] + n - events
    y = np.arange(more + 1)
    choose = gammaln(more + 1) - gammaln(y + 1) - gammaln(more - y + 1)
    found: Floats = np.exp(choose + betaln(a + y, b + more - y) - betaln(a, b))
    return found


def predictive_probability(
    events: int,
    n: int,
    more: int,
    met: Callable[[int, int], bool],
    prior: tuple[float, float] = PRIORS["jeffreys"],
) -> float:
    """The probability that ``met(outcomes, patients)`` holds when ``more`` patients are known.

    Examples
    --------
    >>> from scipy.special import betainc
    >>> def convincing(x, n):  # 90% sure that the rate is above 60%
    ...     return 1 - betainc(0.6 + x, 0.4 + n - x, 0.6) > 0.9
    >>> round(predictive_probability(16, 23, 17, convincing, (0.6, 0.4)), 4)
    0.5656
    """
    chances = beta_binomial(events, n, more, prior)
    return float(sum(p for y, p in enumerate(chances) if met(events + y, n + more)))


def predictions(
    case: Case, criteria: Sequence[Criterion], asked: Predict
) -> tuple[Prediction, ...]:
    """Every rule of some criteria that looks at a rate or a median of the cohort."""
    found = []
    for criterion in criteria:
        for rule in criterion.rules.values():
            condition = rule.condition
            if not isinstance(condition, Comparison) or condition.quantity.control:
                continue
            subject = (
                "orr" if condition.quantity.name == "responders" else condition.quantity.subject
            )
            if subject in case.results.proportions:
                found.append(_of_rate(case, criterion, rule, subject, asked))
            elif subject in TIMES and condition.quantity.measure == "median":
                found.append(_of_median(case, criterion, rule, condition, asked))
    return tuple(found)


def _of_rate(
    case: Case, criterion: Criterion, rule: CompiledRule, name: str, asked: Predict
) -> Prediction:
    rate = case.results.proportions[name]
    settings = case.derived.cohort.settings
    method = f"beta-binomial, {asked.prior} prior"
    threshold = rule.condition.threshold
    reason = rate.reason
    if rule.open:
        reason = "the threshold is not known"
    elif threshold is not None and threshold.patients is not None:
        reason = f"the rule counts the first {threshold.patients} patients of a design"
    if reason is not None or rate.estimate is None:
        why = reason or "not estimated"
        return _prediction(criterion, rule, asked, None, method, why)
    facts = facts_of(criterion, settings.declared)

    def met(events: int, n: int) -> bool:
        share = proportion(events, n, settings.estimation)
        results = replace(case.results, proportions={**case.results.proportions, name: share})
        evidence = evidence_of_cohort(results, settings)
        return judge_rule(rule, evidence, facts).verdict is Verdict.MET

    chance = predictive_probability(
        rate.events, rate.n, asked.more_patients, met, PRIORS[asked.prior]
    )
    return _prediction(criterion, rule, asked, chance, method)


def _of_median(
    case: Case, criterion: Criterion, rule: CompiledRule, condition: Comparison, asked: Predict
) -> Prediction:
    method = f"resampling, {asked.draws} draws, seed {asked.seed}"
    name = condition.quantity.subject
    time, threshold = case.results.times[name], condition.threshold.value
    if time.curve is None or threshold is None or rule.open:
        why = time.reason or "the threshold is not known"
        return _prediction(criterion, rule, asked, None, method, why)
    if condition.statistic != "estimate":
        why = "available for estimates, not for their limits"
        return _prediction(criterion, rule, asked, None, method, why)
    frame, inside = case.derived.frame, case.counted.treated
    if name == "dor":
        inside = inside & frame["responder"].to_numpy(dtype=np.bool_)
    days = frame[f"{name}_days"].to_numpy(dtype=float)[inside]
    event = frame[f"{name}_event"].to_numpy(dtype=float)[inside]
    known = ~(np.isnan(days) | np.isnan(event))
    days, event = days[known], event[known] == 1
    rng = np.random.default_rng(asked.seed)
    drawn = rng.multinomial(asked.more_patients, np.full(len(days), 1 / len(days)), asked.draws)
    median = quantile_batch(days, event, 1 + drawn)
    # Everybody observed is in every draw, so a median that is not reached lies beyond the same day.
    median = np.where(np.isnan(median), np.nextafter(time.curve.last_time, np.inf), median)
    asks, limit = condition.sign, float(threshold)
    near = np.isclose(median, limit, rtol=1e-9, atol=0)
    above, below = (median > limit) & ~near, (median < limit) & ~near
    met = {">=": above | near, ">": above, "<=": below | near, "<": below}[asks]
    return _prediction(criterion, rule, asked, float(met.mean()), method)


def _prediction(
    criterion: Criterion,
    rule: CompiledRule,
    asked: Predict,
    probability: float | None,
    method: str,
    reason: str | None = None,
) -> Prediction:
    return Prediction(
        criterion.id, rule.id, rule.text, asked.more_patients, probability, method, reason
    )
