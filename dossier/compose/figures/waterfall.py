"""Waterfall figure: the best change in the sum of target lesions of each patient.

A waterfall shows only patients who were measured at baseline and afterwards, so it flatters: how
many are shown and how many are missing stands in the figure itself.
"""

from __future__ import annotations

from collections import Counter

from dossier.cohort.columns import RESPONSES
from dossier.compose.figures.axis import Scale
from dossier.compose.figures.legend import SIZE, legend, paragraph
from dossier.compose.figures.marks import (
    GRID,
    INK,
    WHITE,
    Key,
    fill_key,
    filled,
    mark,
    mark_key,
    response_fill,
)
from dossier.compose.figures.tumour_size import TumourCourse, TumourSizes
from dossier.compose.numbers import Numbers
from dossier.compose.scene import Label, Line, Scene, Shape
from dossier.compose.wording import Wording

WIDTH = 470.0
# Growth beyond twice the size at baseline is cut off, with a mark.
HIGHEST, LOWEST = 1.0, -1.0
PROGRESSION, PARTIAL_RESPONSE = 0.2, -0.3

_LEFT, _RIGHT = 46.0, 40.0
_PLOT_HEIGHT = 190.0
_ABOVE = 24.0  # room over a bar that is cut off, for its mark and value
_NARROWEST_LETTERED = 8.0
_WIDEST_BAR = 26.0
_ROW = 8.5
_NEAR = 1e-9  # 21 of 30 mm is a decrease by 30%, whatever its nearest binary


def waterfall_order(course: TumourCourse) -> tuple[float, int, str]:
    """Largest growth first; of equal changes the worse response first, then by patient."""
    known = RESPONSES.index(course.best_response) if course.best_response in RESPONSES else 9
    return (-course.best_change, -known, course.patient)


def waterfall_scene(sizes: TumourSizes, say: Wording, *, identified: bool = False) -> Scene:
    """The figure.

    Parameters
    ----------
    sizes
        The target lesions of the cohort.
    say
        The words of the language.
    identified
        Whether the data behind the figure name the patients; else they are numbered in the order
        of the bars.
    """
    return _Waterfall(sizes, say, identified).scene()


def waterfall_notes(sizes: TumourSizes, say: Wording) -> tuple[str, ...]:
    """What a reader must know below the figure."""
    notes = [say("figures.waterfall.note")]
    if not sizes.elsewhere_recorded:
        notes.append(say("figures.waterfall.elsewhere_not_recorded"))
    return tuple(notes)


def shown_and_missing(sizes: TumourSizes, say: Wording) -> str:
    """``Shown: 48 of 56 treated patients. Not shown: 8 (...)``."""
    text = say("figures.waterfall.shown", shown=len(sizes.courses), treated=sizes.treated)
    reasons = tuple(
        say(f"figures.waterfall.missing.{reason}", n=n) for reason, n in sizes.missing.items() if n
    )
    missing = sum(sizes.missing.values())
    listed = say("rules.joined_remarks").join(reasons)
    more = say("figures.waterfall.not_shown", n=missing, reasons=listed) if missing else ""
    return f"{text} {more}".rstrip()


