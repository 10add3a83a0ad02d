"""Does clinical benefit at 16 weeks last to 24 weeks: counts, and the share that keeps it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.settings import Estimation
from dossier.estimate.model import Proportion
from dossier.estimate.outcomes import proportion

__all__ = ["GROUPS", "Durability", "LastingBenefit", "durability", "members_of"]

Mask = NDArray[np.bool_]

# Groups of results.json, with the basis of benefit at 16 weeks; everybody has either.
GROUPS = {"all": "", "response": "response", "stable_disease": "stable disease"}
STATES = {"kept": "kept", "lost": "lost", "too_early": "too early", "unknown": "unknown"}


@dataclass(frozen=True)
class LastingBenefit:
    """Patients with clinical benefit at 16 weeks by what became of it at 24 weeks.

    Parameters
    ----------
    n
        Patients with benefit at 16 weeks: those below together.
    kept, lost, too_early, unknown
        As the derive stage has them.
    lost_reasons
        How it was lost, most frequent first.
    counted_although_not_kept
        Patients without a benefit that is known to be kept who count as benefit at 24 weeks all the
        same: a confirmed response does, whatever came later.
    share
        Those who kept it, of those who kept or lost it.
    """

    n: int
    kept: int
    lost: int
    too_early: int
    unknown: int
    lost_reasons: dict[str, int]
    counted_although_not_kept: int
    share: Proportion

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "n": self.n,
            "kept": self.kept,
            "lost": self.lost,
            "too_early": self.too_early,
            "unknown": self.unknown,
            "lost_reasons": self.lost_reasons,
            "counted_although_not_kept": self.counted_although_not_kept,
            "share": self.share.to_dict(),
        }


@dataclass(frozen=True)
class Durability:
    """The section ``durability`` of results.json; ``groups`` by `GROUPS`."""

    groups: dict[str, LastingBenefit]

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {name: group.to_dict() for name, group in self.groups.items()}


def members_of(patients: pd.DataFrame, population: Mask, group: str) -> Mask:
    """Patients with benefit at 16 weeks, of all or of one basis.

    Parameters
    ----------
    patients
        Frame of the derive stage.
    population
        Patients to count among, shape (patients,).
    group
        A key of `GROUPS`.
    """
    inside: Mask = population & (patients["durability_24w"].to_numpy(dtype=object) != "")
    basis = GROUPS[group]
    if basis:
        inside &= patients["durability_24w_basis"].to_numpy(dtype=object) == basis
    return inside


def durability(patients: pd.DataFrame, population: Mask, estimation: Estimation) -> Durability:
    """Count what became of benefit at 16 weeks; responders and stable disease apart.

    The share has those as denominator for whom it is known, with limits by the method of the
    settings. It is about patients who already had benefit at 16 weeks and must not be read as a
    rate of the cohort.

    Parameters
    ----------
    patients
        Frame of the derive stage.
    population
        The response-evaluable patients, shape (patients,).
    estimation
        Settings of the limits.
    """
    state = patients["durability_24w"].to_numpy(dtype=object)
    reason = patients["durability_24w_reason"].to_numpy(dtype=object)
    counts_later = patients["benefit_24w"].to_numpy(dtype=object) == "benefit"
    groups = {}
    for name in GROUPS:
        inside = members_of(patients, population, name)
        found = {key: int((inside & (state == words)).sum()) for key, words in STATES.items()}
        lost = Counter(str(each) for each in reason[inside & (state == "lost")])
        groups[name] = LastingBenefit(
            n=int(inside.sum()),
            **found,
            lost_reasons=dict(sorted(lost.items(), key=lambda pair: (-pair[1], pair[0]))),
            counted_although_not_kept=int((inside & (state != "kept") & counts_later).sum()),
            share=_share(found, estimation),
        )
    return Durability(groups)


def _share(found: dict[str, int], estimation: Estimation) -> Proportion:
    kept, lost = found["kept"], found["lost"]
    return proportion(
        kept,
        kept + lost,
        estimation,
        too_early=found["too_early"],
        unknown=found["unknown"],
        nobody="no patient with benefit at 16 weeks",
    )
