"""How numbers are printed: rounded half up, once, from the exact value, in the signs of a language.

A share is rounded from its counts and a duration from its days, both as exact fractions: no number
is rounded twice, and 1/8 prints 12.5% and never 12.4%.
"""

from __future__ import annotations

import math
from fractions import Fraction

from dossier.compose.wording import Wording

# Exactly DAYS_PER_MONTH, 30.4375, as a fraction.
_DAYS_PER_MONTH = Fraction(487, 16)

_MOST_PLACES = 4


def exact(value: float | Fraction) -> Fraction:
    """The number as somebody would write it down: 0.0375 is 3/80, not its nearest binary.

    Raises
    ------
    ValueError
        Not a finite number.
    """
    if isinstance(value, Fraction | int):
        return Fraction(value)
    if not math.isfinite(value):
        raise ValueError(f"{value!r} cannot be printed: an unknown number must come as a reason")
    return Fraction(repr(float(value)))


def months_of(days: float) -> Fraction:
    """Days as months of 30.4375 days, exactly."""
    return exact(days) / _DAYS_PER_MONTH


def rounded(value: float | Fraction, places: int) -> int:
    """The value in units of the last printed place, halves away from zero."""
    scaled = abs(exact(value)) * 10**places
    whole: int = math.floor(scaled + Fraction(1, 2))
    return whole if value >= 0 else -whole


class Numbers:
    """Printed numbers of one language.

    Parameters
    ----------
    wording
        The words of the language; its section ``format`` holds the signs.
    """

    def __init__(self, wording: Wording) -> None:
        self._say = wording
        self._decimal = wording("format.decimal")
        self._minus = wording("format.minus")

    def decimal(self, value: float | Fraction, places: int = 1, *, signed: bool = False) -> str:
        """A number with a fixed count of decimals; ``signed`` also shows a plus."""
        whole = rounded(value, places)
        digits = str(abs(whole)).rjust(places + 1, "0")
        text = digits if places == 0 else f"{digits[:-places]}{self._decimal}{digits[-places:]}"
        if whole < 0:
            return self._minus + text
        return "+" + text if signed and whole > 0 else text

    def percent(self, share: float | Fraction, places: int = 1) -> str:
        """``16.0%``."""
        return self._say("format.percent", number=self.decimal(exact(share) * 100, places))

    def points(self, share: float | Fraction, places: int = 1) -> str:
        """A signed difference of two shares, ``+6.0 percentage points``."""
        number = self.decimal(exact(share) * 100, places, signed=True)
        return self._say("format.points", number=number)

    def rate(self, events: int, n: int) -> str:
        """``16.0% (4/25)``; without patients the dash."""
        if n == 0:
            return self.dash
        percent = self.percent(Fraction(events, n))
        return self._say("format.rate", percent=percent, events=events, n=n)

    def count(self, events: int, n: int) -> str:
        """``4 (16.0%)``; a zero stands alone, so that nobody reads a percentage into it."""
        if events == 0 or n == 0:
            return str(events)
        return self._say("format.count", events=events, percent=self.percent(Fraction(events, n)))

    def months(self, days: float, places: int = 1) -> str:
        """``4.2 months`` of a time in days."""
        return self.quantity(months_of(days), "months", places)

    def quantity(
        self, value: float | Fraction, unit: str, places: int = 1, *, signed: bool = False
    ) -> str:
        """A number with its unit, which stays on the same line. ``%`` takes a share 0-1."""
        if unit == "%":
            return self.points(value, places) if signed else self.percent(value, places)
        number = self.decimal(value, places, signed=signed)
        return self._say(f"format.units.{unit}", number=number) if unit else number

    def limits(
        self, lower: float | Fraction | None, upper: float | Fraction | None, places: int = 1
    ) -> str:
        """``4.5–36.1``; a missing limit is ``not reached``, two missing ones ``not estimable``."""
        if lower is None and upper is None:
            return self.not_estimable
        low, high = (
            self.not_reached if limit is None else self.decimal(limit, places)
            for limit in (lower, upper)
        )
        return self._say("format.limits", lower=low, upper=high)

    def percent_limits(self, lower: float | None, upper: float | None, places: int = 1) -> str:
        """Limits of a share, ``4.5–36.1``."""
        low, high = (None if x is None else exact(x) * 100 for x in (lower, upper))
        return self.limits(low, high, places)

    def month_limits(self, lower: float | None, upper: float | None) -> str:
        """Limits of a time in days, printed in months."""
        low, high = (None if x is None else months_of(x) for x in (lower, upper))
        return self.limits(low, high)

    def interval(self, limits: str, confidence: float) -> str:
        """``95% CI 4.5–36.1``."""
        return self._say("format.interval", level=self.level(confidence), limits=limits)

    def level(self, confidence: float) -> str:
        """A confidence level, ``95%``, with as many decimals as it needs."""
        value = exact(confidence) * 100
        return self._say("format.percent", number=self.decimal(value, _places_needed(value)))

    def plain(self, value: float | Fraction) -> str:
        """A number with only the decimals it needs, such as a threshold: ``6``, ``2.5``."""
        number = exact(value)
        return self.decimal(number, _places_needed(number))

    def threshold(self, value: float, unit: str) -> str:
        """A threshold with its unit: ``20%``, ``6 months``."""
        number = exact(value) * (100 if unit == "%" else 1)
        if unit == "%":
            return self._say("format.percent", number=self.plain(number))
        return self.quantity(number, unit, _places_needed(number))

    def places_apart(self, value: float | Fraction, threshold: float, unit: str) -> int:
        """Decimals at which a value and its threshold print differently when they differ: 5.97
        beside a threshold of 6 must not read 6.0."""
        factor = 100 if unit == "%" else 1
        observed, required = exact(value) * factor, exact(threshold) * factor
        places = 1
        while (
            places < _MOST_PLACES
            and observed != required
            and rounded(observed, places) == rounded(required, places)
        ):
            places += 1
        return places

    @property
    def dash(self) -> str:
        """What stands where there is no number; a note says why."""
        return self._say("format.dash")

    @property
    def not_reached(self) -> str:
        """A median or limit that the curve has not reached."""
        return self._say("format.not_reached")

    @property
    def not_estimable(self) -> str:
        """A number that cannot be estimated."""
        return self._say("format.not_estimable")


def _places_needed(value: Fraction) -> int:
    places = 0
    while places < _MOST_PLACES and (value * 10**places).denominator != 1:
        places += 1
    return places
