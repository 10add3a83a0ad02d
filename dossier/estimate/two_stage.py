"""Simon's two-stage designs: their properties, and exact inference after a trial.

Stage 1 treats `n1` patients and stops for futility at `r1` or fewer responses; otherwise the trial
goes on to `n` patients in all and is positive with more than `r` responses.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from dossier.estimate.special import bdtr, bdtrc, binom

__all__ = [
    "Decision",
    "OperatingCharacteristics",
    "TwoStageDesign",
    "TwoStageInference",
    "check_probabilities",
    "decide",
    "infer",
    "operating_characteristics",
    "probability_mass",
]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TwoStageDesign:
    """A two-stage design and the response probabilities it was made for.

    Attributes
    ----------
    r1, n1 : int
        Stage 1: stop at `r1` or fewer responses in `n1` patients.
    r, n : int
        Whole trial: positive with more than `r` responses in `n` patients.
    p0, p1 : float
        Response probability not worth pursuing, and the one worth finding.

    Raises
    ------
    ValueError
        Not 0 <= r1 < n1 < n; not r1 <= r < n; not 0 < p0 < p1 < 1.
    """

    r1: int
    n1: int
    r: int
    n: int
    p0: float
    p1: float

    def __post_init__(self) -> None:
        if not 0 <= self.r1 < self.n1 < self.n:
            raise ValueError(f"a two-stage design needs 0 <= r1 < n1 < n: {self}")
        if not self.r1 <= self.r < self.n:
            raise ValueError(f"a two-stage design needs r1 <= r < n: {self}")
        check_probabilities(self.p0, self.p1)


@dataclass(frozen=True, slots=True)
class OperatingCharacteristics:
    """What a design does when the truth is p0 or p1.

    Attributes
    ----------
    alpha, power : float
        Probability of a positive trial at p0 and at p1.
    early_stop_p0, early_stop_p1 : float
        Probability of stopping after stage 1 (PET).
    expected_n_p0, expected_n_p1 : float
        Expected number of patients.
    """

    alpha: float
    power: float
    early_stop_p0: float
    early_stop_p1: float
    expected_n_p0: float
    expected_n_p1: float


class Decision(StrEnum):
    """Where a two-stage trial stands."""

    NOT_COMPLETE = "not complete"
    STOPPED = "stopped for futility"
    CONTINUE = "continue to stage 2"
    POSITIVE = "positive"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True)
class TwoStageInference:
    """What a finished two-stage trial says of the response probability.

    Attributes
    ----------
    responses, patients : int
        Over the stages that were done.
    decision : Decision
        Stopped, positive or negative.
    mle : float
        Responses over patients; biased by the chance of stopping.
    umvue : float
        Unbiased estimate of least variance (Jung and Kim 2004).
    p_value : float
        One-sided, against `p0` (Koyama and Chen 2008).
    lower, upper : float
        Two-sided confidence limits (Koyama and Chen 2008).
    upper_exact : float
        The upper limit that holds its half of the error whatever the truth. `upper`, as published,
        lies below it and holds it only nearly.
    confidence : float
        Level of the limits.
    """

    responses: int
    patients: int
    decision: Decision
    mle: float
    umvue: float
    p_value: float
    lower: float
    upper: float
    upper_exact: float
    confidence: float


def operating_characteristics(design: TwoStageDesign) -> OperatingCharacteristics:
    """Compute error rates, early stopping and expected size exactly.

    Source: Simon, Control Clin Trials 1989; 10: 1-10.

    Examples
    --------
    >>> found = operating_characteristics(TwoStageDesign(r1=0, n1=8, r=4, n=24, p0=0.1, p1=0.3))
    >>> round(found.alpha, 4), round(found.power, 3)
    (0.0778, 0.857)
    """
    alpha, power = (
        _probability_of_at_least(design, design.r + 1, p) for p in (design.p0, design.p1)
    )
    stop_p0, stop_p1 = (float(bdtr(design.r1, design.n1, p)) for p in (design.p0, design.p1))
    stage_2 = design.n - design.n1
    return OperatingCharacteristics(
        alpha=alpha,
        power=power,
        early_stop_p0=stop_p0,
        early_stop_p1=stop_p1,
        expected_n_p0=design.n1 + (1 - stop_p0) * stage_2,
        expected_n_p1=design.n1 + (1 - stop_p1) * stage_2,
    )


def decide(design: TwoStageDesign, stage_1: int, total: int | None = None) -> Decision:
    """Apply the design to `stage_1` responses and, once stage 2 is complete, the `total`.

    A trial at or below `r1` in stage 1 counts as stopped, even if patients were added against the
    design.

    Raises
    ------
    ValueError
        More responses than patients, or a total that stages 1 and 2 cannot add up to.
    """
    if not 0 <= stage_1 <= design.n1:
        raise ValueError(f"{stage_1} responses in a stage 1 of {design.n1} patients")
    if total is not None and not stage_1 <= total <= stage_1 + design.n - design.n1:
        raise ValueError(f"{total} responses in all, after {stage_1} in stage 1: {design}")
    if stage_1 <= design.r1:
        return Decision.STOPPED
    if total is None:
        return Decision.CONTINUE
    return Decision.POSITIVE if total > design.r else Decision.NEGATIVE


def infer(
    design: TwoStageDesign, responses: int, patients: int, *, confidence: float = 0.95
) -> TwoStageInference:
    """Estimate the response probability after a finished trial.

    Parameters
    ----------
    design : TwoStageDesign
        The design, which the trial must have followed.
    responses, patients : int
        Responses in all and patients in all: `n1` after a trial that stopped, otherwise `n`.
    confidence : float
        Level of the two-sided limits.

    Raises
    ------
    ValueError
        A trial of this design cannot end with these counts; a confidence outside (0, 1).

    References
    ----------
    UMVUE: Jung and Kim, Stat Med 2004; 23: 881-896. P-value and limits: Koyama and Chen, Stat Med
    2008; 27: 3145-3154, whose interval holds every truth with a p-value between half the error and
    one less half the error. At no or only responses that has no upper limit, or one below the
    observed rate; the exact limit stands there.

    Examples
    --------
    >>> found = infer(TwoStageDesign(r1=0, n1=8, r=4, n=24, p0=0.1, p1=0.3), 5, 24)
    >>> [round(x, 3) for x in (found.umvue, found.p_value, found.lower, found.upper)]
    [0.232, 0.078, 0.073, 0.405]
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence!r}")
    stopped = responses <= design.r1
    planned = design.n1 if stopped else design.n
    if patients != planned or not 0 <= responses <= patients:
        raise ValueError(f"a trial cannot end with {responses} of {patients}: {design}")
    if stopped:
        decision = Decision.STOPPED
    else:
        decision = Decision.POSITIVE if responses > design.r else Decision.NEGATIVE
    tail = (1 - confidence) / 2
    extreme = responses in (0, design.n)
    exact = 1.0 if responses == design.n else _truth_giving(design, responses + 1, 1 - tail)
    return TwoStageInference(
        responses=responses,
        patients=patients,
        decision=decision,
        mle=responses / patients,
        umvue=_umvue(design, responses),
        p_value=_probability_of_at_least(design, responses, design.p0),
        lower=0.0 if responses == 0 else _truth_giving(design, responses, tail),
        upper=exact if extreme else _truth_giving(design, responses, 1 - tail),
        upper_exact=exact,
        confidence=confidence,
    )


