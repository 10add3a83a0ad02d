"""Safety of the treated patients: patients are counted, not events, each at the worst grade."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.model import Cohort
from dossier.cohort.settings import Estimation
from dossier.estimate.model import AdverseEventRow, Proportion, Safety
from dossier.estimate.outcomes import proportion

GRADES = (1, 2, 3, 4, 5)
SEVERE_FROM = 3  # CTCAE: grade 3 is severe


def safety(cohort: Cohort, population: NDArray[np.bool_], estimation: Estimation) -> Safety:
    """Count adverse events that began on or after the first day of treatment.

    An event without a start date counts as beginning under treatment (the cautious choice); one
    that began before treatment or after the data cut-off is left out and is a data query.

    Parameters
    ----------
    cohort
        The cohort as read.
    population
        Treated patients, shape (patients,).
    estimation
        Method and level of the limits.
    """
    n = int(population.sum())
    if not cohort.given.get("adverse_events"):
        return Safety(given=False, n=n, events=0, reason="no adverse event table was given")
    events = _under_treatment(cohort, population)
    overview = _overview(cohort, events, n, estimation)
    return Safety(given=True, n=n, events=len(events), overview=overview, terms=_terms(events))


def _under_treatment(cohort: Cohort, population: NDArray[np.bool_]) -> pd.DataFrame:
    events = cohort.adverse_events
    position = events["patient"].to_numpy(dtype=int)
    start = events["start"]
    treatment_start = cohort.patients["treatment_start"].to_numpy()[position]
    keep = population[position] & ~(start < treatment_start).to_numpy()
    if cohort.data_cutoff is not None:
        keep &= ~(start > pd.Timestamp(cohort.data_cutoff)).to_numpy()
    return events[keep]


def _overview(
    cohort: Cohort, events: pd.DataFrame, n: int, estimation: Estimation
) -> dict[str, Proportion]:
    grade = events["grade"]
    severe = grade >= SEVERE_FROM
    outcomes = {"any": pd.Series(data=True, index=events.index)}
    if cohort.has("adverse_events", "grade"):
        outcomes["grade_3_or_higher"] = severe
        outcomes["grade_5"] = grade == GRADES[-1]
    if cohort.has("adverse_events", "serious"):
        outcomes["serious"] = events["serious"] == 1
    if cohort.has("adverse_events", "related"):
        outcomes["related"] = events["related"] == 1
        if cohort.has("adverse_events", "grade"):
            outcomes["related_grade_3_or_higher"] = (events["related"] == 1) & severe
    return {
        name: proportion(int(events.loc[mask, "patient"].nunique()), n, estimation)
        for name, mask in outcomes.items()
    }


def _terms(events: pd.DataFrame) -> tuple[AdverseEventRow, ...]:
    """One row a term within its class; most frequent class first, then most frequent term."""
    if events.empty:
        return ()
    by_class = _worst(events, ["soc"])
    by_term = _worst(events, ["soc", "term"])
    class_rank = {row.soc: (-row.any, row.soc) for row in by_class}
    rows = [*by_class, *by_term]
    rows.sort(key=lambda r: (class_rank[r.soc], r.term != "", -r.any, r.term))
    return tuple(row for row in rows if row.term or row.soc)


def _worst(events: pd.DataFrame, keys: list[str]) -> list[AdverseEventRow]:
    """Patients by worst grade for each class (``term`` empty) or term."""
    worst = (
        events.assign(grade=events["grade"].fillna(0)).groupby([*keys, "patient"])["grade"].max()
    )
    table = (
        worst.reset_index()
        .groupby([*keys, "grade"])["patient"]
        .size()
        .unstack(fill_value=0)
        .reindex(columns=[0, *GRADES], fill_value=0)
    )
    counts = table.to_numpy(dtype=int)
    rows = []
    for key, line in zip(table.index, counts.tolist(), strict=True):
        soc, term = (str(key[0]), str(key[1])) if len(keys) > 1 else (str(key), "")
        grades = dict(zip(GRADES, line[1:], strict=True))
        severe = sum(count for grade, count in grades.items() if grade >= SEVERE_FROM)
        rows.append(AdverseEventRow(soc, term, grades, line[0], sum(line), severe))
    return rows
