"""Every row of the matrix is what a run of its own would give, from the files as they would be."""

from __future__ import annotations

import dataclasses
import json
import random

import numpy as np
import pytest
from small_cohorts import cohort_of, small_cohort, tables, written

from dossier.cohort.frames import with_settings
from dossier.cohort.read import read_cohort
from dossier.derive.patients import derive
from dossier.errors import InputError
from dossier.estimate.results import estimate
from dossier.evaluation import evaluate
from dossier.scenarios.plan import Plan, plan_of
from dossier.scenarios.population_estimate import DerivedCohort, counted_in, estimate_population
from dossier.scenarios.running import Runner, run
from dossier.scenarios.scenario import Population
from dossier.scenarios.scenario_file import scenarios_from
from dossier.scenarios.what_if import what_if

SEEDS = range(4)
MCBS = "esmo-mcbs-1.1-form-2a"


def matrix_of(cohort, **file):
    return what_if(cohort, file).matrix


def row_of(matrix, name):
    return next(row for row in matrix.rows if row.scenario.id == name)


def same_numbers(row, evaluation):
    """The row has the numbers and verdicts of a run of its own."""
    endpoints = evaluation.to_dict()["endpoints"]
    for name in ("orr", "dcr", "cbr_16w", "cbr_24w"):
        figure, own = row.figures[name], endpoints[name]
        assert (figure.n, figure.events) == (own["n"], own["events"]), name
        assert figure.estimate == own["estimate"]
        assert (figure.lower, figure.upper) == (own["ci_lower"], own["ci_upper"])
    for name in ("pfs", "os", "dor"):
        figure, own = row.figures[f"{name}.median"], endpoints[name]
        assert (figure.n, figure.events) == (own["n"], own["events"]), name
        assert figure.estimate == own["median"]["months"]
        assert figure.lower == own["median"]["ci_lower_months"]
    verdicts = {each.criterion: (each.verdict, each.grade) for each in row.judged}
    assert verdicts == {each.id: (each.verdict, each.grade) for each in evaluation.verdicts}


def nulls_without_reason(value, path="", told=False):
    if isinstance(value, dict):
        told = "reason" in value
        for key, inner in value.items():
            yield from nulls_without_reason(inner, f"{path}.{key}", told)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from nulls_without_reason(inner, f"{path}.{place}")
    elif value is None and not told:
        yield path


class TestPopulationEstimate:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_is_the_estimate_stage_without_the_rest(self, seed):
        cohort = small_cohort(25, seed)
        patients = derive(cohort)
        whole = estimate(cohort, patients)
        derived = DerivedCohort.of(cohort, patients, ["grade_3_4_toxicity", "follow_up.median"])
        lean = estimate_population(derived, counted_in(derived, Population(), ""))
        for name, share in lean.proportions.items():
            assert share.to_dict() == whole.proportions[name].to_dict()
        not_counted = {"rule_sets", "lasting"}
        for name, time in lean.times.items():
            own = whole.times[name].to_dict()
            assert time.to_dict() == {k: v for k, v in own.items() if k not in not_counted}
        assert lean.populations == whole.populations
        assert lean.time_to_response == whole.time_to_response
        severe = whole.safety.overview["grade_3_or_higher"]
        assert lean.safety.overview["grade_3_or_higher"] == severe
        ungraded = sum(row.unknown for row in whole.safety.terms if row.term)
        assert sum(row.unknown for row in lean.safety.terms) == ungraded

    @pytest.mark.parametrize("arms", [2, 3])
    def test_of_arms_too(self, arms):
        frames = tables(40, 6)
        names = np.array(["control", "new", "other"])[:arms]
        frames["patients"]["arm"] = names[np.arange(40) % arms]
        frames["patients"]["evaluable"] = "yes"
        cohort = cohort_of(frames, cohort={"design": "randomised"}, criteria=[MCBS])
        evaluation = evaluate(cohort)
        matrix = matrix_of(cohort)
        own = evaluation.verdicts[0]
        assert (matrix.base.judged[0].verdict, matrix.base.judged[0].grade) == (
            own.verdict,
            own.grade,
        )
        if arms == 2:
            figure = matrix.base.figures["os.median"]
            assert figure.path == "arms.new.endpoints.os.median.months"
            new = evaluation.results.arms["new"].times["os"].median
            assert figure.estimate == new.to_dict()["months"]

    def test_a_design_for_one_arm_says_nothing_of_several(self):
        frames = tables(20, 6)
        frames["patients"]["arm"] = np.array(["a", "b"])[np.arange(20) % 2]
        cohort = cohort_of(frames)
        same_numbers(matrix_of(cohort).base, evaluate(cohort))


