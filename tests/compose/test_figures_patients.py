"""Figures of single patients and of groups: what they show is what the data say."""

import datetime
from dataclasses import replace

import pandas as pd
import pytest
from fakes import durable_benefit, evaluation
from hypothesis import given, settings
from hypothesis import strategies as st
from scene_check import check, lines, texts

from dossier.appraise.verdict import RuleVerdict, Verdict
from dossier.cohort.columns import RESPONSES
from dossier.cohort.model import Cohort
from dossier.compose.figures.durability_bridge import (
    OUTCOMES,
    Bridge,
    bridge_of,
    durability_notes,
    durability_scene,
)
from dossier.compose.figures.forest import Estimate
from dossier.compose.figures.group_forest import GroupRate, RateGroups, rate_forest, share_ticks
from dossier.compose.figures.legend import fitted, shortened
from dossier.compose.figures.margins import (
    CriterionMargins,
    RuleMargin,
    criterion_margins,
    margins_scene,
    relative_margin,
)
from dossier.compose.figures.marks import RESPONSE_FILLS, hatching
from dossier.compose.figures.patient_times import CohortTimes, PatientTimes, cohort_times
from dossier.compose.figures.spider import spider_scene
from dossier.compose.figures.swimmer import MOST_PATIENTS, swimmer_notes, swimmer_scenes
from dossier.compose.figures.tumour_size import TumourCourse, TumourSizes, tumour_sizes
from dossier.compose.figures.waterfall import waterfall_notes, waterfall_scene
from dossier.compose.material import Material
from dossier.compose.pack import open_pack
from dossier.derive.patients import derive
from dossier.evaluation import Evaluation, evaluate
from dossier.fonts import text_width

PACK = open_pack("standard", "en")
SAY = PACK.say
START = datetime.date(2024, 1, 1)


def day(number: int) -> str:
    return (START + datetime.timedelta(number)).isoformat()


def cohort(patients: list[dict], visits: list[tuple], **more: object) -> Evaluation:
    """An evaluation of real rows; a visit: patient, day, response, sum, perhaps a new lesion."""
    frame = pd.DataFrame([{"treatment_start": day(0)} | patient for patient in patients])
    assessments = pd.DataFrame(
        [
            {
                "patient_id": each[0], "date": day(each[1]), "response": each[2],
                "target_sum_mm": each[3], "new_lesion": (*each, "no")[4],
            }
            for each in visits
        ]
    )  # fmt: skip
    given = Cohort.from_frames(
        patients=frame, assessments=assessments, title="T", data_cutoff=day(400), **more
    )
    return replace(evaluation(), cohort=given, patients=derive(given))


def course(best: str = "SD", *changes: float, **more: object) -> TumourCourse:
    found = changes or (-0.1,)
    days = tuple(56.0 * (i + 1) for i in range(len(found)))
    plain = TumourCourse("P", best, days, found, (False,) * len(found), False, "SD")
    return replace(plain, **more)


def sizes(*courses: TumourCourse, missing: int = 3) -> TumourSizes:
    gone = {"no_baseline": missing, "no_measurement": 0}
    return TumourSizes(courses, len(courses) + missing, gone, True)


# --- the sum of target lesions -------------------------------------------------------------------


def test_change_is_from_the_last_sum_before_treatment_to_the_smallest_up_to_progression() -> None:
    made = cohort(
        [{"patient_id": "A"}],
        [
            ("A", -30, "", 80.0), ("A", -3, "", 100.0), ("A", 56, "PR", 60.0),
            ("A", 112, "PD", 90.0), ("A", 168, "PR", 10.0),
        ],
    )  # fmt: skip
    (found,) = tumour_sizes(made).courses
    assert found.days == (56.0, 112.0)
    assert found.changes == pytest.approx((-0.4, -0.1))
    assert found.best_change == pytest.approx(-0.4)
    assert found.last_response == "PD"


