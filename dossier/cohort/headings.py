"""Which heading of a file holds which of our columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dossier.cohort.columns import TABLES, Column
from dossier.cohort.raw_table import RawTable
from dossier.cohort.settings import ColumnSource, Settings
from dossier.cohort.settings_file import SettingsOrigin
from dossier.errors import Problem
from dossier.yaml_source import nearest

RESERVED = frozenset({"row", "patient"})


@dataclass(frozen=True)
class Headings:
    """Where the columns of a table are.

    Parameters
    ----------
    ours
        Heading in the file by our name.
    extra
        Headings of the file that are none of ours and kept under their own name.
    """

    ours: dict[str, str]
    extra: tuple[str, ...]


def matched_headings(
    raw: RawTable, mapping: Mapping[str, ColumnSource], origin: SettingsOrigin
) -> tuple[Headings, list[Problem]]:
    """Find our columns in a file: as mapped, else as its kind tells, else by name or as in CDISC.

    Parameters
    ----------
    raw
        The table.
    mapping
        The table's part of `columns:`.
    origin
        Where the mapping was written.
    """
    declared = TABLES[raw.table]
    ours, problems = _mapped(raw, mapping, origin)
    for name, told in raw.meaning.items():
        if name not in mapping and told not in ours.values():
            ours[name] = told
    spoken_for = set(ours.values())
    free = [heading for heading in raw.columns if heading not in spoken_for]
    for column in declared:
        if column.name not in ours and column.name not in mapping:
            heading, doubt = _recognised(column, free, raw)
            problems += doubt
            if heading is not None:
                ours[column.name] = heading
                free.remove(heading)
    missing = [
        each
        for each in declared
        if each.required and not any(name in ours for name in (each.name, *each.replaced_by))
    ]
    problems += [
        _missing_column(column, raw, free) for column in missing if column.name not in mapping
    ]
    taken = {column.name for column in declared} | RESERVED
    extra = tuple(
        heading for heading in raw.columns if heading not in ours.values() and heading not in taken
    )
    return Headings(ours, extra), problems


def _mapped(
    raw: RawTable, mapping: Mapping[str, ColumnSource], origin: SettingsOrigin
) -> tuple[dict[str, str], list[Problem]]:
    ours: dict[str, str] = {}
    problems: list[Problem] = []
    by_plain = {plain(heading): heading for heading in reversed(raw.columns)}
    known = {column.name for column in TABLES[raw.table]}
    for name, source in mapping.items():
        heading = (
            source.column if source.column in raw.columns else by_plain.get(plain(source.column))
        )
        if name not in known:
            continue  # a problem of the settings, found by `mapping_problems`
        if heading is not None:
            ours[name] = heading
            continue
        meant = nearest(source.column, raw.columns)
        message = f"{raw.label} has no heading {source.column!r}"
        if meant:
            message += f", did you mean {meant!r}?"
        problems.append(
            origin.problem(
                ("columns", raw.table, name),
                message,
                source.column,
                f"one of the headings {_listed(raw.columns)}",
            )
        )
    return ours, problems


def _recognised(column: Column, free: list[str], raw: RawTable) -> tuple[str | None, list[Problem]]:
    if column.name in free:
        return column.name, []
    for name in (column.name, *column.headings):
        alike = [heading for heading in free if plain(heading) == plain(name)]
        if len(alike) > 1:
            message = f"several headings could be {column.name!r}: {_listed(alike)}"
            expected = f"the right one under columns.{raw.table}.{column.name}"
            return None, [Problem(message, raw.label, raw.heading_row, expected=expected)]
        if alike:
            return alike[0], []
    return None, []


def plain(heading: str) -> str:
    """A heading without capitals, spaces, underscores, hyphens and full stops."""
    return re.sub(r"[\s_.\-]+", "", heading.casefold())


def _missing_column(column: Column, raw: RawTable, free: Iterable[str]) -> Problem:
    meant = nearest(column.name, free)
    message = f"there is no column {column.name!r} ({column.meaning})"
    if meant:
        message += f"; is it {meant!r}?"
    others = [repr(each) for each in (column.name, *column.headings)]
    expected = (
        f"a heading {' or '.join(others)}, or columns.{raw.table}.{column.name} in cohort.yaml"
    )
    if any(heading.startswith("#") for heading in raw.columns):
        expected += f"; lines that start with # are left out with data.{raw.table}.comment: '#'"
    return Problem(message, raw.label, raw.heading_row, column.name, expected=expected)


def mapping_problems(settings: Settings, origin: SettingsOrigin) -> list[Problem]:
    """Names in `columns:` and `values:` that are none of ours, and units where none can be."""
    problems: list[Problem] = []
    for table, columns in settings.columns.items():
        known = {column.name for column in TABLES[table]}
        for name, source in columns.items():
            path = ("columns", table, name)
            if name not in known:
                problems.append(_unknown_name(origin, path, name, known))
            elif source.unit != "days" and not name.endswith("_days"):
                message = f"{name!r} is no duration, it cannot have a unit"
                problems.append(origin.problem(path, message, source.unit, None))
    for table, codes in settings.values.items():
        known = {column.name for column in TABLES[table]}
        problems += [
            _unknown_name(origin, ("values", table, name), name, known)
            for name in codes
            if name not in known
        ]
    return problems


def _unknown_name(
    origin: SettingsOrigin, path: tuple[str, ...], name: str, known: Iterable[str]
) -> Problem:
    ordered = sorted(known)
    meant = nearest(name, ordered)
    message = f"there is no column {name!r} in {path[1]}"
    if meant:
        message += f", did you mean {meant!r}?"
    return origin.problem(path, message, None, f"one of {', '.join(ordered)}")


def _listed(headings: Iterable[str]) -> str:
    listed = [repr(heading) for heading in headings]
    return ", ".join(listed[:20]) + (f" and {len(listed) - 20} more" if len(listed) > 20 else "")
