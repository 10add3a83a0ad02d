"""Resamples of the patients: how often each criterion is met, and limits of the main results."""

from __future__ import annotations

from dossier.appraise.stability import Outcome
from dossier.compose.document import Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.judging import grade_words, title_of
from dossier.compose.material import Inlines, Material
from dossier.compose.numbers import exact, months_of
from dossier.compose.tables.cells import Content, absent, cell, dash, table
from dossier.estimate.bootstrap import Resamples

_RATES = ("orr", "dcr", "cbr_16w", "cbr_24w")
_TIMES = ("pfs", "os", "dor")


def stability(material: Material) -> Table:
    """A line a criterion: its verdict, and the share of resamples in which it is met."""
    say = material.say
    names = ("criterion", "verdict", "met", "same", "outcomes")
    columns = [say(f"tables.stability.columns.{name}") for name in names]
    verdicts = material.evaluation.verdicts
    if not any(each.stability for each in verdicts):
        return absent(material, "stability", columns, say("tables.stability.absent"))
    rows: list[Row] = []
    notes: list[Content] = []
    for position, verdict in enumerate(verdicts):
        found = verdict.stability
        if found is None:
            continue
        path = f"criteria.{position}.stability"
        title = literal(title_of(material, verdict))
        own = _outcome(material, found.own)
        if found.reason is not None:
            reason = literal(say.reason(found.reason))
            notes.append(say("tables.stability.reason", criterion=title, reason=reason))
            none = (dash(material), dash(material), cell(material.numbers.dash))
            rows.append((cell(title), cell(own), *none))
            continue
        met, same = (
            cell(Number(material.numbers.percent(exact(n) / found.resamples), place), "right")
            for n, place in (
                (found.met, f"{path}.share_met"),
                (found.same, f"{path}.share_same"),
            )
        )
        rows.append((cell(title), cell(own), met, same, cell(_counts(material, position))))
        if found.held:
            held = say.listed(tuple(literal(say.of("quantities", name)) for name in found.held))
            notes.append(say("tables.stability.held", criterion=title, held=held))
    asked = material.settings.estimation.bootstrap
    notes.insert(0, say("tables.stability.note", n=asked.resamples, seed=asked.seed))
    widths = (0.32, 0.18, 0.11, 0.13, 0.26)
    return table(material, "stability", columns, rows, widths, notes=notes, numeric=(2, 3))


def _outcome(material: Material, outcome: Outcome) -> str:
    words = material.say(f"verdicts.{outcome.verdict}")
    if outcome.grade is None:
        return words
    grade = grade_words(material, outcome.grade)
    return material.say("verdicts.with_grade", verdict=words, grade=grade)


def _counts(material: Material, position: int) -> Inlines:
    """``Met: 1383; Not met: 617``."""
    found = material.evaluation.verdicts[position].stability
    parts: Inlines = ()
    for place, (outcome, n) in enumerate(found.counts.items() if found else ()):
        path = f"criteria.{position}.stability.counts.{place}.resamples"
        one = material.say.inlines(
            "format.counted_reason", reason=_outcome(material, outcome), n=Number(str(n), path)
        )
        if parts:
            parts = material.say.inlines("tables.stability.joined", first=parts, second=one)
        else:
            parts = one
    return parts


def bootstrap(material: Material) -> Table:
    """Limits of the main results from the resamples, beside those by formula."""
    say, found = material.say, material.results.resamples
    level = material.numbers.level(material.settings.estimation.confidence)
    names = ("result", "estimate", "limits", "resampled")
    columns = [say(f"tables.bootstrap.columns.{name}", level=level) for name in names]
    if found is None:
        return absent(material, "bootstrap", columns, say("tables.stability.absent"))
    rows = [
        *(_rate(material, found, name) for name in _RATES if name in found.rates),
        *(_time(material, found, name) for name in _TIMES if name in found.times),
    ]
    if not rows:
        return absent(material, "bootstrap", columns, say("tables.bootstrap.nothing"))
    notes = [say("tables.bootstrap.note", n=found.resamples, seed=found.seed)]
    widths = (0.4, 0.2, 0.2, 0.2)
    return table(material, "bootstrap", columns, rows, widths, notes=notes)


def _rate(material: Material, found: Resamples, name: str) -> Row:
    share, limits = material.results.proportions[name], found.rates[name].limits
    path = f"endpoints.{name}"
    ends = [
        Number(_share(material, value), f"bootstrap.{name}.{side}")
        for value, side in ((limits.lower, "ci_lower"), (limits.upper, "ci_upper"))
    ]
    return (
        cell(material.say("tables.bootstrap.rate", endpoint=material.say(path))),
        cell(material.percent(share, path), "right"),
        cell(material.share_limits(share, path), "right"),
        cell(material.say.inlines("format.limits", lower=ends[0], upper=ends[1]), "right"),
    )


def _time(material: Material, found: Resamples, name: str) -> Row:
    say, time, limits = material.say, material.results.times[name], found.times[name].limits
    path = f"endpoints.{name}"
    ends = [
        Number(_month(material, value), f"bootstrap.{name}.median.{side}_months")
        for value, side in ((limits.lower, "ci_lower"), (limits.upper, "ci_upper"))
    ]
    label = say("tables.bootstrap.median", endpoint=say.lower(say(path)))
    known = time.median.ci_lower_days is not None or time.median.ci_upper_days is not None
    own = cell(material.median_limits(time, path), "right") if known else dash(material)
    return (
        cell(label),
        cell(material.median(time, path, unit=False), "right"),
        own,
        cell(say.inlines("format.limits", lower=ends[0], upper=ends[1]), "right"),
    )


def _share(material: Material, value: float | None) -> str:
    numbers = material.numbers
    return numbers.not_estimable if value is None else numbers.decimal(exact(value) * 100)


def _month(material: Material, value: float | None) -> str:
    numbers = material.numbers
    return numbers.not_reached if value is None else numbers.decimal(months_of(value))
