"""Agreement of assessors back to the patients whom both have read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dossier.derive.concordance import best_response_by_assessor
from dossier.estimate.outcomes import OBJECTIVE
from dossier.trace.chain import Chain, parts
from dossier.trace.groups import Group
from dossier.trace.model import Contribution, Finding, SourceRow


def concordance(chain: Chain, group: Group, keys: Sequence[str]) -> Finding | None:
    """A number of the section ``concordance``.

    Parameters
    ----------
    chain, group
        What is traced, and whom it is about.
    keys
        Keys below ``concordance``.
    """
    if keys[0] != "pairs":
        return Finding(
            "whose readings count, and whether a person chose: derivation.assessor in cohort.yaml"
        )
    pair = chain.results["concordance"]["pairs"][int(keys[1])]
    names = pair["first"], pair["second"]
    key, last = keys[2], keys[-1]
    if key in ("first", "second"):
        return Finding("an assessor, as the assessments name them")
    if last in ("reason", "method", "confidence"):
        return None
    read = best_response_by_assessor(chain.cohort)
    places = np.flatnonzero(group.treated)
    answers = np.full((len(chain.frame), 2), "", dtype=object)
    answers[places] = read[list(names)].to_numpy(dtype=object)
    one, other = answers[:, 0], answers[:, 1]
    by_one, by_other = one != "", other != ""
    both = by_one & by_other
    is_response = np.isin(answers.astype(str), OBJECTIVE)
    same = is_response[:, 0] == is_response[:, 1] if key == "response" else one == other
    counted = {
        "n": ("read by both", both),
        "only_first": (f"read by the {names[0]} assessor only", by_one & ~by_other),
        "only_second": (f"read by the {names[1]} assessor only", by_other & ~by_one),
        "neither": ("read by neither", group.treated & ~by_one & ~by_other),
        "responders_first": (f"a response by the {names[0]} assessor", both & is_response[:, 0]),
        "responders_second": (f"a response by the {names[1]} assessor", both & is_response[:, 1]),
    }
    if key in counted:
        meaning, inside = counted[key]
        recount: float | None = int(inside.sum())
    elif last == "n":
        meaning, inside, recount = "read by both", both, int(both.sum())
    elif last == "events":
        meaning, inside, recount = "both found the same", both & same, int((both & same).sum())
    else:
        what = "kappa" if "kappa" in keys else "agreement"
        meaning, inside, recount = f"{what} of the two assessors", both, None
        if last == "estimate" and what == "agreement" and both.any():
            recount = int((both & same).sum()) / int(both.sum())

    def part(place: int) -> Contribution:
        return Contribution(
            chain.patient(place),
            " / ".join(str(x) or "not read" for x in answers[place]),
            bool(same[place]),
            sources=_rows(chain, place, names),
        )

    return Finding(
        f"{meaning} ({names[0]} / {names[1]})",
        group.called("treated patients"),
        int(group.treated.sum()),
        parts(inside, part),
        ("POP-TREATED",),
        recount,
    )


def _rows(chain: Chain, place: int, names: tuple[str, str]) -> tuple[SourceRow, ...]:
    """The assessments of a patient by either; the patient's own row where there is none."""
    visits = chain.cohort.assessments
    own = visits["patient"].to_numpy(dtype=int) == place
    own &= visits["assessor"].str.casefold().isin(names).to_numpy(dtype=bool)
    rows = visits["row"].to_numpy(dtype=float)[own]
    found = tuple(chain.row("describes", "assessments", float(row), "response") for row in rows)
    return found or (chain.own_row(place),)
