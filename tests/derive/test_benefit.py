"""Clinical benefit at 16 and 24 weeks: day 112 and 168, less 7 days of tolerance."""

import pytest
from patient_stories import cohort_of

from dossier.derive.patients import derive

NO_LATE_SCAN = "no stable disease or better at the threshold or later"
TOO_EARLY = "follow-up shorter than the threshold"

# What happened (cut-off on day 400): state and basis at 16 weeks.
AT_16_WEEKS = {
    "confirmed response": ("PR(57) PR(85) PD(99)", {}, ("benefit", "response")),
    "stable on the 16-week scan": ("SD(57) SD(112)", {}, ("benefit", "stable disease")),
    "16-week scan four days early": ("SD(57) SD(108)", {}, ("benefit", "stable disease")),
    "first day that counts": ("SD(57) SD(105)", {}, ("benefit", "stable disease")),
    "one day too early": ("SD(57) SD(104)", {}, ("no benefit", NO_LATE_SCAN)),
    "stable, progression a week later": (
        "SD(57) SD(105) PD(113)",
        {},
        ("benefit", "stable disease"),
    ),
    "first scan after the threshold": ("SD(130)", {}, ("benefit", "stable disease")),
    "without measurable lesions": (
        "NON-CR/NON-PD(57) NON-CR/NON-PD(113)",
        {},
        ("benefit", "stable disease"),
    ),
    "unconfirmed response at 16 weeks": ("SD(57) PR(113)", {}, ("benefit", "stable disease")),
    "response at 8 weeks, progression at 16": (
        "PR(57) PD(113)",
        {},
        ("no benefit", "progression"),
    ),
    "progression before the threshold": ("SD(57) PD(104)", {}, ("no benefit", "progression")),
    "progression, then stable scans": (
        "SD(57) PD(99) SD(113) SD(169)",
        {},
        ("no benefit", "progression"),
    ),
    "two readings of the 16-week scan: the worse": (
        "SD(57) SD(113) PD(113)",
        {},
        ("no benefit", "progression"),
    ),
    "death before the threshold": ("SD(57)", {"died": 90}, ("no benefit", "death")),
    "death after the stable scan": ("SD(113)", {"died": 114}, ("benefit", "stable disease")),
    "scan dated after death": ("SD(57) SD(113)", {"died": 112}, ("no benefit", "death")),
    "new therapy before the stable scan": (
        "SD(57) SD(113)",
        {"new_therapy": 112},
        ("no benefit", "new anticancer therapy"),
    ),
    "new therapy on the day of the scan": (
        "SD(57) SD(113)",
        {"new_therapy": 113},
        ("benefit", "stable disease"),
    ),
    "toxicity: stopped before 16 weeks": (
        "SD(57)",
        {"stopped": 70},
        ("no benefit", "treatment ended"),
    ),
    "stopped, but scanned later": (
        "SD(57) SD(113)",
        {"stopped": 70},
        ("benefit", "stable disease"),
    ),
    "16-week scan not evaluable": ("SD(57) NE(113)", {}, ("no benefit", NO_LATE_SCAN)),
    "16-week scan not evaluable, next one stable": (
        "SD(57) NE(113) SD(169)",
        {},
        ("benefit", "stable disease"),
    ),
    "no scan": ("", {}, ("no benefit", NO_LATE_SCAN)),
    "relapse after CR is no progression as entered": (
        "CR(57) SD(113)",
        {},
        ("benefit", "stable disease"),
    ),
    "clinical progression ignored": (
        "SD(57) SD(113)",
        {"clinical_progression": 80},
        ("benefit", "stable disease"),
    ),
}


@pytest.mark.parametrize("case", AT_16_WEEKS.values(), ids=AT_16_WEEKS)
def test_benefit_at_16_weeks(case):
    scans, events, expected = case
    row = derive(cohort_of({"visits": scans, **events}, {"visits": "SD(57)"})).frame.iloc[0]
    assert (row["benefit_16w"], row["benefit_16w_basis"]) == expected


