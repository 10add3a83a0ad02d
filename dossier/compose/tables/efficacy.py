"""The main results in a few lines: rates, medians, landmarks and severe adverse events."""

from __future__ import annotations

from dossier.compose.document import Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.tables.cells import Content, cell, dash, table
from dossier.estimate.model import Proportion, TimeToEvent

_RATES = ("orr", "dcr", "cbr_16w", "cbr_24w")
_TIMES = ("dor", "pfs", "os")
_HARMS = {"grade_3_or_higher": "severe", "serious": "serious"}


def efficacy(material: Material) -> Table:
    """One line a result: patients, estimate, confidence limits."""
    say, estimation = material.say, material.settings.estimation
    level = material.numbers.level(estimation.confidence)
    names = ("result", "patients", "estimate", "interval")
    columns = tuple(say(f"tables.efficacy.columns.{name}", level=level) for name in names)
    rows: list[Row] = []
    reasons: list[Content] = []
    for name in _RATES:
        share = material.results.proportions.get(name)
        if share is not None:
            rows.append(_rate(material, say(f"endpoints.{name}"), share, f"endpoints.{name}"))
            if share.estimate is not None or not share.unknown:
                reasons.append(_reason(material, say(f"endpoints.{name}"), share.reason))
    for name in _TIMES:
        time = material.results.times[name]
        rows.append(_median(material, name, time))
        if not time.unknown:
            reasons.append(_reason(material, say(f"endpoints.{name}"), time.reason))
        if name == "pfs":
            rows += _landmarks(material, name, time)
    for name, words in _HARMS.items():
        share = material.results.safety.overview.get(name)
        if share is not None:
            label = say(f"tables.efficacy.rows.{words}")
            rows.append(_rate(material, label, share, f"safety.overview.{name}"))
    note = say(
        "tables.efficacy.note",
        rates=say(f"methods.{estimation.proportion_ci}"),
        times=say(f"methods.limits.{estimation.ci}"),
    )
    return table(
        material, "efficacy", columns, rows, (0.42, 0.2, 0.18, 0.2), notes=(note, *reasons)
    )


def _rate(material: Material, label: str, share: Proportion, path: str) -> Row:
    counts: Content = (Number(f"{share.events}/{share.n}", f"{path}.events"),)
    if share.estimate is None and share.unknown:
        counts = _unknown(material, share.unknown, share.n, path)
    limits = material.share_limits(share, path)
    return (
        cell(label),
        cell(counts, "right"),
        cell(material.percent(share, path), "right"),
        dash(material) if share.estimate is None else cell(limits, "right"),
    )


def _median(material: Material, name: str, time: TimeToEvent) -> Row:
    path = f"endpoints.{name}"
    words = material.say.lower(material.say(f"endpoints.{name}"))
    counts = material.say.inlines(
        "tables.efficacy.reached",
        events=Number(str(time.events), f"{path}.events"),
        n=Number(str(time.n), f"{path}.n"),
    )
    if time.reason is not None and time.unknown:
        counts = _unknown(material, time.unknown, time.n, path)
    known = time.median.ci_lower_days is not None or time.median.ci_upper_days is not None
    return (
        cell(material.say("tables.efficacy.rows.median", endpoint=words)),
        cell(counts, "right"),
        cell(material.median(time, path), "right"),
        cell(material.median_limits(time, path), "right") if known else dash(material),
    )


def _unknown(material: Material, unknown: int, known: int, path: str) -> Inlines:
    """Of how many patients the result is not known, in place of a count of those who remain."""
    return material.say.inlines(
        "tables.efficacy.unknown",
        unknown=Number(str(unknown), f"{path}.unknown"),
        total=str(unknown + known),
    )


def _landmarks(material: Material, name: str, time: TimeToEvent) -> list[Row]:
    rows: list[Row] = []
    for position, landmark in enumerate(time.landmarks):
        if landmark.estimate is None:
            continue
        path = f"endpoints.{name}.landmarks.{position}"
        label = material.say(
            "tables.efficacy.rows.landmark",
            endpoint=material.say(f"endpoints_short.{name}"),
            time=material.landmark_label(landmark),
        )
        at_risk = Number(str(landmark.at_risk), f"{path}.at_risk")
        risk = material.say("tables.times.rows.at_risk")
        rows.append(
            (
                cell(label, indent=1),
                cell(
                    material.say.inlines("format.counted_reason", reason=risk, n=at_risk), "right"
                ),
                cell(material.landmark(landmark, path), "right"),
                cell(material.share_limits(landmark, path), "right")
                if landmark.ci_lower is not None
                else dash(material),
            )
        )
    return rows


def _reason(material: Material, result: str, reason: str | None) -> str:
    if reason is None:
        return ""
    words = literal(material.say.reason(reason))
    return material.say("tables.efficacy.reason", result=result, reason=words)
