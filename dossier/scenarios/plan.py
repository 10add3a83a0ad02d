"""From a scenarios file to every case: ready-made sets, leave-one-out and grids written out."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final

from dossier.cohort.model import Cohort
from dossier.cohort.settings_file import merged
from dossier.errors import InputError, Problem
from dossier.scenarios.scenario import BASE, PatientColumns, Population, Scenario
from dossier.scenarios.scenario_file import (
    BaseCase,
    ScenarioEntry,
    ScenarioFile,
    shipped_scenarios,
)
from dossier.yaml_source import YamlDocument, nearest, validate_value

__all__ = ["AskedSweep", "Plan", "plan_of"]

MOST: Final = 100_000
AXES: Final = ("population", "not_evaluable", "criteria", "set", "leave_out", "cutoff_back")
SECTIONS: Final = ("derivation", "estimation", "cohort")


@dataclass(frozen=True)
class AskedSweep:
    """A threshold to move as somebody wrote it, and where."""

    text: str
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Plan:
    """Every case to run, the base case first, and the sweeps asked for."""

    scenarios: tuple[Scenario, ...]
    sweeps: tuple[AskedSweep, ...] = ()

    @property
    def base(self) -> Scenario:
        """The case that the others are compared with."""
        return self.scenarios[0]


def plan_of(
    cohort: Cohort,
    file: ScenarioFile,
    document: YamlDocument | None = None,
    most_left_out: int | None = None,
) -> Plan:
    """Write out every case of a scenarios file for a cohort.

    Parameters
    ----------
    cohort
        Whose patients, sites and tumour types are left out in turn.
    file, document
        The scenarios as checked, and where they were written.
    most_left_out
        Values of a column up to which leave-one-out analyses are run; None for any number.

    Raises
    ------
    InputError
        For a scenario named twice and for grids that cannot be crossed, with their lines.
    """
    source = _Source(file.base, cohort.data_cutoff, document)
    columns = PatientColumns(cohort)
    problems: list[Problem] = []
    found = [source.base()]
    found += [source.entry(entry, place) for place, entry in enumerate(file.scenarios)]
    if file.grid is not None:
        crossed, wrong = _crossed(source, file)
        found += crossed
        problems += wrong
    for place, column in enumerate(file.leave_one_out):
        line = source.line("leave_one_out", place)
        found += _leave_one_out(source, columns, column, line, most_left_out)
    several = len(file.sweeps) > 1
    sweeps = [
        AskedSweep(text, source.name, source.line("sweeps", *((place,) if several else ())))
        for place, text in enumerate(file.sweeps)
    ]
    for name in file.include:
        shipped, shipped_document = shipped_scenarios(name)
        theirs = replace(source, document=shipped_document, optional=True)
        found += [theirs.entry(entry, place) for place, entry in enumerate(shipped.scenarios)]
        for column in shipped.leave_one_out:
            if column not in file.leave_one_out:
                found += _leave_one_out(theirs, columns, column, None, most_left_out)
    seen: set[str] = set()
    for scenario in found:
        if scenario.id in seen:
            problems.append(
                scenario.problem("two scenarios have this id", scenario.id, "each once")
            )
        seen.add(scenario.id)
    if problems:
        raise InputError(problems)
    return Plan(tuple(found), tuple(sweeps))


@dataclass(frozen=True)
class _Source:
    """Where cases are written, and the base case they start from."""

    start: BaseCase
    cutoff: datetime.date | None
    document: YamlDocument | None = None
    optional: bool = False

    def line(self, *path: str | int) -> int | None:
        return None if self.document is None else self.document.line(path)

    @property
    def name(self) -> str | None:
        return None if self.document is None else self.document.name

    def base(self) -> Scenario:
        return Scenario(
            BASE,
            self.start.reason or "the base case",
            prespecified=True,
            settings=_settings(self.start),
            criteria=self.start.criteria,
            overrides=self.start.set,
            population=_population(self.start),
            not_evaluable=self.start.not_evaluable or "",
            file=self.name,
            line=self.line("base"),
        )

    def entry(self, entry: ScenarioEntry, place: int | None, line: int | None = None) -> Scenario:
        base = self.base()
        own = _population(entry)
        if entry.population is None:
            own = replace(own, name=base.population.name, only=base.population.only)
        # Thresholds of the base case belong to its criteria.
        settings, absent = merged(base.settings, _settings(entry)), ""
        if entry.cutoff_back is not None and self.cutoff is None:
            absent = "there is no data cut-off to move back: nothing in the data is dated"
        elif entry.cutoff_back is not None and self.cutoff is not None:
            back = datetime.timedelta(days=round(entry.cutoff_back.days))
            moved = (self._base_cutoff() - back).isoformat()
            settings = merged(settings, {"cohort": {"data_cutoff": moved}})
        overrides = entry.set if entry.criteria is not None else (*base.overrides, *entry.set)
        return Scenario(
            entry.id,
            entry.reason,
            prespecified=entry.prespecified,
            settings=settings,
            criteria=entry.criteria if entry.criteria is not None else base.criteria,
            overrides=overrides,
            population=replace(own, without=(*base.population.without, *own.without)),
            not_evaluable=entry.not_evaluable or base.not_evaluable,
            file=self.name,
            line=line if place is None else self.line("scenarios", place),
            optional=self.optional,
            absent=absent,
        )

    def _base_cutoff(self) -> datetime.date:
        """The data cut-off of the base case; there is one."""
        change = self.start.settings.cohort
        cutoff = self.cutoff if change is None else change.data_cutoff
        assert cutoff is not None  # noqa: S101 (asked by the caller)
        return cutoff


def _settings(case: BaseCase) -> dict[str, Any]:
    written = case.settings.model_dump(mode="json", exclude_unset=True)
    return {section: keys for section, keys in written.items() if keys}


def _population(case: BaseCase) -> Population:
    named = case.population if isinstance(case.population, str) else ""
    only = case.population if isinstance(case.population, Mapping) else {}
    return Population(named, tuple(only.items()), tuple(case.leave_out.items()))


def _leave_one_out(
    source: _Source,
    columns: PatientColumns,
    column: str,
    line: int | None,
    most: int | None,
) -> Iterator[Scenario]:
    """One case for each value that the column has; where there are too many, one that says so."""
    base = source.base()
    shared = replace(
        base, prespecified=False, file=source.name, line=line, optional=source.optional
    )
    values = sorted(columns.present(column)) if columns.given(column) else []
    if most is not None and len(values) > most:
        absent = f"not run in a dossier: the column has {len(values)} values, more than {most}"
        yield replace(
            shared,
            id=f"without-each-{column}",
            reason=f"leave one out: {column}",
            left_out=(column, ""),
            absent=absent,
            optional=True,
        )
        return
    for value in values or [""]:  # a column that is not there is then found missing
        without = (*base.population.without, (column, (value,)))
        yield replace(
            shared,
            id=f"without-{column}-{value}" if value else f"without-each-{column}",
            reason=f"leave one out: {column} {value}".rstrip(),
            population=replace(base.population, without=without),
            left_out=(column, value),
        )


# -- grids


def _crossed(source: _Source, file: ScenarioFile) -> tuple[list[Scenario], list[Problem]]:
    assert file.grid is not None  # noqa: S101 (asked by the caller)
    axes = file.grid.axes
    problems: list[Problem] = []
    for name, values in axes.items():
        problems += _axis_problems(source, name, values)
    if "set" in axes and any(name.startswith("set.") for name in axes):
        problems.append(_grid_problem(source, ("set",), "'set' and 'set.RULE' contradict", None))
    sizes = [len(values) for values in axes.values() if isinstance(values, list)]
    number = 1
    for size in sizes:
        number *= max(size, 1)
    if number > MOST:
        message = f"the grid has {number} combinations"
        problems.append(_grid_problem(source, (), message, f"at most {MOST}"))
    if problems:
        return [], problems
    found = []
    for values in product(*axes.values()) if axes else ():
        combination = list(zip(axes, values, strict=True))
        entry = {
            "id": "x",
            "reason": file.grid.reason,
            "prespecified": file.grid.prespecified,
        }
        for name, value in combination:
            entry = merged(entry, _as_entry(name, value, entry))
        checked, wrong = validate_value(entry, ScenarioEntry)
        if checked is None:
            problems += [replace(each, file=source.name, row=source.line("grid")) for each in wrong]
            continue
        label = ", ".join(f"{name.rpartition('.')[2]}={_shown(v)}" for name, v in combination)
        entry_made = source.entry(checked, None, source.line("grid"))
        found.append(replace(entry_made, id=label, crossed=True))
    return found, problems


def _axis_problems(source: _Source, name: str, values: Any) -> Iterator[Problem]:
    section, dot, key = name.partition(".")
    known = [*AXES, *(f"{each}." for each in SECTIONS), "set.RULE"]
    if name not in AXES and not (dot and key and section in (*SECTIONS, "set")):
        meant = nearest(name, [*AXES, *SECTIONS])
        message = f"unknown axis {name!r}" + (f", did you mean {meant!r}?" if meant else "")
        expected = f"one of {', '.join(known)} with a key behind the point"
        yield _grid_problem(source, (name,), message, expected)
        return
    if not isinstance(values, list) or not values:
        expected = "a list of at least one value, such as [a, b]"
        yield _grid_problem(source, (name,), f"the axis {name} has no values", expected)
        return
    for place, value in enumerate(values):
        if value in values[:place]:
            message = f"the axis {name} has the value {_shown(value)} twice"
            yield _grid_problem(source, (name, place), message, "each value once")
        entry = merged({"id": "x", "reason": "x"}, _as_entry(name, value, {}))
        _, wrong = validate_value(entry, ScenarioEntry)
        for each in wrong:
            row = source.line("grid", name, place)
            yield replace(each, file=source.name, row=row, column=f"grid.{name}")


def _as_entry(name: str, value: Any, before: Mapping[str, Any]) -> dict[str, Any]:
    section, _, key = name.partition(".")
    if section in SECTIONS:
        return {"settings": {section: {key: value}}}
    if section == "set":
        own = [f"{key}={value}"] if key else ([value] if isinstance(value, str) else list(value))
        return {"set": [*before.get("set", []), *own]}
    return {name: value}


def _grid_problem(
    source: _Source, path: tuple[str | int, ...], message: str, expected: str | None
) -> Problem:
    return Problem(message, source.name, source.line("grid", *path), expected=expected)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return " and ".join(f"{key} {_shown(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return " and ".join(_shown(each) for each in value)
    return str(value)