def test_measurements_after_a_new_therapy_or_that_were_not_evaluable_do_not_count() -> None:
    made = cohort(
        [{"patient_id": "A", "new_therapy_start": day(100)}],
        [("A", -3, "", 100.0), ("A", 40, "NE", 5.0), ("A", 56, "SD", 95.0), ("A", 112, "PR", 20.0)],
    )
    (found,) = tumour_sizes(made).courses
    assert found.changes == pytest.approx((-0.05,))


def test_who_is_missing_is_counted_with_the_reason() -> None:
    made = cohort(
        [{"patient_id": "A"}, {"patient_id": "B"}, {"patient_id": "C"}, {"patient_id": "D"},
         {"patient_id": "E", "treatment_start": None}],
        [("A", -3, "", 50.0), ("A", 56, "SD", 50.0), ("B", -3, "", 50.0), ("C", 56, "SD", 50.0),
         ("D", -3, "", 0.0), ("D", 56, "SD", 0.0)],
    )  # fmt: skip
    found = tumour_sizes(made)
    assert found.treated == 4
    assert [each.patient for each in found.courses] == ["A"]
    assert found.missing == {"no_baseline": 2, "no_measurement": 1}


def test_a_decrease_with_a_new_lesion_is_marked() -> None:
    made = cohort(
        [{"patient_id": "A"}, {"patient_id": "B"}, {"patient_id": "C"}],
        [
            ("A", -3, "", 50.0), ("A", 56, "PD", 30.0, "yes"),  # progression elsewhere at the best
            ("B", -3, "", 50.0), ("B", 30, "SD", 40.0), ("B", 56, "PD", 45.0, "yes"),  # PD is best
            ("C", -3, "", 50.0), ("C", 56, "SD", 30.0), ("C", 112, "PD", 35.0, "yes"),
        ],
    )  # fmt: skip
    marked = {each.patient: each.shrank_but_progressed for each in tumour_sizes(made).courses}
    assert marked == {"A": True, "B": True, "C": False}


def test_without_sums_nobody_is_shown() -> None:
    made = cohort([{"patient_id": "A"}], [("A", 56, "SD", None)])
    assert tumour_sizes(made).courses == ()


# --- waterfall and spider ------------------------------------------------------------------------


def test_waterfall_order_is_from_growth_to_decrease_and_ties_are_settled() -> None:
    shown = sizes(
        course("PR", -0.5, patient="C"), course("SD", -0.5, patient="B"),
        course("SD", -0.5, patient="A"), course("PD", 0.4, patient="D"),
    )  # fmt: skip
    rows = waterfall_scene(shown, SAY, identified=True).data_rows
    assert [row[0] for row in rows] == ["D", "A", "B", "C"]
    backwards = replace(shown, courses=shown.courses[::-1])
    assert waterfall_scene(backwards, SAY, identified=True).data_rows == rows
    assert [row[0] for row in waterfall_scene(shown, SAY).data_rows] == [1, 2, 3, 4]


def test_waterfall_states_who_is_shown_and_missing_and_its_limits() -> None:
    scene = waterfall_scene(sizes(course(), course("PR", -0.3)), SAY)
    written = " ".join(texts(scene))
    assert "Shown: 2 of 5 treated patients. Not shown: 3" in written
    assert {"+20%", "−30%"} <= set(texts(scene))
    assert "by at least 30% in 50.0%" in scene.alt.replace("\u00a0", " ")


def test_a_bar_beyond_twice_the_size_is_cut_off_and_says_so() -> None:
    scene = waterfall_scene(sizes(course("PD", 4.0)), SAY)
    check(scene)
    assert "+400%" in texts(scene)
    assert "Increase beyond +100%" in texts(scene)
    assert "+400%" in scene.alt


def test_the_note_says_where_progression_elsewhere_is_not_recorded() -> None:
    assert len(waterfall_notes(sizes(), SAY)) == 1
    assert len(waterfall_notes(replace(sizes(), elsewhere_recorded=False), SAY)) == 2


