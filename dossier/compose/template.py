"""Runs the templates of a pack: Jinja2 in a sandbox, every printed value literal, every error with
its file and line.

A template can neither read files outside its language folder nor reach anything but the facts it
is given: attributes of facts, entries of lists and groups, and a short list of filters.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import jinja2
import jinja2.bccache
import jinja2.ext
import jinja2.lexer
import jinja2.sandbox
from jinja2.runtime import LoopContext, StrictUndefined

from dossier.compose.document import Inline, Number, Text, plain_text
from dossier.compose.facts import Count, Fact, Shown
from dossier.compose.insertions import (
    Insertions,
    Markdown,
    Placed,
    literal,
    with_line_marks,
    without_line_marks,
)
from dossier.compose.numbers import Numbers
from dossier.compose.pack import TEMPLATE_ENDING, Pack
from dossier.compose.wording import Wording
from dossier.errors import InputError, Problem
from dossier.yaml_source import nearest

_FILTERS = (
    "capitalize", "count", "default", "first", "groupby", "int", "join", "last", "length", "list",
    "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "select",
    "selectattr", "sort", "sum", "title", "trim", "unique", "upper",
)  # fmt: skip


class TemplateMistake(Exception):  # noqa: N818 (a mistake of the template's author)
    """A function of a template was used wrongly; becomes a problem with file and line."""

    def __init__(self, message: str, expected: str | None = None) -> None:
        self.expected = expected
        super().__init__(message)


class Templates:
    """The templates of one pack with the facts of one document.

    Parameters
    ----------
    pack
        The pack.
    facts
        What the templates may name.
    functions
        What the templates may call.
    insertions
        Where printed values are kept.
    numbers
        Prints plain numbers.
    """

    def __init__(
        self,
        pack: Pack,
        facts: Mapping[str, Any],
        functions: Mapping[str, Callable[..., object]],
        insertions: Insertions,
        numbers: Numbers,
    ) -> None:
        self._pack = pack
        self._insertions = insertions
        self._numbers = numbers
        self._environment = _Environment(_loader(pack), self._printed)
        self._environment.globals = {"range": self._environment.globals["range"], **functions}
        self._facts = dict(facts)

    def markdown(self, section: str) -> Markdown:
        """Run one template.

        Raises
        ------
        InputError
            With the file and line of what is wrong.
        """
        name = f"{section}{TEMPLATE_ENDING}"
        try:
            text = self._environment.get_template(name).render(self._facts)
        except InputError:
            raise
        except Exception as error:
            problem = self._problem(error, name)
            if problem is None:
                raise
            raise InputError([problem]) from error
        return without_line_marks(text, self._pack.label, name)

    def inlines(self, value: object) -> tuple[Inline, ...]:
        """A value as inline runs, for functions that print text inside something."""
        found = self._insertion(value)
        if isinstance(found, Placed):
            raise TemplateMistake(f"{found.what} cannot be part of a text")
        return found

    def plain(self, value: object) -> str:
        """A value as plain words."""
        return plain_text(self.inlines(value))

    def place(self, frame: FrameType | None) -> tuple[str, int]:
        """Template file and line that a function was called from."""
        while frame is not None:
            template = frame.f_globals.get("__jinja_template__")
            if isinstance(template, jinja2.Template):
                line = template.get_corresponding_lineno(frame.f_lineno)
                return self._pack.label(template.name or ""), line
            frame = frame.f_back
        return self._pack.name, 1

    def _printed(self, value: Any) -> str:
        """A printed value as the mark that stands for it."""
        if isinstance(value, jinja2.Undefined):
            str(value)  # says what is undefined
        return self._insertions.mark(self._insertion(value))

    def _insertion(self, value: Any) -> tuple[Inline, ...] | Placed:
        match value:
            case Placed():
                return value
            case Shown():
                return value.inlines
            case Count():
                return (Number(str(int(value)), value.path),)
            case bool() | None:
                what = "nothing" if value is None else "yes or no, not a text"
                message = f"the value printed here is {what}"
                raise TemplateMistake(message, "a condition {% if ... %} around the words")
            case int() | float():
                return (Text(self._numbers.plain(value)),)
            case str():
                # A macro gives text with marks in it; text of the data never holds one.
                runs: list[Inline] = []
                for item in self._insertions.split(value):
                    if isinstance(item, Placed):
                        raise TemplateMistake(f"{item.what} cannot be part of a text")
                    runs.extend((Text(literal(item)),) if isinstance(item, str) else item)
                return tuple(runs)
            case _:
                message = "this is a group of values and cannot be printed"
                raise TemplateMistake(message, "one of its values")

    def _problem(self, error: Exception, section: str) -> Problem | None:
        """What is wrong and where; None where the fault is not the template's."""
        if isinstance(error, jinja2.TemplateSyntaxError):
            file = self._pack.label(error.name or section)
            return Problem(f"the template cannot be read: {error.message}", file, error.lineno)
        frames = traceback.extract_tb(error.__traceback__)
        inside = [frame for frame in frames if frame.filename.endswith(TEMPLATE_ENDING)]
        at = inside[-1] if inside else None
        file = self._pack.label(Path(at.filename).name if at else section)
        row = at.lineno if at else None
        if isinstance(error, jinja2.TemplateNotFound):
            return Problem(f"there is no template {error.name!r} in this pack", file, row)
        if isinstance(error, TemplateMistake):
            return Problem(str(error), file, row, expected=error.expected)
        # A wrong name or a forbidden look is the template's fault wherever it is noticed; any other
        # error only where the template's own line raised it.
        if isinstance(error, jinja2.TemplateError) or frames[-1] is at or _in_jinja(frames[-1]):
            return Problem(str(error) or type(error).__name__, file, row)
        return None


