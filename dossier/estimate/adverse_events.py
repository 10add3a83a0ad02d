"""Safety of the treated patients: patients are counted, not events, each at the worst grade."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.model import Cohort
from dossier.cohort.settings import Estimation
from dossier.derive.adverse_events import NEEDED, SEVERE_FROM, kinds_of, treatment_emergent
from dossier.estimate.deaths import death_counts
from dossier.estimate.event_rates import NO_TABLE, EventRates, event_rates
from dossier.estimate.model import AdverseEventRow, Proportion, Safety
from dossier.estimate.outcomes import proportion

GRADES = (1, 2, 3, 4, 5)
NOT_RECORDED = "the input does not record it"


def safety(
    cohort: Cohort, frame: pd.DataFrame, population: NDArray[np.bool_], estimation: Estimation
) -> Safety:
    """Count adverse events under treatment (`dossier.derive.adverse_events`) and deaths.

    A patient has a kind of event once one of the events is of that kind; that nothing is stated of
    an event is not the same as no, and is counted beside. What the input does not record at all is
    not assessable.

    Parameters
    ----------
    cohort
        The cohort as read.
    frame
        Frame of the derive stage.
    population
        Treated patients, shape (patients,).
    estimation
        Method and level of the limits.
    """
    n = int(population.sum())
    deaths = death_counts(cohort, frame, population)

    def rates_of(kinds: Iterable[str]) -> EventRates:
        unknown, confidence = estimation.maximum_unknown, estimation.confidence
        return event_rates(cohort, frame, population, kinds, unknown, confidence)

    if not cohort.given.get("adverse_events"):
        return Safety(
            given=False, n=n, events=0, reason=NO_TABLE, rates=rates_of(()), deaths=deaths
        )

    position = cohort.adverse_events["patient"].to_numpy(dtype=np.int64)
    events = cohort.adverse_events[population[position] & treatment_emergent(cohort)]
    overview, not_assessable, not_stated = _overview(cohort, events, n, estimation)
    return Safety(
        given=True,
        n=n,
        events=len(events),
        overview=overview,
        terms=_terms(events),
        not_assessable=not_assessable,
        not_stated=not_stated,
        rates=rates_of(kind for kind, share in overview.items() if share.estimate is not None),
        deaths=deaths,
    )


def _overview(
    cohort: Cohort, events: pd.DataFrame, n: int, estimation: Estimation
) -> tuple[dict[str, Proportion], dict[str, str], dict[str, int]]:
    """Shares by kind, the kinds the input does not record, and patients of unknown outcome."""
    patient = events["patient"].to_numpy(dtype=np.int64)
    overview: dict[str, Proportion] = {}
    absent: dict[str, str] = {}
    not_stated: dict[str, int] = {}
    for kind, (mask, unknown) in kinds_of(events).items():
        lacking = [name for name in NEEDED[kind] if not cohort.has("adverse_events", name)]
        if lacking or (len(events) and NEEDED[kind] and unknown.all()):
            absent[kind] = NOT_RECORDED
            continue
        having = np.unique(patient[mask])
        share = proportion(len(having), n, estimation)
        perhaps = len(np.setdiff1d(patient[unknown], having))
        if perhaps:
            not_stated[kind] = perhaps
        # Of missing grades the criteria themselves know what to make.
        if "grade" not in NEEDED[kind] and perhaps > estimation.maximum_unknown * n:
            reason = f"not known for {perhaps} of {n} patients"
            share = replace(share, estimate=None, ci_lower=None, ci_upper=None, reason=reason)
        overview[kind] = share
    return overview, absent, not_stated


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
