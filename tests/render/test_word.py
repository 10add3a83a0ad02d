"""The Word file as a whole: valid, complete, in order, the same bytes each time."""

from __future__ import annotations

import datetime
import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from sample import HOSTILE, sample_document, text
from validators.validate import (
    check_word,
    check_word_accessibility,
    check_word_second_opinion,
    pdf_text,
    word_as_pdf,
    word_text,
)
from word_file import R, W, body_of, document_of, fields, find, page_map, part, rendered, words

from dossier.compose.document import (
    BulletList,
    Callout,
    Figure,
    Footnote,
    Heading,
    HouseStyle,
    Inline,
    Link,
    Paragraph,
    Table,
    TitlePage,
    plain_text,
)
from dossier.render.page_layout import PageLayout
from dossier.render.word.write import render_word


@pytest.fixture(scope="module")
def content() -> bytes:
    return rendered(sample_document())


@pytest.fixture(scope="module")
def path(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("word") / "dossier.docx"
    file.write_bytes(content)
    return file


# --- validity ------------------------------------------------------------------------------------


@pytest.mark.validator
def test_the_open_xml_sdk_finds_no_error(path: Path) -> None:
    assert check_word(path) == []


@pytest.mark.validator
def test_the_second_opinion_finds_no_error(path: Path) -> None:
    assert check_word_second_opinion(path) == []


def test_the_accessibility_checker_finds_nothing(path: Path) -> None:
    assert check_word_accessibility(path) == []


def test_python_docx_opens_it(content: bytes) -> None:
    document = docx.Document(io.BytesIO(content))

    assert document.core_properties.title == sample_document().title
    assert len(document.tables) == 2


# --- content -------------------------------------------------------------------------------------


def expected_texts() -> list[str]:
    """What the blocks of the sample say, in order."""
    found: list[str] = []
    for block in sample_document().blocks:
        match block:
            case TitlePage():
                found += [block.title, block.subtitle, *block.lines]
                found += [f"{name}\t{value}" for name, value in block.details]
            case Heading():
                found.append(plain_text(block.children))
            case Paragraph():
                found.append(plain_text(block.children))
            case BulletList():
                found += map(plain_text, block.items)
            case Callout():
                found += map(plain_text, (block.title, *block.paragraphs))
            case Table():
                found.append(f"{block.label}. {plain_text(block.caption)}")
                for row in (*block.header, *block.rows):
                    found.append("\t".join(plain_text(cell.children) for cell in row if cell))
                found += map(plain_text, block.notes)
            case Figure():
                found.append(f"{block.label}. {plain_text(block.caption)}")
                found += map(plain_text, block.notes)
            case _:
                pass
    return found


def test_the_text_of_every_block_is_there_in_order(path: Path) -> None:
    lines = iter(word_text(path).replace("\n", " ").split())

    for expected in expected_texts():
        for word in expected.split():
            assert word in lines, expected


def test_every_footnote_is_there_in_order(content: bytes) -> None:
    notes = part(content, "word/footnotes.xml")
    written = [words(note).strip() for note in notes if note.get(f"{W}type") is None]

    references = find(part(content, "word/document.xml"), "//w:footnoteReference/@w:id")

    assert written[:3] == [
        "Schemper M, Smith TL. A note on quantifying follow-up. Controlled Clinical Trials"
        " 1996;17:343–346. See doi.org.",
        "Or death or clinical progression before it, as a failure.",
        "EORTC QLQ-C30, global health.",
    ]
    assert references == [str(number) for number in range(1, len(written) + 1)]


def test_a_link_in_a_footnote_belongs_to_the_footnotes_part(content: bytes) -> None:
    (link,) = part(content, "word/footnotes.xml").iter(f"{W}hyperlink")
    relationships = part(content, "word/_rels/footnotes.xml.rels")

    targets = {r.get("Id"): r.get("Target") for r in relationships}

    assert targets[link.get(f"{R}id")] == "https://doi.org/10.1016/0197-2456(96)00075-X"


def test_header_and_footer_leave_the_first_page_to_the_banner(content: bytes) -> None:
    document = docx.Document(io.BytesIO(content))
    section = document.sections[0]

    assert section.different_first_page_header_footer
    assert words(section.header._element) == f"{sample_document().header}DRAFT"
    assert words(section.first_page_header._element) == "DRAFT"
    assert words(section.footer._element) == f"{sample_document().footer}Page 2 of 42"
    assert words(section.first_page_footer._element) == ""
    assert [code for code, _ in fields(section.footer._element)] == ["PAGE", "NUMPAGES"]


def test_placeholders_of_the_page_number_may_stand_in_any_order() -> None:
    words_of = replace(sample_document().words, page_of="{pages} bladzijden, dit is {page}")
    document = docx.Document(io.BytesIO(rendered(document_of(words=words_of))))
    footer = document.sections[0].footer._element

    assert words(footer).endswith("42 bladzijden, dit is 2")
    assert [code for code, _ in fields(footer)] == ["NUMPAGES", "PAGE"]


# --- properties ----------------------------------------------------------------------------------


def test_properties_of_the_document_are_those_of_the_model(content: bytes) -> None:
    model = sample_document()
    core = docx.Document(io.BytesIO(content)).core_properties

    assert (core.title, core.author, core.subject) == (model.title, model.author, model.subject)
    assert core.language == "en-GB"
    assert core.created == core.modified == model.date
    custom = part(content, "docProps/custom.xml")
    assert {p.get("name"): p[0].text for p in custom} == model.properties
    styles, settings = part(content, "word/styles.xml"), part(content, "word/settings.xml")
    assert find(styles, "//w:docDefaults//w:lang/@w:val") == ["en-GB"]
    assert find(settings, "//w:themeFontLang/@w:val") == ["en-GB"]
    assert find(settings, "//w:updateFields") == []


def test_a_date_is_written_in_utc() -> None:
    east = datetime.timezone(datetime.timedelta(hours=2))
    local = datetime.datetime(2026, 3, 31, 1, tzinfo=east)

    core = docx.Document(io.BytesIO(rendered(document_of(date=local)))).core_properties

    assert core.created == datetime.datetime(2026, 3, 30, 23, tzinfo=datetime.UTC)


def test_the_page_is_that_of_the_house_style() -> None:
    style = HouseStyle(page="Letter", margin_left=50, margin_top=80)

    body = body_of(style=style)

    (size,), (margins,) = find(body, "w:sectPr/w:pgSz"), find(body, "w:sectPr/w:pgMar")
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("12240", "15840")
    assert (margins.get(f"{W}left"), margins.get(f"{W}top")) == ("1000", "1600")


def test_nothing_of_the_template_is_left(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()

    left = [n for n in names if re.search(r"customXml|Effects|thumbnail|webSettings", n)]
    assert left == []
    assert b"python-docx" not in content


# --- the same bytes ------------------------------------------------------------------------------


def test_the_package_has_no_clock_and_no_machine_in_it(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        entries = package.infolist()

    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.create_system for entry in entries} == {0}
    assert len({entry.filename for entry in entries}) == len(entries)
    first, *others = [entry.filename for entry in entries][1:]
    assert entries[0].filename == "[Content_Types].xml"
    assert [first, *others] == ["_rels/.rels", *sorted(others)]


def test_the_same_document_gives_the_same_bytes(content: bytes) -> None:
    assert rendered(sample_document()) == content


@pytest.mark.parametrize(("seed", "zone"), [("1", "Asia/Tokyo"), ("4242", "America/Lima")])
def test_another_process_gives_the_same_bytes(content: bytes, seed: str, zone: str) -> None:
    program = (
        "import hashlib, sample, word_file\n"
        "data = word_file.rendered(sample.sample_document())\n"
        "print(hashlib.sha256(data).hexdigest())"
    )
    environment = {
        **os.environ,
        "PYTHONHASHSEED": seed,
        "TZ": zone,
        "PYTHONPATH": str(Path(__file__).parent),
    }

    run = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout.strip() == hashlib.sha256(content).hexdigest()


# --- hostile input -------------------------------------------------------------------------------


@pytest.mark.validator
def test_hostile_text_in_every_place_stays_text(tmp_path: Path) -> None:
    sample = sample_document()
    table = next(block for block in sample.blocks if isinstance(block, Table))
    figure = next(block for block in sample.blocks if isinstance(block, Figure))
    everywhere = text(HOSTILE)
    document = replace(
        sample,
        title=HOSTILE,
        author=HOSTILE,
        subject=HOSTILE,
        header=HOSTILE,
        footer=HOSTILE,
        banner=HOSTILE,
        properties={HOSTILE: HOSTILE},
        blocks=(
            TitlePage(HOSTILE, HOSTILE, (HOSTILE,), ((HOSTILE, HOSTILE),)),
            Heading(1, everywhere, HOSTILE, "1"),
            Heading(2, everywhere, HOSTILE.upper(), "1.1"),
            Paragraph((*everywhere, Footnote((*everywhere, Link("https://e.org/<a b>", HOSTILE))))),
            BulletList((everywhere,)),
            Callout(everywhere, (everywhere,)),
            replace(
                table, anchor="t", caption=everywhere, description=HOSTILE, notes=(everywhere,)
            ),
            Heading(2, everywhere, "population", "1.2"),
            replace(
                figure,
                caption=everywhere,
                scene=replace(figure.scene, alt=HOSTILE, title=HOSTILE),
            ),
        ),
    )
    path = tmp_path / "hostile.docx"
    path.write_bytes(rendered(document))

    assert check_word(path) == []
    assert check_word_second_opinion(path) == []
    assert word_text(path).count(HOSTILE) == 18


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\ud800", "\uffff", "\u202e"])
@pytest.mark.parametrize("place", ["text", "title", "property"])
def test_a_character_that_cannot_be_written_is_refused_by_name(character: str, place: str) -> None:
    words_of = f"before {character} after"
    documents = {
        "text": document_of(Paragraph(text(words_of))),
        "title": document_of(title=words_of),
        "property": document_of(properties={"hash": words_of}),
    }

    with pytest.raises(ValueError, match=f"U\\+{ord(character):04X}.*before"):
        rendered(documents[place])


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "http://[", "x y"])
def test_a_link_that_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="is not a web address"):
        body_of(Paragraph((Link(url, "here"),)))


