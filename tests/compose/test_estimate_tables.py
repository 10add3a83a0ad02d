"""Estimates that are made where asked, and arms together: their tables and figures."""

import re
import shutil
from functools import cache
from pathlib import Path

import pytest
import scene_check
from fakes import evaluation
from test_dossier import check

from dossier.cohort.read import read_cohort
from dossier.compose.document import Document, Figure, Table, plain_text
from dossier.compose.dossier import compose
from dossier.compose.figures import figures_of, why_not_drawn
from dossier.compose.material import Material
from dossier.compose.pack import open_pack
from dossier.compose.reading import document_text
from dossier.compose.scene import Line
from dossier.evaluation import Evaluation, evaluate
from dossier.locations import shipped

EXAMPLES = shipped("templates").parent / "examples"
PACK = open_pack("standard", "en")
ASKED = {"estimation": {"restricted_mean": "12 months", "competing_risks": True,
                        "baskets": {"column": "tumour_type"},
                        "bootstrap": {"resamples": 200},
                        "subgroups": {"prespecified": ["rare_cancer"],
                                      "pfs_landmark": "6 months"}}}  # fmt: skip


@cache
def made(name: str) -> Evaluation:
    cohort = read_cohort(EXAMPLES / name)
    return evaluate(cohort, settings=ASKED)


@cache
def composed(name: str, language: str = "en", template: str = "standard") -> Document:
    return compose(made(name), language=language, template=template)


def material(name: str) -> Material:
    return Material(made(name), PACK.say, PACK.settings.limits)


def table_of(document: Document, anchor: str) -> list[list[str]]:
    table = next(b for b in document.blocks if isinstance(b, Table) and b.anchor == anchor)
    return [[plain_text(c.children).replace("\u00a0", " ") for c in row if c] for row in table.rows]


def notes_of(document: Document, anchor: str) -> str:
    block = next(b for b in document.blocks if isinstance(b, Table) and b.anchor == anchor)
    return " ".join(plain_text(note) for note in block.notes)


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("name", ["simulated-drup", "adam-three-arms"])
def test_every_number_is_in_the_results(name: str, language: str) -> None:
    check(composed(name, language), made(name).to_dict())


class TestRestrictedMean:
    def test_every_arm_and_its_difference_from_the_reference(self) -> None:
        rows = table_of(composed("adam-three-arms"), "table_restricted_mean")
        assert [row[0] for row in rows[:6]] == [
            "Progression-free survival", "A: Drug X", "B: Placebo",
            "C: Combination", "A: Drug X less B: Placebo", "C: Combination less B: Placebo",
        ]  # fmt: skip
        results = made("adam-three-arms").to_dict()
        own, other = (
            results["arms"][arm]["endpoints"]["pfs"]["restricted_mean"]["months"]
            for arm in ("C: Combination", "B: Placebo")
        )
        assert rows[3][3] == f"{own:.1f}"
        assert rows[5][3] == f"+{own - other:.1f}"
        assert rows[5][4].startswith("−")

    def test_one_remark_for_all_lines_it_holds_for(self) -> None:
        notes = notes_of(composed("adam-three-arms"), "table_restricted_mean")
        assert notes.count("no limits without an event before the horizon") == 1
        assert "(A: Drug X; B: Placebo; C: Combination)" in notes

    def test_without_arms_there_is_nothing_to_compare(self) -> None:
        rows = table_of(composed("simulated-drup"), "table_restricted_mean")
        assert [row[0] for row in rows] == [
            "Progression-free survival", "All treated patients", "Overall survival",
            "All treated patients",
        ]  # fmt: skip


