"""Rule sets of progression-free survival: `fda` and `treatment-policy`, and the schedule."""

import numpy as np
import pytest
from patient_stories import cohort_of

from dossier.cohort.model import Cohort
from dossier.cohort.settings import Derivation
from dossier.derive.patients import derive
from dossier.derive.schedule import interval_in_force, last_day_in_time
from dossier.errors import InputError

EVENT, CENSORED = 1.0, 0.0
EVERY_8_WEEKS = "8 weeks"
CHANGING = [{"until": "24 weeks", "every": "8 weeks"}, {"every": "12 weeks"}]
FDA = {"pfs": "fda", "schedule": EVERY_8_WEEKS}
AFTER_GAP, DIED_AFTER_GAP = "progression after missed assessments", "death after missed assessments"
MISSED = "PFS-MISSED-ASSESSMENTS"

# Scans every 8 weeks, window 7 days: 2 x 56 + 7 = 119 days after the last evaluable scan.
FDA_CASES = {
    "no assessment missed": ("SD(57) PD(113)", {}, (113, EVENT, "progression", "PFS-PD")),
    "one missed": ("SD(57) PD(169)", {}, (169, EVENT, "progression", "PFS-PD")),
    "the last day within the limit": ("SD(57) PD(176)", {}, (176, EVENT, "progression", "PFS-PD")),
    "a day beyond it": ("SD(57) PD(177)", {}, (57, CENSORED, AFTER_GAP, MISSED)),
    "two missed": ("SD(57) PD(225)", {}, (57, CENSORED, AFTER_GAP, MISSED)),
    "two missed earlier, scanned since": (
        "SD(57) SD(225) PD(281)",
        {},
        (281, EVENT, "progression", "PFS-PD"),
    ),
    "not evaluable counts as missed": (
        "SD(57) NE(113) NE(169) PD(225)",
        {},
        (57, CENSORED, AFTER_GAP, MISSED),
    ),
    "one not evaluable": ("SD(57) NE(113) PD(169)", {}, (169, EVENT, "progression", "PFS-PD")),
    "death closely followed": ("SD(57)", {"died": 150}, (150, EVENT, "death", "PFS-DEATH")),
    "death on the last day within the limit": (
        "SD(57)",
        {"died": 176},
        (176, EVENT, "death", "PFS-DEATH"),
    ),
    "death after two missed": ("SD(57)", {"died": 177}, (57, CENSORED, DIED_AFTER_GAP, MISSED)),
    "death on the day of a scan": (
        "SD(57) SD(300)",
        {"died": 300},
        (300, EVENT, "death", "PFS-DEATH"),
    ),
    "no scan, death within two intervals": ("", {"died": 100}, (100, EVENT, "death", "PFS-DEATH")),
    "no scan, death later": ("", {"died": 120}, (0, CENSORED, DIED_AFTER_GAP, MISSED)),
    "no scan before late progression": ("PD(130)", {}, (0, CENSORED, AFTER_GAP, MISSED)),
    "progression, death long after": (
        "SD(57) PD(113)",
        {"died": 390},
        (113, EVENT, "progression", "PFS-PD"),
    ),
    "new therapy before the event": (
        "SD(57) PD(113)",
        {"new_therapy": 100},
        (57, CENSORED, "new anticancer therapy", "PFS-NEW-THERAPY"),
    ),
    "new therapy after a gap, before the event": (
        "SD(57) PD(225)",
        {"new_therapy": 200},
        (57, CENSORED, "new anticancer therapy", "PFS-NEW-THERAPY"),
    ),
    "clinical progression is no event": (
        "SD(57)",
        {"clinical_progression": 80},
        (57, CENSORED, "no event at last evaluable assessment", "PFS-LAST-ASSESSMENT"),
    ),
    "gap without an event": (
        "SD(57) SD(300)",
        {"alive": 390},
        (300, CENSORED, "no event at last evaluable assessment", "PFS-LAST-ASSESSMENT"),
    ),
    "alive without a scan": (
        "",
        {"alive": 390},
        (0, CENSORED, "no evaluable assessment after baseline", "PFS-NO-ASSESSMENT"),
    ),
}


def check(row, expected):
    names = ("pfs_days", "pfs_event", "pfs_reason", "pfs_rule")
    np.testing.assert_equal(tuple(row[name] for name in names), expected)


