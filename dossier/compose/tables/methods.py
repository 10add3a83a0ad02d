"""How the results came about: endpoint definitions, settings in force, derivation rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from dossier.compose.document import LineBreak, Row, Table, Text
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.missing import missing_parts
from dossier.compose.tables.cells import cell, group, table
from dossier.derive.rules import Rule
from dossier.units import Duration

# Rules of an endpoint by the start of their identifiers.
_RULES = {
    "populations": ("POP-",),
    "best_response": ("BOR-",),
    "orr": (),
    "dcr": (),
    "cbr": ("CBR-",),
    "durability": ("DURABILITY-",),
    "decision_16w": ("CONTINUED-",),
    "pfs": ("PFS-",),
    "os": ("OS-",),
    "dor": ("DOR-",),
    "lasting_response": ("DOR-",),
    "time_to_response": ("TTR",),
    "follow_up": ("OS-", "FU"),
    "time_on_treatment": ("TOT-",),
    "time_to_next_treatment": ("TTNT-",),
    "pfs_ratio": ("PFS-RATIO-",),
    "exceptional_responders": ("EXCEPTIONAL-",),
}
# Endpoints that stand in the table only where some rule of theirs is in force.
_WHERE_DERIVED = ("durability", "decision_16w", "lasting_response", "time_on_treatment",
                  "time_to_next_treatment", "pfs_ratio", "exceptional_responders")  # fmt: skip
# Settings between 0 and 1 that are printed as percentages.
_SHARES = ("confidence", "maximum_unknown", "baskets.thresholds")
# Analyses that this document prints only when somebody asks for them.
_UNPRINTED = (
    "restricted_mean",
    "competing_risks",
    "subgroups.",
    "baskets",
    "bootstrap.",
    "quality_of_life.",
)
# Settings by what they are about; without it in the data they change nothing.
_ABOUT = {
    "assessments": (
        "derivation.confirmation", "derivation.confirmation_days",
        "derivation.maximum_ne_between", "derivation.maximum_sd_between",
        "derivation.sd_minimum_days", "derivation.sd_tolerance_days", "derivation.worse_after_cr",
        "derivation.schedule", "derivation.visit_window_days", "derivation.missed_assessments",
        "derivation.not_evaluable_is_missed", "derivation.pfs", "derivation.clinical_progression",
        "derivation.progression_date", "derivation.censoring_date", "derivation.assessor",
        "derivation.endpoints", "derivation.response_source", "derivation.response_criteria",
        "derivation.complete_response_sum_mm",
    ),
    "dates": ("derivation.partial_dates",),
    "adverse_events": ("derivation.adverse_event_window_days",),
    "treatment_end": ("derivation.death_window_days", "derivation.beyond_progression_days"),
    "times": (
        "estimation.landmarks", "estimation.response_landmarks", "estimation.lasting_response",
        "estimation.ci", "derivation.exceptional_complete_response",
        "derivation.exceptional_pfs_months",
    ),
}  # fmt: skip
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def endpoint_definitions(material: Material) -> Table:
    """One row an endpoint: definition with the settings in force, population, rules."""
    say = material.say
    names = ("endpoint", "definition", "population")
    columns = tuple(say(f"tables.endpoint_definitions.columns.{name}") for name in names)
    lacking = _lacking(material)
    rows: list[Row] = [
        (
            cell(say(f"definitions.{name}.name"), strong=True),
            cell((Text(_definition(material, name)), LineBreak(), Text(_rule_ids(material, name)))),
            cell(say(f"definitions.{name}.population")),
        )
        for name in _RULES
        if name != "populations"
        and name not in lacking
        and name not in material.leave_out
        and not (name == "decision_16w" and material.arms_apart)
        and (name not in _WHERE_DERIVED or _rules_of(material, name))
    ]
    return table(
        material,
        "endpoint_definitions",
        columns,
        rows,
        (0.17, 0.63, 0.2),
        notes=(say("tables.endpoint_definitions.note"), not_defined(material, lacking)),
        abbreviated=True,
        numeric=(),
    )


def _lacking(material: Material) -> list[str]:
    """Endpoints that have no estimate because the data lack them; clinical benefit is counted."""
    missing, exceptional = missing_parts(material), material.results.exceptional
    lacking = [
        name
        for name in _RULES
        if name in missing
        and name != "orr"
        and (name not in _WHERE_DERIVED or _rules_of(material, name))
    ]
    if "dor" in missing:
        lacking.append("lasting_response")
    if exceptional is not None and exceptional.share.estimate is None:
        lacking.append("exceptional_responders")
    return lacking


def not_defined(material: Material, names: Sequence[str]) -> str:
    """A note that names the endpoints left out of a table of methods; empty without any."""
    say = material.say
    if not names:
        return ""
    listed = say.listed(tuple(say.lower(say(f"definitions.{name}.name")) for name in names))
    return say("tables.missing_data.left_out", names=listed)


def as_given(material: Material, name: str) -> bool:
    """Whether the input gave the endpoint itself, so that the study's own definition holds."""
    key = {"best_response": "BOR", "orr": "BOR", "dcr": "BOR", "cbr": "CBR"}.get(name, name.upper())
    frame = material.evaluation.patients.frame
    column = {"BOR": "best_response_rule", "CBR": "benefit_16w_rule"}.get(key, f"{name}_rule")
    return column in frame.columns and bool((frame[column] == f"{key}-GIVEN").any())


