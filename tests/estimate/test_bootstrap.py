"""Bootstrap: what a resample is, its limits, and the numbers it keeps for later stages."""

import time

import numpy as np
import pandas as pd
import pytest
from cohorts import results

import dossier
from dossier.estimate.bootstrap import drawn_weights
from dossier.estimate.kaplan_meier import kaplan_meier, quantile, survival_at


def frame_of(size, seed=3):
    rng = np.random.default_rng(seed)
    response = rng.choice(["CR", "PR", "SD", "PD"], size, p=[0.05, 0.25, 0.3, 0.4])
    return pd.DataFrame(
        {
            "patient_id": [f"p{k}" for k in range(size)],
            "best_response": response,
            "pfs_days": rng.integers(20, 400, size),
            "pfs_event": rng.integers(0, 2, size),
            "os_days": rng.integers(20, 800, size),
            "os_event": rng.integers(0, 2, size),
            "dor_days": np.where(np.isin(response, ["CR", "PR"]), rng.integers(1, 300, size), ""),
            "dor_event": np.where(np.isin(response, ["CR", "PR"]), "1", ""),
        }
    )


def resamples_of(frame, **asked):
    cohort = dossier.Cohort.from_frames(title="Test", data_cutoff="2030-01-01", patients=frame)
    settings = {"estimation": {"bootstrap": asked}}
    return dossier.evaluate(cohort, criteria=[], settings=settings).results.resamples


class TestResamples:
    def test_each_is_the_cohort_with_patients_repeated(self):
        frame = frame_of(30)
        found = resamples_of(frame, resamples=20, seed=9)
        weights = drawn_weights(30, 20, 9)
        responder = np.isin(frame["best_response"], ["CR", "PR"])
        for b, drawn in enumerate(weights):
            again = frame.loc[np.repeat(np.arange(30), drawn)]
            assert found.rates["orr"].events[b] == np.repeat(responder, drawn).sum()
            assert found.rates["orr"].n[b] == 30
            for name in ("pfs", "os", "dor"):
                known = again[again[f"{name}_days"] != ""]
                curve = kaplan_meier(
                    known[f"{name}_days"].astype(float), known[f"{name}_event"].astype(int)
                )
                resampled = found.times[name]
                median = quantile(curve).estimate
                assert resampled.median_days[b] == (np.inf if median is None else median)
                assert resampled.n[b] == len(known)
                assert resampled.events[b] == known[f"{name}_event"].astype(int).sum()
                share = survival_at(curve, 182.625)
                if share is None:
                    assert np.isnan(resampled.survival[182.625][b])
                else:
                    assert resampled.survival[182.625][b] == share.estimate

    def test_everybody_is_drawn_as_often_as_the_others(self):
        weights = drawn_weights(10, 5000, 1)
        assert (weights.sum(axis=1) == 10).all()
        # Multinomial counts: mean 1, variance 0.9; four standard errors.
        assert weights.mean(axis=0) == pytest.approx(np.ones(10), abs=4 * (0.9 / 5000) ** 0.5)
        assert weights.var() == pytest.approx(0.9, abs=0.03)

    def test_the_seed_decides(self):
        frame = frame_of(40)
        one, same, other = (resamples_of(frame, resamples=200, seed=s) for s in (4, 4, 5))
        assert one.to_dict() == same.to_dict()
        assert one.to_dict() != other.to_dict()

    def test_a_verdict_can_be_counted_over_the_resamples(self):
        found = resamples_of(frame_of(40), resamples=400)
        met = (found.rates["orr"].estimates >= 0.2) & (found.times["pfs"].median_days >= 150)
        assert 0 < met.mean() < 1


class TestLimits:
    def test_percentiles_by_counting(self):
        found = resamples_of(frame_of(40), resamples=999)
        rates = np.sort(found.rates["orr"].estimates)
        # 1,000 times half of 5%: the 25th from either end.
        assert found.rates["orr"].limits.lower == rates[24]
        assert found.rates["orr"].limits.upper == rates[-25]

    def test_near_the_exact_limits_of_a_rate(self):
        frame = frame_of(400)
        found = resamples_of(frame, resamples=2000).rates["orr"].limits
        orr = results(frame)["endpoints"]["orr"]
        assert found.lower == pytest.approx(orr["ci_lower"], abs=0.01)
        assert found.upper == pytest.approx(orr["ci_upper"], abs=0.01)

    def test_a_median_that_many_resamples_do_not_reach(self):
        frame = pd.DataFrame(
            {"patient_id": list("abcdefghij"), "best_response": "SD",
             "pfs_days": range(10, 110, 10), "pfs_event": [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]}
        )  # fmt: skip
        found = resamples_of(frame, resamples=500).to_dict()["pfs"]["median"]
        assert found["ci_lower_days"] is not None
        assert found["ci_upper_days"] is None
        assert found["reason"] == "upper limit not reached"

    def test_too_few_resamples_have_no_limits(self):
        found = resamples_of(frame_of(20), resamples=20).to_dict()["orr"]
        assert found == {
            "ci_lower": None,
            "ci_upper": None,
            "reason": "too few resamples with an estimate: 20",
        }

    def test_resamples_without_a_responder_do_not_count_for_the_duration(self):
        frame = frame_of(12)
        frame["best_response"] = ["PR"] + ["PD"] * 11
        frame["dor_days"] = ["90"] + [""] * 11
        frame["dor_event"] = ["1"] + [""] * 11
        found = resamples_of(frame, resamples=300)
        empty = found.times["dor"].n == 0
        assert 0.2 < empty.mean() < 0.5
        assert np.isnan(found.times["dor"].median_days[empty]).all()
        assert found.to_dict()["dor"]["median"]["ci_lower_days"] == 90


def test_off_unless_asked_for():
    assert resamples_of(frame_of(10), resamples=0) is None
    assert "bootstrap" not in results(frame_of(10))


def test_arms_have_resamples_of_their_own():
    frame = frame_of(40).assign(arm=["A", "B"] * 20)
    found = results(frame, settings={"estimation": {"bootstrap": {"resamples": 100}}})
    assert found["bootstrap"]["resamples"] == 100
    assert found["arms"]["A"]["bootstrap"]["orr"] != found["arms"]["B"]["bootstrap"]["orr"]


def test_2000_resamples_of_1610_patients_within_seconds():
    frame = frame_of(1610)
    begin = time.perf_counter()
    assert resamples_of(frame, resamples=2000).rates["orr"].n.shape == (2000,)
    assert time.perf_counter() - begin < 5  # some 0.4 s; a busy machine takes longer
