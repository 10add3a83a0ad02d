"""Adverse events: patients, not events, each at the worst grade; rates per time at risk."""

from __future__ import annotations

from fractions import Fraction

from dossier.compose.document import Cell, Inline, Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.numbers import exact
from dossier.compose.tables.cells import absent, cell, count, dash, number, table
from dossier.derive.adverse_events import KINDS
from dossier.estimate.event_rates import PER, EventRates, Rate
from dossier.estimate.model import AdverseEventRow, Proportion

_GRADES = (1, 2, 3, 4, 5)


def adverse_events_overview(material: Material) -> Table:
    """Patients with each kind of event, with limits, and the rates per patient-year."""
    say, safety = material.say, material.results.safety
    level = material.numbers.level(material.settings.estimation.confidence)
    columns = (
        say("tables.adverse_events_overview.columns.kind"),
        say("tables.adverse_events_overview.columns.patients", n=safety.n),
        say("tables.adverse_events_overview.columns.interval", level=level),
        say("tables.adverse_events_overview.columns.rate", level=level, per=PER),
        say("tables.adverse_events_overview.columns.occurrences", per=PER),
    )
    if not safety.given:
        return absent(material, "adverse_events_overview", columns, _why_absent(material))
    rows: list[Row] = []
    for name in KINDS:
        words = cell(say(f"tables.adverse_events_overview.rows.{name}"))
        share = safety.overview.get(name)
        if share is None:
            rows.append((words, *[dash(material)] * (len(columns) - 1)))
            continue
        limits = dash(material)
        if share.estimate is not None:
            limits = cell(material.share_limits(share, f"safety.overview.{name}"), "right")
        rows.append(
            (
                words,
                patients_with(material, share, f"safety.overview.{name}"),
                limits,
                *_rates(material, name),
            )
        )
    widths = (0.31, 0.16, 0.13, 0.24, 0.16)
    notes = _overview_notes(material)
    return table(material, "adverse_events_overview", columns, rows, widths, notes=notes)


def patients_with(material: Material, share: Proportion, path: str) -> Cell:
    """Patients with a kind of event; where too many are unknown, how many at least."""
    if share.estimate is not None:
        return count(material, share.events, share.n, f"{path}.events")
    words = material.say("tables.adverse_events_overview.at_least", n=share.events)
    return cell(Number(words, f"{path}.events"), "right")


def _rates(material: Material, name: str) -> tuple[Cell, Cell]:
    rates = material.results.safety.rates
    found = rates.kinds.get(name) if rates is not None else None
    if found is None:
        return dash(material), dash(material)
    path = f"safety.exposure_adjusted.kinds.{name}"
    return (
        rate_cell(material, found.patients, f"{path}.patients"),
        # Events of one patient are not independent: their limits would be too narrow.
        rate_cell(material, found.occurrences, f"{path}.occurrences", limits=False),
    )


def rate_cell(material: Material, rate: Rate, path: str, *, limits: bool = True) -> Cell:
    """A rate with its limits."""
    numbers = material.numbers
    if rate.estimate is None or rate.ci_lower is None or rate.ci_upper is None:
        return dash(material)
    shown: tuple[Inline, ...] = (Number(numbers.decimal(rate.estimate), f"{path}.estimate"),)
    if limits:
        shown = material.say.inlines(
            "format.median_with_interval",
            median=shown,
            interval=material.say.inlines(
                "format.limits",
                lower=Number(numbers.decimal(rate.ci_lower), f"{path}.ci_lower"),
                upper=Number(numbers.decimal(rate.ci_upper), f"{path}.ci_upper"),
            ),
        )
    return cell(shown, "right")


