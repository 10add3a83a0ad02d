"""Tests of the cohort stage write small studies and look at what comes out of them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from dossier.cohort.model import Cohort
from dossier.cohort.read import read_cohort
from dossier.errors import InputError, Problem

PATIENTS = "patient_id,treatment_start\nP1,2024-01-01\nP2,2024-01-08\n"


@pytest.fixture
def study(tmp_path: Path) -> Callable[..., Path]:
    """Write a study: text or bytes by file name (``patients__csv=...``), settings below a title."""

    def write(settings: str = "", *, data: str | None = None, **files: str | bytes) -> Path:
        if not any(name.startswith("patients__") for name in files):
            files["patients__csv"] = PATIENTS
        for key, content in files.items():
            path = tmp_path / key.replace("__", ".")
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(content, encoding="utf-8", newline="")
        if data is None:
            names = {key.partition("__")[0]: key.replace("__", ".") for key in files}
            data = "".join(f"  {table}: {name}\n" for table, name in names.items())
        text = f"cohort:\n  title: A study\ndata:\n{data}{settings}"
        (tmp_path / "cohort.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def cohort(study: Callable[..., Path]) -> Callable[..., Cohort]:
    """Write a study and read it."""
    return lambda *args, **files: read_cohort(study(*args, **files))


@pytest.fixture
def problems(study: Callable[..., Path]) -> Callable[..., Sequence[Problem]]:
    """Write a study that is wrong and give the problems of reading it."""

    def read(*args: str, **files: str) -> Sequence[Problem]:
        with pytest.raises(InputError) as raised:
            read_cohort(study(*args, **files))
        return raised.value.problems

    return read
