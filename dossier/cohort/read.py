"""A study on disk into a `Cohort`: cohort.yaml, a folder holding one, or the data alone."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from dossier.cohort.assembly import assembled
from dossier.cohort.cdisc.adsl import is_randomised
from dossier.cohort.cdisc.folder import Standard, datasets_in, standard_of
from dossier.cohort.cdisc.records import in_capitals
from dossier.cohort.cdisc.tables import DATASETS
from dossier.cohort.columns import TABLES
from dossier.cohort.files import file_content, name_beside, read_table
from dossier.cohort.model import Cohort, DataQuery, SourceFile
from dossier.cohort.raw_table import RawTable
from dossier.cohort.settings import Settings, TableSource
from dossier.cohort.settings_file import SettingsOrigin, checked_settings
from dossier.cohort.spreadsheets import SUFFIXES, sheets_of_tables
from dossier.errors import InputError, Problem
from dossier.yaml_source import read_yaml

SETTINGS_NAMES: Final = ("cohort.yaml", "cohort.yml")


def read_cohort(path: str | Path, settings_overrides: Mapping[str, Any] | None = None) -> Cohort:
    """Read and check a cohort.

    Parameters
    ----------
    path
        A cohort.yaml, a folder holding one, a folder of CDISC data sets (ADaM, or SDTM with DM and
        RS), a workbook with a sheet for each table, or a single patient table.
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
    overrides = settings_overrides or {}
    folder = place if place.is_dir() else place.parent
    settings_file = _settings_in(place) if place.is_dir() else place
    sources: list[SourceFile] = []
    if settings_file is not None and settings_file.suffix.lower() in (".yaml", ".yml"):
        document = read_yaml(settings_file)
        origin = SettingsOrigin(
            document, assumed=_data_beside(document.value, folder), overrides=overrides
        )
        sources.append(_settings_source(settings_file, settings_file.read_bytes()))
    elif settings_file is None:
        title = place.resolve().name
        assumed = {"cohort": {"title": title}, "data": {standard_of(folder): "."}}
        origin = SettingsOrigin(assumed=assumed, overrides=overrides)
    else:
        assumed = {"cohort": {"title": place.stem}, "data": _tables_in(place)}
        origin = SettingsOrigin(assumed=assumed, overrides=overrides)
    settings, problems = checked_settings(origin)
    if settings is None:
        raise InputError(problems)
    try:
        named = files_named(settings, folder)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from None
    files: dict[str, RawTable] = {}
    for name, source in named.sources.items():
        raw, found = read_table(named.tables[name], source, settings.data, folder)
        problems += found
        if raw is not None:
            files[name] = raw
            sources.append(raw.source)
    if origin.document is None and "adsl" in files:
        settings = _as_randomised(settings, files["adsl"], overrides)
    cohort = assembled(settings, files, sources, origin, problems, named.queries)
    return replace(cohort, folder=folder)


@dataclass(frozen=True)
class FilesNamed:
    """The files that make up a cohort.

    Parameters
    ----------
    sources
        Where each is: by the name of our table, or of the data set of CDISC.
    tables
        The table each goes into.
    queries
        Files that were left alone.
    """

    sources: dict[str, TableSource]
    tables: dict[str, str]
    queries: tuple[DataQuery, ...] = field(default=())


def files_named(settings: Settings, folder: Path) -> FilesNamed:
    """Find the files that cohort.yaml names.

    Raises
    ------
    InputError
        Where a folder of CDISC data sets does not say which they are.
    """
    data = settings.data
    named = {table: getattr(data, table) for table in TABLES}
    sources = {table: source for table, source in named.items() if source is not None}
    tables = {table: table for table in sources}
    queries: list[DataQuery] = []
    folders: tuple[tuple[Standard, str | None], ...] = (("adam", data.adam), ("sdtm", data.sdtm))
    for standard, place in folders:
        if place is None:
            continue
        found = datasets_in(folder / place, standard, name_beside(folder / place, folder))
        goes_into = DATASETS[standard]
        for dataset in found.files:
            if goes_into[dataset] not in sources or goes_into[dataset] == "patients":
                tables[dataset] = goes_into[dataset]
        sources |= {
            dataset: TableSource(file=str(path.relative_to(folder)))
            for dataset, path in found.files.items()
            if dataset in tables
        }
        queries += [_not_read(path, folder) for path in found.not_read.values()]
        queries += _not_found(
            standard,
            {table for name, table in tables.items() if name != "tu"},  # it holds no responses
            (folder / place).resolve().name,
        )
    return FilesNamed(sources, tables, tuple(queries))


