"""A number and its unit, and the limits of a range, stand on one line in every format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from content.pdf import read_pdf
from sample import WORDS
from word_file import body_of, document_of, words

from dossier.compose.document import Heading, Number, Paragraph, Strong, Text
from dossier.render.html.write import render_html
from dossier.render.pdf.write import render_pdf
from dossier.render.quantities import whole_quantities

UNITS = "week weeks patients"
LIMITS = (
    Text("after 24 weeks, "),
    Strong((Text("16 weeks"),)),
    Number("4", "a"),
    Text(" patients ("),
    Number("4.5", "b"),
    Text("–"),
    Number("36.1", "c"),
    Text("), 24 weekly visits, week 3 weeks"),
)
WRITTEN = (
    "after 24\u00a0weeks, 16\u00a0weeks4\u00a0patients (4.5–36.1), 24 weekly visits, "
    "week 3\u00a0weeks"
)


def kept(**changes: object) -> dict[str, object]:
    return {"words": replace(WORDS, units=UNITS), **changes}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("at 24 weeks", "at 24\u00a0weeks"),
        ("24 weekly", "24 weekly"),
        ("no weeks", "no weeks"),
        ("8 or 24 weeks", "8 or 24\u00a0weeks"),
        ("24 per week", "24 per week"),
    ],
)
def test_a_unit_belongs_to_the_number_before_it(before: str, after: str) -> None:
    (found,) = whole_quantities((Text(before),), UNITS)
    assert found == Text(after)


def test_a_number_that_is_traced_keeps_its_unit() -> None:
    children = (Number("24", "a"), Text(" weeks"))
    assert whole_quantities(children, UNITS)[1] == Text("\u00a0weeks")
    assert whole_quantities(children, "") == children


def test_in_word() -> None:
    assert words(body_of(Paragraph(LIMITS), **kept())) == WRITTEN


def test_in_html() -> None:
    page = render_html(document_of(Paragraph(LIMITS), **kept())).decode()
    assert "24\u00a0weeks" in page
    assert page.count('<span class="range">') == 1
    start = page.index('<span class="range">')
    assert ">36.1</span></span>" in page[start : start + 200]
    assert ".range { white-space: nowrap }" in page


def test_in_pdf(tmp_path: Path) -> None:
    """Whatever stands before it on the line, no line ends between number and unit."""
    heading = Heading(1, (Text("One"),), "one")
    lines = [Paragraph((Text("x" * n + " and " * 20 + "24 weeks"),)) for n in range(1, 40)]
    rendered = render_pdf(document_of(heading, *lines, **kept()))
    (tmp_path / "units.pdf").write_bytes(rendered.content)
    texts = [piece.words for piece in read_pdf(tmp_path / "units.pdf").pieces[1:]]
    assert all(text.endswith(" 24 weeks") for text in texts)
    from pypdfium2 import PdfDocument

    with PdfDocument(tmp_path / "units.pdf") as pdf:
        printed = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert "24 weeks" in printed
    assert "24\r\nweeks" not in printed
