"""Data queries about the patients table: treatment and its dates; deaths are in another module."""

from __future__ import annotations

import numpy as np

from dossier.cohort.chronology import Chronology, Flags, Floats, Texts
from dossier.cohort.query_rule import Finding, query_rule

_FROM_DATES = ("best_response", "benefit", "pfs", "os", "dor")


def numbers(dates: Chronology, column: str) -> Floats:
    """Values of a number column of the patients, NaN where missing."""
    values: Floats = dates.cohort.patients[column].to_numpy(dtype=np.float64)
    return values


def texts(dates: Chronology, column: str) -> Texts:
    """Values of a text column of the patients, ``""`` where missing."""
    values: Texts = dates.cohort.patients[column].to_numpy(dtype=object)
    return values


def given(dates: Chronology, *columns: str) -> bool:
    """Whether the patients table has all these columns."""
    return all(dates.cohort.has("patients", column) for column in columns)


def nobody(dates: Chronology) -> Flags:
    """Shape (patients,): no patient."""
    return np.zeros(len(dates.start), dtype=bool)


@query_rule(
    "no-treatment-start",
    "warning",
    "patients.treatment_start",
    "the patient does not count as treated",
    *_FROM_DATES,
)
def no_treatment_start(dates: Chronology) -> Finding:
    """A start of treatment that is missing though the column is there."""
    where = np.isnat(dates.start) if given(dates, "treatment_start") else nobody(dates)
    return Finding(where, lambda _: "the start of treatment is missing")


@query_rule(
    "treatment-start-after-cutoff",
    "error",
    "patients.treatment_start",
    "the patient does not count as treated",
    *_FROM_DATES,
)
def treatment_start_after_cutoff(dates: Chronology) -> Finding:
    """Treatment that starts after the data cut-off."""
    return Finding(
        dates.start > dates.cutoff,
        lambda at: f"treatment starts on {dates.start[at]}, after the data cut-off {dates.cutoff}",
    )


@query_rule(
    "treatment-end-before-start",
    "warning",
    "patients.treatment_end",
    "the time on treatment cannot be told",
    "time_on_treatment",
)
def treatment_end_before_start(dates: Chronology) -> Finding:
    """Treatment that ends before it starts."""
    end = dates.dates("patients", "treatment_end")
    return Finding(
        end < dates.start,
        lambda at: f"treatment ends on {end[at]}, before its start on {dates.start[at]}",
    )


@query_rule(
    "treatment-end-after-death",
    "warning",
    "patients.treatment_end",
    "the date of death is used; one of the two dates is wrong",
    "time_on_treatment",
)
def treatment_end_after_death(dates: Chronology) -> Finding:
    """Treatment that ends after death."""
    end = dates.dates("patients", "treatment_end")
    return Finding(
        end > dates.death,
        lambda at: f"treatment ends on {end[at]}, after the death on {dates.death[at]}",
    )


@query_rule(
    "treatment-end-after-cutoff",
    "note",
    "patients.treatment_end",
    "the patient counts as on treatment at the data cut-off",
    "time_on_treatment",
)
def treatment_end_after_cutoff(dates: Chronology) -> Finding:
    """Treatment that ends after the data cut-off."""
    end = dates.dates("patients", "treatment_end")
    return Finding(
        end > dates.cutoff,
        lambda at: f"treatment ends on {end[at]}, after the data cut-off {dates.cutoff}",
    )


@query_rule(
    "clinical-progression-after-cutoff",
    "note",
    "patients.clinical_progression_date",
    "not used: it came after the data cut-off",
    "pfs",
    "dor",
)
def clinical_progression_after_cutoff(dates: Chronology) -> Finding:
    """A clinical progression after the data cut-off."""
    progression = dates.dates("patients", "clinical_progression_date")
    return Finding(
        progression > dates.cutoff,
        lambda at: (
            f"clinical progression is on {progression[at]}, after the data cut-off {dates.cutoff}"
        ),
    )


