"""`dossier score`."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dossier.cli.terminal import colour_option, console, harmless, known_criteria, language_option

if TYPE_CHECKING:
    from dossier.appraise.published import ScoredStudy


@click.command("score", short_help="Judge published studies from their summary figures.")
@click.argument("summary", type=click.Path(path_type=Path))
@click.option(
    "-c", "--criterion", "criteria", multiple=True, required=True, metavar="ID|FILE",
    callback=known_criteria, help="Judge by this criterion; repeatable.",
)  # fmt: skip
@click.option(
    "--set", "overrides", multiple=True, metavar="RULE=VALUE",
    help="Replace a threshold; recorded; repeatable.",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table")
@language_option
@colour_option
def command(
    summary: Path,
    criteria: tuple[str, ...],
    overrides: tuple[str, ...],
    form: str,
    language: str,
    no_color: bool,
) -> None:
    """Judge the studies of SUMMARY, a CSV with one published study a row.

    Columns are the published figures (orr, dor_median_months, os_hr_ci_lower ...); an empty cell is
    unknown. Figures that cannot be right together are named, and the row is judged all the same.
    """
    from dossier.appraise.published import score_studies

    scored = score_studies(summary, criteria, overrides=overrides)
    for study in scored:
        for problem in study.problems:
            click.echo(f"Doubtful: {problem}", err=True)
    if form == "json":
        rows = [study.to_dict() for study in scored]
        click.echo(json.dumps(rows, ensure_ascii=False, allow_nan=False, indent=1))
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(("study", "id", "verdict", "grade", "preliminary_grade", "missing"))
        writer.writerows(map(_line, scored))
    else:
        _print_table(scored, language, no_color=no_color)


def _line(scored: ScoredStudy) -> tuple[str, ...]:
    verdict = scored.verdict
    return (
        harmless(scored.study),
        verdict.id,
        verdict.verdict.value,
        verdict.grade or "",
        verdict.preliminary_grade or "",
        " ".join(verdict.missing),
    )


def _print_table(scored: Sequence[ScoredStudy], language: str, *, no_color: bool) -> None:
    from rich.box import SIMPLE
    from rich.markup import escape
    from rich.table import Table
    from rich.text import Text

    from dossier.cli.tables import COLOURS
    from dossier.compose.pack import open_pack

    say = open_pack("standard", language).say
    table = Table(box=SIMPLE, pad_edge=False)
    for heading in ("Study", "Criterion", "Verdict", "Grade", "Before adjustment", "Missing"):
        table.add_column(heading, overflow="fold")
    for study in scored:
        verdict = study.verdict
        table.add_row(
            escape(study.study),
            verdict.id,
            Text(say(f"verdicts.{verdict.verdict}"), style=COLOURS[verdict.verdict]),
            escape(verdict.grade or ""),
            escape(verdict.preliminary_grade or ""),
            escape(", ".join(verdict.missing) or verdict.reason or ""),
        )
    console(no_color=no_color).print(table)
