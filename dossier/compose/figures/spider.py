"""Spider figure: the sum of target lesions of each patient over time, from baseline."""

from __future__ import annotations

from dataclasses import dataclass

from dossier.compose.figures.axis import Scale, month_ticks
from dossier.compose.figures.legend import SIZE, legend, paragraph
from dossier.compose.figures.marks import (
    ACCENT,
    BLUE,
    GRID,
    GUIDE,
    INK,
    VERMILION,
    Key,
    MarkKind,
    line_key,
    mark,
    mark_key,
)
from dossier.compose.figures.tumour_size import TumourCourse, TumourSizes
from dossier.compose.figures.waterfall import (
    HIGHEST,
    LOWEST,
    PARTIAL_RESPONSE,
    PROGRESSION,
    shown_and_missing,
)
from dossier.compose.numbers import Numbers
from dossier.compose.scene import Label, Line, Scene, Shape
from dossier.compose.wording import Wording
from dossier.units import DAYS_PER_MONTH, DAYS_PER_YEAR

WIDTH = 470.0
_LEFT, _RIGHT = 46.0, 40.0
_PLOT_HEIGHT = 210.0
_MOST_INTERVALS = 10
_FEW = 40  # up to so many lines are drawn at full width

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class _Stroke:
    """How the line of a kind of best response is drawn."""

    kind: str
    color: str
    width: float
    dash: tuple[float, ...] = ()


_STROKES = {
    "response": _Stroke("response", ACCENT, 1.3),
    "stable": _Stroke("stable", BLUE, 1.0, (5.0, 2.0)),
    "none": _Stroke("none", VERMILION, 1.0, (1.2, 1.8)),
}
_KIND = {"CR": "response", "PR": "response", "SD": "stable", "NON-CR/NON-PD": "stable"}
_ENDS: dict[str, MarkKind] = {
    "CR": "disc", "PR": "disc", "SD": "circle", "NON-CR/NON-PD": "circle", "PD": "cross",
    "NE": "square",
}  # fmt: skip
_MEANING: dict[MarkKind, str] = {
    "disc": "response", "circle": "stable", "cross": "progression", "square": "not_evaluable",
}  # fmt: skip


def spider_scene(sizes: TumourSizes, say: Wording, *, identified: bool = False) -> Scene:
    """The figure.

    Parameters
    ----------
    sizes
        The target lesions of the cohort.
    say
        The words of the language.
    identified
        Whether the data behind the figure name the patients; else they are numbered.
    """
    return _Spider(sizes, say, identified).scene()


def spider_notes(say: Wording) -> tuple[str, ...]:
    """What a reader must know below the figure."""
    return (say("figures.spider.note"),)


