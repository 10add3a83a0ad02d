"""The data queries: one patient's story a rule, and what is said about it."""

import pandas as pd
import pytest

from dossier.cohort.check import RULES, chosen_assessor
from dossier.cohort.frames import with_settings
from dossier.cohort.model import Cohort
from dossier.errors import InputError

CUTOFF = "2024-06-30"


def cohort_of(patient, visits=(), events=None, **settings):
    """One patient who starts on 2024-01-01; visits as (date, response)."""
    patients = pd.DataFrame([{"patient_id": "P1", "treatment_start": "2024-01-01"} | patient])
    columns = ["patient_id", "date", "response"]
    assessments = [
        {"patient_id": "P1"} | dict(zip(columns[1:], visit[:2], strict=True)) | dict(visit[2:])
        for visit in visits
    ]
    return Cohort.from_frames(
        patients=patients,
        assessments=pd.DataFrame(assessments) if visits else None,
        adverse_events=None if events is None else pd.DataFrame(events),
        **settings,
    )


def queries_of(*args, **settings):
    settings.setdefault("data_cutoff", CUTOFF)
    return cohort_of(*args, **settings).queries


SD = ("2024-03-01", "SD")

# rule, severity, patient, visits, then: table row, column, value, message
PATIENT_STORIES = [
    ("no-treatment-start", "warning", {"treatment_start": None}, (),
     "treatment_start", None, "the start of treatment is missing"),
    ("treatment-start-after-cutoff", "error", {"treatment_start": "2024-07-01"}, (),
     "treatment_start", "2024-07-01",
     "treatment starts on 2024-07-01, after the data cut-off 2024-06-30"),
    ("treatment-end-before-start", "warning", {"treatment_end": "2023-12-01"}, (SD,),
     "treatment_end", "2023-12-01", "treatment ends on 2023-12-01, before its start on 2024-01-01"),
    ("treatment-end-after-cutoff", "note", {"treatment_end": "2024-07-01"}, (SD,),
     "treatment_end", "2024-07-01",
     "treatment ends on 2024-07-01, after the data cut-off 2024-06-30"),
    ("clinical-progression-after-cutoff", "note",
     {"clinical_progression_date": "2024-07-01"}, (SD,),
     "clinical_progression_date", "2024-07-01",
     "clinical progression is on 2024-07-01, after the data cut-off 2024-06-30"),
    ("clinical-progression-out-of-time", "error",
     {"clinical_progression_date": "2023-12-01"}, (SD,),
     "clinical_progression_date", "2023-12-01",
     "clinical progression is on 2023-12-01, before the start of treatment on 2024-01-01"),
    ("clinical-progression-out-of-time", "error",
     {"clinical_progression_date": "2024-05-01", "death_date": "2024-04-01"}, (SD,),
     "clinical_progression_date", "2024-05-01",
     "clinical progression is on 2024-05-01, after the death on 2024-04-01"),
    ("treatment-end-after-death", "warning",
     {"treatment_end": "2024-05-01", "death_date": "2024-04-01"}, (SD,),
     "treatment_end", "2024-05-01", "treatment ends on 2024-05-01, after the death on 2024-04-01"),
    ("new-therapy-before-treatment-start", "error", {"new_therapy_start": "2023-12-01"}, (SD,),
     "new_therapy_start", "2023-12-01",
     "a new anticancer therapy starts on 2023-12-01, before the start of treatment on 2024-01-01"),
    ("new-therapy-after-cutoff", "note", {"new_therapy_start": "2024-07-01"}, (SD,),
     "new_therapy_start", "2024-07-01",
     "a new anticancer therapy starts on 2024-07-01, after the data cut-off 2024-06-30"),
    ("new-therapy-after-death", "error",
     {"new_therapy_start": "2024-05-01", "death_date": "2024-04-01"}, (SD,),
     "new_therapy_start", "2024-05-01",
     "a new anticancer therapy starts on 2024-05-01, after the death on 2024-04-01"),
    ("death-before-treatment-start", "error", {"death_date": "2023-12-31"}, (),
     "death_date", "2023-12-31",
     "the patient died on 2023-12-31, before the start of treatment on 2024-01-01"),
    ("death-after-cutoff", "note", {"death_date": "2024-07-01"}, (SD,),
     "death_date", "2024-07-01",
     "the patient died on 2024-07-01, after the data cut-off 2024-06-30"),
    ("death-without-date", "error", {"death_date": None, "death_cause": "disease"}, (SD,),
     "death_date", None, "a cause of death is given, but no date of death"),
    ("death-without-date", "error", {"death_date": None, "os_event": 1, "os_days": 90}, (SD,),
     "death_date", None, "the death (os_event) is given, but no date of death"),
    ("alive-after-death", "error",
     {"last_known_alive": "2024-05-01", "death_date": "2024-04-01"}, (SD,),
     "last_known_alive", "2024-05-01",
     "the patient is known alive on 2024-05-01, after the death on 2024-04-01"),
    ("alive-after-cutoff", "note", {"last_known_alive": "2024-07-01"}, (SD,),
     "last_known_alive", "2024-07-01",
     "the patient is known alive on 2024-07-01, after the data cut-off 2024-06-30"),
    ("last-alive-before-treatment-start", "warning", {"last_known_alive": "2023-12-01"}, (SD,),
     "last_known_alive", "2023-12-01",
     "the patient was last known alive on 2023-12-01, before the start of treatment on 2024-01-01"),
    ("no-assessment", "warning", {}, (("2023-12-20", ""),),
     "patient_id", "P1", "there is no assessment after the start of treatment that can be used"),
    ("best-response-missing", "warning", {"best_response": "", "pfs_days": 30, "pfs_event": 1}, (),
     "best_response", None, "the best response is missing"),
    ("pfs-status-without-time", "warning", {"pfs_days": "", "pfs_event": 1}, (),
     "pfs_days", None, "it is known how progression-free survival ended, but not when"),
    ("os-time-without-status", "warning", {"os_days": 90, "os_event": "UNKNOWN"}, (),
     "os_event", "UNKNOWN",
     "the time of overall survival is known, but not whether an event ended it"),
    ("os-status-without-time", "warning", {"os_days": "", "os_event": 0}, (),
     "os_days", None, "it is known how overall survival ended, but not when"),
    ("pfs-time-without-status", "warning", {"pfs_days": 90, "pfs_event": ""}, (),
     "pfs_event", None,
     "the time of progression-free survival is known, but not whether an event ended it"),
    ("dor-time-without-status", "warning",
     {"best_response": "PR", "dor_days": 90, "dor_event": ""}, (),
     "dor_event", None,
     "the time of duration of response is known, but not whether an event ended it"),
    ("dor-status-without-time", "warning",
     {"best_response": "PR", "dor_days": "", "dor_event": 1}, (),
     "dor_days", None, "it is known how duration of response ended, but not when"),
    ("pfs-longer-than-os", "error",
     {"pfs_days": 100, "pfs_event": 1, "os_days": 90, "os_event": 1}, (),
     "pfs_days", "100",
     "progression-free survival (100 days) is longer than overall survival (90 days)"),
    ("responder-without-duration", "warning",
     {"best_response": "CR", "dor_days": "", "dor_event": ""}, (),
     "dor_days", None, "the patient responded, but the duration of response is missing"),
    ("duration-without-response", "warning",
     {"best_response": "SD", "dor_days": 50, "dor_event": 1}, (),
     "dor_days", "50", "a duration of response is given, but no response"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "severity", "patient", "visits", "column", "value", "message"),
    PATIENT_STORIES,
    ids=[f"{story[0]}-{number}" for number, story in enumerate(PATIENT_STORIES)],
)
def test_queries_about_patients(rule, severity, patient, visits, column, value, message):
    (query,) = [each for each in queries_of(patient, visits) if each.rule == rule]
    assert query.severity == severity
    assert (query.patient, query.file, query.row) == ("P1", "patients (data frame)", 2)
    assert (query.column, query.value, query.message) == (column, value, message)
    assert query.consequence
    assert query.endpoints


