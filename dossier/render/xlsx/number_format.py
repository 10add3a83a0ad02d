"""A printed number as a number: the exact value, with a format that shows the printed words."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_DIGITS = re.compile(r"(?P<sign>[+\u2212-]?)(?P<number>\d+(?:[.,]\d+)?)(?P<percent>\s?%)?")
_LONGEST: Final = 255  # of a number format
_SIGNIFICANT: Final = 15  # digits that a spreadsheet keeps


def number_format(printed: str, value: float) -> str | None:
    """The number format in which a value shows as it is printed.

    ``16.0% (4/25)`` for 0.16 is ``0.0%" (4/25)"``: the cell holds 0.16, and what stands around the
    number stands in the format.

    Parameters
    ----------
    printed
        The number as printed, with the words around it.
    value
        The number, exact.

    Returns
    -------
    str or None
        None where no number in the words is the value, rounded half up to its decimals: the cell
        then has to hold the words.

    Examples
    --------
    >>> number_format("16.0% (4/25)", 0.16)
    '0.0%" (4/25)"'
    >>> number_format("+11.0 points", 0.11) is None
    True
    """
    for found in _DIGITS.finditer(printed):
        if _shows(found, value):
            return _format(printed, found)
    return None


def _shows(found: re.Match[str], value: float) -> bool:
    shown = Decimal(found["number"].replace(",", "."))
    exact = abs(Decimal(f"{value:.{_SIGNIFICANT}g}")) * (100 if found["percent"] else 1)
    negative = found["sign"] in ("-", "\u2212")
    if negative != (value < 0) and shown != 0:
        return False
    return exact.quantize(_last_place(shown), ROUND_HALF_UP) == shown


def _last_place(shown: Decimal) -> Decimal:
    return Decimal(1).scaleb(int(shown.as_tuple().exponent))


def _format(printed: str, found: re.Match[str]) -> str | None:
    before, after = printed[: found.start()], printed[found.end() :]
    # Readers of workbooks cut a format at every semicolon, also within quoted words.
    if '"' in printed or ";" in printed:
        return None
    decimals = len(re.split("[.,]", found["number"])[1]) if re.search("[.,]", found[0]) else 0
    digits = "0." + "0" * decimals if decimals else "0"
    percent = found["percent"] or ""
    digits += _literal(percent.removesuffix("%")) + ("%" if percent else "")
    sections = [_literal(before + ("+" if found["sign"] == "+" else "")) + digits + _literal(after)]
    if found["sign"]:
        sections.append(_literal(before + "\u2212") + digits + _literal(after))
    written = ";".join(sections)
    return written if len(written) <= _LONGEST else None


def _literal(text: str) -> str:
    return f'"{text}"' if text else ""
