"""A study on disk into a `Cohort`: cohort.yaml, a folder holding one, or one patient table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dossier.cohort.assembly import assembled
from dossier.cohort.columns import TABLES
from dossier.cohort.files import name_beside, read_table
from dossier.cohort.model import Cohort, SourceFile
from dossier.cohort.raw_table import RawTable
from dossier.cohort.settings import Settings, TableSource
from dossier.cohort.settings_file import SettingsOrigin, checked_settings
from dossier.errors import InputError, Problem
from dossier.yaml_source import read_yaml

SETTINGS_NAMES = ("cohort.yaml", "cohort.yml")


def read_cohort(path: str | Path, settings_overrides: Mapping[str, Any] | None = None) -> Cohort:
    """Read and check a cohort.

    Parameters
    ----------
    path
        A cohort.yaml, a folder holding one, or a single patient table.
    settings_overrides
        Sections of cohort.yaml as nested mappings, laid over those of the file.

    Returns
    -------
    Cohort
        The cohort with its data queries; the files are named relative to cohort.yaml.

    Raises
    ------
    InputError
        With every problem of the settings and of all tables.
    """
    place = Path(path)
    if place.is_dir():
        place = _settings_in(place)
    folder = place.parent
    overrides = settings_overrides or {}
    sources: list[SourceFile] = []
    if place.suffix.lower() in (".yaml", ".yml"):
        document = read_yaml(place)
        origin = SettingsOrigin(document, overrides=overrides)
        content = place.read_bytes()
        sources.append(_settings_source(place, content))
    else:
        assumed = {"cohort": {"title": place.stem}, "data": {"patients": {"file": place.name}}}
        origin = SettingsOrigin(assumed=assumed, overrides=overrides)
    settings, problems = checked_settings(origin)
    if settings is None:
        raise InputError(problems)
    raws: dict[str, RawTable] = {}
    for table, source in table_sources(settings).items():
        raw, found = read_table(table, source, settings.data, folder)
        problems += found
        if raw is not None:
            raws[table] = raw
            sources.append(raw.source)
    return assembled(settings, raws, sources, origin, problems)


def table_sources(settings: Settings) -> dict[str, TableSource]:
    """Where each table is that cohort.yaml names."""
    named = {table: getattr(settings.data, table) for table in TABLES}
    return {table: source for table, source in named.items() if source is not None}


def _settings_in(folder: Path) -> Path:
    for name in SETTINGS_NAMES:
        if (folder / name).is_file():
            return folder / name
    try:
        names = sorted(each.name for each in folder.iterdir())
    except OSError:
        message = "the folder may not be read (no permission)"
        raise InputError([Problem(message, folder.name or str(folder))]) from None
    if any(name.lower().startswith("adsl.") for name in names):
        message = "a folder of CDISC ADaM files cannot be read yet"
        expected = "a cohort.yaml beside the files that names them"
    else:
        message, expected = "the folder holds no cohort.yaml", "a folder with a cohort.yaml"
    raise InputError([Problem(message, folder.name or str(folder), expected=expected)])


def _settings_source(place: Path, content: bytes) -> SourceFile:
    return SourceFile(
        table="settings",
        name=name_beside(place, place.parent),
        sha256=hashlib.sha256(content).hexdigest(),
        rows=0,
    )
