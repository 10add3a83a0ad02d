"""The fewest patients with an outcome that are enough: for a rate, and for its lower limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from dossier.appraise.criterion import Criterion
from dossier.appraise.sentence import Comparison
from dossier.cohort.settings import Estimation
from dossier.estimate.outcomes import proportion
from dossier.scenarios.running import Case, results_judged

__all__ = ["MinimumResponders", "minimum_for_lower_limit", "minimum_responders"]


@dataclass(frozen=True)
class MinimumResponders:
    """What a threshold on a rate asks of the patients there are.

    Parameters
    ----------
    criterion, rule, endpoint
        The rule and the rate it looks at.
    target
        The threshold, a share.
    n, events
        Patients counted, and those with the outcome.
    for_estimate
        Fewest for the rate to reach the target; None where not even all are enough.
    for_lower_limit
        Fewest for the lower confidence limit to lie above the target; None likewise.
    """

    criterion: str
    rule: str
    endpoint: str
    target: float
    n: int
    events: int
    for_estimate: int | None
    for_lower_limit: int | None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "criterion": self.criterion,
            "rule": self.rule,
            "endpoint": self.endpoint,
            "target": self.target,
            "n": self.n,
            "events": self.events,
            "for_estimate": self.for_estimate,
            "for_lower_limit": self.for_lower_limit,
        }
        if self.for_estimate is None or self.for_lower_limit is None:
            result["reason"] = "not even with every patient"
        return result


def minimum_for_lower_limit(n: int, target: float, how: Estimation) -> int | None:
    """Fewest outcomes among ``n`` patients whose lower confidence limit lies above ``target``.

    Examples
    --------
    >>> [minimum_for_lower_limit(24, target, Estimation()) for target in (0.1, 0.2, 0.3)]
    [7, 10, 13]
    """
    low, high = 0, n + 1
    while high - low > 1:
        middle = (low + high) // 2
        limit = proportion(middle, n, how).ci_lower
        low, high = (low, middle) if limit is not None and limit > target else (middle, high)
    return high if high <= n else None


def minimum_responders(case: Case, criteria: Sequence[Criterion]) -> tuple[MinimumResponders, ...]:
    """Every rule of some criteria that asks for at least a share of patients.

    Of a randomised study the patients of the arm that is judged; none where no arm is.
    """
    settings = case.derived.cohort.settings
    how = settings.estimation
    results, prefix = results_judged(case)
    if case.results.arms and settings.cohort.design == "randomised" and not prefix:
        return ()
    found = []
    for criterion in criteria:
        for rule in criterion.rules.values():
            condition = rule.condition
            if not isinstance(condition, Comparison) or condition.sign not in (">=", ">"):
                continue
            rate = results.proportions.get(condition.quantity.name)
            target = condition.threshold.value
            if rate is None or rate.estimate is None or target is None or rule.open:
                continue
            enough = _reaching(rate.n, target, strictly=condition.sign == ">")
            found.append(
                MinimumResponders(
                    criterion.id, rule.id, condition.quantity.name, float(target), rate.n,
                    rate.events, enough, minimum_for_lower_limit(rate.n, float(target), how),
                )
            )  # fmt: skip
    return tuple(found)


def _reaching(n: int, target: Fraction, *, strictly: bool) -> int | None:
    least = -(-target.numerator * n // target.denominator)
    if strictly and least == target * n:
        least += 1
    return least if least <= n else None