def first_of(scans, events, **options):
    cohort = cohort_of({"visits": scans, **events}, {"visits": "SD(57)", "died": 399}, **options)
    return derive(cohort).frame.iloc[0]


@pytest.mark.parametrize("case", FDA_CASES.values(), ids=FDA_CASES)
def test_fda(case):
    scans, events, expected = case
    check(first_of(scans, events, **FDA), expected)


@pytest.mark.parametrize("case", FDA_CASES.values(), ids=FDA_CASES)
def test_clinical_progression_is_no_event_of_fda_whatever_the_option_says(case):
    scans, events, expected = case
    check(first_of(scans, events, clinical_progression="event", **FDA), expected)


def test_the_entry_that_decided_is_the_last_evaluable_assessment():
    frame = derive(cohort_of({"visits": "SD(57) PD(225)"}, {"visits": "PD(225)"}, **FDA)).frame
    source = frame[["pfs_table", "pfs_column", "pfs_row"]].to_numpy().tolist()
    assert source == [["assessments", "response", 2], ["patients", "treatment_start", 3]]


def test_duration_of_response_is_censored_with_it():
    patients = derive(cohort_of({"visits": "PR(57) PR(113) PD(281)"}, **FDA))
    row = patients.frame.iloc[0]
    assert (row["dor_days"], row["dor_event"], row["dor_reason"]) == (56, CENSORED, AFTER_GAP)
    assert row["dor_rule"] == "DOR-MISSED-ASSESSMENTS"
    assert {"PFS-SET-FDA", "PFS-MISSED-ASSESSMENTS"} <= set(patients.rules)


OPTIONS = {
    "not evaluable resets the clock": (
        "SD(57) NE(113) PD(225)",
        {"not_evaluable_is_missed": False},
        (225, EVENT, "progression", "PFS-PD"),
    ),
    "but a time is never censored at it": (
        "SD(57) NE(113) PD(281)",
        {"not_evaluable_is_missed": False},
        (57, CENSORED, AFTER_GAP, MISSED),
    ),
    "a wider window": (
        "SD(57) PD(183)",
        {"visit_window_days": 14},
        (183, EVENT, "progression", "PFS-PD"),
    ),
    "no window": ("SD(57) PD(170)", {"visit_window_days": 0}, (57, CENSORED, AFTER_GAP, MISSED)),
    "one missed is enough": (
        "SD(57) PD(169)",
        {"missed_assessments": 1},
        (57, CENSORED, AFTER_GAP, MISSED),
    ),
    "three must be missed": (
        "SD(57) PD(225)",
        {"missed_assessments": 3},
        (225, EVENT, "progression", "PFS-PD"),
    ),
}


@pytest.mark.parametrize("case", OPTIONS.values(), ids=OPTIONS)
def test_options_of_missed_assessments(case):
    scans, options, expected = case
    check(first_of(scans, {}, **FDA | options), expected)


# Scans in weeks 8, 16, 24, then 36, 48, 60.
CHANGE = {
    "before the change: weeks 16 and 24 missed": (
        "SD(56) PD(196)",
        (56, CENSORED, AFTER_GAP, MISSED),
    ),
    "across it: only week 24 missed": ("SD(112) PD(252)", (252, EVENT, "progression", "PFS-PD")),
    "across it: weeks 24 and 36 missed": ("SD(112) PD(336)", (112, CENSORED, AFTER_GAP, MISSED)),
    "after it: only week 36 missed": ("SD(168) PD(336)", (336, EVENT, "progression", "PFS-PD")),
    "after it: weeks 36 and 48 missed": ("SD(168) PD(392)", (168, CENSORED, AFTER_GAP, MISSED)),
    "the last scan of a phase a few days early": (
        "SD(165) PD(336)",
        (336, EVENT, "progression", "PFS-PD"),
    ),
}


@pytest.mark.parametrize("case", CHANGE.values(), ids=CHANGE)
def test_a_schedule_that_changes(case):
    scans, expected = case
    check(first_of(scans, {}, pfs="fda", schedule=CHANGING), expected)


def test_intervals_follow_the_schedule():
    options = Derivation(schedule=[{"until": "48 weeks", "every": "8 weeks"},
                                   {"until": "96 weeks", "every": "12 weeks"}])  # fmt: skip
    day = np.array([0.0, 328.0, 329.0, 336.0, 664.0, 665.0])
    assert interval_in_force(day, options).tolist() == [56, 56, 84, 84, 84, np.inf]


