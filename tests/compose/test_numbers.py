"""How numbers are printed: a table of cases that a reader can check by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.compose.numbers import Numbers, exact, months_of, rounded
from dossier.compose.pack import open_pack
from dossier.compose.wording import Wording

NBSP = "\u00a0"
ENGLISH = Numbers(open_pack("standard", "en").say)
DUTCH_SIGNS = {
    "format": {
        "decimal": ",",
        "minus": "−",
        "percent": "{number}%",
        "points": "{number} procentpunt",
        "rate": "{percent} ({events}/{n})",
        "limits": "{lower}–{upper}",
        "interval": "{level}-BI: {limits}",
        "not_reached": "niet bereikt",
        "units": {"months": "{number} maanden"},
    }
}
DUTCH = Numbers(Wording(DUTCH_SIGNS, "words.yaml", "nl"))


@pytest.mark.parametrize(
    ("events", "n", "text"),
    [
        (4, 25, "16.0% (4/25)"),
        (1, 8, "12.5% (1/8)"),
        (1, 16, "6.3% (1/16)"),  # 6.25 rounds up
        (3, 80, "3.8% (3/80)"),  # 3.75, below it as a binary number
        (1, 80, "1.3% (1/80)"),
        (0, 8, "0.0% (0/8)"),
        (8, 8, "100.0% (8/8)"),
        (1, 3, "33.3% (1/3)"),
        (2, 3, "66.7% (2/3)"),
        (1, 1610, "0.1% (1/1610)"),
        (0, 0, "–"),
    ],
)
def test_a_rate(events: int, n: int, text: str) -> None:
    assert ENGLISH.rate(events, n).replace(NBSP, " ") == text


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (182.625, "6.0 months"),
        (0.0, "0.0 months"),
        (30.4375, "1.0 months"),
        (1.521875, "0.1 months"),  # 0.05 months exactly
        (128.0, "4.2 months"),
    ],
)
def test_a_time_in_months(days: float, text: str) -> None:
    assert ENGLISH.months(days) == text.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0.5, 0, "1"), (1.5, 0, "2"), (2.5, 0, "3"), (-2.5, 0, "−3"), (0.05, 1, "0.1"),
        (0.04, 1, "0.0"), (-0.04, 1, "0.0"), (12.345, 2, "12.35"), (1e-9, 1, "0.0"), (7, 1, "7.0"),
    ],
)  # fmt: skip
def test_halves_are_rounded_away_from_zero(value: float, places: int, text: str) -> None:
    assert ENGLISH.decimal(value, places) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.04, "+4.0 points"), (-0.04, "−4.0 points"), (0.0, "0.0 points")]
)
def test_a_margin_shows_its_sign(value: float, text: str) -> None:
    assert ENGLISH.points(value).replace(NBSP, " ") == text


def test_limits_and_their_level() -> None:
    limits = ENGLISH.percent_limits(0.04537945237170959, 0.3608284544592721)
    assert ENGLISH.interval(limits, 0.95).replace(NBSP, " ") == "95% CI 4.5–36.1"
    assert ENGLISH.month_limits(182.625, None).replace(NBSP, " ") == "6.0–not reached"
    assert ENGLISH.limits(None, None).replace(NBSP, " ") == "not estimable"
    assert ENGLISH.level(0.975) == "97.5%"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.2, "%", "20%"), (0.125, "%", "12.5%"), (6.0, "months", "6 months"),
        (2.5, "months", "2.5 months"), (16, "weeks", "16 weeks"), (5, "", "5"), (0.65, "", "0.65"),
    ],
)  # fmt: skip
def test_a_threshold_has_only_the_decimals_it_needs(value: float, unit: str, text: str) -> None:
    assert ENGLISH.threshold(value, unit).replace(NBSP, " ") == text


def test_a_value_just_beside_its_threshold_does_not_print_as_the_threshold() -> None:
    assert ENGLISH.places_apart(5.97, 6.0, "months") == 2
    assert ENGLISH.places_apart(0.19996, 0.2, "%") == 3
    assert ENGLISH.places_apart(6.0, 6.0, "months") == 1


def test_another_language_has_its_own_signs() -> None:
    assert DUTCH.rate(4, 25) == "16,0% (4/25)"
    assert DUTCH.interval(DUTCH.month_limits(216.10625, None), 0.95) == "95%-BI: 7,1–niet bereikt"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_none_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="cannot be printed"):
        exact(value)


@given(st.integers(0, 3000), st.integers(1, 3000), st.integers(0, 3))
def test_a_printed_share_is_nearest_to_the_exact_one(events: int, n: int, places: int) -> None:
    share = Fraction(min(events, n), n)
    printed = Fraction(rounded(share * 100, places), 10**places)
    assert abs(printed - share * 100) <= Fraction(1, 2 * 10**places)
    assert printed - share * 100 != -Fraction(1, 2 * 10**places)  # a half goes up


@given(st.floats(0, 20_000, allow_nan=False))
def test_months_are_exact_fractions_of_days(days: float) -> None:
    assert float(months_of(days) * Fraction(487, 16)) == pytest.approx(days, rel=1e-15)
