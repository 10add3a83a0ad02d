"""A workbook with a sheet for each table is a cohort."""

import openpyxl
import pytest

from dossier.cohort.read import read_cohort
from dossier.errors import InputError

PATIENTS = [["patient_id", "treatment_start"], ["P1", "2024-01-01"]]
VISITS = [["patient_id", "day", "response"], ["P1", 57, "PR"]]
EVENTS = [["patient_id", "term"], ["P1", "Rash"]]


@pytest.fixture
def workbook(tmp_path):
    def write(**sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title.replace("_", " "))
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / "study.xlsx")
        return tmp_path / "study.xlsx"

    return write


def test_sheets_are_found_by_the_names_of_the_tables(workbook):
    book = workbook(Notes=[["?"]], Patients=PATIENTS, Assessments=VISITS, Adverse_events=EVENTS)
    read = read_cohort(book)
    assert len(read.patients) == len(read.assessments) == len(read.adverse_events) == 1
    assert read.settings.cohort.title == "study"
    assert read.file_label("assessments") == "study.xlsx (sheet Assessments)"


def test_the_only_sheet_is_the_patients(workbook):
    assert len(read_cohort(workbook(Sheet1=PATIENTS)).patients) == 1


def test_without_a_sheet_of_patients_the_choice_is_asked_for(workbook):
    with pytest.raises(InputError, match="the workbook has 2 sheets, none named 'patients'"):
        read_cohort(workbook(A=PATIENTS, Assessments=VISITS))


def test_in_settings_the_same_file_is_named_for_each_table(workbook):
    book = workbook(Patients=PATIENTS, Assessments=VISITS)
    (book.parent / "cohort.yaml").write_text(
        "cohort: {title: x}\ndata: {patients: study.xlsx, assessments: study.xlsx}\n"
    )
    assert read_cohort(book.parent).assessments["response"].tolist() == ["PR"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no workbook"])
def test_a_file_that_is_no_workbook(tmp_path, content):
    (tmp_path / "study.xlsx").write_bytes(content)
    with pytest.raises(InputError):
        read_cohort(tmp_path / "study.xlsx")
