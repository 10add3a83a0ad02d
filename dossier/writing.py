"""Writing the files of one run: all of them, or none."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from dossier.errors import InputError, Problem


def write_together(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files so that a failure leaves those already there as they were.

    Every file is first written whole beside its final place; only then do they take their names.
    Where there is a list of files, ``figures/SHA256SUMS``, those that an earlier run listed and
    that nobody changed since are replaced as a whole: one that is no longer made is removed.

    Parameters
    ----------
    folder
        Where the files go; made when it does not exist.
    files
        Contents by name; a name may hold folders, ``figures/figure_pfs.svg``.

    Raises
    ------
    InputError
        When the folder cannot be made or written to.
    """
    waiting: dict[Path, Path] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        left_over = [
            path for name in files if name.endswith("SHA256SUMS") for path in _listed(folder / name)
        ]
        for name, content in files.items():
            final = folder / name
            final.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(prefix=f".{final.name}.", dir=final.parent)
            waiting[final] = Path(temporary)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        for temporary_path in waiting.values():
            temporary_path.chmod(0o666 & ~mask)
        _put_in_place(waiting)
        for path in left_over:
            if path not in waiting:
                path.unlink()
    except BaseException as error:
        for temporary_path in waiting.values():
            with suppress(OSError):
                temporary_path.unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        problem = Problem(
            f"the dossier cannot be written: {error.strerror or error}", file=str(folder)
        )
        raise InputError([problem]) from error
    return list(waiting)


def _put_in_place(waiting: Mapping[Path, Path]) -> None:
    """Move every file to its name, or none: when one cannot be moved the others are put back."""
    before: dict[Path, Path | None] = {}
    try:
        for final, temporary in waiting.items():
            before[final] = _kept(final)
            temporary.replace(final)
    except BaseException:  # an interrupt too: never half of one run and half of another
        for final, kept in before.items():
            with suppress(OSError):
                if kept is not None:
                    kept.replace(final)
                elif not waiting[final].exists():
                    final.unlink(missing_ok=True)
        raise
    for kept in before.values():
        if kept is not None:
            with suppress(OSError):  # every file stands: what remains of the old is no failure
                kept.unlink(missing_ok=True)


def _kept(final: Path) -> Path | None:
    """A second name for the file that is about to be replaced; None where there is none."""
    if not os.path.lexists(final):
        return None
    if final.is_dir() and not final.is_symlink():
        raise IsADirectoryError(errno.EISDIR, f"{final.name} is a folder")
    handle, name = tempfile.mkstemp(prefix=f".{final.name}.", suffix=".before", dir=final.parent)
    os.close(handle)
    kept = Path(name)
    kept.unlink()
    try:
        shutil.copy2(final, kept, follow_symlinks=False)
    except OSError:
        kept.unlink(missing_ok=True)
        raise
    return kept


def _listed(file: Path) -> list[Path]:
    """The files beside a list that are still as listed."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    found: list[Path] = []
    for line in lines:
        digest, _, name = line.partition("  ")
        path = file.parent / name
        is_beside = name and Path(name).name == name and path.is_file() and not path.is_symlink()
        if is_beside and hashlib.sha256(path.read_bytes()).hexdigest() == digest:
            found.append(path)
    return found
