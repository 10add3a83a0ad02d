import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.cohort.dates import DateFormat, PartialDate

MAY_31 = datetime.date(2024, 5, 31)

FORMS = [
    None, "DD-MM-YYYY", "D-M-YYYY", "%d-%m-%Y", "dd/mm/jjjj", "DD.MM.JJJJ", "DDMMMYYYY", "%d%b%Y",
    "DD MMM YYYY", "D MMMM YYYY", "%d %B %Y", "MM/DD/YYYY", "M/D/YYYY", "YYYYMMDD", "YYYY/MM/DD",
    "YYYY-DD-MM", "%Y.%m.%d", "DDMMYYYY",
]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (None, "2024-05-31"),
        (None, "2024-05-31T10:00"),
        (None, "2024-05-31 10:00:59"),
        (None, "2024-05-31T10:00:59.123Z"),
        (None, "2024-05-31T10:00:00+02:00"),
        (None, "20240531"),
        ("DD-MM-YYYY", "31-05-2024"),
        ("DD-MM-YYYY", "31-05-2024 08:15"),
        ("D-M-YYYY", "31-5-2024"),
        ("%d-%m-%Y", "31-5-2024"),
        ("dd/mm/jjjj", "31/05/2024"),
        ("DD-MM-YY", "31-05-24"),
        ("DDMMMYYYY", "31MAY2024"),
        ("DDMMMYYYY", "31mei2024"),
        ("DD-MMM-YYYY", "31-May-2024"),
        ("D MMMM YYYY", "31 mei 2024"),
        ("MM/DD/YYYY", "05/31/2024"),
        ("YYYY-DD-MM", "2024-31-05"),
        ("DDMMYYYY", "31052024"),
        ("DD-MM-YYYY", "2024-05-31"),  # ISO beside a form it cannot be mistaken for
    ],
)
def test_dates_in_their_form(form, text):
    assert DateFormat(form).parse(text) == MAY_31


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (None, "2023-02-30"),
        (None, "2023-13-01"),
        (None, "1023-01-01"),
        (None, "2203-01-01"),
        (None, "31-05-2024"),
        (None, "31/05/2024"),
        (None, "2024-W22-5"),
        (None, "2024-05-31T25"),
        (None, "2024-05-31x"),
        (None, "45443"),
        (None, "٢٠٢٤-٠٥-٣١"),
        (None, "2023-00"),
        (None, "2023-13"),
        (None, "23"),
        ("DD-MM-YYYY", "31-13-2024"),
        ("DD-MM-YYYY", "31/05/2024"),
        ("DDMMMYYYY", "31MAI2024"),
        ("YYYY-DD-MM", "2024-05-31"),  # ISO could be meant, and cannot be told
        ("DD-MM-YYYY", "12-99-2024"),
        ("DD-MM-YYYY", "00-05-2024"),
        (None, "2024-05-00"),
    ],
)
def test_no_dates(form, text):
    assert DateFormat(form).parse(text) is None


@pytest.mark.parametrize(
    ("form", "text", "known"),
    [
        (None, "2023-05", PartialDate(2023, 5)),
        (None, "2023", PartialDate(2023)),
        (None, "2023---", PartialDate(2023)),
        (None, "2023-05--", PartialDate(2023, 5)),
        (None, "2023-05-UN", PartialDate(2023, 5)),
        (None, "2023-05-UNK", PartialDate(2023, 5)),
        (None, "2023-UN-UN", PartialDate(2023)),
        (None, "2023---15", PartialDate(2023)),
        ("DD-MM-YYYY", "05-2023", PartialDate(2023, 5)),
        ("DD-MM-YYYY", "UN-05-2023", PartialDate(2023, 5)),
        ("DD-MM-YYYY", "UN-UN-2023", PartialDate(2023)),
        ("DD-MM-YYYY", "2023-05", PartialDate(2023, 5)),
        ("DD-MM-YYYY", "2023", PartialDate(2023)),
        ("DDMMMYYYY", "MAY2023", PartialDate(2023, 5)),
        ("DDMMMYYYY", "unmei2023", PartialDate(2023, 5)),
        ("DDMMMYYYY", "2023", PartialDate(2023)),
    ],
)
def test_partial_dates(form, text, known):
    assert DateFormat(form).parse(text) == known


@pytest.mark.parametrize(
    ("known", "policy", "day"),
    [
        (PartialDate(2023, 5), "first", "2023-05-01"),
        (PartialDate(2023, 5), "middle", "2023-05-15"),
        (PartialDate(2023, 5), "last", "2023-05-31"),
        (PartialDate(2024, 2), "last", "2024-02-29"),
        (PartialDate(2023, 2), "last", "2023-02-28"),
        (PartialDate(2023), "first", "2023-01-01"),
        (PartialDate(2023), "middle", "2023-06-30"),
        (PartialDate(2023), "last", "2023-12-31"),
    ],
)
def test_the_day_taken_for_a_partial_date(known, policy, day):
    assert known.imputed(policy) == datetime.date.fromisoformat(day)


@pytest.mark.parametrize(
    "form", ["", "YYYY", "MM-YYYY", "date", "%d-%m-%Y %H", "DD-MM-YYYY-DD", "%"]
)
def test_forms_that_are_none(form):
    with pytest.raises(ValueError, match="is not a form of dates"):
        DateFormat(form)


@given(st.sampled_from(FORMS), st.dates(datetime.date(1969, 1, 1), datetime.date(2068, 12, 31)))
def test_what_is_written_in_a_form_is_read_in_it(form, day):
    assert DateFormat(form).parse(DateFormat(form).text(day)) == day


@given(st.sampled_from(FORMS), st.text(max_size=20))
def test_any_text_is_a_date_or_none(form, text):
    day = DateFormat(form).parse(text)
    assert day is None or 1900 <= day.year <= 2100
