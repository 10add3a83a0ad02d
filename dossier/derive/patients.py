"""The derive stage as a whole: from the cohort to one row a patient."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dossier.cohort.columns import RESPONSES
from dossier.cohort.model import Cohort, DataQuery
from dossier.derive.benefit import WEEKS, clinical_benefit, clinical_benefit_as_given
from dossier.derive.given import (
    response_as_given,
    response_differences,
    time_differences,
    times_as_given,
    times_not_recorded,
)
from dossier.derive.model import Patients
from dossier.derive.populations import populations_of
from dossier.derive.progression import duration_of_response, progression_free_survival
from dossier.derive.response import BestResponse, best_responses
from dossier.derive.rules import rules_in_force
from dossier.derive.survival import overall_survival
from dossier.derive.times import EventTimes, table_name, texts
from dossier.derive.timeline import Flags, Floats, Integers, Texts, Timeline, timeline_of
from dossier.derive.visits import NE, NO_VISIT, PD, Codes, Visits, visits_of

__all__ = ["derive"]

_RESPONSES = texts([*RESPONSES, ""])  # the last stands at position -1: not recorded
_RESPONDING = np.array([code in ("CR", "PR") for code in [*RESPONSES, ""]])


def derive(cohort: Cohort) -> Patients:
    """Derive what happened to each patient: response, benefit, survival times and populations.

    Endpoints follow from the visits and dates. Where the file has none, endpoints that it holds
    already derived are used as given; where it has both, ours are used and differences raise data
    queries. What the data do not say stays unknown.

    Parameters
    ----------
    cohort
        The cohort, read and checked; its ``settings.derivation`` hold the options.

    Returns
    -------
    Patients
        One row a patient, in the order of ``cohort.patients``.
    """
    options = cohort.settings.derivation
    timeline = timeline_of(cohort)
    visits = visits_of(cohort, timeline)
    from_visits = bool(len(cohort.assessments)) and bool(_any_day_known(cohort, timeline))
    response_given = not from_visits and cohort.has("patients", "best_response")
    populations = populations_of(
        cohort, timeline, response_recorded=from_visits or response_given
    )
    treated = populations.treated
    rows = cohort.patients["row"].to_numpy(dtype=np.float64)
    notes = list(populations.notes)
    queries: list[DataQuery] = list(populations.queries)

    last_day = np.minimum(timeline.cutoff, timeline.new_therapy)
    best = best_responses(visits, last_day, options)
    single = best_responses(visits, last_day, options, confirmation=False)
    columns: dict[str, object] = {
        "patient_id": cohort.patients["patient_id"].to_numpy(dtype=object),
        "row": cohort.patients["row"].to_numpy(dtype=np.int64),
        "treated": treated,
        "response_evaluable": populations.response_evaluable,
        "not_evaluable_reason": populations.not_evaluable_reason,
    }
    raise NotImplementedError
