"""Evidence from the results of a cohort, its control arm or published control figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from dossier.appraise import quantities as q
from dossier.appraise.evidence import Evidence, Observation, counted
from dossier.appraise.published_evidence import control_evidence
from dossier.estimate.arms import judged_arm

if TYPE_CHECKING:
    from dossier.cohort.settings import Settings
    from dossier.estimate.individual import PfsRatio
    from dossier.estimate.model import Proportion, Results, TimeToEvent


SEVERAL_ARMS = (
    "the study has several arms and none was chosen to be judged (setting cohort.judged_arm)"
)
NOBODY_JUDGED = "nobody was treated in the arm that is to be judged"
JUDGED_ARM = "cohort.judged_arm"


def evidence_of_cohort(results: Results, settings: Settings) -> Evidence:
    """Gather what the estimate stage found, as the design of the cohort asks.

    In a randomised study the arm to be judged is judged against the reference arm: of two arms the
    one that is no reference, of more the one that the settings name. Where they name none, nothing
    is concluded. In another study all patients are judged together, beside the published control
    figures where there are any.

    Raises
    ------
    InputError
        When a comparator figure has an unknown name or cannot be read.
    """
    if settings.cohort.design == "randomised" and _of_another_arm(results, settings):
        return Evidence(reason=NOBODY_JUDGED)
    if settings.cohort.design != "randomised" or not results.arms:
        return evidence_from_results(results, comparator=settings.comparator)
    arm = judged_arm(results, settings.cohort)
    if arm is None and settings.cohort.judged_arm:  # a scenario without its patients
        return Evidence(reason=NOBODY_JUDGED)
    if arm is None:
        return Evidence(reason=SEVERAL_ARMS, wanted=(JUDGED_ARM,))
    reference = next(each.reference for each in results.comparisons)
    return evidence_from_results(
        results.arms[arm],
        control=results.arms[reference],
        compared=_compared(results, arm),
        comparator=settings.comparator,
        prefix=f"arms.{arm}.",
        control_prefix=f"arms.{reference}.",
    )


def _of_another_arm(results: Results, settings: Settings) -> bool:
    """Whether all treated patients are of one arm, and it is not the one to be judged."""
    if not results.only_arm:
        return False
    judged, reference = settings.cohort.judged_arm, settings.cohort.reference_arm
    return results.only_arm != judged if judged else results.only_arm == reference


def evidence_from_results(
    results: Results,
    *,
    comparator: Mapping[str, float | str | None] | None = None,
    control: Results | None = None,
    compared: Mapping[str, Observation] | None = None,
    prefix: str = "",
    control_prefix: str = "",
) -> Evidence:
    """Gather what the estimate stage found.

    Parameters
    ----------
    results
        Numbers of the cohort, or of its treatment arm.
    comparator
        Published control figures, named as in the table of published studies.
    control
        Numbers of the control arm of the same study.
    compared
        By canonical name (``os.hr``, ``gain in median os``): treatment against control.
    prefix, control_prefix
        Put before every path of the cohort and of its control, e.g. ``arms.A.``.

    Raises
    ------
    InputError
        When a comparator figure has an unknown name or cannot be read.
    """
    observations = _observations(results, prefix)
    landmarks = {name: _Curve(time, f"{prefix}endpoints.{name}") for name, time in _curves(results)}
    if control is not None:
        of_control = _observations(control, control_prefix)
        observations |= {
            f"control {name}": replace(value, missing=_of_control(value.missing))
            for name, value in of_control.items()
        }
        landmarks |= {
            f"control {name}": _Curve(time, f"{control_prefix}endpoints.{name}")
            for name, time in _curves(control)
        }
    own = Evidence(
        observations | dict(compared or {}),
        landmarks,
        _first_patients(results),
        "arm" if control is not None else "",
    )
    return own.merged(control_evidence(comparator)) if comparator else own


def _of_control(missing: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"control {name}" for name in missing)


def _compared(results: Results, arm: str) -> dict[str, Observation]:
    """Hazard ratios and gains of an arm, with their limits; what is missing is left out."""
    found: dict[str, Observation] = {}
    for place, comparison in enumerate(results.comparisons):
        if comparison.arm != arm:
            continue
        endpoint, path = comparison.endpoint, f"comparisons.{place}"
        n = comparison.n + comparison.n_reference
        cox = comparison.cox
        name = f"{endpoint}.hr"
        why = comparison.reason if cox is None else cox.not_estimable
        found[name] = Observation(
            None if cox is None else cox.hazard_ratio,
            lower=None if cox is None else cox.lower,
            upper=None if cox is None else cox.upper,
            n=n,
            path=f"{path}.hazard_ratio",
            reason=None if why is None else str(why),
            missing=() if cox is not None and cox.hazard_ratio is not None else (name,),
            confidence=comparison.confidence,
        )
        gain = comparison.median_gain
        if gain.estimate is not None:
            found[f"gain in median {endpoint}"] = Observation(
                gain.estimate,
                lower=gain.lower,
                upper=gain.upper,
                n=n,
                path=f"{path}.median_gain_months",
                confidence=comparison.confidence,
            )
        for position, mark in enumerate(comparison.landmarks):
            if mark.difference.estimate is not None:
                found[f"gain in {endpoint} at {mark.label}"] = Observation(
                    mark.difference.estimate,
                    lower=mark.difference.lower,
                    upper=mark.difference.upper,
                    n=n,
                    path=f"{path}.landmarks.{position}.difference",
                    confidence=comparison.confidence,
                )
    return found


def _first_patients(results: Results) -> dict[tuple[str, int], tuple[int, int]]:
    """Outcomes among the first patients of a declared two-stage design: fewest and most."""
    found: dict[tuple[str, int], tuple[int, int]] = {}
    for name, proportion in results.proportions.items():
        if proportion.two_stage is None:
            continue
        for stage in (proportion.two_stage.stage1, proportion.two_stage.total):
            most = stage.events + stage.open + stage.planned - stage.n
            found[name, stage.planned] = (stage.events, most)
    return found


def _curves(results: Results) -> list[tuple[str, TimeToEvent]]:
    return [(name, time) for name, time in results.times.items() if name != "follow_up"]


def _observations(results: Results, prefix: str) -> dict[str, Observation]:
    found: dict[str, Observation] = {}
    for name, proportion in results.proportions.items():
        found[name] = share_observation(proportion, f"{prefix}endpoints.{name}.estimate", name)
    for name, time in results.times.items():
        found[f"{name}.median"] = _median(time, f"{prefix}endpoints.{name}", f"{name}.median")
    simple = results.time_to_response
    found["time_to_response.median"] = Observation(
        simple.median_days,
        n=simple.n,
        path=f"{prefix}endpoints.time_to_response.median.months",
        reason=simple.reason,
        missing=() if simple.median_days is not None else ("time_to_response.median",),
    )
    if results.pfs_ratio is not None:
        found |= _pfs_ratio(results.pfs_ratio, f"{prefix}endpoints.pfs_ratio")
    orr = results.proportions.get("orr")
    if orr is not None:
        found["responders"] = responders_observation(orr, f"{prefix}endpoints.orr.events")
    treated = results.populations.get("treated")
    if treated is not None:
        found["n"] = Observation(Fraction(treated), n=treated, path=f"{prefix}populations.treated")
    found["grade_3_4_toxicity"] = _toxicity(results, prefix)
    return found


def responders_observation(orr: Proportion, path: str) -> Observation:
    """The number of patients with a response, of an objective response rate."""
    if orr.estimate is None and not orr.unknown:
        return Observation(n=orr.n, path=path, reason=orr.reason, missing=("responders",))
    return counted(orr.events, orr.n, orr.unknown, path=path, name="responders")


def _pfs_ratio(found: PfsRatio, path: str) -> dict[str, Observation]:
    """The share of patients who reached the PFS ratio of the settings, and the median ratio."""
    name = q.share_with_ratio(found.threshold).name
    median = found.median
    return {
        name: ratio_observation(found.share, found.indeterminate, f"{path}.estimate", name),
        "pfs_ratio.median": Observation(
            median.ratio,
            lower=median.ci_lower,
            upper=median.ci_upper,
            n=found.with_ratio,
            path=f"{path}.median.ratio",
            reached=median.ratio is not None or not found.with_ratio,
            reason=None if median.ratio is not None else median.reason,
            missing=() if median.ratio is not None else ("pfs_ratio.median",),
            confidence=found.share.confidence,
        ),
    }


def ratio_observation(share: Proportion, indeterminate: int, path: str, name: str) -> Observation:
    """The share of patients who reached a PFS ratio, judged by its bounds.

    The estimate leaves out the patients censored before the ratio. A rule holds only where it holds
    whichever of them come to reach it.
    """
    observed = share_observation(share, path, name)
    if not indeterminate or (share.estimate is None and share.unknown):
        return observed
    n = share.n + indeterminate
    return replace(
        observed,
        at_least=Fraction(share.events, n),
        at_most=Fraction(share.events + indeterminate, n),
        indeterminate=indeterminate,
        missing=(name,),
        unknown=0,
    )


def share_observation(proportion: Proportion, path: str, name: str) -> Observation:
    """A share of patients, of the quantity with this name."""
    known = proportion.estimate is not None
    return Observation(
        Fraction(proportion.events, proportion.n) if known else None,
        lower=proportion.ci_lower,
        upper=proportion.ci_upper,
        n=proportion.n,
        events=proportion.events,
        path=path,
        reason=None if known else (proportion.reason or "not given"),
        missing=() if known else (name,),
        confidence=proportion.confidence,
        unknown=proportion.unknown,
    )


def _median(time: TimeToEvent, path: str, name: str) -> Observation:
    median = time.median
    known = median.days is not None
    longer, proof = (None, "") if known or time.reason else _longer_than(time)
    return Observation(
        median.days,
        lower=median.ci_lower_days,
        upper=median.ci_upper_days,
        n=time.n,
        events=time.events,
        path=f"{path}.median.months",
        longer_than=longer,
        proof=proof,
        reached=known or time.reason is not None,
        reason=None if known else (time.reason or median.reason or "not reached"),
        missing=() if known else (name,),
        confidence=time.confidence,
    )


def _longer_than(time: TimeToEvent) -> tuple[float | None, str]:
    """What is certain of a median that is not reached.

    While the curve is above 50% at the last observed time, the estimate of the median lies beyond
    that time, whatever comes later. The lower limit was read from the same curve.
    """
    lower = time.median.ci_lower_days
    if time.curve is not None and float(time.curve.survival[-1]) > 0.5 * (1 + 1e-9):
        return max(float(time.curve.last_time), lower or 0.0), "follow-up"
    return lower, "limit"


def _toxicity(results: Results, prefix: str) -> Observation:
    """Patients with an event of grade 3 or higher, of any cause: no fewer than those meant."""
    safety = results.safety
    severe = safety.overview.get("grade_3_or_higher")
    path = f"{prefix}safety.overview.grade_3_or_higher.estimate"
    name = "grade_3_4_toxicity"
    if severe is None:
        reason = safety.reason or safety.not_assessable.get("grade_3_or_higher")
        return Observation(reason=reason, missing=(name,))
    observed = share_observation(severe, path, name)
    ungraded = sum(row.unknown for row in safety.terms if row.term)
    if not ungraded or observed.value is None:
        return observed
    return Observation(
        at_least=float(observed.value),
        at_most=min(1.0, (severe.events + ungraded) / severe.n),
        n=severe.n,
        path=path,
        reason=(
            "the grade of one event is not known"
            if ungraded == 1
            else f"the grade of {ungraded} events is not known"
        ),
        missing=(name,),
    )


class _Curve:
    """Survival read from a curve at any day; from the landmarks where the day is one."""

    def __init__(self, time: TimeToEvent, path: str) -> None:
        self._time = time
        self._path = path

    def __call__(self, days: float) -> Observation | None:
        for place, mark in enumerate(self._time.landmarks):
            if abs(mark.days - days) <= 1e-9 * days:
                return Observation(
                    mark.estimate,
                    lower=mark.ci_lower,
                    upper=mark.ci_upper,
                    n=self._time.n,
                    path=f"{self._path}.landmarks.{place}.estimate",
                    reason=mark.reason if mark.estimate is None else None,
                    missing=() if mark.estimate is not None else (self._name(mark.label),),
                )
        if self._time.curve is None:
            return Observation(reason=self._time.reason, missing=(self._name(f"{days:g} days"),))
        from dossier.estimate.kaplan_meier import survival_at

        found = survival_at(self._time.curve, days)
        if found is None:
            return Observation(
                reason="beyond follow-up", missing=(self._name(f"{days:g} days"),), n=self._time.n
            )
        return Observation(found.estimate, lower=found.lower, upper=found.upper, n=self._time.n)

    def _name(self, at: str) -> str:
        return f"{self._path.rpartition('.')[2]} at {at}"
