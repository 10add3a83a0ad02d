"""`dossier check`."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dossier.cli.terminal import colour_option, console, progress, quiet_option

if TYPE_CHECKING:
    from dossier.cohort.model import DataQuery

COLUMNS = (
    "id", "severity", "patient", "file", "row", "column", "value", "message", "consequence",
    "endpoints",
)  # fmt: skip


@click.command("check", short_help="Validate the input and print every data query.")
@click.argument("cohort", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table",
    show_default=True, help="How to print the data queries.",
)  # fmt: skip
@colour_option
@quiet_option
def command(cohort: Path, form: str, no_color: bool, quiet: bool) -> None:
    """Read COHORT and say everything that is wrong or doubtful in it; write nothing.

    What makes the data unusable goes to standard error, each with file, row, column, patient, value
    and what was expected, and the exit status is 3. Data queries, which a site should look at but
    which stop nothing, go to standard output.
    """
    from dossier.cohort.read import read_cohort
    from dossier.derive.patients import derive

    with progress(quiet=quiet, no_color=no_color) as tell:
        read = read_cohort(cohort)
        tell("Deriving each patient's endpoints")
        queries = read.queries + derive(read).queries
    if form == "json":
        click.echo(json.dumps(_rows(queries), ensure_ascii=False, indent=1))
    elif form == "csv":
        writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_as_csv(row) for row in _rows(queries))
    else:
        _print_table(queries, no_color=no_color)
    patients = len(read.patients)
    click.echo(f"{patients} patients read, {len(queries)} data queries, no errors.", err=True)


def _rows(queries: Sequence[DataQuery]) -> list[dict[str, object]]:
    return [{"id": f"Q{number:04d}"} | q.to_dict() for number, q in enumerate(queries, start=1)]


def _as_csv(row: dict[str, object]) -> dict[str, object]:
    """Cells for a spreadsheet: a leading sign that would start a formula is made harmless."""
    flat = {key: row.get(key, "") for key in COLUMNS}
    endpoints = row["endpoints"]
    flat["endpoints"] = " ".join(endpoints) if isinstance(endpoints, list) else ""
    return {
        key: f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value
        for key, value in flat.items()
    }


def _print_table(queries: Sequence[DataQuery], *, no_color: bool) -> None:
    if not queries:
        click.echo("No data queries.")
        return
    from rich.markup import escape
    from rich.table import Table

    table = Table(title="Data queries", title_justify="left", pad_edge=False)
    for heading in ("Id", "Severity", "Patient", "Where", "Found", "What was done, and why"):
        table.add_column(heading, overflow="fold")
    for number, query in enumerate(queries, start=1):
        place = query.file or ""
        if query.row is not None:
            place += f":{query.row}"
        if query.column:
            place += f" {query.column}"
        table.add_row(
            f"Q{number:04d}",
            query.severity,
            escape(query.patient or ""),
            escape(place),
            escape(query.message),
            escape(query.consequence),
        )
    console(no_color=no_color).print(table)