courses = st.builds(
    lambda best, changes, elsewhere, last: course(
        best, *changes, elsewhere=(elsewhere,) * len(changes), progressed_elsewhere=elsewhere,
        last_response=last,
    ),
    st.sampled_from(RESPONSES),
    st.lists(st.floats(-1, 9), min_size=1, max_size=5),
    st.booleans(),
    st.sampled_from(["", *RESPONSES]),
)  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(st.lists(courses, max_size=60))
def test_any_waterfall_and_spider_stays_inside(drawn: list[TumourCourse]) -> None:
    check(waterfall_scene(sizes(*drawn), SAY))
    check(spider_scene(sizes(*drawn), SAY))


@pytest.mark.parametrize("n", [0, 1, 48, 49, 700])
def test_few_and_many_patients(n: int) -> None:
    shown = sizes(*(course(RESPONSES[i % 6], (i % 21) / 10 - 1) for i in range(n)))
    check(waterfall_scene(shown, SAY))
    check(spider_scene(shown, SAY))


def test_a_spider_line_leaves_the_figure_where_it_passes_the_edge() -> None:
    scene = spider_scene(sizes(course("PD", 2.0)), SAY)
    (line,) = [s for s in lines(scene) if s.color == "#D55E00" and len(s.points) == 2 and s.dash
               and s.points[1][1] < s.points[0][1]]  # fmt: skip
    axis = next(s for s in lines(scene) if len(s.points) == 3 and not s.closed)
    assert line.points[1][1] == axis.points[0][1]
    assert "Last sum beyond +100%" in texts(scene)


# --- swimmer -------------------------------------------------------------------------------------


def test_times_of_a_responder_who_progressed_and_died() -> None:
    made = cohort(
        [
            {"patient_id": "A", "treatment_end": day(170), "new_therapy_start": day(200),
             "death_date": day(300)},
            {"patient_id": "B", "last_known_alive": day(390)},
        ],
        [("A", -3, "", 50.0), ("A", 56, "PR", 30.0), ("A", 112, "PR", 30.0), ("A", 168, "PD", 60.0),
         ("B", 56, "SD", None)],
    )  # fmt: skip
    found = cohort_times(made)
    second, first = found.patients
    assert (first.patient, first.end, first.treated_until, first.death) == ("A", 300, 170, 300)
    assert (first.response_start, first.response_end) == (56, 168)
    assert (first.progression, first.new_therapy, first.ongoing) == (168, 200, False)
    assert (second.end, second.ongoing, second.death) == (390, True, None)


def swimmers(n: int, **more: object) -> CohortTimes:
    plain = PatientTimes("P", "PR", 1.0, 1.0, False)
    patients = tuple(replace(plain, end=30.0 * (n - i), **more) for i in range(n))
    return CohortTimes(patients, n)


@pytest.mark.parametrize(
    ("n", "pages"), [(0, [0]), (1, [1]), (60, [60]), (61, [31, 30]), (130, [44, 44, 42])]
)
def test_a_long_swimmer_goes_on_over_pages_of_one_scale(n: int, pages: list[int]) -> None:
    scenes = swimmer_scenes(swimmers(n, response_start=5.0, response_end=9.0, death=9.0), SAY)
    assert [len(scene.data_rows) for scene in scenes] == pages
    assert max(pages) <= MOST_PATIENTS
    for scene in scenes:
        check(scene)
        assert scene.height < 640
    assert [row[0] for scene in scenes for row in scene.data_rows] == list(range(1, n + 1))


def test_the_legend_explains_only_what_is_drawn() -> None:
    (scene,) = swimmer_scenes(swimmers(2, ongoing=True), SAY)
    assert "On treatment at the cut-off" in texts(scene)
    assert "Death" not in texts(scene)


