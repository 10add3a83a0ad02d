"""Every figure a template can print, by name."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.compose.document import Figure, Inline
from dossier.compose.figures.arm_curves import MOST_ARMS, arm_curves_figure, arms_with_a_curve
from dossier.compose.figures.durability_bridge import (
    Bridge,
    bridge_of,
    durability_notes,
    durability_scene,
)
from dossier.compose.figures.flow import flow_figure
from dossier.compose.figures.group_forest import (
    RateGroups,
    basket_rates,
    group_rate,
    rate_forest,
    subgroup_rates,
)
from dossier.compose.figures.incidence import incidence_end, incidence_figure
from dossier.compose.figures.kaplan_meier import extent, kaplan_meier_figure
from dossier.compose.figures.margins import (
    CriterionMargins,
    criterion_margins,
    margins_notes,
    margins_scene,
)
from dossier.compose.figures.patient_times import CohortTimes, cohort_times
from dossier.compose.figures.spider import spider_notes, spider_scene
from dossier.compose.figures.sweep import sweep_notes, sweep_scene, sweep_title
from dossier.compose.figures.swimmer import swimmer_notes, swimmer_scenes
from dossier.compose.figures.tornado import Tornado, tornado, tornado_notes, tornado_scene
from dossier.compose.figures.tumour_size import TumourSizes, tumour_sizes
from dossier.compose.figures.waterfall import waterfall_notes, waterfall_scene
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.numbering import anchor
from dossier.compose.response_kind import response_kind
from dossier.compose.scene import Scene
from dossier.compose.tables.cells import runs
from dossier.compose.tables.methods import as_given

__all__ = [
    "FIGURES",
    "durability_of",
    "figures_of",
    "margins_of",
    "tornado_of",
    "why_not_drawn",
]

_CURVES = ("pfs", "os", "dor")
# Of patients one by one, from the rows of the cohort.
_OF_PATIENTS = ("waterfall", "spider", "swimmer", "durability")
# The curves of all arms in one plot.
_OF_ARMS = {"pfs_arms": "pfs", "os_arms": "os"}
FIGURES = (
    "flow", *_CURVES, *_OF_ARMS, "progression_incidence", *_OF_PATIENTS, "subgroups", "baskets",
    "margins", "tornado", "sweep",
)  # fmt: skip


def why_not_drawn(material: Material, name: str, which: str = "") -> str:
    """Why a figure cannot be drawn, in words; empty where it can.

    Parameters
    ----------
    material
        The evaluation and its words.
    name
        Name of the figure.
    which
        For ``margins`` the criterion, for ``tornado`` the endpoint.
    """
    say, results = material.say, material.results
    if name in _CURVES:
        return _why_no_curve(material, name)
    if name in _OF_ARMS:
        return _why_no_arm_curves(material, _OF_ARMS[name])
    if name == "progression_incidence":
        return _why_no_incidence(material)
    if name in _OF_PATIENTS:
        if not results.populations["treated"]:
            return say("figures.reasons.nobody_treated")
        return _why_no_patients(material, name)
    if name in ("subgroups", "baskets"):
        absent = results.subgroups is None if name == "subgroups" else results.baskets is None
        return say(f"figures.{name}.absent") if absent else ""
    if name == "tornado":
        return _why_no_tornado(material, which)
    if name == "sweep":
        return "" if material.what_if and material.what_if.sweeps else say("figures.sweep.none")
    if name == "margins":
        drawn = [verdict.id for verdict in material.evaluation.verdicts]
        found = [margins_of(material, drawn.index(which))] if which else _all_margins(material)
        return "" if any(each.rules for each in found) else say("figures.margins.absent")
    return ""


def figures_of(material: Material, name: str, which: str = "") -> tuple[Figure, ...]:
    """A figure that can be drawn, on as many pages as it needs, with its caption and notes."""
    say = material.say
    if name == "sweep":
        return _sweeps(material)
    caption = "" if name in ("margins", "tornado") else say(f"figures.{name}.caption")
    scenes: tuple[Scene, ...]
    notes: Sequence[str]
    match name:
        case "flow":
            scenes = (flow_figure(material),)
            notes = [say("figures.flow.note", cutoff=material.cutoff_date())]
        case "waterfall":
            sizes = material.once(_sizes)
            scenes, notes = (waterfall_scene(sizes, say),), waterfall_notes(sizes, say)
        case "spider":
            scenes, notes = (spider_scene(material.once(_sizes), say),), spider_notes(say)
        case "swimmer":
            times = material.once(_times)
            scenes, notes = swimmer_scenes(times, say), swimmer_notes(times, say)
        case "durability":
            found = durability_of(material)
            scenes, notes = (durability_scene(found, say),), durability_notes(found, say)
        case "pfs_arms" | "os_arms":
            scenes = (arm_curves_figure(material, _OF_ARMS[name]),)
            notes = _arm_curve_notes(material, _OF_ARMS[name])
        case "progression_incidence":
            scenes, notes = (incidence_figure(material),), _incidence_notes(material)
        case "subgroups" | "baskets":
            scenes, notes = (_forest(material, name),), _forest_notes(material, name)
        case "tornado":
            moved = tornado_of(material, which)
            assert moved is not None  # noqa: S101  asked before: why_not_drawn
            caption = say("figures.tornado.caption", endpoint=moved.endpoint)
            scenes, notes = (tornado_scene(moved, material),), tornado_notes(moved, material)
        case "margins":
            criteria = [verdict.id for verdict in material.evaluation.verdicts]
            margins = margins_of(material, criteria.index(which))
            caption = say("figures.margins.caption", criterion=margins.title)
            scenes, notes = (margins_scene(margins, say),), margins_notes(say)
        case _:
            scenes = (kaplan_meier_figure(material, name),)
            notes = _curve_notes(material, name)
    lines: tuple[tuple[Inline, ...], ...] = tuple(runs(note) for note in notes if note)
    full = f"{name}_{which}" if which else name
    drawn: list[Figure] = []
    for page, scene in enumerate(scenes, start=1):
        title = caption if page == 1 else say("figures.next_page", caption=caption)
        place = full if page == 1 else f"{full}_{page}"
        below = lines if page == 1 else ()
        drawn.append(Figure(anchor("figure", place), "", runs(title), scene, below))
    return tuple(drawn)


def durability_of(material: Material) -> Bridge:
    """What became of clinical benefit between 16 and 24 weeks."""
    return bridge_of(material.results)


def tornado_of(material: Material, endpoint: str) -> Tornado | None:
    """How far the scenarios move an endpoint; None without scenarios or without an estimate."""
    return None if material.what_if is None else tornado(material, endpoint)


def _sweeps(material: Material) -> tuple[Figure, ...]:
    """A figure for every threshold that was moved."""
    found = () if material.what_if is None else material.what_if.sweeps
    return tuple(
        Figure(
            anchor("figure", f"sweep_{each.criterion}_{each.rule}" if place else "sweep"), "",
            runs(sweep_title(material, each)), sweep_scene(each, material),
            tuple(runs(note) for note in sweep_notes(material, each)),
        )
        for place, each in enumerate(found)
    )  # fmt: skip


def margins_of(material: Material, criterion: int) -> CriterionMargins:
    """Distances of the rules of a criterion, by its place among the verdicts; computed once."""
    return _all_margins(material)[criterion]


# --- why not -------------------------------------------------------------------------------------


def _why_no_tornado(material: Material, endpoint: str) -> str:
    if material.what_if is None:
        return material.say("scenarios.none")
    found = tornado_of(material, endpoint)
    if found is None:
        return material.say("figures.tornado.unknown")
    return "" if found.bars else material.say("figures.tornado.absent")


def _why_no_curve(material: Material, name: str) -> str:
    say, endpoint = material.say, material.results.times[name]
    if endpoint.curve is None:
        return literal(say.reason(endpoint.reason or "not known"))
    fewest = material.limits.responders_for_figure
    if name == "dor" and endpoint.n < fewest:
        return say("figures.dor.too_few", n=endpoint.n, fewest=fewest)
    return ""


def _why_no_arm_curves(material: Material, endpoint: str) -> str:
    say, arms = material.say, material.results.arms
    if not arms:
        return say("tables.arms.absent")
    if len(arms) > MOST_ARMS:
        return say("figures.km_arms.too_many", n=len(arms), most=MOST_ARMS)
    if len(arms_with_a_curve(material, endpoint)) < 2:
        return say("figures.km_arms.too_few")
    return ""


def _why_no_incidence(material: Material) -> str:
    found = material.results.progression_incidence
    if found is None:
        return material.say("tables.progression_incidence.absent")
    return literal(material.say.reason(found.reason)) if found.reason else ""


def _why_no_patients(material: Material, name: str) -> str:
    say, limits = material.say, material.limits
    treated = material.results.populations["treated"]
    if name in ("swimmer", "spider") and treated > limits.patients_for_courses:
        return say("figures.reasons.too_many", n=treated, most=limits.patients_for_courses)
    if name == "swimmer":
        return "" if material.once(_times).patients else say("figures.reasons.no_times")
    if name == "durability":
        if as_given(material, "cbr"):
            return say("figures.reasons.benefit_given")
        return "" if durability_of(material).assessed else say("figures.reasons.no_benefit_known")
    bars = len(material.once(_sizes).courses)
    if not bars:
        return say("figures.reasons.no_sizes")
    if name == "waterfall" and bars > limits.waterfall_bars:
        return say("figures.reasons.too_many_bars", n=bars, most=limits.waterfall_bars)
    return ""


# --- what is computed once for a document --------------------------------------------------------


def _sizes(material: Material) -> TumourSizes:
    return tumour_sizes(material.evaluation)


def _times(material: Material) -> CohortTimes:
    return cohort_times(material.evaluation)


def _all_margins(material: Material) -> tuple[CriterionMargins, ...]:
    return material.once(_margins)


def _margins(material: Material) -> tuple[CriterionMargins, ...]:
    count = len(material.evaluation.verdicts)
    return tuple(criterion_margins(material, place) for place in range(count))


# --- scenes and notes ----------------------------------------------------------------------------


def _forest(material: Material, name: str) -> Scene:
    say, results = material.say, material.results
    endpoint = "orr"
    groups: tuple[RateGroups, ...] = ()
    if name == "subgroups" and results.subgroups is not None:
        groups = subgroup_rates(results.subgroups, endpoint, say)
    elif results.baskets is not None:
        endpoint = results.baskets.endpoint
        groups = (basket_rates(results.baskets, say),)
    overall = group_rate("", results.proportions[endpoint])
    return rate_forest(groups, overall, say(f"endpoints.{endpoint}"), say)


def _forest_notes(material: Material, name: str) -> list[str]:
    estimation = material.settings.estimation
    level = material.numbers.level(estimation.confidence)
    method = material.say(f"methods.{estimation.proportion_ci}")
    return [material.say(f"figures.{name}.note", level=level, method=method)]


def _arm_curve_notes(material: Material, endpoint: str) -> list[str]:
    say, arms = material.say, material.results.arms
    share = material.numbers.percent(material.limits.at_risk_share, 0)
    notes = [say("figures.km_arms.note", share=share)]
    unknown = sum(arm.times[endpoint].unknown for arm in arms.values())
    if unknown:
        notes.append(say("figures.km.unknown", n=unknown))
    without = [name for name in arms if name not in arms_with_a_curve(material, endpoint)]
    notes += [say("figures.km_arms.without", arm=literal(name)) for name in without]
    return notes


def _population(material: Material, name: str) -> str:
    """Whom a curve counts; of responders whether they are confirmed."""
    responders = material.say(f"responders.{response_kind(material)}")
    return material.say(f"figures.{name}.population", responders=responders)


def _incidence_notes(material: Material) -> list[str]:
    say, numbers = material.say, material.numbers
    found = material.results.progression_incidence
    if found is None or found.progression is None:
        return []
    share = material.limits.at_risk_share
    days, fewest = incidence_end(found.progression, share)
    notes = [say("figures.progression_incidence.note", level=numbers.level(found.confidence))]
    if days < found.progression.times[-1]:
        last = numbers.months(float(found.progression.times[-1]))
        percent = numbers.percent(share, 0)
        notes.append(say("figures.km.cut", share=percent, fewest=fewest, last=last))
    if found.unknown:
        notes.append(say("figures.km.unknown", n=found.unknown))
    return notes


def _curve_notes(material: Material, name: str) -> list[str]:
    say, numbers = material.say, material.numbers
    endpoint = material.results.times[name]
    if endpoint.curve is None:
        return []
    drawn = extent(endpoint, endpoint.curve, material.limits.at_risk_share)
    notes = [
        say(
            "figures.km.note",
            population=_population(material, name),
            level=numbers.level(endpoint.confidence),
            limits=say(f"methods.limits.{endpoint.limits}"),
        )
    ]
    if drawn.cut:
        notes.append(
            say(
                "figures.km.cut",
                share=numbers.percent(material.limits.at_risk_share, 0),
                fewest=drawn.at_risk,
                months=numbers.months(drawn.days),
                last=numbers.months(endpoint.curve.last_time),
            )
        )
    if endpoint.unknown:
        notes.append(say("figures.km.unknown", n=endpoint.unknown))
    return notes
