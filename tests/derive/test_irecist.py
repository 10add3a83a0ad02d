"""iRECIST as entered: which unconfirmed progressions (iUPD) count, and from which day."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_response import naive_settled
from patient_stories import cohort_of, visits

from dossier.cohort.columns import VISIT_RESPONSES
from dossier.cohort.model import Cohort
from dossier.cohort.settings import Derivation
from dossier.derive.irecist import with_progression_settled
from dossier.derive.patients import derive
from dossier.derive.response import best_response
from dossier.derive.visits import NO_VISIT, arrange

EVENT, CENSORED = 1.0, 0.0

# Scans, other events: best response and its day; PFS days and event; benefit at 16 weeks.
CASES = {
    "confirmed at the next scan: from the first iUPD": (
        "iSD(57) iUPD(113) iCPD(141)", {}, ("SD", 57), (113, EVENT), "no benefit"),
    "iUPD twice, then confirmed": (
        "iUPD(57) iUPD(85) iCPD(113)", {}, ("PD", 57), (57, EVENT), "no benefit"),
    "not evaluable between": (
        "iUPD(57) NE(85) iCPD(113)", {}, ("PD", 57), (57, EVENT), "no benefit"),
    "pseudoprogression: reset by response": (
        "iUPD(57) iPR(85) iPR(113)", {}, ("PR", 85), (113, CENSORED), "benefit"),
    "reset by stable disease": (
        "iUPD(57) iSD(113)", {}, ("SD", 113), (113, CENSORED), "benefit"),
    "reset without measurable lesions": (
        "iUPD(57) NON-iCR/NON-iUPD(113)", {}, ("NON-CR/NON-PD", 113), (113, CENSORED), "benefit"),
    "reset, then a new iUPD that is confirmed": (
        "iUPD(57) iSD(85) iUPD(113) iCPD(141)", {}, ("SD", 85), (113, EVENT), "no benefit"),
    "reset after two iUPD and a scan not evaluable": (
        "iUPD(57) iUPD(85) NE(99) iPR(113) iPR(141)", {}, ("PR", 113), (141, CENSORED), "benefit"),
    "confirmed first: a later response does not bring it back": (
        "iUPD(57) iCPD(85) iPR(113) iPR(141)", {}, ("PD", 57), (57, EVENT), "no benefit"),
    "never assessed again": (
        "iSD(57) iUPD(113)", {"alive": 390}, ("SD", 57), (113, EVENT), "no benefit"),
    "only iUPD to the end": (
        "iUPD(57) iUPD(113) iUPD(169)", {}, ("PD", 57), (57, EVENT), "no benefit"),
    "death after iUPD": ("iUPD(57)", {"died": 90}, ("PD", 57), (57, EVENT), "no benefit"),
    "response only under a new therapy": (
        "iUPD(57) iPR(113) iPR(169)", {"new_therapy": 60}, ("PD", 57), (57, EVENT), "no benefit"),
    "response on the day the new therapy starts": (
        "iUPD(57) iPR(85)", {"new_therapy": 85}, ("SD", 85), (85, CENSORED), "no benefit"),
    "reset after the cut-off does not count yet": (
        "iUPD(390) iPR(410)", {}, ("PD", 390), (390, EVENT), "no benefit"),
    "iUPD between two responses breaks the pair": (
        "iPR(57) iUPD(85) iPR(113)", {}, ("SD", 57), (113, CENSORED), "benefit"),
    "a reset iUPD is no benefit": (
        "iUPD(113) iSD(120) iCPD(125)", {}, ("SD", 120), (125, EVENT), "benefit"),
    "a reset iUPD is no stable disease": (
        "iUPD(50) iSD(60)", {"stopped": 70}, ("SD", 60), (60, CENSORED), "no benefit"),
    "PD as entered counts at once": (
        "PD(57) iPR(113)", {}, ("PD", 57), (57, EVENT), "no benefit"),
    "PD confirms an iUPD": ("iUPD(57) PD(85)", {}, ("PD", 57), (57, EVENT), "no benefit"),
    "two readings of one scan: the worse": (
        "iSD(57) iUPD(57) iCPD(85)", {}, ("PD", 57), (57, EVENT), "no benefit"),
    "iCPD without iUPD counts on its own day": (
        "iSD(57) iCPD(113)", {}, ("SD", 57), (113, EVENT), "no benefit"),
}  # fmt: skip


def plain(scans):
    """Scans with the codes as they stand in the cohort."""
    synonyms = {"iCR": "CR", "iPR": "PR", "iSD": "SD", "NON-iCR/NON-iUPD": "NON-CR/NON-PD"}
    return [(day, synonyms.get(code, code)) for day, code in visits(scans)]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_one_patient(case):
    scans, events, response, pfs, benefit = case
    cohort = cohort_of({"visits": plain(scans), **events}, {"visits": "iUPD(57)", "died": 399})
    row = derive(cohort).frame.iloc[0]
    assert (row["best_response"], row["best_response_day"]) == response
    assert (row["pfs_days"], row["pfs_event"]) == pfs
    assert row["benefit_16w"] == benefit


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_same_from_python(case):
    scans, events, response, _, _ = case
    found = best_response(
        visits(scans), new_therapy_day=events.get("new_therapy"), data_cutoff_day=400
    )
    assert found == response


def test_a_reset_iupd_before_clinical_progression_is_no_benefit():
    story = {"visits": plain("iUPD(110) iSD(120)"), "clinical_progression": 115}
    frame = derive(cohort_of(story, clinical_progression="event")).frame
    assert frame["benefit_16w"].tolist() == ["no benefit"]


def test_read_by_recist_every_iupd_is_progression():
    story = {"visits": plain("iUPD(57) iPR(85) iPR(113)")}
    patients = derive(cohort_of(story, response_criteria="recist-1.1"))
    row = patients.frame.iloc[0]
    assert (row["best_response"], row["pfs_days"], row["pfs_event"]) == ("PD", 57, EVENT)
    assert "irecist-read-as-recist" in patients.notes
    assert "VISIT-IUPD-AS-PD" in patients.rules
    assert best_response(visits("iUPD(57) iPR(85)"), response_criteria="recist-1.1") == ("PD", 57)


def test_the_methods_say_so():
    patients = derive(cohort_of({"visits": plain("iUPD(57) iCPD(85)")}))
    assert "irecist" in patients.notes
    assert "VISIT-IRECIST" in patients.rules
    ordinary = derive(cohort_of({"visits": "SD(57)"}))
    assert "irecist" not in ordinary.notes
    assert not any(rule.startswith("VISIT-") for rule in ordinary.rules)


def test_codes_are_read_from_a_table():
    made = cohort_of({"visits": "SD(57)"}, {"visits": "SD(57)"})
    assessments = made.assessments[["patient_id", "date"]].assign(response=["iSD", "IUPD"])
    cohort = Cohort.from_frames(
        patients=made.patients[["patient_id", "treatment_start"]], assessments=assessments
    )
    assert cohort.assessments["response"].tolist() == ["SD", "iUPD"]
    assert derive(cohort).frame["best_response"].tolist() == ["SD", "PD"]


def test_a_best_response_given_as_iupd_is_progression():
    patients = cohort_of({}, {}, {}).patients[["patient_id"]]
    patients = patients.assign(best_response=["iUPD", "iCPD", "iPR"])
    cohort = Cohort.from_frames(patients=patients)
    assert derive(cohort).frame["best_response"].tolist() == ["PD", "PD", "PR"]


sequences = st.lists(
    st.tuples(st.integers(1, 60), st.sampled_from(VISIT_RESPONSES)),
    max_size=9,
    unique_by=lambda visit: visit[0],
)


@settings(max_examples=1000)
@given(st.lists(sequences, min_size=1, max_size=4), st.none() | st.integers(0, 60))
def test_agrees_with_a_naive_implementation(patients, therapy):
    entries = [(place, day, code) for place, scans in enumerate(patients) for day, code in scans]
    arranged = arrange(
        np.array([place for place, _, _ in entries], dtype=np.int64),
        np.array([day for _, day, _ in entries], dtype=np.float64),
        np.array([VISIT_RESPONSES.index(code) for _, _, code in entries], dtype=np.int8),
        np.arange(len(entries)),
        patients=len(patients),
    )
    last_day = np.full(len(patients), np.inf if therapy is None else float(therapy))
    settled = with_progression_settled(arranged, last_day, Derivation())
    for place, scans in enumerate(patients):
        found = [VISIT_RESPONSES[code] for code in settled.response[place] if code != NO_VISIT]
        assert found == [code for _, code in naive_settled(scans, therapy)]
