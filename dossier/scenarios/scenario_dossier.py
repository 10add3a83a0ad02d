"""A scenario as a whole evaluation, with every number of a dossier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dossier.appraise.judge import appraise
from dossier.cohort.frames import with_settings
from dossier.cohort.model import Cohort
from dossier.derive.model import Patients
from dossier.derive.patients import derive
from dossier.errors import InputError, OptionError, Problem
from dossier.estimate.results import estimate
from dossier.evaluation import Evaluation, named_criteria
from dossier.provenance.manifest import manifest
from dossier.scenarios.plan import plan_of
from dossier.scenarios.population_estimate import Counted, DerivedCohort, counted_in
from dossier.scenarios.running import Runner
from dossier.scenarios.scenario import Scenario
from dossier.scenarios.scenario_file import read_scenarios
from dossier.scenarios.what_if import WhatIf
from dossier.yaml_source import nearest

__all__ = ["base_evaluation", "scenario_evaluation"]

Mask = NDArray[np.bool_]


def base_evaluation(found: WhatIf) -> Evaluation:
    """The base case of a what-if analysis, for a document: what criteria read, and no more."""
    base = found.base
    return Evaluation(
        base.derived.cohort, base.derived.patients, base.results, base.verdicts, found.provenance
    )


def scenario_evaluation(
    cohort: Cohort,
    scenarios: str | Path,
    name: str,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Evaluation, Scenario]:
    """Evaluate one scenario of a file as a dossier would be.

    Patients whom the scenario does not count are not treated, or not evaluable, in the evaluation.

    Parameters
    ----------
    cohort
        A cohort as read.
    scenarios
        The scenarios file.
    name
        Identifier of the scenario.
    progress
        Called with a few words as the work goes on.

    Raises
    ------
    InputError
        When the file is wrong, has no such scenario, the scenario has no data, or it decides
        outcomes that are not known: a dossier must not state responses that nobody saw.
    """
    file, document = read_scenarios(scenarios)
    plan = plan_of(cohort, file, document)
    scenario = next((each for each in plan.scenarios if each.id == name), None)
    if scenario is None:
        known = [each.id for each in plan.scenarios]
        meant = nearest(name, known)
        message = "there is no such scenario" + (f", did you mean {meant!r}?" if meant else "")
        listed = ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")
        expected = f"one of {listed}"
        raise OptionError([Problem(message, document.name, value=name, expected=expected)])
    if scenario.not_evaluable in ("best", "worst"):
        message = "outcomes that are not known are decided, and a dossier states only what was seen"
        expected = "its numbers in the what-if document"
        raise InputError([scenario.problem(message, scenario.not_evaluable, expected)])
    runner = Runner(cohort, replace(plan, scenarios=(plan.base, scenario), sweeps=()))
    runner.checked(progress)
    runner.case(scenario)  # says what the data lack for it
    progress(f"Evaluating the scenario {name}")
    settled = with_settings(cohort, scenario.settings) if scenario.settings else cohort
    patients = derive(settled)
    counted = counted_in(
        DerivedCohort.of(settled, patients, ()), scenario.population, scenario.not_evaluable
    )
    patients = _only_counted(patients, counted)
    results = estimate(settled, patients)
    references = named_criteria(cohort) if scenario.criteria is None else list(scenario.criteria)
    verdicts = appraise(references, results, settled.settings, scenario.overrides)
    hashes = {verdict.id: verdict.sha256 for verdict in verdicts}
    found = Evaluation(
        settled, patients, results, verdicts, manifest(settled, hashes), tuple(references),
        scenario.overrides,
    )  # fmt: skip
    return found, scenario


def _only_counted(patients: Patients, counted: Counted) -> Patients:
    """The patients with the populations of a scenario in place of those of the data."""
    frame = patients.frame
    wanted = {"treated": counted.treated, "response_evaluable": counted.evaluable}
    columns: dict[str, Any] = {
        name: members
        for name, members in wanted.items()
        if not np.array_equal(frame[name].to_numpy(dtype=np.bool_), members)
    }
    if not columns:
        return patients
    reason = frame["not_evaluable_reason"].to_numpy(dtype=object).copy()
    before = frame["response_evaluable"].to_numpy(dtype=np.bool_)
    reason[before & ~counted.evaluable] = "left out by the scenario"
    reason[counted.evaluable] = ""
    columns["not_evaluable_reason"] = reason
    columns["responder"] = frame["responder"].to_numpy(dtype=np.bool_) & counted.treated
    return replace(patients, frame=frame.assign(**columns))
