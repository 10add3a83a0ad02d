"""Exposure back to the rows of the patients."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dossier.trace.chain import Chain, Mask, parts
from dossier.trace.groups import Group
from dossier.trace.model import Contribution, Finding
from dossier.units import DAYS_PER_YEAR

_POPULATION = "treated patients"
_OF_KNOWN = ("n", "median", "q1", "q3", "minimum", "maximum")


def exposure(chain: Chain, group: Group, keys: Sequence[str]) -> Finding:
    """A number of the exposure.

    Parameters
    ----------
    chain, group
        What is traced, and whom it is about.
    keys
        Keys below ``exposure``.
    """
    match list(keys):
        case ["n"]:
            return _finding(chain, group, "treated patients", group.treated)
        case ["doses", name, key]:
            return _dose(chain, group, name, key)
        case ["with_any", name, key]:
            return _with_any(chain, group, name, key)
    if "time_on_treatment_days" not in chain.frame:
        if list(keys) == ["unknown"]:
            return _finding(chain, group, "patients of unknown time on treatment", group.treated)
        zero = 0 if keys[-1] in ("n", "events", "unknown", "too_early") else None
        return Finding("the end of treatment is not recorded in the input", recount=zero)
    days = chain.values("time_on_treatment_days").astype(float)
    known: Mask = group.treated & ~np.isnan(days)
    match list(keys):
        case ["duration", *rest]:
            counting = rest == ["n"]
            return _finding(chain, group, "days on treatment", known, days, counting=counting)
        case ["patient_years"]:
            years = float(days[known].sum()) / DAYS_PER_YEAR
            return _finding(chain, group, "days on treatment", known, days, years)
        case ["unknown"]:
            meaning = "patients of unknown time on treatment"
            return _finding(chain, group, meaning, group.treated & ~known)
        case ["ongoing"]:
            going: Mask = known & (chain.values("time_on_treatment_event").astype(float) == 0)
            meaning = "patients on treatment when last heard of"
            return _finding(chain, group, meaning, going, days)
        case ["beyond_progression", key]:
            return _beyond(chain, group, key)
    return Finding("about the exposure as a whole")


def _beyond(chain: Chain, group: Group, key: str) -> Finding:
    state = chain.values("beyond_progression")
    yes: Mask = group.treated & (state == "yes")
    judged: Mask = yes | (group.treated & (state == "no"))
    if key in ("n", "events", "unknown"):
        places = {"n": judged, "events": yes, "unknown": group.treated & (state == "unknown")}[key]
        return _finding(chain, group, "patients who progressed, by treatment beyond", places)
    if key in ("estimate", "ci_lower", "ci_upper"):
        n = int(judged.sum())
        share = int(yes.sum()) / n if key == "estimate" and n else None
        meaning = "treated beyond progression, of those who progressed"
        return _finding(chain, group, meaning, judged, recount=share, counted=yes, counting=False)
    return _no_patients(key)


def _dose(chain: Chain, group: Group, name: str, key: str) -> Finding:
    values = chain.cohort.patients[name].to_numpy(dtype=float)
    known: Mask = group.treated & ~np.isnan(values)
    words = name.replace("_", " ")
    if key == "missing":
        places = group.treated & ~known
        return _finding(chain, group, f"patients whose {words} is missing", places, column=name)
    if key in _OF_KNOWN:
        return _finding(chain, group, words, known, values, counting=key == "n", column=name)
    return Finding("words about the column")


def _with_any(chain: Chain, group: Group, name: str, key: str) -> Finding:
    values = chain.cohort.patients[name].to_numpy(dtype=float)
    known: Mask = group.treated & ~np.isnan(values)
    having: Mask = known & (values > 0)
    words = f"patients with at least one of the {name.replace('_', ' ')}"
    if key in ("n", "events", "unknown"):
        places = {"n": known, "events": having, "unknown": group.treated & ~known}[key]
        return _finding(chain, group, words, places, values, column=name)
    if key in ("estimate", "ci_lower", "ci_upper"):
        n = int(known.sum())
        share = int(having.sum()) / n if key == "estimate" and n else None
        return _finding(
            chain, group, words, known, values, share, counted=having, counting=False, column=name
        )
    return _no_patients(key)


def _no_patients(key: str) -> Finding:
    if key == "too_early":
        return Finding("nobody is too early", recount=0)
    return Finding("the method of the limits: estimation.proportion_ci in cohort.yaml")


def _finding(
    chain: Chain,
    group: Group,
    meaning: str,
    places: Mask,
    values: np.ndarray | None = None,
    recount: float | None = None,
    *,
    counted: Mask | None = None,
    counting: bool = True,
    column: str = "treatment_end",
) -> Finding:
    contributions = parts(
        places,
        lambda place: Contribution(
            chain.patient(place),
            None if values is None or np.isnan(values[place]) else float(values[place]),
            counted=counted is None or bool(counted[place]),
            rule=chain.text("beyond_progression_rule", place) if values is None else "",
            sources=(chain.own_row(place, column),),
        ),
    )
    if recount is None and counting:
        recount = len(contributions)
    return Finding(
        meaning,
        group.called(_POPULATION),
        int(group.treated.sum()),
        contributions,
        ("POP-TREATED",),
        recount,
    )
