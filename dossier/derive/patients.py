"""The derive stage as a whole: from the cohort to one row a patient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from dossier.cohort.model import Cohort, DataQuery
from dossier.derive.adverse_events import time_at_risk
from dossier.derive.basis import Basis
from dossier.derive.benefit import WEEKS, Benefit, clinical_benefit, clinical_benefit_as_given
from dossier.derive.censoring import (
    as_recorded,
    censoring_of_progression,
    censoring_of_survival,
    without_baseline,
)
from dossier.derive.deaths import deaths_of, deaths_recorded
from dossier.derive.durability import decision_scan, durability, durability_as_given
from dossier.derive.exposure import beyond_progression
from dossier.derive.frame_columns import (
    Columns,
    among,
    benefit_columns,
    continued_columns,
    death_columns,
    decision_columns,
    durability_columns,
    exceptional_columns,
    exposure_columns,
    ratio_columns,
    response_from_visits,
    response_without_visits,
    time_columns,
)
from dossier.derive.given import (
    pair_as_given,
    response_differences,
    time_differences,
    times_as_given,
    times_not_recorded,
)
from dossier.derive.individual import exceptional_responders, pfs_ratio
from dossier.derive.model import Patients
from dossier.derive.progression import duration_of_response, progression_free_survival
from dossier.derive.readings import Readings, measurement_differences
from dossier.derive.registry import rules_in_force
from dossier.derive.rule_sets import progression_columns, under_other_rule_sets
from dossier.derive.rules import Rule
from dossier.derive.survival import last_alive, overall_survival
from dossier.derive.timeline import Floats, Texts
from dossier.derive.times import EventTimes
from dossier.derive.treatment import (
    continued_after_16_weeks,
    time_on_treatment,
    time_to_next_treatment,
)
from dossier.derive.visits import CR, PR, Codes

__all__ = ["derive"]


def derive(
    cohort: Cohort,
    basis: Basis | None = None,
    *,
    queries: bool = True,
    further: bool = True,
) -> Patients:
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
    basis
        What the tables say, where that was looked at already; made anew where it is that of other
        tables or another cut-off.
    queries
        Whether to raise data queries; nobody reads those of what-if scenarios.
    further
        Whether to derive what no criterion looks at too: reasons of censoring, the other rule sets
        of progression-free survival, what became of benefit and of treatment, deaths,
        and the rules that the methods name.

    Returns
    -------
    Patients
        One row a patient, in the order of ``cohort.patients``.
    """
    options = cohort.settings.derivation
    if basis is None or not basis.serves(cohort):
        basis = Basis.of(cohort)
    given, timeline, alive = basis.given, basis.timeline, basis.alive
    populations = basis.populations
    treated = populations.treated
    rows = cohort.patients["row"].to_numpy(dtype=np.float64)

    disease = (_from_visits if given.visits else _as_given)(cohort, basis, rows, queries=queries)
    if given.survival_dates and alive is not None:
        os = overall_survival(cohort, timeline, alive)
    else:
        os = times_as_given(cohort, "os") if given.os else times_not_recorded(cohort, "os")
    response, pfs = disease.response, disease.pfs
    responder = treated & ((response == CR) | (response == PR))

    columns: Columns = {
        "patient_id": cohort.patients["patient_id"].to_numpy(dtype=object),
        "row": cohort.patients["row"].to_numpy(dtype=np.int64),
        "treated": treated,
        "response_evaluable": populations.response_evaluable,
        "not_evaluable_reason": populations.not_evaluable_reason,
    }
    columns |= among(treated, disease.response_columns)
    columns["responder"] = responder
    columns["time_to_response_days"] = np.where(responder, columns["best_response_day"], np.nan)
    censoring = _censoring(cohort, basis, disease, os) if further else {}
    for endpoint, members, times in (
        ("pfs", treated, pfs), ("os", treated, os), ("dor", responder, disease.dor),
    ):  # fmt: skip
        why = censoring.get(endpoint)
        columns |= among(members, progression_columns(endpoint, times, why))
    for weeks, benefit in zip(WEEKS, disease.benefits, strict=True):
        columns |= among(treated, benefit_columns(f"benefit_{weeks}w", benefit))
    columns["follow_up_days"] = columns["os_days"]
    columns["follow_up_event"] = columns["os_event"]
    rules: dict[str, Rule] = {}
    if not further:
        columns |= _ratio_columns(cohort, basis, disease, rows)
    else:
        columns |= _further_columns(cohort, basis, disease, os, rows)
        # Rules of the sets that are not in force are none of this cohort's.
        applied: set[str] = set().union(
            *(values.tolist() for name, values in columns.items() if name.endswith("_rule"))
        )
        rules = rules_in_force(
            applied | disease.rules,
            options,
            from_visits=given.visits,
            survival_dates=given.survival_dates,
            adverse_events=bool(cohort.given.get("adverse_events")),
            columns=columns,
        )
        columns |= among(treated, disease.other_rule_sets())
    # Columns stay arrays of their own: laying them together would copy them all.
    frame = pd.DataFrame(columns, copy=False)

    asked = [*populations.queries, *disease.queries] if queries else []
    if queries and given.visits:
        asked += response_differences(cohort, frame["best_response"].to_numpy(object), treated)
        asked += time_differences(cohort, "pfs", pfs, treated)
        asked += time_differences(cohort, "dor", disease.dor, responder)
    if queries and given.survival_dates:
        asked += time_differences(cohort, "os", os, treated)
    notes = (*populations.notes, *given.notes(), *disease.notes)
    return Patients(frame, rules, tuple(asked), notes)