class _LineMarks(jinja2.ext.Extension):
    """Writes at the end of each line of template text where it came from."""

    def filter_stream(self, stream: jinja2.lexer.TokenStream) -> Iterator[jinja2.lexer.Token]:
        for token in stream:
            if token.type == "data":
                text = with_line_marks(token.value, stream.name or "", token.lineno)
                yield jinja2.lexer.Token(token.lineno, "data", text)
            else:
                yield token


class _Unknown(StrictUndefined):
    """A name that does not exist; the message names the nearest that does."""

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        name, holder = str(self._undefined_name), self._undefined_obj
        if isinstance(holder, Mapping):
            known = [str(key) for key in holder]
        elif isinstance(holder, Fact):
            known = holder.names()
        else:
            known = []
        meant = nearest(name, known)
        hint = f", did you mean {meant!r}?" if meant else ""
        listed = f" (there are: {', '.join(known)})" if known and not meant else ""
        return f"{name!r} is not defined{hint}{listed}"


class _Environment(jinja2.sandbox.ImmutableSandboxedEnvironment):
    """The sandbox: facts, lists and groups may be looked into; everything else is closed."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, loader: jinja2.BaseLoader, printed: Callable[[Any], str]) -> None:
        # With the context asked for, no constant is printed while a template is compiled.
        @jinja2.pass_context
        def finalize(_: jinja2.runtime.Context, value: Any) -> str:
            return printed(value)

        super().__init__(
            loader=loader,
            undefined=_Unknown,
            finalize=finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,
            extensions=[_LineMarks],
            bytecode_cache=_COMPILED,
            optimized=False,  # there are no constants worth the look
        )
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.filters["sentence"] = _sentence

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002
        """Whether a template may look at an attribute."""
        if attr.startswith("_"):
            return False
        if isinstance(obj, Fact):
            return attr in obj.names()
        if isinstance(obj, Mapping):
            return attr in ("items", "keys", "values")
        return isinstance(obj, LoopContext)

    def call_binop(
        self, context: jinja2.runtime.Context, operator: str, left: Any, right: Any
    ) -> Any:
        """Arithmetic on numbers only: a text cannot be multiplied to fill the memory."""
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if not numbers or (operator == "**" and abs(right) > 64):
            raise TemplateMistake(f"{operator} is for numbers")
        return super().call_binop(context, operator, left, right)


def _in_jinja(frame: traceback.FrameSummary) -> bool:
    return Path(frame.filename).is_relative_to(Path(jinja2.__file__).parent)


def _loader(pack: Pack) -> jinja2.BaseLoader:
    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        if "/" in name or "\\" in name or not name.endswith(TEMPLATE_ENDING):
            return None
        layer = pack.layer_of(name)
        if layer is None:
            return None
        root = layer.folder.resolve()
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            return None
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            message = f"the template is not readable UTF-8 text: {error}"
            raise InputError([Problem(message, f"{layer.name}/{name}")]) from None
        return text, str(path), lambda: True

    return jinja2.FunctionLoader(load)


class _Compiled(jinja2.BytecodeCache):
    """Templates compiled once in a run, whatever number of documents they print."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Give the code of a template with the same text."""
        code = self._kept.get((bucket.key, bucket.checksum))
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Keep the code of a template."""
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def _sentence(text: object) -> str:
    """Filter: the text as a sentence, with a capital and a full stop."""
    return Wording.sentence(Wording.capital(str(text)))
