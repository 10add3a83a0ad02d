"""The HTML file: valid, accessible, complete, in order, alone, the same bytes every time."""

from __future__ import annotations

import base64
import dataclasses
import datetime
import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree
from lxml import html as lxml_html
from sample import (
    HOSTILE,
    cell,
    effectiveness,
    front,
    methods,
    safety,
    sample_document,
    survival_scene,
    text,
)
from validators.html import check_html_in_use, check_html_markup, check_htmls

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
    Link,
    Number,
    PageBreak,
    Paragraph,
    Strong,
    Table,
    Text,
    TitlePage,
    plain_text,
)
from dossier.compose.scene import Label, Scene
from dossier.render.html.write import UnwritableError, render_html
from dossier.render.pdf.write import render_pdf


@pytest.fixture(scope="module")
def content() -> bytes:
    return render_html(sample_document())


@pytest.fixture(scope="module")
def page(content: bytes) -> etree._Element:
    return parsed(content)


def parsed(content: bytes) -> etree._Element:
    return lxml_html.document_fromstring(content)


def document_of(*blocks: Block, **changes: object) -> Document:
    return dataclasses.replace(sample_document(), blocks=blocks, **changes)  # type: ignore[arg-type]


def page_of(*blocks: Block, **changes: object) -> etree._Element:
    return parsed(render_html(document_of(*blocks, **changes)))


def main_of(*blocks: Block) -> etree._Element:
    (main,) = page_of(*blocks).iter("main")
    return main


