"""Criteria from files: the shipped catalogue, and a user's own file wherever an identifier goes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from dossier.appraise.compiling import compile_criterion
from dossier.appraise.criteria_file import CriteriaFile
from dossier.appraise.criterion import Criterion
from dossier.errors import InputError, Problem
from dossier.locations import shipped
from dossier.yaml_source import nearest, read_yaml, validate

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class CatalogueEntry:
    """One shipped criterion, for lists.

    ``open_rules`` are the rules whose threshold is not known or not verified.
    """

    id: str
    family: str
    version: str
    title: dict[str, str]
    summary: dict[str, str]
    open_rules: tuple[str, ...]
    path: Path


def locate(reference: str | Path) -> Path:
    """Path of a shipped criterion or of a user's file; its content is not read.

    Raises
    ------
    InputError
        When there is no such criterion or no such file.
    """
    path = _find(reference)
    if not path.is_file():
        message = "this is a folder, not a file" if path.is_dir() else "the file does not exist"
        raise InputError([Problem(message, file=str(reference))])
    return path


def load_criterion(reference: str | Path) -> Criterion:
    """Load a shipped criterion by its identifier, or a user's file by its path.

    Raises
    ------
    InputError
        When there is no such criterion, or with every problem of the file.
    """
    path = _find(reference)
    criterion, problems = _read(path, str(reference) if _is_path(reference) else path.name)
    if criterion is None:
        raise InputError(problems)
    return criterion


def criterion_file(reference: str | Path) -> Path:
    """Where the file of a criterion is: a shipped one by its identifier, a user's own by its path.

    Raises
    ------
    InputError
        When there is no such criterion.
    """
    return _find(reference)


def check_criteria_file(path: str | Path) -> tuple[Problem, ...]:
    """Every problem of a criteria file, in the order of its lines; none when it is right."""
    try:
        return tuple(_read(Path(path), str(path))[1])
    except InputError as error:
        return error.problems


def list_criteria() -> tuple[CatalogueEntry, ...]:
    """The shipped criteria, by family and identifier."""
    entries = []
    for path in sorted(_shipped().values()):
        criterion = load_criterion(path)
        file = criterion.file
        entries.append(
            CatalogueEntry(
                file.id,
                file.family or path.parent.name,
                file.version,
                file.title.words(),
                file.summary.words(),
                tuple(rule.id for rule in criterion.rules.values() if rule.open),
                path,
            )
        )
    return tuple(sorted(entries, key=lambda entry: (entry.family, entry.id)))


def _shipped() -> dict[str, Path]:
    return {path.stem: path for path in sorted(shipped("criteria").glob("*/*.yaml"))}


def _is_path(reference: str | Path) -> bool:
    if isinstance(reference, Path):
        return True
    return reference.endswith(SUFFIXES) or "/" in reference or "\\" in reference


def _find(reference: str | Path) -> Path:
    if _is_path(reference):
        return Path(reference)
    known = _shipped()
    if str(reference) in known:
        return known[str(reference)]
    meant = nearest(str(reference), known)
    expected = f"{meant} (did you mean {meant}?)" if meant else f"one of {', '.join(known)}"
    message = f"there is no criterion named {str(reference)!r}"
    if Path(reference).exists():
        expected = "a criteria file, whose name ends in .yaml"
    raise InputError([Problem(message, expected=expected)])


def _read(path: Path, name: str) -> tuple[Criterion | None, list[Problem]]:
    document = read_yaml(path, name)
    file, problems = validate(document, CriteriaFile)
    if file is None:
        return None, problems
    # Line endings do not change what a file says, so they do not change its hash either.
    digest = hashlib.sha256(document.text.replace("\r\n", "\n").encode()).hexdigest()
    criterion, problems = compile_criterion(file, line=document.line, name=name, sha256=digest)
    return criterion, sorted(problems, key=lambda problem: problem.row or 0)
