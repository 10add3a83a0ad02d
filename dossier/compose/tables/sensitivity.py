"""Scenarios beside the base case: results, verdicts, and the patients behind changed verdicts."""

from __future__ import annotations

from dossier.appraise.cohort_evidence import JUDGED_ARM
from dossier.appraise.verdict import Verdict
from dossier.compose.document import Cell, LineBreak, Number, Row, Table, Text
from dossier.compose.insertions import literal
from dossier.compose.judging import conditions
from dossier.compose.material import Inlines, Material
from dossier.compose.numbers import exact
from dossier.compose.scenario_print import (
    column_words,
    criterion_titles,
    endpoint_words,
    found_in,
    key_endpoints,
    not_run,
    patients_behind,
    rule_requirements,
    scenario_names,
    verdict_text,
    with_difference,
)
from dossier.compose.tables.cells import Content, absent, cell, dash, spanning, table
from dossier.estimate.arms import judged_arm
from dossier.scenarios.matrix import Judged, LeftOut, ScenarioMatrix, ScenarioRow

_MOST_CRITERIA = 5


def sensitivity(material: Material) -> Table:
    """T16: every scenario against the key results, with the difference from the base case."""
    say = material.say
    if material.what_if is None:
        columns: list[Content] = [say("tables.sensitivity.columns.scenario")]
        return absent(material, "sensitivity", columns, say("scenarios.none"))
    matrix = found_in(material).matrix
    printed = key_endpoints(matrix)
    names = _estimated(matrix, printed)
    never = tuple(
        say.lower(endpoint_words(material, name)) for name in printed if name not in names
    )
    columns = [
        say("tables.sensitivity.columns.scenario"),
        *(
            say("scenarios.in_months", endpoint=endpoint_words(material, name))
            if matrix.base.figures[name].unit == "months"
            else endpoint_words(material, name)
            for name in names
        ),
    ]
    rows: list[Row] = []
    alike: list[str] = []
    together = _single(matrix) > material.limits.scenarios_apart
    for place, (row, name) in enumerate(zip(matrix.rows, scenario_names(material), strict=True)):
        if row.scenario.left_out is not None or row.reason is not None:
            continue
        if place and together and not any(row.figures[each].delta for each in names):
            alike.append(say.lower(name))
            continue
        cells = (cell(with_difference(material, place, endpoint), "right") for endpoint in names)
        rows.append((cell(name, strong=place == 0), *cells))
    rows = _cut(material, rows, len(columns))
    if alike:
        joined = say.capital(say("rules.joined_remarks").join(alike))
        rows.append(spanning(say("tables.sensitivity.alike"), len(columns), strong=True))
        rows.append(spanning(joined, len(columns)))
    rows += [
        (cell(_left_out(material, each)), *_ranges(material, number, each, names))
        for number, each in enumerate(matrix.left_out)
    ]
    idle = [(n, r) for n, r in zip(scenario_names(material), matrix.rows, strict=True) if r.reason]
    if idle:
        rows.append(spanning(say("tables.sensitivity.not_run"), len(columns), strong=True))
        rows += _not_run(material, idle, len(columns))
    notes = [
        whose_results(material, matrix),
        say("tables.sensitivity.note"),
        say("tables.sensitivity.left_out") if matrix.left_out else "",
        say("tables.sensitivity.never", endpoints=say.listed(never)) if never else "",
        say("tables.sensitivity.abbreviations"),
    ]
    widths = (0.34, *[0.66 / len(names)] * len(names))
    return table(material, "sensitivity", columns, rows, widths, notes=notes)


def _single(matrix: ScenarioMatrix) -> int:
    """Scenarios that were run, those that leave one value out not among them."""
    return sum(row.reason is None and row.scenario.left_out is None for row in matrix.rows[1:])


def _estimated(matrix: ScenarioMatrix, names: tuple[str, ...]) -> tuple[str, ...]:
    """The endpoints that the base case or any scenario could estimate; all where there is none."""
    found = tuple(
        name
        for name in names
        if any(
            name in row.figures and row.figures[name].estimate is not None for row in matrix.rows
        )
    )
    return found or names


def whose_results(material: Material, matrix: ScenarioMatrix) -> str:
    """Whose results these are, where there are arms."""
    if not material.results.arms:
        return ""
    arm = judged_arm(material.results, material.settings.cohort)
    if arm is None or not matrix.base.figures["orr"].path.startswith("arms."):
        return material.say("tables.sensitivity.all_arms")
    return material.say("tables.sensitivity.of_arm", arm=literal(arm))


