"""Time on treatment, time to the next treatment, and who went on beyond week 16."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dossier.cohort.model import Cohort
from dossier.derive.survival import LastAlive, alive_at_cutoff
from dossier.derive.timeline import Floats, Integers, Texts, Timeline, dates_of
from dossier.derive.times import Ending, EventTimes, Source, event_times, texts
from dossier.units import DAYS_PER_WEEK

DECISION_DAY = 16 * DAYS_PER_WEEK

TIME_ON_TREATMENT_ENDINGS = (
    Ending("TOT-END", "end of treatment", 1.0, "treatment_end"),
    Ending("TOT-DEATH", "death", 1.0, "death_date"),
    Ending("TOT-NEW-THERAPY", "new anticancer therapy", 1.0, "new_therapy_start"),
    Ending("TOT-ONGOING", "treatment ongoing at last contact", 0.0, ""),
    Ending("TOT-ONGOING", "treatment ongoing at the data cut-off", 0.0, ""),
    Ending("TOT-UNKNOWN", "treatment start not known", np.nan, "treatment_start"),
    Ending("TOT-UNKNOWN", "treatment end before its start", np.nan, "treatment_end"),
    Ending("TOT-UNKNOWN", "date of death not known", np.nan, "death_date"),
    Ending("TOT-UNKNOWN", "new therapy before treatment start", np.nan, "new_therapy_start"),
)
(
    _END,
    _DIED,
    _REPLACED,
    _ON_TREATMENT,
    _ON_TREATMENT_AT_CUTOFF,
    _UNDATED,
    _END_BEFORE_START,
    _DEATH_UNDATED,
    _REPLACED_BEFORE_START,
) = range(len(TIME_ON_TREATMENT_ENDINGS))

ONGOING, NO_REASON = "ongoing", "reason not given"
DIED_UNRECORDED = "died, end of treatment not recorded"
REPLACED_UNRECORDED = "new therapy, end of treatment not recorded"
STATUS_UNKNOWN = "not known"

NEXT_TREATMENT_ENDINGS = (
    Ending("TTNT-NEW-THERAPY", "new anticancer therapy", 1.0, "new_therapy_start"),
    Ending("TTNT-DEATH", "death", 1.0, "death_date"),
    Ending("TTNT-NONE", "no new anticancer therapy at last contact", 0.0, ""),
    Ending("TTNT-NONE", "no new anticancer therapy at the data cut-off", 0.0, ""),
    Ending("TTNT-UNKNOWN", "treatment start not known", np.nan, "treatment_start"),
    Ending("TTNT-UNKNOWN", "date of death not known", np.nan, "death_date"),
    Ending("TTNT-UNKNOWN", "new therapy before treatment start", np.nan, "new_therapy_start"),
)
(
    _NEXT,
    _DIED_BEFORE_NEXT,
    _NO_NEXT,
    _NO_NEXT_AT_CUTOFF,
    _NEXT_UNDATED,
    _NEXT_DEATH_UNDATED,
    _NEXT_BEFORE_START,
) = range(len(NEXT_TREATMENT_ENDINGS))


def time_on_treatment(cohort: Cohort, timeline: Timeline, alive: LastAlive) -> EventTimes:
    """Time from the start to the end of treatment, for whatever reason it ended.

    Death ends treatment, whatever later end is written down. Where no end of treatment is recorded
    at all, the start of a new anticancer therapy ends it as well. Treatment that is still going on
    is censored on the last day the patient is known to have lived, at most the cut-off.

    Parameters
    ----------
    cohort, timeline
        The cohort, and the days of its patients' events.
    alive
        The last proof of life of every patient.
    """
    end, death, new_therapy = timeline.treatment_end, timeline.death, timeline.new_therapy
    recorded = ~np.isnat(dates_of(cohort.patients, "treatment_end"))
    ended_later = recorded & ~np.isfinite(end)
    replaced = ~recorded & np.isfinite(new_therapy)
    ending = np.select(
        [
            np.isnat(timeline.start),
            end < 0,
            np.isfinite(end) & (end <= death),
            replaced & (new_therapy < 0),
            replaced & (new_therapy <= death),
            np.isfinite(death),
            timeline.died_on_unknown_day & ~ended_later,
            ended_later | alive_at_cutoff(cohort, timeline, alive),
        ],
        [
            _UNDATED,
            _END_BEFORE_START,
            _END,
            _REPLACED_BEFORE_START,
            _REPLACED,
            _DIED,
            _DEATH_UNDATED,
            _ON_TREATMENT_AT_CUTOFF,
        ],
        _ON_TREATMENT,
    )
    stop = np.select(
        [ending == _END, ending == _DIED, ending == _REPLACED],
        [end, death, new_therapy],
        np.minimum(alive.day, timeline.cutoff),
    )
    return _times(cohort, timeline, ending, TIME_ON_TREATMENT_ENDINGS, stop, alive)


def treatment_status(cohort: Cohort, frame: pd.DataFrame) -> Texts:
    """How treatment stands at the data cut-off: `ONGOING`, or why it ended.

    Ongoing is whose time on treatment is censored. A reason is that of the file; where treatment
    ended without a recorded end, by death or a new anticancer therapy, that is said.

    Parameters
    ----------
    cohort
        The cohort as read, with ``treatment_end``.
    frame
        Frame of the derive stage.
    """
    end = dates_of(cohort.patients, "treatment_end")
    recorded = ~np.isnat(end)
    if cohort.data_cutoff is not None:
        recorded &= end <= np.datetime64(cohort.data_cutoff)
    told = cohort.patients["end_of_treatment_reason"].to_numpy(dtype=np.object_)
    event = frame["time_on_treatment_event"].to_numpy(dtype=np.float64)
    reason = frame["time_on_treatment_reason"].to_numpy(dtype=np.object_)
    status: Texts = np.select(
        [recorded, event == 0, reason == "death", reason == "new anticancer therapy"],
        [np.where(told == "", NO_REASON, told), ONGOING, DIED_UNRECORDED, REPLACED_UNRECORDED],
        STATUS_UNKNOWN,
    ).astype(np.object_)
    return status


def time_to_next_treatment(cohort: Cohort, timeline: Timeline, alive: LastAlive) -> EventTimes:
    """Time from the start of treatment to a new anticancer therapy or death from any cause.

    Death counts as an event: whoever dies first never gets a next treatment, and censoring at death
    would take the rest for the fate of the dead. On one day the new therapy goes first. Without
    either the time is censored on the last day the patient is known to have lived, at most the
    cut-off.

    Parameters
    ----------
    cohort, timeline, alive
        As for `time_on_treatment`.
    """
    death, new_therapy = timeline.death, timeline.new_therapy
    ending = np.select(
        [
            np.isnat(timeline.start),
            new_therapy < 0,
            np.isfinite(new_therapy) & (new_therapy <= death),
            np.isfinite(death),
            timeline.died_on_unknown_day,
            alive_at_cutoff(cohort, timeline, alive),
        ],
        [
            _NEXT_UNDATED,
            _NEXT_BEFORE_START,
            _NEXT,
            _DIED_BEFORE_NEXT,
            _NEXT_DEATH_UNDATED,
            _NO_NEXT_AT_CUTOFF,
        ],
        _NO_NEXT,
    )
    stop = np.select(
        [ending == _NEXT, ending == _DIED_BEFORE_NEXT],
        [new_therapy, death],
        np.minimum(alive.day, timeline.cutoff),
    )
    return _times(cohort, timeline, ending, NEXT_TREATMENT_ENDINGS, stop, alive)


def _times(
    cohort: Cohort,
    timeline: Timeline,
    ending: Integers,
    endings: Sequence[Ending],
    days: Floats,
    alive: LastAlive,
) -> EventTimes:
    columns = [
        timeline.death_column if each.column == "death_date" else each.column for each in endings
    ]
    by_contact = np.array([each.event == 0.0 for each in endings])[ending]
    rows = cohort.patients["row"].to_numpy(dtype=np.float64)
    source = Source(
        table=np.where(by_contact, alive.table, "patients"),
        column=np.where(by_contact, alive.column, texts(columns)[ending]),
        row=np.where(by_contact, alive.row, rows),
    )
    return event_times(ending, endings, days, source)


# State and rule of every way week 16 can be judged, with the reason where it is always the same.
_CONTINUED = (
    ("yes", "CONTINUED-YES", "treatment went on after week 16"),
    ("no", "CONTINUED-NO", ""),
    ("too early", "CONTINUED-TOO-EARLY", "data cut-off before the end of week 16"),
    ("unknown", "CONTINUED-UNKNOWN", "not known whether treatment went on after week 16"),
)
_YES, _NO, _EARLY, _UNKNOWN = range(len(_CONTINUED))


@dataclass(frozen=True)
class Continued:
    """Whether treatment went on after week 16, one entry a patient in every array.

    Parameters
    ----------
    state
        ``yes``, ``no``, ``too early`` or ``unknown``.
    reason
        Why treatment stopped, or why there is no answer.
    rule, table, column, row
        The rule and the entry that decided.
    """

    state: Texts
    reason: Texts
    rule: Texts
    table: Texts
    column: Texts
    row: Floats


def continued_after_16_weeks(cohort: Cohort, timeline: Timeline, treated: EventTimes) -> Continued:
    """Whether each patient was still on treatment after day 112, the decision on further payment.

    Treatment that ended on day 112 did not go on. A patient on treatment whose data cut-off is not
    later than day 112 is too early; one last heard of by then although the cut-off is later is
    unknown. The reason is the one recorded for the end of treatment, else what ended it.

    Parameters
    ----------
    cohort, timeline
        The cohort, and the days of its patients' events.
    treated
        Time on treatment.
    """
    beyond = treated.days > DECISION_DAY
    ended = (treated.event == 1) & ~beyond
    early = (treated.event == 0) & (timeline.cutoff <= DECISION_DAY)
    judged: Integers = np.select([beyond, ended, early], [_YES, _NO, _EARLY], _UNKNOWN)
    state, rule, said = (texts(column)[judged] for column in zip(*_CONTINUED, strict=True))
    recorded = cohort.patients["end_of_treatment_reason"].to_numpy(dtype=object)
    by_end = treated.reason == "end of treatment"
    why = np.where(by_end, "reason not recorded", treated.reason)
    why = np.where(by_end & (recorded != ""), recorded, why)
    return Continued(
        state=state,
        reason=np.where(judged == _NO, why, said),
        rule=rule,
        table=treated.table,
        column=treated.column,
        row=treated.row,
    )
