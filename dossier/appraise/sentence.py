"""The rules as a frozen tree: comparisons, declared facts, and how they combine."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Final

from dossier.appraise.quantities import Quantity

SIGNS: Final = (">=", "<=", ">", "<")
STATISTICS: Final = ("estimate", "lower limit", "upper limit")
DAYS: Final[dict[str, Fraction]] = {
    "days": Fraction(1),
    "weeks": Fraction(7),
    "months": Fraction(487, 16),
    "years": Fraction(1461, 4),
}
"""Exact days of a unit: 365.25 / 12 = 30.4375 days a month."""


@dataclass(frozen=True)
class Threshold:
    """The number a quantity is compared with.

    Parameters
    ----------
    amount
        As written, in ``unit``; None where it is not known.
    unit
        ``%``, ``months``, ``weeks``, ``days``, ``years``, ``euro`` or ``""``.
    patients
        For a count: among how many patients (``5 of 24``).
    or_more
        Whether more patients than that may have been counted (``1 of at least 8``).
    written
        The amount as it was written, e.g. ``0.70`` or ``20 million``.
    """

    amount: Fraction | None
    unit: str
    patients: int | None = None
    or_more: bool = False
    written: str = field(default="", compare=False)

    @cached_property
    def value(self) -> Fraction | None:
        """The amount as a share of 1 or in days; else as written."""
        return None if self.amount is None else self.amount * scale(self.unit)

    def __str__(self) -> str:
        text = "unknown" if self.amount is None else self.written or number_text(self.amount)
        if self.unit:
            one = self.amount == 1 and self.unit in DAYS
            text += (
                self.unit
                if self.unit == "%" and self.amount is not None
                else (f" {self.unit[:-1] if one else self.unit}")
            )
        if self.patients is not None:
            text += f" of at least {self.patients}" if self.or_more else f" of {self.patients}"
        return text


def scale(unit: str) -> Fraction:
    """What one of a unit is in the units of an observation: days, a share of 1, or 1."""
    return Fraction(1, 100) if unit == "%" else DAYS.get(unit, Fraction(1))


@dataclass(frozen=True)
class Comparison:
    """A quantity compared with a threshold."""

    quantity: Quantity
    statistic: str
    sign: str
    threshold: Threshold

    def __str__(self) -> str:
        limit = "" if self.statistic == "estimate" else f"{self.statistic} of "
        return f"{limit}{self.quantity.name} {self.sign} {self.threshold}"


@dataclass(frozen=True)
class Declared:
    """A fact that a person declares: yes or no, or an amount compared with a threshold."""

    fact: str
    sign: str = ""
    threshold: Threshold | None = None

    def __str__(self) -> str:
        text = f"declared {self.fact}"
        return text if self.threshold is None else f"{text} {self.sign} {self.threshold}"


@dataclass(frozen=True)
class Known:
    """Whether a quantity is known at all: which of two routes a form takes. Never open itself."""

    quantity: Quantity

    @property
    def threshold(self) -> None:
        """There is none."""

    def __str__(self) -> str:
        return f"known {self.quantity.name}"


@dataclass(frozen=True)
class RuleName:
    """A rule by its name."""

    name: str
    position: int = 1

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Group:
    """``all``, ``any``, ``not`` or ``shown`` over parts.

    ``shown`` is for an alternative that counts only for those who show it, such as a difference in
    long-term survival: where it is not known it counts as not met, and the verdict says so.
    """

    kind: str
    parts: tuple[Expression, ...]

    def __str__(self) -> str:
        inner = [f"({part})" if bracketed(part) else str(part) for part in self.parts]
        if self.kind in ("not", "shown"):
            return f"{self.kind} {inner[0]}"
        return (" and " if self.kind == "all" else " or ").join(inner)


Condition = Comparison | Declared | Known
Expression = Comparison | Declared | Known | RuleName | Group


OTHERS: Final = Group("all", ())
"""What every study meets: the last grade of a scale, the last group of studies."""


def bracketed(part: Expression) -> bool:
    """Whether a part stands in brackets inside another."""
    return isinstance(part, Group) and part.kind in ("all", "any")


def number_text(amount: Fraction) -> str:
    """A number as short as it can be written."""
    if amount.denominator == 1:
        return str(amount.numerator)
    return f"{float(amount):.10g}"
