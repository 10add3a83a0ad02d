"""The listing of single patients, made harder to recognise by a profile.

The profiles ``hta-confidential`` and ``public`` see to it that at least ``minimum`` patients share
each tumour type and age (k-anonymity; Sweeney, Int J Uncertain Fuzz 2002; 10: 557-570). A group
that would be too small is merged, or its age is hidden; where hiding one group would give it away
by subtraction, another is hidden with it. No profile prints a date, an identifier or a site.

They do not protect outcomes, so whoever knows a patient's outcome may find the row; people who
share a group may share an outcome; and other tables and figures of the dossier (range of ages,
figures of single patients, data queries) are not covered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from typing import Final

import pandas as pd

from dossier.cohort.dossier_settings import ListingSettings
from dossier.compose.numbers import months_of
from dossier.evaluation import Evaluation

# Lower bounds of the age bands; from 90 on nobody is told apart (as the US privacy rule asks).
_FINE: Final = (0, 40, 50, 60, 70, 80, 90)
_COARSE: Final = (0, 50, 70)
# Lower bounds in months of the bands of time of the profile ``public``.
TIME_BANDS: Final = (0, 3, 6, 12)


@dataclass(frozen=True)
class Band:
    """Ages from ``lower`` to below ``upper``; None is no bound."""

    lower: int | None
    upper: int | None


@dataclass(frozen=True)
class ListedTime:
    """A time in months as it is printed.

    Parameters
    ----------
    months
        Exact, in whole months, or the lower bound of the band, as the profile says.
    upper
        Upper bound of the band; None for a single value or the last band.
    censored
        Whether the time is a lower limit.
    """

    months: int | Fraction
    upper: int | None = None
    censored: bool = False


@dataclass(frozen=True)
class ListedPatient:
    """One row of the listing.

    Parameters
    ----------
    age
        Band; None where hidden or not known.
    age_hidden
        Whether it was hidden to protect the patient.
    tumour_type
        Value of the file; ``""`` not known; None where it stands for several rare ones.
    best_response, benefit_16w
        As in the tables.
    pfs, os
        None where not known.
    reasons
        Why best response is NE, and what ended or censored progression-free survival.
    """

    age: Band | None
    age_hidden: bool
    tumour_type: str | None
    best_response: str
    pfs: ListedTime | None
    os: ListedTime | None
    benefit_16w: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Listing:
    """The rows, in an order that says nothing of the file's; ``reason`` where there are none."""

    patients: tuple[ListedPatient, ...] = ()
    reason: str = ""


def listing(evaluation: Evaluation, settings: ListingSettings) -> Listing:
    """The treated patients under a profile.

    Parameters
    ----------
    evaluation
        The cohort with what was derived for each patient.
    settings
        The profile and the smallest group that may be told apart.
    """
    frame, given = evaluation.patients.frame, evaluation.cohort.patients
    protected = settings.profile in ("hta-confidential", "public")
    bounds: tuple[int, ...] = _COARSE if settings.profile == "public" else _FINE
    rows: list[ListedPatient] = []
    ages: list[int | None] = []
    for place in range(len(frame)):
        if not frame["treated"].iat[place]:
            continue
        age = given["age"].iat[place] if "age" in given else None
        ages.append(None if age is None or age != age else int(age))
        best = str(frame["best_response"].iat[place])
        reasons = [str(frame["pfs_reason"].iat[place])]
        if best == "NE":
            reasons.insert(0, str(frame["not_evaluable_response_reason"].iat[place]))
        tumour = str(given["tumour_type"].iat[place]) if "tumour_type" in given else ""
        rows.append(
            ListedPatient(
                age=None,
                age_hidden=False,
                tumour_type="" if tumour in ("nan", "None") else tumour,
                best_response=best,
                pfs=_time(frame, "pfs", place, settings.profile),
                os=_time(frame, "os", place, settings.profile),
                benefit_16w=str(frame["benefit_16w"].iat[place]),
                reasons=tuple(reason for reason in dict.fromkeys(reasons) if reason),
            )
        )
    if not rows:
        return Listing(reason="no patients")
    if protected and len(rows) < settings.minimum:
        return Listing(reason="too few patients to protect them")
    if protected:
        bounds = _merged_bounds(ages, bounds, settings.minimum)
        types = _merged_types([row.tumour_type or "" for row in rows], settings.minimum)
        rows = [replace(row, tumour_type=kind) for row, kind in zip(rows, types, strict=True)]
    rows = [replace(r, age=_band(age, bounds)) for r, age in zip(rows, ages, strict=True)]
    if protected:
        rows = _with_ages_hidden(rows, settings.minimum)
    return Listing(tuple(sorted(rows, key=_order)))


