"""Does benefit at 16 weeks last to 24 weeks, and the scan at week 16 on which payment is decided.

In the Drug Rediscovery Protocol half of the stable disease of week 16 was gone by week 24. Clinical
benefit at 24 weeks cannot show that of responders: a confirmed response is benefit for good, also
when the disease has progressed since. Here responders are asked the same as everybody else: was
there an assessment with stable disease or better at 24 weeks or later, before any progression,
death or new anticancer therapy?
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dossier.cohort.columns import VISIT_RESPONSES
from dossier.cohort.settings import Derivation
from dossier.derive.benefit import Benefit, benefit_stops, threshold_days
from dossier.derive.progression import progression_day
from dossier.derive.timeline import NEVER, Flags, Floats, Integers, Texts, Timeline
from dossier.derive.times import table_name, texts
from dossier.derive.treatment import DECISION_DAY
from dossier.derive.visits import PD, Visits, first_place

WEEKS = 24

# State and reason of every way a responder can be judged; the first that fits holds.
_RESPONDER = (
    ("kept", "still responding or stable"),
    ("unknown", "date of death not known"),
    ("too early", "follow-up shorter than the threshold"),
    ("lost", "progression"),
    ("lost", "death"),
    ("lost", "new anticancer therapy"),
    ("lost", "no stable disease or better at the threshold or later"),
)
_KEPT, _UNDATED, _TOO_EARLY, _PROGRESSED, _DIED, _SWITCHED, _NOT_SHOWN = range(len(_RESPONDER))

_RESPONDER_AS_GIVEN = (
    ("kept", "still responding or stable"),
    ("lost", "progression or death before the threshold"),
    ("too early", "follow-up shorter than the threshold"),
    ("unknown", "censored before the threshold"),
    ("unknown", "progression-free survival not known"),
)

_OF_BENEFIT = {"benefit": "kept", "no benefit": "lost", "": ""}
_RULES = {
    "": "DURABILITY-NONE",
    "kept": "DURABILITY-KEPT",
    "lost": "DURABILITY-LOST",
    "too early": "DURABILITY-TOO-EARLY",
    "unknown": "DURABILITY-UNKNOWN",
}


@dataclass(frozen=True)
class Durability:
    """What became at 24 weeks of benefit at 16 weeks, one entry a patient in every array.

    Parameters
    ----------
    state
        ``kept``, ``lost``, ``too early`` or ``unknown``; ``""`` without benefit at 16 weeks.
    basis
        What the benefit at 16 weeks was: ``response`` or ``stable disease``.
    reason
        How it was kept or lost, or why there is no answer.
    rule, table, row
        The rule and the record that decided; without benefit at 16 weeks the record that says so.
    """

    state: Texts
    basis: Texts
    reason: Texts
    rule: Texts
    table: Texts
    row: Floats


def durability(
    early: Benefit,
    late: Benefit,
    visits: Visits,
    timeline: Timeline,
    rows: Floats,
    options: Derivation,
) -> Durability:
    """What became of benefit at 16 weeks, from the visits.

    Stable disease is kept or lost as benefit at 24 weeks says. For responders see this module; one
    without progression, death or new therapy whose data cut-off comes before 24 weeks is too
    early, on treatment or not. A response that no assessment at 24 weeks or later shows any more
    is lost.

    Parameters
    ----------
    early, late
        Clinical benefit at 16 and at 24 weeks.
    visits, timeline, rows, options
        As for `dossier.derive.benefit.clinical_benefit`.
    """
    threshold = threshold_days(WEEKS, options)
    stop = benefit_stops(visits, timeline, options)
    shown = first_place(
        visits.stable_or_better & (visits.day >= threshold) & (visits.day <= stop[:, None])
    )
    pd_place = first_place(visits.response == PD)
    judged = np.select(
        [
            shown >= 0,
            (stop == NEVER) & timeline.died_on_unknown_day,
            (stop == NEVER) & (timeline.cutoff < threshold),
            (stop < NEVER) & (progression_day(visits, timeline, options) == stop),
            (stop < NEVER) & (timeline.death == stop),
            stop < NEVER,
        ],
        [_KEPT, _UNDATED, _TOO_EARLY, _PROGRESSED, _DIED, _SWITCHED],
        _NOT_SHOWN,
    )
    by_pd = (judged == _PROGRESSED) & (visits.day_at(pd_place) == stop)
    place = np.select([judged == _KEPT, by_pd], [shown, pd_place], -1)
    row = np.where(place >= 0, visits.row_at(place), rows)
    state, reason = (texts(column)[judged] for column in zip(*_RESPONDER, strict=True))
    return _joined(early, late, state, reason, table_name(place >= 0), row)


def durability_as_given(
    early: Benefit,
    late: Benefit,
    pfs_days: Floats,
    pfs_event: Floats,
    timeline: Timeline,
    rows: Floats,
    options: Derivation,
) -> Durability:
    """What became of benefit at 16 weeks, from a progression-free time derived elsewhere.

    Parameters
    ----------
    early, late
        Clinical benefit at 16 and at 24 weeks, as given.
    pfs_days, pfs_event
        As given; NaN where not.
    timeline, rows, options
        As for `durability`.
    """
    threshold = threshold_days(WEEKS, options)
    censored = pfs_event == 0
    alive = (timeline.death == NEVER) & (timeline.new_therapy == NEVER)
    judged: Integers = np.select(
        [
            pfs_days >= threshold,
            (pfs_days < threshold) & (pfs_event == 1),
            censored & alive & ~timeline.died_on_unknown_day & (timeline.cutoff < threshold),
            censored & (pfs_days < threshold),
        ],
        list(range(4)),
        4,
    )
    state, reason = (texts(column)[judged] for column in zip(*_RESPONDER_AS_GIVEN, strict=True))
    table = table_name(np.zeros(len(rows), dtype=bool))
    return _joined(early, late, state, reason, table, rows)


def _joined(
    early: Benefit, late: Benefit, state: Texts, reason: Texts, table: Texts, row: Floats
) -> Durability:
    """The responders' states, those with stable disease as benefit at 24 weeks has them."""
    benefit = early.state == "benefit"
    stable = benefit & (early.basis == "stable disease")
    of_stable = texts([_OF_BENEFIT.get(each, each) for each in late.state])
    state = np.where(stable, of_stable, np.where(benefit, state, ""))
    return Durability(
        state=state,
        basis=np.where(benefit, early.basis, ""),
        reason=np.where(stable, late.basis, np.where(benefit, reason, "")),
        rule=texts([_RULES[each] for each in state]),
        table=np.where(stable, late.table, np.where(benefit, table, early.table)),
        row=np.where(stable, late.row, np.where(benefit, row, early.row)),
    )


