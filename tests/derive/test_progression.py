"""Progression-free survival (rule set `standard`) and duration of response, patient by patient."""

import numpy as np
import pytest
from patient_stories import cohort_of

from dossier.derive.patients import derive

EVENT, CENSORED = 1.0, 0.0
CLINICAL = {"clinical_progression": "event"}

# What happened (days since the start; the cut-off is on day 400), days, event, reason, rule.
PFS = {
    "progression on a scan": (
        {"visits": "SD(57) PD(113)", "died": 200},
        (113, EVENT, "progression", "PFS-PD"),
    ),
    "the first of two progressions": (
        {"visits": "SD(57) PD(113) PD(169)"},
        (113, EVENT, "progression", "PFS-PD"),
    ),
    "death without progression": (
        {"visits": "SD(57) SD(113)", "died": 150},
        (150, EVENT, "death", "PFS-DEATH"),
    ),
    "death before the first scan": ({"visits": "", "died": 20}, (20, EVENT, "death", "PFS-DEATH")),
    "progression and death on one day": (
        {"visits": "SD(57) PD(113)", "died": 113},
        (113, EVENT, "progression", "PFS-PD"),
    ),
    "no event": (
        {"visits": "SD(57) PR(113)", "alive": 390},
        (113, CENSORED, "no event at last evaluable assessment", "PFS-LAST-ASSESSMENT"),
    ),
    "last scan not evaluable": (
        {"visits": "SD(57) PR(113) NE(169)", "alive": 390},
        (113, CENSORED, "no event at last evaluable assessment", "PFS-LAST-ASSESSMENT"),
    ),
    "only scans that are not evaluable": (
        {"visits": "NE(57) NE(113)", "alive": 390},
        (0, CENSORED, "no evaluable assessment after baseline", "PFS-NO-ASSESSMENT"),
    ),
    "no scan, alive": (
        {"visits": "", "alive": 390},
        (0, CENSORED, "no evaluable assessment after baseline", "PFS-NO-ASSESSMENT"),
    ),
    "baseline scan only": (
        {"visits": "SD(0)", "alive": 390},
        (0, CENSORED, "no evaluable assessment after baseline", "PFS-NO-ASSESSMENT"),
    ),
    "new therapy, then progression": (
        {"visits": "SD(57) SD(113) PD(169)", "new_therapy": 120},
        (113, CENSORED, "new anticancer therapy", "PFS-NEW-THERAPY"),
    ),
    "new therapy, then death": (
        {"visits": "SD(57)", "new_therapy": 80, "died": 200},
        (57, CENSORED, "new anticancer therapy", "PFS-NEW-THERAPY"),
    ),
    "new therapy, scans go on without progression": (
        {"visits": "SD(57) SD(113) SD(169)", "new_therapy": 120},
        (113, CENSORED, "new anticancer therapy", "PFS-NEW-THERAPY"),
    ),
    "scan on the day the new therapy starts": (
        {"visits": "SD(57) SD(113) PD(169)", "new_therapy": 113},
        (113, CENSORED, "new anticancer therapy", "PFS-NEW-THERAPY"),
    ),
    "last scan before new therapy not evaluable": (
        {"visits": "SD(57) NE(113) PD(169)", "new_therapy": 120},
        (57, CENSORED, "new anticancer therapy", "PFS-NEW-THERAPY"),
    ),
    "new therapy before any scan": (
        {"visits": "PD(57)", "new_therapy": 30, "died": 90},
        (0, CENSORED, "new anticancer therapy", "PFS-NEW-THERAPY"),
    ),
    "new therapy on the day of progression": (
        {"visits": "SD(57) PD(113)", "new_therapy": 113},
        (113, EVENT, "progression", "PFS-PD"),
    ),
    "new therapy after progression": (
        {"visits": "SD(57) PD(113)", "new_therapy": 120},
        (113, EVENT, "progression", "PFS-PD"),
    ),
    "new therapy after the cut-off": (
        {"visits": "SD(57) SD(113)", "new_therapy": 401},
        (113, CENSORED, "no event at last evaluable assessment", "PFS-LAST-ASSESSMENT"),
    ),
    "progression after the cut-off": (
        {"visits": "SD(57) SD(393) PD(401)"},
        (393, CENSORED, "no event at last evaluable assessment", "PFS-LAST-ASSESSMENT"),
    ),
    "progression on the cut-off": (
        {"visits": "SD(57) PD(400)"},
        (400, EVENT, "progression", "PFS-PD"),
    ),
    "death after the cut-off": (
        {"visits": "SD(57)", "died": 401},
        (57, CENSORED, "no event at last evaluable assessment", "PFS-LAST-ASSESSMENT"),
    ),
    "no scan, death after the cut-off": (
        {"visits": "", "died": 401},
        (0, CENSORED, "no evaluable assessment after baseline", "PFS-NO-ASSESSMENT"),
    ),
    "response lost after CR is no progression as entered": (
        {"visits": "CR(57) PR(113) SD(169)"},
        (169, CENSORED, "no event at last evaluable assessment", "PFS-LAST-ASSESSMENT"),
    ),
    "two readings of one scan: the worse": (
        {"visits": "SD(57) SD(113) PD(113)"},
        (113, EVENT, "progression", "PFS-PD"),
    ),
    "NE beside SD on one day": (
        {"visits": "SD(57) NE(113) SD(113)"},
        (113, CENSORED, "no event at last evaluable assessment", "PFS-LAST-ASSESSMENT"),
    ),
    "NON-CR/NON-PD is evaluable": (
        {"visits": "NON-CR/NON-PD(57)"},
        (57, CENSORED, "no event at last evaluable assessment", "PFS-LAST-ASSESSMENT"),
    ),
    "scan dated after death": (
        {"visits": "SD(57) PD(113)", "died": 90},
        (90, EVENT, "death", "PFS-DEATH"),
    ),
    "clinical progression ignored": (
        {"visits": "SD(57)", "clinical_progression": 80},
        (57, CENSORED, "no event at last evaluable assessment", "PFS-LAST-ASSESSMENT"),
    ),
    "died, date not recorded": (
        {"visits": "SD(57)", "death_cause": "sepsis"},
        (np.nan, np.nan, "date of death not known", "PFS-UNKNOWN"),
    ),
    "progression, died, date not recorded": (
        {"visits": "SD(57) PD(113)", "death_cause": "cancer"},
        (113, EVENT, "progression", "PFS-PD"),
    ),
    "new therapy, died, date not recorded": (
        {"visits": "SD(57)", "new_therapy": 80, "death_cause": "cancer"},
        (57, CENSORED, "new anticancer therapy", "PFS-NEW-THERAPY"),
    ),
    "death before the start of treatment is an error": (
        {"visits": "SD(57)", "died": -3},
        (np.nan, np.nan, "date of death not known", "PFS-UNKNOWN"),
    ),
}

