"""Blocks in Word: numbering, contents, captions, references, tables, figures, lists, callouts."""

from __future__ import annotations

import io
import re
import time
import zipfile
from dataclasses import replace

import pytest
from lxml import etree
from sample import cell, sample_document, survival_scene, text
from word_file import (
    NAMES,
    R,
    W,
    body_of,
    document_of,
    fields,
    find,
    paragraphs,
    part,
    rendered,
    style_of,
    words,
)

from dossier.compose.document import (
    BulletList,
    Callout,
    Cell,
    Contents,
    CrossReference,
    Emphasis,
    Figure,
    Heading,
    LineBreak,
    Link,
    PageBreak,
    Paragraph,
    Row,
    Strong,
    Table,
    Text,
    TitlePage,
)
from dossier.render.pdf.write import render_pdf
from dossier.render.word.write import render_word


@pytest.fixture(scope="module")
def content() -> bytes:
    return rendered(sample_document())


@pytest.fixture(scope="module")
def body(content: bytes) -> etree._Element:
    return part(content, "word/document.xml").find(f"{W}body")


def small_table(label: str = "Table 1", anchor: str = "t", **changes: object) -> Table:
    table = Table(
        anchor, label, text("Caption"), ((cell("A"), cell("B")),), ((cell("x"), cell("y")),), (1, 1)
    )
    return replace(table, **changes)  # type: ignore[arg-type]


# --- headings ------------------------------------------------------------------------------------


def counted(content: bytes) -> list[tuple[str, str]]:
    """Numbers that Word will count for the headings, from styles and numbering alone."""
    numbering = part(content, "word/numbering.xml")
    styles = part(content, "word/styles.xml")
    counters: dict[str, list[int]] = {}
    found = []
    for paragraph in part(content, "word/document.xml").iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is None or not style.get(f"{W}val").startswith("Heading"):
            continue
        (defined,) = find(styles, f"//w:style[@w:styleId='{style.get(f'{W}val')}']")
        member = paragraph.find(f"{W}pPr/{W}numPr")
        member = defined.find(f"{W}pPr/{W}numPr") if member is None else member
        number = member.find(f"{W}numId").get(f"{W}val")
        if number == "0":
            found.append(("", words(paragraph)))
            continue
        level = int(member.find(f"{W}ilvl").get(f"{W}val"))
        (abstract,) = find(numbering, f"//w:num[@w:numId='{number}']/w:abstractNumId/@w:val")
        levels = find(numbering, f"//w:abstractNum[@w:abstractNumId='{abstract}']/w:lvl")
        counter = counters.setdefault(abstract, [0] * len(levels))
        counter[level] += 1
        counter[level + 1 :] = [0] * (len(levels) - level - 1)
        printed = levels[level].find(f"{W}lvlText").get(f"{W}val")
        for i, count in enumerate(counter):
            upper = levels[i].find(f"{W}numFmt").get(f"{W}val") == "upperLetter"
            printed = printed.replace(f"%{i + 1}", chr(64 + count) if upper else str(count))
        found.append((printed, words(paragraph)))
    return found


def test_word_counts_headings_to_the_numbers_of_the_model(content: bytes) -> None:
    headings = [block for block in sample_document().blocks if isinstance(block, Heading)]

    assert counted(content) == [(h.number, words_of(h)) for h in headings]


def words_of(heading: Heading) -> str:
    return "".join(child.text for child in heading.children if isinstance(child, Text))


def test_heading_styles_and_levels_of_the_list_are_bound_to_each_other(content: bytes) -> None:
    numbering, styles = part(content, "word/numbering.xml"), part(content, "word/styles.xml")

    for level in range(3):
        (bound,) = find(numbering, f"//w:lvl[w:pStyle/@w:val='Heading{level + 1}']")
        assert bound.get(f"{W}ilvl") == str(level)
        (style,) = find(styles, f"//w:style[@w:styleId='Heading{level + 1}']")
        assert style.find(f"{W}name").get(f"{W}val") == f"heading {level + 1}"
        assert find(style, "w:pPr/w:outlineLvl/@w:val") == [str(level)]


