"""Subgroups by baseline characteristics: rates and median PFS, descriptive, ready for a forest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.model import Cohort
from dossier.cohort.settings import Estimation
from dossier.estimate.heterogeneity import Heterogeneity, heterogeneity
from dossier.estimate.kaplan_meier import kaplan_meier
from dossier.estimate.levels import Levels, levels_of
from dossier.estimate.many_curves import median_limits_batch
from dossier.estimate.model import Landmark, Median, Proportion
from dossier.estimate.outcomes import Outcome, rate_of_counts
from dossier.estimate.times import landmark_of, median_with_reason
from dossier.units import Duration

__all__ = ["Subgroup", "SubgroupResults", "SubgroupTime", "Subgrouping", "subgroups"]

RATES = ("orr", "cbr_16w")

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class SubgroupTime:
    """Progression-free survival of a subgroup; ``landmark`` where the settings ask for one."""

    n: int
    events: int
    unknown: int
    median: Median
    landmark: Landmark | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "n": self.n,
            "events": self.events,
            "unknown": self.unknown,
            "median": self.median.to_dict(),
        }
        if self.landmark is not None:
            result["landmark"] = self.landmark.to_dict()
        return result


@dataclass(frozen=True)
class Subgroup:
    """The patients who share a characteristic; ``n`` counts those treated."""

    label: str
    n: int
    rates: dict[str, Proportion]
    pfs: SubgroupTime

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        rates = {name: share.to_dict() for name, share in self.rates.items()}
        return {"label": self.label, "n": self.n, **rates, "pfs": self.pfs.to_dict()}


@dataclass(frozen=True)
class Subgrouping:
    """All subgroups of one characteristic.

    Parameters
    ----------
    column
        The characteristic.
    n, missing
        Treated patients whose value is known, and is not.
    groups
        In the order of a forest plot: natural where there is one, else most patients first.
    heterogeneity
        Whether the groups share one objective response rate, where the settings ask for it.
    prespecified
        Whether the applicant declares that the grouping was laid down beforehand.
    """

    column: str
    n: int
    missing: int
    groups: tuple[Subgroup, ...]
    heterogeneity: Heterogeneity | None = None
    prespecified: bool = False

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "n": self.n,
            "missing": self.missing,
            "prespecified": self.prespecified,
            "groups": [group.to_dict() for group in self.groups],
        }
        if self.heterogeneity is not None:
            result["heterogeneity"] = {"endpoint": "orr", **self.heterogeneity.to_dict()}
        return result


@dataclass(frozen=True)
class SubgroupResults:
    """Subgroups by every characteristic asked for.

    They describe, prespecified or not: nothing is adjusted for how many there are. Groups smaller
    than ``minimum`` are counted but not estimated.
    """

    minimum: int
    by: tuple[Subgrouping, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON form, by column."""
        return {
            "descriptive": True,
            "minimum": self.minimum,
            "columns": {each.column: each.to_dict() for each in self.by},
        }


def subgroups(
    cohort: Cohort,
    patients: pd.DataFrame,
    outcomes: Mapping[str, Outcome],
    treated: Mask,
    evaluable: Mask,
) -> SubgroupResults | None:
    """Estimate the objective response rate, clinical benefit at 16 weeks and median PFS by group.

    Rates have the response-evaluable patients of a group as denominator, PFS all treated ones.
    None where the data hold none of the columns asked for, or each in one group only.

    Parameters
    ----------
    cohort
        The cohort as read; ``estimation.subgroups`` names columns, bands and the smallest group.
    patients
        Frame of the derive stage.
    outcomes
        By endpoint.
    treated, evaluable
        Populations, shape (patients,).
    """
    estimation = cohort.settings.estimation
    asked = estimation.subgroups
    levels = {
        column: levels_of(cohort, column, treated, asked.bands)
        for column in dict.fromkeys(asked.columns)
        if cohort.has("patients", column)
    }
    levels = {column: found for column, found in levels.items() if len(found.labels) > 1}
    if not levels:
        return None
    times = iter(_times(patients, treated, list(levels.values()), estimation))
    return SubgroupResults(
        asked.minimum,
        tuple(
            _subgrouping(
                column,
                found,
                tuple(islice(times, len(found.labels))),
                outcomes,
                treated,
                evaluable,
                estimation,
            )
            for column, found in levels.items()
        ),
    )


