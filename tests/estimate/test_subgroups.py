"""Subgroups: which groups, which denominators, and what is too small to be estimated."""

import numpy as np
import pandas as pd
import pytest
from cohorts import date, results
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import InputError
from dossier.estimate.kaplan_meier import kaplan_meier, survival_at

TYPES = ["colon"] * 6 + ["breast"] * 6 + ["thymus"] * 3 + [""]
COHORT = {
    "patient_id": [f"p{k:02}" for k in range(16)],
    "treatment_start": date(0),
    "tumour_type": TYPES,
    "rare_cancer": ["no"] * 12 + ["yes"] * 3 + [""],
    "prior_lines": [0, 1, 2, 3, 4, 7, 0, 1, 2, 3, 2, 1, 0, 1, 2, ""],
    "age": [64, 65, 74, 75, 80, 50] + [60] * 10,
    "best_response": ["PR", "PR", "PR", "SD", "PD", "PD"] + ["PD"] * 6 + ["CR", "PD", "PD", "PR"],
    "pfs_days": list(range(100, 260, 10)),
    "pfs_event": [1] * 12 + [0] * 4,
    "evaluable": ["yes"] * 5 + ["no"] + ["yes"] * 10,
}


def subgroups(settings=None, frame=None, **options):
    asked = {"estimation": {"subgroups": options}} if options else {}
    return results(frame or COHORT, settings=asked | (settings or {})).get("subgroups")


def groups(column, **options):
    return {g["label"]: g for g in subgroups(**options)["columns"][column]["groups"]}


class TestGroups:
    def test_the_columns_that_the_data_hold(self):
        found = subgroups()
        assert list(found["columns"]) == ["rare_cancer", "prior_lines", "tumour_type"]
        assert found["descriptive"] is True

    def test_most_patients_first_then_the_alphabet(self):
        assert list(groups("tumour_type")) == ["breast", "colon", "thymus"]

    def test_flags_are_yes_and_no(self):
        assert list(groups("rare_cancer")) == ["yes", "no"]

    def test_prior_lines_in_bands(self):
        found = groups("prior_lines")
        assert {label: group["n"] for label, group in found.items()} == {"0-1": 7, "2": 4, "3+": 4}

    @pytest.mark.parametrize(
        ("bounds", "labels"),
        [
            ([65, 75], ["<65", "65-74", "75+"]),
            ([65], ["<65", "65+"]),
            ([62.5, 70], ["<62.5", "62.5 to <70", "70+"]),
            ([], ["50", "60", "64", "65", "74", "75", "80"]),
        ],
    )
    def test_bands_of_age(self, bounds, labels):
        assert list(groups("age", columns=["age"], bands={"age": bounds})) == labels

    def test_missing_values_are_counted(self):
        column = subgroups()["columns"]["tumour_type"]
        assert (column["n"], column["missing"]) == (15, 1)

    def test_one_group_is_no_subgroup(self):
        assert subgroups(frame=COHORT | {"tumour_type": "colon"}, columns=["tumour_type"]) is None

    def test_none_where_none_are_asked_for(self):
        assert subgroups(columns=[]) is None

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"columns": ["tumor_type"]}, "did you mean 'tumour_type'"),
            ({"columns": ["best_response"]}, "cannot be used"),
            ({"bands": {"age": [75, 65]}}, "ascend"),
            ({"minimum": 0}, "at least 1"),
        ],
    )
    def test_settings_that_cannot_be(self, options, message):
        with pytest.raises(ValueError, match=message):
            subgroups(**options)


class TestEstimates:
    def test_rates_of_the_evaluable_times_of_the_treated(self):
        colon = groups("tumour_type")["colon"]
        assert (colon["n"], colon["orr"]["n"], colon["orr"]["events"]) == (6, 5, 3)
        assert colon["orr"]["estimate"] == 0.6
        assert (colon["pfs"]["n"], colon["pfs"]["events"]) == (6, 6)
        assert colon["pfs"]["median"]["days"] == 125  # six times: between the third and fourth

    def test_a_small_group_is_counted_and_not_estimated(self):
        thymus = groups("tumour_type")["thymus"]
        assert (thymus["orr"]["n"], thymus["orr"]["events"]) == (3, 1)
        for figure in (thymus["orr"], thymus["cbr_16w"], thymus["pfs"]["median"]):
            assert figure["reason"] == "fewer than 5 patients"
        assert thymus["orr"]["estimate"] is thymus["pfs"]["median"]["days"] is None

    def test_the_smallest_group_is_a_setting(self):
        assert groups("tumour_type", minimum=3)["thymus"]["orr"]["estimate"] == 1 / 3
        assert groups("tumour_type", minimum=7)["colon"]["orr"]["estimate"] is None

    def test_unknown_times_are_left_out_or_forbid_an_estimate(self):
        days = ["", *COHORT["pfs_days"][1:6], "", "", *COHORT["pfs_days"][8:]]
        found = groups("tumour_type", frame=COHORT | {"pfs_days": days})
        assert (found["colon"]["pfs"]["n"], found["colon"]["pfs"]["unknown"]) == (5, 1)
        assert found["colon"]["pfs"]["median"]["days"] == 130
        assert found["breast"]["pfs"]["median"]["reason"] == "not known for 2 of 6 patients"

    def test_one_rate_in_all_tumour_types_by_default_and_nowhere_else(self):
        columns = subgroups()["columns"]
        found = columns["tumour_type"]["heterogeneity"]
        assert (found["endpoint"], found["test"], found["groups"]) == ("orr", "exact", 3)
        assert 0 < found["p_value"] < 1
        assert "heterogeneity" not in columns["prior_lines"]


