"""cohort.yaml into `Settings`, with the place of every key for problems found later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dossier.cohort.settings import Settings
from dossier.errors import Problem
from dossier.yaml_source import KeyPath, YamlDocument, validate_value


@dataclass(frozen=True)
class SettingsOrigin:
    """Where settings were written, so that a problem can point there.

    Parameters
    ----------
    document
        cohort.yaml; None for settings made in Python.
    assumed
        Sections that go without saying, as nested mappings; those of the file go before them.
    overrides
        Sections given beside the file, as nested mappings; they win.
    """

    document: YamlDocument | None = None
    assumed: Mapping[str, Any] = field(default_factory=dict)
    overrides: Mapping[str, Any] = field(default_factory=dict)

    def problem(
        self,
        path: tuple[str, ...],
        message: str,
        value: str | None = None,
        expected: str | None = None,
    ) -> Problem:
        """Make a problem of the key at a path."""
        name = self.document.name if self.document and not self._overridden(path) else None
        return Problem(message, name, self.line(path), ".".join(path), None, value, expected)

    def line(self, path: KeyPath) -> int | None:
        """Line of a key in cohort.yaml; None where it was not written there."""
        if self.document is None or self._overridden(path):
            return None
        return self.document.line(path)

    def is_override(self, key: str) -> bool:
        """Whether a dotted key was given beside the file."""
        return self._overridden(tuple(key.partition(" ")[0].split(".")))

    def _overridden(self, path: KeyPath) -> bool:
        value: Any = self.overrides
        for part in path:
            if not isinstance(value, Mapping):
                return True  # below a value that was given whole
            if part not in value:
                return False
            value = value[part]
        return True


def checked_settings(origin: SettingsOrigin) -> tuple[Settings | None, list[Problem]]:
    """Settings from a file and overrides, or every problem in them.

    Where the file says well enough which tables there are, settings are given beside the problems,
    with defaults for the sections that are wrong, so that the tables can be read for problems too.
    """
    document = origin.document
    name = document.name if document is not None else None
    written = document.value if document is not None else {}
    if not isinstance(written, Mapping):
        return validate_value(written, Settings, name=name)
    stated = {key: each for key, each in written.items() if key not in origin.assumed or each}
    value = merged(merged(origin.assumed, stated), origin.overrides)
    settings, problems = validate_value(value, Settings, name=name, line=origin.line)
    # What was not written in the file is not looked for there.
    problems = [
        replace(each, file=None) if origin.is_override(str(each.column)) else each
        for each in problems
    ]
    problems.sort(key=lambda problem: problem.row or 0)
    if settings is None:
        settings = _enough_to_read_tables(value, problems)
    return settings, problems


def _enough_to_read_tables(value: Mapping[str, Any], problems: list[Problem]) -> Settings | None:
    wrong = {str(problem.column).partition(".")[0].partition(" ")[0] for problem in problems}
    if wrong & {"data", "columns", "values"}:
        return None
    kept = {section: each for section, each in value.items() if section not in wrong}
    settings, _ = validate_value({"cohort": {"title": "?"}} | kept, Settings)
    return settings


def merged(base: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Sections of `overrides` laid over those of `base`, key by key."""
    result = dict(base)
    for key, value in overrides.items():
        old = result.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            result[key] = merged(old, value)
        else:
            result[key] = value
    return result
