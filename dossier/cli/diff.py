"""`dossier diff`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dossier.cli.terminal import colour_option, progress, quiet_option

if TYPE_CHECKING:
    from dossier.evaluation import Evaluation, Progress
    from dossier.scenarios.data_cut import DataCut

MOST_LINES = 40


@click.command("diff", short_help="Show what changed between two dossiers or two data cuts.")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table",
    show_default=True, help="How to print the differences.",
)  # fmt: skip
@colour_option
@quiet_option
def command(old: Path, new: Path, form: str, no_color: bool, quiet: bool) -> None:
    """Show what changed between OLD and NEW, and which patients caused it.

    Each is the folder of a dossier (or its results.json) or a cohort. Between two cohorts the
    patients and the rows of the files behind a change are shown too. The exit status is 1 when
    there is a difference.
    """
    with progress(quiet=quiet, no_color=no_color) as tell:
        found = _compared(old, new, tell)
    if form == "json":
        from dossier.render.data import results_json

        click.echo(results_json(found.to_dict()), nl=False)
    else:
        _print(found, no_color=no_color)
    if found.any:
        sys.exit(1)


def _compared(old: Path, new: Path, tell: Progress) -> DataCut:
    from dossier.scenarios.data_cut import compare_evaluations, compare_results
    from dossier.scenarios.previous import results_in

    results = [results_in(place) for place in (old, new)]
    if results[0] is None and results[1] is None:
        return compare_evaluations(_evaluated(old, tell), _evaluated(new, tell))
    one, two = (
        found if found is not None else json.loads(json.dumps(_evaluated(place, tell).to_dict()))
        for found, place in zip(results, (old, new), strict=True)
    )
    return compare_results(one, two)


def _evaluated(place: Path, tell: Progress) -> Evaluation:
    from dossier.cohort.read import read_cohort
    from dossier.evaluation import evaluate

    return evaluate(read_cohort(place), progress=tell)


def _print(found: DataCut, *, no_color: bool) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from dossier.cli.terminal import console

    screen = console(no_color=no_color)
    if not found.any:
        screen.print("No difference.")
        return

    def show(title: str, headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        if not rows:
            return
        screen.print(Text(f"{title} ({len(rows)})", style="bold"))
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for heading in headings:
            table.add_column(heading, overflow="fold")
        for row in rows[:MOST_LINES]:
            table.add_row(*(Text(cell) for cell in row))
        screen.print(table)
        if len(rows) > MOST_LINES:
            screen.print(f"and {len(rows) - MOST_LINES} more (--format json shows all)\n")

    for title, kinds in (
        ("Verdicts", ("verdict",)),
        ("Numbers", ("number",)),
        ("Data queries raised and gone", ("query",)),
        ("Files and data cut-off", ("data",)),
        ("Settings", ("setting",)),
        ("Criteria", ("criterion",)),
        ("Software", ("software",)),
    ):
        values = [(each.path, _shown(each.old), _shown(each.new)) for each in found.of_kind(*kinds)]
        show(title, ("Path", "Old", "New"), values)
    show(
        "Patients whose endpoints changed",
        ("Patient", "What", "Old", "New", "Rule"),
        [(c.patient, c.what, c.before, c.after, c.rule_after) for c in found.derived],
    )
    show(
        "Entries of the files",
        ("Table", "Patient", "What", "Column", "Old", "New", "Rows"),
        [
            (r.table, r.patient, r.what, r.column, r.old, r.new, _rows(r.old_row, r.new_row))
            for r in found.records
        ],
    )


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.6g}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _rows(old: int | None, new: int | None) -> str:
    return " / ".join("–" if row is None else str(row) for row in (old, new))
