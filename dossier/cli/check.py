"""`dossier check`."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from dossier.cli.terminal import colour_option, console, counted, progress, quiet_option
from dossier.errors import InputError, Problem

if TYPE_CHECKING:
    from dossier.cohort.model import Cohort, DataQuery

COLUMNS: Final = (
    "id", "rule", "severity", "patient", "file", "row", "column", "value", "message", "consequence",
    "endpoints",
)  # fmt: skip
# Width of each column of the workbook, in characters.
_WIDTHS: Final = (8, 26, 10, 20, 20, 7, 20, 18, 52, 52, 26)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@click.command("check", short_help="Validate the input and print every data query.")
@click.argument("cohort", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table",
    show_default=True, help="How to print the data queries.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Write the data queries to FILE (.xlsx, .csv or .json) to send to the sites.",
)  # fmt: skip
@colour_option
@quiet_option
def command(cohort: Path, form: str, output: Path | None, no_color: bool, quiet: bool) -> None:
    """Read COHORT and say everything that is wrong or doubtful in it.

    The criteria, template pack, scenarios and previous dossier that cohort.yaml names are checked
    too. What is wrong goes to standard error, each with file, row, column, patient, value
    and what was expected, and the exit status is 3. Data queries, which a site should look at but
    which stop nothing, go to standard output, or to a file with -o; nothing else is written.
    """
    from dossier.checking import check_named
    from dossier.cohort.read import read_cohort
    from dossier.derive.patients import derive

    if output is not None and output.suffix.lower() not in _WRITERS:
        raise click.BadParameter(f"{output.name}: one of {', '.join(_WRITERS)}", param_hint="-o")
    with progress(quiet=quiet, no_color=no_color) as tell:
        read = read_cohort(cohort)
        tell("Deriving each patient's endpoints")
        patients = derive(read)
        queries = read.queries + patients.queries
        tell("Checking criteria, template and scenarios")
        check_named(read, patients)
    if output is not None:
        _write(queries, output)
    elif form == "json":
        click.echo(_as_json(queries), nl=False)
    elif form == "csv":
        click.echo(_as_csv(queries), nl=False)
    else:
        _print_table(queries, no_color=no_color)
    if read.partial_dates:
        click.echo(_partial_dates(read), err=True)
    place = f", written to {output}" if output is not None else ""
    click.echo(
        f"{counted(len(read.patients), 'patient')} read, "
        f"{counted(len(queries), 'data query', 'data queries')}, no errors{place}.",
        err=True,
    )


def _partial_dates(cohort: Cohort) -> str:
    """How many dates are partial, where, and the day taken for them."""
    counted = Counter((each.table, each.column) for each in cohort.partial_dates)
    places = ", ".join(
        f"{number} under {cohort.heading(table, column)} ({cohort.file_label(table) or table})"
        for (table, column), number in counted.items()
    )
    policy = cohort.settings.derivation.partial_dates
    return f"Partial dates: {places}; the {policy} is taken (derivation.partial_dates)."


def queries_table(queries: Sequence[DataQuery]) -> list[dict[str, object]]:
    """Data queries as rows of a table, numbered, each with every column of `COLUMNS`.

    Parameters
    ----------
    queries
        The data queries, in the order they are numbered.
    """
    rows = []
    for number, query in enumerate(queries, start=1):
        told = {"id": f"Q{number:04d}"} | query.to_dict()
        told["endpoints"] = " ".join(query.endpoints)
        rows.append({name: told.get(name, "") for name in COLUMNS})
    return rows


def _as_json(queries: Sequence[DataQuery]) -> str:
    numbered = [
        {"id": f"Q{number:04d}"} | query.to_dict() for number, query in enumerate(queries, start=1)
    ]
    return json.dumps(numbered, ensure_ascii=False, indent=1) + "\n"


def _as_csv(queries: Sequence[DataQuery]) -> str:
    """Text for a spreadsheet: a leading sign that would start a formula is made harmless."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in queries_table(queries):
        writer.writerow(
            {
                name: f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
                for name, cell in row.items()
            }
        )
    return file.getvalue()


def _as_workbook(queries: Sequence[DataQuery]) -> bytes:
    """A workbook with one sheet; every cell but the row numbers is text, so none is a formula."""
    from openpyxl import Workbook  # 180 ms, only where a workbook is written
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = "Data queries"
    sheet.append([name.capitalize() for name in COLUMNS])
    for at, row in enumerate(queries_table(queries), start=2):
        for column, cell in enumerate(row.values(), start=1):
            written = sheet.cell(at, column, cell)
            written.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(cell, str):
                written.data_type = "s"
                written.quotePrefix = cell.startswith(_FORMULA)
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# How the data queries are written to a file, by the end of its name. Excel reads CSV as UTF-8 only
# where the file says so.
_WRITERS: Final[dict[str, Callable[[Sequence[DataQuery]], bytes]]] = {
    ".xlsx": _as_workbook,
    ".csv": lambda queries: _as_csv(queries).encode("utf-8-sig"),
    ".json": lambda queries: _as_json(queries).encode(),
}


def _write(queries: Sequence[DataQuery], output: Path) -> None:
    content = _WRITERS[output.suffix.lower()](queries)
    try:
        output.write_bytes(content)
    except OSError as error:
        reason = error.strerror or "the place cannot be used"
        problem = Problem(f"the file cannot be written: {reason}", file=str(output))
        raise InputError([problem]) from error


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