def _subgrouping(
    column: str,
    levels: Levels,
    times: tuple[SubgroupTime, ...],
    outcomes: Mapping[str, Outcome],
    treated: Mask,
    evaluable: Mask,
    estimation: Estimation,
) -> Subgrouping:
    asked = estimation.subgroups
    count = len(levels.labels)
    inside = evaluable & (levels.codes >= 0)
    groups = np.where(inside, levels.codes, -1)
    rates = {
        name: [
            _large_enough(rate_of_counts(outcomes[name], counts, estimation), asked.minimum)
            for counts in outcomes[name].counts(groups, count)
        ]
        for name in RATES
    }
    of_all = np.bincount(levels.codes[levels.codes >= 0], minlength=count)
    return Subgrouping(
        column=column,
        n=int(of_all.sum()),
        missing=int(treated.sum() - of_all.sum()),
        groups=tuple(
            Subgroup(label, n, {name: shares[k] for name, shares in rates.items()}, times[k])
            for k, (label, n) in enumerate(zip(levels.labels, of_all.tolist(), strict=True))
        ),
        heterogeneity=(
            _one_rate(outcomes["orr"], inside, levels, estimation)
            if column in asked.heterogeneity
            else None
        ),
        prespecified=column in asked.prespecified,
    )


def _large_enough(share: Proportion, minimum: int) -> Proportion:
    if share.n >= minimum or share.reason is not None:
        return share
    reason = f"fewer than {minimum} patients"
    return replace(share, estimate=None, ci_lower=None, ci_upper=None, reason=reason)


def _one_rate(
    outcome: Outcome, inside: Mask, levels: Levels, estimation: Estimation
) -> Heterogeneity:
    """Test one common response rate over all groups, the small ones included."""
    unknown = int((outcome.unknown & inside).sum())
    if unknown > estimation.maximum_unknown * inside.sum():
        groups = len(levels.labels)
        return Heterogeneity(groups, None, None, None, "best response not known for too many")
    count = len(levels.labels)
    events = np.bincount(levels.codes[inside & outcome.success], minlength=count)
    return heterogeneity(events, np.bincount(levels.codes[inside], minlength=count))


def _times(
    patients: pd.DataFrame, treated: Mask, levels: list[Levels], estimation: Estimation
) -> list[SubgroupTime]:
    """Progression-free survival of every group of every characteristic, estimated together."""
    days = patients["pfs_days"].to_numpy(dtype=float)
    event = patients["pfs_event"].to_numpy(dtype=float)
    known = treated & ~(np.isnan(days) | np.isnan(event))
    groups = np.concatenate([np.arange(len(each.labels))[:, None] == each.codes for each in levels])
    inside, events, unknown = (
        (groups & mask).sum(axis=1).tolist()
        for mask in (known, known & (event == 1), treated & ~known)
    )
    reasons = [_too_few(n, lost, estimation) for n, lost in zip(inside, unknown, strict=True)]
    estimable = np.array([reason is None for reason in reasons])
    medians = np.full((3, len(groups)), np.nan)
    if estimable.any():
        medians[:, estimable] = median_limits_batch(
            days[known],
            event[known] == 1,
            groups[np.ix_(estimable, known)].astype(np.int64),
            limits=estimation.ci,
            confidence=estimation.confidence,
        )
    landmarks: list[Landmark | None] = [None] * len(groups)
    asked = estimation.subgroups.pfs_landmark
    if asked is not None:
        landmarks = [
            _landmark(days[mask & known], event[mask & known], reason, asked, estimation)
            for mask, reason in zip(groups, reasons, strict=True)
        ]
    found = zip(inside, events, unknown, medians.T.tolist(), reasons, landmarks, strict=True)
    return [
        SubgroupTime(n, with_event, lost, _median(median, with_event, reason), landmark)
        for n, with_event, lost, median, reason, landmark in found
    ]


def _landmark(
    days: NDArray[np.float64],
    event: NDArray[np.float64],
    reason: str | None,
    asked: Duration,
    estimation: Estimation,
) -> Landmark:
    """Progression-free share of a group at the landmark; the reason where it is too small."""
    at_risk = int(np.count_nonzero(days >= asked.days))
    if reason is not None:
        return Landmark(str(asked), asked.days, asked.months, None, None, None, at_risk, reason)
    curve = kaplan_meier(days, event, limits=estimation.ci, confidence=estimation.confidence)
    return landmark_of(curve, asked)


def _too_few(n: int, unknown: int, estimation: Estimation) -> str | None:
    if unknown > estimation.maximum_unknown * (n + unknown):
        return f"not known for {unknown} of {n + unknown} patients"
    minimum = max(estimation.subgroups.minimum, 1)
    return f"fewer than {minimum} patients" if n < minimum else None


def _median(found: list[float], events: int, reason: str | None) -> Median:
    if reason is not None:
        return Median(None, None, None, reached=False, reason=reason)
    days, lower, upper = (None if value != value else value for value in found)
    return median_with_reason(days, lower, upper, events)
