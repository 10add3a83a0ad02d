"""Short ways to make evidence for tests."""

from __future__ import annotations

from fractions import Fraction

from dossier.appraise.evidence import Evidence, Observation
from dossier.appraise.judge import judge
from dossier.appraise.loading import load_criterion
from dossier.appraise.published_evidence import study_evidence
from dossier.appraise.verdict import CriterionVerdict


def verdict_of(criterion: str, *, design: str = "", setting: str = "", **row) -> CriterionVerdict:
    """Verdict of a published study given by the cells of its row."""
    study = study_evidence(row)
    declared = {**row, **study.declared}
    return judge(
        load_criterion(criterion), study.evidence, design=design, setting=setting, declared=declared
    )


def counted(events: int, n: int, lower: float | None = None, upper: float | None = None):
    """A share of patients."""
    return Observation(Fraction(events, n), lower=lower, upper=upper, n=n, events=events)


def evidence(**observations: Observation) -> Evidence:
    """Evidence by name; an underscore pair stands for a dot (``pfs__median``)."""
    return Evidence({name.replace("__", "."): value for name, value in observations.items()})
