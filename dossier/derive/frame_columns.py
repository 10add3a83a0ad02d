"""Columns of the frame of patients: what each endpoint is called there."""

from __future__ import annotations

from typing import Any

import numpy as np

from dossier.cohort.columns import RESPONSES
from dossier.cohort.model import Cohort
from dossier.cohort.settings import Derivation
from dossier.derive.benefit import Benefit
from dossier.derive.censoring import NO_BASELINE
from dossier.derive.deaths import Deaths
from dossier.derive.durability import DecisionScan, Durability, decision_window
from dossier.derive.exposure import BeyondProgression
from dossier.derive.individual import Exceptional, Ratio
from dossier.derive.response import BestResponse
from dossier.derive.timeline import Flags, Floats, Timeline
from dossier.derive.times import EventTimes, table_name, texts
from dossier.derive.treatment import Continued
from dossier.derive.visits import CR, NE, NO_VISIT, PR, Codes, Visits, response_codes

Columns = dict[str, Any]

_RESPONSES = texts(RESPONSES)
_NOT_EVALUABLE = texts([
    "",
    "stable disease too early",
    NO_BASELINE,
    "only not evaluable assessments",
    "died before the first assessment",
    "new therapy before the first assessment",
    NO_BASELINE,
    "no assessment after baseline",
])  # fmt: skip


def response_from_visits(
    visits: Visits,
    best: BestResponse,
    single: BestResponse,
    timeline: Timeline,
    rows: Floats,
    options: Derivation,
    no_baseline: Flags,
) -> Columns:
    """The columns of best overall response, from the visits.

    ``single`` holds those without confirmation, ``no_baseline`` marks the patients without a
    baseline assessment.
    """
    any_used = best.used.any(axis=1)
    any_evaluable = (best.used & visits.evaluable).any(axis=1)
    died_first = timeline.death <= timeline.new_therapy
    why_not = np.select(
        [
            best.response != NE,
            any_evaluable,
            no_baseline & any_used,
            any_used,
            died_first & np.isfinite(timeline.death),
            np.isfinite(timeline.new_therapy),
            no_baseline,
        ],
        list(range(7)),
        7,
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
        "best_response_column": np.where(best.place >= 0, visits.column_at(best.place), ""),
        "best_response_unconfirmed": _RESPONSES[single.response],
        "best_response_unconfirmed_day": _day(visits, single),
        "not_evaluable_response_reason": _NOT_EVALUABLE[why_not],
    }


def _day(visits: Visits, best: BestResponse) -> Floats:
    return np.where(best.place >= 0, visits.day_at(best.place), np.nan)


def response_without_visits(cohort: Cohort, rows: Floats) -> tuple[Codes, Columns]:
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
        "best_response_column": texts(["best_response"] * count),
        "best_response_unconfirmed": texts([""] * count),
        "best_response_unconfirmed_day": unknown,
        "not_evaluable_response_reason": why_not.astype(object),
    }


def time_columns(endpoint: str, times: EventTimes) -> Columns:
    """The columns of a time-to-event endpoint."""
    names = ("days", "event", "rule", "reason", "table", "column", "row")
    return {f"{endpoint}_{name}": getattr(times, name) for name in names}


def benefit_columns(endpoint: str, benefit: Benefit) -> Columns:
    """The columns of clinical benefit."""
    return {
        endpoint: benefit.state,
        f"{endpoint}_basis": benefit.basis,
        f"{endpoint}_rule": benefit.rule,
        f"{endpoint}_table": benefit.table,
        f"{endpoint}_row": benefit.row,
    }


def durability_columns(durability: Durability) -> Columns:
    """The columns of what became of benefit at 24 weeks."""
    return {
        "durability_24w": durability.state,
        "durability_24w_basis": durability.basis,
        "durability_24w_reason": durability.reason,
        "durability_24w_rule": durability.rule,
        "durability_24w_table": durability.table,
        "durability_24w_row": durability.row,
    }


def decision_columns(scan: DecisionScan, options: Derivation) -> Columns:
    """The columns of the assessment at week 16."""
    first, last = decision_window(options)
    return {
        "decision_16w_first_day": np.full(len(scan.day), float(first)),
        "decision_16w_last_day": np.full(len(scan.day), float(last)),
        "decision_16w_day": scan.day,
        "decision_16w_response": scan.response,
        "decision_16w_row": scan.row,
    }


def continued_columns(continued: Continued) -> Columns:
    """The columns of whether treatment went on after week 16."""
    return {
        "continued_16w": continued.state,
        "continued_16w_reason": continued.reason,
        "continued_16w_rule": continued.rule,
        "continued_16w_table": continued.table,
        "continued_16w_column": continued.column,
        "continued_16w_row": continued.row,
    }


def exposure_columns(at_risk: Floats, beyond: BeyondProgression) -> Columns:
    """The columns of the time at risk of adverse events and of treatment beyond progression."""
    return {
        "at_risk_days": at_risk,
        "beyond_progression": beyond.state,
        "beyond_progression_rule": beyond.rule,
    }


def death_columns(deaths: Deaths) -> Columns:
    """The columns of deaths by their time since the last dose."""
    return {
        "death_timing": deaths.timing,
        "death_rule": deaths.rule,
        "death_cause": deaths.cause,
        "death_days_after_treatment": deaths.days_after_treatment,
    }


def ratio_columns(ratio: Ratio, rows: Floats) -> Columns:
    """The columns of progression-free survival against that on the earlier line."""
    return {
        "pfs_ratio": ratio.value,
        "pfs_ratio_state": ratio.state,
        "pfs_ratio_reason": ratio.reason,
        "pfs_ratio_rule": ratio.rule,
        "pfs_ratio_table": texts(["patients"] * len(rows)),
        "pfs_ratio_column": texts(["prior_pfs_days"] * len(rows)),
        "pfs_ratio_row": rows,
    }


def exceptional_columns(exceptional: Exceptional) -> Columns:
    """The columns of why a patient is an exceptional responder, or is none."""
    return {
        "exceptional_responder_basis": exceptional.basis,
        "exceptional_responder_rule": exceptional.rule,
    }


def among(members: Flags, columns: Columns) -> Columns:
    """The columns, empty for patients outside the population."""
    return {
        name: np.where(members, values, "" if values.dtype == object else np.nan)
        for name, values in columns.items()
    }
