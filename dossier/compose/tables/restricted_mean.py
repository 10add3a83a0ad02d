"""Restricted mean times: the mean time without the event within a horizon, by arm and compared."""

from __future__ import annotations

from dossier.compose.document import Inline, Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.numbers import months_of
from dossier.compose.tables.cells import Content, absent, cell, dash, group, number, table
from dossier.estimate.arm_comparison import ArmComparison
from dossier.estimate.model import Results
from dossier.estimate.restricted_mean import RestrictedMeanTime

ENDPOINTS = ("pfs", "os")
# Lines by endpoint and by what must be said of them.
Remarks = dict[tuple[str, str], list[str]]
_NAMES = ("patients", "horizon", "at_risk", "mean", "limits")


def restricted_mean(material: Material) -> Table:
    """A line for all patients and for each arm, and one for each arm less the reference."""
    say, results = material.say, material.results
    level = material.numbers.level(material.settings.estimation.confidence)
    columns = [say(f"tables.restricted_mean.columns.{name}", level=level) for name in _NAMES]
    if material.settings.estimation.restricted_mean is None:
        return absent(material, "restricted_mean", columns, say("tables.restricted_mean.absent"))
    rows: list[Row] = []
    remarks: Remarks = {}
    for endpoint in ENDPOINTS:
        rows.append(group(material, f"endpoints.{endpoint}", len(columns)))
        everybody = say("tables.restricted_mean.all")
        if not material.arms_apart:
            rows += _line(material, everybody, results, endpoint, "", remarks)
        for name, arm in results.arms.items():
            rows += _line(material, literal(name), arm, endpoint, f"arms.{name}.", remarks)
        rows += [
            _difference(material, each, f"comparisons.{place}.restricted_mean", remarks)
            for place, each in enumerate(results.comparisons)
            if each.endpoint == endpoint and each.restricted_mean is not None
        ]
    notes: list[Content] = [say("tables.restricted_mean.note")]
    if results.arms:
        notes.append(say("tables.restricted_mean.difference_note"))
    for (endpoint, text), groups in remarks.items():
        values = {"endpoint": say(f"endpoints_short.{endpoint}"), "groups": "; ".join(groups)}
        words = literal(say.reason(text))
        notes.append(say("tables.restricted_mean.remark", reason=words, **values))
    notes.append(say("tables.restricted_mean.abbreviations"))
    widths = (0.4, 0.14, 0.12, 0.14, 0.2)
    return table(material, "restricted_mean", columns, rows, widths, notes=notes)


def _line(
    material: Material,
    name: str,
    results: Results,
    endpoint: str,
    prefix: str,
    remarks: Remarks,
) -> list[Row]:
    found = results.times[endpoint].restricted_mean
    if found is None:
        return []
    path = f"{prefix}endpoints.{endpoint}.restricted_mean"
    _remark(remarks, endpoint, name, found.reason, found.note)
    label = cell(name, indent=1)
    if found.tau_days is None:
        return [(label, *[dash(material)] * 4)]
    horizon = Number(material.numbers.decimal(months_of(found.tau_days)), f"{path}.tau_months")
    return [
        (
            label,
            cell(horizon, "right"),
            number(found.at_risk, f"{path}.at_risk"),
            *_mean(material, found, path),
        )
    ]


def _mean(material: Material, found: RestrictedMeanTime, path: str) -> Row:
    if found.days is None:
        return (dash(material), dash(material))
    mean = Number(material.numbers.decimal(months_of(found.days)), f"{path}.months")
    limits = _limits(material, found.ci_lower_days, found.ci_upper_days, path, signed=False)
    return (cell(mean, "right"), dash(material) if limits is None else cell(limits, "right"))


def _difference(material: Material, each: ArmComparison, path: str, remarks: Remarks) -> Row:
    say, found = material.say, each.restricted_mean
    names = {"arm": literal(each.arm), "reference": literal(each.reference)}
    name = say("tables.restricted_mean.difference", **names)
    label = cell(name, indent=1)
    if found is None or found.tau_days is None:
        return (label, *[dash(material)] * 4)
    estimate = found.difference
    _remark(remarks, each.endpoint, name, estimate.reason, found.note)
    horizon = Number(material.numbers.decimal(months_of(found.tau_days)), f"{path}.tau_months")
    start = (label, cell(horizon, "right"), dash(material))
    if estimate.estimate is None:
        return (*start, dash(material), dash(material))
    gain = material.numbers.decimal(months_of(estimate.estimate), signed=True)
    limits = _limits(material, estimate.lower, estimate.upper, path, signed=True)
    return (
        *start,
        cell(Number(gain, f"{path}.difference_months"), "right"),
        dash(material) if limits is None else cell(limits, "right"),
    )


def _limits(
    material: Material, lower: float | None, upper: float | None, path: str, *, signed: bool
) -> Inlines | None:
    if lower is None or upper is None:
        return None
    low, high = (
        Number(material.numbers.decimal(months_of(days), signed=signed), f"{path}.{name}")
        for days, name in ((lower, "ci_lower_months"), (upper, "ci_upper_months"))
    )
    key = "tables.comparisons.limits" if signed else "format.limits"
    ends: dict[str, Inline] = {"lower": low, "upper": high}
    return material.say.inlines(key, **ends)


def _remark(remarks: Remarks, endpoint: str, name: str, *texts: str | None) -> None:
    """What a reader must know of a line, kept to be said once for all lines it holds for."""
    for text in texts:
        if text is not None:
            remarks.setdefault((endpoint, text), []).append(name)
