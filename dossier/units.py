"""Durations: days, weeks of 7 days and months of 30.4375 days (365.25 / 12)."""

from __future__ import annotations

import re
from dataclasses import dataclass

DAYS_PER_WEEK = 7
DAYS_PER_MONTH = 365.25 / 12
DAYS_PER_YEAR = 365.25

_DAYS = {
    "day": 1.0,
    "days": 1.0,
    "week": float(DAYS_PER_WEEK),
    "weeks": float(DAYS_PER_WEEK),
    "month": DAYS_PER_MONTH,
    "months": DAYS_PER_MONTH,
    "year": DAYS_PER_YEAR,
    "years": DAYS_PER_YEAR,
}
UNITS = ("days", "weeks", "months", "years")
_TEXT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Duration:
    """A length of time as somebody wrote it.

    Parameters
    ----------
    amount
        The number as written.
    unit
        ``days``, ``weeks``, ``months`` or ``years``.
    """

    amount: float
    unit: str

    @property
    def days(self) -> float:
        """Length in days."""
        return self.amount * _DAYS[self.unit]

    @property
    def months(self) -> float:
        """Length in months of 30.4375 days; the number itself where months were written."""
        return self.amount if self.unit == "months" else self.days / DAYS_PER_MONTH

    def __str__(self) -> str:
        amount = int(self.amount) if float(self.amount).is_integer() else self.amount
        return f"{amount} {self.unit[:-1] if amount == 1 else self.unit}"


def parse_duration(text: str) -> Duration:
    """Read a duration such as ``6 months``, ``16 weeks`` or ``168 days``.

    Raises
    ------
    ValueError
        When the text is not a number and a unit.
    """
    match = _TEXT.fullmatch(text)
    if match is None or match[2].lower() not in _DAYS:
        raise ValueError(f"{text!r} is not a duration such as '6 months', '16 weeks' or '168 days'")
    unit = match[2].lower()
    return Duration(float(match[1]), unit if unit.endswith("s") else unit + "s")


def days_of(amount: float, unit: str) -> float:
    """Days in an amount of a unit (``days``, ``weeks``, ``months``, ``years``)."""
    return amount * _DAYS[unit]
