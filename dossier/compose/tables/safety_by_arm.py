"""Adverse events of the arms side by side."""

from __future__ import annotations

from fractions import Fraction

from dossier.compose.document import Cell, Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.numbers import exact
from dossier.compose.tables.cells import absent, cell, count, dash, group, spanning, table
from dossier.compose.tables.safety import coded, name_cell, patients_with, rate_cell
from dossier.derive.adverse_events import KINDS
from dossier.estimate.event_rates import PER
from dossier.estimate.model import AdverseEventRow

# Kinds whose rates are printed; results.json holds all of them.
_RATED = ("any", "grade_3_or_higher", "serious", "related")
_KEY = "tables.adverse_events_by_arm"


def adverse_events_by_arm(material: Material) -> Table:
    """Patients with each kind of event, and with each class and term, in each arm."""
    say, arms = material.say, material.results.arms
    first = say(f"{_KEY}.columns.kind")
    if not arms:
        none = [first, say("tables.value")]
        return absent(material, "adverse_events_by_arm", none, say(f"{_KEY}.absent"))
    columns = [
        first,
        *(
            say(f"{_KEY}.columns.arm", arm=literal(name), n=arm.safety.n)
            for name, arm in arms.items()
        ),
    ]
    if not material.results.safety.given:
        reason = literal(say.reason(material.results.safety.reason or ""))
        return absent(material, "adverse_events_by_arm", columns, reason)
    rows: list[Row] = [group(material, f"{_KEY}.groups.overview", len(columns))]
    for kind in KINDS:
        label = cell(say(f"tables.adverse_events_overview.rows.{kind}"), indent=1)
        rows.append((label, *(_kind(material, name, kind) for name in arms)))
    rows += _rates(material, len(columns))
    shown, left_out = _terms(material)
    if shown:
        name = "terms" if graded(material) else "terms_any"
        rows.append(group(material, f"{_KEY}.groups.{name}", len(columns)))
        rows += [
            (name_cell(material, row), *(_term(material, name, row) for name in arms))
            for row in shown
        ]
    notes = [say(f"{_KEY}.note")]
    windows = [arm.safety.rates.window_days for arm in arms.values() if arm.safety.rates]
    if windows:
        notes.append(say("tables.by_arm.rate_note", window=windows[0]))
    notes.append(coded(material))
    if left_out:
        share = Fraction(repr(material.limits.adverse_event_share))
        words = material.numbers.percent(share, 0)
        notes.append(say(f"{_KEY}.left_out", n=left_out, share=words))
    notes += _remarks(material)
    widths = (0.34, *[0.66 / len(arms)] * len(arms))
    return table(material, "adverse_events_by_arm", columns, rows, widths, notes=notes)


def _kind(material: Material, arm: str, kind: str) -> Cell:
    share = material.results.arms[arm].safety.overview.get(kind)
    if share is None:
        return dash(material)
    return patients_with(material, share, f"arms.{arm}.safety.overview.{kind}")


def _rates(material: Material, width: int) -> list[Row]:
    """Patients with a first event per patient-year, where that is known in some arm."""
    say, arms = material.say, material.results.arms
    kinds = [
        kind
        for kind in _RATED
        if any(arm.safety.rates and kind in arm.safety.rates.kinds for arm in arms.values())
    ]
    if not kinds:
        return []
    level = material.numbers.level(material.settings.estimation.confidence)
    rows = [spanning(say(f"{_KEY}.groups.rates", per=PER, level=level), width, strong=True)]
    for kind in kinds:
        label = cell(say(f"tables.adverse_events_overview.rows.{kind}"), indent=1)
        cells = (
            rate_cell(
                material,
                arm.safety.rates.kinds[kind].patients,
                f"arms.{name}.safety.exposure_adjusted.kinds.{kind}.patients",
            )
            if arm.safety.rates and kind in arm.safety.rates.kinds
            else dash(material)
            for name, arm in arms.items()
        )
        rows.append((label, *cells))
    return rows


def _terms(material: Material) -> tuple[list[AdverseEventRow], int]:
    """Classes and terms of the whole cohort: all of a short list, the frequent of a long one."""
    terms, limits = material.results.safety.terms, material.limits
    if len(terms) <= limits.adverse_event_rows:
        return list(terms), 0
    least = exact(limits.adverse_event_share)
    frequent = {
        (row.soc, row.term)
        for arm in material.results.arms.values()
        for row in arm.safety.terms
        if Fraction(row.any, max(arm.safety.n, 1)) >= least
    }
    shown = [row for row in terms if not row.term or (row.soc, row.term) in frequent]
    return shown, len(terms) - len(shown)


def _term(material: Material, arm: str, row: AdverseEventRow) -> Cell:
    safety, numbers = material.results.arms[arm].safety, material.numbers
    path = f"arms.{arm}.safety.terms"
    for place, own in enumerate(safety.terms):
        if (own.soc, own.term) == (row.soc, row.term) and not graded(material):
            return count(material, own.any, safety.n, f"{path}.{place}.any")
        if (own.soc, own.term) == (row.soc, row.term):
            shown = material.say.inlines(
                f"{_KEY}.pair",
                any=Number(numbers.count(own.any, safety.n), f"{path}.{place}.any"),
                severe=Number(numbers.count(own.severe, safety.n), f"{path}.{place}.severe"),
            )
            return cell(shown, "right")
    return cell("0", "right")


def graded(material: Material) -> bool:
    """Whether the input grades adverse events."""
    return "grade_3_or_higher" in material.results.safety.overview


def _remarks(material: Material) -> list[str]:
    say, arms = material.say, material.results.arms.values()
    key = "tables.adverse_events_overview"
    notes = []
    if any(arm.safety.not_assessable for arm in arms):
        notes.append(say(f"{key}.lacking"))
    if any(share.estimate is None for arm in arms for share in arm.safety.overview.values()):
        notes.append(say(f"{key}.too_unknown"))
    return notes