# rule, severity, patient, visits, then: row, column, value, message
VISIT_STORIES = [
    ("assessment-after-cutoff", "note", {}, (SD, ("2024-07-01", "PD")),
     3, "date", "2024-07-01", "the assessment on 2024-07-01 is after the data cut-off 2024-06-30"),
    ("assessment-before-treatment", "note", {}, (("2023-12-31", "SD"), SD),
     2, "date", "2023-12-31", "SD is entered 1 day before the start of treatment"),
    ("assessment-before-treatment", "note", {}, (("2024-01-01", "NE"), SD),
     2, "date", "2024-01-01", "NE is entered on the day treatment started"),
    ("assessment-after-death", "error", {"death_date": "2024-02-01"}, (SD,),
     2, "date", "2024-03-01", "the assessment on 2024-03-01 is after the death on 2024-02-01"),
    ("day-and-date-disagree", "warning", {}, ((*SD, ("day", 61)),),
     2, "day", "61", "the day is 61, but by its date it is day 60"),
    ("duplicate-assessment", "warning", {}, (SD, SD),
     3, "response", "SD", "the same assessment stands on row 2"),
    ("contradictory-assessments", "error", {}, (SD, ("2024-03-01", "PD")),
     3, "response", "PD", "PD here and SD on row 2, on the same day"),
    ("response-after-progression", "warning", {}, (("2024-03-01", "PD"), ("2024-05-01", "PR")),
     3, "response", "PR", "PR is entered after PD on day 60"),
    ("response-after-progression", "warning", {},
     (("2024-03-01", "iUPD"), ("2024-04-15", "iCPD"), ("2024-05-01", "PR")),
     4, "response", "PR", "PR is entered after iCPD on day 105"),
    ("confirmed-progression-without-unconfirmed", "warning", {}, (SD, ("2024-05-01", "iCPD")),
     3, "response", "iCPD",
     "progression is called confirmed (iCPD), but there is no iUPD before it"),
    ("progression-confirmed-too-soon", "note", {}, (("2024-03-01", "iUPD"), ("2024-03-22", "iCPD")),
     3, "response", "iCPD", "progression is called confirmed 21 days after iUPD"),
    ("several-vocabularies", "warning", {}, (("2024-03-01", "iUPD"), ("2024-05-01", "PD")),
     3, "response", "PD", "PD is entered, and iUPD or iCPD at another visit of the patient"),
    ("baseline-missing", "warning", {},
     ((*SD, ("target_sum_mm", 40)), ("2024-05-01", "SD", ("target_sum_mm", 42))),
     2, "target_sum_mm", "40",
     "target lesions are measured, but there is no sum from before treatment"),
    ("worse-after-cr", "error", {}, (("2024-03-01", "CR"), ("2024-05-01", "PR")),
     3, "response", "PR", "PR follows a CR on day 60"),
    ("new-lesion-without-progression", "warning", {}, ((*SD, ("new_lesion", "yes")),),
     2, "response", "SD", "a new lesion was seen, but the response is SD"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "severity", "patient", "visits", "row", "column", "value", "message"),
    VISIT_STORIES,
    ids=[f"{story[0]}-{number}" for number, story in enumerate(VISIT_STORIES)],
)
def test_queries_about_visits(rule, severity, patient, visits, row, column, value, message):
    (query,) = [each for each in queries_of(patient, visits) if each.rule == rule]
    assert query.severity == severity
    assert (query.patient, query.file, query.row) == ("P1", "assessments (data frame)", row)
    assert (query.column, query.value, query.message) == (column, value, message)
    assert {"best_response", "pfs"} & set(query.endpoints)


