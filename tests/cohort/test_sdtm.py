"""RS of SDTM: the responses at every visit by each reader."""

import pandas as pd
import pytest

from dossier.cohort.frames import with_settings
from dossier.cohort.read import read_cohort
from dossier.errors import InputError

DM = """\
STUDYID,USUBJID,RFSTDTC,RFXSTDTC,RFXENDTC,DTHDTC,ARMCD,ARM,AGE,SEX
S,S-01,2014-01-01,2014-01-02,2014-06-30,,A,Drug,61,F
S,S-02,2014-01-03,2014-01-03,2014-03-01,2014-08,A,Drug,70,M
S,S-09,,,,,SCRNFAIL,Screen Failure,49,M
"""
# Two radiologists, of whom one reading of each visit is accepted, and the investigator.
RS = """\
USUBJID,VISITNUM,VISIT,RSTESTCD,RSCAT,RSSTRESC,RSSTAT,RSEVAL,RSEVALID,RSACPTFL,RSDTC
S-01,2,WEEK 3,OVRLRESP,RECIST 1.1,SD,,INDEPENDENT ASSESSOR,RADIOLOGIST 1,,2014-01-23
S-01,2,WEEK 3,OVRLRESP,RECIST 1.1,PR,,INDEPENDENT ASSESSOR,RADIOLOGIST 2,Y,2014-01-23
S-01,2,WEEK 3,OVRLRESP,RECIST 1.1,SD,,INVESTIGATOR,,,2014-01-23
S-01,3,WEEK 6,OVRLRESP,RECIST 1.1,PD,,INDEPENDENT ASSESSOR,RADIOLOGIST 1,Y,2014-02
S-01,3,WEEK 6,OVRLRESP,RECIST 1.1,SD,,INDEPENDENT ASSESSOR,RADIOLOGIST 2,,2014-02
S-01,3,WEEK 6,OVRLRESP,RECIST 1.1,PR,,INVESTIGATOR,,,2014-02
S-02,2,WEEK 3,OVRLRESP,RECIST 1.1,,NOT DONE,INVESTIGATOR,,,2014-01-24
"""
LESIONS = """\
USUBJID,VISITNUM,RSTESTCD,RSCAT,RSSTRESC,RSEVAL,RSDTC
S-01,2,NTRGRESP,iRECIST,NON-iCR/NON-iUPD,INVESTIGATOR,2014-01-23
S-01,2,TRGRESP,iRECIST,iUPD,INVESTIGATOR,2014-01-23
S-01,2,OVRLRESP,iRECIST,iUPD,INVESTIGATOR,2014-01-24
S-01,2,NEWLIND,iRECIST,N,INVESTIGATOR,2014-01-23
S-01,3,TRGRESP,iRECIST,iSD,INVESTIGATOR,2014-02-23
S-01,3,NTRGRESP,iRECIST,iSD,INVESTIGATOR,2014-02-23
S-01,3,NEWLIND,iRECIST,Y,INVESTIGATOR,2014-02-23
S-01,3,NEWLPROG,iRECIST,EQUIVOCAL,INVESTIGATOR,2014-02-23
S-01,3,IRECLIND,iRECIST,Y,INVESTIGATOR,2014-02-23
"""


@pytest.fixture
def folder(tmp_path):
    def write(**datasets):
        for name, text in datasets.items():
            (tmp_path / f"{name}.csv").write_text(text)
        return tmp_path

    return write


def visits(cohort, *columns):
    return cohort.assessments[["patient_id", *columns]].to_numpy().tolist()


def test_dm_gives_the_patients(folder):
    read = read_cohort(folder(dm=DM, rs_onco=RS))
    assert read.patients["patient_id"].tolist() == ["S-01", "S-02"]
    assert read.patients["treatment_start"][0] == pd.Timestamp("2014-01-02")
    assert read.patients["treatment_end"][0] == pd.Timestamp("2014-06-30")
    assert read.patients["death_date"][1] == pd.Timestamp("2014-08-15")
    assert [each.patient for each in read.screen_failures] == ["S-09"]


def test_every_reader_is_an_assessor_and_the_accepted_readings_are_central_review(folder):
    read = read_cohort(folder(dm=DM, rs=RS))
    assert visits(read, "response", "assessor", "row") == [
        ["S-01", "SD", "RADIOLOGIST 1", 2],
        ["S-01", "PR", "RADIOLOGIST 2", 3],
        ["S-01", "PR", "central", 3],
        ["S-01", "SD", "investigator", 4],
        ["S-01", "PD", "RADIOLOGIST 1", 5],
        ["S-01", "PD", "central", 5],
        ["S-01", "SD", "RADIOLOGIST 2", 6],
        ["S-01", "PR", "investigator", 7],
    ]
    (query,) = [each for each in read.queries if each.rule == "visit-without-response"]
    assert query.message == "1 record has no result"