def test_nothing_is_missed_after_the_end_of_the_schedule():
    options = Derivation(schedule=[{"until": "24 weeks", "every": "8 weeks"}])
    assert last_day_in_time(np.array([0.0, 112.0, 168.0]), options).tolist() == [
        119,
        np.inf,
        np.inf,
    ]


def test_fda_needs_a_schedule():
    patients = cohort_of({"visits": "SD(57)"}).patients[["patient_id", "treatment_start"]]
    with pytest.raises(InputError, match=r"derivation\.pfs.*derivation\.schedule"):
        Cohort.from_frames(patients=patients, derivation={"pfs": "fda"})


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        ([{"every": "8 weeks"}, {"every": "12 weeks"}], "not in order"),
        (
            [{"every": "8 weeks", "until": "24 weeks"}, {"every": "12 weeks", "until": "20 weeks"}],
            "not in order",
        ),
        ("0 days", "more often than every day"),
        ("8 wks", "not a duration"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(schedule, message):
    patients = cohort_of({"visits": "SD(57)"}).patients[["patient_id", "treatment_start"]]
    with pytest.raises(InputError, match=message):
        Cohort.from_frames(patients=patients, derivation={"schedule": schedule})


POLICY = {
    "new therapy, then progression": (
        "SD(57) SD(113) PD(169)",
        {"new_therapy": 120},
        (169, EVENT, "progression", "PFS-PD"),
    ),
    "new therapy, then death": (
        "SD(57)",
        {"new_therapy": 80, "died": 200},
        (200, EVENT, "death", "PFS-DEATH"),
    ),
    "new therapy, scans go on": (
        "SD(57) SD(113) SD(169)",
        {"new_therapy": 120},
        (169, CENSORED, "no event at last evaluable assessment", "PFS-LAST-ASSESSMENT"),
    ),
    "new therapy, died on an unknown day": (
        "SD(57)",
        {"new_therapy": 80, "death_cause": "cancer"},
        (np.nan, np.nan, "date of death not known", "PFS-UNKNOWN"),
    ),
    "clinical progression ignored": (
        "SD(57)",
        {"clinical_progression": 80},
        (57, CENSORED, "no event at last evaluable assessment", "PFS-LAST-ASSESSMENT"),
    ),
    "a gap does not matter": ("SD(57) PD(393)", {}, (393, EVENT, "progression", "PFS-PD")),
}


@pytest.mark.parametrize("case", POLICY.values(), ids=POLICY)
def test_treatment_policy(case):
    scans, events, expected = case
    check(first_of(scans, events, pfs="treatment-policy"), expected)


def test_treatment_policy_with_clinical_progression():
    options = {"pfs": "treatment-policy", "clinical_progression": "event"}
    check(
        first_of("SD(57)", {"new_therapy": 70, "clinical_progression": 80}, **options),
        (80, EVENT, "clinical progression", "PFS-CLINICAL-PROGRESSION"),
    )


def test_best_response_and_benefit_still_end_at_the_new_therapy():
    story = {"visits": "PR(57) PR(113) PD(169)", "new_therapy": 100}
    standard, policy = (
        derive(cohort_of(story, pfs=pfs)).frame.iloc[0] for pfs in ("standard", "treatment-policy")
    )
    for column in ("best_response", "benefit_16w", "durability_24w"):
        assert standard[column] == policy[column], column
    assert policy["best_response"] == "SD"


def test_the_methods_name_the_rule_set():
    rules = {
        pfs: set(derive(cohort_of({"visits": "SD(57)"}, pfs=pfs, schedule=EVERY_8_WEEKS)).rules)
        for pfs in ("standard", "fda", "treatment-policy")
    }
    assert rules["fda"] - rules["standard"] == {
        "PFS-SET-FDA",
        "PFS-MISSED-ASSESSMENTS",
        "DOR-MISSED-ASSESSMENTS",
    }
    assert rules["treatment-policy"] - rules["standard"] == {"PFS-SET-TREATMENT-POLICY"}
    assert rules["standard"] - rules["treatment-policy"] == {"PFS-NEW-THERAPY", "DOR-NEW-THERAPY"}
