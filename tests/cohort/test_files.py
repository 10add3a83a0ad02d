import datetime
import io

import openpyxl
import pytest

from dossier.cohort.files import read_table
from dossier.cohort.settings import Data, TableSource

HEADINGS = "patient_id,treatment_start,age\n"


@pytest.fixture
def table(tmp_path):
    """Read one file: its columns, its rows, and the problems."""

    def read(content: bytes | str, name: str = "patients.csv", **source):
        content = content.encode() if isinstance(content, str) else content
        (tmp_path / name).write_bytes(content)
        where = TableSource(file=name, **source)
        return read_table("patients", where, Data(patients=where), tmp_path)

    return read


def workbook(**sheets) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def seen(problems):
    return [(each.file, each.row, each.column, each.message) for each in problems]


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b"id;naam\n1;Andr\xc3\xa9\n", "semicolon-separated, UTF-8"),
        (b"\xef\xbb\xbfid;naam\n1;Andr\xc3\xa9\n", "semicolon-separated, UTF-8"),
        (b"id;naam\n1;Andr\xe9\n", "semicolon-separated, Windows-1252"),
        ("id\tnaam\r\n1\tAndré\r\n".encode("utf-16"), "tab-separated, UTF-16"),
        ("id,naam\r1,André\r".encode(), "comma-separated, UTF-8"),
        ('"id","naam"\n"1","André"\n'.encode(), "comma-separated, UTF-8"),
        ("sep=;\nid;naam\n1;André\n".encode(), "semicolon-separated, UTF-8"),
    ],
)
def test_encodings_and_separators_are_recognised(table, content, detail):
    raw, problems = table(content)
    assert not problems
    assert raw.columns == {"id": ("1",), "naam": ("André",)}
    assert raw.rows == (2,)
    assert raw.source.detail == detail


@pytest.mark.parametrize(
    ("text", "separator", "columns"),
    [
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";", {"a": ("1,5", "3,5"), "b": ("2,5", "4,5")}),
        ("a,b;c;d\n1,2;3;4\n", ";", {"a,b": ("1,2",), "c": ("3",), "d": ("4",)}),
        ("a,b\n1;x,2;y\n", ",", {"a": ("1;x",), "b": ("2;y",)}),
        ("a\n1\n2\n", ",", {"a": ("1", "2")}),
    ],
)
def test_a_declared_separator_wins_over_the_recognised_one(table, text, separator, columns):
    raw, problems = table(text)
    declared, _ = table(text, separator=separator)
    assert not problems
    assert raw.columns == declared.columns == columns


def test_the_declared_separator_is_obeyed(table):
    raw, _ = table("a;b,c\n1;2,3\n", separator=",")
    assert list(raw.columns) == ["a;b", "c"]


@pytest.mark.parametrize(
    ("text", "source", "rows"),
    [
        ("a,b\n1,2\n3,4\n", {}, (2, 3)),
        ("a,b\n\n1,2\n,\n3,4\n\n", {}, (3, 5)),
        ("\n\na,b\n1,2\n", {}, (4,)),
        ('a,b\n"1\nx",2\n3,4\n', {}, (2, 3)),  # a spreadsheet shows a quoted line break as one row
        ('# note\n# "odd\na,b\n# x\n1,2\n', {"comment": "#"}, (5,)),
        ('a,b\n"x\n# no comment",2\n3,4\n', {"comment": "#"}, (2, 3)),
        ("Export of study X\n\na,b\n1,2\n", {"heading_row": 3}, (4,)),
        ("sep=,\na,b\n1,2\n", {}, (2,)),  # a spreadsheet does not show this line
        ("a,b\n1,2", {}, (2,)),
    ],
)
def test_rows_are_counted_as_a_spreadsheet_shows_them(table, text, source, rows):
    raw, problems = table(text, **source)
    assert not problems
    assert raw.rows == rows


def test_cells_lose_the_spaces_around_them(table):
    raw, _ = table(" a , b\n 1 ,\u00a02\u00a0\n")
    assert raw.columns == {"a": ("1",), "b": ("2",)}


