"""A pooled data set split into cohorts by columns, each judged as if alone, and ranked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, get_args

import numpy as np

from dossier.appraise.criterion import Criterion
from dossier.appraise.verdict import Verdict
from dossier.cohort.model import Cohort
from dossier.cohort.settings import BaselineColumn
from dossier.errors import InputError, OptionError, Problem
from dossier.provenance.manifest import Manifest, manifest
from dossier.scenarios.matrix import Figure, Judged, figures_of, judged
from dossier.scenarios.plan import Plan
from dossier.scenarios.running import Runner, results_judged
from dossier.scenarios.scenario import BASE, PatientColumns, Population, Scenario
from dossier.yaml_source import nearest

__all__ = ["Portfolio", "PortfolioCohort", "portfolio"]

SCHEMA: Final = "dossier.portfolio/1"
RANKED_BY: Final = (
    "verdict and grade by each criterion in turn, then the lower confidence limit of the response "
    "rate, then the name"
)
_ORDER: Final = (
    Verdict.MET,
    Verdict.NOT_ASSESSABLE,
    Verdict.NOT_MET,
    Verdict.NOT_APPLICABLE,
)


@dataclass(frozen=True)
class PortfolioCohort:
    """One of the cohorts.

    Parameters
    ----------
    values
        Column and value of each column that the data set is split by.
    enrolled
        Patients in the file with these values.
    populations
        ``treated`` and ``response_evaluable``.
    figures, judged
        Endpoints and verdicts; empty with ``reason``.
    rank
        From 1; None with ``unranked``.
    unranked
        Why it has no rank.
    reason
        Why it could not be evaluated.
    """

    values: tuple[tuple[str, str], ...]
    enrolled: int
    populations: dict[str, int]
    figures: dict[str, Figure]
    judged: tuple[Judged, ...]
    rank: int | None = None
    unranked: str | None = None
    reason: str | None = None

    @property
    def name(self) -> str:
        """Its values; with the column where the value alone says nothing."""
        return ", ".join(
            f"{column} {value}" if value in ("yes", "no") or value.isdecimal() else value
            for column, value in self.values
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON form: a null stands beside a reason."""
        result: dict[str, Any] = {
            "name": self.name,
            "values": dict(self.values),
            "rank": self.rank,
            "enrolled": self.enrolled,
        }
        if self.rank is None:
            result["reason"] = self.reason or self.unranked
        if self.reason is not None:
            return result | {"evaluated": False}
        return result | {
            "evaluated": True,
            "populations": self.populations,
            "endpoints": {name: _without_delta(each) for name, each in self.figures.items()},
            "criteria": [_without_change(each) for each in self.judged],
        }


@dataclass(frozen=True)
class Portfolio:
    """Every cohort, those ranked first.

    Parameters
    ----------
    title
        Of the pooled data set.
    by
        Columns it is split by.
    cohorts
        In the order of their rank, then the small ones, then those that could not be evaluated.
    without_value
        Patients in no cohort, because a column is empty.
    minimum
        Fewest treated patients of a cohort with a rank (``estimation.subgroups.minimum``).
    provenance
        What went in.
    """

    title: str
    by: tuple[str, ...]
    cohorts: tuple[PortfolioCohort, ...]
    without_value: int
    minimum: int
    provenance: Manifest

    def to_dict(self) -> dict[str, Any]:
        """The format ``dossier.portfolio/1``."""
        return {
            "schema": SCHEMA,
            "cohort": {"title": self.title},
            "by": list(self.by),
            "number_of_cohorts": len(self.cohorts),
            "ranked_by": RANKED_BY,
            "minimum_patients": self.minimum,
            "patients_without_value": self.without_value,
            "cohorts": [each.to_dict() for each in self.cohorts],
            "provenance": self.provenance.to_dict(),
        }

    def csv_rows(self) -> Iterator[tuple[Any, ...]]:
        """One line a cohort, the heading first."""
        rates = ("orr", "dcr", "cbr_16w", "cbr_24w")
        times = ("pfs.median", "os.median", "dor.median")
        first = next((each for each in self.cohorts if each.judged), None)
        criteria = [each.criterion for each in first.judged] if first is not None else []
        yield (
            "rank", *self.by, "enrolled", "treated", "response_evaluable",
            *(f"{n}{part}" for n in rates for part in ("_n", "", "_ci_lower", "_ci_upper")),
            *(f"{n.removesuffix('.median')}_median_months" for n in times),
            *(f"{name} {part}" for name in criteria for part in ("verdict", "grade")), "remark",
        )  # fmt: skip
        for each in self.cohorts:
            shares = [each.figures.get(name) for name in rates]
            verdicts = {found.criterion: found for found in each.judged}
            yield (
                _cell(each.rank), *(value for _, value in each.values), each.enrolled,
                each.populations.get("treated", ""),
                each.populations.get("response_evaluable", ""),
                *(
                    _cell(None if f is None else getattr(f, part))
                    for f in shares
                    for part in ("n", "estimate", "lower", "upper")
                ),
                *(_cell(f.estimate if (f := each.figures.get(n)) else None) for n in times),
                *(
                    part
                    for name in criteria
                    for part in _said(verdicts.get(name))
                ),
                each.reason or each.unranked or "",
            )  # fmt: skip


