"""The packs that ship, packs that extend another, and the catalogue."""

import io
import re
from functools import cache
from pathlib import Path
from typing import Any, get_args

import docx
import pypdfium2
import pytest
from click.testing import CliRunner
from fakes import durable_benefit, evaluation

from dossier.appraise.verdict import Verdict
from dossier.cli.templates import command
from dossier.cohort.dossier_settings import Analysis
from dossier.cohort.read import read_cohort
from dossier.compose.document import (
    Contents,
    Document,
    Figure,
    Heading,
    Row,
    Table,
    TitlePage,
    plain_text,
)
from dossier.compose.dossier import compose
from dossier.compose.pack import open_pack, shipped_packs
from dossier.compose.packs import copy_pack, describe, list_packs
from dossier.compose.reading import document_text
from dossier.compose.tables.analyses import ANALYSES
from dossier.errors import InputError
from dossier.evaluation import Evaluation, evaluate
from dossier.locations import shipped
from dossier.render.html.write import render_html
from dossier.render.pdf.write import render_pdf
from dossier.render.word.write import render_word
from dossier.scenarios.scenario_dossier import base_evaluation
from dossier.scenarios.what_if import WhatIf, sensitivity, what_if

EXAMPLES = shipped("templates").parent / "examples"
LANGUAGES = ("en", "nl")


def text_of(pack: str, language: str = "en", **changes: Any) -> str:
    return text_of_document(compose(evaluation(**changes), template=pack, language=language))


def text_of_document(document: Document) -> str:
    return document_text(document).replace("\u00a0", " ")


@cache
def evaluated(example: str) -> tuple[Evaluation, WhatIf | None]:
    """An example with every analysis that costs little, and its scenarios."""
    asked = {"baskets": None, "restricted_mean": "12 months", "competing_risks": True}
    made = evaluate(read_cohort(EXAMPLES / example), settings={"estimation": asked})
    return made, sensitivity(made)


def own_pack(folder: Path, more: str = "", **files: str) -> Path:
    pack = folder / "my-pack"
    (pack / "en").mkdir(parents=True)
    text = f"id: my-pack\nversion: '1'\nextends: standard\ntitle: {{en: My pack}}\n{more}"
    (pack / "pack.yaml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        ending = ".yaml" if name == "words" else ".md.j2"
        (pack / "en" / f"{name}{ending}").write_text(content, encoding="utf-8")
    return pack


# --- extending -----------------------------------------------------------------------------------


def test_a_pack_that_extends_another_holds_only_what_differs(tmp_path: Path) -> None:
    pack = own_pack(
        tmp_path,
        "sections: [title, summary, safety, queries, limitations]\nstyle: {accent: '#102030'}\n",
        words="document:\n  kind: My dossier\n",
        evidence_sentence="In my own words.\n",
    )
    document = compose(evaluation(), template=str(pack))
    text = document_text(document)
    assert "My dossier" in text
    assert "In my own words." in text
    assert document.title == "My dossier: Examplinib in rare tumours"
    assert document.style.accent == "#102030"
    headings = [b.anchor for b in document.blocks if isinstance(b, Heading)]
    sections = ("summary", "safety", "queries", "limitations")
    assert [x for x in headings if x.removeprefix("section_") in sections] == [
        f"section_{name}" for name in sections
    ]
    assert "section_methods" not in headings


def test_a_mistake_names_the_pack_that_the_template_comes_from(tmp_path: Path) -> None:
    pack = own_pack(tmp_path, response_sentence="one\n\n{{ nothing }}\n")
    with pytest.raises(InputError) as caught:
        compose(evaluation(), template=str(pack))
    (problem,) = caught.value.problems
    assert (problem.file, problem.row) == ("my-pack/en/response_sentence.md.j2", 3)
    base = open_pack(str(pack), "en")
    assert base.label("safety.md.j2") == "standard/en/safety.md.j2"


@pytest.mark.parametrize(
    ("extends", "words"),
    [("standerd", "no such template pack to extend"), ("my-pack", "in a circle")],
)
def test_a_pack_that_cannot_be_extended(tmp_path: Path, extends: str, words: str) -> None:
    pack = own_pack(tmp_path)
    file = pack / "pack.yaml"
    file.write_text(file.read_text("utf-8").replace("standard", extends), "utf-8")
    with pytest.raises(InputError, match=words) as caught:
        open_pack(str(pack), "en")
    assert caught.value.problems[0].row == 3


@pytest.mark.parametrize("name", ["query_listng", "key_facts.zi_numbre"])
def test_a_misspelt_name_is_never_left_out_in_silence(tmp_path: Path, name: str) -> None:
    """Who leaves out a listing of patients must not find it in print."""
    pack = own_pack(tmp_path, f"leave_out: [dor, {name}]\n")
    with pytest.raises(InputError, match="no table or figure to leave out") as caught:
        compose(evaluation(), template=str(pack))
    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.value) == ("my-pack/pack.yaml", 5, name)


