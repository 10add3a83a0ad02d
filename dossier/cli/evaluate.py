"""`dossier evaluate`."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import click

from dossier.cli.terminal import (
    check_required,
    colour_option,
    criteria_options,
    harmless,
    progress,
    quiet_option,
)

SECTIONS = (
    "populations", "endpoints", "arms", "comparisons", "subgroups", "baskets", "safety", "criteria",
)  # fmt: skip


@click.command("evaluate", short_help="Print endpoints and verdicts, without documents.")
@click.argument("cohort", type=click.Path(path_type=Path))
@criteria_options
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table",
    show_default=True, help="How to print the results.",
)  # fmt: skip
@colour_option
@quiet_option
def command(
    cohort: Path,
    criteria: tuple[str, ...] | None,
    overrides: tuple[str, ...],
    required: tuple[str, ...],
    form: str,
    no_color: bool,
    quiet: bool,
) -> None:
    """Print the endpoints of COHORT and how the criteria judge them.

    COHORT is a cohort.yaml, a folder holding one, or a single table of patients.
    """
    from dossier.cohort.read import read_cohort
    from dossier.evaluation import evaluate

    with progress(quiet=quiet, no_color=no_color) as tell:
        evaluation = evaluate(read_cohort(cohort), criteria, overrides=overrides, progress=tell)
    if form == "table":
        from dossier.cli.tables import print_evaluation

        print_evaluation(evaluation, no_color=no_color)
    elif form == "json":
        from dossier.render.data import results_json

        click.echo(results_json(evaluation.to_dict()), nl=False)
    else:
        from dossier.result_paths import leaves

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(("path", "value"))
        results = evaluation.to_dict()
        for section in SECTIONS:
            for path, value in leaves(results.get(section, {}), section):
                writer.writerow((path, _cell(value)))
    check_required(required, evaluation.verdicts)


def _cell(value: object) -> object:
    """A value for a spreadsheet: an unknown one is an empty cell."""
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else value
