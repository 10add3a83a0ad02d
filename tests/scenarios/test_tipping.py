"""Tipping points against an exhaustive search, and flips against patients really changed."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from small_cohorts import small_cohort

from dossier.appraise.judge import appraise
from dossier.cohort.model import Cohort
from dossier.derive.patients import derive
from dossier.estimate.results import estimate
from dossier.scenarios.minimum_responders import minimum_for_lower_limit
from dossier.scenarios.what_if import what_if


def said(cohort, patients, criterion):
    results = estimate(cohort, patients)
    settings = cohort.settings
    found = appraise([criterion], results, settings)[0]
    return found.verdict.value + (f" (grade {found.grade})" if found.grade else "")


def times_cohort(seed, number=9, criteria=("durable-benefit", "esmo-mcbs-1.1-form-3")):
    """Endpoints as given, with many ties and times around the thresholds."""
    rng = np.random.default_rng(seed)
    patients = pd.DataFrame({
        "patient_id": [f"P{place}" for place in range(number)],
        "best_response": rng.choice(["PR", "SD", "PD", "NE"], number),
        "pfs_days": rng.choice([50, 70, 90, 95, 150, 180, 185, 190, 250], number),
        "pfs_event": rng.integers(0, 2, number),
    })  # fmt: skip
    return Cohort.from_frames(
        patients=patients,
        title="Times",
        criteria=list(criteria),
        declared={"toxicity_affects_wellbeing": "no", "qol_improved": "no"},
    )


def fewest_by_trying(cohort, criterion, endpoint, wanted):
    """Every set of patients with this event flag, the smallest first, judged by whole stages."""
    patients = derive(cohort)
    before = said(cohort, patients, criterion)
    frame = patients.frame
    candidates = np.flatnonzero(frame["treated"] & (frame[f"{endpoint}_event"] == wanted))
    for k in range(1, len(candidates) + 1):
        for chosen in combinations(candidates.tolist(), k):
            changed = frame.copy()
            changed.loc[list(chosen), f"{endpoint}_event"] = 1 - wanted
            after = said(cohort, replace(patients, frame=changed), criterion)
            if after != before:
                return k
    return None


class TestTimes:
    @pytest.mark.parametrize("seed", range(12))
    def test_fewest_is_the_fewest_of_all_sets(self, seed):
        cohort = times_cohort(seed, 8, ["durable-benefit"])
        found = what_if(cohort).tipping
        for lever, wanted in (("censored to event", 0), ("event to censored", 1)):
            tipping = next(e for e in found if e.endpoint == "pfs" and e.lever == lever)
            assert tipping.proven
            exhaustive = fewest_by_trying(cohort, "durable-benefit", "pfs", wanted)
            assert tipping.changes == exhaustive, (lever, tipping)

    @pytest.mark.parametrize("seed", range(20, 24))
    def test_with_several_thresholds(self, seed):
        cohort = times_cohort(seed, 6, ["esmo-mcbs-1.1-form-3"])
        found = what_if(cohort).tipping
        for lever, wanted in (("censored to event", 0), ("event to censored", 1)):
            tipping = next(e for e in found if e.endpoint == "pfs" and e.lever == lever)
            exhaustive = fewest_by_trying(cohort, "esmo-mcbs-1.1-form-3", "pfs", wanted)
            assert tipping.changes == exhaustive, (lever, tipping)

    @pytest.mark.parametrize("seed", range(12))
    def test_the_patients_named_flip_it_when_the_input_is_edited(self, seed):
        cohort = times_cohort(seed, 12)
        for each in what_if(cohort).tipping:
            if each.endpoint != "pfs" or each.changes is None:
                continue
            frame = cohort.patients[["patient_id", "best_response", "pfs_days", "pfs_event"]].copy()
            turned = frame["patient_id"].isin(each.patients)
            assert turned.sum() == each.changes
            frame.loc[turned, "pfs_event"] = 1 - frame.loc[turned, "pfs_event"]
            edited = Cohort.from_frames(
                patients=frame,
                title="Edited",
                declared={"toxicity_affects_wellbeing": "no", "qol_improved": "no"},
            )
            # Times alone are changed: benefit, which the edited file would derive anew, is not.
            patients = derive(edited)
            own = derive(cohort).frame
            kept = patients.frame.assign(
                **{name: own[name] for name in own if name.startswith(("benefit", "durability"))}
            )
            assert said(edited, replace(patients, frame=kept), each.criterion) == each.after


OWN = """\
id: own
version: "1"
family: test
title: {en: Own, nl: Eigen}
summary: {en: Own, nl: Eigen}
applies: {design: [single-arm], setting: [non-curative]}
sources: {here: {text: This test}}
defaults: {source: here, status: project, read_on: 2026-11-21}
rules:
  one: {rule: RULE, title: {en: One, nl: Een}}
