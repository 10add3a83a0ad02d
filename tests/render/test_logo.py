"""The logo of the house in Word, PDF and HTML alike."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from sample import sample_document
from validators.validate import check_pdf, check_word, check_word_accessibility
from word_file import W, document_of, find, part, rendered

from dossier.compose.document import Document, Logo, Paragraph, Text
from dossier.compose.scene import Scene, rectangle
from dossier.render.html.write import render_html
from dossier.render.pdf.write import render_pdf


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (60, 20), "#7A1230").save(file, "PNG")
    return file.getvalue()


SHAPES = Scene(90, 30, "The house", "The house", (rectangle(0, 0, 90, 30, fill="#7A1230"),))
LOGOS = {
    "png": Logo("The house", picture(), 3.0, 30.0, 12.0),
    "svg": Logo("The house", SHAPES, 3.0, 30.0, 12.0),
}


@pytest.fixture(params=list(LOGOS))
def document(request: pytest.FixtureRequest) -> Document:
    sample = sample_document()
    return replace(sample, style=replace(sample.style, logo=LOGOS[request.param]))


def test_word_shows_it_on_the_title_page_and_in_the_header(document: Document) -> None:
    content = rendered(document)
    body = part(content, "word/document.xml").find(f"{W}body")

    first = find(body, "w:p[1]//wp:docPr/@descr")
    assert first == ["The house"]
    assert find(body, "w:p[1]//wp:extent/@cx") == [str(90 * 12700)]
    headers = [
        part(content, name)
        for name in zipfile.ZipFile(io.BytesIO(content)).namelist()
        if re.fullmatch(r"word/header\d*\.xml", name)
    ]
    shown = [find(header, "//wp:extent/@cy") for header in headers]
    assert sorted(shown) == [[], [str(12 * 12700)]]
    assert rendered(document) == content


@pytest.mark.validator
def test_the_files_stay_valid(document: Document, tmp_path: Path) -> None:
    word, pdf = tmp_path / "dossier.docx", tmp_path / "dossier.pdf"
    word.write_bytes(rendered(document))
    pdf.write_bytes(render_pdf(document).content)

    assert check_word(word) == []
    assert check_word_accessibility(word) == []
    assert check_pdf(pdf) == []


def test_the_pdf_tells_it_as_a_figure(document: Document) -> None:
    content = render_pdf(document).content

    with pikepdf.open(io.BytesIO(content)) as pdf:
        told = [
            str(each.Alt)
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"
        ]
    assert "The house" in told
    assert render_pdf(document).content == content


def test_html_holds_it(document: Document) -> None:
    page = render_html(document).decode()

    (kind, data) = re.findall(r'<img class="logo" src="data:image/(\S+);base64,([^"]+)"', page)[0]
    logo = document.style.logo
    assert logo is not None
    held = base64.b64decode(data)
    assert held == logo.picture if kind == "png" else held.startswith(b"<svg")
    assert 'alt="The house" width="120" height="40"' in page


def test_without_a_title_page_the_first_page_has_the_running_header() -> None:
    content = rendered(document_of(Paragraph((Text("Verdict"),))))

    assert find(part(content, "word/document.xml"), "//w:titlePg") == []
    headers = [n for n in zipfile.ZipFile(io.BytesIO(content)).namelist() if "header" in n]
    assert headers == ["word/header1.xml"]
