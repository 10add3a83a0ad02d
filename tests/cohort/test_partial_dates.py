"""Dates without a day: the day taken by the policy, kept possible, and the days possible."""

import datetime

import pandas as pd
import pytest

from dossier.cohort.model import Cohort
from dossier.cohort.partial_dates import at_bounds


def cohort_of(patient, visits=(), events=(), policy="middle", cutoff=None):
    """One patient who starts on 2024-03-10; visits as (date, response[, assessor])."""
    start = {"patient_id": "P1", "treatment_start": "2024-03-10"}
    names = ("date", "response", "assessor")
    assessments = [dict(zip(names, each, strict=False)) | {"patient_id": "P1"} for each in visits]
    described = {} if cutoff is None else {"data_cutoff": cutoff}
    return Cohort.from_frames(
        patients=pd.DataFrame([start | patient]),
        assessments=pd.DataFrame(assessments) if visits else None,
        adverse_events=pd.DataFrame(
            [{"patient_id": "P1", "term": "Rash"} | each for each in events]
        )
        if events
        else None,
        derivation={"partial_dates": policy},
        **described,
    )


def day(text):
    return datetime.date.fromisoformat(text)


# What is known, then: day taken (first, middle, last), earliest and latest possible.
PATIENTS = [
    ("a month alone", "death_date", {"death_date": "2024-07"},
     ("2024-07-01", "2024-07-15", "2024-07-31"), ("2024-07-01", "2024-07-31")),
    ("a year alone", "death_date", {"death_date": "2025"},
     ("2025-01-01", "2025-06-30", "2025-12-31"), ("2025-01-01", "2025-12-31")),
    ("February of a leap year", "treatment_start", {"treatment_start": "2024-02"},
     ("2024-02-01", "2024-02-15", "2024-02-29"), ("2024-02-01", "2024-02-29")),
    ("treatment does not end before it starts", "treatment_end", {"treatment_end": "2024-03"},
     ("2024-03-10", "2024-03-15", "2024-03-31"), ("2024-03-10", "2024-03-31")),
    ("no new therapy after death", "new_therapy_start",
     {"new_therapy_start": "2024-05", "death_date": "2024-05-12"},
     ("2024-05-01", "2024-05-12", "2024-05-12"), ("2024-05-01", "2024-05-12")),
    ("no death before a day of life", "death_date",
     {"death_date": "2024-05", "last_known_alive": "2024-05-20"},
     ("2024-05-20", "2024-05-20", "2024-05-31"), ("2024-05-20", "2024-05-31")),
    ("treatment starts before it ends", "treatment_start",
     {"treatment_start": "2024-03", "treatment_end": "2024-03-05"},
     ("2024-03-01", "2024-03-05", "2024-03-05"), ("2024-03-01", "2024-03-05")),
    ("what contradicts narrows nothing", "treatment_end",
     {"treatment_end": "2024-03", "death_date": "2024-03-05"},
     ("2024-03-01", "2024-03-15", "2024-03-31"), ("2024-03-01", "2024-03-31")),
]  # fmt: skip


@pytest.mark.parametrize("place", range(3), ids=["first", "middle", "last"])
@pytest.mark.parametrize(
    ("column", "patient", "taken", "bounds"),
    [story[1:] for story in PATIENTS],
    ids=[story[0] for story in PATIENTS],
)
def test_the_day_of_a_patient(column, patient, taken, bounds, place):
    read = cohort_of(patient, policy=("first", "middle", "last")[place])
    (partial,) = [each for each in read.partial_dates if each.column == column]
    assert partial.date == day(taken[place])
    assert (partial.earliest, partial.latest) == (day(bounds[0]), day(bounds[1]))
    assert read.patients[column][0] == pd.Timestamp(taken[place])
    assert (partial.table, partial.position, partial.patient) == ("patients", 0, "P1")


def test_nothing_lies_after_the_data_cutoff():
    read = cohort_of({"last_known_alive": "2024-06"}, policy="last", cutoff="2024-06-20")
    assert read.patients["last_known_alive"][0] == pd.Timestamp("2024-06-20")


def test_an_event_begins_with_treatment_at_the_earliest_and_ends_after_its_start():
    events = [{"start": "2024-03", "end": ""}, {"start": "2024-04-20", "end": "2024-04"}]
    read = cohort_of({}, events=events, policy="first")
    assert read.adverse_events["start"][0] == pd.Timestamp("2024-03-10")
    assert read.adverse_events["end"][1] == pd.Timestamp("2024-04-20")


def test_a_visit_may_lie_before_treatment():
    read = cohort_of({}, [("2024-03", "SD")], policy="first")
    assert read.assessments["date"][0] == pd.Timestamp("2024-03-01")


def test_progression_is_not_before_a_scan_without_it():
    visits = [("2024-05-20", "SD"), ("2024-05", "PD"), ("2024-05", "SD")]
    read = cohort_of({}, visits, policy="first")
    assert read.assessments["date"].tolist()[1:] == [
        pd.Timestamp("2024-05-20"),
        pd.Timestamp("2024-05-01"),
    ]


def test_another_reader_says_nothing_of_it():
    visits = [("2024-05-20", "SD", "central"), ("2024-05", "PD", "investigator")]
    read = cohort_of({}, visits, policy="first")
    assert read.assessments["date"][1] == pd.Timestamp("2024-05-01")


def test_a_partial_date_narrows_no_other():
    read = cohort_of({"treatment_start": "2024-03", "treatment_end": "2024-03"}, policy="first")
    assert [each.earliest for each in read.partial_dates] == [day("2024-03-01")] * 2


def test_the_query_says_what_was_taken_and_what_is_possible():
    read = cohort_of({"death_date": "2024-05", "last_known_alive": "2024-05-20"})
    (query,) = [each for each in read.queries if each.rule == "partial-date"]
    assert query.message == "the date of death has no day"
    assert query.consequence == (
        "read as 2024-05-20, the possible day nearest to the middle of the month "
        "(derivation.partial_dates); possible from 2024-05-20 (a day on which the patient was "
        "alive) to 2024-05-31"
    )


def test_a_cohort_at_its_bounds():
    read = cohort_of({"death_date": "2024-07"}, [("2024-05", "SD")])
    early, late = at_bounds(read, "earliest"), at_bounds(read, "latest")
    assert early.patients["death_date"][0] == pd.Timestamp("2024-07-01")
    assert late.patients["death_date"][0] == pd.Timestamp("2024-07-31")
    assert early.assessments["date"][0] == pd.Timestamp("2024-05-01")
    assert read.patients["death_date"][0] == pd.Timestamp("2024-07-15")


def test_positions_move_with_the_patients():
    patients = pd.DataFrame(
        {
            "patient_id": ["P1", "P2"],
            "treatment_start": ["", "2024-01"],
            "arm": ["Screen failure", "A"],
        }
    )
    visits = pd.DataFrame({"patient_id": ["P2"], "date": ["2024-03"], "response": ["SD"]})
    read = Cohort.from_frames(patients=patients, assessments=visits)
    assert [(each.table, each.position) for each in read.partial_dates] == [
        ("patients", 0),
        ("assessments", 0),
    ]
    assert at_bounds(read, "latest").patients["treatment_start"][0] == pd.Timestamp("2024-01-31")