# --- the shipped packs ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_of_the_committee(language: str) -> None:
    text = text_of("ciebom", language, settings={"certainty": {"level": "moderate"}})
    assert text.startswith("NRS: Examplinib in rare tumours")
    fixed = {
        "en": (
            "gives a chance of response of 16.0 per cent (95% CI: 4.5–36.1; 4 of 25 patients)",
            "This advice is based on the results of non-randomised research. The quality of the "
            "evidence is moderate. It is likely that further research will change the estimate of "
            "the size of the treatment effect.",
            "Costs per 28 days: € [to be completed]",
        ),
        "nl": (
            "een kans op respons van 16,0 procent (95%-BI: 4,5–36,1; 4 van 25 patiënten)",
            "Dit advies is tot stand gekomen op basis van de uitkomsten van niet-gerandomiseerd "
            "onderzoek. De kwaliteit van het bewijs is matig. Het is waarschijnlijk dat met verder "
            "onderzoek de schatting van de grootte van het effect van de behandeling zal "
            "veranderen.",
            "Kosten per 28 dagen: € [in te vullen]",
        ),
    }[language]
    for words in fixed:
        assert words in text
    assert "(not included)" not in text
    assert "(niet opgenomen)" not in text


def test_the_program_does_not_judge_the_quality_of_the_evidence() -> None:
    asked = "The quality of the evidence is [to be completed: high, moderate, low or very low]."
    assert asked in text_of("ciebom")
    very_low = text_of("ciebom", settings={"certainty": {"level": "very low"}})
    assert (
        "is very low. The estimate of the size of the treatment effect is very uncertain."
        in very_low
    )


def test_the_committee_decides_unless_its_criterion_was_judged() -> None:
    assert "[to be completed by the committee: this result meets / does not meet" in text_of(
        "ciebom"
    )
    for outcome, words in (
        (
            Verdict.MET,
            "meets the PASKWIL criteria for non-randomised studies for a provisionally positive",
        ),
        (Verdict.NOT_MET, "does not meet the PASKWIL criteria for non-randomised studies"),
        (Verdict.NOT_ASSESSABLE, "cannot be judged whether this result meets the PASKWIL criteria"),
    ):
        verdict = durable_benefit(id="paskwil-nonrandomised-2021", verdict=outcome)
        text = text_of("ciebom", verdicts=(verdict,))
        assert words in text
        assert "[to be completed by the committee" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", ["summit-biliary", "simulated-drup", "adam-three-arms"])
