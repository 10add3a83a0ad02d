"""Counts beside times to an event: censoring by reason, rule sets, responses that lasted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dossier.cohort.read import read_cohort
from dossier.cohort.settings import Estimation
from dossier.estimate.time_counts import lasting
from dossier.evaluation import evaluate
from dossier.units import Duration

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SIX = (Duration(6, "months"),)


@pytest.fixture(scope="module")
def endpoints():
    cohort = read_cohort(EXAMPLES / "simulated-drup")
    schedule = {"derivation": {"schedule": [{"every": "8 weeks"}]}}
    return evaluate(cohort, criteria=[], settings=schedule).to_dict()["endpoints"]


@pytest.mark.parametrize("name", ["pfs", "os", "dor"])
def test_events_and_censoring_add_up(endpoints, name):
    found = endpoints[name]
    assert sum(found["event_types"].values()) == found["events"]
    assert sum(found["censoring"].values()) == found["censored"]
    assert found["events"] + found["censored"] == found["n"]


def test_every_rule_set_counts_the_same_patients(endpoints):
    sets = endpoints["pfs"]["rule_sets"]
    assert list(sets) == ["standard", "fda", "treatment-policy"]
    for found in sets.values():
        assert sum(found["event_types"].values()) + sum(found["censoring"].values()) == 59
    assert sets["standard"]["events"] == endpoints["pfs"]["events"]
    assert sets["fda"]["events"] < sets["standard"]["events"]
    assert sets["treatment-policy"]["events"] > sets["standard"]["events"]


def test_a_response_censored_too_early_is_no_failure():
    days = np.array([183.0, 182.0, 182.0, 400.0])
    event = np.array([True, True, False, False])
    (found,) = lasting(days, event, 0, SIX, Estimation(), "no responders")
    assert (found.share.events, found.share.n, found.share.too_early) == (2, 3, 1)


def test_nobody_followed_for_long_enough_is_no_share():
    (found,) = lasting(np.array([10.0]), np.array([False]), 0, SIX, Estimation(), "no responders")
    assert found.share.estimate is None
    assert found.to_dict()["reason"] == "follow-up too short for every patient"


def test_duration_of_response_has_landmarks_of_its_own(endpoints):
    assert [mark["months"] for mark in endpoints["dor"]["landmarks"]] == [6, 12, 18]
    assert [mark["months"] for mark in endpoints["pfs"]["landmarks"]] == [6, 12]
