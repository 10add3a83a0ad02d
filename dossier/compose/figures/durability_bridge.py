"""From clinical benefit at 16 weeks to 24 weeks: who keeps it, who loses it, who is too early.

By definition a confirmed response counts as benefit at any time, also where it ended before 24
weeks. Here responders are asked the same as everybody else, so that a lasting benefit is not read
into them; a note says how many count all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from dossier.compose.figures.legend import LEADING, SIZE, paragraph, shortened
from dossier.compose.figures.marks import (
    ACCENT,
    GREY,
    GUIDE,
    INK,
    ORANGE,
    WHITE,
    Fill,
    filled,
)
from dossier.compose.numbers import Numbers
from dossier.compose.scene import Label, Line, Scene, Shape
from dossier.compose.wording import Wording
from dossier.estimate.model import Results

WIDTH = 470.0
Outcome = Literal["kept", "lost", "too_early", "unknown"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
GROUPS = ("response", "stable")
_IN_RESULTS = {"response": "response", "stable": "stable_disease"}

_FILLS: dict[Outcome, Fill] = {
    "kept": Fill(ACCENT, edge=ACCENT),
    "lost": Fill(ORANGE, "crossed", "#5B3A00", INK),
    "too_early": Fill(WHITE, edge=GUIDE),
    "unknown": Fill(GREY, "falling", INK, GUIDE),
}
_BANDS: dict[Outcome, str] = {
    "kept": "#C3D2E6", "lost": "#F6E3BE", "too_early": "#F7F7F7", "unknown": "#E6E6E6",
}  # fmt: skip
_FROM, _TO, _THICK = 140.0, 284.0, 20.0
_TALLEST = 110.0  # of the bars of all patients with benefit
_SLOT = 2 * LEADING + 2.0  # room for the words beside a block
_BETWEEN = 20.0


@dataclass(frozen=True)
class Bridge:
    """Patients with clinical benefit at 16 weeks by what became of it at 24 weeks.

    Parameters
    ----------
    assessed
        Patients whose benefit at 16 weeks is known.
    too_early, unknown
        Patients left out of these: follow-up too short at 16 weeks, value unknown.
    counts
        For ``response`` and ``stable`` (the basis of the benefit at 16 weeks) the patients by
        outcome.
    counted
        Patients whose benefit was not kept, as far as is known, and who count as benefit at 24
        weeks by definition.
    """

    assessed: int
    too_early: int
    unknown: int
    counts: dict[str, dict[Outcome, int]]
    counted: int = 0

    def total(self, group: str) -> int:
        """Patients of a group with benefit at 16 weeks."""
        return sum(self.counts[group].values())


def bridge_of(results: Results) -> Bridge:
    """The sections ``durability`` and ``endpoints.cbr_16w`` of the results as the figure needs
    them."""
    early = results.proportions["cbr_16w"]
    counts: dict[str, dict[Outcome, int]] = {}
    for group in GROUPS:
        found = None
        if results.durability is not None:
            found = results.durability.groups[_IN_RESULTS[group]]
        counts[group] = {name: getattr(found, name, 0) for name in OUTCOMES}
    counted = 0
    if results.durability is not None:
        counted = results.durability.groups["all"].counted_although_not_kept
    return Bridge(early.n, early.too_early, early.unknown, counts, counted)


def durability_scene(durability: Bridge, say: Wording) -> Scene:
    """The figure: a bar for each basis of benefit, with a band to what became of it."""
    return _Drawing(durability, say).scene()


def durability_notes(durability: Bridge, say: Wording) -> tuple[str, ...]:
    """What a reader must know below the figure."""
    notes = [say("figures.durability.note")]
    if durability.counted:
        notes.append(say("figures.durability.counted_note", n=durability.counted))
    left_out = durability.too_early + durability.unknown
    if left_out:
        notes.append(say("figures.durability.left_out", n=left_out))
    return tuple(notes)


class _Drawing:
    def __init__(self, durability: Bridge, say: Wording) -> None:
        self._durability, self._say = durability, say
        self._numbers = Numbers(say)
        self._all = sum(durability.total(group) for group in GROUPS)
        self._unit = _TALLEST / max(self._all, 1)

    def scene(self) -> Scene:
        say = self._say
        shapes, y = paragraph(self._summary(), 4.0, 10.0, WIDTH - 8, 8.5, bold=True)
        for x, weeks in ((_FROM + _THICK, 16), (_TO, 24)):
            anchor = "end" if weeks == 16 else "start"
            words = say("figures.durability.at", weeks=weeks)
            shapes.append(Label(x, y + 4, words, SIZE, anchor, bold=True))  # type: ignore[arg-type]
        y += 12
        for group in GROUPS:
            if self._durability.total(group):
                drawn, y = self._group(group, y)
                shapes += drawn
                y += _BETWEEN
        if not self._all:
            nobody = say("figures.durability.nobody")
            shapes.append(Label(WIDTH / 2, y + 10, nobody, 8.5, "middle"))
            y += 14 + _BETWEEN
        columns = tuple(
            say(f"figures.durability.columns.{name}") for name in ("basis", "outcome", "patients")
        )
        rows = tuple(
            (say(f"figures.durability.group.{group}"), say(f"figures.durability.{name}"), n)
            for group in GROUPS
            for name, n in self._durability.counts[group].items()
        )
        title = say("figures.durability.title")
        return Scene(WIDTH, y - _BETWEEN + 6, title, self._alt(), tuple(shapes), columns, rows)

    def _group(self, group: str, top: float) -> tuple[list[Shape], float]:
        """The bar of a group at 16 weeks, its blocks at 24 weeks, and the bands between."""
        say = self._say
        counts = {name: n for name, n in self._durability.counts[group].items() if n}
        total = self._durability.total(group)
        heights = {name: n * self._unit for name, n in counts.items()}
        slots = {name: max(height, _SLOT) + 4.0 for name, height in heights.items()}
        height = sum(slots.values()) - 4.0
        bar = sum(heights.values())
        left_top = top + (height - bar) / 2
        shapes: list[Shape] = []
        blocks: list[Shape] = []
        y_from, y_slot = left_top, top
        for name, tall in heights.items():
            y_to = y_slot + (slots[name] - 4.0 - tall) / 2
            shapes.append(_band(y_from, y_to, tall, _BANDS[name]))
            blocks += filled(_FROM, y_from, _THICK, tall, _FILLS[name])
            blocks += filled(_TO, y_to, _THICK, tall, _FILLS[name])
            middle = y_to + tall / 2
            share = say("figures.durability.of", n=counts[name], total=total)
            x = _TO + _THICK + 6
            words = say(f"figures.durability.{name}")
            words = shortened(words, WIDTH - x - 4, bold=name == "kept")
            blocks.append(Label(x, middle - 2.0, words, SIZE, bold=name == "kept"))
            blocks.append(Label(x, middle + 8.5, share, SIZE, bold=name == "kept"))
            y_from += tall
            y_slot += slots[name]
        outline = ((_FROM, left_top), (_FROM + _THICK, left_top),
                   (_FROM + _THICK, left_top + bar), (_FROM, left_top + bar))  # fmt: skip
        blocks.append(Line(outline, INK, 0.9, closed=True))
        middle = left_top + bar / 2
        name_of_group = shortened(say(f"figures.durability.group.{group}"), _FROM - 10, bold=True)
        blocks.append(Label(_FROM - 6, middle - 2, name_of_group, SIZE, "end", bold=True))
        count = say("figures.durability.patients", n=total)
        blocks.append(Label(_FROM - 6, middle + 8.5, count, SIZE, "end"))
        return [*shapes, *blocks], top + height

    def _summary(self) -> str:
        found = self._durability
        return self._say(
            "figures.durability.summary",
            benefit=self._numbers.rate(self._all, found.assessed),
            response=found.total("response"),
            stable=found.total("stable"),
        )

    def _alt(self) -> str:
        say = self._say
        parts = [say("figures.durability.alt", summary=self._summary())]
        for group in GROUPS:
            total = self._durability.total(group)
            if not total:
                continue
            outcomes = tuple(
                say(
                    "figures.durability.alt_outcome", outcome=say(f"figures.durability.{name}"), n=n
                )
                for name, n in self._durability.counts[group].items()
                if n
            )
            name_of_group = say(f"figures.durability.group.{group}")
            listed = say("rules.joined_remarks").join(outcomes)
            parts.append(
                say("figures.durability.alt_group", group=name_of_group, n=total, outcomes=listed)
            )
        return " ".join(parts)


def _band(y_from: float, y_to: float, tall: float, color: str) -> Line:
    """A band that leaves one bar and reaches the other level."""
    start, end, steps = _FROM + _THICK, _TO, 24
    upper = []
    for i in range(steps + 1):
        t = i / steps
        ease = 3 * t * t - 2 * t * t * t
        upper.append((start + (end - start) * t, y_from + (y_to - y_from) * ease))
    lower = [(x, y + tall) for x, y in reversed(upper)]
    return Line((*upper, *lower), "#9AA5B5", 0.5, closed=True, fill=color)
