"""Adverse events, rates per time at risk, deaths and exposure, counted by hand."""

from __future__ import annotations

import cohorts
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dossier
from dossier.cohort.actions import actions_in
from dossier.estimate.event_rates import poisson_limits

COLUMNS = ("patient_id", "term", "soc", "grade", "serious", "related", "action_taken", "start")
# Treatment of 100 days from day 0; d is still treated on day 200, the last contact.
PATIENTS = {
    "patient_id": ["a", "b", "c", "d"],
    "treatment_start": [cohorts.date(0)] * 4,
    "treatment_end": [cohorts.date(100), cohorts.date(100), cohorts.date(100), ""],
    "new_therapy_start": ["", cohorts.date(110), "", ""],
    "death_date": ["", "", cohorts.date(105), ""],
    "death_cause": ["", "", "disease", ""],
    "last_known_alive": [cohorts.date(400), cohorts.date(400), "", cohorts.date(200)],
}


def evaluated(events, patients=None, **sections):
    frames = {"patients": pd.DataFrame(patients or PATIENTS)}
    if events is not None:
        frames["adverse_events"] = pd.DataFrame(events, columns=list(COLUMNS))
    cohort = dossier.Cohort.from_frames(
        **frames, title="Safety", data_cutoff="2030-01-01", **sections
    )
    result = dossier.evaluate(cohort, criteria=[]).to_dict()
    cohorts.every_null_has_a_reason(result["safety"])
    cohorts.every_null_has_a_reason(result["exposure"])
    return result


def event(patient, day, grade=2, *, term="Nausea", soc="Gut", action="none", related="yes"):
    start = "" if day is None else cohorts.date(day)
    return (patient, term, soc, grade, "no", related, action, start)


class TestRates:
    def test_time_at_risk_ends_with_the_window_a_new_therapy_death_or_the_last_contact(self):
        rates = evaluated([event("a", 10)])["safety"]["exposure_adjusted"]
        # a: 100 + 30; b: new therapy on day 110; c: death on day 105; d: last contact on day 200.
        assert rates["patient_years"] == pytest.approx((130 + 110 + 105 + 200) / 365.25)
        assert rates["n"] == 4

    def test_patients_until_their_first_event_and_all_events(self):
        found = evaluated([event("a", 10), event("a", 20), event("d", 50), event("a", 131)])
        kind = found["safety"]["exposure_adjusted"]["kinds"]["any"]
        # The event on day 131 is after the time at risk; the overview counts it all the same.
        assert found["safety"]["events"] == 4
        years = (10 + 110 + 105 + 50) / 365.25
        assert kind["patients"]["events"] == 2
        assert kind["patients"]["patient_years"] == pytest.approx(years)
        assert kind["patients"]["estimate"] == pytest.approx(100 * 2 / years)
        assert kind["occurrences"]["occurrences"] == 3
        assert kind["occurrences"]["estimate"] == pytest.approx(100 * 3 / (545 / 365.25))

    def test_limits_are_those_of_the_poisson_distribution(self):
        # R: poisson.test(10)$conf.int, poisson.test(0)$conf.int, poisson.test(3, conf.level=.9)
        assert poisson_limits(10) == pytest.approx((4.795389, 18.39036), rel=1e-6)
        assert poisson_limits(0) == pytest.approx((0, 3.688879), rel=1e-6)
        assert poisson_limits(3, 0.9) == pytest.approx((0.8176914, 7.753657), rel=1e-6)

    def test_without_a_date_the_first_event_is_not_known(self):
        kind = evaluated([event("a", None), event("b", 5), event("b", None)])["safety"][
            "exposure_adjusted"
        ]["kinds"]["any"]
        assert kind["patients"]["reason"] == "not known for 1 of 4 patients"
        assert kind["occurrences"]["occurrences"] == 3

    def test_the_window_is_a_setting(self):
        found = evaluated([event("a", 10)], derivation={"adverse_event_window_days": 0})
        years = found["safety"]["exposure_adjusted"]["patient_years"]
        assert years == pytest.approx((100 + 100 + 100 + 200) / 365.25)

    def test_without_an_end_of_treatment_there_is_no_rate(self):
        patients = {name: PATIENTS[name] for name in ("patient_id", "treatment_start")}
        rates = evaluated([event("a", 10)], patients)["safety"]["exposure_adjusted"]
        assert rates["reason"] == "the end of treatment is not recorded"
        assert rates["kinds"] == {}


class TestOverview:
    def test_actions_in_the_words_of_cdisc_english_and_dutch(self):
        events = [
            event("a", 1, action="DRUG WITHDRAWN"),
            event("b", 1, action="dosisverlaging"),
            event("b", 2, action="Treatment interrupted; dose reduced"),
            event("c", 1, action="gestaakt"),
            event("d", 1, action="DOSE NOT CHANGED"),
        ]
        overview = evaluated(events)["safety"]["overview"]
        counts = {name: overview[f"led_to_{name}"]["events"] for name in
                  ("stopping", "reduction", "interruption")}  # fmt: skip
        assert counts == {"stopping": 2, "reduction": 1, "interruption": 1}
        assert actions_in("something else") == frozenset()

    def test_codes_of_ones_own_are_recoded(self):
        found = evaluated(
            [event("a", 1, action="S")],
            values={"adverse_events": {"action_taken": {"S": "drug withdrawn"}}},
        )
        assert found["safety"]["overview"]["led_to_stopping"]["events"] == 1

    def test_what_no_event_states_is_not_assessable(self):
        safety = evaluated([event("a", 1, action=""), event("b", 1, action="UNKNOWN")])["safety"]
        assert "led_to_stopping" not in safety["overview"]
        assert safety["not_assessable"]["led_to_stopping"] == "the input does not record it"

    def test_what_too_many_events_do_not_state_has_no_share(self):
        events = [event("a", 1, action="drug withdrawn"), event("b", 1, action="")]
        safety = evaluated(events)["safety"]
        share = safety["overview"]["led_to_stopping"]
        assert (share["events"], share["estimate"]) == (1, None)
        assert share["reason"] == "not known for 1 of 4 patients"
        assert safety["not_stated"]["led_to_stopping"] == 1
        assert "led_to_stopping" not in safety["exposure_adjusted"]["kinds"]