@pytest.mark.parametrize(
    ("numbers", "counted_by_word"),
    [
        ([(1, "1"), (2, "1.1"), (2, "1.2"), (1, "2"), (2, "2.1")], True),
        ([(1, "1"), (1, "A"), (2, "A.1"), (1, "B")], True),
        ([(1, ""), (2, ""), (1, "1")], True),
        ([(1, "1"), (1, "3")], False),
        ([(1, "IV")], False),
        ([(2, "1.1")], False),
    ],
)
def test_every_heading_prints_its_number(
    numbers: list[tuple[int, str]], counted_by_word: bool
) -> None:
    headings = [Heading(lvl, text("Words"), f"h{i}", n) for i, (lvl, n) in enumerate(numbers)]

    found = counted(rendered(document_of(*headings)))

    assert [number + typed.removesuffix("Words") for number, typed in found] == [
        number for _, number in numbers
    ]
    assert all(typed == "Words" for _, typed in found) == counted_by_word


# --- contents ------------------------------------------------------------------------------------


def test_contents_have_entries_with_page_numbers_and_links_before_any_update(
    body: etree._Element,
) -> None:
    (control,) = find(body, "w:sdt[w:sdtPr/w:docPartObj]")
    styles = [style_of(p) for p in control.iter(f"{W}p")]
    entries = [words(p) for p in control.iter(f"{W}p")]

    assert styles[:4] == ["TOCHeading", "TOC1", "TOC2", "TOC3"]
    assert entries[:4] == [
        "Contents",
        "1Clinical effectiveness5",
        "1.1Population and follow-up6",
        "1.1.1Analysis sets7",
    ]
    assert entries[-1] == "Colophon15"
    assert len(find(control, ".//w:hyperlink/@w:anchor")) == len(entries) - 1
    codes = [code for code, _ in fields(control)]
    assert codes[-1] == r'TOC \o "1-3" \h \z \u'
    assert all(code.startswith("PAGEREF _") for code in codes[:-1])


def test_lists_of_tables_and_figures_count_by_caption_word(body: etree._Element) -> None:
    codes = [code for code, _ in fields(body)]

    assert r'TOC \h \z \c "Table"' in codes
    assert r'TOC \h \z \c "Figure"' in codes
    listed = [said for style, said in paragraphs(body) if style == "TableofFigures"]
    assert [entry.split(".")[0] for entry in listed] == ["Table 1", "Table 2", "Figure 1"]


def test_an_empty_list_is_still_a_field() -> None:
    body = body_of(Contents("figures", "Figures", "f"))

    assert [code for code, _ in fields(body)] == [r'TOC \h \z \c "Figure"']


# --- fields and references -----------------------------------------------------------------------


def test_every_field_has_its_result(body: etree._Element, content: bytes) -> None:
    found = [*fields(body), *fields(part(content, "word/footnotes.xml"))]

    assert len(found) > 20
    assert [code for code, result in found if not result] == []


def test_no_reference_dangles_and_no_bookmark_is_there_twice(body: etree._Element) -> None:
    names = find(body, ".//w:bookmarkStart/@w:name")
    numbers = find(body, ".//w:bookmarkStart/@w:id")
    codes = [code for code, _ in fields(body)]
    wanted = {m[1] for code in codes if (m := re.match(r"(?:PAGE)?REF (\S+)", code))}

    assert len(names) == len(set(names)) == len(set(numbers))
    assert sorted(numbers) == sorted(find(body, ".//w:bookmarkEnd/@w:id"))
    assert wanted | set(find(body, ".//w:hyperlink/@w:anchor")) <= set(names)
    assert all(re.fullmatch(r"[A-Za-z_]\w{0,39}", name) for name in names)


