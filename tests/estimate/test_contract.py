"""results.json keeps the shapes that other programs rely on, in every example."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dossier.cohort.read import read_cohort
from dossier.evaluation import evaluate

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
RESPONSES = {"CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE"}
VERDICTS = {"met", "not_met", "not_assessable", "not_applicable"}
TIMES = ("pfs", "os", "dor")
DAYS_PER_MONTH = 30.4375


@pytest.fixture(scope="module", params=sorted(
    path.name for path in EXAMPLES.iterdir() if (path / "cohort.yaml").exists()
))  # fmt: skip
def results(request):
    light = {"estimation": {"bootstrap": {"resamples": 0}, "baskets": None}}
    return evaluate(read_cohort(EXAMPLES / request.param), settings=light).to_dict()


def groups(results):
    return [results, *results.get("arms", {}).values()]


def test_the_sections_have_their_names(results):
    assert results["schema"] == "dossier.results/1"
    assert {"cohort", "populations", "endpoints", "safety", "criteria", "data_queries",
            "provenance"} <= set(results)  # fmt: skip
    assert {"enrolled", "treated", "response_evaluable"} <= set(results["populations"])
    json.dumps(results, allow_nan=False)


def test_a_null_stands_beside_its_reason(results):
    def walk(value, path):
        if isinstance(value, dict):
            for key, inner in value.items():
                assert inner is not None or "reason" in value, f"{path}.{key}"
                walk(inner, f"{path}.{key}")
        elif isinstance(value, list):
            for place, inner in enumerate(value):
                assert inner is not None, f"{path}.{place}"
                walk(inner, f"{path}.{place}")

    walk(results, "")


def test_shares_lie_between_0_and_1(results):
    for group in groups(results):
        best = group["endpoints"]["best_response"]
        assert set(best["counts"]) == RESPONSES
        assert sum(best["counts"].values()) == best["n"]
        for name in ("orr", "dcr", "cbr_16w", "cbr_24w"):
            share = group["endpoints"][name]
            assert {"n", "events", "estimate", "ci_lower", "ci_upper", "method"} <= set(share)
            if share["estimate"] is not None:
                assert share["estimate"] == share["events"] / share["n"]
                assert 0 <= share["ci_lower"] <= share["estimate"] <= share["ci_upper"] <= 1


def test_times_are_in_days_and_months(results):
    for group in groups(results):
        endpoints = group["endpoints"]
        names = [name for name in (*TIMES, "time_on_treatment", "time_to_next_treatment")
                 if name in endpoints]  # fmt: skip
        assert set(TIMES) <= set(names)
        for name in names:
            assert {"n", "events", "median", "landmarks"} <= set(endpoints[name]), name
            for mark in endpoints[name]["landmarks"]:
                assert {"months", "days", "estimate", "ci_lower", "ci_upper", "at_risk"} <= set(
                    mark
                )
                assert mark["days"] == pytest.approx(mark["months"] * DAYS_PER_MONTH)
        for name in (*names, "follow_up"):
            median = endpoints[name]["median"]
            assert {"months", "days", "ci_lower_months", "ci_upper_months", "ci_lower_days",
                    "ci_upper_days", "reached"} <= set(median)  # fmt: skip
            assert median["reached"] == (median["days"] is not None)
            if median["reached"]:
                assert median["days"] == pytest.approx(median["months"] * DAYS_PER_MONTH)
        assert {"months", "days"} <= set(endpoints["time_to_response"]["median"])


def test_arms_and_their_comparisons_stand_beside_the_pooled_numbers(results):
    assert ("arms" in results) == ("comparisons" in results)
    for comparison in results.get("comparisons", ()):
        assert {"endpoint", "arm", "reference", "hazard_ratio", "ci_lower", "ci_upper",
                "log_rank_p", "median_gain_months"} <= set(comparison)  # fmt: skip
        assert {comparison["arm"], comparison["reference"]} <= set(results["arms"])
        if "reference_arm" in results["cohort"]:
            assert comparison["reference"] == results["cohort"]["reference_arm"]


def test_a_declared_two_stage_design_belongs_to_its_endpoint(results):
    found = [share["two_stage"] for share in results["endpoints"].values() if "two_stage" in share]
    for design in found:
        assert {"umvue", "p_value", "ci_lower", "ci_upper", "alpha", "power", "decision"} <= set(
            design
        )


def test_verdicts_have_rules(results):
    assert results["criteria"]
    for criterion in results["criteria"]:
        assert {"id", "version", "verdict", "grade", "rules"} <= set(criterion)
        assert criterion["verdict"] in VERDICTS
        for rule in criterion["rules"]:
            assert {"id", "text", "verdict", "observed", "threshold", "unit", "missing"} <= set(
                rule
            )
            assert rule["verdict"] in VERDICTS
