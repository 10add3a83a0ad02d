"""External context, risk of bias and certainty: sourced, described, and judged by people only."""

import re
from dataclasses import replace
from typing import Any

import pytest
from fakes import evaluation, proportion

from dossier.cohort.settings import Settings
from dossier.compose.document import Number, Table, plain_text
from dossier.compose.dossier import compose
from dossier.compose.evidence import judging, shipped_programmes
from dossier.compose.inlines import runs_of
from dossier.compose.reading import document_text
from dossier.estimate.model import Proportion

OWN = {
    "name": "National access programme", "reference": "Annual report", "year": 2022,
    "responders": 4, "n": 25, "population": "no molecular selection",
}  # fmt: skip


def table_of(anchor: str, *, orr: Proportion | None = None, **given: Any) -> Table:
    made = evaluation(**given)
    if orr is not None:
        results = replace(made.results, proportions=made.results.proportions | {"orr": orr})
        made = replace(made, results=results)
    document = compose(made)
    (table,) = (b for b in document.blocks if isinstance(b, Table) and b.anchor == anchor)
    return table


def rows_of(table: Table) -> dict[str, list[str]]:
    rows = [[plain_text(c.children) for c in row if c is not None] for row in table.rows]
    return {row[0]: row[1:] for row in rows}


# --- published programmes ------------------------------------------------------------------------


def test_every_shipped_figure_has_a_source_or_says_that_it_was_not_verified() -> None:
    for entry in shipped_programmes():
        assert entry.reference or entry.status == "unverified", entry.id
        if entry.status == "verified":
            assert entry.year, entry.id
        assert set(entry.name) == {"en", "nl"}
        assert set(entry.definition) == set(entry.population)
    assert len({entry.id for entry in shipped_programmes()}) == len(shipped_programmes())


def test_the_programmes_stand_beside_the_cohort() -> None:
    rows = rows_of(table_of("table_programmes"))
    this = next(cells for name, cells in rows.items() if name.startswith("This cohort"))
    assert this[:2] == ["25", "16.0% (4/25); 4.5–36.1"]
    for name, share, checked in (
        ("DRUP, whole programme", "15.7%; 13.7–17.9", "abstract of the publication"),
        ("NCI-MATCH", "10.3%", "not verified"),
        ("MyPathway", "22.6% (52/230); 17.4–28.6", "another text about it"),
        ("Pooled meta-analysis", "14%", "not verified"),
        ("MOSCATO 01", "11.3% (22/194); 7.2–16.7", "abstract of the publication"),
    ):
        cells = next(cells for label, cells in rows.items() if label.startswith(name))
        assert cells[1] == share
        assert cells[-1] == checked


def test_only_the_numbers_of_the_cohort_lead_to_results_json() -> None:
    table = table_of("table_programmes")
    numbers = [n for runs in runs_of(table) for n in runs if isinstance(n, Number)]
    assert numbers
    assert all(n.path.startswith("endpoints.") for n in numbers)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_nothing_is_tested_against_a_programme(language: str) -> None:
    text = document_text(compose(evaluation(), language=language))
    headings = {
        "en": ("External context", "Criteria in detail"),
        "nl": ("Externe context", "Criteria in detail"),
    }[language]
    section = text.partition(headings[0])[2].partition(headings[1])[0]
    assert "MyPathway" in section
    assert not re.search(r"\bp\s*[=<]|significan|better than|beter dan", section)


def test_a_programme_of_the_user_is_added_or_stands_alone() -> None:
    settings = {"context": {"programmes": [OWN]}}
    rows = rows_of(table_of("table_programmes", settings=settings))
    own = next(v for k, v in rows.items() if k.startswith("National access programme Annual"))
    assert own[1] == "16.0% (4/25); 4.5–36.1"
    assert own[-1] == "given by the applicant"
    settings["context"]["shipped"] = False
    rows = rows_of(table_of("table_programmes", settings=settings))
    assert not any(name.startswith("DRUP") for name in rows)


def test_without_any_programme_the_dossier_says_so() -> None:
    text = document_text(compose(evaluation(settings={"context": {"shipped": False}})))
    assert "No published results of comparable programmes are given" in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"responders": 26}, "more responders than patients: 26 of 25"),
        ({"n": None}, "responders need n"),
        ({"response_rate": 0.2}, "not both"),
        ({"responders": None}, "needs responders and n"),
        ({"rate": 0.2}, "rate"),
    ],
)
def test_an_impossible_programme_is_refused(change: dict, words: str) -> None:
    entry = {key: value for key, value in (OWN | change).items() if value is not None}
    values = {"cohort": {"title": "x"}, "data": {"patients": "p.csv"}}
    with pytest.raises(ValueError, match=words):
        Settings.model_validate(values | {"context": {"programmes": [entry]}})


# --- certainty -----------------------------------------------------------------------------------


def test_a_judgement_that_nobody_gave_is_an_open_field() -> None:
    for anchor, column in (("table_risk_of_bias", 1), ("table_certainty", 1)):
        rows = rows_of(table_of(anchor))
        open_ones = [name for name, cells in rows.items() if cells[column].startswith("[to be")]
        assert len(open_ones) == (10 if anchor == "table_risk_of_bias" else 6)


def test_declared_judgements_are_printed_with_their_grounds() -> None:
    settings = {
        "certainty": {
            "level": "low", "grounds": "small series",
            "imprecision": {"rating": "very serious", "grounds": "wide limits"},
            "indirectness": "not serious",
            "checklist": {
                "consecutive_inclusion": "yes",
                "complete_inclusion": {"answer": "unclear", "grounds": "no log of screening"},
            },
            "would_change": ["a second cohort"],
        }
    }  # fmt: skip
    rows = rows_of(table_of("table_certainty", settings=settings))
    assert rows["Imprecision"][1:] == ["very serious", "wide limits"]
    assert rows["Indirectness"][1:] == ["not serious", "–"]
    assert rows["Certainty"][1:] == ["low", "small series"]
    rows = rows_of(table_of("table_risk_of_bias", settings=settings))
    assert rows["Were patients included consecutively?"][1] == "yes"
    assert rows["Was inclusion complete?"][1:] == ["unclear", "no log of screening"]
    text = document_text(compose(evaluation(settings=settings)))
    assert "a second cohort." in text


def test_an_uncontrolled_series_starts_very_low() -> None:
    assert rows_of(table_of("table_certainty"))["Starts at"][1] == "very low"
    randomised = {"cohort": {"title": "x", "design": "randomised"}}
    rows = rows_of(table_of("table_certainty", settings=randomised))
    assert rows["Starts at"][1] == "high"
    document = compose(evaluation(settings=randomised))
    assert "The checklist on risk of bias is one for case series." in document_text(document)


@pytest.mark.parametrize(
    ("events", "n", "rating"),
    [(100, 400, "not serious"), (4, 25, "serious"), (2, 5, "very serious")],
)
def test_the_width_of_the_limits_suggests_imprecision(events: int, n: int, rating: str) -> None:
    rows = rows_of(table_of("table_certainty", orr=proportion(events, n)))
    assert f"The data suggest: {rating}." in rows["Imprecision"][0]


def test_missing_outcomes_are_counted_and_suggest_risk_of_bias() -> None:
    rows = rows_of(table_of("table_certainty", orr=proportion(4, 20, unknown=5)))
    assert "Unknown, of 25 treated patients: ORR 5." in rows["Risk of bias"][0]
    assert "Missing outcomes suggest: serious." in rows["Risk of bias"][0]
    assert judging().missing.rating(5 / 25) == "serious"
    assert judging().missing.rating(5.1 / 25) == "very serious"
