"""One cohort through derive, estimate and appraise: everything a document or a program needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dossier.appraise.verdict import CriterionVerdict
from dossier.cohort.model import Cohort, DataQuery
from dossier.derive.model import Patients
from dossier.errors import InputError
from dossier.estimate.model import Results
from dossier.provenance.manifest import Manifest, manifest

if TYPE_CHECKING:
    from dossier.date_bounds import DateBounds

SCHEMA = "dossier.results/1"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Evaluation:
    """A cohort, what happened to its patients, its numbers and its verdicts.

    Parameters
    ----------
    cohort, patients, results, verdicts
        What each stage gave.
    manifest
        What went in.
    criteria
        What it was judged by where that is not what the settings of the cohort name.
    overrides
        Thresholds replaced, as asked for.
    added
        Further sections of results.json, such as ``changes`` since a previous dossier.
    """

    cohort: Cohort
    patients: Patients
    results: Results
    verdicts: tuple[CriterionVerdict, ...]
    manifest: Manifest
    criteria: tuple[str | Path, ...] | None = None
    overrides: tuple[str, ...] = ()
    added: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def date_bounds(self) -> DateBounds:
        """The partial dates, and the main endpoints with them at their bounds."""
        from dossier.date_bounds import date_bounds

        return date_bounds(self.cohort, self.results)

    @property
    def queries(self) -> tuple[DataQuery, ...]:
        """Data queries of reading and deriving, in that order."""
        return self.cohort.queries + self.patients.queries

    def to_dict(self) -> dict[str, Any]:
        """The results format ``dossier.results/1``: no NaN, every null beside a reason."""
        settings = self.cohort.settings
        return {
            "schema": SCHEMA,
            "cohort": _stated(settings.cohort.model_dump(mode="json")),
            "settings": {
                "derivation": _stated(settings.derivation.model_dump(mode="json")),
                "estimation": _stated(settings.estimation.model_dump(mode="json")),
                "declared": settings.declared,
                "comparator": _stated(settings.comparator),
            },
            **self.results.to_dict(),
            "partial_dates": self.date_bounds.to_dict(),
            "criteria": [verdict.to_dict() for verdict in self.verdicts],
            "data_queries": [
                {"id": f"Q{number:04d}"} | query.to_dict()
                for number, query in enumerate(self.queries, start=1)
            ],
            "notes": list(self.patients.notes),
            **self.added,
            "provenance": self.manifest.to_dict(),
        }


def evaluate(
    cohort: Cohort,
    criteria: Sequence[str | Path] | None = None,
    settings: Mapping[str, Any] | None = None,
    *,
    overrides: Sequence[str] = (),
    progress: Progress = lambda _: None,
) -> Evaluation:
    """Derive, estimate and judge.

    Parameters
    ----------
    cohort
        A cohort as read.
    criteria
        Identifiers of shipped criteria or paths of criteria files; None takes those of the
        cohort's settings.
    settings
        Sections of cohort.yaml that replace those of the cohort, e.g.
        ``{"estimation": {"landmarks": ["168 days"]}}``.
    overrides
        Thresholds to replace, ``rule=value`` or ``criterion.rule=value``; recorded in the result.
    progress
        Called with a few words as each stage begins.

    Raises
    ------
    InputError
        When a setting, a criterion or an override is wrong.
    """
    from dossier.appraise.judge import appraise
    from dossier.derive.patients import derive
    from dossier.estimate.results import estimate

    if settings:
        from dossier.cohort.frames import with_settings

        cohort = with_settings(cohort, settings)
    wanted = named_criteria(cohort) if criteria is None else criteria
    check_declared(cohort, wanted)
    progress("Deriving each patient's endpoints")
    patients = derive(cohort)
    progress("Estimating the cohort's numbers")
    results = estimate(cohort, patients)
    progress("Judging the criteria")
    verdicts = appraise(wanted, results, cohort.settings, overrides)
    if cohort.settings.estimation.bootstrap.resamples:
        from dossier.appraise.judge import criteria_for
        from dossier.appraise.resampling import with_stability

        progress("Judging the criteria in resamples")
        judged = criteria_for(wanted, cohort.settings, overrides)
        verdicts = with_stability(judged, verdicts, cohort, patients.frame, results)
    hashes = {verdict.id: verdict.sha256 for verdict in verdicts}
    asked = None if criteria is None else tuple(criteria)
    return Evaluation(
        cohort, patients, results, verdicts, manifest(cohort, hashes), asked, tuple(overrides)
    )


def named_criteria(cohort: Cohort) -> list[str | Path]:
    """The criteria of cohort.yaml: identifiers, and files named from where cohort.yaml stands."""
    return [
        cohort.folder / name
        if cohort.folder is not None and name.endswith((".yaml", ".yml"))
        else name
        for name in cohort.settings.criteria
    ]


def check_declared(cohort: Cohort, criteria: Sequence[str | Path] = ()) -> None:
    """Check that every declared fact is one that a criterion asks for.

    Parameters
    ----------
    cohort
        A cohort as read, with the facts declared in cohort.yaml.
    criteria
        Criteria in use beside those of cohort.yaml and the shipped ones.

    Raises
    ------
    InputError
        For every fact that no criterion asks for, with the nearest known one.
    """
    declared = cohort.settings.declared
    if not declared:
        return
    from dossier.appraise.facts import unknown_facts
    from dossier.appraise.loading import load_criterion

    named = dict.fromkeys([*named_criteria(cohort), *criteria])
    used = []
    for reference in named:
        with suppress(InputError):  # judging says what is wrong with it
            used.append(load_criterion(reference))
    if problems := unknown_facts(declared, used, cohort.file_label("settings")):
        raise InputError(problems)


def _stated(section: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that have a value; an empty one says nothing."""
    return {
        key: _stated(value) if isinstance(value, Mapping) else value
        for key, value in section.items()
        if value is not None
    }