def test_a_group_gives_what_it_gives_as_a_cohort():
    inside = [t == "breast" for t in TYPES]
    alone = {
        key: [v for v, keep in zip(column, inside, strict=True) if keep]
        if isinstance(column, list) else column
        for key, column in COHORT.items()
    }  # fmt: skip
    found, pooled = groups("tumour_type")["breast"], results(alone)["endpoints"]
    assert found["orr"] == pooled["orr"]
    assert found["cbr_16w"] == pooled["cbr_16w"]
    assert found["pfs"]["median"] == pooled["pfs"]["median"]


@given(st.permutations(range(16)))
def test_the_order_of_patients_changes_nothing(order):
    shuffled = {
        key: [column[k] for k in order] if isinstance(column, list) else column
        for key, column in COHORT.items()
    }
    assert subgroups(frame=shuffled) == subgroups()


@given(st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=16, max_size=16))
def test_groups_and_missing_add_up(types):
    found = subgroups(frame=COHORT | {"tumour_type": types}, columns=["tumour_type"])
    if found is not None:
        column = found["columns"]["tumour_type"]
        sizes = [group["n"] for group in column["groups"]]
        assert sum(sizes) + column["missing"] == 16
        assert np.all(np.diff(sizes) <= 0)


class TestAsked:
    """What is added where the settings ask for it."""

    FRAME = pd.DataFrame({
        "patient_id": [f"p{i}" for i in range(24)],
        "tumour_type": ["colon", "breast", "lung"] * 8,
        "best_response": ["PR", "SD", "PD"] * 8,
        "pfs_days": range(60, 300, 10),
        "pfs_event": [1, 1, 0] * 8,
    })  # fmt: skip

    def columns(self, **subgroups):
        asked = {"columns": ["tumour_type"]} | subgroups
        found = results(self.FRAME, settings={"estimation": {"subgroups": asked}})
        return found["subgroups"]["columns"]["tumour_type"]

    def test_progression_free_survival_at_a_landmark(self):
        colon, *_ = (
            each
            for each in self.columns(pfs_landmark="6 months")["groups"]
            if each["label"] == "colon"
        )
        own = self.FRAME[self.FRAME["tumour_type"] == "colon"]
        expected = survival_at(kaplan_meier(own["pfs_days"], own["pfs_event"]), 182.625)
        mark = colon["pfs"]["landmark"]
        assert (mark["estimate"], mark["ci_lower"], mark["ci_upper"], mark["at_risk"]) == expected
        assert mark["label"] == "6 months"

    def test_a_group_too_small_has_none(self):
        found = self.columns(pfs_landmark="6 months", minimum=9)
        marks = [each["pfs"]["landmark"] for each in found["groups"]]
        assert {(m["estimate"], m["reason"]) for m in marks} == {(None, "fewer than 9 patients")}

    def test_no_landmark_unless_asked(self):
        assert "landmark" not in self.columns()["groups"][0]["pfs"]

    def test_prespecified_is_declared(self):
        assert self.columns()["prespecified"] is False
        assert self.columns(prespecified=["tumour_type"])["prespecified"] is True

    def test_a_prespecified_grouping_cannot_be_left_out(self):
        with pytest.raises(InputError, match="add site to columns"):
            self.columns(prespecified=["site"])


def test_tiers_are_in_their_own_order_whatever_their_size():
    import pandas as pd

    from dossier.cohort.model import Cohort
    from dossier.evaluation import evaluate

    tiers = ["II-B", "II-B", "II-B", "I-A", "I-A", "III-A"]
    people = pd.DataFrame({"patient_id": list("ABCDEF"), "treatment_start": "2024-01-01",
                           "escat_tier": tiers, "best_response": "PR"})  # fmt: skip
    found = evaluate(Cohort.from_frames(patients=people, title="x"), criteria=[]).to_dict()
    groups = found["subgroups"]["columns"]["escat_tier"]["groups"]
    assert [group["label"] for group in groups] == ["I-A", "II-B", "III-A"]
