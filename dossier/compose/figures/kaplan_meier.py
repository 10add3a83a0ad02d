"""Kaplan-Meier figure: step curve with its confidence band, censoring ticks, the median, and below
it the numbers at risk with cumulative censored patients and events (the layout that readers
preferred in Morris et al., KMunicate, BMJ Open 2019;9:e030215)."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from dossier.compose.document import plain_text
from dossier.compose.figures.axis import month_ticks
from dossier.compose.figures.step_plot import CURVE, GUIDE, WIDTH, CountRow, StepPlot
from dossier.compose.material import Material
from dossier.compose.scene import Label, Line, Scene, Shape
from dossier.estimate.kaplan_meier import KaplanMeier, at_risk_on
from dossier.estimate.model import TimeToEvent
from dossier.units import DAYS_PER_MONTH

_MOST_INTERVALS = 8


@dataclass(frozen=True)
class Extent:
    """How far a curve is drawn.

    Parameters
    ----------
    days
        Last day drawn.
    at_risk
        Fewest patients at risk for a curve to be drawn on.
    cut
        Whether the curve goes on beyond.
    """

    days: float
    at_risk: int
    cut: bool


def extent(endpoint: TimeToEvent, curve: KaplanMeier, share: float) -> Extent:
    """Draw while a share of the patients (rounded up) is at risk, and as far as the median."""
    fewest = max(ceil(share * endpoint.n - 1e-9), 1)
    enough = curve.times[at_risk_on(curve, curve.times) >= fewest]
    last = float(enough[-1]) if enough.size else float(curve.times[0])
    if endpoint.median.days is not None:
        last = max(last, min(endpoint.median.days, curve.last_time))
    return Extent(last, fewest, cut=last < curve.last_time)


def kaplan_meier_figure(material: Material, name: str) -> Scene:
    """The figure of an endpoint that has a curve.

    Parameters
    ----------
    name
        ``pfs``, ``os`` or ``dor``.
    """
    endpoint = material.results.times[name]
    curve = endpoint.curve
    if curve is None:
        raise ValueError(f"{name} has no curve")
    return _Figure(material, name, endpoint, curve).scene()


class _Figure:
    def __init__(
        self, material: Material, name: str, endpoint: TimeToEvent, curve: KaplanMeier
    ) -> None:
        self._material = material
        self._say = material.say
        self._name = name
        self._endpoint = endpoint
        self._curve = curve
        self._extent = extent(endpoint, curve, material.limits.at_risk_share)
        self._ticks = month_ticks(max(self._extent.days / DAYS_PER_MONTH, 0.25), _MOST_INTERVALS)
        self._row_names = tuple(
            self._say(f"figures.km.{row}") for row in ("at_risk", "censored", "events")
        )
        self._plot = StepPlot(self._ticks, self._row_names, material.numbers)
        self._months = curve.times / DAYS_PER_MONTH
        self._shown = curve.times <= self._extent.days
        self._end = self._extent.days / DAYS_PER_MONTH

    def scene(self) -> Scene:
        curve, plot, say = self._curve, self._plot, self._say
        since = "figures.dor.time_axis" if self._name == "dor" else "figures.km.time_axis"
        censored = self._shown & (curve.censored > 0)
        shapes = [
            *plot.grid(),
            *plot.band(self._months, curve.ci_lower, curve.ci_upper, self._end),
            *self._median(),
            self._steps(),
            *plot.censored(self._months[censored], curve.survival[censored]),
            *plot.axes(say(since), say(f"figures.{self._name}.axis")),
            Label(plot.x.start, 12, self._summary(), 8.5, bold=True),
            *plot.counts(self._counts()),
        ]
        height = plot.height(len(self._row_names))
        columns = tuple(
            self._say(f"figures.km.columns.{name}")
            for name in ("months", "estimate", "lower", "upper", "at_risk", "events", "censored")
        )
        title = self._say(f"endpoints.{self._name}")
        return Scene(
            WIDTH, height, title, self._alt(title), tuple(shapes), columns, tuple(self._rows())
        )

    # --- the plot --------------------------------------------------------------------------------

    def _steps(self) -> Line:
        months = np.concatenate([[0.0], self._months[self._shown]])
        levels = np.concatenate([[1.0], self._curve.survival[self._shown]])
        return Line(self._plot.staircase(months, levels, self._end), CURVE, 1.5)

    def _median(self) -> list[Shape]:
        days = self._endpoint.median.days
        if days is None or days > self._extent.days:
            return []
        plot = self._plot
        x, y = plot.x(days / DAYS_PER_MONTH), plot.y(0.5)
        corner = ((plot.x.start, y), (x, y), (x, plot.y(0.0)))
        return [Line(corner, GUIDE, 0.8, (4.0, 2.5))]

    def _summary(self) -> str:
        endpoint, material = self._endpoint, self._material
        path = f"endpoints.{self._name}"
        median = plain_text(material.median(endpoint, path))
        if endpoint.median.ci_lower_days is not None or endpoint.median.ci_upper_days is not None:
            limits = material.median_limits(endpoint, path)
            interval = plain_text(material.interval(limits, endpoint.confidence))
            median = self._say("figures.km.median_limits", median=median, interval=interval)
        return self._say(
            "figures.km.summary", patients=endpoint.n, events=endpoint.events, median=median
        )

    def _counts(self) -> list[CountRow]:
        """Patients at risk at each tick, those censored before it and those with an event."""
        curve = self._curve
        days = np.array(self._ticks) * DAYS_PER_MONTH
        before = np.searchsorted(curve.times, days, side="left")
        censored = np.concatenate([[0], curve.censored.cumsum()])[before]
        events = np.concatenate([[0], curve.events.cumsum()])[before]
        values = (at_risk_on(curve, days), censored, events)
        return [
            CountRow(words, tuple(str(int(value)) for value in counts), strong=row == 0)
            for row, (words, counts) in enumerate(zip(self._row_names, values, strict=True))
        ]

    # --- in words and numbers --------------------------------------------------------------------

    def _alt(self, title: str) -> str:
        material, endpoint = self._material, self._endpoint
        parts = [self._say("figures.km.alt", title=title, summary=self._summary())]
        parts += [
            self._say(
                "figures.km.alt_landmark",
                time=material.landmark_label(landmark),
                percent=plain_text(material.landmark(landmark, "")),
                n=landmark.at_risk,
            )
            for landmark in endpoint.landmarks
            if landmark.estimate is not None
        ]
        last = self._shown.nonzero()[0][-1]
        end = material.numbers.percent(float(self._curve.survival[last]))
        months = material.numbers.months(self._extent.days)
        parts.append(self._say("figures.km.alt_end", end=end, months=months))
        return " ".join(parts)

    def _rows(self) -> list[tuple[str | float | None, ...]]:
        curve = self._curve
        return [
            (
                float(month),
                float(curve.survival[i]),
                _known(curve.ci_lower[i]),
                _known(curve.ci_upper[i]),
                int(curve.at_risk[i]),
                int(curve.events[i]),
                int(curve.censored[i]),
            )
            for i, month in enumerate(self._months)
        ]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
