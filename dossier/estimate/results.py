"""From patients to the numbers of the cohort."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.model import Cohort
from dossier.derive.model import Patients
from dossier.estimate.adverse_events import safety
from dossier.estimate.baseline import baseline
from dossier.estimate.model import Proportion, Results
from dossier.estimate.rates import benefit_rate, best_response, response_rates
from dossier.estimate.times import follow_up, observed_times, time_to_event


def estimate(cohort: Cohort, patients: Patients) -> Results:
    """Estimate everything the settings ask for.

    Rates have the response-evaluable patients as denominator; where these are not all treated
    patients the same rates over all treated stand beside them (suffix ``_treated``). Times are of
    all treated patients, duration of response of the confirmed responders among them.

    Parameters
    ----------
    cohort
        The cohort as read.
    patients
        What happened to each patient.
    """
    frame, estimation = patients.frame, cohort.settings.estimation
    treated = frame["treated"].to_numpy(dtype=bool)
    evaluable = frame["response_evaluable"].to_numpy(dtype=bool)
    responders = treated & frame["responder"].to_numpy(dtype=bool)
    proportions = _rates(cohort, frame, evaluable)
    if (treated != evaluable).any():
        over_treated = _rates(cohort, frame, treated)
        proportions |= {f"{name}_treated": value for name, value in over_treated.items()}
    time_to_response = frame["time_to_response_days"].to_numpy(dtype=float)
    known = responders & ~np.isnan(time_to_response)
    return Results(
        populations={
            "enrolled": len(frame),
            "treated": int(treated.sum()),
            "response_evaluable": int(evaluable.sum()),
        },
        losses=_losses(frame, treated, evaluable),
        best_response=best_response(frame, evaluable),
        proportions=proportions,
        times={
            "pfs": time_to_event(frame, treated, "pfs", estimation),
            "os": time_to_event(frame, treated, "os", estimation),
            "dor": time_to_event(frame, responders, "dor", estimation, nobody="no responders"),
            "follow_up": follow_up(frame, treated, estimation),
        },
        time_to_response=observed_times(
            time_to_response[known],
            "time of response not known" if responders.any() else "no responders",
        ),
        baseline=baseline(cohort, treated),
        safety=safety(cohort, treated, estimation),
        best_response_treated=(
            best_response(frame, treated) if (treated != evaluable).any() else None
        ),
        disposition=_disposition(cohort, treated),
    )


def _rates(
    cohort: Cohort, frame: pd.DataFrame, population: NDArray[np.bool_]
) -> dict[str, Proportion]:
    estimation = cohort.settings.estimation
    rates = response_rates(frame, population, estimation)
    rates["cbr_16w"] = benefit_rate(frame, population, "benefit_16w", estimation)
    rates["cbr_24w"] = benefit_rate(frame, population, "benefit_24w", estimation)
    return rates


def _losses(
    frame: pd.DataFrame, treated: NDArray[np.bool_], evaluable: NDArray[np.bool_]
) -> dict[str, dict[str, int]]:
    """Patients lost at each step of the flow, by reason."""
    reasons = frame["not_evaluable_reason"].to_numpy(dtype=object)
    steps = {"treated": ~treated, "response_evaluable": treated & ~evaluable}
    return {
        step: dict(sorted(Counter(str(r) or "no reason given" for r in reasons[lost]).items()))
        for step, lost in steps.items()
    }


def _disposition(cohort: Cohort, treated: NDArray[np.bool_]) -> dict[str, int]:
    """Treated patients by whether and why treatment ended on or before the data cut-off."""
    if not cohort.has("patients", "treatment_end"):
        return {}
    inside = cohort.patients[treated]
    ended = inside["treatment_end"].notna()
    if cohort.data_cutoff is not None:
        ended &= inside["treatment_end"] <= pd.Timestamp(cohort.data_cutoff)
    reasons = inside.loc[ended, "end_of_treatment_reason"].replace("", "reason not given")
    counted = Counter(str(reason) for reason in reasons)
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return {"ongoing": int((~ended).sum()), **dict(ordered)}