class _Spider:
    def __init__(self, sizes: TumourSizes, say: Wording, identified: bool) -> None:
        self._sizes, self._say, self._identified = sizes, say, identified
        self._numbers = Numbers(say)
        last = max((course.days[-1] for course in sizes.courses), default=DAYS_PER_YEAR)
        self._ticks = month_ticks(max(last / DAYS_PER_MONTH, 0.25), _MOST_INTERVALS)
        self._x = Scale(0.0, self._ticks[-1], _LEFT, WIDTH - _RIGHT)
        words = shown_and_missing(sizes, say)
        self._heading, top = paragraph(words, 4.0, 10.0, WIDTH - 8.0, 8.5, bold=True)
        top += 8 if any(course.changes[-1] > HIGHEST for course in sizes.courses) else 0
        self._y = Scale(LOWEST, HIGHEST, top + _PLOT_HEIGHT, top)
        self._thin = 1.0 if len(sizes.courses) <= _FEW else 0.7

    def scene(self) -> Scene:
        shapes = [*self._heading, *self._axes()]
        for course in self._sizes.courses:
            stroke = _stroke(course)
            line = Line(self._points(course), stroke.color, stroke.width * self._thin, stroke.dash)
            shapes.append(line)
        for course in self._sizes.courses:
            shapes += self._ends(course)
        bottom = self._y(LOWEST)
        keys, end = legend(self._keys(), _LEFT, bottom + 32, WIDTH - _LEFT - 4)
        title = self._say("figures.spider.title")
        columns = tuple(
            self._say(f"figures.spider.columns.{name}")
            for name in ("patient", "days", "change", "response")
        )
        rows = tuple(self._rows())
        return Scene(WIDTH, end + 3, title, self._alt(), (*shapes, *keys), columns, rows)

    def _at(self, day: float, change: float) -> tuple[float, float]:
        x = self._x(day / DAYS_PER_MONTH)
        return (round(x, 3), round(self._y(change), 3))

    def _points(self, course: TumourCourse) -> Points:
        """The line from baseline; what grows out of the figure stops at its upper edge."""
        points = [self._at(0.0, 0.0)]
        before = (0.0, 0.0)
        for day, change in zip(course.days, course.changes, strict=True):
            (earlier, level), high = before, max(before[1], change)
            if high > HIGHEST and min(level, change) < HIGHEST:
                share = (HIGHEST - level) / (change - level)
                points.append(self._at(earlier + share * (day - earlier), HIGHEST))
            if change <= HIGHEST:
                points.append(self._at(day, change))
            before = (day, change)
        return tuple(points)

    def _ends(self, course: TumourCourse) -> list[Shape]:
        last = course.changes[-1]
        color = _stroke(course).color
        if last <= HIGHEST:
            x, y = self._at(course.days[-1], last)
            return mark(_end(course), x, y, 5.5, color)
        x, y = self._points(course)[-1]
        return mark("triangle", x, y - 3, 6.0, color)

    def _axes(self) -> list[Shape]:
        right, bottom = self._x.end, self._y(LOWEST)
        shapes: list[Shape] = []
        for level in (-1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0):
            y = self._y(level)
            shapes.append(Line(((_LEFT, y), (right, y)), GUIDE if level == 0 else GRID, 0.5))
            shapes.append(Line(((_LEFT - 3.5, y), (_LEFT, y))))
            shapes.append(Label(_LEFT - 6, y + 2.8, self._percent(level), SIZE, "end"))
        for level in (PROGRESSION, PARTIAL_RESPONSE):
            y = self._y(level)
            shapes.append(Line(((_LEFT, y), (right, y)), INK, 0.9, (4.0, 2.5)))
            shapes.append(Label(right + 6, y + 2.8, self._percent(level), SIZE, bold=True))
        for tick in self._ticks:
            x = self._x(tick)
            shapes.append(Line(((x, bottom), (x, bottom + 3.5))))
            shapes.append(Label(x, bottom + 13, self._numbers.plain(tick), SIZE, "middle"))
        shapes.append(Line(((_LEFT, self._y(HIGHEST)), (_LEFT, bottom), (right, bottom))))
        middle = (_LEFT + right) / 2
        words = self._say("figures.spider.time_axis")
        shapes.append(Label(middle, bottom + 25, words, 8.5, "middle"))
        words = self._say("figures.spider.axis")
        shapes.append(Label(11, self._y(0.0), words, 8.5, "middle", rotation=90.0))
        if not self._sizes.courses:
            nobody = self._say("figures.waterfall.nobody")
            shapes.append(Label(middle, self._y(0.0) - 8, nobody, 8.5, "middle"))
        return shapes

    def _keys(self) -> list[Key]:
        courses = self._sizes.courses
        kinds = [_stroke(course).kind for course in courses]
        keys = [
            line_key(
                self._say(f"figures.spider.best.{kind}", n=kinds.count(kind)),
                stroke.color, stroke.width, stroke.dash,
            )
            for kind, stroke in _STROKES.items()
            if kind in kinds
        ]  # fmt: skip
        ends = {_end(course) for course in courses if course.changes[-1] <= HIGHEST}
        keys += [
            mark_key(end, self._say(f"figures.spider.last.{words}"), size=5.0)
            for end, words in _MEANING.items()
            if end in ends
        ]
        if any(course.changes[-1] > HIGHEST for course in courses):
            words = self._say("figures.spider.beyond", limit=self._percent(HIGHEST))
            keys.append(mark_key("triangle", words))
        return keys

    def _percent(self, change: float) -> str:
        number = self._numbers.decimal(round(change, 9) * 100, 0, signed=True)
        return self._say("format.percent", number=number)

    # --- in words and numbers --------------------------------------------------------------------

    def _alt(self) -> str:
        courses = self._sizes.courses
        parts = [self._say("figures.spider.alt"), shown_and_missing(self._sizes, self._say)]
        if courses:
            smaller = sum(course.changes[-1] < 0 for course in courses)
            grown = sum(
                course.changes[-1] - course.best_change >= PROGRESSION for course in courses
            )
            longest = self._numbers.months(max(course.days[-1] for course in courses))
            parts.append(
                self._say(
                    "figures.spider.alt_changes",
                    smaller=self._numbers.rate(smaller, len(courses)),
                    grown=grown,
                    longest=longest,
                )
            )
        return " ".join(parts)

    def _rows(self) -> list[tuple[str | float | None, ...]]:
        return [
            (course.patient if self._identified else place, day, change, course.best_response)
            for place, course in enumerate(self._sizes.courses, start=1)
            for day, change in ((0.0, 0.0), *zip(course.days, course.changes, strict=True))
        ]


def _stroke(course: TumourCourse) -> _Stroke:
    return _STROKES[_KIND.get(course.best_response, "none")]


def _end(course: TumourCourse) -> MarkKind:
    return _ENDS.get(course.last_response, "square")
