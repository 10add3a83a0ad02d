"""Tipping points where arms are compared, against trying every set of patients."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from small_cohorts import cohort_of

from dossier.evaluation import evaluate
from dossier.scenarios.what_if import what_if

CRITERION = "paskwil-palliative-2024"


def frames(number, seed, days=None):
    """Two arms with endpoints as given; the new arm lives longer."""
    rng = np.random.default_rng(seed)
    arm = np.where(np.arange(number) % 2, "new", "control")
    times = rng.exponential(np.where(arm == "new", 600, 200)).round() + 20
    return {
        "patients": pd.DataFrame({
            "patient_id": [f"P{place:03d}" for place in range(number)],
            "arm": arm,
            "treatment_start": "2020-01-01",
            "os_days": times,
            "os_event": np.where(rng.random(number) < 0.75, "1", "0"),
        })
    }  # fmt: skip


def study(tables):
    return cohort_of(
        tables,
        cohort={"title": "t", "design": "randomised", "reference_arm": "control"},
        criteria=[CRITERION],
        two_stage=None,
    )


def said(tables):
    (verdict,) = evaluate(study(tables)).verdicts
    return verdict.verdict.value + (f" (grade {verdict.grade})" if verdict.grade else "")


def turned(tables, chosen):
    patients = tables["patients"].copy()
    inside = patients["patient_id"].isin(chosen)
    flipped = patients["os_event"].map({"1": "0", "0": "1"})
    patients["os_event"] = patients["os_event"].where(~inside, flipped)
    return {"patients": patients}


def levers(tables):
    return [each for each in what_if(study(tables)).tipping if each.endpoint == "os"]


@pytest.mark.parametrize("seed", range(6))
def test_the_fewest_by_trying_every_set(seed):
    tables = frames(14, seed)
    before = said(tables)
    patients = tables["patients"]
    for each in levers(tables):
        arm = "new" if each.lever.endswith("judged arm") else "control"
        event = "0" if each.lever.startswith("censored to event") else "1"
        inside = (patients["arm"] == arm) & (patients["os_event"] == event)
        ids = patients.loc[inside, "patient_id"].tolist()
        assert each.available == len(ids)
        fewest = next(
            (
                k
                for k in range(1, len(ids) + 1)
                for chosen in combinations(ids, k)
                if said(turned(tables, chosen)) != before
            ),
            None,
        )
        assert each.changes == fewest, each.lever
        assert each.proven
        if fewest is not None:
            assert said(turned(tables, each.patients)) == each.after != before


def test_a_larger_study_says_what_is_not_proven():
    tables = frames(120, 8)
    before = said(tables)
    found = levers(tables)
    assert len(found) == 4
    for each in found:
        if each.changes is None:
            assert each.reason
        else:
            assert said(turned(tables, each.patients)) == each.after != before
            assert len(each.patients) == each.changes <= each.available


def test_more_than_two_arms():
    tables = frames(30, 1)
    tables["patients"].loc[::5, "arm"] = "third"
    found = levers(tables)
    assert {each.reason for each in found} <= {"none of several arms was chosen to be judged"}


class TestStability:
    def test_each_arm_is_drawn_apart(self):
        tables = frames(80, 8)
        file = {"stability": {"resamples": 200}}
        first, second = (what_if(study(tables), file).stability for _ in range(2))
        assert first == second
        (found,) = first
        assert found.reason is None
        assert sum(found.counts.values()) == 200
        assert found.verdict == said(tables)

    def test_arms_without_chance_always_say_the_same(self):
        """Everybody of an arm is alike: every resample is the cohort itself."""
        tables = frames(40, 8)
        patients = tables["patients"]
        patients["os_days"] = np.where(patients["arm"] == "new", 500.0, 200.0)
        patients["os_event"] = "1"
        (found,) = what_if(study(tables), {"stability": {"resamples": 100}}).stability
        assert found.counts == {said(tables): 100}

    def test_the_share_is_that_of_resampled_files(self):
        """The same chance as drawing rows of each arm anew and reading them as a study."""
        tables = frames(30, 3)
        (found,) = what_if(study(tables), {"stability": {"resamples": 600}}).stability
        rng, again = np.random.default_rng(5), 0
        patients = tables["patients"]
        for _ in range(100):
            rows = np.concatenate([
                rng.choice(np.flatnonzero(patients["arm"] == arm), (patients["arm"] == arm).sum())
                for arm in ("control", "new")
            ])  # fmt: skip
            drawn = patients.iloc[rows].reset_index(drop=True)
            drawn["patient_id"] = [f"D{place:03d}" for place in range(len(drawn))]
            again += said({"patients": drawn}) == found.verdict
        assert found.share == pytest.approx(again / 100, abs=0.15)


class TestRates:
    def made(self, **cohort):
        tables = frames(40, 1)
        arm = tables["patients"]["arm"]
        tables["patients"]["best_response"] = np.where(arm == "new", "PR", "PD")
        described = {"title": "t", "design": "randomised", "reference_arm": "control", **cohort}
        made = cohort_of(tables, cohort=described, criteria=["durable-benefit"], two_stage=None)
        return what_if(made, {"predict": {"more_patients": 10}})

    def test_the_fewest_responders_are_counted_in_the_arm_that_is_judged(self):
        (rule,) = (each for each in self.made().minimum if each.rule == "response")
        assert (rule.events, rule.n) == (20, 20)

    def test_nothing_is_predicted_from_both_arms_together(self):
        found = self.made().predictions
        assert found
        assert {each.reason for each in found} == {"not available where arms are compared"}
