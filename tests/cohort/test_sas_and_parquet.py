"""SAS and Parquet files give the same text a CSV file would, and then everything is the same."""

import datetime
import gzip
import io
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from dossier.cohort.files import read_table
from dossier.cohort.read import read_cohort
from dossier.cohort.sas_files import sas_records
from dossier.cohort.settings import Data, TableSource
from dossier.errors import InputError

FRAME = pd.DataFrame(
    {
        "USUBJID": ["A-1", "A-2", "A-3"],
        "AGE": [61.0, 70.5, None],
        "SEX": ["F", "M", "F"],
        "TRTSDT": [datetime.date(2024, 1, 5), datetime.date(2024, 2, 29), None],
        "TRTEDTM": [
            pd.Timestamp("2024-06-01 23:59:59"), pd.NaT, pd.Timestamp("2024-07-01"),
        ],
        "DOSETM": [datetime.time(8, 5, 9), None, datetime.time(0, 0)],
        "TUMOR_TYPE": ["Hürthle", "", "breast"],
    }
)  # fmt: skip
TEXTS = {
    "USUBJID": ("A-1", "A-2", "A-3"),
    "AGE": ("61", "70.5", ""),
    "SEX": ("F", "M", "F"),
    "TRTSDT": ("2024-01-05", "2024-02-29", ""),
    "TRTEDTM": ("2024-06-01T23:59:59", "", "2024-07-01T00:00:00"),
    "DOSETM": ("08:05:09", "", "00:00:00"),
    "TUMOR_TYPE": ("Hürthle", "", "breast"),
}


def xpt(frame: pd.DataFrame, folder: Path, **options) -> bytes:
    pyreadstat.write_xport(frame, folder / "made.xpt", **options)
    return (folder / "made.xpt").read_bytes()


def parquet(frame: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.to_parquet(file)
    return file.getvalue()


@pytest.fixture
def table(tmp_path):
    def read(content: bytes, name: str, **source):
        (tmp_path / name).write_bytes(content)
        where = TableSource(file=name, **source)
        return read_table("patients", where, Data(patients=where), tmp_path)

    return read


@pytest.mark.parametrize(("version", "name"), [(5, "TUMTYPE"), (8, "TUMOR_TYPE")])
def test_a_transport_file_gives_dates_numbers_and_text(table, tmp_path, version, name):
    frame = FRAME.rename(columns={"TUMOR_TYPE": name})  # version 5 has names of 8 letters
    raw, problems = table(xpt(frame, tmp_path, file_format_version=version), "adsl.XPT")
    assert not problems
    assert raw.columns == {name if key == "TUMOR_TYPE" else key: TEXTS[key] for key in TEXTS}
    assert raw.rows == (2, 3, 4)
    assert raw.source.detail == "SAS transport file, UTF-8"


def test_a_transport_file_does_not_say_how_its_letters_are_encoded(table, tmp_path):
    content = xpt(FRAME, tmp_path).replace("ü".encode(), b"\xfc ")
    raw, _ = table(content, "adsl.xpt")
    assert raw.columns["TUMOR_TYPE"][0].startswith("Hü")
    assert raw.source.detail == "SAS transport file, Windows-1252"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("TRTSDT", "2024-01-06"),
        ("ASTDTM", "1960-01-01T06:29:41"),
        ("WGTADJ", "23381"),
        ("AVAL", "23381"),
    ],
)
def test_a_number_without_a_format_is_what_its_cdisc_name_says(tmp_path, name, text):
    records = sas_records(xpt(pd.DataFrame({name: [23381.0]}), tmp_path), "x.xpt", ".xpt")
    assert list(records.cells) == [[name], (text,)]


def test_a_date_outside_any_calendar_stays_a_number(tmp_path):
    records = sas_records(xpt(pd.DataFrame({"ADT": [9e9]}), tmp_path), "x.xpt", ".xpt")
    assert records.cells[1] == ("9000000000",)


def test_a_sas_data_set(table):
    content = (Path(__file__).parent / "data" / "dates.sas7bdat.gz").read_bytes()
    raw, problems = table(content, "dates.sas7bdat.gz")
    assert not problems
    assert raw.source.detail == "SAS data set, WINDOWS-1252"
    assert {heading: cells[0] for heading, cells in raw.columns.items()} == {
        "patno": "1001", "dtc1": "2022-01-01", "dtc2": "1970-11-14", "dtc3": "1999-12-31",
        "dtc4": "2023-07-01", "tm1": "11:20:10", "dt1": "2020-12-09T14:05:00",
        "dt2": "2001-02-13T23:23:00", "yr": "2023-01-01",
    }  # fmt: skip


