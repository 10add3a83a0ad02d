import datetime
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.cohort.columns import TABLES, Column
from dossier.cohort.dates import DateFormat
from dossier.cohort.values import MISSING_CODES, Reading, decimal_mark, parsed_column

COLUMNS = {(table, column.name): column for table in TABLES for column in TABLES[table]}
RESPONSE = COLUMNS["assessments", "response"]
GRADE = COLUMNS["adverse_events", "grade"]
ECOG = COLUMNS["patients", "ecog"]
AGE = COLUMNS["patients", "age"]
SEX = COLUMNS["patients", "sex"]
PFS = COLUMNS["patients", "pfs_days"]
EVENT = COLUMNS["patients", "os_event"]
START = COLUMNS["patients", "treatment_start"]
COUNTRY = COLUMNS["patients", "country"]
ASSESSOR = COLUMNS["assessments", "assessor"]


def value_of(column: Column, text: str, **reading):
    """The value of one cell: None where missing; the test fails where the cell is a problem."""
    parsed = parsed_column(column, [text], Reading(**reading))
    assert not parsed.wrong, parsed.wrong
    value = parsed.values[0]
    return (
        None
        if value == ""
        or value != value
        or np.isnat(np.datetime64(value, "D") if column.kind == "date" else np.datetime64(0, "D"))
        else value
    )


def problem_of(column: Column, text: str, **reading):
    parsed = parsed_column(column, [text], Reading(**reading))
    return parsed.wrong[0].message, parsed.wrong[0].expected


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        *[(EVENT, text, 1.0) for text in ("1", "1.0", "true", "TRUE", "T", "yes", "Y", "ja", "J")],
        *[(EVENT, text, 0.0) for text in ("0", "0.0", "false", "F", "no", "N", "Nee")],
        (GRADE, "3", 3.0),
        (GRADE, "3.0", 3.0),
        (GRADE, "Grade 3", 3.0),
        (GRADE, "GRADE3", 3.0),
        (GRADE, "G3", 3.0),
        (GRADE, "graad 3", 3.0),
        (GRADE, "CTCAE grade 3", 3.0),
        (ECOG, "1", 1.0),
        (ECOG, "ECOG 1", 1.0),
        (ECOG, "PS: 1", 1.0),
        (AGE, "61.5", 61.5),
        (PFS, "1e2", 100.0),
        (PFS, ".5", 0.5),
        (PFS, "0", 0.0),
        (RESPONSE, "cr", "CR"),
        (RESPONSE, "Partial  response", "PR"),
        (RESPONSE, "non-cr/non-pd", "NON-CR/NON-PD"),
        (RESPONSE, "Non-CR / Non-PD", "NON-CR/NON-PD"),
        (RESPONSE, "NE", "NE"),
        (RESPONSE, "ne", "NE"),
        (SEX, "V", "female"),
        (SEX, "Man", "male"),
        (SEX, "female", "female"),
        (ASSESSOR, "INVESTIGATOR", "investigator"),
        (ASSESSOR, "Radiologist 2", "Radiologist 2"),
        (COUNTRY, "=HYPERLINK(1)", "=HYPERLINK(1)"),
    ],
)
def test_what_a_cell_means(column, text, value):
    assert value_of(column, text) == value


@pytest.mark.parametrize("column", [EVENT, GRADE, AGE, PFS, RESPONSE, SEX, START, COUNTRY])
@pytest.mark.parametrize("text", [*sorted(MISSING_CODES), "NA", "N/A", "NaN", "UNK", "UNKNOWN"])
def test_codes_for_missing(column, text):
    assert value_of(column, text) is None


def test_a_declared_missing_code_counts_but_ne_stays_a_response():
    assert value_of(AGE, "999", missing=("999",)) is None
    assert value_of(COUNTRY, "Niet Bekend", missing=("niet bekend",)) is None
    assert value_of(RESPONSE, "NE", missing=("NE",)) == "NE"


@pytest.mark.parametrize(
    ("column", "codes", "text", "value"),
    [
        (EVENT, {"DECEASED": "yes"}, "deceased", 1.0),
        (EVENT, {"LIVING": "no"}, "LIVING", 0.0),
        (EVENT, {"1": "no", "2": "yes"}, "1", 0.0),  # a mapping wins over the code itself
        (RESPONSE, {"UNK": "NE"}, "UNK", "NE"),  # and over what counts as missing
        (RESPONSE, {"": "NE"}, "", "NE"),
        (RESPONSE, {"NE": ""}, "NE", None),
        (COUNTRY, {"NA": "NA"}, "NA", "NA"),
        (AGE, {"90+": "90"}, "90+", 90.0),
        (SEX, {"1": "male", "2": "V"}, "2", "female"),
        (START, {"baseline": "2024-01-01"}, "Baseline", np.datetime64("2024-01-01")),
        (COUNTRY, {"a": "lower", "A": "upper"}, "A", "upper"),
        (COUNTRY, {"a": "lower", "A": "upper"}, "a", "lower"),
    ],
)
def test_codes_of_the_file(column, codes, text, value):
    assert value_of(column, text, codes=codes) == value


