"""Kaplan-Meier curves of the treatment arms in one plot, with the numbers at risk of each arm.

Arms differ by their dashes as well as by their colours, so that a grey print tells them apart.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dossier.compose.document import plain_text
from dossier.compose.figures.axis import month_ticks
from dossier.compose.figures.kaplan_meier import Extent, extent
from dossier.compose.figures.legend import LEADING, legend, shortened
from dossier.compose.figures.marks import BLUE, GUIDE, INK, VERMILION, line_key
from dossier.compose.figures.step_plot import CURVE, SIZE, WIDTH, CountRow, FloatArray, StepPlot
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.scene import Line, Scene, Shape
from dossier.estimate.kaplan_meier import KaplanMeier, at_risk_on
from dossier.estimate.model import TimeToEvent
from dossier.units import DAYS_PER_MONTH

__all__ = ["MOST_ARMS", "arm_curves_figure", "arms_with_a_curve"]

_LINES: tuple[tuple[str, tuple[float, ...]], ...] = (
    (CURVE, ()),
    (VERMILION, (6.0, 2.5)),
    (BLUE, (1.5, 2.0)),
    (INK, (8.0, 2.5, 1.5, 2.5)),
    (GUIDE, (3.0, 1.5)),
)
MOST_ARMS = len(_LINES)
_MOST_INTERVALS = 7
_WIDEST_NAME = 120.0


class _Arm(NamedTuple):
    name: str
    endpoint: TimeToEvent
    curve: KaplanMeier
    drawn: Extent
    path: str
    color: str
    dash: tuple[float, ...]

    @property
    def end(self) -> float:
        return self.drawn.days / DAYS_PER_MONTH


def arms_with_a_curve(material: Material, endpoint: str) -> list[str]:
    """Names of the arms in which an endpoint has a curve."""
    arms = material.results.arms
    return [name for name, arm in arms.items() if arm.times[endpoint].curve is not None]


def arm_curves_figure(material: Material, endpoint: str) -> Scene:
    """The curves of all arms that have one.

    Parameters
    ----------
    material
        The evaluation and its words.
    endpoint
        ``pfs`` or ``os``.
    """
    return _Figure(material, endpoint).scene()


class _Figure:
    def __init__(self, material: Material, endpoint: str) -> None:
        self._material, self._say, self._endpoint = material, material.say, endpoint
        self._arms = _arms(material, endpoint)
        last = max(arm.end for arm in self._arms)
        self._ticks = month_ticks(max(last, 0.25), _MOST_INTERVALS)
        keys = [line_key(self._summary(arm), arm.color, 1.6, arm.dash) for arm in self._arms]
        self._legend, below = legend(keys, 8.0, 2.0, WIDTH - 16)
        self._heading = material.say("figures.km_arms.rows")
        names = [self._heading, *(_short(arm.name) for arm in self._arms)]
        self._plot = StepPlot(self._ticks, names, material.numbers, below + LEADING)

    def scene(self) -> Scene:
        plot, say = self._plot, self._say
        rows = [CountRow(self._heading, strong=True), *map(self._counts, self._arms)]
        shapes = [
            *plot.grid(),
            *(shape for arm in self._arms for shape in self._drawn(arm)),
            *plot.axes(say("figures.km.time_axis"), say(f"figures.{self._endpoint}.axis")),
            *self._legend,
            *plot.counts(rows),
        ]
        columns = [say("figures.km_arms.arm")]
        columns += [
            say(f"figures.km.columns.{name}")
            for name in ("months", "estimate", "lower", "upper", "at_risk", "events", "censored")
        ]
        title = say(f"figures.{self._endpoint}_arms.caption")
        data = tuple(row for arm in self._arms for row in _rows(arm))
        height = plot.height(len(rows))
        return Scene(WIDTH, height, title, self._alt(), tuple(shapes), tuple(columns), data)

    def _drawn(self, arm: _Arm) -> list[Shape]:
        months = arm.curve.times / DAYS_PER_MONTH
        shown = arm.curve.times <= arm.drawn.days
        xs: FloatArray = np.concatenate([[0.0], months[shown]])
        levels: FloatArray = np.concatenate([[1.0], arm.curve.survival[shown]])
        line = Line(self._plot.staircase(xs, levels, arm.end), arm.color, 1.5, arm.dash)
        marked = shown & (arm.curve.censored > 0)
        marks = self._plot.censored(months[marked], arm.curve.survival[marked], arm.color)
        return [line, *marks]

    def _counts(self, arm: _Arm) -> CountRow:
        """Patients at risk at each tick, and in brackets those with the event before it."""
        days = np.array(self._ticks) * DAYS_PER_MONTH
        before = np.searchsorted(arm.curve.times, days, side="left")
        events = np.concatenate([[0], arm.curve.events.cumsum()])[before]
        pairs = zip(at_risk_on(arm.curve, days).tolist(), events.tolist(), strict=True)
        texts = (self._say("figures.km_arms.counts", at_risk=n, events=m) for n, m in pairs)
        return CountRow(_short(arm.name), tuple(texts))

    def _summary(self, arm: _Arm) -> str:
        material, time = self._material, arm.endpoint
        median = plain_text(material.median(time, arm.path))
        if time.median.ci_lower_days is not None or time.median.ci_upper_days is not None:
            limits = material.median_limits(time, arm.path)
            interval = plain_text(material.interval(limits, time.confidence))
            median = self._say("figures.km.median_limits", median=median, interval=interval)
        return self._say(
            "figures.km_arms.summary",
            arm=arm.name, patients=time.n, events=time.events, median=median,
        )  # fmt: skip

    def _alt(self) -> str:
        summaries = "; ".join(self._summary(arm) for arm in self._arms)
        title = self._say(f"endpoints.{self._endpoint}")
        parts = [self._say("figures.km_arms.alt", title=title, summaries=summaries)]
        for comparison in self._material.results.comparisons:
            cox = comparison.cox
            if comparison.endpoint != self._endpoint or cox is None or cox.hazard_ratio is None:
                continue
            numbers = self._material.numbers
            parts.append(
                self._say(
                    "figures.km_arms.alt_ratio",
                    arm=literal(comparison.arm),
                    reference=literal(comparison.reference),
                    ratio=numbers.decimal(cox.hazard_ratio, 2),
                )
            )
        return " ".join(parts)


def _arms(material: Material, endpoint: str) -> list[_Arm]:
    found: list[_Arm] = []
    for name, arm in material.results.arms.items():
        time = arm.times[endpoint]
        if time.curve is None or len(found) == MOST_ARMS:
            continue
        drawn = extent(time, time.curve, material.limits.at_risk_share)
        path = f"arms.{name}.endpoints.{endpoint}"
        found.append(_Arm(literal(name), time, time.curve, drawn, path, *_LINES[len(found)]))
    return found


def _short(name: str) -> str:
    return shortened(name, _WIDEST_NAME, SIZE)


def _rows(arm: _Arm) -> list[tuple[str | float | None, ...]]:
    curve = arm.curve
    months = curve.times / DAYS_PER_MONTH
    return [
        (
            arm.name,
            float(months[i]),
            float(curve.survival[i]),
            _known(curve.ci_lower[i]),
            _known(curve.ci_upper[i]),
            int(curve.at_risk[i]),
            int(curve.events[i]),
            int(curve.censored[i]),
        )
        for i in range(len(months))
    ]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
