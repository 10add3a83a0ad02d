"""Benefit after 16 weeks back to the patients: whether it lasted, and what was decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from dossier.estimate.decision import CONTINUED
from dossier.estimate.decision import STATES as DECISIONS
from dossier.estimate.lasting_benefit import STATES as DURATIONS
from dossier.estimate.lasting_benefit import members_of
from dossier.trace.chain import Chain, Mask, PartOf, parts
from dossier.trace.groups import Group
from dossier.trace.model import Contribution, Finding
from dossier.trace.rates import POPULATION_RULES

_EVALUABLE, _TREATED = "patients evaluable for response", "treated patients"


def durability(
    chain: Chain, group: Group, keys: Sequence[str], section: Mapping[str, Any]
) -> Finding | None:
    """A number of the section ``durability``.

    Parameters
    ----------
    chain, group
        What is traced, and whom it is about.
    keys
        Keys below ``durability``: the group, and the number.
    section
        The group as it stands in results.json.
    """
    name, key, *rest = keys
    inside = members_of(chain.frame, group.evaluable, name)
    state, reason = chain.values("durability_24w"), chain.values("durability_24w_reason")
    kept, lost = inside & (state == "kept"), inside & (state == "lost")

    def found(meaning: str, places: Mask, **counted: float | None) -> Finding:
        contributions = parts(
            places, _of_durability(chain, kept), chain.texts("durability_24w_rule")
        )
        return Finding(
            f"benefit at 16 weeks, {meaning}",
            group.called(_EVALUABLE),
            int(group.evaluable.sum()),
            contributions,
            POPULATION_RULES[_EVALUABLE],
            counted.get("recount", len(contributions)),
        )

    if key == "n":
        return found("whatever became of it at 24 weeks", inside)
    if key in DURATIONS:
        words = DURATIONS[key]
        return found(f"at 24 weeks: {words}", inside & (state == words))
    if key == "lost_reasons":
        return found(f"lost before 24 weeks by {rest[0]}", lost & (reason == rest[0]))
    if key == "counted_although_not_kept":
        later = chain.values("benefit_24w") == "benefit"
        meaning = "not known to be kept, though counted as benefit at 24 weeks by definition"
        return found(meaning, inside & (state != "kept") & later)
    if key != "share" or rest[0] in ("method", "confidence", "reason"):
        return None
    return _share(found, section["share"], rest[0], (inside, kept, lost, state))


def _share(
    found: Callable[..., Finding],
    share: Mapping[str, Any],
    key: str,
    masks: tuple[Mask, Mask, Mask, Any],
) -> Finding:
    inside, kept, lost, state = masks
    events, n = int(kept.sum()), int((kept | lost).sum())
    match key:
        case "events":
            return found("kept to 24 weeks", kept)
        case "n":
            return found("kept or lost by 24 weeks", kept | lost)
        case "too_early" | "unknown":
            words = DURATIONS[key]
            return found(f"left out of the share: {words}", inside & (state == words))
        case "estimate":
            recount = None if share[key] is None else events / n
            return found(f"kept to 24 weeks by {events} of {n}", kept | lost, recount=recount)
    side = "lower" if key == "ci_lower" else "upper"
    meaning = f"{side} confidence limit ({share['method']}) of {events} of {n} patients"
    return found(meaning, kept | lost, recount=None)


def _of_durability(chain: Chain, kept: Mask) -> PartOf:
    def part(place: int) -> Contribution:
        return Contribution(
            chain.patient(place),
            chain.text("durability_24w", place),
            bool(kept[place]),
            chain.text("durability_24w_basis", place),
            chain.text("durability_24w_reason", place),
            None,
            chain.text("durability_24w_rule", place),
            chain.deciding("durability_24w", place),
        )

    return part


def decision_16w(chain: Chain, group: Group, keys: Sequence[str]) -> Finding | None:
    """A number of the section ``decision_16w``.

    Parameters
    ----------
    chain, group
        What is traced, and whom it is about.
    keys
        Keys below ``decision_16w``: a state and a reason where it is about some, and the number.
    """
    inside, about, rest = group.treated, "", list(keys)
    if rest[0] == "window":
        return Finding(
            "day 112 with the tolerance either way: derivation.benefit_tolerance_days in "
            "cohort.yaml, or its default"
        )
    if rest[0] in DECISIONS:
        about = DECISIONS[rest.pop(0)]
        inside = inside & (chain.values("benefit_16w") == about)
        if rest[0] == "reasons":
            inside = inside & (chain.values("benefit_16w_basis") == rest[1])
            about += f" ({rest[1]})"
            rest = rest[2:]
    endpoint = "benefit_16w"
    if rest[0] == "scan_in_window":
        inside = inside & ~np.isnan(chain.values("decision_16w_day").astype(float))
        meaning, endpoint = "with an assessment in the window around week 16", "decision_16w"
    elif rest[0] == "continued":
        words = CONTINUED[rest[1]]
        inside = inside & (chain.values("continued_16w") == words)
        meaning, endpoint = f"treatment went on after week 16: {words}", "continued_16w"
    else:
        meaning = "counted at the decision at 16 weeks"
    rules = chain.no_rules() if endpoint == "decision_16w" else chain.texts(f"{endpoint}_rule")
    contributions = parts(inside, _of_decision(chain, endpoint), rules)
    return Finding(
        f"{about or 'all'}: {meaning}",
        group.called(_TREATED),
        int(group.treated.sum()),
        contributions,
        POPULATION_RULES[_TREATED],
        len(contributions),
    )


def _of_decision(chain: Chain, endpoint: str) -> PartOf:
    def part(place: int) -> Contribution:
        if endpoint == "decision_16w":
            row = float(chain.values("decision_16w_row")[place])
            return Contribution(
                chain.patient(place),
                chain.text("decision_16w_response", place),
                counted=True,
                day=chain.number("decision_16w_day", place),
                sources=(chain.row("decides", "assessments", row, "response"),),
            )
        why = "basis" if endpoint == "benefit_16w" else "reason"
        return Contribution(
            chain.patient(place),
            chain.text(endpoint, place),
            counted=True,
            reason=chain.text(f"{endpoint}_{why}", place),
            rule=chain.text(f"{endpoint}_rule", place),
            sources=chain.deciding(endpoint, place),
        )

    return part
