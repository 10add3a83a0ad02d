"""`dossier.what_if`: one cohort under other rules, populations and criteria."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dossier.cohort.model import Cohort
from dossier.derive.model import Patients
from dossier.errors import InputError, OptionError, Problem
from dossier.evaluation import Evaluation
from dossier.provenance.manifest import Manifest, manifest
from dossier.scenarios.compared_criteria import (
    ComparedCriterion,
    compared_criteria,
    disagreements,
)
from dossier.scenarios.matrix import ScenarioMatrix
from dossier.scenarios.minimum_responders import MinimumResponders, minimum_responders
from dossier.scenarios.plan import AskedSweep, Plan, plan_of
from dossier.scenarios.prediction import Prediction, predictions
from dossier.scenarios.running import Case, Runner, run
from dossier.scenarios.scenario_file import BaseCase, ScenarioFile, read_scenarios, scenarios_from
from dossier.scenarios.stability import VerdictStability, verdict_stability
from dossier.scenarios.sweep import Sweep, SweptRule, parsed_sweep, sweep
from dossier.scenarios.tipping import Tipping, tipping_points
from dossier.yaml_source import YamlDocument

__all__ = ["WhatIf", "check_scenarios", "sensitivity", "what_if"]

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
    provenance
        What went in.
    minimum
        Fewest patients with an outcome that each rule on a rate asks for.
    compared
        The cohort under every shipped criterion, where asked for.
    predictions, stability
        Of the base case, where asked for.
    file
        Name and SHA-256 of the scenarios file; None where there is none.
    """

    title: str
    matrix: ScenarioMatrix
    sweeps: tuple[Sweep, ...]
    tipping: tuple[Tipping, ...]
    base: Case = field(repr=False, compare=False)
    provenance: Manifest
    minimum: tuple[MinimumResponders, ...] = ()
    compared: tuple[ComparedCriterion, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    stability: tuple[VerdictStability, ...] = ()
    file: tuple[str, str] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The format ``dossier.what-if/1``: no NaN, every null beside a reason."""
        return {
            "schema": SCHEMA,
            "cohort": {"title": self.title},
            "provenance": self.provenance.to_dict(),
            **self.analyses(),
        }

    def analyses(self) -> dict[str, Any]:
        """The same without what it says of the cohort: the ``scenarios`` of results.json."""
        if self.file is None:
            source = {}
        else:
            source = {"scenarios_file": {"name": self.file[0], "sha256": self.file[1]}}
        return {
            **source,
            **self.matrix.to_dict(),
            "sweeps": [each.to_dict() for each in self.sweeps],
            "tipping_points": [each.to_dict() for each in self.tipping],
            "minimum_responders": [each.to_dict() for each in self.minimum],
            "compared_criteria": [each.to_dict() for each in self.compared],
            "disagreements": [list(pair) for pair in disagreements(self.compared)],
            "predictions": [each.to_dict() for each in self.predictions],
            "stability": [each.to_dict() for each in self.stability],
        }


def what_if(
    cohort: Cohort,
    scenarios: str | Path | Mapping[str, Any] | None = None,
    *,
    sweeps: Sequence[str] = (),
    compare_criteria: bool = False,
    processes: int = 1,
    progress: Callable[[str], None] = lambda _: None,
    count: Callable[[int, int], None] = lambda _done, _total: None,
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
    compare_criteria
        Whether to judge by every shipped criterion too.
    processes
        How many processes run the scenarios; the answer is the same with any number.
    progress
        Called with a few words as the work goes on.
    count
        Called with the scenarios run and their number.

    Raises
    ------
    InputError
        With everything that is wrong with the scenarios, before any of them is run.
    """
    file, document = _file(scenarios)
    plan = plan_of(cohort, file, document)
    runner = Runner(cohort, replace(plan, sweeps=(*plan.sweeps, *map(AskedSweep, sweeps))))
    wanted = _sweeps(runner, progress)
    matrix = run(runner, progress, processes=processes, count=count)
    base, criteria = runner.case(plan.base), runner.criteria_of(plan.base)
    progress("Looking for tipping points")
    compare = compare_criteria or file.compare_criteria
    return WhatIf(
        cohort.settings.cohort.title,
        matrix,
        tuple(sweep(each, base.evidence, runner.bench) for each in wanted),
        tipping_points(base, criteria, runner.bench),
        base,
        manifest(cohort, {verdict.id: verdict.sha256 for verdict in base.verdicts}),
        minimum_responders(base, criteria),
        compared_criteria(base.evidence, runner.bench) if compare else (),
        predictions(base, criteria, file.predict) if file.predict else (),
        verdict_stability(base, criteria, runner.bench, file.stability) if file.stability else (),
        None if document is None else (document.name, _sha256(document)),
    )


def sensitivity(
    evaluation: Evaluation, progress: Callable[[str], None] = lambda _: None
) -> WhatIf | None:
    """The sensitivity analyses of a dossier: its own numbers as the base case, beside scenarios.

    These are those of the scenarios file that the settings name (``dossier.scenarios``), else the
    ready-made set. Of scenarios in which no verdict changes only the number of patients is kept;
    tipping points are left to `what_if`.

    Parameters
    ----------
    evaluation
        The cohort with its results and verdicts, which are taken over and not made again.
    progress
        Called with a few words as the work goes on.

    Returns
    -------
    WhatIf or None
        None where the settings switch it off (``dossier.sensitivity: none``), or where nobody was
        treated.

    Raises
    ------
    InputError
        With everything that is wrong with the scenarios file; one that gives a base case of its
        own is wrong here.
    """
    cohort = evaluation.cohort
    asked = cohort.settings.dossier
    if asked.sensitivity == "none" or not evaluation.results.populations["treated"]:
        return None
    plan, document = _plan(cohort)
    runner = Runner(cohort, plan, evaluation.patients, evaluation.criteria, evaluation.overrides)
    wanted = _sweeps(runner, progress)
    matrix = run(runner, progress, every_change=False)
    base = runner.case(plan.base)
    return WhatIf(
        cohort.settings.cohort.title,
        matrix,
        tuple(sweep(each, base.evidence, runner.bench) for each in wanted),
        (),
        base,
        evaluation.manifest,
        file=None if document is None else (document.name, _sha256(document)),
    )


def check_scenarios(cohort: Cohort, patients: Patients | None) -> None:
    """Check the scenarios file that the settings name, where they name one, and run nothing.

    Parameters
    ----------
    cohort
        A cohort as read.
    patients
        Its derived patients; None where the criteria cannot be used, to look at the file alone.

    Raises
    ------
    InputError
        With everything that is wrong with the file.
    """
    asked = cohort.settings.dossier
    if not asked.scenarios or asked.sensitivity == "none":
        return
    plan, _ = _plan(cohort)
    if patients is not None:
        _sweeps(Runner(cohort, plan, patients), lambda _: None)


def _plan(cohort: Cohort) -> tuple[Plan, YamlDocument | None]:
    """Every case of the sensitivity analyses of a dossier."""
    file, document = _named(cohort)
    own = file.base.model_copy(update={"reason": ""})
    if own != BaseCase():
        message = "the base case of a dossier is the dossier itself: its settings and criteria"
        name = None if document is None else document.name
        line = None if document is None else document.line(("base",))
        raise InputError([Problem(message, name, line, "base", expected="a reason, nothing else")])
    most = cohort.settings.dossier.leave_one_out_up_to
    return plan_of(cohort, file, document, most), document


def _named(cohort: Cohort) -> tuple[ScenarioFile, YamlDocument | None]:
    """The scenarios file of cohort.yaml, named from where that stands; else the ready-made set."""
    name = cohort.settings.dossier.scenarios
    if not name:
        return ScenarioFile(include=("standard-sensitivity",)), None
    return read_scenarios(name if cohort.folder is None else cohort.folder / name)


def _sha256(document: YamlDocument) -> str:
    return hashlib.sha256(document.text.encode("utf-8")).hexdigest()


def _file(
    scenarios: str | Path | Mapping[str, Any] | None,
) -> tuple[ScenarioFile, YamlDocument | None]:
    if isinstance(scenarios, str | Path):
        return read_scenarios(scenarios)
    return scenarios_from(scenarios) if scenarios else ScenarioFile(), None


def _sweeps(runner: Runner, progress: Callable[[str], None]) -> list[SweptRule]:
    """The sweeps as read, checked beside the rest of the plan so that all problems are told."""
    problems: list[Problem] = []
    found = []
    try:
        criteria = runner.criteria_of(runner.plan.base)
    except InputError:
        criteria = ()  # what is wrong with them is told below
    for asked in runner.plan.sweeps if criteria else ():
        try:
            found.append(parsed_sweep(asked.text, criteria))
        except InputError as error:
            problems += [replace(p, file=asked.file, row=asked.line) for p in error.problems]
    try:
        runner.checked(progress)
    except InputError as error:
        problems = [*error.problems, *problems]
    if problems:
        of_the_data = any(problem.file is not None for problem in problems)
        wrong = InputError if of_the_data else OptionError
        raise wrong(sorted(problems, key=lambda problem: problem.row or 0))
    return found
