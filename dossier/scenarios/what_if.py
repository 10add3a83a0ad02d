"""`dossier.what_if`: one cohort under other rules, populations and criteria."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dossier.cohort.model import Cohort
from dossier.errors import InputError, Problem
from dossier.scenarios.matrix import ScenarioMatrix
from dossier.scenarios.plan import Plan, plan_of
from dossier.scenarios.running import Case, Runner, run
from dossier.scenarios.scenario_file import ScenarioFile, read_scenarios, scenarios_from
from dossier.scenarios.sweep import Sweep, SweptRule, parsed_sweep, sweep
from dossier.scenarios.tipping import Tipping, tipping_points

__all__ = ["WhatIf", "what_if"]

SCHEMA = "dossier.what-if/1"


@dataclass(frozen=True)
class WhatIf:
    """Everything asked of a what-if analysis.

    Parameters
    ----------
    title
        Of the cohort.
    matrix
        Scenarios against endpoints and criteria.
    sweeps
        Verdicts along a threshold.
    tipping
        How far each criterion of the base case is from another verdict.
    base
        The base case with its numbers, for figures and documents.
    """

    title: str
    matrix: ScenarioMatrix
    sweeps: tuple[Sweep, ...]
    tipping: tuple[Tipping, ...]
    base: Case = field(repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """The format ``dossier.what-if/1``: no NaN, every null beside a reason."""
        return {
            "schema": SCHEMA,
            "cohort": {"title": self.title},
            **self.matrix.to_dict(),
            "sweeps": [each.to_dict() for each in self.sweeps],
            "tipping_points": [each.to_dict() for each in self.tipping],
        }


def what_if(
    cohort: Cohort,
    scenarios: str | Path | Mapping[str, Any] | None = None,
    *,
    sweeps: Sequence[str] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> WhatIf:
    """Put a cohort under other rules, populations and criteria, beside its base case.

    Parameters
    ----------
    cohort
        A cohort as read.
    scenarios
        A scenarios file, or what would stand in it; None for the base case alone.
    sweeps
        Thresholds to move, e.g. ``durable-benefit.pfs=3..12 months``, beside those of the file.
    progress
        Called with a few words as the work goes on.

    Raises
    ------
    InputError
        With everything that is wrong with the scenarios, before any of them is run.
    """
    plan = _plan(cohort, scenarios)
    runner = Runner(cohort, replace(plan, sweeps=(*plan.sweeps, *sweeps)))
    wanted = _sweeps(runner, progress)
    matrix = run(runner, progress)
    base = runner.case(plan.base)
    progress("Looking for tipping points")
    criteria = runner.criteria_of(plan.base)
    return WhatIf(
        cohort.settings.cohort.title,
        matrix,
        tuple(sweep(each, base.evidence, runner.bench) for each in wanted),
        tipping_points(base, criteria, runner.bench),
        base,
    )


def _plan(cohort: Cohort, scenarios: str | Path | Mapping[str, Any] | None) -> Plan:
    if isinstance(scenarios, str | Path):
        return plan_of(cohort, *read_scenarios(scenarios))
    return plan_of(cohort, scenarios_from(scenarios) if scenarios else ScenarioFile())


def _sweeps(runner: Runner, progress: Callable[[str], None]) -> list[SweptRule]:
    """The sweeps as read, checked beside the rest of the plan so that all problems are told."""
    runner.checked(progress)
    criteria = runner.criteria_of(runner.plan.base)
    problems: list[Problem] = []
    found = []
    for text in runner.plan.sweeps:
        try:
            found.append(parsed_sweep(text, criteria))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found
