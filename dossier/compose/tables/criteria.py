"""The verdicts: all criteria in short, and each criterion with the arithmetic of every rule."""

from __future__ import annotations

import datetime
from collections import Counter

from dossier.appraise.cohort_evidence import JUDGED_ARM
from dossier.appraise.verdict import RuleVerdict, Verdict
from dossier.compose.document import (
    Cell,
    CrossReference,
    LineBreak,
    Number,
    Row,
    Table,
    Text,
    Tone,
)
from dossier.compose.insertions import literal
from dossier.compose.judging import (
    at_limit_words,
    below_met,
    conditions,
    deciding_rules,
    no_limit,
    possible_grades,
    reason_words,
    title_of,
    verdict_words,
)
from dossier.compose.material import Inlines, Material
from dossier.compose.numbering import anchor
from dossier.compose.numbers import exact
from dossier.compose.rule_print import PrintedRule, missing_words, printed_rules
from dossier.compose.tables.cells import cell, runs, table
from dossier.estimate.arms import judged_arm

_MOST_RULES = 4


def verdicts(material: Material) -> Table:
    """Each criterion: the verdict in words, what decided it, by how much, what is missing."""
    say = material.say
    names = ("criterion", "verdict", "observed", "required", "margin")
    columns = tuple(say(f"tables.verdicts.columns.{name}") for name in names)
    rows: list[Row] = []
    for position, verdict in enumerate(material.evaluation.verdicts):
        title: Inlines = (Text(literal(title_of(material, verdict))),)
        if verdict.verdict is not Verdict.NOT_APPLICABLE:
            place = CrossReference(anchor("table", f"criterion_{verdict.id}"), "")
            title = (*title, Text(" ("), place, Text(")"))
        words = cell(verdict_words(material, verdict), tone=verdict.verdict.value, strong=True)
        rows.append((Cell(title, strong=True), words, *_remarks(material, position)))
        rules = {rule.rule.id: rule for rule in printed_rules(material, position)}
        deciding = () if JUDGED_ARM in verdict.missing else deciding_rules(verdict)
        rows += [_deciding(material, rules[name]) for name in deciding[:_MOST_RULES]]
        more = len(deciding) - _MOST_RULES
        if more > 0:
            words = cell(say("tables.verdicts.more", n=more), indent=1)
            rows.append((words, cell(""), cell(""), cell(""), cell("")))
    notes = (f"{_of_arm(material)} {say('tables.verdicts.note')}".strip(),)
    return table(
        material, "verdicts", columns, rows, (0.3, 0.12, 0.32, 0.12, 0.14), notes=notes, numeric=()
    )


def _of_arm(material: Material) -> str:
    """Which arm is judged, where there are several."""
    arm = judged_arm(material.results, material.settings.cohort) if material.results.arms else None
    return "" if arm is None else material.say("tables.verdicts.of_arm", arm=literal(arm))


def _remarks(material: Material, position: int) -> tuple[Cell | None, ...]:
    """What is missing, or why there is no verdict, over the columns of the numbers."""
    say, verdict = material.say, material.evaluation.verdicts[position]
    parts = []
    waiting = [step for step in verdict.adjustments if step.missing]
    if verdict.missing:
        names = say.listed(missing_words(material, verdict.missing))
        parts.append(say("rules.missing", names=names))
    elif verdict.grade is not None and len(waiting) > 1:
        if below := below_met(material, verdict):
            parts.append(below)
        parts.append(say("adjustments.many", n=len(waiting)))
    elif reason := reason_words(material, verdict):
        parts.append(reason)
    if verdict.possible_grades:
        parts.append(say("verdicts.possible_grades", grades=possible_grades(material, verdict)))
    if at_limit := at_limit_words(material, verdict):
        parts.append(say("tables.verdicts.at_limit", verdict=say.lower(at_limit)))
    elif no_limit(verdict):
        parts.append(say("tables.verdicts.no_limit"))
    if not parts:
        parts.append(_counted(material, position))
    remarks: Inlines = runs(say.capital(say("rules.joined_remarks").join(parts)))
    stability = verdict.stability
    if stability is not None and stability.reason is None:
        share = material.numbers.percent(exact(stability.same) / stability.resamples)
        number = Number(share, f"criteria.{position}.stability.share_same")
        same = say.inlines("tables.verdicts.same", share=number)
        remarks = (*remarks, Text(say("rules.joined_remarks")), *same)
    return (Cell(remarks, span=3), None, None)


