"""One case of a what-if analysis: what it changes, and who counts in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.columns import TABLES
from dossier.cohort.model import Cohort
from dossier.errors import Problem
from dossier.yaml_source import nearest

__all__ = ["BASE", "PatientColumns", "Population", "Scenario"]

BASE: Final = "base"

Mask = NDArray[np.bool_]
Texts = NDArray[np.object_]
Filters = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Population:
    """Who counts.

    Parameters
    ----------
    name
        ``enrolled``: everybody in the file counts in rates, those never treated without response
        or benefit; ``treated``: all treated patients count in rates too; ``evaluable``: those
        evaluable for response count, in times too; ``measurable``: those with measurable disease;
        ``""``: as the dossier counts, rates over the evaluable and times over the treated.
    only
        Columns of the patients table with the values wanted.
    without
        Columns with the values left out; ``patient`` is the identifier.
    """

    name: str = ""
    only: Filters = ()
    without: Filters = ()

    def __str__(self) -> str:
        parts = [self.name] if self.name else []
        parts += [f"{column} = {' or '.join(values)}" for column, values in self.only]
        parts += [f"without {column} {', '.join(values)}" for column, values in self.without]
        return "; ".join(parts)


@dataclass(frozen=True)
class Scenario:
    """A case: the base case, or an alternative to it with everything that it shares with it.

    Parameters
    ----------
    id, reason
        Its name, and why it is looked at.
    prespecified
        Whether it was planned before the data were seen.
    settings
        Sections of cohort.yaml laid over those of the cohort.
    criteria
        Criteria it is judged by; None for those of the cohort.
    overrides
        Thresholds replaced, ``rule=value``.
    population
        Who counts.
    not_evaluable
        How patients without an evaluable response count in rates: ``failure`` (no response),
        ``excluded`` (not in the denominator), ``best`` and ``worst`` (everybody treated whose
        outcome is not known has it, or has it not); ``""`` as the dossier counts, which is
        ``failure``.
    left_out
        Column and value where the case is one of a leave-one-out analysis.
    file, line
        Where it was written.
    optional
        Whether what does not fit the data is told in its row instead of refused: ready-made sets
        ask for more than every cohort has.
    absent
        What the cohort lacks for it, known before anything is run; ``""`` where nothing is.
    crossed
        Whether it is one of many combinations, of which some may have no patients.
    """

    id: str
    reason: str
    prespecified: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    criteria: tuple[str, ...] | None = None
    overrides: tuple[str, ...] = ()
    population: Population = Population()
    not_evaluable: str = ""
    left_out: tuple[str, str] | None = None
    file: str | None = None
    line: int | None = None
    optional: bool = False
    absent: str = ""
    crossed: bool = False

    def problem(
        self, message: str, value: str | None = None, expected: str | None = None
    ) -> Problem:
        """A problem of this scenario, where it was written."""
        return Problem(
            f"scenario {self.id}: {message}", self.file, self.line, None, None, value, expected
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON form: what it changes, without what it does not."""
        result: dict[str, Any] = {
            "id": self.id,
            "reason": self.reason,
            "prespecified": self.prespecified,
        }
        stated = {
            "settings": dict(self.settings),
            "criteria": list(self.criteria or ()),
            "set": list(self.overrides),
            "population": str(self.population),
            "not_evaluable": self.not_evaluable,
        }
        return result | {key: value for key, value in stated.items() if value}


@dataclass(eq=False)
class PatientColumns:
    """Columns of the patients table as a scenarios file names their values.

    Flags are ``yes`` and ``no``, numbers as short as they can be written, ``""`` is missing;
    ``patient`` is the identifier.
    """

    cohort: Cohort
    _values: dict[str, Texts] = field(default_factory=dict)
    _present: dict[str, frozenset[str]] = field(default_factory=dict)

    def given(self, column: str) -> bool:
        """Whether the files have the column."""
        return self.cohort.has("patients", _name(column))

    def values(self, column: str) -> Texts:
        """Value of each patient, shape (patients,)."""
        if column not in self._values:
            self._values[column] = _as_text(self.cohort, _name(column))
        return self._values[column]

    def present(self, column: str) -> frozenset[str]:
        """Every value that somebody has."""
        if column not in self._present:
            self._present[column] = frozenset(self.values(column)) - {""}
        return self._present[column]

    def members(self, population: Population) -> Mask:
        """Patients that the columns and the name leave in, whatever became of them."""
        inside = np.ones(len(self.cohort.patients), dtype=np.bool_)
        for column, values in _only(population):
            inside &= self._among(column, values)
        for column, values in population.without:
            inside &= ~self._among(column, values)
        return inside

    def unknown(self, population: Population) -> Iterator[tuple[str, str, str | None]]:
        """What a population names and the data do not have: message, value, nearest choice."""
        for column, values in (*_only(population), *population.without):
            if not self.given(column):
                yield f"the patients table has no column {_name(column)}", column, None
                continue
            for value in values:
                if value not in self.present(column):
                    message = f"nobody has this value in the column {_name(column)}"
                    yield message, value, self._choice(column, value)

    def _choice(self, column: str, value: str) -> str:
        present = sorted(self.present(column))
        if (meant := nearest(value, present)) is not None:
            return f"{meant!r} (did you mean {meant!r}?)"
        return f"one of {', '.join(present[:12])}" + (", ..." if len(present) > 12 else "")

    def _among(self, column: str, values: tuple[str, ...]) -> Mask:
        inside: Mask = np.logical_or.reduce([self.values(column) == value for value in values])
        return inside


def _name(column: str) -> str:
    return "patient_id" if column == "patient" else column


def _only(population: Population) -> Filters:
    if population.name == "measurable":
        return (*population.only, ("measurable_disease", ("yes",)))
    return population.only


def _as_text(cohort: Cohort, name: str) -> Texts:
    values = cohort.patients[name]
    kind = next(each.kind for each in TABLES["patients"] if each.name == name)
    if kind == "flag":
        words = ["yes" if v == 1 else "no" if v == 0 else "" for v in values]
    elif pd.api.types.is_float_dtype(values):
        words = ["" if np.isnan(v) else f"{v:g}" for v in values]
    else:
        words = [str(v) for v in values]
    return np.array(words, dtype=object)
