"""What is wrong with a scenarios file is told before anything runs, with its line."""

from __future__ import annotations

import pytest
from small_cohorts import small_cohort

from dossier.errors import InputError
from dossier.scenarios.plan import plan_of
from dossier.scenarios.scenario_file import read_scenarios, scenarios_from
from dossier.scenarios.what_if import what_if


@pytest.fixture
def problems(tmp_path):
    def of(text):
        file = tmp_path / "scenarios.yaml"
        file.write_text(text)
        with pytest.raises(InputError) as error:
            what_if(small_cohort(10), file)
        return error.value.problems

    return of


WRONG = {
    "unknown key": (
        "scenarios:\n  - id: a\n    reason: r\n    settings: {derivation: {confirmatio: no}}\n",
        4, "did you mean 'confirmation'",
    ),
    "no reason": ("scenarios:\n  - id: a\n", 2, "'reason' is missing"),
    "unknown rule": (
        "scenarios:\n  - id: a\n    reason: r\n    set: durable-benefit.pfz=3 months\n",
        2, "no criterion has a rule named",
    ),
    "unknown criterion": (
        "scenarios:\n  - id: a\n    reason: r\n    criteria: durable-benfit\n", 2, "durable-benfit"
    ),
    "empty population": (
        "scenarios:\n  - id: a\n    reason: r\n    population: {site: Noth}\n", 2, "nobody has"
    ),
    "no such patient": (
        "scenarios:\n  - id: a\n    reason: r\n    leave_out: {patient: P999}\n", 2, "nobody has"
    ),
    "twice": (
        "scenarios:\n  - {id: a, reason: r}\n  - {id: a, reason: s}\n", 3, "two scenarios"
    ),
    "rules that contradict": (
        "scenarios:\n  - id: a\n    reason: r\n    settings: {derivation: {pfs: fda}}\n",
        2, "schedule",
    ),
    "unknown axis": ("grid:\n  derivatio.confirmation: [true]\n", 2, "unknown axis"),
    "unknown key of an axis": ("grid:\n  derivation.confirm: [true]\n", 2, "unknown key"),
    "axis without values": ("grid:\n  population: []\n", 2, "no values"),
    "value twice": ("grid:\n  population: [treated, treated]\n", 2, "twice"),
    "wrong value": ("grid:\n  population: [treated, evaluabel]\n", 2, "evaluable"),
    "two ways to set": ("grid:\n  set: [pfs=5 months]\n  set.pfs: [4 months]\n", 2, "contradict"),
    "sweep of nothing": ("sweeps: durable-benefit.pfs\n", 1, "no sweep"),
    "sweep in the wrong unit": ("sweeps: durable-benefit.pfs=1..9 %\n", 1, "cannot be read"),
    "sweep of an unknown rule": (
        "sweeps:\n  - pfs_6=1..9\n  - x.y=1..9 %\n", 3, "no criterion has a rule"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_input(problems, name):
    text, line, words = WRONG[name]
    found = problems(text)
    assert any(words in str(each) and (line is None or each.row == line) for each in found), found


def test_every_problem_is_told(problems):
    found = problems(
        "scenarios:\n"
        "  - {id: a, reason: r, population: {site: Noth}}\n"
        "  - {id: b, reason: r, set: durable-benefit.pfz=1}\n"
        "sweeps: durable-benefit.pfs=9..1\n"
    )
    assert [each.row for each in found] == [2, 3, 4]


def test_a_grid_is_every_combination():
    file = scenarios_from({
        "grid": {
            "reason": "all of it",
            "prespecified": "yes",
            "derivation.confirmation": [True, False],
            "set.durable-benefit.pfs": ["4 months", "5 months", "6 months"],
            "not_evaluable": ["failure", "best"],
        }
    })  # fmt: skip
    plan = plan_of(small_cohort(10), file)
    assert len(plan.scenarios) == 1 + 2 * 3 * 2
    second = plan.scenarios[2]
    assert second.id == "confirmation=yes, pfs=4 months, not_evaluable=best"
    assert second.settings == {"derivation": {"confirmation": True}}
    assert second.overrides == ("durable-benefit.pfs=4 months",)
    assert second.prespecified
    assert second.reason == "all of it"


def test_a_grid_is_run():
    found = what_if(
        small_cohort(15), {"grid": {"set.durable-benefit.response": ["1%", "99%"]}}
    ).matrix
    one, two = (row.judged[0].rules_changed for row in found.rows[1:])
    assert one != two


def test_scenarios_start_from_the_base_case():
    file = scenarios_from({
        "base": {
            "settings": {"derivation": {"sd_minimum_days": 50}},
            "population": "treated",
            "set": "durable-benefit.pfs=5 months",
        },
        "scenarios": [
            {"id": "a", "reason": "r", "settings": {"derivation": {"confirmation": False}}},
            {"id": "b", "reason": "r", "criteria": "pfs-ratio", "population": "evaluable"},
        ],
    })  # fmt: skip
    _, one, two = plan_of(small_cohort(10), file).scenarios
    assert one.settings["derivation"] == {"sd_minimum_days": 50, "confirmation": False}
    assert one.population.name == "treated"
    assert one.overrides == ("durable-benefit.pfs=5 months",)
    assert (two.overrides, two.population.name) == ((), "evaluable")


def test_lines_of_a_file_are_known(tmp_path):
    file = tmp_path / "s.yaml"
    file.write_text("scenarios:\n\n  - id: a\n    reason: r\n")
    checked, document = read_scenarios(file)
    assert plan_of(small_cohort(10), checked, document).scenarios[1].line == 3