def _not_run(material: Material, idle: list[tuple[str, ScenarioRow]], columns: int) -> list[Row]:
    """Scenarios that were not run, together where they have the same reason."""
    by_reason: dict[str, list[str]] = {}
    for name, row in idle:
        by_reason.setdefault(not_run(material, row), []).append(material.say.lower(name))
    joint = material.say("rules.joined_remarks")
    return [
        spanning(
            material.say(
                "tables.sensitivity.because",
                scenarios=material.say.capital(joint.join(names)),
                reason=reason,
            ),
            columns,
        )
        for reason, names in by_reason.items()
    ]


def _cut(material: Material, rows: list[Row], columns: int) -> list[Row]:
    most = material.limits.scenario_rows
    if len(rows) <= most + 1:
        return rows
    words = material.say("tables.sensitivity.more", n=len(rows) - most)
    return [*rows[:most], spanning(words, columns)]


def _left_out(material: Material, each: LeftOut) -> str:
    words = column_words(material, each.column)
    return material.say("scenarios.left_out", column=words, n=len(each.rows))


def _ranges(
    material: Material, number: int, each: LeftOut, names: tuple[str, ...]
) -> tuple[Cell, ...]:
    numbers = material.numbers
    cells: list[Cell] = []
    for name in names:
        found = each.range_of(name)
        if found is None:
            cells.append(dash(material))
            continue
        factor = 100 if each.rows[0].figures[name].unit == "share" else 1
        path = f"{material.what_if_at}leave_one_out.{number}.endpoints.{name}"
        low, high = (
            Number(numbers.decimal(exact(value) * factor), f"{path}.{what}")
            for value, what in zip(found, ("lowest", "highest"), strict=True)
        )
        cells.append(cell(material.say.inlines("format.limits", lower=low, upper=high), "right"))
    return tuple(cells)


def sensitivity_verdicts(material: Material) -> Table:
    """Every scenario against the criteria, with changed verdicts marked."""
    say = material.say
    columns: list[Content] = [
        say("tables.sensitivity.columns.scenario"),
        say("tables.sensitivity_verdicts.columns.planned"),
    ]
    if material.what_if is None:
        return absent(material, "sensitivity_verdicts", columns, say("scenarios.none"))
    matrix = found_in(material).matrix
    titles = criterion_titles(material)
    idle = _never_judged(material, matrix)
    every = titles
    titles = {name: title for name, title in every.items() if name not in idle}
    if not titles:
        reason = say("tables.sensitivity_verdicts.none")
        return absent(material, "sensitivity_verdicts", columns, reason)
    changing = {name for row in matrix.rows for name in row.flipped}
    order = sorted(titles, key=lambda name: name not in changing)
    shown = [name for name in titles if name in order[:_MOST_CRITERIA]]
    columns += [titles[name] for name in shown]
    rows: list[Row] = []
    alike: list[ScenarioRow] = []
    together = _single(matrix) > material.limits.scenarios_apart
    for place, (row, name) in enumerate(zip(matrix.rows, scenario_names(material), strict=True)):
        if row.reason is not None or row.scenario.left_out is not None:
            continue
        if place and together and not any(each.changed for each in row.judged):
            alike.append(row)
            continue
        planned = _planned(material, row) if place else ""
        rows.append(
            (cell(name, strong=place == 0), cell(planned), *_verdicts(material, row, shown))
        )
    rows = _cut(material, rows, len(columns))
    if alike:
        before = sum(row.scenario.prespecified for row in alike)
        key = (
            "tables.sensitivity_verdicts.alike_planned"
            if before
            else "tables.sensitivity_verdicts.alike"
        )
        words = say(key, n=len(alike), planned=before)
        rows.append(spanning(words, len(columns)))
    rows += [
        (
            cell(_left_out(material, each)),
            cell(say("scenarios.post_hoc")),
            *(_of_left_out(material, each, name) for name in shown),
        )
        for each in matrix.left_out
    ]
    rest = [titles[name] for name in titles if name not in shown]
    others = ""
    if rest:
        others = say("tables.sensitivity_verdicts.others", criteria="; ".join(rest))
    notes = [say("tables.sensitivity_verdicts.note"), others]
    if idle:
        named = "; ".join(every[name] for name in idle)
        notes.append(say("tables.sensitivity_verdicts.idle", criteria=named))
    count = max(len(shown), 1)
    widths = (0.34, 0.14, *[0.52 / count] * len(shown))
    return table(material, "sensitivity_verdicts", columns, rows, widths, notes=notes, numeric=())


