"""The PDF file: valid, tagged, complete, in order, the same bytes every time."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from sample import HOSTILE, LONG_WORD, sample_document, survival_scene, text
from validators.validate import check_pdfs

from dossier.compose.document import (
    BulletList,
    Callout,
    Cell,
    Contents,
    CrossReference,
    Document,
    Emphasis,
    Figure,
    Footnote,
    Heading,
    Inline,
    Link,
    Paragraph,
    Strong,
    Table,
    Text,
    TitlePage,
    plain_text,
)
from dossier.compose.scene import Label
from dossier.fonts import MissingGlyphError
from dossier.render.pdf.write import RenderedPdf, render_pdf
from dossier.render.scene_png import scene_png


@pytest.fixture(scope="module")
def rendered() -> RenderedPdf:
    return render_pdf(sample_document())


@pytest.fixture(scope="module")
def pdf(rendered: RenderedPdf) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(rendered.content)) as opened:
        yield opened


def with_blocks(*blocks: Any) -> Document:
    return dataclasses.replace(sample_document(), blocks=blocks)


def page_texts(content: bytes) -> list[str]:
    """The text of each page without spaces, and without hyphens at line ends."""
    opened = pypdfium2.PdfDocument(content)
    try:
        texts = [page.get_textpage().get_text_bounded() for page in opened]
    finally:
        opened.close()
    return [bare(page) for page in texts]


def bare(words: str) -> str:
    words = words.replace("\u2011", "-")
    return re.sub("[\\s\u00ad\ufffe\x02]", "", words)


# --- standards -----------------------------------------------------------------------------------


@pytest.mark.validator
def test_files_are_pdf_ua_1_and_pdf_a_2a(tmp_path: Path, rendered: RenderedPdf) -> None:
    letter = dataclasses.replace(sample_document().style, page="Letter", table_size=10.0)
    odd = Document(
        title="Odd & <odd>",
        author="A & B",
        subject="",
        language="nl-NL",
        date=sample_document().date,
        header="x" * 400,
        footer="y" * 400,
        blocks=(
            Heading(3, text("Too deep"), "deep"),
            Heading(1, (), "empty"),
            Heading(2, text("Below a heading without words"), "below"),
            Paragraph((Text("two marks"), Footnote(text("one")), Footnote(text("two")))),
            Contents("figures", "No figures", "none"),
            BulletList(()),
            Callout((), ()),
            Table("t", "Table 1", text("Nothing"), (), (), (1.0,)),
            Table("u", "Table 2", text("No rows"), ((Cell(text("A")),),), (), (1.0,)),
            Table("v", "Table 3", text("Blank"), ((Cell(()),),), ((Cell(()),),), (1.0,)),
            Contents("headings", "Among them one without words", "all"),
            Paragraph((Link("https://example.org/é?q=1 2", "odd address " * 20),)),
        ),
        words=sample_document().words,
        properties={"key<1>": "value & more"},
    )
    files = {
        "sample": rendered.content,
        "letter": render_pdf(dataclasses.replace(sample_document(), style=letter)).content,
        "odd": render_pdf(odd).content,
    }
    paths = []
    for name, content in files.items():
        paths.append(tmp_path / f"{name}.pdf")
        paths[-1].write_bytes(content)

    assert list(check_pdfs(paths).values()) == [[], [], []]


def test_the_file_says_what_it_is(pdf: pikepdf.Pdf) -> None:
    document = sample_document()

    assert str(pdf.Root.Lang) == "en-GB"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert str(pdf.docinfo["/Title"]) == document.title
    assert "results_sha256: 3f9a1c77" in str(pdf.docinfo["/Keywords"])
    assert str(pdf.docinfo["/CreationDate"]) == "D:20260331000000Z"
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == document.title
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["pdfaid:conformance"] == "A"


# --- structure -----------------------------------------------------------------------------------


def elements(node: Any) -> Iterator[Any]:
    """Structure elements in reading order."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def tags(nodes: Iterable[Any]) -> list[str]:
    return [str(node.S)[1:] for node in nodes]


def test_reading_order_is_the_order_of_the_document(pdf: pikepdf.Pdf) -> None:
    (document,) = [node for node in elements(pdf.Root.StructTreeRoot) if node.S == "/Document"]
    sections = list(document.K)

    assert set(tags(sections)) == {"Sect"}
    assert tags(sections[4].K)[:6] == ["H1", "P", "Div", "H2", "P", "Note"]
    assert "H3" in tags(elements(document))
    order = tags(elements(document))
    assert order.count("Note") == 17
    assert order.index("TOC") < order.index("H2") < order.index("Caption") < order.index("Figure")


