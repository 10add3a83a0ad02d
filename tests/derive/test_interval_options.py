"""The day taken for progression, and the day of censoring where there is no event."""

import numpy as np
import pandas as pd
import pytest
from patient_stories import cohort_of

from dossier.cohort.model import Cohort
from dossier.derive.patients import derive
from dossier.errors import InputError

EVENT, CENSORED = 1.0, 0.0

MIDPOINT = {
    "halfway between the last assessment and progression": (
        {"visits": "SD(57) PD(113)"},
        (85, EVENT, "progression", "PFS-PD-MIDPOINT"),
    ),
    "half days are rounded up": (
        {"visits": "SD(56) PD(113)"},
        (85, EVENT, "progression", "PFS-PD-MIDPOINT"),
    ),
    "from the start of treatment where nothing came before": (
        {"visits": "PD(57)"},
        (29, EVENT, "progression", "PFS-PD-MIDPOINT"),
    ),
    "an assessment that is not evaluable shows nothing": (
        {"visits": "SD(57) NE(113) PD(169)"},
        (113, EVENT, "progression", "PFS-PD-MIDPOINT"),
    ),
    "death has a day of its own": (
        {"visits": "SD(57)", "died": 101},
        (101, EVENT, "death", "PFS-DEATH"),
    ),
    "a new therapy between the midpoint and the assessment still comes first": (
        {"visits": "SD(57) PD(113)", "new_therapy": 100},
        (57, CENSORED, "new anticancer therapy", "PFS-NEW-THERAPY"),
    ),
    "without an event nothing moves": (
        {"visits": "SD(57) SD(113)"},
        (113, CENSORED, "no event at last evaluable assessment", "PFS-LAST-ASSESSMENT"),
    ),
}

# The data cut-off is day 400.
CENSORING = {
    "last contact": (
        {"visits": "SD(57) NE(113)", "alive": 200},
        "last-contact",
        (200, CENSORED, "no event at last contact", "PFS-LAST-CONTACT"),
    ),
    "an assessment after it is a contact too": (
        {"visits": "SD(57) NE(213)", "alive": 200},
        "last-contact",
        (213, CENSORED, "no event at last contact", "PFS-LAST-CONTACT"),
    ),
    "a contact after the cut-off counts until then": (
        {"visits": "SD(57)", "alive": 450},
        "last-contact",
        (400, CENSORED, "no event at last contact", "PFS-LAST-CONTACT"),
    ),
    "no assessment": (
        {"visits": "", "alive": 90},
        "last-contact",
        (90, CENSORED, "no event at last contact", "PFS-LAST-CONTACT"),
    ),
    "at the cut-off": (
        {"visits": "SD(57)", "alive": 90},
        "data-cutoff",
        (400, CENSORED, "no event at the data cut-off", "PFS-DATA-CUTOFF"),
    ),
    "a new therapy censors as ever": (
        {"visits": "SD(57)", "new_therapy": 80, "alive": 300},
        "data-cutoff",
        (57, CENSORED, "new anticancer therapy", "PFS-NEW-THERAPY"),
    ),
    "an event stays one": (
        {"visits": "SD(57) PD(113)", "alive": 300},
        "data-cutoff",
        (113, EVENT, "progression", "PFS-PD"),
    ),
    "death on an unknown day stays unknown": (
        {"visits": "SD(57)", "death_cause": "sepsis"},
        "last-contact",
        (np.nan, np.nan, "date of death not known", "PFS-UNKNOWN"),
    ),
}


def pfs_of(story, **options):
    row = derive(cohort_of(story, {"visits": "SD(57)", "died": 399}, **options)).frame.iloc[0]
    return tuple(row[name] for name in ("pfs_days", "pfs_event", "pfs_reason", "pfs_rule"))


@pytest.mark.parametrize("case", MIDPOINT.values(), ids=MIDPOINT)
def test_midpoint(case):
    story, expected = case
    np.testing.assert_equal(pfs_of(story, progression_date="midpoint"), expected)


@pytest.mark.parametrize("case", CENSORING.values(), ids=CENSORING)
def test_censoring(case):
    story, option, expected = case
    np.testing.assert_equal(pfs_of(story, censoring_date=option), expected)


def test_missed_assessments_are_counted_from_the_assessment_itself():
    story = {"visits": "SD(57) PD(225)"}
    options = {"pfs": "fda", "schedule": "8 weeks", "progression_date": "midpoint"}
    assert pfs_of(story, **options)[3] == "PFS-MISSED-ASSESSMENTS"
    assert pfs_of({"visits": "SD(57) PD(176)"}, **options)[0] == 117


def test_duration_of_response_follows():
    story = {"visits": "PR(57) PR(113) PD(169)"}
    row = derive(cohort_of(story, progression_date="midpoint")).frame.iloc[0]
    assert (row["dor_days"], row["dor_rule"]) == (84, "DOR-PD-MIDPOINT")
    story = {"visits": "PR(57) PR(113)", "alive": 300}
    row = derive(cohort_of(story, censoring_date="last-contact")).frame.iloc[0]
    assert (row["dor_days"], row["dor_rule"]) == (243, "DOR-LAST-CONTACT")
    row = derive(cohort_of(story, censoring_date="data-cutoff")).frame.iloc[0]
    assert (row["dor_days"], row["dor_rule"]) == (343, "DOR-DATA-CUTOFF")


def test_the_last_contact_is_the_entry_that_decided():
    row = derive(
        cohort_of({"visits": "SD(57)", "alive": 200}, censoring_date="last-contact")
    ).frame.iloc[0]
    assert (row["pfs_table"], row["pfs_column"]) == ("patients", "last_known_alive")


@pytest.mark.parametrize(
    ("options", "named", "unnamed"),
    [
        ({}, {"PFS-PD", "PFS-LAST-ASSESSMENT", "PFS-NO-ASSESSMENT"}, {"PFS-PD-MIDPOINT"}),
        ({"progression_date": "midpoint"}, {"PFS-PD-MIDPOINT", "DOR-PD-MIDPOINT"}, {"PFS-PD"}),
        (
            {"censoring_date": "last-contact"},
            {"PFS-LAST-CONTACT", "DOR-LAST-CONTACT"},
            {"PFS-LAST-ASSESSMENT", "PFS-NO-ASSESSMENT"},
        ),
        ({"censoring_date": "data-cutoff"}, {"PFS-DATA-CUTOFF"}, {"PFS-LAST-CONTACT"}),
    ],
)
def test_the_methods_name_the_rules(options, named, unnamed):
    rules = set(derive(cohort_of({"visits": "SD(57) PD(113)"}, **options)).rules)
    assert named <= rules
    assert not unnamed & rules


def test_no_cut_off_to_censor_at():
    frames = {
        "patients": pd.DataFrame({"patient_id": ["A"]}),
        "assessments": pd.DataFrame({"patient_id": ["A"], "day": [57], "response": ["SD"]}),
    }
    with pytest.raises(InputError, match="there is no data cut-off to censor at"):
        Cohort.from_frames(**frames, title="t", derivation={"censoring_date": "data-cutoff"})
