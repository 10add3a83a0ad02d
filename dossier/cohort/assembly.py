"""Settings and raw tables into a checked `Cohort`: the one place where reading ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dossier.cohort.check import choices_against_data, data_queries, in_order
from dossier.cohort.model import Cohort, DataQuery, SourceFile
from dossier.cohort.raw_table import RawTable
from dossier.cohort.settings import Settings
from dossier.cohort.settings_file import SettingsOrigin
from dossier.cohort.tables import read_tables
from dossier.errors import InputError, Problem

# Rules of data queries that come from reading; the others follow from the cohort at any time.
_FROM_READING = frozenset({"partial-date", "short-last-row"})


def assembled(
    settings: Settings,
    raws: Mapping[str, RawTable],
    sources: Sequence[SourceFile],
    origin: SettingsOrigin,
    problems: Sequence[Problem] = (),
) -> Cohort:
    """Make a cohort of raw tables.

    Parameters
    ----------
    settings
        cohort.yaml.
    raws
        Tables by name.
    sources
        All files, in the order they are listed in the dossier.
    origin
        Where the settings were written.
    problems
        Problems already found.

    Raises
    ------
    InputError
        With `problems` and all that the tables add.
    """
    tables, found = read_tables(raws, settings, origin)
    cohort = Cohort(
        settings=settings,
        patients=tables.frames["patients"],
        assessments=tables.frames["assessments"],
        adverse_events=tables.frames["adverse_events"],
        quality_of_life=tables.frames["quality_of_life"],
        given=tables.given,
        sources=tuple(sources),
        headings=tables.headings,
        raw=dict(raws),
    )
    problems = [*problems, *found]
    if "patients" in raws:
        problems += choices_against_data(cohort, origin)
    if problems:
        raise InputError(problems)
    return _with_queries(cohort, tables.queries)


def reassembled(cohort: Cohort, settings: Settings, origin: SettingsOrigin) -> Cohort:
    """Put a cohort under other settings; its tables are read again only where that matters.

    Raises
    ------
    InputError
        Where the settings do not fit the data.
    """
    old = cohort.settings
    reads_differently = (
        settings.columns != old.columns
        or settings.values != old.values
        or settings.derivation.partial_dates != old.derivation.partial_dates
    )
    if reads_differently:
        if not cohort.raw:
            message = "the data were not read from tables, so they cannot be read differently"
            raise InputError([Problem(message)])
        return assembled(settings, cohort.raw, cohort.sources, origin)
    changed = replace(cohort, settings=settings)
    if problems := choices_against_data(changed, origin):
        raise InputError(problems)
    kept = tuple(query for query in cohort.queries if query.rule in _FROM_READING)
    return _with_queries(changed, kept)


def _with_queries(cohort: Cohort, from_reading: tuple[DataQuery, ...]) -> Cohort:
    return replace(cohort, queries=in_order(cohort, (*from_reading, *data_queries(cohort))))