def test_the_pharmacist_gets_two_pages(example: str, language: str) -> None:
    made, what_if = evaluated(example)
    document = compose(made, template="pharmacist", language=language, what_if=what_if)
    assert render_pdf(document).layout.page_count == 2
    assert not any(isinstance(block, TitlePage | Contents) for block in document.blocks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_joint_clinical_assessment_is_neutral(language: str) -> None:
    document = compose(evaluation(), template="jca", language=language)
    text = document_text(document)
    say = open_pack("jca", language).say
    for verdict in ("met", "not_met", "not_assessable"):
        assert f"| {say(f'verdicts.{verdict}')}" not in text
    assert say("tables.verdicts.caption") not in text
    assert "Durable clinical benefit" not in text
    anchors = {b.anchor for b in document.blocks if isinstance(b, Table)}
    assert {"table_pico", "table_analyses"} <= anchors
    assert not {"table_verdicts", "table_criterion_durable_benefit"} & anchors


# Tables and figures that describe the document, the study or the data and estimate nothing.
NO_ANALYSIS = {
    *("table_document_control", "table_sign_off", "table_key_facts", "table_pico"),
    *("table_analyses", "table_endpoint_definitions", "table_estimands", "table_open_fields"),
    *("table_analysis_sets", "table_disposition", "table_protocol_deviations", "table_baseline"),
    *(
        "table_query_summary",
        "table_query_listing",
        "table_identifiers",
        "table_settings",
        "table_missing_data",
    ),
    *("table_derivation_rules", "table_hashes", "figure_flow"),
}


def analyses_of(document: Document) -> list[Row]:
    found = (b for b in document.blocks if isinstance(b, Table) and b.anchor == "table_analyses")
    return list(next(found).rows)


def cell_text(row: Row, column: int) -> str:
    cell = row[column]
    assert cell is not None
    return plain_text(cell.children)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", ["summit-biliary", "simulated-drup", "adam-three-arms"])
def test_whatever_a_joint_clinical_assessment_prints_is_labelled(
    example: str, language: str
) -> None:
    made, what_if = evaluated(example)
    document = compose(made, template="jca", language=language, what_if=what_if)
    say = open_pack("jca", language).say
    analyses = {say.capital(say(each.label)): each for each in ANALYSES}
    rows = {cell_text(row, 0): row for row in analyses_of(document)}
    assert all(cell_text(row, 3) for row in rows.values())
    labelled = {place.replace(":", "_") for name in rows for place in analyses[name].shown}
    printed = {b.anchor for b in document.blocks if isinstance(b, Table | Figure)}
    assert printed - NO_ANALYSIS <= labelled
    assert not NO_ANALYSIS & labelled
    # Every row leads to a table or figure that is there.
    assert say("references.absent") not in " ".join(cell_text(row, 2) for row in rows.values())


def test_whatever_can_be_called_prespecified_has_a_row_of_its_own() -> None:
    assert {each.name for each in ANALYSES} == set(get_args(Analysis))


def test_an_analysis_is_labelled_as_somebody_declares_it() -> None:
    design = {
        "endpoint": "cbr_16w", "stage1": {"n": 8, "minimum": 1}, "total": {"n": 24, "minimum": 5},
        "null": 0.1, "alternative": 0.3,
    }  # fmt: skip
    told = {"prespecified": {"pfs": "yes", "os": "no"}}
    document = compose(
        evaluation(settings={"two_stage": design, "submission": told}), template="jca"
    )
    labels = {cell_text(row, 0): cell_text(row, 3) for row in analyses_of(document)}
    assert labels["Progression-free survival"] == "prespecified (declared by the developer)"
    assert labels["Overall survival"] == "post hoc (declared by the developer)"
    assert labels["Clinical benefit at 16 weeks"].startswith("prespecified (endpoint of the")
    assert labels["Objective response rate"] == "[to be completed: prespecified or post hoc]"


# What only one member state asks for, or what judges.
NOT_IN_AN_ASSESSMENT = {
    "en": "Netherlands|Dutch|ZI number|G-Standaard|Add-on|paymen|pay for|reimburse|"
    "too favourabl|unfavourabl|criterion|verdict|added value",
    "nl": "Nederland|ZI-nummer|G-Standaard|Add-on|\\bbetal|vergoed|te gunstig|"
    "criterium|\\boordeel\\b",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", ["summit-biliary", "simulated-drup", "adam-three-arms"])
def test_a_joint_clinical_assessment_neither_judges_nor_speaks_of_one_country(
    example: str, language: str
) -> None:
    made, what_if = evaluated(example)
    document = compose(made, template="jca", language=language, what_if=what_if)
    text = document_text(document)
    found = re.findall(f".*(?:{NOT_IN_AN_ASSESSMENT[language]}).*", text, re.IGNORECASE)
    allowed = {"en": ("It does not judge added value", "eligibility criterion"),
               "nl": ("Het geeft geen oordeel over", "inclusiecriterium")}[language]  # fmt: skip
    assert [line for line in found if not any(words in line for words in allowed)] == []


def test_a_joint_clinical_assessment_gives_the_range_over_the_scenarios() -> None:
    made, found = evaluated("simulated-drup")
    assert found is not None
    text = text_of_document(compose(made, template="jca", what_if=found))
    estimates = [row.figures["orr"].estimate for row in found.matrix.rows if row.figures]
    known = [x for x in estimates if x is not None]
    expected = f"{min(known):.1%} to {max(known):.1%}; base case {known[0]:.1%}."
    assert f"Objective response rate: {expected}" in text


@pytest.mark.parametrize("pack", ["pharmacist", "ciebom"])
def test_the_scenarios_that_change_a_verdict_are_named(pack: str) -> None:
    made, found = evaluated("simulated-drup")
    assert found is not None
    text = text_of_document(compose(made, template=pack, what_if=found))
    count, flips = found.matrix.scenarios_run, len(found.matrix.flipping)
    assert flips == 1
    assert f"Of {count} sensitivity analyses" in text
    assert "Left out: biomarker EXMP fusion: Durable clinical benefit, met → not met; ESMO" in text
    idle = sum(row.reason is not None for row in found.matrix.rows[1:])
    assert f"change{'s' * (flips == 1)} a verdict; {idle} could not be run" in text
    without = text_of_document(compose(made, template=pack))
    assert "No sensitivity analyses were made" in without


def test_what_would_change_the_conclusion_names_the_scenarios_that_change_a_verdict() -> None:
    made, found = evaluated("simulated-drup")
    assert found is not None
    named = "sensitivity analyses changes a verdict (left out: biomarker EXMP fusion)."
    text = text_of_document(compose(made, what_if=found)).replace("\u00a0", " ")
    assert f"Other assumptions: 1 of the {found.matrix.scenarios_run} {named}" in text
    # A condition of an adjustment is not met or failed in the scenarios either.
    assert "Grade 3–4 toxicity ≥ 30%: not known → holds" in text
    assert "Other assumptions" not in text_of_document(compose(made))


def test_the_summary_tells_who_is_too_early_for_each_of_its_shares() -> None:
    made, _ = evaluated("simulated-drup")
    text = text_of_document(compose(made)).replace("\u00a0", " ")
    assert "(too early in 1 patient). Of those with benefit at 16 weeks, 76.5% (26/34)" in text
    assert "kept it to 24 weeks; for 3 others it is too early." in text


@pytest.mark.parametrize(
    ("status", "language", "banner"),
    [
        (None, "en", ""), ("draft", "en", "DRAFT"), ("draft", "nl", "CONCEPT"),
        ("final", "nl", "DEFINITIEF"), ("confidential", "nl", "VERTROUWELIJK"),
    ],
)  # fmt: skip
def test_the_status_stands_on_every_page(status: str | None, language: str, banner: str) -> None:
    made = evaluation(settings={"dossier": {"status": status}})
    assert compose(made, language=language).banner == banner


@pytest.mark.parametrize(
    ("pack", "language", "banner"),
    [("pharmacist", "en", "CONFIDENTIAL"), ("pharmacist", "nl", "VERTROUWELIJK"),
     ("ciebom", "en", "CONFIDENTIAL"), ("ciebom", "nl", "VERTROUWELIJK")],
)  # fmt: skip
def test_readers_see_the_status_in_every_file(pack: str, language: str, banner: str) -> None:
    made = evaluation(settings={"dossier": {"status": "confidential"}})
    document = compose(made, template=pack, language=language)
    pdf = render_pdf(document)
    for page in pypdfium2.PdfDocument(pdf.content):
        assert banner in page.get_textpage().get_text_range()
    word = docx.Document(io.BytesIO(render_word(document, pdf.layout)))
    (section,) = word.sections
    assert banner in section.header.paragraphs[0].text
    begins = isinstance(document.blocks[0], TitlePage)
    assert section.different_first_page_header_footer == begins
    if begins:
        assert banner in section.first_page_header.paragraphs[0].text
    page_of_all = render_html(document).decode()
    assert f"<strong>{banner}</strong>" in page_of_all
    assert f'content: "{banner}"' in page_of_all


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Unconfirmed; not evaluable: not counted; all treated"),
     ("nl", "Onbevestigd; niet evalueerbaar: niet meegeteld; alle behandelde patiënten")],
)  # fmt: skip
def test_scenarios_of_a_grid_are_named_in_words(language: str, name: str) -> None:
    grid = {
        "reason": "both together",
        "derivation.confirmation": [False],
        "population": ["treated", "evaluable"],
        "not_evaluable": ["excluded"],
    }
    asked = {"base": {"reason": "as in the protocol"}, "grid": grid}
    found = what_if(read_cohort(EXAMPLES / "simulated-drup"), asked)
    document = compose(
        base_evaluation(found), template="what-if", language=language, what_if=found, what_if_at=""
    )
    rows = next(
        b.rows for b in document.blocks if isinstance(b, Table) and b.anchor == "table_sensitivity"
    )
    names = {cell_text(row, 0) for row in rows}
    assert name in names
    assert not any("=" in each for each in names)


