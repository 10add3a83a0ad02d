"""Scenarios against endpoints and criteria, with the differences from the base case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from dossier.appraise.verdict import CriterionVerdict, Verdict
from dossier.estimate.model import Results
from dossier.scenarios.judging import deciding_rules
from dossier.scenarios.patient_changes import PatientChange
from dossier.scenarios.scenario import Scenario
from dossier.units import DAYS_PER_MONTH

__all__ = [
    "Figure",
    "Judged",
    "LeftOut",
    "ScenarioMatrix",
    "ScenarioRow",
    "WorstCase",
    "figures_of",
    "judged",
]

RATES = ("orr", "dcr", "cbr_16w", "cbr_24w")
TIMES = ("pfs", "os", "dor")


@dataclass(frozen=True)
class Figure:
    """One endpoint in one scenario.

    Parameters
    ----------
    path
        Its place in results.json, e.g. ``endpoints.pfs.median.months``.
    unit
        ``share`` (0-1) or ``months``.
    n, events
        Patients counted, and those with the event or the outcome.
    estimate, lower, upper
        None with ``reason`` where there is none.
    delta
        Estimate less that of the base case; None where either has none.
    """

    path: str
    unit: str
    n: int
    events: int
    estimate: float | None
    lower: float | None
    upper: float | None
    reason: str | None = None
    delta: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form: a null stands beside a reason."""
        result: dict[str, Any] = {
            "path": self.path,
            "unit": self.unit,
            "n": self.n,
            "events": self.events,
            "estimate": self.estimate,
            "ci_lower": self.lower,
            "ci_upper": self.upper,
            "delta": self.delta,
        }
        if self.reason is not None:
            result["reason"] = self.reason
        elif self.delta is None or self.lower is None or self.upper is None:
            result["reason"] = "no estimate in the base case to compare with"
        return result


@dataclass(frozen=True)
class Judged:
    """One criterion in one scenario.

    Parameters
    ----------
    criterion
        Identifier.
    verdict, grade
        Outcome; the grade is None where there are none.
    deciding
        Rules that the verdict rests on.
    verdict_before, grade_before
        Those of the base case; None where it is not judged by this criterion.
    rules_changed
        Rules with another verdict than in the base case: rule, before, after.
    at_lower_limit
        Verdict when every rule is judged at its least favourable limit.
    """

    criterion: str
    verdict: Verdict
    grade: str | None
    deciding: tuple[str, ...]
    verdict_before: Verdict | None = None
    grade_before: str | None = None
    rules_changed: tuple[tuple[str, str, str], ...] = ()
    at_lower_limit: Verdict | None = None

    @property
    def changed(self) -> bool:
        """Whether verdict or grade are others than in the base case."""
        return self.verdict_before is not None and (
            self.verdict is not self.verdict_before or self.grade != self.grade_before
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "id": self.criterion,
            "verdict": self.verdict.value,
            "changed": self.changed,
            "deciding_rules": list(self.deciding),
        }
        if self.grade is not None or self.grade_before is not None:
            result["grade"] = self.grade or "none"
        if self.verdict_before is None:
            result["reason"] = "the base case is not judged by this criterion"
        elif self.changed:
            result["verdict_before"] = self.verdict_before.value
            if self.grade_before is not None:
                result["grade_before"] = self.grade_before
        if self.at_lower_limit is not None:
            result["verdict_at_lower_limit"] = self.at_lower_limit.value
        if self.rules_changed:
            result["rules_changed"] = [
                {"id": rule, "before": before, "after": after}
                for rule, before, after in self.rules_changed
            ]
        return result


@dataclass(frozen=True)
class ScenarioRow:
    """One scenario with everything found, or why nothing was.

    Parameters
    ----------
    scenario
        What was asked.
    populations
        ``treated`` and ``response_evaluable``.
    figures
        By endpoint: ``orr``, ``pfs.median``, ``pfs at 6 months``.
    judged
        One entry a criterion.
    changes
        Number of the set of patient changes in the matrix; None where it was not kept.
    patients_changed
        Patients for whom anything is otherwise than in the base case.
    reason
        Why it could not be estimated.
    """

    scenario: Scenario
    populations: dict[str, int] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    judged: tuple[Judged, ...] = ()
    changes: int | None = 0
    patients_changed: int = 0
    reason: str | None = None

    @property
    def flipped(self) -> tuple[str, ...]:
        """Criteria whose verdict or grade is another than in the base case."""
        return tuple(each.criterion for each in self.judged if each.changed)

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result = self.scenario.to_dict()
        if self.reason is not None:
            return result | {"reason_not_estimated": self.reason}
        result |= {
            "populations": self.populations,
            "endpoints": {name: figure.to_dict() for name, figure in self.figures.items()},
            "criteria": [each.to_dict() for each in self.judged],
            "verdict_changes": list(self.flipped),
            "patients_changed": self.patients_changed,
            "patient_changes": self.changes,
        }
        if self.changes is None:
            result["reason_no_patients"] = "they are named where a verdict changes"
        return result


