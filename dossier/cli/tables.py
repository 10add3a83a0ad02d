"""Endpoints and verdicts as tables a pharmacist reads on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from dossier.cli.terminal import console, counted
from dossier.compose.arm_facts import arm_facts
from dossier.compose.document import plain_text
from dossier.compose.judging import possible_grades, reason_words, verdict_words
from dossier.compose.material import Material
from dossier.compose.numbers import Numbers
from dossier.compose.pack import open_pack
from dossier.compose.response_kind import response_kind
from dossier.compose.rule_print import missing_words, printed_rules

if TYPE_CHECKING:
    from rich.console import Console

    from dossier.estimate.model import Proportion, TimeToEvent
    from dossier.evaluation import Evaluation

RATES = ("orr", "dcr", "cbr_16w", "cbr_24w")
TIMES = ("pfs", "os", "dor", "time_on_treatment", "time_to_next_treatment", "follow_up")
KINDS = {"confirmed": "confirmed", "single": "without confirmation", "given": "as recorded"}
"""What a response is, by `response_kind`."""
COLOURS = {"met": "green", "not_met": "red", "not_assessable": "yellow", "not_applicable": "dim"}


def print_evaluation(evaluation: Evaluation, *, no_color: bool) -> None:
    """Print the cohort's endpoints, then every criterion with its rules."""
    pack = open_pack("standard", "en")
    material = Material(evaluation, pack.say, pack.settings.limits)
    screen = console(no_color=no_color)
    cohort, results = evaluation.cohort.settings.cohort, evaluation.results
    screen.print(Text(cohort.title, style="bold"))
    counts = results.populations
    screen.print(
        f"{counts['enrolled']} enrolled, {counts['treated']} treated, "
        f"{counts['response_evaluable']} evaluable for response\n"
    )
    if material.arms_apart:
        for name, arm in results.arms.items():
            screen.print(Text(f"{name}, {arm.populations['treated']} treated", style="bold"))
            _print_rates(screen, arm.proportions, material.of_arm(name))
            _print_times(screen, arm.times, material.numbers)
        _print_contrasts(screen, material)
    else:
        _print_rates(screen, results.proportions, material)
        _print_times(screen, results.times, material.numbers)
    for position in range(len(evaluation.verdicts)):
        _print_criterion(screen, material, position)
    if evaluation.queries:
        queries = counted(len(evaluation.queries), "data query", "data queries")
        screen.print(f"{queries}: see dossier check.")


def _print_rates(screen: Console, rates: dict[str, Proportion], material: Material) -> None:
    numbers, kind = material.numbers, KINDS[response_kind(material)]
    table = _table("Response and clinical benefit", "Estimate", "Confidence limits", "Remark")
    for name in (*RATES, *(f"{rate}_treated" for rate in RATES)):
        rate = rates.get(name)
        if rate is None:
            continue
        limits = numbers.percent_limits(rate.ci_lower, rate.ci_upper)
        known = rate.estimate is not None
        left_out = [
            f"{count} {why}"
            for count, why in ((rate.too_early, "too early"), (rate.unknown, "unknown"))
            if count
        ]
        table.add_row(
            f"{_name(name)} ({kind})" if name.startswith("orr") else _name(name),
            _plain(numbers.rate(rate.events, rate.n)) if known else numbers.dash,
            _plain(numbers.interval(limits, rate.confidence)) if known else numbers.dash,
            rate.reason or ", ".join(left_out),
        )
    screen.print(table)


def _print_contrasts(screen: Console, material: Material) -> None:
    """Each arm against the reference, in hazard ratios."""
    table = _table("Arms compared", "Progression or death", "Death")
    for each in arm_facts(material)["contrasts"]:
        table.add_row(
            f"{each.arm.name} against {each.reference.name}",
            _plain(f"hazard ratio {each.pfs}"),
            _plain(f"hazard ratio {each.os}"),
        )
    screen.print(table)


def _print_times(screen: Console, times: dict[str, TimeToEvent], numbers: Numbers) -> None:
    table = _table(
        "Times to event", "Events", "Median", "Confidence limits", "At the landmarks", "Remark"
    )
    for name, time in ((name, times[name]) for name in TIMES if name in times):
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
            printed = _plain(numbers.months(median.days))
        table.add_row(
            _name(name),
            f"{time.events}/{time.n}" if estimated or not time.unknown else numbers.dash,
            printed,
            _plain(numbers.interval(limits, time.confidence)) if estimated else numbers.dash,
            landmarks,
            time.reason or (f"{time.unknown} unknown" if time.unknown else ""),
        )
    screen.print(table)


def _print_criterion(screen: Console, material: Material, position: int) -> None:
    verdict = material.evaluation.verdicts[position]
    heading = Text(f"{verdict.title['en']} ({verdict.id}): ", style="bold")
    heading.append(
        _plain(verdict_words(material, verdict)), style=f"bold {COLOURS[verdict.verdict]}"
    )
    screen.print(heading)
    if verdict.missing:
        names = material.say.listed(missing_words(material, verdict.missing))
        screen.print(Text(_plain(f"Missing: {names}")))
    if verdict.possible_grades:
        screen.print(Text(_plain(f"Grades still possible: {possible_grades(material, verdict)}")))
    if not verdict.rules:
        screen.print(Text(_plain(f"{reason_words(material, verdict)}\n")))
        return
    table = _table("Rule", "Observed", "Required", "Margin", "Verdict", "Remark")
    for printed in printed_rules(material, position):
        rule = printed.rule
        table.add_row(
            Text(_plain(printed.subject)),
            Text(_plain(plain_text(printed.observed))),
            Text(_plain(printed.required)),
            Text(_plain(plain_text(printed.margin))),
            Text(material.say(f"verdicts.{rule.verdict}"), style=COLOURS[rule.verdict]),
            Text(_plain(printed.remark)),
        )
    screen.print(table)


def _table(*headings: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _plain(text: str) -> str:
    """Text that can be searched and copied: spaces that may break, no joiners."""
    return text.replace("\u00a0", " ").replace("\u2060", "")


def _name(endpoint: str) -> str:
    names = {
        "orr": "Objective response rate",
        "dcr": "Disease control rate",
        "cbr_16w": "Clinical benefit at 16 weeks",
        "cbr_24w": "Clinical benefit at 24 weeks",
        "pfs": "Progression-free survival",
        "os": "Overall survival",
        "dor": "Duration of response",
        "time_on_treatment": "Time on treatment",
        "time_to_next_treatment": "Time to next treatment",
        "follow_up": "Follow-up (reverse Kaplan-Meier)",
    }
    base = endpoint.removesuffix("_treated")
    return names[base] + (", all treated" if base != endpoint else "")
