"""`dossier criteria`: the catalogue, and files of one's own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from dossier.cli.terminal import (
    colour_option,
    console,
    known_criterion,
    language_option,
    print_problems,
)


@click.group("criteria", short_help="List, show, check, compare and write criteria.")
def command() -> None:
    """The criteria that ship with dossier, and files of your own.

    A file of your own works wherever an identifier does.
    """


@command.command("list")
@language_option
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@colour_option
def list_all(language: str, form: str, no_color: bool) -> None:
    """List the shipped criteria, and which of their thresholds nobody has verified."""
    from dossier.appraise.loading import list_criteria

    entries = list_criteria()
    if form == "json":
        rows = [
            {
                "id": entry.id,
                "family": entry.family,
                "version": entry.version,
                "title": entry.title,
                "open_rules": list(entry.open_rules),
            }
            for entry in entries
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    from rich.box import SIMPLE
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=SIMPLE, pad_edge=False)
    for heading in ("Identifier", "Version", "Title", "Thresholds not verified"):
        table.add_column(heading, overflow="fold")
    for entry in entries:
        title = entry.title.get(language, entry.id)
        table.add_row(entry.id, entry.version, escape(title), escape(", ".join(entry.open_rules)))
    console(no_color=no_color).print(table)


@command.command()
@click.argument("criterion", callback=known_criterion)
@language_option
def show(criterion: str, language: str) -> None:
    """Print CRITERION, an identifier or a file, as readable text."""
    from dossier.appraise.catalogue import criterion_text
    from dossier.appraise.loading import load_criterion

    click.echo(criterion_text(load_criterion(criterion), language))


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Say everything that is wrong in criteria FILES, with line, column and the nearest name."""
    from dossier.appraise.loading import check_criteria_file

    problems = [problem for path in files for problem in check_criteria_file(path)]
    if problems:
        print_problems(problems)
        sys.exit(3)
    click.echo(f"{len(files)} {'file' if len(files) == 1 else 'files'} without problems.")


@command.command()
@click.argument("old", callback=known_criterion)
@click.argument("new", callback=known_criterion)
def diff(old: str, new: str) -> None:
    """Print what changed from criterion OLD to NEW; exit status 1 when anything did."""
    from dossier.appraise.catalogue import differences
    from dossier.appraise.loading import load_criterion

    lines = differences(load_criterion(old), load_criterion(new))
    for line in lines:
        click.echo(line)
    if lines:
        sys.exit(1)
    click.echo("No verdict can differ.", err=True)


@command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def new(file: Path) -> None:
    """Write a commented criterion to start from into FILE (a name ending in .yaml)."""
    from dossier.appraise.catalogue import starter
    from dossier.errors import InputError, Problem

    if file.suffix not in (".yaml", ".yml"):
        raise click.BadParameter("the name of a criteria file ends in .yaml", param_hint="FILE")
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(starter(file.stem))
    except OSError as error:
        message = "the file is there already" if file.exists() else str(error.strerror)
        raise InputError([Problem(message, file=str(file))]) from error
    click.echo(f"wrote {file}")


@command.command()
def schema() -> None:
    """Print the JSON Schema of criteria files, for editors that help while writing."""
    from dossier.appraise.criteria_file import criteria_schema

    click.echo(json.dumps(criteria_schema(), ensure_ascii=False, indent=1))
