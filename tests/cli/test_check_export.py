"""`dossier check -o FILE`: the data queries as a file to send to the sites."""

import csv
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from dossier.cli import group
from dossier.cli.check import COLUMNS, queries_table
from dossier.cohort.model import DataQuery

QUERIES = [
    DataQuery("no-assessment", "warning", "there is none", "it counts as NE", "P1", "p.csv", 2,
              "patient_id", "P1", ("best_response", "pfs")),
    DataQuery("file-not-read", "note", "=HYPERLINK(1)", "not read"),
]  # fmt: skip


@pytest.fixture
def study(tmp_path):
    (tmp_path / "p.csv").write_text(
        'patient_id,treatment_start,death_date\n"=1+1",2023-01-01,2022-12-01\nP2,2023-01-01,\n'
    )
    return tmp_path / "p.csv"


def check(*arguments):
    return CliRunner().invoke(group, ["check", *map(str, arguments)])


def test_every_query_is_a_row_with_every_column():
    first, second = queries_table(QUERIES)
    assert tuple(first) == tuple(second) == COLUMNS
    assert (first["id"], second["id"]) == ("Q0001", "Q0002")
    assert (first["row"], first["endpoints"]) == (2, "best_response pfs")
    assert (second["patient"], second["row"], second["endpoints"]) == ("", "", "")


def test_a_workbook_without_formulas(study, tmp_path):
    out = tmp_path / "queries.xlsx"
    done = check(study, "-o", out)
    assert (done.exit_code, done.stdout) == (0, "")
    assert f"written to {out}" in done.stderr
    sheet = openpyxl.load_workbook(out)["Data queries"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == tuple(name.capitalize() for name in COLUMNS)
    assert rows[1][:7] == (
        "Q0001", "death-before-treatment-start", "error", "=1+1", "p.csv", 2, "death_date",
    )  # fmt: skip
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert sheet.cell(2, 4).data_type == "s"
    assert sheet.cell(2, 4).quotePrefix


def test_csv_that_excel_reads_as_utf_8(study, tmp_path):
    check(study, "-o", tmp_path / "queries.csv")
    content = (tmp_path / "queries.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(content.decode("utf-8-sig").splitlines())
    assert row["patient"] == "'=1+1"


def test_json_is_that_of_standard_output(study, tmp_path):
    check(study, "-o", tmp_path / "queries.json")
    printed = check(study, "--format", "json").stdout
    assert (tmp_path / "queries.json").read_text() == printed
    assert json.loads(printed)[0]["endpoints"] == ["benefit", "pfs", "os", "dor"]


def test_another_kind_of_file_is_refused_before_anything_is_read(tmp_path):
    done = check("nowhere.csv", "-o", tmp_path / "queries.doc")
    assert done.exit_code == 2
    assert "one of .xlsx, .csv, .json" in done.stderr


def test_nothing_is_written_where_the_input_is_wrong(study, tmp_path):
    Path(study).write_text("patient_id,age\nP1,old\n")
    done = check(study, "-o", tmp_path / "queries.xlsx")
    assert done.exit_code != 0
    assert not (tmp_path / "queries.xlsx").exists()
