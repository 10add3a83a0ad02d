"""Which file of a folder is which data set of CDISC."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from dossier.errors import InputError, Problem

Standard = Literal["adam", "sdtm"]

# How a data set may be kept; where it is kept in several ways the first is read.
SUFFIXES: Final = tuple(
    suffix + packed
    for suffix in (".xpt", ".sas7bdat", ".parquet", ".csv")
    for packed in ("", ".gz")
)
# What the names of the files begin with: adrs.xpt, ADRS_onco.xpt, adqlqc.csv.gz ...
_NAMES: Final[dict[Standard, dict[str, str]]] = {
    "adam": {
        "adsl": "adsl", "adrs": "adrs", "adtte": "adtte", "adae": "adae", "adqs": "adq[a-z0-9]*",
        "addv": "addv", "adtr": "adtr",
    },
    "sdtm": {"dm": "dm", "rs": "rs", "ae": "ae", "dv": "dv", "tr": "tr", "tu": "tu"},
}  # fmt: skip
_PATIENTS: Final[dict[Standard, str]] = {"adam": "adsl", "sdtm": "dm"}


@dataclass(frozen=True)
class Datasets:
    """The data sets of a folder.

    Parameters
    ----------
    files
        File by the name of its data set.
    not_read
        Files that hold a data set which is read from another, by name.
    """

    files: Mapping[str, Path]
    not_read: Mapping[str, Path]


def standard_of(folder: Path) -> Standard | None:
    """Whether a folder holds data sets of ADaM or of SDTM; None where it holds neither.

    The one that names the patients decides; without it any of the others, so that what is missing
    can be named.
    """
    standards: tuple[Standard, ...] = ("adam", "sdtm")
    found = {standard: _candidates(folder, standard) for standard in standards}
    for standard in standards:
        if found[standard][_PATIENTS[standard]]:
            return standard
    return next((each for each in standards if any(found[each].values())), None)


def datasets_in(folder: Path, standard: Standard, label: str) -> Datasets:
    """Find the data sets of a folder.

    Parameters
    ----------
    folder
        The folder.
    standard
        Whose data sets.
    label
        Name of the folder for problems.

    Raises
    ------
    InputError
        When there is no such folder, no table of patients in it, or one data set could be several
        files.
    """
    if not folder.is_dir():
        raise InputError([Problem("there is no such folder", label)])
    problems = []
    files: dict[str, Path] = {}
    not_read: dict[str, Path] = {}
    found = _candidates(folder, standard)
    for dataset, paths in found.items():
        exact = [path for path in paths if _stem(path) == dataset]
        stems = {_stem(path) for path in (exact or paths)}
        if len(stems) > 1:
            names = ", ".join(path.name for path in paths)
            message = f"several files could be the data set {dataset.upper()}: {names}"
            expected = f"one of them named {dataset}, or the others kept elsewhere"
            problems.append(Problem(message, label, expected=expected))
        elif paths:
            files[dataset] = (exact or paths)[0]
            not_read |= {path.name: path for path in paths if path != files[dataset]}
    patients = _PATIENTS[standard]
    if not found[patients]:
        others = ", ".join(name.upper() for name, paths in found.items() if paths)
        message = f"the folder holds no data set {patients.upper()}, which names the patients"
        if others:
            message += f", beside {others}"
        expected = f"{patients} as XPT, SAS7BDAT, Parquet or CSV"
        problems.append(Problem(message, label, expected=expected))
    if problems:
        raise InputError(problems)
    return Datasets(files, not_read)


def _candidates(folder: Path, standard: Standard) -> dict[str, list[Path]]:
    """Files that could be each data set, the form read first in front."""
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        paths = []
    found: dict[str, list[Path]] = {}
    for dataset, name in _NAMES[standard].items():
        pattern = re.compile(rf"{name}(?:[_\-. ].*)?")
        fitting = [path for path in paths if _suffix(path) and pattern.fullmatch(_stem(path))]
        found[dataset] = sorted(fitting, key=lambda path: SUFFIXES.index(_suffix(path)))
    return found


def _suffix(path: Path) -> str:
    """The end of a name that says how a data set is kept; empty where it is none."""
    name = path.name.lower()
    return next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")


def _stem(path: Path) -> str:
    return path.name.lower().removesuffix(_suffix(path))