def _never_judged(material: Material, matrix: ScenarioMatrix) -> tuple[str, ...]:
    """Criteria that no scenario can judge: made for other studies, or waiting for an arm."""
    waiting = {
        verdict.id for verdict in material.evaluation.verdicts if JUDGED_ARM in verdict.missing
    }
    judged = {
        each.criterion
        for row in matrix.rows
        for each in row.judged
        if each.verdict is not Verdict.NOT_APPLICABLE and each.criterion not in waiting
    }
    return tuple(name for name in criterion_titles(material) if name not in judged)


def _planned(material: Material, row: ScenarioRow) -> str:
    return material.say(
        "scenarios.prespecified" if row.scenario.prespecified else "scenarios.post_hoc"
    )


def _verdicts(material: Material, row: ScenarioRow, shown: list[str]) -> tuple[Cell, ...]:
    found = {each.criterion: each for each in row.judged}
    return tuple(
        cell(material.numbers.dash) if name not in found else _verdict(material, found[name])
        for name in shown
    )


def _verdict(material: Material, found: Judged) -> Cell:
    words = verdict_text(material, found.verdict, found.grade)
    if not found.changed or found.verdict_before is None:
        return cell(words, tone=found.verdict.value)
    before = verdict_text(material, found.verdict_before, found.grade_before)
    marked: Inlines = (
        Text(material.say("scenarios.changed_verdict", verdict=words)),
        LineBreak(),
        Text(material.say("scenarios.was", verdict=material.say.lower(before))),
    )
    return cell(marked, tone=found.verdict.value, strong=True)


def _of_left_out(material: Material, each: LeftOut, criterion: str) -> Cell:
    flips = sum(criterion in row.flipped for row in each.rows)
    if not flips:
        return cell(material.say("scenarios.never"))
    return cell(material.say("scenarios.in_cases", n=flips), strong=True)


def sensitivity_changes(material: Material) -> Table:
    """Every changed verdict: what changed, by which rules, and the patients behind it."""
    say = material.say
    names = ("scenario", "change", "rules", "patients")
    columns = [say(f"tables.sensitivity_changes.columns.{name}") for name in names]
    if material.what_if is None:
        return absent(material, "sensitivity_changes", columns, say("scenarios.none"))
    matrix = found_in(material).matrix
    titles, subjects = criterion_titles(material), rule_requirements(material)
    rows: list[Row] = []
    for row, name in zip(matrix.rows, scenario_names(material), strict=True):
        for judged in row.judged:
            if not judged.changed or judged.verdict_before is None:
                continue
            before = verdict_text(material, judged.verdict_before, judged.grade_before)
            after = verdict_text(material, judged.verdict, judged.grade)
            change: Inlines = (
                Text(titles.get(judged.criterion, judged.criterion)),
                LineBreak(),
                Text(say("scenarios.change", before=before, after=say.lower(after))),
            )
            rows.append(
                (
                    cell(name),
                    cell(change, strong=True),
                    cell(_rules(material, judged, subjects)),
                    cell(_patients(material, row, judged)),
                )
            )
    rows = _cut(material, rows, len(columns))
    notes = (say("tables.sensitivity_changes.note"),)
    widths = (0.24, 0.22, 0.24, 0.3)
    return table(material, "sensitivity_changes", columns, rows, widths, notes=notes, numeric=())


def _rules(material: Material, judged: Judged, subjects: dict[tuple[str, str], str]) -> Content:
    say = material.say
    parts: list[Inlines] = []
    conditional = next(
        (conditions(each) for each in material.evaluation.verdicts if each.id == judged.criterion),
        frozenset[str](),
    )
    for rule, before, after in judged.rules_changed:
        words_of = "conditions" if rule in conditional else "verdicts"
        words = say(
            "scenarios.rule_change",
            rule=subjects.get((judged.criterion, rule), rule),
            before=say.lower(say(f"{words_of}.{before}")),
            after=say.lower(say(f"{words_of}.{after}")),
        )
        parts.append((Text(literal(words)),))
    if not parts:
        return say("scenarios.no_rule")
    lines = parts[0]
    for part in parts[1:]:
        lines = (*lines, LineBreak(), *part)
    return lines


def _patients(material: Material, row: ScenarioRow, judged: Judged) -> Content:
    if not row.patients_changed:
        return material.say("scenarios.no_patient")
    rules = tuple(rule for rule, _, _ in judged.rules_changed)
    return patients_behind(material, row, judged.criterion, rules=rules)
