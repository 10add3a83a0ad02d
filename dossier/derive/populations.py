"""Who counts: the treated patients, and those evaluable for response."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dossier.cohort.model import Cohort, DataQuery
from dossier.derive.timeline import Flags, Texts, Timeline


@dataclass(frozen=True)
class Populations:
    """Membership of every patient, one entry a patient in every array.

    Parameters
    ----------
    treated
        Has a start of treatment on or before the cut-off.
    response_evaluable
        Treated, and evaluable for response.
    not_evaluable_reason
        Why not; ``""`` for evaluable patients.
    queries
        Evaluability left blank.
    notes
        ``treated-assumed`` where the table has no start of treatment.
    """

    treated: Flags
    response_evaluable: Flags
    not_evaluable_reason: Texts
    queries: tuple[DataQuery, ...] = ()
    notes: tuple[str, ...] = ()


def populations_of(cohort: Cohort, timeline: Timeline) -> Populations:
    """Decide who is treated and who is evaluable for response.

    Treated is a patient with a start of treatment on or before the cut-off; where the table has no
    such column, everybody. Evaluable is who the ``evaluable`` column says; every treated patient
    where there is no such column, also without any assessment, and where the entry is blank, which
    raises a data query.
    """
    patients = cohort.patients
    started = ~np.isnat(timeline.start)
    on_time = started & (timeline.cutoff >= 0)
    assumed = not cohort.has("patients", "treatment_start")
    treated = np.ones(len(patients), dtype=bool) if assumed else on_time

    declared = patients["evaluable"].to_numpy(dtype=np.float64)
    evaluable = treated & (declared != 0)
    reason = patients["not_evaluable_reason"].to_numpy(dtype=object)
    reason = np.select(
        [
            evaluable,
            ~treated & ~started,
            ~treated,
            reason != "",
        ],
        [
            "",
            "no treatment start",
            "treatment started after the data cut-off",
            reason,
        ],
        "declared not evaluable, no reason given",
    ).astype(object)

    blank = np.flatnonzero(treated & np.isnan(declared))
    file = cohort.file_label("patients")
    queries = tuple(
        DataQuery(
            rule="evaluable-missing",
            severity="warning",
            message="it is not filled in whether the patient is evaluable for response",
            consequence="the patient counts as evaluable",
            patient=str(patients["patient_id"].iloc[place]),
            file=file,
            row=int(patients["row"].iloc[place]),
            column=cohort.heading("patients", "evaluable"),
            value="",
            endpoints=("best_response", "orr", "dcr"),
        )
        for place in (blank if cohort.has("patients", "evaluable") else [])
    )
    return Populations(treated, evaluable, reason, queries, ("treated-assumed",) if assumed else ())
