"""`dossier what-if`."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dossier.cli.terminal import colour_option, counted_progress, harmless, quiet_option

if TYPE_CHECKING:
    from dossier.scenarios.what_if import WhatIf


@click.command("what-if", short_help="Put the cohort under other rules, populations and criteria.")
@click.argument("cohort", type=click.Path(path_type=Path))
@click.argument("scenarios", type=click.Path(path_type=Path), required=False)
@click.option(
    "--sweep", "sweeps", multiple=True, metavar="RULE=LOW..HIGH",
    help="Move a threshold, e.g. durable-benefit.pfs='3..12 months'; repeatable.",
)  # fmt: skip
@click.option(
    "--compare-criteria", is_flag=True,
    help="Judge by every shipped criterion, each with the rules that decide.",
)  # fmt: skip
@click.option(
    "--processes", type=click.IntRange(1, 64), default=1, show_default=True, metavar="N",
    help="Run the scenarios in so many processes; the answer is the same.",
)  # fmt: skip
@click.option(
    "-o", "--out", "folder", type=click.Path(path_type=Path, file_okay=False),
    help="Also write what-if.json and what-if.csv into this folder.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table",
    show_default=True, help="How to print the results.",
)  # fmt: skip
@colour_option
@quiet_option
def command(
    cohort: Path,
    scenarios: Path | None,
    sweeps: tuple[str, ...],
    compare_criteria: bool,
    processes: int,
    folder: Path | None,
    form: str,
    no_color: bool,
    quiet: bool,
) -> None:
    """Put COHORT under other rules, populations and criteria, beside its base case.

    SCENARIOS is a YAML file with a base case, named scenarios with their reasons, a grid, values to
    leave out one by one, and `include: standard-sensitivity`. Without it only the base case is
    looked at: how far its verdicts are from others.

    \b
    dossier what-if my-study scenarios.yaml
    dossier what-if my-study --sweep durable-benefit.pfs='3..12 months'
    """  # noqa: D301 (click keeps the lines after a backspace sign as they are)
    from dossier.building import write_together
    from dossier.cohort.read import read_cohort
    from dossier.render.data import results_json
    from dossier.scenarios.what_if import what_if

    with counted_progress(quiet=quiet, no_color=no_color) as (tell, count):
        found = what_if(
            read_cohort(cohort),
            scenarios,
            sweeps=sweeps,
            compare_criteria=compare_criteria,
            processes=processes,
            progress=tell,
            count=count,
        )
        files = {}
        if folder is not None or form != "table":
            tell("Writing the results")
            files = {
                "what-if.json": results_json(found.to_dict()),
                "what-if.csv": _csv(found).encode(),
            }
        if folder is not None:
            write_together(folder, files)
    if form != "table":
        click.echo(files[f"what-if.{form}"], nl=False)
    else:
        from dossier.cli.what_if_tables import print_what_if

        print_what_if(found, no_color=no_color)


def _csv(found: WhatIf) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    for row in found.matrix.csv_rows():
        writer.writerow(_harmless(row))
    return file.getvalue()


def _harmless(row: Sequence[object]) -> list[object]:
    return [harmless(cell) if isinstance(cell, str) else cell for cell in row]
