"""Pages of random and of extreme documents: nothing overflows, nothing is lost."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample import WORDS, cell, sample_document, survival_scene, text

from dossier.compose.document import (
    Block,
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
    HouseStyle,
    Inline,
    LineBreak,
    Link,
    PageBreak,
    Paragraph,
    Strong,
    Table,
    Text,
    TitlePage,
)
from dossier.compose.scene import Scene
from dossier.render.pdf.blocks import set_document
from dossier.render.pdf.lines import Run, chunks_of, fill_lines
from dossier.render.pdf.look import Ink, Look
from dossier.render.pdf.pagination import Page, page_numbers, paginate
from dossier.render.pdf.structure import Element
from dossier.render.pdf.table import TablePiece
from dossier.render.pdf.textbox import TextBox

SMALL_PAGE = HouseStyle(margin_left=200, margin_right=200, margin_top=280, margin_bottom=280)


def document(*blocks: Block, style: HouseStyle | None = None) -> Document:
    return Document(
        title="Pages",
        author="Author",
        subject="Subject",
        language="en-GB",
        date=datetime.datetime(2026, 3, 31, tzinfo=datetime.UTC),
        header="Header",
        footer="Footer",
        blocks=blocks,
        words=WORDS,
        style=style or HouseStyle(),
    )


def pages_of(content: Document) -> list[Page]:
    look = Look(content.style)
    pieces, _ = set_document(content, look)
    pages = paginate(pieces, look.height)
    for page in pages:
        notes = sum(note.height + note.after for note in page.footnotes)
        foot = max((depth + piece.height for depth, piece in page.placed), default=0.0)
        assert foot + notes + (15 if notes else 0) <= look.height + 0.1, "a page overflows"
        tops = [depth for depth, _ in page.placed]
        assert tops == sorted(tops)
    for page in pages:
        for box in boxes_of(page):
            for line in box.lines:
                assert line.width <= box.width - box.indent + 0.02, "a line overflows"
    return pages


def boxes_of(page: Page) -> Iterator[TextBox]:
    yield from page.footnotes
    for _, piece in page.placed:
        if isinstance(piece, TextBox):
            yield piece
        elif isinstance(piece, TablePiece):
            yield from piece.notes
            for row in (*piece.header, *piece.rows[piece.start : piece.stop]):
                yield from (cell.box for cell in row.cells)
        elif hasattr(piece, "boxes"):
            yield from piece.boxes


def characters(page: Page) -> str:
    """All characters of a page, without spaces and hyphens at line ends."""
    printed = [
        fragment.text
        for box in boxes_of(page)
        for line in (*box.label, *box.lines)
        for fragment in line.fragments
    ]
    return re.sub("[ \u00ad]", "", "".join(printed))


# --- lines ---------------------------------------------------------------------------------------


def lines_of(words: str, width: float) -> list[str]:
    run = Run(words, Ink("regular", 10), Element("P"))
    lines = fill_lines(chunks_of([run]), width)
    assert all(line.width <= width + 0.02 for line in lines)
    return ["".join(fragment.text for fragment in line.fragments) for line in lines]


@pytest.mark.parametrize(
    ("words", "width", "lines"),
    [
        ("alpha beta gamma", 60, ["alpha beta ", "gamma"]),
        ("one\u00a0two three", 45, ["one\u00a0two ", "three"]),
        ("progression-free survival", 65, ["progression-", "free survival"]),
        ("anti-PD\u20111 antibody", 60, ["anti-PD-1 ", "antibody"]),
        ("Kaplan–Meier", 40, ["Kaplan–", "Meier"]),
        ("0.42–0.74", 30, ["0.42–", "0.74"]),
        ("cardio\u00admyopathy", 50, ["cardio\u00ad", "myopathy"]),
        ("cardio\u00admyopathy", 90, ["cardiomyopathy"]),
        ("path/to\u200b/file", 36, ["path/to", "/file"]),
        ("Thrombocytopenia", 54, ["Thrombocy\u00ad", "topenia"]),
        ("3f9a1c773f9a", 43, ["3f9a1c77", "3f9a"]),
        ("", 50, []),
    ],
)
def test_lines_end_where_a_typesetter_would_end_them(
    words: str, width: float, lines: list[str]
) -> None:
    assert lines_of(words, width) == lines


@given(st.text(alphabet="abc XYZ-–—/._0189\u00ad\u200b\u00a0é", max_size=80), st.floats(12, 200))
def test_lines_never_overflow_and_lose_nothing(words: str, width: float) -> None:
    printed = "".join(lines_of(words, width))

    def bare(characters: str) -> str:
        return re.sub("[ \u00ad\u200b]", "", characters)

    assert bare(printed) == bare(words)


# --- extremes ------------------------------------------------------------------------------------

PARAGRAPH = "Response was read by the investigator under RECIST 1.1. "


def test_a_row_higher_than_a_page_goes_on_over_the_pages() -> None:
    words = PARAGRAPH * 200
    table = Table(
        "t",
        "Table 1",
        text("Caption"),
        ((cell("A"), cell("B")),),
        ((cell("before"), cell("x")), (cell("high"), cell(words)), (cell("after"), cell("y"))),
        (1, 2),
    )

    pages = pages_of(document(table))

    assert len(pages) > 2
    assert "high" in characters(pages[0])  # it starts where the rows before it end
    assert words.replace(" ", "") in "".join(characters(page).replace("AB", "") for page in pages)


def test_a_footnote_longer_than_a_page_goes_on_over_the_pages() -> None:
    words = PARAGRAPH * 150
    pages = pages_of(
        document(Paragraph((Text("Mark"), Footnote(text(words)))), Paragraph(text("End.")))
    )

    assert len(pages) >= 2
    notes = "".join(
        fragment.text
        for page in pages
        for note in page.footnotes
        for line in note.lines
        for fragment in line.fragments
    )
    assert notes.split() == words.split()


def test_a_callout_longer_than_a_page_is_divided() -> None:
    pages = pages_of(document(Callout(text("Title"), (text(PARAGRAPH * 80),) * 3)))

    assert len(pages) >= 3


def test_a_callout_that_fits_a_page_is_kept_together() -> None:
    pages = pages_of(
        document(
            *[Paragraph(text(PARAGRAPH * 6))] * 10, Callout(text("Title"), (text(PARAGRAPH * 20),))
        )
    )

    assert len(pages) == 2
    assert len(pages[1].placed) == 1


def test_a_huge_title_page_runs_on() -> None:
    page = TitlePage(
        "A very long title " * 30, PARAGRAPH * 10, (PARAGRAPH,) * 30, (("Name", PARAGRAPH),) * 30
    )

    assert len(pages_of(document(page))) >= 2


def test_a_large_figure_is_made_to_fit_with_its_caption() -> None:
    scene = dataclasses.replace(survival_scene(), width=900, height=2000)
    pages = pages_of(
        document(
            Figure("f", "Figure 1", text(PARAGRAPH * 3), scene, notes=(text(PARAGRAPH * 5),)),
        )
    )

    assert len(pages) == 1


def test_a_header_higher_than_a_third_of_the_page_is_not_repeated() -> None:
    header = ((cell(PARAGRAPH * 15), cell("B")),)
    table = Table("t", "Table 1", text("C"), header, ((cell("a"), cell("b")),) * 90, (1, 5))

    pages = pages_of(document(table))

    assert len(pages) > 2
    assert sum("Response" in characters(page) for page in pages) == 1


def test_a_column_has_air_beside_its_longest_word() -> None:
    content = document(
        Table("t", "Table 1", text("C"), (), ((cell("Onnauwkeurigheid"), cell("x")),), (1, 99))
    )
    (piece,) = (p for _, p in pages_of(content)[0].placed if isinstance(p, TablePiece))
    first = piece.rows[0].cells[0]
    (line,) = first.box.lines
    assert first.box.width - line.width >= 1


def test_columns_that_cannot_hold_a_letter_are_refused() -> None:
    row = (cell("x"),) * 90
    with pytest.raises(ValueError, match="Table 1: 90 columns"):
        pages_of(document(Table("t", "Table 1", text("C"), (row,), (row,), (1.0,) * 90)))


def test_twenty_columns_of_long_words_stay_in_their_cells() -> None:
    row = (cell("Thrombocytopenia"),) * 20
    pages_of(document(Table("t", "Table 1", text("C"), (row,), (row,) * 5, (1.0,) * 20)))


@pytest.mark.parametrize("row", [(cell("a"),), (cell("a"), None), (cell("a", span=3), None, None)])
def test_a_ragged_table_is_refused(row: tuple[Cell | None, ...]) -> None:
    with pytest.raises(ValueError, match="Table 1: a row does not cover its 2 columns"):
        pages_of(document(Table("t", "Table 1", text("C"), (), (row,), (1, 1))))


def test_margins_that_leave_no_room_are_refused() -> None:
    with pytest.raises(ValueError, match="margins"):
        pages_of(document(style=HouseStyle(margin_left=300, margin_right=200)))


# --- what stays together -------------------------------------------------------------------------


@pytest.mark.parametrize("lines", range(25, 60, 2))
def test_a_heading_stays_with_its_text_and_a_caption_with_two_rows(lines: int) -> None:
    rows = ((cell("row"), cell("1")),) * 40
    content = document(
        Paragraph(tuple([Text("line"), LineBreak()] * lines)),
        Heading(1, text("One"), "one", "1"),
        Heading(2, text("Two"), "two", "1.1"),
        Table("t", "Table 1", text("C"), ((cell("A"), cell("B")),), rows, (1, 1)),
    )

    pages = pages_of(content)
    numbers = page_numbers(pages)

    assert numbers["one"] == numbers["two"] == numbers["t"]
    (start,) = (
        piece for _, piece in pages[numbers["t"] - 1].placed if isinstance(piece, TablePiece)
    )
    assert start.is_first
    assert start.stop - start.start >= 2
    for page in pages:
        for _, piece in page.placed:
            if isinstance(piece, TablePiece):
                assert piece.stop - piece.start >= 2


@pytest.mark.parametrize("rows", [2, 3, 4])
@pytest.mark.parametrize("lines", range(20, 44, 2))
def test_a_caption_stays_with_a_table_that_cannot_be_divided(lines: int, rows: int) -> None:
    tall = Cell(tuple([Text("row"), LineBreak()] * 8))
    content = document(
        Paragraph(tuple([Text("line"), LineBreak()] * lines)),
        Table("t", "Table 1", text("C"), ((cell("A"), cell("B")),), ((tall, tall),) * rows, (1, 1)),
    )

    pages = pages_of(content)

    placed = [piece for _, piece in pages[page_numbers(pages)["t"] - 1].placed]
    assert any(isinstance(piece, TablePiece) and piece.is_first for piece in placed)


@pytest.mark.parametrize("size", range(3, 6))
def test_a_table_is_divided_between_its_groups(size: int) -> None:
    group = ((cell("group"), cell("")), *((cell("row", indent=1), cell("1")),) * (size - 1))
    table = Table("t", "Table 1", text("C"), ((cell("A"), cell("B")),), group * 20, (1, 1))

    pages = pages_of(document(table))

    parts = [[p for _, p in page.placed if isinstance(p, TablePiece)] for page in pages]
    assert [len(found) for found in parts] == [1] * len(parts)
    assert len(parts) > 1
    assert all(found[0].start % size == 0 for found in parts[:4])


@pytest.mark.parametrize("heads", [(), (0,), (1,), (2,), (1, 3)])
@pytest.mark.parametrize("rows", [3, 4, 5])
def test_a_caption_never_stands_alone_above_few_tall_rows(
    rows: int, heads: tuple[int, ...]
) -> None:
    tall = (Cell((*text("row"), *[LineBreak(), Text("more")] * 6)), cell("1"))
    group = (cell("Group", strong=True, span=2), None)
    body = tuple(group if i in heads else tall for i in range(rows))
    table = Table("t", "Table 1", text("C"), ((cell("A"), cell("B")),), body, (1, 1))
    for lines in range(12, 50):
        pages = pages_of(document(Paragraph(tuple([Text("line"), LineBreak()] * lines)), table))
        assert not any(page.placed[-1][1].keep_with_next for page in pages)


@pytest.mark.parametrize("rows", range(50, 62))
def test_notes_of_a_table_stay_with_its_last_rows(rows: int) -> None:
    table = Table(
        "t",
        "Table 1",
        text("C"),
        ((cell("A"), cell("B")),),
        ((cell("row"), cell("1")),) * rows,
        (1, 1),
        notes=(text(PARAGRAPH), text(PARAGRAPH)),
    )

    last = pages_of(document(table))[-1].placed[-1][1]

    assert isinstance(last, TablePiece)
    assert len(last.notes) == 2


@pytest.mark.parametrize("lines", range(44, 56))
def test_no_line_of_a_paragraph_stands_alone(lines: int) -> None:
    filler = Paragraph(tuple([Text("line"), LineBreak()] * (lines - 4)))
    last = Paragraph(tuple([Text("last"), LineBreak()] * 5))

    for page in pages_of(document(filler, last)):
        for _, piece in page.placed:
            assert isinstance(piece, TextBox)
            assert len(piece.lines) >= 2


# --- random documents ----------------------------------------------------------------------------

words = st.lists(
    st.sampled_from(
        [
            "efficacy",
            "≥\u00a065",
            "(95%\u00a0CI)",
            "progression-free",
            "één",
            "3f9a1c773f9a1c773f9a1c77",
            "<b>&",
            "Immunglobulinschwerkettengenumlagerungsnachweis",
            PARAGRAPH * 4,
        ]
    ),
    max_size=12,
).map(" ".join)
plain_inlines = words.map(Text)
inlines: st.SearchStrategy[tuple[Inline, ...]] = st.lists(
    st.one_of(
        plain_inlines,
        plain_inlines.map(lambda child: Strong((child,))),
        plain_inlines.map(lambda child: Emphasis((child, Strong((child,))))),
        words.map(lambda w: Link("https://example.org/ü?a=b c", w or "link")),
        st.just(CrossReference("start", "section 1")),
        st.just(LineBreak()),
        words.map(lambda w: Footnote((Text(w), Footnote(text("nested"))))),
    ),
    max_size=5,
).map(tuple)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.integers(1, 6))
    spanning = (Cell(draw(inlines), span=columns, strong=True), *(None,) * (columns - 1))
    cells = st.builds(
        Cell,
        inlines,
        align=st.sampled_from(["left", "right", "center"]),
        tone=st.sampled_from([None, "met", "neutral"]),
        indent=st.integers(0, 4),
    )
    row = st.one_of(
        st.just(spanning), st.lists(cells, min_size=columns, max_size=columns).map(tuple)
    )
    pool = draw(st.lists(row, min_size=1, max_size=4))
    return Table(
        "",
        "Table 1",
        draw(inlines),
        tuple(draw(st.lists(row, max_size=2))),
        tuple(pool * draw(st.integers(0, 12))),
        tuple(draw(st.lists(st.floats(0.1, 9), min_size=columns, max_size=columns))),
        notes=tuple(draw(st.lists(inlines, max_size=3))),
    )


random_blocks = st.lists(
    st.one_of(
        st.builds(Paragraph, inlines, st.sampled_from(["body", "lead", "note"])),
        st.builds(Heading, st.integers(1, 3), inlines, st.just(""), st.sampled_from(["", "2.1"])),
        st.builds(BulletList, st.lists(inlines, max_size=4).map(tuple), st.booleans()),
        st.builds(Callout, inlines, st.lists(inlines, max_size=3).map(tuple)),
        tables(),
        st.builds(
            Figure,
            st.just(""),
            st.just("Figure 1"),
            inlines,
            st.builds(
                Scene,
                st.floats(10, 900),
                st.floats(10, 1500),
                st.just("t"),
                st.just("a"),
                st.just(()),
            ),
            st.lists(inlines, max_size=2).map(tuple),
        ),
        st.builds(Contents, st.sampled_from(["headings", "tables", "figures"]), words, st.just("")),
        st.just(PageBreak()),
    ),
    max_size=12,
)


def named(blocks: list[Block]) -> tuple[Block, ...]:
    """Give every place a name of its own."""
    start = Heading(1, text("Start"), "start", "1")
    return (
        start,
        *(
            dataclasses.replace(block, anchor=f"place-{i}")
            if isinstance(block, Heading | Table | Figure | Contents)
            else block
            for i, block in enumerate(blocks)
        ),
    )


@settings(max_examples=40)
@given(random_blocks, st.sampled_from([HouseStyle(), SMALL_PAGE]))
def test_random_documents_fill_pages_without_overflow(
    blocks: list[Block], style: HouseStyle
) -> None:
    from dossier.render.pdf.write import render_pdf

    content = document(*named(blocks), style=style)
    pages = pages_of(content)
    rendered = render_pdf(content)

    assert rendered.layout.page_count == len(pages)
    assert rendered.layout.pages == page_numbers(pages)
    anchors = {block.anchor for block in content.blocks if hasattr(block, "anchor")}
    assert rendered.layout.pages.keys() == anchors


def test_the_sample_fills_pages_without_overflow() -> None:
    pages_of(sample_document())
