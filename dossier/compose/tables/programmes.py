"""External context: published results of comparable programmes beside those of this cohort."""

from __future__ import annotations

from dossier.cohort.dossier_settings import Programme
from dossier.compose.document import LineBreak, Link, Row, Strong, Table, Text
from dossier.compose.evidence import ShippedProgramme, shipped_programmes
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.open_fields import open_field
from dossier.compose.tables.cells import Content, cell, group, number, runs, table
from dossier.estimate.arms import judged_arm
from dossier.estimate.model import Results
from dossier.estimate.proportions import proportion_limits

_COLUMNS = ("programme", "patients", "response", "benefit", "differs", "checked")
_BENEFIT = "cbr_16w"


def programmes(material: Material) -> Table:
    """The cohort's response rate and the published ones; described, not compared by a test."""
    say = material.say
    columns = tuple(say(f"tables.programmes.columns.{name}") for name in _COLUMNS)
    settings = material.settings.context
    rows = _cohort(material)
    if settings.shipped:
        rows.append(group(material, "tables.programmes.published", len(columns)))
        rows += [_shipped(material, entry) for entry in shipped_programmes()]
    if settings.programmes:
        rows.append(group(material, "tables.programmes.added", len(columns)))
        rows += [_added(material, entry) for entry in settings.programmes]
    level = material.numbers.level(material.settings.estimation.confidence)
    notes = (
        say("tables.programmes.note", level=level),
        say("tables.programmes.unverified") if settings.shipped else "",
    )
    widths = (0.23, 0.09, 0.17, 0.1, 0.26, 0.15)
    return table(
        material,
        "programmes",
        columns,
        rows,
        widths,
        notes=notes,
        numeric=(1, 2, 3),
        abbreviated=True,
    )


def _cohort(material: Material) -> list[Row]:
    """Rows of this cohort: the arm that is judged, else every arm, else all patients."""
    arms = material.results.arms
    if not arms:
        name = runs(material.say("tables.programmes.this"))
        return [_of(material, material.results, "", name)]
    judged = judged_arm(material.results, material.settings.cohort)
    return [
        _of(
            material,
            arms[arm],
            f"arms.{arm}.",
            runs(material.say("tables.programmes.this_arm", arm=literal(arm))),
        )
        for arm in (arms if judged is None else [judged])
    ]


def _of(material: Material, results: Results, prefix: str, name: Inlines) -> Row:
    say, path = material.say, f"{prefix}endpoints.orr"
    response, benefit = results.proportions["orr"], results.proportions[_BENEFIT]
    printed: Inlines = material.rate(response, path)
    if response.estimate is not None:
        limits = material.share_limits(response, path)
        printed = say.inlines("tables.programmes.with_limits", rate=printed, limits=limits)
    reference = literal(material.settings.cohort.trial)
    return (
        cell((Strong(name), *_below(reference))),
        number(response.n, f"{path}.n"),
        cell(printed, "right"),
        cell(material.percent(benefit, f"{prefix}endpoints.{_BENEFIT}"), "right"),
        cell(literal(material.settings.cohort.indication)),
        cell(say("tables.programmes.checked.data")),
    )


def _shipped(material: Material, entry: ShippedProgramme) -> Row:
    say = material.say
    if not entry.reference:
        asked = open_field(say, say("tables.programmes.asked"), "applicant")
        reference: Inlines = (LineBreak(), asked)
    elif entry.url:
        reference = (LineBreak(), Link(entry.url, entry.reference))
    else:
        reference = _below(entry.reference)
    return _published(material, entry.in_language(say.language), reference, entry.status)


def _added(material: Material, entry: Programme) -> Row:
    year = f" ({entry.year})" if entry.year is not None else ""
    return _published(material, entry, _below(literal(entry.reference) + year), "added")


def _published(material: Material, entry: Programme, reference: Inlines, checked: str) -> Row:
    say, dash = material.say, material.numbers.dash
    differs = "; ".join(literal(words) for words in (entry.population, entry.definition) if words)
    return (
        cell((Strong(runs(literal(entry.name))), *reference)),
        cell(dash if entry.n is None else str(entry.n), "right"),
        cell(_response(material, entry), "right"),
        cell(_share(material, entry.benefit_rate), "right"),
        cell(differs or dash),
        cell(say(f"tables.programmes.checked.{checked}")),
    )


def _response(material: Material, entry: Programme) -> Content:
    """The share, with exact limits where the counts are known."""
    if entry.responders is None or entry.n is None:
        share = _share(material, entry.response_rate)
        if entry.response_limits is None:
            return share
        limits = material.numbers.percent_limits(*entry.response_limits)
        return material.say("tables.programmes.with_limits", rate=share, limits=limits)
    numbers, confidence = material.numbers, material.settings.estimation.confidence
    low, high = proportion_limits(entry.responders, entry.n, "clopper-pearson", confidence)
    return material.say(
        "tables.programmes.with_limits",
        rate=numbers.rate(entry.responders, entry.n),
        limits=numbers.percent_limits(low, high),
    )


def _share(material: Material, share: float | None) -> str:
    """As published, with the decimals it was published with."""
    if share is None:
        return material.numbers.dash
    printed = material.numbers.plain(round(share * 100, 6))
    return material.say("format.percent", number=printed)


def _below(words: str) -> Inlines:
    return (LineBreak(), Text(words)) if words else ()
