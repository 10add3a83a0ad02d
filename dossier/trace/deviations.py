"""Protocol deviations back to their rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dossier.trace.chain import Chain, parts
from dossier.trace.model import Contribution, Finding

_COLUMNS = {"important": "important", "waivers": "waiver"}
_POPULATION = "enrolled patients"


def protocol_deviations(chain: Chain, keys: Sequence[str]) -> Finding | None:
    """A number of the section on protocol deviations.

    Parameters
    ----------
    chain
        What is traced.
    keys
        Keys below ``protocol_deviations``.
    """
    section = chain.results["protocol_deviations"]
    everybody = np.ones(len(chain.frame), dtype=np.bool_)
    if list(keys) == ["n"]:
        members = parts(
            everybody,
            lambda place: Contribution(
                chain.patient(place), None, counted=True, sources=(chain.own_row(place),)
            ),
        )
        return Finding(_POPULATION, _POPULATION, len(members), members, (), len(members))
    if not section["given"]:
        return Finding(f"no protocol deviations: {section.get('reason', '')}")
    rows = chain.cohort.protocol_deviations
    cutoff = chain.cohort.data_cutoff
    late = np.zeros(len(rows), dtype=np.bool_)
    if cutoff is not None:
        late = (rows["date"] > pd.Timestamp(cutoff)).to_numpy(dtype=np.bool_)
    if list(keys) == ["after_cutoff"]:
        return _found(chain, "deviations after the data cut-off", rows[late], of_patients=False)
    rows, words, rest = rows[~late], "protocol deviations", list(keys)
    if rest[0] == "categories":
        category = section["categories"][int(rest[1])]["category"]
        rows, words, rest = rows[rows["category"] == category], f"{words}: {category}", rest[2:]
    if rest[0] in _COLUMNS:
        flag = rows[_COLUMNS[rest[0]]]
        unknown = rest[1] == "unknown"
        rows = rows[flag.isna() if unknown else flag == 1]
        words += f", {rest[0]}" + (" or not is not known" if unknown else "")
        rest = rest[1:]
    if rest[0] in ("category", "given"):
        return Finding("words of the table of protocol deviations, no number of patients")
    if rest[0] not in ("patients", "deviations", "unknown"):
        return None
    return _found(chain, words, rows, of_patients=rest[0] == "patients")


def _found(chain: Chain, meaning: str, rows: pd.DataFrame, *, of_patients: bool) -> Finding:
    having = np.zeros(len(chain.frame), dtype=np.bool_)
    having[rows["patient"].to_numpy(dtype=int)] = True
    by_patient = dict(tuple(rows.groupby("patient")))

    def part(place: int) -> Contribution:
        own = by_patient[place]
        return Contribution(
            chain.patient(place),
            len(own),
            counted=True,
            status="deviations",
            reason=", ".join(dict.fromkeys(own["category"])),
            sources=tuple(
                chain.row("counts", "protocol_deviations", float(row)) for row in own["row"]
            ),
        )

    contributions = parts(having, part)
    return Finding(
        meaning,
        _POPULATION,
        len(chain.frame),
        contributions,
        (),
        len(contributions) if of_patients else len(rows),
    )
