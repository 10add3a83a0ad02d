"""Endpoints that the user's file already holds: used as they are, or compared with our own."""

from __future__ import annotations

import numpy as np

from dossier.cohort.model import Cohort, DataQuery
from dossier.derive.timeline import Flags, Floats, Integers, Texts
from dossier.derive.times import Ending, EventTimes, Source, event_times, texts

_WORDS = {
    "pfs": ("progression or death, as given", "no progression or death, as given"),
    "os": ("death, as given", "alive, as given"),
    "dor": ("end of response, as given", "response ongoing, as given"),
}
_EVENT, _CENSORED, _NO_TIME, _NO_STATUS, _NOT_RECORDED = range(5)


def times_as_given(cohort: Cohort, endpoint: str) -> EventTimes:
    """A time-to-event endpoint from ``<endpoint>_days`` and ``<endpoint>_event``.

    Where either is missing the time is unknown; a missing event is not taken for "no".

    Parameters
    ----------
    cohort
        The cohort.
    endpoint
        ``pfs``, ``os`` or ``dor``.
    """
    days, event = pair_as_given(cohort, endpoint)
    ending = np.select(
        [np.isnan(days), np.isnan(event), event == 1], [_NO_TIME, _NO_STATUS, _EVENT], _CENSORED
    )
    return _times(cohort, endpoint, ending, days)


def times_not_recorded(cohort: Cohort, endpoint: str) -> EventTimes:
    """A time-to-event endpoint that the data say nothing about: unknown for every patient."""
    nothing = np.full(len(cohort.patients), np.nan)
    return _times(cohort, endpoint, np.full(len(nothing), _NOT_RECORDED), nothing)


def _times(cohort: Cohort, endpoint: str, ending: Integers, days: Floats) -> EventTimes:
    name, column = endpoint.upper(), f"{endpoint}_days"
    event, censored = _WORDS[endpoint]
    endings = (
        Ending(f"{name}-GIVEN", event, 1.0, column),
        Ending(f"{name}-GIVEN", censored, 0.0, column),
        Ending(f"{name}-UNKNOWN", "time not known", np.nan, column),
        Ending(f"{name}-UNKNOWN", "status not known", np.nan, column),
        Ending(f"{name}-UNKNOWN", "not recorded", np.nan, column),
    )
    count = len(cohort.patients)
    source = Source(
        table=texts(["patients"] * count),
        column=texts([column] * count),
        row=cohort.patients["row"].to_numpy(dtype=np.float64),
    )
    return event_times(ending, endings, days, source)


def pair_as_given(cohort: Cohort, endpoint: str) -> tuple[Floats, Floats]:
    """Days and event of the patients table, NaN where missing."""
    patients = cohort.patients
    return (
        patients[f"{endpoint}_days"].to_numpy(dtype=np.float64),
        patients[f"{endpoint}_event"].to_numpy(dtype=np.float64),
    )


def response_differences(cohort: Cohort, derived: Texts, among: Flags) -> list[DataQuery]:
    """Data queries for best responses given that differ from those derived from the visits."""
    given = cohort.patients["best_response"].to_numpy(dtype=object)
    differs = among & (given != "") & (given != derived)
    return [
        _query(cohort, place, "best_response", str(given[place]), str(derived[place]))
        for place in np.flatnonzero(differs).tolist()
    ]


def time_differences(
    cohort: Cohort, endpoint: str, derived: EventTimes, among: Flags
) -> list[DataQuery]:
    """Data queries for times given that differ from those derived by more than half a day."""
    days, event = pair_as_given(cohort, endpoint)
    differs = among & ((np.abs(days - derived.days) > 0.5) | (event == 1 - derived.event))

    def written(days: float, event: float) -> str:
        status = {1.0: "event", 0.0: "censored"}.get(event, "status not known")
        return f"{days:g} days, {status}" if days == days else f"time not known, {status}"

    return [
        _query(
            cohort,
            place,
            f"{endpoint}_days",
            written(float(days[place]), float(event[place])),
            written(float(derived.days[place]), float(derived.event[place])),
        )
        for place in np.flatnonzero(differs).tolist()
    ]


def _query(cohort: Cohort, place: int, column: str, given: str, derived: str) -> DataQuery:
    endpoint = column.removesuffix("_days")
    file, row, heading = cohort.cell("patients", int(cohort.patients["row"].iloc[place]), column)
    return DataQuery(
        rule="derived-differs-from-given",
        severity="warning",
        message=f"{endpoint} is given as {given}, the records give {derived}",
        consequence="the value derived from the records is used",
        patient=str(cohort.patients["patient_id"].iloc[place]),
        file=file,
        row=row,
        column=heading,
        value=given,
        endpoints=(endpoint,),
    )
