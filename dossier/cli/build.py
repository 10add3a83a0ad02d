"""`dossier build`."""

from __future__ import annotations

from pathlib import Path

import click

from dossier.cli.terminal import (
    check_language,
    check_required,
    colour_option,
    criteria_options,
    known_template,
    progress,
    quiet_option,
)


def _formats(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    from dossier.building import FORMATS

    names = tuple(name.strip() for name in value.split(",") if name.strip())
    for name in names:
        if name not in FORMATS:
            raise click.BadParameter(f"{name!r} is not one of {', '.join(FORMATS)}.")
    return names


@click.command("build", short_help="Write the dossier: Word, PDF and results.json.")
@click.argument("cohort", type=click.Path(path_type=Path))
@click.option(
    "-o", "--out", "folder", type=click.Path(path_type=Path, file_okay=False), default="out",
    show_default=True, help="Folder for the files.",
)  # fmt: skip
@click.option(
    "--format", "formats", callback=_formats, metavar="docx,pdf,html,json,xlsx",
    help="Which files to write; results.json always is.  [default: docx,pdf]",
)  # fmt: skip
@click.option(
    "--figures", is_flag=True, help="Also write every figure: figures/*.svg, *.png and *.csv."
)
@click.option(
    "--attach-sources", is_flag=True,
    help="Put results.json, cohort.yaml and the criteria files inside the PDF (PDF/A-3a).",
)  # fmt: skip
@click.option(
    "--previous", type=click.Path(path_type=Path), metavar="DIR|COHORT",
    help="A previous dossier or data cut: adds a section on what has changed since.",
)  # fmt: skip
@click.option("--lang", "language", metavar="en|nl", help="Language of the document.")
@click.option(
    "--template", metavar="PACK", callback=known_template,
    help="Template pack: its name, or a folder.",
)  # fmt: skip
@criteria_options
@colour_option
@quiet_option
def command(
    cohort: Path,
    folder: Path,
    formats: tuple[str, ...] | None,
    figures: bool,
    attach_sources: bool,
    previous: Path | None,
    language: str | None,
    template: str | None,
    criteria: tuple[str, ...] | None,
    overrides: tuple[str, ...],
    required: tuple[str, ...],
    no_color: bool,
    quiet: bool,
) -> None:
    """Write the dossier of COHORT: dossier.docx, dossier.pdf and results.json.

    Where asked for also dossier.html, dossier.xlsx with every table and number, and the folder
    figures/ with every figure as SVG, PNG and, for the data behind it, CSV.

    COHORT is a cohort.yaml, a folder holding one, or a single table of patients. When anything is
    wrong (exit status 3) the files of an earlier run stay as they were.
    """
    from dossier.building import render, template_of, with_changes
    from dossier.cohort.read import read_cohort
    from dossier.evaluation import evaluate
    from dossier.sources import sources_of
    from dossier.writing import write_together

    with progress(quiet=quiet, no_color=no_color) as tell:
        read = read_cohort(cohort)
        check_language(language, template or template_of(read))
        evaluation = evaluate(read, criteria, overrides=overrides, progress=tell)
        evaluation = with_changes(evaluation, previous, tell)
        wanted = read.settings.dossier.formats if formats is None else formats
        files = render(
            evaluation,
            wanted,
            language=language,
            template=template,
            figures=figures,
            sources=sources_of(evaluation, criteria) if attach_sources else None,
            progress=tell,
        )
        tell("Writing the files")
        written = write_together(folder, files)
    for path in written:
        click.echo(str(path))
    check_required(required, evaluation.verdicts)
