"""Numbers in the text lead to their line of the appendix; numbers elsewhere do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from dossier.cohort.read import read_cohort
from dossier.compose.document import Cell, Document, Heading, Number, Table, plain_text
from dossier.compose.dossier import compose
from dossier.compose.inlines import inlines, text_of
from dossier.evaluation import Evaluation, evaluate
from dossier.trace import trace

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module", params=["simulated-drup", "summit-biliary", "adam-three-arms"])
def evaluation(request) -> Evaluation:
    return evaluate(read_cohort(EXAMPLES / request.param))


def in_text(document: Document) -> list[Number]:
    return [
        run
        for block in document.blocks
        for text in text_of(block)
        for run in inlines(text)
        if isinstance(run, Number)
    ]


def lines(document: Document) -> dict[str, tuple[Cell, ...]]:
    (table,) = (
        block
        for block in document.blocks
        if isinstance(block, Table) and block.anchor == "table_identifiers"
    )
    return {row[0].anchor: row for row in table.rows}


def places(line: tuple[Cell, ...]) -> list[str]:
    return [run.path for run in inlines(line[0].children) if isinstance(run, Number)]


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("template", ["standard", "jca"])
def test_every_number_in_the_text_leads_to_the_line_that_names_its_place(
    evaluation, template, language
):
    document = compose(evaluation, template=template, language=language)
    found = lines(document)
    numbers = in_text(document)
    assert numbers
    for number in numbers:
        assert places(found[number.target]).count(number.path) == 1, number
    listed = [path for line in found.values() for path in places(line)]
    assert sorted(listed) == sorted({number.path for number in numbers})


def test_a_line_counts_the_patients_and_names_the_rules_of_each_of_its_numbers(evaluation):
    for line in lines(compose(evaluation)).values():
        for path in places(line):
            whole = trace(evaluation, path)
            counts, rules = plain_text(line[2].children), plain_text(line[1].children)
            if not whole.population:
                assert counts in (
                    "compares or summarises other numbers; see its place",
                    "nothing was estimated; its place says why",
                )
                continue
            assert str(whole.members) in counts.split()
            assert counts.split()[0] == str(len(whole.patients))
            assert {rule.id for rule in whole.rules} == set(rules.split(", ")) - {"–"}


def test_a_number_in_a_cell_is_a_link_where_the_text_prints_it(evaluation):
    document = compose(evaluation)
    targets = {number.path: number.target for number in in_text(document)}
    linked = 0
    for block in document.blocks:
        if isinstance(block, Heading):
            assert not any(isinstance(run, Number) and run.target for run in block.children)
        if isinstance(block, Table) and block.anchor != "table_identifiers":
            for row in block.rows:
                for run in inlines(run for cell in row if cell for run in cell.children):
                    if isinstance(run, Number):
                        assert run.target == targets.get(run.path, "")
                        linked += bool(run.target)
    assert linked > 20


def test_without_the_appendix_no_number_is_a_link(evaluation):
    numbers = in_text(compose(evaluation, template="ciebom"))
    assert numbers
    assert {number.target for number in numbers} == {""}


def test_the_rates_of_the_example_stand_where_they_should():
    document = compose(evaluate(read_cohort(EXAMPLES / "simulated-drup")))
    line = next(
        line for line in lines(document).values() if "endpoints.orr.estimate" in places(line)
    )
    assert "31.0% endpoints.orr.estimate" in plain_text(line[0].children).replace("\u00a0", " ")
    assert plain_text(line[2].children) == "58 patients evaluable for response"
    assert "POP-EVALUABLE" in plain_text(line[1].children)
