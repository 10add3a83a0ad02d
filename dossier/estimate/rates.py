"""Response, disease control and clinical benefit of a cohort, as proportions with limits."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.columns import RESPONSES
from dossier.cohort.settings import Estimation
from dossier.estimate.model import Proportion, Response
from dossier.estimate.proportions import proportion_limits

CONTROL = ("CR", "PR", "SD", "NON-CR/NON-PD")
OBJECTIVE = ("CR", "PR")

Mask = NDArray[np.bool_]


def proportion(
    events: int, n: int, estimation: Estimation, *, too_early: int = 0, unknown: int = 0
) -> Proportion:
    """A share with its limits; without a denominator a reason takes its place.

    Parameters
    ----------
    events, n
        Patients with the outcome, and in the denominator.
    estimation
        Method and level of the limits; the largest share of unknown values that still allows an
        estimate.
    too_early, unknown
        Patients left out of the denominator.
    """
    reason = None
    if unknown and (n == 0 or unknown > estimation.maximum_unknown * (n + unknown)):
        reason = f"not known for {unknown} of {n + unknown} patients"
    elif n == 0:
        reason = "follow-up too short for every patient" if too_early else "no patients"
    if reason is not None:
        return Proportion(
            n, events, None, None, None, estimation.proportion_ci, estimation.confidence,
            too_early, unknown, reason,
        )  # fmt: skip
    lower, upper = proportion_limits(events, n, estimation.proportion_ci, estimation.confidence)
    return Proportion(
        n, events, events / n, lower, upper, estimation.proportion_ci, estimation.confidence,
        too_early, unknown,
    )  # fmt: skip


def best_response(patients: pd.DataFrame, population: Mask) -> Response:
    """Best overall response counted in a population, confirmed and unconfirmed."""
    inside = patients[population]
    confirmed = inside["best_response"].value_counts()
    unconfirmed = inside["best_response_unconfirmed"].value_counts()
    without_confirmation = _has_unconfirmed(inside)
    not_evaluable = inside.loc[inside["best_response"] == "NE", "not_evaluable_response_reason"]
    return Response(
        n=len(inside),
        counts={code: int(confirmed.get(code, 0)) for code in RESPONSES},
        unconfirmed_counts=(
            {code: int(unconfirmed.get(code, 0)) for code in RESPONSES}
            if without_confirmation
            else {}
        ),
        not_evaluable_reasons=_counts(not_evaluable),
    )


def response_rates(
    patients: pd.DataFrame, population: Mask, estimation: Estimation
) -> dict[str, Proportion]:
    """ORR, DCR and, from visits, ORR without confirmation.

    A patient without an evaluable assessment is NE, and NE is no response (RECIST 1.1). Where best
    response was not given for too many patients nothing is estimated.
    """
    inside = patients[population]
    not_given = int((inside["not_evaluable_response_reason"] == NOT_GIVEN).sum())
    rates = {
        "orr": inside["best_response"].isin(OBJECTIVE),
        "dcr": inside["best_response"].isin(CONTROL),
    }
    if _has_unconfirmed(inside):
        rates["orr_unconfirmed"] = inside["best_response_unconfirmed"].isin(OBJECTIVE)
    n = len(inside)
    if n and not_given > estimation.maximum_unknown * n:
        return {
            name: proportion(int(outcome.sum()), n - not_given, estimation, unknown=not_given)
            for name, outcome in rates.items()
        }
    return {name: proportion(int(outcome.sum()), n, estimation) for name, outcome in rates.items()}


NOT_GIVEN = "best response not given"


def benefit_rate(
    patients: pd.DataFrame, population: Mask, endpoint: str, estimation: Estimation
) -> Proportion:
    """Clinical benefit at 16 or 24 weeks (``benefit_16w``, ``benefit_24w``): patients whose
    follow-up is too short are left out of the denominator and counted."""
    states = patients.loc[population, endpoint].value_counts()
    benefit = int(states.get("benefit", 0))
    return proportion(
        benefit,
        benefit + int(states.get("no benefit", 0)),
        estimation,
        too_early=int(states.get("too early", 0)),
        unknown=int(states.get("unknown", 0)),
    )


def _has_unconfirmed(inside: pd.DataFrame) -> bool:
    """Whether visits were given: a best response that somebody else derived has no other form."""
    return bool((inside["best_response_unconfirmed"] != "").any())


def _counts(values: pd.Series) -> dict[str, int]:
    """Values with their counts, most frequent first, then in alphabetical order."""
    counted = values.value_counts()
    pairs = sorted(((str(k), int(v)) for k, v in counted.items()), key=lambda p: (-p[1], p[0]))
    return dict(pairs)