@pytest.mark.parametrize(
    "text",
    [
        "a,b,\n1,2,\n3,4,\n",  # an empty column at the end
        "a,b\n1,2,\n3,4,,\n",  # separators too many, with nothing behind them
        "a,b,,\n1,2,,\n3,4\n",
    ],
)
def test_separators_at_the_end_of_lines_are_tolerated(table, text):
    raw, problems = table(text)
    assert not problems
    assert raw.columns == {"a": ("1", "3"), "b": ("2", "4")}


def test_ragged_rows_are_problems(table):
    _, problems = table("a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3\n")
    assert seen(problems) == [
        ("patients.csv", 3, None, "the row has 2 cells; it stops after '2'"),
        ("patients.csv", 4, None, "the row has 4 cells; is text with a separator unquoted?"),
    ]
    assert {each.expected for each in problems} == {"3 cells, as there are headings"}


def test_a_short_last_row_is_read_and_told(table):
    raw, problems = table("a,b,c\n1,2,3\n4,5\n")
    assert not problems
    assert raw.columns["c"] == ("3", "")
    (query,) = raw.queries
    assert (query.rule, query.row, query.column) == ("short-last-row", 3, "b")


def test_duplicate_headings_are_problems(table):
    _, problems = table("a,b,a\n1,2,3\n")
    assert seen(problems) == [("patients.csv", 1, "a", "the heading occurs 2 times")]


def test_a_column_without_a_heading_is_left_out_and_told(table):
    raw, problems = table(",a\n1,x\n2,y\n")
    assert not problems
    assert raw.columns == {"a": ("x", "y")}
    assert "1 column without a heading left out" in raw.source.detail


@pytest.mark.parametrize(
    ("content", "source", "row", "message"),
    [
        (b"", {}, None, "the file is empty"),
        (b"  \n\n", {}, None, "the file is empty"),
        (b",,\n", {}, None, "the file is empty"),
        (b"# a\n", {"comment": "#"}, None, "the file is empty"),
        (b"a\n1\n", {"heading_row": 7}, 7, "there are no headings on this row"),
        (b"a\n\n1\n", {"heading_row": 2}, 2, "there are no headings on this row"),
        (b"\x00\x01\x02garbage\x00", {}, None, "the file is not a table of text"),
        (b"\xff\xfea\x00\x00\xd8", {}, None, "the file is not a table of text"),
        (b"a\n\x81\x8d", {}, None, "the file is not a table of text"),
        (b"a\nb\xe9", {"encoding": "utf-8"}, 2, "the file is not UTF-8 text, as declared"),
        (b'a,b\n1,2\n"x,3\n4,5\n', {}, 3, "a quote is opened on this row and never closed"),
        (b'a,b\n1,2\n"x"y,3\n', {}, 3, "a quoted cell goes on after its closing quote"),
        (b"a,b\n1," + b"x" * 200_000, {}, 2, "a cell is far too long; is a quote never closed?"),
        (b"a\n1\n", {"sheet": "x"}, None,
         "this is a text file: data.patients.sheet does not apply to it"),
        (b",".join(b"h%d" % n for n in range(2001)), {}, None,
         "the table is too large (2001 columns, 0 rows)"),
    ],
)  # fmt: skip
def test_files_that_are_no_table(table, content, source, row, message):
    raw, problems = table(content, **source)
    assert raw is None
    assert seen(problems) == [("patients.csv", row, None, message)]


def test_a_missing_file_names_the_nearest(tmp_path):
    (tmp_path / "patients.csv").write_text(HEADINGS)
    where = TableSource(file="patient.csv")
    _, problems = read_table("patients", where, Data(patients=where), tmp_path)
    assert problems[0].file == "patient.csv"
    assert problems[0].message == "the file does not exist"
    assert problems[0].expected == "'patients.csv', which does exist"


@pytest.mark.parametrize("name", [".", "no/such/folder.csv", "a\x00b"])
def test_paths_that_lead_nowhere(tmp_path, name):
    where = TableSource(file=name)
    raw, problems = read_table("patients", where, Data(patients=where), tmp_path)
    assert raw is None
    assert len(problems) == 1


def test_a_sheet_is_read_like_a_text_file(table):
    content = workbook(
        Patients=[
            ["patient_id", "treatment_start", "age", "flag", "text"],
            [],
            [1, datetime.date(2024, 5, 31), 61.5, True, "=1+1"],
            ["P2", datetime.datetime.fromisoformat("2024-06-01T10:30"), 70, False, None],
        ]
    )
    raw, problems = table(content, name="study.xlsx")
    assert not problems
    assert raw.rows == (3, 4)
    assert raw.label == "study.xlsx"
    assert raw.columns["patient_id"] == ("1", "P2")
    assert raw.columns["treatment_start"] == ("2024-05-31", "2024-06-01")
    assert raw.columns["age"] == ("61.5", "70")
    assert raw.columns["flag"] == ("true", "false")
    assert raw.source.detail == "sheet 'Patients'"


