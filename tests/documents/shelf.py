"""The dossiers of the examples, each built once in a test run, whichever process asks first."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from validators.validate import words_as_pdf

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/cohort.yaml"))
LANGUAGES = ("en", "nl")
CASES = [(example, language) for example in EXAMPLES for language in LANGUAGES]


def write(example: str, language: str, folder: Path, **environment: str) -> None:
    """Build the dossier of an example as Word, PDF and HTML, in a process of its own."""
    subprocess.run(
        [
            sys.executable, "-c", "from dossier.cli import main; main()",
            "build", str(ROOT / "examples" / example), "-o", str(folder),
            "--lang", language, "--format", "docx,pdf,html",
        ],
        check=True,
        capture_output=True,
        env={**os.environ, **environment},
    )  # fmt: skip


class Shelf:
    """Folders that are made once in a test run, by the first process that asks for them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def made(self, name: str, make: Callable[[Path], object]) -> Path:
        """A folder that ``make`` has filled."""
        final = self.folder / name
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not final.exists():
                unfinished = self.folder / f"{name}.unfinished"
                shutil.rmtree(unfinished, ignore_errors=True)
                unfinished.mkdir()
                make(unfinished)
                unfinished.rename(final)
        return final

    def example(self, name: str, language: str) -> Path:
        """The dossier of an example, as Word, PDF and HTML."""
        return self.made(f"{name}-{language}", lambda folder: write(name, language, folder))

    def examples(self) -> dict[tuple[str, str], Path]:
        """The dossiers of all examples by name and language."""
        return {case: self.example(*case) for case in CASES}

    def laid_out(self) -> Path:
        """The Word files of all examples as LibreOffice sets them: ``NAME-LANGUAGE.pdf``."""

        def make(folder: Path) -> None:
            copies = []
            for (name, language), built in self.examples().items():
                copy = folder / f"{name}-{language}.docx"
                shutil.copy(built / "dossier.docx", copy)
                copies.append(copy)
            words_as_pdf(copies, folder)

        return self.made("laid-out", make)