class TestProgressionIncidence:
    def test_both_shares_and_their_limits_by_landmark(self) -> None:
        found = made("simulated-drup").to_dict()["endpoints"]["progression_incidence"]
        rows = table_of(composed("simulated-drup"), "table_progression_incidence")
        assert rows[2] == ["Progression", str(found["events"])]
        assert rows[3] == ["Died without progression", str(found["competing_events"])]
        mark = found["landmarks"][0]
        assert rows[5] == ["By 6 months"]
        low, high = (f"{100 * mark[side]:.1f}" for side in ("ci_lower", "ci_upper"))
        assert rows[6][1] == f"{100 * mark['estimate']:.1f}% ({low}–{high})"

    def test_the_figure_draws_both_events_apart_without_colour(self) -> None:
        (figure,) = figures_of(material("simulated-drup"), "progression_incidence")
        scene_check.check(figure.scene)
        drawn = [s for s in figure.scene.shapes if isinstance(s, Line) and s.width == 1.5]
        assert len({line.dash for line in drawn}) == len(drawn) == 2
        assert "By 6\u00a0months 35.5% had progression" in figure.scene.alt
        last = figure.scene.data_rows[-1]
        assert last[2] + last[5] <= 1

    def test_the_curve_ends_where_too_few_are_at_risk(self) -> None:
        (figure,) = figures_of(material("simulated-drup"), "progression_incidence")
        notes = " ".join(plain_text(note) for note in figure.notes)
        assert "10% of the patients (6 or more) are at risk" in notes

    def test_an_arm_a_column(self) -> None:
        document = composed("adam-three-arms")
        table = next(
            b for b in document.blocks
            if isinstance(b, Table) and b.anchor == "table_progression_incidence"
        )  # fmt: skip
        heads = [plain_text(cell.children) for cell in table.header[0] if cell]
        assert heads[1:] == ["A: Drug X", "B: Placebo", "C: Combination"]


class TestBaskets:
    def test_raw_beside_shrunken_with_chances_to_exceed_the_thresholds(self) -> None:
        found = made("simulated-drup").to_dict()["baskets"]["baskets"]
        rows = table_of(composed("simulated-drup"), "table_baskets")
        assert len(rows) == len(found) == 7
        for row, basket in zip(rows, found, strict=True):
            shrunken = basket["shrunken"]
            assert row[1].startswith(f"{100 * basket['raw']['estimate']:.1f}%")
            assert row[2].startswith(f"{100 * shrunken['mean']:.1f}%")
            for text, above in zip(row[3:], shrunken["above"], strict=True):
                inner = re.sub(r"[<>%\s]", "", text)
                assert float(inner) == pytest.approx(100 * above["probability"], abs=0.11)

    def test_the_main_prior_stands_among_the_others(self) -> None:
        document = composed("simulated-drup")
        main = [row[2] for row in table_of(document, "table_baskets")]
        priors = table_of(document, "table_basket_priors")
        assert [row[3] for row in priors[:-1]] == main
        assert [float(x) for x in priors[-1][1:]] == sorted(float(x) for x in priors[-1][1:])

    def test_their_settings_are_in_words(self) -> None:
        table = table_of(composed("simulated-drup"), "table_settings")
        rows = {row[0]: row[1] for row in table if len(row) > 1}
        assert rows["Rate estimated by basket"] == "objective response rate"
        assert rows["Rates to exceed, each with its probability"] == "10%, 20%, 40% and 60%"

    def test_no_model_without_two_baskets(self) -> None:
        cohort = read_cohort(EXAMPLES / "summit-biliary")
        found = evaluate(cohort, settings={"estimation": {"baskets": {"column": "tumour_type"}}})
        document = compose(found)
        text = document_text(document)
        assert "No hierarchical model was fitted" in text
        anchors = [b.anchor for b in document.blocks if isinstance(b, Table)]
        assert "table_basket_priors" not in anchors


