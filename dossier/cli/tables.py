"""Endpoints and verdicts as tables a pharmacist reads on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from dossier.cli.terminal import console
from dossier.compose.numbers import Numbers
from dossier.compose.pack import open_pack

if TYPE_CHECKING:
    from rich.console import Console

    from dossier.appraise.verdict import CriterionVerdict, RuleVerdict
    from dossier.estimate.model import Proportion, TimeToEvent
    from dossier.evaluation import Evaluation

RATES = ("orr", "dcr", "cbr_16w", "cbr_24w")
TIMES = ("pfs", "os", "dor", "follow_up")
COLOURS = {"met": "green", "not_met": "red", "not_assessable": "yellow", "not_applicable": "dim"}


def print_evaluation(evaluation: Evaluation, *, no_color: bool) -> None:
    """Print the cohort's endpoints, then every criterion with its rules."""
    wording = open_pack("standard", "en").say
    numbers = Numbers(wording)
    screen = console(no_color=no_color)
    cohort, results = evaluation.cohort.settings.cohort, evaluation.results
    screen.print(Text(cohort.title, style="bold"))
    counts = results.populations
    screen.print(
        f"{counts['enrolled']} enrolled, {counts['treated']} treated, "
        f"{counts['response_evaluable']} evaluable for response"
    )
    _print_rates(screen, results.proportions, numbers)
    _print_times(screen, results.times, numbers)
    for verdict in evaluation.verdicts:
        _print_criterion(screen, verdict, numbers)
    if evaluation.queries:
        screen.print(f"\n{len(evaluation.queries)} data queries: see dossier check.")


def _print_rates(screen: Console, rates: dict[str, Proportion], numbers: Numbers) -> None:
    table = Table(title="\nResponse and clinical benefit", title_justify="left", pad_edge=False)
    for heading in ("Endpoint", "Patients", "Estimate", "Confidence limits", "Remark"):
        table.add_column(heading)
    for name in (*RATES, *(f"{rate}_treated" for rate in RATES)):
        rate = rates.get(name)
        if rate is None:
            continue
        limits = numbers.percent_limits(rate.ci_lower, rate.ci_upper)
        left_out = [
            f"{count} {why}"
            for count, why in ((rate.too_early, "too early"), (rate.unknown, "unknown"))
            if count
        ]
        table.add_row(
            _name(name),
            f"{rate.events}/{rate.n}",
            numbers.dash if rate.estimate is None else numbers.rate(rate.events, rate.n),
            numbers.dash if rate.estimate is None else numbers.interval(limits, rate.confidence),
            rate.reason or ", ".join(left_out),
        )
    screen.print(table)


def _print_times(screen: Console, times: dict[str, TimeToEvent], numbers: Numbers) -> None:
    table = Table(title="\nTimes to event", title_justify="left", pad_edge=False)
    for heading in ("Endpoint", "Events", "Median", "Confidence limits", "Landmarks", "Remark"):
        table.add_column(heading)
    for name in TIMES:
        time = times[name]
        median = time.median
        landmarks = "; ".join(
            f"{mark.label} {numbers.percent(mark.estimate)}"
            for mark in time.landmarks
            if mark.estimate is not None
        )
        limits = numbers.month_limits(median.ci_lower_days, median.ci_upper_days)
        estimated = time.reason is None
        if not estimated:
            printed = numbers.dash
        elif median.days is None:
            printed = numbers.not_reached
        else:
            printed = numbers.months(median.days)
        table.add_row(
            _name(name),
            f"{time.events}/{time.n}",
            printed,
            numbers.interval(limits, time.confidence) if estimated else numbers.dash,
            landmarks,
            time.reason or (f"{time.unknown} unknown" if time.unknown else ""),
        )
    screen.print(table)


def _print_criterion(screen: Console, verdict: CriterionVerdict, numbers: Numbers) -> None:
    heading = Text(f"\n{verdict.title.get('en', verdict.id)} ({verdict.id}): ", style="bold")
    heading.append(_spoken(verdict.verdict), style=f"bold {COLOURS[verdict.verdict]}")
    if verdict.grade is not None:
        heading.append(f", grade {verdict.grade}", style="bold")
    screen.print(heading)
    if verdict.reason:
        screen.print(escape(verdict.reason))
    table = Table(pad_edge=False)
    for name in ("Rule", "Observed", "Required", "Margin", "Verdict", "Missing"):
        table.add_column(name)
    for rule in verdict.rules:
        table.add_row(
            escape(rule.text),
            _observed(rule, numbers),
            numbers.dash
            if rule.threshold is None
            else f"{rule.comparison} {numbers.threshold(rule.threshold, rule.unit)}",
            numbers.dash
            if rule.margin is None
            else numbers.quantity(rule.margin, rule.unit, signed=True),
            Text(_spoken(rule.verdict), style=COLOURS[rule.verdict]),
            escape(", ".join(rule.missing) or rule.reason or ""),
        )
    screen.print(table)


def _observed(rule: RuleVerdict, numbers: Numbers) -> str:
    if rule.observed is None:
        return numbers.dash
    places = (
        1
        if rule.threshold is None
        else numbers.places_apart(rule.observed, rule.threshold, rule.unit)
    )
    return numbers.quantity(rule.observed, rule.unit, places)


def _spoken(verdict: str) -> str:
    return verdict.replace("_", " ")


def _name(endpoint: str) -> str:
    names = {
        "orr": "Objective response rate (confirmed)",
        "dcr": "Disease control rate",
        "cbr_16w": "Clinical benefit at 16 weeks",
        "cbr_24w": "Clinical benefit at 24 weeks",
        "pfs": "Progression-free survival",
        "os": "Overall survival",
        "dor": "Duration of response",
        "follow_up": "Follow-up (reverse Kaplan-Meier)",
    }
    base = endpoint.removesuffix("_treated")
    return names[base] + (", all treated" if base != endpoint else "")
