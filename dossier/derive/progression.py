"""Progression-free survival and duration of response from the visits."""

from __future__ import annotations

import numpy as np

from dossier.cohort.settings import Derivation
from dossier.derive.response import BestResponse
from dossier.derive.schedule import last_day_in_time
from dossier.derive.survival import LastAlive
from dossier.derive.timeline import NEVER, Flags, Floats, Integers, Timeline
from dossier.derive.times import Ending, EventTimes, Source, event_times, table_name, texts
from dossier.derive.visits import NO_VISIT, PD, Visits, first_place, last_place

_MISSED = "PFS-MISSED-ASSESSMENTS"

PFS_ENDINGS = (
    Ending("PFS-PD", "progression", 1.0, ""),
    Ending("PFS-DEATH", "death", 1.0, "death_date"),
    Ending("PFS-CLINICAL-PROGRESSION", "clinical progression", 1.0, "clinical_progression_date"),
    Ending("PFS-NEW-THERAPY", "new anticancer therapy", 0.0, "new_therapy_start"),
    Ending("PFS-LAST-ASSESSMENT", "no event at last evaluable assessment", 0.0, ""),
    Ending("PFS-NO-ASSESSMENT", "no evaluable assessment after baseline", 0.0, "treatment_start"),
    Ending("PFS-UNKNOWN", "date of death not known", np.nan, "death_date"),
    Ending("PFS-UNKNOWN", "treatment start not known", np.nan, "treatment_start"),
    Ending(_MISSED, "progression after missed assessments", 0.0, "treatment_start"),
    Ending(_MISSED, "death after missed assessments", 0.0, "treatment_start"),
    Ending(
        "PFS-UNKNOWN",
        "clinical progression before treatment start",
        np.nan,
        "clinical_progression_date",
    ),
    Ending("PFS-PD-MIDPOINT", "progression", 1.0, ""),
    Ending("PFS-LAST-CONTACT", "no event at last contact", 0.0, ""),
    Ending("PFS-DATA-CUTOFF", "no event at the data cut-off", 0.0, "treatment_start"),
)
_PD, _DEATH, _CLINICAL, _NEW_THERAPY, _LAST, _NONE, _DEATH_UNDATED, _UNDATED = range(8)
_PD_MISSED, _DEATH_MISSED, _CLINICAL_BEFORE_START = range(8, 11)
_PD_MIDPOINT, _LAST_CONTACT, _AT_CUTOFF = range(11, len(PFS_ENDINGS))


def clinical_progression_counts(options: Derivation) -> bool:
    """Whether clinical progression without imaging is an event; never in the rule set ``fda``."""
    return options.clinical_progression == "event" and options.pfs != "fda"


def progression_day(visits: Visits, timeline: Timeline, options: Derivation) -> Floats:
    """Day of the first PD as entered, or of clinical progression where that counts as an event."""
    first = visits.first_day(visits.response == PD)
    if clinical_progression_counts(options):
        return np.minimum(first, timeline.clinical_progression)
    return first


