"""The grades against the tables as they are printed, cell by cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studies import verdict_of

FORM_3 = "esmo-mcbs-1.1-form-3"
FORM_2A = "esmo-mcbs-1.1-form-2a"
FORM_1 = "esmo-mcbs-1.1-form-1"
PALLIATIVE = "paskwil-palliative-2024"


def printed_form_3(pfs, orr, dor):
    """PMC10158123, Table 3, as printed, evaluated from 3 down."""
    if pfs >= 6 or orr >= 0.6 or (0.2 <= orr < 0.6 and dor >= 9):
        return "3"
    if 3 <= pfs < 6 or 0.4 <= orr < 0.6 or (0.2 <= orr < 0.4 and 6 <= dor < 9):
        return "2"
    if 2 <= pfs < 3 or (0.2 <= orr < 0.4 and dor < 6) or (0.1 <= orr < 0.2 and dor >= 6):
        return "1"
    return None


months = st.one_of(
    st.sampled_from([1.9, 2, 2.5, 3, 5.9, 6, 6.1, 8.9, 9, 9.1]), st.floats(0, 40).map(float)
)
shares = st.one_of(
    st.sampled_from([0, 0.09, 0.1, 0.19, 0.2, 0.39, 0.4, 0.59, 0.6, 1]), st.floats(0, 1)
)


@given(months, shares, months)
def test_form_3_is_the_printed_table(pfs, orr, dor):
    verdict = verdict_of(FORM_3, pfs_median_months=pfs, orr=orr, dor_median_months=dor)
    assert verdict.preliminary_grade == printed_form_3(pfs, orr, dor)


@given(months, shares, months, months, shares, months)
def test_form_3_never_gives_less_for_more(pfs, orr, dor, more_pfs, more_orr, more_dor):
    def grade(pfs, orr, dor):
        row = {"pfs_median_months": pfs, "orr": orr, "dor_median_months": dor}
        return int(verdict_of(FORM_3, **row).preliminary_grade or 0)

    better = grade(max(pfs, more_pfs), max(orr, more_orr), max(dor, more_dor))
    assert better >= grade(pfs, orr, dor)


figures = {"pfs_median_months": months, "orr": shares, "dor_median_months": months}


@given(st.fixed_dictionaries(figures), st.sets(st.sampled_from(list(figures))))
def test_a_grade_that_is_given_survives_whatever_turns_up(full, hidden):
    known = {name: value for name, value in full.items() if name not in hidden}
    before, after = verdict_of(FORM_3, **known), verdict_of(FORM_3, **full)
    if before.verdict.value == "not_assessable":
        assert (after.grade or "no grade") in before.possible_grades
        assert set(before.missing) <= hidden
    else:
        assert before.preliminary_grade == after.preliminary_grade


def printed_form_2a(control, gain, limit, tail):
    """Büsch et al., Table 1, as printed, evaluated from 4 down, the landmark first."""
    if tail is not None and tail >= 0.1:
        return "4"
    if control <= 12:
        if limit <= 0.65 and gain >= 3:
            return "4"
        if limit <= 0.65 and 2 <= gain < 3:
            return "3"
        if (limit <= 0.65 and 1.5 <= gain < 2) or (0.65 < limit <= 0.70 and gain >= 1.5):
            return "2"
        return "1"
    top, second, least = (5, 3, 1.5) if control <= 24 else (9, 6, 4)
    if limit <= 0.70 and gain >= top:
        return "4"
    if limit <= 0.70 and second <= gain < top:
        return "3"
    if (limit <= 0.70 and least <= gain < second) or (0.70 < limit <= 0.75 and gain >= least):
        return "2"
    return "1"


@given(
    st.sampled_from([6, 12, 12.5, 24, 24.5, 30]),
    st.sampled_from([0, 1, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5, 5.5, 6, 8.5, 9, 12]),
    st.sampled_from([0.3, 0.65, 0.66, 0.70, 0.71, 0.75, 0.76, 1.1]),
    st.sampled_from([None, 0.05, 0.1, 0.2]),
)
def test_form_2a_is_the_printed_table(control, gain, limit, tail):
    row = {
        "control_os_median_months": control,
        "os_median_months": control + gain,
        "os_hr_ci_lower": limit,
    }
    if tail is not None:
        year = 2 if control <= 12 else 3 if control <= 24 else 5
        row |= {f"os_{year}y": 0.3 + tail, f"control_os_{year}y": 0.3}
    assert verdict_of(FORM_2A, **row).preliminary_grade == printed_form_2a(
        control, gain, limit, tail
    )


@pytest.mark.parametrize(
    ("study", "row", "preliminary", "final"),
    [
        ("EV-301", (8.97, 12.88, 0.56), "4", "4"),
        ("DESTINY-Breast04", (16.8, 23.4, 0.49), "4", "4"),
        ("ASCENT", (6.9, 11.8, 0.41), "4", "4"),
        ("EMILIA, quality of life better", (25.9, 29.9, 0.64), "2", "3"),
        ("TROPiCS-02, limit exactly 0.65", (11.2, 14.4, 0.65), "4", "4"),
        ("ABC-06", (5.3, 6.2, 0.50), "1", "1"),
    ],
)
def test_worked_examples_of_form_2a(study, row, preliminary, final):
    control, treated, limit = row
    verdict = verdict_of(
        FORM_2A,
        control_os_median_months=control,
        os_median_months=treated,
        os_hr_ci_lower=limit,
        **({"qol_improved": "yes"} if "quality" in study else {}),
    )
    assert (verdict.preliminary_grade, verdict.grade) == (preliminary, final)


def test_the_limit_of_the_hazard_ratio_counts_and_not_the_estimate():
    row = {"control_os_median_months": 8, "os_median_months": 12, "os_hr": 0.5}
    assert verdict_of(FORM_2A, **row).missing == ("os_hr_ci_lower",)
    assert verdict_of(FORM_2A, **row, os_hr_ci_lower=0.71).preliminary_grade == "1"


def test_an_unknown_control_leaves_only_what_every_group_agrees_on():
    assert verdict_of(FORM_2A, os_hr_ci_lower=0.76).preliminary_grade == "1"
    verdict = verdict_of(FORM_2A, os_hr_ci_lower=0.72)
    assert verdict.grade is None
    assert verdict.possible_grades == ("3", "2", "1")
    assert verdict.missing == ("control_os_median_months", "os_median_months")


@pytest.mark.parametrize(
    ("row", "grade"),
    [
        ({"os_3y": 0.85, "control_os_3y": 0.79}, "A"),
        ({"os_3y": 0.85, "control_os_3y": 0.80}, "B"),
        ({"os_3y": 0.83, "control_os_3y": 0.80}, "B"),
        ({"os_3y": 0.829, "control_os_3y": 0.80}, "C"),
        (
            {"os_3y": 0.82, "control_os_3y": 0.80, "noninferior": "yes", "toxicity_reduced": "yes"},
            "B",
        ),
        ({"dfs_hr": 0.5, "dfs_hr_ci_lower": 0.39, "dfs_hr_ci_upper": 0.64}, "A"),
        ({"dfs_hr_ci_lower": 0.65}, "B"),
        ({"dfs_hr_ci_lower": 0.80}, "B"),
        ({"dfs_hr_ci_lower": 0.81}, "C"),
    ],
)
def test_form_1(row, grade):
    assert verdict_of(FORM_1, design="randomised", setting="curative", **row).grade == grade


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        # up to 12 months: more than 12 weeks (2.760 months) and a hazard ratio below 0.70
        ({"control": 9.4, "os": 13.5, "hr": 0.62}, "met"),  # KEYNOTE-590
        ({"control": 5.3, "os": 6.2, "hr": 0.69}, "not_met"),  # ABC-06
        ({"control": 12, "os": 12 + 84 / 30.4375, "hr": 0.5}, "not_met"),
        ({"control": 12, "os": 12 + 84.1 / 30.4375, "hr": 0.5}, "met"),
        ({"control": 12, "os": 16, "hr": 0.70}, "not_met"),
        ({"control": 12, "os": 13, "hr": 0.9, "y2": (0.31, 0.21)}, "met"),
        ({"control": 12, "os": 13, "hr": 0.9, "y2": (0.20, 0.05)}, "not_met"),
        ({"control": 12, "os": 13, "hr": 0.9, "y2": (0.305, 0.21)}, "not_met"),
        # above 12 months: more than 16 weeks (3.680 months), survival or progression-free survival
        ({"control": 13, "os": 16.5, "hr": 0.5, "pfs": (8, 4.4, 0.5)}, "not_met"),
        ({"control": 13, "os": 16.5, "hr": 0.5, "pfs": (8, 4.3, 0.5)}, "met"),
        ({"control": 13, "os": 16.5, "hr": 0.5, "pfs": (8, 4.3, 0.7)}, "not_met"),
        ({"control": 13, "os": 17, "hr": 0.5}, "met"),
        ({"control": 13, "os": 16.5, "hr": 0.5}, "not_assessable"),
        ({"control": 13, "os": 14, "hr": 0.9, "pfs": (5, 4, 0.9), "y3": (0.4, 0.3)}, "met"),
        ({"control": None, "os": 17, "hr": 0.5}, "not_assessable"),
    ],
)
def test_paskwil_palliative_2024(row, verdict):
    cells = {
        "control_os_median_months": row["control"],
        "os_median_months": row["os"],
        "os_hr": row["hr"],
    }
    if "pfs" in row:
        names = ("pfs_median_months", "control_pfs_median_months", "pfs_hr")
        cells |= dict(zip(names, row["pfs"], strict=True))
    for year in (2, 3):
        if f"y{year}" in row:
            cells |= dict(zip((f"os_{year}y", f"control_os_{year}y"), row[f"y{year}"], strict=True))
    assert verdict_of(PALLIATIVE, **cells).verdict.value == verdict


def test_an_alternative_that_was_not_counted_is_named():
    row = {"control_os_median_months": 5.3, "os_median_months": 6.2, "os_hr": 0.69}
    verdict = verdict_of(PALLIATIVE, **row)
    assert verdict.not_shown == ("os_2y", "control_os_2y")
    assert "os_2y" in verdict.reason
    assert verdict.to_dict()["not_shown"] == ["os_2y", "control_os_2y"]


def test_medians_that_were_not_reached_gain_what_their_limit_shows():
    row = {"control_os_median_months": 20, "os_median_months": "NR", "os_hr": 0.5}
    assert "os_median_months" in verdict_of(PALLIATIVE, **row).missing
    met = verdict_of(PALLIATIVE, **row, os_median_ci_lower_months=24)
    assert met.verdict.value == "met"
    short = verdict_of(PALLIATIVE, **row, os_median_ci_lower_months=23)
    assert short.verdict.value == "not_assessable"


@pytest.mark.parametrize(
    ("limit", "grade"), [(0.8499, "major"), (0.85, "considerable"), (0.95, "minor"), (1, None)]
)
def test_iqwig_extent_for_mortality(limit, grade):
    assert verdict_of("iqwig-extent", os_rr_ci_upper=limit).grade == grade


@pytest.mark.parametrize(
    ("total", "each", "verdict"),
    [
        ("20 million euro", None, "met"),
        (19_999_999, 40_000, "not_met"),
        (10_000_000, 50_000, "met"),
        (9_999_999, 50_000, "not_met"),
        (10_000_000, 49_999, "not_met"),
        (15_000_000, None, "not_assessable"),
    ],
)
def test_the_lock_for_expensive_drugs(total, each, verdict):
    row = {"annual_cost_total": total, "annual_cost_per_patient": each}
    assert verdict_of("zin-sluis-2023", **row).verdict.value == verdict


comparative = {
    "control_os_median_months": st.sampled_from([6, 12, 12.5, 24, 24.5, 30]),
    "os_median_months": st.sampled_from([8, 13, 13.5, 15, 17, 20, 26, 34, 40]),
    "os_hr": st.sampled_from([0.5, 0.69, 0.7, 0.9]),
    "os_hr_ci_lower": st.sampled_from([0.3, 0.65, 0.66, 0.70, 0.71, 0.75, 0.76]),
    "pfs_median_months": st.sampled_from([5, 9, 14]),
    "control_pfs_median_months": st.sampled_from([4, 5, 9]),
    "pfs_hr": st.sampled_from([0.5, 0.7]),
}


@given(
    st.fixed_dictionaries(comparative),
    st.sets(st.sampled_from(list(comparative))),
    st.sampled_from([FORM_2A, "esmo-mcbs-1.1-form-2b", PALLIATIVE, "paskwil-palliative-2016"]),
)
def test_no_verdict_is_overturned_by_a_figure_that_turns_up(full, hidden, criterion):
    known = {name: value for name, value in full.items() if name not in hidden}
    before, after = verdict_of(criterion, **known), verdict_of(criterion, **full)
    if before.verdict.value != "not_assessable":
        assert (before.verdict, before.grade) == (after.verdict, after.grade)
    elif before.possible_grades and after.grade:
        assert after.grade in before.possible_grades


@given(st.fixed_dictionaries(comparative), st.sampled_from([0, 1, 3, 6, 12]))
def test_a_longer_gain_never_gives_less(row, more):
    longer = row | {"os_median_months": row["os_median_months"] + more}
    grades = [int(verdict_of(FORM_2A, **each).preliminary_grade) for each in (row, longer)]
    assert grades == sorted(grades)
    order = ["not_met", "not_assessable", "met"]
    verdicts = [order.index(verdict_of(PALLIATIVE, **each).verdict) for each in (row, longer)]
    assert verdicts == sorted(verdicts)