@dataclass(frozen=True)
class _Disease:
    """What became of each patient's disease: everything that rests on response and progression."""

    response: Codes
    response_columns: Columns
    pfs: EventTimes
    dor: EventTimes
    benefits: tuple[Benefit, ...]
    censoring: Callable[[], Texts]
    further_columns: Callable[[], Columns]
    other_rule_sets: Callable[[], Columns]
    queries: tuple[DataQuery, ...] = ()
    rules: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


def _censoring(cohort: Cohort, basis: Basis, disease: _Disease, os: EventTimes) -> dict[str, Texts]:
    """Why each time is censored, by endpoint."""
    pfs = disease.censoring()
    if basis.given.survival_dates and basis.alive is not None:
        overall = censoring_of_survival(cohort, basis.timeline, basis.alive, os)
    else:
        overall = as_recorded(os)
    return {
        "pfs": pfs,
        "os": overall,
        "dor": np.where(disease.dor.event == 0, pfs, "").astype(object),
    }


def _further_columns(
    cohort: Cohort, basis: Basis, disease: _Disease, os: EventTimes, rows: Floats
) -> Columns:
    """The ratio of PFS, and the columns that no criterion looks at, reasons of censoring aside."""
    options, given, timeline = cohort.settings.derivation, basis.given, basis.timeline
    alive, treated, pfs = basis.alive, basis.populations.treated, disease.pfs
    exceptional = exceptional_responders(disease.response, pfs.days, pfs.event, options)
    columns: Columns = {"exceptional_responder": treated & exceptional.flag}
    columns |= among(treated, exceptional_columns(exceptional) | disease.further_columns())
    columns |= _ratio_columns(cohort, basis, disease, rows)
    if given.treatment_end and alive is not None:
        on_treatment = time_on_treatment(cohort, timeline, alive)
        continued = continued_after_16_weeks(cohort, timeline, on_treatment)
        columns |= among(treated, time_columns("time_on_treatment", on_treatment))
        columns |= among(treated, continued_columns(continued))
        at_risk = time_at_risk(timeline, on_treatment, os, options.adverse_event_window_days)
        beyond = beyond_progression(pfs, on_treatment, options.beyond_progression_days)
        columns |= among(treated, exposure_columns(at_risk, beyond))
    if deaths_recorded(cohort):
        deaths = deaths_of(cohort, timeline, options.death_window_days)
        columns |= among(treated, death_columns(deaths))
    if given.new_therapy and alive is not None:
        until_next = time_to_next_treatment(cohort, timeline, alive)
        columns |= among(treated, time_columns("time_to_next_treatment", until_next))
    return columns


