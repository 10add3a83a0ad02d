"""Agreement of those who read the scans: best response and objective response, with kappa."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.chronology import chosen_assessor
from dossier.cohort.model import Cohort
from dossier.cohort.settings import Estimation
from dossier.derive.concordance import best_response_by_assessor
from dossier.estimate.kaplan_meier import normal_quantile
from dossier.estimate.model import Proportion
from dossier.estimate.outcomes import OBJECTIVE, proportion

__all__ = ["Agreement", "Concordance", "Kappa", "Pair", "cohens_kappa", "concordance"]

Texts = NDArray[np.object_]


class Kappa(NamedTuple):
    """Cohen's kappa with its limits; None with ``reason`` where there is none."""

    estimate: float | None
    lower: float | None
    upper: float | None
    reason: str | None = None


@dataclass(frozen=True)
class Agreement:
    """Patients on whom two assessors agree; ``share`` of those both have read, and kappa."""

    share: Proportion
    kappa: Kappa

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result = self.share.to_dict()
        del result["too_early"], result["unknown"]
        kappa: dict[str, Any] = {
            "estimate": self.kappa.estimate,
            "ci_lower": self.kappa.lower,
            "ci_upper": self.kappa.upper,
        }
        if self.kappa.reason is not None:
            kappa["reason"] = self.kappa.reason
        return result | {"kappa": kappa}


@dataclass(frozen=True)
class Pair:
    """Two assessors.

    Parameters
    ----------
    first, second
        Who, in alphabetical order.
    n, only_first, only_second, neither
        Treated patients by who has read an assessment of theirs after baseline.
    best_response, response
        Agreement on best overall response, and on whether it is a complete or partial response.
    responders_first, responders_second
        Complete or partial responses by each, among the patients both have read.
    """

    first: str
    second: str
    n: int
    only_first: int
    only_second: int
    neither: int
    best_response: Agreement
    response: Agreement
    responders_first: int
    responders_second: int

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "first": self.first,
            "second": self.second,
            "n": self.n,
            "only_first": self.only_first,
            "only_second": self.only_second,
            "neither": self.neither,
            "responders_first": self.responders_first,
            "responders_second": self.responders_second,
            "best_response": self.best_response.to_dict(),
            "response": self.response.to_dict(),
        }


@dataclass(frozen=True)
class Concordance:
    """The section ``concordance`` of results.json; ``in_force`` is whose readings count."""

    in_force: str
    declared: bool
    pairs: tuple[Pair, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "in_force": self.in_force,
            "declared": self.declared,
            "pairs": [pair.to_dict() for pair in self.pairs],
        }


def concordance(cohort: Cohort) -> Concordance | None:
    """Compare every two assessors of the treated patients; None with fewer than two.

    Two readings agree or differ only where both were made: patients of whom one assessor has no
    assessment after baseline are counted apart. A best response of NE is a reading like any other.

    Parameters
    ----------
    cohort
        The cohort as read; best response by each assessor follows from its settings.
    """
    chosen = chosen_assessor(cohort)
    if len(cohort.assessors) < 2 or chosen is None:
        return None
    read = best_response_by_assessor(cohort)
    estimation = cohort.settings.estimation
    pairs = tuple(_pair(read, *names, estimation) for names in combinations(read.columns, 2))
    return Concordance(chosen, bool(cohort.settings.derivation.assessor), pairs)


def _pair(read: pd.DataFrame, first: str, second: str, estimation: Estimation) -> Pair:
    one, other = (read[name].to_numpy(dtype=object) for name in (first, second))
    by_one, by_other = one != "", other != ""
    both = by_one & by_other
    responses = tuple(np.isin(x[both].astype(str), OBJECTIVE) for x in (one, other))
    return Pair(
        first=first,
        second=second,
        n=int(both.sum()),
        only_first=int((by_one & ~by_other).sum()),
        only_second=int((by_other & ~by_one).sum()),
        neither=int((~by_one & ~by_other).sum()),
        best_response=_agreement(one[both], other[both], estimation),
        response=_agreement(responses[0].astype(object), responses[1].astype(object), estimation),
        responders_first=int(responses[0].sum()),
        responders_second=int(responses[1].sum()),
    )


def _agreement(one: Texts, other: Texts, estimation: Estimation) -> Agreement:
    nobody = "no patient was read by both"
    agreed = int((one == other).sum())
    share = proportion(agreed, len(one), estimation, nobody=nobody)
    if not len(one):
        return Agreement(share, Kappa(None, None, None, nobody))
    return Agreement(share, cohens_kappa(one, other, estimation.confidence))


def cohens_kappa(one: Texts, other: Texts, confidence: float = 0.95) -> Kappa:
    """Agreement of two raters beyond what chance would give, without weights.

    Parameters
    ----------
    one, other
        Category of every patient by each rater, shape (patients,), at least one.
    confidence
        Two-sided level of the limits.

    Returns
    -------
    Kappa
        With large-sample limits, cut off at -1 and 1; they are rough in small groups. None where
        both raters put everybody in one and the same category: chance alone would agree.

    Notes
    -----
    Kappa: Cohen, Educ Psychol Meas 1960; 20: 37-46. Standard error: Fleiss, Cohen and Everitt,
    Psychol Bull 1969; 72: 323-327.
    """
    categories, codes = np.unique(np.concatenate([one, other]).astype(str), return_inverse=True)
    size, n = len(categories), len(one)
    table = np.zeros((size, size))
    np.add.at(table, (codes[:n], codes[n:]), 1 / n)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    by_chance = float(rows @ columns)
    if size == 1:
        return Kappa(None, None, None, "both found the same in every patient")
    kappa = (float(np.trace(table)) - by_chance) / (1 - by_chance)
    diagonal = np.diag(table) @ (1 - (rows + columns) * (1 - kappa)) ** 2
    weights = (columns[:, None] + rows[None, :]) ** 2
    off = (1 - kappa) ** 2 * float((table * weights).sum() - np.diag(table) @ np.diag(weights))
    variance = (float(diagonal) + off - (kappa - by_chance * (1 - kappa)) ** 2) / (
        n * (1 - by_chance) ** 2
    )
    half = normal_quantile(confidence) * math.sqrt(max(variance, 0.0))
    if half == 0:
        reason = "no limits where there is full agreement, or none"
        return Kappa(kappa, None, None, reason)
    return Kappa(kappa, max(kappa - half, -1.0), min(kappa + half, 1.0))