PFS_CLINICAL = {
    "clinical progression counts": (
        {"visits": "SD(57)", "clinical_progression": 80},
        (80, EVENT, "clinical progression", "PFS-CLINICAL-PROGRESSION"),
    ),
    "progression on a scan before it": (
        {"visits": "SD(57) PD(70)", "clinical_progression": 80},
        (70, EVENT, "progression", "PFS-PD"),
    ),
    "progression on a scan the same day": (
        {"visits": "SD(57) PD(80)", "clinical_progression": 80},
        (80, EVENT, "progression", "PFS-PD"),
    ),
    "new therapy before it": (
        {"visits": "SD(57)", "new_therapy": 79, "clinical_progression": 80},
        (57, CENSORED, "new anticancer therapy", "PFS-NEW-THERAPY"),
    ),
    "new therapy the same day": (
        {"visits": "SD(57)", "new_therapy": 80, "clinical_progression": 80},
        (80, EVENT, "clinical progression", "PFS-CLINICAL-PROGRESSION"),
    ),
    "before the start of treatment": (
        {"visits": "SD(57)", "clinical_progression": -3},
        (np.nan, np.nan, "clinical progression before treatment start", "PFS-UNKNOWN"),
    ),
    "after the cut-off": (
        {"visits": "SD(57)", "clinical_progression": 401},
        (57, CENSORED, "no event at last evaluable assessment", "PFS-LAST-ASSESSMENT"),
    ),
}


