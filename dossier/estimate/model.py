"""The numbers of a cohort: the result of the estimate stage, section 4 of the results format.

Each class has `to_dict`, the JSON form. A missing number is None and stands beside a `reason`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dossier.estimate.descriptions import AdverseEventRow, Characteristic, Safety
from dossier.units import DAYS_PER_MONTH

if TYPE_CHECKING:  # these bring numpy and scipy with them
    from dossier.estimate.arm_comparison import ArmComparison
    from dossier.estimate.baskets import BasketRates
    from dossier.estimate.bootstrap import Resamples
    from dossier.estimate.competing_risks import ProgressionIncidence
    from dossier.estimate.concordance import Concordance
    from dossier.estimate.decision import Decision
    from dossier.estimate.declared_design import DesignResult
    from dossier.estimate.deviations import Deviations
    from dossier.estimate.exposure import Exposure
    from dossier.estimate.individual import ExceptionalResponders, PfsRatio
    from dossier.estimate.kaplan_meier import KaplanMeier
    from dossier.estimate.lasting_benefit import Durability
    from dossier.estimate.observation import Observation
    from dossier.estimate.quality_of_life import QualityOfLifeResults
    from dossier.estimate.restricted_mean import RestrictedMeanTime
    from dossier.estimate.subgroups import SubgroupResults
    from dossier.estimate.time_counts import Lasting, RuleSetCounts

__all__ = [
    "AdverseEventRow",
    "Characteristic",
    "Landmark",
    "Median",
    "Proportion",
    "Response",
    "Results",
    "Safety",
    "Simple",
    "TimeToEvent",
]


@dataclass(frozen=True)
class Proportion:
    """A share of patients with its confidence limits.

    Parameters
    ----------
    n
        Denominator.
    events
        Patients with the outcome.
    estimate, ci_lower, ci_upper
        Shares, 0-1; None with ``reason`` where there is no estimate.
    method
        ``clopper-pearson``, ``wilson`` or ``jeffreys``.
    confidence
        Two-sided level of the limits, e.g. 0.95.
    too_early, unknown
        Patients left out of the denominator: follow-up too short, value unknown.
    reason
        Why there is no estimate.
    two_stage
        Where the two-stage design declared for this endpoint stands.
    """

    n: int
    events: int
    estimate: float | None
    ci_lower: float | None
    ci_upper: float | None
    method: str
    confidence: float
    too_early: int = 0
    unknown: int = 0
    reason: str | None = None
    two_stage: DesignResult | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "n": self.n,
            "events": self.events,
            "estimate": self.estimate,
            "ci_lower": self.ci_lower,
            "ci_upper": self.ci_upper,
            "method": self.method,
            "confidence": self.confidence,
            "too_early": self.too_early,
            "unknown": self.unknown,
        }
        if self.two_stage is not None:
            result["two_stage"] = self.two_stage.to_dict()
        return _with_reason(result, self.reason)


@dataclass(frozen=True)
class Median:
    """A median time in days with limits; None means not reached or not estimable (``reason``)."""

    days: float | None
    ci_lower_days: float | None
    ci_upper_days: float | None
    reached: bool
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form, in days and in months of 30.4375 days."""
        result: dict[str, Any] = {
            "months": _months(self.days),
            "days": self.days,
            "ci_lower_months": _months(self.ci_lower_days),
            "ci_upper_months": _months(self.ci_upper_days),
            "ci_lower_days": self.ci_lower_days,
            "ci_upper_days": self.ci_upper_days,
            "reached": self.reached,
        }
        return _with_reason(result, self.reason)


