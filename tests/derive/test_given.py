"""Endpoints the file already holds: used as given without visits, compared with ours otherwise."""

import numpy as np
import pytest
from patient_stories import cohort_of

from dossier.derive.patients import derive

NAN = float("nan")
COLUMNS = ["best_response", "pfs_days", "pfs_event", "os_days", "os_event", "dor_days", "dor_event"]


def given(*records, **kwargs):
    return derive(cohort_of(*records, given=COLUMNS, **kwargs))


def test_endpoints_are_used_as_given():
    patients = given(
        {
            "best_response": "PR", "pfs_days": 200.0, "pfs_event": 1.0, "os_days": 350.0,
            "os_event": 0.0, "dor_days": 140.0, "dor_event": 1.0,
        }
    )  # fmt: skip
    row = patients.frame.iloc[0]
    assert row["responder"]
    assert (row["best_response"], row["best_response_rule"]) == ("PR", "BOR-GIVEN")
    assert (row["pfs_days"], row["pfs_event"], row["pfs_rule"]) == (200, 1, "PFS-GIVEN")
    assert (row["os_days"], row["os_event"], row["os_rule"]) == (350, 0, "OS-GIVEN")
    assert (row["dor_days"], row["dor_event"], row["dor_rule"]) == (140, 1, "DOR-GIVEN")
    assert (row["follow_up_days"], row["follow_up_event"]) == (350, 0)
    assert row["best_response_row"] == 2
    assert row["pfs_column"] == "pfs_days"
    assert row["time_to_response_days"] != row["time_to_response_days"]
    assert "endpoints-as-given" in patients.notes
    assert "PFS-GIVEN" in patients.rules
    assert "PFS-PD" not in patients.rules


@pytest.mark.parametrize(
    ("days", "event", "reason"),
    [(100.0, NAN, "status not known"), (NAN, 1.0, "time not known"), (NAN, NAN, "time not known")],
)
def test_what_is_blank_stays_unknown(days, event, reason):
    row = given({"best_response": "SD", "os_days": days, "os_event": event}).frame.iloc[0]
    np.testing.assert_equal((row["os_days"], row["os_event"]), (NAN, NAN))
    assert (row["os_reason"], row["os_rule"]) == (reason, "OS-UNKNOWN")


def test_a_blank_best_response_is_no_response():
    frame = given({"best_response": ""}, {"best_response": "NE"}).frame
    assert frame["best_response"].tolist() == ["NE", "NE"]
    assert frame["not_evaluable_response_reason"].tolist() == [
        "best response not given",
        "entered as NE",
    ]
    assert frame["response_evaluable"].all()


def test_duration_of_response_only_for_responders():
    frame = given({"best_response": "SD", "dor_days": 99.0, "dor_event": 1.0}).frame
    assert frame["dor_days"].isna().all()
    assert frame["dor_rule"].tolist() == [""]


# best response, progression-free days and event as given: state and basis at 16 weeks.
BENEFIT = {
    "response": ("CR", NAN, NAN, ("benefit", "response")),
    "stable to the threshold, censored": ("SD", 105.0, 0.0, ("benefit", "stable disease")),
    "stable beyond the threshold, event": ("SD", 150.0, 1.0, ("benefit", "stable disease")),
    "stable beyond the threshold, status blank": ("SD", 150.0, NAN, ("benefit", "stable disease")),
    "without measurable lesions": ("NON-CR/NON-PD", 112.0, 1.0, ("benefit", "stable disease")),
    "stable, event before": (
        "SD",
        104.0,
        1.0,
        ("no benefit", "progression or death before the threshold"),
    ),
    "stable, censored before": ("SD", 104.0, 0.0, ("unknown", "censored before the threshold")),
    "stable, status blank": ("SD", 60.0, NAN, ("unknown", "duration of stable disease not known")),
    "stable, time blank": ("SD", NAN, NAN, ("unknown", "duration of stable disease not known")),
    "progression": ("PD", 150.0, 1.0, ("no benefit", "progression")),
    "not evaluable": ("NE", NAN, NAN, ("no benefit", "best response not evaluable")),
    "best response blank": ("", 150.0, 1.0, ("unknown", "best response not given")),
}


@pytest.mark.parametrize("case", BENEFIT.values(), ids=BENEFIT)
def test_benefit_from_given_endpoints(case):
    response, days, event, expected = case
    story = {"best_response": response, "pfs_days": days, "pfs_event": event}
    row = given(story).frame.iloc[0]
    assert (row["benefit_16w"], row["benefit_16w_basis"]) == expected


