"""Response rates by tumour type: each on its own, and shrunken towards each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dossier.cohort.model import Cohort
from dossier.cohort.settings import Baskets
from dossier.estimate.hierarchical_rates import Posterior, posteriors
from dossier.estimate.levels import levels_of
from dossier.estimate.model import Proportion
from dossier.estimate.outcomes import Outcome, rate_of_counts

__all__ = ["Basket", "BasketRates", "Shrunken", "basket_rates"]

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Shrunken:
    """A response rate under the hierarchical model.

    Parameters
    ----------
    mean, ci_lower, ci_upper
        Posterior mean and equal-tailed credible limits.
    above
        Posterior probability that the rate exceeds a threshold, by threshold.
    """

    mean: float
    ci_lower: float
    ci_upper: float
    above: dict[float, float]

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "mean": self.mean,
            "ci_lower": self.ci_lower,
            "ci_upper": self.ci_upper,
            "above": [
                {"threshold": threshold, "probability": probability}
                for threshold, probability in self.above.items()
            ],
        }


@dataclass(frozen=True)
class Basket:
    """One basket.

    Parameters
    ----------
    label
        Its name.
    raw
        Its own response rate with confidence limits.
    shrunken
        Under the model, with the main prior; None with a reason in the result as a whole.
    sensitivity
        Under the other priors, by the scale of the half-normal prior of the heterogeneity.
    """

    label: str
    raw: Proportion
    shrunken: Shrunken | None
    sensitivity: dict[float, Shrunken]

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {"label": self.label, "raw": self.raw.to_dict()}
        if self.shrunken is not None:
            result["shrunken"] = self.shrunken.to_dict()
            result["sensitivity"] = [
                {"heterogeneity_scale": scale, **found.to_dict()}
                for scale, found in self.sensitivity.items()
            ]
        return result


@dataclass(frozen=True)
class BasketRates:
    """Response rates by basket, raw beside shrunken.

    Parameters
    ----------
    column, endpoint
        What forms the baskets, and the rate that is estimated.
    baskets
        Most patients first.
    missing
        Patients of the population who are in no basket.
    heterogeneity_scale
        Scale of the half-normal prior, on the logit scale, of the main analysis.
    heterogeneity
        Posterior mean of the standard deviation of the logits, by the scale of its prior.
    confidence
        Level of all limits.
    reason
        Why nothing was shrunken.
    """

    column: str
    endpoint: str
    baskets: tuple[Basket, ...]
    missing: int
    heterogeneity_scale: float
    heterogeneity: dict[float, float]
    confidence: float
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "column": self.column,
            "endpoint": self.endpoint,
            "baskets": [basket.to_dict() for basket in self.baskets],
            "missing": self.missing,
            "heterogeneity_scale": self.heterogeneity_scale,
            "heterogeneity": [
                {"heterogeneity_scale": scale, "mean": mean}
                for scale, mean in self.heterogeneity.items()
            ],
            "confidence": self.confidence,
            "method": "binomial, logits normal around a common mean; prior of the mean normal "
            "(0, pi/sqrt 3), of the heterogeneity half-normal; numerical integration",
        }
        return result if self.reason is None else result | {"reason": self.reason}


def basket_rates(
    cohort: Cohort,
    asked: Baskets,
    outcomes: Mapping[str, Outcome],
    population: Mask,
) -> BasketRates:
    """Estimate the response rate of every basket.

    The model shrinks: a basket of few patients is drawn towards what the others show, one of many
    keeps its own rate, and how strongly follows from how much the baskets differ. With few baskets
    that is hardly known and the prior decides, so other priors stand beside the main one.

    Parameters
    ----------
    cohort
        The cohort as read.
    asked
        Section ``estimation.baskets`` of cohort.yaml.
    outcomes
        By endpoint.
    population
        Patients of the rate, shape (patients,).
    """
    estimation = cohort.settings.estimation
    levels = levels_of(cohort, asked.column, population, estimation.subgroups.bands)
    outcome = outcomes[asked.endpoint]
    inside = population & (levels.codes >= 0)
    counts = outcome.counts(np.where(inside, levels.codes, -1), len(levels.labels))
    raw = [rate_of_counts(outcome, each, estimation) for each in counts]
    found = _shrunken(raw, asked, estimation.confidence)
    return BasketRates(
        column=asked.column,
        endpoint=asked.endpoint,
        baskets=tuple(
            Basket(
                label,
                share,
                _rate_of(found[0], place, asked) if found else None,
                {other.scale: _rate_of(other, place, asked) for other in found[1:]},
            )
            for place, (label, share) in enumerate(zip(levels.labels, raw, strict=True))
        ),
        missing=int(population.sum() - inside.sum()),
        heterogeneity_scale=asked.heterogeneity_scale,
        heterogeneity={each.scale: each.heterogeneity for each in found},
        confidence=estimation.confidence,
        reason=None if found else _why_not(raw),
    )


def _shrunken(raw: list[Proportion], asked: Baskets, confidence: float) -> list[Posterior]:
    if _why_not(raw) is not None:
        return []
    scales = dict.fromkeys((asked.heterogeneity_scale, *asked.sensitivity_scales))
    return posteriors(
        [share.events for share in raw],
        [share.n for share in raw],
        list(scales),
        asked.thresholds,
        confidence,
    )


def _why_not(raw: list[Proportion]) -> str | None:
    if sum(share.n > 0 for share in raw) < 2:
        return "fewer than two baskets with patients"
    unknown = sum(share.unknown for share in raw)
    if any(share.reason is not None and share.unknown for share in raw):
        return f"the outcome of {unknown} patients is not known"
    return None


def _rate_of(found: Posterior, place: int, asked: Baskets) -> Shrunken:
    above = found.above[:, place].tolist()
    return Shrunken(
        mean=float(found.mean[place]),
        ci_lower=float(found.lower[place]),
        ci_upper=float(found.upper[place]),
        above=dict(zip(asked.thresholds, above, strict=True)),
    )
