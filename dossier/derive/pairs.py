"""Pairs of assessments: a response, and the later one that confirms it."""

from __future__ import annotations

import numpy as np

from dossier.derive.timeline import Flags, Integers
from dossier.derive.visits import NO_VISIT, PD, Codes


def until_progression(response: Codes) -> Codes:
    """Responses up to and including each patient's first PD, ``NO_VISIT`` after it."""
    is_pd = response == PD
    after = np.cumsum(is_pd, axis=1) - is_pd > 0
    return np.where(after, np.int8(NO_VISIT), response)


def first_pair(
    day: Integers,
    response: Codes,
    first: Flags,
    second: Flags,
    tolerated: list[tuple[Flags, int]],
    days_apart: int,
) -> tuple[Integers, Integers]:
    """Places of the earliest visit in ``first`` that a later one in ``second`` confirms, and of it.

    The two are at least ``days_apart`` apart; -1 where there is no such pair. Between the two may
    stand visits that are in ``second`` themselves, and of each kind ``tolerated`` at most the
    number given with it.

    Parameters
    ----------
    day, response, first, second
        Shape (patients, places); a place that is no visit holds ``NO_VISIT``.
    tolerated
        Kinds of visits, and how many of each may stand between.
    days_apart
        Days between the two visits, at least.
    """
    place = np.full(len(day), -1)
    confirming = np.full(len(day), -1)
    able = np.flatnonzero(first.any(axis=1))  # of the others there is nothing to find
    day, first, second = day[able], first[able], second[able]
    visit = response[able] != NO_VISIT
    tolerated = [(kind[able], most) for kind, most in tolerated]
    limits = [(visit & ~second & ~np.logical_or.reduce([kind for kind, _ in tolerated]), 0)]
    limits += tolerated
    seen = [(np.cumsum(kind, axis=1), most) for kind, most in limits]
    open_ = np.ones(len(able), dtype=bool)
    for i in np.flatnonzero(first[:, :-1].any(axis=0)).tolist():
        rows = np.flatnonzero(first[:, i] & open_)
        confirms = second[rows, i + 1 :] & (day[rows, i + 1 :] - day[rows, i, None] >= days_apart)
        for count, most in seen:
            confirms &= count[rows, i:-1] - count[rows, i, None] <= most
        confirmed = confirms.any(axis=1)
        found = rows[confirmed]
        open_[found] = False
        place[able[found]] = i
        confirming[able[found]] = i + 1 + confirms[confirmed].argmax(axis=1)
    return place, confirming
