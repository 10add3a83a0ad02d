"""Kaplan-Meier curves of many cohorts made of the same patients, one a row: resamples, subgroups.

A row of weights says how often each patient stands in a cohort. The curves are never held as
objects; what is read from them comes out as arrays, with NaN where there is nothing to read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dossier.estimate.kaplan_meier import (
    FloatArray,
    IntArray,
    LimitType,
    checked_times,
    crossing,
    greenwood,
    product_limit,
    survival_limits,
)

__all__ = ["Readings", "median_limits_batch", "quantile_batch", "readings_batch"]

# Patients times cohorts worked on at once: small enough for a processor's cache.
CHUNK_ELEMENTS = 250_000


class Readings(NamedTuple):
    """What is read from each curve: the median, shape (B,), and survival, shape (B, days); beside
    them where the curve ends: the last observed time, and survival there, shape (B,)."""

    median: FloatArray
    survival: FloatArray
    last_time: FloatArray
    last_survival: FloatArray


class _Block(NamedTuple):
    """Some of the cohorts as counts at each distinct time, shape (rows, times)."""

    rows: slice
    times: FloatArray
    at_risk: IntArray
    events: IntArray
    last_time: FloatArray


def quantile_batch(
    days: ArrayLike, event: ArrayLike, weights: NDArray[np.integer], p: float = 0.5
) -> FloatArray:
    """Read the quantile of many cohorts at once.

    Row b gives what ``quantile(kaplan_meier(...), p).estimate`` gives for the cohort in which
    patient i stands ``weights[b, i]`` times.

    Parameters
    ----------
    days, event : array_like, shape (n,)
        All patients, as for `kaplan_meier`.
    weights : int array, shape (B, n)
        How often each patient stands in each cohort; zero leaves the patient out.
    p : float
        Share with the event; 0.5 is the median.

    Returns
    -------
    float array, shape (B,)
        NaN where the quantile is not reached.

    Raises
    ------
    ValueError
        As for `kaplan_meier` and `quantile`; or weights of another shape, not integer, negative, or
        all zero in a row.
    """
    if not 0 < p < 1:
        raise ValueError(f"p must lie between 0 and 1, not {p!r}")
    result = np.empty(len(weights))
    for block in _blocks(days, event, weights):
        survival = product_limit(block.at_risk, block.events)
        result[block.rows] = crossing(block.times, survival, 1 - p, block.last_time)
    return result


def readings_batch(
    days: ArrayLike, event: ArrayLike, weights: NDArray[np.integer], at: ArrayLike
) -> Readings:
    """Read the median and the survival on the days `at` of many cohorts at once.

    Survival is NaN beyond the last observed time of a cohort. Arguments and errors otherwise as
    for `quantile_batch`.
    """
    asked = np.asarray(at, dtype=np.float64)
    median, last_time, last_survival = np.empty((3, len(weights)))
    shares = np.empty((len(weights), asked.size))
    for block in _blocks(days, event, weights):
        survival = product_limit(block.at_risk, block.events)
        median[block.rows] = crossing(block.times, survival, 0.5, block.last_time)
        last_time[block.rows], last_survival[block.rows] = block.last_time, survival[:, -1]
        place = np.searchsorted(block.times, asked, side="right") - 1
        share = np.where(place >= 0, survival[:, np.maximum(place, 0)], 1.0)
        shares[block.rows] = np.where(asked > block.last_time[:, None], np.nan, share)
    return Readings(median, shares, last_time, last_survival)


def median_limits_batch(
    days: ArrayLike,
    event: ArrayLike,
    weights: NDArray[np.integer],
    *,
    limits: LimitType = "log-log",
    confidence: float = 0.95,
) -> FloatArray:
    """Read the median with its limits of many cohorts at once, as `quantile` does of one.

    Returns
    -------
    float array, shape (3, B)
        Median, lower and upper limit; NaN where not reached.

    Raises
    ------
    ValueError
        As for `quantile_batch`.
    """
    result = np.empty((3, len(weights)))
    for block in _blocks(days, event, weights):
        survival = product_limit(block.at_risk, block.events)
        variance = greenwood(block.at_risk, block.events).cumsum(axis=1)
        band = (survival, *survival_limits(survival, variance, limits, confidence))
        for place, curves in enumerate(band):
            found = crossing(block.times, curves, 0.5, block.last_time)
            result[place, block.rows] = found
    return result


def _blocks(days: ArrayLike, event: ArrayLike, weights: NDArray[np.integer]) -> Iterator[_Block]:
    observed, died = checked_times(days, event)
    if weights.ndim != 2 or weights.shape[1] != observed.size:
        raise ValueError(f"weights must have shape (cohorts, {observed.size})")
    if not np.issubdtype(weights.dtype, np.integer):
        raise ValueError(f"weights must be integers, not {weights.dtype}")
    if weights.size and (weights.min() < 0 or not weights.any(axis=1).all()):
        raise ValueError("weights must not be negative, and each cohort needs a patient")
    order = np.argsort(observed, kind="stable")
    times, start = np.unique(observed[order], return_index=True)
    died = died[order]
    step = max(1, CHUNK_ELEMENTS // observed.size)
    for first in range(0, len(weights), step):
        rows = slice(first, first + step)
        drawn = weights[rows, order].astype(np.int64, copy=False)
        leaving = np.add.reduceat(drawn, start, axis=1)
        events = np.add.reduceat(drawn * died, start, axis=1)
        at_risk = leaving[:, ::-1].cumsum(axis=1)[:, ::-1]
        last_time = times[(at_risk > 0).sum(axis=1) - 1]
        yield _Block(rows, times, at_risk, events, last_time)
