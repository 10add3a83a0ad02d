"""The PFS ratio, and exceptional responders."""

import numpy as np
import pytest
from patient_stories import cohort_of

from dossier.derive.patients import derive

NAN = float("nan")
BEFORE, CENSORED = (
    "progression or death before the ratio was reached",
    "censored before the ratio was reached",
)

# Earlier PFS in days, scans and events: state, ratio, reason.
RATIO = {
    "progression after 1.3 times": (100.0, "SD(57) PD(131)", {}, ("met", 1.31, "ratio reached")),
    "exactly 1.3 times": (30.0, "PD(39)", {}, ("met", 1.3, "ratio reached")),
    "exactly 1.3 times, inexact in binary": (70.0, "PD(91)", {}, ("met", 1.3, "ratio reached")),
    "a day short": (100.0, "SD(57) PD(129)", {}, ("not met", 1.29, BEFORE)),
    "death before it": (100.0, "SD(57)", {"died": 90}, ("not met", 0.9, BEFORE)),
    "censored beyond it": (100.0, "SD(57) SD(169)", {}, ("met", 1.69, "ratio reached")),
    "censored before it: no failure": (100.0, "SD(57)", {}, ("indeterminate", 0.57, CENSORED)),
    "never scanned: no failure": (100.0, "", {}, ("indeterminate", 0, CENSORED)),
    "earlier PFS blank": (
        NAN, "PD(57)", {}, ("unknown", NAN, "earlier progression-free survival not given")),
    "earlier PFS of 0 days": (
        0.0, "PD(57)", {}, ("unknown", NAN, "earlier progression-free survival of 0 days")),
    "died, date not recorded": (
        100.0, "SD(57)", {"death_cause": "cancer"},
        ("unknown", NAN, "progression-free survival not known")),
}  # fmt: skip


@pytest.mark.parametrize("case", RATIO.values(), ids=RATIO)
def test_pfs_ratio(case):
    prior, scans, events, (state, ratio, reason) = case
    cohort = cohort_of(
        {"visits": scans, "prior_pfs_days": prior, **events}, {"visits": "SD(57)", "died": 399}
    )
    row = derive(cohort).frame.iloc[0]
    assert (row["pfs_ratio_state"], row["pfs_ratio_reason"]) == (state, reason)
    np.testing.assert_allclose(row["pfs_ratio"], ratio)
    assert (row["pfs_ratio_table"], row["pfs_ratio_column"]) == ("patients", "prior_pfs_days")
    assert row["pfs_ratio_row"] == 2


def test_the_threshold_is_an_option():
    cohort = cohort_of({"visits": "PD(131)", "prior_pfs_days": 100.0}, pfs_ratio_threshold=1.33)
    assert derive(cohort).frame["pfs_ratio_state"].tolist() == ["not met"]


@pytest.mark.parametrize("prior", range(1, 400))
def test_the_limit_itself_meets_the_ratio(prior):
    """1.3 times a whole number of days, as a person computes it, is never just missed."""
    days = round(1.3 * prior, 1)
    story = {"best_response": "SD", "pfs_days": days, "pfs_event": 1.0, "prior_pfs_days": prior}
    assert derive(cohort_of(story)).frame["pfs_ratio_state"].tolist() == ["met"]


def test_without_the_column_there_is_no_ratio():
    patients = derive(cohort_of({"visits": "SD(57)"}))
    assert "pfs_ratio" not in patients.frame
    assert not any(rule.startswith("PFS-RATIO") for rule in patients.rules)


# Two years are 730.5 days; cut-off on day 1000.
EXCEPTIONAL = {
    "complete response": ("CR(57) CR(113) PD(169)", (True, "complete response")),
    "complete response not confirmed": (
        "CR(57) PD(113)",
        (False, "progression or death before the limit"),
    ),
    "progression after two years": ("SD(57) PD(731)", (True, "long progression-free survival")),
    "progression just before": (
        "SD(57) PD(730)",
        (False, "progression or death before the limit"),
    ),
    "free of progression for two years": (
        "SD(57) SD(731)",
        (True, "long progression-free survival"),
    ),
    "followed too short": ("PR(57) PR(113)", (False, "followed too short so far")),
}


@pytest.mark.parametrize("case", EXCEPTIONAL.values(), ids=EXCEPTIONAL)
def test_exceptional_responders(case):
    scans, expected = case
    row = derive(cohort_of({"visits": scans}, cutoff=1000)).frame.iloc[0]
    assert (row["exceptional_responder"], row["exceptional_responder_basis"]) == expected


def test_the_limit_itself_is_not_beyond_it():
    story = {"best_response": "SD", "pfs_days": 730.5, "pfs_event": 0.0}
    frame = derive(cohort_of(story, story | {"pfs_days": 730.6})).frame
    assert frame["exceptional_responder"].tolist() == [False, True]


def test_what_is_exceptional_is_an_option():
    stories = [{"visits": "CR(57) CR(113) PD(169)"}, {"visits": "SD(57) SD(400)"}]
    options = {"exceptional_complete_response": False, "exceptional_pfs_months": 12}
    frame = derive(cohort_of(*stories, **options)).frame
    assert frame["exceptional_responder"].tolist() == [False, True]


def test_who_was_not_treated_or_is_unknown_is_no_exceptional_responder():
    stories = [{"started": None, "visits": "CR(57) CR(113)"}, {"death_cause": "cancer"}]
    frame = derive(cohort_of(*stories, {"visits": "SD(57)"}, given=["death_date"])).frame
    assert frame["exceptional_responder"].tolist() == [False, False, False]
    assert frame["exceptional_responder_basis"].tolist() == [
        "",
        "progression-free survival not known",
        "followed too short so far",
    ]
