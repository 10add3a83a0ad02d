"""Quality of life: which score of a patient is the baseline, and which belongs to which visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from dossier.cohort.model import Cohort
from dossier.derive.timeline import Floats, Integers, dates_of, days_between
from dossier.units import Duration

__all__ = ["ScaleScores", "VisitScores", "expected_at", "scale_scores"]


@dataclass(frozen=True, eq=False)
class VisitScores:
    """The scores of one planned visit, one entry a patient in each array.

    Parameters
    ----------
    label, day
        The visit as written (``8 weeks``), and its day.
    score, row
        The score and its row in the file; NaN where there is none.
    """

    label: str
    day: float
    score: Floats
    row: Floats


@dataclass(frozen=True, eq=False)
class ScaleScores:
    """The scores of one scale.

    Parameters
    ----------
    instrument, scale
        As in the file.
    baseline, baseline_row
        The last score on or before the first day of treatment, and its row; NaN where none.
    visits
        The planned visits.
    outside
        Scores of each patient that belong to no visit, shape (patients,).
    """

    instrument: str
    scale: str
    baseline: Floats
    baseline_row: Floats
    visits: tuple[VisitScores, ...]
    outside: Integers


def scale_scores(
    cohort: Cohort, visits: Sequence[Duration], window_days: int
) -> tuple[ScaleScores, ...]:
    """Place every score at baseline, at a planned visit, or outside.

    A score after the first day of treatment belongs to the nearest planned visit, of two equally
    near ones to the earlier, if that is at most `window_days` away; of several scores for a visit
    the nearest counts. Scores after the data cut-off are left out.

    Parameters
    ----------
    cohort
        The cohort as read.
    visits
        Planned visits, from the start of treatment.
    window_days
        Most days between a score and its visit.

    Returns
    -------
    tuple of ScaleScores
        By instrument and scale, in the order of the file.
    """
    table = cohort.quality_of_life
    position = table["patient"].to_numpy(dtype=np.int64)
    start = dates_of(cohort.patients, "treatment_start")
    day = days_between(start[position], dates_of(table, "date"))
    kept = np.ones(len(table), dtype=np.bool_)
    if cohort.data_cutoff is not None:
        kept = ~(table["date"] > pd.Timestamp(cohort.data_cutoff)).to_numpy(dtype=bool)
    planned = np.array(sorted(each.days for each in visits), dtype=np.float64)
    labels = {each.days: str(each) for each in visits}
    data = pd.DataFrame(
        {
            "instrument": table["instrument"].to_numpy(dtype=object),
            "scale": table["scale"].to_numpy(dtype=object),
            "patient": position,
            "day": day,
            "score": table["score"].to_numpy(dtype=np.float64),
            "row": table["row"].to_numpy(dtype=np.float64),
        }
    )[kept & ~np.isnan(table["score"].to_numpy(dtype=np.float64))]
    count = len(cohort.patients)
    return tuple(
        _scale(str(key[0]), str(key[1]), own, planned, labels, window_days, count)
        for key, own in data.groupby(["instrument", "scale"], sort=False)
    )


def _scale(
    instrument: str,
    scale: str,
    own: pd.DataFrame,
    planned: Floats,
    labels: dict[float, str],
    window_days: int,
    count: int,
) -> ScaleScores:
    before = own[own["day"] <= 0].sort_values("day", kind="stable", ascending=False)
    first = before.drop_duplicates("patient")
    after = own[~(own["day"] <= 0)]
    distance = np.abs(after["day"].to_numpy()[:, None] - planned[None, :])
    inside = np.zeros(len(after), dtype=np.bool_)
    nearest = np.zeros(len(after), dtype=np.int64)
    if len(planned) and len(after):
        distance = np.where(np.isnan(distance), np.inf, distance)
        nearest = distance.argmin(axis=1)  # the first of two: the earlier visit
        inside = distance.min(axis=1) <= window_days
    found = []
    for place, at in enumerate(planned.tolist()):
        of_visit = after[inside & (nearest == place)]
        order = np.argsort(np.abs(of_visit["day"].to_numpy() - at), kind="stable")
        chosen = of_visit.iloc[order].drop_duplicates("patient")
        found.append(VisitScores(labels[at], at, *_by_patient(chosen, count)))
    outside = np.bincount(after["patient"].to_numpy(dtype=np.int64)[~inside], minlength=count)
    return ScaleScores(instrument, scale, *_by_patient(first, count), tuple(found), outside)


def _by_patient(chosen: pd.DataFrame, count: int) -> tuple[Floats, Floats]:
    score, row = np.full(count, np.nan), np.full(count, np.nan)
    where = chosen["patient"].to_numpy(dtype=np.int64)
    score[where] = chosen["score"].to_numpy()
    row[where] = chosen["row"].to_numpy()
    return score, row


def expected_at(
    frame: pd.DataFrame, day: float, expected_while: Literal["treatment", "alive"]
) -> Floats:
    """Who could still fill in a questionnaire on a day.

    Parameters
    ----------
    frame
        Frame of the derive stage.
    day
        Day of the planned visit.
    expected_while
        ``treatment``: while under treatment, where its end is recorded; ``alive``: while alive and
        followed.

    Returns
    -------
    numpy.ndarray
        Shape (patients,): 1, 0, or NaN where that is not known.
    """
    by_treatment = expected_while == "treatment" and "time_on_treatment_days" in frame
    name = "time_on_treatment_days" if by_treatment else "os_days"
    days = frame[name].to_numpy(dtype=np.float64)
    found: Floats = np.where(np.isnan(days), np.nan, (days >= day).astype(np.float64))
    return found