def check_probabilities(p0: float, p1: float) -> None:
    """Raise a ValueError unless 0 < p0 < p1 < 1."""
    if not 0 < p0 < p1 < 1:
        raise ValueError(f"a two-stage design needs 0 < p0 < p1 < 1, not {p0!r} and {p1!r}")


def probability_mass(n: int, p: float) -> FloatArray:
    """Binomial probabilities of 0 to `n` responses."""
    x = np.arange(n + 1)
    mass: FloatArray = binom(n, x) * p**x * (1 - p) ** (n - x)
    return mass


def _probability_of_at_least(design: TwoStageDesign, responses: int, p: float) -> float:
    """Probability that a trial ends with `responses` or more when the truth is `p`.

    A trial that stops has at most r1 responses and one that goes on has more, so the order of the
    responses is the order of the outcomes in which stage 2 counts as more extreme than stopping.
    """
    if responses <= design.r1:
        return float(bdtrc(responses - 1, design.n1, p))
    stage_1 = np.arange(design.r1 + 1, design.n1 + 1)
    stage_2 = design.n - design.n1
    needed = np.clip(responses - stage_1, 0, stage_2 + 1)
    reached = np.where(needed > stage_2, 0.0, bdtrc(np.minimum(needed - 1, stage_2), stage_2, p))
    return float(probability_mass(design.n1, p)[stage_1] @ reached)


def _truth_giving(design: TwoStageDesign, responses: int, probability: float) -> float:
    """Find the truth at which a trial ends with `responses` or more with this probability.

    Bisection to the last bit: the probability increases with the truth.
    """
    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2) < high:
        if _probability_of_at_least(design, responses, middle) < probability:
            low = middle
        else:
            high = middle
    return middle


def _umvue(design: TwoStageDesign, responses: int) -> float:
    """Average the response rate of stage 1 over the ways the responses can have come about."""
    if responses <= design.r1:
        return responses / design.n1
    n1, n2 = design.n1, design.n - design.n1
    # Whole numbers throughout: the sums of large binomials stay exact.
    ways = {
        x: math.comb(n1, x) * math.comb(n2, responses - x)
        for x in range(max(design.r1 + 1, responses - n2), min(responses, n1) + 1)
    }
    return sum(x * count for x, count in ways.items()) / (n1 * sum(ways.values()))