def test_a_parquet_file(table):
    frame = FRAME.assign(TRTEDTM=pd.to_datetime(FRAME["TRTEDTM"]), EVALFL=[True, None, False])
    frame = frame.assign(SEX=frame["SEX"].astype("category")).set_index("USUBJID", drop=False)
    raw, problems = table(parquet(frame.rename_axis(None)), "adsl.parquet")
    assert not problems
    assert raw.columns == TEXTS | {
        "TRTEDTM": ("2024-06-01", "", "2024-07-01"),
        "EVALFL": ("true", "", "false"),
    }
    assert raw.source.detail == "Parquet"


def test_parquet_is_an_extra(table, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    _, (problem,) = table(b"PAR1", "patients.parquet")
    assert "pip install 'paskwil-dossier[parquet]'" in problem.expected


@pytest.mark.parametrize("name", ["p.xpt", "p.sas7bdat", "p.parquet"])
@pytest.mark.parametrize("content", [b"x", b"PAR1PAR1", b"HEADER RECORD*******" * 30])
def test_files_that_are_something_else(table, name, content):
    raw, (problem,) = table(content, name)
    assert raw is None
    assert problem.message.startswith("the file cannot be read as a ")


@pytest.mark.parametrize("name", ["p.xpt", "p.parquet"])
def test_what_holds_for_text_does_not_apply(table, name):
    _, (problem,) = table(b"x", name, separator=";")
    assert problem.message.endswith("data.patients.separator does not apply to it")


def test_declared_forms_hold_for_numbers_and_dates(table, tmp_path):
    frame = FRAME[["USUBJID", "AGE", "TRTSDT"]]
    source = {"decimal": ",", "date_format": "YYYY-DD-MM"}
    raw, _ = table(xpt(frame, tmp_path), "p.xpt", **source)
    assert raw.columns["AGE"] == ("61", "70,5", "")
    assert raw.columns["TRTSDT"] == ("2024-05-01", "2024-29-02", "")


def test_a_packed_file_is_read_as_what_is_inside(table, tmp_path):
    csv = b"patient_id;age\nP1;61,5\n"
    assert table(gzip.compress(csv), "p.csv.gz")[0].columns == table(csv, "p.csv")[0].columns
    content = xpt(FRAME, tmp_path)
    assert table(gzip.compress(content), "p.xpt.gz")[0].columns == TEXTS


def test_a_packed_file_that_is_damaged(table):
    _, (problem,) = table(gzip.compress(b"patient_id\nP1\n" * 99)[:-30], "p.csv.gz")
    assert problem.message == "the file is packed with gzip and damaged"


def test_a_packed_file_that_grows_without_end(table, monkeypatch):
    monkeypatch.setattr("dossier.cohort.files.MAX_BYTES", 10_000)
    _, (problem,) = table(gzip.compress(b"x" * 20_000), "p.csv.gz")
    assert problem.message == "the file is too large when unpacked"


def test_tables_of_a_study_may_be_of_any_kind(tmp_path):
    xpt(FRAME, tmp_path)
    visits = pd.DataFrame({"patient_id": ["A-1"], "day": [57], "response": ["PR"]})
    (tmp_path / "visits.parquet").write_bytes(parquet(visits))
    (tmp_path / "cohort.yaml").write_text(
        "cohort: {title: x}\ndata: {patients: made.xpt, assessments: visits.parquet}\n"
    )
    read = read_cohort(tmp_path)
    assert read.patients["treatment_start"][1] == pd.Timestamp("2024-02-29")
    assert read.patients["treatment_end"][0] == pd.Timestamp("2024-06-01")
    assert read.patients["tumour_type"][0] == "Hürthle"
    assert read.assessments["response"].tolist() == ["PR"]


def test_a_single_transport_file_is_a_cohort(tmp_path):
    xpt(FRAME, tmp_path)
    read = read_cohort(tmp_path / "made.xpt")
    assert read.settings.cohort.title == "made"
    assert read.patients["patient_id"].tolist() == ["A-1", "A-2", "A-3"]


def test_a_wrong_cell_is_named_as_in_any_file(tmp_path):
    xpt(FRAME.assign(SEX=["F", "Q", "F"]), tmp_path)
    with pytest.raises(InputError) as raised:
        read_cohort(tmp_path / "made.xpt")
    (problem,) = raised.value.problems
    assert (problem.file, problem.row, problem.column, problem.patient, problem.value) == (
        "made.xpt", 3, "SEX", "A-2", "Q",
    )  # fmt: skip


def test_libraries_are_loaded_only_for_their_files(tmp_path):
    import subprocess
    import sys

    (tmp_path / "p.csv").write_text("patient_id\nP1\n")
    code = (
        "import sys; from dossier.cohort.read import read_cohort\n"
        f"read_cohort({str(tmp_path / 'p.csv')!r})\n"
        "print([m for m in ('pyreadstat', 'pyarrow.parquet', 'openpyxl') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
