"""A sentence of a rule split into numbers, words and signs, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


class SentenceError(ValueError):
    """A sentence cannot be read.

    Attributes
    ----------
    message, expected
        What is wrong, and what would have been accepted.
    position
        Character in the sentence, from 1.
    """

    def __init__(self, message: str, position: int, expected: str | None = None) -> None:
        self.message = message
        self.position = position
        self.expected = expected
        super().__init__(f"{message}, at character {position}")


MAX_LENGTH: Final = 500

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z]\w*(?:\.[A-Za-z]\w*)*)"
    r"|(?P<sign>>=|<=|=>|=<|≥|≤|==|!=|>|<|=)|(?P<mark>[()%]))",
    re.ASCII,
)
_SIGN_OF: Final = {"≥": ">=", "≤": "<=", "=>": ">=", "=<": "<="}
_WORDS: Final = frozenset(
    ["and", "or", "not", "of", "in", "at", "least", "limit", "with", "for", "than"]
)


@dataclass(frozen=True)
class Token:
    """A number, word, sign or mark with its place in the sentence, from 1."""

    kind: str
    text: str
    position: int


def tokens_of(text: str) -> list[Token]:
    """Split a sentence.

    Raises
    ------
    SentenceError
        When a character has no meaning, or the sentence is too long.
    """
    if len(text) > MAX_LENGTH:
        message = f"the sentence is longer than {MAX_LENGTH} characters"
        raise SentenceError(message, MAX_LENGTH, "several short sentences")
    tokens, start = [], 0
    while text[start:].strip():
        match = _TOKEN.match(text, start)
        if match is None:
            start += len(text[start:]) - len(text[start:].lstrip())
            expected = "a point in numbers (0.65)" if text[start] == "," else None
            raise SentenceError(f"{text[start]!r} has no meaning here", start + 1, expected)
        kind = str(match.lastgroup)
        token = match[kind]
        if kind == "word" and token.lower() in _WORDS | {"declared", "unknown", "control"}:
            token = token.lower()
        tokens.append(Token(kind, _SIGN_OF.get(token, token), match.start(kind) + 1))
        start = match.end()
    return tokens