def progression_free_survival(
    visits: Visits,
    timeline: Timeline,
    rows: Floats,
    options: Derivation,
    alive: LastAlive | None = None,
) -> EventTimes:
    """Time from the start of treatment to progression or death.

    Rule set ``standard``. Event: the first PD visit, death from any cause or, where
    ``clinical_progression`` is ``event``, clinical progression, whichever comes first; on one day
    PD goes before death and death before clinical progression. A new anticancer therapy that
    starts before the event, or without any event, censors at the last evaluable (not NE)
    assessment on or before its start; one that starts on the day of the event does not. Without an
    event the time is censored at the last evaluable assessment; where there is none, at day 0. The
    responses are used as entered: a PR after a CR is no progression here.

    Rule set ``fda``. As ``standard``, but clinical progression is never an event, and a PD or death
    that comes straight after missed assessments (`dossier.derive.schedule`) is censored at the last
    evaluable assessment before it, at day 0 where there is none. An assessment that is NE counts
    as missed, unless ``not_evaluable_is_missed`` is off.

    Rule set ``treatment-policy``. As ``standard``, but a new anticancer therapy changes nothing.

    With ``progression_date`` at ``midpoint`` progression seen on an assessment is dated halfway
    between the last evaluable assessment before it, or the start of treatment, and that assessment;
    half days are rounded up. Whether it is an event is decided by the assessment all the same. With
    ``censoring_date`` at ``last-contact`` or ``data-cutoff`` patients without an event who started
    no new therapy are censored on that day.

    A patient who died on an unknown day has an unknown time, unless progression or (where it
    censors) a new therapy was recorded, which the patient lived to see. So has one whose clinical
    progression counts but is dated before the start of treatment.

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
    alive
        The last proof of life of each patient, for censoring at the last contact.
    """
    pd_place = first_place(visits.response == PD)
    pd_day = visits.day_at(pd_place)
    nobody = np.zeros(len(pd_day), dtype=bool)
    clinical, new_therapy = timeline.clinical_progression, timeline.new_therapy
    undated = timeline.new_therapy_on_unknown_day
    if not clinical_progression_counts(options):
        clinical = np.full(len(pd_day), NEVER)
    if options.pfs == "treatment-policy":
        new_therapy, undated = np.full(len(pd_day), NEVER), nobody
    event_day = np.minimum(np.minimum(pd_day, timeline.death), clinical)
    switched = new_therapy < event_day
    has_event = (event_day < NEVER) & ~switched

    until = np.where(switched, new_therapy, NEVER)
    last = last_place(visits.evaluable & (visits.day <= until[:, None]))
    missed = nobody
    if options.pfs == "fda":
        before, missed = _after_missed_assessments(visits, event_day, options)
        missed = missed & has_event
        last = np.where(missed, before, last)
    ending = np.select(
        [
            undated,
            clinical < 0,
            switched,
            missed & (pd_day == event_day),
            missed,
            has_event & (pd_day == event_day),
            has_event & (timeline.death == event_day),
            has_event,
            timeline.died_on_unknown_day,
            last >= 0,
        ],
        [
            _UNDATED,
            _CLINICAL_BEFORE_START,
            _NEW_THERAPY,
            _PD_MISSED,
            _DEATH_MISSED,
            _PD,
            _DEATH,
            _CLINICAL,
            _DEATH_UNDATED,
            _LAST,
        ],
        _NONE,
    )
    if options.progression_date == "midpoint":
        event_day = np.where(ending == _PD, _midpoint(visits, pd_day), event_day)
        ending = np.where(ending == _PD, _PD_MIDPOINT, ending)
    censored_at = np.where(last >= 0, visits.day_at(last), 0.0)
    ending, censored_at = _censored_later(ending, censored_at, timeline, options, alive)
    at_last = missed | (ending == _NEW_THERAPY) | (ending == _LAST)
    progressed = (ending == _PD) | (ending == _PD_MIDPOINT)
    place = np.select([progressed, at_last], [pd_place, last], -1)
    source = Source(
        table=table_name(place >= 0),
        column=np.select(
            [place >= 0, ending == _DEATH],
            [visits.column_at(place), timeline.death_column],
            texts([each.column for each in PFS_ENDINGS])[ending],
        ).astype(object),
        row=np.where(place >= 0, visits.row_at(place), rows),
    )
    if alive is not None:
        contact = ending == _LAST_CONTACT
        source = Source(
            table=np.where(contact, alive.table, source.table),
            column=np.where(contact, alive.column, source.column),
            row=np.where(contact, alive.row, source.row),
        )
    return event_times(
        ending,
        PFS_ENDINGS,
        np.where(has_event & ~missed, event_day, censored_at),
        source,
    )


def _midpoint(visits: Visits, pd_day: Floats) -> Floats:
    """Halfway between the last evaluable assessment before progression, or day 0, and that day."""
    last = last_place(visits.evaluable & (visits.day < pd_day[:, None]))
    before = np.where(last >= 0, visits.day_at(last), 0.0)
    day: Floats = np.ceil((before + pd_day) / 2)
    return day


def _censored_later(
    ending: Integers,
    censored_at: Floats,
    timeline: Timeline,
    options: Derivation,
    alive: LastAlive | None,
) -> tuple[Integers, Floats]:
    """Endings and days of those without event or new therapy, censored where the options say."""
    if options.censoring_date == "last-assessment":
        return ending, censored_at
    if options.censoring_date == "last-contact":
        assert alive is not None  # noqa: S101 (made for this option)
        day, name = np.minimum(alive.day, timeline.cutoff), _LAST_CONTACT
    else:
        day, name = timeline.cutoff, _AT_CUTOFF
    moved = ((ending == _LAST) | (ending == _NONE)) & np.isfinite(day)
    return np.where(moved, name, ending), np.where(moved, day, censored_at)


def _after_missed_assessments(
    visits: Visits, event_day: Floats, options: Derivation
) -> tuple[Integers, Flags]:
    """Place of the last evaluable assessment before the event, and whether too many were missed."""
    before = (visits.response != PD) & (visits.day <= event_day[:, None])
    last = last_place(visits.evaluable & before)
    clock = last
    if not options.not_evaluable_is_missed:
        clock = last_place((visits.response != NO_VISIT) & before)
    since = np.where(clock >= 0, visits.day_at(clock), 0.0)
    return last, event_day > last_day_in_time(since, options)


DOR_RULES = {
    "PFS-PD": "DOR-PD",
    "PFS-PD-MIDPOINT": "DOR-PD-MIDPOINT",
    "PFS-DEATH": "DOR-DEATH",
    "PFS-CLINICAL-PROGRESSION": "DOR-CLINICAL-PROGRESSION",
    "PFS-NEW-THERAPY": "DOR-NEW-THERAPY",
    "PFS-LAST-ASSESSMENT": "DOR-LAST-ASSESSMENT",
    "PFS-LAST-CONTACT": "DOR-LAST-CONTACT",
    "PFS-DATA-CUTOFF": "DOR-DATA-CUTOFF",
    _MISSED: "DOR-MISSED-ASSESSMENTS",
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
