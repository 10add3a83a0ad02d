"""Time to response and duration of response: estimates, landmarks and shares that lasted."""

from __future__ import annotations

from dossier.compose.document import Row, Table
from dossier.compose.facts import observed_time
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.tables.cells import absent, cell, dash, group, number, table

_KEY = "tables.response_duration"


def response_duration(material: Material) -> Table:
    """One row a result: the value, and the limits where it has any."""
    say, results = material.say, material.results
    dor, path = results.times["dor"], "endpoints.dor"
    level = material.numbers.level(dor.confidence)
    columns = (
        say(f"{_KEY}.columns.result"),
        say(f"{_KEY}.columns.value"),
        say(f"{_KEY}.columns.limits", level=level),
    )
    if not dor.n + dor.unknown:
        reason = literal(say.reason(dor.reason or "no responders"))
        return absent(material, "response_duration", columns, reason)
    empty = cell("", "right")
    rows: list[Row] = [
        group(material, f"{_KEY}.groups.time_to_response", len(columns)),
        *_time_to_response(material),
        group(material, f"{_KEY}.groups.duration", len(columns)),
    ]
    for part in ("n", "unknown", "events", "censored"):
        if part == "unknown" and not dor.unknown:
            continue
        label = cell(say(f"{_KEY}.rows.{part}"), indent=1)
        rows.append((label, number(getattr(dor, part), f"{path}.{part}"), empty))
    limits = cell(material.median_limits(dor, path), "right")
    rows.append(
        (
            cell(say(f"{_KEY}.rows.median"), indent=1),
            cell(material.median(dor, path, unit=False), "right"),
            dash(material) if dor.reason else limits,
        )
    )
    extent = cell(material.observed_range(dor, path), "right")
    rows.append((cell(say(f"{_KEY}.rows.range"), indent=1), extent, empty))
    if dor.reason is None:
        rows.append(group(material, f"{_KEY}.groups.landmarks", len(columns)))
        rows += _landmarks(material)
    if dor.lasting:
        rows.append(group(material, f"{_KEY}.groups.lasting", len(columns)))
        rows += _lasting(material)
    estimation = material.settings.estimation
    notes = [
        say(
            f"{_KEY}.note",
            limits=say(f"methods.limits.{estimation.ci}"),
            method=say(f"methods.{estimation.proportion_ci}"),
        )
    ]
    if dor.reason is not None:
        reason = literal(say.reason(dor.reason))
        notes.append(say("tables.times.reason", endpoint=say("endpoints.dor"), reason=reason))
    if results.time_to_response.reason:
        reason = literal(say.reason(results.time_to_response.reason))
        words = say("endpoints.time_to_response")
        notes.append(say("tables.times.reason", endpoint=words, reason=reason))
    notes.append(say(f"{_KEY}.abbreviations"))
    return table(material, "response_duration", columns, rows, (0.56, 0.24, 0.2), notes=notes)


def _time_to_response(material: Material) -> list[Row]:
    say, path = material.say, "endpoints.time_to_response"
    found = observed_time(material, material.results.time_to_response, path)
    empty = cell("", "right")
    count = number(material.results.time_to_response.n, f"{path}.n")
    if not found.known:
        label = cell(say(f"{_KEY}.rows.median"), indent=1)
        return [(label, cell(found.number.inlines, "right"), empty)]
    rows: list[Row] = [(cell(say(f"{_KEY}.rows.n"), indent=1), count, empty)]
    for name, shown in (("median", found.number), ("range", found.range)):
        label = cell(say(f"{_KEY}.rows.{name}"), indent=1)
        rows.append((label, cell(shown.inlines, "right"), empty))
    return rows


def _landmarks(material: Material) -> list[Row]:
    say, dor = material.say, material.results.times["dor"]
    rows: list[Row] = []
    for place, mark in enumerate(dor.landmarks):
        path = f"endpoints.dor.landmarks.{place}"
        none = mark.ci_lower is None and mark.ci_upper is None
        label = say(f"{_KEY}.rows.landmark", time=material.landmark_label(mark))
        rows.append(
            (
                cell(label, indent=1),
                cell(material.landmark(mark, path), "right"),
                dash(material) if none else cell(material.share_limits(mark, path), "right"),
            )
        )
        at_risk = number(mark.at_risk, f"{path}.at_risk")
        rows.append((cell(say(f"{_KEY}.rows.at_risk"), indent=2), at_risk, cell("", "right")))
    return rows


def _lasting(material: Material) -> list[Row]:
    say, dor = material.say, material.results.times["dor"]
    rows: list[Row] = []
    for place, found in enumerate(dor.lasting):
        path, share = f"endpoints.dor.lasting.{place}", found.share
        label = say(f"{_KEY}.rows.lasting", time=material.duration(found.label))
        none = share.estimate is None
        rows.append(
            (
                cell(label, indent=1),
                cell(material.rate(share, path), "right"),
                dash(material) if none else cell(material.share_limits(share, path), "right"),
            )
        )
        early = number(share.too_early, f"{path}.too_early")
        rows.append((cell(say(f"{_KEY}.rows.too_early"), indent=2), early, cell("", "right")))
    return rows
