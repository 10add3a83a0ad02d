"""Two results.json side by side: every number and verdict that changed, sorted by what it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["Difference", "result_differences"]

KINDS: Final = ("verdict", "number", "query", "data", "setting", "criterion", "software")
_NAMES: Final = ("id", "name", "label", "term", "endpoint", "arm", "table", "file", "column")


@dataclass(frozen=True)
class Difference:
    """One value that is otherwise.

    Parameters
    ----------
    kind
        ``verdict``, ``number`` (anything estimated or counted), ``query`` (a data query raised or
        gone), ``data`` (files and the data cut-off), ``setting``, ``criterion`` (the criteria
        themselves) or ``software``.
    path
        Its place in results.json; an entry of a list goes by its name where it has one.
    old, new
        The values; None where it is in one of the two only.
    """

    kind: str
    path: str
    old: Any
    new: Any

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {"kind": self.kind, "path": self.path, "old": self.old, "new": self.new}


def result_differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Compare two results, verdicts first.

    Parameters
    ----------
    old, new
        The content of results.json.
    """
    before, after = _flat(old), _flat(new)
    found = [
        Difference(_kind(path), ".".join(path), before.get(path), after.get(path))
        for path in dict.fromkeys((*before, *after))
        if before.get(path) != after.get(path)
    ]
    found += _queries(old, new)
    return tuple(sorted(found, key=lambda each: KINDS.index(each.kind)))


def _flat(results: Mapping[str, Any]) -> dict[tuple[str, ...], Any]:
    # Scenarios follow from what is compared here; each would tell the same difference again.
    apart = ("data_queries", "scenarios", "changes")
    kept = {key: value for key, value in results.items() if key not in apart}
    return dict(_leaves(kept, ()))


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, str(key)))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        if all(isinstance(each, str) for each in value):
            yield path, list(value)
            return
        seen: Counter[str] = Counter()
        for place, inner in enumerate(value):
            name = _name(inner) or str(place)
            seen[name] += 1
            yield from _leaves(inner, (*path, name if seen[name] == 1 else f"{name}-{seen[name]}"))
    else:
        yield path, value


def _name(entry: Any) -> str:
    """What an entry of a list is called, so that another order is no difference."""
    if not isinstance(entry, Mapping):
        return ""
    named = [str(entry[key]) for key in _NAMES if isinstance(entry.get(key), str)]
    if entry.get("soc"):
        named.insert(0, str(entry["soc"]))
    return " ".join(named[:2] if "id" not in entry else named[:1])


def _kind(path: tuple[str, ...]) -> str:
    first = path[0]
    if first == "criteria":
        if len(path) > 2 and path[2] == "rules" and path[-1] == "reason":
            return "number"
        if not _VERDICT_KEYS.isdisjoint(path[2:]) or "explanation" in path or "adjustments" in path:
            return "verdict"
        observed = len(path) > 2 and path[2] == "rules" and path[-1] in _OBSERVED_KEYS
        return "number" if observed else "criterion"
    if first in ("cohort", "settings"):
        return "data" if path == ("cohort", "data_cutoff") else "setting"
    if first == "provenance":
        return _PROVENANCE.get(path[1], "data")
    return "software" if first == "schema" else "number"


_VERDICT_KEYS: Final = frozenset(
    {
        "verdict", "verdict_at_lower_limit", "grade", "preliminary_grade", "possible_grades",
        "grade_at_lower_limit", "missing", "not_shown", "reason",
    }
)  # fmt: skip
_OBSERVED_KEYS: Final = frozenset({"observed", "margin", "ci_lower", "ci_upper", "n"})
_PROVENANCE: Final = {
    "software": "software",
    "settings_sha256": "setting",
    "criteria": "criterion",
}


def _queries(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    """Data queries raised and gone; their numbers and rows change with every other one."""
    before, after = (
        Counter(_query(each) for each in results.get("data_queries", ())) for results in (old, new)
    )
    for text in dict.fromkeys((*before, *after)):
        gone, raised = before[text] - after[text], after[text] - before[text]
        for _ in range(max(gone, raised)):
            values = (text, None) if gone > 0 else (None, text)
            yield Difference("query", "data_queries", *values)


def _query(query: Mapping[str, Any]) -> str:
    keys = ("rule", "patient", "column", "value")
    return ", ".join(str(query[key]) for key in keys if query.get(key) is not None)
