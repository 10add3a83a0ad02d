"""Plain values against a pydantic model, its errors in words for the person who wrote the file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from dossier.errors import Problem
from dossier.yaml_source.document import KeyPath, YamlDocument, dotted

Model = TypeVar("Model", bound=BaseModel)


def validate(document: YamlDocument, model: type[Model]) -> tuple[Model | None, list[Problem]]:
    """Check a document against a model.

    Returns
    -------
    tuple
        The model and no problems, or None and every problem, in the order of the lines.
    """
    checked, problems = validate_value(
        document.value, model, name=document.name, line=document.line
    )
    return checked, sorted(problems, key=lambda problem: problem.row or 0)


def validate_value(
    value: Any,
    model: type[Model],
    *,
    name: str | None = None,
    line: Callable[[KeyPath], int | None] = lambda _path: None,
) -> tuple[Model | None, list[Problem]]:
    """Check plain values, from YAML or from Python, against a model.

    Parameters
    ----------
    value
        Groups as dict, lists, text and numbers.
    model
        The pydantic model that describes what is allowed.
    name
        File name for the problems.
    line
        Gives the line of a key path.

    Returns
    -------
    tuple
        The model and no problems, or None and every problem found.
    """
    if value is None:
        return None, [Problem("the file is empty", name)]
    if not isinstance(value, Mapping):
        expected = "keys with values, one 'key: value' a line"
        return None, [Problem("there are no keys", name, value=_shown(value), expected=expected)]
    try:
        return model.model_validate(value), []
    except ValidationError as error:
        faults = [_fault(details, value) for details in error.errors(include_url=False)]
    return None, [
        _problem_at(path, same, model, name, line)
        for path, same in _grouped(_telling(faults)).items()
    ]


@dataclass(frozen=True)
class _Fault:
    """One pydantic error at a path that exists in the user's value (or just below one)."""

    path: KeyPath
    kind: str
    message: str
    context: dict[str, Any]
    found: Any


def _fault(details: Any, value: Any) -> _Fault:
    path: list[str | int] = []
    node = value
    location = details["loc"]
    for part in location:
        inside = isinstance(node, Mapping) and part in node
        listed = isinstance(node, list | tuple) and isinstance(part, int) and part < len(node)
        if inside or listed:  # anything else is pydantic's name for a branch of a union
            path.append(part)
            node = node[part]
    kind = details["type"]
    if kind == "missing":
        path.append(location[-1])
    elif location and location[-1] == "[key]":
        kind = "unknown_key"
    return _Fault(tuple(path), kind, details["msg"], details.get("ctx", {}), node)


def _telling(faults: list[_Fault]) -> Iterator[_Fault]:
    """Leave out 'this should be text' where the group that was meant has faults of its own."""
    for fault in faults:
        deeper = any(
            len(other.path) > len(fault.path) and other.path[: len(fault.path)] == fault.path
            for other in faults
        )
        if not (deeper and fault.kind.endswith("_type")):
            yield fault


def _grouped(faults: Iterable[_Fault]) -> dict[KeyPath, list[_Fault]]:
    groups: dict[KeyPath, list[_Fault]] = {}
    for fault in faults:
        groups.setdefault(fault.path, []).append(fault)
    return groups


def _problem_at(
    path: KeyPath,
    faults: list[_Fault],
    model: type[BaseModel],
    name: str | None,
    line: Callable[[KeyPath], int | None],
) -> Problem:
    fault = faults[0]
    found: str | None = None
    expected: str | None
    if fault.kind in ("extra_forbidden", "unknown_key"):
        key = str(path[-1])
        known = _keys_at(model, path[:-1])
        message, expected = f"unknown key {key!r}{_did_you_mean(key, known)}", _one_of(known)
    elif fault.kind == "missing":
        message, expected = f"the key {str(path[-1])!r} is missing", None
    elif fault.kind == "value_error":
        message, expected = fault.message.removeprefix("Value error, "), None
        found = _shown(fault.found)
        found = None if found in message else found
    else:
        message = "the value cannot be used" + _did_you_mean(str(fault.found), _choices(fault))
        expected = " or ".join(dict.fromkeys(_expected(each) for each in faults))
        found = _shown(fault.found)
    return Problem(message, name, line(path), dotted(path) or None, value=found, expected=expected)


