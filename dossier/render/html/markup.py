"""Elements, attributes and characters of HTML."""

from __future__ import annotations

import re
from unicodedata import normalize

_LAST_OF_PLANES = "".join(
    chr(plane + end) for plane in range(0x10000, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF)
)
_ILLEGAL = re.compile(
    f"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]|[{_LAST_OF_PLANES}]"
)
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_WHITE_SPACE = str.maketrans("\t\n\r", "   ")
_BYTE_ORDER_MARK = "\ufeff"
_VOID = frozenset({"br", "col", "img", "link", "meta", "wbr"})
_LONGEST_WORD = 26
_PART_OF_WORD = 16

Attribute = str | int | bool | None


class UnwritableError(ValueError):
    """A text has a character that a page may not hold."""


def writable(text: str) -> str:
    """The same text, once it is known that a page may hold it.

    Raises
    ------
    UnwritableError
        When a character is a control character or no character at all, or turns the direction of
        the words after it, so that a number would read differently; names it.
    """
    if found := _ILLEGAL.search(text) or _TURNING.search(text):
        raise UnwritableError(
            f"character U+{ord(found[0]):04X} cannot be written to an HTML file:"
            f" {text[max(0, found.start() - 40) : found.end() + 40]!r}"
        )
    return text


def escaped(text: str) -> str:
    """Text as it stands in an element or in an attribute between double quotes.

    Tabs and line ends become spaces: a break is a `LineBreak` of the model, never a character.

    Raises
    ------
    UnwritableError
        When a page may not hold the text, see `writable`.

    Examples
    --------
    >>> escaped('<b>&"x"')
    '&lt;b&gt;&amp;&quot;x&quot;'
    """
    plain = writable(text)
    plain = plain if plain.isascii() else normalize("NFC", plain).replace(_BYTE_ORDER_MARK, "")
    plain = plain.translate(_WHITE_SPACE)
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        plain = plain.replace(character, entity)
    return plain


def element(tag: str, content: str = "", /, **attributes: Attribute) -> str:
    """An element around content that is markup already.

    Parameters
    ----------
    tag
        Its name.
    content
        Markup inside it.
    **attributes
        Text, escaped here. An underscore stands for a hyphen, one at the end is dropped
        (``class_``). True writes the bare name; None, False and ``""`` leave the attribute out.

    Examples
    --------
    >>> element("a", "Table 3", href="#table-3", class_="")
    '<a href="#table-3">Table 3</a>'
    """
    written = "".join(
        f" {_attribute(name, value)}"
        for name, value in attributes.items()
        if value is not None and value is not False and value != ""
    )
    return f"<{tag}{written}>" if tag in _VOID else f"<{tag}{written}>{content}</{tag}>"


def breakable(text: str) -> str:
    """Escaped text whose longest words, such as hashes, may be divided between lines.

    Examples
    --------
    >>> breakable("endpoints.response_rate.estimate")
    'endpoints.<wbr>response_<wbr>rate.<wbr>estimate'
    """
    return "".join(map(_divided, re.split(r"(\s+)", text)))


def _divided(word: str) -> str:
    if len(word) <= _LONGEST_WORD:
        return escaped(word)
    parts = [
        part[start : start + _PART_OF_WORD]
        for part in re.findall(r"[^._/-]*[._/-]+|[^._/-]+", word)
        for start in range(0, len(part), _PART_OF_WORD)
    ]
    return "<wbr>".join(map(escaped, parts))


def classes(*names: str) -> str:
    """Names of classes, the empty ones left out."""
    return " ".join(name for name in names if name)


def _attribute(name: str, value: Attribute) -> str:
    spelled = name.rstrip("_").replace("_", "-")
    return spelled if value is True else f'{spelled}="{escaped(str(value))}"'
