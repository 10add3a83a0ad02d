"""Overall survival: death, or the last day every table together proves the patient alive."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dossier.cohort.model import Cohort
from dossier.derive.timeline import (
    Flags,
    Floats,
    Integers,
    Texts,
    Timeline,
    dates_of,
    days_between,
)
from dossier.derive.times import Ending, EventTimes, Source, event_times, texts

OS_ENDINGS = (
    Ending("OS-DEATH", "death", 1.0, "death_date"),
    Ending("OS-ALIVE", "alive at last contact", 0.0, ""),
    Ending("OS-ALIVE", "alive at the data cut-off", 0.0, ""),
    Ending("OS-UNKNOWN", "date of death not known", np.nan, "death_date"),
    Ending("OS-UNKNOWN", "treatment start not known", np.nan, "treatment_start"),
)
_DEATH, _LAST_CONTACT, _AT_CUTOFF, _DEATH_UNDATED, _UNDATED = range(5)

# Of several proofs on one day the first in this order is named.
ALIVE = (
    ("patients", "last_known_alive"),
    ("assessments", "date"),
    ("assessments", "day"),
    ("patients", "treatment_end"),
    ("patients", "new_therapy_start"),
    ("patients", "clinical_progression_date"),
    ("adverse_events", "start"),
    ("quality_of_life", "date"),
    ("patients", "treatment_start"),
    ("patients", "death_date"),
)


@dataclass(frozen=True)
class LastAlive:
    """The last proof of life of every patient.

    Parameters
    ----------
    day
        Days since the start of treatment, also beyond the cut-off; NaN where there is no proof.
    table, column, row
        Where it is written.
    """

    day: Floats
    table: Texts
    column: Texts
    row: Floats


def last_alive(cohort: Cohort, timeline: Timeline) -> LastAlive:
    """Last day each patient is known to have lived, from every dated record.

    A date of death proves that the patient lived until then: it counts where death came after the
    cut-off.
    """
    count = len(cohort.patients)
    patients: list[Integers] = []
    days: list[Floats] = []
    rows: list[Floats] = []
    for table, column in ALIVE:
        frame = getattr(cohort, table)
        patient = np.arange(count) if table == "patients" else frame["patient"].to_numpy(np.int64)
        if column == "day":
            undated = np.isnan(days_between(timeline.start[patient], dates_of(frame, "date")))
            day = np.where(undated, frame["day"].to_numpy(dtype=np.float64), np.nan)
        else:
            day = days_between(timeline.start[patient], dates_of(frame, column))
        if column == "death_date":
            day = np.where(timeline.alive_after_cutoff, day, np.nan)
        patients.append(patient)
        days.append(day)
        rows.append(frame["row"].to_numpy(dtype=np.float64))
    proof = np.repeat(np.arange(len(ALIVE)), [len(each) for each in patients])
    patient, day, row = np.concatenate(patients), np.concatenate(days), np.concatenate(rows)

    known = np.flatnonzero(~np.isnan(day))
    known = known[np.lexsort((-row[known], -proof[known], day[known], patient[known]))]
    last = known[np.flatnonzero(np.diff(patient[known], append=-1))]
    where = patient[last]
    found = LastAlive(
        day=np.full(count, np.nan),
        table=np.full(count, "patients", dtype=np.object_),
        column=np.full(count, "", dtype=np.object_),
        row=cohort.patients["row"].to_numpy(dtype=np.float64),
    )
    found.day[where] = day[last]
    found.table[where] = texts([table for table, _ in ALIVE])[proof[last]]
    found.column[where] = texts([column for _, column in ALIVE])[proof[last]]
    found.row[where] = row[last]
    return found


def alive_at_cutoff(cohort: Cohort, timeline: Timeline, alive: LastAlive) -> Flags:
    """Patients whom a record on or after the declared cut-off proves alive on it."""
    at_cutoff: Flags = cohort.data_cutoff_declared & (alive.day >= timeline.cutoff)
    return at_cutoff


def overall_survival(cohort: Cohort, timeline: Timeline, alive: LastAlive) -> EventTimes:
    """Time from the start of treatment to death from any cause.

    Patients not known to have died on or before the cut-off are censored on the last day they are
    known to have lived; at the cut-off itself only where a later date, such as a later death,
    proves that they lived then. A patient with a cause but no date of death has an unknown time.
    """
    died = np.isfinite(timeline.death)
    ending = np.select(
        [
            np.isnat(timeline.start),
            timeline.died_on_unknown_day,
            died,
            alive_at_cutoff(cohort, timeline, alive),
        ],
        [_UNDATED, _DEATH_UNDATED, _DEATH, _AT_CUTOFF],
        _LAST_CONTACT,
    )
    by_patient = (ending != _LAST_CONTACT) & (ending != _AT_CUTOFF)
    rows = cohort.patients["row"].to_numpy(dtype=np.float64)
    return event_times(
        ending,
        OS_ENDINGS,
        np.where(died, timeline.death, np.minimum(alive.day, timeline.cutoff)),
        Source(
            table=np.where(by_patient, "patients", alive.table),
            column=np.where(
                by_patient, texts([each.column for each in OS_ENDINGS])[ending], alive.column
            ),
            row=np.where(by_patient, rows, alive.row),
        ),
    )
