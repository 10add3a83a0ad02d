"""What templates may name of the arms of a randomised study: ``apart``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dossier.compose.document import Number
from dossier.compose.facts import Count, Fact, Rate, Shown, Time, rate, time
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.estimate.arm_comparison import ArmComparison
from dossier.estimate.arms import judged_arm


@dataclass(frozen=True)
class ArmFact(Fact):
    """One arm: its results as ``endpoints`` has those of all patients.

    ``kept`` is the share with benefit at 16 weeks that lasted to 24; it is None where nobody had
    benefit, as are ``exceptional`` and ``severe`` (adverse events of grade 3 or higher) where
    nothing is known of them.
    """

    name: str
    treated: Count
    rates: dict[str, Rate]
    times: dict[str, Time]
    kept: Rate | None
    exceptional: Rate | None
    any_event: Rate | None
    severe: Rate | None


@dataclass(frozen=True)
class Contrast(Fact):
    """An arm against the reference arm; a hazard ratio that is not known prints why."""

    arm: ArmFact
    reference: ArmFact
    pfs: Shown
    os: Shown


def arm_facts(material: Material) -> dict[str, Any]:
    """The arms, and each against the reference; ``given`` is false where nobody was randomised.

    ``leading`` are the contrasts that a summary states: that of the arm to be judged, or all.
    """
    if not material.arms_apart:
        return {"given": False}
    arms = {name: _arm(material, name) for name in material.results.arms}
    found: dict[str, dict[str, Shown]] = {}
    for place, each in enumerate(material.results.comparisons):
        found.setdefault(each.arm, {})[each.endpoint] = _ratio(material, each, place)
    reference = arms[material.results.comparisons[0].reference]
    contrasts = tuple(
        Contrast(arms[name], reference, ratios["pfs"], ratios["os"])
        for name, ratios in found.items()
    )
    judged = judged_arm(material.results, material.settings.cohort)
    return {
        "given": True,
        "n": len(arms),
        "arms": tuple(arms.values()),
        "reference": reference,
        "judged": "" if judged is None else literal(judged),
        "contrasts": contrasts,
        "leading": tuple(each for each in contrasts if judged is None or each.arm is arms[judged]),
    }


def _arm(material: Material, name: str) -> ArmFact:
    own, prefix = material.results.arms[name], f"arms.{name}."
    kept = None if own.durability is None else own.durability.groups["all"]
    path = f"{prefix}safety.overview"
    seen = {
        kind: rate(material, own.safety.overview[kind], f"{path}.{kind}")
        for kind in ("any", "grade_3_or_higher")
        if kind in own.safety.overview
    }
    exceptional = None
    if own.exceptional is not None and own.exceptional.share.estimate is not None:
        place = f"{prefix}endpoints.exceptional_responders"
        exceptional = rate(material, own.exceptional.share, place)
    return ArmFact(
        name=literal(name),
        treated=Count(own.populations["treated"], f"{prefix}populations.treated"),
        rates={
            each: rate(material, share, f"{prefix}endpoints.{each}")
            for each, share in own.proportions.items()
        },
        times={
            each: time(material, found, f"{prefix}endpoints.{each}")
            for each, found in own.times.items()
        },
        kept=rate(material, kept.share, f"{prefix}durability.all.share")
        if kept is not None and kept.n
        else None,
        exceptional=exceptional,
        any_event=seen.get("any"),
        severe=seen.get("grade_3_or_higher"),
    )


def _ratio(material: Material, each: ArmComparison, place: int) -> Shown:
    """``0.57 (95% CI 0.42–0.77)``."""
    say, numbers, cox = material.say, material.numbers, each.cox
    path = f"comparisons.{place}"
    if cox is None or cox.hazard_ratio is None:
        return Shown((Number(numbers.not_estimable, f"{path}.hazard_ratio"),))
    ratio = Number(numbers.decimal(cox.hazard_ratio, 2), f"{path}.hazard_ratio")
    if cox.lower is None or cox.upper is None:
        return Shown((ratio,))
    limits = say.inlines(
        "format.limits",
        lower=Number(numbers.decimal(cox.lower, 2), f"{path}.ci_lower"),
        upper=Number(numbers.decimal(cox.upper, 2), f"{path}.ci_upper"),
    )
    interval = material.interval(limits, each.confidence)
    return Shown(say.inlines("format.median_with_interval", median=(ratio,), interval=interval))
