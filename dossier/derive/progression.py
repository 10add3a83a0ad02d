"""Progression-free survival and duration of response from the visits."""

from __future__ import annotations

import numpy as np

from dossier.cohort.settings import Derivation
from dossier.derive.response import BestResponse
from dossier.derive.timeline import NEVER, Floats, Timeline
from dossier.derive.times import Ending, EventTimes, Source, event_times, table_name, texts
from dossier.derive.visits import PD, Visits, first_place, last_place

PFS_ENDINGS = (
    Ending("PFS-PD", "progression", 1.0, ""),
    Ending("PFS-DEATH", "death", 1.0, "death_date"),
    Ending("PFS-CLINICAL-PROGRESSION", "clinical progression", 1.0, "clinical_progression_date"),
    Ending("PFS-NEW-THERAPY", "new anticancer therapy", 0.0, "new_therapy_start"),
    Ending("PFS-LAST-ASSESSMENT", "no event at last evaluable assessment", 0.0, ""),
    Ending("PFS-NO-ASSESSMENT", "no evaluable assessment after baseline", 0.0, "treatment_start"),
    Ending("PFS-UNKNOWN", "date of death not known", np.nan, "death_date"),
    Ending("PFS-UNKNOWN", "treatment start not known", np.nan, "treatment_start"),
)
_PD, _DEATH, _CLINICAL, _NEW_THERAPY, _LAST, _NONE, _DEATH_UNDATED, _UNDATED = range(8)


def progression_day(visits: Visits, timeline: Timeline, options: Derivation) -> Floats:
    """Day of the first PD as entered, or of clinical progression where that counts as an event."""
    first = visits.first_day(visits.response == PD)
    if options.clinical_progression == "event":
        return np.minimum(first, timeline.clinical_progression)
    return first


def progression_free_survival(
    visits: Visits, timeline: Timeline, rows: Floats, options: Derivation
) -> EventTimes:
    """Time from the start of treatment to progression or death, rule set ``standard``.

    Event: the first PD visit, death from any cause or, where ``clinical_progression`` is
    ``event``, clinical progression, whichever comes first; on one day PD goes before death and
    death before clinical progression. A new anticancer therapy that starts before the event, or
    without any event, censors at the last evaluable (not NE) assessment on or before its start;
    one that starts on the day of the event does not. Without an event the time is censored at the
    last evaluable assessment; where there is none, at day 0. The responses are used as entered: a
    PR after a CR is no progression here.

    A patient who died on an unknown day has an unknown time, unless progression or a new therapy
    was recorded, which the patient lived to see.

    Parameters
    ----------
    visits
        Assessments after baseline, on or before the cut-off.
    timeline
        Days of the other events, on or before the cut-off.
    rows
        Row of each patient in the patients file.
    options
        The ``derivation`` section of the settings.
    """
    pd_place = first_place(visits.response == PD)
    pd_day = visits.day_at(pd_place)
    clinical = timeline.clinical_progression
    if options.clinical_progression == "ignore":
        clinical = np.full(len(pd_day), NEVER)
    event_day = np.minimum(np.minimum(pd_day, timeline.death), clinical)
    switched = timeline.new_therapy < event_day

    until = np.where(switched, timeline.new_therapy, NEVER)
    last = last_place(visits.evaluable & (visits.day <= until[:, None]))
    has_event = (event_day < NEVER) & ~switched
    ending = np.select(
        [
            timeline.new_therapy_on_unknown_day,
            switched,
            has_event & (pd_day == event_day),
            has_event & (timeline.death == event_day),
            has_event,
            timeline.died_on_unknown_day,
            last >= 0,
        ],
        [_UNDATED, _NEW_THERAPY, _PD, _DEATH, _CLINICAL, _DEATH_UNDATED, _LAST],
        _NONE,
    )
    censored_at = np.where(last >= 0, visits.day_at(last), 0.0)
    place = np.select(
        [ending == _PD, (ending == _NEW_THERAPY) | (ending == _LAST)], [pd_place, last], -1
    )
    return event_times(
        ending,
        PFS_ENDINGS,
        np.where(has_event, event_day, censored_at),
        Source(
            table=table_name(place >= 0),
            column=np.select(
                [place >= 0, ending == _DEATH],
                ["response", timeline.death_column],
                texts([each.column for each in PFS_ENDINGS])[ending],
            ).astype(object),
            row=np.where(place >= 0, visits.row_at(place), rows),
        ),
    )


DOR_RULES = {
    "PFS-PD": "DOR-PD",
    "PFS-DEATH": "DOR-DEATH",
    "PFS-CLINICAL-PROGRESSION": "DOR-CLINICAL-PROGRESSION",
    "PFS-NEW-THERAPY": "DOR-NEW-THERAPY",
    "PFS-LAST-ASSESSMENT": "DOR-LAST-ASSESSMENT",
    "PFS-UNKNOWN": "DOR-UNKNOWN",
}


def duration_of_response(visits: Visits, best: BestResponse, pfs: EventTimes) -> EventTimes:
    """Time from the day that carries the response to the end of progression-free survival.

    Meaningful for responders only; other patients' entries are to be ignored. Where clinical
    progression counts as an event it can come before the response was first seen: the duration is
    then unknown.
    """
    started = visits.day_at(best.place)
    days = pfs.days - np.where(best.place >= 0, started, np.nan)
    contradictory = days < 0
    rule = np.array([DOR_RULES.get(name, "DOR-UNKNOWN") for name in pfs.rule], dtype=np.object_)
    return EventTimes(
        days=np.where(contradictory, np.nan, days),
        event=np.where(contradictory, np.nan, pfs.event),
        rule=np.where(contradictory, "DOR-UNKNOWN", rule),
        reason=np.where(contradictory, "progression before response", pfs.reason),
        table=pfs.table,
        column=pfs.column,
        row=pfs.row,
    )
