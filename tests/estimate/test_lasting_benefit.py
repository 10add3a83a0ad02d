"""Benefit at 16 weeks: whether it lasts to 24 weeks, and the decision taken on it."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dossier
from dossier.cohort.columns import RESPONSES

DAY_0 = pd.Timestamp("2023-01-02")

# Scans and events of each patient; the cut-off is day 400.
STORIES = {
    "response kept": ({"treatment_end": 300}, [(57, "PR"), (113, "PR"), (169, "PR")]),
    "response lost": ({"treatment_end": 130}, [(57, "PR"), (85, "PR"), (113, "PD")]),
    "stable kept": ({}, [(57, "SD"), (113, "SD"), (169, "SD")]),
    "stable lost": ({"treatment_end": 172}, [(57, "SD"), (113, "SD"), (168, "PD")]),
    "stable died": ({"treatment_end": 140, "death_date": 150}, [(57, "SD"), (113, "SD")]),
    "progressed": ({"treatment_end": 60}, [(57, "PD")]),
    "died": ({"treatment_end": 30, "death_date": 40}, []),
    "switched": ({"treatment_end": 70, "new_therapy_start": 80}, [(57, "SD"), (113, "SD")]),
    "never scanned": ({"treatment_end": 112}, []),
}


def day(number: int | None) -> str:
    return "" if number is None else (DAY_0 + pd.Timedelta(days=number)).date().isoformat()


def results(stories: dict[str, tuple[dict, list]], cutoff: int = 400, **more: list) -> dict:
    columns = ("treatment_end", "death_date", "new_therapy_start")
    patients = pd.DataFrame(
        [
            {"patient_id": name, "treatment_start": day(0)}
            | {column: day(events.get(column)) for column in columns}
            | {"last_known_alive": day(None if "death_date" in events else cutoff)}
            for name, (events, _) in stories.items()
        ]
    ).assign(**more)
    visits = pd.DataFrame(
        [(name, when, what) for name, (_, scans) in stories.items() for when, what in scans],
        columns=["patient_id", "day", "response"],
    )
    cohort = dossier.Cohort.from_frames(
        patients=patients, assessments=visits, title="T", data_cutoff=day(cutoff)
    )
    return dossier.evaluate(cohort, criteria=[]).to_dict()


class TestDurability:
    def test_responders_and_stable_disease_apart(self):
        found = results(STORIES)["durability"]
        counts = {
            name: [group[key] for key in ("n", "kept", "lost", "too_early", "unknown")]
            for name, group in found.items()
        }
        assert counts == {
            "all": [5, 2, 3, 0, 0],
            "response": [2, 1, 1, 0, 0],
            "stable_disease": [3, 1, 2, 0, 0],
        }
        assert found["all"]["lost_reasons"] == {"progression": 2, "death": 1}
        # The responder who progressed on day 113 is benefit at 24 weeks by definition.
        assert found["all"]["counted_although_not_kept"] == 1
        assert found["stable_disease"]["counted_although_not_kept"] == 0

    def test_the_share_has_limits_and_leaves_out_who_is_too_early(self):
        early = {"a": ({}, [(57, "SD"), (113, "SD")]), "b": ({}, [(57, "PR"), (113, "PR")])}
        found = results(early, cutoff=150)["durability"]["all"]
        assert (found["n"], found["too_early"]) == (2, 2)
        assert found["share"]["estimate"] is None
        assert found["share"]["reason"] == "follow-up too short for every patient"
        share = results(STORIES)["durability"]["all"]["share"]
        assert (share["events"], share["n"], share["estimate"]) == (2, 5, 0.4)
        # Clopper-Pearson limits of 2 of 5.
        assert share["ci_lower"] == pytest.approx(0.0527, abs=1e-4)
        assert share["ci_upper"] == pytest.approx(0.8534, abs=1e-4)

    def test_without_benefit_there_is_a_reason(self):
        found = results({"a": STORIES["progressed"]})["durability"]["response"]
        assert found["n"] == 0
        assert found["share"]["reason"] == "no patient with benefit at 16 weeks"


class TestDecision:
    def test_every_treated_patient_has_a_state_and_a_reason(self):
        found = results(STORIES)["decision_16w"]
        assert found["n"] == 9
        assert {name: row["n"] for name, row in found["benefit"]["reasons"].items()} == {
            "stable disease": 3,
            "response": 2,
        }
        assert {name: row["n"] for name, row in found["no_benefit"]["reasons"].items()} == {
            "death": 1,
            "new anticancer therapy": 1,
            "progression": 1,
            "no stable disease or better at the threshold or later": 1,
        }

    def test_who_continued_and_who_was_scanned(self):
        found = results(STORIES)["decision_16w"]
        assert found["window"] == {"first_day": 105, "last_day": 119}
        assert found["benefit"]["scan_in_window"] == 5
        assert found["benefit"]["continued"] == {"yes": 5, "no": 0, "too_early": 0, "unknown": 0}
        # Treatment that ended on day 112 did not go on.
        assert found["no_benefit"]["continued"]["no"] == 4
        assert found["continued"]["yes"] + found["continued"]["no"] == 9

    def test_patients_not_evaluable_for_response_are_decided_on_too(self):
        one = {"a": STORIES["response kept"], "b": STORIES["stable kept"]}
        found = results(one, evaluable=["yes", "no"])
        assert found["decision_16w"]["benefit"]["n"] == 2
        assert found["durability"]["all"]["n"] == 1

    def test_what_the_input_does_not_say_is_left_out(self):
        frame = pd.DataFrame({"patient_id": ["a"], "best_response": ["SD"], "pfs_days": [200]})
        cohort = dossier.Cohort.from_frames(
            patients=frame.assign(pfs_event=1), title="T", data_cutoff="2024-01-01"
        )
        found = dossier.evaluate(cohort, criteria=[]).to_dict()["decision_16w"]
        assert found["benefit"]["n"] == 1
        assert not {"window", "continued", "scan_in_window"} & set(found)


scan = st.tuples(st.sampled_from([40, 57, 85, 113, 141, 169, 225]), st.sampled_from(RESPONSES))
events = st.dictionaries(
    st.sampled_from(["treatment_end", "death_date", "new_therapy_start"]), st.integers(1, 300)
)
cohorts = st.lists(st.tuples(events, st.lists(scan, max_size=6)), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(cohorts, st.sampled_from([100, 140, 165, 400]))
def test_counts_add_up(told, cutoff):
    stories = {f"P{place}": story for place, story in enumerate(told)}
    stories["Z"] = ({}, [(57, "SD")])
    found = results(stories, cutoff)
    lasting, decision = found["durability"], found["decision_16w"]
    for group in lasting.values():
        parts = [group[key] for key in ("kept", "lost", "too_early", "unknown")]
        assert sum(parts) == group["n"]
        assert sum(group["lost_reasons"].values()) == group["lost"]
        assert group["share"]["n"] == group["kept"] + group["lost"]
    for key in ("n", "kept", "lost", "too_early", "unknown", "counted_although_not_kept"):
        assert lasting["response"][key] + lasting["stable_disease"][key] == lasting["all"][key]
    assert lasting["all"]["n"] == found["endpoints"]["cbr_16w"]["events"]
    states = ("benefit", "no_benefit", "too_early", "not_assessable")
    assert sum(decision[state]["n"] for state in states) == decision["n"]
    for state in states:
        row = decision[state]
        assert sum(part["n"] for part in row.get("reasons", {}).values()) == row["n"]
        assert row["scan_in_window"] <= row["n"]
        assert sum(row["continued"].values()) == row["n"]


@settings(max_examples=40, deadline=None)
@given(cohorts, st.integers(0, 5), st.data())
def test_a_scan_that_could_not_be_read_never_helps(told, place, data):
    stories = {f"P{number}": story for number, story in enumerate(told)}
    stories["Z"] = ({}, [(57, "SD")])
    name = sorted(stories)[place % len(stories)]
    own, scans = stories[name]
    when = data.draw(st.sampled_from([99, 112, 168]))
    worse = [*scans, (when, "NE")]
    before = results(stories)["durability"]["all"]
    after = results(stories | {name: (own, worse)})["durability"]["all"]
    assert after["kept"] <= before["kept"]
    assert after["n"] <= before["n"]
