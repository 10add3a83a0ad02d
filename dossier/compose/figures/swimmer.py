"""Swimmer figure: one bar a patient, from the start of treatment to the end of observation."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from dossier.compose.figures.axis import Scale, month_ticks
from dossier.compose.figures.legend import SIZE, legend, paragraph, shortened
from dossier.compose.figures.marks import (
    ACCENT,
    BLUE,
    GRID,
    INK,
    ORANGE,
    PALE,
    WHITE,
    Fill,
    Key,
    fill_key,
    filled,
    mark,
    mark_key,
)
from dossier.compose.figures.patient_times import CohortTimes, PatientTimes
from dossier.compose.numbers import Numbers
from dossier.compose.scene import Label, Line, Scene, Shape
from dossier.compose.wording import Wording
from dossier.fonts import text_width
from dossier.units import DAYS_PER_MONTH, DAYS_PER_YEAR

WIDTH = 470.0
MOST_PATIENTS = 60  # that a page holds beside its caption
_PITCHES = ((20, 14.0), (45, 11.5), (MOST_PATIENTS, 9.2))
"""Up to how many bars on a page, and the distance between them, in points."""

_RIGHT = 16.0  # room for the mark at the end of the longest bar
_MOST_INTERVALS = 10
_WIDEST_NAME = 90.0
_ON, _OFF = Fill(BLUE, edge=ACCENT), Fill(PALE, edge=ACCENT)


def swimmer_scenes(
    times: CohortTimes, say: Wording, *, identified: bool = False
) -> tuple[Scene, ...]:
    """The figure, on as many pages as it needs; the longest observation stands at the top.

    Parameters
    ----------
    times
        The treated patients.
    say
        The words of the language.
    identified
        Whether the figure and its data name the patients; else they are numbered in its order.
    """
    pages = max(ceil(len(times.patients) / MOST_PATIENTS), 1)
    # Pages of equal length, so that the last one does not hold a single bar.
    length = max(ceil(len(times.patients) / pages), 1)
    return tuple(
        _Swimmer(times, say, identified, page * length, length).scene() for page in range(pages)
    )


def swimmer_notes(times: CohortTimes, say: Wording) -> tuple[str, ...]:
    """What a reader must know below the figure."""
    shown = times.patients
    recorded = all(each.treated_until is not None for each in shown)
    unmarked = "off_treatment" if recorded else "last_seen"
    if not all(each.survival_known for each in shown):
        unmarked = "not_known"
    parts = [say("figures.swimmer.note"), say(f"figures.swimmer.unmarked.{unmarked}")]
    if _any(shown, "response_start"):
        parts.append(say("figures.swimmer.response_line"))
    notes = [" ".join(parts)]
    undated = sum(each.responded and each.response_start is None for each in shown)
    if undated:
        notes.append(say("figures.swimmer.response_undated", n=undated))
    untold = sum(
        not each.progression_known or (each.progressed and each.progression is None)
        for each in shown
    )
    if untold:
        notes.append(say("figures.swimmer.progression_unknown", n=untold))
    unknown = times.treated - len(times.patients)
    if unknown:
        notes.append(say("figures.swimmer.unknown", n=unknown))
    if not recorded:
        notes.append(say("figures.swimmer.treatment_not_recorded"))
    return tuple(notes)


class _Swimmer:
    """A page of the figure: ``length`` patients from place ``first`` on."""

    def __init__(
        self, times: CohortTimes, say: Wording, identified: bool, first: int, length: int
    ) -> None:
        self._times, self._say, self._identified = times, say, identified
        self._first = first
        self._shown = times.patients[first : first + length]
        self._pitch = next(pitch for most, pitch in _PITCHES if length <= most)
        self._thick = self._pitch * 0.62
        self._numbers = Numbers(say)
        self._names = [self._name(place) for place in range(len(self._shown))]
        widest = max((text_width(name, 7.5) for name in self._names), default=0.0)
        longest = max((each.end for each in times.patients), default=DAYS_PER_YEAR)
        self._ticks = month_ticks(max(longest / DAYS_PER_MONTH, 0.25), _MOST_INTERVALS)
        self._x = Scale(0.0, self._ticks[-1], max(widest + 12, 36.0), WIDTH - _RIGHT)
        self._heading, self._top = paragraph(self._summary(), 4.0, 10.0, WIDTH - 8, 8.5, bold=True)

    def scene(self) -> Scene:
        bottom = self._top + self._pitch * max(len(self._shown), 2) + 2
        shapes = [*self._heading, *self._axes(bottom)]
        for place, each in enumerate(self._shown):
            shapes += self._patient(self._top + self._pitch * (place + 0.5), each)
        for place, name in enumerate(self._names):
            y = self._top + self._pitch * (place + 0.5) + 2.7
            shapes.append(Label(self._x.start - 5, y, name, 7.5, "end"))
        if not self._shown:
            nobody = self._say("figures.swimmer.nobody")
            middle = (self._x.start + self._x.end) / 2
            shapes.append(Label(middle, self._top + self._pitch, nobody, 8.5, "middle"))
        keys, end = legend(self._keys(), self._x.start, bottom + 31, WIDTH - self._x.start - 4)
        columns = tuple(
            self._say(f"figures.swimmer.columns.{name}")
            for name in (
                "patient", "response", "end", "treated_until", "ongoing", "response_start",
                "response_end", "progression", "new_therapy", "death",
            )
        )  # fmt: skip
        rows = tuple(self._row(place, each) for place, each in enumerate(self._shown))
        title = self._say("figures.swimmer.title")
        return Scene(WIDTH, end + 3, title, self._alt(), (*shapes, *keys), columns, rows)

    def _name(self, place: int) -> str:
        each = self._shown[place]
        code = self._say(f"figures.response_codes.{each.best_response or 'NE'}")
        if not self._identified:
            return code
        return f"{shortened(each.patient, _WIDEST_NAME, 7.5)}  {code}"

    def _at(self, days: float) -> float:
        return self._x(days / DAYS_PER_MONTH)

    def _axes(self, bottom: float) -> list[Shape]:
        shapes: list[Shape] = []
        for tick in self._ticks:
            x = self._x(tick)
            shapes.append(Line(((x, self._top), (x, bottom)), GRID, 0.5))
            shapes.append(Line(((x, bottom), (x, bottom + 3.5))))
            shapes.append(Label(x, bottom + 12.5, self._numbers.plain(tick), SIZE, "middle"))
        ends = ((self._x.start, self._top), (self._x.start, bottom), (self._x.end, bottom))
        shapes.append(Line(ends))
        middle = (self._x.start + self._x.end) / 2
        words = self._say("figures.swimmer.time_axis")
        shapes.append(Label(middle, bottom + 24, words, 8.5, "middle"))
        return shapes

    def _patient(self, y: float, each: PatientTimes) -> list[Shape]:
        top, zero, end = y - self._thick / 2, self._x.start, self._at(each.end)
        until = zero if each.treated_until is None else self._at(each.treated_until)
        shapes: list[Shape] = []
        if end - until > 0.05:
            shapes += filled(until, top, end - until, self._thick, _OFF)
        if until - zero > 0.05:
            shapes += filled(zero, top, until - zero, self._thick, _ON)
        if each.response_start is not None and each.response_end is not None:
            start, stop = self._at(each.response_start), self._at(each.response_end)
            shapes.append(Line(((start, y), (stop, y)), INK, 3.0))
            shapes.append(Line(((start, y), (stop, y)), ORANGE, 1.8))
        if each.new_therapy is not None:
            x = self._at(each.new_therapy)
            tall = self._pitch * 0.46
            shapes.append(Line(((x, y - tall), (x, y + tall)), WHITE, 2.8))
            shapes.append(Line(((x, y - tall), (x, y + tall)), INK, 1.4))
        size = self._pitch * 0.56
        if each.response_start is not None:
            shapes += mark("triangle", self._at(each.response_start), y, size + 0.6, INK, halo=True)
        if each.progression is not None:
            shapes += mark("diamond", self._at(each.progression), y, size, INK, halo=True)
        if each.death is not None:
            shapes += mark("cross", end + 5, y, size, INK)
        elif each.ongoing:
            shapes += mark("arrow", end + 1, y, size + 1, INK)
        return shapes

    def _keys(self) -> list[Key]:
        say, shown = self._say, self._times.patients
        split = any(each.treated_until is not None for each in shown)
        rest = "off_treatment" if split else "observed"
        offered: Sequence[tuple[bool, Key]] = (
            (split, fill_key(_ON, say("figures.swimmer.on_treatment"))),
            (bool(shown), fill_key(_OFF, say(f"figures.swimmer.{rest}"))),
            (_any(shown, "response_start"), Key(_stripe, say("figures.swimmer.in_response"), 16.0)),
            (
                _any(shown, "response_start"),
                mark_key("triangle", say("figures.swimmer.response_start"), size=7),
            ),
            (
                _any(shown, "progression"),
                mark_key("diamond", say("figures.swimmer.progression")),
            ),
            (
                _any(shown, "new_therapy"),
                mark_key("bar", say("figures.swimmer.new_therapy"), size=9),
            ),
            (_any(shown, "death"), mark_key("cross", say("figures.swimmer.death"))),
            (
                any(each.ongoing for each in shown),
                mark_key("arrow", say("figures.swimmer.ongoing"), size=7),
            ),
        )
        return [key for present, key in offered if present]

    # --- in words and numbers --------------------------------------------------------------------

    @property
    def _treatment_recorded(self) -> bool:
        return all(each.treated_until is not None for each in self._times.patients)

    def _counts(self) -> dict[str, int]:
        patients = self._times.patients
        return {
            "shown": len(patients),
            "treated": self._times.treated,
            "ongoing": sum(each.ongoing for each in patients),
            "responders": sum(each.responded for each in patients),
            "progressed": sum(each.progressed for each in patients),
            "died": sum(each.death is not None for each in patients),
        }

    def _summary(self) -> str:
        patients, say = self._times.patients, self._say
        told = all(each.progression_known for each in patients)
        parts = ["responders", "progressed" if told else "progressed_at_least"]
        told = all(each.survival_known for each in patients)
        parts.append("died" if told else "died_at_least")
        if self._treatment_recorded:
            parts.append("ongoing")
        counts = self._counts()
        found = [say(f"figures.swimmer.counts.{part}", **counts) for part in parts]
        text = say("figures.swimmer.summary", counts=", ".join(found), **counts)
        if len(self._shown) == len(self._times.patients):
            return text
        first, last = self._first + 1, self._first + len(self._shown)
        part = self._say("figures.swimmer.part", first=first, last=last)
        return f"{text} {part}"

    def _alt(self) -> str:
        parts = [self._say("figures.swimmer.alt", summary=self._summary())]
        responders = [e for e in self._times.patients if e.responded]
        if responders and self._treatment_recorded:
            going = sum(e.ongoing for e in responders)
            counts = {"responders": len(responders), "ongoing": going}
            parts.append(self._say("figures.swimmer.alt_response", **counts))
        if self._times.patients:
            longest = self._numbers.months(self._times.patients[0].end)
            parts.append(self._say("figures.swimmer.alt_longest", longest=longest))
        return " ".join(parts)

    def _row(self, place: int, each: PatientTimes) -> tuple[str | float | None, ...]:
        return (
            each.patient if self._identified else self._first + place + 1,
            each.best_response,
            each.end,
            each.treated_until,
            None if each.treated_until is None else self._say("yes" if each.ongoing else "no"),
            each.response_start,
            each.response_end,
            each.progression,
            each.new_therapy,
            each.death,
        )


def _any(patients: Sequence[PatientTimes], name: str) -> bool:
    return any(getattr(each, name) is not None for each in patients)


def _stripe(x: float, y: float) -> list[Shape]:
    ends = ((x - 8.0, y), (x + 8.0, y))
    return [Line(ends, INK, 3.0), Line(ends, ORANGE, 1.8)]
