"""Rates of groups of patients, subgroups or baskets, as a forest plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

from dossier.compose.figures.forest import (
    Estimate,
    Forest,
    ForestRow,
    forest_scene,
)
from dossier.compose.figures.marks import ACCENT, VERMILION, Key, mark
from dossier.compose.insertions import literal
from dossier.compose.numbers import Numbers
from dossier.compose.scene import Line, Scene, Shape
from dossier.compose.wording import Wording
from dossier.estimate.baskets import BasketRates
from dossier.estimate.model import Proportion
from dossier.estimate.subgroups import SubgroupResults


@dataclass(frozen=True)
class GroupRate:
    """The rate of a group.

    Parameters
    ----------
    label
        Its name.
    events, n
        Patients with the outcome and all.
    rate
        The share with its limits; None where there are too few patients.
    shrunken
        The share that borrows strength from the other groups; None without such an analysis.
    """

    label: str
    events: int
    n: int
    rate: Estimate | None
    shrunken: Estimate | None = None


@dataclass(frozen=True)
class RateGroups:
    """Groups by one characteristic, ``name``; ``""`` where there is only one."""

    name: str
    groups: tuple[GroupRate, ...]


def group_rate(label: str, share: Proportion) -> GroupRate:
    """The rate of a group from a share; without an estimate where the share has none."""
    if share.estimate is None:
        return GroupRate(label, share.events, share.n, None)
    rate = Estimate(share.estimate, share.ci_lower, share.ci_upper)
    return GroupRate(label, share.events, share.n, rate)


def subgroup_rates(found: SubgroupResults, endpoint: str, say: Wording) -> tuple[RateGroups, ...]:
    """Rates of every subgroup.

    Parameters
    ----------
    found
        The subgroups.
    endpoint
        ``orr`` or ``cbr_16w``.
    say
        The words of the language.
    """
    return tuple(
        RateGroups(
            literal(say.of("characteristics", each.column)),
            tuple(
                group_rate(
                    literal(say.baseline_value(each.column, group.label)), group.rates[endpoint]
                )
                for group in each.groups
                if endpoint in group.rates
            ),
        )
        for each in found.by
    )


def basket_rates(found: BasketRates, say: Wording) -> RateGroups:
    """Rates of every basket, alone and shrunken towards the others."""
    groups = []
    for basket in found.baskets:
        label = literal(say.baseline_value(found.column, basket.label))
        alone, shrunken = group_rate(label, basket.raw), basket.shrunken
        if shrunken is not None:
            drawn = Estimate(shrunken.mean, shrunken.ci_lower, shrunken.ci_upper)
            alone = replace(alone, shrunken=drawn)
        groups.append(alone)
    return RateGroups(literal(say.of("characteristics", found.column)), tuple(groups))


def share_ticks(high: float) -> tuple[float, ...]:
    """Round shares at equal distances from 0 to at least ``high``, at most 1.

    Examples
    --------
    >>> share_ticks(0.62)
    (0.0, 0.2, 0.4, 0.6, 0.8)
    """
    step = next((step for step in (0.05, 0.1, 0.2) if high <= 5 * step + 1e-9), 0.2)
    return tuple(round(step * i, 9) for i in range(ceil(high / step - 1e-9) + 1))


def rate_forest(
    characteristics: Sequence[RateGroups], overall: GroupRate, endpoint: str, say: Wording
) -> Scene:
    """Forest plot of a rate by groups, with all patients together at the foot.

    Parameters
    ----------
    characteristics
        The groups.
    overall
        All patients; the reference line stands at their rate.
    endpoint
        Name of the rate.
    say
        The words of the language.
    """
    numbers = Numbers(say)
    groups = [group for each in characteristics for group in each.groups]
    both = any(group.shrunken is not None for group in groups)
    most = max([*(group.n for group in groups), 1])
    rows: list[ForestRow] = []
    for each in characteristics:
        if each.name:
            rows.append(ForestRow(each.name, heading=True))
        rows += [_row(group, each.name, most, both, say) for group in each.groups]
    total = say("figures.forest.overall")
    named = [
        (_full_name(e.name, group.label), group) for e in characteristics for group in e.groups
    ]
    named.append((total, overall))
    rows.append(_overall(overall, total, both, say))
    ends = [
        limit
        for group in (*groups, overall)
        for estimate in (group.rate, group.shrunken)
        if estimate is not None
        for limit in (estimate.value, estimate.upper)
        if limit is not None
    ]
    ticks = share_ticks(min(max([*ends, 0.2]), 1.0))
    reference = None
    if overall.rate is not None:
        percent = numbers.percent(overall.rate.value)
        reference = (overall.rate.value, say("figures.forest.reference", rate=percent))
    names = ("events", "n", "estimate", "lower", "upper")
    shrunken = ("shrunken", "shrunken_lower", "shrunken_upper")
    columns = ("group", *names, *(shrunken if both else ()))
    return forest_scene(
        Forest(
            title=endpoint,
            alt=_alt(named, endpoint, say),
            axis=endpoint,
            rows=tuple(rows),
            ticks=tuple((tick, numbers.percent(tick, 0)) for tick in ticks),
            name_heading=say("figures.forest.group"),
            left_headings=(say("figures.forest.rate_columns.patients"),),
            right_headings=(say("figures.forest.rate_columns.rate"),),
            reference=reference,
            keys=_keys(say) if both else (),
            data_columns=tuple(say(f"figures.forest.columns.{name}") for name in columns),
        )
    )


def _row(group: GroupRate, characteristic: str, most: int, both: bool, say: Wording) -> ForestRow:
    return ForestRow(
        label=group.label,
        left=(f"{group.events}/{group.n}",),
        right=(_printed(group, say),),
        estimate=group.rate,
        second=group.shrunken,
        weight=(group.n / most) ** 0.5,
        remark=say("figures.forest.too_few"),
        data=(_full_name(characteristic, group.label), *_data(group, both)),
    )


def _overall(overall: GroupRate, name: str, both: bool, say: Wording) -> ForestRow:
    row = _row(overall, "", max(overall.n, 1), both, say)
    return ForestRow(
        label=name, left=row.left, right=row.right, estimate=row.estimate, kind="diamond",
        weight=1.0, remark=row.remark, data=(name, *row.data[1:]),
    )  # fmt: skip


def _data(group: GroupRate, both: bool) -> tuple[float | None, ...]:
    found: list[float | None] = [group.events, group.n]
    for estimate in (group.rate, group.shrunken)[: 2 if both else 1]:
        if estimate is None:
            found += [None, None, None]
        else:
            found += [estimate.value, estimate.lower, estimate.upper]
    return tuple(found)


def _printed(group: GroupRate, say: Wording) -> str:
    numbers = Numbers(say)
    if group.rate is None:
        return numbers.dash
    percent = numbers.percent(Fraction(group.events, group.n))
    limits = numbers.percent_limits(group.rate.lower, group.rate.upper)
    return say("figures.forest.estimate_with_limits", estimate=percent, limits=limits)


def _keys(say: Wording) -> tuple[Key, ...]:
    def raw(x: float, y: float) -> list[Shape]:
        return [Line(((x - 8, y), (x + 8, y)), ACCENT, 1.1), *mark("disc", x, y, 5.5, ACCENT)]

    def shrunken(x: float, y: float) -> list[Shape]:
        line = Line(((x - 8, y), (x + 8, y)), VERMILION, 1.1, (3.0, 1.6))
        return [line, *mark("circle", x, y, 5.0, VERMILION)]

    return (
        Key(raw, say("figures.forest.raw"), 16.0),
        Key(shrunken, say("figures.forest.shrunken"), 16.0),
    )


def _alt(named: Sequence[tuple[str, GroupRate]], endpoint: str, say: Wording) -> str:
    numbers = Numbers(say)
    texts = (
        say("figures.forest.alt_row", group=name, rate=numbers.rate(group.events, group.n))
        for name, group in named
    )
    listed = say("rules.joined_remarks").join(texts)
    return say("figures.forest.alt", title=endpoint, rows=listed)


def _full_name(characteristic: str, label: str) -> str:
    return f"{characteristic}: {label}" if characteristic else label
