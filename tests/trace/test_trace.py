"""Traces: every number leads to its patients and their rows, or says plainly why it does not."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from dossier.errors import InputError
from dossier.result_paths import find, leaves
from dossier.trace import trace

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SECTIONS = ("populations", "losses", "endpoints", "baseline", "disposition", "safety",
            "durability", "decision_16w", "exposure",
            "prior_treatment", "quality_of_life", "concordance")  # fmt: skip
# Numbers that are counts of patients: each must be counted again, wherever something is counted.
COUNTS = ("n", "events", "censored", "unknown", "too_early", "missing", "any", "severe", "at_risk",
          "enrolled", "treated", "response_evaluable", "competing_events", "open",
          "kept", "lost", "counted_although_not_kept", "scan_in_window", "deaths",
          "only_first", "only_second", "neither", "responders_first", "responders_second",
          "with_ratio", "indeterminate", "not_given", "followed_too_short",
          "fatal_without_death", "occurrences", "ongoing", "completed",
          "expected", "completed_expected")  # fmt: skip
TALLIES = ("counts", "unconfirmed_counts", "not_evaluable_reasons", "event_types",
           "censoring_reasons", "unknown_reasons", "grades", "disposition", "losses",
           "lost_reasons", "censoring", "continued", "causes", "not_stated",
           "bases")  # fmt: skip
# Counts that no patient of this cohort decides.
STATED = ("two_stage.design.", "progression_incidence.landmarks")


def paths_of(evaluation, sections, *, groups=False):
    """Every single value of some sections, those of the arms too; subgroups of arms if asked."""
    results = evaluation.to_dict()
    for section in sections:
        for path, value in leaves(results.get(section, {}), section):
            nested = section == "arms" and find(results, path)[0][2] not in SECTIONS
            if nested == groups or section != "arms":
                yield path, value


@pytest.mark.parametrize("name", ["simulated", "summit", "everything"])
def test_every_number_is_traced_or_says_why_not(name, request):
    evaluation = request.getfixturevalue(name)
    for path, value in paths_of(evaluation, (*SECTIONS, "arms")):
        found = trace(evaluation, path)
        assert found.value == value, path
        assert found.meaning, path
        assert "this version traces no patients" not in found.meaning, path
        assert found.agrees is not False, (path, found.value, found.recount)


@pytest.mark.parametrize("name", ["simulated", "summit", "everything"])
def test_every_count_is_counted_again_from_its_patients(name, request):
    evaluation = request.getfixturevalue(name)
    checked, results = 0, evaluation.to_dict()
    for path, value in paths_of(evaluation, (*SECTIONS, "arms")):
        keys = find(results, path)[0]
        is_count = keys[-1] in COUNTS or any(key in TALLIES for key in keys[:-1])
        if not is_count or value is None or any(part in path for part in STATED):
            continue
        found = trace(evaluation, path)
        if keys[-1] == "at_risk" and not found.traced:
            assert "nothing was estimated" in found.meaning
            continue
        if path.startswith("safety.") and "no adverse event table" in found.meaning:
            continue
        assert found.agrees, (path, value, found.recount)
        if not path.endswith(("safety.events", ".occurrences.occurrences")):
            assert len(found.patients) == value, path
        assert all(each.sources for each in found.patients), path
        checked += 1
    assert checked > 40


@pytest.mark.parametrize("name", ["in_baskets", "everything"])
def test_subgroups_and_baskets_are_counted_again(name, request):
    evaluation = request.getfixturevalue(name)
    traced = 0
    nested = list(paths_of(evaluation, ("arms",), groups=True))[::9]
    for path, _ in [*paths_of(evaluation, ("subgroups", "baskets")), *nested]:
        found = trace(evaluation, path)
        assert found.meaning
        assert found.agrees is not False, path
        traced += found.agrees is True
    assert traced > 50


@pytest.mark.parametrize("name", ["simulated", "summit", "everything"])
def test_everything_else_says_where_it_comes_from(name, request):
    evaluation = request.getfixturevalue(name)
    others = [section for section in evaluation.to_dict() if section not in (*SECTIONS, "arms")]
    for path, _ in paths_of(evaluation, others):
        found = trace(evaluation, path)
        assert found.meaning, path
        assert found.agrees is not False, path
        json.dumps(found.to_dict(), allow_nan=False)


def test_a_rate_leads_to_visits_that_say_so(simulated):
    found = trace(simulated, "endpoints.orr.estimate")
    assert found.population == "patients evaluable for response"
    assert found.members == len(found.patients) == 58
    responders = [each for each in found.patients if each.counted]
    assert len(responders) == 18
    lines = (EXAMPLES / "simulated-drup" / "assessments.csv").read_text("utf-8").splitlines()
    rows = list(csv.reader(lines, csv.Sniffer().sniff(lines[0])))
    column = rows[0].index("Overall response")
    for each in responders:
        carrying, confirming = each.sources
        assert (carrying.role, confirming.role) == ("carries", "confirms")
        assert carrying.file == confirming.file == "assessments.csv"
        # A spreadsheet counts the heading as row 1.
        assert carrying.column == "Overall response"
        assert rows[carrying.row - 1][0] == rows[confirming.row - 1][0] == each.patient
        assert rows[carrying.row - 1][column] == each.value
    assert {rule.id for rule in found.rules} >= {"POP-TREATED", "POP-EVALUABLE", "BOR-PR"}
    (partial,) = (rule for rule in found.rules if rule.id == "BOR-PR")
    assert partial.patients == 16
    assert "28" in partial.text
    assert "{" not in partial.text


def test_a_time_leads_to_what_ended_it(simulated):
    found = trace(simulated, "endpoints.dor.events")
    assert {each.status for each in found.patients} == {"event"}
    assert {each.reason for each in found.patients} == {"progression", "death"}
    assert all([row.role for row in each.sources] == ["begins", "ends"] for each in found.patients)
    censored = trace(simulated, "endpoints.pfs.censoring_reasons.new anticancer therapy")
    assert len(censored.patients) == 2
    assert {each.rule for each in censored.patients} == {"PFS-NEW-THERAPY"}


def test_the_numbers_of_follow_up_are_turned_round(simulated):
    followed = trace(simulated, "endpoints.follow_up.events")
    assert all(each.reason.startswith("alive") for each in followed.patients)


def test_an_adverse_event_leads_to_its_rows(simulated):
    found = trace(simulated, "safety.overview.grade_3_or_higher.events")
    assert len(found.patients) == found.value
    assert all(each.value >= 3 for each in found.patients)
    assert all(row.file == "adverse_events.csv" for each in found.patients for row in each.sources)
    every = trace(simulated, "safety.events")
    assert sum(len(each.sources) for each in every.patients) == every.value


def test_a_rule_of_a_criterion_follows_its_path(simulated):
    found = trace(simulated, "criteria.0.rules.1.observed")
    assert found.path == "criteria.0.rules.1.observed"
    assert found.traced == "endpoints.pfs.median.months"
    assert len(found.patients) == 59
    assert trace(simulated, "criteria.0.rules.0.n").traced == "endpoints.orr.n"
    assert trace(simulated, "criteria.0.rules.1.n").traced == "endpoints.pfs.n"
    lower = trace(simulated, "criteria.0.rules.1.ci_lower")
    assert lower.traced == "endpoints.pfs.median.ci_lower_months"
    whole = trace(simulated, "criteria.0.verdict")
    assert whole.follows[:2] == ("criteria.0.rules.0.observed", "criteria.0.rules.1.observed")


def test_two_arms_are_traced_apart(everything):
    first = trace(everything, "arms.dose 0.5.endpoints.orr.n")
    second = trace(everything, "arms.dose 1.endpoints.orr.n")
    both = trace(everything, "endpoints.orr.n")
    names = [{each.patient for each in found.patients} for found in (first, second, both)]
    assert names[0] | names[1] == names[2]
    assert not names[0] & names[1]
    compared = trace(everything, "comparisons.0.hazard_ratio")
    assert all(find(everything.to_dict(), path) for path in compared.follows)


def test_a_two_stage_design_counts_the_first_treated(simulated):
    stage = trace(simulated, "endpoints.cbr_16w.two_stage.stage1.events")
    assert stage.agrees
    whole = trace(simulated, "endpoints.cbr_16w.two_stage.umvue")
    assert len(whole.patients) == 24


class TestSections:
    def test_a_section_stands_for_its_main_number(self, simulated):
        assert trace(simulated, "endpoints.orr").traced == "endpoints.orr.estimate"
        assert trace(simulated, "endpoints.pfs").traced == "endpoints.pfs.median.months"
        assert trace(simulated, "endpoints.best_response").traced == "endpoints.best_response.n"

    def test_a_section_without_one_names_its_numbers(self, simulated):
        with pytest.raises(InputError, match=r"populations\.treated"):
            trace(simulated, "populations")

    @pytest.mark.parametrize(
        ("wrong", "meant"),
        [
            ("endpoints.orr.estimat", "endpoints.orr.estimate"),
            ("endpoint.pfs", "endpoints.pfs"),
            ("population.treated", "populations.treated"),
        ],
    )
    def test_an_unknown_path_names_the_nearest(self, simulated, wrong, meant):
        with pytest.raises(InputError, match=f"did you mean '{meant}'"):
            trace(simulated, wrong)


class TestOnePatient:
    def test_only_the_patient_is_shown(self, simulated):
        found = trace(simulated, "endpoints.orr.estimate", "SIM-001")
        (own,) = found.patients
        assert (own.patient, own.value, own.counted) == ("SIM-001", "PR", True)
        assert found.recount == found.value
        assert {rule.id for rule in found.rules} == {"POP-TREATED", "POP-EVALUABLE", "BOR-PR"}

    def test_a_patient_without_a_part_is_told(self, simulated):
        found = trace(simulated, "endpoints.orr.events", "SIM-002")
        assert found.patients == ()
        assert "SIM-002 is not among these patients" in found.meaning

    def test_an_unknown_patient_names_the_nearest(self, simulated):
        with pytest.raises(InputError, match="did you mean 'SIM-001'"):
            trace(simulated, "endpoints.orr", "SIM-0001")


def test_data_frames_have_rows_too():
    import pandas as pd

    import dossier

    patients = pd.DataFrame(
        {"patient_id": ["a", "b"], "treatment_start": ["2023-01-01", "2023-01-02"]}
    )
    visits = pd.DataFrame({"patient_id": ["a", "a"], "day": [56, 112], "response": ["PR", "PR"]})
    cohort = dossier.Cohort.from_frames(
        patients=patients, assessments=visits, title="Two", data_cutoff="2024-01-01"
    )
    found = trace(dossier.evaluate(cohort, criteria=[]), "endpoints.orr.events")
    (own,) = found.patients
    assert own.patient == "a"
    assert [row.row for row in own.sources] == [2, 3]
