"""Times of ADTTE are read in their own unit: months taken for days would turn a verdict."""

import pandas as pd
import pytest

from dossier.cohort.cdisc.time_units import Span, unit_of_dates, unit_of_text
from dossier.cohort.read import read_cohort
from dossier.errors import InputError

MONTHS = (4.14, 21.82, 6.5)  # what 126, 664 and 198 days are, the first day counted
DAYS = (125, 663, 197)


@pytest.fixture
def study(tmp_path):
    def write(values=MONTHS, param="Progression Free Survival", unit=None, dates=True, code="PFS"):
        patients = pd.DataFrame({"USUBJID": ["A", "B", "C"], "TRTSDT": "2020-08-14"})
        times = pd.DataFrame(
            {"USUBJID": ["A", "B", "C"], "PARAMCD": code, "PARAM": param, "AVAL": values, "CNSR": 0}
        )
        if dates:
            start = pd.Timestamp("2020-08-14")
            times["STARTDT"] = "2020-08-14"
            times["ADT"] = [(start + pd.Timedelta(days=each)).date() for each in DAYS]
        if unit is not None:
            times["AVALU"] = unit
        patients.to_csv(tmp_path / "adsl.csv", index=False)
        times.to_csv(tmp_path / "adtte.csv", index=False)
        return tmp_path

    return write


def told(cohort):
    return {
        query.rule: f"{query.message}; {query.consequence}"
        for query in cohort.queries
        if query.rule.startswith("time-unit")
    }


@pytest.mark.parametrize("param", ["PFS (months)", "PFS [Months]", "PFS in months", "PFS, mo."])
def test_a_unit_that_only_param_names(study, param):
    read = read_cohort(study(param=param, dates=False))
    assert read.patients["pfs_days"].tolist() == pytest.approx([30.4375 * each for each in MONTHS])
    assert told(read) == {
        "time-unit-not-in-avalu": "the unit of PFS is not in AVALU; read in months, as PARAM says"
    }


def test_a_unit_that_only_the_dates_show(study):
    read = read_cohort(study(param="无进展生存期(月)"))
    assert read.patients["pfs_days"].tolist() == pytest.approx(DAYS, abs=1.5)
    assert told(read) == {
        "time-unit-not-in-avalu": "the unit of PFS is not in AVALU; "
        "read in months, as the dates show"
    }


def test_whole_days_need_no_unit(study):
    read = read_cohort(study(values=DAYS))
    assert read.patients["pfs_days"].tolist() == list(DAYS)
    assert told(read) == {}
    assert read_cohort(study(values=DAYS, dates=False)).patients["pfs_days"].tolist() == list(DAYS)


def test_a_fraction_without_any_unit_is_a_problem(study):
    with pytest.raises(InputError) as raised:
        read_cohort(study(dates=False))
    (problem,) = raised.value.problems
    assert problem.message == "the unit of the times of PFS is not known"
    assert (problem.file, problem.row, problem.column) == ("adtte.csv", 2, "AVALU")
    assert (problem.value, "the unit in PARAM" in problem.expected) == ("4.14", True)


@pytest.mark.parametrize(
    ("words", "column"), [({"unit": "DAYS"}, "AVALU"), ({"param": "PFS (days)"}, "PARAM")]
)
def test_a_unit_that_the_dates_deny_is_told(study, words, column):
    read = read_cohort(study(**words))
    assert read.patients["pfs_days"].tolist() == list(MONTHS)
    assert told(read)["time-unit-contradicted"] == (
        f"PFS is in days as {column} says, and in months by its dates; "
        f"read in days; {column} or the dates are wrong"
    )


def test_a_response_does_not_begin_with_treatment(study):
    folder = study(values=(30, 40, 50), code="DOR", param="Duration of response")
    table = pd.read_csv(folder / "adtte.csv").rename(columns={"STARTDT": "TRTSDT"})
    table.to_csv(folder / "adtte.csv", index=False)
    assert told(read_cohort(folder)) == {}


def test_records_without_a_unit_have_that_of_the_others(study):
    read = read_cohort(study(unit=["MONTHS", "", "MONTHS"], dates=False))
    assert read.patients["pfs_days"][1] == pytest.approx(21.82 * 30.4375)


@pytest.mark.parametrize(
    "text", ["Overall survival", "Alive at 12 months or later", "Time to day 28 (of dosing)"]
)
def test_a_text_that_names_no_unit(text):
    assert unit_of_text(text) is None


@pytest.mark.parametrize(
    ("spans", "unit"),
    [
        ([Span(6, 41), Span(12, 84)], "weeks"),
        ([Span(1.5, 548)], "years"),
        ([Span(63, 64), Span(4, 125)], None),
        ([Span(1, 7)], None),
        ([], None),
    ],
)
def test_dates_show_one_unit_or_none(spans, unit):
    assert unit_of_dates(spans) == unit


def test_a_data_set_of_unknown_parameters_is_told(tmp_path):
    (tmp_path / "adsl.csv").write_text("USUBJID,TRTSDT\nA,2024-01-02\n")
    (tmp_path / "adtte.csv").write_text("USUBJID,PARAMCD,PARAM,AVAL\nA,TTDE,Time to rash,3\n")
    (tmp_path / "adrs.csv").write_text("USUBJID,PARAMCD,PARAM,AVALC\nA,DEATH,Death,Y\n")
    found = {q.file: q.message for q in read_cohort(tmp_path).queries if q.column == "PARAMCD"}
    assert found == {
        "adtte.csv": "no parameter is one that this program knows: TTDE",
        "adrs.csv": "no parameter is one that this program knows: DEATH",
    }


def test_a_best_response_without_visits_is_not_called_missing(tmp_path):
    (tmp_path / "adsl.csv").write_text("USUBJID,TRTSDT\nA,2024-01-02\nB,2024-01-02\n")
    (tmp_path / "adrs.csv").write_text(
        "USUBJID,PARAMCD,PARAM,AVALC\nA,CBRSP,Confirmed Best Overall Response,PR\n"
    )
    read = read_cohort(tmp_path)
    assert read.patients["best_response"].tolist() == ["PR", ""]
    rules = [(query.rule, query.patient) for query in read.queries if query.patient]
    assert rules == [("best-response-missing", "B")]
