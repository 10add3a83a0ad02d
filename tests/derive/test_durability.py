"""What became at 24 weeks (day 168 less 7) of benefit at 16 weeks, and the scan at week 16."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_times import STABLE, read_scans, until
from patient_stories import cohort_of

from dossier.cohort.columns import RESPONSES
from dossier.derive.patients import derive

STILL, TOO_SHORT = "still responding or stable", "follow-up shorter than the threshold"
NOT_SHOWN = "no stable disease or better at the threshold or later"

# Scans, events, cut-off: state, basis, reason.
DURABILITY = {
    "stable disease kept": (
        "SD(57) SD(113) SD(169)", {}, 400, ("kept", "stable disease", "stable disease")),
    "stable disease gone": (
        "SD(57) SD(113) PD(169)", {}, 400, ("lost", "stable disease", "progression")),
    "stable disease, died": (
        "SD(57) SD(113)", {"died": 150}, 400, ("lost", "stable disease", "death")),
    "stable disease, new therapy": (
        "SD(57) SD(113) SD(169)", {"new_therapy": 150}, 400,
        ("lost", "stable disease", "new anticancer therapy")),
    "stable disease, stopped": (
        "SD(57) SD(113)", {"stopped": 130}, 400, ("lost", "stable disease", "treatment ended")),
    "stable disease, too early": (
        "SD(57) SD(113)", {}, 150, ("too early", "stable disease", TOO_SHORT)),
    "response kept": ("PR(57) PR(113) PR(169)", {}, 400, ("kept", "response", STILL)),
    "response, then stable": ("PR(57) PR(113) SD(169)", {}, 400, ("kept", "response", STILL)),
    "response lost to progression, though benefit at 24 weeks by definition": (
        "PR(57) PR(85) PD(113)", {}, 400, ("lost", "response", "progression")),
    "response, progression on the 24-week scan": (
        "PR(57) PR(113) PD(169)", {}, 400, ("lost", "response", "progression")),
    "response shown on day 161, progression after it": (
        "PR(57) PR(113) PR(161) PD(169)", {}, 400, ("kept", "response", STILL)),
    "response shown on day 160 only": (
        "PR(57) PR(113) PR(160)", {"alive": 390}, 400, ("lost", "response", NOT_SHOWN)),
    "response, died": ("PR(57) PR(113)", {"died": 140}, 400, ("lost", "response", "death")),
    "response, new therapy": (
        "PR(57) PR(113) PR(169)", {"new_therapy": 150}, 400,
        ("lost", "response", "new anticancer therapy")),
    "response, too early": ("PR(57) PR(113)", {}, 150, ("too early", "response", TOO_SHORT)),
    "response goes on without treatment, too early": (
        "PR(57) PR(113)", {"stopped": 120}, 150, ("too early", "response", TOO_SHORT)),
    "response, died on an unknown day": (
        "PR(57) PR(113)", {"death_cause": "cancer"}, 400,
        ("unknown", "response", "date of death not known")),
    "no benefit at 16 weeks": ("SD(57) PD(99)", {}, 400, ("", "", "")),
    "too early at 16 weeks": ("SD(57)", {}, 90, ("", "", "")),
}  # fmt: skip


@pytest.mark.parametrize("case", DURABILITY.values(), ids=DURABILITY)
def test_durability(case):
    scans, events, cutoff, expected = case
    cohort = cohort_of({"visits": scans, **events}, {"visits": "SD(57)"}, cutoff=cutoff)
    row = derive(cohort).frame.iloc[0]
    names = ("durability_24w", "durability_24w_basis", "durability_24w_reason")
    assert tuple(row[name] for name in names) == expected


def test_durability_names_the_entry_that_decided():
    frame = derive(
        cohort_of(
            {"visits": "PR(57) PR(113) PR(169)"},
            {"visits": "PR(57) PR(113) PD(169)"},
            {"visits": "PR(57) PR(113)", "died": 140},
            {"visits": "SD(57) SD(113) SD(169)"},
        )
    ).frame
    source = frame[["durability_24w_table", "durability_24w_row"]].to_numpy().tolist()
    assert source == [["assessments", 4], ["assessments", 7], ["patients", 4], ["assessments", 12]]
    assert frame["durability_24w_rule"].tolist() == [
        "DURABILITY-KEPT",
        "DURABILITY-LOST",
        "DURABILITY-LOST",
        "DURABILITY-KEPT",
    ]


NAN = float("nan")
AS_GIVEN = {
    "response, long": ("PR", 161.0, 0.0, 400, ("kept", "response")),
    "response, event before": ("PR", 160.0, 1.0, 400, ("lost", "response")),
    "response, censored before": ("PR", 160.0, 0.0, 400, ("unknown", "response")),
    "response, censored before, cut-off too": ("PR", 140.0, 0.0, 150, ("too early", "response")),
    "response, time blank": ("PR", NAN, NAN, 400, ("unknown", "response")),
    "stable, long": ("SD", 161.0, 1.0, 400, ("kept", "stable disease")),
    "stable, event between": ("SD", 140.0, 1.0, 400, ("lost", "stable disease")),
    "stable, censored between": ("SD", 140.0, 0.0, 400, ("unknown", "stable disease")),
    "stable, event before 16 weeks": ("SD", 90.0, 1.0, 400, ("", "")),
}


@pytest.mark.parametrize("case", AS_GIVEN.values(), ids=AS_GIVEN)
def test_durability_from_given_endpoints(case):
    response, days, event, cutoff, expected = case
    story = {"best_response": response, "pfs_days": days, "pfs_event": event}
    row = derive(cohort_of(story, cutoff=cutoff)).frame.iloc[0]
    assert (row["durability_24w"], row["durability_24w_basis"]) == expected
    assert "decision_16w_day" not in row


day = st.none() | st.integers(0, 500)
visits = st.lists(
    st.tuples(
        st.integers(1, 300) | st.sampled_from([57, 105, 113, 161, 169]), st.sampled_from(RESPONSES)
    ),
    max_size=8,
)
stories = st.fixed_dictionaries(
    {"visits": visits, "stopped": day, "new_therapy": day, "died": day, "death_cause": st.just("")}
)


def naive_durability(story, cutoff):
    """What became of a response: told one patient at a time."""
    scans = read_scans(story, cutoff)
    ends = [day for day, response in scans if response == "PD"]
    ends += [until(cutoff, story["died"]), until(cutoff, story["new_therapy"])]
    ends = [day for day in ends if day is not None]
    for day, response in scans:
        if response in STABLE and day >= 161 and not any(end < day for end in ends):
            return "kept"
    return "too early" if not ends and cutoff < 161 else "lost"


@settings(max_examples=400)
@given(st.lists(stories, min_size=1, max_size=6), st.sampled_from([120, 150, 400]))
def test_agrees_with_a_naive_implementation(told, cutoff):
    frame = derive(cohort_of(*told, {"visits": "SD(57)"}, cutoff=cutoff)).frame
    of_benefit = {"benefit": "kept", "no benefit": "lost", "too early": "too early"}
    for story, row in zip(told, frame.to_dict("records"), strict=False):
        if row["benefit_16w"] != "benefit":
            expected = ""
        elif row["responder"]:
            expected = naive_durability(story, cutoff)
        else:
            expected = of_benefit[row["benefit_24w"]]
        assert row["durability_24w"] == expected
        assert row["durability_24w"] != "kept" or row["benefit_24w"] == "benefit"


# Scans: day and response of the one at week 16.
AT_WEEK_16 = {
    "on the day": ("SD(57) SD(112)", (112, "SD")),
    "first day of the window": ("SD(105)", (105, "SD")),
    "last day of the window": ("PD(119)", (119, "PD")),
    "before the window": ("SD(104)", (NAN, "")),
    "after the window": ("SD(120)", (NAN, "")),
    "the nearest of two": ("SD(108) PD(113)", (113, "PD")),
    "of two as near the later": ("SD(110) PD(114)", (114, "PD")),
    "not evaluable": ("NE(112)", (112, "NE")),
    "progression that was reset": ("iUPD(112) SD(169)", (112, "iUPD")),
    "no scan": ("", (NAN, "")),
}


@pytest.mark.parametrize("case", AT_WEEK_16.values(), ids=AT_WEEK_16)
def test_the_scan_at_week_16(case):
    scans, expected = case
    row = derive(cohort_of({"visits": scans}, {"visits": "SD(57)"})).frame.iloc[0]
    np.testing.assert_equal((row["decision_16w_day"], row["decision_16w_response"]), expected)
    assert (row["decision_16w_first_day"], row["decision_16w_last_day"]) == (105, 119)


def test_the_window_follows_the_tolerance():
    frame = derive(cohort_of({"visits": "SD(108)"}, benefit_tolerance_days=3)).frame
    assert frame["decision_16w_first_day"].tolist() == [109]
    assert frame["decision_16w_response"].tolist() == [""]
