"""Sums of target diameters from TR with TU, and from ADTR: whole sums, or none."""

from pathlib import Path

import pytest

from dossier.cohort.read import read_cohort
from dossier.evaluation import evaluate

DATA = Path(__file__).parent / "data" / "pharmaverse_sdtm"
DM = "STUDYID,USUBJID,ARM,ARMCD,RFXSTDTC\nS,P1,A,A,2024-01-01\n"
RS = """\
STUDYID,USUBJID,RSTESTCD,RSSTRESC,VISITNUM,RSDTC
S,P1,OVRLRESP,PR,2,2024-03-01
S,P1,OVRLRESP,PR,3,2024-05-01
"""
TU = """\
STUDYID,USUBJID,TULNKID,TUSTRESC,TULOC
S,P1,T1,TARGET,LIVER
S,P1,T2,TARGET,LYMPH NODE
S,P1,N1,NON-TARGET,BONE
"""
HEADING = "STUDYID,USUBJID,TRGRPID,TRLNKID,TRTESTCD,TRSTRESC,TRSTRESU,VISITNUM,TRDTC,TRSTAT\n"
BASELINE = """\
S,P1,TARGET,T1,LDIAM,60,mm,1,2023-12-20,
S,P1,TARGET,T2,LDIAM,50,mm,1,2023-12-20,
S,P1,TARGET,T2,LPERP,40,mm,1,2023-12-20,
S,P1,NON-TARGET,N1,LDIAM,70,mm,1,2023-12-20,
"""


@pytest.fixture
def sums(tmp_path):
    """Date, response, sum, response of the targets, and the data queries, of lines of TR."""

    def read(lines, *, baseline=BASELINE, **others):
        files = {"dm": DM, "rs": RS, "tu": TU, "tr": HEADING + baseline + lines} | others
        for name, text in files.items():
            if text is not None:
                (tmp_path / f"{name}.csv").write_text(text)
        cohort = read_cohort(tmp_path)
        table = cohort.assessments.sort_values("date")
        columns = ["response", "target_sum_mm", "target_response"]
        visits = {
            str(date.date()): tuple(None if each != each else each for each in visit)
            for date, visit in zip(
                table["date"], table[columns].itertuples(index=False), strict=True
            )
        }
        return visits, [each for each in cohort.queries if each.rule.startswith("target-sum")]

    return read


def lesion(name, size, *, test="LDIAM", visit=2, date="2024-03-01", unit="mm", status=""):
    return f"S,P1,TARGET,{name},{test},{size},{unit},{visit},{date},{status}\n"


def test_the_short_axis_of_nodes_and_the_longest_diameter_of_the_rest(sums):
    visits, queries = sums(lesion("T1", 30) + lesion("T2", 20, test="LPERP") + lesion("T2", 44))
    assert visits == {
        "2023-12-20": ("", 100, ""),
        "2024-03-01": ("PR", 50, ""),
        "2024-05-01": ("PR", None, ""),
    }
    assert queries == []


@pytest.mark.parametrize(
    "lines",
    [
        lesion("T1", 30),  # T2 is not there at all
        lesion("T1", 30) + lesion("T2", "", test="LPERP", status="NOT DONE"),
        lesion("T1", 30) + lesion("T2", "", test="LPERP"),
        lesion("T1", 30) + lesion("T2", "blurred", test="LPERP"),
        lesion("T1", 30) + lesion("T2", 12, test="LDIAM"),  # a node, and no short axis
        lesion("T1", 30) + lesion("T2", 12, test="LPERP", unit="mm2"),
        lesion("T1", 30) + lesion("T2", -3, test="LPERP"),
    ],
)
def test_where_a_lesion_is_missing_there_is_no_partial_sum(sums, lines):
    visits, (query,) = sums(lines)
    assert visits["2024-03-01"] == ("PR", None, "NE")
    assert query.rule == "target-sum-not-evaluable"
    assert "not measured: T2" in query.message
    assert (query.patient, query.file, query.row) == ("P1", "tr.csv", 6)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (lesion("T3", 5), "not among the lesions of the first visit: T3"),
        (lesion("T1", 44), "measured twice with different sizes: T1"),
    ],
)
def test_lesions_that_do_not_fit_the_baseline_give_no_sum(sums, lines, words):
    visits, (query,) = sums(lesion("T1", 30) + lesion("T2", 20, test="LPERP") + lines)
    assert visits["2024-03-01"] == ("PR", None, "NE")
    assert words in query.message


@pytest.mark.parametrize(
    ("one", "two", "total", "response"),
    [
        (lesion("T1", 3, unit="cm"), lesion("T2", 20, test="LPERP"), 50, ""),
        (lesion("T1", "TOO SMALL TO MEASURE"), lesion("T2", 20, test="LPERP"), 25, ""),
        (lesion("T1", "ABSENT", test="TUMSTATE"), lesion("T2", 20, test="LPERP"), 20, ""),
        # Gone, and a node below 10 mm is no longer pathological: a complete response.
        (lesion("T1", 0), lesion("T2", 9.9, test="LPERP"), 9.9, "CR"),
        (lesion("T1", 0), lesion("T2", 10, test="LPERP"), 10, ""),
    ],
)
def test_sizes_as_recist_counts_them(sums, one, two, total, response):
    visits, _ = sums(one + two)
    assert visits["2024-03-01"] == ("PR", total, response)


