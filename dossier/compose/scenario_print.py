"""Scenarios in print: their names, their numbers beside the base case, who is behind a change."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from dossier.appraise.verdict import Verdict
from dossier.compose.document import Inline, LineBreak, Number, Text
from dossier.compose.insertions import literal
from dossier.compose.judging import grade_words, title_of
from dossier.compose.material import Inlines, Material
from dossier.compose.numbers import exact
from dossier.compose.rule_print import printed_rules
from dossier.scenarios.matrix import Figure, ScenarioMatrix, ScenarioRow
from dossier.scenarios.patient_changes import PatientChange
from dossier.scenarios.scenario import Population, Scenario
from dossier.scenarios.what_if import WhatIf

__all__ = [
    "column_words",
    "criterion_titles",
    "endpoint_words",
    "estimate",
    "found_in",
    "key_endpoints",
    "not_run",
    "path_of",
    "patients_behind",
    "rule_requirements",
    "rule_subjects",
    "scenario_changes",
    "scenario_names",
    "state_words",
    "verdict_text",
    "with_difference",
]

_KEY = ("orr", "cbr_16w", "cbr_24w", "pfs.median", "pfs at 6 months", "os.median")
_DURATION = re.compile(r"[0-9.]+ (?:days?|weeks?|months?|years?)")
_TIME = re.compile(r"([0-9.]+) days, (event|censored)(?:: (.*))?")
# What a rule looks at, and the changes of patients that can move it.
_MOVED_BY = {
    "orr": ("best_response", "orr", "counted in rates"),
    "dcr": ("best_response", "dcr", "counted in rates"),
    "cbr_16w": ("benefit_16w", "cbr_16w", "counted in rates"),
    "cbr_24w": ("benefit_24w", "cbr_24w", "counted in rates"),
    "pfs": ("pfs", "counted in times"),
    "os": ("os", "counted in times"),
    "dor": ("dor", "best_response", "counted in times"),
}


def found_in(material: Material) -> WhatIf:
    """The what-if analysis of the document.

    Raises
    ------
    ValueError
        Where there is none; tables and figures of scenarios are not printed then.
    """
    if material.what_if is None:
        raise ValueError("the document has no scenarios")
    return material.what_if


def scenario_names(material: Material) -> tuple[str, ...]:
    """What each scenario is called: by its reason, or by its identifier where several share one."""
    return material.once(_scenario_names)


def _scenario_names(material: Material) -> tuple[str, ...]:
    rows = found_in(material).matrix.rows
    shared = Counter(row.scenario.reason for row in rows)
    return tuple(
        material.say("scenarios.base")
        if place == 0
        else literal(_name(material, row, alone=shared[row.scenario.reason] == 1))
        for place, row in enumerate(rows)
    )


def _name(material: Material, row: ScenarioRow, *, alone: bool) -> str:
    say = material.say
    if row.scenario.left_out is not None:
        column, value = row.scenario.left_out
        words = column_words(material, column)
        if not value:
            return say("scenarios.left_out_each", column=words)
        return say("scenarios.without", column=words, value=say.baseline_value(column, value))
    if alone:
        return say.capital(say.reason(row.scenario.reason))
    return say.capital(say("rules.joined_remarks").join(_in_short(material, row.scenario)))


def _in_short(material: Material, scenario: Scenario) -> list[str]:
    """What a scenario states, each in a few words; its identifier where it states nothing."""
    say, population = material.say, scenario.population
    parts: list[str] = []
    for section, keys in scenario.settings.items():
        for key, value in keys.items():
            short = f"scenarios.short.{key}.{'yes' if value else 'no'}"
            if isinstance(value, bool) and say.has(short):
                parts.append(say(short))
            else:
                parts.append(_setting_words(material, section, key, value))
    if scenario.not_evaluable:
        how = say(f"scenarios.not_evaluable.{scenario.not_evaluable}")
        parts.append(say("scenarios.short.not_evaluable", how=how))
    if population.name:
        parts.append(say(f"scenarios.populations.{population.name}"))
    parts += _filters(material, population)
    if scenario.criteria:
        parts.append(say("scenarios.changes.criteria", criteria=", ".join(scenario.criteria)))
    parts += [say("scenarios.changes.threshold", threshold=each) for each in scenario.overrides]
    return parts or [scenario.id]


def column_words(material: Material, column: str) -> str:
    """A column of the patients table within a sentence."""
    words = material.say.of("scenarios.columns", column)
    if words == column:
        words = material.say.lower(material.say.of("characteristics", column))
    return literal(words)


def scenario_changes(material: Material, scenario: Scenario) -> Inlines:
    """Everything that a scenario states, a line each."""
    say, population = material.say, scenario.population
    lines = [
        _setting_words(material, section, key, value)
        for section, keys in scenario.settings.items()
        for key, value in keys.items()
    ]
    if population.name:
        name = say(f"scenarios.populations.{population.name}")
        lines.append(say("scenarios.changes.population", name=name))
    lines += _filters(material, population)
    if scenario.not_evaluable:
        how = say(f"scenarios.not_evaluable.{scenario.not_evaluable}")
        lines.append(say("scenarios.changes.not_evaluable", how=how))
    if scenario.criteria:
        lines.append(say("scenarios.changes.criteria", criteria=", ".join(scenario.criteria)))
    lines += [say("scenarios.changes.threshold", threshold=each) for each in scenario.overrides]
    found: list[Inline] = []
    for line in lines or [say("scenarios.no_change")]:
        found += [*([LineBreak()] if found else []), Text(literal(line))]
    return tuple(found)


def _setting_words(material: Material, section: str, key: str, value: object) -> str:
    say = material.say
    if section == "cohort":
        name = say("scenarios.assumptions.cutoff")
    else:
        name = say.of(f"settings.{section}", key)
    return say("scenarios.changes.setting", setting=name, value=_setting(material, value))


def _filters(material: Material, population: Population) -> list[str]:
    say, lines = material.say, []
    for kind, filters in (("only", population.only), ("without", population.without)):
        for column, values in filters:
            words = column_words(material, column)
            listed = say.listed(tuple(say.baseline_value(column, each) for each in values))
            lines.append(say(f"scenarios.changes.{kind}", column=words, values=listed))
    return lines


def _setting(material: Material, value: object) -> str:
    say = material.say
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return say.date(datetime.date.fromisoformat(value))
    if isinstance(value, list | tuple):
        return ", ".join(_setting(material, each) for each in value)
    if isinstance(value, Mapping):
        return " ".join(
            f"{say.of('setting_parts', k)} {_setting(material, v)}" for k, v in value.items() if v
        )
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if isinstance(value, int | float):
        return material.numbers.plain(value)
    text = str(value)
    if _DURATION.fullmatch(text):
        return material.duration(text)
    known = say.of("setting_values", text)
    return known if known != text else say.of("assessors", text)


def not_run(material: Material, row: ScenarioRow) -> str:
    """Why a scenario was not run, in words."""
    return literal(material.say.reason(row.reason or ""))


def key_endpoints(matrix: ScenarioMatrix) -> tuple[str, ...]:
    """Endpoints of the matrix in print; the first landmark where there is none at 6 months."""
    known = matrix.base.figures
    landmarks = [name for name in known if name.startswith("pfs at ")]
    names = []
    for name in _KEY:
        if name not in known and name.startswith("pfs at ") and landmarks:
            names.append(landmarks[0])
        elif name in known:
            names.append(name)
    return tuple(names)


def endpoint_words(material: Material, name: str, *, short: bool = True) -> str:
    """An endpoint of the matrix: ``ORR``, ``Median PFS``, ``PFS at 6 months``."""
    say = material.say
    group = "endpoints_short" if short else "endpoints"
    bare, _, landmark = name.partition(" at ")
    if landmark:
        amount, _, unit = landmark.partition(" ")
        plural = unit if unit.endswith("s") else f"{unit}s"
        time = say(f"format.units.{plural}", number=material.numbers.plain(float(amount)))
        return say("scenarios.landmark", endpoint=say(f"{group}.{bare}"), time=time)
    bare, _, measure = name.partition(".")
    words = say(f"{group}.{bare}")
    return (
        say("scenarios.median", endpoint=words if short else say.lower(words)) if measure else words
    )


def path_of(material: Material, place: int, endpoint: str, what: str) -> str:
    """Where a number of a scenario stands."""
    return f"{material.what_if_at}scenarios.{place}.endpoints.{endpoint}.{what}"


def estimate(material: Material, figure: Figure, path: str, *, unit: bool = True) -> Number:
    """``31.0%``, ``7.2 months`` or the number alone, ``not reached`` or ``not estimable``."""
    numbers = material.numbers
    if figure.estimate is None:
        reached = (figure.reason or "").startswith("not reached")
        return Number(numbers.not_reached if reached else numbers.not_estimable, path)
    if figure.unit == "share":
        return Number(numbers.percent(_share(figure)), path)
    value = exact(figure.estimate)
    text = numbers.quantity(value, "months") if unit else numbers.decimal(value)
    return Number(text, path)


def with_difference(material: Material, place: int, endpoint: str) -> Inlines:
    """The estimate of a scenario, and on a line of its own the difference from the base case."""
    matrix = found_in(material).matrix
    figure = matrix.rows[place].figures[endpoint]
    shown = estimate(material, figure, path_of(material, place, endpoint, "estimate"), unit=False)
    base = matrix.base.figures.get(endpoint)
    if place == 0 or not figure.delta or base is None:
        return (shown,)
    if figure.unit == "share":
        difference = (_share(figure) - _share(base)) * 100
    else:
        difference = exact(figure.delta)
    text = material.numbers.decimal(difference, signed=True)
    path = path_of(material, place, endpoint, "delta")
    return (shown, LineBreak(), Number(material.say("scenarios.difference", number=text), path))


def _share(figure: Figure) -> Fraction:
    """A share as the fraction it comes from, so that it rounds as in every other table."""
    value = exact(figure.estimate or 0.0)
    if not figure.n:
        return value
    whole = Fraction(figure.events, figure.n)
    return whole if abs(float(whole) - float(value)) < 1e-12 else value


# --- criteria ------------------------------------------------------------------------------------


def criterion_titles(material: Material) -> dict[str, str]:
    """Title of each criterion of the base case, by its identifier."""
    return {
        verdict.id: literal(title_of(material, verdict)) for verdict in material.evaluation.verdicts
    }


def verdict_text(material: Material, verdict: Verdict, grade: str | None) -> str:
    """``Met``, or ``Met, grade 2``."""
    words = material.say(f"verdicts.{verdict}")
    if grade is None:
        return words
    return material.say("verdicts.with_grade", verdict=words, grade=grade_words(material, grade))


def rule_subjects(material: Material) -> dict[tuple[str, str], str]:
    """What each rule of the base case speaks of, by criterion and rule."""
    return {
        (verdict.id, printed.rule.id): material.say.capital(printed.subject)
        for place, verdict in enumerate(material.evaluation.verdicts)
        for printed in printed_rules(material, place)
    }


def rule_requirements(material: Material) -> dict[tuple[str, str], str]:
    """What each rule of the base case asks, which tells rules on one result apart."""
    return {
        (verdict.id, printed.rule.id): material.say.capital(
            f"{printed.subject} {printed.required}"
            if printed.rule.threshold is not None and printed.rule.comparison != "is"
            else printed.subject
        )
        for place, verdict in enumerate(material.evaluation.verdicts)
        for printed in printed_rules(material, place)
    }


# --- patients ------------------------------------------------------------------------------------


def patients_behind(
    material: Material, row: ScenarioRow, criterion: str, *, rules: tuple[str, ...]
) -> Inlines:
    """The patients whose changes can have moved some rules, by what changed, at most a few named.

    Where none of the rules is about something that patients have, all that changed are named.
    """
    changes = found_in(material).matrix.changes_of(row)
    quantities = {
        rule.id: rule.quantity
        for verdict in material.evaluation.verdicts
        if verdict.id == criterion
        for rule in verdict.rules
    }
    wanted = {
        what
        for rule in rules
        for subject, moved in _MOVED_BY.items()
        if subject in re.split(r"[^a-z0-9_]+", quantities.get(rule, ""))
        for what in moved
    }
    chosen = [each for each in changes if each.what in wanted] or list(changes)
    groups: dict[str, list[PatientChange]] = {}
    for each in chosen:
        groups.setdefault(each.what, []).append(each)
    lines: list[Inline] = []
    for what, found in groups.items():
        lines += [LineBreak()] if lines else []
        lines.append(Text(_named(material, what, found)))
    return tuple(lines)


def _named(material: Material, what: str, found: list[PatientChange]) -> str:
    say, most = material.say, material.limits.patients_named
    rules = sorted({each.rule_after for each in found} if not what.startswith("counted") else ())
    rules = [rule for rule in rules if re.fullmatch(r"[A-Z][A-Z0-9-]+", rule)]
    label = say(f"scenarios.changed.{what.replace(' ', '_')}")
    states = {each.after for each in found}
    if what.startswith("counted") and len(found) > most and len(states) == 1:
        key = "scenarios.counted_more" if states == {"yes"} else "scenarios.counted_fewer"
        return say(key, what=label, n=len(found))
    named = ", ".join(
        say(
            "scenarios.patient",
            patient=each.patient,
            before=state_words(material, each.before),
            after=state_words(material, each.after),
        )
        for each in found[:most]
    )
    more = len(found) - most
    return literal(
        say(
            "scenarios.patients",
            what=label,
            patients=named + (say("scenarios.more_patients", n=more) if more > 0 else ""),
            rules=say("scenarios.by_rules", rules=", ".join(rules)) if rules else "",
        )
    )


def state_words(material: Material, text: str) -> str:
    """What was of a patient, or is, in words: ``SD``, ``212 days, event``, ``yes``."""
    say = material.say
    timed = _TIME.fullmatch(text)
    if timed:
        days = say("format.units.days", number=material.numbers.plain(float(timed[1])))
        return say(f"scenarios.states.{timed[2]}", days=days)
    known = say.of("scenarios.states", text.replace(" ", "_"))
    return known if known != text.replace(" ", "_") else say.reason(text)