def _counted(material: Material, position: int) -> str:
    """How many rules came out how, ``1 rule not met, 2 rules not assessable``."""
    say = material.say
    counts = Counter(rule.verdict for rule in material.evaluation.verdicts[position].rules)
    return ", ".join(
        say("tables.verdicts.rules", n=counts[verdict], verdict=say(f"verdicts.{verdict}").lower())
        for verdict in Verdict
        if counts[verdict]
    )


def _deciding(material: Material, printed: PrintedRule) -> Row:
    say = material.say
    return (
        cell(say.capital(printed.subject), indent=1),
        cell(say(f"verdicts.{printed.rule.verdict}"), tone=printed.rule.verdict.value),
        cell(printed.observed),
        cell(printed.required),
        cell(printed.margin or material.numbers.dash),
    )


def criterion(material: Material, name: str) -> Table:
    """Every rule of one criterion with its arithmetic and the source of its threshold."""
    say = material.say
    position = next(i for i, v in enumerate(material.evaluation.verdicts) if v.id == name)
    verdict = material.evaluation.verdicts[position]
    headings = ("rule", "observed", "required", "margin", "verdict", "at_limit")
    columns = tuple(say(f"tables.criterion.columns.{heading}") for heading in headings)
    rows: list[Row] = []
    sources: dict[str, list[str]] = {}
    conditional = conditions(verdict)
    for printed in printed_rules(material, position):
        is_condition = printed.rule.id in conditional
        rows.append(_rule_row(material, printed, is_condition=is_condition))
        sources.setdefault(_source(material, printed), []).append(printed.rule.id)
    notes = [_of_arm(material), say("tables.criterion.note")]
    if conditional:
        notes.append(say("tables.criterion.conditions"))
    stated = {source: ids for source, ids in sources.items() if source}
    for source, ids in stated.items():
        of_all = len(ids) == len(verdict.rules) > 1
        of = say("tables.criterion.all_rules") if of_all else ", ".join(ids)
        notes.append(say("tables.criterion.source", ids=of, source=source))
    caption = say(
        "tables.criterion.caption", title=title_of(material, verdict), version=verdict.version
    )
    return table(
        material,
        "criterion",
        columns,
        rows,
        (0.27, 0.29, 0.12, 0.14, 0.09, 0.09),
        notes=notes,
        name=verdict.id,
        caption=caption,
        numeric=(),
    )


def _rule_row(material: Material, printed: PrintedRule, *, is_condition: bool) -> Row:
    say, rule = material.say, printed.rule
    label: Inlines = (
        Text(literal(say("tables.criterion.rule", words=say.capital(printed.words), id=rule.id))),
    )
    if printed.remark:
        label = (*label, LineBreak(), Text(literal(say.capital(printed.remark))))
    observed = printed.observed
    if rule.n and not printed.counted:
        patients = say("tables.criterion.patients", n=rule.n)
        observed = (*observed, LineBreak(), Text(patients))
    at_limit = rule.verdict_at_lower_limit
    return (
        cell(label),
        cell(observed),
        cell(printed.required),
        cell(printed.margin or material.numbers.dash),
        _outcome(material, rule.verdict, is_condition=is_condition),
        cell(material.numbers.dash)
        if at_limit is None or rule.comparison == "is" or _without_limit(rule)
        else _outcome(material, at_limit, is_condition=is_condition),
    )


def _without_limit(rule: RuleVerdict) -> bool:
    """Whether the rule has a verdict, and no confidence limit to judge."""
    open_at_limit = rule.verdict_at_lower_limit is Verdict.NOT_ASSESSABLE
    return open_at_limit and rule.verdict is not Verdict.NOT_ASSESSABLE


def _outcome(material: Material, verdict: Verdict, *, is_condition: bool) -> Cell:
    """A verdict; a condition that does not hold is no failure."""
    if not is_condition:
        return cell(material.say(f"verdicts.{verdict}"), tone=verdict.value)
    known = verdict in (Verdict.MET, Verdict.NOT_MET)
    tone: Tone = "neutral" if known else verdict.value
    return cell(material.say(f"conditions.{verdict}"), tone=tone)


def _source(material: Material, printed: PrintedRule) -> str:
    """Where a threshold comes from, how well that was checked, and when."""
    say, rule = material.say, printed.rule
    status = say.of("threshold_status", rule.status) if rule.status else ""
    read_on = (
        say("tables.criterion.read_on", date=_date(material, rule.read_on)) if rule.read_on else ""
    )
    parts = tuple(part for part in (say.source(rule.source), status, read_on) if part)
    return literal(say("rules.joined_remarks").join(parts))


def _date(material: Material, text: str) -> str:
    """A date of a criteria file in words; as written where it is no full date."""
    try:
        return material.say.date(datetime.date.fromisoformat(text))
    except ValueError:
        return text