def test_words_and_links_alternate_in_a_paragraph(pdf: pikepdf.Pdf) -> None:
    paragraph = next(
        node
        for node in elements(pdf.Root.StructTreeRoot)
        if node.S == "/P" and tags(elements(node)) == ["Reference", "Link", "Link", "Link", "Link"]
    )
    kinds = ["words" if isinstance(kid, int) else str(kid.S) for kid in paragraph.K]

    assert kinds == ["words", "/Reference", *["words", "/Link"] * 3, "words"]


def test_tables_have_captions_scopes_spans_and_summaries(pdf: pikepdf.Pdf) -> None:
    tables = [node for node in elements(pdf.Root.StructTreeRoot) if node.S == "/Table"]
    _, endpoints, events = tables

    assert tags(endpoints.K) == ["Caption", "THead", "TBody"]
    assert (
        str(endpoints.A.Summary)
        == "Six endpoints, each with count, estimate, interval and verdict."
    )
    assert len(endpoints.K[1].K) == 2
    spanner = endpoints.K[1].K[0].K[1]
    assert (spanner.S, spanner.A.Scope, int(spanner.A.ColSpan)) == ("/TH", "/Column", 2)
    row = endpoints.K[2].K[1]
    assert tags(row.K) == ["TH", "TD", "TD", "TD"]
    assert row.K[0].A.Scope == "/Row"
    assert len(events.K[1].K) == 2  # repeated headers are decoration
    assert len(events.K[2].K) == 120


def test_figures_have_alternative_text_and_a_box(pdf: pikepdf.Pdf) -> None:
    (figure,) = [node for node in elements(pdf.Root.StructTreeRoot) if node.S == "/Figure"]

    assert str(figure.Alt) == survival_scene().alt
    left, bottom, right, top = (float(number) for number in figure.A.BBox)
    assert (round(right - left), round(top - bottom)) == (460, 256)


def test_every_link_says_where_it_goes(pdf: pikepdf.Pdf) -> None:
    spoken = [str(link.Contents) for page in pdf.pages for link in page.obj.get("/Annots", [])]

    assert "Go to Table 1" in spoken
    assert "Web link: ClinicalTrials.gov" in spoken
    assert "Footnote 1" in spoken
    assert "Go to 1.1 Population and follow-up" in spoken


def test_bookmarks_are_nested_as_the_headings(pdf: pikepdf.Pdf) -> None:
    def nested(items: Any) -> list[Any]:
        return [(item.title, nested(item.children)) for item in items]

    with pdf.open_outline() as outline:
        titles = nested(outline.root)

    assert titles[:4] == [
        ("Contents", []),
        ("Tables", []),
        ("Figures", []),
        (
            "1 Clinical effectiveness",
            [("1.1 Population and follow-up", [("1.1.1 Analysis sets", [])])],
        ),
    ]


# --- content -------------------------------------------------------------------------------------


def strings(document: Document) -> Iterator[str]:
    """What a reader must find, in order, without footnotes and page numbers."""
    for block in document.blocks:
        match block:
            case TitlePage():
                yield from (block.title, block.subtitle, *block.lines)
                for pair in block.details:
                    yield from pair
            case Heading():
                yield f"{block.number}{plain_text(block.children)}"
            case Paragraph():
                yield from runs(block.children)
            case BulletList():
                for item in block.items:
                    yield from runs(item)
            case Callout():
                for paragraph in (block.title, *block.paragraphs):
                    yield from runs(paragraph)
            case Table():
                yield block.label
                yield plain_text(block.caption)
                for row in (*block.header, *block.rows):
                    for cell in row:
                        yield from runs(cell.children) if cell else ()
                for note in block.notes:
                    yield from runs(note)
            case Figure():
                yield from (shape.text for shape in block.scene.shapes if isinstance(shape, Label))
                yield block.label
                yield plain_text(block.caption)
                for note in block.notes:
                    yield from runs(note)
            case Contents():
                yield block.title


def runs(children: Iterable[Inline]) -> Iterator[str]:
    for child in children:
        match child:
            case Strong(inner) | Emphasis(inner):
                yield from runs(inner)
            case Footnote():
                pass
            case _:
                yield from re.split(r"(?<=\.) ", getattr(child, "text", ""))


