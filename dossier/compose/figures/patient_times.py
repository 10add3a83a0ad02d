"""When things happened to each treated patient: the data of the swimmer figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dossier.derive.progression import progression_day
from dossier.derive.readings import readings_of
from dossier.derive.timeline import Flags, Floats, Timeline, timeline_of
from dossier.derive.visits import Visits, day_known
from dossier.evaluation import Evaluation


@dataclass(frozen=True)
class PatientTimes:
    """One treated patient, in days since the start of treatment; None where it did not happen.

    Parameters
    ----------
    patient
        Identifier.
    best_response
        Best overall response, as in the tables.
    end
        End of observation: death, or the last day known alive.
    treated_until
        Last day of treatment; the end of observation where none is recorded on or before the
        cut-off. None where the files do not say when treatment ended.
    ongoing
        Whether the patient is alive and treatment has not ended on the cut-off.
    response_start, response_end
        Of a response that counts: the day that carries it, and the event or last assessment that
        ends its duration.
    progression, new_therapy, death
        Days of these events.
    progression_known, survival_known
        Whether the data tell if the disease progressed, on whatever day, and if the patient died.
    """

    patient: str
    best_response: str
    end: float
    treated_until: float | None
    ongoing: bool
    response_start: float | None = None
    response_end: float | None = None
    progression: float | None = None
    new_therapy: float | None = None
    death: float | None = None
    progression_known: bool = True
    survival_known: bool = True

    @property
    def responded(self) -> bool:
        """Whether there was a response, of a known day or not."""
        return self.best_response in ("CR", "PR")

    @property
    def progressed(self) -> bool:
        """Whether progression is known, of a known day or not."""
        return self.progression is not None or self.best_response == "PD"


@dataclass(frozen=True)
class CohortTimes:
    """The treated patients of a cohort.

    Parameters
    ----------
    patients
        Those whose time of observation is known, the longest first; of equal times in the order
        of the patients file.
    treated
        All treated patients.
    """

    patients: tuple[PatientTimes, ...]
    treated: int


def cohort_times(evaluation: Evaluation) -> CohortTimes:
    """What happened when to every treated patient.

    Observation ends at death or at the last day known alive, as in overall survival; where that is
    not known at the end of treatment, of progression-free survival or at the last assessment,
    whichever is last.
    """
    cohort, frame = evaluation.cohort, evaluation.patients.frame
    timeline = timeline_of(cohort)
    visits = readings_of(cohort, timeline).visits
    treated = frame["treated"].to_numpy(dtype=bool)
    columns = {
        name: frame[name].to_numpy(dtype=np.float64)
        for name in ("os_days", "pfs_days", "pfs_event", "dor_days", "time_to_response_days")
    }
    died = (frame["os_event"] == 1).to_numpy(dtype=bool)
    death = np.where(died, columns["os_days"], np.nan)
    progressed = progression_day(visits, timeline, cohort.settings.derivation)
    if not day_known(cohort):  # the time alone is given: an event before death is progression
        event = (columns["pfs_event"] == 1) & ~(columns["pfs_days"] >= death)
        progressed = np.where(event, columns["pfs_days"], np.inf)
    end = _end_of_observation(columns, visits, timeline)
    stop_known = cohort.has("patients", "treatment_end")
    stopped = np.isfinite(timeline.treatment_end)
    until = np.where(stopped, np.minimum(timeline.treatment_end, end), end)
    start = columns["time_to_response_days"]
    best = frame["best_response"].to_numpy(dtype=object)
    progression_known = ~np.isnan(columns["pfs_event"]) | np.isfinite(progressed) | (best == "PD")
    survival_known = frame["os_event"].notna().to_numpy(dtype=bool)
    found = [
        PatientTimes(
            patient=str(frame["patient_id"].iloc[i]),
            best_response=str(best[i]),
            end=float(end[i]),
            treated_until=float(until[i]) if stop_known else None,
            ongoing=bool(stop_known and not stopped[i] and not died[i]),
            response_start=_day(start[i]),
            response_end=_day(start[i] + columns["dor_days"][i]),
            progression=_day(progressed[i]),
            new_therapy=_day(timeline.new_therapy[i]),
            death=_day(death[i]),
            progression_known=bool(progression_known[i]),
            survival_known=bool(survival_known[i]),
        )
        for i in np.flatnonzero(treated & np.isfinite(end)).tolist()
    ]
    found.sort(key=lambda each: -each.end)
    return CohortTimes(tuple(found), int(treated.sum()))


def _end_of_observation(columns: dict[str, Floats], visits: Visits, timeline: Timeline) -> Floats:
    seen: Flags = visits.response >= 0
    last_visit = np.where(seen, visits.day, -1).max(axis=1).astype(np.float64)
    others = np.fmax(columns["pfs_days"], np.where(last_visit >= 0, last_visit, np.nan))
    stop = np.where(np.isfinite(timeline.treatment_end), timeline.treatment_end, np.nan)
    known = np.isfinite(columns["os_days"])
    return np.where(known, columns["os_days"], np.fmax(others, stop))


def _day(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