class TestBaseCase:
    def test_is_the_evaluation(self):
        cohort = small_cohort()
        same_numbers(matrix_of(cohort).base, evaluate(cohort))

    def test_may_itself_be_changed(self):
        cohort = small_cohort()
        settings = {"derivation": {"confirmation": False}}
        matrix = matrix_of(cohort, base={"settings": settings, "set": ["pfs_6=5 months"]})
        same_numbers(matrix.base, evaluate(cohort, settings=settings, overrides=["pfs_6=5 months"]))


class TestRules:
    @pytest.mark.parametrize(
        "settings",
        [
            {"derivation": {"confirmation": False}},
            {"derivation": {"sd_minimum_days": 60, "pfs": "fda", "schedule": "8 weeks"}},
            {"derivation": {"partial_dates": "last"}},
            {"estimation": {"ci": "plain", "proportion_ci": "wilson"}},
            {"cohort": {"data_cutoff": "2023-03-01"}},
        ],
    )
    def test_a_scenario_is_a_run_under_its_settings(self, settings):
        frames = tables(25, 3)
        frames["assessments"].loc[::6, "date"] = frames["assessments"]["date"].str[:7]
        cohort = cohort_of(frames)
        entry = {"id": "it", "reason": "r", "settings": settings}
        row = row_of(matrix_of(cohort, scenarios=[entry]), "it")
        same_numbers(row, evaluate(cohort, settings=settings))

    def test_an_earlier_cut_off_uses_nothing_that_came_later(self):
        frames, day = tables(25, 5), "2023-03-01"
        edited = {name: frame.copy() for name, frame in frames.items()}
        edited["assessments"] = frames["assessments"][frames["assessments"]["date"] <= day]
        edited["adverse_events"] = frames["adverse_events"][
            frames["adverse_events"]["start"] <= day
        ]
        patients = edited["patients"]
        patients.loc[patients["death_date"] > day, "death_date"] = ""
        patients.loc[patients["last_known_alive"] > day, "last_known_alive"] = day
        edited["patients"] = patients[patients["treatment_start"] <= day]
        entry = {
            "id": "cut", "reason": "r", "settings": {"cohort": {"data_cutoff": day}}
        }  # fmt: skip
        row = row_of(matrix_of(cohort_of(frames), scenarios=[entry]), "cut")
        as_it_was = with_settings(cohort_of(edited), {"cohort": {"data_cutoff": day}})
        same_numbers(row, evaluate(as_it_was))

    def test_a_later_cut_off_is_refused(self):
        entry = {"id": "x", "reason": "r", "settings": {"cohort": {"data_cutoff": "2025-01-01"}}}
        with pytest.raises(InputError, match="can only be moved back"):
            matrix_of(small_cohort(), scenarios=[entry])


class TestPopulations:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_leaving_one_out_is_removing_and_reading_again(self, seed, tmp_path):
        frames = tables(12, seed)
        whole = read_cohort(written(tmp_path / "whole", frames))
        matrix = matrix_of(whole, leave_one_out=["patient", "site"])
        for column, name in (("patient", "patient_id"), ("site", "site")):
            for value in sorted(set(frames["patients"][name])):
                gone = frames["patients"]["patient_id"][frames["patients"][name] == value]
                kept = {
                    table: frame[~frame["patient_id"].isin(gone)] for table, frame in frames.items()
                }
                folder = written(tmp_path / f"{column}-{value}", kept)
                row = row_of(matrix, f"without-{column}-{value}")
                same_numbers(row, evaluate(read_cohort(folder)))

    def test_a_filter_is_reading_only_those(self):
        frames = tables(25, 2)
        entry = {"id": "rare", "reason": "r", "population": {"rare_cancer": True}}
        row = row_of(matrix_of(cohort_of(frames), scenarios=[entry]), "rare")
        inside = frames["patients"][frames["patients"]["rare_cancer"] == "yes"]
        kept = {
            name: frame[frame["patient_id"].isin(inside["patient_id"])]
            for name, frame in frames.items()
        }
        same_numbers(row, evaluate(cohort_of(kept)))

    def test_treated_counts_everybody_in_rates(self):
        frames = tables(25, 2)
        entry = {"id": "t", "reason": "r", "population": "treated"}
        row = row_of(matrix_of(cohort_of(frames), scenarios=[entry]), "t")
        frames["patients"] = frames["patients"].drop(columns="evaluable")
        same_numbers(row, evaluate(cohort_of(frames)))

    def test_evaluable_counts_only_them_in_times(self):
        frames = tables(25, 2)
        entry = {"id": "e", "reason": "r", "population": "evaluable"}
        row = row_of(matrix_of(cohort_of(frames), scenarios=[entry]), "e")
        inside = frames["patients"][frames["patients"]["evaluable"] == "yes"]
        kept = {
            name: frame[frame["patient_id"].isin(inside["patient_id"])]
            for name, frame in frames.items()
        }
        same_numbers(row, evaluate(cohort_of(kept)))


