"""Numbers of the safety section back to the rows of the adverse events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from dossier.derive.adverse_events import SEVERE_FROM, kinds_of, treatment_emergent
from dossier.trace import deaths, event_rates
from dossier.trace.chain import Chain, Mask, parts
from dossier.trace.groups import Group
from dossier.trace.model import Contribution, Finding

_POPULATION = "treated patients"


def safety(chain: Chain, group: Group, keys: Sequence[str], part: Mapping[str, Any]) -> Finding:
    """A number of the safety section.

    Parameters
    ----------
    chain, group
        What is traced, and whom it is about.
    keys
        Keys below ``safety``.
    part
        The safety section as it stands in results.json.
    """
    match list(keys):
        case ["n"]:
            return _members(chain, group)
        case ["events"] if part["given"]:
            return _found(chain, group, "adverse events under treatment", _events(chain, group))
        case ["overview", kind, key]:
            return _share(chain, group, kind, key)
        case ["not_stated", kind]:
            return _not_stated(chain, group, kind)
        case ["exposure_adjusted", *rest] if rest[0] in ("n", "unknown", "patient_years", "kinds"):
            return event_rates.rates(chain, group, rest)
        case ["deaths", *rest]:
            return deaths.deaths(chain, group, rest)
        case ["terms", place, key, *rest] if key in ("any", "severe", "grades", "unknown"):
            return _term(chain, group, part["terms"][int(place)], key, rest)
    if part.get("reason") is not None:
        return Finding(f"no adverse events: {part['reason']}")
    return Finding("words or a method of the safety section, no number of patients")


def _events(chain: Chain, group: Group) -> pd.DataFrame:
    """Events of the treated that began under treatment, or may have."""
    events = chain.cohort.adverse_events
    position = events["patient"].to_numpy(dtype=int)
    return events[group.treated[position] & treatment_emergent(chain.cohort)]


def _members(chain: Chain, group: Group, meaning: str = "treated patients") -> Finding:
    contributions = parts(
        group.treated,
        lambda place: Contribution(
            chain.patient(place), None, counted=True, sources=(chain.own_row(place),)
        ),
        chain.no_rules(),
    )
    return Finding(
        meaning,
        group.called(_POPULATION),
        int(group.treated.sum()),
        contributions,
        ("POP-TREATED",),
        len(contributions),
    )


def _not_stated(chain: Chain, group: Group, kind: str) -> Finding:
    events = _events(chain, group)
    of_kind, unknown = kinds_of(events)[kind]
    having = events.loc[of_kind, "patient"].unique()
    perhaps = events[unknown & ~events["patient"].isin(having).to_numpy(dtype=bool)]
    words = kind.replace("_", " ")
    found = _found(chain, group, f"patients with an event that may be one of: {words}", perhaps)
    return _with_recount(found, len(found.patients))


def _share(chain: Chain, group: Group, kind: str, key: str) -> Finding:
    events = _events(chain, group)
    events = events[kinds_of(events)[kind][0]]
    words = kind.replace("_", " ")
    if key == "n":
        return _members(chain, group, "patients in the denominator")
    if key in ("events", "estimate", "ci_lower", "ci_upper"):
        found = _found(chain, group, f"patients with an adverse event: {words}", events)
        patients, n = len(found.patients), int(group.treated.sum())
        recount = {"events": patients, "estimate": patients / n if n else None}.get(key)
        return _with_recount(found, recount)
    if key in ("too_early", "unknown"):
        return _with_recount(Finding("nobody is left out of a safety share"), 0)
    return Finding("the method of the limits: estimation.proportion_ci in cohort.yaml")


def _with_recount(found: Finding, recount: float | None) -> Finding:
    return Finding(
        found.meaning, found.population, found.members, found.patients, found.rules, recount
    )


def _term(
    chain: Chain, group: Group, row: Mapping[str, Any], key: str, rest: Sequence[str]
) -> Finding:
    """Patients with a class or term of events, each at the worst grade."""
    events = _events(chain, group)
    events = events[events["soc"] == row["soc"]]
    if row["term"]:
        events = events[events["term"] == row["term"]]
    grade = events["grade"].fillna(0)
    worst = grade.groupby(events["patient"]).transform("max")
    if key == "severe":
        keep = worst >= SEVERE_FROM
    elif key == "grades":
        keep = worst == int(rest[0])
    elif key == "unknown":
        keep = worst == 0
    else:
        keep = pd.Series(data=True, index=events.index)
    # Of the patients counted the rows at the worst grade; for any grade all rows.
    rows = keep if key == "any" else keep & (grade == worst)
    words = {"any": "of any grade", "severe": "of grade 3 or higher", "unknown": "of unknown grade"}
    name = row["term"] or row["soc"]
    meaning = f"patients with {name} {words.get(key) or f'of grade {rest[0]} at worst'}"
    found = _found(chain, group, meaning, events[rows.to_numpy(dtype=bool)])
    return _with_recount(found, len(found.patients))


def _found(chain: Chain, group: Group, meaning: str, events: pd.DataFrame) -> Finding:
    """The patients of some events, with the rows; the count of rows for the events themselves."""
    place_of_event = events["patient"].to_numpy(dtype=int)
    having: Mask = np.zeros_like(group.treated)
    having[place_of_event] = True

    @cache
    def by_patient() -> dict[int, pd.DataFrame]:
        return dict(tuple(events.groupby("patient")))

    def part(place: int) -> Contribution:
        own = by_patient()[place]
        worst = own["grade"].max()
        terms = ", ".join(dict.fromkeys(term for term in own["term"] if term))
        return Contribution(
            chain.patient(place),
            None if pd.isna(worst) else int(worst),
            counted=True,
            status="grade not known" if pd.isna(worst) else "worst grade",
            reason=terms,
            sources=tuple(chain.row("counts", "adverse_events", float(row)) for row in own["row"]),
        )

    return Finding(
        meaning,
        group.called(_POPULATION),
        int(group.treated.sum()),
        parts(having, part, chain.no_rules()),
        ("POP-TREATED", "AE-UNDER-TREATMENT"),
        len(events),
    )
