"""Data queries about death and the last contact: out of time, or contradicting each other."""

from __future__ import annotations

import numpy as np

from dossier.cohort.chronology import Chronology
from dossier.cohort.patient_queries import given, nobody, numbers, texts
from dossier.cohort.query_rule import Finding, query_rule


@query_rule(
    "death-before-treatment-start",
    "error",
    "patients.death_date",
    "the day of death is not known, and so neither are the times that end with it",
    "benefit",
    "pfs",
    "os",
    "dor",
)
def death_before_treatment_start(dates: Chronology) -> Finding:
    """Death before the start of treatment."""
    return Finding(
        dates.death < dates.start,
        lambda at: (
            f"the patient died on {dates.death[at]}, before the start of treatment on "
            f"{dates.start[at]}"
        ),
    )


@query_rule(
    "death-after-cutoff",
    "note",
    "patients.death_date",
    "the patient counts as alive at the data cut-off",
    "pfs",
    "os",
    "dor",
)
def death_after_cutoff(dates: Chronology) -> Finding:
    """Death after the data cut-off."""
    return Finding(
        dates.death > dates.cutoff,
        lambda at: f"the patient died on {dates.death[at]}, after the data cut-off {dates.cutoff}",
    )


@query_rule(
    "death-without-date",
    "error",
    "patients.death_date",
    "the day of death is not known, and so neither are the times that end with it",
    "pfs",
    "os",
    "dor",
)
def death_without_date(dates: Chronology) -> Finding:
    """A death told by its cause or by `os_event`, with no date though there is a column for it."""
    if not given(dates, "death_date"):
        return Finding(nobody(dates), lambda _: "")
    caused = texts(dates, "death_cause") != ""
    died = numbers(dates, "os_event") == 1
    told = np.where(caused, "a cause of death", "the death (os_event)")
    return Finding(
        np.isnat(dates.death) & (caused | died),
        lambda at: f"{told[at]} is given, but no date of death",
    )


@query_rule(
    "alive-after-death",
    "error",
    "patients.last_known_alive",
    "the date of death is used; one of the two dates is wrong",
    "os",
)
def alive_after_death(dates: Chronology) -> Finding:
    """A patient known alive after the date of death."""
    alive = dates.dates("patients", "last_known_alive")
    return Finding(
        alive > dates.death,
        lambda at: (
            f"the patient is known alive on {alive[at]}, after the death on {dates.death[at]}"
        ),
    )


@query_rule(
    "alive-after-cutoff",
    "note",
    "patients.last_known_alive",
    "overall survival is censored at the data cut-off, when the patient was alive",
    "os",
)
def alive_after_cutoff(dates: Chronology) -> Finding:
    """A patient known alive after the data cut-off."""
    alive = dates.dates("patients", "last_known_alive")
    return Finding(
        alive > dates.cutoff,
        lambda at: (
            f"the patient is known alive on {alive[at]}, after the data cut-off {dates.cutoff}"
        ),
    )


@query_rule(
    "last-alive-before-treatment-start",
    "warning",
    "patients.last_known_alive",
    "survival is followed to the last other date of the patient; the date seems wrong",
    "os",
)
def last_alive_before_treatment_start(dates: Chronology) -> Finding:
    """A last contact before the start of treatment."""
    alive = dates.dates("patients", "last_known_alive")
    return Finding(
        alive < dates.start,
        lambda at: (
            f"the patient was last known alive on {alive[at]}, before the start of treatment on "
            f"{dates.start[at]}"
        ),
    )


RULES = (
    death_before_treatment_start,
    death_after_cutoff,
    death_without_date,
    alive_after_death,
    alive_after_cutoff,
    last_alive_before_treatment_start,
)
