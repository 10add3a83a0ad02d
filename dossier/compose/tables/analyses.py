"""Every analysis of a document with its population, its place, and whether it was prespecified."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dossier.compose.document import Block, CrossReference, Figure, Row, Table
from dossier.compose.material import Material
from dossier.compose.numbering import anchor
from dossier.compose.open_fields import open_field
from dossier.compose.tables.cells import Content, cell, spanning, table

__all__ = ["ANALYSES", "Analysis", "analyses", "only_printed"]

_KEY = "tables.analyses"
_WHERE = 2
_RATES = ("orr", "dcr", "cbr_16w", "cbr_24w")
_WHERE_DATED = ("time_on_treatment", "time_to_next_treatment")


@dataclass(frozen=True)
class Analysis:
    """An analysis that can be prespecified or post hoc.

    Parameters
    ----------
    name
        Key of ``submission.prespecified`` in cohort.yaml.
    shown
        Tables and figures that print it, ``table:times`` or ``figure:pfs``.
    label, population
        Keys of its words.
    """

    name: str
    shown: tuple[str, ...]
    label: str
    population: str


def _endpoint(name: str, *shown: str) -> Analysis:
    defined = "cbr" if name.startswith("cbr") else name
    return Analysis(name, shown, f"endpoints.{name}", f"definitions.{defined}.population")


def _defined(name: str, *shown: str) -> Analysis:
    return Analysis(name, shown, f"definitions.{name}.name", f"definitions.{name}.population")


def _own(name: str, *shown: str) -> Analysis:
    return Analysis(name, shown, f"{_KEY}.rows.{name}", f"{_KEY}.populations.{name}")


ANALYSES = (
    _defined("best_response", "table:best_response"),
    *(_endpoint(name, "table:response_rates", "table:efficacy") for name in _RATES),
    _own("concordance", "table:concordance"),
    _own("tumour_size", "figure:waterfall", "figure:spider"),
    _defined("decision_16w", "table:decision_16w"),
    _defined("durability", "table:durability", "figure:durability"),
    _own("two_stage", "table:two_stage"),
    _own("subgroups", "table:subgroups", "figure:subgroups"),
    _own("baskets", "table:baskets", "table:basket_priors", "figure:baskets"),
    _endpoint(
        "pfs",
        *("table:times", "figure:pfs", "figure:pfs_arms", "table:censoring", "table:efficacy"),
    ),
    _endpoint(
        "os", "table:times", "figure:os", "figure:os_arms", "table:censoring", "table:efficacy"
    ),
    _defined("time_to_next_treatment", "table:times"),
    _endpoint("time_to_response", "table:response_duration"),
    _endpoint("dor", "table:response_duration", "figure:dor", "table:censoring", "table:efficacy"),
    _endpoint("follow_up", "table:observation"),
    _own("courses", "figure:swimmer"),
    _defined("pfs_ratio", "table:pfs_ratio", "table:prior_treatment"),
    _defined("exceptional_responders", "table:exceptional_responders"),
    _own("comparisons", "table:comparisons", "table:arms"),
    _own("restricted_mean", "table:restricted_mean"),
    _own("progression_incidence", "table:progression_incidence", "figure:progression_incidence"),
    _own(
        "safety",
        *("table:adverse_events_overview", "table:adverse_events", "table:adverse_events_by_arm"),
    ),
    _own("deaths", "table:deaths"),
    _own("exposure", "table:exposure"),
    _defined("time_on_treatment", "table:exposure"),
    _own("quality_of_life", "table:quality_of_life"),
    _own("partial_dates", "table:partial_dates"),
    _own("sensitivity", "table:sensitivity"),
)
"""In the order of the results sections."""


def analyses(material: Material) -> Table:
    """Every analysis with all places that print it; `only_printed` keeps those there are."""
    say = material.say
    names = ("analysis", "population", "where", "specified")
    columns = tuple(say(f"{_KEY}.columns.{name}") for name in names)
    rows: list[Row] = [
        (
            cell(say.capital(say(each.label))),
            cell(say(each.population)),
            cell(tuple(_reference(shown) for shown in each.shown)),
            cell(_specified(material, each.name)),
        )
        for each in ANALYSES
        if _estimated(material, each.name)
    ]
    notes = (say(f"{_KEY}.note"),)
    widths = (0.27, 0.23, 0.1, 0.4)
    return table(material, "analyses", columns, rows, widths, notes=notes, numeric=())


def only_printed(blocks: Iterable[Block], nothing: str) -> tuple[Block, ...]:
    """Blocks whose table of analyses holds those that are printed, each with its first place.

    Parameters
    ----------
    blocks
        Of a document, before its tables and figures are numbered.
    nothing
        What stands in the table where no analysis is printed.
    """
    blocks = tuple(blocks)
    printed = {block.anchor for block in blocks if isinstance(block, Table | Figure)}
    return tuple(
        replace(block, rows=tuple(_rows(block, printed)) or (spanning(nothing, 4),))
        if isinstance(block, Table) and block.anchor == anchor("table", "analyses")
        else block
        for block in blocks
    )


def _rows(block: Table, printed: set[str]) -> Iterable[Row]:
    for row in block.rows:
        places = row[_WHERE]
        assert places is not None  # noqa: S101  every row has a place
        found = [
            run
            for run in places.children
            if isinstance(run, CrossReference) and run.target in printed
        ]
        if found:
            yield (*row[:_WHERE], replace(places, children=(found[0],)), *row[_WHERE + 1 :])


def _reference(shown: str) -> CrossReference:
    kind, _, name = shown.partition(":")
    return CrossReference(anchor(kind, name), "")


def _estimated(material: Material, name: str) -> bool:
    """Whether this cohort has an endpoint that shares its table with others."""
    if name in _RATES:
        return name in material.results.proportions
    return name not in _WHERE_DATED or name in material.results.times


def _specified(material: Material, name: str) -> Content:
    """Whether the analysis was prespecified, as far as somebody or the declared design says."""
    say, settings = material.say, material.settings
    said = {str(key): value for key, value in settings.submission.prespecified.items()}
    declared = said.get(name)
    if declared is not None:
        return say(f"{_KEY}.prespecified" if declared else f"{_KEY}.post_hoc")
    if settings.two_stage is not None:
        if name == "two_stage":
            return say(f"{_KEY}.design")
        if settings.two_stage.endpoint == name:
            return say(f"{_KEY}.two_stage")
    if name == "subgroups" and settings.estimation.subgroups.prespecified:
        return say(f"{_KEY}.marked")
    if name == "sensitivity" and material.what_if is not None:
        matrix = material.what_if.matrix
        planned = sum(row.scenario.prespecified for row in matrix.rows[1:])
        return say(f"{_KEY}.scenarios", planned=planned, later=matrix.scenarios_run - planned)
    return open_field(say, say(f"{_KEY}.asked"))
