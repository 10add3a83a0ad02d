"""A baseline characteristic as groups of patients: values, yes and no, or bands of a number."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.model import Cohort
from dossier.cohort.settings import Bands

__all__ = ["Levels", "levels_of"]

FLAGS = ("rare_cancer", "measurable_disease")
NUMBERS = ("age", "prior_lines", "ecog")
RANKED = ("escat_tier", "oncokb_level")

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Levels:
    """A characteristic in groups: their names, and each patient's group, -1 where unknown."""

    labels: tuple[str, ...]
    codes: NDArray[np.int64]


def levels_of(cohort: Cohort, column: str, population: Mask, bands: Bands) -> Levels:
    """Group a population by a column.

    Numbers go into their bands, flags into yes and no, tiers and levels of evidence into theirs in
    order, everything else into its values, the most frequent first, then in alphabetical order.

    Parameters
    ----------
    cohort
        The cohort as read.
    column
        A baseline column of the patients table.
    population
        Patients to group, shape (patients,).
    bands
        Lower bounds of the bands of numbers.
    """
    values = cohort.patients[column]
    if column in FLAGS:
        flag = values.to_numpy(dtype=float)
        codes, labels = np.select([flag == 1, flag == 0], [0, 1], -1), ["yes", "no"]
    elif column in NUMBERS:
        bounds = getattr(bands, column)
        codes, labels = _banded(values.to_numpy(dtype=float), bounds, counted=column != "age")
    else:
        found, names = pd.factorize(values.astype(object).replace("", None), sort=True)
        counts = np.bincount(found[population & (found >= 0)], minlength=len(names))
        # Tiers and levels of evidence are ranked by their names: I-A, I-B, II-A; 1, 2, 3A.
        order = np.argsort(np.arange(len(names)) if column in RANKED else -counts, kind="stable")
        place = np.empty(len(order) + 1, dtype=np.int64)
        place[order], place[-1] = np.arange(len(order)), -1
        codes, labels = place[found], [str(names[k]) for k in order]
    codes = np.where(population, codes, -1).astype(np.int64)
    present = np.bincount(codes[codes >= 0], minlength=len(labels)) > 0
    renumbered = np.concatenate([np.where(present, present.cumsum() - 1, -1), [-1]])
    return Levels(
        tuple(label for label, there in zip(labels, present, strict=True) if there),
        renumbered[codes],
    )


def _banded(
    values: NDArray[np.float64], bounds: tuple[float, ...], *, counted: bool
) -> tuple[NDArray[np.int64], list[str]]:
    """Numbers by band; without bounds each value is its own group. What is counted begins at 0."""
    known = ~np.isnan(values)
    if not bounds:
        distinct = np.unique(values[known])
        codes = np.where(known, np.searchsorted(distinct, values), -1)
        return codes, [f"{value:g}" for value in distinct]
    first = _band(0, bounds[0]) if counted else f"<{bounds[0]:g}"
    between = [_band(low, high) for low, high in pairwise(bounds)]
    codes = np.where(known, np.searchsorted(bounds, values, side="right"), -1)
    return codes, [first, *between, f"{bounds[-1]:g}+"]


def _band(low: float, high: float) -> str:
    if low % 1 or high % 1:
        return f"{low:g} to <{high:g}"
    return f"{low:g}" if high - low == 1 else f"{low:g}-{high - 1:g}"
