"""Scenarios that this cohort has no data for: they would only repeat the base case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from dossier.cohort.check import chosen_assessor
from dossier.cohort.model import Cohort
from dossier.derive.visits import day_known
from dossier.scenarios.scenario import Scenario

__all__ = ["without_effect"]

_FROM_VISITS: Final = frozenset(
    {
        "confirmation", "confirmation_days", "maximum_ne_between", "maximum_sd_between",
        "sd_minimum_days", "sd_tolerance_days", "worse_after_cr", "schedule", "visit_window_days",
        "missed_assessments", "not_evaluable_is_missed", "pfs", "clinical_progression",
        "progression_date", "censoring_date", "assessor", "response_source", "response_criteria",
        "complete_response_sum_mm",
    }
)  # fmt: skip
"""Options of derivation that decide nothing where response and progression were recorded."""

_NEEDS: Final[Mapping[tuple[str, str], tuple[Callable[[Cohort], bool], str]]] = {
    ("clinical_progression", "event"): (
        lambda cohort: cohort.has("patients", "clinical_progression_date"),
        "no clinical progression is dated",
    ),
    ("pfs", "treatment-policy"): (
        lambda cohort: cohort.has("patients", "new_therapy_start"),
        "no start of a new anticancer therapy is given",
    ),
    ("partial_dates", ""): (lambda cohort: bool(cohort.partial_dates), "no date is partial"),
}
"""What single options need, by key and value (any value where ``""``)."""


def without_effect(cohort: Cohort, base: Scenario, scenario: Scenario) -> str | None:
    """Why a scenario cannot differ from the base case; None where it may.

    Parameters
    ----------
    cohort
        As read.
    base
        The base case.
    scenario
        An alternative to it. One of a ready-made set that asks for what the base case does anyway
        is told so; what a user wrote is run all the same.
    """
    if scenario is base:
        return None
    before, after = (_options(cohort, each) for each in (base, scenario))
    changed = {key: value for key, value in after.items() if value != before[key]}
    alike = replace(scenario, settings=_rest(scenario), absent="")
    start = replace(base, settings=_rest(base), absent="")
    if any(getattr(alike, name) != getattr(start, name) for name in _COMPARED):
        return None
    if not changed:
        return "this is what the base case does" if scenario.optional else None
    reasons = [_reason(cohort, key, value, before) for key, value in changed.items()]
    found = [each for each in reasons if each is not None]
    return "; ".join(dict.fromkeys(found)) if len(found) == len(reasons) else None


_COMPARED: Final = (
    "settings",
    "criteria",
    "overrides",
    "population",
    "not_evaluable",
    "left_out",
)


def _rest(scenario: Scenario) -> dict[str, Any]:
    """Settings outside the derivation."""
    return {key: value for key, value in scenario.settings.items() if key != "derivation"}


def _options(cohort: Cohort, scenario: Scenario) -> dict[str, Any]:
    """Every option of the derivation of a scenario."""
    own = cohort.settings.derivation.model_dump(mode="json")
    found = own | dict(scenario.settings.get("derivation", {}))
    if found["assessor"] is None:
        found["assessor"] = chosen_assessor(cohort)
    elif isinstance(found["assessor"], str):
        found["assessor"] = found["assessor"].strip().casefold()
    return found


def _reason(cohort: Cohort, key: str, value: Any, before: Mapping[str, Any]) -> str | None:
    if key in _FROM_VISITS and not day_known(cohort):
        return "there are no dated assessments: response and progression are used as recorded"
    if key == "pfs" and before["pfs"] != "standard":
        return None
    for asked in ((key, str(value)), (key, "")):
        if asked in _NEEDS:
            given, reason = _NEEDS[asked]
            return None if given(cohort) else reason
    return None