@query_rule(
    "clinical-progression-out-of-time",
    "error",
    "patients.clinical_progression_date",
    "one of the dates is wrong; it counts only where clinical progression is an event "
    "(derivation.clinical_progression)",
    "pfs",
    "dor",
)
def clinical_progression_out_of_time(dates: Chronology) -> Finding:
    """A clinical progression before treatment or after death."""
    progression = dates.dates("patients", "clinical_progression_date")
    before, after = progression < dates.start, progression > dates.death
    return Finding(
        before | after,
        lambda at: (
            f"clinical progression is on {progression[at]}, "
            + (
                f"before the start of treatment on {dates.start[at]}"
                if before[at]
                else f"after the death on {dates.death[at]}"
            )
        ),
    )


@query_rule(
    "new-therapy-before-treatment-start",
    "error",
    "patients.new_therapy_start",
    "no assessment counts, and progression-free survival is censored at day 0",
    "best_response",
    "benefit",
    "pfs",
    "dor",
)
def new_therapy_before_treatment_start(dates: Chronology) -> Finding:
    """A new anticancer therapy that starts before this treatment."""
    new = dates.dates("patients", "new_therapy_start")
    return Finding(
        new < dates.start,
        lambda at: (
            f"a new anticancer therapy starts on {new[at]}, before the start of treatment on "
            f"{dates.start[at]}"
        ),
    )


@query_rule(
    "new-therapy-after-cutoff",
    "note",
    "patients.new_therapy_start",
    "not used: it came after the data cut-off",
    "pfs",
)
def new_therapy_after_cutoff(dates: Chronology) -> Finding:
    """A new anticancer therapy after the data cut-off."""
    new = dates.dates("patients", "new_therapy_start")
    return Finding(
        new > dates.cutoff,
        lambda at: (
            f"a new anticancer therapy starts on {new[at]}, after the data cut-off {dates.cutoff}"
        ),
    )


@query_rule(
    "new-therapy-after-death",
    "error",
    "patients.new_therapy_start",
    "the date of death is used; one of the two dates is wrong",
    "pfs",
    "os",
    "dor",
)
def new_therapy_after_death(dates: Chronology) -> Finding:
    """A new anticancer therapy after death."""
    new = dates.dates("patients", "new_therapy_start")
    return Finding(
        new > dates.death,
        lambda at: (
            f"a new anticancer therapy starts on {new[at]}, after the death on {dates.death[at]}"
        ),
    )


def visits_known(dates: Chronology) -> bool:
    """Whether any assessment can be placed in time; else responses are those given, or unknown."""
    return bool((~np.isnan(dates.visit_day)).any())


@query_rule(
    "no-assessment",
    "warning",
    "patients.patient_id",
    "best response is not evaluable (NE), which is no response",
    "best_response",
    "benefit",
    "pfs",
)
def no_assessment(dates: Chronology) -> Finding:
    """A treated patient without an assessment after baseline that can be used."""
    if not visits_known(dates):
        return Finding(nobody(dates), lambda _: "")
    patients = len(dates.start)
    any_at_all = np.bincount(dates.visit_patient, minlength=patients) > 0
    too_late = (dates.visit_date > dates.cutoff) | (
        dates.visit_date > dates.death[dates.visit_patient]
    )
    usable = np.bincount(dates.visit_patient[dates.counted & ~too_late], minlength=patients) > 0
    not_treated = np.isnat(dates.start) | (dates.start > dates.cutoff)
    if not given(dates, "treatment_start"):
        not_treated = nobody(dates)
    left_out = numbers(dates, "evaluable") == 0
    return Finding(
        ~usable & ~not_treated & ~left_out,
        lambda at: (
            "there is no assessment after the start of treatment that can be used"
            if any_at_all[at]
            else "there is no assessment of this patient"
        ),
    )


RULES = (
    no_treatment_start,
    treatment_start_after_cutoff,
    treatment_end_before_start,
    treatment_end_after_death,
    treatment_end_after_cutoff,
    clinical_progression_after_cutoff,
    clinical_progression_out_of_time,
    new_therapy_before_treatment_start,
    new_therapy_after_cutoff,
    new_therapy_after_death,
    no_assessment,
)
