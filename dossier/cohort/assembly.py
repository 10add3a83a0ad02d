"""Settings and raw tables into a checked `Cohort`: the one place where reading ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from dossier.cohort.as_given import with_endpoints_as_given
from dossier.cohort.cdisc.tables import tables_of
from dossier.cohort.check import MADE_HERE, choices_against_data, data_queries, in_order
from dossier.cohort.model import Cohort, DataQuery, SourceFile
from dossier.cohort.raw_table import RawTable
from dossier.cohort.screening import without_screen_failures
from dossier.cohort.settings import Settings
from dossier.cohort.settings_file import SettingsOrigin
from dossier.cohort.tables import read_tables
from dossier.errors import InputError, Problem

# What decides which records of CDISC data sets are read, and what is left out of any cohort.
_DECIDES_READING: Final = ("confirmation", "assessor", "response_criteria")

# Data queries of looking for the files, which reading the tables again does not repeat.
_ABOUT_FOLDERS: Final = frozenset({"file-not-read", "data-set-not-found"})


def assembled(
    settings: Settings,
    files: Mapping[str, RawTable],
    sources: Sequence[SourceFile],
    origin: SettingsOrigin,
    problems: Sequence[Problem] = (),
    queries: Sequence[DataQuery] = (),
) -> Cohort:
    """Make a cohort of what its files hold.

    Parameters
    ----------
    settings
        cohort.yaml.
    files
        Tables by our names; data sets by the names of CDISC.
    sources
        All files, in the order they are listed in the dossier.
    origin
        Where the settings were written.
    problems, queries
        What was already found.

    Raises
    ------
    InputError
        With `problems` and all that the tables add.
    """
    raws, wrong = tables_of(files, settings.derivation)
    tables, found = read_tables(raws, settings, origin)
    details = {raw.label: raw.source.detail for raw in raws.values()}
    cohort = Cohort(
        settings=settings,
        patients=tables.frames["patients"],
        assessments=tables.frames["assessments"],
        adverse_events=tables.frames["adverse_events"],
        quality_of_life=tables.frames["quality_of_life"],
        protocol_deviations=tables.frames["protocol_deviations"],
        given=tables.given,
        sources=tuple(
            replace(each, detail=details.get(each.name, each.detail)) for each in sources
        ),
        queries=(*queries, *tables.queries),
        headings=tables.headings,
        raw=raws,
        files=dict(files),
        partial_dates=tables.partial_dates,
    )
    problems = [*problems, *wrong, *found]
    if "patients" in raws:
        problems += choices_against_data(cohort, origin)
    if problems:
        raise InputError(problems)
    cohort = without_screen_failures(cohort)
    if settings.derivation.endpoints == "as-given":
        cohort = with_endpoints_as_given(cohort, origin)
    return _checked(cohort, cohort.queries)


def reassembled(
    cohort: Cohort, settings: Settings, origin: SettingsOrigin, *, queries: bool = True
) -> Cohort:
    """Put a cohort under other settings; its tables are read again only where that matters.

    Without ``queries`` those of the new settings are not looked for.

    Raises
    ------
    InputError
        Where the settings do not fit the data.
    """
    if _reads_differently(cohort, settings):
        if not cohort.raw:
            message = "the data were not read from tables, so they cannot be read differently"
            raise InputError([Problem(message)])
        outside = tuple(each for each in cohort.queries if each.rule in _ABOUT_FOLDERS)
        again = assembled(settings, cohort.files, cohort.sources, origin, queries=outside)
        return replace(again, folder=cohort.folder)
    changed = replace(cohort, settings=settings)
    if problems := choices_against_data(changed, origin):
        raise InputError(problems)
    if not queries:
        return changed
    return _checked(changed, [query for query in cohort.queries if query.rule not in MADE_HERE])


def _reads_differently(cohort: Cohort, settings: Settings) -> bool:
    old, new = cohort.settings, settings
    if (new.columns, new.values) != (old.columns, old.values):
        return True
    if new.derivation.endpoints != old.derivation.endpoints:
        return True
    if new.derivation.partial_dates != old.derivation.partial_dates:
        return True
    if cohort.partial_dates and new.cohort.data_cutoff != old.cohort.data_cutoff:
        return True
    is_cdisc = any(cohort.raw.get(name) is not raw for name, raw in cohort.files.items())
    return is_cdisc and any(
        getattr(new.derivation, name) != getattr(old.derivation, name) for name in _DECIDES_READING
    )


def _checked(cohort: Cohort, from_reading: Sequence[DataQuery]) -> Cohort:
    return replace(cohort, queries=in_order(cohort, (*from_reading, *data_queries(cohort))))