EVENT_STORIES = [
    ("adverse-event-before-treatment", "note", {"start": "2023-12-31"}, "start",
     "the event begins on 2023-12-31, before the start of treatment on 2024-01-01"),
    ("adverse-event-after-cutoff", "note", {"start": "2024-07-01"}, "start",
     "the event begins on 2024-07-01, after the data cut-off 2024-06-30"),
    ("adverse-event-after-death", "warning", {"start": "2024-05-02"}, "start",
     "the event begins on 2024-05-02, after the death on 2024-05-01"),
    ("adverse-event-ends-before-start", "warning",
     {"start": "2024-02-02", "end": "2024-02-01"}, "end",
     "the event ends on 2024-02-01, before its start on 2024-02-02"),
    ("adverse-event-without-grade", "warning", {"grade": None}, "grade", "the grade is missing"),
    ("adverse-event-action-not-known", "warning", {"action_taken": "see form"}, "action_taken",
     "the action taken is 'see form'"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "severity", "event", "column", "message"), EVENT_STORIES)
def test_queries_about_adverse_events(rule, severity, event, column, message):
    events = [{"patient_id": "P1", "term": "Rash", "grade": 1} | event]
    found = queries_of({"death_date": "2024-05-01"}, (SD,), events)
    (query,) = [each for each in found if each.rule == rule]
    assert (query.severity, query.column, query.message) == (severity, column, message)
    assert query.endpoints == ("safety",)


