"""Two or more arms: each against the reference arm, in hazards, medians and landmark rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.model import Cohort
from dossier.cohort.settings import Description, Estimation
from dossier.errors import InputError, Problem
from dossier.estimate.arm_comparison import (
    ArmComparison,
    Difference,
    LandmarkDifference,
    RestrictedMeanDifference,
)
from dossier.estimate.comparison import compare_arms
from dossier.estimate.kaplan_meier import (
    KaplanMeier,
    log_survival_variance_at,
    normal_quantile,
    survival_at,
)
from dossier.estimate.model import Median, Results
from dossier.estimate.restricted_mean import (
    RestrictedMean,
    horizon_note,
    horizon_of,
    restricted_mean,
)
from dossier.units import Duration
from dossier.yaml_source import nearest

__all__ = [
    "arms_of",
    "check_judged_arm",
    "compare_with_reference",
    "difference_in_medians",
    "difference_in_restricted_means",
    "difference_in_survival",
    "judged_arm",
    "reference_arm",
]

COMPARED = ("pfs", "os")

Mask = NDArray[np.bool_]


def arms_of(cohort: Cohort, treated: Mask) -> dict[str, Mask]:
    """The treated patients of each arm, by name in alphabetical order; empty with fewer than two.

    An arm in which nobody was treated, such as screen failures, is none.
    """
    names = _names(cohort, treated)
    if len(names) < 2:
        return {}
    arm = cohort.patients["arm"].to_numpy(dtype=object)
    return {name: arm == name for name in names}


def only_arm(cohort: Cohort, treated: Mask) -> str:
    """The arm of the treated patients where they are all of one; empty elsewhere."""
    names = _names(cohort, treated)
    return names[0] if len(names) == 1 else ""


def _names(cohort: Cohort, treated: Mask) -> list[str]:
    if not cohort.has("patients", "arm"):
        return []
    arm = cohort.patients["arm"].to_numpy(dtype=object)
    return sorted({str(name) for name in arm[treated]} - {""})


def reference_arm(cohort: Cohort, names: list[str]) -> str:
    """The arm the others are compared with: the declared one, else the first in the alphabet.

    Raises
    ------
    InputError
        When nobody was treated in the declared arm.
    """
    return _declared(cohort, "reference_arm", names) or min(names)


def check_judged_arm(cohort: Cohort, names: list[str], reference: str) -> None:
    """Check the arm that criteria are to judge, where one is declared.

    Raises
    ------
    InputError
        When nobody was treated in it, or when it is the arm the others are compared with.
    """
    declared = _declared(cohort, "judged_arm", names)
    if declared == reference:
        others = [name for name in names if name != reference]
        raise _problem(cohort, "judged_arm", "the arm is the reference arm itself", others)


def judged_arm(results: Results, description: Description) -> str | None:
    """The arm that criteria judge: the declared one; of two randomised arms the one compared.

    None where all patients are judged together, and where none of several arms is chosen.
    """
    if description.design != "randomised":
        return None
    references = {each.reference for each in results.comparisons}
    compared = [name for name in results.arms if name not in references]
    if description.judged_arm:  # a scenario may leave nobody in it: no other arm takes its place
        return description.judged_arm if description.judged_arm in compared else None
    return compared[0] if len(compared) == 1 else None


def _declared(cohort: Cohort, key: str, names: list[str]) -> str | None:
    declared: str | None = getattr(cohort.settings.cohort, key)
    if not declared or declared in names:
        return declared or None
    message = f"nobody was treated in the arm {declared!r}"
    if meant := nearest(declared, names):
        message += f", did you mean {meant!r}?"
    raise _problem(cohort, key, message, names)


def _problem(cohort: Cohort, key: str, message: str, expected: list[str]) -> InputError:
    problem = Problem(
        message,
        cohort.file_label("settings"),
        column=f"cohort.{key}",
        value=getattr(cohort.settings.cohort, key),
        expected=f"one of {', '.join(expected)}",
    )
    return InputError([problem])


def compare_with_reference(
    patients: pd.DataFrame,
    arms: Mapping[str, Results],
    members: Mapping[str, Mask],
    reference: str,
    estimation: Estimation,
) -> tuple[ArmComparison, ...]:
    """Compare each arm with the reference in progression-free and overall survival.

    Duration of response is not compared: responders are no randomised group.

    Parameters
    ----------
    patients
        Frame of the derive stage.
    arms
        What was estimated in each arm.
    members
        Treated patients of each arm, shape (patients,).
    reference
        Name of the reference arm.
    estimation
        Landmarks, level of the limits, horizon of restricted means.
    """
    return tuple(
        _compared(patients, endpoint, name, arms, members, reference, estimation)
        for endpoint in COMPARED
        for name in arms
        if name != reference
    )


def _compared(
    patients: pd.DataFrame,
    endpoint: str,
    name: str,
    arms: Mapping[str, Results],
    members: Mapping[str, Mask],
    reference: str,
    estimation: Estimation,
) -> ArmComparison:
    own, other = arms[name].times[endpoint], arms[reference].times[endpoint]
    counted = ArmComparison(
        endpoint=endpoint,
        arm=name,
        reference=reference,
        n=own.n,
        events=own.events,
        n_reference=other.n,
        events_reference=other.events,
        confidence=estimation.confidence,
    )
    if own.curve is None or other.curve is None:
        named = ((name, own), (reference, other))
        reason = "; ".join(f"{arm}: {time.reason}" for arm, time in named if time.reason)
        return _without_estimates(counted, estimation, reason)
    days = patients[f"{endpoint}_days"].to_numpy(dtype=float)
    event = patients[f"{endpoint}_event"].to_numpy(dtype=float)
    known = ~(np.isnan(days) | np.isnan(event)) & (members[name] | members[reference])
    return replace(
        counted,
        cox=compare_arms(
            days[known], event[known], members[name][known], confidence=estimation.confidence
        ),
        median_gain=difference_in_medians(own.median, other.median, name, reference),
        landmarks=tuple(
            LandmarkDifference(
                str(landmark),
                landmark.days,
                landmark.months,
                difference_in_survival(own.curve, other.curve, landmark, estimation.confidence),
            )
            for landmark in estimation.landmarks
        ),
        restricted_mean=difference_in_restricted_means(own.curve, other.curve, estimation),
    )


def _without_estimates(
    counted: ArmComparison, estimation: Estimation, reason: str
) -> ArmComparison:
    nothing = Difference(None, None, None, reason)
    return replace(
        counted,
        median_gain=nothing,
        landmarks=tuple(
            LandmarkDifference(str(x), x.days, x.months, nothing) for x in estimation.landmarks
        ),
        restricted_mean=(
            RestrictedMeanDifference(None, nothing)
            if estimation.restricted_mean is not None
            else None
        ),
        reason=reason,
    )


def difference_in_medians(own: Median, other: Median, arm: str, reference: str) -> Difference:
    """The median of an arm less that of the reference, in days.

    The limits are those of the two medians combined by MOVER, the method of variance estimates
    recovery: no normal distribution, no density at the median and no random numbers are needed,
    and unequal distances to the two limits are kept. Where a limit it builds on is not reached,
    neither is the limit of the difference.

    References
    ----------
    Zou and Donner, Stat Med 2008; 27: 1693-1702, doi:10.1002/sim.3095.
    """
    named = ((arm, own), (reference, other))
    unknown = [f"median {name} {median.reason}" for name, median in named if median.days is None]
    if own.days is None or other.days is None:
        return Difference(None, None, None, "; ".join(unknown))
    gain = own.days - other.days
    lower = upper = None
    if own.ci_lower_days is not None and other.ci_upper_days is not None:
        lower = gain - np.hypot(own.days - own.ci_lower_days, other.ci_upper_days - other.days)
    if own.ci_upper_days is not None and other.ci_lower_days is not None:
        upper = gain + np.hypot(own.ci_upper_days - own.days, other.days - other.ci_lower_days)
    absent = [side for side, limit in (("lower", lower), ("upper", upper)) if limit is None]
    return Difference(
        gain,
        None if lower is None else float(lower),
        None if upper is None else float(upper),
        f"no {' and '.join(absent)} limit: a limit of a median is not reached" if absent else None,
    )


def difference_in_survival(
    own: KaplanMeier, other: KaplanMeier, landmark: Duration, confidence: float
) -> Difference:
    """Difference in survival at a landmark, normal limits from Greenwood's variances.

    References
    ----------
    Klein and Moeschberger, Survival Analysis, 2nd ed. 2003, section 7.8.
    """
    day = landmark.days
    one, two = survival_at(own, day), survival_at(other, day)
    if one is None or two is None:
        return Difference(None, None, None, "beyond follow-up")
    difference = one.estimate - two.estimate
    if not (0 < one.estimate < 1 and 0 < two.estimate < 1):
        return Difference(difference, None, None, "no limits where a curve is at 0 or 100 per cent")
    variance = sum(
        found.estimate**2 * log_survival_variance_at(curve, day)
        for found, curve in ((one, own), (two, other))
    )
    margin = normal_quantile(confidence) * variance**0.5
    return Difference(difference, max(difference - margin, -1.0), min(difference + margin, 1.0))


def difference_in_restricted_means(
    own: KaplanMeier, other: KaplanMeier, estimation: Estimation
) -> RestrictedMeanDifference | None:
    """Difference in restricted means, normal limits.

    References
    ----------
    Royston and Parmar, BMC Med Res Methodol 2013; 13: 152.
    """
    if estimation.restricted_mean is None:
        return None
    tau = horizon_of([own, other], estimation)
    if tau <= 0:
        none = Difference(None, None, None, "no time under observation in an arm")
        return RestrictedMeanDifference(None, none)
    one, two = restricted_mean(own, tau), restricted_mean(other, tau)
    if one is None or two is None:
        return RestrictedMeanDifference(tau, Difference(None, None, None, "beyond follow-up"))
    return RestrictedMeanDifference(
        tau, _of_means(one, two, estimation.confidence), horizon_note([own, other], tau)
    )


def _of_means(one: RestrictedMean, two: RestrictedMean, confidence: float) -> Difference:
    difference = one.estimate - two.estimate
    if one.variance == 0 or two.variance == 0:
        reason = "no limits: an arm has no event before the horizon"
        return Difference(difference, None, None, reason)
    margin = normal_quantile(confidence) * (one.variance + two.variance) ** 0.5
    return Difference(difference, difference - margin, difference + margin)
