"""The workbook: typed cells that show what is printed, nothing that runs, the same bytes always."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample import cell, number, sample_document, text
from validators.validate import check_words

from dossier.cohort.read import read_cohort
from dossier.compose.document import (
    Cell,
    Contents,
    Emphasis,
    Footnote,
    Number,
    Strong,
    Table,
    Text,
    plain_text,
)
from dossier.compose.dossier import compose
from dossier.compose.numbers import rounded
from dossier.evaluation import evaluate
from dossier.render.xlsx.cell_text import MOST_CHARACTERS, sheet_name
from dossier.render.xlsx.number_format import number_format
from dossier.render.xlsx.write import render_xlsx
from dossier.result_paths import leaves

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
RESULTS = {
    "endpoints": {
        "orr": {"n": 25, "events": 4, "estimate": 0.16, "reached": True},
        "pfs": {"median": {"months": None, "reason": "=not reached"}},
        "losses": {"less than 0.5 cycles": 1},
    }
}
DIGITS = 1e-15  # a sheet holds 16 digits of a number
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0")


def table(*rows: tuple[Cell | None, ...], label: str = "Table 1", **changes: object) -> Table:
    header = tuple(cell(f"Column {place}") for place in range(len(rows[0])))
    made = Table("table-a", label, text("A table"), (header,), rows, (1.0,) * len(header))
    return replace(made, **changes)  # type: ignore[arg-type]


def book_of(*blocks: object, results: dict[str, object] | None = None) -> openpyxl.Workbook:
    document = replace(sample_document(), blocks=tuple(blocks))  # type: ignore[arg-type]
    content = render_xlsx(document, RESULTS if results is None else results)
    return openpyxl.load_workbook(io.BytesIO(content))


def first_row(*cells: Cell | None) -> list[openpyxl.cell.Cell]:
    return list(book_of(table(cells))["Table 1"][4])


@pytest.fixture(scope="module", params=["simulated-drup", "summit-biliary"])
def dossier(request):
    return evaluate(read_cohort(EXAMPLES / request.param))


class TestNumbers:
    @pytest.mark.parametrize(
        ("printed", "value", "expected"),
        [
            ("25", 25, "0"),
            ("16.0%", 0.16, "0.0%"),
            ("16,0\u00a0%", 0.16, '0.0"\u00a0"%'),
            ("16.0%\u00a0(4/25)", 0.16, '0.0%"\u00a0(4/25)"'),
            ("4\u00a0(16.0%)", 4, '0"\u00a0(16.0%)"'),
            ("4.2 months", 4.2053, '0.0" months"'),
            ("+1.2 months", 1.2279, '"+"0.0" months";"\u2212"0.0" months"'),
            ("\u22120.5", -0.5, '0.0;"\u2212"0.0'),
            ("12.5%", 0.125, "0.0%"),
            ("0.3", 0.25, "0.0"),  # half up, as printed
        ],
    )
    def test_a_number_shows_as_printed(self, printed, value, expected):
        assert number_format(printed, value) == expected

    @pytest.mark.parametrize(
        ("printed", "value"),
        [
            ("+11.0 points", 0.11),  # no format multiplies by 100 without a percent sign
            ("not reached", 3.0),
            ("4.3", 4.2),
            ("\u22120.5", 0.5),
            ("0.5", -0.5),
            ('4 "or so"', 4),
            ("4" + " very" * 60, 4),
        ],
    )
    def test_words_that_are_not_the_number_stay_words(self, printed, value):
        assert number_format(printed, value) is None

    @given(st.floats(-1e6, 1e6), st.integers(0, 4))
    def test_whatever_is_printed_half_up_becomes_a_number(self, value, places):
        units = rounded(value, places)
        digits = str(abs(units)).rjust(places + 1, "0")
        shown = digits if not places else f"{digits[:-places]}.{digits[-places:]}"
        printed = ("\u2212" if units < 0 else "") + shown
        assert number_format(printed, value) is not None

    def test_one_number_is_a_number_and_two_are_words(self):
        path = "endpoints.orr.events"
        single, nested, two, plain, padded, word = first_row(
            number("16.0% (4/25)"),
            Cell((Strong((Emphasis((Number("4", path),)),)), Text(" patients"))),
            Cell((Number("4", path), Text("\u2013"), Number("25", "endpoints.orr.n"))),
            cell("17", align="right"),
            cell("007", align="right"),
            cell("17"),
        )
        assert (single.value, single.number_format) == (0.16, '0.0%" (4/25)"')
        assert (nested.value, nested.number_format) == (4, '0" patients"')
        assert two.value == "4\u201325"
        assert (plain.value, plain.data_type) == (17, "n")
        assert (padded.value, padded.data_type) == ("007", "s")
        assert (word.value, word.data_type) == ("17", "s")

    def test_what_is_no_number_in_the_results_is_text(self):
        missing, flag, unknown = first_row(
            number("3.1", "endpoints.pfs.median.months"),
            number("1", "endpoints.orr.reached"),
            number("4", "endpoints.orr.nowhere"),
        )
        assert [each.data_type for each in (missing, flag, unknown)] == ["s", "s", "s"]

    def test_keys_with_dots_are_found(self):
        (found,) = first_row(number("1", "endpoints.losses.less than 0.5 cycles"))
        assert found.value == 1


class TestText:
    @pytest.mark.parametrize("words", FORMULAS)
    def test_nothing_is_a_formula(self, words):
        results = {"cohort": {words: words, "months": None, "reason": words}}
        made = table((cell(words),), caption=text(words), notes=(text(words),), label=words)
        document = replace(sample_document(), title=words, blocks=(made,))
        book = openpyxl.load_workbook(io.BytesIO(render_xlsx(document, results)))
        for sheet in book:
            for row in sheet.iter_rows():
                assert all(each.data_type != "f" for each in row)
        body = book.worksheets[1]["A4"]
        assert body.quotePrefix
        assert body.value.lstrip("\t\r").startswith(words.strip()[0])

    def test_control_characters_are_written_in_the_notation_of_the_format(self):
        control, looks_like = first_row(cell("a\x01b"), cell("a_x0041_b"))
        assert control.value == "a_x0001_b"
        assert looks_like.value == "a_x005F_x0041_b"

    def test_a_text_too_long_for_a_cell_shows_that_it_is_cut(self):
        (long,) = first_row(cell("x" * 40_000))
        assert len(long.value) == MOST_CHARACTERS
        assert long.value.endswith("[…]")

    def test_a_footnote_stands_in_its_cell(self):
        (found,) = first_row(Cell((Text("word"), Footnote(text("why")))))
        assert found.value == "word [why]"


class TestSheets:
    def test_every_table_is_a_sheet_linked_from_the_contents(self, dossier):
        document = compose(dossier)
        book = openpyxl.load_workbook(io.BytesIO(render_xlsx(document, dossier.to_dict())))
        tables = [block for block in document.blocks if isinstance(block, Table)]
        (title,) = (b.title for b in document.blocks
                    if isinstance(b, Contents) and b.kind == "tables")  # fmt: skip
        labels = [block.label.replace("\u00a0", " ") for block in tables]
        assert book.sheetnames == [title, *labels, "results"]
        links = [row[0].hyperlink.location for row in book[title].iter_rows() if row[0].hyperlink]
        assert links == [f"'{name}'!A1" for name in [*labels, "results"]]

    def test_every_cell_says_what_the_document_says(self, dossier):
        """A number shows the printed words through its format, and is the unrounded one."""
        document, found = compose(dossier), dict(leaves(dossier.to_dict()))
        book = openpyxl.load_workbook(io.BytesIO(render_xlsx(document, dossier.to_dict())))
        typed = 0
        for block in document.blocks:
            if not isinstance(block, Table):
                continue
            sheet = book[block.label.replace("\u00a0", " ")]
            for at, row in enumerate((*block.header, *block.rows), start=3):
                for column, each in enumerate(row, start=1):
                    if each is None:
                        continue
                    written, words = sheet.cell(at, column), plain_text(each.children)
                    if written.data_type == "n" and written.value is not None:
                        paths = [run.path for run in each.children if isinstance(run, Number)]
                        value = found[paths[0]] if paths else int(words)
                        assert written.value == pytest.approx(value, rel=DIGITS, abs=0)
                        assert written.number_format == number_format(words, written.value)
                        typed += 1
                    else:
                        assert (written.value or "") == words
        assert typed > 20

    def test_every_value_of_the_results_is_listed(self, dossier):
        results = dossier.to_dict()
        book = openpyxl.load_workbook(io.BytesIO(render_xlsx(compose(dossier), results)))
        rows = list(book["results"].iter_rows(min_row=2, values_only=True))
        listed = {path: (value, reason) for path, value, reason in rows}
        expected = dict(leaves(results))
        assert list(listed) == list(expected)
        for path, value in expected.items():
            if isinstance(value, float):
                value = pytest.approx(value, rel=DIGITS, abs=0)
            assert listed[path][0] == (value if value != "" else None), path
        unknown = [path for path, value in expected.items()
                   if value is None and path.startswith("endpoints.")]  # fmt: skip
        assert all(listed[path][1] for path in unknown)

    def test_header_rows_stay_in_view_and_on_every_page(self):
        two = ((cell("Group", span=2), None), (cell("A"), cell("B")))
        sheet = book_of(table((cell("a"), cell("b")), header=two))["Table 1"]
        assert sheet.freeze_panes == "A5"
        assert sheet.print_title_rows == "$3:$4"
        assert [str(area) for area in sheet.merged_cells.ranges] == ["A3:B3"]
        assert sheet["A3"].font.bold

    def test_notes_stand_below_over_the_whole_width(self):
        sheet = book_of(table((cell("a"), cell("b")), notes=(text("First"), text("Second"))))[
            "Table 1"
        ]
        assert (sheet["A6"].value, sheet["A7"].value) == ("First", "Second")
        assert {"A6:B6", "A7:B7"} == {str(area) for area in sheet.merged_cells.ranges}

    def test_a_ragged_row_is_refused(self):
        with pytest.raises(ValueError, match="table-a"):
            book_of(table((cell("a"), cell("b")), widths=(1.0,)))

    def test_the_banner_and_an_ampersand_stand_on_every_page(self):
        document = replace(sample_document(), header="Safety & efficacy", banner="DRAFT")
        book = openpyxl.load_workbook(io.BytesIO(render_xlsx(document, RESULTS)))
        for sheet in book:
            assert sheet.oddHeader.right.text == "DRAFT"
            assert "Safety && efficacy" in sheet.oddHeader.left.text
            assert "&P" in sheet.oddFooter.right.text


class TestSheetNames:
    @pytest.mark.parametrize(
        ("wanted", "name"),
        [
            ("Table\u00a01", "Table 1"),
            ("a/b\\c?d*e[f]g:h", "a b c d e f g h"),
            ("'quoted'", "quoted"),
            ("x" * 40, "x" * 31),
            ("", "_"),
            ("History", "History_"),
        ],
    )
    def test_a_name_is_legal(self, wanted, name):
        assert sheet_name(wanted, ()) == name

    @given(st.lists(st.text(max_size=40), max_size=12))
    def test_names_are_legal_and_unlike_each_other(self, wanted):
        taken: list[str] = []
        for each in wanted:
            taken.append(sheet_name(each, taken))
        assert len({name.casefold() for name in taken}) == len(taken)
        for name in taken:
            assert 1 <= len(name) <= 31
            assert not set(name) & set("[]:*?/\\")
            assert name[0] != "'"
            assert name[-1] != "'"


def test_the_same_document_gives_the_same_bytes():
    first = render_xlsx(sample_document(), RESULTS)
    time.sleep(2.1)  # a zip file knows steps of two seconds
    assert render_xlsx(sample_document(), RESULTS) == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_properties_come_from_the_document():
    document = sample_document()
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(document, RESULTS)))
    found = book.properties
    assert (found.title, found.creator) == (document.title, document.author)
    assert (found.subject, found.language) == (document.subject, "en-GB")
    assert found.created == found.modified == document.date.replace(tzinfo=None)
    assert {each.name: each.value for each in book.custom_doc_props.props} == document.properties


@pytest.mark.validator
@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_workbook_is_valid(dossier, language, tmp_path):
    path = tmp_path / "dossier.xlsx"
    path.write_bytes(render_xlsx(compose(dossier, language=language), dossier.to_dict()))
    assert check_words([path]) == {path: []}


@pytest.mark.validator
def test_a_workbook_of_hostile_text_is_valid(tmp_path):
    path = tmp_path / "hostile.xlsx"
    rows = [(cell(words), cell("a\x01_x0041_ \ud83d")) for words in FORMULAS]
    document = replace(sample_document(), blocks=(*sample_document().blocks, table(*rows)))
    path.write_bytes(render_xlsx(document, RESULTS))
    assert check_words([path]) == {path: []}
