"""`dossier trace`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dossier.cli.terminal import colour_option, console, progress, quiet_option

if TYPE_CHECKING:
    from dossier.trace import Contribution, Trace


@click.command("trace", short_help="Follow a number back to its patients and their rows.")
@click.argument("cohort", type=click.Path(path_type=Path))
@click.argument("path")
@click.option("--patient", metavar="ID", help="Show the part of this patient only.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True,
    help="How to print the trace.",
)  # fmt: skip
@colour_option
@quiet_option
def command(
    cohort: Path, path: str, patient: str | None, form: str, no_color: bool, quiet: bool
) -> None:
    """Follow the number at PATH of COHORT's results.json to its rules, its patients and their rows.

    PATH is the identifier of a number, such as endpoints.orr.estimate or
    criteria.0.rules.1.observed; a section, such as endpoints.orr, stands for its main number.
    """
    from dossier.cohort.read import read_cohort
    from dossier.evaluation import evaluate
    from dossier.trace import trace

    with progress(quiet=quiet, no_color=no_color) as tell:
        evaluation = evaluate(read_cohort(cohort), progress=tell)
        if path.partition(".")[0] == "changes":
            from dossier.building import with_changes

            evaluation = with_changes(evaluation, progress=tell)
        scenarios = None
        if path.partition(".")[0] == "scenarios":
            from dossier.scenarios.what_if import sensitivity

            tested = sensitivity(evaluation, tell)
            scenarios = None if tested is None else tested.analyses()
        tell("Following the number")
        found = trace(evaluation, path, patient, scenarios)
    if form == "json":
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=1, allow_nan=False))
    else:
        _print(found, no_color=no_color)


def _print(found: Trace, *, no_color: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    screen = console(no_color=no_color)
    followed = found.traced not in ("", found.path)
    screen.print(Text(found.path + (f" follows {found.traced}" if followed else "")), style="bold")
    value = f"none, {found.reason or 'not known'}" if found.value is None else _value(found.value)
    screen.print(Text(f"Value: {value}"))
    screen.print(Text(f"{found.meaning[:1].upper()}{found.meaning[1:]}."))
    if found.population:
        screen.print(Text(f"Population: {found.population}, n = {found.members}"))
    if found.recount is not None:
        agrees = "as printed" if found.agrees else "NOT as printed"
        screen.print(Text(f"Counted again from the patients: {_value(found.recount)}, {agrees}"))
    for path in found.follows:
        screen.print(Text(f"Follows from {path}"))
    if found.rules:
        rules = Table(title="Rules", title_justify="left", pad_edge=False)
        for heading in ("Rule", "Patients", "What it says", "Source"):
            rules.add_column(heading, overflow="fold")
        for rule in found.rules:
            applied = "" if rule.patients is None else str(rule.patients)
            rules.add_row(rule.id, applied, Text(rule.text), Text(rule.source))
        screen.print(rules)
    if found.patients:
        table = Table(title="Patients", title_justify="left", pad_edge=False)
        for heading in ("Patient", "Value", "Day", "Counts", "Rule", "Why", "Rows"):
            table.add_column(heading, overflow="fold")
        for each in found.patients:
            table.add_row(*(Text(text) for text in _cells(each)))
        screen.print(table)


def _cells(each: Contribution) -> tuple[str, ...]:
    why = ", ".join(dict.fromkeys(text for text in (each.status, each.reason) if text))
    return (
        each.patient,
        _value(each.value),
        _value(each.day),
        "yes" if each.counted else "no",
        each.rule,
        why,
        "\n".join(map(str, each.sources)),
    )


def _value(value: object) -> str:
    """A value as a person writes it: whole numbers without decimals, nothing for nothing."""
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)