def test_anchors_that_word_would_confuse_get_names_of_their_own() -> None:
    anchors = ["a-b", "a b", "A B", "x" * 60, "x" * 61, "é"]
    headings = [Heading(1, text("H"), a, str(i)) for i, a in enumerate(anchors, start=1)]

    names = find(body_of(*headings), ".//w:bookmarkStart/@w:name")

    assert len({name.casefold() for name in names}) == len(anchors)
    assert max(map(len, names)) <= 40


REFERENCES = [
    ("t", "Table 1", [(r"REF _t \h \* CHARFORMAT", "Table 1")]),
    ("t", "the table", []),
    ("h", "Section 2.1", [(r"REF _h \r \h \* CHARFORMAT", "2.1")]),
    ("h", "2.1", [(r"REF _h \r \h \* CHARFORMAT", "2.1")]),
    ("h", "section 12.1", []),
    ("h", "Deaths", [(r"REF _h \h \* CHARFORMAT", "Deaths")]),
    ("u", "Colophon", [(r"REF _u \h \* CHARFORMAT", "Colophon")]),
]


@pytest.mark.parametrize(("target", "printed", "expected"), REFERENCES)
def test_a_reference_prints_its_words_and_updates_to_them(
    target: str, printed: str, expected: list[tuple[str, str]]
) -> None:
    body = body_of(
        Heading(1, text("One"), "one", "1"),
        Heading(1, text("Two"), "two", "2"),
        Heading(2, text("Deaths"), "h", "2.1"),
        Heading(1, text("Colophon"), "u"),
        Paragraph((Text("See "), CrossReference(target, printed), Text("."))),
        small_table(),
    )
    (paragraph,) = [p for p in body.iter(f"{W}p") if words(p).startswith("See")]

    assert words(paragraph) == f"See {printed}."
    assert list(fields(paragraph)) == expected
    linked = "".join(words(link) for link in paragraph.iter(f"{W}hyperlink"))
    assert linked + "".join(result for _, result in expected) in {printed, f"Section {'2.1'}"}


def test_a_reference_to_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="'Table 9' leads to 'nowhere'"):
        body_of(Paragraph((CrossReference("nowhere", "Table 9"),)))


# --- captions ------------------------------------------------------------------------------------


def test_a_caption_is_a_bookmarked_label_with_a_counted_number(body: etree._Element) -> None:
    (caption, _) = [p for p in body.iter(f"{W}p") if style_of(p) == "TableCaption"]

    assert words(caption).startswith("Table 1. Endpoints of effectiveness")
    assert list(fields(caption)) == [(r"SEQ Table \* ARABIC", "1")]
    children = [etree.QName(child).localname for child in caption]
    inside = caption[children.index("bookmarkStart") : children.index("bookmarkEnd")]
    assert "".join(words(run) for run in inside) == "Table 1"


def test_captions_keep_the_numbers_of_the_model() -> None:
    body = body_of(
        small_table("Table 3", "a"), small_table("Table 4", "b"), small_table("Table A1", "c")
    )

    captions = [p for p in body.iter(f"{W}p") if style_of(p) == "TableCaption"]

    assert [words(c).split(".")[0] for c in captions] == ["Table 3", "Table 4", "Table A1"]
    assert [code for c in captions for code, _ in fields(c)] == [
        r"SEQ Table \* ARABIC \r 3",
        r"SEQ Table \* ARABIC",
        r"SEQ Table \c \h",
    ]


# --- tables --------------------------------------------------------------------------------------


def test_header_rows_repeat_and_no_row_is_divided(body: etree._Element) -> None:
    for table in body.iter(f"{W}tbl"):
        rows = table.findall(f"{W}tr")
        headers = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        assert headers == [True, True] + [False] * (len(rows) - 2)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert find(table, "w:tblPr/w:tblStyle/@w:val") == ["DossierTable"]
        assert find(table, "w:tblPr/w:tblLayout/@w:type") == ["fixed"]


