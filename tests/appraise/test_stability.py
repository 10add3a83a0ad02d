"""Verdicts in resamples: the same as judging each resample on its own, seeded, and fast."""

import json
from pathlib import Path

import numpy as np

from dossier.appraise.verdict import Verdict
from dossier.cohort.read import read_cohort
from dossier.estimate.bootstrap import drawn_weights
from dossier.estimate.kaplan_meier import kaplan_meier, quantile, survival_at
from dossier.estimate.toxicity import toxicity_of
from dossier.evaluation import evaluate
from dossier.locations import shipped
from dossier.scenarios.what_if import what_if

EXAMPLE = shipped("templates").parent / "examples" / "simulated-drup"

CRITERION = """
id: mixed
version: "1"
family: test
title: {en: Mixed, nl: Gemengd}
summary: {en: Mixed., nl: Gemengd.}
applies: {design: [single-arm], setting: [non-curative]}
sources: {none: {text: a test}}
defaults: {source: none, status: project}
rules:
  toxicity: {rule: grade_3_4_toxicity <= 40 %}
  late: {rule: pfs at 5 months >= 55 %}
  followed: {rule: follow_up.median >= 6 months}
  responders: {rule: responders >= 15}
met_when:
  all: [toxicity, late, followed, responders]
"""


def resampled(criteria=None, cohort=EXAMPLE, **bootstrap):
    settings = {"estimation": {"bootstrap": {"resamples": 200} | bootstrap}}
    found = evaluate(read_cohort(cohort), criteria, settings)
    return {verdict.id: verdict for verdict in found.verdicts}


def test_the_same_as_estimating_and_judging_each_resample_on_its_own():
    """The what-if analysis does just that, from the same seed."""
    slow = what_if(read_cohort(EXAMPLE), {"stability": {"resamples": 200, "seed": 3}}).stability
    fast = resampled(seed=3)
    for one in slow:
        found = fast[one.criterion].stability
        counts = {
            outcome.verdict.value + (f" (grade {outcome.grade})" if outcome.grade else ""): n
            for outcome, n in found.counts.items()
        }
        assert counts == one.counts
        assert found.reason == one.reason
    assert len(fast["durable-benefit"].stability.counts) == 2


def test_toxicity_survival_at_a_time_and_responders_are_drawn_anew(tmp_path: Path):
    file = tmp_path / "mixed.yaml"
    file.write_text(CRITERION, encoding="utf-8")
    found = resampled([file], seed=8)["mixed"].stability
    cohort = read_cohort(EXAMPLE)
    frame = evaluate(cohort).patients.frame
    places = np.flatnonzero(frame["treated"].to_numpy(dtype=bool))
    toxicity = toxicity_of(cohort)
    days, event = (frame[f"pfs_{part}"].to_numpy(dtype=float) for part in ("days", "event"))
    responds = frame["best_response"].isin(["CR", "PR"]) & frame["response_evaluable"]
    met = 0
    for weights in drawn_weights(places.size, 200, 8):
        drawn = np.repeat(places, weights)
        share = survival_at(kaplan_meier(days[drawn], event[drawn]), 5 * 30.4375)
        met += bool(
            # An event without a grade may be one of grade 3.
            (toxicity.severe[drawn].sum() + toxicity.ungraded[drawn].sum()) / drawn.size <= 0.4
            and share.estimate >= 0.55
            and responds.to_numpy()[drawn].sum() >= 15
        )
    assert 0 < met < 200
    assert found.met == met
    # Follow-up says how long the cohort was watched; it is kept.
    assert found.held == ("follow_up.median",)


def test_a_median_that_a_resample_does_not_reach_is_longer_than_its_follow_up(tmp_path: Path):
    study = tmp_path / "patients.csv"
    lines = [f"p{i},SD,{10 * i},{int(i <= 5)}" for i in range(1, 11)]
    study.write_text("\n".join(["patient_id,best_response,pfs_days,pfs_event", *lines]), "utf-8")
    file = tmp_path / "long.yaml"
    start, _, _ = CRITERION.replace("id: mixed", "id: long").partition("rules:")
    file.write_text(
        start + "rules:\n  long: {rule: pfs.median >= 55 days}\nmet_when: {all: [long]}\n",
        encoding="utf-8",
    )
    found = resampled([file], study, resamples=300)["long"].stability
    days, event = np.arange(10, 110, 10), np.arange(10) < 5
    expected = {Verdict.MET: 0, Verdict.NOT_MET: 0, Verdict.NOT_ASSESSABLE: 0}
    for weights in drawn_weights(10, 300, 1):
        curve = kaplan_meier(np.repeat(days, weights), np.repeat(event, weights))
        median = quantile(curve).estimate
        longer = median if median is not None else curve.last_time
        unknown = median is None and longer < 55
        verdict = Verdict.MET if longer >= 55 else Verdict.NOT_MET
        expected[Verdict.NOT_ASSESSABLE if unknown else verdict] += 1
    assert {o.verdict: n for o, n in found.counts.items()} == {
        verdict: n for verdict, n in expected.items() if n
    }


def test_the_seed_decides():
    one, same, other = (resampled(seed=seed)["durable-benefit"].stability for seed in (1, 1, 2))
    assert one == same
    assert one.counts != other.counts


def test_in_the_results():
    found = resampled()
    entry = found["esmo-mcbs-1.1-form-3"].to_dict()["stability"]
    assert entry["resamples"] == sum(each["resamples"] for each in entry["counts"]) == 200
    assert entry["share_met"] == 1
    assert {each["grade"] for each in entry["counts"]} == {2, 3}
    none = found["drup-clinical-benefit"].to_dict()["stability"]
    assert none["share_met"] is None
    assert none["reason"] == "it counts the first patients of a design"
    json.dumps(entry | none, allow_nan=False)


def test_arms_that_are_compared_are_not_drawn():
    found = resampled(["durable-benefit"], EXAMPLE.parent / "adam-three-arms")["durable-benefit"]
    assert found.stability.reason == "not available where arms are compared"


def test_off_unless_asked_for():
    (verdict, *_) = evaluate(read_cohort(EXAMPLE), settings={"estimation": {}}).verdicts
    found = evaluate(
        read_cohort(EXAMPLE), settings={"estimation": {"bootstrap": {"resamples": 0}}}
    ).verdicts
    assert all(each.stability is None for each in found)
    assert "stability" not in found[0].to_dict()
    assert verdict.verdict is found[0].verdict
