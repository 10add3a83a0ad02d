"""The unit of the times of ADTTE where AVALU does not say it: from PARAM, or from the dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from dossier.units import days_of

__all__ = ["UNITS", "Span", "Unit", "unit_of_dates", "unit_of_text"]

Unit = Literal["days", "weeks", "months", "years"]

UNITS: Final[dict[str, Unit]] = {
    "D": "days", "DAY": "days", "DAYS": "days", "WEEK": "weeks", "WEEKS": "weeks", "WKS": "weeks",
    "MONTH": "months", "MONTHS": "months", "MO": "months", "MOS": "months", "YEAR": "years",
    "YEARS": "years", "YR": "years", "YRS": "years",
}  # fmt: skip
_WORD: Final = "|".join(sorted(UNITS, key=len, reverse=True))
# In brackets, after 'in', or after a last comma.
_IN_TEXT: Final = re.compile(
    rf"[(\[]\s*(?:in\s+)?({_WORD})\.?\s*[)\]]|(?:\bin|,)\s+({_WORD})\.?\s*$", re.IGNORECASE
)
# A time may count its first day, a month may be of 30 or 30.4375 days, and figures are rounded.
_SHORTEST: Final = 14
_DAYS_OFF: Final = 2.0
_SHARE_OFF: Final = 0.03
_MOST: Final = 0.9


class Span(NamedTuple):
    """A time as written, and the days between its dates."""

    written: float
    days: int


def unit_of_text(text: str) -> Unit | None:
    """The unit that the text of a parameter names, such as ``Overall Survival (months)``.

    Examples
    --------
    >>> unit_of_text("Progression Free Survival [Months]")
    'months'
    >>> unit_of_text("Overall survival") is None
    True
    """
    match = _IN_TEXT.search(text)
    return None if match is None else UNITS[(match[1] or match[2]).upper()]


def unit_of_dates(spans: Sequence[Span]) -> Unit | None:
    """The only unit in which nine of ten times are what their dates say; None where none is.

    Examples
    --------
    >>> unit_of_dates([Span(21.82, 663), Span(4.14, 125)])
    'months'
    >>> unit_of_dates([Span(64, 63), Span(182, 181)])
    'days'
    """
    told = [span for span in spans if span.days >= _SHORTEST]
    fitting: list[Unit] = []
    for unit in ("days", "weeks", "months", "years"):
        near = sum(
            abs(days_of(span.written, unit) - span.days) <= _DAYS_OFF + _SHARE_OFF * span.days
            for span in told
        )
        if told and near >= _MOST * len(told):
            fitting.append(unit)
    return fitting[0] if len(fitting) == 1 else None