class TestNotEvaluable:
    def test_failure_is_the_base_case_and_the_others_surround_it(self):
        cohort = small_cohort(30, 7)
        kinds = ("failure", "excluded", "best", "worst")
        entries = [{"id": k, "reason": "r", "not_evaluable": k} for k in kinds]
        matrix = matrix_of(cohort, scenarios=entries)
        frame = derive(cohort).frame
        treated = frame[frame["treated"]]
        orr = {kind: row_of(matrix, kind).figures["orr"] for kind in kinds}
        ne = frame["best_response"] == "NE"
        responders = treated["best_response"].isin(["CR", "PR"])
        assert orr["failure"] == matrix.base.figures["orr"]
        assert orr["excluded"].n == (frame["response_evaluable"] & ~ne).sum()
        assert orr["best"].n == orr["worst"].n == len(treated)
        assert orr["worst"].events == responders.sum()
        assert orr["best"].events == responders.sum() + (treated["best_response"] == "NE").sum()
        for name in ("cbr_16w", "cbr_24w"):
            worst, best = (
                row_of(matrix, "worst").figures[name],
                row_of(matrix, "best").figures[name],
            )
            assert worst.estimate <= best.estimate
            assert worst.n == best.n == len(treated)


class TestPatients:
    def test_who_changes_and_by_which_rule(self):
        cohort = small_cohort(30, 7)
        settings = {"derivation": {"confirmation": False}}
        entry = {"id": "u", "reason": "r", "settings": settings}
        matrix = matrix_of(cohort, scenarios=[entry])
        row = row_of(matrix, "u")
        before, after = derive(cohort).frame, derive(with_settings(cohort, settings)).frame
        differs = before["best_response"] != after["best_response"]
        assert differs.any()
        found = {
            (each.patient, each.before, each.after, each.rule_after)
            for each in matrix.changes_of(row)
            if each.what == "best_response"
        }
        expected = zip(
            before["patient_id"][differs],
            before["best_response"][differs],
            after["best_response"][differs],
            after["best_response_rule"][differs],
            strict=True,
        )
        assert found == set(expected)

    def test_who_leaves_a_denominator(self):
        cohort = small_cohort(20, 3)
        matrix = matrix_of(cohort, leave_one_out=["patient"])
        changes = matrix.changes_of(row_of(matrix, "without-patient-P004"))
        assert {each.patient for each in changes} == {"P004"}
        assert {each.after for each in changes} == {"no"}

    def test_the_base_case_changes_nobody(self):
        assert matrix_of(small_cohort()).base.patients_changed == 0


class TestOrder:
    def test_rows_do_not_depend_on_the_order_of_the_plan(self):
        cohort = small_cohort(20, 4)
        file = scenarios_from({"include": "standard-sensitivity"})
        plan = plan_of(cohort, file)
        first = run(Runner(cohort, plan))
        others = list(plan.scenarios[1:])
        random.Random(1).shuffle(others)
        second = run(Runner(cohort, Plan((plan.base, *others))))
        for row in first.rows:
            other = row_of(second, row.scenario.id)
            assert dataclasses.replace(row, changes=0) == dataclasses.replace(other, changes=0)
            assert first.changes_of(row) == second.changes_of(other)


class TestWhatCannotBeEstimated:
    def test_is_a_row_that_says_why(self):
        frames = tables(15, 1)
        frames["patients"] = frames["patients"].drop(columns=["measurable_disease", "site"])
        matrix = matrix_of(cohort_of(frames), include="standard-sensitivity")
        assert "no column measurable_disease" in row_of(matrix, "population-measurable").reason
        assert "schedule" in row_of(matrix, "pfs-fda").reason
        assert "no column site" in row_of(matrix, "without-each-site").reason
        assert matrix.scenarios_run == len(matrix.rows) - 1

    def test_nothing_is_nan(self):
        found = what_if(
            small_cohort(8, 2),
            {
                "include": "standard-sensitivity",
                "predict": {"more_patients": 3},
                "stability": {"resamples": 100},
                "compare_criteria": "yes",
                "sweeps": ["durable-benefit.pfs=1..9", "durable-benefit.response=1..9"],
            },
        )
        written = json.loads(json.dumps(found.to_dict(), allow_nan=False))
        assert not list(nulls_without_reason(written))
        for row in found.matrix.rows:
            for figure in row.figures.values():
                assert figure.estimate is None or np.isfinite(figure.estimate)
