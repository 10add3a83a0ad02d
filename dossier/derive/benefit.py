"""Clinical benefit at 16 and 24 weeks, as in the Drug Rediscovery Protocol (NCT02925234)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dossier.cohort.settings import Derivation
from dossier.derive.progression import progression_day
from dossier.derive.response import BestResponse
from dossier.derive.timeline import NEVER, Flags, Floats, Integers, Texts, Timeline
from dossier.derive.times import table_name, texts
from dossier.derive.visits import CR, NE, NON_CR_NON_PD, PD, PR, SD, Codes, Visits, first_place
from dossier.units import DAYS_PER_WEEK

WEEKS = (16, 24)

# State, rule and basis of every way a patient can be judged; the first that fits holds.
_JUDGEMENTS = (
    ("benefit", "CBR-RESPONSE", "response"),
    ("benefit", "CBR-STABLE-DISEASE", "stable disease"),
    ("too early", "CBR-TOO-EARLY", "follow-up shorter than the threshold"),
    ("unknown", "CBR-UNKNOWN", "date of death not known"),
    ("no benefit", "CBR-NONE", "progression"),
    ("no benefit", "CBR-NONE", "death"),
    ("no benefit", "CBR-NONE", "new anticancer therapy"),
    ("no benefit", "CBR-NONE", "treatment ended"),
    ("no benefit", "CBR-NONE", "no stable disease or better at the threshold or later"),
)
_RESPONSE, _STABLE, _TOO_EARLY, _UNDATED, _PROGRESSED, _DIED, _SWITCHED, _ENDED, _NONE = range(9)

_JUDGEMENTS_AS_GIVEN = (
    ("benefit", "CBR-GIVEN", "response"),
    ("benefit", "CBR-GIVEN", "stable disease"),
    ("no benefit", "CBR-GIVEN", "progression or death before the threshold"),
    ("no benefit", "CBR-GIVEN", "progression"),
    ("too early", "CBR-TOO-EARLY", "follow-up shorter than the threshold"),
    ("no benefit", "CBR-GIVEN", "best response not evaluable"),
    ("unknown", "CBR-UNKNOWN", "censored before the threshold"),
    ("unknown", "CBR-UNKNOWN", "duration of stable disease not known"),
    ("unknown", "CBR-UNKNOWN", "best response not given"),
)


@dataclass(frozen=True)
class Benefit:
    """Clinical benefit of every patient, one entry a patient in every array.

    Parameters
    ----------
    state
        One of `dossier.derive.model.BENEFIT_STATES`.
    basis
        ``response``, ``stable disease``, or why there is no benefit or no answer.
    rule, table, row
        The rule and the record that decided.
    """

    state: Texts
    basis: Texts
    rule: Texts
    table: Texts
    row: Floats


def threshold_days(weeks: int, options: Derivation) -> int:
    """First day on which an assessment counts for benefit at this number of weeks."""
    return weeks * DAYS_PER_WEEK - options.benefit_tolerance_days


def benefit_stops(visits: Visits, timeline: Timeline, options: Derivation) -> Floats:
    """Day of the first PD, death or new anticancer therapy, after which nothing is benefit."""
    progressed = progression_day(visits, timeline, options)
    return np.minimum(np.minimum(progressed, timeline.death), timeline.new_therapy)


def clinical_benefit(
    weeks: int,
    visits: Visits,
    best: BestResponse,
    timeline: Timeline,
    rows: Floats,
    options: Derivation,
) -> Benefit:
    """Clinical benefit from the visits.

    Benefit is a confirmed CR or PR at any time, or an assessment with CR, PR, SD or NON-CR/NON-PD
    on or after the threshold (``weeks`` less ``benefit_tolerance_days``) with no PD, death or new
    anticancer therapy before it. Responses are used as entered: an SD after a CR is no PD here.
    Clinical progression counts as PD where the settings count it as an event.

    Too early is a patient without benefit so far who is alive, without PD and new therapy, still
    on treatment, and whose data cut-off lies less than the threshold after the start. A benefit
    that has been reached counts however short the follow-up. Where no cut-off is declared the
    latest date in the data stands for it; without any date nobody is too early. A patient who
    left treatment before the threshold for another reason and has no later assessment has no
    benefit.

    Parameters
    ----------
    weeks
        16 or 24.
    visits, timeline
        Assessments and other events on or before the cut-off.
    best
        Best overall response under the same settings.
    rows
        Row of each patient in the patients file.
    options
        The ``derivation`` section of the settings.
    """
    threshold = threshold_days(weeks, options)
    pd_place = first_place(visits.response == PD)
    progressed = progression_day(visits, timeline, options)
    stop = benefit_stops(visits, timeline, options)
    stable = visits.stable_or_better & (visits.day >= threshold)
    stable_place = first_place(stable & (visits.day <= stop[:, None]))
    short = _follow_up_too_short(timeline, stop, threshold)
    judged = np.select(
        [
            (best.response == CR) | (best.response == PR),
            stable_place >= 0,
            short & ~timeline.died_on_unknown_day,
            short,
            (progressed == stop) & (stop < NEVER),
            (timeline.death == stop) & (stop < NEVER),
            stop < NEVER,
            timeline.treatment_end < threshold,
        ],
        [_RESPONSE, _STABLE, _TOO_EARLY, _UNDATED, _PROGRESSED, _DIED, _SWITCHED, _ENDED],
        _NONE,
    )
    place = np.select(
        [
            judged == _RESPONSE,
            judged == _STABLE,
            (judged == _PROGRESSED) & (visits.day_at(pd_place) == stop),
        ],
        [best.place, stable_place, pd_place],
        -1,
    )
    state, rule, basis = (texts(column)[judged] for column in zip(*_JUDGEMENTS, strict=True))
    row = np.where(place >= 0, visits.row_at(place), rows)
    return Benefit(state, basis, rule, table_name(place >= 0), row)


def clinical_benefit_as_given(
    weeks: int,
    response: Codes,
    pfs_days: Floats,
    pfs_event: Floats,
    timeline: Timeline,
    rows: Floats,
    options: Derivation,
) -> Benefit:
    """Clinical benefit from a best response and a progression-free time derived elsewhere.

    CR and PR are benefit. SD and NON-CR/NON-PD are benefit where the progression-free time reaches
    the threshold, none where progression or death came before it, and unknown otherwise: whoever
    was censored earlier may or may not have stayed stable. PD is no benefit, and NE is none
    either; where the best response is blank, benefit is unknown. Too early as with visits, for
    patients whose time is censored.

    Parameters
    ----------
    weeks
        16 or 24.
    response
        Position in ``RESPONSES``; -1 where blank.
    pfs_days, pfs_event
        As given; NaN where not.
    timeline, rows, options
        As for `clinical_benefit`.
    """
    threshold = threshold_days(weeks, options)
    stable = (response == SD) | (response == NON_CR_NON_PD)
    open_end = (stable | (response == NE)) & (pfs_event == 0)
    stop = np.minimum(timeline.death, timeline.new_therapy)
    judged: Integers = np.select(
        [
            (response == CR) | (response == PR),
            stable & (pfs_days >= threshold),
            stable & (pfs_days < threshold) & (pfs_event == 1),
            response == PD,
            open_end
            & _follow_up_too_short(timeline, stop, threshold)
            & ~timeline.died_on_unknown_day,
            response == NE,
            stable & (pfs_days < threshold) & (pfs_event == 0),
            stable,
        ],
        list(range(8)),
        8,
    )
    state, rule, basis = (
        texts(column)[judged] for column in zip(*_JUDGEMENTS_AS_GIVEN, strict=True)
    )
    return Benefit(state, basis, rule, table_name(np.zeros(len(rows), dtype=bool)), rows)


def _follow_up_too_short(timeline: Timeline, stop: Floats, threshold: int) -> Flags:
    on_treatment = timeline.treatment_end == NEVER
    short: Flags = (stop == NEVER) & on_treatment & (timeline.cutoff < threshold)
    return short