def _time(frame: pd.DataFrame, endpoint: str, place: int, profile: str) -> ListedTime | None:
    days = frame[f"{endpoint}_days"].iat[place]
    event = frame[f"{endpoint}_event"].iat[place]
    if days != days or event != event:
        return None
    months, censored = months_of(float(days)), bool(event == 0)
    if profile == "public":
        number = max(n for n, lower in enumerate(TIME_BANDS) if months >= lower)
        upper = TIME_BANDS[number + 1] if number + 1 < len(TIME_BANDS) else None
        return ListedTime(TIME_BANDS[number], upper, censored)
    if profile == "hta-confidential":
        # Rounded down, so that no time is made to look longer than it was.
        return ListedTime(floor(months), None, censored)
    return ListedTime(months, None, censored)


def _band(age: int | None, bounds: Sequence[int]) -> Band | None:
    if age is None:
        return None
    number = max(n for n, lower in enumerate(bounds) if age >= lower)
    lower = bounds[number] or None
    return Band(lower, bounds[number + 1] if number + 1 < len(bounds) else None)


def _merged_bounds(
    ages: Sequence[int | None], bounds: Sequence[int], minimum: int
) -> tuple[int, ...]:
    """Bands joined with a neighbour, the smaller one, until each holds enough patients."""
    kept = list(bounds)
    while len(kept) > 1:
        found = Counter(_band(age, kept) for age in ages if age is not None)
        counts = [found[_band(lower, kept)] for lower in kept]
        small = min(range(len(kept)), key=lambda n: counts[n])
        if counts[small] >= minimum:
            break
        beside = [n for n in (small - 1, small + 1) if 0 <= n < len(kept)]
        other = min(beside, key=lambda n: counts[n])
        del kept[max(small, other)]
    return tuple(kept)


def _merged_types(types: Sequence[str], minimum: int) -> list[str | None]:
    """Rare types as one group; the next rare one joins it while it is too small itself."""
    counts = Counter(types)
    rare = {kind for kind, n in counts.items() if n < minimum}
    while rare and sum(counts[kind] for kind in rare) < minimum and len(rare) < len(counts):
        rare.add(min((k for k in counts if k not in rare), key=lambda k: (counts[k], k)))
    return [None if kind in rare else kind for kind in types]


def _with_ages_hidden(rows: list[ListedPatient], minimum: int) -> list[ListedPatient]:
    """Ages hidden where age and tumour type together would single out too few."""
    groups = Counter((row.tumour_type, row.age) for row in rows)
    hidden = {group for group, n in groups.items() if n < minimum}
    for kind in {row.tumour_type for row in rows}:
        own = {group: n for group, n in groups.items() if group[0] == kind}
        # Whoever knows how many have this type could find one small group by subtraction.
        while 0 < sum(n for group, n in own.items() if group in hidden) < minimum:
            shown = [group for group in own if group not in hidden]
            if not shown:
                break
            hidden.add(min(shown, key=lambda g: (own[g], str(g[1]))))
    return [
        replace(row, age=None, age_hidden=True) if (row.tumour_type, row.age) in hidden else row
        for row in rows
    ]


def _order(row: ListedPatient) -> tuple[object, ...]:
    """By what is printed alone: rows that print the same may stand in any order."""
    return (
        row.tumour_type is None,
        row.tumour_type or "",
        row.age_hidden,
        row.age is None,
        (row.age.lower or 0) if row.age else 0,
        row.best_response,
        -(row.pfs.months if row.pfs else -1),
        -(row.os.months if row.os else -1),
        row.pfs.censored if row.pfs else False,
        row.os.censored if row.os else False,
        row.benefit_16w,
        row.reasons,
    )