def test_columns_fill_the_text_width(body: etree._Element) -> None:
    (size,), (margins,) = find(body, "w:sectPr/w:pgSz"), find(body, "w:sectPr/w:pgMar")
    available = int(size.get(f"{W}w")) - sum(int(margins.get(f"{W}{s}")) for s in ("left", "right"))

    for table in body.iter(f"{W}tbl"):
        columns = [int(w) for w in find(table, "w:tblGrid/w:gridCol/@w:w")]
        assert sum(columns) == available
        for row in table.findall(f"{W}tr"):
            spans = [int(s) for s in find(row, "w:tc/w:tcPr/w:gridSpan/@w:val")]
            assert len(row.findall(f"{W}tc")) + sum(spans) - len(spans) == len(columns)
            assert sum(int(w) for w in find(row, "w:tc/w:tcPr/w:tcW/@w:w")) == available


def test_a_column_has_room_for_its_longest_word() -> None:
    long = "Lymphohistiocytosis"
    rows = ((cell(long), cell("a few short words that could be wider")),)
    body = body_of(small_table(rows=rows, widths=(1, 20)))

    narrow, _ = (int(w) for w in find(body, ".//w:gridCol/@w:w"))

    assert 80 * 20 < narrow < 110 * 20


def test_looks_of_a_cell_are_kept() -> None:
    look = (
        cell("left", indent=2),
        cell("right", align="right", strong=True),
        cell("middle", align="center", tone="met"),
    )
    body = body_of(small_table(header=(), rows=(look,), widths=(1, 1, 1)))

    left, right, middle = body.iter(f"{W}tc")

    assert find(left, ".//w:ind/@w:left") == ["360"]
    assert [style_of(c.find(f"{W}p")) for c in (left, right, middle)] == [
        "TableText",
        "TableTextRight",
        "TableTextCentred",
    ]
    assert find(right, ".//w:rStyle/@w:val") == ["Strong"]
    assert find(middle, "w:tcPr/w:shd/@w:fill") == ["DDEFE3"]


def test_a_table_is_described_for_those_who_cannot_see_it(body: etree._Element) -> None:
    first = next(body.iter(f"{W}tbl"))

    assert find(first, "w:tblPr/w:tblDescription/@w:val") == [
        "Six endpoints, each with count, estimate, interval and verdict."
    ]
    (title,) = find(first, "w:tblPr/w:tblCaption/@w:val")
    assert title.startswith("Table 1. Endpoints of effectiveness")


def test_caption_header_and_notes_stay_with_the_rows() -> None:
    document = sample_document()
    layout = render_pdf(document).layout
    content = render_word(document, layout)
    styles = part(content, "word/styles.xml")

    for style in ("TableCaption", "TableHeading", "TableHeadingRight", "Heading1", "Figure"):
        assert find(styles, f"//w:style[@w:styleId='{style}']/w:pPr/w:keepNext"), style
    _, events = part(content, "word/document.xml").iter(f"{W}tbl")
    kept = [bool(find(row, ".//w:keepNext")) for row in events.findall(f"{W}tr")]
    # The rows that the PDF keeps together: the last ones with the notes, the heading of a group
    # with its rows.
    assert kept[-2:] == [True, True]
    assert kept[2:] == [i + 1 in layout.kept_rows["table-events"] for i in range(len(kept) - 2)]
    assert kept[2]
    assert kept[14]
    assert not all(kept)


def test_a_chapter_that_opens_a_page_in_the_pdf_opens_one_here() -> None:
    fill = Paragraph((*[Text("line"), LineBreak()] * 60,))
    chapters = (Heading(1, text("One"), "one", "1"), fill, Heading(1, text("Two"), "two", "2"))
    document = document_of(*chapters, fill)
    content = render_word(document, render_pdf(document).layout)
    headings = [
        each
        for each in part(content, "word/document.xml").iter(f"{W}p")
        if style_of(each) == "Heading1"
    ]
    assert [bool(find(each, "w:pPr/w:pageBreakBefore")) for each in headings] == [True, False]