_EXPECTED: Final[dict[str, str]] = {
    "string_type": "text",
    "string_too_short": "text that is not empty",
    "string_too_long": "at most {max_length} characters",
    "string_pattern_mismatch": "text of the form {pattern}",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "greater_than": "a number above {gt:.15g}",
    "greater_than_equal": "a number of at least {ge:.15g}",
    "less_than": "a number below {lt:.15g}",
    "less_than_equal": "a number of at most {le:.15g}",
    "dict_type": "a group of keys, one 'key: value' a line",
    "mapping_type": "a group of keys, one 'key: value' a line",
    "model_type": "a group of keys, one 'key: value' a line",
    "model_attributes_type": "a group of keys, one 'key: value' a line",
    "dataclass_type": "a group of keys, one 'key: value' a line",
    "list_type": "a list such as [a, b]",
    "tuple_type": "a list such as [a, b]",
    "set_type": "a list such as [a, b]",
    "frozen_set_type": "a list such as [a, b]",
    "too_short": "a list of at least {min_length}",
    "too_long": "a list of at most {max_length}",
    "is_instance_of": "a value of the kind {class}",
}


def _expected(fault: _Fault) -> str:
    if choices := _choices(fault):
        return " or ".join(choices)
    if fault.kind.startswith("date"):
        return "a date such as 2024-05-31"
    if fault.kind in _EXPECTED:
        return _EXPECTED[fault.kind].format(**fault.context)
    words = fault.message.removeprefix("Input should be ")
    return words[:1].lower() + words[1:]


def _choices(fault: _Fault) -> list[str]:
    if fault.kind not in ("literal_error", "enum"):
        return []
    return re.findall(r"'([^']*)'", str(fault.context["expected"]))


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    meant = nearest(word, known)
    return "" if meant is None else f", did you mean {meant!r}?"


def _one_of(known: list[str]) -> str | None:
    return f"one of {', '.join(known)}" if known else None


def _keys_at(annotation: Any, path: KeyPath) -> list[str]:
    """Names of the keys that the model allows in the group at a path."""
    places = [annotation]
    for part in path:
        places = [inner for place in places for inner in _inside(place, part)]
    keys: list[str] = []
    for place in places:
        for option in _options(place):
            if isinstance(option, type) and issubclass(option, BaseModel):
                keys += [info.alias or key for key, info in option.model_fields.items()]
            elif get_origin(option) in (dict, Mapping):
                for choice in _options(get_args(option)[0]):
                    keys += [str(key) for key in get_args(choice) if get_origin(choice) is Literal]
    return list(dict.fromkeys(keys))


def _inside(annotation: Any, part: str | int) -> Iterator[Any]:
    for option in _options(annotation):
        arguments = get_args(option)
        if isinstance(option, type) and issubclass(option, BaseModel):
            for key, info in option.model_fields.items():
                if part in (key, info.alias):
                    yield info.annotation
        elif get_origin(option) in (dict, Mapping):
            yield arguments[1]
        elif get_origin(option) is not None and isinstance(part, int):
            yield from (item for item in arguments if item is not Ellipsis)


def _options(annotation: Any) -> Iterator[Any]:
    """The branches of a union, bare of `Annotated` and of type aliases."""
    annotation = getattr(annotation, "__value__", annotation)
    if get_origin(annotation) is Annotated:
        yield from _options(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType):
        for branch in get_args(annotation):
            yield from _options(branch)
    else:
        yield annotation


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was most probably meant; capitals do not matter.

    Examples
    --------
    >>> nearest("sd_minimum_day", ["sd_minimum_days", "confirmation"])
    'sd_minimum_days'
    """
    spellings = {each.casefold(): each for each in reversed(list(known))}
    close = difflib.get_close_matches(word[:200].casefold(), spellings, n=1, cutoff=0.6)
    return spellings[close[0]] if close else None


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a group of keys"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"