class _Waterfall:
    def __init__(self, sizes: TumourSizes, say: Wording, identified: bool) -> None:
        self._sizes, self._say, self._identified = sizes, say, identified
        self._numbers = Numbers(say)
        self._courses = sorted(sizes.courses, key=waterfall_order)
        right = WIDTH - _RIGHT
        self._pitch = (right - _LEFT) / max(len(self._courses), 1)
        self._lettered = self._pitch >= _NARROWEST_LETTERED
        self._width = min(self._pitch * (0.8 if self._pitch > 2 else 1.0), _WIDEST_BAR)
        self._heading, top = paragraph(
            shown_and_missing(sizes, say), 4.0, 10.0, WIDTH - 8.0, 8.5, bold=True
        )
        clipped = any(course.best_change > HIGHEST for course in self._courses)
        top += _ABOVE if clipped else 0.0
        self._y = Scale(LOWEST, HIGHEST, top + _PLOT_HEIGHT, top)

    def scene(self) -> Scene:
        shapes = [*self._heading, *self._axes()]
        for place, course in enumerate(self._courses):
            shapes += self._bar(_LEFT + self._pitch * (place + 0.5), course)
        shapes += self._over_the_bars()
        bottom = self._y(LOWEST) + (14.0 if self._starred_at_the_bottom() else 6.0)
        if not self._lettered:
            rows, bottom = self._response_rows(bottom)
            shapes += rows
        words = self._say("figures.waterfall.patients_axis")
        shapes.append(Label((_LEFT + WIDTH - _RIGHT) / 2, bottom + 8, words, 8.5, "middle"))
        keys, bottom = legend(self._keys(), _LEFT, bottom + 16, WIDTH - _LEFT - 4)
        title = self._say("figures.waterfall.title")
        columns = tuple(
            self._say(f"figures.waterfall.columns.{name}")
            for name in ("patient", "change", "response", "elsewhere")
        )
        return Scene(
            WIDTH, bottom + 3, title, self._alt(), (*shapes, *keys), columns, tuple(self._rows())
        )

    def _percent(self, change: float) -> str:
        number = self._numbers.decimal(round(change, 9) * 100, 0, signed=True)
        return self._say("format.percent", number=number)

    # --- shapes ----------------------------------------------------------------------------------

    def _axes(self) -> list[Shape]:
        right = WIDTH - _RIGHT
        shapes: list[Shape] = []
        for tick in (-1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0):
            y = self._y(tick)
            if tick:
                shapes.append(Line(((_LEFT, y), (right, y)), GRID, 0.5))
            shapes.append(Line(((_LEFT - 3.5, y), (_LEFT, y))))
            shapes.append(Label(_LEFT - 6, y + 2.8, self._percent(tick), SIZE, "end"))
        shapes.append(Line(((_LEFT, self._y(HIGHEST)), (_LEFT, self._y(LOWEST)))))
        words = self._say("figures.waterfall.axis")
        shapes.append(Label(11, self._y(0.0), words, 8.5, "middle", rotation=90.0))
        if not self._courses:
            middle = (_LEFT + right) / 2
            nobody = self._say("figures.waterfall.nobody")
            shapes.append(Label(middle, self._y(0.0) - 8, nobody, 8.5, "middle"))
        return shapes

    def _bar(self, middle: float, course: TumourCourse) -> list[Shape]:
        change = course.best_change
        end, zero = self._y(min(change, HIGHEST)), self._y(0.0)
        left, fill = middle - self._width / 2, response_fill(course.best_response)
        if abs(end - zero) < 1.0:  # a bar of no length is still a patient
            shapes = filled(left, zero - 0.75, self._width, 1.5, fill)
        else:
            shapes = filled(left, min(end, zero), self._width, abs(end - zero), fill)
        if change > HIGHEST:
            shapes += mark("triangle", middle, end - 5, min(self._width, 6.0), INK)
            if self._lettered:
                words = self._percent(change)
                shapes.append(Label(middle + 2.5, end - 10, words, 7, rotation=90.0))
        if self._lettered:
            shapes.append(self._letters(middle, zero, course))
        return shapes

    def _letters(self, middle: float, zero: float, course: TumourCourse) -> Label:
        """The response on the other side of zero, read upward."""
        code = self._say(f"figures.response_codes.{course.best_response}")
        if course.best_change < 0:
            return Label(middle + 2.5, zero - 3, code, 7, "start", rotation=90.0)
        return Label(middle + 2.5, zero + 4, code, 7, "end", rotation=90.0)

    def _over_the_bars(self) -> list[Shape]:
        """What must not be hidden: zero, the two limits, and the stars."""
        right = WIDTH - _RIGHT
        shapes: list[Shape] = [Line(((_LEFT, self._y(0.0)), (right, self._y(0.0))), width=0.8)]
        for level in (PROGRESSION, PARTIAL_RESPONSE):
            y = self._y(level)
            ends = ((_LEFT, y), (right, y))
            # White below the dashes, or they would be lost on dark bars.
            shapes += [Line(ends, WHITE, 1.8), Line(ends, INK, 0.9, (4.0, 2.5))]
            shapes.append(Label(right + 6, y + 2.8, self._percent(level), SIZE, bold=True))
        for place, course in enumerate(self._courses):
            if course.shrank_but_progressed:
                size = min(max(self._pitch, 2.0), 6.0)
                x = _LEFT + self._pitch * (place + 0.5)
                y = self._y(course.best_change) + 2.5 + size / 2
                shapes += mark("star", x, y, size, INK, halo=size > 4)
        return shapes

    def _starred_at_the_bottom(self) -> bool:
        return any(c.shrank_but_progressed and c.best_change < -0.9 for c in self._courses)

    def _response_rows(self, top: float) -> tuple[list[Shape], float]:
        """Where bars are too narrow for letters: a row for each response, a stroke a patient."""
        shapes: list[Shape] = []
        for row, code in enumerate(self._responses()):
            y = top + _ROW * row
            name = self._say(f"figures.response_codes.{code}")
            shapes.append(Label(_LEFT - 6, y + 6.5, name, 7, "end"))
            for place, course in enumerate(self._courses):
                if course.best_response == code:
                    x = _LEFT + self._pitch * (place + 0.5)
                    shapes.append(Line(((x, y + 1), (x, y + _ROW - 1)), INK, self._width * 0.8))
        return shapes, top + _ROW * len(self._responses()) + 3

    def _responses(self) -> list[str]:
        present = {course.best_response for course in self._courses}
        return [code for code in RESPONSES if code in present]

    def _keys(self) -> list[Key]:
        counts = Counter(course.best_response for course in self._courses)
        keys = [
            fill_key(
                response_fill(code),
                self._say(
                    "figures.waterfall.response", name=self._say(f"responses.{code}"),
                    n=counts[code],
                ),
            )
            for code in self._responses()
        ]  # fmt: skip
        if any(course.shrank_but_progressed for course in self._courses):
            keys.append(mark_key("star", self._say("figures.waterfall.star")))
        if any(course.best_change > HIGHEST for course in self._courses):
            words = self._say("figures.waterfall.beyond", limit=self._percent(HIGHEST))
            keys.append(mark_key("triangle", words))
        return keys

    # --- in words and numbers --------------------------------------------------------------------

    def _alt(self) -> str:
        parts = [self._say("figures.waterfall.alt"), shown_and_missing(self._sizes, self._say)]
        if self._courses:
            changes = [course.best_change for course in self._courses]
            shown = len(changes)
            parts.append(
                self._say(
                    "figures.waterfall.alt_changes",
                    smaller=self._numbers.rate(sum(c < 0 for c in changes), shown),
                    partial=self._numbers.rate(
                        sum(c <= PARTIAL_RESPONSE + _NEAR for c in changes), shown
                    ),
                    larger=self._numbers.rate(
                        sum(c >= PROGRESSION - _NEAR for c in changes), shown
                    ),
                    least=self._percent(min(changes)),
                    most=self._percent(max(changes)),
                )
            )
            starred = sum(course.shrank_but_progressed for course in self._courses)
            if starred:
                parts.append(self._say("figures.waterfall.alt_star", n=starred))
        return " ".join(parts)

    def _rows(self) -> list[tuple[str | float | None, ...]]:
        return [
            (
                course.patient if self._identified else place,
                course.best_change,
                course.best_response,
                self._say("yes" if course.shrank_but_progressed else "no"),
            )
            for place, course in enumerate(self._courses, start=1)
        ]