@pytest.mark.parametrize(
    ("column", "text", "message", "expected"),
    [
        (EVENT, "maybe", "this is neither yes nor no", "yes or no, true or false, 1 or 0"),
        (GRADE, "6", "the number is out of range", "a whole number from 1 to 5"),
        (GRADE, "2.5", "this is not a whole number", "a whole number from 1 to 5"),
        (GRADE, "severe", "this is not a number", "a whole number from 1 to 5"),
        (AGE, "-1", "the number is out of range", "a number from 0 to 120"),
        (PFS, "12 days", "this is not a number", "a number from 0 to 43830"),
        (PFS, "inf", "this is not a number", "a number from 0 to 43830"),
        (PFS, "1e999", "the number is out of range", "a number from 0 to 43830"),
        (PFS, "3,5", "this is not a number",
         "a number with a decimal point, as in the rest of the file, or 'decimal' declared"),
        (PFS, "1,234", "this is not a number", "1.234 or 1234; declare 'decimal' for this file"),
        (RESPONSE, "PRR", "unknown code, did you mean 'PR'?",
         f"one of {', '.join(RESPONSE.values)}, or a mapping under 'values'"),
        (RESPONSE, "Complete respons", "unknown code, did you mean 'CR'?",
         f"one of {', '.join(RESPONSE.values)}, or a mapping under 'values'"),
        (SEX, "?", "unknown code", "one of female, male, other, or a mapping under 'values'"),
        (START, "2023-02-30", "this is not a date, or one that cannot exist",
         "a date such as 2024-05-31, or another form declared as date_format"),
        (START, "soon", "this is not a date",
         "a date such as 2024-05-31, or another form declared as date_format"),
        (START, "45443",
         "this is a number; Excel shows it as 2024-05-31 when the cell is formatted as a date",
         "a date such as 2024-05-31, or another form declared as date_format"),
        (COUNTRY, "a\x00b", "the cell holds a control character (U+0000)", "plain text"),
        (COUNTRY, "a\x1bb", "the cell holds a control character (U+001B)", "plain text"),
        (COUNTRY, "x" * 40_000, "the cell holds 40000 characters", "at most 32767"),
    ],
)  # fmt: skip
def test_what_a_cell_cannot_be(column, text, message, expected):
    assert problem_of(column, text) == (message, expected)


@pytest.mark.parametrize(("policy", "day"), [("first", 1), ("middle", 15), ("last", 31)])
def test_partial_dates_are_imputed_and_told(policy, day):
    parsed = parsed_column(START, ["2024-05-02", "2024-05"], Reading(partial_dates=policy))
    assert parsed.values.astype("datetime64[D]").tolist() == [
        datetime.date(2024, 5, 2),
        datetime.date(2024, 5, day),
    ]
    assert list(parsed.imputed) == [1]


def test_partial_dates_can_be_refused():
    message, expected = problem_of(START, "2024-05", partial_dates="refuse")
    assert message == "the date is not complete"
    assert "derivation.partial_dates" in expected


def test_a_declared_form_of_dates_is_what_is_expected():
    _, expected = problem_of(START, "2024/05/31", dates=DateFormat("DD-MM-YYYY"))
    assert expected == "a date of the form DD-MM-YYYY"


@pytest.mark.parametrize(
    ("unit", "days"), [("days", 2.0), ("weeks", 14.0), ("months", 60.875), ("years", 730.5)]
)
def test_times_are_in_days(unit, days):
    assert value_of(PFS, "2", unit=unit) == days


@pytest.mark.parametrize(
    ("texts", "declared", "commas_are_decimal", "mark"),
    [
        (["1.5", "2"], None, False, "."),
        (["1,5", "2"], None, False, ","),  # quoted, in a file with commas
        (["1,5", "2,25"], None, True, ","),
        (["1,234"], None, False, "."),  # could be thousands: a problem, not a guess
        (["1,234"], None, True, ","),
        (["1,234", "1,5"], None, False, ","),
        (["1.5", "1,5", "1.25"], None, True, "."),
        (["1", "2"], None, True, "."),
        (["1.5"], ",", True, ","),
        (["UNK", "a,b", "3,5"], None, True, ","),
        ([], None, True, "."),
    ],
)
def test_the_decimal_mark_of_a_file(texts, declared, commas_are_decimal, mark):
    assert decimal_mark(texts, declared, commas_are_decimal=commas_are_decimal) == mark


@given(st.floats(min_value=0, max_value=43_830), st.sampled_from(".,"))
def test_numbers_are_read_exactly(number, mark):
    assert value_of(PFS, repr(number).replace(".", mark), decimal=mark) == number


@given(st.sampled_from(sorted(COLUMNS)), st.lists(st.text(max_size=12), max_size=8))
def test_every_cell_is_a_value_missing_or_a_problem(where, texts):
    column = COLUMNS[where]
    parsed = parsed_column(column, texts, Reading())
    assert len(parsed.values) == len(texts)
    for position in parsed.wrong:
        value = parsed.values[position]
        assert value == "" or value != value
    if column.kind in ("number", "integer", "flag"):
        assert not any(map(math.isinf, parsed.values))
