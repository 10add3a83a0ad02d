"""Figures: the curve is where it should be, everything is inside the page, nothing overlaps."""

from itertools import pairwise

import pytest
from fakes import evaluation, time_to_event
from hypothesis import given
from hypothesis import strategies as st

from dossier.compose.figures.axis import month_ticks, wrapped
from dossier.compose.figures.flow import flow_figure
from dossier.compose.figures.kaplan_meier import extent, kaplan_meier_figure
from dossier.compose.material import Material
from dossier.compose.pack import open_pack
from dossier.compose.scene import Label, Line, Scene
from dossier.estimate.model import TimeToEvent
from dossier.fonts import missing_glyphs, text_width

PACK = open_pack("standard", "en")


def drawn(endpoint: TimeToEvent) -> Scene:
    made = evaluation(patients=max(endpoint.n, 1), pfs=endpoint)
    return kaplan_meier_figure(Material(made, PACK.say, PACK.settings.limits), "pfs")


def box(label: Label) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a label."""
    width = text_width(label.text, label.size, "bold" if label.bold else "regular")
    shift = {"start": 0.0, "middle": width / 2, "end": width}[label.anchor]
    if label.rotation:
        return label.x - label.size, label.y - width / 2, label.x, label.y + width / 2
    return label.x - shift, label.y - 0.75 * label.size, label.x - shift + width, label.y + 0.2


def check(scene: Scene) -> None:
    boxes = []
    for shape in scene.shapes:
        if isinstance(shape, Label):
            assert not missing_glyphs(shape.text)
            boxes.append((shape.text, box(shape)))
        else:
            assert isinstance(shape, Line)
            assert all(-0.01 <= x <= scene.width + 0.01 for x, _ in shape.points)
            assert all(-0.01 <= y <= scene.height + 0.01 for _, y in shape.points)
    for text, (left, top, right, bottom) in boxes:
        assert left >= -0.01, text
        assert right <= scene.width + 0.01, text
        assert top >= -0.01, text
        assert bottom <= scene.height + 0.01, text
    for i, (one, a) in enumerate(boxes):
        for other, b in boxes[i + 1 :]:
            apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
            assert apart, (one, other)


def curve(scene: Scene) -> Line:
    """The step curve: the only thick line."""
    (line,) = [s for s in scene.shapes if isinstance(s, Line) and s.width == 1.5]
    return line


endpoints = st.lists(
    st.tuples(st.integers(0, 3000), st.integers(0, 1)), min_size=1, max_size=60
).map(lambda rows: time_to_event([float(d) for d, _ in rows], [e for _, e in rows]))


@given(endpoints)
def test_any_curve_falls_from_the_top_left_and_stays_inside(endpoint: TimeToEvent) -> None:
    scene = drawn(endpoint)
    check(scene)
    points = curve(scene).points
    assert all(b[0] >= a[0] and b[1] >= a[1] for a, b in pairwise(points))
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points))
    assert points[0][1] == 24.0
    assert len(scene.data_rows) == len(endpoint.curve.times)  # type: ignore[union-attr]


def test_numbers_at_risk_stand_below_their_ticks() -> None:
    endpoint = time_to_event([10.0, 100.0, 200.0, 300.0, 400.0], [1, 0, 1, 1, 0])
    scene = drawn(endpoint)
    labels = [s for s in scene.shapes if isinstance(s, Label)]
    rows = {
        name: [
            int(s.text)
            for s in labels
            if s.y == next(label.y for label in labels if label.text == name) and s.text != name
        ]
        for name in ("At risk", "Censored", "Events")
    }
    assert rows["At risk"][0] == 5
    assert rows["Censored"][0] == rows["Events"][0] == 0
    for at_risk, censored, events in zip(*rows.values(), strict=True):
        assert at_risk + censored + events == 5


def test_the_curve_stops_where_few_are_at_risk_but_shows_its_median() -> None:
    days = [float(d) for d in range(10, 510, 10)]
    endpoint = time_to_event(days, [1] * 30 + [0] * 20)
    found = extent(endpoint, endpoint.curve, 0.1)  # type: ignore[arg-type]
    assert (found.at_risk, found.cut) == (5, True)
    assert found.days == 460.0
    late = time_to_event([10.0] * 45 + [300.0, 600.0, 900.0, 1000.0, 1100.0], [0] * 45 + [1] * 5)
    found = extent(late, late.curve, 0.5)  # type: ignore[arg-type]
    assert found.days == late.median.days == 900.0


def test_the_band_is_left_out_where_there_are_no_limits() -> None:
    nobody = drawn(time_to_event([100.0, 200.0], [0, 0]))
    assert not [s for s in nobody.shapes if isinstance(s, Line) and s.fill]
    assert "median not reached" in nobody.alt


def test_the_alternative_text_states_the_finding() -> None:
    endpoint = time_to_event([30.0 * i for i in range(1, 26)], [i % 3 < 2 for i in range(25)])
    alt = drawn(endpoint).alt.replace("\u00a0", " ")
    assert alt.startswith(
        "Kaplan-Meier curve of Progression-free survival: n = 25; 17 events; median "
    )
    assert "At 6 months" in alt
    assert "at risk" in alt


def test_the_median_is_drawn_to_both_axes() -> None:
    endpoint = time_to_event([30.0 * i for i in range(1, 26)], [1] * 25)
    guides = [s for s in drawn(endpoint).shapes if isinstance(s, Line) and s.dash == (4.0, 2.5)]
    (guide,) = guides
    assert len(guide.points) == 3


@pytest.mark.parametrize(
    ("last", "most", "ticks"),
    [
        (13.4, 8, (0, 2, 4, 6, 8, 10, 12, 14)),
        (6.0, 8, (0, 1, 2, 3, 4, 5, 6)),
        (36.0, 8, (0, 6, 12, 18, 24, 30, 36)),
        (0.25, 8, (0, 0.25)),
        (2000.0, 8, (0, 360, 720, 1080, 1440, 1800, 2160)),
    ],
)
def test_ticks(last: float, most: int, ticks: tuple[float, ...]) -> None:
    assert month_ticks(last, most) == ticks


@given(st.floats(0.01, 5000))
def test_ticks_reach_the_end_and_leave_room(last: float) -> None:
    ticks = month_ticks(last, 8)
    assert ticks[-1] >= last - 1e-6
    assert len(ticks) <= 10


@pytest.mark.parametrize("reason", ["withdrew", "a very long reason " * 8, "x" * 60])
def test_the_flow_diagram_holds_any_reason(reason: str) -> None:
    made = evaluation(patients=30, treated=20, evaluable=15)
    made.results.losses["treated"] = {reason: 10}
    scene = flow_figure(Material(made, PACK.say, PACK.settings.limits))
    for shape in scene.shapes:
        if isinstance(shape, Line):
            assert all(0 <= x <= 470 and 0 <= y <= scene.height for x, y in shape.points)
    assert ("Not treated (n = 10)") in " ".join(
        s.text for s in scene.shapes if isinstance(s, Label)
    )


def test_wrapping_keeps_every_word() -> None:
    text = "one two three four five six seven eight nine ten"
    lines = wrapped(text, 60.0, 8.0)
    assert " ".join(lines) == text
    assert all(text_width(line, 8.0) <= 60.0 for line in lines)