def test_declared_forms_hold_for_cells_that_are_no_text(table):
    rows = [["d", "n"], [datetime.date(2024, 5, 3), 61.5], ["2024-03-05", "61,5"]]
    raw, _ = table(workbook(S=rows), name="s.xlsx", date_format="YYYY-DD-MM", decimal=",")
    assert raw.columns == {"d": ("2024-03-05", "2024-03-05"), "n": ("61,5", "61,5")}


_SHEETS = {"Legend": [["x"], [1]], "Patients": [["a"], [2]], "Empty": []}


@pytest.mark.parametrize(
    ("sheets", "sheet", "cell"),
    [
        (_SHEETS, None, "2"),  # named like the table
        (_SHEETS, "Legend", "1"),
        (_SHEETS, "legend", "1"),
        ({"Only": [["a"], [3]]}, None, "3"),
        ({"Data": [["a"], [4]], "Sheet2": [], "Sheet3": []}, None, "4"),
    ],
)
def test_the_sheet(table, sheets, sheet, cell):
    raw, problems = table(workbook(**sheets), name="s.xlsx", sheet=sheet)
    assert not problems
    assert list(raw.columns.values()) == [(cell,)]


def test_several_sheets_are_told_apart_in_problems(table):
    raw, _ = table(workbook(**_SHEETS), name="s.xlsx")
    assert raw.label == "s.xlsx (sheet Patients)"
    assert raw.source.name == "s.xlsx"


@pytest.mark.parametrize(
    ("content", "source", "message", "expected"),
    [
        (workbook(A=[["x"]], B=[["y"]]), {}, "the workbook has 2 sheets, none named 'patients'",
         "'sheet' under data.patients, one of 'A', 'B'"),
        (workbook(A=[["x"]]), {"sheet": "B"}, "there is no sheet 'B'", "one of the sheets 'A'"),
        (b"PK\x03\x04garbage", {}, "the file cannot be read as a spreadsheet",
         "a workbook that opens in Excel"),
        (b"\xd0\xcf\x11\xe0garbage", {}, "the file cannot be read as a spreadsheet",
         "a workbook that opens in Excel"),
        (workbook(A=[["x"]]), {"separator": ";"},
         "this is a spreadsheet: data.patients.separator does not apply to it", None),
        (workbook(A=[[]]), {}, "the file is empty", "a row of headings and rows of data"),
    ],
)  # fmt: skip
def test_spreadsheets_that_cannot_be_read(table, content, source, message, expected):
    _, problems = table(content, name="s.xlsx", **source)
    assert [(each.message, each.expected) for each in problems] == [(message, expected)]


def test_a_spreadsheet_is_known_by_its_content(table):
    raw, _ = table(workbook(A=[["a"], [1]]), name="patients.csv")
    assert raw.columns == {"a": ("1",)}


def test_comment_and_heading_rows_of_a_sheet(table):
    rows = [["# made by X"], ["a", "b"], ["# unit", "mm"], [1, 2]]
    raw, _ = table(workbook(A=rows), name="s.xlsx", comment="#")
    assert raw.columns == {"a": ("1",), "b": ("2",)}
    assert raw.rows == (4,)
    assert raw.heading_row == 2


def test_a_workbook_that_unpacks_to_far_more_is_refused(table, monkeypatch):
    monkeypatch.setattr("dossier.cohort.spreadsheets.MAX_UNPACKED", 1_000)
    raw, problems = table(workbook(A=[["a"], [1]]), name="s.xlsx")
    assert raw is None
    assert seen(problems) == [("s.xlsx", None, None, "the workbook is too large when unpacked")]


def test_a_file_that_is_too_large_is_refused(table, monkeypatch):
    monkeypatch.setattr("dossier.cohort.files.MAX_BYTES", 5)
    raw, problems = table("a,b\n1,2\n")
    assert raw is None
    assert "the file is larger than" in problems[0].message
