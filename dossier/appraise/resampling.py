"""Criteria judged in resamples of the patients, for all resamples at once.

Rates, medians and survival at times are estimated for all resamples together. A verdict follows
from the verdicts of the rules alone, and these take few different turns: each combination of them
is judged once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.appraise.cohort_evidence import (
    evidence_of_cohort,
    ratio_observation,
    responders_observation,
    share_observation,
)
from dossier.appraise.comparing import rule_verdict
from dossier.appraise.criterion import CompiledRule, Criterion
from dossier.appraise.evidence import Evidence, Observation
from dossier.appraise.facts import facts_of
from dossier.appraise.judge import judge
from dossier.appraise.quantities import Quantity, share_with_ratio
from dossier.appraise.sentence import Comparison, Known
from dossier.appraise.stability import Outcome, VerdictStability
from dossier.appraise.verdict import CriterionVerdict, Verdict
from dossier.cohort.model import Cohort
from dossier.cohort.settings import Estimation
from dossier.estimate.bootstrap import drawn_weights
from dossier.estimate.individual import NOT_GIVEN, judged_share
from dossier.estimate.many_curves import readings_batch
from dossier.estimate.model import Results
from dossier.estimate.outcomes import Counts, outcomes_of, rate_of_counts
from dossier.estimate.toxicity import toxicity_of

__all__ = ["with_stability"]

ARMS = "not available where arms are compared"
FIRST_PATIENTS = "it counts the first patients of a design"
LIMITS = "it looks at confidence limits, which resamples do not have"
NOBODY = "nobody was treated"

# Medians that are estimated anew in every resample.
TIMES = ("pfs", "os", "dor", "time_on_treatment")
TOXICITY = "grade_3_4_toxicity"

IntArray = NDArray[np.int64]
Mask = NDArray[np.bool_]
Column = Sequence[Observation]


def with_stability(
    criteria: Sequence[Criterion],
    verdicts: Sequence[CriterionVerdict],
    cohort: Cohort,
    patients: pd.DataFrame,
    results: Results,
) -> tuple[CriterionVerdict, ...]:
    """Judge the criteria in as many resamples as the settings ask for.

    As many of the treated patients as there are, are drawn with replacement; every number of a
    resample comes from the same patients. Rules on the first patients of a design have no meaning
    in it, nor have comparisons of arms: such criteria get a reason instead.

    Parameters
    ----------
    criteria
        As they were judged, thresholds replaced and those of the design filled in.
    verdicts
        Of the cohort itself, in the same order.
    cohort
        The cohort; ``estimation.bootstrap`` says how many resamples from which seed.
    patients
        Frame of the derive stage.
    results
        Numbers of the cohort.

    References
    ----------
    Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 6 and 13.
    """
    settings = cohort.settings
    asked = settings.estimation.bootstrap
    treated = patients["treated"].to_numpy(dtype=np.bool_)
    reasons = [_why_not(each, results, settings.cohort.design, treated) for each in criteria]
    evidence = evidence_of_cohort(results, settings)
    judged = [each for each, reason in zip(criteria, reasons, strict=True) if reason is None]
    quantities = [q for each in judged for q in _quantities(each.rules.values())]
    columns = _columns(cohort, patients, quantities) if quantities else {}
    found: list[CriterionVerdict] = []
    for criterion, verdict, reason in zip(criteria, verdicts, reasons, strict=True):
        own = Outcome(verdict.verdict, verdict.grade)
        stability = VerdictStability(own, asked.resamples, asked.seed, {}, (), reason)
        if reason is None:
            counts = _counted(criterion, evidence, columns, cohort)
            held = _held(criterion, evidence, columns)
            stability = replace(stability, counts=dict(counts.most_common()), held=held)
        found.append(replace(verdict, stability=stability))
    return tuple(found)


def _why_not(criterion: Criterion, results: Results, design: str, treated: Mask) -> str | None:
    if results.arms and design == "randomised":
        return ARMS
    if not treated.any():
        return NOBODY
    compared = [
        rule.condition
        for rule in criterion.rules.values()
        if isinstance(rule.condition, Comparison)
    ]
    if any(each.threshold.patients is not None for each in compared):
        return FIRST_PATIENTS
    return LIMITS if any(each.statistic != "estimate" for each in compared) else None


def _quantities(rules: Iterable[CompiledRule]) -> list[Quantity]:
    """What rules look at; of a gain the figure of the cohort."""
    conditions = (rule.condition for rule in rules)
    asked = [each.quantity for each in conditions if isinstance(each, Comparison | Known)]
    return [each.of or each for each in asked]


def _held(
    criterion: Criterion, evidence: Evidence, columns: Mapping[str, Column]
) -> tuple[str, ...]:
    drawn = {*columns, "n"}
    names = {
        each.name
        for each in _quantities(criterion.rules.values())
        if not each.control and each.name not in drawn and each.subject not in drawn
    }
    return tuple(sorted(name for name in names if _is_known(evidence, name)))


def _is_known(evidence: Evidence, name: str) -> bool:
    found = evidence.observations.get(name)
    return found is not None and not found.published and found.value is not None


def _counted(
    criterion: Criterion, evidence: Evidence, columns: Mapping[str, Column], cohort: Cohort
) -> Counter[Outcome]:
    """How often each outcome comes up."""
    settings = cohort.settings
    facts = facts_of(criterion, settings.declared)
    drawn = {
        name: column
        for name, column in columns.items()
        if any(name in (q.name, q.subject) for q in _quantities(criterion.rules.values()))
    }
    rules = list(criterion.rules.values())
    known: dict[tuple[Verdict, ...], Outcome] = {}
    counts: Counter[Outcome] = Counter()
    for place in range(settings.estimation.bootstrap.resamples):
        own = {name: column[place] for name, column in drawn.items()}
        sample = replace(evidence, observations={**evidence.observations, **own}, first_patients={})
        key = tuple(rule_verdict(rule, sample, facts) for rule in rules)
        if key not in known:
            verdict = judge(
                criterion,
                sample,
                design=settings.cohort.design,
                setting=settings.cohort.setting,
                declared=settings.declared,
            )
            known[key] = Outcome(verdict.verdict, verdict.grade)
        counts[known[key]] += 1
    return counts


# --- what is observed in every resample ----------------------------------------------------------


def _columns(
    cohort: Cohort, patients: pd.DataFrame, quantities: Sequence[Quantity]
) -> dict[str, Column]:
    """Observations by name of the quantity, one a resample; of what is drawn anew only."""
    estimation = cohort.settings.estimation
    places = np.flatnonzero(patients["treated"].to_numpy(dtype=np.bool_))
    asked = estimation.bootstrap
    weights = drawn_weights(places.size, asked.resamples, asked.seed)
    found: dict[str, Column] = {}
    subjects = {each.subject for each in quantities if not each.control}
    outcomes = outcomes_of(patients)
    evaluable = patients["response_evaluable"].to_numpy(dtype=np.bool_)[places]
    counted = subjects | ({"orr"} if "responders" in subjects else set())
    for name in outcomes.keys() & counted:
        outcome = outcomes[name]
        masks = (evaluable, *(
            evaluable & mask[places]
            for mask in (outcome.success, outcome.too_early, outcome.unknown)
        ))  # fmt: skip
        sums = (_sums(weights, mask) for mask in masks)
        rates = [
            rate_of_counts(outcome, Counts(*map(int, each)), estimation)
            for each in zip(*sums, strict=True)
        ]
        found[name] = [share_observation(each, "", name) for each in rates]
        if name == "orr":
            found["responders"] = [responders_observation(each, "") for each in rates]
    for name in TIMES:
        of_time = [q for q in quantities if q.subject == name and not q.control]
        if of_time and f"{name}_days" in patients:
            found |= _times(patients, name, places, weights, of_time, estimation)
    if TOXICITY in subjects:
        found |= _toxicity(cohort, places, weights)
    if "pfs_ratio" in subjects and "pfs_ratio" in patients:
        found |= _pfs_ratio(cohort, patients, places, weights)
    return found


def _sums(weights: NDArray[np.int32], mask: Mask) -> IntArray:
    found: IntArray = weights[:, mask].sum(axis=1, dtype=np.int64)
    return found


def _times(
    patients: pd.DataFrame,
    name: str,
    places: IntArray,
    weights: NDArray[np.int32],
    quantities: Sequence[Quantity],
    estimation: Estimation,
) -> dict[str, Column]:
    """The median and survival at the times that rules speak of."""
    population = np.ones(places.size, dtype=np.bool_)
    nobody = "no patients"
    if name == "dor":
        population = patients["responder"].to_numpy(dtype=np.bool_)[places]
        nobody = "no responders"
    days = patients[f"{name}_days"].to_numpy(dtype=float)[places]
    event = patients[f"{name}_event"].to_numpy(dtype=float)[places]
    known = population & ~(np.isnan(days) | np.isnan(event))
    n, total = _sums(weights, known), _sums(weights, population)
    landmarks = [q for q in quantities if q.measure == "landmark" and q.at_days is not None]
    at = tuple(q.at_days or 0.0 for q in landmarks)
    some = n > 0
    read: dict[str, Any] = {
        "median": np.full(n.size, np.nan), "end": np.zeros(n.size),
        "survival": np.full((n.size, len(at)), np.nan),
    }  # fmt: skip
    if some.any():
        readings = readings_batch(days[known], event[known] == 1, weights[some][:, known], at)
        read["median"][some], read["end"][some] = readings.median, readings.last_time
        read["survival"][some] = readings.survival
    reasons = [
        nobody
        if not all_
        else f"not known for {all_ - each} of {all_} patients"
        if all_ - each > estimation.maximum_unknown * all_ or not each
        else None
        for each, all_ in zip(n.tolist(), total.tolist(), strict=True)
    ]
    median = f"{name}.median"
    found: dict[str, Column] = {
        median: [
            _median(median, *each)
            for each in zip(
                read["median"].tolist(), read["end"].tolist(), n.tolist(), reasons, strict=True
            )
        ]
    }
    for column, quantity in enumerate(landmarks):
        shares = zip(read["survival"][:, column].tolist(), n.tolist(), reasons, strict=True)
        found[quantity.name] = [_landmark(quantity.name, *each) for each in shares]
    return found


def _median(name: str, days: float, end: float, n: int, reason: str | None) -> Observation:
    if reason is not None:
        return Observation(n=n, reason=reason, missing=(name,))
    if not np.isnan(days):
        return Observation(days, n=n)
    # The curve is above one half where it ends, so the median lies beyond that time.
    return Observation(
        n=n, longer_than=end, proof="follow-up", reached=False, reason="not reached",
        missing=(name,),
    )  # fmt: skip


def _landmark(name: str, share: float, n: int, reason: str | None) -> Observation:
    if reason is None and np.isnan(share):
        reason = "beyond follow-up"
    if reason is not None:
        return Observation(n=n, reason=reason, missing=(name,))
    return Observation(share, n=n)


def _pfs_ratio(
    cohort: Cohort, patients: pd.DataFrame, places: IntArray, weights: NDArray[np.int32]
) -> dict[str, Column]:
    """Patients who reached the PFS ratio of the settings, with those left open."""
    threshold = cohort.settings.derivation.pfs_ratio_threshold
    name = share_with_ratio(threshold).name
    state = patients["pfs_ratio_state"].to_numpy(dtype=object)[places]
    given = patients["pfs_ratio_reason"].to_numpy(dtype=object)[places] != NOT_GIVEN
    masks = (state == "met", state == "not met", state == "indeterminate")
    sums = (_sums(weights, mask) for mask in (*masks, (state == "unknown") & given))
    found = [
        ratio_observation(
            judged_share(met, missed, unknown, cohort.settings.estimation), open_, "", name
        )
        for met, missed, open_, unknown in zip(*(each.tolist() for each in sums), strict=True)
    ]
    return {name: found}


def _toxicity(cohort: Cohort, places: IntArray, weights: NDArray[np.int32]) -> dict[str, Column]:
    """Patients with an event of grade 3 or higher; bounds where grades are missing."""
    toxicity = toxicity_of(cohort)
    if not toxicity.given or toxicity.severe is None:
        return {}
    severe = _sums(weights, toxicity.severe[places])
    ungraded = weights.astype(np.int64) @ toxicity.ungraded[places]
    n = int(places.size)
    found: list[Observation] = []
    for events, without in zip(severe.tolist(), ungraded.tolist(), strict=True):
        if not without:
            found.append(Observation(Fraction(events, n), n=n, events=events))
            continue
        most = min(1.0, (events + without) / n)
        found.append(Observation(at_least=events / n, at_most=most, n=n, missing=(TOXICITY,)))
    return {TOXICITY: found}
