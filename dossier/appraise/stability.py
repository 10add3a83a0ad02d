"""How often a verdict comes back when the patients are drawn again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dossier.appraise.verdict import Verdict, grade_value

__all__ = ["Outcome", "VerdictStability"]


@dataclass(frozen=True)
class Outcome:
    """A verdict with its grade, None where the criterion gives none."""

    verdict: Verdict
    grade: str | None = None


@dataclass(frozen=True)
class VerdictStability:
    """What a criterion says of resampled cohorts.

    Parameters
    ----------
    own
        Of the cohort itself.
    resamples, seed
        How many, and what they were drawn from.
    counts
        Resamples by outcome, the most frequent first; empty with ``reason``.
    held
        Numbers the criterion looks at that were not drawn again but kept as they are in the cohort.
    reason
        Why nothing was drawn for this criterion.
    """

    own: Outcome
    resamples: int
    seed: int
    counts: dict[Outcome, int]
    held: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def met(self) -> int:
        """Resamples in which the criterion is met."""
        return sum(n for outcome, n in self.counts.items() if outcome.verdict is Verdict.MET)

    @property
    def same(self) -> int:
        """Resamples with the verdict and grade of the cohort itself."""
        return self.counts.get(self.own, 0)

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        drawn = bool(self.counts)
        result: dict[str, Any] = {
            "resamples": self.resamples,
            "seed": self.seed,
            "share_met": self.met / self.resamples if drawn else None,
            "share_same": self.same / self.resamples if drawn else None,
            "counts": [
                {
                    "verdict": outcome.verdict.value,
                    **({} if outcome.grade is None else {"grade": grade_value(outcome.grade)}),
                    "resamples": n,
                }
                for outcome, n in self.counts.items()
            ],
            "held": list(self.held),
        }
        return result if self.reason is None else result | {"reason": self.reason}
