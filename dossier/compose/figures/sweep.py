"""A criterion along one of its thresholds: the verdict of each stretch, and where it flips."""

from __future__ import annotations

from dossier.appraise.verdict import Verdict
from dossier.compose.figures.axis import Scale
from dossier.compose.figures.legend import LEADING, SIZE, legend
from dossier.compose.figures.marks import (
    GREY,
    GUIDE,
    INK,
    ORANGE,
    WHITE,
    Fill,
    Key,
    fill_key,
    filled,
    line_key,
)
from dossier.compose.figures.tornado import _ticks
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.numbers import exact
from dossier.compose.scenario_print import criterion_titles, rule_subjects, verdict_text
from dossier.compose.scene import Label, Line, Scene, Shape, rectangle
from dossier.fonts import text_width
from dossier.scenarios.sweep import Sweep

__all__ = ["sweep_notes", "sweep_scene", "sweep_title", "threshold_words"]

WIDTH = 470.0
_LEFT, _RIGHT, _BAND, _PAD = 20.0, 450.0, 22.0, 4.0
FILLS = {
    Verdict.MET: Fill("#7FB7E0"),
    Verdict.NOT_MET: Fill(ORANGE, "crossed", "#5B3A00"),
    Verdict.NOT_ASSESSABLE: Fill(WHITE, edge=GUIDE),
    Verdict.NOT_APPLICABLE: Fill(GREY, "falling", INK),
}


def threshold_words(material: Material, value: float, unit: str) -> str:
    """A threshold of a sweep with its unit; ``%`` counts in hundreds."""
    numbers = material.numbers
    number = exact(value)
    rounds = number == round(number, 2)
    text = numbers.plain(number) if rounds else numbers.decimal(number, 2)
    if unit == "%":
        return material.say("format.percent", number=text)
    return material.say(f"format.units.{unit}", number=text) if unit else text


def sweep_title(material: Material, found: Sweep) -> str:
    """Which threshold is moved, of which criterion."""
    criterion = criterion_titles(material).get(found.criterion, found.criterion)
    subject = rule_subjects(material).get((found.criterion, found.rule), found.rule)
    return literal(
        material.say("figures.sweep.title", criterion=criterion, rule=material.say.lower(subject))
    )


def sweep_notes(material: Material, found: Sweep) -> tuple[str, ...]:
    """What a reader must know below the figure."""
    return (material.say("figures.sweep.note"),) if found.flips else (
        material.say("figures.sweep.no_flip"),
    )  # fmt: skip


