"""What the commands share: options, consoles, progress, and how problems are printed."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from dossier.errors import Problem

if TYPE_CHECKING:
    from rich.console import Console

    from dossier.evaluation import Progress

Command = TypeVar("Command", bound=Callable[..., Any])

WIDTH_WITHOUT_TERMINAL = 140


def quiet_option(command: Command) -> Command:
    """``--quiet``: no progress, only results and problems."""
    return click.option("-q", "--quiet", is_flag=True, help="No progress, only results.")(command)


def colour_option(command: Command) -> Command:
    """``--no-color``, and the environment variable NO_COLOR (no-color.org)."""
    return click.option("--no-color", is_flag=True, help="No colours (NO_COLOR does the same).")(
        command
    )


def criteria_options(command: Command) -> Command:
    """``--criterion``, ``--set`` and ``--require``, as `evaluate` and `build` take them."""
    for option in (
        click.option(
            "--require",
            "required",
            multiple=True,
            metavar="ID",
            help="Exit with status 1 unless this criterion is met; repeatable.",
        ),
        click.option(
            "--set",
            "overrides",
            multiple=True,
            metavar="RULE=VALUE",
            help="Replace a threshold, e.g. durable-benefit.pfs='5 months'; recorded; repeatable.",
        ),
        click.option(
            "-c",
            "--criterion",
            "criteria",
            multiple=True,
            metavar="ID|FILE",
            callback=known_criteria,
            help="Judge by this criterion instead of those in cohort.yaml; repeatable.",
        ),
    ):
        command = option(command)
    return command


def language_option(command: Command) -> Command:
    """``--lang``: language of titles and words."""
    return click.option(
        "--lang", "language", type=click.Choice(["en", "nl"]), default="en", show_default=True
    )(command)


def known_criterion(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    """A criterion nobody knows is a wrong command line, told before anything is read."""
    from dossier.appraise.loading import locate
    from dossier.errors import InputError

    try:
        locate(value)
    except InputError as error:
        raise click.BadParameter(str(error), ctx=ctx, param=parameter) from None
    return value


def known_criteria(
    ctx: click.Context, parameter: click.Parameter, values: Sequence[str]
) -> tuple[str, ...] | None:
    """The same for several; none at all leaves the choice to the cohort's settings."""
    return tuple(known_criterion(ctx, parameter, value) for value in values) or None


def harmless(value: str) -> str:
    """Text for a spreadsheet cell: what would start a formula gets an apostrophe in front."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def counted(number: int, one: str, more: str | None = None) -> str:
    """A number with its noun: 1 patient, 2 patients."""
    return f"{number} {one if number == 1 else more or f'{one}s'}"


def check_required(required: Sequence[str], verdicts: Sequence[Any]) -> None:
    """Demand criteria by ``--require``: exit status 1 unless every one of them is met.

    What is not assessable is not "not met", so each is told with its own verdict.
    """
    verdict_of = {verdict.id: verdict.verdict for verdict in verdicts}
    unmet = False
    for name in dict.fromkeys(required):
        verdict = verdict_of.get(name)
        if verdict == "met":
            continue
        unmet = True
        told = "was not judged; add it with -c" if verdict is None else verdict.replace("_", " ")
        click.echo(f"Required, and not met: {name} ({told})", err=True)
    if unmet:
        sys.exit(1)


def known_template(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """A template pack that is not there is a wrong command line, told before anything is read."""
    from dossier.errors import InputError

    if value is not None:
        from dossier.compose.pack import find_pack

        try:
            find_pack(value)
        except InputError as error:
            raise click.BadParameter(str(error), ctx=ctx, param=parameter) from None
    return value


def check_language(language: str | None, template: str) -> None:
    """A language that the template pack does not speak is a wrong command line."""
    if language is None:
        return
    from dossier.compose.pack import pack_settings

    known = pack_settings(template).languages
    if language not in known:
        message = f"{language!r} is not one of {', '.join(known)}."
        raise click.BadParameter(message, param_hint="'--lang'")


def console(*, error: bool = False, no_color: bool = False) -> Console:
    """A console on standard output or standard error; wide enough for a table in a file."""
    from rich.console import Console

    stream = sys.stderr if error else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else WIDTH_WITHOUT_TERMINAL
    return Console(file=stream, width=width, no_color=no_color or None, highlight=False)


@contextmanager
def progress(*, quiet: bool, no_color: bool = False) -> Iterator[Progress]:
    """Say on the terminal what is going on; silent where standard error is not a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    with console(error=True, no_color=no_color).status("Reading the cohort") as status:
        yield status.update


@contextmanager
def counted_progress(
    *, quiet: bool, no_color: bool = False
) -> Iterator[tuple[Progress, Callable[[int, int], None]]]:
    """The same with a bar for what is counted: the second function takes done and total."""
    if quiet or not sys.stderr.isatty():
        yield (lambda _: None), (lambda _done, _total: None)
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar

    with Bar(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console(error=True, no_color=no_color),
        transient=True,
    ) as bar:
        bar.add_task("Reading the cohort", total=None)

        def tell(text: str) -> None:
            bar.remove_task(bar.task_ids[-1])
            bar.add_task(text, total=None)

        def count(done: int, total: int) -> None:
            bar.update(bar.task_ids[-1], completed=done, total=total)
            if done == total:
                bar.refresh()

        yield tell, count


# A wrong code of a whole column is one thing to correct, not a page for each code.
_MOST_ALIKE: Final = 5
_MOST_RANGES: Final = 30
_MOST_OF_A_KIND: Final = 1_000


def _alike(problems: Sequence[Problem]) -> Iterable[list[Problem]]:
    """Problems that differ in their row and patient only, in the order of the first of each."""
    groups: dict[Problem, list[Problem]] = {}
    for problem in problems:
        key = replace(problem, row=None if problem.row is None else 0, patient=None)
        groups.setdefault(key, []).append(problem)
    return groups.values()


def _ranges(rows: Sequence[int]) -> str:
    """Rows in short: ``3, 5-9``."""
    ranges: list[list[int]] = []
    for row in sorted(rows):
        if ranges and row == ranges[-1][1] + 1:
            ranges[-1][1] = row
        else:
            ranges.append([row, row])
    told = [f"{a}" if a == b else f"{a}-{b}" for a, b in ranges[:_MOST_RANGES]]
    return ", ".join(told) + (", ..." if len(ranges) > _MOST_RANGES else "")


def print_problems(problems: Sequence[Problem]) -> None:
    """One line a problem on standard error, then how many there are."""
    told: Counter[tuple[str | None, str | None, str]] = Counter()
    for alike in _alike(problems):
        kind = (alike[0].file, alike[0].column, alike[0].message)
        told[kind] += 1
        if told[kind] > _MOST_OF_A_KIND:
            continue
        if len(alike) <= _MOST_ALIKE:
            for problem in alike:
                click.echo(str(problem), err=True)
            continue
        rows = _ranges([problem.row or 0 for problem in alike[1:]])
        click.echo(f"{alike[0]}; the same in {len(alike) - 1} more rows: {rows}", err=True)
    for (file, column, message), number in told.items():
        if number > _MOST_OF_A_KIND:
            place = ", column ".join(part for part in (file, column) if part)
            left = number - _MOST_OF_A_KIND
            click.echo(f"{place}: {message}: {left} more", err=True)
    if len(problems) > 1:
        click.echo(f"{len(problems)} problems. Nothing was written.", err=True)