@pytest.mark.parametrize("assessor", ["central", "Radiologist 1", "RADIOLOGIST 2", "investigator"])
def test_any_of_them_can_be_chosen(folder, assessor):
    read = read_cohort(folder(dm=DM, rs=RS), {"derivation": {"assessor": assessor}})
    (query,) = [each for each in read.queries if each.rule == "several-assessors"]
    assert f"the readings of the {assessor.casefold()} are used" in query.consequence


def test_one_independent_reader_without_a_name_is_central_review(folder):
    rs = RS.replace("RADIOLOGIST 1", "").replace(",Y,", ",,")
    rs = "\n".join(line for line in rs.splitlines() if "RADIOLOGIST 2" not in line)
    read = read_cohort(folder(dm=DM, rs=rs))
    assert read.assessments["assessor"].unique().tolist() == ["central", "investigator"]


def test_partial_dates_follow_the_policy_and_are_counted(folder):
    read = read_cohort(folder(dm=DM, rs=RS))
    partial = [each for each in read.queries if each.rule == "partial-date"]
    assert len(partial) == 5  # four readings, one of them also as central review, and a death
    last = with_settings(read, {"derivation": {"partial_dates": "last"}})
    assert last.assessments["date"].max() == pd.Timestamp("2014-02-28")


def test_what_is_said_of_the_lesions_goes_with_the_visit(folder):
    read = read_cohort(folder(dm=DM, rs=LESIONS))
    columns = ("response", "target_response", "non_target_response", "new_lesion", "row")
    assert visits(read, *columns) == [
        ["S-01", "iUPD", "PD", "NON-CR/NON-PD", 0, 4],
        ["S-01", "", "SD", "NON-CR/NON-PD", 1, 6],
    ]
    assert read.assessments["date"][0] == pd.Timestamp("2014-01-24")


def test_of_several_criteria_one_is_used(folder):
    both = RS + "S-01,2,WEEK 3,OVRLRESP,iRECIST,iUPD,,INVESTIGATOR,,,2014-01-23\n"
    read = read_cohort(folder(dm=DM, rs=both))
    (query,) = [each for each in read.queries if each.rule == "several-criteria"]
    assert "the responses by RECIST 1.1 are used" in query.consequence
    assert "iUPD" not in set(read.assessments["response"])
    irecist = with_settings(read, {"derivation": {"response_criteria": "irecist"}})
    assert irecist.assessments["response"].tolist() == ["iUPD"]


def test_rs_beside_patients_of_any_form(folder):
    place = folder(people=DM, rs=RS)
    (place / "cohort.yaml").write_text(
        "cohort: {title: x}\ndata: {patients: people.csv, assessments: rs.csv}\n"
    )
    assert len(read_cohort(place).assessments) == 8


def test_sdtm_in_another_folder(folder, tmp_path):
    folder(dm=DM, rs=RS)
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "cohort.yaml").write_text("cohort: {title: x}\ndata: {sdtm: ..}\n")
    read = read_cohort(tmp_path / "study")
    assert [each.name for each in read.sources] == ["cohort.yaml", "dm.csv", "rs.csv"]


def test_rs_without_dm_names_what_is_missing(folder):
    place = folder(rs=RS)
    (place / "cohort.yaml").write_text("cohort: {title: x}\ndata: {sdtm: .}\n")
    with pytest.raises(InputError, match="the folder holds no data set DM, which names the pat"):
        read_cohort(place)


@pytest.mark.parametrize(
    ("name", "lacking", "beside"),
    [("rs", "DM", "RS"), ("adrs", "ADSL", "ADRS"), ("ae", "DM", "AE")],
)
def test_a_folder_without_the_patients_names_the_data_set_it_lacks(tmp_path, name, lacking, beside):
    (tmp_path / f"{name}.csv").write_text("USUBJID\nP1\n")
    with pytest.raises(InputError) as raised:
        read_cohort(tmp_path)
    (problem,) = raised.value.problems
    assert problem.message.startswith(f"the folder holds no data set {lacking}, which names")
    assert problem.message.endswith(f"beside {beside}")
    assert problem.expected == f"{lacking.lower()} as XPT, SAS7BDAT, Parquet or CSV"


def test_a_folder_of_patients_alone_says_what_cannot_be_known(tmp_path):
    (tmp_path / "adsl.csv").write_text("STUDYID,USUBJID,TRT01P,TRTSDT\nS,P1,A,2024-01-01\n")
    found = [each for each in read_cohort(tmp_path).queries if each.rule == "data-set-not-found"]
    assert [(each.severity, each.message) for each in found] == [
        ("warning", "the folder holds no ADRS"),
        ("note", "the folder holds no ADAE"),
    ]