def portfolio(
    cohort: Cohort,
    by: Sequence[str],
    criteria: Sequence[str | Path] | None = None,
    *,
    overrides: Sequence[str] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Portfolio:
    """Split a data set into cohorts, evaluate each and rank them.

    Patients are derived once, under the settings and the data cut-off of the data set; each cohort
    is estimated and judged as if it were alone. One that cannot be is a row that says why. A cohort
    of fewer treated patients than ``estimation.subgroups.minimum`` is evaluated but has no rank.

    Parameters
    ----------
    cohort
        The data set as read.
    by
        Columns of the patients table, known before treatment; each combination of their values is
        a cohort.
    criteria
        Identifiers or files; None takes those of cohort.yaml. They rank in this order.
    overrides
        Thresholds to replace, ``rule=value``.
    progress
        Called with a few words as the work goes on.

    Raises
    ------
    InputError
        When a column is unknown or not in the data, or a criterion or threshold is wrong.
    """
    columns = PatientColumns(cohort)
    _check_columns(columns, by)
    chosen = None if criteria is None else tuple(str(each) for each in criteria)
    base = Scenario(BASE, "everybody", criteria=chosen, overrides=tuple(overrides))
    groups, without = _groups(columns, by)
    cases = [
        replace(base, id=str(place), population=Population(only=_filter(by, values)), crossed=True)
        for place, (values, _) in enumerate(groups)
    ]
    runner = Runner(cohort, Plan((base, *cases)))
    runner.checked(progress)
    minimum = cohort.settings.estimation.subgroups.minimum
    found = []
    for case, (values, enrolled) in zip(cases, groups, strict=True):
        progress(f"Evaluating {', '.join(values)}")
        found.append(_evaluated(runner, case, tuple(zip(by, values, strict=True)), enrolled))
    judges = runner.criteria_of(base)
    return Portfolio(
        cohort.settings.cohort.title,
        tuple(by),
        _ranked(found, judges, minimum),
        without,
        minimum,
        manifest(cohort, {criterion.id: criterion.sha256 for criterion in judges}),
    )


def _check_columns(columns: PatientColumns, by: Sequence[str]) -> None:
    known = get_args(BaselineColumn)
    problems = []
    for place, column in enumerate(by):
        if column not in known:
            meant = nearest(column, known)
            hint = f", did you mean {meant!r}?" if meant else ""
            message = f"this is no column to split by{hint}"
            problems.append(Problem(message, value=column, expected=f"one of {', '.join(known)}"))
        elif not columns.given(column):
            given = [each for each in known if columns.given(each)]
            message = f"the patients table has no column {column}"
            problems.append(Problem(message, value=column, expected=f"one of {', '.join(given)}"))
        elif column in by[:place]:
            problems.append(Problem("this column is named twice", value=column))
    if not by:
        problems.append(Problem("no column to split by is named"))
    if problems:
        raise OptionError(problems)


def _groups(
    columns: PatientColumns, by: Sequence[str]
) -> tuple[list[tuple[tuple[str, ...], int]], int]:
    """Every combination of values that somebody has, with its patients; and those without one."""
    values = np.array([columns.values(column) for column in by], dtype=object)
    complete = (values != "").all(axis=0)
    counts: dict[tuple[str, ...], int] = {}
    for each in values[:, complete].T:
        counts[tuple(each)] = counts.get(tuple(each), 0) + 1
    return sorted(counts.items()), int((~complete).sum())


def _filter(by: Sequence[str], values: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((column, (value,)) for column, value in zip(by, values, strict=True))


def _evaluated(
    runner: Runner, scenario: Scenario, values: tuple[tuple[str, str], ...], enrolled: int
) -> PortfolioCohort:
    try:
        case = runner.case(scenario)
    except InputError as error:
        reason = "; ".join(problem.message for problem in error.problems)
    except Exception as error:  # one cohort must not stop the others
        reason = f"it could not be evaluated: {type(error).__name__}: {error}"
    else:
        return PortfolioCohort(
            values,
            enrolled,
            {name: case.results.populations[name] for name in ("treated", "response_evaluable")},
            figures_of(*results_judged(case), {}),
            judged(case.verdicts, {}),
        )
    return PortfolioCohort(values, enrolled, {}, {}, (), reason=reason)


def _ranked(
    found: Sequence[PortfolioCohort], criteria: Sequence[Criterion], minimum: int
) -> tuple[PortfolioCohort, ...]:
    scales = {criterion.id: criterion.scale for criterion in criteria}

    def merit(each: PortfolioCohort) -> tuple[Any, ...]:
        verdicts = [
            (_ORDER.index(j.verdict), _place(j.grade, scales[j.criterion])) for j in each.judged
        ]
        lower = each.figures["orr"].lower
        return (*verdicts, -(lower if lower is not None else -1.0), each.name)

    evaluated = [each for each in found if each.reason is None]
    small = [each for each in evaluated if each.populations["treated"] < minimum]
    enough = sorted((each for each in evaluated if each not in small), key=merit)
    return (
        *(replace(each, rank=place) for place, each in enumerate(enough, start=1)),
        *(
            replace(each, unranked=f"fewer than {minimum} treated patients")
            for each in sorted(small, key=merit)
        ),
        *(each for each in found if each.reason is not None),
    )


def _place(grade: str | None, scale: tuple[str, ...]) -> int:
    return scale.index(grade) if grade in scale else len(scale)


def _without_delta(figure: Figure) -> dict[str, Any]:
    result = figure.to_dict()
    del result["delta"], result["path"]
    if figure.reason is None:
        result.pop("reason", None)
        if figure.lower is None or figure.upper is None:
            result["reason"] = "no limit"
    return result


def _without_change(found: Judged) -> dict[str, Any]:
    result = found.to_dict()
    for key in ("changed", "reason"):
        result.pop(key, None)
    return result


def _said(found: Judged | None) -> tuple[str, str]:
    return ("", "") if found is None else (found.verdict.value, found.grade or "")


def _cell(value: float | None) -> float | str:
    return "" if value is None else value