def kept_with_next(rows: tuple[Row, ...]) -> list[bool]:
    document = document_of(small_table(rows=rows))
    content = render_word(document, render_pdf(document).layout)
    (table,) = part(content, "word/document.xml").iter(f"{W}tbl")
    return [bool(find(row, ".//w:p/w:pPr/w:keepNext")) for row in table.findall(f"{W}tr")][1:]


def test_a_small_table_stays_on_one_page() -> None:
    assert kept_with_next(((cell("x"), cell("y")),) * 6) == [True] * 5 + [False]


def test_a_table_of_few_but_tall_rows_is_divided_between_its_rows() -> None:
    tall = (cell("words " * 150), cell("y"))

    assert kept_with_next((tall,) * 6) == [True, False, False, False, True, False]


def test_columns_are_as_wide_as_in_the_pdf() -> None:
    rows = ((cell("endpoints.pfs.median.confidence_limits"), cell("a few words that want room")),)
    document = document_of(small_table(rows=rows, widths=(1, 3)))
    layout = render_pdf(document).layout
    content = render_word(document, layout)
    (widths,) = layout.columns.values()
    written = find(part(content, "word/document.xml"), ".//w:gridCol/@w:w")
    assert [int(width) / 20 for width in written] == pytest.approx(list(widths), abs=0.1)


def test_an_introduction_stays_with_what_it_introduces() -> None:
    short, long, other = (Paragraph(text(words)) for words in ("Sources:", "word " * 90 + ":", "."))
    paragraphs = body_of(short, long, other).findall(f"{W}p")
    assert [bool(find(each, "w:pPr/w:keepNext")) for each in paragraphs] == [True, False, False]


def test_a_row_that_does_not_fill_the_columns_is_named() -> None:
    ragged = small_table(rows=((cell("x"), cell("y")), (cell("x"),)))

    with pytest.raises(ValueError, match="Table 1, row 2: 1 columns are filled, the table has 2"):
        body_of(ragged)


def test_a_table_at_the_end_is_followed_by_a_paragraph() -> None:
    body = body_of(small_table())

    assert [etree.QName(child).localname for child in body][-3:] == ["tbl", "p", "sectPr"]


# --- figures -------------------------------------------------------------------------------------


def test_a_figure_has_vectors_a_picture_and_its_words(content: bytes, body: etree._Element) -> None:
    scene = survival_scene()
    (inline,) = find(body, ".//wp:inline")
    relationships = part(content, "word/_rels/document.xml.rels")
    targets = {r.get("Id"): r.get("Target") for r in relationships}

    (properties,) = find(inline, "wp:docPr")
    assert (properties.get("descr"), properties.get("title")) == (scene.alt, scene.title)
    extent = inline.find(f"{{{NAMES['wp']}}}extent")
    assert (extent.get("cx"), extent.get("cy")) == (str(460 * 12700), str(256 * 12700))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        picture = package.read("word/" + targets[find(inline, ".//a:blip")[0].get(f"{R}embed")])
        vector = package.read(
            "word/" + targets[find(inline, ".//asvg:svgBlip")[0].get(f"{R}embed")]
        )
    assert picture.startswith(b"\x89PNG")
    assert vector.startswith(b"<svg ")


def test_a_scene_wider_than_the_page_shrinks_in_proportion() -> None:
    wide = replace(survival_scene(), width=920, height=512)
    body = body_of(Figure("f", "Figure 1", text("Wide"), wide))

    (extent,) = find(body, ".//wp:extent")
    width, height = int(extent.get("cx")), int(extent.get("cy"))

    assert width <= 471.3 * 12700
    assert width / height == pytest.approx(920 / 512, rel=1e-4)


# --- text ----------------------------------------------------------------------------------------


