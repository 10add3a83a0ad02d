"""Grade 3 or higher adverse events of each patient, once, so that populations only add them up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dossier.cohort.model import Cohort
from dossier.cohort.settings import Estimation
from dossier.derive.adverse_events import SEVERE_FROM, treatment_emergent
from dossier.estimate.model import AdverseEventRow, Safety
from dossier.estimate.outcomes import proportion

__all__ = ["Toxicity", "toxicity_of"]


@dataclass(frozen=True, eq=False)
class Toxicity:
    """Adverse events of each patient, one entry a patient in each array.

    Parameters
    ----------
    given
        Whether there is a table of adverse events.
    severe
        Whether one was of grade 3 or higher; None where grades were not given.
    ungraded
        Terms of which no event has a grade.
    """

    given: bool
    severe: NDArray[np.bool_] | None
    ungraded: NDArray[np.int64]

    @classmethod
    def unknown(cls) -> Toxicity:
        """Nothing is known, or nobody asks."""
        return cls(given=False, severe=None, ungraded=np.zeros(0, dtype=np.int64))

    def safety(self, treated: NDArray[np.bool_], estimation: Estimation) -> Safety:
        """What a criterion asks of the safety of some patients."""
        n = int(treated.sum())
        if not self.given:
            return Safety(given=False, n=n, events=0, reason="no adverse event table was given")
        if self.severe is None:
            return Safety(given=True, n=n, events=0)
        severe = proportion(int((self.severe & treated).sum()), n, estimation)
        ungraded = int(self.ungraded[treated].sum())
        terms = (AdverseEventRow("", "any term", {}, ungraded, ungraded, 0),) if ungraded else ()
        return Safety(
            given=True, n=n, events=0, overview={"grade_3_or_higher": severe}, terms=terms
        )


def toxicity_of(cohort: Cohort) -> Toxicity:
    """Count what began under treatment, as the estimate stage does for a whole population."""
    if not cohort.given.get("adverse_events"):
        return Toxicity.unknown()
    patients = len(cohort.patients)
    events = cohort.adverse_events
    position = events["patient"].to_numpy(dtype=np.int64)
    keep = treatment_emergent(cohort)
    if not cohort.has("adverse_events", "grade"):
        return Toxicity(given=True, severe=None, ungraded=np.zeros(patients, dtype=np.int64))
    events, position = events[keep], position[keep]
    if len(events) and events["grade"].isna().all():
        return Toxicity(given=True, severe=None, ungraded=np.zeros(patients, dtype=np.int64))
    severe = np.zeros(patients, dtype=np.bool_)
    severe[position[events["grade"].to_numpy(dtype=float) >= SEVERE_FROM]] = True
    named = events[events["term"] != ""]
    worst = named.groupby(["soc", "term", "patient"])["grade"].max()
    without = worst[worst.isna()].index.get_level_values("patient").to_numpy(dtype=np.int64)
    return Toxicity(given=True, severe=severe, ungraded=np.bincount(without, minlength=patients))