def test_a_long_identifier_is_cut_and_a_time_on_treatment_that_is_not_known_is_said() -> None:
    times = swimmers(3, patient="a hospital of a long name " * 4, treated_until=None)
    (scene,) = swimmer_scenes(times, SAY, identified=True)
    check(scene)
    assert any("…" in text for text in texts(scene))
    assert "On treatment" not in texts(scene)
    assert any("when treatment ended" in note for note in swimmer_notes(times, SAY))


# --- durability ----------------------------------------------------------------------------------


def test_the_bridge_asks_responders_the_same_as_everybody_else() -> None:
    patients = [{"patient_id": x, "last_known_alive": day(399)} for x in "ABCDE"]
    response = [("A", 200), ("B", 130), ("C", 120)]
    visits: list[tuple] = []
    for name, end in response:
        visits += [(name, 56, "PR", None), (name, 112, "PR", None)]
        visits.append((name, end, "PD" if name == "B" else "PR", None))
    visits += [("D", 112, "SD", None), ("D", 168, "SD", None)]
    visits += [("E", 112, "SD", None), ("E", 140, "PD", None)]
    found = bridge_of(evaluate(cohort(patients, visits).cohort, criteria=[]).results)
    # B progressed on day 130, C has no scan at 24 weeks: both count there by definition.
    assert {k: v for k, v in found.counts["response"].items() if v} == {"kept": 1, "lost": 2}
    assert {k: v for k, v in found.counts["stable"].items() if v} == {"kept": 1, "lost": 1}
    assert found.counted == 2
    assert any("2 patients" in note for note in durability_notes(found, SAY))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 300), min_size=8, max_size=8))
def test_any_bridge_stays_inside_and_prints_every_number(counts: list[int]) -> None:
    groups = {
        "response": dict(zip(OUTCOMES, counts[:4], strict=True)),
        "stable": dict(zip(OUTCOMES, counts[4:], strict=True)),
    }
    scene = durability_scene(Bridge(sum(counts) + 1, 0, 0, groups), SAY)
    check(scene)
    assert [row[2] for row in scene.data_rows] == counts
    for group in groups.values():
        for n in group.values():
            assert not n or any(text == f"{n} of {sum(group.values())}" for text in texts(scene))


# --- forest and margins --------------------------------------------------------------------------


def group(label: str, events: int, n: int, *, shrunken: bool = False) -> GroupRate:
    rate = events / n
    estimate = Estimate(rate, max(rate - 0.2, 0), min(rate + 0.2, 1))
    return GroupRate(label, events, n, estimate, estimate if shrunken else None)


@pytest.mark.parametrize("shrunken", [False, True])
@pytest.mark.parametrize("names", [(), ("a", "b"), ("a very long name of a group " * 5, "b") * 10])
def test_a_forest_of_any_groups_stays_inside(names: tuple[str, ...], shrunken: bool) -> None:
    groups = tuple(group(name, i, 20, shrunken=shrunken) for i, name in enumerate(names))
    nobody = GroupRate("too small", 0, 2, None)
    made = (RateGroups("Tumour type", (*groups, nobody)), RateGroups("", groups))
    scene = rate_forest(made, group("", 10, 20), "Objective response rate", SAY)
    check(scene)
    assert len(scene.data_rows) == 2 * len(groups) + 2
    assert "50.0% (30.0–70.0)" in texts(scene)
    assert "all 50.0%" in texts(scene)


def test_a_forest_without_any_estimate() -> None:
    empty = GroupRate("", 0, 0, None)
    check(rate_forest((), empty, "Objective response rate", SAY))


@pytest.mark.parametrize("high", [0.01, 0.2, 0.25, 0.5, 0.7, 1.0])
def test_ticks_of_shares_reach_the_largest(high: float) -> None:
    ticks = share_ticks(high)
    assert ticks[0] == 0
    assert high - 1e-9 <= ticks[-1] <= 1
    assert 2 <= len(ticks) <= 6


