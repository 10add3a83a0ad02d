"""How completely the patients were observed, back to their rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dossier.derive.censoring import lost_to_follow_up
from dossier.estimate.vital_status import vital_status
from dossier.trace.chain import Chain, Mask, parts
from dossier.trace.model import Contribution, Finding

_POPULATION = "treated patients"


def observation(chain: Chain, keys: Sequence[str]) -> Finding:
    """A number of the section on follow-up and planned assessments.

    Parameters
    ----------
    chain
        What is traced.
    keys
        Keys below ``observation``.
    """
    treated = chain.mask("treated")
    status = vital_status(chain.frame)
    match list(keys):
        case ["n"]:
            return _found(chain, _POPULATION, treated)
        case ["alive"]:
            return _found(chain, "patients alive when last seen", treated & status.alive)
        case ["died"]:
            return _found(chain, "patients known to have died", treated & status.died)
        case ["status_unknown"]:
            meaning = "patients of whom it is not known whether they died"
            return _found(chain, meaning, treated & status.unknown)
        case ["lost_to_follow_up", "patients"]:
            if not chain.cohort.has("patients", "end_of_treatment_reason"):
                return Finding("the input has no reasons for the end of treatment")
            lost = treated & ~status.died & lost_to_follow_up(chain.cohort)
            return _found(
                chain, "patients recorded as lost to follow-up", lost, "end_of_treatment_reason"
            )
        case ["minimum_potential_follow_up", *_]:
            start = chain.cohort.patients["treatment_start"]
            last = treated & (start == start[treated].max()).to_numpy(dtype=np.bool_)
            meaning = "from the start of treatment of these patients to the data cut-off"
            found = _found(chain, meaning, last, "treatment_start")
            return Finding(found.meaning, found.population, found.members, found.patients)
        case ["completeness", *_]:
            found = _found(chain, "days of follow-up of each patient", treated)
            return Finding(found.meaning, found.population, found.members, found.patients)
    return Finding("planned assessments due and done: derivation.schedule in cohort.yaml")


def _found(chain: Chain, meaning: str, places: Mask, column: str = "") -> Finding:
    contributions = parts(
        places,
        lambda place: Contribution(
            chain.patient(place),
            chain.number("follow_up_days", place),
            counted=True,
            status="days of follow-up",
            sources=(chain.own_row(place, column),),
        ),
    )
    return Finding(
        meaning,
        _POPULATION,
        int(chain.mask("treated").sum()),
        contributions,
        ("POP-TREATED",),
        len(contributions),
    )