def _not_found(standard: Standard, tables: Collection[str], label: str) -> list[DataQuery]:
    """What a folder of data sets lacks, and what cannot be told for want of it."""
    queries = []
    if "assessments" not in tables:
        queries.append(
            DataQuery(
                rule="data-set-not-found",
                severity="warning",
                message=f"the folder holds no {'ADRS' if standard == 'adam' else 'RS or TR'}",
                consequence="response and progression are not known, but for what the table of "
                "patients gives",
                file=label,
                endpoints=("best_response", "benefit", "pfs", "dor"),
            )
        )
    if "adverse_events" not in tables:
        queries.append(
            DataQuery(
                rule="data-set-not-found",
                severity="note",
                message=f"the folder holds no {'ADAE' if standard == 'adam' else 'AE'}",
                consequence="adverse events cannot be described",
                file=label,
                endpoints=("safety",),
            )
        )
    return queries


def _not_read(path: Path, folder: Path) -> DataQuery:
    return DataQuery(
        rule="file-not-read",
        severity="note",
        message="another file beside it holds the same data set",
        consequence="not read; XPT goes before SAS7BDAT, Parquet and CSV",
        file=name_beside(path, folder),
    )


def _as_randomised(settings: Settings, adsl: RawTable, overrides: Mapping[str, Any]) -> Settings:
    """Settings nobody wrote: randomised, where patients of several arms have dates for it."""
    if "design" in (overrides.get("cohort") or {}) or not is_randomised(in_capitals(adsl)):
        return settings
    described = settings.cohort.model_copy(update={"design": "randomised"})
    return settings.model_copy(update={"cohort": described})


def _settings_in(folder: Path) -> Path | None:
    """The settings of a folder; None where there are none, but data sets of CDISC."""
    for name in SETTINGS_NAMES:
        if (folder / name).is_file():
            return folder / name
    name = folder.name or str(folder)
    try:
        next(folder.iterdir(), None)
    except OSError:
        message = "the folder may not be read (no permission)"
        raise InputError([Problem(message, name)]) from None
    if standard_of(folder) is None:
        message = "the folder holds no cohort.yaml, and no data sets of CDISC"
        expected = "a cohort.yaml, or the data sets of ADaM (adsl, adrs ...) or SDTM (dm, rs ...)"
        raise InputError([Problem(message, name, expected=expected)])
    return None


def _data_beside(written: Any, folder: Path) -> dict[str, Any]:
    """Data sets of CDISC beside a cohort.yaml that names no data."""
    if not isinstance(written, Mapping) or written.get("data") is not None:
        return {}
    standard = standard_of(folder)
    return {"data": {standard: "."}} if standard else {}


def _tables_in(place: Path) -> dict[str, Any]:
    """The tables of a single file: those of a workbook with a sheet for each, or the patients."""
    sheets: Mapping[str, str] = {}
    if place.suffix.lower() in SUFFIXES:
        sheets = sheets_of_tables(file_content(place, place.name), place.name, tuple(TABLES))
    if "patients" not in sheets:
        return {"patients": {"file": place.name}}
    return {table: {"file": place.name, "sheet": sheet} for table, sheet in sheets.items()}


def _settings_source(place: Path, content: bytes) -> SourceFile:
    return SourceFile(
        table="settings",
        name=name_beside(place, place.parent),
        sha256=hashlib.sha256(content).hexdigest(),
        rows=0,
    )
