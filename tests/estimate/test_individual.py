"""PFS ratio, exceptional responders and earlier treatment of a cohort."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dossier


def results(rows: list[dict], **derivation: object) -> dict:
    frame = pd.DataFrame(rows).assign(patient_id=[f"P{place}" for place in range(len(rows))])
    cohort = dossier.Cohort.from_frames(patients=frame, title="T", data_cutoff="2024-01-01")
    return dossier.evaluate(cohort, criteria=[], settings={"derivation": derivation}).to_dict()


def patient(prior: float | None, days: float | None, event: int | None, best: str = "SD") -> dict:
    return {"best_response": best, "prior_pfs_days": prior, "pfs_days": days, "pfs_event": event}


# Ratios: 2.0, 1.3 exactly, 1.29, 0.5 (events); 1.5, 0.8 (censored).
GOLDEN = [
    patient(100, 200, 1),
    patient(100, 130, 1),
    patient(100, 129, 1),
    patient(100, 50, 1),
    patient(100, 150, 0),
    patient(100, 80, 0),
    patient(None, 300, 1),
]


class TestRatio:
    def test_censored_before_the_ratio_is_no_failure(self):
        found = results(GOLDEN)["endpoints"]["pfs_ratio"]
        counts = ("events", "n", "not_reached", "indeterminate", "with_ratio", "not_given")
        assert [found[name] for name in counts] == [3, 5, 2, 1, 6, 1]
        assert found["estimate"] == 0.6
        assert (found["lowest"], found["highest"]) == (3 / 6, 4 / 6)
        assert found["threshold"] == 1.3

    def test_limits_are_those_of_three_of_five(self):
        found = results(GOLDEN)["endpoints"]["pfs_ratio"]
        assert found["ci_lower"] == pytest.approx(0.1466, abs=1e-4)
        assert found["ci_upper"] == pytest.approx(0.9473, abs=1e-4)

    def test_the_median_allows_for_censoring(self):
        # Kaplan-Meier: 5/6 after 0.5, times 3/4 after 1.29, times 2/3 after 1.3 = 0.4167.
        assert results(GOLDEN)["endpoints"]["pfs_ratio"]["median"]["ratio"] == pytest.approx(1.3)

    def test_the_threshold_is_a_setting(self):
        found = results(GOLDEN, pfs_ratio_threshold=2)["endpoints"]["pfs_ratio"]
        assert (found["events"], found["n"], found["indeterminate"]) == (1, 4, 2)

    def test_without_any_ratio_there_is_a_reason(self):
        found = results([patient(100, 50, 0)])["endpoints"]["pfs_ratio"]
        assert found["estimate"] is None
        assert found["reason"] == "no patient has a ratio that can be judged"
        none = results([patient(0, 50, 1), patient(0, 60, 1)])["endpoints"]["pfs_ratio"]
        assert none["lowest"] is None
        assert none["reason"]
        assert none["median"]["reason"] == "no patient has a ratio"
        assert none["unknown_reasons"] == {"earlier progression-free survival of 0 days": 2}

    def test_without_the_column_there_is_none(self):
        rows = [{"best_response": "SD", "pfs_days": 50, "pfs_event": 1}]
        assert "pfs_ratio" not in results(rows)["endpoints"]
        assert "prior_treatment" not in results(rows)


class TestExceptional:
    ROWS = (
        patient(None, 100, 1, "CR"),
        patient(None, 731, 1, "PR"),
        patient(None, 731, 0, "CR"),
        patient(None, 730, 1, "SD"),
        patient(None, 300, 0, "SD"),
    )

    def test_complete_response_or_two_years(self):
        found = results(list(self.ROWS))["endpoints"]["exceptional_responders"]
        assert (found["events"], found["n"], found["followed_too_short"]) == (3, 5, 1)
        assert found["bases"] == {"complete response": 2, "long progression-free survival": 1}

    def test_both_are_settings(self):
        found = results(
            list(self.ROWS), exceptional_complete_response=False, exceptional_pfs_months=12
        )["endpoints"]["exceptional_responders"]
        assert found["bases"] == {"complete response": 0, "long progression-free survival": 3}

    def test_one_whose_time_is_not_known_is_not_in_the_denominator(self):
        rows = [*self.ROWS, patient(None, None, None)]
        found = results(rows)["endpoints"]["exceptional_responders"]
        assert (found["n"], found["unknown"]) == (5, 1)


def test_earlier_treatment_is_described():
    rows = [{"prior_lines": lines} | row for lines, row in zip((1, 2, 2), GOLDEN[:3], strict=True)]
    rows[2]["prior_pfs_days"] = None
    lines, days = results(rows)["prior_treatment"]
    assert lines["counts"] == {"1": 1, "2": 2}
    assert (days["n"], days["missing"], days["median"]) == (2, 1, 100)


told = st.builds(
    patient,
    st.none() | st.sampled_from([0, 30, 100]),
    st.integers(0, 900),
    st.integers(0, 1),
    st.sampled_from(["CR", "PR", "SD", "PD", "NE"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(told, min_size=1, max_size=12))
def test_counts_add_up(rows):
    everything = results([*rows, patient(10, 10, 1)])
    found = everything["endpoints"]["pfs_ratio"]
    assert found["events"] + found["not_reached"] == found["n"]
    assert found["n"] + found["indeterminate"] == found["with_ratio"]
    total = found["with_ratio"] + found["not_given"] + found["unknown"]
    assert total == everything["populations"]["treated"]
    assert sum(found["unknown_reasons"].values()) == found["unknown"]
    share = found["events"] / found["n"]
    assert found["lowest"] <= share <= max(found["highest"], share)
    exceptional = everything["endpoints"]["exceptional_responders"]
    assert sum(exceptional["bases"].values()) == exceptional["events"]


@settings(max_examples=40, deadline=None)
@given(st.lists(told, min_size=1, max_size=8), st.data())
def test_a_later_censoring_never_makes_a_failure(rows, data):
    rows = [*rows, patient(10, 10, 1)]
    place = data.draw(st.integers(0, len(rows) - 1))
    if rows[place]["pfs_event"]:
        return
    longer = [row | ({"pfs_days": 950} if where == place else {}) for where, row in enumerate(rows)]
    before, after = (results(each)["endpoints"]["pfs_ratio"] for each in (rows, longer))
    assert after["not_reached"] == before["not_reached"]
    assert after["events"] >= before["events"]