@dataclass(frozen=True)
class DecisionScan:
    """The assessment at week 16, one entry a patient in every array.

    Parameters
    ----------
    day, response, row
        Day, response and row of the assessment; NaN and ``""`` where there is none.
    """

    day: Floats
    response: Texts
    row: Floats


def decision_window(options: Derivation) -> tuple[int, int]:
    """First and last day of an assessment at week 16: day 112 with the tolerance either way."""
    tolerance = options.benefit_tolerance_days
    return DECISION_DAY - tolerance, DECISION_DAY + tolerance


def decision_scan(visits: Visits, options: Derivation) -> DecisionScan:
    """The assessment in the window around day 112 that is nearest to it; of two the later."""
    first, last = decision_window(options)
    inside: Flags = (visits.day >= first) & (visits.day <= last)
    distance = np.where(inside, np.abs(visits.day - DECISION_DAY), NEVER)
    from_last = distance[:, ::-1].argmin(axis=1)
    place = np.where(inside.any(axis=1), distance.shape[1] - 1 - from_last, -1)
    response = np.take_along_axis(visits.response, np.maximum(place, 0)[:, None], axis=1)[:, 0]
    return DecisionScan(
        day=np.where(place >= 0, visits.day_at(place), np.nan),
        response=np.where(place >= 0, texts(VISIT_RESPONSES)[response], ""),
        row=visits.row_at(place),
    )
