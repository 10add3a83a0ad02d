"""A gap in a document is a marked field, listed at the end; what looks like one is a mistake."""

import re
from dataclasses import replace

import pytest
from fakes import durable_benefit, evaluation, pack_copy

from dossier.compose.document import Document, OpenField, Table, plain_text
from dossier.compose.dossier import compose
from dossier.compose.inlines import runs_of
from dossier.compose.open_fields import LIST_ANCHOR, open_fields
from dossier.compose.pack import shipped_packs
from dossier.compose.reading import document_text
from dossier.errors import InputError

# What a forgotten gap looks like, in text that is no marked field.
GAPS = re.compile(
    r"\[(?:to be completed|in te vullen)|\{\w*\}|\{\{|\{%|\bTODO\b|\bTBD\b|\bXX+\b|\?\?\?"
    r"|\.\.\.\.|_{3,}"
)
FILLED = {
    "cohort": {
        "title": "Examplinib", "drug": "examplinib", "indication": "rare", "biomarker": "EXMP",
        "trial": "NCT1",
    },
    "submission": {
        "requested_by": "a professional association", "line": "after standard treatment",
        "assay": "sequencing panel", "assay_cutoff": "any fusion", "registration": "off-label",
        "comparator": "best supportive care", "time_horizon": "two years", "atc_code": "l01eh03",
        "zi_number": 123456, "addon_code": "A-1", "eligible_patients": 40,
        "eligible_source": "cancer registry, 2023",
        "rarity": {"answer": "yes", "grounds": "40 patients a year"},
        "evidence": {"answer": "yes", "grounds": "this dossier"},
        "no_alternative": {"answer": "no", "grounds": "another drug is registered"},
    },
    "dossier": {
        "version": "2.0", "author": "A. Author", "reviewer": "R. Reviewer",
        "approver": "P. Approver", "approved_on": "2024-06-30", "extract_date": "2024-06-01",
        "document_date": "2024-07-15",
        "submitted_to": "the institute", "changes": ["longer follow-up", "two more patients"],
    },
}  # fmt: skip


def without_fields(document: Document) -> str:
    """The text of a document with every marked field taken out."""
    blocks = []
    for block in document.blocks:
        if isinstance(block, Table) and block.anchor == LIST_ANCHOR:
            continue
        for runs in runs_of(block):
            kept = tuple(run for run in runs if not isinstance(run, OpenField))
            blocks.append(plain_text(kept))
    return "\n".join(blocks)


def listed(document: Document) -> list[tuple[str, ...]]:
    (table,) = (b for b in document.blocks if isinstance(b, Table) and b.anchor == LIST_ANCHOR)
    return [tuple(plain_text(c.children) for c in row if c is not None) for row in table.rows]


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("pack", shipped_packs())
def test_no_gap_is_forgotten(pack: str, language: str) -> None:
    document = compose(evaluation(), template=pack, language=language)
    assert GAPS.findall(without_fields(document)) == []
    for found in open_fields(document.blocks):
        assert re.fullmatch(r"\[(to be completed|in te vullen)\b.*\]", found.field.text)


def test_a_gap_typed_into_a_template_is_found(tmp_path) -> None:
    pack = pack_copy(tmp_path, limitations="# Limitations\n\n[to be completed: forgotten]\n")
    document = compose(evaluation(), template=str(pack))
    assert GAPS.findall(without_fields(document)) == ["[to be completed"]


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("pack", ["standard", "ciebom", "jca"])
def test_every_open_field_is_listed_at_the_end_with_its_place(pack: str, language: str) -> None:
    document = compose(evaluation(), template=pack, language=language)
    tables = [block for block in document.blocks if isinstance(block, Table)]
    assert tables[-1].anchor == LIST_ANCHOR
    rows = listed(document)
    fields = list(open_fields(document.blocks))
    assert fields
    for found in fields:
        asked = found.field.text.strip("[]").casefold()
        assert any(row[2].casefold() == asked and row[0] for row in rows), found
    assert len(rows) == len(set(rows))
    assert not any("[" in cell for row in rows for cell in row)