RULE = RuleVerdict("r", "orr >= 20%", Verdict.MET, 0.3, 0.1, 0.5, 20, ">=", 0.2, "%", 0.1)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (0.5, -0.5, 1.5)),
        ({"comparison": "<="}, (-0.5, -1.5, 0.5)),
        ({"ci_upper": None}, (0.5, -0.5, None)),
        ({"comparison": "<", "ci_upper": None}, (-0.5, None, 0.5)),
        ({"ci_lower": None, "ci_upper": None}, (0.5, 0.5, 0.5)),
        ({"threshold": 0.0}, None),
        ({"observed": None, "margin": None}, None),
        ({"margin": None}, None),  # a count that is only known to be at least so many
        ({"verdict": Verdict.NOT_ASSESSABLE}, None),
    ],
)
def test_distance_from_a_threshold(changes: dict, expected: tuple | None) -> None:
    margin = relative_margin(replace(RULE, **changes))
    found = None if margin is None else (margin.value, margin.lower, margin.upper)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        for one, other in zip(found, expected, strict=True):
            assert one is other is None or one == pytest.approx(other)


def test_margins_of_a_criterion_leave_out_declared_facts() -> None:
    made = evaluation(verdicts=(durable_benefit(),))
    found = criterion_margins(Material(made, SAY, PACK.settings.limits), 0)
    assert [rule.verdict for rule in found.rules] == [Verdict.NOT_MET, Verdict.MET]
    assert found.rules[0].observed.startswith("16.0%")
    scene = margins_scene(found, SAY)
    check(scene)
    assert "Not met: " in scene.alt
    assert len(scene.data_rows) == 2


def test_margins_beyond_the_axis_and_rules_not_assessable_stay_inside() -> None:
    far = [Estimate(9.0, 8.0, None), Estimate(-3.0, None, -2.0), Estimate(-0.99, -5.0, 7.0), None]
    rules = tuple(
        RuleMargin(
            "a rule with a long name " * 4, "12.1 months (9.1–not reached)", "≥ 6 months",
            Verdict.MET if margin else Verdict.NOT_ASSESSABLE, margin, "Not assessable " * 9,
        )
        for margin in far
    )  # fmt: skip
    scene = margins_scene(CriterionMargins("Durable benefit", rules), SAY)
    check(scene)
    assert sum("…" in text for text in texts(scene)) >= 4


# --- shared --------------------------------------------------------------------------------------


@given(st.text("abc ", max_size=60), st.floats(8, 200))
def test_shortened_text_fits(text: str, width: float) -> None:
    assert text_width(shortened(text, width), 8.0) <= width
    assert len(fitted(text, width, 2)) <= 2


@given(st.floats(0, 400), st.floats(0, 400), st.floats(1, 90), st.floats(1, 90))
def test_hatching_stays_in_its_area(x: float, y: float, width: float, height: float) -> None:
    for pattern in ("rising", "falling", "crossed"):
        for line in hatching(x, y, width, height, pattern, "#000000"):
            for a, b in line.points:
                assert x - 1e-6 <= a <= x + width + 1e-6
                assert y - 1e-6 <= b <= y + height + 1e-6


def test_fills_of_responses_differ_without_colour() -> None:
    """Two fills of one pattern must lie apart in lightness."""

    def grey(color: str) -> float:
        red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
        return (0.299 * red + 0.587 * green + 0.114 * blue) / 255

    fills = list(RESPONSE_FILLS.values())
    for i, one in enumerate(fills):
        for other in fills[i + 1 :]:
            apart = abs(grey(one.color) - grey(other.color)) >= 0.12
            assert apart or one.pattern != other.pattern


def test_the_alternative_text_of_a_forest_names_the_characteristic_of_each_group() -> None:
    made = (RateGroups("Sex", (group("female", 3, 10),)),)
    alt = rate_forest(made, group("", 5, 20), "Objective response rate", SAY).alt
    assert "Sex: female 30.0%" in alt
    assert "All patients 25.0%" in alt
