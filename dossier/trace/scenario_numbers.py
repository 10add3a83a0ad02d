"""Numbers of scenarios: what they are compared with, and the patients that differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dossier.trace.chain import Chain
from dossier.trace.model import Contribution, SourceRow, Trace

__all__ = ["of_scenario"]


def of_scenario(chain: Chain, path: str, keys: Sequence[str], value: Any) -> Trace:
    """A value under ``scenarios`` of results.json.

    The base case is the dossier itself, so its numbers follow from those of the results. Those of
    another scenario come from the same stages under other rules: told are what the scenario
    changes, the number of the base case, and, where a verdict changes, the patients behind it.
    """
    match list(keys):
        case ["scenarios", "scenarios", place, *rest]:
            return _of_row(chain, path, rest, value, int(place))
        case ["scenarios", "leave_one_out", place, "endpoints", endpoint, end]:
            column = chain.results["scenarios"]["leave_one_out"][int(place)]["column"]
            meaning = f"the {end} {endpoint} when each value of {column} is left out in turn"
            return Trace(path, "", value, meaning, follows=_same(chain, "endpoints", endpoint))
        case ["scenarios", "patient_changes", number, place, *_]:
            change = chain.results["scenarios"]["patient_changes"][int(number)][int(place)]
            meaning = "what is otherwise for a patient than in the base case"
            return Trace(path, "", value, meaning, patients=(_contribution(chain, change),))
        case ["scenarios", "sweeps" as kind, *_] | ["scenarios", "worst_left_out" as kind, *_]:
            meaning = {
                "sweeps": "from judging the base case at other thresholds",
                "worst_left_out": "the least favourable case of a leave-one-out analysis",
            }[kind]
            return Trace(path, "", value, meaning)
    return Trace(path, "", value, "counted over all scenarios, or states how they were asked for")


def _of_row(chain: Chain, path: str, rest: Sequence[str], value: Any, place: int) -> Trace:
    row = chain.results["scenarios"]["scenarios"][place]
    if place == 0:
        meaning = "the base case of the scenarios: the dossier itself"
        return Trace(path, "", value, meaning, follows=_same(chain, *rest))
    meaning = f"under the scenario {row['id']} ({row['reason']})"
    if rest[-1:] == ["delta"]:
        meaning += ", less the base case"
    number = row.get("patient_changes")
    if number is None or not row.get("verdict_changes"):
        return Trace(path, "", value, meaning, follows=_same(chain, *rest))
    changes = chain.results["scenarios"]["patient_changes"][number]
    patients = tuple(_contribution(chain, each) for each in changes)
    return Trace(path, "", value, meaning, follows=_same(chain, *rest), patients=patients)


def _same(chain: Chain, *rest: str) -> tuple[str, ...]:
    """The place of the same number in the results of the dossier, where it has one."""
    match rest:
        case ["endpoints", endpoint, *_]:
            known = chain.results["scenarios"]["scenarios"][0].get("endpoints", {})
            return (known[endpoint]["path"],) if endpoint in known else ()
        case ["populations", name]:
            return (f"populations.{name}",)
    return ()


def _contribution(chain: Chain, change: Mapping[str, Any]) -> Contribution:
    file = chain.cohort.file_label("patients") or ""
    return Contribution(
        change["patient"],
        change["after"],
        counted=True,
        rule=change["rule_after"] or change["rule_before"],
        reason=f"{change['what']}: {change['before']} in the base case",
        sources=(SourceRow("patient", file, change["row"]),),
    )
