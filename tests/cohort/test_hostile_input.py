"""Whatever stands in the files: a cohort, or problems in words. Never another error."""

import csv
import io
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.cohort.read import read_cohort
from dossier.errors import InputError, Problem

_CELL = st.one_of(
    st.text(max_size=10),
    st.sampled_from(
        [
            "P1",
            "2024-01-01",
            "2024",
            "PR",
            "NE",
            "1",
            "-1",
            "1e400",
            "1,5",
            '"',
            "NA",
            "=1+1",
            "31-12-2024",
        ]
    ),
)
_HEADING = st.sampled_from(
    ["patient_id", "USUBJID", "treatment_start", "age", "sex", "death_date", "day", "date",
     "response", "row", "patient", "", "Other", "os_event", "os_days"]
)  # fmt: skip


_DATASETS = {
    "adam": {
        "adsl": ["USUBJID", "STUDYID", "TRTSDT", "DTHDT", "ARM", "ACTARM", "RANDDT"],
        "adrs": ["USUBJID", "PARAMCD", "AVALC", "ADT", "PARAM", "RSEVAL", "RSEVALID", "RSACPTFL"],
        "adtte": ["USUBJID", "PARAMCD", "AVAL", "AVALU", "CNSR", "ADT", "STARTDT"],
        "adae": ["USUBJID", "AEDECOD", "AETOXGR", "TRTEMFL", "ASTDT", "AENDT"],
        "adqs": ["USUBJID", "PARAMCD", "AVAL", "ADT", "PARCAT1"],
    },
    "sdtm": {
        "dm": ["USUBJID", "RFXSTDTC", "ARMCD", "DTHDTC"],
        "rs": ["USUBJID", "RSTESTCD", "RSSTRESC", "RSDTC", "RSEVAL", "RSEVALID", "RSACPTFL"],
    },
}


def _read(content: dict[str, bytes], name: str, overrides: dict | None = None) -> None:
    """Read a study that may be wrong; what is said about it must be words, and no paths."""
    with tempfile.TemporaryDirectory() as folder:
        for each, data in content.items():
            (Path(folder) / each).write_bytes(data)
        problems: tuple[Problem, ...] | None = None
        try:
            read_cohort(Path(folder) / name, overrides)
        except InputError as error:
            problems = error.problems
        assert problems is None or problems
        assert not [each for each in problems or () if not each.message or folder in str(each)]


@given(st.binary(max_size=300))
def test_any_bytes_as_a_table(content):
    _read({"p.csv": content}, "p.csv")


@given(st.binary(max_size=300), st.sampled_from(["p.xlsx", "p.xls", "p.ods"]))
def test_any_bytes_as_a_spreadsheet(content, name):
    _read({name: b"PK\x03\x04" + content}, name)


@given(st.binary(max_size=300), st.sampled_from(["p.xpt", "p.sas7bdat", "p.parquet", "p.csv.gz"]))
def test_any_bytes_as_a_file_of_another_kind(content, name):
    _read({name: content}, name)
    _read({name: b"\x1f\x8b" + content}, name)


@given(
    st.sampled_from([*_DATASETS]),
    st.lists(st.lists(_CELL, min_size=1, max_size=6), max_size=6),
    st.randoms(use_true_random=False),
)
def test_any_cells_in_data_sets_of_cdisc(standard, rows, random):
    content = {}
    for name, headings in _DATASETS[standard].items():
        random.shuffle(headings := list(headings))
        file = io.StringIO(newline="")
        csv.writer(file).writerows(
            [headings, *([*row, *["PFS", "OVR", "OVRLRESP"] * 3][: len(headings)] for row in rows)]
        )
        content[f"{name}.csv"] = file.getvalue().encode("utf-8", "surrogatepass")
    _read(content, "")


@given(st.binary(max_size=300))
def test_any_bytes_as_settings(content):
    _read({"cohort.yaml": content, "p.csv": b"patient_id\nP1\n"}, "cohort.yaml")


@given(st.text(max_size=200))
def test_any_text_as_settings(text):
    content = text.encode("utf-8", "surrogatepass")
    _read({"cohort.yaml": content, "p.csv": b"patient_id\nP1\n"}, "cohort.yaml")


@given(
    st.lists(_HEADING, min_size=1, max_size=6),
    st.lists(st.lists(_CELL, min_size=1, max_size=6), max_size=6),
    st.sampled_from([",", ";", "\t"]),
)
def test_any_cells_under_known_headings(headings, rows, separator):
    lines = [separator.join(headings), *(separator.join(row) for row in rows)]
    table = "\n".join(lines).encode("utf-8", "surrogatepass")
    settings = b"cohort: {title: x}\ndata: {patients: p.csv, assessments: v.csv}\n"
    _read({"cohort.yaml": settings, "p.csv": table, "v.csv": table}, "cohort.yaml")


_KEYS = [
    "cohort", "data", "title", "patients", "file", "columns", "values", "missing", "date_format",
    "sheet", "comment", "derivation", "assessor", "sex", "p.csv", "landmarks",
]  # fmt: skip
_SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
_SETTING = st.recursive(
    _SCALAR | st.sampled_from(_KEYS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(_KEYS), _SETTING, max_size=4))
def test_any_overrides(overrides):
    _read({"p.csv": b"patient_id,sex\nP1,F\n"}, "p.csv", overrides)


@pytest.mark.parametrize("name", ["patients: /dev/zero", "patients: pipe"])
def test_a_file_without_an_end_is_not_read(tmp_path, name):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "cohort.yaml").write_text(f"cohort: {{title: x}}\ndata: {{{name}}}\n")
    with pytest.raises(InputError, match="this is not a file"):
        read_cohort(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may read everything")
def test_a_file_that_may_not_be_read(tmp_path):
    (tmp_path / "p.csv").write_text("patient_id\nP1\n")
    (tmp_path / "p.csv").chmod(0)
    with pytest.raises(InputError, match="no permission"):
        read_cohort(tmp_path / "p.csv")
