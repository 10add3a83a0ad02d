"""What `dossier diff` finds is what was edited, and nothing else."""

from __future__ import annotations

import copy

import pandas as pd
import pytest
from small_cohorts import cohort_of, tables

from dossier.evaluation import evaluate
from dossier.scenarios.data_cut import compare_evaluations
from dossier.scenarios.result_differences import result_differences


def compared(edit):
    frames = tables(18, 3)
    changed = {name: frame.copy() for name, frame in frames.items()}
    changed = edit(changed) or changed
    return compare_evaluations(evaluate(cohort_of(frames)), evaluate(cohort_of(changed)))


def test_the_same_cut_has_no_difference():
    found = compared(lambda frames: None)
    assert not found.any
    assert found.to_dict()["different"] is False


def test_another_order_of_patients_changes_nothing_of_them():
    def reverse(frames):
        frames["patients"] = frames["patients"].iloc[::-1].reset_index(drop=True)

    found = compared(reverse)
    assert not found.records
    assert not found.derived


def test_an_edited_response_is_found_with_its_row():
    def edit(frames):
        visits = frames["assessments"]
        place = visits.index[visits["response"] == "PR"][0]
        visits.loc[place, "response"] = "PD"

    found = compared(edit)
    (record,) = found.records
    assert (record.table, record.what, record.column) == ("assessments", "changed", "response")
    assert (record.old, record.new) == ("PR", "PD")
    assert {each.patient for each in found.derived} == {record.patient}
    assert any(each.what == "pfs" for each in found.derived)


def test_new_and_vanished_patients():
    def edit(frames):
        gone = {name: f[f["patient_id"] != "P005"] for name, f in frames.items()}
        first = gone["patients"].iloc[[0]].assign(patient_id="P900")
        patients = gone["patients"]
        gone["patients"] = pd.concat([patients, first], ignore_index=True)
        return gone

    found = compared(edit)
    assert [each.patient for each in found.vanished_patients] == ["P005"]
    assert [each.patient for each in found.new_patients] == ["P900"]
    assert found.new_patients[0].new_row == 19


def test_a_corrected_date_of_a_visit():
    def edit(frames):
        frames["assessments"].loc[2, "date"] = "2023-12-31"

    (record,) = compared(edit).records
    assert (record.table, record.what, record.column) == ("assessments", "changed", "date")
    assert (record.new, record.old_row, record.new_row) == ("2023-12-31", 4, 4)


def test_a_visit_more():
    def edit(frames):
        more = frames["assessments"].iloc[[0]].assign(date="2024-01-31", response="NE")
        frames["assessments"] = pd.concat([frames["assessments"], more], ignore_index=True)

    (record,) = compared(edit).records
    assert (record.what, record.new) == ("new", "date 2024-01-31, response NE")


def test_a_changed_date():
    def edit(frames):
        frames["patients"].loc[3, "last_known_alive"] = "2024-06-01"

    records = compared(edit).records
    assert [(r.patient, r.column, r.new) for r in records] == [
        ("P004", "last_known_alive", "2024-06-01")
    ]


class TestKinds:
    @pytest.mark.parametrize(
        ("path", "kind"),
        [
            (("endpoints", "orr", "estimate"), "number"),
            (("settings", "derivation", "confirmation"), "setting"),
            (("cohort", "data_cutoff"), "data"),
            (("provenance", "software", "version"), "software"),
            (("provenance", "criteria", "durable-benefit"), "criterion"),
        ],
    )
    def test_settings_criteria_and_software_stand_apart_from_data(self, path, kind):
        found = evaluate(cohort_of(tables(10, 1))).to_dict()
        changed = copy.deepcopy(found)
        inner = changed
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = "changed"
        (difference,) = result_differences(found, changed)
        assert (difference.kind, difference.path) == (kind, ".".join(path))

    def test_a_flipped_verdict_comes_first(self):
        cohort = cohort_of(tables(18, 3))
        one = evaluate(cohort, overrides=["durable-benefit.response=1%"]).to_dict()
        two = evaluate(cohort, overrides=["durable-benefit.response=99%"]).to_dict()
        found = result_differences(one, two)
        assert found[0].kind == "verdict"
        assert {each.kind for each in found} == {"verdict", "number", "criterion"}
