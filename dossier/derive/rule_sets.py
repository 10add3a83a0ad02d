"""Progression-free survival under the rule sets that are not in force, and the columns of both."""

from __future__ import annotations

from typing import Final

from dossier.cohort.model import Cohort
from dossier.derive.censoring import censoring_of_progression
from dossier.derive.frame_columns import Columns, time_columns
from dossier.derive.progression import progression_free_survival
from dossier.derive.survival import LastAlive
from dossier.derive.timeline import Floats, Texts, Timeline
from dossier.derive.times import EventTimes
from dossier.derive.visits import Visits

RULE_SETS: Final = ("standard", "fda", "treatment-policy")


def endpoint_under(name: str) -> str:
    """Start of the columns of progression-free survival under a rule set, ``pfs_fda``."""
    return f"pfs_{name.replace('-', '_')}"


def progression_columns(endpoint: str, times: EventTimes, censoring: Texts | None) -> Columns:
    """The columns of an endpoint, with why it is censored where that was asked for."""
    columns = time_columns(endpoint, times)
    return columns if censoring is None else columns | {f"{endpoint}_censoring": censoring}


def under_other_rule_sets(
    cohort: Cohort,
    timeline: Timeline,
    visits: Visits,
    rows: Floats,
    alive: LastAlive | None,
) -> Columns:
    """The columns under every rule set but that in force; ``fda`` only where a schedule is given.

    Parameters
    ----------
    cohort, timeline, visits, rows, alive
        As for `dossier.derive.progression.progression_free_survival`.
    """
    options, columns = cohort.settings.derivation, Columns()
    for name in RULE_SETS:
        if name == options.pfs or (name == "fda" and not options.schedule):
            continue
        other = options.model_copy(update={"pfs": name})
        pfs = progression_free_survival(visits, timeline, rows, other, alive)
        censoring = censoring_of_progression(cohort, timeline, visits, pfs)
        columns |= progression_columns(endpoint_under(name), pfs, censoring)
    return columns
