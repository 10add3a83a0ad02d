"""The data queries of a cohort as read, and the choices in cohort.yaml the data must allow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from dossier.cohort import (
    endpoint_queries,
    event_queries,
    patient_queries,
    survival_queries,
    visit_queries,
)
from dossier.cohort.chronology import chosen_assessor, chronology
from dossier.cohort.columns import TABLES
from dossier.cohort.model import Cohort, DataQuery
from dossier.cohort.query_rule import QueryRule
from dossier.cohort.settings_file import SettingsOrigin
from dossier.errors import InputError, Problem
from dossier.yaml_source import nearest

__all__ = [
    "MADE_HERE",
    "RULES",
    "choices_against_data",
    "chosen_assessor",
    "data_queries",
    "in_order",
]

RULES: tuple[QueryRule, ...] = (
    *patient_queries.RULES,
    *survival_queries.RULES,
    *endpoint_queries.RULES,
    *visit_queries.RULES,
    *event_queries.RULES,
)


# Names of the data queries that `data_queries` makes; reading raises others.
MADE_HERE: Final = frozenset(
    {
        "several-assessors",
        "dates-after-cutoff",
        *(rule.id for rule in RULES),
        *(f"{endpoint}-status-not-given" for endpoint in ("pfs", "os", "dor")),
    }
)


def data_queries(cohort: Cohort) -> tuple[DataQuery, ...]:
    """Every data query of the rules, rule by rule.

    Parameters
    ----------
    cohort
        A cohort as read; its own queries are not looked at.
    """
    dates = chronology(cohort)
    found = [query for rule in RULES for query in rule.queries(dates)]
    return (
        *_other_assessors(cohort),
        *endpoint_queries.columns_without_status(cohort),
        *_after_cutoff(cohort, found),
        *found,
    )


def _after_cutoff(cohort: Cohort, found: Sequence[DataQuery]) -> list[DataQuery]:
    """How many dates lie after the data cut-off, of all tables together."""
    count = Counter(query.column for query in found if query.rule.endswith("-after-cutoff"))
    if not count:
        return []
    several = sum(count.values()) > 1
    by_column = ", ".join(f"{number} under {column}" for column, number in sorted(count.items()))
    return [
        DataQuery(
            rule="dates-after-cutoff",
            severity="note",
            message=f"{sum(count.values())} {'dates lie' if several else 'date lies'} after the "
            f"data cut-off {cohort.settings.cohort.data_cutoff}: {by_column}",
            consequence="nothing after the cut-off counts; each date has a data query of its own",
            value=str(sum(count.values())),
        )
    ]


def in_order(cohort: Cohort, queries: Iterable[DataQuery]) -> tuple[DataQuery, ...]:
    """Data queries by table and row; those about the whole cohort or a whole table first."""
    tables: dict[str | None, int] = {}
    for place, table in enumerate(TABLES):
        tables.setdefault(cohort.file_label(table), place)
    tables[None] = -1

    def place_of(query: DataQuery) -> tuple[int, int]:
        return tables.get(query.file, len(TABLES)), query.row or 0

    return tuple(sorted(queries, key=place_of))


def _other_assessors(cohort: Cohort) -> list[DataQuery]:
    """Readings by somebody else than the assessor whose readings are used."""
    chosen = chosen_assessor(cohort)
    names = cohort.assessors
    if chosen is None:
        return []
    reader = cohort.assessments["assessor"].str.casefold()
    others = int(np.count_nonzero(reader != chosen))
    if not others:
        return []
    why = "as declared" if cohort.settings.derivation.assessor else "the default"
    return [
        DataQuery(
            rule="several-assessors",
            severity="note",
            message=f"the scans were read by {', '.join(names)}",
            consequence=(
                f"the readings of the {chosen} are used ({why}, derivation.assessor); {others} "
                f"{'row' if others == 1 else 'rows'} of others {'is' if others == 1 else 'are'} not"
            ),
            file=cohort.file_label("assessments"),
            column=cohort.heading("assessments", "assessor"),
            endpoints=("best_response", "benefit", "pfs", "dor"),
        )
    ]


def choices_against_data(cohort: Cohort, origin: SettingsOrigin) -> list[Problem]:
    """Choices that the data do not allow: assessor, arm, censoring, scales."""
    return [
        *_assessor_problems(cohort, origin),
        *_arm_problems(cohort, origin),
        *_cutoff_problems(cohort, origin),
        *_scale_problems(cohort, origin),
    ]


def _cutoff_problems(cohort: Cohort, origin: SettingsOrigin) -> list[Problem]:
    asked = cohort.settings.derivation.censoring_date
    if asked != "data-cutoff" or cohort.data_cutoff is not None:
        return []
    message = "there is no data cut-off to censor at: nothing in the data is dated"
    expected = "cohort.data_cutoff, or last-contact"
    return [origin.problem(("derivation", "censoring_date"), message, asked, expected)]


def _assessor_problems(cohort: Cohort, origin: SettingsOrigin) -> list[Problem]:
    if cohort.settings.derivation.endpoints == "as-given" and cohort.assessments.empty:
        return []  # the assessments are left out
    path = ("derivation", "assessor")
    declared = cohort.settings.derivation.assessor
    names = cohort.assessors
    if declared and declared.strip().casefold() not in names:
        message = f"no assessment was read by {declared!r}"
        if meant := nearest(declared, names):
            message += f", did you mean {meant!r}?"
        expected = (
            f"one of {', '.join(names)}" if names else "a column 'assessor' in the assessments"
        )
        return [origin.problem(path, message, declared, expected)]
    try:
        chosen_assessor(cohort)
    except InputError as error:
        (problem,) = error.problems
        return [origin.problem(path, problem.message, None, problem.expected)]
    return []


def _scale_problems(cohort: Cohort, origin: SettingsOrigin) -> list[Problem]:
    """Scales of questionnaires that nobody filled in."""
    declared = cohort.settings.estimation.quality_of_life.scales
    if not declared:
        return []
    table = cohort.quality_of_life
    names = sorted({f"{a}: {b}" for a, b in zip(table["instrument"], table["scale"], strict=True)})
    problems = []
    for name in declared:
        if name not in names:
            message = f"the data have no scale {name!r}"
            if meant := nearest(name, names):
                message += f", did you mean {meant!r}?"
            expected = f"one of {', '.join(names)}" if names else "data.quality_of_life"
            path = ("estimation", "quality_of_life", "scales", name)
            problems.append(origin.problem(path, message, name, expected))
    return problems


def _arm_problems(cohort: Cohort, origin: SettingsOrigin) -> list[Problem]:
    declared = {
        "reference_arm": cohort.settings.cohort.reference_arm,
        "judged_arm": cohort.settings.cohort.judged_arm,
    }
    arms = sorted({str(name) for name in cohort.patients["arm"].unique()} - {""})
    expected = f"one of {', '.join(arms)}" if arms else "a column 'arm' in the patients table"
    problems = []
    for key, arm in declared.items():
        if not arm or arm in arms:
            continue
        message = f"no patient is in the arm {arm!r}"
        if meant := nearest(arm, arms):
            message += f", did you mean {meant!r}?"
        problems.append(origin.problem(("cohort", key), message, arm, expected))
    return problems
