"""What each assessor alone would have found: the data of concordance between readers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dossier.cohort.columns import RESPONSES
from dossier.cohort.model import Cohort
from dossier.derive.populations import populations_of
from dossier.derive.readings import readings_of
from dossier.derive.response import best_responses
from dossier.derive.timeline import timeline_of
from dossier.derive.times import texts


def best_response_by_assessor(cohort: Cohort) -> pd.DataFrame:
    """Best overall response of the treated patients by each assessor, under the same settings.

    Two readings agree or differ only where both were made: a patient of whom an assessor has no
    assessment after baseline, on or before new therapy and cut-off, has ``""`` for that assessor,
    not NE.

    Parameters
    ----------
    cohort
        The cohort, read and checked; its ``settings.derivation`` hold the options. Which assessor
        they choose does not matter.

    Returns
    -------
    pandas.DataFrame
        Index ``patient_id``, the treated patients in the order of ``cohort.patients``; a column
        for each assessor, in lower case and alphabetical order: CR, PR, SD, NON-CR/NON-PD, PD, NE
        or ``""``. No columns where the assessments do not say who read them.

    See Also
    --------
    dossier.derive.patients.derive : the results by the assessor of the settings.
    """
    timeline = timeline_of(cohort)
    last_day = np.minimum(timeline.cutoff, timeline.new_therapy)
    columns = {}
    for name in cohort.assessors:
        visits = readings_of(cohort, timeline, assessor=name).visits
        best = best_responses(visits, last_day, cohort.settings.derivation)
        columns[name] = np.where(best.used.any(axis=1), texts(RESPONSES)[best.response], "")
    index = pd.Index(cohort.patients["patient_id"], name="patient_id")
    frame = pd.DataFrame(columns, index=index)
    return frame[populations_of(cohort, timeline).treated]
