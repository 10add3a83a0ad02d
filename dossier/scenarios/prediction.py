"""The probability that a rule will be met once more patients, or more follow-up, are known.

A rate: the patients to come, and those whose outcome more follow-up decides, are beta-binomial
given those observed and a prior, summed exactly (Lee and Liu, Clin Trials 2008; 5: 93-106). What
was observed stays. A median or a landmark: the patients to come are drawn from those observed,
times and censoring together; with more follow-up, those under observation are followed on in every
draw (`dossier.scenarios.future_times`). All draws come from a stated seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.appraise.cohort_evidence import evidence_of_cohort
from dossier.appraise.comparing import judge_rule
from dossier.appraise.criterion import CompiledRule, Criterion
from dossier.appraise.facts import facts_of
from dossier.appraise.resampling import ARMS
from dossier.appraise.sentence import Comparison
from dossier.appraise.verdict import Verdict
from dossier.estimate.many_curves import quantile_batch
from dossier.estimate.outcomes import proportion
from dossier.estimate.special import betaln, gammaln
from dossier.scenarios.future_times import followed_on, medians, survival_at, under_observation
from dossier.scenarios.running import Case
from dossier.scenarios.scenario_file import Predict
from dossier.units import DAYS_PER_MONTH

__all__ = ["PRIORS", "Prediction", "beta_binomial", "predictions", "predictive_probability"]

PRIORS: Final[Mapping[str, tuple[float, float]]] = {"jeffreys": (0.5, 0.5), "uniform": (1.0, 1.0)}
TIMES: Final = ("pfs", "os", "dor")
WEEKS: Final[Mapping[str, int]] = {"cbr_16w": 16, "cbr_24w": 24}

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prediction:
    """The probability that a rule is met after more patients.

    Parameters
    ----------
    criterion, rule, text
        The rule, and as the file states it.
    more_patients, more_months
        Patients to come, and months of further follow-up.
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
    more_months: float = 0

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "criterion": self.criterion,
            "rule": self.rule,
            "text": self.text,
            "more_patients": self.more_patients,
            "more_months": self.more_months,
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
    """Every rule of some criteria that looks at a rate, a median or a landmark of the cohort.

    Where arms are compared nothing is predicted: what both arms will show is not modelled.
    """
    settings = case.derived.cohort.settings
    found = []
    for criterion in criteria:
        for rule in criterion.rules.values():
            condition = rule.condition
            if not isinstance(condition, Comparison) or condition.quantity.control:
                continue
            subject = (
                "orr" if condition.quantity.name == "responders" else condition.quantity.subject
            )
            apart = case.results.arms and settings.cohort.design == "randomised"
            if apart and (subject in case.results.proportions or subject in TIMES):
                found.append(_prediction(criterion, rule, asked, None, "none", ARMS))
            elif subject in case.results.proportions:
                found.append(_of_rate(case, criterion, rule, subject, asked))
            elif subject in TIMES and (
                condition.quantity.measure == "median" or condition.quantity.at_days is not None
            ):
                found.append(_of_time(case, criterion, rule, condition, asked))
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
    decided = _decided_later(case, name, asked.more_months)
    if asked.more_months and rate.too_early:
        method += f"; {decided} of {rate.too_early} patients who are too early are decided"

    def met(events: int, n: int) -> bool:
        share = proportion(
            events,
            n,
            settings.estimation,
            too_early=rate.too_early - decided,
            unknown=rate.unknown,
        )
        results = replace(case.results, proportions={**case.results.proportions, name: share})
        evidence = evidence_of_cohort(results, settings)
        return judge_rule(rule, evidence, facts).verdict is Verdict.MET

    chance = predictive_probability(
        rate.events, rate.n, asked.more_patients + decided, met, PRIORS[asked.prior]
    )
    return _prediction(criterion, rule, asked, chance, method)


def _decided_later(case: Case, name: str, months: float) -> int:
    """Patients too early for an outcome now who will have reached its day then."""
    weeks, cutoff = WEEKS.get(name), case.derived.cohort.data_cutoff
    if weeks is None or cutoff is None or not months:
        return 0
    start = case.derived.cohort.patients["treatment_start"]
    on_study = (pd.Timestamp(cutoff) - start).dt.days.to_numpy(dtype=float)
    tolerance = case.derived.cohort.settings.derivation.benefit_tolerance_days
    reaches = on_study + months * DAYS_PER_MONTH >= weeks * 7 - tolerance
    open_now = case.counted.outcomes[name].too_early & case.counted.evaluable
    return int((open_now & reaches).sum())


def _of_time(
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
    at_days = condition.quantity.at_days
    frame, inside = case.derived.frame, case.counted.treated
    if name == "dor":
        inside = inside & frame["responder"].to_numpy(dtype=np.bool_)
    days = frame[f"{name}_days"].to_numpy(dtype=float)[inside]
    event = frame[f"{name}_event"].to_numpy(dtype=float)[inside]
    known = ~(np.isnan(days) | np.isnan(event))
    on = under_observation(case.derived.patients, name)[inside][known]
    days, event = days[known], event[known] == 1
    rng = np.random.default_rng(asked.seed)
    drawn = rng.multinomial(asked.more_patients, np.full(len(days), 1 / len(days)), asked.draws)
    if asked.more_months and not event.any():
        why = "no event was observed to learn the remaining times from"
        return _prediction(criterion, rule, asked, None, method, why)
    if asked.more_months or at_days is not None:
        if asked.more_months:
            method = (
                f"{asked.remaining} remaining time of {int(on.sum())} patients under observation, "
                + method
            )
        more_days = asked.more_months * DAYS_PER_MONTH
        weight = (1 + drawn).astype(np.float64)
        future = followed_on(days, event, on, more_days, weight, rng, asked.remaining)
        median, last = medians(future)
    else:
        median = quantile_batch(days, event, 1 + drawn)
        # Everybody observed is in every draw: a median not reached lies beyond the same day.
        last = np.full(asked.draws, time.curve.last_time)
    if at_days is not None:
        observed = survival_at(future, at_days)
    else:
        observed = np.where(np.isnan(median), np.nextafter(last, np.inf), median)
    met = _meets(observed, condition.sign, float(threshold))
    return _prediction(criterion, rule, asked, float(met.mean()), method)


def _meets(observed: Floats, sign: str, limit: float) -> NDArray[np.bool_]:
    """Whether what was observed is on the right side; what is not known is not."""
    near = np.isclose(observed, limit, rtol=1e-9, atol=0)
    above, below = (observed > limit) & ~near, (observed < limit) & ~near
    return {">=": above | near, ">": above, "<=": below | near, "<": below}[sign]


def _prediction(
    criterion: Criterion,
    rule: CompiledRule,
    asked: Predict,
    probability: float | None,
    method: str,
    reason: str | None = None,
) -> Prediction:
    return Prediction(
        criterion.id,
        rule.id,
        rule.text,
        asked.more_patients,
        probability,
        method,
        reason,
        asked.more_months,
    )
