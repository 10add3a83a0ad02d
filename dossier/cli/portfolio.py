"""`dossier portfolio`."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dossier.cli.terminal import (
    colour_option,
    harmless,
    known_criteria,
    progress,
    quiet_option,
)

if TYPE_CHECKING:
    from dossier.scenarios.matrix import Figure
    from dossier.scenarios.portfolio import Portfolio


@click.command(
    "portfolio", short_help="Split a pooled data set into cohorts, evaluate and rank them."
)
@click.argument("cohort", type=click.Path(path_type=Path))
@click.option(
    "--by", required=True, metavar="COLUMN[,COLUMN...]",
    help="Columns of the patients table, e.g. tumour_type,biomarker.",
)  # fmt: skip
@click.option(
    "-c", "--criterion", "criteria", multiple=True, metavar="ID|FILE", callback=known_criteria,
    help="Judge by this criterion instead of those in cohort.yaml; repeatable.",
)  # fmt: skip
@click.option(
    "--set", "overrides", multiple=True, metavar="RULE=VALUE",
    help="Replace a threshold, e.g. durable-benefit.pfs='5 months'; repeatable.",
)  # fmt: skip
@click.option(
    "-o", "--out", "folder", type=click.Path(path_type=Path, file_okay=False),
    help="Also write portfolio.json and portfolio.csv into this folder.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table",
    show_default=True, help="How to print the results.",
)  # fmt: skip
@colour_option
@quiet_option
def command(
    cohort: Path,
    by: str,
    criteria: tuple[str, ...] | None,
    overrides: tuple[str, ...],
    folder: Path | None,
    form: str,
    no_color: bool,
    quiet: bool,
) -> None:
    """Split the data set COHORT into cohorts by columns, evaluate each and rank them.

    Each combination of values is a cohort of its own, judged as if it were alone. Cohorts with
    very few patients are evaluated but have no rank; one that cannot be evaluated says why.
    """
    from dossier.cohort.read import read_cohort
    from dossier.render.data import results_json
    from dossier.scenarios.portfolio import portfolio
    from dossier.writing import write_together

    columns = [name.strip() for name in by.split(",") if name.strip()]
    with progress(quiet=quiet, no_color=no_color) as tell:
        found = portfolio(
            read_cohort(cohort), columns, criteria, overrides=overrides, progress=tell
        )
        files = {
            "portfolio.json": results_json(found.to_dict()),
            "portfolio.csv": _csv(found).encode(),
        }
        if folder is not None:
            write_together(folder, files)
    if form != "table":
        click.echo(files[f"portfolio.{form}"], nl=False)
    else:
        _print(found, no_color=no_color)


def _csv(found: Portfolio) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    for row in found.csv_rows():
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue()


def _print(found: Portfolio, *, no_color: bool) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from dossier.cli.tables import COLOURS
    from dossier.cli.terminal import console
    from dossier.compose.numbers import Numbers
    from dossier.compose.pack import open_pack

    screen = console(no_color=no_color)
    numbers = Numbers(open_pack("standard", "en").say)
    criteria = next((each.judged for each in found.cohorts if each.judged), ())

    def share(figure: Figure) -> str:
        if figure.estimate is None:
            return "not known"
        limits = numbers.percent_limits(figure.lower, figure.upper, 0)
        return f"{numbers.percent(figure.estimate, 0)} ({limits})"

    def months(figure: Figure) -> str:
        if figure.estimate is not None:
            return f"{numbers.decimal(figure.estimate)} mo"
        reached = figure.reason is not None and figure.reason.startswith("not reached")
        return "not reached" if reached else "not known"

    screen.print(Text(found.title, style="bold"))
    screen.print(
        f"{len(found.cohorts)} cohorts by {', '.join(found.by)}; a cohort of fewer than "
        f"{found.minimum} treated patients has no rank."
    )
    if found.without_value:
        screen.print(f"{found.without_value} patients are in none: they have no value there.")
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    headings = ("Rank", "Cohort", "Treated", "ORR", "Benefit 16 w", "Median PFS", "Median DoR")
    for heading in (*headings, *(each.criterion for each in criteria)):
        table.add_column(heading, overflow="fold")
    for each in found.cohorts:
        if each.reason is not None:
            table.add_row("–", Text(each.name), str(each.enrolled), "not evaluated")
            continue
        figures = each.figures
        table.add_row(
            "small" if each.rank is None else str(each.rank),
            Text(each.name),
            str(each.populations["treated"]),
            share(figures["orr"]),
            share(figures["cbr_16w"]),
            months(figures["pfs.median"]),
            months(figures["dor.median"]),
            *(
                Text(
                    j.verdict.value + (f" ({j.grade})" if j.grade else ""),
                    style=COLOURS[j.verdict.value],
                )
                for j in each.judged
            ),
        )
    screen.print(table)
    for each in found.cohorts:
        if each.reason is not None:
            screen.print(Text(f"{each.name} was not evaluated: {each.reason}", style="yellow"))
    screen.print(
        "The more cohorts there are, the more of them do well by chance alone: name their number."
    )
