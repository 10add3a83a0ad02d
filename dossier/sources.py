"""The files behind a dossier that `--attach-sources` puts inside its PDF."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from dossier.appraise.loading import criterion_file
from dossier.errors import InputError, Problem
from dossier.evaluation import Evaluation, named_criteria


def sources_of(
    evaluation: Evaluation, criteria: Sequence[str | Path] | None = None
) -> dict[str, bytes]:
    """Contents of cohort.yaml and of the criteria files an evaluation used, by file name.

    Parameters
    ----------
    evaluation
        The evaluation; its settings have no file where the cohort came without one.
    criteria
        The criteria it was judged by; None for those of cohort.yaml.

    Raises
    ------
    InputError
        When a file is gone or is no longer the one that was used.
    """
    cohort, manifest = evaluation.cohort, evaluation.manifest
    found: dict[str, bytes] = {}
    for source in cohort.sources:
        if source.table == "settings" and cohort.folder is not None:
            content = _content(cohort.folder / source.name)
            if hashlib.sha256(content).hexdigest() != source.sha256:
                raise _changed(source.name)
            found[Path(source.name).name] = content
    known = set(manifest.criteria.values())
    for reference in named_criteria(cohort) if criteria is None else criteria:
        path = criterion_file(reference)
        content = _content(path)
        # Line endings do not change the hash of a criteria file.
        if hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest() not in known:
            raise _changed(path.name)
        found[_unique(path.name, found)] = content
    return found


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        problem = Problem(f"the file cannot be attached: {error.strerror or error}", str(path))
        raise InputError([problem]) from error


def _changed(name: str) -> InputError:
    return InputError([Problem("the file changed while the dossier was made", name)])


def _unique(name: str, taken: dict[str, bytes]) -> str:
    candidate, count = name, 1
    while candidate in taken:
        count += 1
        path = Path(name)
        candidate = f"{path.stem}-{count}{path.suffix}"
    return candidate
