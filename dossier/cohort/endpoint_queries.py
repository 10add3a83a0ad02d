"""Data queries about endpoints that the patients table gives as already derived."""

from __future__ import annotations

import numpy as np

from dossier.cohort.chronology import Chronology, Flags
from dossier.cohort.model import Cohort, DataQuery
from dossier.cohort.patient_queries import given, nobody, numbers, texts, visits_known
from dossier.cohort.query_rule import Finding, QueryRule, query_rule

_NAMES = {
    "pfs": "progression-free survival",
    "os": "overall survival",
    "dor": "duration of response",
}


@query_rule(
    "best-response-missing",
    "warning",
    "patients.best_response",
    "shown as not evaluable, which is no response; no response rate where too many are missing",
    "best_response",
)
def best_response_missing(dates: Chronology) -> Finding:
    """A best response that is missing though the column is there and no visits are."""
    where = nobody(dates)
    if given(dates, "best_response") and not visits_known(dates):
        where = texts(dates, "best_response") == ""
    return Finding(where, lambda _: "the best response is missing")


def _status_without_time(endpoint: str, name: str) -> QueryRule:
    @query_rule(
        f"{endpoint}-status-without-time",
        "warning",
        f"patients.{endpoint}_days",
        f"{name} is unknown for this patient",
        endpoint,
    )
    def rule(dates: Chronology) -> Finding:
        where = nobody(dates)
        if given(dates, f"{endpoint}_days", f"{endpoint}_event"):
            time, event = numbers(dates, f"{endpoint}_days"), numbers(dates, f"{endpoint}_event")
            where = np.isnan(time) & ~np.isnan(event)
        return Finding(where, lambda _: f"it is known how {name} ended, but not when")

    return rule


def _time_without_status(endpoint: str, name: str) -> QueryRule:
    @query_rule(
        f"{endpoint}-time-without-status",
        "warning",
        f"patients.{endpoint}_event",
        f"{name} is unknown for this patient",
        endpoint,
    )
    def rule(dates: Chronology) -> Finding:
        where = nobody(dates)
        if given(dates, f"{endpoint}_days", f"{endpoint}_event"):
            time, event = numbers(dates, f"{endpoint}_days"), numbers(dates, f"{endpoint}_event")
            where = ~np.isnan(time) & np.isnan(event)
        return Finding(
            where, lambda _: f"the time of {name} is known, but not whether an event ended it"
        )

    return rule


@query_rule(
    "pfs-longer-than-os",
    "error",
    "patients.pfs_days",
    "both times are used as given; one of them is wrong",
    "pfs",
    "os",
)
def pfs_longer_than_os(dates: Chronology) -> Finding:
    """Progression-free survival longer than overall survival."""
    pfs, os = numbers(dates, "pfs_days"), numbers(dates, "os_days")
    return Finding(
        pfs > os + 0.5,  # rounding of months is no contradiction
        lambda at: (
            f"progression-free survival ({pfs[at]:.10g} days) is longer than overall survival "
            f"({os[at]:.10g} days)"
        ),
    )


def _responded(dates: Chronology) -> Flags:
    return np.isin(texts(dates, "best_response").astype(str), ("CR", "PR"))


@query_rule(
    "responder-without-duration",
    "warning",
    "patients.dor_days",
    "the duration of response is unknown for this patient",
    "dor",
)
def responder_without_duration(dates: Chronology) -> Finding:
    """A responder without a duration of response though there is a column for it."""
    where = nobody(dates)
    if given(dates, "best_response", "dor_days"):
        no_status = np.isnan(numbers(dates, "dor_event"))
        where = _responded(dates) & np.isnan(numbers(dates, "dor_days")) & no_status
    return Finding(
        where, lambda _: "the patient responded, but the duration of response is missing"
    )


@query_rule(
    "duration-without-response",
    "warning",
    "patients.dor_days",
    "not used: the duration of response is that of responders",
    "dor",
)
def duration_without_response(dates: Chronology) -> Finding:
    """A duration of response of a patient who did not respond."""
    where = nobody(dates)
    if given(dates, "best_response", "dor_days"):
        where = ~_responded(dates) & ~np.isnan(numbers(dates, "dor_days"))
    return Finding(where, lambda _: "a duration of response is given, but no response")


def columns_without_status(cohort: Cohort) -> list[DataQuery]:
    """A column of times without the column that says whether an event ended them."""
    return [
        DataQuery(
            rule=f"{endpoint}-status-not-given",
            severity="warning",
            message=f"there is a column {endpoint}_days, but no column {endpoint}_event",
            consequence=f"{name} cannot be estimated from these times",
            file=cohort.file_label("patients"),
            column=cohort.heading("patients", f"{endpoint}_days"),
            endpoints=(endpoint,),
        )
        for endpoint, name in _NAMES.items()
        if cohort.has("patients", f"{endpoint}_days")
        and not cohort.has("patients", f"{endpoint}_event")
    ]


RULES = (
    best_response_missing,
    *(
        rule(endpoint, name)
        for endpoint, name in _NAMES.items()
        for rule in (_status_without_time, _time_without_status)
    ),
    pfs_longer_than_os,
    responder_without_duration,
    duration_without_response,
)
