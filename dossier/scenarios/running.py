"""Run a plan: derive once per rule setting, estimate once per population, judge per threshold."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dossier.appraise.cohort_evidence import evidence_of_cohort
from dossier.appraise.criterion import Criterion
from dossier.appraise.evidence import Evidence
from dossier.appraise.verdict import CriterionVerdict
from dossier.cohort.frames import with_settings
from dossier.cohort.model import Cohort
from dossier.derive.model import Patients
from dossier.derive.patients import derive
from dossier.errors import InputError, Problem
from dossier.estimate.model import Results
from dossier.evaluation import named_criteria
from dossier.scenarios.judging import Bench, criterion_quantities
from dossier.scenarios.matrix import Figure, ScenarioMatrix, ScenarioRow, figures_of, judged
from dossier.scenarios.patient_changes import (
    PatientChange,
    changes_in_counting,
    changes_in_derivation,
    patients_changed,
)
from dossier.scenarios.plan import Plan
from dossier.scenarios.population_estimate import (
    Counted,
    DerivedCohort,
    counted_in,
    estimate_population,
)
from dossier.scenarios.scenario import PatientColumns, Scenario
from dossier.scenarios.without_effect import without_effect

__all__ = ["Case", "Runner", "judged_arm", "run"]

Progress = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Case:
    """A scenario estimated and judged, with what its numbers rest on."""

    derived: DerivedCohort
    counted: Counted
    results: Results
    evidence: Evidence
    verdicts: tuple[CriterionVerdict, ...]


@dataclass(eq=False)
class Runner:
    """Everything that scenarios of one cohort share.

    Parameters
    ----------
    cohort
        As read; scenarios lay their settings over its own.
    plan
        The cases; the base case first.
    patients
        The cohort as derived under its own settings, where that was done already.
    references, overrides
        Criteria in place of those that the settings of the cohort name, and thresholds replaced,
        in every scenario that names no criteria of its own.
    """

    cohort: Cohort
    plan: Plan
    patients: Patients | None = None
    references: tuple[str | Path, ...] | None = None
    overrides: tuple[str, ...] = ()
    bench: Bench = field(init=False)
    _derived: dict[str, DerivedCohort | InputError] = field(default_factory=dict)
    _estimated: dict[tuple[Any, ...], tuple[Counted, Results, Evidence]] = field(
        default_factory=dict
    )
    _quantities: frozenset[str] = frozenset()

    _absent: dict[str, str] = field(default_factory=dict)
    _checked: bool = False

    def __post_init__(self) -> None:
        self.bench = Bench(self.cohort.settings)

    def checked(self, progress: Progress) -> None:
        """Look at every case before any is estimated.

        Criteria, thresholds, columns and settings are checked, and each rule setting is derived.

        Raises
        ------
        InputError
            With the problems of every case that is not optional.
        """
        if self._checked:
            return
        problems: list[Problem] = []
        names: set[str] = set()
        columns = PatientColumns(self.cohort)
        for scenario in self.plan.scenarios:
            try:
                for criterion in self.criteria_of(scenario):
                    names |= {str(each.name) for each in criterion_quantities(criterion)}
            except InputError as error:
                problems += [_told(scenario, each) for each in error.problems]
            if scenario.absent:
                self._absent.setdefault(scenario.id, scenario.absent)
                if not scenario.optional:
                    problems.append(scenario.problem(scenario.absent))
            for unknown in columns.unknown(scenario.population):
                self._absent.setdefault(scenario.id, unknown[0])
                if not scenario.optional:
                    problems.append(scenario.problem(*unknown))
            if (later := self._cutoff_problem(scenario)) is not None:
                problems.append(later)
            if (useless := without_effect(self.cohort, self.plan.base, scenario)) is not None:
                self._absent.setdefault(scenario.id, useless)
        self._quantities = frozenset(names)
        if problems:
            raise InputError(dict.fromkeys(problems))
        for scenario in self.plan.scenarios:
            if scenario.id in self._absent:
                continue
            key = _key(scenario.settings)
            if key not in self._derived:
                progress(f"Deriving under other rules: {scenario.id}")
                self._derived[key] = self._derive(scenario.settings)
            found = self._derived[key]
            if isinstance(found, InputError) and not scenario.optional:
                problems += [_told(scenario, each) for each in found.problems]
        if problems:
            raise InputError(dict.fromkeys(problems))
        self._checked = True

    def case(self, scenario: Scenario) -> Case:
        """Estimate and judge one scenario.

        Raises
        ------
        InputError
            When it cannot be estimated.
        """
        if scenario.id in self._absent:
            raise InputError([Problem(self._absent[scenario.id])])
        derived = self._derived[_key(scenario.settings)]
        if isinstance(derived, InputError):
            raise derived
        key = (id(derived), scenario.population, scenario.not_evaluable)
        if key not in self._estimated:
            counted = counted_in(derived, scenario.population, scenario.not_evaluable)
            if not counted.treated.any():
                raise InputError([Problem("nobody who was treated is left in the population")])
            results = estimate_population(derived, counted)
            evidence = evidence_of_cohort(results, derived.cohort.settings)
            self._estimated[key] = (counted, results, evidence)
        counted, results, evidence = self._estimated[key]
        criteria = self.criteria_of(scenario)
        verdicts = tuple(self.bench.judge(criterion, evidence) for criterion in criteria)
        return Case(derived, counted, results, evidence, verdicts)

    def criteria_of(self, scenario: Scenario) -> tuple[Criterion, ...]:
        """The criteria that a scenario is judged by, with their thresholds."""
        own = scenario.overrides
        if scenario.criteria is None:
            own = (*self.overrides, *own)
        return self.bench.criteria(self._references(scenario), own)

    def _references(self, scenario: Scenario) -> tuple[str | Path, ...]:
        chosen = scenario.criteria
        if chosen is not None:
            return chosen
        return tuple(named_criteria(self.cohort)) if self.references is None else self.references

    def _derive(self, settings: Mapping[str, Any]) -> DerivedCohort | InputError:
        try:
            cohort = (
                with_settings(self.cohort, settings, queries=False) if settings else self.cohort
            )
        except InputError as error:
            return error
        rules = {section: keys for section, keys in settings.items() if section != "estimation"}
        shared = self._derived.get(_key(rules))
        if isinstance(shared, DerivedCohort):  # how numbers are estimated derives nothing anew
            return replace(shared, cohort=cohort, known_responses={})
        known = None if settings else self.patients
        patients = derive(cohort) if known is None else known
        alike = next(iter(self._derived.values()), None)
        return DerivedCohort.of(
            cohort, patients, self._quantities, alike if isinstance(alike, DerivedCohort) else None
        )

    def _cutoff_problem(self, scenario: Scenario) -> Problem | None:
        asked = scenario.settings.get("cohort", {}).get("data_cutoff")
        own = self.cohort.data_cutoff
        if asked is None or own is None or str(asked) <= own.isoformat():
            return None
        return scenario.problem(
            "the data cut-off can only be moved back", str(asked), f"{own} or earlier"
        )


def run(
    runner: Runner, progress: Progress = lambda _: None, *, every_change: bool = True
) -> ScenarioMatrix:
    """Run every case of a plan; one that cannot be estimated is a row that says why.

    Parameters
    ----------
    runner
        The cohort and the plan.
    progress
        Called with a few words as the work goes on.
    every_change
        Whether to say of every scenario which patients it changes, and not only of those in which
        a verdict changes.

    Raises
    ------
    InputError
        When the base case cannot be estimated, or the plan is wrong.
    """
    runner.checked(progress)
    base = runner.case(runner.plan.base)
    figures = figures_of(judged_arm(base)[0], judged_arm(base)[1], {})
    verdicts = {verdict.id: verdict for verdict in base.verdicts}
    behind = _Behind(base, every_change)
    rows = []
    number = len(runner.plan.scenarios)
    for place, scenario in enumerate(runner.plan.scenarios):
        if place % 50 == 0:
            progress(f"Running scenario {place + 1} of {number}")
        try:
            case = runner.case(scenario)
        except InputError as error:
            if scenario is runner.plan.base:
                raise
            rows.append(ScenarioRow(scenario, reason="; ".join(p.message for p in error.problems)))
            continue
        rows.append(_row(scenario, case, figures if place else {}, verdicts, behind))
    return ScenarioMatrix(tuple(rows), tuple(behind.sets))


def _row(
    scenario: Scenario,
    case: Case,
    base: dict[str, Figure],
    verdicts: dict[str, CriterionVerdict],
    behind: _Behind,
) -> ScenarioRow:
    found = judged(case.verdicts, verdicts)
    changes, patients = behind.of(scenario, case, flipped=any(each.changed for each in found))
    populations = {
        name: case.results.populations[name] for name in ("treated", "response_evaluable")
    }
    return ScenarioRow(
        scenario,
        populations,
        figures_of(*judged_arm(case), base),
        found,
        changes,
        patients,
    )


@dataclass(eq=False)
class _Behind:
    """Sets of patient changes against the base case, each made once."""

    base: Case
    every: bool
    sets: list[tuple[PatientChange, ...]] = field(default_factory=lambda: [()])
    _derivations: dict[int, tuple[PatientChange, ...]] = field(default_factory=dict)
    _known: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def of(self, scenario: Scenario, case: Case, *, flipped: bool) -> tuple[int | None, int]:
        """Number of the set behind a case, None where it is not kept, and how many are in it."""
        if case.derived is self.base.derived and case.counted is self.base.counted:
            return 0, 0
        if not (self.every or flipped):
            patients = patients_changed(
                (self.base.derived.patients, self.base.counted),
                (case.derived.patients, case.counted),
            )
            return (None, patients) if patients else (0, 0)
        key = (id(case.derived), id(case.counted))
        if key not in self._known:
            derived = self._derivation(case)
            why = "; ".join(
                part
                for part in (
                    str(scenario.population),
                    f"not evaluable: {scenario.not_evaluable}" if scenario.not_evaluable else "",
                )
                if part
            )
            counted = changes_in_counting(
                case.derived.frame, self.base.counted, case.counted, why or "the settings"
            )
            found = (*derived, *counted)
            if found:
                self.sets.append(found)
            number = len(self.sets) - 1 if found else 0
            self._known[key] = (number, len({each.patient for each in found}))
        return self._known[key]

    def _derivation(self, case: Case) -> tuple[PatientChange, ...]:
        if case.derived is self.base.derived:
            return ()
        key = id(case.derived)
        if key not in self._derivations:
            self._derivations[key] = changes_in_derivation(
                self.base.derived.patients, case.derived.patients
            )
        return self._derivations[key]


def judged_arm(case: Case) -> tuple[Results, str]:
    """The results that criteria are about: of the arm that is no reference, where there is one."""
    references = {comparison.reference for comparison in case.results.comparisons}
    treated = [name for name in case.results.arms if name not in references]
    if len(treated) == 1:
        return case.results.arms[treated[0]], f"arms.{treated[0]}."
    return case.results, ""


def _told(scenario: Scenario, problem: Problem) -> Problem:
    where = f"{problem.column}: " if problem.column else ""
    return scenario.problem(f"{where}{problem.message}", problem.value, problem.expected)


def _key(settings: Mapping[str, Any]) -> str:
    return json.dumps(settings, sort_keys=True, default=str)
