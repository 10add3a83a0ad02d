"""Kaplan-Meier figure: step curve with its confidence band, censoring ticks, the median, and below
it the numbers at risk with cumulative censored patients and events (the layout that readers
preferred in Morris et al., KMunicate, BMJ Open 2019;9:e030215)."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from dossier.compose.document import plain_text
from dossier.compose.figures.axis import Scale, month_ticks
from dossier.compose.material import Material
from dossier.compose.scene import Label, Line, Scene, Shape
from dossier.estimate.kaplan_meier import KaplanMeier, at_risk_on
from dossier.estimate.model import TimeToEvent
from dossier.fonts import text_width
from dossier.units import DAYS_PER_MONTH

WIDTH = 470.0
_PLOT_TOP = 24.0
_PLOT_HEIGHT = 160.0
_RIGHT = 12.0
_ROW = 12.0
_SIZE = 8.0
_CURVE, _BAND, _EDGE, _GUIDE, _GRID = "#17365D", "#D5E3F2", "#7C97B8", "#5A5A5A", "#E3E6EB"
_MOST_INTERVALS = 8

FloatArray = NDArray[np.float64]


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
        left = max(text_width(words, _SIZE, "bold") for words in self._row_names) + 22
        self._x = Scale(0.0, self._ticks[-1], left, WIDTH - _RIGHT)
        self._y = Scale(0.0, 1.0, _PLOT_TOP + _PLOT_HEIGHT, _PLOT_TOP)
        self._months = curve.times / DAYS_PER_MONTH
        self._shown = curve.times <= self._extent.days

    def scene(self) -> Scene:
        shapes = [
            *self._grid(),
            *self._band(),
            *self._median(),
            self._steps(),
            *self._censored(),
            *self._axes(),
            *self._heading(),
            *self._risk_table(),
        ]
        height = self._y(0.0) + 44 + _ROW * (len(self._row_names) + 1)
        columns = tuple(
            self._say(f"figures.km.columns.{name}")
            for name in ("months", "estimate", "lower", "upper", "at_risk", "events", "censored")
        )
        title = self._say(f"endpoints.{self._name}")
        return Scene(
            WIDTH, height, title, self._alt(title), tuple(shapes), columns, tuple(self._rows())
        )

    # --- the plot --------------------------------------------------------------------------------

    def _grid(self) -> list[Shape]:
        left, right = self._x.start, self._x.end
        return [
            Line(((left, self._y(level)), (right, self._y(level))), _GRID, 0.5)
            for level in (0.25, 0.5, 0.75, 1.0)
        ]

    def _steps(self) -> Line:
        months = np.concatenate([[0.0], self._months[self._shown]])
        levels = np.concatenate([[1.0], self._curve.survival[self._shown]])
        end = self._extent.days / DAYS_PER_MONTH
        return Line(self._staircase(months, levels, end), _CURVE, 1.5)

    def _staircase(
        self, months: FloatArray, levels: FloatArray, end: float
    ) -> tuple[tuple[float, float], ...]:
        """Corners of a step curve, two for each change of level."""
        changes = np.flatnonzero(np.diff(levels, prepend=np.nan) != 0)
        x, y = self._x(months[changes]), self._y(levels[changes])
        xs = np.append(np.repeat(x, 2)[1:], self._x(end))
        ys = np.repeat(y, 2)
        return tuple(zip(np.round(xs, 3).tolist(), np.round(ys, 3).tolist(), strict=True))

    def _band(self) -> list[Shape]:
        """The confidence band, one piece for each run of times with limits."""
        lower, upper = self._curve.ci_lower, self._curve.ci_upper
        # A band that begins where the drawing ends would be a stroke without width.
        known = ~(np.isnan(lower) | np.isnan(upper)) & (self._curve.times < self._extent.days)
        shapes: list[Shape] = []
        positions = np.flatnonzero(known)
        for run in np.split(positions, np.flatnonzero(np.diff(positions) > 1) + 1):
            if not run.size:
                continue
            following = run[-1] + 1
            end = self._extent.days / DAYS_PER_MONTH
            if following < len(self._months) and self._shown[following]:
                end = float(self._months[following])
            low = self._staircase(self._months[run], lower[run], end)
            high = self._staircase(self._months[run], upper[run], end)
            shapes.append(Line((*high, *reversed(low)), None, closed=True, fill=_BAND))
            shapes += [Line(edge, _EDGE, 0.6, (2.0, 2.0)) for edge in (high, low)]
        return shapes

    def _censored(self) -> list[Shape]:
        marks: list[Shape] = []
        last = -1.0
        chosen = self._shown & (self._curve.censored > 0)
        for month, level in zip(self._months[chosen], self._curve.survival[chosen], strict=True):
            x, y = round(self._x(float(month)), 3), self._y(float(level))
            # Ticks nearer than their own width would run into one another.
            if x - last >= 0.7:
                marks.append(Line(((x, round(y - 3.2, 3)), (x, round(y + 3.2, 3))), _CURVE, 0.8))
                last = x
        return marks

    def _median(self) -> list[Shape]:
        days = self._endpoint.median.days
        if days is None or days > self._extent.days:
            return []
        x, y = self._x(days / DAYS_PER_MONTH), self._y(0.5)
        corner = ((self._x.start, y), (x, y), (x, self._y(0.0)))
        return [Line(corner, _GUIDE, 0.8, (4.0, 2.5))]

    def _axes(self) -> list[Shape]:
        left, right, bottom = self._x.start, self._x.end, self._y(0.0)
        numbers = self._material.numbers
        shapes: list[Shape] = [
            Line(((left, _PLOT_TOP), (left, bottom), (right, bottom)), width=0.8)
        ]
        for level in (0.0, 0.25, 0.5, 0.75, 1.0):
            y = self._y(level)
            shapes.append(Line(((left - 3.5, y), (left, y))))
            shapes.append(Label(left - 6, y + 2.8, numbers.percent(level, 0), _SIZE, "end"))
        for tick in self._ticks:
            x = self._x(tick)
            shapes.append(Line(((x, bottom), (x, bottom + 3.5))))
            shapes.append(Label(x, bottom + 13, numbers.plain(tick), _SIZE, "middle"))
        middle = (left + right) / 2
        shapes.append(Label(middle, bottom + 26, self._say("figures.km.time_axis"), 8.5, "middle"))
        words = self._say(f"figures.{self._name}.axis")
        shapes.append(Label(13, (_PLOT_TOP + bottom) / 2, words, 8.5, "middle", rotation=90.0))
        return shapes

    def _heading(self) -> list[Shape]:
        return [Label(self._x.start, 12, self._summary(), 8.5, bold=True)]

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

    def _risk_table(self) -> list[Shape]:
        """Patients at risk at each tick, those censored before it and those with an event."""
        bottom = self._y(0.0) + 42
        curve = self._curve
        days = np.array(self._ticks) * DAYS_PER_MONTH
        before = np.searchsorted(curve.times, days, side="left")
        censored = np.concatenate([[0], curve.censored.cumsum()])[before]
        events = np.concatenate([[0], curve.events.cumsum()])[before]
        values = (at_risk_on(curve, days), censored, events)
        shapes: list[Shape] = [Line(((8.0, bottom - 4), (self._x.end, bottom - 4)), _GRID, 0.5)]
        for row, (words, counts) in enumerate(zip(self._row_names, values, strict=True)):
            y = bottom + _ROW * (row + 0.6)
            shapes.append(Label(8.0, y, words, _SIZE, bold=row == 0))
            for tick, value in zip(self._ticks, counts, strict=True):
                shapes.append(
                    Label(self._x(tick), y, str(int(value)), _SIZE, "middle", bold=row == 0)
                )
        return shapes

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