def words(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def bare(string: str) -> str:
    """Without what lays out lines: white space, word joiners, the sign of a hyphen."""
    return re.sub(r"[\s\u2060\u200b\u00ad\ufffe\x02]", "", string.replace("\u2011", "-"))


# --- what other programs say ---------------------------------------------------------------------


def odd_document() -> Document:
    """Blocks without content, levels that are skipped, notes side by side."""
    twin = Figure("twin", "Figure 1", text("Curves"), survival_scene())
    return document_of(
        Heading(3, text("Too deep"), "deep"),
        Heading(1, (), "empty"),
        Heading(2, text("Below a heading without words"), "below"),
        Paragraph((Text("two marks"), Footnote(text("one")), Footnote(text("two")))),
        Contents("figures", "Curves", "curves"),
        BulletList(()),
        Callout((), ()),
        Callout(text("Only a title"), ()),
        Table("t", "Table 1", text("Nothing"), (), (), (1.0,)),
        Table("u", "Table 2", text("No rows"), ((Cell(text("A")),),), (), (1.0,)),
        Table("v", "Table 3", text("Blank"), ((Cell(()),),), ((Cell(()),),), (1.0,)),
        twin,
        dataclasses.replace(twin, anchor="other twin", label="Figure 2"),
        TitlePage("A second title page", "", (), ()),
        Contents("headings", "Among them one without words", "all"),
        Paragraph((Link("https://example.org/é?q=1 2", "odd address " * 20),)),
        banner="",
        header="",
        language="nl-NL",
        properties={"key<1>": "value & more"},
        style=HouseStyle(page="Letter", word_font="Segoe UI"),
    )


@pytest.mark.validator
def test_the_validators_find_nothing(tmp_path: Path, content: bytes) -> None:
    paths = []
    for name, file in {"sample": content, "odd": render_html(odd_document())}.items():
        paths.append(tmp_path / f"{name} – één.html")
        paths[-1].write_bytes(file)

    assert list(check_htmls(paths).values()) == [[], []]


FAULTS = {
    '<html lang="en-GB">': ("<html>", "axe html-has-lang"),
    'tabindex="0"': ("", "axe scrollable-region-focusable"),
    "color: #1B1F24": ("color: #C0C0C0", "axe color-contrast"),
    "<p>All ": ('<p style="color: red">All ', "console: "),
    "<p>Names ": ('<p><img alt="" src="https://example.org/a.png">Names ', "console: "),
    "html { color-scheme": ("main { min-width: 1300px } html { color-scheme", "px wider than"),
}


@pytest.mark.validator
def test_each_fault_is_found_in_the_browser(tmp_path: Path) -> None:
    chapters = (*effectiveness(), Heading(1, text("Safety"), "safety"))
    good = render_html(document_of(*chapters)).decode()
    expected = {}
    for number, (right, (wrong, message)) in enumerate(FAULTS.items()):
        assert right in good
        path = tmp_path / f"{number}.html"
        path.write_bytes(with_policy_for_its_style(good.replace(right, wrong).encode()))
        expected[path] = message

    found = check_html_in_use(expected)

    for path, message in expected.items():
        assert any(message in finding for finding in found[path]), (message, found[path])


def with_policy_for_its_style(content: bytes) -> bytes:
    digest = base64.b64encode(hashlib.sha256(style_of(content).encode()).digest())
    return re.sub(rb"sha256-[^']+", b"sha256-" + digest, content, count=1)


@pytest.mark.validator
def test_faults_of_markup_are_found(tmp_path: Path, content: bytes) -> None:
    twice, unclosed = tmp_path / "twice.html", tmp_path / "unclosed.html"
    twice.write_bytes(content.replace(b'id="safety"', b'id="methods"'))
    unclosed.write_bytes(content.replace(b"</thead>", b"<p>"))

    found = check_html_markup([twice, unclosed])

    assert any("Duplicate ID" in finding for finding in found[twice])
    assert any("table" in finding for finding in found[unclosed])


# --- content -------------------------------------------------------------------------------------


def strings(document: Document) -> Iterator[str]:
    """What a reader must find, in order; footnotes apart."""
    for block in document.blocks:
        match block:
            case TitlePage():
                yield from (block.title, block.subtitle, *block.lines)
                for pair in block.details:
                    yield from pair
            case Heading():
                yield f"{block.number} {plain_text(block.children)}"
            case Paragraph():
                yield from runs(block.children)
            case BulletList():
                for item in block.items:
                    yield from runs(item)
            case Callout():
                for paragraph in (block.title, *block.paragraphs):
                    yield from runs(paragraph)
            case Table():
                yield f"{block.label}. {plain_text(block.caption)}"
                for row in (*block.header, *block.rows):
                    for each in row:
                        yield from runs(each.children) if each else ()
                for note in block.notes:
                    yield from runs(note)
            case Figure():
                yield from (shape.text for shape in block.scene.shapes if isinstance(shape, Label))
                yield f"{block.label}. {plain_text(block.caption)}"
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
                yield getattr(child, "text", "")


def test_every_string_is_in_the_page_in_order(page: etree._Element) -> None:
    shown = bare(words(page.find("body")))
    position = 0
    for string in strings(sample_document()):
        found = shown.find(bare(string), position)
        assert found >= 0, f"{string!r} is missing or out of order"
        position = found + len(bare(string))


def test_the_page_and_the_pdf_say_the_same() -> None:
    """Character by character, but for the marks of list items, which the browser adds."""
    one_page_of_events = [
        dataclasses.replace(block, rows=block.rows[:12]) if isinstance(block, Table) else block
        for block in safety()
    ]
    document = document_of(
        *(block for block in front() if not isinstance(block, Contents)),
        *effectiveness(),
        *one_page_of_events,
        *methods(),
        header="",
        footer="",
        banner="",
        words=dataclasses.replace(sample_document().words, page_of=""),
    )
    opened = pypdfium2.PdfDocument(render_pdf(document).content)
    printed = "".join(each.get_textpage().get_text_bounded() for each in opened)
    opened.close()
    body = parsed(render_html(document)).find("body")
    for unseen in body.xpath("//svg/title | //svg/desc | //*[@hidden] | //a[@class='skip']"):
        unseen.drop_tree()

    assert Counter(bare(printed)) == Counter(bare(words(body)) + "•••1.2.3.")


def test_footnotes_end_their_chapter_and_link_both_ways(page: etree._Element) -> None:
    first, second = page.xpath("//section[@role='doc-endnotes']")

    assert first.getparent().xpath("h2/@id") == ["effectiveness"]
    assert second.getparent().xpath("h2/@id") == ["methods"]
    assert first.get("aria-label") == "Footnote 1–3"
    assert [words(note) for note in first.iter("li")] == [
        "1 Schemper M, Smith TL. A note on quantifying follow-up. Controlled Clinical Trials"
        " 1996;17:343–346. See doi.org.",
        "2 Or death or clinical progression before it, as a failure.",
        "3 EORTC QLQ-C30, global health.",
    ]
    for mark in page.xpath("//a[@role='doc-noteref']"):
        note = page.get_element_by_id(mark.get("href")[1:])
        (back,) = note.xpath("a[@role='doc-backlink']")
        assert back.get("href") == f"#{mark.get('id')}"
        assert words(back) == words(mark)
        assert mark.get("aria-label") == f"Footnote {words(mark)}"


def test_a_footnote_in_a_footnote_follows_it() -> None:
    main = main_of(Paragraph((Footnote((Text("outer"), Footnote(text("inner")))),)))

    assert [words(note) for note in main.iter("li")] == ["1 outer2", "2 inner"]


def test_marks_stand_close_to_their_word_and_apart_from_each_other() -> None:
    main = main_of(Paragraph((Text("word "), Footnote(text("a")), Footnote(text("b")))))

    assert "".join(main.find("p").itertext()) == "word1\u202f2"


def test_numbers_keep_their_identity(page: etree._Element) -> None:
    (number,) = page.xpath("//p[@class='lead']/strong/span")

    assert (number.get("data-path"), words(number)) == ("endpoints.dor.median", "9.4 months")


def test_hostile_words_stay_words(page: etree._Element) -> None:
    hostile = '</style></title><script>alert(1)</script><img src=x onerror="alert(2)">'
    block = Heading(1, text(hostile), hostile, hostile)
    scene = Scene(10, 10, hostile, hostile, (Label(0, 0, hostile, color=hostile),))
    hostile_page = page_of(
        TitlePage(hostile, hostile, (hostile,), ((hostile, hostile),)),
        Contents("headings", hostile, "contents"),
        block,
        Paragraph((Number(hostile, hostile), CrossReference(hostile, hostile))),
        Paragraph((Link('https://example.org/"><script>', hostile), Footnote(text(hostile)))),
        Callout(text(hostile), (text(hostile),)),
        Table("t", hostile, text(hostile), (), ((cell(hostile),),), (1.0,), description=hostile),
        Figure("f", hostile, text(hostile), scene),
        title=hostile,
        header=hostile,
        footer=hostile,
        banner=hostile,
        author=hostile,
        subject=hostile,
        language=hostile,
        properties={hostile: hostile},
        words=dataclasses.replace(sample_document().words, page_of=hostile, footnote=hostile),
        style=HouseStyle(word_font=hostile),
    )

    assert not hostile_page.xpath("//script | //img | //*[@onerror]")
    assert len(hostile_page.xpath("//style")) == len(hostile_page.xpath("//title[not(@id)]")) == 1
    assert hostile_page.findtext("head/title") == hostile
    assert bare(HOSTILE) in bare(words(page))


@pytest.mark.parametrize(
    "sign", ["\x00", "\x07", "\x7f", "\x85", "\ud800", "\ufdd0", "\uffff", "\u202e"]
)
def test_characters_that_a_page_may_not_hold_are_refused_by_name(sign: str) -> None:
    scene = dataclasses.replace(survival_scene(), shapes=(Label(0, 0, f"x{sign}"),))
    number = f"U\\+{ord(sign):04X}"

    for document in (
        document_of(Paragraph(text(f"x{sign}"))),
        document_of(TitlePage(f"x{sign}", "", (), ())),
        document_of(Figure("f", "Figure 1", (), scene)),
        document_of(header=f"x{sign}"),
        document_of(properties={"name": f"x{sign}"}),
    ):
        with pytest.raises(UnwritableError, match=number):
            render_html(document)


def test_line_ends_are_spaces_and_invisible_joiners_stay() -> None:
    main = main_of(Paragraph(text("one\r\ntwo\t4.5\u2060–\u206036.1\ufeff, e\u0301")))

    assert main.findtext("p") == "one  two 4.5\u2060–\u206036.1, é"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//x", "file:///a", ""])
def test_a_link_leads_to_the_web_or_nowhere(url: str) -> None:
    with pytest.raises(ValueError, match="is not a web address"):
        render_html(document_of(Paragraph((Link(url, "here"),))))


# --- structure -----------------------------------------------------------------------------------


def test_ids_are_unique_and_every_internal_link_resolves(page: etree._Element) -> None:
    for each in (page, parsed(render_html(odd_document()))):
        ids = each.xpath("//@id")
        assert len({name.lower() for name in ids}) == len(ids)
        links = each.xpath("//a[starts-with(@href, '#')]/@href")
        assert {link[1:] for link in links} <= set(ids)
        named = " ".join(each.xpath("//@aria-labelledby | //@aria-describedby")).split()
        assert set(named) <= set(ids)


def test_anchors_that_look_alike_as_ids_stay_apart() -> None:
    document = document_of(
        Heading(1, text("A"), "a b"),
        Heading(1, text("B"), "a-b"),
        Heading(1, text("C"), "A–B"),
        Heading(1, text("D"), "1"),
        Heading(1, text("E"), "footnote-1"),
        Paragraph((CrossReference("A–B", "C"), Footnote(text("note")))),
    )
    page = parsed(render_html(document))

    assert page.xpath("//h2/@id") == ["a-b", "a-b-2", "A-B-3", "place-1", "footnote-1"]
    assert page.xpath("//p/a/@href") == ["#A-B-3"]
    assert page.xpath("//li/@id") == ["footnote-1-2"]


def test_an_anchor_stands_once_and_a_reference_finds_it() -> None:
    heading = Heading(1, text("A"), "a")
    with pytest.raises(ValueError, match="two places have the anchor 'a'"):
        render_html(document_of(heading, heading))
    with pytest.raises(ValueError, match="'Table 9' leads to 'nowhere'"):
        render_html(document_of(Paragraph((CrossReference("nowhere", "Table 9"),))))


def test_landmarks(page: etree._Element) -> None:
    body = page.find("body")

    assert [child.tag for child in body] == ["a", "header", "div", "main", "footer"]
    assert [words(nav.find("h2")) for nav in body[2]] == ["Contents", "Tables", "Figures"]
    assert {nav.tag for nav in body[2]} == {"nav"}
    assert words(body[0]) == "Go to 1 Clinical effectiveness"
    assert body[0].get("href") == "#effectiveness"
    assert words(body[1].find("p")) == f"{sample_document().header} DRAFT"
    assert words(body[4]) == sample_document().footer
    assert page.get("lang") == "en-GB"


def test_headings_nest_in_sections_and_skip_no_level(page: etree._Element) -> None:
    def nested(element: etree._Element) -> list[object]:
        return [
            [words(section[0]), *nested(section)]
            for section in element
            if section.tag == "section"
            if section.get("role") is None
        ]

    (main,) = page.iter("main")
    assert nested(main)[:2] == [
        [
            "1 Clinical effectiveness",
            ["1.1 Population and follow-up", ["1.1.1 Analysis sets"]],
        ],
        ["2 Safety", ["2.1 Deaths"]],
    ]
    assert [words(h1) for h1 in page.iter("h1")] == [
        "Nebulumab in previously treated advanced soft-tissue sarcoma"
    ]
    odd = parsed(render_html(odd_document()))
    assert [each.tag for each in odd.xpath("//main//*[self::h2 or self::h3 or self::h4]")] == [
        "h2", "h3", "h2", "h2",
    ]  # fmt: skip
    assert [words(h1) for h1 in odd.iter("h1")] == [sample_document().title]


def test_contents_are_lists_in_lists(page: etree._Element) -> None:
    (top,) = page.xpath("//nav[@aria-labelledby='contents']/ol")

    assert [words(item.find("a")) for item in top] == [
        "1 Clinical effectiveness",
        "2 Safety",
        "3 Methods",
        "Colophon",
    ]
    assert top[0].xpath("ol/li/ol/li/a/@href") == ["#sets"]
    assert page.xpath("//nav[@aria-labelledby='list-of-tables']//a/@href") == [
        "#table-endpoints",
        "#table-events",
    ]


def test_tables_have_captions_scopes_spans_and_descriptions(page: etree._Element) -> None:
    endpoints, events = page.iter("table")

    assert words(endpoints.find("caption")).startswith("Table 1. Endpoints of effectiveness")
    description = page.get_element_by_id(endpoints.get("aria-describedby"))
    assert words(description).startswith("Six endpoints")
    box = endpoints.getparent()
    assert dict(box.attrib) == {
        "class": "scroll", "role": "region", "aria-label": "Table 1", "tabindex": "0",
    }  # fmt: skip
    first, second = endpoints.iterfind("thead/tr")
    assert [(each.tag, each.get("scope"), each.get("colspan")) for each in first] == [
        ("td", None, None),
        ("th", "col", "2"),
        ("th", "col", None),
    ]
    assert {each.get("scope") for each in second} == {"col"}
    group, row, *_ = endpoints.iterfind("tbody/tr")
    assert [(each.get("scope"), each.get("colspan")) for each in group] == [("rowgroup", "4")]
    assert [(each.tag, each.get("scope")) for each in row] == [
        ("th", "row"), ("td", None), ("td", None), ("td", None),
    ]  # fmt: skip
    assert len(events.xpath("tbody")) == 10
    assert len(events.xpath("tbody/tr")) == 120
    assert row[3].get("class") == "tone-met"


def test_a_ragged_table_is_refused() -> None:
    ragged = Table("t", "Table 9", (), (), ((cell("one"), None),), (1.0, 1.0))
    with pytest.raises(ValueError, match=r"Table 9: a row does not cover its 2 columns.*one"):
        render_html(document_of(ragged))


def test_figures_are_drawings_with_their_finding_as_words(page: etree._Element) -> None:
    (figure,) = page.iter("figure")
    (drawing,) = figure.iter("svg")
    title, description = drawing.get("aria-labelledby").split()

    assert drawing.get("role") == "img"
    assert words(page.get_element_by_id(title)) == survival_scene().title
    assert words(page.get_element_by_id(description)) == " ".join(survival_scene().alt.split())
    assert words(figure.find("figcaption/p")).startswith("Figure 1. Progression-free survival")
    assert words(figure.find("figcaption/div")).startswith("Vertical ticks")


def test_callouts_are_notes_named_by_their_title(page: etree._Element) -> None:
    notes = page.xpath("//div[@role='note']")

    names = [words(page.get_element_by_id(note.get("aria-labelledby"))) for note in notes]
    assert names[0] == "Verdict: criteria met"
    assert [note.get("class") for note in notes] == [
        f"callout tone-{tone}"
        for tone in ("met", "not_met", "not_assessable", "not_applicable", "neutral")
    ]


def test_page_breaks_are_for_print_only() -> None:
    main = main_of(
        Paragraph(text("a")), PageBreak(), Heading(1, text("b"), "b"), PageBreak(), BulletList(())
    )

    assert [(child.tag, child.get("class")) for child in main] == [
        ("p", None), ("section", "new-page"),
    ]  # fmt: skip


# --- the file ------------------------------------------------------------------------------------


def style_of(content: bytes) -> str:
    (style,) = parsed(content).iter("style")
    return str(style.text)


def test_the_file_says_what_it_is(page: etree._Element) -> None:
    document = sample_document()
    named = {meta.get("name"): meta.get("content") for meta in page.xpath("//meta[@name]")}

    assert page.findtext("head/title") == document.title
    assert named["author"] == document.author
    assert named["description"] == document.subject
    assert named["date"] == "2026-03-31T00:00:00Z"
    assert named["dossier:results_sha256"] == "3f9a1c77" * 8


def test_a_date_is_written_in_utc() -> None:
    east = datetime.timezone(datetime.timedelta(hours=2))
    page = page_of(date=datetime.datetime(2026, 3, 31, 1, tzinfo=east))

    assert page.xpath("//meta[@name='date']/@content") == ["2026-03-30T23:00:00Z"]


def test_nothing_is_loaded_and_nothing_runs(content: bytes, page: etree._Element) -> None:
    style = style_of(content)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")

    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert not page.xpath("//script | //link | //img | //iframe | //object | //embed | //@style")
    assert not page.xpath("//@src | //@srcset | //*[starts-with(name(), 'on')]")
    assert "url(" not in style
    assert "@import" not in style
    outside = page.xpath("//a[not(starts-with(@href, '#'))]")
    assert all(link.get("href").startswith("https://") for link in outside)


def test_the_running_lines_of_the_printed_page(content: bytes) -> None:
    style = style_of(content)

    assert "size: A4; margin: 74pt 62pt 66pt 62pt" in style
    assert 'content: "Nebulumab in advanced sarcoma – evidence dossier"' in style
    assert 'content: "DRAFT"' in style
    assert 'content: "Page " counter(page) " of " counter(pages)' in style
    assert "@page :first" in style
    assert "@page :first" not in style_of(render_html(document_of()))


def test_a_word_cannot_end_the_style_sheet() -> None:
    style = style_of(render_html(document_of(header='"}</style>\\ é')))

    assert r'content: "\22 \7d \3c \2f style\3e \5c  é"' in style


def test_a_colour_is_a_colour() -> None:
    with pytest.raises(ValueError, match="is not a colour"):
        render_html(document_of(style=HouseStyle(accent="red; } body { display: none")))


def test_the_same_bytes_in_a_new_process(content: bytes) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from sample import sample_document\n"
        "from dossier.render.html.write import render_html\n"
        "import hashlib; print(hashlib.sha256(render_html(sample_document())).hexdigest())\n"
        "print(sorted({'docx', 'reportlab', 'pikepdf', 'pandas'} & set(sys.modules)))"
    )
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent)],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"},
        )
        assert run.stdout.split("\n")[:2] == [hashlib.sha256(content).hexdigest(), "[]"]


# --- the dossier of an example -------------------------------------------------------------------

EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated-drup"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The HTML dossier of an example, made without loading the renderers of Word and PDF."""
    folder = tmp_path_factory.mktemp("example")
    code = (
        "import sys, dossier\n"
        "dossier.build(dossier.read_cohort(sys.argv[1]), sys.argv[2], formats=['html'])\n"
        "print(sorted({'dossier.render.word', 'dossier.render.pdf'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(EXAMPLE), str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split("\n")[0] == "[]"
    assert sorted(path.name for path in folder.iterdir()) == ["dossier.html", "results.json"]
    return folder / "dossier.html"


def test_every_link_in_the_dossier_of_an_example_resolves(example: Path) -> None:
    page = parsed(example.read_bytes())
    ids = page.xpath("//@id")

    assert len(set(ids)) == len(ids)
    assert {link[1:] for link in page.xpath("//a[starts-with(@href, '#')]/@href")} <= set(ids)
