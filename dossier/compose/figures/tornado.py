"""Tornado: how far each assumption moves one endpoint, the widest first, with the thresholds.

Scenarios that change the same assumption share a bar, from the lowest to the highest estimate that
they give; cases that leave out one value of a column in turn are one assumption.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from dossier.compose.figures.axis import Scale
from dossier.compose.figures.legend import LEADING, SIZE, fitted, legend
from dossier.compose.figures.marks import (
    GRID,
    INK,
    VERMILION,
    WHITE,
    Fill,
    Key,
    fill_key,
    filled,
    line_key,
    mark,
    mark_key,
)
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.numbers import exact
from dossier.compose.scenario_print import (
    column_words,
    endpoint_words,
    estimate,
    found_in,
    scenario_names,
)
from dossier.compose.scene import Label, Line, Scene, Shape, rectangle
from dossier.estimate.arms import judged_arm
from dossier.fonts import text_width
from dossier.scenarios.matrix import Figure, ScenarioRow
from dossier.scenarios.scenario import Scenario

__all__ = ["Tornado", "TornadoBar", "tornado", "tornado_notes", "tornado_scene"]

WIDTH = 470.0
_NAMES, _PAD, _ROW = 158.0, 4.0, 25.0
_MOST_BARS, _TICKS = 12, 6
_STEPS = (1, 2, 2.5, 5, 10)
LOWER = Fill("#F3C9A8", "falling", "#5B3A00")
HIGHER = Fill("#4C9BD1")


@dataclass(frozen=True)
class TornadoBar:
    """An assumption: what it is, and the lowest and highest estimate under its scenarios.

    ``flips`` says whether a verdict changes in one of them.
    """

    name: str
    low: float
    high: float
    low_text: str
    high_text: str
    scenarios: int
    flips: bool


@dataclass(frozen=True)
class Tornado:
    """One endpoint over all scenarios.

    Parameters
    ----------
    endpoint
        Its name in full.
    unit
        ``share`` or ``months``.
    base, base_text
        The estimate of the base case.
    bars
        The widest first, the base case within each.
    unchanged
        Assumptions that leave the estimate as it is.
    not_drawn
        Assumptions beyond the most that are drawn.
    without_estimate
        Scenarios that were run and have no estimate.
    thresholds
        Of the criteria, in the unit of the endpoint, with their words.
    """

    endpoint: str
    unit: str
    base: float
    base_text: str
    bars: tuple[TornadoBar, ...]
    unchanged: int
    not_drawn: int
    without_estimate: int
    thresholds: tuple[tuple[float, str], ...]


def tornado(material: Material, endpoint: str) -> Tornado | None:
    """How far the scenarios move an endpoint; None where the base case has no estimate of it."""
    matrix = found_in(material).matrix
    base = matrix.base.figures.get(endpoint)
    if base is None or base.estimate is None:
        return None
    groups: dict[str, list[tuple[ScenarioRow, Figure]]] = {}
    without = 0
    for row, name in zip(matrix.rows[1:], scenario_names(material)[1:], strict=True):
        figure = row.figures.get(endpoint)
        if row.reason is not None or figure is None:
            continue
        if figure.estimate is None:
            without += 1
            continue
        label = _assumption(material, row.scenario, matrix.base.scenario, name)
        groups.setdefault(label, []).append((row, figure))
    bars = [_bar(material, label, rows, base) for label, rows in groups.items()]
    moved = sorted((bar for bar in bars if bar.high > bar.low), key=lambda bar: bar.low - bar.high)
    return Tornado(
        endpoint_words(material, endpoint, short=False),
        base.unit,
        base.estimate,
        estimate(material, base, "").text,
        tuple(moved[:_MOST_BARS]),
        len(bars) - len(moved),
        max(len(moved) - _MOST_BARS, 0),
        without,
        _thresholds(material, endpoint),
    )


def _bar(
    material: Material, label: str, rows: list[tuple[ScenarioRow, Figure]], base: Figure
) -> TornadoBar:
    figures = [base, *(figure for _, figure in rows)]
    low = min(figures, key=lambda each: each.estimate or 0.0)
    high = max(figures, key=lambda each: each.estimate or 0.0)
    flips = any(row.flipped for row, _ in rows)
    return TornadoBar(
        label, low.estimate or 0.0, high.estimate or 0.0, estimate(material, low, "").text,
        estimate(material, high, "").text, len(rows), flips,
    )  # fmt: skip


def _assumption(material: Material, scenario: Scenario, base: Scenario, name: str) -> str:
    """What a scenario changes, where that is one thing with a name; else the scenario's own."""
    say = material.say
    if scenario.left_out is not None:
        words = column_words(material, scenario.left_out[0])
        return say("scenarios.left_out_each", column=words)
    changed = [
        path
        for path, value in _settings(scenario.settings).items()
        if _settings(base.settings).get(path) != value
    ]
    filters = (scenario.population.only, scenario.population.without)
    other = {
        "population": scenario.population.name != base.population.name,
        "not_evaluable": scenario.not_evaluable != base.not_evaluable,
        "filter": filters != (base.population.only, base.population.without),
        "criteria": scenario.criteria != base.criteria or scenario.overrides != base.overrides,
    }
    named = [key for key, differs in other.items() if differs]
    if len(changed) + len(named) != 1 or named in (["filter"], ["criteria"]):
        return name
    if named:
        return say(f"scenarios.assumptions.{named[0]}")
    if changed == ["cohort.data_cutoff"]:
        return say("scenarios.assumptions.cutoff")
    return say(f"settings.{changed[0]}") if say.has(f"settings.{changed[0]}") else name


