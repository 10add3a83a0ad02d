"""Threshold margins: how far each rule lies from its threshold, with its confidence limits.

Rules speak of percentages, months and counts; to stand on one axis each distance is divided by its
threshold. The side of 'met' is on the right, also where a rule sets a largest value.
"""

from __future__ import annotations

from dataclasses import dataclass

from dossier.appraise.verdict import RuleVerdict, Verdict
from dossier.compose.document import Number, plain_text
from dossier.compose.figures.forest import Estimate, Forest, ForestRow, forest_scene
from dossier.compose.figures.marks import ACCENT, Key, MarkKind, mark, mark_key
from dossier.compose.insertions import literal
from dossier.compose.judging import conditions_of_kind, title_of
from dossier.compose.material import Inlines, Material
from dossier.compose.numbers import Numbers, exact
from dossier.compose.rule_print import printed_rules, speaks_of_limit
from dossier.compose.scene import Line, Scene, Shape
from dossier.compose.wording import Wording

_TICKS = (-1.0, -0.5, 0.0, 0.5, 1.0)
MARKS: dict[Verdict, MarkKind] = {Verdict.MET: "disc", Verdict.NOT_MET: "cross"}


@dataclass(frozen=True)
class RuleMargin:
    """One rule.

    Parameters
    ----------
    name
        What it speaks of.
    observed, required
        As printed.
    verdict
        Outcome.
    margin
        Distance from the threshold as a share of it, positive on the side of 'met'; None where the
        rule cannot be assessed or has no such distance.
    remark
        Why there is no distance.
    """

    name: str
    observed: str
    required: str
    verdict: Verdict
    margin: Estimate | None
    remark: str = ""


@dataclass(frozen=True)
class CriterionMargins:
    """The rules of a criterion that compare with a threshold, in the order of its file."""

    title: str
    rules: tuple[RuleMargin, ...]


def criterion_margins(material: Material, criterion: int) -> CriterionMargins:
    """Distances of the rules of a criterion.

    Declared facts have none, and what only tells kinds of studies apart asks nothing: both are
    left out.

    Parameters
    ----------
    material
        The evaluation and its words.
    criterion
        Place among the verdicts.
    """
    verdict = material.evaluation.verdicts[criterion]
    of_kind = conditions_of_kind(verdict)
    rules: list[RuleMargin] = []
    for printed in printed_rules(material, criterion):
        rule = printed.rule
        if rule.comparison == "is" or rule.id in of_kind:
            continue
        margin = relative_margin(rule)
        # Why it cannot be assessed stands in the table of the criterion.
        words = material.say(f"verdicts.{rule.verdict}")
        rules.append(
            RuleMargin(
                name=material.say.capital(printed.subject),
                observed=_observed(material, rule, printed.observed),
                required=printed.required if rule.threshold is not None else material.numbers.dash,
                verdict=rule.verdict,
                margin=margin,
                remark="" if margin is not None else words,
            )
        )
    title = literal(title_of(material, verdict))
    return CriterionMargins(title, tuple(dict.fromkeys(rules)))


def relative_margin(rule: RuleVerdict) -> Estimate | None:
    """Distance from the threshold with its limits, as shares of the threshold; None without one."""
    if rule.verdict not in MARKS or rule.margin is None or not rule.threshold:
        return None
    threshold, down = rule.threshold, rule.comparison in ("<=", "<")

    def distance(value: float | None) -> float | None:
        if value is None:
            return None
        share = (value - threshold) / abs(threshold)
        return -share if down else share

    value = distance(rule.observed)
    assert value is not None  # noqa: S101  for the type checker: observed is known here
    if speaks_of_limit(rule) or (rule.ci_lower is None and rule.ci_upper is None):
        return Estimate(value, value, value)
    low, high = distance(rule.ci_lower), distance(rule.ci_upper)
    return Estimate(value, high, low) if down else Estimate(value, low, high)


def margins_scene(criterion: CriterionMargins, say: Wording) -> Scene:
    """The figure."""
    numbers = Numbers(say)
    ticks = tuple(
        (tick, say("format.percent", number=numbers.decimal(tick * 100, 0, signed=True)))
        for tick in _TICKS
    )
    columns = tuple(
        say(f"figures.margins.columns.{name}")
        for name in ("rule", "observed", "required", "margin", "lower", "upper", "verdict")
    )
    forest = Forest(
        title=say("figures.margins.title", criterion=criterion.title),
        alt=_alt(criterion, say),
        axis=say("figures.margins.axis"),
        rows=tuple(_row(rule, say) for rule in criterion.rules),
        ticks=ticks,
        name_heading=say("figures.margins.columns.rule"),
        left_headings=(columns[1], columns[2]),
        reference=(0.0, say("figures.margins.threshold")),
        sides=(say("figures.margins.worse"), say("figures.margins.better")),
        keys=_keys(criterion, say),
        data_columns=columns,
    )
    return forest_scene(forest)


def margins_notes(say: Wording) -> tuple[str, ...]:
    """What a reader must know below the figure."""
    return (say("figures.margins.note"),)


def _observed(material: Material, rule: RuleVerdict, printed: Inlines) -> str:
    """The value as printed in the tables, its limits behind it."""
    value = next((run.text for run in printed if isinstance(run, Number)), plain_text(printed))
    if speaks_of_limit(rule) or (rule.ci_lower is None and rule.ci_upper is None):
        return value
    factor, places = (100 if rule.unit == "%" else 1), 1 if rule.unit else 2
    limits = material.numbers.limits(
        None if rule.ci_lower is None else exact(rule.ci_lower) * factor,
        None if rule.ci_upper is None else exact(rule.ci_upper) * factor,
        places,
    )
    return material.say("figures.margins.observed", value=value, limits=limits)


def _row(rule: RuleMargin, say: Wording) -> ForestRow:
    margin = rule.margin
    numbers = (None, None, None)
    if margin is not None:
        numbers = (margin.value, margin.lower, margin.upper)  # type: ignore[assignment]
    return ForestRow(
        label=rule.name,
        left=(rule.observed, rule.required),
        estimate=margin,
        kind=MARKS.get(rule.verdict, "square"),
        weight=0.7,
        remark=rule.remark,
        data=(rule.name, rule.observed, rule.required, *numbers, say(f"verdicts.{rule.verdict}")),
    )


def _keys(criterion: CriterionMargins, say: Wording) -> tuple[Key, ...]:
    shown = {rule.verdict for rule in criterion.rules if rule.margin is not None}
    keys = [
        mark_key(kind, say(f"verdicts.{verdict}"), ACCENT, 7.0)
        for verdict, kind in MARKS.items()
        if verdict in shown
    ]
    if shown:
        keys.append(Key(_arrow, say("figures.margins.arrow"), 18.0))
    return tuple(keys)


def _arrow(x: float, y: float) -> list[Shape]:
    return [Line(((x - 8, y), (x + 3, y)), ACCENT, 1.1), *mark("arrow", x + 3, y, 5.0, ACCENT)]


def _alt(criterion: CriterionMargins, say: Wording) -> str:
    parts = [say("figures.margins.alt", criterion=criterion.title)]
    for verdict in Verdict:
        names = tuple(
            say("figures.margins.alt_rule", rule=rule.name, observed=rule.observed,
                required=rule.required)
            for rule in criterion.rules
            if rule.verdict == verdict
        )  # fmt: skip
        if names:
            words = say(f"verdicts.{verdict}")
            listed = say("rules.joined_remarks").join(names)
            parts.append(say("figures.margins.alt_verdict", verdict=words, rules=listed))
    return " ".join(parts)