# Follow-up ends with the cut-off, before, on or after the threshold: events, cut-off, state.
SHORT_FOLLOW_UP = {
    "still on treatment": ("SD(57)", {}, 104, "too early"),
    "no scan yet": ("", {}, 30, "too early"),
    "scan not evaluable so far": ("NE(57)", {}, 104, "too early"),
    "followed up to the threshold": ("SD(57)", {}, 105, "no benefit"),
    "confirmed response already": ("PR(30) PR(58)", {}, 60, "benefit"),
    "unconfirmed response so far": ("PR(57)", {}, 60, "too early"),
    "progression": ("PD(57)", {}, 60, "no benefit"),
    "death": ("SD(57)", {"died": 59}, 60, "no benefit"),
    "new therapy": ("SD(57)", {"new_therapy": 59}, 60, "no benefit"),
    "off treatment": ("SD(57)", {"stopped": 59}, 60, "no benefit"),
    "progression after the cut-off": ("SD(57) PD(99)", {}, 60, "too early"),
    "death after the cut-off": ("SD(57)", {"died": 61}, 60, "too early"),
    "off treatment after the cut-off": ("SD(57)", {"stopped": 61}, 60, "too early"),
    "died, date not recorded": ("SD(57)", {"death_cause": "cancer"}, 60, "unknown"),
}


@pytest.mark.parametrize("case", SHORT_FOLLOW_UP.values(), ids=SHORT_FOLLOW_UP)
def test_short_follow_up(case):
    scans, events, cutoff, expected = case
    cohort = cohort_of({"visits": scans, **events}, {"visits": "SD(30)"}, cutoff=cutoff)
    assert derive(cohort).frame["benefit_16w"].iloc[0] == expected


def test_without_a_declared_cutoff_the_latest_date_stands_for_it():
    stable = {"visits": "SD(57)"}
    alone = derive(cohort_of(stable, cutoff=None))
    followed = derive(cohort_of(stable, {"visits": "SD(110)"}, cutoff=None))
    assert alone.frame["benefit_16w"].tolist() == ["too early"]
    assert followed.frame["benefit_16w"].tolist() == ["no benefit", "benefit"]
    assert "no-data-cutoff" in alone.notes


def test_nobody_is_too_early_where_nothing_has_a_date():
    cohort = cohort_of({"visits": "SD(57)", "started": None}, by_day=True, cutoff=None)
    cohort.given["patients"] = frozenset({"patient_id"})
    assert derive(cohort).frame["benefit_16w"].tolist() == ["no benefit"]


def test_24_weeks_are_judged_apart():
    stories = ["SD(57) SD(113)", "SD(57) SD(113) SD(161)", "SD(160)", "PR(57) PR(85) PD(113)"]
    frame = derive(cohort_of(*({"visits": story} for story in stories))).frame
    assert frame["benefit_16w"].tolist() == ["benefit"] * 4
    assert frame["benefit_24w"].tolist() == ["no benefit", "benefit", "no benefit", "benefit"]


def test_too_early_for_24_weeks_but_not_for_16():
    frame = derive(cohort_of({"visits": "SD(57) SD(113)"}, cutoff=130)).frame
    assert frame["benefit_16w"].tolist() == ["benefit"]
    assert frame["benefit_24w"].tolist() == ["too early"]
    assert frame["benefit_24w_basis"].tolist() == [TOO_EARLY]


def test_tolerance_is_an_option():
    frame = derive(cohort_of({"visits": "SD(108)"}, benefit_tolerance_days=0)).frame
    assert frame["benefit_16w"].tolist() == ["no benefit"]


def test_clinical_progression_as_an_event_ends_benefit():
    story = {"visits": "SD(57) SD(113)", "clinical_progression": 80}
    frame = derive(cohort_of(story, clinical_progression="event")).frame
    assert frame["benefit_16w"].tolist() == ["no benefit"]
    assert frame["benefit_16w_table"].tolist() == ["patients"]


def test_an_unconfirmed_response_is_benefit_only_where_confirmation_is_off():
    story = {"visits": "PR(57) PD(99)"}
    assert derive(cohort_of(story)).frame["benefit_16w"].tolist() == ["no benefit"]
    frame = derive(cohort_of(story, confirmation=False)).frame
    assert frame["benefit_16w"].tolist() == ["benefit"]


def test_benefit_names_the_entry_that_decided():
    frame = derive(
        cohort_of({"visits": "PR(57) PR(113)"}, {"visits": "SD(57) SD(113)"}, {"visits": "PD(57)"})
    ).frame
    assert frame["benefit_16w_row"].tolist() == [2, 5, 6]
    assert set(frame["benefit_16w_table"]) == {"assessments"}
