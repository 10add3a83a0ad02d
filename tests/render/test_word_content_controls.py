"""What the office must fill in is a content control that names itself."""

from __future__ import annotations

from pathlib import Path

from lxml import etree
from sample import cell, text
from validators.validate import check_word, check_word_accessibility
from word_file import W, body_of, document_of, find, rendered, words

from dossier.compose.document import (
    BulletList,
    Cell,
    Footnote,
    OpenField,
    Paragraph,
    Strong,
    Table,
    Text,
)

COSTS = OpenField("[to be completed]")
SIGNED = OpenField("[in te vullen: datum]", "date")
BLOCKS = (
    BulletList(((Strong(text("Costs per 28 days:")), Text(" € "), COSTS),)),
    Paragraph((COSTS,)),
    Paragraph((Text("See"), Footnote((Text("of "), COSTS)))),
    Table(
        "t",
        "Table 1",
        text("Review"),
        ((cell("Role"), cell("Name"), cell("Date")),),
        ((cell("Reviewer", strong=True), Cell((COSTS,)), Cell((SIGNED,))),),
        (1, 1, 1),
    ),
)


def controls(body: etree._Element) -> list[etree._Element]:
    return find(body, ".//w:sdt[w:sdtPr/w:showingPlcHdr]")


def named(control: etree._Element, name: str) -> str:
    return control.find(f"{W}sdtPr/{W}{name}").get(f"{W}val")


def test_every_field_is_a_control_that_shows_the_marked_field() -> None:
    shown = [words(control) for control in controls(body_of(*BLOCKS))]

    assert shown == [COSTS.text, COSTS.text, COSTS.text, SIGNED.text]


def test_the_title_says_what_is_asked_and_the_tag_is_unique() -> None:
    found = controls(body_of(*BLOCKS))

    assert [named(control, "alias") for control in found] == [
        "Costs per 28 days: to be completed",
        "to be completed",
        "Reviewer: to be completed",
        "Reviewer: in te vullen: datum",
    ]
    assert [named(control, "tag") for control in found] == [
        "costs_per_28_days",
        "to_be_completed",
        "reviewer",
        "reviewer_2",
    ]
    numbers = [named(control, "id") for control in found]
    assert len(set(numbers)) == len(numbers)


def test_a_date_is_picked_from_a_calendar_in_the_language_of_the_document() -> None:
    (date,) = find(body_of(*BLOCKS, language="nl-NL"), ".//w:sdtPr/w:date")

    assert date.find(f"{W}lid").get(f"{W}val") == "nl-NL"
    assert date.find(f"{W}dateFormat").get(f"{W}val") == "d MMMM yyyy"


def test_a_long_question_is_cut_between_words_where_word_refuses_it() -> None:
    asked = "meets / does not meet the criteria for a (provisionally) positive advice"
    (control,) = controls(body_of(Paragraph((OpenField(f"[{asked}]"),))))

    title = named(control, "alias")
    assert len(title) <= 64
    assert title == "meets / does not meet the criteria for a (provisionally)…"
    assert words(control) == f"[{asked}]"


def test_a_document_with_controls_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "dossier.docx"
    path.write_bytes(rendered(document_of(*BLOCKS)))

    assert check_word(path) == []
    assert check_word_accessibility(path) == []
