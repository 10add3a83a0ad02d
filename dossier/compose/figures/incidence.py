"""Cumulative incidence of progression, with death without progression beside it."""

from __future__ import annotations

from math import ceil

import numpy as np

from dossier.compose.figures.axis import month_ticks
from dossier.compose.figures.legend import LEADING, legend
from dossier.compose.figures.marks import VERMILION, line_key
from dossier.compose.figures.step_plot import CURVE, WIDTH, CountRow, FloatArray, StepPlot
from dossier.compose.material import Material
from dossier.compose.scene import Line, Scene, Shape
from dossier.estimate.competing_risks import (
    CumulativeIncidence,
    ProgressionIncidence,
    incidence_limits,
)
from dossier.units import DAYS_PER_MONTH

__all__ = ["incidence_end", "incidence_figure"]

_MOST_INTERVALS = 8
_DASH = (6.0, 2.5)


def incidence_end(curve: CumulativeIncidence, share: float) -> tuple[float, int]:
    """Last day drawn, and the fewest patients at risk for that: a share of them, rounded up."""
    fewest = max(ceil(share * int(curve.at_risk[0]) - 1e-9), 1)
    return float(curve.times[curve.at_risk >= fewest][-1]), fewest


def incidence_figure(material: Material) -> Scene:
    """The figure of an incidence that was estimated."""
    found = material.results.progression_incidence
    if found is None or found.progression is None or found.death is None:
        raise ValueError("there is no incidence")
    return _Figure(material, found, found.progression, found.death).scene()


class _Figure:
    def __init__(
        self,
        material: Material,
        found: ProgressionIncidence,
        progression: CumulativeIncidence,
        death: CumulativeIncidence,
    ) -> None:
        self._say, self._material, self._found = material.say, material, found
        self._progression, self._death = progression, death
        self._last, _ = incidence_end(progression, material.limits.at_risk_share)
        self._end = self._last / DAYS_PER_MONTH
        self._ticks = month_ticks(max(self._end, 0.25), _MOST_INTERVALS)
        self._names = tuple(
            self._say(f"figures.progression_incidence.{row}")
            for row in ("at_risk", "progression", "death")
        )
        keys = [
            line_key(self._names[1], CURVE, 1.6),
            line_key(self._names[2], VERMILION, 1.6, _DASH),
        ]
        self._legend, below = legend(keys, 8.0, 2.0, WIDTH - 16)
        self._plot = StepPlot(self._ticks, self._names, material.numbers, below + LEADING)

    def scene(self) -> Scene:
        plot, say, curve = self._plot, self._say, self._progression
        months: FloatArray = curve.times / DAYS_PER_MONTH
        lower, upper = incidence_limits(curve, self._found.confidence)
        shapes: list[Shape] = [
            *plot.grid(),
            *plot.band(months, lower, upper, self._end),
            self._steps(self._death, VERMILION, _DASH),
            self._steps(curve, CURVE, ()),
            *plot.axes(say("figures.km.time_axis"), say("figures.progression_incidence.axis")),
            *self._legend,
            *plot.counts(self._counts()),
        ]
        columns = tuple(
            say(f"figures.progression_incidence.columns.{name}")
            for name in ("months", "at_risk", "progression", "lower", "upper", "death")
        )
        rows = tuple(
            (
                float(months[i]),
                int(curve.at_risk[i]),
                float(curve.incidence[i]),
                None if np.isnan(lower[i]) else float(lower[i]),
                None if np.isnan(upper[i]) else float(upper[i]),
                float(self._death.incidence[i]),
            )
            for i in range(months.size)
        )
        title = say("figures.progression_incidence.caption")
        return Scene(
            WIDTH, plot.height(len(self._names)), title, self._alt(), tuple(shapes), columns, rows
        )

    def _steps(self, curve: CumulativeIncidence, color: str, dash: tuple[float, ...]) -> Line:
        shown = curve.times <= self._last
        months: FloatArray = np.concatenate([[0.0], curve.times[shown] / DAYS_PER_MONTH])
        levels: FloatArray = np.concatenate([[0.0], curve.incidence[shown]])
        return Line(self._plot.staircase(months, levels, self._end), color, 1.5, dash)

    def _counts(self) -> list[CountRow]:
        """Patients at risk at each tick, and those with either event before it."""
        days = np.array(self._ticks) * DAYS_PER_MONTH
        before = np.searchsorted(self._progression.times, days, side="left")
        at_risk = np.append(self._progression.at_risk, 0)[before]
        totals = [
            np.concatenate([[0], curve.events.cumsum()])[before]
            for curve in (self._progression, self._death)
        ]
        return [
            CountRow(name, tuple(str(int(count)) for count in counts), strong=place == 0)
            for place, (name, counts) in enumerate(
                zip(self._names, (at_risk, *totals), strict=True)
            )
        ]

    def _alt(self) -> str:
        say, material, found = self._say, self._material, self._found
        parts = [
            say(
                "figures.progression_incidence.alt",
                n=found.n, events=found.events, deaths=found.competing_events,
            )
        ]  # fmt: skip
        for mark in found.landmarks:
            if mark.progression.estimate is None or mark.death.estimate is None:
                continue
            percent = material.numbers.percent
            parts.append(
                say(
                    "figures.progression_incidence.alt_landmark",
                    time=material.duration(mark.label),
                    progression=percent(mark.progression.estimate),
                    death=percent(mark.death.estimate),
                )
            )
        return " ".join(parts)