def test_the_list_says_what_is_asked_and_where() -> None:
    rows = listed(compose(evaluation()))
    assert (
        "Document control",
        "Version of this dossier",
        "To be completed: version number",
    ) in rows
    place = next(row[0] for row in rows if row[1] == "ATC code")
    assert re.fullmatch(r"Section\s\d, The submission", place)


def test_what_cohort_yaml_says_is_printed_and_no_longer_asked() -> None:
    document = compose(evaluation(settings=FILLED))
    text = document_text(document)
    for words in (
        "L01EH03", "123456", "A-1", "40; source: cancer registry, 2023.",
        "not registered for this indication (off-label)", "best supportive care",
        "sequencing panel",
        "no | another drug is registered", "Approver | P. Approver | 30 June 2024",
        "longer follow-up. two more patients.", "Date of the data extract | 1 June 2024",
        "Date of this document | 15 July 2024",
    ):  # fmt: skip
        assert words.replace("\u00a0", " ") in text.replace("\u00a0", " "), words
    asked = {row[1] for row in listed(document)}
    assert asked.isdisjoint({"ATC code", "Assay", "Version of this dossier", "Requested by"})
    assert {"Author", "Reviewer", "Approver"} <= asked  # their signatures


def test_the_data_cutoff_is_not_the_date_of_the_document() -> None:
    asked = {row[1] for row in listed(compose(evaluation()))}
    assert "Date of this document" in asked
    assert "Data cut-off" not in asked


def test_a_registered_indication_needs_no_off_label_questions() -> None:
    settings = {"submission": {"registration": "registered"}}
    anchors = {
        b.anchor for b in compose(evaluation(settings=settings)).blocks if isinstance(b, Table)
    }
    assert "table_off_label" not in anchors
    assert "table_key_facts" in anchors


def test_nobody_unknown_can_be_asked(tmp_path) -> None:
    pack = pack_copy(tmp_path, limitations='# Limitations\n\n{{ open_field("x", by="me") }}\n')
    with pytest.raises(InputError, match="nobody is called 'me'"):
        compose(evaluation(), template=str(pack))


# --- estimands -----------------------------------------------------------------------------------


def estimand(endpoint: str, language: str = "en", **derivation: object) -> str:
    made = evaluation(settings={"derivation": derivation})
    made = replace(made, verdicts=(durable_benefit(),))
    (table,) = (
        block
        for block in compose(made, language=language).blocks
        if isinstance(block, Table) and block.anchor == "table_estimands"
    )
    for row in table.rows:
        cells = [plain_text(cell.children) for cell in row if cell is not None]
        if endpoint in cells[0]:
            return " | ".join(cells)
    raise AssertionError(endpoint)


@pytest.mark.parametrize(
    ("derivation", "words"),
    [
        ({}, "New anticancer therapy: hypothetical; censored"),
        ({}, "Clinical progression without imaging: treatment policy; no event"),
        ({}, "Missed assessments: treatment policy; an event after a gap counts"),
        ({"pfs": "treatment-policy"}, "New anticancer therapy: treatment policy; ignored."),
        ({"clinical_progression": "event"}, "without imaging: composite; it is an event"),
        (
            {"pfs": "fda", "schedule": "8 weeks", "missed_assessments": 3},
            "straight after 3 or more missed assessments is censored",
        ),
        (
            {"pfs": "fda", "schedule": "8 weeks", "clinical_progression": "event"},
            "without imaging: treatment policy; no event",
        ),
    ],
)
def test_the_strategies_follow_from_the_rules_in_force(derivation: dict, words: str) -> None:
    assert words in estimand("(PFS)", **derivation)
    assert words in estimand("(DoR)", **derivation)


def test_survival_and_response_do_not_depend_on_the_rule_set() -> None:
    for name in ("(OS)", "(ORR)", "(CBR)"):
        assert estimand(name) == estimand(name, pfs="treatment-policy")