def test_a_recorded_sum_that_differs_is_asked_about(sums):
    lines = lesion("T1", 30) + lesion("T2", 20, test="LPERP")
    _, queries = sums(lines + lesion("", 50.4, test="SUMDIAM"))
    assert queries == []
    visits, (query,) = sums(lines + lesion("", 45, test="SUMDIAM"))
    assert visits["2024-03-01"][1] == 50
    assert query.rule == "target-sum-differs"
    assert "recorded as 45 mm, the lesions add up to 50 mm" in query.message


def test_a_recorded_sum_counts_where_there_are_no_lesions(sums):
    baseline = lesion("", 100, test="SUMDIAM", visit=1, date="2023-12-20")
    visits, queries = sums(lesion("", 60, test="SUMDIAM"), baseline=baseline)
    assert (visits["2023-12-20"][1], visits["2024-03-01"][1], queries) == (100, 60, [])


def test_responses_follow_from_the_sums_where_nobody_entered_one(sums, tmp_path):
    lines = lesion("T1", 30) + lesion("T2", 20, test="LPERP")
    lines += lesion("T1", 25, visit=3, date="2024-05-01")
    lines += lesion("T2", 15, test="LPERP", visit=3, date="2024-05-01")
    visits, _ = sums(lines, rs=None)
    assert visits["2024-05-01"] == ("", 40, "")
    assert evaluate(read_cohort(tmp_path), criteria=[]).to_dict()["endpoints"]["orr"]["events"] == 1


def test_an_entered_response_that_the_sums_contradict_is_a_data_query(sums, tmp_path):
    sums(lesion("T1", 60) + lesion("T2", 40, test="LPERP"))
    queries = evaluate(read_cohort(tmp_path), criteria=[]).queries
    (query,) = [each for each in queries if each.rule == "response-differs-from-measured"]
    assert "entered as PR, the measurements give SD (sum 100 mm" in query.message
    assert (query.file, query.row) == ("rs.csv", 2)


def test_the_public_example_of_several_readers():
    read = read_cohort(DATA)
    own = read.assessments[read.assessments["patient_id"] == "01-701-1015"]
    own = own[own["assessor"] == "investigator"].sort_values("date")
    assert own["target_sum_mm"].fillna(-1).tolist() == [96, 96, -1, 7]
    assert own["target_response"].tolist() == ["", "", "NE", "CR"]
    # Baseline stands in TR alone, and says so.
    places = [read.place("assessments", int(row)) for row in own["row"]]
    assert [file for file, _ in places] == ["tr.csv", "rs.csv", "rs.csv", "rs.csv"]
    assert places[0][1] == 18
    missing = [each for each in read.queries if each.rule == "target-sum-not-evaluable"]
    assert {(each.patient, each.file) for each in missing} == {
        ("01-701-1015", "tr.csv"), ("01-701-1118", "tr.csv"),
    }  # fmt: skip


ADSL = "STUDYID,USUBJID,TRT01P,TRTSDT\nS,P1,A,2024-01-01\n"
ADRS = (
    "STUDYID,USUBJID,PARAMCD,PARAM,AVALC,ADT,AVISIT\nS,P1,OVR,Overall Response,PR,2024-03-01,W8\n"
)
ADTR = """\
STUDYID,USUBJID,PARAMCD,PARAM,AVAL,ADT,AVISIT,DTYPE,LSEXP,LSASS
S,P1,SDIAM,Sum of diameters (mm),100,2023-12-20,BASELINE,,"T1, T2","T1, T2"
S,P1,SDIAM,Sum of diameters (mm),60,2024-02-27,W8,,"T1, T2","T2, T1"
S,P1,SDIAM,Sum of diameters (mm),30,2024-05-01,W16,,"T1, T2",T1
S,P1,SDIAM,Sum of diameters (mm),60,2024-07-01,W24,LOCF,"T1, T2","T1, T2"
S,P1,NADIR,Nadir of sum of diameters,60,2024-03-01,W8,,,
S,P1,LDIAM1,Longest diameter 1,50,2024-03-01,W8,,,
"""


def test_sums_of_adtr(tmp_path):
    for name, text in {"adsl": ADSL, "adrs": ADRS, "adtr": ADTR}.items():
        (tmp_path / f"{name}.csv").write_text(text)
    read = read_cohort(tmp_path)
    table = read.assessments.sort_values("date")
    assert table["target_sum_mm"].fillna(-1).tolist() == [100, 60, -1]
    assert table["response"].tolist() == ["", "PR", ""]
    (query,) = [each for each in read.queries if each.rule.startswith("target-sum")]
    assert query.rule == "target-sum-partial"
    assert query.message.endswith("is missing from 1 sum of target diameters")