met_when: one
"""


class TestOtherStatistics:
    @pytest.mark.parametrize("seed", range(6))
    @pytest.mark.parametrize(
        "rule",
        [
            "pfs at 5 months >= 45%",
            "pfs at 5 months < 45%",
            "pfs.median > 95 days",
            "lower limit of pfs.median >= 70 days",
        ],
    )
    def test_fewest_is_the_fewest_of_all_sets(self, tmp_path, rule, seed):
        file = tmp_path / "own.yaml"
        file.write_text(OWN.replace("RULE", f'"{rule}"'))
        cohort = times_cohort(seed, 7, [str(file)])
        found = what_if(cohort).tipping
        for lever, wanted in (("censored to event", 0), ("event to censored", 1)):
            tipping = next(e for e in found if e.endpoint == "pfs" and e.lever == lever)
            assert tipping.changes == fewest_by_trying(cohort, str(file), "pfs", wanted)

    @pytest.mark.parametrize("seed", range(4))
    def test_the_lower_limit_of_a_rate(self, tmp_path, seed):
        file = tmp_path / "own.yaml"
        file.write_text(OWN.replace("RULE", '"lower limit of orr >= 20%"'))
        cohort = small_cohort(20, seed, criteria=[str(file)])
        found = what_if(cohort)
        rate = found.base.results.proportions["orr"]
        fewest = minimum_for_lower_limit(rate.n, 0.2, cohort.settings.estimation)
        lever = "more" if fewest > rate.events else "fewer"
        tipping = next(e for e in found.tipping if e.lever == lever)
        expected = fewest - rate.events if lever == "more" else rate.events - fewest + 1
        assert tipping.changes == expected


class TestRates:
    @pytest.mark.parametrize("seed", range(4))
    def test_fewest_is_found_by_counting_up(self, seed):
        cohort = small_cohort(16, seed)
        patients = derive(cohort)
        best = patients.frame["best_response"]
        inside = patients.frame["response_evaluable"]
        responders = np.flatnonzero(inside & best.isin(["CR", "PR"]))
        others = np.flatnonzero(inside & ~best.isin(["CR", "PR"]))
        for each in what_if(cohort).tipping:
            if each.endpoint != "orr" or each.lever not in ("more", "fewer"):
                continue
            candidates, response = (others, "PR") if each.lever == "more" else (responders, "SD")
            assert each.available == len(candidates)
            flips = None
            for k in range(1, len(candidates) + 1):
                # Who it is does not matter for a rate, and nothing else of them is changed.
                changed = patients.frame.copy()
                changed.loc[candidates[:k], "best_response"] = response
                new = replace(patients, frame=changed)
                if said(cohort, new, each.criterion) != each.before:
                    flips = k
                    break
            assert each.changes == flips

    def test_a_two_stage_rule_counts_the_first_patients_first(self):
        cohort = small_cohort(16, 1)
        found = what_if(cohort).tipping
        design = what_if(cohort).base.results.proportions["cbr_16w"].two_stage
        each = next(
            e for e in found if e.criterion == "drup-clinical-benefit" and e.lever == "fewer"
        )
        if each.before == "met":
            needed = (design.stage1.events - 0, design.total.events - 3)
            assert each.changes == min(needed)


def test_a_criterion_that_is_not_applicable_has_none():
    found = what_if(small_cohort(8), {"base": {"criteria": "esmo-mcbs-1.1-form-1"}}).tipping
    assert found == ()
