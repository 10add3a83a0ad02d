"""PFS ratios and exceptional responders back to the patients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dossier.estimate.individual import NOT_GIVEN, NOT_YET
from dossier.trace.chain import Chain, Mask, PartOf, parts
from dossier.trace.groups import Group
from dossier.trace.model import Contribution, Finding

_OF_METHOD = ("method", "confidence", "reason", "threshold")


def pfs_ratio(
    chain: Chain, group: Group, keys: Sequence[str], section: Mapping[str, Any]
) -> Finding | None:
    """A number of the PFS ratio.

    Parameters
    ----------
    chain, group
        What is traced, and whom it is about.
    keys
        Keys below ``endpoints``: ``pfs_ratio``, and the number.
    section
        The endpoint as it stands in results.json.
    """
    key = keys[1]
    state, reason = chain.values("pfs_ratio_state"), chain.values("pfs_ratio_reason")
    inside = group.treated
    met, missed, open_ = (inside & (state == x) for x in ("met", "not met", "indeterminate"))
    known, unknown = met | missed | open_, inside & (state == "unknown")
    judged, ratios = int((met | missed).sum()), int(known.sum())
    part, rules = _of_ratio(chain, met), chain.texts("pfs_ratio_rule")
    if keys[-1] in _OF_METHOD:
        return None
    shares = {
        "estimate": (met | missed, int(met.sum()), judged, "reached the ratio or missed it"),
        "lowest": (known, int(met.sum()), ratios, "if no censored patient came to reach it"),
        "highest": (known, int((met | open_).sum()), ratios, "if every censored patient did"),
    }
    if key in shares:
        places, events, n, words = shares[key]
        recount = None if section[key] is None else events / n
        return _found(group, f"PFS ratio: {events} of {n}, {words}", places, part, recount, rules)
    if key in ("ci_lower", "ci_upper"):
        side = "lower" if key == "ci_lower" else "upper"
        meaning = (
            f"{side} confidence limit ({section['method']}) of {section['events']} of {judged}"
        )
        return _found(group, meaning, met | missed, part, None, rules)
    if key == "median":
        return _found(
            group, "median of all ratios, censored ones included", known, part, None, rules
        )
    counted = {
        "n": ("patients who reached the ratio or missed it", met | missed),
        "events": ("patients who reached the ratio", met),
        "not_reached": ("patients who missed the ratio", missed),
        "with_ratio": ("patients with a ratio", known),
        "indeterminate": ("patients censored before the ratio: no failures", open_),
        "not_given": ("patients without an earlier progression-free survival",
                      unknown & (reason == NOT_GIVEN)),
        "unknown": ("patients whose ratio is not known", unknown & (reason != NOT_GIVEN)),
        "unknown_reasons": ("patients whose ratio is not known", unknown & (reason == keys[-1])),
    }  # fmt: skip
    if key not in counted:
        return None
    meaning, places = counted[key]
    return _found(group, meaning, places, part, int(places.sum()), rules)


def _of_ratio(chain: Chain, met: Mask) -> PartOf:
    def part(place: int) -> Contribution:
        return Contribution(
            chain.patient(place),
            chain.number("pfs_ratio", place),
            bool(met[place]),
            chain.text("pfs_ratio_state", place),
            chain.text("pfs_ratio_reason", place),
            None,
            chain.text("pfs_ratio_rule", place),
            (*chain.deciding("pfs_ratio", place, "describes"), *chain.deciding("pfs", place)),
        )

    return part


def exceptional_responders(
    chain: Chain, group: Group, keys: Sequence[str], section: Mapping[str, Any]
) -> Finding | None:
    """A number of the exceptional responders; parameters as for `pfs_ratio`."""
    key = keys[1]
    if keys[-1] in _OF_METHOD:
        return None
    flag, basis = chain.mask("exceptional_responder"), chain.values("exceptional_responder_basis")
    unknown = chain.values("exceptional_responder_rule") == "EXCEPTIONAL-UNKNOWN"
    inside = group.treated
    part = _of_exceptional(chain, flag)
    rules = chain.texts("exceptional_responder_rule")
    events, n = int((inside & flag).sum()), int((inside & ~unknown).sum())
    words = f"exceptional responders, {events} of {n} treated patients"
    if key == "estimate":
        recount = None if section[key] is None else events / n
        return _found(group, words, inside & ~unknown, part, recount, rules)
    if key in ("ci_lower", "ci_upper"):
        side = "lower" if key == "ci_lower" else "upper"
        meaning = f"{side} confidence limit ({section['method']}) of {words}"
        return _found(group, meaning, inside & ~unknown, part, None, rules)
    counted = {
        "n": ("patients of whom it is known", inside & ~unknown),
        "events": ("exceptional responders", inside & flag),
        "unknown": ("patients of whom it is not known", inside & unknown),
        "bases": (f"exceptional responders: {keys[-1]}", inside & (basis == keys[-1])),
        "followed_too_short": ("patients who may become one", inside & (basis == NOT_YET)),
    }
    if key not in counted:
        return None
    meaning, places = counted[key]
    return _found(group, meaning, places, part, int(places.sum()), rules)


def _of_exceptional(chain: Chain, flag: Mask) -> PartOf:
    def part(place: int) -> Contribution:
        complete = chain.text("exceptional_responder_basis", place) == "complete response"
        rows = chain.best_response_rows(place) if complete else chain.deciding("pfs", place)
        return Contribution(
            chain.patient(place),
            chain.text("best_response", place) if complete else chain.number("pfs_days", place),
            bool(flag[place]),
            "",
            chain.text("exceptional_responder_basis", place),
            None,
            chain.text("exceptional_responder_rule", place),
            rows,
        )

    return part


def _found(
    group: Group,
    meaning: str,
    places: Mask,
    part: PartOf,
    recount: float | None,
    rules: NDArray[Any],
) -> Finding:
    return Finding(
        meaning,
        group.called("treated patients"),
        int(np.count_nonzero(group.treated)),
        parts(places, part, rules),
        ("POP-TREATED",),
        recount,
    )
