"""The starter study of `dossier init`: a commented cohort.yaml and example tables."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from dossier.errors import InputError, Problem

FILES: Final = ("cohort.yaml", "patients.csv", "assessments.csv", "adverse_events.csv")


def write_starter(folder: str | Path) -> list[Path]:
    """Write the starter study into a folder, made when it is not there.

    Parameters
    ----------
    folder
        Where to; its other files stay as they are.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InputError
        When one of the files is there already, or the folder cannot be written; nothing is
        overwritten.
    """
    folder = Path(folder)
    here = Path(__file__).parent
    existing = [name for name in FILES if (folder / name).exists()]
    if existing:
        expected = "a new or empty folder"
        raise InputError(
            Problem("the file is there already and is not overwritten", name, expected=expected)
            for name in existing
        )
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            content = (here / name).read_bytes()
            with (folder / name).open("xb") as file:
                file.write(content)
            written.append(folder / name)
    except OSError as error:
        message = f"the folder cannot be written ({error.strerror or type(error).__name__})"
        raise InputError([Problem(message, folder.name or str(folder))]) from None
    return written
