"""Evaluations that the tests of traces share: the examples, and some with more asked for."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from dossier.cohort.read import read_cohort
from dossier.evaluation import Evaluation, evaluate

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
EVERYTHING = {
    "estimation": {
        "competing_risks": True,
        "restricted_mean": "12 months",
        "bootstrap": {"resamples": 20},
        "subgroups": {"prespecified": ["rare_cancer"], "pfs_landmark": "6 months"},
        "landmarks": ["6 months", "12 months", "60 months"],
    }
}


@pytest.fixture(scope="session")
def simulated() -> Evaluation:
    return evaluate(read_cohort(EXAMPLES / "simulated-drup"))


@pytest.fixture(scope="session")
def in_baskets() -> Evaluation:
    baskets = {"column": "rare_cancer", "endpoint": "cbr_16w"}
    cohort = read_cohort(EXAMPLES / "simulated-drup")
    return evaluate(cohort, settings={"estimation": {"baskets": baskets}})


@pytest.fixture(scope="session")
def summit() -> Evaluation:
    """Endpoints as given, most of them unknown; no visits, no adverse events."""
    return evaluate(read_cohort(EXAMPLES / "summit-biliary"))


@pytest.fixture(scope="session")
def everything(tmp_path_factory) -> Evaluation:
    """Two arms, one with a dot in its name, and what the settings can ask for."""
    study = tmp_path_factory.mktemp("arms") / "study"
    shutil.copytree(EXAMPLES / "simulated-drup", study)
    table = study / "patients.csv"
    dialect = csv.Sniffer().sniff(table.read_text(encoding="utf-8").splitlines()[0])
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, dialect))
    arms = ["arm", *("dose 0.5" if place % 3 else "dose 1" for place in range(len(rows) - 1))]
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, dialect).writerows(
            [*row, arm] for row, arm in zip(rows, arms, strict=True)
        )
    return evaluate(read_cohort(study), settings=EVERYTHING)
