"""`dossier init`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("init", short_help="Write a commented starter study.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def command(folder: Path) -> None:
    """Write a commented starter study into FOLDER: cohort.yaml and example tables.

    `dossier build FOLDER` accepts it unchanged. Files that are already there are never overwritten.
    """
    from dossier.cohort.starter import write_starter

    for path in write_starter(folder):
        click.echo(f"wrote {path}")
    click.echo(f"Now try: dossier build {folder} -o {folder / 'out'}", err=True)