def _definition(material: Material, name: str) -> str:
    say, options = material.say, material.settings.derivation
    values: dict[str, object] = {
        key: value for key, value in options.model_dump().items() if value is not None
    }
    values |= {
        "day_16w": 16 * 7 - options.benefit_tolerance_days,
        "day_24w": 24 * 7 - options.benefit_tolerance_days,
        "pfs_ratio_threshold": material.numbers.plain(options.pfs_ratio_threshold),
        "exceptional_pfs_months": material.numbers.plain(options.exceptional_pfs_months),
        "durations": say.listed(
            tuple(material.duration(str(x)) for x in material.settings.estimation.lasting_response)
        ),
    }
    if as_given(material, name):
        return say(f"definitions.{name}.given", **values)
    key = "definition"
    if name == "pfs" and options.pfs != "standard":
        key = options.pfs
    if name == "best_response" and not options.confirmation:
        key = "unconfirmed"
    if name in ("orr", "dor", "cbr") and not options.confirmation:
        key = "unconfirmed" if say.has(f"definitions.{name}.unconfirmed") else key
    if name == "exceptional_responders" and not options.exceptional_complete_response:
        key = "without_complete"
    text = say(f"definitions.{name}.{key}", **values)
    sentences = [text]
    if name == "pfs":
        sentences.append(say(f"definitions.clinical_progression.{options.clinical_progression}"))
        if options.progression_date != "assessment":
            sentences.append(say(f"definitions.progression_date.{options.progression_date}"))
        if options.censoring_date != "last-assessment":
            sentences.append(say(f"definitions.censoring_date.{options.censoring_date}"))
    if name == "cbr" and options.benefit_tolerance_days:
        sentences.append(say("definitions.benefit_tolerance", n=options.benefit_tolerance_days))
    if name == "best_response":
        if options.sd_tolerance_days:
            sentences.append(say("definitions.sd_tolerance", n=options.sd_tolerance_days))
        sentences.append(say(f"definitions.worse_after_cr.{options.worse_after_cr}"))
        if options.assessor:
            sentences.append(say("definitions.assessor", assessor=literal(options.assessor)))
    return " ".join(sentences)


def _rule_ids(material: Material, name: str) -> str:
    starts = _RULES[name]
    if not starts:
        rules = material.say("tables.endpoint_definitions.of_best_response")
    else:
        rules = ", ".join(_rules_of(material, name)) or material.numbers.dash
    return material.say("tables.endpoint_definitions.rules", rules=rules)


def _rules_of(material: Material, name: str) -> list[str]:
    """Identifiers of the rules in force of an endpoint; those of the PFS ratio are its own."""
    return [
        rule
        for rule in material.evaluation.patients.rules
        if rule.startswith(_RULES[name]) and (name != "pfs" or not rule.startswith("PFS-RATIO-"))
    ]


