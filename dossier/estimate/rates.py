"""Response, disease control and clinical benefit of a cohort: counts, and shares with limits."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.columns import RESPONSES
from dossier.cohort.settings import Estimation
from dossier.estimate.model import Proportion, Response
from dossier.estimate.outcomes import Outcome, rate

Mask = NDArray[np.bool_]


def best_response(patients: pd.DataFrame, population: Mask) -> Response:
    """Best overall response counted in a population, confirmed and unconfirmed."""
    inside = patients[population]
    confirmed = inside["best_response"].value_counts()
    unconfirmed = inside["best_response_unconfirmed"].value_counts()
    not_evaluable = inside.loc[inside["best_response"] == "NE", "not_evaluable_response_reason"]
    return Response(
        n=len(inside),
        counts={code: int(confirmed.get(code, 0)) for code in RESPONSES},
        unconfirmed_counts=(
            {code: int(unconfirmed.get(code, 0)) for code in RESPONSES}
            if has_unconfirmed(patients, population)
            else {}
        ),
        not_evaluable_reasons=_counts(not_evaluable),
    )


def rates(
    patients: pd.DataFrame,
    outcomes: Mapping[str, Outcome],
    population: Mask,
    estimation: Estimation,
) -> dict[str, Proportion]:
    """ORR, DCR, clinical benefit at 16 and 24 weeks and, from visits, ORR without confirmation.

    A patient without an evaluable assessment is NE, and NE is no response (RECIST 1.1). Where best
    response was not given for too many patients nothing is estimated.
    """
    found = {name: rate(outcome, population, estimation) for name, outcome in outcomes.items()}
    if not has_unconfirmed(patients, population):
        found.pop("orr_unconfirmed", None)
    return found


def has_unconfirmed(patients: pd.DataFrame, population: Mask) -> bool:
    """Whether visits were given: a best response that somebody else derived has no other form."""
    unconfirmed = patients["best_response_unconfirmed"].to_numpy(dtype=object)
    return bool((unconfirmed[population] != "").any())


def _counts(values: pd.Series) -> dict[str, int]:
    """Values with their counts, most frequent first, then in alphabetical order."""
    counted = values.value_counts()
    pairs = sorted(((str(k), int(v)) for k, v in counted.items()), key=lambda p: (-p[1], p[0]))
    return dict(pairs)