@dataclass(frozen=True)
class WorstCase:
    """The lowest estimate of an endpoint among the cases that leave out one value of a column.

    Parameters
    ----------
    column, endpoint
        What is left out in turn, and the endpoint as the matrix names it.
    scenario
        Identifier of the case.
    estimate, delta
        Its estimate, and the difference from the base case; None where that has none.
    """

    column: str
    endpoint: str
    scenario: str
    estimate: float
    delta: float | None

    def to_dict(self) -> dict[str, Any]:
        """JSON form: a null stands beside a reason."""
        result: dict[str, Any] = {
            "column": self.column,
            "endpoint": self.endpoint,
            "scenario": self.scenario,
            "estimate": self.estimate,
            "delta": self.delta,
        }
        if self.delta is None:
            result["reason"] = "no estimate in the base case to compare with"
        return result


@dataclass(frozen=True)
class LeftOut:
    """All cases that leave out one value of a column in turn.

    Parameters
    ----------
    column
        The column.
    rows
        The cases that could be estimated.
    """

    column: str
    rows: tuple[ScenarioRow, ...]

    @property
    def flipping(self) -> tuple[ScenarioRow, ...]:
        """Cases in which a verdict or grade is another than in the base case."""
        return tuple(row for row in self.rows if row.flipped)

    def range_of(self, endpoint: str) -> tuple[float, float] | None:
        """Lowest and highest estimate; None where a case has none."""
        figures = [row.figures.get(endpoint) for row in self.rows]
        values = [
            each.estimate for each in figures if each is not None and each.estimate is not None
        ]
        return (min(values), max(values)) if len(values) == len(figures) > 0 else None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        ranges = {name: self.range_of(name) for name in self.rows[0].figures}
        return {
            "column": self.column,
            "cases": len(self.rows),
            "verdict_changes": [row.scenario.id for row in self.flipping],
            "endpoints": {
                name: {"lowest": found[0], "highest": found[1]}
                for name, found in ranges.items()
                if found is not None
            },
        }


@dataclass(frozen=True)
class ScenarioMatrix:
    """Every scenario, the base case first.

    Parameters
    ----------
    rows
        In the order of the plan.
    changes
        Sets of patient changes; rows share them by number, number 0 is empty.
    """

    rows: tuple[ScenarioRow, ...]
    changes: tuple[tuple[PatientChange, ...], ...] = ((),)

    @property
    def base(self) -> ScenarioRow:
        """The base case."""
        return self.rows[0]

    @property
    def scenarios_run(self) -> int:
        """How many alternatives there were, those that could not be estimated included."""
        return len(self.rows) - 1

    @property
    def worst_left_out(self) -> tuple[WorstCase, ...]:
        """The least favourable case of every leave-one-out analysis, for each endpoint."""
        found: dict[tuple[str, str], WorstCase] = {}
        for row in self.rows:
            if row.scenario.left_out is None or row.reason is not None:
                continue
            for name, figure in row.figures.items():
                if figure.estimate is None:
                    continue
                key = (row.scenario.left_out[0], name)
                if key not in found or figure.estimate < found[key].estimate:
                    found[key] = WorstCase(*key, row.scenario.id, figure.estimate, figure.delta)
        return tuple(found.values())

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """The leave-one-out analyses, by column."""
        found: dict[str, list[ScenarioRow]] = {}
        for row in self.rows:
            if row.scenario.left_out is not None and row.reason is None:
                found.setdefault(row.scenario.left_out[0], []).append(row)
        return tuple(LeftOut(column, tuple(rows)) for column, rows in found.items())

    @property
    def flipping(self) -> tuple[ScenarioRow, ...]:
        """Scenarios in which a verdict or grade is another than in the base case."""
        return tuple(row for row in self.rows if row.flipped)

    def changes_of(self, row: ScenarioRow) -> tuple[PatientChange, ...]:
        """Patients behind a scenario."""
        return () if row.changes is None else self.changes[row.changes]

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        not_estimated = sum(row.reason is not None for row in self.rows)
        return {
            "scenarios_run": self.scenarios_run,
            "not_estimated": not_estimated,
            "prespecified": sum(row.scenario.prespecified for row in self.rows[1:]),
            "post_hoc": sum(not row.scenario.prespecified for row in self.rows[1:]),
            "flipping": len(self.flipping),
            "verdict_changes": [row.scenario.id for row in self.flipping],
            "scenarios": [row.to_dict() for row in self.rows],
            "leave_one_out": [each.to_dict() for each in self.left_out],
            "worst_left_out": [each.to_dict() for each in self.worst_left_out],
            "patient_changes": [[each.to_dict() for each in found] for found in self.changes],
        }

    def csv_rows(self) -> Iterator[tuple[Any, ...]]:
        """One line for each scenario and endpoint or criterion, the heading first."""
        yield (
            "scenario", "reason", "prespecified", "kind", "name", "n", "events", "estimate",
            "ci_lower", "ci_upper", "delta", "unit", "verdict", "grade", "changed", "remark",
        )  # fmt: skip
        for row in self.rows:
            case = row.scenario
            start = (case.id, case.reason, "yes" if case.prespecified else "no")
            if row.reason is not None:
                yield (*start, "not estimated", *[""] * 11, row.reason)
            for name, each in row.figures.items():
                yield (
                    *start, "endpoint", name, each.n, each.events, _cell(each.estimate),
                    _cell(each.lower), _cell(each.upper), _cell(each.delta), each.unit, "", "", "",
                    each.reason or "",
                )  # fmt: skip
            for found in row.judged:
                changed = "yes" if found.changed else "no"
                yield (
                    *start, "criterion", found.criterion, *[""] * 7, found.verdict.value,
                    found.grade or "", changed, "decided by " + ", ".join(found.deciding),
                )  # fmt: skip