def settings_in_force(material: Material) -> Table:
    """Every option of derivation and estimation, its value and whether it is the default."""
    say = material.say
    names = ("setting", "value", "default", "key")
    columns = tuple(say(f"tables.settings.columns.{name}") for name in names)
    rows: list[Row] = []
    idle = _without_effect(material)
    unprinted = _UNPRINTED + (() if material.results.pfs_ratio else ("pfs_ratio",))
    for section in ("derivation", "estimation"):
        rows.append(group(material, f"tables.settings.groups.{section}", len(columns)))
        options: BaseModel = getattr(material.settings, section)
        for name, value, default in _leaves(options, type(options)()):
            if value == default and (name.startswith(unprinted) or f"{section}.{name}" in idle):
                continue
            state = "default" if value == default else "changed"
            rows.append(
                (
                    cell(say.of(f"settings.{section}", name), indent=1),
                    cell(_value(material, value, share=name in _SHARES)),
                    cell(say(f"tables.settings.{state}")),
                    cell(f"{section}.{name}"),
                )
            )
    notes = (say("tables.settings.unused"),)
    return table(
        material, "settings", columns, rows, (0.42, 0.2, 0.13, 0.25), notes=notes, numeric=()
    )


def _without_effect(material: Material) -> set[str]:
    """Settings that change nothing, because the data lack what they are about."""
    missing, given = missing_parts(material), material.evaluation.cohort.given
    absent = {
        "assessments": not given.get("assessments"),
        "dates": material.evaluation.manifest.data_cutoff is None,
        "adverse_events": "adverse_events" in missing,
        "treatment_end": "exposure" in missing,
        "times": {"pfs", "os", "dor"} <= set(missing),
    }
    return {name for about, names in _ABOUT.items() if absent[about] for name in names}


def _leaves(options: BaseModel, defaults: Any, prefix: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every single setting of a section by its dotted name, with its default."""
    for key in type(options).model_fields:
        value, default = getattr(options, key), getattr(defaults, key, None)
        if isinstance(value, BaseModel):
            yield from _leaves(value, default, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value, default


def _value(material: Material, value: Any, *, share: bool = False) -> str:
    say = material.say
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if value is None or value == ():
        return say("tables.settings.unset")
    if isinstance(value, tuple):
        return say.listed(tuple(_value(material, item, share=share) for item in value))
    if isinstance(value, BaseModel):
        parts = ((key, getattr(value, key)) for key in type(value).model_fields)
        return ", ".join(
            f"{say.of('setting_parts', key)} {_value(material, part)}"
            for key, part in parts
            if part is not None
        )
    if isinstance(value, Mapping):
        return literal(say.listed(tuple(str(name) for name in value)))
    if isinstance(value, Duration):
        return say(f"format.units.{value.unit}", number=material.numbers.plain(value.amount))
    if share:
        return material.numbers.level(value)
    if isinstance(value, int | float):
        return material.numbers.plain(value)
    words = say.of("setting_values", str(value))
    return literal(words if words != str(value) else say.lower(say.of("characteristics", words)))


def derivation_rules(material: Material) -> Table:
    """Every rule of derivation with the settings filled in, and its source."""
    say = material.say
    unused = _unused_rules(material)
    columns = tuple(
        say(f"tables.derivation_rules.columns.{name}") for name in ("id", "text", "source")
    )
    rows: list[Row] = [
        (cell(rule.id, strong=True), cell(rule_text(material, rule)), cell(say.source(rule.source)))
        for rule in material.evaluation.patients.rules.values()
        if rule.id not in unused
    ]
    return table(material, "derivation_rules", columns, rows, (0.2, 0.52, 0.28), numeric=())


def _unused_rules(material: Material) -> set[str]:
    """Rules of endpoints that the data lack, but for those that say so of a patient, and of those
    that the pack leaves out."""
    starts = tuple(start for name in _lacking(material) for start in _RULES[name])
    if "exposure" in missing_parts(material):
        starts += ("DEATH-",)
    frame = material.evaluation.patients.frame
    kept = [starts for name, starts in _RULES.items() if name not in material.leave_out]
    left_out = tuple(
        start
        for name, starts in _RULES.items()
        if name in material.leave_out
        for start in starts
        if not any(start in others for others in kept)
    )
    used = {rule for name in frame if name.endswith("_rule") for rule in frame[name].unique()}
    return {
        name
        for name in material.evaluation.patients.rules
        if (starts and name.startswith(starts) and name not in used) or name.startswith(left_out)
    }


def rule_text(material: Material, rule: Rule) -> str:
    """The sentence of a rule with the settings of this cohort."""
    options = material.settings.derivation.model_dump()

    def filled(match: re.Match[str]) -> str:
        name = match[1]
        return _value(material, options[name]) if name in options else match[0]

    return literal(_PLACEHOLDER.sub(filled, material.say.in_language(rule.text, f"rule {rule.id}")))
