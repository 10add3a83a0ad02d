"""Where the shipped criteria and template packs are: beside the package when installed, beside the
checkout's package folder otherwise."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(folder: str) -> Path:
    """Folder of shipped data files, ``criteria`` or ``templates``."""
    installed = _PACKAGE / folder
    return installed if installed.is_dir() else _PACKAGE.parent / folder
