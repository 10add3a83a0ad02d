"""Flow diagram: from the patients enrolled to those behind each result, with every loss."""

from __future__ import annotations

from dataclasses import dataclass

from dossier.compose.figures.axis import wrapped
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.response_kind import response_kind
from dossier.compose.scene import Label, Line, Scene, Shape, rectangle
from dossier.compose.tables.patients import steps_of

WIDTH = 470.0
_BOX, _SIDE = 220.0, 205.0
_PAD, _LINE, _GAP = 7.0, 11.0, 22.0
_NARROW = 15.0  # where nobody is lost
_SIZE = 8.5
_EDGE, _FILL, _SIDE_FILL = "#17365D", "#EAF0F7", "#FFFFFF"


@dataclass(frozen=True)
class _Box:
    """A box of lines, the first in bold."""

    x: float
    y: float
    width: float
    lines: tuple[str, ...]
    fill: str

    @property
    def height(self) -> float:
        return 2 * _PAD + _LINE * len(self.lines) - 2

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def shapes(self) -> list[Shape]:
        """The box and its text."""
        box = rectangle(self.x, self.y, self.width, self.height, fill=self.fill, color=_EDGE)
        labels = [
            Label(
                self.x + _PAD,
                self.y + _PAD + _LINE * position + 7.5,
                line,
                _SIZE,
                bold=position == 0,
            )
            for position, line in enumerate(self.lines)
        ]
        return [box, *labels]


def flow_figure(material: Material) -> Scene:
    """The diagram, with the same numbers as the table of analysis sets."""
    say, results = material.say, material.results
    sizes = results.populations
    shapes: list[Shape] = []
    y = 2.0
    previous: _Box | None = None
    for step in (*steps_of(material), "responders"):
        side: _Box | None = None
        if previous is not None:
            top = previous.bottom + _GAP / 2
            side_lines = _losses(material, step)
            if side_lines:
                side = _Box(WIDTH - _SIDE - 2, top, _SIDE, side_lines, _SIDE_FILL)
            y = side.bottom + _GAP / 2 if side else previous.bottom + _NARROW
        size = _responders(material) if step == "responders" else sizes[step]
        box = _Box(2.0, y, _BOX, _lines(material, step, size), _FILL)
        middle = box.x + _BOX / 2
        if previous is not None:
            shapes += _arrow((middle, previous.bottom), (middle, box.y))
            if side is not None:
                level = side.y + side.height / 2
                shapes += _arrow((middle, level), (side.x, level))
                shapes += side.shapes()
        shapes += box.shapes()
        previous = box
    height = (previous.bottom if previous else y) + 2
    title = say("figures.flow.title")
    screened = {"screened": sizes["screened"]} if "screened" in sizes else {}
    alt = say(
        "figures.flow.alt_screened" if screened else "figures.flow.alt",
        **screened,
        enrolled=sizes["enrolled"],
        treated=sizes["treated"],
        evaluable=sizes["response_evaluable"],
        responders=_responders(material),
        kind=say.lower(_name(material, "responders")),
    )
    rows = tuple(_rows(material))
    columns = (say("figures.flow.columns.step"), say("figures.flow.columns.patients"))
    return Scene(WIDTH, height, title, alt, tuple(shapes), columns, rows)


def _responders(material: Material) -> int:
    """Patients in the analysis of duration of response, known or not."""
    duration = material.results.times["dor"]
    return duration.n + duration.unknown


def _lines(material: Material, step: str, size: int) -> tuple[str, ...]:
    say = material.say
    width = _BOX - 2 * _PAD
    head = say("figures.flow.box", name=_name(material, step), n=size)
    lines = [*wrapped(head, width, _SIZE, bold=True)]
    if say.has(f"figures.flow.used_for.{step}"):
        lines += wrapped(say(f"figures.flow.used_for.{step}"), width, _SIZE)
    if step == "treated":
        ongoing = material.results.disposition.get("ongoing")
        if ongoing is not None:
            words = say("figures.flow.ongoing", patients=ongoing)
            lines += wrapped(words, width, _SIZE)
    return tuple(lines)


def _name(material: Material, step: str) -> str:
    if step == "responders":
        return material.say(f"responders.{response_kind(material)}")
    return material.say(f"populations.{step}")


def _losses(material: Material, step: str) -> tuple[str, ...]:
    """Who is not in a step and why; nothing where nobody is lost, or to the responders."""
    say = material.say
    if step == "responders":
        return ()
    lost = material.results.losses.get(step, {})
    if not sum(lost.values()):
        return ()
    width = _SIDE - 2 * _PAD
    name = say(f"figures.flow.lost.{step}")
    lines = list(
        wrapped(say("figures.flow.box", name=name, n=sum(lost.values())), width, _SIZE, bold=True)
    )
    for reason, patients in lost.items():
        words = literal(say.reason(reason))
        lines += wrapped(say("figures.flow.reason", reason=words, patients=patients), width, _SIZE)
    return tuple(lines)


def _rows(material: Material) -> list[tuple[str | float | None, ...]]:
    say, results = material.say, material.results
    rows: list[tuple[str | float | None, ...]] = []
    for step in steps_of(material):
        for reason, patients in results.losses.get(step, {}).items():
            rows.append((literal(say.reason(reason)), patients))
        rows.append((say(f"populations.{step}"), results.populations[step]))
    rows.append((_name(material, "responders"), _responders(material)))
    return rows


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> list[Shape]:
    x0, (x1, y1) = start[0], end
    if x0 == x1:
        head = ((x1 - 3, y1 - 5), (x1 + 3, y1 - 5), (x1, y1))
        stop = (x1, y1 - 5)
    else:
        head = ((x1 - 5, y1 - 3), (x1 - 5, y1 + 3), (x1, y1))
        stop = (x1 - 5, y1)
    return [Line((start, stop), _EDGE, 0.9), Line(head, None, closed=True, fill=_EDGE)]
