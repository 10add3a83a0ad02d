"""Quality of life by scale: completion, scores, changes from baseline."""

from __future__ import annotations

from dossier.compose.document import Cell, Inline, Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.tables.cells import absent, cell, count, dash, spanning, table
from dossier.estimate.model import Proportion
from dossier.estimate.quality_of_life import Completion, Mean, ScaleChange

_KEY = "tables.quality_of_life"
_COLUMNS = ("visit", "completed", "score", "n", "change", "improved", "worsened")


def quality_of_life(material: Material) -> Table:
    """Every scale at baseline and at the planned visits."""
    say, found = material.say, material.results.quality_of_life
    confidence = material.settings.estimation.confidence
    level = material.numbers.level(confidence)
    columns = [say(f"{_KEY}.columns.{name}", level=level) for name in _COLUMNS]
    if found is None or not found.given:
        reason = (found.reason if found is not None else None) or ""
        return absent(material, "quality_of_life", columns, literal(say.reason(reason)))
    rows: list[Row] = []
    for position, scale in enumerate(found.scales):
        rows += _scale(material, scale, f"quality_of_life.scales.{position}")
    widths = (0.15, 0.15, 0.15, 0.05, 0.24, 0.13, 0.13)
    notes = _notes(material, found.scales)
    return table(material, "quality_of_life", columns, rows, widths, notes=notes)


def _scale(material: Material, scale: ScaleChange, path: str) -> list[Row]:
    say, least = material.say, scale.known.minimal_important_difference
    direction = say(f"{_KEY}.higher_is.{scale.known.higher_is or 'not_known'}")
    name = f"{scale.instrument}: {scale.scale}"
    words: Inlines = say.inlines(f"{_KEY}.scale", name=literal(name), direction=direction)
    if least is not None:
        places = 0 if least.is_integer() else 2
        number = Number(
            material.numbers.decimal(least, places), f"{path}.minimal_important_difference.value"
        )
        words = say.inlines(
            f"{_KEY}.scale_with_difference",
            name=literal(name),
            direction=direction,
            difference=number,
        )
    blank = cell("", "right")
    rows: list[Row] = [
        spanning(words, len(_COLUMNS), strong=True),
        (
            cell(say(f"{_KEY}.baseline"), indent=1),
            _completion(material, scale.baseline_completion, f"{path}.baseline_completion"),
            _score(material, scale.baseline, f"{path}.baseline"),
            *[blank] * 4,
        ),
    ]
    for place, visit in enumerate(scale.visits):
        at = f"{path}.visits.{place}"
        rows.append(
            (
                cell(_label(material, visit.label), indent=1),
                _completion(material, visit.completion, f"{at}.completion"),
                _score(material, visit.score, f"{at}.score"),
                cell(Number(str(visit.change.n), f"{at}.change.n"), "right"),
                _change(material, visit.change, f"{at}.change"),
                _share(material, visit.improved, f"{at}.improved"),
                _share(material, visit.worsened, f"{at}.worsened"),
            )
        )
    return rows


def _label(material: Material, label: str) -> str:
    amount, _, unit = label.partition(" ")
    plural = unit if unit.endswith("s") else unit + "s"
    return material.say(f"format.units.{plural}", number=material.numbers.plain(float(amount)))


def _completion(material: Material, found: Completion, path: str) -> Cell:
    numbers = material.numbers
    if found.expected is None or found.completed_expected is None:
        return cell(Number(str(found.completed), f"{path}.completed"), "right")
    text = f"{found.completed_expected}/{found.expected}"
    shown: tuple[Inline, ...] = (Number(text, f"{path}.completed_expected"),)
    if found.estimate is not None:
        shown = material.say.inlines(
            "format.median_with_interval",
            median=shown,
            interval=Number(numbers.percent(found.estimate, 0), f"{path}.estimate"),
        )
    return cell(shown, "right")


def _score(material: Material, found: Mean, path: str) -> Cell:
    if found.mean is None:
        return dash(material)
    places = _places(found)
    shown: tuple[Inline, ...] = (
        Number(material.numbers.decimal(found.mean, places), f"{path}.mean"),
    )
    if found.sd is not None:
        shown = material.say.inlines(
            "format.median_with_interval",
            median=shown,
            interval=Number(material.numbers.decimal(found.sd, places), f"{path}.sd"),
        )
    return cell(shown, "right")


def _change(material: Material, found: Mean, path: str) -> Cell:
    if found.mean is None:
        return dash(material)
    places = _places(found)
    numbers = material.numbers
    shown: tuple[Inline, ...] = (
        Number(numbers.decimal(found.mean, places, signed=True), f"{path}.mean"),
    )
    if found.ci_lower is not None and found.ci_upper is not None:
        limits = material.say.inlines(
            f"{_KEY}.limits",
            lower=Number(numbers.decimal(found.ci_lower, places), f"{path}.ci_lower"),
            upper=Number(numbers.decimal(found.ci_upper, places), f"{path}.ci_upper"),
        )
        shown = material.say.inlines("format.median_with_interval", median=shown, interval=limits)
    return cell(shown, "right")


def _places(found: Mean) -> int:
    """Scores of 0 to 100 have one decimal, an index of 0 to 1 three."""
    return 3 if abs(found.mean or 0.0) <= 1 and (found.sd or 0.0) <= 1 else 1


def _share(material: Material, share: Proportion, path: str) -> Cell:
    if share.estimate is None:
        return dash(material)
    return count(material, share.events, share.n, f"{path}.events")


def _notes(material: Material, scales: tuple[ScaleChange, ...]) -> list[str]:
    say, options = material.say, material.settings.estimation.quality_of_life
    notes = [
        say(
            f"{_KEY}.note",
            window=options.window_days,
            who=say(f"{_KEY}.expected_while.{options.expected_while}"),
        ),
        say(f"{_KEY}.{'selected_by_arm' if material.arms_apart else 'selected'}"),
    ]
    sources = dict.fromkeys(
        scale.known.source
        for scale in scales
        if scale.known.minimal_important_difference is not None and scale.known.source
    )
    if sources:
        notes.append(say(f"{_KEY}.sources", sources=literal("; ".join(sources))))
    if any(
        scale.known.higher_is is None or scale.known.minimal_important_difference is None
        for scale in scales
    ):
        notes.append(say(f"{_KEY}.undeclared"))
    outside = sum(scale.outside for scale in scales)
    if outside:
        notes.append(say(f"{_KEY}.outside", n=outside))
    return notes