def test_two_blocks_with_one_anchor_are_refused() -> None:
    with pytest.raises(ValueError, match="two places have the anchor 'a'"):
        body_of(Heading(1, text("One"), "a", "1"), Heading(1, text("Two"), "a", "2"))


def test_a_footnote_in_a_footnote_is_refused() -> None:
    inner: tuple[Inline, ...] = (Footnote(text("inner")),)

    with pytest.raises(ValueError, match="a footnote cannot stand in a footnote"):
        body_of(Paragraph((Footnote(inner),)))


def test_a_page_number_that_is_not_known_is_named() -> None:
    document = sample_document()
    pages = page_map(document)
    del pages["deaths"]

    with pytest.raises(ValueError, match="no page number is known for 'deaths'"):
        render_word(document, PageLayout(pages, 9))


# --- in another word processor -------------------------------------------------------------------


@pytest.mark.validator
def test_libreoffice_shows_the_same_words_numbers_and_contents(path: Path, tmp_path: Path) -> None:
    shown = re.sub(r"\s+", " ", pdf_text(word_as_pdf(path, tmp_path)))

    for heading in (block for block in sample_document().blocks if isinstance(block, Heading)):
        printed = f"{heading.number} {plain_text(heading.children)}".strip()
        assert printed in shown
    for printed in (
        "See Figure 1, section 2 and the registry",
        "threshold in Table 1.",
        "see section 1.1.",
    ):
        assert printed in shown
    assert "Treatment-emergent adverse events by system organ class and preferred term" in shown
    assert "Page 3 of" in shown
