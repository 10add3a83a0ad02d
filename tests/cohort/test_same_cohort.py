"""However a cohort is written, it is the same cohort."""

import csv
import datetime
import io
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dossier.cohort.dates import DateFormat
from dossier.cohort.model import Cohort
from dossier.cohort.read import read_cohort

_DAY = st.dates(datetime.date(2000, 1, 1), datetime.date(2030, 1, 1))
_TEXT = st.text("abcé ,;'\"\n=#", max_size=8).map(str.strip)
_PATIENT = st.fixed_dictionaries(
    {
        "treatment_start": st.none() | _DAY,
        "age": st.none() | st.integers(0, 1200).map(lambda tenths: tenths / 10),
        "sex": st.sampled_from(["female", "male", ""]),
        "os_event": st.sampled_from([True, False, None]),
        "tumour_type": _TEXT,
    }
)
_HEADINGS = ("patient_id", "treatment_start", "age", "sex", "os_event", "tumour_type")


def _rows(patients):
    return [{"patient_id": f"P{number}"} | each for number, each in enumerate(patients, start=1)]


def _csv(rows, separator, encoding, decimal, form):
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=separator)
    writer.writerow(_HEADINGS)
    for row in rows:
        start, age, died = row["treatment_start"], row["age"], row["os_event"]
        writer.writerow(
            [
                row["patient_id"],
                DateFormat(form).text(start) if start else "",
                "" if age is None else repr(age).replace(".", decimal),
                row["sex"],
                {True: "ja", False: "nee", None: ""}[died],
                row["tumour_type"],
            ]
        )
    return file.getvalue().encode(encoding)


def _xlsx(rows):
    book = openpyxl.Workbook()
    book.active.append(_HEADINGS)
    for number, row in enumerate(rows, start=2):
        for column, heading in enumerate(_HEADINGS, start=1):
            cell = book.active.cell(number, column)
            cell.value = row[heading]
            if isinstance(row[heading], str):
                cell.data_type = "s"  # no formula
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@given(
    st.lists(_PATIENT, min_size=1, max_size=6),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "windows-1252", "utf-16"]),
    st.sampled_from([".", ","]),
    st.sampled_from([None, "DD-MM-YYYY", "%d%b%Y", "M/D/YYYY"]),
)
def test_encodings_separators_decimals_and_forms_of_dates(
    patients, separator, encoding, decimal, form
):
    rows = _rows(patients)
    expected = Cohort.from_frames(patients=pd.DataFrame(rows, columns=_HEADINGS, dtype=object))
    data = {"date_format": form} if form else {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "patients.csv"
        path.write_bytes(_csv(rows, separator, encoding, decimal, form))
        read = read_cohort(path, {"data": data})
    pd.testing.assert_frame_equal(read.patients, expected.patients)
    assert [each.rule for each in read.queries] == [each.rule for each in expected.queries]


@given(st.lists(_PATIENT, min_size=1, max_size=4))
def test_a_sheet(patients):
    rows = _rows(patients)
    expected = Cohort.from_frames(patients=pd.DataFrame(rows, columns=_HEADINGS, dtype=object))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "patients.xlsx"
        path.write_bytes(_xlsx(rows))
        read = read_cohort(path)
    pd.testing.assert_frame_equal(read.patients, expected.patients)
