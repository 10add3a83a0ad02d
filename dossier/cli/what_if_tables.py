"""A what-if analysis as tables on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from dossier.cli.terminal import console
from dossier.compose.numbers import Numbers
from dossier.compose.pack import open_pack

if TYPE_CHECKING:
    from rich.console import Console

    from dossier.scenarios.matrix import Figure, Judged, ScenarioMatrix, ScenarioRow
    from dossier.scenarios.minimum_responders import MinimumResponders
    from dossier.scenarios.prediction import Prediction
    from dossier.scenarios.sweep import Sweep
    from dossier.scenarios.tipping import Tipping
    from dossier.scenarios.what_if import WhatIf

SHOWN = {
    "orr": "ORR",
    "cbr_16w": "Benefit 16 w",
    "cbr_24w": "Benefit 24 w",
    "pfs.median": "Median PFS",
    "dor.median": "Median DoR",
}
PATIENTS_NAMED = 12


def print_what_if(found: WhatIf, *, no_color: bool) -> None:
    """Print the matrix, what flips with the patients behind it, sweeps and tipping points."""
    screen = console(no_color=no_color)
    numbers = Numbers(open_pack("standard", "en").say)
    screen.print(Text(f"{found.title}: what if", style="bold"))
    matrix = found.matrix
    if matrix.scenarios_run:
        _print_count(screen, matrix)
    _print_matrix(screen, matrix, numbers)
    _print_flips(screen, matrix)
    for sweep in found.sweeps:
        _print_sweep(screen, sweep, numbers)
    _print_tipping(screen, found.tipping)
    _print_minimum(screen, found.minimum, numbers)
    _print_more(screen, found, numbers)


def _print_minimum(screen: Console, minimum: Sequence[MinimumResponders], numbers: Numbers) -> None:
    if not minimum:
        return
    table = _table("Rule", "Target", "Patients", "Enough", "Enough for the lower limit")
    for each in minimum:
        enough = (each.for_estimate, each.for_lower_limit)
        table.add_row(
            f"{each.criterion}.{each.rule}", numbers.percent(each.target),
            f"{each.events} of {each.n}", *("no number" if k is None else str(k) for k in enough),
        )  # fmt: skip
    screen.print("Patients with the outcome that a threshold asks for")
    screen.print(table)


def _print_more(screen: Console, found: WhatIf, numbers: Numbers) -> None:
    """Compared criteria, predictions and stability, where asked for."""
    if found.compared:
        table = _table("Criterion", "Verdict", "Grade", "Decided by")
        for each in found.compared:
            verdict = each.verdict
            why = "; ".join(each.deciding) or verdict.reason or ""
            table.add_row(verdict.id, verdict.verdict.value, verdict.grade or "", Text(why))
        screen.print("\nThe base case under every shipped criterion")
        screen.print(table)
    for prediction in found.predictions:
        chance = prediction.probability
        text = f"not available: {prediction.reason}" if chance is None else numbers.percent(chance)
        screen.print(Text(
            f"{prediction.criterion}.{prediction.rule} met after {_further(prediction)}: {text} "
            f"({prediction.method})"
        ))  # fmt: skip
    for stable in found.stability:
        share = stable.share
        said = (
            f"again when resampled: not available: {stable.reason}"
            if share is None
            else f"again in {numbers.percent(share)} of {stable.resamples} resamples"
        )
        screen.print(Text(f"{stable.criterion} {stable.verdict} {said}"))


def _print_count(screen: Console, matrix: ScenarioMatrix) -> None:
    rows = matrix.rows[1:]
    planned = sum(row.scenario.prespecified for row in rows)
    failed = sum(row.reason is not None for row in rows)
    screen.print(
        f"{matrix.scenarios_run} scenarios run, {planned} of them prespecified; {failed} could not "
        f"be estimated; a verdict changes in {len(matrix.flipping)}.\n"
    )


def _print_matrix(screen: Console, matrix: ScenarioMatrix, numbers: Numbers) -> None:
    criteria = [each.criterion for each in matrix.base.judged]
    table = _table("Scenario", *SHOWN.values(), *criteria, "Patients changed")
    for row in matrix.rows:
        if row.scenario.left_out is not None and row.reason is None:
            continue
        if row.reason is not None:
            table.add_row(row.scenario.id, Text("not estimated", style="yellow"))
            continue
        verdicts = {each.criterion: each for each in row.judged}
        table.add_row(
            row.scenario.id,
            *(_figure(row.figures.get(name), numbers, row is matrix.base) for name in SHOWN),
            *(_verdict(verdicts.get(name)) for name in criteria),
            str(row.patients_changed) if row is not matrix.base else "",
        )
    for column, rows in _left_out(matrix).items():
        flips = sum(bool(row.flipped) for row in rows)
        table.add_row(
            f"leave one out: {column} ({len(rows)})",
            *(_range(rows, name, numbers) for name in SHOWN),
            Text(f"{flips} flip" if flips else "none flips", style="bold red" if flips else "dim"),
        )
    screen.print(table)
    for row in matrix.rows:
        if row.reason is not None:
            screen.print(Text(f"{row.scenario.id} was not estimated: {row.reason}", style="yellow"))


def _print_flips(screen: Console, matrix: ScenarioMatrix) -> None:
    for row in matrix.flipping:
        for each in row.judged:
            if each.changed:
                rules = "; ".join(f"{rule} {old} -> {new}" for rule, old, new in each.rules_changed)
                line = Text(f"{row.scenario.id}: {each.criterion} ", style="bold")
                line.append(f"{_words_before(each)} -> {_words(each)}", style="bold red")
                line.append(f" ({rules})" if rules else "", style="not bold")
                screen.print(line)
        changes = matrix.changes_of(row)
        for change in changes[:PATIENTS_NAMED]:
            rule = change.rule_after or change.rule_before
            screen.print(Text(
                f"  {change.patient}: {change.what} {change.before} -> {change.after}"
                + (f" [{rule}]" if rule else "")
            ))  # fmt: skip
        if len(changes) > PATIENTS_NAMED:
            screen.print(f"  and {len(changes) - PATIENTS_NAMED} more changes (--format json)")


def _print_sweep(screen: Console, sweep: Sweep, numbers: Numbers) -> None:
    title = Text(f"\n{sweep.criterion}.{sweep.rule} ({sweep.text})", style="bold")
    screen.print(title)
    for each in sweep.stretches:
        left, right = "[(", ")]"
        span = (
            f"{left[not each.with_low]}{_amount(each.low, numbers)}, "
            f"{_amount(each.high, numbers)}{right[each.with_high]} {sweep.unit}"
        )
        grade = f" (grade {each.grade})" if each.grade else ""
        screen.print(Text(f"  {span.rstrip()}: {each.verdict.value}{grade}"))


def _print_tipping(screen: Console, tipping: Sequence[Tipping]) -> None:
    flipping = [each for each in tipping if each.changes is not None]
    if not flipping:
        return
    table = _table("Criterion", "Endpoint", "Fewest changes", "Of", "From", "To")
    for each in flipping:
        least = "" if each.proven else "at most "
        table.add_row(
            each.criterion, each.endpoint, f"{least}{each.changes} {each.lever}",
            str(each.available), each.before, each.after,
        )  # fmt: skip
    screen.print("\nTipping points: patients who would have to be otherwise")
    screen.print(table)


def _further(prediction: Prediction) -> str:
    parts = []
    if prediction.more_patients:
        parts.append(f"{prediction.more_patients} more patients")
    if prediction.more_months:
        parts.append(f"{prediction.more_months:g} more months")
    return " and ".join(parts)


def _figure(figure: Figure | None, numbers: Numbers, is_base: bool) -> str:
    if figure is None or figure.estimate is None:
        return numbers.dash if figure is None else _why(figure)
    if figure.unit == "share":
        text = numbers.percent(figure.estimate)
        delta = None if figure.delta is None else figure.delta * 100
    else:
        text, delta = f"{numbers.decimal(figure.estimate)} mo", figure.delta
    if is_base or not delta:
        return text
    return f"{text} ({numbers.decimal(delta, signed=True)})"


def _why(figure: Figure) -> str:
    reached = figure.reason is not None and figure.reason.startswith("not reached")
    return "not reached" if reached else "not known"


def _range(rows: Sequence[ScenarioRow], name: str, numbers: Numbers) -> str:
    values = [
        figure.estimate
        for row in rows
        if (figure := row.figures.get(name)) is not None and figure.estimate is not None
    ]
    if not values:
        return numbers.dash
    if rows[0].figures[name].unit == "share":
        return f"{numbers.percent(min(values))} to {numbers.percent(max(values))}"
    return f"{numbers.decimal(min(values))} to {numbers.decimal(max(values))} mo"


def _left_out(matrix: ScenarioMatrix) -> dict[str, list[ScenarioRow]]:
    found: dict[str, list[ScenarioRow]] = {}
    for row in matrix.rows:
        if row.scenario.left_out is not None and row.reason is None:
            found.setdefault(row.scenario.left_out[0], []).append(row)
    return found


def _verdict(judged: Judged | None) -> Text:
    if judged is None:
        return Text("")
    return Text(_words(judged), style="bold red" if judged.changed else "")


def _words(judged: Judged) -> str:
    return judged.verdict.value + (f" ({judged.grade})" if judged.grade else "")


def _words_before(judged: Judged) -> str:
    before = "" if judged.verdict_before is None else judged.verdict_before.value
    return before + (f" ({judged.grade_before})" if judged.grade_before else "")


def _amount(value: float, numbers: Numbers) -> str:
    return f"{value:g}" if value == round(value, 2) else numbers.decimal(value, 3)


def _table(*headings: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        # The name of a scenario may be long: the figures beside it can wrap instead.
        table.add_column(heading, overflow="fold", min_width=18 if heading == "Scenario" else None)
    return table
