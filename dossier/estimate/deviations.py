"""Protocol deviations and waivers of the enrolled patients (ICH E3, section 10.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dossier.cohort.model import Cohort

NOT_GIVEN = "no table of protocol deviations was given"


@dataclass(frozen=True)
class DeviationCount:
    """Deviations of one kind, and the patients who have them.

    Parameters
    ----------
    patients, deviations
        How many; a patient with several deviations counts once.
    unknown
        Deviations of which nobody says whether they are of this kind.
    """

    patients: int
    deviations: int
    unknown: int = 0

    def to_dict(self) -> dict[str, int]:
        """JSON form."""
        return {"patients": self.patients, "deviations": self.deviations, "unknown": self.unknown}


@dataclass(frozen=True)
class DeviationCategory:
    """One category; ``important`` and ``waivers`` are None where the table has no such column."""

    category: str
    total: DeviationCount
    important: DeviationCount | None
    waivers: DeviationCount | None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {"category": self.category} | _counts(self.total, self.important, self.waivers)


@dataclass(frozen=True)
class Deviations:
    """Protocol deviations of a cohort.

    Parameters
    ----------
    given
        Whether there is a table of them at all.
    n
        Enrolled patients, the denominator.
    total, important, waivers
        All deviations on or before the data cut-off, the important ones, and those agreed to in
        advance; None where the table has no such column.
    after_cutoff
        Deviations dated after the data cut-off, left out.
    categories
        By category, most patients first.
    """

    given: bool
    n: int
    total: DeviationCount = DeviationCount(0, 0)
    important: DeviationCount | None = None
    waivers: DeviationCount | None = None
    after_cutoff: int = 0
    categories: tuple[DeviationCategory, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON form; a kind of which the table says nothing is left out."""
        result: dict[str, Any] = {"given": self.given, "n": self.n}
        if not self.given:
            return result | {"reason": NOT_GIVEN}
        return (
            result
            | _counts(self.total, self.important, self.waivers)
            | {
                "after_cutoff": self.after_cutoff,
                "categories": [each.to_dict() for each in self.categories],
            }
        )


def deviations(cohort: Cohort) -> Deviations:
    """Count protocol deviations and waivers of the enrolled patients.

    Parameters
    ----------
    cohort
        The cohort as read.
    """
    n = len(cohort.patients)
    if not cohort.given.get("protocol_deviations"):
        return Deviations(given=False, n=n)
    inside = in_time(cohort)
    table = cohort.protocol_deviations[inside]
    by_category = [
        DeviationCategory(str(category), *_kinds(cohort, rows))
        for category, rows in table.groupby("category", sort=True)
    ]
    by_category.sort(key=lambda each: (-each.total.patients, -each.total.deviations, each.category))
    total, important, waivers = _kinds(cohort, table)
    return Deviations(
        given=True,
        n=n,
        total=total,
        important=important,
        waivers=waivers,
        after_cutoff=int(np.count_nonzero(~inside)),
        categories=tuple(by_category),
    )


def in_time(cohort: Cohort) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Rows of the table that are not dated after the data cut-off."""
    date = cohort.protocol_deviations["date"]
    if cohort.data_cutoff is None:
        return np.ones(len(date), dtype=np.bool_)
    late: np.ndarray[Any, np.dtype[np.bool_]] = (date > pd.Timestamp(cohort.data_cutoff)).to_numpy(
        dtype=np.bool_
    )
    return ~late


def _kinds(
    cohort: Cohort, rows: pd.DataFrame
) -> tuple[DeviationCount, DeviationCount | None, DeviationCount | None]:
    return (
        _count(rows["patient"]),
        _flagged(cohort, rows, "important"),
        _flagged(cohort, rows, "waiver"),
    )


def _flagged(cohort: Cohort, rows: pd.DataFrame, column: str) -> DeviationCount | None:
    if not cohort.has("protocol_deviations", column):
        return None
    return _count(rows.loc[rows[column] == 1, "patient"], int(rows[column].isna().sum()))


def _count(patients: pd.Series, unknown: int = 0) -> DeviationCount:
    return DeviationCount(int(patients.nunique()), len(patients), unknown)


def _counts(
    total: DeviationCount, important: DeviationCount | None, waivers: DeviationCount | None
) -> dict[str, Any]:
    result: dict[str, Any] = {"patients": total.patients, "deviations": total.deviations}
    if important is not None:
        result["important"] = important.to_dict()
    if waivers is not None:
        result["waivers"] = waivers.to_dict()
    return result
