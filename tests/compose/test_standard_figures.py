"""Figures of single patients, subgroups, designs and arms in the standard dossier."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from fakes import evaluation
from test_dossier import check

from dossier.cohort.read import read_cohort
from dossier.compose.document import Document, Figure, Table, plain_text
from dossier.compose.dossier import compose
from dossier.compose.figures import FIGURES, figures_of, why_not_drawn
from dossier.compose.material import Material
from dossier.compose.pack import open_pack
from dossier.compose.reading import document_text
from dossier.compose.tables.p_values import p_value
from dossier.errors import InputError
from dossier.evaluation import Evaluation, evaluate
from dossier.locations import shipped

EXAMPLES = shipped("templates").parent / "examples"
PACK = open_pack("standard", "en")


@cache
def example(name: str) -> Evaluation:
    return evaluate(read_cohort(EXAMPLES / name))


@cache
def composed(name: str, language: str = "en") -> Document:
    return compose(example(name), language=language)


def material(made: Evaluation, **limits: int) -> Material:
    return Material(made, PACK.say, PACK.settings.limits.model_copy(update=limits))


def rows(document: Document, anchor: str) -> dict[str, list[str]]:
    table = next(b for b in document.blocks if isinstance(b, Table) and b.anchor == anchor)
    found = [[plain_text(c.children) for c in row if c] for row in table.rows]
    return {row[0]: row[1:] for row in found}


def anchors(document: Document) -> list[str]:
    return [b.anchor for b in document.blocks if isinstance(b, Table | Figure)]


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("name", ["simulated-drup", "adam-three-arms"])
def test_every_number_of_an_example_is_in_its_results(name: str, language: str) -> None:
    check(composed(name, language), example(name).to_dict())


def test_a_cohort_with_a_design_shows_it_with_its_figures() -> None:
    found = anchors(composed("simulated-drup"))
    drawn = ("waterfall", "subgroups", "durability", "swimmer", "spider",
             "baskets", "progression_incidence")  # fmt: skip
    assert {f"figure_{name}" for name in drawn} <= set(found)
    assert {"table_two_stage", "table_subgroups"} <= set(found)
    assert not {"table_arms", "table_comparisons", "figure_pfs_arms"} & set(found)
    assert "No p-values are given" not in document_text(composed("simulated-drup"))


def test_the_design_stands_beside_what_came_of_it() -> None:
    found = rows(composed("simulated-drup"), "table_two_stage")
    assert found["Patients planned"] == ["8", "24"]
    assert found["With the outcome"] == ["6", "12"]
    assert found["Decision"] == ["positive"]
    assert [x.replace("\u00a0", " ") for x in found["One-sided test against 10%"]] == ["p < 0.001"]
    assert found["Chance of a positive result if the true rate is 10% (alpha)"] == ["7.8%"]


def test_arms_are_compared() -> None:
    found = rows(composed("adam-three-arms"), "table_arms")
    assert found["C: Combination"][0] == "132"
    table = rows(composed("adam-three-arms"), "table_comparisons")
    # The second endpoint has the same labels; a dictionary keeps the last.
    assert table["Log-rank test, two-sided"][0].replace("\u00a0", " ") == "p = 0.89"
    assert "not adjusted for the number of comparisons" in document_text(
        composed("adam-three-arms")
    )


def test_no_patient_is_named_in_a_figure() -> None:
    patients = set(example("simulated-drup").patients.frame["patient_id"].astype(str))
    for block in composed("simulated-drup").blocks:
        if isinstance(block, Figure):
            cells = {str(value) for row in block.scene.data_rows for value in row}
            assert not patients & cells, block.anchor


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_that_is_not_drawn_says_why(name: str) -> None:
    nobody = material(evaluation(patients=0, verdicts=()))
    assert name == "flow" or why_not_drawn(nobody, name)


def test_large_cohorts_are_not_drawn_patient_by_patient() -> None:
    few = material(example("simulated-drup"), patients_for_courses=58, waterfall_bars=54)
    for name, words in (
        ("swimmer", "59 treated patients are too many to draw one by one (at most 58)"),
        ("spider", "59 treated patients are too many to draw one by one (at most 58)"),
        ("waterfall", "55 bars are too many to tell apart (at most 54)"),
    ):
        assert why_not_drawn(few, name) == words
    text = document_text(composed("adam-three-arms"))
    assert "400 treated patients are too many" in text


def test_a_page_of_a_figure_is_a_figure_with_notes_at_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("dossier.compose.figures.swimmer.MOST_PATIENTS", 30)
    first, second = figures_of(material(example("simulated-drup")), "swimmer")
    assert plain_text(second.caption) == "Course of each patient, continued"
    assert first.notes
    assert not second.notes


def test_benefit_that_was_given_has_no_bridge() -> None:
    given = example("simulated-drup")
    frame = given.patients.frame.assign(benefit_16w_rule="CBR-GIVEN")
    made = replace(given, patients=replace(given.patients, frame=frame))
    assert "given by the study" in why_not_drawn(material(made), "durability")


def test_margins_need_a_criterion(tmp_path: Path) -> None:
    from fakes import pack_copy

    pack = pack_copy(tmp_path, limitations='{{ figure("margins", "nothing") }}\n')
    with pytest.raises(InputError, match="there is no criterion 'nothing'"):
        compose(evaluation(), template=str(pack))


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (0.0, "p < 0.001"),
        (0.000999, "p < 0.001"),
        (0.001, "p = 0.001"),
        (0.0094, "p = 0.009"),
        (0.0098, "p = 0.010"),
        (0.013, "p = 0.01"),
        (0.0496, "p = 0.050"),
        (0.0549, "p = 0.055"),
        (0.149, "p = 0.15"),
        (0.99, "p = 0.99"),
        (0.995, "p > 0.99"),
        (None, "–"),
    ],
)
def test_p_values(value: float | None, printed: str) -> None:
    (number,) = p_value(material(evaluation()), value, "x")
    assert number.text.replace("\u00a0", " ") == printed
    assert not re.search(r"= 0\.000", number.text)
