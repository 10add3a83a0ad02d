"""Quality of life by scale: completion, baseline, change at planned visits; descriptive.

Completion has those still expected to answer as denominator, the share available all treated
patients, as SISAQOL tells apart (Coens et al., Lancet Oncol 2020; 21: e83-e96). Changes are of the
patients with a score at baseline and at the visit; they say nothing of those who did not answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.model import Cohort
from dossier.cohort.settings import Estimation
from dossier.derive.quality_of_life import ScaleScores, VisitScores, expected_at, scale_scores
from dossier.estimate.model import Proportion
from dossier.estimate.outcomes import proportion
from dossier.estimate.questionnaires import Scale, scale_of

__all__ = ["QualityOfLifeResults", "ScaleChange", "VisitChange", "quality_of_life"]

NO_TABLE: Final = "no quality-of-life table was given"
NOT_EXPECTED: Final = "it is not known who was expected to answer"
NOBODY: Final = "nobody was expected to answer"
NO_SCORE: Final = "no scores"
TOO_FEW: Final = "fewer than two patients"
NO_DIRECTION: Final = "the direction of the scale is not known"
NO_DIFFERENCE: Final = "no minimal important difference is known"
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Mean:
    """A mean with its standard deviation and limits (Student t); None with ``reason``."""

    n: int
    mean: float | None
    sd: float | None
    ci_lower: float | None
    ci_upper: float | None
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "n": self.n,
            "mean": self.mean,
            "sd": self.sd,
            "ci_lower": self.ci_lower,
            "ci_upper": self.ci_upper,
        }
        return result if self.reason is None else result | {"reason": self.reason}


@dataclass(frozen=True)
class Completion:
    """How many answered at a visit.

    Parameters
    ----------
    completed
        Patients with a score.
    expected
        Patients still expected to answer; None with ``reason`` where that is not known.
    completed_expected
        Of these, the patients with a score.
    unknown
        Patients of whom it is not known whether they were expected.
    estimate
        ``completed_expected / expected``.
    available
        ``completed`` over all treated patients.
    """

    completed: int
    expected: int | None
    completed_expected: int | None
    unknown: int
    estimate: float | None
    available: float | None
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "completed": self.completed,
            "expected": self.expected,
            "completed_expected": self.completed_expected,
            "unknown": self.unknown,
            "estimate": self.estimate,
            "available": self.available,
        }
        return result if self.reason is None else result | {"reason": self.reason}


@dataclass(frozen=True)
class VisitChange:
    """A scale at a planned visit: completion, score, change from baseline, patients changed."""

    label: str
    day: float
    completion: Completion
    score: Mean
    change: Mean
    improved: Proportion
    worsened: Proportion

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "label": self.label,
            "day": self.day,
            "completion": self.completion.to_dict(),
            "score": self.score.to_dict(),
            "change": self.change.to_dict(),
            "improved": self.improved.to_dict(),
            "worsened": self.worsened.to_dict(),
        }


@dataclass(frozen=True)
class ScaleChange:
    """One scale: what is known of it, its baseline and its visits."""

    instrument: str
    scale: str
    known: Scale
    baseline: Mean
    baseline_completion: Completion
    visits: tuple[VisitChange, ...]
    outside: int

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        least: dict[str, Any] = {"value": self.known.minimal_important_difference}
        if self.known.minimal_important_difference is None:
            least["reason"] = NO_DIFFERENCE
        else:
            least |= {"source": self.known.source, "status": self.known.status}
        result: dict[str, Any] = {
            "instrument": self.instrument,
            "scale": self.scale,
            "higher_is": self.known.higher_is or "not known",
            "minimal_important_difference": least,
            "baseline": self.baseline.to_dict(),
            "baseline_completion": self.baseline_completion.to_dict(),
            "visits": [visit.to_dict() for visit in self.visits],
            "outside": self.outside,
        }
        return result


@dataclass(frozen=True)
class QualityOfLifeResults:
    """Quality of life of the treated patients; ``given`` is false without a table."""

    given: bool
    n: int
    confidence: float
    scales: tuple[ScaleChange, ...] = ()
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "given": self.given,
            "n": self.n,
            "confidence": self.confidence,
            "scales": [scale.to_dict() for scale in self.scales],
        }
        return result if self.reason is None else result | {"reason": self.reason}


def quality_of_life(
    cohort: Cohort, frame: pd.DataFrame, population: Mask, estimation: Estimation
) -> QualityOfLifeResults:
    """Describe every scale of the questionnaires at baseline and at the planned visits.

    Parameters
    ----------
    cohort
        The cohort as read.
    frame
        Frame of the derive stage.
    population
        Treated patients, shape (patients,).
    estimation
        Planned visits, least important differences and the level of the limits.
    """
    n, options = int(population.sum()), estimation.quality_of_life
    if not cohort.given.get("quality_of_life"):
        return QualityOfLifeResults(False, n, estimation.confidence, reason=NO_TABLE)
    scales = scale_scores(cohort, options.visits, options.window_days)
    return QualityOfLifeResults(
        True,
        n,
        estimation.confidence,
        tuple(_scale(each, frame, population, estimation) for each in scales),
    )


def _scale(
    scores: ScaleScores, frame: pd.DataFrame, population: Mask, estimation: Estimation
) -> ScaleChange:
    known = scale_of(scores.instrument, scores.scale, estimation.quality_of_life)
    everybody = np.ones(len(population))
    return ScaleChange(
        scores.instrument,
        scores.scale,
        known,
        _mean(scores.baseline[population], estimation.confidence),
        _completion(scores.baseline, everybody, population),
        tuple(
            _visit(scores, visit, known, frame, population, estimation) for visit in scores.visits
        ),
        int(scores.outside[population].sum()),
    )


def _visit(
    scores: ScaleScores,
    visit: VisitScores,
    known: Scale,
    frame: pd.DataFrame,
    population: Mask,
    estimation: Estimation,
) -> VisitChange:
    expected = expected_at(frame, visit.day, estimation.quality_of_life.expected_while)
    change = changes(scores, visit, population)
    return VisitChange(
        visit.label,
        visit.day,
        _completion(visit.score, expected, population),
        _mean(visit.score[population], estimation.confidence),
        _mean(change, estimation.confidence),
        _changed(change, known, 1, estimation),
        _changed(change, known, -1, estimation),
    )


def changes(scores: ScaleScores, visit: VisitScores, population: Mask) -> NDArray[np.float64]:
    """Changes from baseline of some patients; NaN for who lacks one of the two scores."""
    found: NDArray[np.float64] = (visit.score - scores.baseline)[population]
    return found


def changed_by(change: NDArray[np.float64], known: Scale, direction: int) -> Mask:
    """Who changed at least by the least important difference, for the better (1) or worse (-1)."""
    sign = direction if known.higher_is == "better" else -direction
    # Scores are decimal numbers: 0.68 - 0.6 must reach 0.08.
    found: Mask = sign * change >= (known.minimal_important_difference or 0.0) - 1e-9
    return found


def _changed(
    change: NDArray[np.float64], known: Scale, direction: int, estimation: Estimation
) -> Proportion:
    own = change[~np.isnan(change)]
    reason = None
    if known.higher_is is None:
        reason = NO_DIRECTION
    elif known.minimal_important_difference is None:
        reason = NO_DIFFERENCE
    if reason is not None:
        return Proportion(
            len(own), 0, None, None, None, estimation.proportion_ci, estimation.confidence,
            reason=reason,
        )  # fmt: skip
    return proportion(int(changed_by(own, known, direction).sum()), len(own), estimation)


def _completion(
    score: NDArray[np.float64], expected: NDArray[np.float64], population: Mask
) -> Completion:
    there = ~np.isnan(score[population])
    wanted = expected[population]
    n, completed, unknown = len(there), int(there.sum()), int(np.isnan(wanted).sum())
    available = completed / n if n else None
    if unknown == n:
        reason = NOT_EXPECTED if n else "no patients"
        return Completion(completed, None, None, unknown, None, available, reason)
    number, both = int((wanted == 1).sum()), int((there & (wanted == 1)).sum())
    if not number:
        return Completion(completed, 0, 0, unknown, None, available, NOBODY)
    return Completion(completed, number, both, unknown, both / number, available)


def _mean(values: NDArray[np.float64], confidence: float) -> Mean:
    known = values[~np.isnan(values)]
    if not len(known):
        return Mean(0, None, None, None, None, NO_SCORE)
    middle = float(known.mean())
    if len(known) == 1:
        return Mean(1, middle, None, None, None, TOO_FEW)
    from dossier.estimate.special import stdtrit

    sd = float(known.std(ddof=1))
    half = float(stdtrit(len(known) - 1, (1 + confidence) / 2)) * sd / len(known) ** 0.5
    return Mean(len(known), middle, sd, middle - half, middle + half)
