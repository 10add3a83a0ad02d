"""Every table a template can print, by name."""

from __future__ import annotations

from collections.abc import Callable

from dossier.compose.document import Table
from dossier.compose.material import Material
from dossier.compose.tables.analyses import analyses
from dossier.compose.tables.arms import arms, comparisons
from dossier.compose.tables.baskets import basket_priors, baskets
from dossier.compose.tables.benefit import decision_16w, durability
from dossier.compose.tables.by_arm import by_arm
from dossier.compose.tables.censoring import censoring
from dossier.compose.tables.certainty import certainty, risk_of_bias
from dossier.compose.tables.changes import (
    changed_entries,
    changed_inputs,
    changed_numbers,
    changed_patients,
)
from dossier.compose.tables.concordance import concordance
from dossier.compose.tables.control import document_control, hashes
from dossier.compose.tables.criteria import criterion, verdicts
from dossier.compose.tables.deaths import deaths
from dossier.compose.tables.design import two_stage
from dossier.compose.tables.deviations import protocol_deviations
from dossier.compose.tables.efficacy import efficacy
from dossier.compose.tables.estimands import estimands
from dossier.compose.tables.exposure import exposure
from dossier.compose.tables.incidence import progression_incidence
from dossier.compose.tables.individual import exceptional_responders, pfs_ratio
from dossier.compose.tables.listing import patient_listing
from dossier.compose.tables.methods import (
    derivation_rules,
    endpoint_definitions,
    settings_in_force,
)
from dossier.compose.tables.missing_data import missing_data
from dossier.compose.tables.observation import observation
from dossier.compose.tables.origins import identifiers
from dossier.compose.tables.partial_dates import partial_dates
from dossier.compose.tables.patients import (
    analysis_sets,
    baseline,
    disposition,
    prior_treatment,
)
from dossier.compose.tables.programmes import programmes
from dossier.compose.tables.quality_of_life import quality_of_life
from dossier.compose.tables.queries import query_listing, query_summary
from dossier.compose.tables.response import best_response, response_rates
from dossier.compose.tables.response_duration import response_duration
from dossier.compose.tables.restricted_mean import restricted_mean
from dossier.compose.tables.safety import adverse_events, adverse_events_overview
from dossier.compose.tables.safety_by_arm import adverse_events_by_arm
from dossier.compose.tables.scope import pico
from dossier.compose.tables.sensitivity import (
    sensitivity,
    sensitivity_changes,
    sensitivity_verdicts,
)
from dossier.compose.tables.stability import bootstrap, stability
from dossier.compose.tables.subgroups import subgroups
from dossier.compose.tables.submission import (
    key_facts,
    off_label,
    open_fields_list,
    sign_off,
)
from dossier.compose.tables.times import times
from dossier.compose.tables.what_if import (
    compared_criteria_table,
    minimum_responders_table,
    predictions_table,
    scenario_list,
    sweeps_table,
    tipping_table,
    verdict_stability_table,
)

__all__ = ["TABLES", "criterion"]

_MAKERS: dict[str, Callable[[Material], Table]] = {
    "document_control": document_control,
    "sign_off": sign_off,
    "key_facts": key_facts,
    "off_label": off_label,
    "estimands": estimands,
    "verdicts": verdicts,
    "endpoint_definitions": endpoint_definitions,
    "settings": settings_in_force,
    "analysis_sets": analysis_sets,
    "disposition": disposition,
    "protocol_deviations": protocol_deviations,
    "baseline": baseline,
    "prior_treatment": prior_treatment,
    "best_response": best_response,
    "response_rates": response_rates,
    "concordance": concordance,
    "decision_16w": decision_16w,
    "durability": durability,
    "two_stage": two_stage,
    "subgroups": subgroups,
    "baskets": baskets,
    "basket_priors": basket_priors,
    "times": times,
    "response_duration": response_duration,
    "censoring": censoring,
    "restricted_mean": restricted_mean,
    "progression_incidence": progression_incidence,
    "pfs_ratio": pfs_ratio,
    "exceptional_responders": exceptional_responders,
    "arms": arms,
    "comparisons": comparisons,
    "stability": stability,
    "bootstrap": bootstrap,
    "adverse_events_overview": adverse_events_overview,
    "adverse_events": adverse_events,
    "adverse_events_by_arm": adverse_events_by_arm,
    "deaths": deaths,
    "exposure": exposure,
    "quality_of_life": quality_of_life,
    "partial_dates": partial_dates,
    "observation": observation,
    "missing_data": missing_data,
    "query_summary": query_summary,
    "query_listing": query_listing,
    "derivation_rules": derivation_rules,
    "hashes": hashes,
    "identifiers": identifiers,
    "changed_numbers": changed_numbers,
    "changed_patients": changed_patients,
    "changed_entries": changed_entries,
    "changed_inputs": changed_inputs,
    "efficacy": efficacy,
    "pico": pico,
    "analyses": analyses,
    "patient_listing": patient_listing,
    "programmes": programmes,
    "risk_of_bias": risk_of_bias,
    "certainty": certainty,
    "sensitivity": sensitivity,
    "sensitivity_verdicts": sensitivity_verdicts,
    "sensitivity_changes": sensitivity_changes,
    "scenario_list": scenario_list,
    "sweeps": sweeps_table,
    "tipping_points": tipping_table,
    "minimum_responders": minimum_responders_table,
    "predictions": predictions_table,
    "verdict_stability": verdict_stability_table,
    "compared_criteria": compared_criteria_table,
    "open_fields": open_fields_list,
}

TABLES = {name: by_arm(name, make) for name, make in _MAKERS.items()}
"""Tables of one piece; ``criterion`` takes the identifier of a criterion beside."""