def _ratio_columns(cohort: Cohort, basis: Basis, disease: _Disease, rows: Floats) -> Columns:
    """PFS over that on the line before, where the input has that."""
    if not basis.given.prior_pfs:
        return {}
    prior = cohort.patients["prior_pfs_days"].to_numpy(dtype=np.float64)
    ratio = pfs_ratio(prior, disease.pfs.days, disease.pfs.event, cohort.settings.derivation)
    return among(basis.populations.treated, ratio_columns(ratio, rows))


def _from_visits(cohort: Cohort, basis: Basis, rows: Floats, *, queries: bool) -> _Disease:
    options, timeline = cohort.settings.derivation, basis.timeline
    readings = basis.readings(cohort)
    visits = readings.visits
    best, single = basis.responses(cohort)
    alive = None
    if options.censoring_date == "last-contact":
        alive = basis.alive or last_alive(cohort, timeline)
    pfs = progression_free_survival(visits, timeline, rows, options, alive)
    early, late = (clinical_benefit(w, visits, best, timeline, rows, options) for w in WEEKS)

    def further_columns() -> Columns:
        lasting = durability(early, late, visits, timeline, rows, options)
        decision = decision_columns(decision_scan(visits, options), options)
        return durability_columns(lasting) | decision

    asked: list[DataQuery] = []
    if queries and readings.measured is not None:
        asked = measurement_differences(cohort, timeline, readings.measured)
    return _Disease(
        response=best.response,
        response_columns=response_from_visits(
            visits, best, single, timeline, rows, options, without_baseline(cohort, timeline)
        ),
        pfs=pfs,
        dor=duration_of_response(visits, best, pfs),
        benefits=(early, late),
        censoring=partial(censoring_of_progression, cohort, timeline, visits, pfs),
        further_columns=further_columns,
        other_rule_sets=partial(under_other_rule_sets, cohort, timeline, visits, rows, alive),
        queries=tuple(asked),
        rules=readings.rules,
        notes=_reading_notes(cohort, readings),
    )


def _reading_notes(cohort: Cohort, readings: Readings) -> tuple[str, ...]:
    measured = readings.from_measurements
    facts = {
        "responses-from-measurements": measured,
        "non-target-not-recorded": measured
        and not cohort.has("assessments", "non_target_response"),
        "new-lesions-not-recorded": measured and not cohort.has("assessments", "new_lesion"),
        "irecist": "VISIT-IRECIST" in readings.rules,
        "irecist-read-as-recist": "VISIT-IUPD-AS-PD" in readings.rules,
    }
    return tuple(key for key, holds in facts.items() if holds)


def _as_given(cohort: Cohort, basis: Basis, rows: Floats, *, queries: bool) -> _Disease:  # noqa: ARG001
    options, timeline = cohort.settings.derivation, basis.timeline
    response, response_columns = response_without_visits(cohort, rows)

    def times(endpoint: str) -> EventTimes:
        given = cohort.has("patients", f"{endpoint}_days")
        return (times_as_given if given else times_not_recorded)(cohort, endpoint)

    pair = pair_as_given(cohort, "pfs")
    early, late = (
        clinical_benefit_as_given(w, response, *pair, timeline, rows, options) for w in WEEKS
    )

    def further_columns() -> Columns:
        lasting = durability_as_given(early, late, *pair, timeline, rows, options)
        return durability_columns(lasting)

    pfs = times("pfs")
    return _Disease(
        response=response,
        response_columns=response_columns,
        pfs=pfs,
        dor=times("dor"),
        benefits=(early, late),
        censoring=partial(as_recorded, pfs),
        further_columns=further_columns,
        other_rule_sets=dict,
    )
