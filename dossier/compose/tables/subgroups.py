"""Response and progression-free survival by baseline characteristics."""

from __future__ import annotations

from dossier.compose.document import Inline, Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.numbers import months_of
from dossier.compose.tables.cells import Content, absent, cell, dash, spanning, table
from dossier.compose.tables.p_values import p_value
from dossier.estimate.model import Landmark
from dossier.estimate.subgroups import Subgroup, Subgrouping, SubgroupTime


def subgroups(material: Material) -> Table:
    """A line a group: response with its limits, and median PFS; the test of one common rate."""
    say, found = material.say, material.results.subgroups
    level = material.numbers.level(material.settings.estimation.confidence)
    names = ("group", "orr", "orr_limits", "pfs", "pfs_limits")
    columns = [say(f"tables.subgroups.columns.{name}", level=level) for name in names]
    asked = material.settings.estimation.subgroups.pfs_landmark
    if asked is not None:
        time = material.duration(str(asked))
        columns.append(say("tables.subgroups.columns.landmark", time=time, level=level))
    if found is None:
        return absent(material, "subgroups", columns, say("figures.subgroups.absent"))
    rows: list[Row] = []
    tests: list[Content] = []
    for each in found.by:
        path = f"subgroups.columns.{each.column}"
        name = literal(say.of("characteristics", each.column))
        heading = "prespecified" if each.prespecified else "not_declared"
        words = say(f"tables.subgroups.headings.{heading}", characteristic=name)
        rows.append(spanning(words, len(columns), strong=True))
        rows += [
            _group(material, each, group, f"{path}.groups.{position}")
            for position, group in enumerate(each.groups)
        ]
        if each.missing:
            tests.append(say("tables.subgroups.unknown", characteristic=name, n=each.missing))
        tests += _test(material, each, name, path)
    notes: list[Content] = [
        say("tables.subgroups.note"),
        say("tables.subgroups.too_few", n=found.minimum),
        *tests,
        say("tables.subgroups.abbreviations"),
    ]
    widths: tuple[float, ...] = (0.36, 0.17, 0.15, 0.15, 0.17)
    if asked is not None:
        widths = (0.26, 0.16, 0.12, 0.12, 0.15, 0.19)
    return table(material, "subgroups", columns, rows, widths, notes=notes)


def _group(material: Material, each: Subgrouping, group: Subgroup, path: str) -> Row:
    share = group.rates["orr"]
    label = cell(literal(material.say.baseline_value(each.column, group.label)), indent=1)
    if share.estimate is None:
        counted = material.say.inlines(
            "tables.subgroups.counted",
            events=Number(str(share.events), f"{path}.orr.events"),
            n=Number(str(share.n), f"{path}.orr.n"),
        )
        rate = (cell(counted, "right"), dash(material))
    else:
        limits = material.share_limits(share, f"{path}.orr")
        rate = (cell(material.rate(share, f"{path}.orr"), "right"), cell(limits, "right"))
    landmark = _landmark(material, group.pfs.landmark, f"{path}.pfs.landmark")
    return (label, *rate, *_median(material, group.pfs, f"{path}.pfs.median"), *landmark)


def _landmark(material: Material, found: Landmark | None, path: str) -> Row:
    """The share still free of progression, where the settings ask for it."""
    if found is None:
        return ()
    if found.estimate is None:
        return (dash(material),)
    shown = material.landmark(found, path)
    if found.ci_lower is not None:
        limits = material.share_limits(found, path)
        shown = material.say.inlines("tables.with_limits", estimate=shown, limits=limits)
    return (cell(shown, "right"),)


def _median(material: Material, time: SubgroupTime, path: str) -> Row:
    numbers, median = material.numbers, time.median
    if median.days is None and not _known(time):
        reached = (median.reason or "").startswith("not reached")
        words = Number(numbers.not_reached, f"{path}.months") if reached else None
        return (dash(material) if words is None else cell(words, "right"), dash(material))
    shown: Inline = Number(
        numbers.not_reached if median.days is None else numbers.decimal(months_of(median.days)),
        f"{path}.months",
    )
    low, high = (
        Number(
            numbers.not_reached if days is None else numbers.decimal(months_of(days)),
            f"{path}.{name}",
        )
        for days, name in (
            (median.ci_lower_days, "ci_lower_months"),
            (median.ci_upper_days, "ci_upper_months"),
        )
    )
    limits = material.say.inlines("format.limits", lower=low, upper=high)
    return (cell(shown, "right"), cell(limits, "right") if _known(time) else dash(material))


def _known(time: SubgroupTime) -> bool:
    return time.median.ci_lower_days is not None or time.median.ci_upper_days is not None


def _test(material: Material, each: Subgrouping, name: str, path: str) -> list[Inlines]:
    """The test of one common response rate, where the settings ask for it."""
    say, found = material.say, each.heterogeneity
    if found is None:
        return []
    if found.p_value is None or found.test is None:
        reason = literal(say.reason(found.reason or "not known"))
        return [say.inlines("tables.subgroups.no_test", characteristic=name, reason=reason)]
    method = say(f"tables.subgroups.tests.{found.test}")
    value = p_value(material, found.p_value, f"{path}.heterogeneity.p_value")
    return [say.inlines("tables.subgroups.test", characteristic=name, test=method, value=value)]
