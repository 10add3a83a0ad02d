"""Characters and names as a workbook may hold them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
MOST_CHARACTERS: Final = 32_767  # of a cell
_CUT: Final = " […]"
_MOST_OF_NAME: Final = 31

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# Spaces of every kind become the one that can be typed.
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\s]")
_RESERVED: Final = "history"  # Excel keeps this name for itself


def write_text(cell: Any, text: str) -> None:
    """Put text into a cell that is never read as a formula, a date or a number.

    Control characters are written in the notation of the format (ECMA-376 part 1, 22.9.2.19,
    ``_x0001_``); what is longer than a cell may be is cut, and shows it.
    """
    if len(text) > MOST_CHARACTERS:
        text = text[: MOST_CHARACTERS - len(_CUT)] + _CUT
    escaped = _LOOKS_ESCAPED.sub("_x005F_", text)
    escaped = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", escaped)
    cell.value = escaped
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(FORMULA)


def sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """A legal name for a sheet, like the one wanted and unlike those taken.

    Parameters
    ----------
    wanted
        Any text.
    taken
        Names of the sheets there are; capitals make no difference.

    Examples
    --------
    >>> sheet_name("Table 1: rates/times", ["table 1  rates times"])
    'Table 1  rates times (2)'
    """
    plain = _NOT_IN_NAMES.sub(" ", wanted)[:_MOST_OF_NAME].strip(" '") or "_"
    if plain.casefold() == _RESERVED:
        plain += "_"
    used = {name.casefold() for name in taken}
    name, number = plain, 1
    while name.casefold() in used:
        number += 1
        ending = f" ({number})"
        name = plain[: _MOST_OF_NAME - len(ending)].rstrip() + ending
    return name
