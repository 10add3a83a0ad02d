"""The numbers that criteria and the matrix look at, for any population of one derived cohort.

Every number comes from the estimate stage; what no criterion reads (baseline, subgroups, terms of
adverse events) is left out, so that a thousand populations take seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.model import Cohort
from dossier.cohort.settings import Estimation
from dossier.derive.model import Patients
from dossier.estimate.arms import arms_of, compare_with_reference, only_arm, reference_arm
from dossier.estimate.declared_design import design_result, design_without_result
from dossier.estimate.individual import PfsRatio, pfs_ratio
from dossier.estimate.model import Proportion, Response, Results, TimeToEvent
from dossier.estimate.outcomes import Outcome, outcomes_of
from dossier.estimate.rates import rates
from dossier.estimate.times import follow_up, observed_times, time_to_event, times_of_response
from dossier.estimate.toxicity import Toxicity, toxicity_of
from dossier.scenarios.scenario import Mask, PatientColumns, Population

__all__ = [
    "Counted",
    "DerivedCohort",
    "counted_in",
    "estimate_population",
    "no_times",
    "time_with_events",
]


def no_times() -> dict[str, dict[bytes, TimeToEvent]]:
    """Nothing estimated yet of any endpoint."""
    return {"pfs": {}, "os": {}, "dor": {}}


@dataclass(frozen=True, eq=False)
class DerivedCohort:
    """A cohort after derivation, ready to be estimated for many populations.

    Parameters
    ----------
    cohort, patients
        The cohort under its settings, and what happened to each patient.
    outcomes
        Who has each outcome, by endpoint.
    toxicity
        Adverse events of each patient; None where no criterion asks for them.
    follow_up
        Whether a criterion asks for the follow-up.
    pfs_ratio
        Whether a criterion asks for the ratio of PFS, and the input has what it needs.
    columns
        Columns that populations are made of.
    known_times
        What was estimated already of each endpoint, by the patients it was estimated for.
    """

    cohort: Cohort
    patients: Patients
    outcomes: Mapping[str, Outcome]
    toxicity: Toxicity | None
    follow_up: bool
    pfs_ratio: bool
    columns: PatientColumns
    known_times: Mapping[str, dict[bytes, TimeToEvent]] = field(default_factory=no_times)

    @classmethod
    def of(
        cls,
        cohort: Cohort,
        patients: Patients,
        quantities: Iterable[str],
        other: DerivedCohort | None = None,
    ) -> DerivedCohort:
        """Prepare for criteria that look at these quantities.

        What rests on the tables alone is taken from ``other``, the same cohort under other rules,
        and so are estimates of endpoints that come out the same.
        """
        names = " ".join(quantities)
        if other is not None and not _same_tables(cohort, other.cohort):
            other = None
        if other is not None:
            toxicity = other.toxicity
        else:
            toxicity = toxicity_of(cohort) if "grade_3_4_toxicity" in names else None
        return cls(
            cohort,
            patients,
            outcomes_of(patients.frame),
            toxicity,
            "follow_up" in names,
            "pfs_ratio" in names and "pfs_ratio" in patients.frame,
            PatientColumns(cohort) if other is None else other.columns,
            no_times() if other is None else {
                endpoint: known if _same_times(endpoint, cohort, patients, other) else {}
                for endpoint, known in other.known_times.items()
            },
        )  # fmt: skip

    @property
    def frame(self) -> pd.DataFrame:
        """One row a patient."""
        return self.patients.frame


def _same_tables(one: Cohort, other: Cohort) -> bool:
    return (
        one.patients is other.patients
        and one.adverse_events is other.adverse_events
        and one.data_cutoff == other.data_cutoff
    )


def _same_times(endpoint: str, cohort: Cohort, patients: Patients, other: DerivedCohort) -> bool:
    """Whether an endpoint is the same for every patient, and estimated in the same way."""
    if cohort.settings.estimation != other.cohort.settings.estimation:
        return False
    return all(
        patients.frame[f"{endpoint}_{part}"].equals(other.frame[f"{endpoint}_{part}"])
        for part in ("days", "event", "reason")
    )


@dataclass(frozen=True, eq=False)
class Counted:
    """Who counts in a case, and with which outcome.

    Parameters
    ----------
    members
        Patients of the population, treated or not.
    treated, evaluable
        Those counted in times and in rates, shape (patients,).
    outcomes
        Who has each outcome, by endpoint.
    """

    members: Mask
    treated: Mask
    evaluable: Mask
    outcomes: Mapping[str, Outcome]


def counted_in(derived: DerivedCohort, population: Population, not_evaluable: str) -> Counted:
    """Who counts under a population and a rule for outcomes that are not known."""
    frame = derived.frame
    inside = derived.columns.members(population)
    treated = inside & frame["treated"].to_numpy(dtype=np.bool_)
    evaluable = inside & frame["response_evaluable"].to_numpy(dtype=np.bool_)
    if population.name in ("enrolled", "treated"):
        evaluable = inside if population.name == "enrolled" else treated
    elif population.name == "evaluable":
        treated = evaluable
    outcomes = derived.outcomes
    without_response = frame["best_response"].to_numpy(dtype=object) == "NE"
    if not_evaluable == "excluded":
        evaluable = evaluable & ~without_response
    elif not_evaluable in ("best", "worst"):
        evaluable = inside if population.name == "enrolled" else treated
        success = not_evaluable == "best"
        outcomes = {
            name: _decided(outcome, without_response, success=success)
            for name, outcome in outcomes.items()
        }
    return Counted(inside, treated, evaluable, outcomes)


def _decided(outcome: Outcome, without_response: Mask, *, success: bool) -> Outcome:
    """The outcome with everything that is not known taken to be a success, or none."""
    never = np.zeros_like(outcome.success)
    unknown = outcome.too_early | outcome.unknown | (without_response & ~outcome.success)
    return Outcome(
        outcome.success | unknown if success else outcome.success,
        never,
        never,
        outcome.unknown_is_failure,
    )


def estimate_population(derived: DerivedCohort, counted: Counted) -> Results:
    """Estimate a population as `dossier.estimate.results.estimate` does, without the rest.

    Raises
    ------
    InputError
        When nobody was treated in the declared reference arm.
    """
    cohort = derived.cohort
    how = cohort.settings.estimation
    arms = arms_of(cohort, counted.treated)
    several = "the design is for one arm: see the arms" if arms else None
    pooled = replace(
        _estimate(derived, counted, how, several), only_arm=only_arm(cohort, counted.treated)
    )
    if not arms or cohort.settings.cohort.design != "randomised":
        return pooled
    reference = reference_arm(cohort, list(arms))
    by_arm = {
        name: _estimate(derived, _within(counted, inside), how) for name, inside in arms.items()
    }
    treated_in = {name: inside & counted.treated for name, inside in arms.items()}
    return replace(
        pooled,
        arms=by_arm,
        without_arm=int(counted.treated.sum() - sum(mask.sum() for mask in treated_in.values())),
        comparisons=compare_with_reference(derived.frame, by_arm, treated_in, reference, how),
    )


def _within(counted: Counted, inside: Mask) -> Counted:
    return replace(
        counted,
        members=counted.members & inside,
        treated=counted.treated & inside,
        evaluable=counted.evaluable & inside,
    )


def _estimate(
    derived: DerivedCohort, counted: Counted, how: Estimation, no_design: str | None = None
) -> Results:
    frame = derived.frame
    treated, evaluable = counted.treated, counted.evaluable
    responders = treated & frame["responder"].to_numpy(dtype=np.bool_)
    proportions = rates(frame, counted.outcomes, evaluable, how)
    proportions |= _design(derived.cohort, counted, proportions, how, no_design)
    to_response = frame["time_to_response_days"].to_numpy(dtype=float)
    return Results(
        populations={
            "enrolled": int(counted.members.sum()),
            "treated": int(treated.sum()),
            "response_evaluable": int(evaluable.sum()),
        },
        losses={},
        best_response=Response(int(evaluable.sum()), {}, {}, {}),
        proportions=proportions,
        times=_times(derived, treated, responders, how),
        time_to_response=observed_times(
            _known(to_response[responders]),
            "time of response not known" if responders.any() else "no responders",
        ),
        baseline=(),
        safety=(derived.toxicity or Toxicity.unknown()).safety(treated, how),
        pfs_ratio=_pfs_ratio(derived, treated),
    )


def _pfs_ratio(derived: DerivedCohort, treated: Mask) -> PfsRatio | None:
    if not derived.pfs_ratio:
        return None
    settings = derived.cohort.settings
    threshold = settings.derivation.pfs_ratio_threshold
    return pfs_ratio(derived.frame, treated, threshold, settings.estimation)


def _times(
    derived: DerivedCohort, treated: Mask, responders: Mask, how: Estimation
) -> dict[str, TimeToEvent]:
    frame = derived.frame
    found = {}
    for endpoint, known in derived.known_times.items():
        # Leaving out one patient mostly leaves the responders as they are.
        members = responders if endpoint == "dor" else treated
        key = members.tobytes()
        if key not in known:
            known[key] = (
                times_of_response(frame, members, how)
                if endpoint == "dor"
                else time_to_event(frame, members, endpoint, how)
            )
        found[endpoint] = known[key]
    if derived.follow_up:
        found["follow_up"] = follow_up(frame, treated, how)
    return found


def _known(days: NDArray[np.float64]) -> NDArray[np.float64]:
    return days[~np.isnan(days)]


def _design(
    cohort: Cohort,
    counted: Counted,
    proportions: Mapping[str, Proportion],
    how: Estimation,
    no_design: str | None,
) -> dict[str, Proportion]:
    """The endpoint of the declared two-stage design, with what the design says of it."""
    declared = cohort.settings.two_stage
    if declared is None:
        return {}
    share = proportions[declared.endpoint]
    if no_design is not None:
        found = design_without_result(declared, how.confidence, no_design)
    else:
        found = design_result(
            declared,
            counted.outcomes[declared.endpoint],
            counted.evaluable & counted.treated,
            cohort.patients["treatment_start"].to_numpy(),
            how.confidence,
            unknown_is_open=share.estimate is None,
        )
    return {declared.endpoint: replace(share, two_stage=found)}


def time_with_events(
    derived: DerivedCohort,
    endpoint: str,
    places: NDArray[np.int64],
    event: NDArray[np.bool_],
    how: Estimation,
) -> TimeToEvent:
    """An endpoint of some patients, estimated with other event flags.

    Parameters
    ----------
    derived
        The cohort after derivation.
    endpoint
        ``pfs``, ``os`` or ``dor``.
    places
        Positions of the patients whose time is known.
    event
        Their event flags, in the same order.
    """
    days = derived.frame[f"{endpoint}_days"].to_numpy(dtype=float)[places]
    changed = pd.DataFrame({
        f"{endpoint}_days": days,
        f"{endpoint}_event": event.astype(float),
        f"{endpoint}_reason": np.full(len(days), "", dtype=object),
    })  # fmt: skip
    return time_to_event(changed, np.ones(len(days), dtype=np.bool_), endpoint, how)