# --- the catalogue -------------------------------------------------------------------------------


def test_the_packs_are_listed_with_their_languages() -> None:
    packs = list_packs()
    assert [pack.id for pack in packs] == ["standard", "ciebom", "jca", "pharmacist", "what-if"]
    assert all(set(pack.languages) == set(LANGUAGES) for pack in packs)
    assert all(set(pack.title) == set(pack.description) == set(LANGUAGES) for pack in packs)


def test_a_pack_shows_where_its_sections_come_from() -> None:
    content = describe("ciebom")
    sections = {section.name: section.template for section in content.sections}
    assert sections["harms"]["nl"] == "ciebom/nl/harms.md.j2"
    assert describe("jca").sections[1].template["en"] == "standard/en/contents.md.j2"
    assert "efficacy" in content.tables
    assert "pfs" in content.figures


@pytest.mark.parametrize("pack", shipped_packs())
def test_a_copy_builds_the_same_document(tmp_path: Path, pack: str) -> None:
    folder = tmp_path / "new" / "my-pack"
    written = copy_pack(pack, folder)
    assert folder / "pack.yaml" in written
    made = evaluation()
    for language in LANGUAGES:
        shipped_one = compose(made, template=pack, language=language)
        assert compose(made, template=str(folder), language=language) == shipped_one


def test_a_copy_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="nothing is overwritten"):
        copy_pack("standard", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(InputError, match="did you mean 'standard'"):
        copy_pack("standart", tmp_path / "new")
    with pytest.raises(InputError, match="cannot be written"):
        copy_pack("standard", tmp_path / "mine.txt" / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_command(tmp_path: Path) -> None:
    run = CliRunner().invoke
    listed = run(command, ["list"])
    assert listed.exit_code == 0
    assert "pharmacist" in listed.output
    shown = run(command, ["show", "jca"])
    assert "extends: standard" in shown.output
    assert "jca/en/scope.md.j2, jca/nl/scope.md.j2" in shown.output
    copied = run(command, ["copy", "standard", str(tmp_path / "mine")])
    assert copied.exit_code == 0
    assert (tmp_path / "mine" / "nl" / "words.yaml").is_file()
