"""Every figure a template can print, by name."""

from __future__ import annotations

from dossier.compose.document import Figure, Inline
from dossier.compose.figures.flow import flow_figure
from dossier.compose.figures.kaplan_meier import extent, kaplan_meier_figure
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.numbering import anchor
from dossier.compose.tables.cells import runs

__all__ = ["FIGURES", "figure", "why_not_drawn"]

_CURVES = ("pfs", "os", "dor")
FIGURES = ("flow", *_CURVES)


def why_not_drawn(material: Material, name: str) -> str:
    """Why a figure cannot be drawn, in words; empty where it can."""
    say = material.say
    if name not in _CURVES:
        return ""
    endpoint = material.results.times[name]
    if endpoint.curve is None:
        return literal(say.reason(endpoint.reason or "not known"))
    fewest = material.limits.responders_for_figure
    if name == "dor" and endpoint.n < fewest:
        return say("figures.dor.too_few", n=endpoint.n, fewest=fewest)
    return ""


def figure(material: Material, name: str) -> Figure:
    """A figure that can be drawn, with its caption and notes."""
    say = material.say
    if name == "flow":
        scene = flow_figure(material)
        notes = [say("figures.flow.note", cutoff=material.cutoff_date())]
    else:
        scene = kaplan_meier_figure(material, name)
        notes = _curve_notes(material, name)
    caption = say(f"figures.{name}.caption")
    lines: tuple[tuple[Inline, ...], ...] = tuple(runs(note) for note in notes if note)
    return Figure(anchor("figure", name), "", runs(caption), scene, lines)


def _curve_notes(material: Material, name: str) -> list[str]:
    say, numbers = material.say, material.numbers
    endpoint = material.results.times[name]
    if endpoint.curve is None:
        return []
    drawn = extent(endpoint, endpoint.curve, material.limits.at_risk_share)
    notes = [
        say(
            "figures.km.note",
            population=say(f"figures.{name}.population"),
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