def _settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{section}.{key}": value
        for section, keys in settings.items()
        for key, value in keys.items()
    }


def _thresholds(material: Material, endpoint: str) -> tuple[tuple[float, str], ...]:
    """Thresholds of the criteria on the endpoint, each once."""
    found: dict[float, str] = {}
    for verdict in material.evaluation.verdicts:
        for rule in verdict.rules:
            if rule.quantity != endpoint or rule.threshold is None or rule.comparison == "is":
                continue
            found[rule.threshold] = material.numbers.threshold(rule.threshold, rule.unit)
    return tuple(sorted(found.items()))


def tornado_scene(found: Tornado, material: Material) -> Scene:
    """The figure."""
    return _Drawing(found, material).scene()


def tornado_notes(found: Tornado, material: Material) -> tuple[str, ...]:
    """What a reader must know below the figure."""
    say = material.say
    arm = judged_arm(material.results, material.settings.cohort)
    return (
        "" if arm is None else say("tables.by_arm.figure_of", arm=literal(arm)),
        say("figures.tornado.note"),
        say("figures.tornado.unchanged", n=found.unchanged) if found.unchanged else "",
        say("figures.tornado.not_drawn", n=found.not_drawn) if found.not_drawn else "",
        say("figures.tornado.without", n=found.without_estimate) if found.without_estimate else "",
    )


