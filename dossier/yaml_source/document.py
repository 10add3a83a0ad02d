"""One YAML document as plain values, with the line of every key."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from dossier.errors import InputError, Problem

MAX_BYTES: Final = 2_000_000
MAX_DEPTH: Final = 40
MAX_NODES: Final = 200_000  # after following aliases

KeyPath = tuple[str | int, ...]
# libyaml where PyYAML was built with it: ten times as fast, the same events.
_Base: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """Gives events only; what a scalar means is decided here and not by YAML 1.1."""


_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")


@dataclass(frozen=True)
class YamlDocument:
    """One YAML document as plain values, with the place of every key.

    Parameters
    ----------
    name
        Name of the file as printed in problems.
    value
        dict (keys are str), list, str, int, float, bool or None.
    positions
        Line and column, both from 1, of every key and list item, by its path: the keys (str) and
        positions (int, from 0) that lead to it. ``()`` is the document itself.
    text
        The text that was read.
    """

    name: str
    value: Any
    positions: Mapping[KeyPath, tuple[int, int]] = field(default_factory=dict, repr=False)
    text: str = field(default="", repr=False)

    def line(self, path: KeyPath) -> int | None:
        """Line of a key, or of the nearest group around it where the key itself is not written."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.positions:
                return self.positions[path[:length]][0]
        return None


def read_yaml(path: Path, name: str | None = None) -> YamlDocument:
    """Read one YAML file.

    Parameters
    ----------
    path
        The file.
    name
        Name for problems; the file name when not given.

    Raises
    ------
    InputError
        When the file cannot be read, is too large, or is not one plain YAML document.
    """
    name = name or path.name
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise InputError([Problem("this is not a file", file=name)])
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError([Problem(_why_unreadable(error), file=name)]) from None
    if len(content) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 1_000_000} MB, too large for settings"
        raise InputError([Problem(message, file=name)])
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(
            [Problem("the file is not UTF-8 text", file=name, row=line, expected="UTF-8")]
        ) from None
    return parse_yaml(text, name)


