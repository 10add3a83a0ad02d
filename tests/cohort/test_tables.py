import numpy as np
import pandas as pd
import pytest

from dossier.cohort.columns import TABLES

VISITS = "patient_id,date,response\n"
RESPONSES = ", ".join(next(c.values for c in TABLES["assessments"] if c.name == "response"))
FULL = {
    "patients__csv": "patient_id,treatment_start,age\nP1,2024-01-01,60\nP2,2024-01-08,\n",
    "assessments__csv": VISITS + "P2,2024-03-04,PR\nP1,2024-02-26,SD\nP2,2024-04-29,PD\n",
    "adverse_events__csv": "patient_id,term,grade\nP2,Nausea,Grade 2\n",
}


def test_frames_are_as_the_cohort_promises(cohort):
    read = cohort(**FULL)
    for table, columns in TABLES.items():
        frame = read.table(table)
        assert list(frame.index) == list(range(len(frame)))
        for column in columns:
            if column.kind == "date":
                assert frame[column.name].dtype == "datetime64[ns]"
            elif column.kind in ("text", "category"):
                assert all(isinstance(value, str) for value in frame[column.name])
            else:
                assert frame[column.name].dtype == np.float64
        assert frame["row"].dtype == np.int64
        assert table == "patients" or frame["patient"].dtype == np.int64
    assert read.patients["age"].tolist()[0] == 60
    assert np.isnan(read.patients["age"].tolist()[1])
    assert read.assessments["patient"].tolist() == [1, 0, 1]
    assert read.assessments["row"].tolist() == [2, 3, 4]
    assert read.adverse_events["grade"].tolist() == [2]
    assert read.quality_of_life.empty
    assert read.has("patients", "age")
    assert not read.has("patients", "sex")
    assert not read.has("quality_of_life", "score")


def test_the_data_cutoff_is_declared_or_the_latest_date(cohort):
    read = cohort(**FULL)
    assert str(read.data_cutoff) == "2024-04-29"
    assert not read.data_cutoff_declared


def test_a_declared_data_cutoff(study):
    from dossier.cohort.read import read_cohort

    read = read_cohort(study(**FULL), {"cohort": {"data_cutoff": "2024-05-31"}})
    assert str(read.data_cutoff) == "2024-05-31"
    assert read.data_cutoff_declared


def test_a_cohort_without_dates_has_no_cutoff(cohort):
    assert cohort(patients__csv="patient_id,best_response\nP1,PR\n").data_cutoff is None


PROBLEMS = [
    # what is wrong, files, then: file, row, column, patient, value, message, expected
    (
        "a patient twice",
        {"patients__csv": "patient_id\nP1\nP2\nP1\n"},
        ("patients.csv", 4, "patient_id", "P1", "P1"),
        "the patient is here twice, first on row 2",
        "one row a patient",
    ),
    (
        "a patient without identifier",
        {"patients__csv": "patient_id,age\nP1,60\nNA,61\n"},
        ("patients.csv", 3, "patient_id", None, "NA"),
        "'patient_id' is missing",
        "identifier of the patient",
    ),
    (
        "no patients",
        {"patients__csv": "patient_id,age\n"},
        ("patients.csv", None, None, None, None),
        "there are no patients",
        "one row a patient",
    ),
    (
        "an impossible date",
        {"patients__csv": "USUBJID,TRTSDT\nP1,2023-02-30\n"},
        ("patients.csv", 2, "TRTSDT", "P1", "2023-02-30"),
        "this is not a date, or one that cannot exist",
        "a date such as 2024-05-31, or another form declared as date_format",
    ),
    (
        "an unknown code",
        {"assessments__csv": VISITS + "P1,2024-03-01,PRR\n"},
        ("assessments.csv", 2, "response", "P1", "PRR"),
        "unknown code, did you mean 'PR'?",
        f"one of {RESPONSES}, or a mapping under 'values'",
    ),
    (
        "a patient nobody knows",
        {"assessments__csv": VISITS + "p01,2024-03-01,PR\n"},
        ("assessments.csv", 2, "patient_id", "p01", "p01"),
        "no patient has this identifier",
        "an identifier of the patients table",
    ),
    (
        "a patient written differently",
        {"assessments__csv": VISITS + "p1,2024-03-01,PR\n"},
        ("assessments.csv", 2, "patient_id", "p1", "p1"),
        "no patient has this identifier, did you mean 'P1'?",
        "an identifier of the patients table",
    ),
    (
        "a visit without response",
        {"assessments__csv": VISITS + "P1,2024-03-01,UNK\n"},
        ("assessments.csv", 2, "response", "P1", "UNK"),
        "'response' is missing",
        f"one of {RESPONSES}",
    ),
    (
        "a visit without date",
        {"assessments__csv": VISITS + "P1,,PR\n"},
        ("assessments.csv", 2, "date", "P1", ""),
        "it is not known when the assessment was",
        "a date or a day",
    ),
    (
        "a visit with a broken date has one problem",
        {"assessments__csv": VISITS + "P1,soon,PR\n"},
        ("assessments.csv", 2, "date", "P1", "soon"),
        "this is not a date",
        "a date such as 2024-05-31, or another form declared as date_format",
    ),
    (
        "visits without a column for when they were",
        {"assessments__csv": "patient_id,response\nP1,PR\n"},
        ("assessments.csv", 1, "date", None, None),
        "there is no column that says when the assessment was",
        "a heading 'date' or 'day' (days since treatment start), or a mapping",
    ),
    (
        "visits by date, and nothing to count them from",
        {"patients__csv": "patient_id\nP1\n", "assessments__csv": VISITS + "P1,2024-03-01,PR\n"},
        ("patients.csv", 1, "treatment_start", None, None),
        "there is no column 'treatment_start', which the dates of the assessments need",
        "a heading 'treatment_start', or columns.patients.treatment_start in cohort.yaml",
    ),
    (
        "an adverse event without a term",
        {"adverse_events__csv": "patient_id,term\nP1,\n"},
        ("adverse_events.csv", 2, "term", "P1", ""),
        "'term' is missing",
        "preferred term",
    ),
    (
        "a grade that does not exist",
        {"adverse_events__csv": "patient_id,term,grade\nP1,Rash,6\n"},
        ("adverse_events.csv", 2, "grade", "P1", "6"),
        "the number is out of range",
        "a whole number from 1 to 5",
    ),
    (
        "a control character in a column that is none of ours",
        {"patients__csv": "patient_id,Note\nP1,a\x07b\n"},
        ("patients.csv", 2, "Note", "P1", "a\x07b"),
        "the cell holds a control character (U+0007)",
        "plain text",
    ),
    (
        "an endless cell",
        {"patients__csv": f"patient_id,Note\nP1,{'x' * 40_000}\n"},
        ("patients.csv", 2, "Note", "P1", "x" * 79 + "…"),
        "the cell holds 40000 characters",
        "at most 32767",
    ),
    (
        "a questionnaire without a score",
        {"quality_of_life__csv": "patient_id,date,instrument,scale,score\nP1,2024-01-01,Q,PF,\n"},
        ("quality_of_life.csv", 2, "score", "P1", ""),
        "'score' is missing",
        "score",
    ),
]


