"""Whether a cohort can be built: what cohort.yaml names beside the data."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from dossier.building import template_of
from dossier.cohort.model import Cohort
from dossier.derive.model import Patients
from dossier.errors import InputError, Problem
from dossier.evaluation import check_declared, named_criteria
from dossier.letters import cells_without_signs
from dossier.yaml_source import YamlDocument, read_yaml

__all__ = ["check_named"]


def check_named(cohort: Cohort, patients: Patients) -> None:
    """Check everything that cohort.yaml names beside the data, as a build would need it.

    Parameters
    ----------
    cohort
        A cohort as read.
    patients
        Its derived patients.

    Raises
    ------
    InputError
        With every problem of the declared facts, the criteria, the template pack and its language,
        the scenarios file and the previous dossier, and every letter that cannot be printed.
    """
    found = _Found(_document(cohort), cohort.file_label("settings"))
    found.of(lambda: check_declared(cohort))
    criteria = _criteria(cohort, found)
    _pack(cohort, found)
    if {"docx", "pdf"}.intersection(cohort.settings.dossier.formats):
        found.problems += cells_without_signs(cohort)
    _scenarios(cohort, patients if criteria else None, found)
    _previous(cohort, found)
    if found.problems:
        raise InputError(dict.fromkeys(found.problems))


@dataclass
class _Found:
    """Problems so far; those that say no file are of cohort.yaml."""

    document: YamlDocument | None
    name: str | None
    problems: list[Problem] = field(default_factory=list)

    def of(self, check: Callable[[], object], *path: str | int) -> bool:
        """Run a check; whether it found nothing wrong."""
        try:
            check()
        except InputError as error:
            self.problems += [self._placed(each, path) for each in error.problems]
            return False
        return True

    def _placed(self, problem: Problem, path: tuple[str | int, ...]) -> Problem:
        if problem.file is not None or not path:
            return problem
        row = None if self.document is None else self.document.line(path)
        column = ".".join(str(part) for part in path if isinstance(part, str))
        return replace(problem, file=self.name, row=row, column=column)


def _document(cohort: Cohort) -> YamlDocument | None:
    name = cohort.file_label("settings")
    if cohort.folder is None or name is None:
        return None
    with suppress(InputError):
        return read_yaml(cohort.folder / name)
    return None


def _criteria(cohort: Cohort, found: _Found) -> bool:
    from dossier.appraise.judge import criteria_for

    sound = True
    for place, reference in enumerate(named_criteria(cohort)):
        sound &= found.of(partial(criteria_for, [reference], cohort.settings), "criteria", place)
    if sound:
        sound = found.of(lambda: criteria_for(named_criteria(cohort), cohort.settings), "criteria")
    return sound


def _pack(cohort: Cohort, found: _Found) -> None:
    from dossier.compose.pack import open_pack, pack_settings

    template = template_of(cohort)
    if not found.of(lambda: pack_settings(template), "dossier", "template"):
        return
    language, known = cohort.settings.dossier.language, pack_settings(template).languages
    if language in known:
        found.of(lambda: open_pack(template, language), "dossier", "template")
        return

    def unknown() -> None:
        message = f"the template pack {template!r} has no templates in this language"
        expected = f"one of {', '.join(known)}"
        raise InputError([Problem(message, value=language, expected=expected)])

    found.of(unknown, "dossier", "language")


def _scenarios(cohort: Cohort, patients: Patients | None, found: _Found) -> None:
    from dossier.scenarios.what_if import check_scenarios

    found.of(lambda: check_scenarios(cohort, patients), "dossier", "scenarios")


def _previous(cohort: Cohort, found: _Found) -> None:
    named = cohort.settings.dossier.previous
    if not named:
        return
    from dossier.cohort.read import read_cohort
    from dossier.scenarios.previous import results_in

    place = Path(named) if cohort.folder is None else cohort.folder / named

    def readable() -> None:
        if results_in(place) is None:
            read_cohort(place)

    found.of(readable, "dossier", "previous")
