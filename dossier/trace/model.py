"""What a trace is: a number, its rules, its population, its patients and their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Contribution", "Finding", "Origin", "SourceRow", "Trace", "TracedRule"]

# Numbers counted again must agree to this; both come from the same counts.
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class SourceRow:
    """A row of the user's files.

    Parameters
    ----------
    role
        What the row does: ``carries``, ``confirms``, ``begins``, ``decides``, ``describes``,
        ``counts``.
    file, row, column
        Where it stands; row as a spreadsheet counts it, column as the file heads it, ``""`` where
        the whole row counts. Row is None for data that came without a file.
    """

    role: str
    file: str
    row: int | None
    column: str = ""

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file}:{self.row}"
        return f"{self.role} {place}" + (f" {self.column}" if self.column else "")

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {"role": self.role, "file": self.file, "row": self.row, "column": self.column}


@dataclass(frozen=True)
class Contribution:
    """One patient's part in a number.

    Parameters
    ----------
    patient
        Identifier.
    value
        What the patient brings in: a response, a time in days, a grade, an age.
    counted
        Whether the patient is among those counted, the numerator of a share; a patient who is only
        in the denominator is not.
    status, reason
        How it counts (``event``, ``censored``, ``benefit``), and why.
    day
        Day of the value since the start of treatment, where it has one.
    rule
        Identifier of the rule of derivation.
    sources
        The rows it came from.
    """

    patient: str
    value: str | float | None
    counted: bool
    status: str = ""
    reason: str = ""
    day: float | None = None
    rule: str = ""
    sources: tuple[SourceRow, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "patient": self.patient,
            "value": self.value,
            "counted": self.counted,
            "status": self.status,
            "reason": self.reason,
            "day": self.day,
            "rule": self.rule,
            "sources": [source.to_dict() for source in self.sources],
        }


@dataclass(frozen=True)
class TracedRule:
    """A rule of derivation with the settings filled in, and the patients it was applied to.

    ``patients`` is None for a rule that is about the population as a whole.
    """

    id: str
    text: str
    source: str
    patients: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "id": self.id,
            "text": self.text,
            "source": self.source,
            "patients": self.patients,
        }


@dataclass(frozen=True)
class Finding:
    """What one step found out about a number.

    Parameters
    ----------
    meaning
        One sentence: what the number is, or why it comes from no patient.
    population, members
        Whom it is about, and how many they are.
    patients
        Their parts.
    rules
        Rules of the population; those of the patients stand with them.
    recount
        The number counted again; None where it is no count and no share.
    """

    meaning: str
    population: str = ""
    members: int | None = None
    patients: Sequence[Contribution] = ()
    rules: tuple[str, ...] = ()
    recount: float | None = None


@dataclass(frozen=True)
class Origin:
    """Where a number comes from, in one line.

    Parameters
    ----------
    path
        Its place in results.json.
    rules
        Identifiers of its rules: those of the population, then those applied to the patients.
    population, members
        Whom it is about, and how many they are; ``""`` and None where no patients are behind it.
    patients
        How many of them have a part in it.
    """

    path: str
    rules: tuple[str, ...] = ()
    population: str = ""
    members: int | None = None
    patients: int | None = None


@dataclass(frozen=True)
class Trace:
    """A number of results.json, back to the rows it came from.

    Parameters
    ----------
    path
        What was asked for.
    traced
        The path of the number traced: another one where `path` names a section or takes its number
        from elsewhere, such as a rule of a criterion; ``""`` where no number of patients is behind
        it.
    value
        The number at `traced`, or at `path`.
    meaning, population, members, recount
        As in `Finding`.
    follows
        Paths the number follows from, where there are several.
    rules
        Rules of the population, then those applied to the patients.
    patients
        Parts of the patients, or of the one asked for.
    patient
        Identifier of the only patient asked for; ``""`` for all.
    reason
        Why there is no number, where there is none.
    """

    path: str
    traced: str
    value: Any
    meaning: str
    population: str = ""
    members: int | None = None
    recount: float | None = None
    follows: tuple[str, ...] = ()
    rules: tuple[TracedRule, ...] = ()
    patients: tuple[Contribution, ...] = ()
    patient: str = ""
    reason: str = ""

    @property
    def agrees(self) -> bool | None:
        """Whether the number counted again is the one printed; None where there is none."""
        if self.recount is None or not isinstance(self.value, int | float):
            return None
        return abs(self.recount - self.value) <= _TOLERANCE

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "path": self.path,
            "traced": self.traced,
            "value": self.value,
            **({"reason": self.reason or "not known"} if self.value is None else {}),
            "meaning": self.meaning,
            "population": {"name": self.population, "n": self.members},
            "recount": self.recount,
            "agrees": self.agrees,
            "follows": list(self.follows),
            "rules": [rule.to_dict() for rule in self.rules],
            "patient": self.patient or None,
            "patients": [each.to_dict() for each in self.patients],
        }