def test_every_string_is_in_the_text_of_the_file_in_order(rendered: RenderedPdf) -> None:
    printed = "".join(page_texts(rendered.content))
    position = 0
    for string in strings(sample_document()):
        found = printed.find(bare(string), position)
        assert found >= 0, f"{string!r} is missing or out of order"
        position = found + len(bare(string))
    assert bare(HOSTILE) in printed
    assert LONG_WORD in printed


def test_footnotes_stand_on_the_page_of_their_mark(rendered: RenderedPdf) -> None:
    for number in range(1, 15):
        mark, note = f"Statement{number}.", f"Source{number}:protocolsection{number}."
        (page,) = [page for page in page_texts(rendered.content) if mark in page]
        assert note in page


def test_the_page_map_is_right(rendered: RenderedPdf) -> None:
    pages = page_texts(rendered.content)
    assert rendered.layout.page_count == len(pages)
    named = [
        block
        for block in sample_document().blocks
        if isinstance(block, Heading | Table | Figure | Contents)
    ]
    assert rendered.layout.pages.keys() == {block.anchor for block in named}
    for block in named:
        match block:
            case Heading():
                words = block.number + plain_text(block.children)
            case Contents():
                words = block.title
            case _:
                words = f"{block.label}.{plain_text(block.caption)}"
        assert bare(words) in pages[rendered.layout.pages[block.anchor] - 1]


def test_contents_print_the_pages(rendered: RenderedPdf) -> None:
    contents = page_texts(rendered.content)[1].replace(".", "")

    for words, anchor in (("21Deaths", "deaths"), ("Colophon", "colophon")):
        assert f"{words}{rendered.layout.pages[anchor]}" in contents


def test_header_banner_and_footer_are_on_all_pages_but_the_first(rendered: RenderedPdf) -> None:
    document = sample_document()
    first, *others = page_texts(rendered.content)

    assert "DRAFT" in first
    assert "Page1of" not in first
    for number, page in enumerate(others, start=2):
        assert bare(document.header) in page
        assert bare(document.footer) in page
        assert "DRAFT" in page
        assert f"Page{number}of{rendered.layout.page_count}" in page


@pytest.mark.parametrize(
    "words", ["<b>bold</b>", "&lt;", "a\u202fb", "(", "\\", "%", "{page}", "]]>", "'"]
)
def test_hostile_strings_are_printed_as_they_are(words: str) -> None:
    content = render_pdf(with_blocks(Paragraph(text(f"start{words}end")))).content

    assert f"start{bare(words)}end" in page_texts(content)[0]


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(text("a 漢")),
        Heading(1, text("a 漢"), "a"),
        TitlePage("漢", "", (), ()),
        Callout(text("漢"), ()),
        Figure(
            "f",
            "Figure 1",
            (),
            dataclasses.replace(survival_scene(), shapes=(Label(0, 0, "漢"),)),
        ),
    ],
)
def test_a_character_without_a_glyph_is_named(block: Any) -> None:
    with pytest.raises(MissingGlyphError, match=r"U\+6F22"):
        render_pdf(with_blocks(block))


def test_links_that_lead_nowhere_are_refused() -> None:
    with pytest.raises(ValueError, match="'nowhere'"):
        render_pdf(with_blocks(Paragraph((CrossReference("nowhere", "Table 9"),))))


def test_anchors_used_twice_are_refused() -> None:
    heading = Heading(1, text("One"), "same")
    with pytest.raises(ValueError, match="two places have the anchor 'same'"):
        render_pdf(with_blocks(heading, heading))


# --- determinism ---------------------------------------------------------------------------------

IN_ANOTHER_PROCESS = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from sample import sample_document, survival_scene
from dossier.render.pdf.write import render_pdf
from dossier.render.scene_png import scene_png
print(hashlib.sha256(render_pdf(sample_document()).content).hexdigest())
print(hashlib.sha256(scene_png(survival_scene())).hexdigest())
"""


def test_the_same_document_gives_the_same_bytes(rendered: RenderedPdf) -> None:
    assert render_pdf(sample_document()).content == rendered.content

    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    hashes = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS, str(Path(__file__).parent)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert hashes == [
        hashlib.sha256(rendered.content).hexdigest(),
        hashlib.sha256(scene_png(survival_scene())).hexdigest(),
    ]


# --- figures as pictures -------------------------------------------------------------------------


def test_a_scene_as_png_has_its_size_and_a_palette() -> None:
    from PIL import Image

    with Image.open(io.BytesIO(scene_png(survival_scene(), dpi=300))) as image:
        assert image.mode == "P"
        assert image.size == (1917, 1067)
        assert [round(dots) for dots in image.info["dpi"]] == [300, 300]