class TestArmCurves:
    def test_a_randomised_study_shows_its_arms_in_place_of_all_together(self) -> None:
        for template in ("standard", "ciebom", "pharmacist"):
            document = composed("adam-three-arms", template=template)
            anchors = [b.anchor for b in document.blocks if isinstance(b, Figure)]
            assert "figure_pfs_arms" in anchors
            assert "figure_pfs" not in anchors

    def test_arms_are_told_apart_by_their_dashes(self) -> None:
        for name in ("pfs_arms", "os_arms"):
            (figure,) = figures_of(material("adam-three-arms"), name)
            scene_check.check(figure.scene)
            curves = [
                s for s in figure.scene.shapes
                if isinstance(s, Line) and s.width == 1.5 and len(s.points) > 2
            ]  # fmt: skip
            assert len({line.dash for line in curves}) == len(curves) == 3

    def test_the_numbers_at_risk_of_each_arm(self) -> None:
        (figure,) = figures_of(material("adam-three-arms"), "pfs_arms")
        words = scene_check.texts(figure.scene)
        assert words[words.index("C: Combination") + 1] == "132 (0)"
        assert "n = 132; 75 events" in figure.scene.alt
        assert "Hazard ratio of C: Combination against B: Placebo: 0.57" in figure.scene.alt
        assert {row[0] for row in figure.scene.data_rows} == {
            "A: Drug X", "B: Placebo", "C: Combination",
        }  # fmt: skip

    def test_without_arms_it_says_so(self) -> None:
        reason = why_not_drawn(material("simulated-drup"), "pfs_arms")
        assert reason == "the patients were not divided into arms"

    def test_arms_of_a_study_that_is_not_randomised_stand_beside_the_whole(
        self, tmp_path: Path
    ) -> None:
        study = tmp_path / "study"
        shutil.copytree(EXAMPLES / "adam-three-arms", study)
        settings = study / "cohort.yaml"
        text = settings.read_text(encoding="utf-8")
        text = re.sub("  judged_arm: .*\n", "", text)
        settings.write_text(text.replace("design: randomised", "design: single-arm"), "utf-8")
        document = compose(evaluate(read_cohort(study)))
        anchors = [b.anchor for b in document.blocks if isinstance(b, Figure)]
        assert {"figure_pfs", "figure_pfs_arms"} <= set(anchors)


class TestSubgroups:
    def test_what_was_declared_as_prespecified_is_marked(self) -> None:
        document = composed("simulated-drup")
        rows = [row[0] for row in table_of(document, "table_subgroups")]
        assert "Rare cancer (prespecified, as declared)" in rows
        assert "Tumour type" in rows
        assert "Descriptive, prespecified or not" in notes_of(document, "table_subgroups")

    def test_progression_free_survival_at_a_landmark_beside_the_median(self) -> None:
        document = composed("simulated-drup")
        found = made("simulated-drup").to_dict()["subgroups"]["columns"]["rare_cancer"]["groups"]
        row = table_of(document, "table_subgroups")[1]
        mark = found[0]["pfs"]["landmark"]
        low, high = (f"{100 * mark[side]:.1f}" for side in ("ci_lower", "ci_upper"))
        assert row[-1] == f"{100 * mark['estimate']:.1f}% ({low}–{high})"


class TestStability:
    def test_the_share_of_resamples_in_which_a_criterion_is_met(self) -> None:
        found = made("simulated-drup").verdicts[0].stability
        assert found is not None
        row = table_of(composed("simulated-drup"), "table_stability")[0]
        assert row[:2] == ["Durable clinical benefit", "Met"]
        assert row[2] == f"{found.met / 2:.1f}%"
        assert f"Met: {found.met}" in row[4]

    def test_a_criterion_that_was_not_drawn_says_why(self) -> None:
        document = composed("simulated-drup")
        assert table_of(document, "table_stability")[2][2:] == ["–", "–", "–"]
        assert "counts the first patients of a design" in notes_of(document, "table_stability")
        arms = notes_of(composed("adam-three-arms"), "table_stability")
        assert "arms are compared in this study" in arms

    def test_limits_from_the_resamples_beside_those_by_formula(self) -> None:
        found = made("simulated-drup").to_dict()
        rows = {r[0]: r[1:] for r in table_of(composed("simulated-drup"), "table_bootstrap")}
        orr, limits = found["endpoints"]["orr"], found["bootstrap"]["orr"]
        assert rows["Objective response rate, %"] == [
            f"{100 * orr['estimate']:.1f}%",
            f"{100 * orr['ci_lower']:.1f}–{100 * orr['ci_upper']:.1f}",
            f"{100 * limits['ci_lower']:.1f}–{100 * limits['ci_upper']:.1f}",
        ]
        assert len(rows["Median progression-free survival, months"]) == 3


def test_nothing_of_it_is_printed_unasked() -> None:
    document = compose(evaluation())
    anchors = {b.anchor for b in document.blocks if isinstance(b, Table | Figure)}
    unasked = {"restricted_mean", "progression_incidence", "baskets", "basket_priors",
               "stability", "bootstrap"}  # fmt: skip
    assert not {f"table_{name}" for name in unasked} & anchors
    assert not {"figure_progression_incidence", "figure_baskets", "figure_pfs_arms"} & anchors