def check(row, endpoint, expected):
    days, event, reason, rule = expected
    np.testing.assert_equal(
        [row[f"{endpoint}_{name}"] for name in ("days", "event", "reason", "rule")],
        [days, event, reason, rule],
    )


@pytest.mark.parametrize("case", PFS.values(), ids=PFS)
def test_progression_free_survival(case):
    story, expected = case
    cohort = cohort_of(story, {"visits": "SD(57)", "died": 399})
    check(derive(cohort).frame.iloc[0], "pfs", expected)


@pytest.mark.parametrize("case", PFS_CLINICAL.values(), ids=PFS_CLINICAL)
def test_clinical_progression_as_an_event(case):
    story, expected = case
    cohort = cohort_of(story, {"visits": "SD(57)", "died": 399}, **CLINICAL)
    check(derive(cohort).frame.iloc[0], "pfs", expected)


DOR = {
    "response, then progression": (
        {"visits": "PR(57) PR(113) PD(169)"},
        (112, EVENT, "progression", "DOR-PD"),
    ),
    "ongoing response": (
        {"visits": "PR(57) PR(113) PR(169)", "alive": 390},
        (112, CENSORED, "no event at last evaluable assessment", "DOR-LAST-ASSESSMENT"),
    ),
    "response, then death": (
        {"visits": "PR(57) PR(113)", "died": 200},
        (143, EVENT, "death", "DOR-DEATH"),
    ),
    "response, then new therapy": (
        {"visits": "PR(57) PR(113) PD(169)", "new_therapy": 120},
        (56, CENSORED, "new anticancer therapy", "DOR-NEW-THERAPY"),
    ),
    "counted from the CR that carries the response": (
        {"visits": "PR(57) CR(113) CR(169) PD(225)"},
        (112, EVENT, "progression", "DOR-PD"),
    ),
    "confirmed CR, then PR: progression only as entered": (
        {"visits": "CR(57) CR(113) PR(169) PD(225)"},
        (168, EVENT, "progression", "DOR-PD"),
    ),
    "died, date not recorded": (
        {"visits": "PR(57) PR(113)", "death_cause": "cancer"},
        (np.nan, np.nan, "date of death not known", "DOR-UNKNOWN"),
    ),
    "not confirmed: no responder": ({"visits": "PR(57) PD(113)"}, (np.nan, np.nan, "", "")),
    "stable disease: no responder": ({"visits": "SD(57) SD(113)"}, (np.nan, np.nan, "", "")),
}


@pytest.mark.parametrize("case", DOR.values(), ids=DOR)
def test_duration_of_response(case):
    story, expected = case
    check(derive(cohort_of(story)).frame.iloc[0], "dor", expected)


def test_clinical_progression_before_the_response_leaves_its_duration_unknown():
    story = {"visits": "PR(57) PR(113)", "clinical_progression": 40}
    row = derive(cohort_of(story, **CLINICAL)).frame.iloc[0]
    assert row["responder"]
    check(row, "dor", (np.nan, np.nan, "progression before response", "DOR-UNKNOWN"))


def test_time_to_response_is_that_of_the_visit_that_carries_it():
    stories = [
        {"visits": "PR(57) PR(113)"},
        {"visits": "PR(57)"},
        {"visits": "SD(57) CR(113) CR(169)"},
    ]
    frame = derive(cohort_of(*stories)).frame
    np.testing.assert_equal(frame["time_to_response_days"].tolist(), [57, np.nan, 113])


def test_every_time_names_the_entry_that_decided():
    frame = derive(
        cohort_of(
            {"visits": "SD(57) PD(113)"},
            {"visits": "SD(57)", "died": 90},
            {"visits": "SD(57) NE(113)"},
            {"visits": ""},
            {"visits": "NE(57)", "new_therapy": 60},
        )
    ).frame
    source = frame[["pfs_table", "pfs_column", "pfs_row"]].to_numpy().tolist()
    assert source == [
        ["assessments", "response", 3],
        ["patients", "death_date", 3],
        ["assessments", "response", 5],
        ["patients", "treatment_start", 5],
        ["patients", "new_therapy_start", 6],
    ]
