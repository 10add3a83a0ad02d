"""Protocol deviations: our own table, DV and ADDV, and tables that are wrong."""

import pytest

from dossier.cohort.read import read_cohort
from dossier.evaluation import evaluate
from dossier.trace import trace

OWN = """\
patient_id,date,category,description,important,waiver
P1,2024-02-01,Eligibility,creatinine too high,yes,yes
P1,2024-03-01,Visit schedule,scan 3 weeks late,no,no
P1,2024-04,Visit schedule,scan missed,,no
P2,,Study drug,wrong dose,yes,no
P2,2025-03-01,Study drug,wrong dose,yes,no
"""


def section(cohort, **tables):
    read = cohort(**tables)
    settings = {"cohort": {"data_cutoff": "2024-12-31"}}
    return evaluate(read, criteria=[], settings=settings)


def test_patients_are_counted_once_in_each_category(cohort):
    found = section(cohort, protocol_deviations__csv=OWN).to_dict()["protocol_deviations"]
    assert found == {
        "given": True,
        "n": 2,
        "patients": 2,
        "deviations": 4,
        "important": {"patients": 2, "deviations": 2, "unknown": 1},
        "waivers": {"patients": 1, "deviations": 1, "unknown": 0},
        "after_cutoff": 1,
        "categories": [
            {
                "category": "Visit schedule", "patients": 1, "deviations": 2,
                "important": {"patients": 0, "deviations": 0, "unknown": 1},
                "waivers": {"patients": 0, "deviations": 0, "unknown": 0},
            },
            {
                "category": "Eligibility", "patients": 1, "deviations": 1,
                "important": {"patients": 1, "deviations": 1, "unknown": 0},
                "waivers": {"patients": 1, "deviations": 1, "unknown": 0},
            },
            {
                "category": "Study drug", "patients": 1, "deviations": 1,
                "important": {"patients": 1, "deviations": 1, "unknown": 0},
                "waivers": {"patients": 0, "deviations": 0, "unknown": 0},
            },
        ],
    }  # fmt: skip


def test_without_a_table_nothing_is_counted_and_the_reason_is_given(cohort):
    found = section(cohort).to_dict()["protocol_deviations"]
    assert found == {
        "given": False, "n": 2, "reason": "no table of protocol deviations was given",
    }  # fmt: skip


def test_a_table_without_rows_is_no_deviation(cohort):
    found = section(cohort, protocol_deviations__csv="patient_id,category\n").to_dict()
    counted = found["protocol_deviations"]
    assert (counted["given"], counted["patients"], counted["categories"]) == (True, 0, [])
    assert "important" not in counted


def test_one_after_the_cutoff_is_a_data_query(cohort):
    found = section(cohort, protocol_deviations__csv=OWN)
    (query,) = [each for each in found.queries if each.rule == "protocol-deviation-after-cutoff"]
    assert (query.patient, query.row, query.value) == ("P2", 6, "2025-03-01")


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("protocol_deviations.patients", {2, 3, 4, 5}),
        ("protocol_deviations.deviations", {2, 3, 4, 5}),
        ("protocol_deviations.important.patients", {2, 5}),
        ("protocol_deviations.important.unknown", {4}),
        ("protocol_deviations.waivers.deviations", {2}),
        ("protocol_deviations.categories.0.patients", {3, 4}),
        ("protocol_deviations.after_cutoff", {6}),
    ],
)
def test_every_count_leads_to_its_rows(cohort, path, rows):
    found = trace(section(cohort, protocol_deviations__csv=OWN), path)
    assert found.agrees
    assert {source.row for each in found.patients for source in each.sources} == rows


DM = """\
STUDYID,USUBJID,ARM,ARMCD,RFXSTDTC
S,S-01,A,A,2024-01-01
S,S-02,A,A,2024-01-08
"""
DV = """\
STUDYID,USUBJID,DVSEQ,DVTERM,DVDECOD,DVCAT,DVSTDTC
S,S-01,1,Creatinine above limit,INCLUSION CRITERIA,MAJOR,2024-01-01
S,S-01,2,Visit 4 days late,OUT OF WINDOW,MINOR,2024-02
S,S-02,1,Prior therapy allowed,ELIGIBILITY WAIVER,IMPORTANT PROTOCOL DEVIATIONS,2023-12-20
S,S-02,2,Diary lost,,,2024-02-01
"""


@pytest.mark.parametrize("name", ["dv", "DV"])
def test_dv_of_sdtm(tmp_path, name):
    (tmp_path / "dm.csv").write_text(DM)
    (tmp_path / f"{name}.csv").write_text(DV)
    table = read_cohort(tmp_path).protocol_deviations
    assert table["category"].tolist() == [
        "INCLUSION CRITERIA", "OUT OF WINDOW", "ELIGIBILITY WAIVER", "Diary lost",
    ]  # fmt: skip
    assert table["important"].fillna(-1).tolist() == [1, 0, 1, -1]
    assert table["waiver"].tolist() == [0, 0, 1, 0]
    assert table["row"].tolist() == [2, 3, 4, 5]


def test_addv_beside_adsl(tmp_path):
    adsl = "STUDYID,USUBJID,TRT01P,TRTSDT\nS,S-01,A,2024-01-01\n"
    addv = "STUDYID,USUBJID,DVTERM,DVDECOD,DVCAT,ASTDT\nS,S-01,late,VISIT,MINOR,2024-02-01\n"
    (tmp_path / "adsl.csv").write_text(adsl)
    (tmp_path / "addv.csv").write_text(addv)
    read = read_cohort(tmp_path)
    assert read.protocol_deviations[["category", "important"]].to_numpy().tolist() == [["VISIT", 0]]
    assert not read.has("protocol_deviations", "waiver")


def test_dv_named_as_our_table(study):
    folder = study(
        patients__csv="patient_id,treatment_start\nS-01,2024-01-01\nS-02,2024-01-08\n",
        protocol_deviations__csv=DV,
    )
    assert len(read_cohort(folder).protocol_deviations) == 4


@pytest.mark.parametrize(
    ("text", "column", "row", "words"),
    [
        ("patient_id,date\nP1,2024-01-01\n", "category", 1, "category"),
        ("patient_id,category\nP9,Visit\n", "patient_id", 2, "no patient has this identifier"),
        ("patient_id,category\nP1,\n", "category", 2, ""),
        ("patient_id,category,important\nP1,Visit,perhaps\n", "important", 2, ""),
        ("patient_id,category,date\nP1,Visit,31-31-2024\n", "date", 2, ""),
        ("patient_id,category,waiver\nP1,Visit,7\n", "waiver", 2, ""),
    ],
)
def test_a_wrong_table_is_named_with_its_place(problems, text, column, row, words):
    (problem,) = problems(protocol_deviations__csv=text)
    assert (problem.file, problem.column, problem.row) == ("protocol_deviations.csv", column, row)
    assert words in problem.message
