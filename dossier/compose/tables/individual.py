"""Each patient as their own control (PFS ratio), and exceptional responders."""

from __future__ import annotations

from dossier.compose.document import Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.numbers import exact
from dossier.compose.tables.cells import Content, absent, cell, count, dash, number, table
from dossier.estimate.individual import MedianRatio, PfsRatio

_WIDTHS = (0.66, 0.34)


def pfs_ratio(material: Material) -> Table:
    """Patients by whether they reached the PFS ratio, the share, its bounds and the median."""
    say, found = material.say, material.results.pfs_ratio
    key, path = "tables.pfs_ratio", "endpoints.pfs_ratio"
    treated = material.results.populations["treated"]
    columns = (say(f"{key}.columns.result"), say("tables.n_of", n=treated))
    if found is None or not found.with_ratio:
        return absent(material, "pfs_ratio", columns, say(f"{key}.absent"))
    threshold = material.numbers.plain(found.threshold)
    level = material.numbers.level(found.share.confidence)
    rows: list[Row] = [
        (
            cell(say(f"{key}.rows.with_ratio"), strong=True),
            number(found.with_ratio, f"{path}.with_ratio"),
        ),
        *(
            (
                cell(say(f"{key}.rows.{name}", threshold=threshold), indent=1),
                number(n, f"{path}.{name}"),
            )
            for name, n in (
                ("events", found.share.events),
                ("not_reached", found.share.n - found.share.events),
                ("indeterminate", found.indeterminate),
            )
        ),
        (cell(say(f"{key}.rows.not_given")), number(found.not_given, f"{path}.not_given")),
        *(
            (
                cell(literal(say.capital(say.reason(why)))),
                number(n, f"{path}.unknown_reasons.{why}"),
            )
            for why, n in found.unknown_reasons.items()
        ),
    ]
    rows += _share_rows(material, found, path, threshold, level)
    median = found.median
    rows.append(
        (
            cell(say(f"{key}.rows.median"), strong=True),
            cell(_median(material, median, path), "right"),
        )
    )
    limits = cell(median_limits(material, median, path), "right")
    rows.append((cell(say(f"{key}.rows.median_limits", level=level), indent=1), limits))
    estimation = material.settings.estimation
    notes = [
        say(
            f"{key}.note",
            method=say(f"methods.{estimation.proportion_ci}"),
            limits=say(f"methods.limits.{estimation.ci}"),
        )
    ]
    if found.share.reason:
        reason = literal(say.reason(found.share.reason))
        notes.append(say(f"{key}.reason", reason=reason))
    return table(material, "pfs_ratio", columns, rows, _WIDTHS, notes=notes)


def _share_rows(
    material: Material, found: PfsRatio, path: str, threshold: str, level: str
) -> list[Row]:
    key, say, known = "tables.pfs_ratio.rows", material.say, found.share.estimate is not None
    rate = cell(material.rate(found.share, path), "right") if known else dash(material)
    limits = cell(material.share_limits(found.share, path), "right") if known else dash(material)
    rows: list[Row] = [
        (cell(say(f"{key}.share", threshold=threshold), strong=True), rate),
        (cell(say(f"{key}.limits", level=level), indent=1), limits),
    ]
    if found.indeterminate and found.lowest is not None and found.highest is not None:
        lowest, highest = (
            Number(material.numbers.decimal(exact(share) * 100), f"{path}.{name}")
            for name, share in (("lowest", found.lowest), ("highest", found.highest))
        )
        bounds = say.inlines("format.limits", lower=lowest, upper=highest)
        rows.append((cell(say(f"{key}.bounds"), indent=1), cell(bounds, "right")))
    return rows


def _median(material: Material, median: MedianRatio, path: str) -> Inlines:
    place = f"{path}.median.ratio"
    if median.ratio is None:
        return (Number(material.numbers.not_reached, place),)
    return (Number(material.numbers.decimal(median.ratio, 2), place),)


def median_limits(material: Material, median: MedianRatio, path: str) -> Inlines:
    """Limits of the median ratio, ``0.92–2.84``."""
    numbers = material.numbers
    if median.ci_lower is None and median.ci_upper is None:
        return (Number(numbers.not_estimable, f"{path}.median.ci_lower"),)
    lower, upper = (
        Number(numbers.not_reached if x is None else numbers.decimal(x, 2), f"{path}.median.{name}")
        for name, x in (("ci_lower", median.ci_lower), ("ci_upper", median.ci_upper))
    )
    return material.say.inlines("format.limits", lower=lower, upper=upper)


def exceptional_responders(material: Material) -> Table:
    """Patients with a complete response, or free of progression for very long."""
    say, found = material.say, material.results.exceptional
    key, path = "tables.exceptional_responders", "endpoints.exceptional_responders"
    treated = material.results.populations["treated"]
    columns = (say(f"{key}.columns.result"), say("tables.n_of", n=treated))
    if found is None or found.share.estimate is None:
        return absent(material, "exceptional_responders", columns, say(f"{key}.absent"))
    months = material.numbers.plain(material.settings.derivation.exceptional_pfs_months)
    level = material.numbers.level(found.share.confidence)
    rows: list[Row] = [
        (
            cell(say(f"{key}.rows.share"), strong=True),
            cell(material.rate(found.share, path), "right"),
        ),
        (
            cell(say(f"{key}.rows.limits", level=level), indent=1),
            cell(material.share_limits(found.share, path), "right"),
        ),
    ]
    for basis, name in (
        ("complete response", "complete"),
        ("long progression-free survival", "long"),
    ):
        label = say(f"{key}.rows.{name}", months=months)
        rows.append((cell(label, indent=1), number(found.bases[basis], f"{path}.bases.{basis}")))
    label = say(f"{key}.rows.followed_too_short", months=months)
    rows.append(
        (
            cell(label),
            count(material, found.followed_too_short, treated, f"{path}.followed_too_short"),
        )
    )
    notes: list[Content] = [
        say(f"{key}.note", method=say(f"methods.{material.settings.estimation.proportion_ci}"))
    ]
    if found.share.unknown:
        notes.append(say(f"{key}.unknown", n=found.share.unknown))
    return table(material, "exceptional_responders", columns, rows, _WIDTHS, notes=notes)
