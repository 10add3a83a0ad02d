"""Run a plan: derive once per rule setting, estimate once per population, judge per threshold."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from dossier.appraise.cohort_evidence import evidence_of_cohort
from dossier.appraise.criterion import Criterion
from dossier.appraise.evidence import Evidence
from dossier.appraise.verdict import CriterionVerdict
from dossier.cohort.frames import with_settings
from dossier.cohort.model import Cohort
from dossier.derive.basis import Basis
from dossier.derive.model import Patients
from dossier.derive.patients import derive
from dossier.errors import InputError, Problem
from dossier.estimate.arms import judged_arm
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
    no_times,
)
from dossier.scenarios.processes import in_order
from dossier.scenarios.scenario import PatientColumns, Scenario
from dossier.scenarios.without_effect import without_effect

__all__ = ["Case", "Runner", "results_judged", "run"]

Progress = Callable[[str], None]

_NOBODY: Final = "nobody who was treated is left in the population"


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
    _basis: Basis | None = None

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
            if isinstance(found, InputError):
                if not scenario.optional:
                    problems += [_told(scenario, each) for each in found.problems]
            elif self._empty(scenario, found):
                problems.append(scenario.problem(_NOBODY, str(scenario.population) or None))
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
                raise InputError([Problem(_NOBODY)])
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

    def _empty(self, scenario: Scenario, derived: DerivedCohort) -> bool:
        """Whether somebody asked for a population in which nobody was treated.

        Of many combinations, or of patients left out in turn, one without patients is a row.
        """
        if scenario.optional or scenario.crossed or scenario.left_out is not None:
            return False
        if scenario.id in self._absent or not (scenario.settings or scenario.population):
            return False
        return not counted_in(derived, scenario.population, scenario.not_evaluable).treated.any()

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
            return replace(shared, cohort=cohort, known_times=no_times())
        known = None if settings else self.patients
        if self._basis is None:
            self._basis = Basis.of(self.cohort)
        if known is None:
            # The base case is printed in full where it stands in a document of its own.
            patients = derive(cohort, self._basis, queries=False, further=not settings)
        else:
            patients = known
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
    runner: Runner,
    progress: Progress = lambda _: None,
    *,
    every_change: bool = True,
    processes: int = 1,
    count: Callable[[int, int], None] = lambda _done, _total: None,
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
    processes
        How many processes share the work; the matrix is the same with any number.
    count
        Called with the cases run and their number.

    Raises
    ------
    InputError
        When the base case cannot be estimated, or the plan is wrong.
    """
    runner.checked(progress)
    runner.case(runner.plan.base)
    number = len(runner.plan.scenarios)
    progress(f"Running {number} scenarios")
    made = in_order(
        number,
        _Running(runner, every_change),
        _made_row,
        processes=processes,
        again=partial(
            _running_again,
            runner.cohort,
            runner.plan,
            runner.references,
            runner.overrides,
            every_change=every_change,
        ),
        count=count,
    )
    sets: list[tuple[PatientChange, ...]] = [()]
    numbers: dict[Hashable, int] = {}
    rows = []
    for row, key, changes in made:
        if changes and key not in numbers:
            numbers[key] = len(sets)
            sets.append(changes)
        rows.append(replace(row, changes=numbers[key]) if changes else row)
    return ScenarioMatrix(tuple(rows), tuple(sets))


_MadeRow = tuple[ScenarioRow, Hashable, tuple[PatientChange, ...]]


@dataclass(eq=False)
class _Running:
    """What every row is made from: the runner, and the base case to compare with."""

    runner: Runner
    every_change: bool
    base: Case = field(init=False)
    figures: dict[str, Figure] = field(init=False)
    verdicts: dict[str, CriterionVerdict] = field(init=False)
    behind: _Behind = field(init=False)

    def __post_init__(self) -> None:
        self.base = self.runner.case(self.runner.plan.base)
        self.figures = figures_of(*results_judged(self.base), {})
        self.verdicts = {verdict.id: verdict for verdict in self.base.verdicts}
        self.behind = _Behind(self.base)


def _running_again(
    cohort: Cohort,
    plan: Plan,
    references: tuple[str | Path, ...] | None,
    overrides: tuple[str, ...],
    *,
    every_change: bool,
) -> _Running:
    runner = Runner(cohort, plan, references=references, overrides=overrides)
    runner.checked(lambda _: None)
    return _Running(runner, every_change)


def _made_row(shared: _Running, place: int) -> _MadeRow:
    """A row, with the changes behind it and what they are known by."""
    scenario = shared.runner.plan.scenarios[place]
    try:
        case = shared.runner.case(scenario)
        return _row(scenario, case, shared, first=not place)
    except InputError as error:
        reason = "; ".join(problem.message for problem in error.problems)
    except Exception as error:
        if not place:
            raise
        reason = f"it could not be estimated: {type(error).__name__}: {error}"
    return ScenarioRow(scenario, reason=reason), None, ()


def _row(scenario: Scenario, case: Case, shared: _Running, *, first: bool) -> _MadeRow:
    found = judged(case.verdicts, shared.verdicts)
    named = shared.every_change or any(each.changed for each in found)
    changes = shared.behind.of(scenario, case) if named else ()
    patients = len({each.patient for each in changes}) if named else shared.behind.number_of(case)
    populations = {
        name: case.results.populations[name] for name in ("treated", "response_evaluable")
    }
    row = ScenarioRow(
        scenario,
        populations,
        figures_of(*results_judged(case), {} if first else shared.figures),
        found,
        changes=0 if named or not patients else None,
        patients_changed=patients,
    )
    key = (_key(scenario.settings), scenario.population, scenario.not_evaluable)
    return row, key, changes


@dataclass(eq=False)
class _Behind:
    """Patient changes against the base case, each set made once."""

    base: Case
    _derivations: dict[int, tuple[PatientChange, ...]] = field(default_factory=dict)
    _known: dict[tuple[int, int], tuple[PatientChange, ...]] = field(default_factory=dict)

    def of(self, scenario: Scenario, case: Case) -> tuple[PatientChange, ...]:
        """Patients for whom anything is otherwise, and what."""
        if case.derived is self.base.derived and case.counted is self.base.counted:
            return ()
        key = (id(case.derived), id(case.counted))
        if key not in self._known:
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
            self._known[key] = (*self._derivation(case), *counted)
        return self._known[key]

    def number_of(self, case: Case) -> int:
        """For how many patients anything is otherwise."""
        if case.derived is self.base.derived and case.counted is self.base.counted:
            return 0
        return patients_changed(
            (self.base.derived.patients, self.base.counted),
            (case.derived.patients, case.counted),
        )

    def _derivation(self, case: Case) -> tuple[PatientChange, ...]:
        if case.derived is self.base.derived:
            return ()
        key = id(case.derived)
        if key not in self._derivations:
            self._derivations[key] = changes_in_derivation(
                self.base.derived.patients, case.derived.patients
            )
        return self._derivations[key]


def results_judged(case: Case) -> tuple[Results, str]:
    """The results that criteria are about, of one arm or of all patients, and their prefix."""
    arm = judged_arm(case.results, case.derived.cohort.settings.cohort)
    return (case.results, "") if arm is None else (case.results.arms[arm], f"arms.{arm}.")


def _told(scenario: Scenario, problem: Problem) -> Problem:
    where = f"{problem.column}: " if problem.column else ""
    return scenario.problem(f"{where}{problem.message}", problem.value, problem.expected)


def _key(settings: Mapping[str, Any]) -> str:
    return json.dumps(settings, sort_keys=True, default=str)
