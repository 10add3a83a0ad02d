"""Every text that a data query can have, read from the source of the checks.

Gaps of an f-string are filled with samples, so that a text can be looked up as it would be printed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from dossier.locations import shipped

_SOURCE = shipped("templates").parent / "dossier"
_SAMPLE = "7"
_ENDPOINTS = ("pfs", "os", "dor")


def query_texts() -> Iterator[tuple[str, str]]:
    """Rule and text of every message and consequence in the source."""
    for folder in ("cohort", "derive"):
        for path in sorted((_SOURCE / folder).rglob("*.py")):
            yield from _texts_of(path)


def _texts_of(path: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if _called(decorator) == "query_rule":
                    assert isinstance(decorator, ast.Call)
                    yield from _of_rule(decorator, node)
        elif isinstance(node, ast.Call) and _called(node) == "DataQuery" and node.keywords:
            given = {word.arg: word.value for word in node.keywords}
            if "rule" in given:
                yield from _pairs(given["rule"], given["message"], given["consequence"])
        elif isinstance(node, ast.Call) and _called(node) == "note" and len(node.args) > 3:
            yield from _pairs(*node.args[1:4])


def _of_rule(decorator: ast.Call, function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    texts: list[ast.expr] = [decorator.args[3]]
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _called(node) == "Finding":
            for argument in (*node.args[1:], *(word.value for word in node.keywords)):
                texts += [argument.body if isinstance(argument, ast.Lambda) else argument]
    yield from _pairs(decorator.args[0], *texts)


def _pairs(rule: ast.expr, *texts: ast.expr) -> Iterator[tuple[str, str]]:
    for name in _strings(rule):
        # A rule made for each endpoint has the endpoint at the start of its name.
        names = [name]
        if name.startswith(_SAMPLE):
            names = [endpoint + name.removeprefix(_SAMPLE) for endpoint in _ENDPOINTS]
        for rule_name, text in product(names, texts):
            for words in _strings(text):
                if not set(words) <= {_SAMPLE, " "}:
                    yield rule_name, words


def _strings(node: ast.expr) -> list[str]:
    """What an expression can print; whatever is not written out is a sample."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=values):
            parts = [_strings(value) for value in values]
            return ["".join(words) for words in product(*parts)]
        case ast.FormattedValue(conversion=114):  # !r
            return [repr(_SAMPLE)]
        case ast.FormattedValue(value=value):
            return _strings(value)
        case ast.IfExp(body=body, orelse=orelse):
            return [*_strings(body), *_strings(orelse)]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return [a + b for a, b in product(_strings(left), _strings(right))]
        case ast.Call() if _called(node) == "counted" and len(node.args) > 1:
            (one,) = _strings(node.args[1])
            several = _strings(node.args[2])[0] if len(node.args) > 2 else f"{one}s"
            return [f"{_SAMPLE} {one}", f"{_SAMPLE} {several}"]
        case _:
            return [_SAMPLE]


def _called(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        function = node.func
        return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    return ""
