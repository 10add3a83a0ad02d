"""Data queries about adverse events."""

from __future__ import annotations

import numpy as np

from dossier.cohort.actions import actions_in
from dossier.cohort.chronology import Chronology
from dossier.cohort.query_rule import Finding, query_rule


@query_rule(
    "adverse-event-before-treatment",
    "note",
    "adverse_events.start",
    "not counted: it began before treatment",
    "safety",
)
def adverse_event_before_treatment(dates: Chronology) -> Finding:
    """An adverse event that begins before treatment."""
    begin = dates.dates("adverse_events", "start")
    start = dates.of_patient("adverse_events", dates.start)
    return Finding(
        begin < start,
        lambda at: f"the event begins on {begin[at]}, before the start of treatment on {start[at]}",
    )


@query_rule(
    "adverse-event-after-cutoff",
    "note",
    "adverse_events.start",
    "not counted: it began after the data cut-off",
    "safety",
)
def adverse_event_after_cutoff(dates: Chronology) -> Finding:
    """An adverse event that begins after the data cut-off."""
    begin = dates.dates("adverse_events", "start")
    return Finding(
        begin > dates.cutoff,
        lambda at: f"the event begins on {begin[at]}, after the data cut-off {dates.cutoff}",
    )


@query_rule(
    "protocol-deviation-after-cutoff",
    "note",
    "protocol_deviations.date",
    "not counted: it came after the data cut-off",
)
def protocol_deviation_after_cutoff(dates: Chronology) -> Finding:
    """A protocol deviation dated after the data cut-off."""
    date = dates.dates("protocol_deviations", "date")
    return Finding(
        date > dates.cutoff,
        lambda at: f"the deviation is dated {date[at]}, after the data cut-off {dates.cutoff}",
    )


@query_rule(
    "adverse-event-after-death",
    "warning",
    "adverse_events.start",
    "counted all the same; one of the two dates is wrong",
    "safety",
)
def adverse_event_after_death(dates: Chronology) -> Finding:
    """An adverse event that begins after death."""
    begin = dates.dates("adverse_events", "start")
    death = dates.of_patient("adverse_events", dates.death)
    return Finding(
        begin > death,
        lambda at: f"the event begins on {begin[at]}, after the death on {death[at]}",
    )


@query_rule(
    "adverse-event-ends-before-start",
    "warning",
    "adverse_events.end",
    "counted by its start",
    "safety",
)
def adverse_event_ends_before_start(dates: Chronology) -> Finding:
    """An adverse event that ends before it begins."""
    begin = dates.dates("adverse_events", "start")
    end = dates.dates("adverse_events", "end")
    return Finding(
        end < begin, lambda at: f"the event ends on {end[at]}, before its start on {begin[at]}"
    )


@query_rule(
    "adverse-event-without-grade",
    "warning",
    "adverse_events.grade",
    "counted among events of any grade, not among those of grade 3 or higher",
    "safety",
)
def adverse_event_without_grade(dates: Chronology) -> Finding:
    """An adverse event without a grade though there is a column for it."""
    where = np.isnan(dates.cohort.adverse_events["grade"].to_numpy(dtype=np.float64))
    if not dates.cohort.has("adverse_events", "grade"):
        where = np.zeros(len(where), dtype=bool)
    return Finding(where, lambda _: "the grade is missing")


@query_rule(
    "adverse-event-action-not-known",
    "warning",
    "adverse_events.action_taken",
    "counted as not stated; values.adverse_events.action_taken can say what it means",
    "safety",
)
def adverse_event_action_not_known(dates: Chronology) -> Finding:
    """An action taken in words that are not known here."""
    told = dates.cohort.adverse_events["action_taken"]
    where = np.array([bool(text) and not actions_in(text) for text in told], dtype=bool)
    return Finding(where, lambda at: f"the action taken is {told.iloc[at]!r}")


RULES = (
    adverse_event_before_treatment,
    adverse_event_after_cutoff,
    adverse_event_after_death,
    adverse_event_ends_before_start,
    adverse_event_without_grade,
    protocol_deviation_after_cutoff,
    adverse_event_action_not_known,
)
