"""The words of one language: every heading, label and note that tables and figures print.

They stand in ``<pack>/<language>/words.yaml``, so that a pack in another language needs no change
to the program. A text may hold ``{names}``; a text with ``one`` and ``other`` depends on ``n``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

from dossier.compose.document import Inline, Text
from dossier.errors import InputError, Problem

_NAME = re.compile(r"\{(\w+)\}")


class Wording:
    """Words by dotted key, with their gaps filled.

    Parameters
    ----------
    words
        Content of ``words.yaml``.
    file
        Its name, for error messages.
    language
        Short code of the language (``en``), for texts that come in several.
    """

    def __init__(self, words: Mapping[str, Any], file: str, language: str) -> None:
        self._words = words
        self._file = file
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        """Text at a key with its gaps filled.

        Raises
        ------
        InputError
            Where the file has no such text, or the text has a gap that nothing fills.
        """
        return "".join(
            part if isinstance(part, str) else str(part[1]) for part in self._parts(key, values)
        )

    def inlines(
        self, key: str, **values: Inline | tuple[Inline, ...] | str | int
    ) -> tuple[Inline, ...]:
        """Text at a key whose gaps hold numbers, footnotes or other inline runs."""
        found: list[Inline] = []
        for part in self._parts(key, values):
            value = part if isinstance(part, str) else part[1]
            if isinstance(value, tuple):
                found.extend(value)
            elif isinstance(value, str | int):
                found.append(Text(str(value)))
            else:
                found.append(cast("Inline", value))
        return tuple(found)

    def has(self, key: str) -> bool:
        """Whether the file has this text."""
        return self._find(key) is not None

    def of(self, group: str, name: str) -> str:
        """Text for a value that comes from the data: the value itself where the pack has none."""
        texts = self._find(group)
        text = texts.get(name) if isinstance(texts, Mapping) else None
        return text if isinstance(text, str) else name

    def reason(self, text: str) -> str:
        """Words for a reason that an earlier stage gave; unknown reasons are printed as given."""
        exact = self.of("reasons", text)
        if exact != text:
            return exact
        for pattern, words in self._reason_patterns:
            match = pattern.fullmatch(text)
            if match:
                return _NAME.sub(lambda name, found=match: found[name[1]], words)  # type: ignore[misc]
        return text

    def in_language(self, texts: Mapping[str, str]) -> str:
        """The text of this language, else the English one, else the first."""
        if not texts:
            return ""
        return texts.get(self.language) or texts.get("en") or next(iter(texts.values()))

    def date(self, day: datetime.date) -> str:
        """A date in words, ``31 May 2024``."""
        month = self(f"format.month_names.{day.month}")
        return self("format.date", day=day.day, month=month, year=day.year)

    def listed(self, items: tuple[str, ...]) -> str:
        """``a, b and c``."""
        if len(items) < 2:
            return "".join(items)
        return self("format.and", first=", ".join(items[:-1]), last=items[-1])

    @staticmethod
    def capital(text: str) -> str:
        """The text with a capital at its start."""
        return text[:1].upper() + text[1:]

    @staticmethod
    def sentence(text: str) -> str:
        """The text with a full stop at its end."""
        return text if not text or text.endswith((".", "!", "?")) else f"{text}."

    @cached_property
    def _reason_patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        texts = self._find("reasons")
        found = []
        for source, words in texts.items() if isinstance(texts, Mapping) else ():
            if "{" in source:
                literal = re.split(r"\{\w+\}", source)
                names = _NAME.findall(source)
                pattern = re.escape(literal[0])
                for name, rest in zip(names, literal[1:], strict=True):
                    pattern += f"(?P<{name}>.+?){re.escape(rest)}"
                found.append((re.compile(pattern), words))
        return tuple(found)

    def _find(self, key: str) -> Any:
        found: Any = self._words
        for step in key.split("."):
            if not isinstance(found, Mapping):
                return None
            found = found.get(step)
        return found

    def _parts(self, key: str, values: Mapping[str, object]) -> list[str | tuple[str, object]]:
        """The text cut at its gaps: plain text, and (name, value) for each gap."""
        text = self._find(key)
        if isinstance(text, Mapping) and "other" in text:
            text = text.get("one" if values.get("n") == 1 else "other", text["other"])
        if not isinstance(text, str):
            raise InputError([Problem(f"no words for {key!r}", file=self._file, column=key)])
        pieces = _NAME.split(text)
        parts: list[str | tuple[str, object]] = [pieces[0]]
        for name, rest in zip(pieces[1::2], pieces[2::2], strict=True):
            if name not in values:
                known = ", ".join(sorted(values)) or "no names"
                raise InputError(
                    [
                        Problem(
                            f"the text has a gap {{{name}}} that nothing fills",
                            file=self._file,
                            column=key,
                            expected=known,
                        )
                    ]
                )
            parts += [(name, values[name]), rest]
        return [part for part in parts if part != ""]
