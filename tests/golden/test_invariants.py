"""What must hold of every cohort, from its tables to results.json."""

import math

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from test_independent import SEEN, frames, patients

import dossier

COHORTS = st.lists(patients(), min_size=1, max_size=7)
FEW = settings(max_examples=25)
# Where a row stands in its file, and who is in it, may be told; nothing else may depend on it.
TOLD = ("data_queries", "provenance", "cohort", "settings", "partial_dates")


def results(people, scans, events=None, cutoff=400):
    cohort = dossier.Cohort.from_frames(
        patients=people,
        assessments=scans,
        adverse_events=events,
        title="Made by Hypothesis",
        data_cutoff=str((pd.Timestamp("2024-01-01") + pd.Timedelta(days=cutoff)).date()),
    )
    found = dossier.evaluate(cohort, criteria=["durable-benefit", "esmo-mcbs-1.1-form-3"])
    return {key: value for key, value in found.to_dict().items() if key not in TOLD}


def same(one, other):
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)
    return one == other


def adverse_events(people, grades):
    names = people["patient_id"].tolist()
    return pd.DataFrame({
        "patient_id": [names[at % len(names)] for at in range(len(grades))],
        "term": ["rash" if at % 2 else "nausea" for at in range(len(grades))],
        "grade": grades,
    })  # fmt: skip


@FEW
@given(COHORTS, st.lists(st.integers(1, 5), max_size=6), st.randoms(use_true_random=False))
def test_reordering_rows_and_renaming_patients_changes_nothing(cohort, grades, random):
    people, scans = frames([*cohort, SEEN])
    events = adverse_events(people, grades) if grades else None
    new = {name: f"Z{random.random():.15f}-{name}" for name in people["patient_id"]}

    def turned(table):
        order = list(range(len(table)))
        random.shuffle(order)
        table = table.iloc[order].reset_index(drop=True)
        return table.assign(patient_id=table["patient_id"].map(new))

    before = results(people, scans, events)
    after = results(turned(people), turned(scans), None if events is None else turned(events))
    assert same(before, after)


@FEW
@given(COHORTS)
def test_adding_a_responder_never_lowers_the_response_rate(cohort):
    responder = SEEN | {"visits": [(57, "PR"), (113, "PR")], "alive": [200]}
    before = results(*frames([*cohort, SEEN]))["endpoints"]
    after = results(*frames([*cohort, SEEN, responder]))["endpoints"]
    for rate in ("orr", "dcr", "orr_unconfirmed"):
        assert after[rate]["events"] == before[rate]["events"] + 1
        if before[rate]["estimate"] is not None and after[rate]["estimate"] is not None:
            assert after[rate]["estimate"] >= before[rate]["estimate"]


@FEW
@given(COHORTS, st.integers(1, 150))
def test_a_later_censoring_never_lowers_survival(cohort, later):
    """A patient who is known to be alive for longer."""
    people, scans = frames([*cohort, SEEN | {"alive": [200]}])
    before = results(people, scans)["endpoints"]["os"]
    longer = str((pd.Timestamp("2024-01-01") + pd.Timedelta(days=200 + later)).date())
    people.loc[len(people) - 1, "last_known_alive"] = longer
    after = results(people, scans)["endpoints"]["os"]
    for one, other in zip(before["landmarks"], after["landmarks"], strict=True):
        if one["estimate"] is not None:
            assert other["estimate"] >= one["estimate"] - 1e-12


@FEW
@given(COHORTS, st.data())
def test_an_assessment_that_could_not_be_evaluated_never_helps(cohort, data):
    """A PR read as NE; where a CR was lost or progression hidden RECIST itself is not monotone."""
    plain = [
        each | {"visits": [visit for visit in each["visits"] if visit[1] not in ("CR", "PD")]}
        for each in cohort
    ]
    responder = SEEN | {"visits": [(57, "PR"), (113, "PR"), (169, "PR")], "alive": [200]}
    people, scans = frames([*plain, responder])
    partial = [at for at, response in enumerate(scans["response"]) if response == "PR"]
    lost = scans.copy()
    lost.loc[data.draw(st.sampled_from(partial)), "response"] = "NE"
    before, after = (results(people, each)["endpoints"] for each in (scans, lost))
    for rate in ("orr", "orr_unconfirmed", "dcr", "cbr_16w"):
        assert after[rate]["events"] <= before[rate]["events"]