@dataclass(frozen=True)
class Landmark:
    """The share still event-free at a landmark.

    ``label`` is the landmark as the user wrote it (``6 months``); ``at_risk`` the patients still
    under observation there; None with ``reason`` beyond the last observed time.
    """

    label: str
    days: float
    months: float
    estimate: float | None
    ci_lower: float | None
    ci_upper: float | None
    at_risk: int
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form; whole months are printed as whole numbers."""
        result: dict[str, Any] = {
            "label": self.label,
            "months": int(self.months) if float(self.months).is_integer() else self.months,
            "days": self.days,
            "estimate": self.estimate,
            "ci_lower": self.ci_lower,
            "ci_upper": self.ci_upper,
            "at_risk": self.at_risk,
        }
        return _with_reason(result, self.reason)


@dataclass(frozen=True)
class TimeToEvent:
    """A time-to-event endpoint of the cohort.

    Parameters
    ----------
    n
        Patients in the analysis.
    events, censored
        How they ended; ``event_types`` and ``censoring_reasons`` count why, ``censoring`` as far as
        the data tell (followed up to the cut-off, lost, off assessments, ...).
    median
        Kaplan-Meier median.
    landmarks
        Survival at the landmarks asked for.
    unknown
        Patients of the population whose time or status is not known, left out.
    range_days
        Smallest and largest observed time and whether each is censored: (days, censored) pairs.
    curve
        The Kaplan-Meier curve; None where nothing can be estimated.
    restricted_mean
        Mean time without the event within a horizon, where the settings ask for it.
    rule_sets
        Events and censoring of progression-free survival under each rule set.
    lasting
        Shares of responses that lasted at least so long.
    reason
        Why nothing could be estimated.
    """

    n: int
    events: int
    censored: int
    median: Median
    landmarks: tuple[Landmark, ...]
    limits: str
    confidence: float
    unknown: int = 0
    event_types: dict[str, int] = field(default_factory=dict)
    censoring_reasons: dict[str, int] = field(default_factory=dict)
    unknown_reasons: dict[str, int] = field(default_factory=dict)
    range_days: tuple[tuple[float, bool], tuple[float, bool]] | None = None
    curve: KaplanMeier | None = None
    reason: str | None = None
    restricted_mean: RestrictedMeanTime | None = None
    censoring: dict[str, int] = field(default_factory=dict)
    rule_sets: dict[str, RuleSetCounts] = field(default_factory=dict)
    lasting: tuple[Lasting, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON form, without the curve."""
        result: dict[str, Any] = {
            "n": self.n,
            "events": self.events,
            "censored": self.censored,
            "median": self.median.to_dict(),
            "landmarks": [landmark.to_dict() for landmark in self.landmarks],
            "method": f"kaplan-meier, {self.limits} limits",
            "confidence": self.confidence,
            "unknown": self.unknown,
            "event_types": self.event_types,
            "censoring_reasons": self.censoring_reasons,
            "unknown_reasons": self.unknown_reasons,
        }
        if self.censoring:
            result["censoring"] = self.censoring
        if self.rule_sets:
            result["rule_sets"] = {name: each.to_dict() for name, each in self.rule_sets.items()}
        if self.lasting:
            result["lasting"] = [each.to_dict() for each in self.lasting]
        if self.restricted_mean is not None:
            result["restricted_mean"] = self.restricted_mean.to_dict()
        if self.range_days is not None:
            (shortest, shortest_censored), (longest, longest_censored) = self.range_days
            result["range"] = {
                "minimum_days": shortest,
                "minimum_months": _months(shortest),
                "minimum_censored": shortest_censored,
                "maximum_days": longest,
                "maximum_months": _months(longest),
                "maximum_censored": longest_censored,
            }
        return _with_reason(result, self.reason)


@dataclass(frozen=True)
class Response:
    """Best overall response of a population: counts for each response, confirmed or not."""

    n: int
    counts: dict[str, int]
    unconfirmed_counts: dict[str, int]
    not_evaluable_reasons: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "n": self.n,
            "counts": self.counts,
            "unconfirmed_counts": self.unconfirmed_counts,
            "not_evaluable_reasons": self.not_evaluable_reasons,
        }


