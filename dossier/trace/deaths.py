"""Deaths back to the rows of the patients."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dossier.estimate.deaths import NO_CAUSE, with_fatal_event, with_related_fatal_event
from dossier.estimate.vital_status import vital_status
from dossier.trace.chain import Chain, Mask, parts
from dossier.trace.groups import Group
from dossier.trace.model import Contribution, Finding

_POPULATION = "treated patients"


def deaths(chain: Chain, group: Group, keys: Sequence[str]) -> Finding:
    """A number of the deaths.

    Parameters
    ----------
    chain, group
        What is traced, and whom it is about.
    keys
        Keys below ``safety.deaths``.
    """
    match list(keys):
        case ["n"]:
            return _finding(chain, group, "treated patients", group.treated)
        case ["related_fatal_event", "events"]:
            if not chain.cohort.given.get("adverse_events"):
                return Finding("no adverse events in the input")
            places: Mask = group.treated & with_related_fatal_event(chain.cohort)
            meaning = "patients with a treatment-related adverse event of grade 5"
            return _finding(chain, group, meaning, places)
        case ["window_days"]:
            return Finding("a setting: derivation.death_window_days in cohort.yaml")
    if "death_timing" not in chain.frame:
        return Finding("deaths are not recorded in the input")
    timing = chain.values("death_timing")
    match list(keys):
        case ["deaths"]:
            return _finding(chain, group, "deaths", group.treated & (timing != ""))
        case ["status_unknown"]:
            meaning = "patients of whom it is not known whether they died"
            return _finding(
                chain, group, meaning, group.treated & vital_status(chain.frame).unknown
            )
        case ["fatal_without_death"]:
            places = group.treated & with_fatal_event(chain.cohort) & (timing == "")
            meaning = "patients with an adverse event of grade 5 of whom no death is recorded"
            return _finding(chain, group, meaning, places)
        case ["timing", name, "deaths"]:
            meaning = f"deaths by time since the last dose: {name}"
            return _finding(chain, group, meaning, group.treated & (timing == name))
        case ["timing", name, "causes", cause]:
            told = chain.values("death_cause")
            told = np.where(told == "", NO_CAUSE, told)
            meaning = f"deaths by time since the last dose and cause: {name}, {cause}"
            places = group.treated & (timing == name) & (told == cause)
            return _finding(chain, group, meaning, places)
    return Finding("words about the deaths")


def _finding(chain: Chain, group: Group, meaning: str, places: Mask) -> Finding:
    contributions = parts(
        places,
        lambda place: Contribution(
            chain.patient(place),
            chain.number("death_days_after_treatment", place)
            if "death_timing" in chain.frame
            else None,
            counted=True,
            status="days after the last dose",
            reason=chain.text("death_cause", place),
            rule=chain.text("death_rule", place),
            sources=(chain.own_row(place, "death_date"),),
        ),
    )
    return Finding(
        meaning,
        group.called(_POPULATION),
        int(group.treated.sum()),
        contributions,
        ("POP-TREATED",),
        len(contributions),
    )
