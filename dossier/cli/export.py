"""`dossier export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dossier.cli.terminal import colour_option, harmless, progress, quiet_option

if TYPE_CHECKING:
    import pandas as pd


@click.command("export", short_help="Write the derived values of every patient as CSV.")
@click.argument("cohort", type=click.Path(path_type=Path))
@click.option(
    "-o", "--out", "folder", type=click.Path(path_type=Path, file_okay=False), default="export",
    show_default=True, help="Folder for the files.",
)  # fmt: skip
@colour_option
@quiet_option
def command(cohort: Path, folder: Path, no_color: bool, quiet: bool) -> None:
    """Write what was derived for every patient of COHORT: patients.csv, adrs.csv and adtte.csv.

    patients.csv has a row a patient, each value beside its rule and the row it came from. adrs.csv
    and adtte.csv are shaped like the ADaM data sets of the same names, for other programs; they are
    no submission data sets.
    """
    from dossier.cohort.read import read_cohort
    from dossier.derive.export import adrs, adtte, patients_csv
    from dossier.derive.patients import derive
    from dossier.writing import write_together

    with progress(quiet=quiet, no_color=no_color) as tell:
        read = read_cohort(cohort)
        tell("Deriving each patient's endpoints")
        patients = derive(read)
        tell("Writing the files")
        files = {
            "patients.csv": _csv(patients_csv(patients)),
            "adrs.csv": _csv(adrs(patients, read)),
            "adtte.csv": _csv(adtte(patients, read)),
        }
        written = write_together(folder, files)
    for path in written:
        click.echo(str(path))


def _csv(frame: pd.DataFrame) -> bytes:
    """Comma-separated UTF-8, unknown values blank, in which no text starts a formula."""
    texts = {
        name: column.map(lambda value: harmless(value) if isinstance(value, str) else value)
        for name, column in frame.items()
        if column.dtype == object
    }
    text: str = frame.assign(**texts).to_csv(
        index=False, lineterminator="\n", date_format="%Y-%m-%d"
    )
    return text.encode()
