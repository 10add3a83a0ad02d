"""A path of results.json in, its trace out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dossier.derive.registry import RULES
from dossier.errors import OptionError, Problem
from dossier.evaluation import Evaluation
from dossier.result_paths import find, leaves
from dossier.trace import (
    adverse_events,
    concordance,
    decisions,
    deviations,
    exposure,
    individual,
    observation,
    partial_dates,
    patients,
    quality_of_life,
    rates,
    times,
)
from dossier.trace.chain import Chain, applied_rules
from dossier.trace.groups import Group, group_of
from dossier.trace.model import Contribution, Finding, Origin, SourceRow, Trace, TracedRule
from dossier.trace.scenario_numbers import of_scenario
from dossier.trace.statements import statement
from dossier.yaml_source import nearest

# The number a section is about, the first that it has.
_HEADLINES = ("estimate", "months", "median", "observed", "hazard_ratio", "verdict", "n", "message")
# Numbers of a rule of a criterion that stand elsewhere in results.json.
_OF_PATH = ("observed", "margin", "ci_lower", "ci_upper", "n", "verdict", "verdict_at_lower_limit")
_PLACEHOLDER = re.compile(r"{(\w+)}")


def trace(
    evaluation: Evaluation,
    path: str,
    patient: str | None = None,
    scenarios: Mapping[str, Any] | None = None,
) -> Trace:
    """Follow a number of results.json back to the rows it came from.

    Parameters
    ----------
    evaluation
        The evaluation whose results are traced.
    path
        Place of the number, e.g. ``endpoints.orr.estimate``; a section, such as
        ``endpoints.orr``, stands for its main number.
    patient
        Show the part of this patient only.
    scenarios
        What results.json holds under ``scenarios``; None where its numbers are not asked for.

    Raises
    ------
    OptionError
        When there is no such place or no such patient; names the nearest.
    """
    results = evaluation.to_dict()
    if scenarios is not None:
        results["scenarios"] = dict(scenarios)
    chain = Chain(evaluation, results)
    whom = _known_patient(chain, patient)
    keys, number = _number(results, path)
    reason = _reason(results, keys) if number is None else ""
    found = replace(_trace(chain, keys, number), path=path, reason=reason)
    if not whom:
        return found
    own = tuple(each for each in found.patients if each.patient == whom)
    meaning = found.meaning
    if not own and found.patients:
        meaning += f"; {whom} is not among these patients"
    applied = {each.rule for each in own}
    rules = tuple(rule for rule in found.rules if rule.patients is None or rule.id in applied)
    return replace(found, patient=whom, patients=own, rules=rules, meaning=meaning)


def origins(evaluation: Evaluation, paths: Iterable[str]) -> list[Origin]:
    """Where numbers of results.json come from, each in one line; none of their rows is looked up.

    Parameters
    ----------
    evaluation
        The evaluation whose results are traced.
    paths
        Places of numbers.
    """
    if evaluation.patients.frame.empty:
        return [Origin(path) for path in paths]
    chain = Chain(evaluation, evaluation.to_dict())
    known = RULES | evaluation.patients.rules
    found: list[Origin] = []
    for path in paths:
        behind = _behind(chain, _number(chain.results, path)[0])
        if behind is None or not (behind.patients or behind.recount is not None):
            found.append(Origin(path))
            continue
        rules = (*behind.rules, *sorted(applied_rules(behind.patients)))
        found.append(
            Origin(
                path,
                tuple(rule for rule in dict.fromkeys(rules) if rule in known),
                behind.population,
                behind.members,
                len(behind.patients),
            )
        )
    return found


def _behind(chain: Chain, keys: tuple[str, ...]) -> Finding | None:
    """What was found out about a number, about that of its path for a rule of a criterion."""
    match list(keys):
        case ["criteria", place, "rules", number, leaf] if leaf in _OF_PATH:
            rule = chain.results["criteria"][int(place)]["rules"][int(number)]
            if not rule.get("path"):
                return None
            return _behind(chain, _number(chain.results, _place_of(chain, rule, leaf))[0])
        case ["criteria" | "comparisons", *_]:
            return None
    return _finding(chain, keys)


def _known_patient(chain: Chain, patient: str | None) -> str:
    if patient is None:
        return ""
    known = [str(name) for name in chain.values("patient_id")]
    known += [each.patient for each in chain.cohort.screen_failures]
    if patient in known:
        return patient
    meant = nearest(patient, known)
    hint = f", did you mean {meant!r}?" if meant else ""
    file = chain.cohort.file_label("patients")
    raise OptionError([Problem(f"there is no patient {patient!r}{hint}", file)])


def _reason(results: dict[str, Any], keys: tuple[str, ...]) -> str:
    """The nearest reason beside a number that is not there."""
    for length in range(len(keys) - 1, 0, -1):
        _, section = find(results, ".".join(keys[:length])) or ((), None)
        if isinstance(section, Mapping) and section.get("reason"):
            return str(section["reason"])
    return ""


def _number(results: dict[str, Any], path: str) -> tuple[tuple[str, ...], Any]:
    """The keys of the number a path names, and the number."""
    place = find(results, path)
    if place is None:
        meant = nearest(path, _places(results))
        hint = f", did you mean {meant!r}?" if meant else ""
        raise OptionError([Problem(f"there is no {path!r} in results.json{hint}")])
    keys, value = place
    while isinstance(value, Mapping | list):
        inner = value if isinstance(value, Mapping) else {}
        headline = next((name for name in _HEADLINES if name in inner), None)
        if headline is None:
            below = inner or {str(position): each for position, each in enumerate(value)}
            names = ", ".join(f"{path}.{key}" for key in below) or "a number: it is empty"
            raise OptionError([Problem(f"{path!r} is a section", expected=f"one of {names}")])
        keys, value = (*keys, headline), inner[headline]
    return keys, value


def _places(results: dict[str, Any]) -> list[str]:
    """Every place that can be named: the single values, and the sections above them."""
    places: dict[str, None] = {}
    for path, _ in leaves(results):
        parts = path.split(".")
        places |= dict.fromkeys(".".join(parts[:end]) for end in range(1, len(parts) + 1))
    return list(places)


def _trace(chain: Chain, keys: tuple[str, ...], value: Any) -> Trace:
    path = ".".join(keys)
    match list(keys):
        case ["criteria", place, "rules", number, leaf] if leaf in _OF_PATH:
            rule = chain.results["criteria"][int(place)]["rules"][int(number)]
            if rule.get("path"):
                return _trace(chain, *_number(chain.results, _place_of(chain, rule, leaf)))
            return Trace(path, "", value, _without_path(rule))
        case ["criteria", place, "verdict" | "grade" | "preliminary_grade"]:
            rules = chain.results["criteria"][int(place)]["rules"]
            follows = tuple(f"criteria.{place}.rules.{k}.observed" for k in range(len(rules)))
            return Trace(path, "", value, statement(keys, chain.results), follows=follows)
        case ["scenarios", *_]:
            return of_scenario(chain, path, keys, value)
        case ["comparisons", place, *_]:
            return _comparison(chain, path, value, int(place))
    found = _finding(chain, keys)
    if found is None:
        return Trace(path, "", value, statement(keys, chain.results))
    return Trace(
        path,
        path if found.patients or found.recount is not None else "",
        value,
        found.meaning,
        found.population,
        found.members,
        found.recount,
        rules=_rules(chain, found),
        patients=tuple(found.patients),
    )


def _place_of(chain: Chain, rule: Mapping[str, Any], leaf: str) -> str:
    """Where a number of a rule stands: at its path, or beside it or above (limits, patients)."""
    path: str = rule["path"]
    if leaf in ("n", "ci_lower", "ci_upper"):
        above = path
        while "." in above:
            above = above.rpartition(".")[0]
            for name in (leaf, f"{leaf}_months"):
                if find(chain.results, f"{above}.{name}") is not None:
                    return f"{above}.{name}"
    return path


def _without_path(rule: Mapping[str, Any]) -> str:
    if rule.get("declared"):
        return f"declared by a person: {rule['quantity']} under declared in cohort.yaml"
    why = f" ({rule['reason']})" if rule.get("reason") else ""
    return f"counted for this rule alone, {rule['text']!r}{why}; no other number of results.json"


def _comparison(chain: Chain, path: str, value: Any, place: int) -> Trace:
    compared = chain.results["comparisons"][place]
    endpoint = compared["endpoint"]
    follows = tuple(
        f"arms.{compared[role]}.endpoints.{endpoint}.n" for role in ("arm", "reference")
    )
    meaning = "compares all patients of two arms; each arm can be traced"
    return Trace(path, "", value, meaning, follows=follows)


def _finding(chain: Chain, keys: tuple[str, ...]) -> Finding | None:
    if keys[0] == "data_queries":
        return _query(chain, int(keys[1]))
    group, inner = group_of(chain, keys)
    before = len(keys) - len(inner)  # keys that name the group, not the number
    match list(inner):
        case ["populations", *rest]:
            return patients.population(chain, group, rest)
        case ["losses", _, _]:
            return patients.loss(chain, group, inner[1:])
        case ["disposition", _]:
            return patients.disposition(chain, group, inner[1:])
        case ["baseline" | "prior_treatment", _, _, *_]:
            item = _at(chain.results, keys[: before + 2])
            return patients.baseline(chain, group, inner[1:], item)
        case ["observation", *rest]:
            return observation.observation(chain, rest)
        case ["partial_dates", *rest]:
            return partial_dates.partial_dates(chain, rest)
        case ["concordance", *rest]:
            return concordance.concordance(chain, group, rest)
        case ["protocol_deviations", *rest]:
            return deviations.protocol_deviations(chain, rest)
        case ["safety", *rest]:
            section = _at(chain.results, keys[: before + 1])
            return adverse_events.safety(chain, group, rest, section)
        case ["durability", _, _, *_]:
            section = _at(chain.results, keys[: before + 2])
            return decisions.durability(chain, group, inner[1:], section)
        case ["decision_16w", *rest]:
            return decisions.decision_16w(chain, group, rest)
        case ["quality_of_life", *rest]:
            return quality_of_life.quality_of_life(chain, group, rest)
        case ["exposure", *rest]:
            return exposure.exposure(chain, group, rest)
        case ["endpoints", endpoint, _, *_]:
            section = _at(chain.results, keys[: before + 2])
            return _endpoint(chain, group, inner[1:], endpoint, section)
    return None


def _endpoint(
    chain: Chain, group: Group, keys: Sequence[str], endpoint: str, section: Any
) -> Finding | None:
    if keys[-1] in ("method", "confidence", "reason"):
        return None
    if endpoint.startswith("best_response"):
        return rates.best_response(chain, group, keys)
    if endpoint == "time_to_response":
        return times.time_to_response(chain, group, keys)
    if endpoint == "pfs_ratio":
        return individual.pfs_ratio(chain, group, keys, section)
    if endpoint == "exceptional_responders":
        return individual.exceptional_responders(chain, group, keys, section)
    if endpoint == "progression_incidence":
        return times.progression_incidence(chain, group, keys, section)
    if rates.is_rate(endpoint, chain):
        return rates.rate(chain, group, keys, section)
    if times.is_time(endpoint, chain):
        return times.time_to_event(chain, group, keys, section)
    return None


def _at(results: Any, keys: Sequence[str]) -> Any:
    found = results
    for key in keys:
        found = found[int(key)] if isinstance(found, list) else found[key]
    return found


def _query(chain: Chain, place: int) -> Finding:
    query = chain.evaluation.queries[place]
    rows = () if query.file is None else (SourceRow("found in", query.file, query.row),)
    if rows and query.column:
        rows = (replace(rows[0], column=query.column),)
    own = Contribution(
        query.patient or "", query.value, counted=True, reason=query.message, sources=rows
    )
    return Finding(f"a data query: {query.consequence}", patients=(own,) if query.patient else ())


def _rules(chain: Chain, found: Finding) -> tuple[TracedRule, ...]:
    applied = applied_rules(found.patients)
    options = chain.cohort.settings.derivation.model_dump()
    known = RULES | chain.evaluation.patients.rules

    def rule(name: str, patients: int | None) -> TracedRule:
        text = _PLACEHOLDER.sub(
            lambda place: str(options.get(place[1], place[0])), known[name].text["en"]
        )
        return TracedRule(name, text, known[name].source, patients)

    of_population = [rule(name, None) for name in found.rules if name in known]
    of_patients = [rule(name, applied[name]) for name in sorted(applied) if name in known]
    return (*of_population, *of_patients)