def test_given_endpoints_can_be_too_early():
    story = {"best_response": "SD", "pfs_days": 57.0, "pfs_event": 0.0}
    frame = given(story, story | {"stopped": 60}, story | {"pfs_event": 1.0}, cutoff=80).frame
    assert frame["benefit_16w"].tolist() == ["too early", "unknown", "no benefit"]


def test_deaths_known_from_survival_times_end_progression_free_survival():
    """The file has visits, and survival times but no dates of death."""
    stories = [
        {"visits": "SD(57)", "os_days": 161.3, "os_event": 1.0},
        {"visits": "SD(57)", "os_days": 161.3, "os_event": 0.0},
        {"visits": "SD(57)", "os_days": NAN, "os_event": 1.0},
        {"visits": "SD(57)", "os_days": 450.0, "os_event": 1.0},
        {"visits": "SD(57)", "os_days": 161.3, "os_event": 1.0, "alive": 100},
    ]
    patients = derive(cohort_of(*stories))
    frame = patients.frame
    np.testing.assert_equal(frame["pfs_days"].tolist(), [161.3, 57, NAN, 57, 161.3])
    assert frame["pfs_reason"].tolist()[2] == "date of death not known"
    assert frame["pfs_column"].tolist()[0] == "os_days"
    np.testing.assert_equal(frame["os_days"].tolist(), [161.3, 161.3, NAN, 450, 161.3])
    assert frame["os_rule"].tolist()[4] == "OS-GIVEN"
    assert "deaths-not-recorded" not in patients.notes


def test_a_blank_column_of_death_dates_does_not_hide_given_deaths():
    story = {"visits": "SD(57)", "os_days": 161.0, "os_event": 1.0}
    row = derive(cohort_of(story, given=["death_date", "last_known_alive"])).frame.iloc[0]
    assert (row["os_days"], row["os_event"], row["os_rule"]) == (161, 1, "OS-GIVEN")
    assert (row["pfs_days"], row["pfs_event"], row["pfs_reason"]) == (161, 1, "death")


def test_a_death_without_its_date_is_not_taken_from_the_survival_time():
    """A blank date of death in a file that has such dates is a question for the site."""
    story = {"visits": "SD(57)", "os_days": 161.0, "os_event": 1.0}
    row = derive(cohort_of(story, {"visits": "SD(57)", "died": 90})).frame.iloc[0]
    assert row["pfs_reason"] == row["os_reason"] == "date of death not known"


def test_dates_of_death_go_before_given_survival_times():
    patients = given(
        {"best_response": "SD", "died": 100, "os_days": 90.0, "os_event": 1.0},
        {"best_response": "SD", "alive": 200, "os_days": 200.0, "os_event": 0.0},
    )
    assert patients.frame["os_days"].tolist() == [100, 200]
    (query,) = patients.queries
    assert (query.rule, query.patient, query.column) == (
        "derived-differs-from-given",
        "P001",
        "os_days",
    )


def test_visits_go_before_given_endpoints_and_differences_are_queried():
    same = {"best_response": "PR", "pfs_days": 169.0, "pfs_event": 1.0, "dor_days": 112.0,
            "dor_event": 1.0}  # fmt: skip
    visits = {"visits": "PR(57) PR(113) PD(169)"}
    patients = given(
        visits | same,
        visits | same | {"best_response": "CR", "pfs_event": 0.0, "dor_days": 56.0},
        visits,
    )
    assert patients.frame["best_response"].tolist() == ["PR"] * 3
    assert patients.frame["pfs_event"].tolist() == [1, 1, 1]
    assert {query.patient for query in patients.queries} == {"P002"}
    assert [query.column for query in patients.queries] == ["best_response", "pfs_days", "dor_days"]
    assert patients.queries[1].value == "169 days, censored"


def test_without_visits_and_given_endpoints_nothing_is_claimed():
    patients = derive(cohort_of({"alive": 90}))
    row = patients.frame.iloc[0]
    assert row["treated"]
    assert row["best_response"] == "NE"
    assert row["not_evaluable_response_reason"] == "best response not given"
    assert row["pfs_reason"] == "not recorded"
    assert row["benefit_16w"] == "unknown"
    assert row["os_days"] == 90
    assert {"response-not-recorded", "progression-not-recorded"} <= set(patients.notes)


def test_only_the_best_response_is_given():
    cohort = cohort_of({"best_response": "PR"}, {"best_response": "SD"})
    frame = derive(cohort).frame
    assert frame["responder"].tolist() == [True, False]
    assert frame["dor_reason"].tolist() == ["not recorded", ""]
    assert frame["benefit_16w"].tolist() == ["benefit", "unknown"]
