"""From patients to the numbers of the cohort.

What is only estimated where somebody asks for it is imported there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.model import Cohort
from dossier.derive.model import Patients
from dossier.derive.treatment import ONGOING, treatment_status
from dossier.estimate.adverse_events import safety
from dossier.estimate.arms import (
    arms_of,
    check_judged_arm,
    compare_with_reference,
    only_arm,
    reference_arm,
)
from dossier.estimate.baseline import baseline
from dossier.estimate.concordance import concordance
from dossier.estimate.decision import decision_at_16_weeks
from dossier.estimate.deviations import deviations
from dossier.estimate.exposure import exposure
from dossier.estimate.individual import (
    PfsRatio,
    exceptional_responders,
    pfs_ratio,
    prior_treatment,
)
from dossier.estimate.lasting_benefit import durability
from dossier.estimate.model import Proportion, Results, TimeToEvent
from dossier.estimate.observation import observation
from dossier.estimate.outcomes import Outcome, outcomes_of
from dossier.estimate.quality_of_life import quality_of_life
from dossier.estimate.rates import best_response, rates
from dossier.estimate.subgroups import subgroups
from dossier.estimate.time_counts import counts_by_rule_set
from dossier.estimate.times import (
    duration_of_response,
    follow_up,
    observed_times,
    time_to_event,
)

if TYPE_CHECKING:
    from dossier.estimate.baskets import BasketRates
    from dossier.estimate.bootstrap import Resamples
    from dossier.estimate.competing_risks import ProgressionIncidence

Mask = NDArray[np.bool_]

# Given only where the patients table has an end of treatment, or a next therapy.
TIMES_OF_TREATMENT = ("time_on_treatment", "time_to_next_treatment")


def estimate(cohort: Cohort, patients: Patients) -> Results:
    """Estimate everything the settings ask for.

    Rates have the response-evaluable patients as denominator; where these are not all treated
    patients the same rates over all treated stand beside them (suffix ``_treated``). Times are of
    all treated patients, duration of response of the confirmed responders among them. Where there
    are two or more arms, the same numbers of each arm and their comparisons stand beside the
    pooled ones.

    Parameters
    ----------
    cohort
        The cohort as read.
    patients
        What happened to each patient.

    Raises
    ------
    InputError
        When nobody was treated in the declared reference arm or in the arm to be judged, or when
        they are the same.
    """
    frame = patients.frame
    treated = frame["treated"].to_numpy(dtype=bool)
    arms = arms_of(cohort, treated)
    reference = reference_arm(cohort, list(arms)) if arms else ""
    if arms:
        check_judged_arm(cohort, list(arms), reference)
    stage = _Stage(cohort, frame, outcomes_of(frame))
    several = "the design is for one arm: see the arms" if arms else None
    pooled = stage.estimate(np.ones(len(frame), dtype=np.bool_), several)
    pooled = replace(
        _with_screened(cohort, pooled),
        deviations=deviations(cohort),
        concordance=concordance(cohort),
        observation=observation(cohort, frame, treated),
        only_arm=only_arm(cohort, treated),
    )
    if not arms:
        return pooled
    by_arm = {name: stage.estimate(members) for name, members in arms.items()}
    treated_in = {name: members & treated for name, members in arms.items()}
    return replace(
        pooled,
        arms=by_arm,
        without_arm=int(treated.sum() - sum(mask.sum() for mask in treated_in.values())),
        comparisons=compare_with_reference(
            frame, by_arm, treated_in, reference, cohort.settings.estimation
        ),
    )


@dataclass(frozen=True, eq=False)
class _Stage:
    """What every estimate of one cohort starts from."""

    cohort: Cohort
    frame: pd.DataFrame
    outcomes: Mapping[str, Outcome]

    def estimate(self, members: Mask, no_design: str | None = None) -> Results:
        """Numbers of some of the patients; `no_design` says why a design is not for them."""
        cohort, frame, outcomes = self.cohort, self.frame, self.outcomes
        estimation = cohort.settings.estimation
        treated = members & frame["treated"].to_numpy(dtype=bool)
        evaluable = members & frame["response_evaluable"].to_numpy(dtype=bool)
        responders = treated & frame["responder"].to_numpy(dtype=bool)
        differ = bool((treated != evaluable).any())
        proportions = rates(frame, outcomes, evaluable, estimation)
        proportions |= self._design(proportions, evaluable, no_design)
        times = {
            "pfs": replace(
                time_to_event(frame, treated, "pfs", estimation),
                rule_sets=counts_by_rule_set(frame, treated, cohort.settings.derivation.pfs),
            ),
            "os": time_to_event(frame, treated, "os", estimation),
            "dor": duration_of_response(frame, responders, estimation),
            "follow_up": follow_up(frame, treated, estimation),
        }
        times |= {
            name: time_to_event(frame, treated, name, estimation)
            for name in TIMES_OF_TREATMENT
            if f"{name}_days" in frame
        }
        resamples = self._resamples(treated, evaluable, proportions, times)
        if differ:
            over_treated = rates(frame, outcomes, treated, estimation)
            proportions |= {f"{name}_treated": value for name, value in over_treated.items()}
        time_to_response = frame["time_to_response_days"].to_numpy(dtype=float)
        known = responders & ~np.isnan(time_to_response)
        return Results(
            populations={
                "enrolled": int(members.sum()),
                "treated": int(treated.sum()),
                "response_evaluable": int(evaluable.sum()),
            },
            losses=_losses(frame, members & ~treated, treated & ~evaluable),
            best_response=best_response(frame, evaluable),
            proportions=proportions,
            times=times,
            time_to_response=observed_times(
                time_to_response[known],
                "time of response not known" if responders.any() else "no responders",
            ),
            baseline=baseline(cohort, treated),
            safety=safety(cohort, frame, treated, estimation),
            exposure=exposure(cohort, frame, treated, estimation),
            quality_of_life=quality_of_life(cohort, frame, treated, estimation),
            best_response_treated=best_response(frame, treated) if differ else None,
            disposition=_disposition(cohort, frame, treated),
            subgroups=subgroups(cohort, frame, outcomes, treated, evaluable),
            progression_incidence=self._progression_incidence(treated),
            baskets=self._baskets(evaluable),
            resamples=resamples,
            durability=durability(frame, evaluable, estimation),
            decision=decision_at_16_weeks(frame, treated),
            pfs_ratio=self._pfs_ratio(treated),
            exceptional=exceptional_responders(frame, treated, estimation),
            prior_treatment=prior_treatment(cohort, treated),
        )

    def _design(
        self, proportions: Mapping[str, Proportion], evaluable: Mask, no_design: str | None
    ) -> dict[str, Proportion]:
        """The endpoint of the declared two-stage design, with what the design says of it."""
        declared = self.cohort.settings.two_stage
        if declared is None:
            return {}
        from dossier.estimate.declared_design import design_result, design_without_result

        share = proportions[declared.endpoint]
        confidence = self.cohort.settings.estimation.confidence
        if no_design is not None:
            found = design_without_result(declared, confidence, no_design)
        else:
            found = design_result(
                declared,
                self.outcomes[declared.endpoint],
                evaluable,
                self.cohort.patients["treatment_start"].to_numpy(),
                confidence,
                unknown_is_open=share.estimate is None,
            )
        return {declared.endpoint: replace(share, two_stage=found)}

    def _resamples(
        self,
        treated: Mask,
        evaluable: Mask,
        proportions: Mapping[str, Proportion],
        times: Mapping[str, TimeToEvent],
    ) -> Resamples | None:
        estimation = self.cohort.settings.estimation
        if not estimation.bootstrap.resamples:
            return None
        from dossier.estimate.bootstrap import resampled

        return resampled(
            self.frame, self.outcomes, treated, evaluable, proportions, times, estimation
        )

    def _pfs_ratio(self, treated: Mask) -> PfsRatio | None:
        if "pfs_ratio" not in self.frame:
            return None
        settings = self.cohort.settings
        threshold = settings.derivation.pfs_ratio_threshold
        return pfs_ratio(self.frame, treated, threshold, settings.estimation)

    def _progression_incidence(self, treated: Mask) -> ProgressionIncidence | None:
        estimation = self.cohort.settings.estimation
        if not estimation.competing_risks:
            return None
        from dossier.estimate.competing_risks import progression_incidence

        return progression_incidence(self.frame, treated, estimation)

    def _baskets(self, evaluable: Mask) -> BasketRates | None:
        asked = self.cohort.settings.estimation.baskets
        if asked is None:
            return None
        from dossier.estimate.baskets import basket_rates

        return basket_rates(self.cohort, asked, self.outcomes, evaluable)


def _with_screened(cohort: Cohort, results: Results) -> Results:
    """The patients screened and why some never entered, where the files hold them."""
    failures = cohort.screen_failures
    if not failures:
        return results
    screened = results.populations["enrolled"] + len(failures)
    reasons = dict(sorted(Counter(each.reason for each in failures).items()))
    return replace(
        results,
        populations={"screened": screened, **results.populations},
        losses={"enrolled": reasons, **results.losses},
    )


def _losses(frame: pd.DataFrame, untreated: Mask, not_evaluable: Mask) -> dict[str, dict[str, int]]:
    """Patients lost at each step of the flow, by reason."""
    reasons = frame["not_evaluable_reason"].to_numpy(dtype=object)
    steps = {"treated": untreated, "response_evaluable": not_evaluable}
    return {
        step: dict(sorted(Counter(str(r) or "no reason given" for r in reasons[lost]).items()))
        for step, lost in steps.items()
    }


def _disposition(cohort: Cohort, frame: pd.DataFrame, treated: Mask) -> dict[str, int]:
    """Treated patients by whether and why treatment ended on or before the data cut-off."""
    if not cohort.has("patients", "treatment_end"):
        return {}
    counted = Counter(str(status) for status in treatment_status(cohort, frame)[treated])
    ongoing = counted.pop(ONGOING, 0)
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return {ONGOING: ongoing, **dict(ordered)}
