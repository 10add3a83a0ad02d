"""Time on treatment, time to next treatment, and who went on after week 16."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patient_stories import cohort_of

from dossier.derive.patients import derive

NAN = float("nan")
GIVEN = ["treatment_end", "new_therapy_start", "death_date"]
ONGOING, AT_CUTOFF = "treatment ongoing at last contact", "treatment ongoing at the data cut-off"

# What happened (cut-off on day 400): days, event, reason, rule, table, column.
ON_TREATMENT = {
    "stopped": (
        {"stopped": 90, "alive": 390},
        (90, 1, "end of treatment", "TOT-END", "patients", "treatment_end"),
    ),
    "stopped on the cut-off": (
        {"stopped": 400},
        (400, 1, "end of treatment", "TOT-END", "patients", "treatment_end"),
    ),
    "stopped the day it started": (
        {"stopped": 0},
        (0, 1, "end of treatment", "TOT-END", "patients", "treatment_end"),
    ),
    "stopped after the cut-off": (
        {"stopped": 401},
        (400, 0, AT_CUTOFF, "TOT-ONGOING", "patients", "treatment_end"),
    ),
    "ongoing, last seen before the cut-off": (
        {"alive": 390},
        (390, 0, ONGOING, "TOT-ONGOING", "patients", "last_known_alive"),
    ),
    "ongoing, last seen on a scan": (
        {"visits": "SD(57)", "alive": 20},
        (57, 0, ONGOING, "TOT-ONGOING", "assessments", "date"),
    ),
    "ongoing, seen after the cut-off": (
        {"alive": 500},
        (400, 0, AT_CUTOFF, "TOT-ONGOING", "patients", "last_known_alive"),
    ),
    "died on treatment": (
        {"died": 150},
        (150, 1, "death", "TOT-DEATH", "patients", "death_date"),
    ),
    "stopped, then died": (
        {"stopped": 90, "died": 150},
        (90, 1, "end of treatment", "TOT-END", "patients", "treatment_end"),
    ),
    "end written down after death": (
        {"stopped": 160, "died": 150},
        (150, 1, "death", "TOT-DEATH", "patients", "death_date"),
    ),
    "new therapy, no end written down": (
        {"new_therapy": 120, "alive": 390},
        (120, 1, "new anticancer therapy", "TOT-NEW-THERAPY", "patients", "new_therapy_start"),
    ),
    "new therapy beside treatment that goes on": (
        {"new_therapy": 120, "stopped": 200},
        (200, 1, "end of treatment", "TOT-END", "patients", "treatment_end"),
    ),
    "new therapy beside treatment that ends after the cut-off": (
        {"new_therapy": 120, "stopped": 420},
        (400, 0, AT_CUTOFF, "TOT-ONGOING", "patients", "treatment_end"),
    ),
    "death before a new therapy": (
        {"new_therapy": 120, "died": 100},
        (100, 1, "death", "TOT-DEATH", "patients", "death_date"),
    ),
    "end before the start": (
        {"stopped": -3},
        (NAN, NAN, "treatment end before its start", "TOT-UNKNOWN", "patients", "treatment_end"),
    ),
    "died, date not recorded": (
        {"death_cause": "cancer", "alive": 50},
        (NAN, NAN, "date of death not known", "TOT-UNKNOWN", "patients", "death_date"),
    ),
    "stopped, died, date not recorded": (
        {"stopped": 90, "death_cause": "cancer"},
        (90, 1, "end of treatment", "TOT-END", "patients", "treatment_end"),
    ),
}

NONE, NONE_AT_CUTOFF = (
    "no new anticancer therapy at last contact",
    "no new anticancer therapy at the data cut-off",
)
NEXT_TREATMENT = {
    "new therapy": (
        {"new_therapy": 120, "died": 300},
        (120, 1, "new anticancer therapy", "TTNT-NEW-THERAPY", "patients", "new_therapy_start"),
    ),
    "death first": ({"died": 150}, (150, 1, "death", "TTNT-DEATH", "patients", "death_date")),
    "both on one day": (
        {"new_therapy": 120, "died": 120},
        (120, 1, "new anticancer therapy", "TTNT-NEW-THERAPY", "patients", "new_therapy_start"),
    ),
    "stopped, nothing else yet": (
        {"stopped": 90, "alive": 390},
        (390, 0, NONE, "TTNT-NONE", "patients", "last_known_alive"),
    ),
    "new therapy after the cut-off": (
        {"new_therapy": 401},
        (400, 0, NONE_AT_CUTOFF, "TTNT-NONE", "patients", "new_therapy_start"),
    ),
    "new therapy before the start": (
        {"new_therapy": -3},
        (NAN, NAN, "new therapy before treatment start", "TTNT-UNKNOWN", "patients",
         "new_therapy_start"),
    ),
    "died, date not recorded": (
        {"death_cause": "cancer"},
        (NAN, NAN, "date of death not known", "TTNT-UNKNOWN", "patients", "death_date"),
    ),
    "new therapy, died, date not recorded": (
        {"new_therapy": 120, "death_cause": "cancer"},
        (120, 1, "new anticancer therapy", "TTNT-NEW-THERAPY", "patients", "new_therapy_start"),
    ),
}  # fmt: skip


def found(story, endpoint):
    row = derive(cohort_of(story, given=GIVEN)).frame.iloc[0]
    names = ("days", "event", "reason", "rule", "table", "column")
    return tuple(row[f"{endpoint}_{name}"] for name in names)


@pytest.mark.parametrize("case", ON_TREATMENT.values(), ids=ON_TREATMENT)
def test_time_on_treatment(case):
    story, expected = case
    np.testing.assert_equal(found(story, "time_on_treatment"), expected)


@pytest.mark.parametrize("case", NEXT_TREATMENT.values(), ids=NEXT_TREATMENT)
def test_time_to_next_treatment(case):
    story, expected = case
    np.testing.assert_equal(found(story, "time_to_next_treatment"), expected)


def test_who_was_not_treated_has_no_times():
    row = derive(cohort_of({"started": None, "stopped": 90}, given=GIVEN)).frame.iloc[0]
    for endpoint in ("time_on_treatment", "time_to_next_treatment"):
        assert np.isnan(row[f"{endpoint}_days"])
        assert row[f"{endpoint}_rule"] == ""
    assert row["continued_16w"] == ""


def test_without_the_columns_there_are_no_times():
    patients = derive(cohort_of({"visits": "SD(57)", "alive": 90}))
    columns = " ".join(patients.frame)
    assert "time_on_treatment" not in columns
    assert "time_to_next" not in columns
    assert "continued" not in columns
    assert not any(rule.startswith(("TOT-", "TTNT-", "CONTINUED-")) for rule in patients.rules)


def test_without_a_declared_cutoff_ongoing_treatment_ends_at_last_contact():
    frame = derive(cohort_of({"alive": 90}, {"stopped": 300}, given=GIVEN, cutoff=None)).frame
    assert frame["time_on_treatment_days"].tolist() == [90, 300]
    assert frame["time_on_treatment_event"].tolist() == [0, 1]


# What happened and the cut-off: whether treatment went on after day 112, and the reason.
CONTINUED = {
    "stopped on day 113": ({"stopped": 113}, 400, "yes", "treatment went on after week 16"),
    "stopped on day 112": (
        {"stopped": 112, "end_of_treatment_reason": "progression"},
        400,
        "no",
        "progression",
    ),
    "stopped, reason blank": ({"stopped": 60}, 400, "no", "reason not recorded"),
    "died": ({"died": 60}, 400, "no", "death"),
    "new therapy": ({"new_therapy": 60}, 400, "no", "new anticancer therapy"),
    "ongoing": ({"alive": 300}, 400, "yes", "treatment went on after week 16"),
    "ongoing, cut-off on day 112": (
        {"alive": 200},
        112,
        "too early",
        "data cut-off before the end of week 16",
    ),
    "ongoing, cut-off on day 113": ({"alive": 200}, 113, "yes", "treatment went on after week 16"),
    "stopped, cut-off soon after": ({"stopped": 60}, 80, "no", "reason not recorded"),
    "lost to follow-up": (
        {"alive": 100},
        400,
        "unknown",
        "not known whether treatment went on after week 16",
    ),
    "time not known": (
        {"death_cause": "cancer"},
        400,
        "unknown",
        "not known whether treatment went on after week 16",
    ),
}


@pytest.mark.parametrize("case", CONTINUED.values(), ids=CONTINUED)
def test_continued_after_16_weeks(case):
    story, cutoff, state, reason = case
    row = derive(cohort_of(story, given=GIVEN, cutoff=cutoff)).frame.iloc[0]
    assert (row["continued_16w"], row["continued_16w_reason"]) == (state, reason)


def naive_on_treatment(story, cutoff):
    """Days and event, told one patient at a time; the start is day 0."""
    died = story["died"] if story["died"] is not None and story["died"] <= cutoff else None
    switched = story["new_therapy"]
    switched = switched if switched is not None and switched <= cutoff else None
    ends = [story["stopped"]] if story["stopped"] is not None else [switched]
    ends = [day for day in (*ends, died) if day is not None and day <= cutoff]
    if ends:
        return min(ends), 1
    seen = (0, story["died"], story["alive"], story["stopped"], story["new_therapy"])
    return min(cutoff, max(day for day in seen if day is not None)), 0


def naive_next_treatment(story, cutoff):
    ends = [story["died"], story["new_therapy"]]
    ends = [day for day in ends if day is not None and day <= cutoff]
    if ends:
        return min(ends), 1
    seen = (0, story["died"], story["alive"], story["stopped"], story["new_therapy"])
    return min(cutoff, max(day for day in seen if day is not None)), 0


day = st.none() | st.integers(0, 500)
stories = st.fixed_dictionaries(
    {"stopped": day, "new_therapy": day, "died": day, "alive": st.integers(0, 500)}
)


@settings(max_examples=500)
@given(st.lists(stories, min_size=1, max_size=6), st.sampled_from([90, 112, 400]))
def test_agrees_with_a_naive_implementation(told, cutoff):
    frame = derive(cohort_of(*told, given=GIVEN, cutoff=cutoff)).frame
    for story, row in zip(told, frame.to_dict("records"), strict=True):
        expected = naive_on_treatment(story, cutoff)
        assert (row["time_on_treatment_days"], row["time_on_treatment_event"]) == expected
        days, event = expected
        late = "too early" if cutoff <= 112 else "unknown"
        continued = "yes" if days > 112 else "no" if event else late
        assert row["continued_16w"] == continued
        expected = naive_next_treatment(story, cutoff)
        found = (row["time_to_next_treatment_days"], row["time_to_next_treatment_event"])
        assert found == expected
        assert row["time_on_treatment_days"] <= row["os_days"]
