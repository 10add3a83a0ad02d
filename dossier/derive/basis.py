"""What endpoints are derived from: the same for every rule setting of one cohort."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dossier.cohort.model import Cohort
from dossier.cohort.settings import Derivation
from dossier.derive.measured import Scans, measurements_given, scans_of
from dossier.derive.populations import Populations, populations_of
from dossier.derive.readings import Readings, readings_of
from dossier.derive.response import BestResponse, best_responses
from dossier.derive.survival import LastAlive, last_alive
from dossier.derive.timeline import Floats, Timeline, death_dates_given, timeline_of
from dossier.derive.visits import day_known

__all__ = ["Basis", "Given"]

_TABLES = ("patients", "assessments", "adverse_events", "quality_of_life")

_OF_READINGS = (
    "assessor", "response_source", "response_criteria", "complete_response_sum_mm",
    "confirmation", "confirmation_days", "maximum_ne_between", "maximum_sd_between",
)  # fmt: skip
_OF_RESPONSE = (*_OF_READINGS, "sd_minimum_days", "sd_tolerance_days", "worse_after_cr")
"""Options by which visits are read and responses follow; rule settings alike in them share both."""


@dataclass(frozen=True)
class Given:
    """What the files offer to derive from."""

    visits: bool
    deaths: bool
    dates: bool
    survival_dates: bool
    treatment_end: bool
    new_therapy: bool
    prior_pfs: bool
    best_response: bool
    pfs: bool
    os: bool
    dor: bool
    cutoff: bool

    @classmethod
    def of(cls, cohort: Cohort) -> Given:
        """Look at the columns and what stands in them."""
        has = cohort.given.get("patients", frozenset())
        dated = "treatment_start" in has
        survival = death_dates_given(cohort) or ("last_known_alive" in has and "os_days" not in has)
        treatment = {"treatment_end", "new_therapy_start"} & has
        return cls(
            visits=day_known(cohort),
            deaths="death_date" in has,
            dates=dated and bool(survival or treatment),
            survival_dates=dated and survival,
            treatment_end=dated and "treatment_end" in has,
            new_therapy=dated and "new_therapy_start" in has,
            prior_pfs="prior_pfs_days" in has,
            best_response="best_response" in has,
            pfs="pfs_days" in has,
            os="os_days" in has,
            dor="dor_days" in has,
            cutoff=cohort.data_cutoff_declared,
        )

    def notes(self) -> tuple[str, ...]:
        """What the reader should know of what was given, as keys of words."""
        as_given = not self.visits and (self.best_response or self.pfs or self.dor)
        facts = {
            "endpoints-as-given": as_given or (not self.survival_dates and self.os),
            "response-not-recorded": not self.visits and not self.best_response,
            "progression-not-recorded": not self.visits and not self.pfs,
            "survival-not-recorded": not self.survival_dates and not self.os,
            "deaths-not-recorded": self.visits and not self.deaths and not self.os,
            "no-data-cutoff": not self.cutoff,
        }
        return tuple(key for key, holds in facts.items() if holds)


@dataclass(frozen=True, eq=False)
class Basis:
    """What follows from the tables and the data cut-off alone, whatever the rules of derivation.

    Readings and responses are remembered, for the rule settings that do not change them.

    Parameters
    ----------
    cohort
        Whose it is.
    given
        What the files offer.
    timeline, populations
        Days of each patient's events, and who counts.
    alive
        The last proof of life of each patient; None where nothing is dated.
    """

    cohort: Cohort
    given: Given
    timeline: Timeline
    populations: Populations
    alive: LastAlive | None
    _known: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    @classmethod
    def of(cls, cohort: Cohort) -> Basis:
        """Look at a cohort."""
        given, timeline = Given.of(cohort), timeline_of(cohort)
        alive = last_alive(cohort, timeline) if given.dates else None
        return cls(cohort, given, timeline, populations_of(cohort, timeline), alive)

    def serves(self, cohort: Cohort) -> bool:
        """Whether it is that of another cohort too: the same tables and cut-off."""
        own = self.cohort
        return (
            all(getattr(cohort, name) is getattr(own, name) for name in _TABLES)
            and cohort.given is own.given
            and cohort.data_cutoff == own.data_cutoff
            and cohort.data_cutoff_declared == own.data_cutoff_declared
        )

    def readings(self, cohort: Cohort) -> Readings:
        """The visits as the settings of a cohort read them."""
        key = ("readings", *_chosen(cohort.settings.derivation, _OF_READINGS))
        if key not in self._known:
            scans = self._scans(cohort)
            self._known[key] = readings_of(cohort, self.timeline, scans=scans)
        found: Readings = self._known[key]
        return found

    def _scans(self, cohort: Cohort) -> Scans | None:
        """The measurements, where there are any; which of them only the assessor decides."""
        if not measurements_given(cohort):
            return None
        key = ("scans", cohort.settings.derivation.assessor)
        if key not in self._known:
            self._known[key] = scans_of(cohort, self.timeline)
        found: Scans = self._known[key]
        return found

    def responses(self, cohort: Cohort) -> tuple[BestResponse, BestResponse]:
        """Best responses as the settings of a cohort ask for them, and of single visits."""
        options = cohort.settings.derivation
        key = ("responses", *_chosen(options, _OF_RESPONSE))
        if key not in self._known:
            visits = self.readings(cohort).visits
            self._known[key] = (
                best_responses(visits, self.last_day, options),
                best_responses(visits, self.last_day, options, confirmation=False),
            )
        found: tuple[BestResponse, BestResponse] = self._known[key]
        return found

    @property
    def last_day(self) -> Floats:
        """Last day on which a visit of each patient counts for the best response."""
        return np.minimum(self.timeline.cutoff, self.timeline.new_therapy)


def _chosen(options: Derivation, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(options, name) for name in names)
