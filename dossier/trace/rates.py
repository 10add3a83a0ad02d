"""Shares of patients back to the patients: response, control, benefit, two-stage designs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dossier.derive.registry import RULES
from dossier.estimate.outcomes import Outcome
from dossier.trace.chain import Chain, Mask, PartOf, counted, parts
from dossier.trace.groups import Group
from dossier.trace.model import Contribution, Finding

POPULATION_RULES = {
    "treated patients": ("POP-TREATED",),
    "patients evaluable for response": ("POP-TREATED", "POP-EVALUABLE"),
}
_TREATED = "_treated"
_UNCONFIRMED = "best_response_unconfirmed"
# Numbers of a two-stage design that follow from the design, whoever is treated.
_OF_DESIGN = ("design", "alpha", "power", "early_stop", "expected_n", "confidence", "method")


def is_rate(endpoint: str, chain: Chain) -> bool:
    """Whether an endpoint is a share of patients."""
    return endpoint.removesuffix(_TREATED) in chain.outcomes


def rate(
    chain: Chain, group: Group, keys: Sequence[str], share: Mapping[str, Any]
) -> Finding | None:
    """A number of a share of patients.

    Parameters
    ----------
    chain, group
        What is traced, and whom it is about.
    keys
        Keys below ``endpoints``: the endpoint, and the number.
    share
        The share as it stands in results.json.
    """
    endpoint, key, *rest = keys
    base = endpoint.removesuffix(_TREATED)
    outcome = chain.outcomes[base]
    name, population = _population(group, endpoint)
    # Where the share has none that are unknown, those count as failures.
    unknown = population & outcome.unknown if share["unknown"] else np.zeros_like(population)
    left_out = unknown | (population & outcome.too_early)
    inside = population & ~left_out
    part, applied = _part_of(chain, base, outcome.success), _rules_of(chain, base)
    rules = POPULATION_RULES[name]

    def found(meaning: str, places: Mask, recount: float | None) -> Finding:
        return Finding(
            meaning,
            group.called(name),
            int(population.sum()),
            parts(places, part, applied),
            rules,
            recount,
        )

    events, n = int((inside & outcome.success).sum()), int(inside.sum())
    match key:
        case "events":
            return found("patients with the outcome", inside & outcome.success, events)
        case "n":
            return found("patients in the denominator", inside, n)
        case "estimate":
            meaning = f"{events} of {n} patients"
            return found(meaning, inside, events / n if n and share[key] is not None else None)
        case "ci_lower" | "ci_upper":
            side = "lower" if key == "ci_lower" else "upper"
            meaning = f"{side} confidence limit ({share['method']}) of {events} of {n} patients"
            return found(meaning, inside, None)
        case "too_early" | "unknown":
            places = unknown if key == "unknown" else population & outcome.too_early
            words = "unknown" if key == "unknown" else "not known yet, the follow-up being short"
            return found(
                f"patients left out: their outcome is {words}",
                places,
                int(places.sum()),
            )
        case "two_stage":
            return _two_stage(chain, group, base, share, rest, outcome)
    return None


def _population(group: Group, endpoint: str) -> tuple[str, Mask]:
    if endpoint.endswith(_TREATED):
        return "treated patients", group.treated
    return "patients evaluable for response", group.evaluable


def _part_of(chain: Chain, base: str, success: Mask) -> PartOf:
    def part(place: int) -> Contribution:
        is_success = bool(success[place])
        if base.startswith("cbr_"):
            benefit = f"benefit_{base.removeprefix('cbr_')}"
            return Contribution(
                chain.patient(place),
                chain.text(benefit, place),
                is_success,
                chain.text(benefit, place),
                chain.text(f"{benefit}_basis", place),
                None,
                chain.text(f"{benefit}_rule", place),
                chain.deciding(benefit, place),
            )
        column = _UNCONFIRMED if base == "orr_unconfirmed" else "best_response"
        return response_part(chain, column, place, is_counted=is_success)

    return part


def _rules_of(chain: Chain, base: str) -> NDArray[Any]:
    """By patient, the rule that decided the outcome."""
    if base.startswith("cbr_"):
        return chain.texts(f"benefit_{base.removeprefix('cbr_')}_rule")
    return _response_rules(chain, _UNCONFIRMED if base == "orr_unconfirmed" else "best_response")


def _response_rules(chain: Chain, column: str) -> NDArray[Any]:
    if column != _UNCONFIRMED:
        return chain.texts("best_response_rule")
    return np.array([_unconfirmed_rule(response) for response in chain.texts(column)])


def response_part(chain: Chain, column: str, place: int, *, is_counted: bool) -> Contribution:
    """The best response of a patient, confirmed or not."""
    response, day = chain.text(column, place), chain.number(f"{column}_day", place)
    if column == _UNCONFIRMED:
        rule, sources = _unconfirmed_rule(response), chain.visit_rows(place, day)
    else:
        rule, sources = chain.text("best_response_rule", place), chain.best_response_rows(place)
    return Contribution(
        chain.patient(place),
        response,
        is_counted,
        "",
        chain.text("not_evaluable_response_reason", place) if response == "NE" else "",
        day,
        rule,
        sources,
    )


def _unconfirmed_rule(response: str) -> str:
    code = "NON" if response.startswith("NON") else response
    single = f"BOR-{code}-UNCONFIRMED"
    return single if single in RULES else f"BOR-{code}"


def _two_stage(
    chain: Chain,
    group: Group,
    base: str,
    share: Mapping[str, Any],
    rest: Sequence[str],
    outcome: Outcome,
) -> Finding | None:
    """The patients of a two-stage design: the first treated among the evaluable."""
    design = share["two_stage"]
    if rest[0].startswith(_OF_DESIGN) or rest[-1] == "planned":
        return Finding("a property of the two-stage design declared in cohort.yaml, two_stage")
    stage = design[rest[0]] if rest[0] in ("stage1", "total") else design
    wanted = rest[-1]
    first = stage["n"] if wanted in ("n", "events", "open") else design["n"]
    if first is None:
        if design["total"]["n"] == 0:
            return Finding(design.get("reason", "the design is for one arm"))
        first = design["total"]["n"]
    places = np.flatnonzero(group.evaluable)
    start = chain.cohort.patients["treatment_start"].to_numpy()[places]
    chosen = np.zeros_like(group.evaluable)
    chosen[places[np.argsort(start, kind="stable")][:first]] = True
    unknown_is_open = share["estimate"] is None
    open_ = chosen & (outcome.open | (outcome.unknown & unknown_is_open))
    shown = open_ if wanted == "open" else chosen
    shown = chosen & outcome.success if wanted == "events" else shown
    part = _part_of(chain, base, outcome.success)
    contributions = parts(shown, part, _rules_of(chain, base))
    recount = {"n": len(contributions), "open": len(contributions)}.get(wanted)
    if wanted == "events":
        recount = counted(contributions)
    return Finding(
        f"the first {first} patients of the two-stage design, by start of treatment",
        group.called("patients evaluable for response"),
        int(group.evaluable.sum()),
        contributions,
        POPULATION_RULES["patients evaluable for response"],
        recount if stage[wanted] is not None else None,
    )


def best_response(chain: Chain, group: Group, keys: Sequence[str]) -> Finding | None:
    """A number of best responses: ``n``, ``counts.PR``, ``not_evaluable_reasons.<reason>``."""
    endpoint, key, *rest = keys
    name, population = _population(group, endpoint)
    column = _UNCONFIRMED if key == "unconfirmed_counts" else "best_response"
    response = chain.values("best_response")
    if key == "n":
        places, meaning = population, "patients counted by their best response"
    elif key in ("counts", "unconfirmed_counts"):
        places = population & (chain.values(column) == rest[0])
        words = ", confirmation not required" if column == _UNCONFIRMED else ""
        meaning = f"patients whose best response is {rest[0]}{words}"
    elif key == "not_evaluable_reasons":
        why = chain.values("not_evaluable_response_reason") == rest[0]
        places = population & (response == "NE") & why
        meaning = f"patients whose best response is NE: {rest[0]}"
    else:
        return None
    contributions = parts(
        places,
        lambda place: response_part(chain, column, place, is_counted=True),
        _response_rules(chain, column),
    )
    return Finding(
        meaning,
        group.called(name),
        int(population.sum()),
        contributions,
        POPULATION_RULES[name],
        len(contributions),
    )
