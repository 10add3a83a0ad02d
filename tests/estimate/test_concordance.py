"""Agreement of two assessors: kappa against published numbers, and who counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dossier
from dossier.estimate.concordance import cohens_kappa


def readings(table: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    pairs = [
        (str(row), str(column))
        for row, cells in enumerate(table)
        for column, count in enumerate(cells)
        for _ in range(count)
    ]
    one, other = zip(*pairs, strict=True)
    return np.array(one, dtype=object), np.array(other, dtype=object)


@pytest.mark.parametrize(
    "table",
    [
        [[75, 1, 4], [5, 4, 1], [0, 0, 10]],
        [[20, 5], [10, 15]],
        [[3, 2, 0, 1], [1, 8, 2, 0], [0, 1, 5, 0], [0, 0, 1, 2]],
    ],
)
def test_kappa_as_statsmodels_has_it(table):
    inter_rater = pytest.importorskip("statsmodels.stats.inter_rater")
    expected = inter_rater.cohens_kappa(np.array(table))
    found = cohens_kappa(*readings(table))
    assert found.estimate == pytest.approx(expected.kappa)
    assert found.lower == pytest.approx(expected.kappa_low)
    assert found.upper == pytest.approx(min(expected.kappa_upp, 1))


def test_kappa_of_an_example_worked_by_hand():
    # 35 of 50 agree, 25 by chance: (0.7 - 0.5) / 0.5.
    assert cohens_kappa(*readings([[20, 5], [10, 15]])).estimate == pytest.approx(0.4)


def test_where_everybody_is_the_same_there_is_no_kappa():
    found = cohens_kappa(*readings([[7]]))
    assert found.estimate is None
    assert found.reason
    full = cohens_kappa(*readings([[3, 0], [0, 4]]))
    assert full.estimate == pytest.approx(1)


def results(rows: list[tuple[str, int, str, str]], patients: str, **derivation: str) -> dict:
    frame = pd.DataFrame({"patient_id": list(patients), "treatment_start": "2023-01-02"})
    visits = pd.DataFrame(rows, columns=["patient_id", "day", "response", "assessor"])
    cohort = dossier.Cohort.from_frames(
        patients=frame, assessments=visits, title="T", data_cutoff="2024-01-02"
    )
    return dossier.evaluate(cohort, criteria=[], settings={"derivation": derivation}).to_dict()


READ = [
    ("a", 57, "PR", "investigator"), ("a", 113, "PR", "investigator"),
    ("a", 57, "PR", "central"), ("a", 113, "PR", "central"),
    ("b", 57, "SD", "investigator"), ("b", 57, "PD", "central"),
    ("c", 57, "PD", "investigator"),
]  # fmt: skip


def test_only_patients_both_have_read_are_compared():
    found = results(READ, "abcd")["concordance"]
    assert (found["in_force"], found["declared"]) == ("investigator", False)
    (pair,) = found["pairs"]
    assert (pair["first"], pair["second"]) == ("central", "investigator")
    counts = ("n", "only_first", "only_second", "neither")
    assert [pair[name] for name in counts] == [2, 0, 1, 1]
    assert (pair["best_response"]["events"], pair["response"]["events"]) == (1, 2)
    assert (pair["responders_first"], pair["responders_second"]) == (1, 1)


def test_the_assessor_in_force_is_a_setting():
    found = results(READ, "abcd", assessor="central")
    assert found["concordance"]["in_force"] == "central"
    assert found["concordance"]["declared"] is True


def test_one_assessor_is_not_compared():
    assert "concordance" not in results([row for row in READ if row[3] != "central"], "abcd")


codes = st.lists(st.tuples(st.sampled_from("PSD"), st.sampled_from("PSD")), min_size=1, max_size=30)


@settings(max_examples=200)
@given(codes)
def test_kappa_is_symmetric_and_within_its_range(pairs):
    one, other = (np.array(each, dtype=object) for each in zip(*pairs, strict=True))
    found, turned = cohens_kappa(one, other), cohens_kappa(other, one)
    if found.estimate is None:
        assert turned.estimate is None
        return
    assert found.estimate == pytest.approx(turned.estimate)
    assert -1 - 1e-12 <= found.estimate <= 1 + 1e-12
    if found.lower is not None:
        assert found.lower <= found.estimate + 1e-12
        assert found.estimate <= found.upper + 1e-12