def _overview_notes(material: Material) -> list[str]:
    say, safety = material.say, material.results.safety
    version = material.settings.cohort.ctcae_version
    key = "tables.adverse_events_overview"
    ctcae = say(f"{key}.version", version=literal(version)) if version else ""
    notes = [say(f"{key}.note", events=safety.events, ctcae=ctcae)]
    if safety.rates is not None:
        notes.append(_rate_note(material, safety.rates))
    if safety.not_assessable:
        notes.append(say(f"{key}.lacking"))
    if any(share.estimate is None for share in safety.overview.values()):
        notes.append(say(f"{key}.too_unknown"))
    by_number: dict[int, list[str]] = {}
    for name, patients in safety.not_stated.items():
        by_number.setdefault(patients, []).append(say(f"{key}.rows.{name}"))
    notes += [
        say(f"{key}.unknown", kind="; ".join(kinds), n=patients)
        for patients, kinds in by_number.items()
    ]
    return notes


def _rate_note(material: Material, rates: EventRates) -> str:
    say, key = material.say, "tables.adverse_events_overview"
    if rates.reason is not None:
        return say(f"{key}.no_rates", reason=literal(say.reason(rates.reason)))
    years = material.numbers.decimal(rates.patient_years)
    return say(f"{key}.rate_note", per=PER, years=years, window=rates.window_days)


def adverse_events(material: Material) -> Table:
    """Patients with each class and term by worst grade."""
    say, safety = material.say, material.results.safety
    columns = (
        say("tables.adverse_events.columns.term"),
        say("tables.adverse_events.columns.any"),
        say("tables.adverse_events.columns.severe"),
        *(say("tables.adverse_events.columns.grade", grade=grade) for grade in _GRADES),
        say("tables.adverse_events.columns.unknown"),
    )
    if not safety.given:
        return absent(material, "adverse_events", columns, _why_absent(material))
    shown = [
        (position, row) for position, row in enumerate(safety.terms) if _printed(material, row)
    ]
    rows: list[Row] = [_row(material, row, f"safety.terms.{position}") for position, row in shown]
    notes = [say("tables.adverse_events.note", n=safety.n)]
    notes.append(coded(material))
    left_out = len(safety.terms) - len(shown)
    if left_out:
        notes.append(say("tables.adverse_events.left_out", n=left_out, share=_least(material)))
    widths = (0.36, 0.13, 0.13, 0.07, 0.07, 0.07, 0.07, 0.07, 0.08)
    return table(material, "adverse_events", columns, rows, widths, notes=notes)


def coded(material: Material) -> str:
    """How classes and terms were coded."""
    say, version = material.say, material.settings.cohort.meddra_version
    if version:
        return say("tables.adverse_events.meddra", version=literal(version))
    return say("tables.adverse_events.coded")


def _least(material: Material) -> str:
    share = Fraction(repr(material.limits.adverse_event_share))
    return material.numbers.percent(share, 0)


def _why_absent(material: Material) -> str:
    return literal(material.say.reason(material.results.safety.reason or ""))


def _printed(material: Material, row: AdverseEventRow) -> bool:
    """Whether a row of a long table is printed."""
    safety, limits = material.results.safety, material.limits
    if len(safety.terms) <= limits.adverse_event_rows or row.severe or not row.term:
        return True
    return Fraction(row.any, max(safety.n, 1)) >= exact(limits.adverse_event_share)


def _row(material: Material, row: AdverseEventRow, path: str) -> Row:
    n = material.results.safety.n
    return (
        name_cell(material, row),
        count(material, row.any, n, f"{path}.any"),
        count(material, row.severe, n, f"{path}.severe"),
        *(number(row.grades.get(grade, 0), f"{path}.grades.{grade}") for grade in _GRADES),
        number(row.unknown, f"{path}.unknown"),
    )


def name_cell(material: Material, row: AdverseEventRow) -> Cell:
    """The class, or the term indented below it."""
    of_class = not row.term
    name = (row.soc or material.say("tables.adverse_events.no_class")) if of_class else row.term
    return cell(name, indent=0 if of_class or not row.soc else 1, strong=of_class)