def sweep_scene(found: Sweep, material: Material) -> Scene:
    """The figure."""
    say = material.say
    low, high = found.stretches[0].low, found.stretches[-1].high
    x = Scale(low, high, _LEFT, _RIGHT)
    names: list[tuple[float, str]] = []
    if found.threshold is not None and low <= found.threshold <= high:
        text = say(
            "figures.sweep.now", value=threshold_words(material, found.threshold, found.unit)
        )
        names.append((found.threshold, text))
    names += [
        (flip.at, say("figures.sweep.flip", value=threshold_words(material, flip.at, found.unit)))
        for flip in found.flips
    ]
    heads, top = _heads(names, x)
    shapes: list[Shape] = []
    for each in found.stretches:
        start, width = x(each.low), max(x(each.high) - x(each.low), 0.6)
        shapes += filled(start, top, width, _BAND, FILLS[each.verdict])
        words = verdict_text(material, each.verdict, each.grade)
        if text_width(words, SIZE, "bold") + 8 <= width:
            middle, half = start + width / 2, text_width(words, SIZE, "bold") / 2 + 3
            shapes.append(rectangle(middle - half, top + 5, 2 * half, 12, fill=WHITE, color=None))
            shapes.append(Label(middle, top + 14, words, SIZE, "middle", bold=True))
    bottom = top + _BAND
    if found.threshold is not None and low <= found.threshold <= high:
        at = x(found.threshold)
        shapes.append(Line(((at, top - 4), (at, bottom + 4)), INK, 1.3, (4.0, 2.5)))
    for flip in found.flips:
        at = x(flip.at)
        shapes.append(Line(((at, top - 4), (at, bottom + 4)), INK, 1.8))
    shapes += heads
    for tick in _ticks(low, high, None):
        if not low - 1e-9 <= tick <= high + 1e-9:
            continue
        at = x(tick)
        shapes.append(Line(((at, bottom), (at, bottom + 3.5))))
        text = threshold_words(material, tick, "%") if found.unit == "%" else (
            material.numbers.plain(exact(tick))
        )  # fmt: skip
        half = text_width(text, SIZE) / 2
        shapes.append(Label(min(max(at, half), WIDTH - half), bottom + 14, text, SIZE, "middle"))
    axis = say("figures.sweep.axis", unit=_unit(material, found.unit))
    shapes.append(Label((_LEFT + _RIGHT) / 2, bottom + 27, axis, SIZE, "middle"))
    keys, end = legend(_keys(found, material), _PAD, bottom + 40, WIDTH - 2 * _PAD)
    columns = ("from", "to", "verdict")
    return Scene(
        WIDTH, end + 3, sweep_title(material, found), _alt(found, material), (*shapes, *keys),
        tuple(say(f"figures.sweep.columns.{name}") for name in columns),
        tuple(
            (each.low, each.high, verdict_text(material, each.verdict, each.grade))
            for each in found.stretches
        ),
    )  # fmt: skip


def _unit(material: Material, unit: str) -> str:
    return material.say.of("figures.sweep.units", unit or "count")


def _heads(names: list[tuple[float, str]], x: Scale) -> tuple[list[Shape], float]:
    """Names of the lines, on as many lines as keeps them apart."""
    levels: list[list[tuple[float, float]]] = []
    placed: list[tuple[float, int, str]] = []
    for value, text in names:
        half = text_width(text, SIZE) / 2
        at = min(max(x(value), _PAD + half), WIDTH - _PAD - half)
        left, right = at - half - 4, at + half + 4
        level = next(
            (n for n, taken in enumerate(levels)
             if all(right <= a or b <= left for a, b in taken)), len(levels),
        )  # fmt: skip
        if level == len(levels):
            levels.append([])
        levels[level].append((left, right))
        placed.append((at, level, text))
    top = LEADING * max(len(levels), 1) + 10
    return [
        Label(at, top - 7 - LEADING * level, text, SIZE, "middle") for at, level, text in placed
    ], top


def _keys(found: Sweep, material: Material) -> tuple[Key, ...]:
    say = material.say
    shown = {each.verdict for each in found.stretches}
    keys = [
        fill_key(fill, say(f"verdicts.{verdict}"))
        for verdict, fill in FILLS.items()
        if verdict in shown
    ]
    if found.threshold is not None:
        keys.append(line_key(say("figures.sweep.now_line"), INK, 1.3, (4.0, 2.5)))
    if found.flips:
        keys.append(line_key(say("figures.sweep.flip_line"), INK, 1.8))
    return tuple(keys)


def _alt(found: Sweep, material: Material) -> str:
    say = material.say
    rows = say("rules.joined_remarks").join(
        say(
            "figures.sweep.alt_row",
            low=threshold_words(material, each.low, found.unit),
            high=threshold_words(material, each.high, found.unit),
            verdict=say.lower(verdict_text(material, each.verdict, each.grade)),
        )
        for each in found.stretches
    )
    if found.flips:
        points = tuple(threshold_words(material, flip.at, found.unit) for flip in found.flips)
        finding = say("figures.sweep.alt_flips", n=len(points), points=say.listed(points))
    else:
        finding = say("figures.sweep.alt_never")
    return say("figures.sweep.alt", title=sweep_title(material, found), rows=rows, finding=finding)