class TestDeaths:
    def test_by_days_since_the_last_dose_and_by_cause(self):
        patients = PATIENTS | {
            "death_date": [cohorts.date(131), cohorts.date(130), cohorts.date(105), ""],
            "death_cause": ["disease", "", "disease", "sepsis"],
            "last_known_alive": [""] * 4,
        }
        deaths = evaluated([event("c", 90, 5)], patients)["safety"]["deaths"]
        assert deaths["deaths"] == 4
        assert deaths["timing"] == {
            "within": {"deaths": 2, "causes": {"disease": 1, "not recorded": 1}},
            "later": {"deaths": 1, "causes": {"disease": 1}},
            "not known": {"deaths": 1, "causes": {"sepsis": 1}},
        }
        assert deaths["related_fatal_event"] == {"events": 1}

    def test_a_fatal_event_of_somebody_who_is_not_known_to_have_died_is_counted(self):
        deaths = evaluated([event("a", 50, 5), event("c", 90, 5)])["safety"]["deaths"]
        assert deaths["fatal_without_death"] == 1

    def test_an_unrelated_fatal_event_is_no_related_death(self):
        deaths = evaluated([event("c", 90, 5, related="no")])["safety"]["deaths"]
        assert deaths["related_fatal_event"]["events"] == 0

    def test_that_nobody_recorded_deaths_is_not_that_nobody_died(self):
        patients = {name: PATIENTS[name] for name in ("patient_id", "treatment_start")}
        deaths = evaluated(None, patients)["safety"]["deaths"]
        assert (deaths["deaths"], deaths["reason"]) == (None, "deaths are not recorded")
        assert deaths["related_fatal_event"]["events"] is None


class TestExposure:
    def test_durations_and_doses(self):
        patients = PATIENTS | {
            "cycles": [4, 4, 5, ""],
            "dose_reductions": [0, 2, 1, ""],
            "relative_dose_intensity": [100, 80, 90.5, 70],
        }
        found = evaluated(None, patients, estimation={"maximum_unknown": 0.3})["exposure"]
        assert found["duration"]["median"]["days"] == 100
        assert (found["duration"]["minimum_days"], found["duration"]["maximum_days"]) == (100, 200)
        assert found["patient_years"] == pytest.approx(500 / 365.25)
        assert found["ongoing"] == 1
        assert found["doses"]["cycles"]["missing"] == 1
        assert found["doses"]["relative_dose_intensity"]["median"] == 85.25
        reduced = found["with_any"]["dose_reductions"]
        assert (reduced["events"], reduced["n"], reduced["unknown"]) == (2, 3, 1)

    def test_treatment_beyond_progression(self):
        visits = pd.DataFrame(
            [("a", 86, "PD"), ("b", 85, "PD"), ("c", 60, "SD"), ("d", 190, "PD")],
            columns=["patient_id", "day", "response"],
        )
        cohort = dossier.Cohort.from_frames(
            patients=pd.DataFrame(PATIENTS), assessments=visits, title="x",
            data_cutoff="2030-01-01", estimation={"maximum_unknown": 0.5},
        )  # fmt: skip
        beyond = dossier.evaluate(cohort, criteria=[]).to_dict()["exposure"]["beyond_progression"]
        # a stopped 14 days after progression, b 15; d was on treatment 10 days later.
        assert (beyond["events"], beyond["n"], beyond["unknown"]) == (1, 2, 1)


some_events = st.lists(
    st.builds(
        event,
        st.sampled_from("abcd"),
        st.integers(0, 140),
        st.integers(1, 5),
        term=st.sampled_from(["Nausea", "Vomiting", "Rash"]),
        soc=st.sampled_from(["Gut", "Skin"]),
        action=st.sampled_from(["none", "drug withdrawn", "dose reduced"]),
        related=st.sampled_from(["yes", "no"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(some_events, some_events)
def test_what_must_hold_of_every_safety_section(first, more):
    fewer, safety = (evaluated(events)["safety"] for events in (first, first + more[:1]))
    assert {share["n"] for share in safety["overview"].values()} == {4}
    of_class = {row["soc"]: row for row in safety["terms"] if not row["term"]}
    for row in safety["terms"]:
        assert sum(row["grades"].values()) + row["unknown"] == row["any"]
        for key in ("any", "severe"):
            assert row[key] <= of_class[row["soc"]][key] <= 4
    overview = {name: share["events"] for name, share in safety["overview"].items()}
    assert overview["grade_5"] <= overview["grade_3_or_higher"] <= overview["any"]
    assert overview["grade_3_4"] <= overview["grade_3_or_higher"]
    assert overview["related_grade_3_or_higher"] <= min(
        overview["related"], overview["grade_3_or_higher"]
    )
    for name, kind in safety["exposure_adjusted"]["kinds"].items():
        before = fewer["exposure_adjusted"]["kinds"][name]
        for part in ("patients", "occurrences"):
            after = kind[part]["estimate"]
            assert after is None or after >= (before[part]["estimate"] or 0) - 1e-9
            assert after is None or kind[part]["ci_lower"] <= after <= kind[part]["ci_upper"]
        assert fewer["overview"][name]["events"] <= safety["overview"][name]["events"]
    assert np.isfinite(safety["exposure_adjusted"]["patient_years"])