def figures_of(results: Results, prefix: str, base: dict[str, Figure]) -> dict[str, Figure]:
    """The endpoints of the matrix, beside those of the base case.

    Parameters
    ----------
    results
        Of the cohort, or of the arm that is judged.
    prefix
        Put before every path, e.g. ``arms.A.``.
    base
        Those of the base case; empty for the base case itself.
    """
    found: dict[str, Figure] = {}
    for name in RATES:
        if (rate := results.proportions.get(name)) is not None:
            found[name] = Figure(
                f"{prefix}endpoints.{name}.estimate", "share", rate.n, rate.events,
                rate.estimate, rate.ci_lower, rate.ci_upper, rate.reason,
            )  # fmt: skip
    for name in TIMES:
        time = results.times[name]
        median = time.median
        found[f"{name}.median"] = Figure(
            f"{prefix}endpoints.{name}.median.months", "months", time.n, time.events,
            _months(median.days), _months(median.ci_lower_days), _months(median.ci_upper_days),
            time.reason or median.reason,
        )  # fmt: skip
        for place, mark in enumerate(time.landmarks if name != "dor" else ()):
            found[f"{name} at {mark.label}"] = Figure(
                f"{prefix}endpoints.{name}.landmarks.{place}.estimate", "share", time.n,
                time.events, mark.estimate, mark.ci_lower, mark.ci_upper, mark.reason,
            )  # fmt: skip
    return {name: _beside(each, base.get(name), first=not base) for name, each in found.items()}


def _beside(figure: Figure, base: Figure | None, *, first: bool) -> Figure:
    if first:
        delta = 0.0 if figure.estimate is not None else None
    elif figure.estimate is None or base is None or base.estimate is None:
        delta = None
    else:
        delta = figure.estimate - base.estimate
    if delta is None:
        return figure
    return Figure(
        figure.path, figure.unit, figure.n, figure.events, figure.estimate, figure.lower,
        figure.upper, figure.reason, delta,
    )  # fmt: skip


def judged(
    verdicts: Sequence[CriterionVerdict], base: dict[str, CriterionVerdict]
) -> tuple[Judged, ...]:
    """Verdicts beside those of the base case."""
    return tuple(_judged(verdict, base.get(verdict.id)) for verdict in verdicts)


def _judged(verdict: CriterionVerdict, before: CriterionVerdict | None) -> Judged:
    changed: list[tuple[str, str, str]] = []
    if before is not None and before is not verdict:
        old = {rule.id: rule.verdict for rule in before.rules}
        changed = [
            (rule.id, old[rule.id].value, rule.verdict.value)
            for rule in verdict.rules
            if rule.id in old and old[rule.id] is not rule.verdict
        ]
    return Judged(
        verdict.id,
        verdict.verdict,
        verdict.grade,
        deciding_rules(verdict),
        None if before is None else before.verdict,
        None if before is None else before.grade,
        tuple(changed),
        verdict.verdict_at_lower_limit,
    )


def _months(days: float | None) -> float | None:
    return None if days is None else days / DAYS_PER_MONTH


def _cell(value: float | None) -> float | str:
    return "" if value is None else value
