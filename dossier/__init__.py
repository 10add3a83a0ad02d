"""dossier: from a patient-level oncology cohort to a reimbursement evidence dossier.

The names below are the Python interface; each is loaded when it is first used, so that importing
the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dossier.version import __version__

if TYPE_CHECKING:
    from dossier.appraise.published import score
    from dossier.building import build
    from dossier.cohort.model import Cohort
    from dossier.cohort.read import read_cohort
    from dossier.derive.response import best_response
    from dossier.errors import InputError, Problem
    from dossier.evaluation import Evaluation, evaluate
    from dossier.scenarios.portfolio import portfolio
    from dossier.scenarios.what_if import what_if
    from dossier.verifying import verify

__all__ = [
    "Cohort",
    "Evaluation",
    "InputError",
    "Problem",
    "__version__",
    "best_response",
    "build",
    "evaluate",
    "portfolio",
    "read_cohort",
    "score",
    "verify",
    "what_if",
]

_HOME = {
    "Cohort": "dossier.cohort.model",
    "Evaluation": "dossier.evaluation",
    "InputError": "dossier.errors",
    "Problem": "dossier.errors",
    "best_response": "dossier.derive.response",
    "build": "dossier.building",
    "evaluate": "dossier.evaluation",
    "portfolio": "dossier.scenarios.portfolio",
    "read_cohort": "dossier.cohort.read",
    "score": "dossier.appraise.published",
    "verify": "dossier.verifying",
    "what_if": "dossier.scenarios.what_if",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'dossier' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
