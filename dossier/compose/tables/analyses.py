"""Every analysis of a document with its population, its place, and whether it was prespecified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dossier.compose.document import CrossReference, Row, Table
from dossier.compose.material import Material
from dossier.compose.numbering import anchor
from dossier.compose.open_fields import open_field
from dossier.compose.tables.cells import Content, cell, table

__all__ = ["ANALYSES", "Analysis", "analyses"]

_KEY = "tables.analyses"


@dataclass(frozen=True)
class Analysis:
    """An analysis that can be prespecified or post hoc.

    Parameters
    ----------
    name
        Key of ``submission.prespecified`` in cohort.yaml.
    shown
        Tables and figures that print it, ``table:times`` or ``figure:pfs``; the first is named.
    given
        Whether this cohort has it.
    label, population
        Keys of its words; by default those of the endpoint of this name.
    """

    name: str
    shown: tuple[str, ...]
    given: Callable[[Material], bool] = lambda _: True
    label: str = ""
    population: str = "definitions.pfs.population"


def _endpoint(name: str, *shown: str) -> Analysis:
    population = {"cbr_16w": "cbr", "cbr_24w": "cbr"}.get(name, name)
    label, population = f"endpoints.{name}", f"definitions.{population}.population"
    return Analysis(name, shown, label=label, population=population)


def _has_time(name: str) -> Callable[[Material], bool]:
    return lambda material: name in material.results.times


def _own(
    name: str, *shown: str, given: Callable[[Material], bool], population: str = ""
) -> Analysis:
    """An analysis with words of its own."""
    label, population = f"{_KEY}.rows.{name}", population or "definitions.pfs.population"
    return Analysis(name, shown, given, label, population)


def _drawn(material: Material, figure: str) -> bool:
    from dossier.compose.figures import why_not_drawn  # figures are made from tables too

    return not why_not_drawn(material, figure)


ANALYSES = (
    Analysis(
        "best_response",
        ("table:best_response",),
        label="definitions.best_response.name",
        population="definitions.best_response.population",
    ),
    _endpoint("orr", "table:response_rates", "table:efficacy"),
    _endpoint("dcr", "table:response_rates"),
    _endpoint("cbr_16w", "table:response_rates"),
    _endpoint("cbr_24w", "table:response_rates"),
    _own(
        "concordance",
        "table:concordance",
        given=lambda m: m.results.concordance is not None,
        population=f"{_KEY}.populations.concordance",
    ),
    _own(
        "tumour_size", "figure:waterfall", "figure:spider",
        given=lambda m: _drawn(m, "waterfall") or _drawn(m, "spider"),
        population=f"{_KEY}.populations.tumour_size",
    ),
    Analysis(
        "decision_16w",
        ("table:decision_16w",),
        lambda m: m.results.decision is not None,
        "definitions.decision_16w.name",
        "definitions.decision_16w.population",
    ),
    Analysis(
        "durability",
        ("table:durability", "figure:durability"),
        lambda m: m.results.durability is not None,
        "definitions.durability.name",
        "definitions.durability.population",
    ),
    _own(
        "two_stage",
        "table:two_stage",
        given=lambda m: m.settings.two_stage is not None,
        population=f"{_KEY}.populations.two_stage",
    ),
    _own(
        "subgroups", "table:subgroups", "figure:subgroups",
        given=lambda m: m.results.subgroups is not None,
        population=f"{_KEY}.populations.subgroups",
    ),
    _own(
        "baskets", "table:baskets", "table:basket_priors", "figure:baskets",
        given=lambda m: m.results.baskets is not None,
        population="definitions.best_response.population",
    ),
    _endpoint("pfs", "table:times", "table:censoring", "figure:pfs", "figure:pfs_arms"),
    _endpoint("os", "table:times", "table:censoring", "figure:os", "figure:os_arms"),
    Analysis(
        "time_to_next_treatment",
        ("table:times",),
        _has_time("time_to_next_treatment"),
        "definitions.time_to_next_treatment.name",
    ),
    _endpoint("time_to_response", "table:response_duration"),
    _endpoint("dor", "table:response_duration", "table:censoring", "figure:dor"),
    _endpoint("follow_up", "table:observation"),
    _own("courses", "figure:swimmer", given=lambda m: _drawn(m, "swimmer")),
    Analysis(
        "pfs_ratio",
        ("table:pfs_ratio", "table:prior_treatment"),
        lambda m: m.results.pfs_ratio is not None,
        "definitions.pfs_ratio.name",
        "definitions.pfs_ratio.population",
    ),
    Analysis(
        "exceptional_responders",
        ("table:exceptional_responders",),
        lambda m: (
            m.results.exceptional is not None and m.results.exceptional.share.estimate is not None
        ),
        "definitions.exceptional_responders.name",
    ),
    _own(
        "comparisons", "table:comparisons", "table:arms",
        given=lambda m: bool(m.results.arms),
    ),
    _own(
        "restricted_mean", "table:restricted_mean",
        given=lambda m: m.settings.estimation.restricted_mean is not None,
    ),
    _own(
        "progression_incidence", "table:progression_incidence", "figure:progression_incidence",
        given=lambda m: m.results.progression_incidence is not None,
    ),
    _own(
        "safety", "table:adverse_events_overview", "table:adverse_events",
        "table:adverse_events_by_arm",
        given=lambda m: m.results.safety.given,
    ),
    _own("deaths", "table:deaths", given=lambda _: True),
    _own("exposure", "table:exposure", given=lambda _: True),
    _own(
        "quality_of_life", "table:quality_of_life",
        given=lambda m: m.results.quality_of_life is not None and m.results.quality_of_life.given,
    ),
    _own(
        "partial_dates", "table:partial_dates",
        given=lambda m: bool(m.evaluation.date_bounds.columns),
        population=f"{_KEY}.populations.partial_dates",
    ),
    _own(
        "sensitivity", "table:sensitivity",
        given=lambda m: m.what_if is not None,
        population=f"{_KEY}.populations.sensitivity",
    ),
)  # fmt: skip
"""In the order of the results sections."""


def analyses(material: Material) -> Table:
    """Every analysis, and whether it was laid down before the data were seen."""
    say = material.say
    names = ("analysis", "population", "where", "specified")
    columns = tuple(say(f"{_KEY}.columns.{name}") for name in names)
    rows: list[Row] = [
        (
            cell(say.capital(say(each.label))),
            cell(say(each.population)),
            cell(_where(material, each)),
            cell(_specified(material, each.name)),
        )
        for each in ANALYSES
        if each.given(material) and not _left_out(material, each)
    ]
    notes = (say(f"{_KEY}.note"),)
    widths = (0.28, 0.26, 0.12, 0.34)
    return table(material, "analyses", columns, rows, widths, notes=notes, numeric=())


def _left_out(material: Material, each: Analysis) -> bool:
    """Whether the pack prints nothing of it."""
    return all(shown.partition(":")[2] in material.leave_out for shown in each.shown)


def _where(material: Material, each: Analysis) -> CrossReference:
    """A reference to the first table or figure of it that is printed."""
    for shown in each.shown:
        kind, _, name = shown.partition(":")
        if (kind == "table" or _drawn(material, name)) and name not in material.leave_out:
            break
    return CrossReference(anchor(kind, name), "")


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
