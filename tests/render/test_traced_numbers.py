"""A number with a target is a link to the row it names, in every format, and looks like text."""

from __future__ import annotations

import dataclasses
import io

import pikepdf
import pytest
from lxml import etree, html
from sample import cell, sample_document, text
from validators.validate import check_pdfs
from word_file import NAMES, W, document_of, find, part, rendered, words

from dossier.compose.document import (
    Cell,
    Document,
    Footnote,
    Number,
    Paragraph,
    Strong,
    Table,
    Text,
)
from dossier.render.html.write import render_html
from dossier.render.pdf.write import render_pdf

RATE = Number("31.0%", "endpoints.orr.estimate", "origin_1")
LIMIT = Number("19.5", "endpoints.orr.ci_lower", "origin_1")
ROWS = (
    (cell("other"), cell("-")),
    (Cell(text("31.0% endpoints.orr.estimate"), anchor="origin_1"), cell("58 patients")),
)
ORIGINS = Table(
    "table_identifiers", "Table 1", text("Where numbers come from"),
    ((cell("Number"), cell("Patients")),), ROWS, (0.6, 0.4), description="Origins.",
)  # fmt: skip


def document() -> Document:
    note = Footnote((Text("Lower limit "), LIMIT, Text(".")))
    sentence = Paragraph((Text("The rate was "), Strong((RATE,)), note, Text(" of all.")))
    plain = Paragraph((Text("The rate was "), RATE, Text(" again.")))
    return document_of(sentence, plain, ORIGINS)


def test_in_pdf_it_is_a_link_annotation_that_says_what_it_leads_to(tmp_path):
    content = render_pdf(document()).content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        links = [
            each
            for page in pdf.pages
            for each in page.obj.get("/Annots", [])
            if str(each.Contents).startswith("Where ")
        ]
        spoken = [str(each.Contents) for each in links]
        assert spoken.count("Where 31.0% comes from") == 2
        assert spoken.count("Where 19.5 comes from") == 1
        heights = {round(float(each.Dest[3]), 2) for each in links}
        assert len(heights) == 1  # all lead to one row
        assert all(each.Dest[0].objgen == pdf.pages[-1].obj.objgen for each in links)


@pytest.mark.validator
def test_the_pdf_conforms(tmp_path):
    path = tmp_path / "numbers.pdf"
    path.write_bytes(render_pdf(document()).content)
    assert check_pdfs([path], ("ua1", "2a"))[path] == []


def test_in_pdf_it_is_painted_like_the_words_around_it():
    def painted(numbers: Document) -> list[bytes]:
        with pikepdf.open(io.BytesIO(render_pdf(numbers).content)) as pdf:
            instructions = pikepdf.parse_content_stream(pdf.pages[0])
            return [pikepdf.unparse_content_stream([each]) for each in instructions
                    if str(each.operator) in ("rg", "Tf", "re", "l")]  # fmt: skip

    bare = dataclasses.replace(RATE, target="")
    linked, unlinked = (
        document_of(Paragraph((Text("The rate was "), number, Text(" again."))), ORIGINS)
        for number in (RATE, bare)
    )
    assert set(painted(linked)) == set(painted(unlinked))


def test_in_word_it_is_a_link_to_a_bookmark_in_a_style_without_a_look():
    content = rendered(document())
    body, notes = part(content, "word/document.xml"), part(content, "word/footnotes.xml")
    (mark,) = find(body, "//w:tbl//w:bookmarkStart")
    name = mark.get(f"{W}name")
    assert words(mark.getparent()) == "31.0% endpoints.orr.estimate"
    links = [*find(body, f"//w:hyperlink[@w:anchor='{name}']"),
             *find(notes, f"//w:hyperlink[@w:anchor='{name}']")]  # fmt: skip
    assert [words(link) for link in links] == ["31.0%", "31.0%", "19.5"]
    styles = part(content, "word/styles.xml")
    (style,) = find(styles, "//w:style[@w:styleId='TracedNumber']")
    assert style.find("w:rPr", NAMES) is None
    looks = [find(link, "./w:r/w:rPr/w:rStyle/@w:val") for link in links]
    assert looks == [["Strong"], ["TracedNumber"], ["TracedNumber"]]


def test_in_html_it_is_a_link_to_the_row():
    page = html.fromstring(render_html(document()).decode())
    (row,) = page.xpath("//*[@id='origin_1']")
    assert row.tag == "th"
    links = page.xpath("//a[@href='#origin_1']")
    assert [(link.text_content(), link.get("data-path")) for link in links] == [
        ("31.0%", "endpoints.orr.estimate"),
        ("31.0%", "endpoints.orr.estimate"),
        ("19.5", "endpoints.orr.ci_lower"),
    ]
    assert {link.get("class") for link in links} == {"number"}
    assert isinstance(row, etree._Element)


@pytest.mark.parametrize("render", [render_html, render_pdf, rendered])
def test_a_number_that_leads_nowhere_is_refused(render):
    lost = dataclasses.replace(sample_document(), blocks=(Paragraph((RATE,)),))
    with pytest.raises(ValueError, match=r"'31\.0%' leads to 'origin_1'"):
        render(lost)
