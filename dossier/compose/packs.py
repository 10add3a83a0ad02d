"""The catalogue of template packs: which there are, what one prints, and a copy to edit."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dossier.compose.pack import (
    TEMPLATE_ENDING,
    PackSettings,
    find_pack,
    open_pack,
    pack_settings,
    shipped_packs,
)
from dossier.errors import InputError, Problem

__all__ = ["PackContent", "Section", "copy_pack", "describe", "list_packs"]


@dataclass(frozen=True)
class Section:
    """A section of a pack.

    Parameters
    ----------
    name
        As listed in ``pack.yaml``.
    template
        The file it is taken from in each language, e.g. ``standard/en/summary.md.j2``.
    """

    name: str
    template: dict[str, str]


@dataclass(frozen=True)
class PackContent:
    """What a pack prints and what its templates may print.

    Parameters
    ----------
    name
        As given.
    settings
        ``pack.yaml``, with what it takes from the pack it extends.
    sections
        In the order of printing.
    tables, figures
        Names for ``table("...")`` and ``figure("...")``, those that the pack leaves out excepted.
    """

    name: str
    settings: PackSettings
    sections: tuple[Section, ...]
    tables: tuple[str, ...]
    figures: tuple[str, ...]


def list_packs() -> tuple[PackSettings, ...]:
    """The packs that come with the program, the standard one first."""
    return tuple(pack_settings(name) for name in shipped_packs())


def describe(template: str) -> PackContent:
    """Sections of a pack in every language, and the tables and figures there are.

    Raises
    ------
    InputError
        When there is no such pack, or something in it is missing or wrong.
    """
    from dossier.compose.figures import FIGURES
    from dossier.compose.tables import TABLES

    settings = pack_settings(template)
    packs = {language: open_pack(template, language) for language in settings.languages}
    sections = tuple(
        Section(
            name,
            {language: pack.label(f"{name}{TEMPLATE_ENDING}") for language, pack in packs.items()},
        )
        for name in settings.sections
    )
    left_out = frozenset(settings.leave_out)
    return PackContent(
        template,
        settings,
        sections,
        tuple(name for name in ("criterion", *TABLES) if name not in left_out),
        tuple(name for name in FIGURES if name not in left_out),
    )


def copy_pack(template: str, folder: Path) -> tuple[Path, ...]:
    """Copy a pack into a new folder, whole or not at all.

    A pack that extends another one goes on doing so in its copy.

    Parameters
    ----------
    template
        Name of a shipped pack, or a folder that holds one.
    folder
        The copy; made here.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    InputError
        When there is no such pack, when the folder is there already and not empty, or when it
        cannot be written.
    """
    source = find_pack(template)
    settings = pack_settings(template)
    for language in settings.languages:
        open_pack(template, language)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        problem = Problem(
            "the folder is there already; nothing is overwritten",
            file=str(folder),
            expected="a new name",
        )
        raise InputError([problem])
    target = folder.resolve()
    if target.is_relative_to(source.resolve()):
        problem = Problem("a pack cannot be copied into itself", file=str(folder))
        raise InputError([problem])
    waiting: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        waiting = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        shutil.copytree(source, waiting, dirs_exist_ok=True, ignore=_hidden)
        mask = os.umask(0)
        os.umask(mask)
        waiting.chmod(0o777 & ~mask)
        with suppress(FileNotFoundError):
            target.rmdir()
        waiting.rename(target)
    except OSError as error:
        if waiting is not None:
            shutil.rmtree(waiting, ignore_errors=True)
        message = f"the pack cannot be written: {error.strerror or error}"
        raise InputError([Problem(message, file=str(folder))]) from error
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))


def _hidden(_: str, names: list[str]) -> set[str]:
    return {name for name in names if name.startswith((".", "__"))}
