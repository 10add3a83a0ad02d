"""Data frames into a `Cohort`, and a cohort under other settings."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from dossier.cohort.assembly import assembled, reassembled
from dossier.cohort.columns import TABLES
from dossier.cohort.dates import DateFormat
from dossier.cohort.model import Cohort, SourceFile
from dossier.cohort.native_cells import text_of
from dossier.cohort.raw_table import RawTable
from dossier.cohort.settings import Description, Settings
from dossier.cohort.settings_file import SettingsOrigin, checked_settings, merged
from dossier.errors import InputError, Problem
from dossier.yaml_source import nearest, validate_value

NAME: Final = "(data frame)"


def cohort_from_frames(
    tables: Mapping[str, pd.DataFrame | None], metadata: Mapping[str, Any]
) -> Cohort:
    """Make a cohort of data frames, read as a file with the same content would be.

    Parameters
    ----------
    tables
        Frames by table name; None for a table that is not there. The first row counts as row 2,
        as in a file with headings.
    metadata
        Keys of the `cohort` section, and whole sections of cohort.yaml.

    Raises
    ------
    InputError
        With every problem of the settings and of the frames.
    """
    problems = [
        Problem(f"the table {table!r} is no data frame", expected="a pandas DataFrame")
        for table, frame in tables.items()
        if frame is not None and not isinstance(frame, pd.DataFrame)
    ]
    frames = {table: frame for table, frame in tables.items() if isinstance(frame, pd.DataFrame)}
    sections, unknown = _sections(metadata)
    sections["data"] = merged(
        sections.get("data") or {}, {table: {"file": NAME} for table in frames}
    )
    origin = SettingsOrigin(assumed={"cohort": {"title": "Cohort"}}, overrides=sections)
    settings, found = checked_settings(origin)
    problems += [*unknown, *found]
    if settings is None:
        raise InputError(problems)
    raws = {}
    for table, frame in frames.items():
        raws[table], doubled = raw_table_of(table, frame, settings)
        problems += doubled
    sources = [raws[table].source for table in TABLES if table in raws]
    return assembled(settings, raws, sources, origin, problems)


def with_settings(cohort: Cohort, overrides: Mapping[str, Any], *, queries: bool = True) -> Cohort:
    """Put a cohort under other settings.

    Its tables are read again where the settings say how (`columns`, `values`, partial dates);
    the data queries are made anew.

    Parameters
    ----------
    cohort
        A cohort; it stays as it is.
    overrides
        Sections of cohort.yaml as nested mappings, laid over those of the cohort.
    queries
        Without them the cohort keeps the data queries it has, which saves time where nobody reads
        them.

    Raises
    ------
    InputError
        For unknown keys, values that do not fit, and another `data` section.
    """
    written = cohort.settings.model_dump(exclude_unset=True)
    settings, problems = validate_value(merged(written, overrides), Settings)
    if settings is None:
        raise InputError(problems)
    if settings.data != cohort.settings.data:
        message = "the files of a cohort cannot be changed by settings"
        raise InputError([Problem(message, column="data", expected="another cohort read")])
    return reassembled(cohort, settings, SettingsOrigin(overrides=overrides), queries=queries)


def _sections(metadata: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Metadata as sections of cohort.yaml, and the names that are neither section nor key."""
    sections: dict[str, Any] = {}
    description: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, value in metadata.items():
        if name in Settings.model_fields:
            sections[name] = value
        elif name in Description.model_fields:
            description[name] = value
        else:
            known = [*Description.model_fields, *Settings.model_fields]
            meant = nearest(name, known)
            message = f"unknown argument {name!r}"
            if meant:
                message += f", did you mean {meant!r}?"
            problems.append(Problem(message, expected=f"one of {', '.join(known)}"))
    if description:
        sections["cohort"] = merged(sections.get("cohort") or {}, description)
    return sections, problems


def raw_table_of(
    table: str, frame: pd.DataFrame, settings: Settings
) -> tuple[RawTable, list[Problem]]:
    """Write a data frame as the text a CSV file would hold.

    Parameters
    ----------
    table
        Name of the table.
    frame
        The frame; its index is left out.
    settings
        For the declared codes and forms of the `data` section.
    """
    source = getattr(settings.data, table)
    date_format = source.date_format or settings.data.date_format
    dates = DateFormat(date_format)
    label = f"{table} {NAME}"
    headings = [str(heading).strip() for heading in frame.columns]
    texts = [
        [text_of(cell, source.decimal, dates).strip() for cell in frame.iloc[:, place].tolist()]
        for place in range(frame.shape[1])
    ]
    problems = [
        Problem(
            "the heading occurs more than once", label, 1, heading, expected="every heading once"
        )
        for heading in dict.fromkeys(headings)
        if headings.count(heading) > 1
    ]
    raw = RawTable(
        table=table,
        label=label,
        columns={
            heading: tuple(column)
            for heading, column in zip(headings, texts, strict=True)
            if heading
        },
        rows=tuple(range(2, len(frame) + 2)),
        heading_row=1,
        source=SourceFile(table, NAME, _sha256(headings, texts), len(frame)),
        decimal=source.decimal,
        date_format=date_format,
        missing=(*settings.data.missing, *source.missing),
    )
    return raw, problems


def _sha256(headings: Sequence[str], texts: Sequence[Sequence[str]]) -> str:
    """Hash of the frame written as CSV, so that equal frames have equal hashes anywhere."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(zip(*texts, strict=True))
    return hashlib.sha256(file.getvalue().encode("utf-8", "surrogatepass")).hexdigest()
