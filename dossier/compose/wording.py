"""The words of one language: every heading, label and note that tables and figures print.

They stand in ``<pack>/<language>/words.yaml`` and the files of ``words/`` beside it, so that a pack
in another language needs no change to the program. A text may hold ``{names}``; a text with ``one``
and ``other`` depends on ``n``.
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
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BAND = re.compile(r"([0-9]+)-([0-9]+)")
_FRACTION = re.compile(r"[0-9]+\.[0-9]+")


class Wording:
    """Words by dotted key, with their gaps filled.

    Parameters
    ----------
    words
        Content of the files of words.
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

    def recorded(self, group: str, value: str) -> str:
        """Words for a term that a data set records, whatever its case; the term where none."""
        exact = self.of(group, value)
        if exact != value or not self.has(f"{group}.{value.lower()}"):
            return exact
        return self.of(group, value.lower())

    def texts(self, group: str) -> tuple[str, ...]:
        """Every text of a group, in the order of the file."""
        texts = self._find(group)
        return tuple(texts.values()) if isinstance(texts, Mapping) else ()

    def baseline_value(self, column: str, value: str) -> str:
        """Words for a value of a baseline characteristic, and the sign between bounds of a band."""
        words = self.of(f"baseline_values.{column}", value)
        words = self.of("baseline_values.any", value) if words == value else words
        band = _BAND.fullmatch(words)
        if band is None:
            return words
        return self("format.limits", lower=band[1], upper=band[2])

    def reason(self, text: str) -> str:
        """Words for a reason that an earlier stage gave; unknown reasons, such as those of the
        user's own files, are printed as given."""
        return self._restated("reasons", text)

    def source(self, text: str) -> str:
        """Words for a source of a rule; titles of publications are printed as given."""
        return self._restated("sources", text)

    def query(self, rule: str, text: str) -> str:
        """Words for what a data query found or what was done about it.

        Dates and the parts listed at ``queries.parts`` are put in words too; a text that the file
        does not know is printed as given.
        """
        return self._restated(f"queries.{rule}", text)

    def in_language(self, texts: Mapping[str, str], place: str) -> str:
        """The text of this language, of a rule or a criterion; empty where it has none at all.

        Parameters
        ----------
        texts
            By language.
        place
            Whose text it is, as problems name it.

        Raises
        ------
        InputError
            Where the text comes in other languages only.
        """
        if not texts:
            return ""
        text = texts.get(self.language)
        if text is None:
            message = "there is no text in the language of the document"
            raise InputError([Problem(message, place, expected=self.language)])
        return text

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
    def lower(text: str) -> str:
        """The text as it stands within a sentence: a small letter at its start, but for an
        abbreviation."""
        return text if text[1:2].isupper() else text[:1].lower() + text[1:]

    @staticmethod
    def sentence(text: str) -> str:
        """The text with a full stop at its end."""
        return text if not text or text.endswith((".", "!", "?")) else f"{text}."

    def _restated(self, group: str, text: str) -> str:
        """The text in the words of the file, by the pattern of the group that it fits."""
        exact = self._find(group)
        words = exact.get(text) if isinstance(exact, Mapping) else None
        if isinstance(words, str):
            return words
        for pattern, words in self._patterns(group):
            match = pattern.fullmatch(text)
            if match:
                values = {name: self._part(value) for name, value in match.groupdict().items()}
                return _NAME.sub(lambda gap, values=values: values[gap[1]], words)  # type: ignore[misc]
        return text

    def _part(self, text: str) -> str:
        """A part carried over into a text: dates in words, the parts that the file knows."""
        if _ISO_DATE.fullmatch(text):
            return self.date(datetime.date.fromisoformat(text))
        if _FRACTION.fullmatch(text):
            return text.replace(".", self("format.decimal"))
        return self._restated("queries.parts", text)

    def _patterns(self, group: str) -> tuple[tuple[re.Pattern[str], str], ...]:
        known = self._compiled.get(group)
        if known is None:
            texts = self._find(group)
            entries = texts.items() if isinstance(texts, Mapping) else ()
            known = tuple((_pattern(text), words) for text, words in entries if "{" in text)
            self._compiled[group] = known
        return known

    @cached_property
    def _compiled(self) -> dict[str, tuple[tuple[re.Pattern[str], str], ...]]:
        return {}

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


def _pattern(text: str) -> re.Pattern[str]:
    """What a text with gaps fits: each gap takes any words."""
    literal = _NAME.split(text)
    pattern = re.escape(literal[0])
    for name, rest in zip(literal[1::2], literal[2::2], strict=True):
        pattern += f"(?P<{name}>.+?){re.escape(rest)}"
    return re.compile(pattern)
