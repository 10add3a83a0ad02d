"""The dossiers of the examples, built once in a test run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from shelf import Shelf


@pytest.fixture(scope="session")
def shelf(tmp_path_factory) -> Shelf:
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = shared / "shelf"
    folder.mkdir(exist_ok=True)
    return Shelf(folder)


@pytest.fixture(scope="session")
def built(shelf) -> dict[tuple[str, str], Path]:
    return shelf.examples()