@pytest.mark.parametrize(
    ("files", "place", "message", "expected"),
    [case[1:] for case in PROBLEMS],
    ids=[case[0] for case in PROBLEMS],
)
def test_every_problem_says_where_what_and_what_was_expected(
    problems, files, place, message, expected
):
    (problem,) = problems(**files)
    assert (problem.file, problem.row, problem.column, problem.patient, problem.value) == place
    assert problem.message == message
    assert problem.expected == expected


def test_a_baseline_scan_needs_no_response(cohort):
    read = cohort(assessments__csv=VISITS + "P1,2023-12-20,\nP1,2024-01-01,\nP1,2024-03-01,SD\n")
    assert read.assessments["response"].tolist() == ["", "", "SD"]
    assert not [each for each in read.queries if each.row in (2, 3) and "assess" in each.file]


def test_visits_by_day_need_no_dates(cohort):
    read = cohort(
        patients__csv="patient_id\nP1\n",
        assessments__csv="patient_id,day,response\nP1,-7,\nP1,57,PR\n",
    )
    assert read.assessments["day"].tolist() == [-7, 57]


def test_problems_come_table_by_table_and_row_by_row(problems):
    found = problems(
        patients__csv="patient_id,treatment_start,age,sex\nP1,2024-01-01,x,?\nP2,x,60,?\nP3,,y,F\n",
        assessments__csv=VISITS + "P9,2024-01-01,ZZ\nP1,2024-01-01,ZZ\n",
        adverse_events__csv="patient_id,term,grade\nP1,Rash,7\n",
    )
    assert [(each.file.partition(".")[0], each.row, each.column) for each in found] == [
        ("patients", 2, "age"),
        ("patients", 2, "sex"),
        ("patients", 3, "treatment_start"),
        ("patients", 3, "sex"),
        ("patients", 4, "age"),
        ("assessments", 2, "response"),
        ("assessments", 2, "patient_id"),
        ("assessments", 3, "response"),
        ("adverse_events", 2, "grade"),
    ]


def test_nothing_is_capped(problems):
    rows = "".join(f"P{n},old\n" for n in range(300))
    assert len(problems(patients__csv="patient_id,age\n" + rows)) == 300


@pytest.mark.parametrize(
    ("policy", "day"), [("first", "2024-03-01"), ("middle", "2024-03-15"), ("last", "2024-03-31")]
)
def test_partial_dates_are_imputed_and_queried(cohort, policy, day):
    read = cohort(
        f"derivation: {{partial_dates: {policy}}}\n",
        patients__csv="patient_id,treatment_start,Death\nP1,2024-01-01,2024-03\n",
        data="  patients: patients.csv\ncolumns: {patients: {death_date: Death}}\n",
    )
    assert read.patients["death_date"][0] == pd.Timestamp(day)
    (query,) = [each for each in read.queries if each.rule == "partial-date"]
    assert query.severity == "warning"
    assert (query.patient, query.file, query.row, query.column, query.value) == (
        "P1", "patients.csv", 2, "Death", "2024-03",
    )  # fmt: skip
    assert query.message == "the date of death has no day"
    assert query.consequence == (
        f"read as {day}, the {policy} of the month (derivation.partial_dates); "
        "possible from 2024-03-01 to 2024-03-31"
    )
    assert "os" in query.endpoints


def test_partial_dates_can_be_refused(problems):
    (problem,) = problems(
        "derivation: {partial_dates: refuse}\n",
        patients__csv="patient_id,treatment_start\nP1,2024\n",
    )
    assert problem.message == "the date is not complete"
    assert problem.value == "2024"


def test_formulas_and_markup_stay_text(cohort):
    hostile = "=cmd|' /C calc'!A0"
    read = cohort(patients__csv=f'patient_id,drug\n"{hostile}","<script>"\n')
    assert read.patients["patient_id"].tolist() == [hostile]
    assert read.patients["drug"].tolist() == ["<script>"]
