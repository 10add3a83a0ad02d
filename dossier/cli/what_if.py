"""`dossier what-if`."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dossier.cli.terminal import (
    check_language,
    colour_option,
    counted_progress,
    harmless,
    progress,
    quiet_option,
)

if TYPE_CHECKING:
    from dossier.scenarios.what_if import WhatIf


_DOCUMENTS = ("docx", "pdf", "html", "xlsx")
_PRINTED = ("table", "json", "csv")


def _formats(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    for name in names:
        if name not in (*_DOCUMENTS, *_PRINTED):
            known = ", ".join((*_DOCUMENTS, *_PRINTED))
            raise click.BadParameter(f"{name!r} is not one of {known}.")
    return names


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
    "--build", "scenario", metavar="NAME",
    help="Write the whole dossier of this scenario into -o instead, marked as a scenario.",
)  # fmt: skip
@click.option(
    "-o", "--out", "folder", type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the documents, what-if.json and what-if.csv.",
)  # fmt: skip
@click.option(
    "--format", "formats", callback=_formats, metavar="docx,pdf,html,xlsx|table|json|csv",
    help="Documents to write into -o [default: docx,pdf], or how to print [default: table].",
)  # fmt: skip
@click.option("--lang", "language", metavar="en|nl", help="Language of the documents.")
@colour_option
@quiet_option
def command(
    cohort: Path,
    scenarios: Path | None,
    sweeps: tuple[str, ...],
    compare_criteria: bool,
    processes: int,
    scenario: str | None,
    folder: Path | None,
    formats: tuple[str, ...] | None,
    language: str | None,
    no_color: bool,
    quiet: bool,
) -> None:
    """Put COHORT under other rules, populations and criteria, beside its base case.

    SCENARIOS is a YAML file with a base case, named scenarios with their reasons, a grid, values to
    leave out one by one, and `include: standard-sensitivity`. Without it only the base case is
    looked at: how far its verdicts are from others.

    \b
    dossier what-if my-study scenarios.yaml
    dossier what-if my-study scenarios.yaml -o out --format docx,pdf --lang nl
    dossier what-if my-study --sweep durable-benefit.pfs='3..12 months'
    dossier what-if my-study scenarios.yaml --build rare-cancers -o out
    """  # noqa: D301 (click keeps the lines after a backspace sign as they are)
    documents = tuple(name for name in formats or () if name in _DOCUMENTS)
    printed = next((name for name in formats or () if name in _PRINTED), "")
    if documents and folder is None:
        raise click.BadParameter("documents need a folder: -o DIR.", param_hint="--format")
    if folder is not None and formats is None:
        documents = ("docx", "pdf")
    if scenario is not None:
        if scenarios is None or folder is None:
            raise click.UsageError("--build needs SCENARIOS and a folder: -o DIR.")
        _build(cohort, scenarios, scenario, folder, documents, language, quiet, no_color)
        return
    check_language(language, "what-if")
    from dossier.building import render_what_if
    from dossier.cohort.read import read_cohort
    from dossier.scenarios.what_if import what_if
    from dossier.writing import write_together

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
        written: list[Path] = []
        if folder is not None or printed in ("json", "csv"):
            tell("Writing the results")
            files = render_what_if(found, documents, language=language, progress=tell)
            files["what-if.csv"] = _csv(found).encode()
        if folder is not None:
            written = write_together(folder, files)
    if printed in ("json", "csv") and not documents:
        click.echo(files[f"what-if.{printed}"], nl=False)
    elif documents and formats is not None:
        for path in written:
            click.echo(str(path))
    else:
        from dossier.cli.what_if_tables import print_what_if

        print_what_if(found, no_color=no_color)


def _build(
    cohort: Path,
    scenarios: Path,
    name: str,
    folder: Path,
    formats: tuple[str, ...],
    language: str | None,
    quiet: bool,
    no_color: bool,
) -> None:
    """The dossier of one scenario."""
    from dossier.building import render, template_of
    from dossier.cohort.read import read_cohort
    from dossier.scenarios.scenario_dossier import scenario_evaluation
    from dossier.writing import write_together

    with progress(quiet=quiet, no_color=no_color) as tell:
        read = read_cohort(cohort)
        check_language(language, template_of(read))
        evaluation, scenario = scenario_evaluation(read, scenarios, name, tell)
        files = render(evaluation, formats, language=language, scenario=scenario, progress=tell)
        tell("Writing the files")
        written = write_together(folder, files)
    for path in written:
        click.echo(str(path))


def _csv(found: WhatIf) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    for row in found.matrix.csv_rows():
        writer.writerow(_harmless(row))
    return file.getvalue()


def _harmless(row: Sequence[object]) -> list[object]:
    return [harmless(cell) if isinstance(cell, str) else cell for cell in row]