class _Drawing:
    def __init__(self, found: Tornado, material: Material) -> None:
        self._found, self._say, self._numbers = found, material.say, material.numbers
        values = [x for bar in found.bars for x in (bar.low, bar.high)] + [found.base]
        low, high = min(values), max(values)
        self._shown = [
            (x, text) for x, text in found.thresholds
            if low - 0.6 * (high - low) <= x <= high + 0.6 * (high - low)
        ]  # fmt: skip
        marks = [*values, *(x for x, _ in self._shown)]
        self._ticks = _ticks(min(marks), max(marks), 1.0 if found.unit == "share" else None)
        widest = max(text_width(self._text(x), SIZE) for x in values)
        start, end = _NAMES + widest + 10, WIDTH - widest - 20
        self._x = Scale(self._ticks[0], self._ticks[-1], start, end)

    def _text(self, value: float) -> str:
        if self._found.unit == "share":
            return self._numbers.percent(value)
        return self._numbers.decimal(exact(value))

    def scene(self) -> Scene:
        found, say = self._found, self._say
        heads, top = self._heads()
        bottom = top + _ROW * len(found.bars) + 4
        shapes: list[Shape] = [
            Line(((self._x(t), top), (self._x(t), bottom)), GRID, 0.6) for t in self._ticks
        ]
        shapes += [
            Line(((self._x(x), top - 2), (self._x(x), bottom)), VERMILION, 1.0, (4.0, 2.5))
            for x, _ in self._shown
        ]
        for row, bar in enumerate(found.bars):
            shapes += self._bar(bar, top + _ROW * row + 2)
        base = self._x(found.base)
        shapes += [Line(((base, top - 2), (base, bottom)), INK, 1.4), *heads]
        shapes.append(Line(((self._x.start, bottom), (self._x.end, bottom)), width=0.8))
        for tick in self._ticks:
            x = self._x(tick)
            shapes.append(Line(((x, bottom), (x, bottom + 3.5))))
            places = 0 if found.unit == "share" and (tick * 100) % 1 < 1e-9 else 1
            text = (
                self._numbers.percent(round(tick, 6), places)
                if found.unit == "share"
                else self._numbers.plain(round(tick, 6))
            )
            shapes.append(Label(x, bottom + 12.5, text, SIZE, "middle"))
        axis = found.endpoint
        if found.unit == "months":
            axis = say("figures.tornado.months", endpoint=found.endpoint)
        middle = min((self._x.start + self._x.end) / 2, WIDTH - text_width(axis, SIZE) / 2 - _PAD)
        shapes.append(Label(middle, bottom + 25, axis, SIZE, "middle"))
        keys, end = legend(self._keys(), _PAD, bottom + 38, WIDTH - 2 * _PAD)
        columns = ("assumption", "scenarios", "lowest", "highest", "base", "verdict")
        return Scene(
            WIDTH, end + 3, say("figures.tornado.title", endpoint=found.endpoint), self._alt(),
            (*shapes, *keys),
            tuple(say(f"figures.tornado.columns.{name}") for name in columns),
            tuple(
                (bar.name, bar.scenarios, bar.low, bar.high, found.base,
                 say("figures.tornado.changes" if bar.flips else "figures.tornado.stays"))
                for bar in found.bars
            ),
        )  # fmt: skip

    def _heads(self) -> tuple[list[Shape], float]:
        """Names of the base line and the thresholds, on as many lines as keeps them apart."""
        names = [
            (self._found.base, self._say("figures.tornado.base", value=self._found.base_text)),
            *((x, self._say("figures.tornado.threshold", value=text)) for x, text in self._shown),
        ]
        levels: list[list[tuple[float, float]]] = []
        placed: list[tuple[float, int, str, float]] = []
        for x, text in names:
            half = text_width(text, SIZE) / 2
            at = min(max(self._x(x), _PAD + half), WIDTH - _PAD - half)
            left, right = at - half - 4, at + half + 4
            level = next(
                (n for n, taken in enumerate(levels)
                 if all(right <= a or b <= left for a, b in taken)), len(levels),
            )  # fmt: skip
            if level == len(levels):
                levels.append([])
            levels[level].append((left, right))
            placed.append((at, level, text, self._x(x)))
        top = LEADING * len(levels) + 8
        shapes: list[Shape] = []
        for at, level, text, _ in placed:
            shapes.append(Label(at, top - 6 - LEADING * level, text, SIZE, "middle"))
        return shapes, top

    def _bar(self, bar: TornadoBar, y: float) -> list[Shape]:
        base = self._found.base
        low, middle, high = self._x(bar.low), self._x(base), self._x(bar.high)
        height = _ROW - 9
        shapes: list[Shape] = []
        if middle - low > 0.05:
            shapes += filled(low, y + 2, middle - low, height, LOWER)
        if high - middle > 0.05:
            shapes += filled(middle, y + 2, high - middle, height, HIGHER)
        baseline = y + 2 + height / 2 + 2.9
        for at, sign, shown in ((low, -1, bar.low < base), (high, 1, bar.high > base)):
            if not shown:
                continue
            text = self._text(bar.low if sign < 0 else bar.high)
            wide = text_width(text, SIZE)
            left = at + 3 if sign > 0 else at - 3 - wide
            # No line runs through the number.
            shapes.append(rectangle(left - 1, baseline - 7, wide + 2, 9, fill=WHITE, color=None))
            shapes.append(Label(left, baseline, text, SIZE))
        lines = fitted(bar.name, _NAMES - 2 * _PAD - 10, 2)
        first = baseline - LEADING * (len(lines) - 1) / 2
        shapes += [
            Label(_PAD, first + (LEADING - 1.2) * n, line, SIZE) for n, line in enumerate(lines)
        ]
        if bar.flips:
            shapes += mark("diamond", WIDTH - _PAD - 4, y + 2 + height / 2, 7.0, INK)
        return shapes

    def _keys(self) -> tuple[Key, ...]:
        say, found = self._say, self._found
        keys = []
        if any(bar.low < found.base for bar in found.bars):
            keys.append(fill_key(LOWER, say("figures.tornado.lower")))
        if any(bar.high > found.base for bar in found.bars):
            keys.append(fill_key(HIGHER, say("figures.tornado.higher")))
        keys.append(line_key(say("figures.tornado.base_line"), INK, 1.4))
        if self._shown:
            keys.append(line_key(say("figures.tornado.threshold_line"), VERMILION, 1.0, (4.0, 2.5)))
        if any(bar.flips for bar in found.bars):
            keys.append(mark_key("diamond", say("figures.tornado.changes"), INK, 7.0))
        return tuple(keys)

    def _alt(self) -> str:
        say, found = self._say, self._found
        rows = say("rules.joined_remarks").join(
            say("figures.tornado.alt_row", name=bar.name, low=bar.low_text, high=bar.high_text)
            for bar in found.bars
        )
        crossed = [
            text
            for x, text in found.thresholds
            if any((bar.low < x) != (bar.high < x) for bar in found.bars)
        ]
        finding = (
            say("figures.tornado.alt_crossed", thresholds=say.listed(tuple(crossed)))
            if crossed
            else say("figures.tornado.alt_none" if found.thresholds else "figures.tornado.alt_free")
        )
        return say(
            "figures.tornado.alt", endpoint=found.endpoint, base=found.base_text, rows=rows,
            finding=finding,
        )  # fmt: skip


def _ticks(low: float, high: float, most: float | None) -> tuple[float, ...]:
    """Round values at equal distances that enclose two others, not below 0 nor above ``most``."""
    span = max(high - low, 1e-6)
    rough = span / _TICKS
    power = 1.0
    while power > rough:
        power /= 10
    while power * 10 <= rough:
        power *= 10
    step = next(power * s for s in _STEPS if power * s >= rough - 1e-12)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    ticks = tuple(round(step * n, 9) for n in range(max(first, 0), last + 1))
    return tuple(tick for tick in ticks if most is None or tick <= most + 1e-9)