def _why_unreadable(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "the file does not exist"
    if isinstance(error, IsADirectoryError):
        return "this is a folder, not a file"
    if isinstance(error, PermissionError):
        return "the file may not be read (no permission)"
    return f"the file cannot be read ({error.strerror or type(error).__name__})"


def parse_yaml(text: str, name: str = "(text)") -> YamlDocument:
    r"""Read one YAML document from text.

    Parameters
    ----------
    text
        The document.
    name
        Name for problems.

    Raises
    ------
    InputError
        With every duplicate key, tag and unknown alias found, or the first syntax error.

    Examples
    --------
    >>> parse_yaml("country: NO\nsince: 2024-05-31\nn: 8").value
    {'country': 'NO', 'since': '2024-05-31', 'n': 8}
    """
    if forbidden := _FORBIDDEN.search(text):
        line = text.count("\n", 0, forbidden.start()) + 1
        message = "the file holds a control character; retype the line"
        raise InputError([Problem(message, file=name, row=line, value=forbidden[0])])
    builder = _Builder(name)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        builder.problems.append(_syntax_problem(error, name))
    if builder.problems:
        raise InputError(builder.problems)
    return YamlDocument(name, builder.root, builder.positions, text)


class _Refused(yaml.MarkedYAMLError):
    """YAML that is well formed but not wanted here; reading stops."""

    def __init__(self, problem: str, event: Any) -> None:
        super().__init__(problem=problem, problem_mark=event.start_mark)


class _Group:
    """A mapping or list that is still open."""

    def __init__(
        self, value: dict[str, Any] | list[Any], path: KeyPath, anchor: str | None
    ) -> None:
        self.value = value
        self.path = path
        self.anchor = anchor
        self.key: str | None = None
        self.nodes = 1


class _Builder:
    """Builds the value and the positions from YAML events, without recursion."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Any = None
        self.positions: dict[KeyPath, tuple[int, int]] = {}
        self.problems: list[Problem] = []
        self._open: list[_Group] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._nodes = 0
        self._begun = False

    def take(self, event: Any) -> None:
        """Take the next event."""
        if getattr(event, "tag", None) not in (None, "!"):
            self._problem(event, "a YAML tag is not allowed here", str(event.tag), "plain text")
        if isinstance(event, yaml.ScalarEvent):
            plain = event.implicit[0]  # neither quoted nor tagged
            if self._awaits_key():
                self._take_key(event, event.value)
            else:
                value = _meaning(event.value) if plain else event.value
                self._place(event, value, 1, event.anchor)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            group = self._open.pop()
            if group.anchor:
                self._anchors[group.anchor] = (group.value, group.nodes)
            if self._open:
                self._open[-1].nodes += group.nodes
        elif isinstance(event, yaml.AliasEvent):
            self._follow(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            if self._begun:
                raise _Refused("second document", event)
            self._begun = True

    def _path_here(self) -> KeyPath:
        group = self._open[-1]
        return group.path if group.key is None else (*group.path, group.key)

    def _awaits_key(self) -> bool:
        if not self._open:
            return False
        group = self._open[-1]
        return isinstance(group.value, dict) and group.key is None

    def _take_key(self, event: Any, key: str) -> None:
        group = self._open[-1]
        path = (*group.path, key)
        group.key = key
        if key in group.value:
            first = self.positions[path][0]
            message = f"the key is written twice, first on line {first}"
            self._problem(event, message, key, "every key once")
        else:
            self.positions[path] = _position(event)

    def _begin(self, event: Any) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise _Refused("nested too deeply", event)
        if self._awaits_key():
            raise _Refused("group as key", event)
        value: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._place(event, value, 0, None)
        self._open.append(_Group(value, path, event.anchor))

    def _follow(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            message = "nothing named so stands before this line"
            self._problem(
                event, message, f"*{event.anchor}", "quotes around text that starts with *"
            )
            value, nodes = None, 1
        else:
            value, nodes = self._anchors[event.anchor]
        if self._awaits_key():
            if isinstance(value, dict | list):
                raise _Refused("group as key", event)
            self._take_key(event, str(value))
        else:
            self._place(event, value, nodes, None)

    def _place(self, event: Any, value: Any, nodes: int, anchor: str | None) -> KeyPath:
        """Put a value where the open group expects it and give its path."""
        self._nodes += nodes or 1
        if self._nodes > MAX_NODES:
            raise _Refused("aliases multiply", event)
        if anchor:
            self._anchors[anchor] = (value, nodes)
        if not self._open:
            self.root = value
            self.positions[()] = _position(event)
            return ()
        group = self._open[-1]
        group.nodes += nodes
        if isinstance(group.value, list):
            path: KeyPath = (*group.path, len(group.value))
            group.value.append(value)
            self.positions[path] = _position(event)
        else:
            key = group.key or ""
            path = (*group.path, key)
            group.value.setdefault(key, value)
            group.key = None
        return path

    def _problem(self, event: Any, message: str, value: str | None, expected: str | None) -> None:
        line = event.start_mark.line + 1
        key = dotted(self._path_here()) if self._open else None
        self.problems.append(
            Problem(message, self.name, line, key or None, value=value, expected=expected)
        )


def _position(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _meaning(text: str) -> Any:
    """Value of a scalar without quotes, as in YAML 1.2 but for capitals (``True`` is text)."""
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and not _LEADING_ZERO.match(text) and len(text) < 40:
        number = float(text)
        return number if math.isfinite(number) else text
    return text


_SYNTAX: Final[tuple[tuple[str, str, str | None], ...]] = (
    # (part of libyaml's or PyYAML's words, ours, what was expected)
    ("nested too deeply", "groups are nested too deeply", f"at most {MAX_DEPTH} levels"),
    ("group as key", "a list or a group cannot be the name of a key", "text as key"),
    ("second document", "a second document starts here ('---')", "one document in a file"),
    ("aliases multiply", "the file grows too large when its aliases (*name) are followed", None),
    (
        "mapping values are not allowed",
        "a colon stands where none can: the line is indented wrongly, or text holds ': '",
        "keys of one group below each other, and quotes around text with a colon",
    ),
    ("sequence entries are not allowed", "a list starts in the middle of a line",
     "each item on its own line, or [a, b]"),
    ("tab character", "a tab is used to indent", "spaces"),
    ("'\\t'", "a tab is used to indent", "spaces"),
    ("unexpected end of stream", "a quote is opened and never closed", "a closing quote"),
    ("expected ',' or ']'", "a list is opened with [ and never closed", "a closing ]"),
    ("expected ',' or '}'", "a group is opened with { and never closed", "a closing }"),
    ("expected '-' indicator", "a key stands where the list goes on",
     "all items with '- ', or all keys, at this indentation"),
    ("expected key", "the line is indented differently from the lines of its group",
     "the same number of spaces"),
    ("expected <block end>", "the line is indented differently from the lines of its group",
     "the same number of spaces"),
    ("cannot start any token", "the line starts with a tab, or a value with % @ or `",
     "spaces to indent, and quotes around such a value"),
    ("could not find expected ':'", "a key has no colon after it", "'key: value'"),
)  # fmt: skip


def _syntax_problem(error: yaml.MarkedYAMLError, name: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    words = str(error.problem or error.context or "it is not YAML")
    unknown = ("", f"the file cannot be read as YAML here ({words})", None)
    _, message, expected = next((each for each in _SYNTAX if each[0] in words), unknown)
    opened = error.context_mark
    if opened is not None and mark is not None and opened.line < mark.line and "opened" in message:
        message += f" (opened on line {opened.line + 1})"
    return Problem(message, name, mark.line + 1 if mark else None, expected=expected)


def dotted(path: KeyPath) -> str:
    """Key path as it is printed, e.g. ``estimation.landmarks item 2``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f" item {part + 1}"
        else:
            text += f".{part}" if text else part
    return text
