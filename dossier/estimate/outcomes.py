"""Which patients have a response or a benefit, which have not, and whose outcome is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.settings import Estimation
from dossier.estimate.model import Proportion
from dossier.estimate.proportions import proportion_limits

__all__ = ["Counts", "Outcome", "outcomes_of", "proportion", "rate", "rate_of_counts"]

CONTROL = ("CR", "PR", "SD", "NON-CR/NON-PD")
OBJECTIVE = ("CR", "PR")
NOT_GIVEN = "best response not given"
BENEFIT = {"cbr_16w": "benefit_16w", "cbr_24w": "benefit_24w"}

Mask = NDArray[np.bool_]


class Counts(NamedTuple):
    """All patients of a group, those with the outcome, and those it is open or unknown for."""

    patients: int
    events: int
    too_early: int
    unknown: int


@dataclass(frozen=True, eq=False)
class Outcome:
    """The outcome of every patient, one entry a patient in each array.

    Parameters
    ----------
    success
        Patients with the outcome.
    too_early, unknown
        Patients whose outcome is not known yet, or not known at all; everybody else has none.
    unknown_is_failure
        Whether an unknown outcome counts as none, as a blank best response is no response (RECIST
        1.1), unless there are too many of them for an estimate.
    """

    success: Mask
    too_early: Mask
    unknown: Mask
    unknown_is_failure: bool

    @property
    def open(self) -> Mask:
        """Patients of whom nobody can say which it is."""
        return self.too_early if self.unknown_is_failure else self.too_early | self.unknown

    def counts(self, groups: NDArray[np.integer], number: int) -> list[Counts]:
        """Count by group; ``groups`` holds each patient's group, -1 for none."""
        inside = groups >= 0
        counted = (
            np.bincount(groups[inside & mask], minlength=number).tolist()
            for mask in (inside, self.success, self.too_early, self.unknown)
        )
        return [Counts(*each) for each in zip(*counted, strict=True)]


def outcomes_of(patients: pd.DataFrame) -> dict[str, Outcome]:
    """The outcomes behind ORR, DCR, ORR without confirmation and clinical benefit, by endpoint.

    Parameters
    ----------
    patients
        Frame of the derive stage.
    """
    best = patients["best_response"].to_numpy(dtype=object)
    unconfirmed = patients["best_response_unconfirmed"].to_numpy(dtype=object)
    blank = patients["not_evaluable_response_reason"].to_numpy(dtype=object) == NOT_GIVEN
    never = np.zeros(len(patients), dtype=np.bool_)
    found = {
        "orr": Outcome(_among(best, OBJECTIVE), never, blank, unknown_is_failure=True),
        "dcr": Outcome(_among(best, CONTROL), never, blank, unknown_is_failure=True),
    }
    if (unconfirmed != "").any():
        shown = _among(unconfirmed, OBJECTIVE)
        found["orr_unconfirmed"] = Outcome(shown, never, blank, unknown_is_failure=True)
    for name, column in BENEFIT.items():
        state = patients[column].to_numpy(dtype=object)
        found[name] = Outcome(
            state == "benefit", state == "too early", state == "unknown", unknown_is_failure=False
        )
    return found


def _among(values: NDArray[np.object_], codes: tuple[str, ...]) -> Mask:
    found: Mask = np.logical_or.reduce([values == code for code in codes])
    return found


def rate(outcome: Outcome, population: Mask, estimation: Estimation) -> Proportion:
    """The share of a population with an outcome, with its limits.

    Patients whose follow-up is too short and, where it does not count as none, those whose outcome
    is unknown are left out of the denominator and counted.
    """
    (counts,) = outcome.counts(np.where(population, 0, -1), 1)
    return rate_of_counts(outcome, counts, estimation)


def rate_of_counts(outcome: Outcome, counts: Counts, estimation: Estimation) -> Proportion:
    """The same from counts."""
    patients, events, too_early, unknown = counts
    if outcome.unknown_is_failure and unknown <= estimation.maximum_unknown * patients:
        unknown = 0
    n = patients - too_early - unknown
    return proportion(events, n, estimation, too_early=too_early, unknown=unknown)


def proportion(
    events: int,
    n: int,
    estimation: Estimation,
    *,
    too_early: int = 0,
    unknown: int = 0,
    nobody: str = "no patients",
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
    nobody
        Reason to give where there is nobody at all.
    """
    reason = None
    if unknown and (n == 0 or unknown > estimation.maximum_unknown * (n + unknown)):
        reason = f"not known for {unknown} of {n + unknown} patients"
    elif n == 0:
        reason = "follow-up too short for every patient" if too_early else nobody
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