def test_each_kind_of_block_has_its_style(body: etree._Element) -> None:
    seen = {style for style, _ in paragraphs(body)}

    assert {
        "Title",
        "Subtitle",
        "TitleLine",
        "TitleDetail",
        "Lead",
        "Normal",
        "Note",
        "ListBullet",
        "ListNumber",
        "CalloutTitleMet",
        "CalloutMet",
        "CalloutNotMet",
        "CalloutNotAssessable",
        "CalloutNotApplicable",
        "CalloutNeutral",
        "TableNote",
        "FigureCaption",
    } <= seen


def test_every_style_that_is_used_is_defined(content: bytes) -> None:
    defined = set(find(part(content, "word/styles.xml"), "//w:style/@w:styleId"))

    for name in ("document", "footnotes", "header1", "footer1"):
        used = find(part(content, f"word/{name}.xml"), "//w:pStyle/@w:val | //w:rStyle/@w:val")
        assert set(used) <= defined


def test_strong_and_emphasis_nest() -> None:
    body = body_of(
        Paragraph((Strong((Text("a"), Emphasis(text("b")), Link("https://e.org", "c"))), Text("d")))
    )

    runs = [(words(run), find(run, "w:rPr/w:rStyle/@w:val")) for run in body.iter(f"{W}r")]

    assert runs == [("a", ["Strong"]), ("b", ["StrongEmphasis"]), ("c", ["Hyperlink"]), ("d", [])]
    assert find(body, ".//w:hyperlink//w:b")


def test_strong_in_a_bold_style_is_not_bold_upon_bold() -> None:
    # Word reads a bold character style in a bold paragraph style as not bold.
    body = body_of(Heading(1, (Strong(text("Response")),), "h", "1"))

    assert find(body, ".//w:rStyle") == []


def test_each_ordered_list_counts_from_one() -> None:
    items = (text("first"), text("second"))
    content = rendered(
        document_of(BulletList(items, ordered=True), BulletList(items, ordered=True))
    )

    numbers = find(part(content, "word/document.xml"), "//w:numPr/w:numId/@w:val")

    assert numbers[0] == numbers[1] != numbers[2] == numbers[3]
    for number in set(numbers):
        restart = f"//w:num[@w:numId='{number}']//w:startOverride/@w:val"
        assert find(part(content, "word/numbering.xml"), restart) == ["1"]


def test_equal_callouts_in_a_row_stay_two_boxes() -> None:
    def callout(title: str) -> Callout:
        return Callout(text(title), (text("Words."),), "met")

    styles = [style for style, _ in paragraphs(body_of(callout("One"), callout("Two")))]

    title, box = "CalloutTitleMet", "CalloutMet"
    assert styles == [title, box, "CalloutGap", title, box]


def test_a_page_break_is_a_property_of_the_next_block() -> None:
    body = body_of(
        Paragraph(text("one")), PageBreak(), PageBreak(), small_table(), Paragraph(text("three"))
    )

    breaking = [words(p) for p in body.iter(f"{W}p") if find(p, "w:pPr/w:pageBreakBefore")]

    assert breaking == ["Table 1. Caption"]


def test_what_follows_the_title_page_starts_a_new_page() -> None:
    body = body_of(TitlePage("T", "", (), ()), Heading(1, text("One"), "h", "1"))

    assert find(body, "w:p[w:pPr/w:pageBreakBefore]//w:t/text()") == ["One"]


def test_an_empty_cell_is_an_empty_paragraph() -> None:
    body = body_of(small_table(rows=((cell("x"), Cell(())),)))

    assert words(list(body.iter(f"{W}tc"))[-1]) == ""


def test_a_table_of_thousands_of_rows_takes_a_moment() -> None:
    rows = tuple((cell(f"Term {i}"), cell(str(i))) for i in range(4000))
    started = time.perf_counter()

    body = body_of(small_table(rows=rows))

    assert len(find(body, ".//w:tr")) == 4001
    assert time.perf_counter() - started < 5  # moving rows between trees would take longer