def test_every_rule_has_a_story():
    told = {story[0] for story in (*PATIENT_STORIES, *VISIT_STORIES, *EVENT_STORIES)}
    told.add("protocol-deviation-after-cutoff")  # test_protocol_deviations
    assert told == {rule.id for rule in RULES}
    assert len({rule.id for rule in RULES}) == len(RULES)


CLEAN = [
    ("a usual patient", {"last_known_alive": CUTOFF, "treatment_end": "2024-05-01"},
     (("2023-12-20", ""), SD, ("2024-04-26", "PR"), ("2024-06-21", "PD"))),
    ("a death on the day of the last contact and of the last assessment",
     {"death_date": "2024-03-01", "last_known_alive": "2024-03-01", "death_cause": "disease"},
     (SD,)),
    ("a new therapy on the first day, and CR that stays",
     {"new_therapy_start": "2024-06-01"}, (("2024-03-01", "CR"), ("2024-05-01", "CR"))),
    ("worse after CR, but after a new therapy",
     {"new_therapy_start": "2024-04-01"}, (("2024-03-01", "CR"), ("2024-05-01", "SD"))),
    ("CR, NE, PD", {}, (("2024-03-01", "CR"), ("2024-04-01", "NE"), ("2024-05-01", "PD"))),
    ("PD and NE after PD", {}, (("2024-03-01", "PD"), ("2024-04-01", "NE"), ("2024-05-01", "PD"))),
    ("not evaluable, and never assessed", {"evaluable": "no"}, (("2023-12-20", ""),)),
    ("endpoints as given",
     {"best_response": "PR", "dor_days": 30, "dor_event": 1, "pfs_days": 90.4, "pfs_event": 1,
      "os_days": 90, "os_event": 0}, ()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("patient", "visits"), [story[1:] for story in CLEAN], ids=[story[0] for story in CLEAN]
)
def test_no_query_where_nothing_is_odd(patient, visits):
    assert queries_of(patient, visits) == ()


def test_dates_after_the_latest_date_cannot_be_asked_about():
    """Without a declared cut-off the latest date is the cut-off, and nothing lies after it."""
    assert queries_of({"death_date": "2030-01-01"}, (SD,), data_cutoff=None) == ()


def test_worse_after_cr_says_what_the_settings_make_of_it():
    visits = (("2024-03-01", "CR"), ("2024-05-01", "SD"))
    strict = cohort_of({}, visits)
    lenient = with_settings(strict, {"derivation": {"worse_after_cr": "partial-response"}})
    assert strict.queries[0].consequence.startswith("it counts as PD for best response")
    assert lenient.queries[0].consequence.startswith("the CR is read as PR for best response")


def test_visits_by_day_are_checked_too():
    patients = pd.DataFrame(
        {"patient_id": ["P1"], "treatment_start": ["2024-01-01"], "death_date": ["2024-02-01"]}
    )
    visits = pd.DataFrame({"patient_id": ["P1", "P1"], "day": [0, 60], "response": ["NE", "SD"]})
    found = Cohort.from_frames(patients=patients, assessments=visits).queries
    assert [(each.rule, each.row, each.column, each.value) for each in found] == [
        ("no-assessment", 2, "patient_id", "P1"),
        ("assessment-before-treatment", 2, "day", "0"),
        ("assessment-after-death", 3, "day", "60"),
    ]


def _read_by(*assessors, **settings):
    visits = [(*SD, ("assessor", assessor)) for assessor in assessors]
    return cohort_of({}, visits, **settings)


def test_the_investigator_is_chosen_among_several_assessors():
    read = _read_by("INVESTIGATOR", "Central", "Central")
    assert chosen_assessor(read) == "investigator"
    (query,) = [each for each in read.queries if each.rule == "several-assessors"]
    assert query.severity == "note"
    assert query.message == "the scans were read by central, investigator"
    assert query.consequence == (
        "the readings of the investigator are used (the default, derivation.assessor); "
        "2 rows of others are not"
    )


def test_the_declared_assessor_is_chosen():
    read = _read_by("investigator", "BICR", derivation={"assessor": "Central"})
    assert chosen_assessor(read) == "central"
    (query,) = [each for each in read.queries if each.rule == "several-assessors"]
    assert query.consequence == (
        "the readings of the central are used (as declared, derivation.assessor); "
        "1 row of others is not"
    )


def test_a_single_assessor_needs_no_choice():
    assert chosen_assessor(_read_by("Ann", "Ann")) is None
    assert chosen_assessor(_read_by("", "")) is None


def test_several_assessors_without_an_investigator_ask_for_a_choice():
    with pytest.raises(InputError) as raised:
        _read_by("Ann", "Bob")
    (problem,) = raised.value.problems
    assert problem.column == "derivation.assessor"
    assert problem.expected == "one of ann, bob"


def test_different_assessors_do_not_contradict_each_other():
    visits = [(*SD, ("assessor", "investigator")), ("2024-03-01", "PD", ("assessor", "central"))]
    rules = {each.rule for each in cohort_of({}, visits).queries}
    assert rules == {"several-assessors"}


def test_a_column_of_times_without_a_column_of_statuses_is_told_once():
    patients = pd.DataFrame({"patient_id": ["P1", "P2"], "os_days": [10, 20]})
    (query,) = Cohort.from_frames(patients=patients).queries
    assert query.rule == "os-status-not-given"
    assert query.patient is None
    assert query.consequence == "overall survival cannot be estimated from these times"


def test_queries_come_by_table_and_row():
    found = queries_of(
        {"last_known_alive": "2024-07-01", "death_date": "2024-07-02"},
        (("2023-12-01", "SD"), SD, SD),
        [{"patient_id": "P1", "term": "Rash", "grade": None}],
    )
    assert [each.rule for each in found] == [
        "dates-after-cutoff",
        "death-after-cutoff",
        "alive-after-cutoff",
        "assessment-before-treatment",
        "duplicate-assessment",
        "adverse-event-without-grade",
    ]


def test_dates_after_the_cutoff_are_counted_together():
    found = queries_of(
        {"last_known_alive": "2024-07-01", "death_date": "2024-07-02"},
        (SD, ("2024-07-01", "SD"), ("2024-08-01", "PD")),
    )
    (query,) = [each for each in found if each.rule == "dates-after-cutoff"]
    assert query.message == (
        "4 dates lie after the data cut-off 2024-06-30: 2 under date, 1 under death_date, "
        "1 under last_known_alive"
    )
    assert (query.value, query.patient, query.file) == ("4", None, None)


@pytest.mark.parametrize(
    ("criteria", "found"), [(None, False), ("irecist", False), ("recist-1.1", True)]
)
def test_a_response_after_an_unconfirmed_progression_is_odd_under_recist_only(criteria, found):
    visits = (("2024-03-01", "iUPD"), ("2024-05-01", "iPR"))
    settings = {"derivation": {"response_criteria": criteria}} if criteria else {}
    rules = {each.rule for each in queries_of({}, visits, **settings)}
    assert ("response-after-progression" in rules) == found


def test_a_new_lesion_at_an_unconfirmed_progression_is_not_odd():
    assert not queries_of({}, (("2024-03-01", "iUPD", ("new_lesion", "yes")),))


def test_a_baseline_sum_is_enough():
    visits = (("2023-12-20", "", ("target_sum_mm", 50)), (*SD, ("target_sum_mm", 40)))
    assert not queries_of({}, visits)


def test_nothing_says_nan_or_none():
    stories = [(story[2], story[3]) for story in (*PATIENT_STORIES, *VISIT_STORIES)]
    for patient, visits in stories:
        for query in queries_of(patient, visits):
            words = f"{query.message} {query.consequence} {query.value or ''}".lower().split()
            assert not {"nan", "none", "nat"} & set(words)
