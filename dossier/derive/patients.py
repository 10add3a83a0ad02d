"""The derive stage as a whole: from the cohort to one row a patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dossier.cohort.columns import RESPONSES
from dossier.cohort.model import Cohort
from dossier.cohort.settings import Derivation
from dossier.derive.benefit import WEEKS, Benefit, clinical_benefit, clinical_benefit_as_given
from dossier.derive.given import (
    pair_as_given,
    response_differences,
    time_differences,
    times_as_given,
    times_not_recorded,
)
from dossier.derive.model import Patients
from dossier.derive.populations import populations_of
from dossier.derive.progression import duration_of_response, progression_free_survival
from dossier.derive.registry import rules_in_force
from dossier.derive.response import BestResponse, best_responses
from dossier.derive.survival import overall_survival
from dossier.derive.timeline import Flags, Floats, Timeline, death_dates_given, timeline_of
from dossier.derive.times import EventTimes, table_name, texts
from dossier.derive.visits import (
    CR,
    NE,
    NO_VISIT,
    PR,
    Codes,
    Visits,
    day_known,
    response_codes,
    visits_of,
)

__all__ = ["derive"]

Columns = dict[str, Any]

_RESPONSES = texts(RESPONSES)


def derive(cohort: Cohort) -> Patients:
    """Derive what happened to each patient: response, benefit, survival times and populations.

    Endpoints follow from the visits and dates. Where the files have none, endpoints that they hold
    already derived are used as given; where they have both, ours are used and differences raise
    data queries. What the data do not say stays unknown: without dates of death, dates last known
    alive and given survival times, for example, overall survival is unknown for everybody, and
    nobody is taken to be alive.

    Parameters
    ----------
    cohort
        The cohort, read and checked; its ``settings.derivation`` hold the options.

    Returns
    -------
    Patients
        One row a patient, in the order of ``cohort.patients``.
    """
    options = cohort.settings.derivation
    given = _Given.of(cohort)
    timeline = timeline_of(cohort)
    populations = populations_of(cohort, timeline)
    treated = populations.treated
    rows = cohort.patients["row"].to_numpy(dtype=np.float64)

    visits = visits_of(cohort, timeline)
    if given.visits:
        last_day = np.minimum(timeline.cutoff, timeline.new_therapy)
        best = best_responses(visits, last_day, options)
        response = best.response
        response_columns = _response_from_visits(visits, best, last_day, timeline, rows, options)
        pfs = progression_free_survival(visits, timeline, rows, options)
        dor = duration_of_response(visits, best, pfs)
        benefits = [clinical_benefit(w, visits, best, timeline, rows, options) for w in WEEKS]
    else:
        response, response_columns = _response_without_visits(cohort, rows)
        pfs = times_as_given(cohort, "pfs") if given.pfs else times_not_recorded(cohort, "pfs")
        dor = times_as_given(cohort, "dor") if given.dor else times_not_recorded(cohort, "dor")
        pair = pair_as_given(cohort, "pfs")
        benefits = [
            clinical_benefit_as_given(w, response, *pair, timeline, rows, options) for w in WEEKS
        ]
    if given.survival_dates:
        os = overall_survival(cohort, timeline)
    else:
        os = times_as_given(cohort, "os") if given.os else times_not_recorded(cohort, "os")
    responder = treated & ((response == CR) | (response == PR))

    columns: Columns = {
        "patient_id": cohort.patients["patient_id"].to_numpy(dtype=object),
        "row": cohort.patients["row"].to_numpy(dtype=np.int64),
        "treated": treated,
        "response_evaluable": populations.response_evaluable,
        "not_evaluable_reason": populations.not_evaluable_reason,
    }
    columns |= _among(treated, response_columns)
    columns["responder"] = responder
    columns["time_to_response_days"] = np.where(responder, columns["best_response_day"], np.nan)
    columns |= _among(treated, _time_columns("pfs", pfs) | _time_columns("os", os))
    columns |= _among(responder, _time_columns("dor", dor))
    for weeks, benefit in zip(WEEKS, benefits, strict=True):
        columns |= _among(treated, _benefit_columns(f"benefit_{weeks}w", benefit))
    columns["follow_up_days"] = columns["os_days"]
    columns["follow_up_event"] = columns["os_event"]
    frame = pd.DataFrame(columns)

    queries = list(populations.queries)
    if given.visits:
        queries += response_differences(cohort, frame["best_response"].to_numpy(object), treated)
        queries += time_differences(cohort, "pfs", pfs, treated)
        queries += time_differences(cohort, "dor", dor, responder)
    if given.survival_dates:
        queries += time_differences(cohort, "os", os, treated)
    applied = {name for column in frame if column.endswith("_rule") for name in frame[column]}
    rules = rules_in_force(
        applied, options, from_visits=given.visits, survival_dates=given.survival_dates
    )
    return Patients(
        frame,
        rules,
        tuple(queries),
        (*populations.notes, *given.notes()),
    )


@dataclass(frozen=True)
class _Given:
    """What the files offer to derive from."""

    visits: bool
    deaths: bool
    survival_dates: bool
    best_response: bool
    pfs: bool
    os: bool
    dor: bool
    cutoff: bool

    @classmethod
    def of(cls, cohort: Cohort) -> _Given:
        has = cohort.given.get("patients", frozenset())
        dated = "treatment_start" in has
        return cls(
            visits=day_known(cohort),
            deaths="death_date" in has,
            survival_dates=dated
            and (death_dates_given(cohort) or ("last_known_alive" in has and "os_days" not in has)),
            best_response="best_response" in has,
            pfs="pfs_days" in has,
            os="os_days" in has,
            dor="dor_days" in has,
            cutoff=cohort.data_cutoff_declared,
        )

    def notes(self) -> tuple[str, ...]:
        as_given = not self.visits and (self.best_response or self.pfs or self.dor)
        facts = {
            "endpoints-as-given": as_given or (not self.survival_dates and self.os),
            "response-not-recorded": not self.visits and not self.best_response,
            "progression-not-recorded": not self.visits and not self.pfs,
            "survival-not-recorded": not self.survival_dates and not self.os,
            "deaths-not-recorded": self.visits and not self.deaths and not self.os,
            "no-data-cutoff": not self.cutoff,
        }
        return tuple(key for key, holds in facts.items() if holds)


def _response_from_visits(
    visits: Visits,
    best: BestResponse,
    last_day: Floats,
    timeline: Timeline,
    rows: Floats,
    options: Derivation,
) -> Columns:
    single = best_responses(visits, last_day, options, confirmation=False)
    any_used = best.used.any(axis=1)
    any_evaluable = (best.used & visits.evaluable).any(axis=1)
    died_first = timeline.death <= timeline.new_therapy
    why_not = np.select(
        [
            best.response != NE,
            any_evaluable,
            any_used,
            died_first & np.isfinite(timeline.death),
            np.isfinite(timeline.new_therapy),
        ],
        [
            "",
            "stable disease too early",
            "only not evaluable assessments",
            "died before the first assessment",
            "new therapy before the first assessment",
        ],
        "no assessment after baseline",
    )
    rule_of = texts(["BOR-CR", "BOR-PR", "BOR-SD", "BOR-NON", "BOR-PD", "BOR-NE"])
    if not options.confirmation:
        rule_of[[CR, PR]] = ["BOR-CR-UNCONFIRMED", "BOR-PR-UNCONFIRMED"]
    return {
        "best_response": _RESPONSES[best.response],
        "best_response_day": _day(visits, best),
        "best_response_rule": rule_of[best.response],
        "best_response_row": np.where(best.place >= 0, visits.row_at(best.place), rows),
        "best_response_confirming_row": visits.row_at(best.confirming),
        "best_response_table": table_name(best.place >= 0),
        "best_response_unconfirmed": _RESPONSES[single.response],
        "best_response_unconfirmed_day": _day(visits, single),
        "not_evaluable_response_reason": why_not.astype(object),
    }


def _day(visits: Visits, best: BestResponse) -> Floats:
    return np.where(best.place >= 0, visits.day_at(best.place), np.nan)


def _response_without_visits(cohort: Cohort, rows: Floats) -> tuple[Codes, Columns]:
    """Best responses as given: their codes, ``NO_VISIT`` where blank, and the columns.

    A blank one is shown as NE, with its own reason, and is no response.
    """
    count = len(rows)
    unknown = np.full(count, np.nan)
    code = response_codes(cohort.patients["best_response"])
    why_not = np.select(
        [code == NO_VISIT, code == NE], ["best response not given", "entered as NE"], ""
    )
    return code, {
        "best_response": _RESPONSES[np.where(code == NO_VISIT, NE, code)],
        "best_response_day": unknown,
        "best_response_rule": texts(["BOR-GIVEN"] * count),
        "best_response_row": rows,
        "best_response_confirming_row": unknown,
        "best_response_table": texts(["patients"] * count),
        "best_response_unconfirmed": texts([""] * count),
        "best_response_unconfirmed_day": unknown,
        "not_evaluable_response_reason": why_not.astype(object),
    }


def _time_columns(endpoint: str, times: EventTimes) -> Columns:
    names = ("days", "event", "rule", "reason", "table", "column", "row")
    return {f"{endpoint}_{name}": getattr(times, name) for name in names}


def _benefit_columns(endpoint: str, benefit: Benefit) -> Columns:
    return {
        endpoint: benefit.state,
        f"{endpoint}_basis": benefit.basis,
        f"{endpoint}_rule": benefit.rule,
        f"{endpoint}_table": benefit.table,
        f"{endpoint}_row": benefit.row,
    }


def _among(members: Flags, columns: Columns) -> Columns:
    """The columns, empty for patients outside the population."""
    return {
        name: np.where(members, values, "" if values.dtype == object else np.nan)
        for name, values in columns.items()
    }