@dataclass(frozen=True)
class Simple:
    """Median and range of observed times (time to response), in days."""

    n: int
    median_days: float | None
    minimum_days: float | None
    maximum_days: float | None
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form: the median has no limits, all times being observed."""
        result: dict[str, Any] = {
            "n": self.n,
            "median": _with_reason(
                {"months": _months(self.median_days), "days": self.median_days}, self.reason
            ),
        }
        if self.minimum_days is not None and self.maximum_days is not None:
            result["minimum_days"] = self.minimum_days
            result["minimum_months"] = _months(self.minimum_days)
            result["maximum_days"] = self.maximum_days
            result["maximum_months"] = _months(self.maximum_days)
        return result


@dataclass(frozen=True)
class Results:
    """Everything estimated for one cohort.

    Parameters
    ----------
    populations
        Number of patients: ``enrolled``, ``treated``, ``response_evaluable``; before them
        ``screened`` where the files hold patients who failed screening.
    losses
        For each step between populations the number lost and why (patient flow).
    best_response
        Best overall response in the response-evaluable population.
    proportions
        ``orr``, ``dcr``, ``cbr_16w``, ``cbr_24w``, and ``orr_treated`` ... where the populations
        differ (suffix ``_treated``: denominator all treated); ``orr_unconfirmed``.
    times
        ``pfs``, ``os``, ``dor``, ``follow_up`` (reverse Kaplan-Meier).
    time_to_response
        Observed times of responders.
    baseline, safety
        Of the treated patients.
    best_response_treated
        Best overall response of all treated patients, where these are more than the evaluable.
    disposition
        Treated patients by what is known of their treatment at the data cut-off: ``ongoing``, or
        the reason it ended, ``reason not given``; empty without a treatment end column.
    arms
        The same numbers for each arm, in alphabetical order; empty with fewer than two arms.
    without_arm
        Treated patients in none of the arms.
    only_arm
        The arm of the treated patients where the input names arms and they are all of one.
    comparisons
        Each arm against the reference arm, for progression-free and overall survival.
    subgroups
        Rates and median progression-free survival by baseline characteristics; descriptive.
    progression_incidence
        Cumulative incidence of progression with death as competing event, where asked for.
    baskets
        Response rates that borrow strength from each other, where asked for.
    resamples
        Bootstrap of the patients, where asked for.
    durability
        What became at 24 weeks of benefit at 16 weeks, among the response-evaluable patients.
    decision
        Treated patients by benefit at 16 weeks, and who continued treatment.
    deviations
        Protocol deviations and waivers of all enrolled patients; None for an arm.
    observation
        How completely the treated patients were observed; None for an arm.
    exposure
        How long and how much of the treatment the treated patients had.
    pfs_ratio
        Each patient as their own control, where the input has an earlier progression-free survival.
    exceptional
        Exceptional responders among the treated.
    prior_treatment
        What the input tells of earlier treatment.
    quality_of_life
        Scales of the questionnaires of the treated patients.
    concordance
        Agreement of the assessors, where several read the scans; None for an arm.
    """

    populations: dict[str, int]
    losses: dict[str, dict[str, int]]
    best_response: Response
    proportions: dict[str, Proportion]
    times: dict[str, TimeToEvent]
    time_to_response: Simple
    baseline: tuple[Characteristic, ...]
    safety: Safety
    best_response_treated: Response | None = None
    disposition: dict[str, int] = field(default_factory=dict)
    arms: dict[str, Results] = field(default_factory=dict)
    without_arm: int = 0
    only_arm: str = ""
    comparisons: tuple[ArmComparison, ...] = ()
    subgroups: SubgroupResults | None = None
    progression_incidence: ProgressionIncidence | None = None
    baskets: BasketRates | None = None
    resamples: Resamples | None = None
    durability: Durability | None = None
    decision: Decision | None = None
    deviations: Deviations | None = None
    observation: Observation | None = None
    exposure: Exposure | None = None
    pfs_ratio: PfsRatio | None = None
    exceptional: ExceptionalResponders | None = None
    prior_treatment: tuple[Characteristic, ...] = ()
    quality_of_life: QualityOfLifeResults | None = None
    concordance: Concordance | None = None

    def to_dict(self) -> dict[str, Any]:
        """Sections ``populations``, ``losses``, ``endpoints``, ``baseline``, ``disposition``,
        ``safety``, ``exposure``, ``durability`` and ``decision_16w`` of results.json; ``arms``,
        ``comparisons``, ``subgroups``, ``baskets`` and ``bootstrap`` where there are any."""
        endpoints: dict[str, Any] = {"best_response": self.best_response.to_dict()}
        if self.best_response_treated is not None:
            endpoints["best_response_treated"] = self.best_response_treated.to_dict()
        endpoints |= {name: share.to_dict() for name, share in self.proportions.items()}
        endpoints |= {name: time.to_dict() for name, time in self.times.items()}
        endpoints["time_to_response"] = self.time_to_response.to_dict()
        endpoints |= _given(
            {
                "progression_incidence": self.progression_incidence,
                "pfs_ratio": self.pfs_ratio,
                "exceptional_responders": self.exceptional,
            }
        )
        result: dict[str, Any] = {
            "populations": self.populations,
            "losses": self.losses,
            "endpoints": endpoints,
            "baseline": [item.to_dict() for item in self.baseline],
            "disposition": self.disposition,
            "safety": self.safety.to_dict(),
        }
        if self.prior_treatment:
            result["prior_treatment"] = [item.to_dict() for item in self.prior_treatment]
        result |= _given(
            {
                "exposure": self.exposure,
                "quality_of_life": self.quality_of_life,
                "durability": self.durability,
                "decision_16w": self.decision,
            }
        )
        if self.arms:
            result["arms"] = {name: arm.to_dict() for name, arm in self.arms.items()}
            result["without_arm"] = self.without_arm
            result["comparisons"] = [comparison.to_dict() for comparison in self.comparisons]
        return result | _given(
            {
                "observation": self.observation,
                "protocol_deviations": self.deviations,
                "concordance": self.concordance,
                "subgroups": self.subgroups,
                "baskets": self.baskets,
                "bootstrap": self.resamples,
            }
        )


def _given(parts: dict[str, Any]) -> dict[str, Any]:
    """The JSON form of the parts that there are."""
    return {name: part.to_dict() for name, part in parts.items() if part is not None}


def _months(days: float | None) -> float | None:
    return None if days is None else days / DAYS_PER_MONTH


def _with_reason(result: dict[str, Any], reason: str | None) -> dict[str, Any]:
    return result if reason is None else result | {"reason": reason}
