"""How the patients of a cohort are described: baseline characteristics and adverse events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dossier.estimate.deaths import DeathCounts
    from dossier.estimate.event_rates import EventRates
    from dossier.estimate.model import Proportion

__all__ = ["AdverseEventRow", "Characteristic", "Safety"]


@dataclass(frozen=True)
class Characteristic:
    """One baseline characteristic.

    ``kind`` is ``category`` (``counts`` by value, most frequent first, or in the natural order) or
    ``number`` (``median``, ``q1``, ``q3``, ``minimum``, ``maximum``), or ``variety`` (``distinct``:
    how many different values, without naming them); ``missing`` is always stated.
    """

    name: str
    kind: str
    n: int
    missing: int
    counts: dict[str, int] = field(default_factory=dict)
    median: float | None = None
    q1: float | None = None
    q3: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    distinct: int = 0

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "name": self.name,
            "kind": self.kind,
            "n": self.n,
            "missing": self.missing,
        }
        if self.kind == "variety":
            return result | {"distinct": self.distinct}
        if self.kind == "category":
            return result | {"counts": self.counts}
        if self.median is None:
            return result | {"median": None, "reason": "missing for every patient"}
        return result | {
            "median": self.median,
            "q1": self.q1,
            "q3": self.q3,
            "minimum": self.minimum,
            "maximum": self.maximum,
        }


@dataclass(frozen=True)
class AdverseEventRow:
    """Patients with one term (or class) by worst grade; ``grades`` has counts for grades 1-5 and
    ``unknown`` patients whose grade is missing. ``any`` and ``severe`` (grade >= 3) count
    patients, not events."""

    soc: str
    term: str
    grades: dict[int, int]
    unknown: int
    any: int
    severe: int

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "soc": self.soc,
            "term": self.term,
            "any": self.any,
            "severe": self.severe,
            "grades": {str(grade): count for grade, count in self.grades.items()},
            "unknown": self.unknown,
        }


@dataclass(frozen=True)
class Safety:
    """Adverse events of the treated patients; counts are patients, not events.

    ``overview`` maps each kind of `dossier.derive.adverse_events.KINDS` that the input records to a
    Proportion of all ``n`` patients; the others stand in ``not_assessable`` with the reason.
    ``not_stated`` counts, by kind, the patients outside the numerator of whom an event may be of
    that kind, because the input says nothing of it. ``rates`` adjusts for exposure. ``given`` is
    false when there is no adverse event table at all; ``deaths`` do not need one.
    """

    given: bool
    n: int
    events: int
    overview: dict[str, Proportion] = field(default_factory=dict)
    terms: tuple[AdverseEventRow, ...] = ()
    reason: str | None = None
    not_assessable: dict[str, str] = field(default_factory=dict)
    not_stated: dict[str, int] = field(default_factory=dict)
    rates: EventRates | None = None
    deaths: DeathCounts | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form; rows whose ``term`` is empty sum up a class."""
        result: dict[str, Any] = {"given": self.given, "n": self.n, "events": self.events}
        result["overview"] = {name: share.to_dict() for name, share in self.overview.items()}
        result["not_assessable"] = self.not_assessable
        result["not_stated"] = self.not_stated
        if self.rates is not None:
            result["exposure_adjusted"] = self.rates.to_dict()
        if self.deaths is not None:
            result["deaths"] = self.deaths.to_dict()
        result["terms"] = [row.to_dict() for row in self.terms]
        return result if self.reason is None else result | {"reason": self.reason}
