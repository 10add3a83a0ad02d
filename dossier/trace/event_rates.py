"""Exposure-adjusted rates back to the time at risk and the first events of the patients."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dossier.derive.adverse_events import kinds_of, treatment_emergent
from dossier.estimate.event_rates import PER, first_events
from dossier.trace.chain import Chain, Mask, parts
from dossier.trace.groups import Group
from dossier.trace.model import Contribution, Finding
from dossier.units import DAYS_PER_YEAR

_POPULATION = "treated patients"
_RULES = ("POP-TREATED", "AE-AT-RISK")


def rates(chain: Chain, group: Group, keys: Sequence[str]) -> Finding:
    """A number of the exposure-adjusted rates.

    Parameters
    ----------
    chain, group
        What is traced, and whom it is about.
    keys
        Keys below ``safety.exposure_adjusted``.
    """
    if "at_risk_days" not in chain.frame:
        if list(keys) == ["unknown"]:
            return _finding(chain, group, "patients of unknown time at risk", group.treated)
        return Finding("the time at risk is not known for anybody", recount=0)
    at_risk = np.where(group.treated, chain.values("at_risk_days").astype(float), np.nan)
    known: Mask = ~np.isnan(at_risk)
    match list(keys):
        case ["n"]:
            return _finding(chain, group, "patients whose time at risk is known", known, at_risk)
        case ["unknown"]:
            return _finding(
                chain, group, "patients whose time at risk is not known", group.treated & ~known
            )
        case ["patient_years"]:
            years = float(np.nansum(at_risk)) / DAYS_PER_YEAR
            return _finding(chain, group, "days at risk", known, at_risk, years)
        case ["kinds", kind, which, key]:
            return _rate(chain, group, at_risk, kind, which, key)
    return Finding("about the rates as a whole: a setting or a method")


def _rate(
    chain: Chain, group: Group, at_risk: np.ndarray, kind: str, which: str, key: str
) -> Finding:
    words = kind.replace("_", " ")
    cohort = chain.cohort
    of_kind = kinds_of(cohort.adverse_events)[kind][0] & treatment_emergent(cohort)
    first = first_events(cohort, at_risk, of_kind)
    known: Mask = ~np.isnan(at_risk)
    if key == "unknown":
        places: Mask = known & first.unknown
        meaning = f"patients of whom no event has a date: {words}"
        return _finding(chain, group, meaning, places, at_risk)
    if which == "occurrences":
        years, number = float(np.nansum(at_risk)) / DAYS_PER_YEAR, int(first.counted.sum())
        recount = {"occurrences": number, "patient_years": years}.get(key)
        if key == "estimate":
            recount = number * PER / years
        if key == "patient_years":
            return _finding(chain, group, "days at risk", known, at_risk, years)
        events = cohort.adverse_events[first.counted]
        return _of_events(chain, group, f"events within the time at risk: {words}", events, recount)
    until = np.where(np.isnan(first.day), at_risk, first.day)
    inside: Mask = known & ~first.unknown
    having: Mask = ~np.isnan(first.day)
    years = float(until[inside].sum()) / DAYS_PER_YEAR
    if key == "patient_years":
        meaning = f"days at risk until the first event: {words}"
        return _finding(chain, group, meaning, inside, until, years)
    meaning = f"patients with a first event within the time at risk: {words}"
    number = int(having.sum())
    rate = number * PER / years if key == "estimate" and years else None
    recount = number if key == "events" else rate
    if key == "events":
        own = first.counted & np.isin(cohort.adverse_events["patient"], np.flatnonzero(having))
        return _of_events(chain, group, meaning, cohort.adverse_events[own], recount)
    return _finding(chain, group, meaning, inside, until, recount, counted=having)


def _finding(
    chain: Chain,
    group: Group,
    meaning: str,
    places: Mask,
    values: np.ndarray | None = None,
    recount: float | None = None,
    counted: Mask | None = None,
) -> Finding:
    contributions = parts(
        places,
        lambda place: Contribution(
            chain.patient(place),
            None if values is None or np.isnan(values[place]) else float(values[place]),
            counted=counted is None or bool(counted[place]),
            status="days" if values is not None else "",
            rule="AE-AT-RISK",
            sources=(chain.own_row(place, "treatment_end"),),
        ),
    )
    if recount is None and counted is None:
        recount = len(contributions)
    return Finding(
        meaning,
        group.called(_POPULATION),
        int(group.treated.sum()),
        contributions,
        ("POP-TREATED",),
        recount,
    )


def _of_events(
    chain: Chain, group: Group, meaning: str, events: pd.DataFrame, recount: float | None
) -> Finding:
    by_patient = dict(tuple(events.groupby("patient")))
    places: Mask = np.zeros_like(group.treated)
    places[events["patient"].to_numpy(dtype=int)] = True
    contributions = parts(
        places,
        lambda place: Contribution(
            chain.patient(place),
            len(by_patient[place]),
            counted=True,
            status="events",
            sources=tuple(
                chain.row("counts", "adverse_events", float(row))
                for row in by_patient[place]["row"]
            ),
        ),
    )
    return Finding(
        meaning,
        group.called(_POPULATION),
        int(group.treated.sum()),
        contributions,
        _RULES,
        recount,
    )
