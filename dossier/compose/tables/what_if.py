"""Tables of a what-if document beside those of the sensitivity analyses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dossier.appraise.verdict import Verdict
from dossier.compose.document import Cell, LineBreak, Number, Row, Table, Text, plain_text
from dossier.compose.figures.sweep import threshold_words
from dossier.compose.insertions import literal
from dossier.compose.judging import deciding_rules, title_of
from dossier.compose.material import Inlines, Material
from dossier.compose.rule_print import missing_words, printed_rules
from dossier.compose.scenario_print import (
    criterion_titles,
    found_in,
    rule_subjects,
    scenario_changes,
    scenario_names,
    verdict_text,
)
from dossier.compose.tables.cells import Content, absent, cell, dash, number, spanning, table
from dossier.scenarios.compared_criteria import ComparedCriterion, disagreements

__all__ = [
    "compared_criteria_table",
    "minimum_responders_table",
    "predictions_table",
    "scenario_list",
    "sweeps_table",
    "tipping_table",
    "verdict_stability_table",
]

_SAID = re.compile(r"(\w+)(?: \(grade (.*)\))?")
_MOST_RULES, _LEAST = 4, 0.001


def _columns(material: Material, key: str, names: Sequence[str]) -> list[Content]:
    return [material.say(f"tables.{key}.columns.{name}") for name in names]


def _nothing(material: Material, key: str, columns: Sequence[Content]) -> Table:
    reason = "scenarios.none" if material.what_if is None else f"tables.{key}.none"
    return absent(material, key, columns, material.say(reason))


def scenario_list(material: Material) -> Table:
    """Every scenario: its name, what it changes, and whether it was planned."""
    say = material.say
    columns = _columns(material, "scenario_list", ("scenario", "id", "changes", "planned"))
    if material.what_if is None:
        return _nothing(material, "scenario_list", columns)
    matrix = found_in(material).matrix
    rows: list[Row] = []
    for place, (row, name) in enumerate(zip(matrix.rows, scenario_names(material), strict=True)):
        if row.scenario.left_out is not None:
            continue
        planned = "scenarios.prespecified" if row.scenario.prespecified else "scenarios.post_hoc"
        rows.append(
            (
                cell(name, strong=place == 0),
                cell(literal(row.scenario.id)),
                cell(scenario_changes(material, row.scenario)),
                cell("" if place == 0 else say(planned)),
            )
        )
    most, notes = material.limits.scenario_rows, [say("tables.scenario_list.note")]
    if len(rows) > most:
        notes.append(say("tables.sensitivity.more", n=len(rows) - most))
    widths = (0.34, 0.24, 0.28, 0.14)
    return table(material, "scenario_list", columns, rows[:most], widths, notes=notes, numeric=())


def sweeps_table(material: Material) -> Table:
    """Each threshold that was moved, with the points where the verdict flips."""
    say = material.say
    columns = _columns(material, "sweeps", ("rule", "now", "range", "verdicts"))
    found = () if material.what_if is None else material.what_if.sweeps
    if not found:
        return _nothing(material, "sweeps", columns)
    titles, subjects = criterion_titles(material), rule_subjects(material)
    rows: list[Row] = []
    for place, each in enumerate(found):
        path = f"{material.what_if_at}sweeps.{place}"
        now: Content = material.numbers.dash
        if each.threshold is not None:
            now = Number(threshold_words(material, each.threshold, each.unit), f"{path}.threshold")
        verdicts: Inlines = ()
        for at, part in enumerate(each.stretches):
            words = say("tables.sweeps.until") if at < len(each.stretches) - 1 else ""
            end: Inlines = ()
            if words:
                text = threshold_words(material, part.high, each.unit)
                end = (Text(words), Number(text, f"{path}.flips.{at}.at"))
            verdict = Text(verdict_text(material, part.verdict, part.grade))
            verdicts = (*verdicts, *((LineBreak(),) if verdicts else ()), verdict, *end)
        first, last = each.stretches[0], each.stretches[-1]
        extent = say.inlines(
            "format.limits",
            lower=Number(
                threshold_words(material, first.low, each.unit), f"{path}.stretches.0.from"
            ),
            upper=Number(
                threshold_words(material, last.high, each.unit),
                f"{path}.stretches.{len(each.stretches) - 1}.to",
            ),
        )
        subject = subjects.get((each.criterion, each.rule), each.rule)
        name = (Text(titles.get(each.criterion, each.criterion)), LineBreak(), Text(subject))
        rows.append((cell(name), cell(now), cell(extent), cell(verdicts)))
    notes = (say("tables.sweeps.note"),)
    return table(material, "sweeps", columns, rows, (0.36, 0.14, 0.2, 0.3), notes=notes, numeric=())


def tipping_table(material: Material) -> Table:
    """The fewest patients who would have to be otherwise for another verdict."""
    say = material.say
    columns = _columns(
        material, "tipping_points", ("criterion", "lever", "changes", "of", "verdict")
    )
    found = () if material.what_if is None else material.what_if.tipping
    titles = criterion_titles(material)
    rows: list[Row] = []
    never: dict[str, int] = {}
    for place, each in enumerate(found):
        if each.changes is None:
            never[each.criterion] = never.get(each.criterion, 0) + 1
            continue
        path = f"{material.what_if_at}tipping_points.{place}"
        least = Number(str(each.changes), f"{path}.changes")
        few: Content = least if each.proven else (Text(say("tables.tipping_points.at_most")), least)
        key = each.lever.replace(",", "").replace(" ", "_")
        lever = say(
            f"tables.tipping_points.levers.{key}", endpoint=say(f"endpoints_short.{each.endpoint}")
        )
        change = say(
            "scenarios.change",
            before=_said(material, each.before),
            after=say.lower(_said(material, each.after)),
        )
        rows.append(
            (
                cell(titles.get(each.criterion, each.criterion)),
                cell(lever),
                cell(few, "right"),
                number(each.available, f"{path}.available"),
                cell(change),
            )
        )
    if not rows:
        return _nothing(material, "tipping_points", columns)
    notes = [
        say("tables.tipping_points.note"),
        *(
            say("tables.tipping_points.never", criterion=titles.get(name, name), n=n)
            for name, n in never.items()
        ),
    ]
    widths = (0.25, 0.33, 0.1, 0.1, 0.22)
    return table(material, "tipping_points", columns, rows, widths, notes=notes, numeric=(2, 3))


def _said(material: Material, text: str) -> str:
    """A verdict as the stage before says it, ``met (grade 3)``, in words."""
    match = _SAID.fullmatch(text)
    if match is None or match[1] not in [str(each.value) for each in Verdict]:
        return literal(material.say.reason(text))
    return verdict_text(material, Verdict(match[1]), match[2])


def minimum_responders_table(material: Material) -> Table:
    """Fewest patients with an outcome that each threshold on a rate asks for."""
    say, numbers = material.say, material.numbers
    names = ("rule", "target", "observed", "estimate", "limit")
    columns = _columns(material, "minimum_responders", names)
    found = () if material.what_if is None else material.what_if.minimum
    if not found:
        return _nothing(material, "minimum_responders", columns)
    titles, subjects = criterion_titles(material), rule_subjects(material)
    rows: list[Row] = []
    for place, each in enumerate(found):
        path = f"{material.what_if_at}minimum_responders.{place}"
        observed = say.inlines(
            "tables.minimum_responders.observed",
            events=Number(str(each.events), f"{path}.events"),
            n=Number(str(each.n), f"{path}.n"),
        )
        title = titles.get(each.criterion, each.criterion)
        subject = subjects.get((each.criterion, each.rule), each.rule)
        enough = (
            (each.for_estimate, f"{path}.for_estimate"),
            (each.for_lower_limit, f"{path}.for_lower_limit"),
        )
        rows.append(
            (
                cell((Text(title), LineBreak(), Text(subject))),
                cell(Number(numbers.threshold(each.target, "%"), f"{path}.target"), "right"),
                cell(observed, "right"),
                *(dash(material) if k is None else number(k, place_) for k, place_ in enough),
            )
        )
    notes = (say("tables.minimum_responders.note"),)
    widths = (0.42, 0.12, 0.14, 0.14, 0.18)
    return table(material, "minimum_responders", columns, rows, widths, notes=notes)


def predictions_table(material: Material) -> Table:
    """The probability that each rule is met with more patients."""
    say = material.say
    columns = _columns(material, "predictions", ("rule", "more", "probability"))
    found = () if material.what_if is None else material.what_if.predictions
    if not found:
        return _nothing(material, "predictions", columns)
    titles, subjects = criterion_titles(material), rule_subjects(material)
    thresholds = {
        (verdict.id, printed.rule.id): printed.required
        for place, verdict in enumerate(material.evaluation.verdicts)
        for printed in printed_rules(material, place)
    }
    rows: list[Row] = []
    for place, each in enumerate(found):
        path = f"{material.what_if_at}predictions.{place}"
        chance: Content
        if each.probability is None:
            why = literal(say.reason(each.reason or ""))
            chance = say("tables.predictions.unavailable", reason=why)
        else:
            drawn = each.method.startswith("resampling")
            text = _chance(material, each.probability, drawn=drawn)
            chance = Number(text, f"{path}.probability")
        key = (each.criterion, each.rule)
        rule = f"{subjects.get(key, each.rule)} {thresholds.get(key, '')}".strip()
        title = titles.get(each.criterion, each.criterion)
        rows.append(
            (
                cell((Text(title), LineBreak(), Text(literal(rule)))),
                number(each.more_patients, f"{path}.more_patients"),
                cell(chance, "right" if each.probability is not None else "left"),
            )
        )
    notes = (say("tables.predictions.note"),)
    return table(
        material, "predictions", columns, rows, (0.5, 0.16, 0.34), notes=notes, numeric=(1, 2)
    )


def _chance(material: Material, value: float, *, drawn: bool) -> str:
    """A probability as a percentage; 0% and 100% only where it is certain, not where no draw or
    every draw came out so."""
    numbers, say = material.numbers, material.say
    if value < _LEAST and (value > 0 or drawn):
        return say("scenarios.below", number=numbers.percent(_LEAST))
    if value > 1 - _LEAST and (value < 1 or drawn):
        return say("scenarios.above", number=numbers.percent(1 - _LEAST))
    return numbers.percent(value)


def verdict_stability_table(material: Material) -> Table:
    """How often each verdict comes back when the patients are drawn again."""
    say = material.say
    columns = _columns(material, "verdict_stability", ("criterion", "verdict", "share", "all"))
    found = () if material.what_if is None else material.what_if.stability
    if not found:
        return _nothing(material, "verdict_stability", columns)
    titles = criterion_titles(material)
    rows: list[Row] = []
    for place, each in enumerate(found):
        path = f"{material.what_if_at}stability.{place}"
        name, verdict = titles.get(each.criterion, each.criterion), _said(material, each.verdict)
        if each.share is None:
            why = literal(say.reason(each.reason or ""))
            rest: tuple[Cell, ...] = (dash(material), cell(why))
        else:
            counts: Inlines = ()
            for said, n in each.counts.items():
                words = Text(say("tables.verdict_stability.count", verdict=_said(material, said)))
                counts = (
                    *counts, *((LineBreak(),) if counts else ()), words,
                    Number(str(n), f"{path}.counts.{said}"),
                )  # fmt: skip
            share = Number(material.numbers.percent(each.share), f"{path}.share")
            rest = (cell(share, "right"), cell(counts))
        rows.append((cell(name), cell(verdict), *rest))
    notes = (say("tables.verdict_stability.note", n=found[0].resamples, seed=found[0].seed),)
    widths = (0.34, 0.22, 0.14, 0.3)
    return table(material, "verdict_stability", columns, rows, widths, notes=notes, numeric=(2,))


def compared_criteria_table(material: Material) -> Table:
    """The base case under every shipped criterion, with the rules that decide."""
    say = material.say
    columns = _columns(material, "compared_criteria", ("criterion", "verdict", "deciding"))
    found = () if material.what_if is None else material.what_if.compared
    if not found:
        return _nothing(material, "compared_criteria", columns)
    judged = [each for each in found if each.verdict.verdict is not Verdict.NOT_APPLICABLE]
    order = {Verdict.MET: 0, Verdict.NOT_MET: 1, Verdict.NOT_ASSESSABLE: 2}
    judged.sort(key=lambda each: order[each.verdict.verdict])
    aside = replace(
        material,
        evaluation=replace(material.evaluation, verdicts=tuple(each.verdict for each in judged)),
    )
    rows: list[Row] = [
        (
            cell(literal(title_of(material, each.verdict)), strong=True),
            cell(
                verdict_text(material, each.verdict.verdict, each.verdict.grade),
                tone=each.verdict.verdict.value,
            ),
            cell(_why(aside, each, place)),
        )
        for place, each in enumerate(judged)
    ]
    rest = [each for each in found if each.verdict.verdict is Verdict.NOT_APPLICABLE]
    if rest:
        names = "; ".join(title_of(material, each.verdict) for each in rest)
        words = say("tables.compared_criteria.not_applicable", criteria=literal(names))
        rows.append(spanning(words, len(columns)))
    notes = [say("tables.compared_criteria.note"), *_disagreements(material, found)]
    widths = (0.34, 0.18, 0.48)
    return table(material, "compared_criteria", columns, rows, widths, notes=notes, numeric=())


def _why(aside: Material, each: ComparedCriterion, place: int) -> Content:
    """The rules that decide, each with what was observed; or what is not known."""
    say, verdict = aside.say, each.verdict
    if verdict.missing:
        declared = {rule.quantity for rule in verdict.rules if rule.declared}
        facts = [name for name in verdict.missing if name.removeprefix("declared ") in declared]
        rest = tuple(name for name in verdict.missing if name not in facts)
        names = list(missing_words(aside, rest))
        more = len(names) - _MOST_RULES
        if more > 0:
            names = [*names[:_MOST_RULES], say("tables.compared_criteria.more", n=more)]
        if facts:
            names.append(say("tables.compared_criteria.facts", n=len(facts)))
        return say("rules.missing", names=say.listed(tuple(names)))
    deciding = deciding_rules(verdict)[:_MOST_RULES]
    lines: Inlines = ()
    for printed in printed_rules(aside, place):
        if printed.rule.id not in deciding:
            continue
        words = say(
            "tables.compared_criteria.rule",
            rule=say.capital(printed.subject),
            required=printed.required,
            observed=(
                printed.remark
                if printed.rule.observed is None and printed.remark
                else plain_text(printed.observed)
            ),
            verdict=say.lower(say(f"verdicts.{printed.rule.verdict}")),
        )
        lines = (*lines, *((LineBreak(),) if lines else ()), Text(literal(words)))
    return lines or say("scenarios.no_rule")


def _disagreements(material: Material, found: Sequence[ComparedCriterion]) -> list[str]:
    """Criteria that are met while others are not, in a sentence."""
    say = material.say
    pairs = disagreements(found)
    if not pairs:
        return [say("tables.compared_criteria.agree")]
    titles = {each.verdict.id: literal(title_of(material, each.verdict)) for each in found}
    met = "; ".join(dict.fromkeys(titles[one] for one, _ in pairs))
    not_met = "; ".join(dict.fromkeys(titles[other] for _, other in pairs))
    return [say("tables.compared_criteria.disagree", met=met, not_met=not_met)]
