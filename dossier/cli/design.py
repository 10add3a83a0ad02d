"""`dossier design`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

import click

from dossier.cli.terminal import colour_option

if TYPE_CHECKING:
    from dossier.estimate.two_stage import TwoStageDesign

KINDS: tuple[Literal["optimal", "minimax"], ...] = ("optimal", "minimax")
PROBABILITY = click.FloatRange(0, 1, min_open=True, max_open=True)


@click.command("design", short_help="Find Simon two-stage designs, optimal and minimax.")
@click.option(
    "--null", "null", type=PROBABILITY, required=True, metavar="P",
    help="Success probability not worth pursuing, e.g. 0.10.",
)  # fmt: skip
@click.option(
    "--alternative", type=PROBABILITY, required=True, metavar="P",
    help="Success probability worth finding, e.g. 0.30.",
)  # fmt: skip
@click.option(
    "--alpha", type=PROBABILITY, required=True, metavar="A",
    help="Largest probability of a positive trial when the null is true.",
)  # fmt: skip
@click.option(
    "--power", type=PROBABILITY, required=True, metavar="B",
    help="Smallest probability of a positive trial when the alternative is true.",
)  # fmt: skip
@click.option(
    "--n-max", type=click.IntRange(2, 500), default=100, show_default=True, metavar="N",
    help="Largest number of patients to look at.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table",
    show_default=True, help="How to print the designs.",
)  # fmt: skip
@colour_option
def command(
    null: float,
    alternative: float,
    alpha: float,
    power: float,
    n_max: int,
    form: str,
    no_color: bool,
) -> None:
    """Find Simon's two-stage designs with these error rates.

    The optimal design expects the fewest patients when the null is true, the minimax design needs
    the fewest in all (Simon, Control Clin Trials 1989; 10: 1-10).

    \b
    dossier design --null 0.10 --alternative 0.30 --alpha 0.05 --power 0.80
    """  # noqa: D301 (click keeps the lines after a backspace sign as they are)
    from dossier.estimate.simon_search import simon_design

    if null >= alternative:
        raise click.UsageError(f"--null must lie below --alternative, not {null} and {alternative}")
    # To the digits the power was written with: 0.8 leaves 0.2, not 0.19999999999999996.
    beta = round(1 - power, 12)
    designs: dict[str, TwoStageDesign] = {}
    for kind in KINDS:
        try:
            designs[kind] = simon_design(null, alternative, alpha, beta, kind=kind, n_max=n_max)
        except ValueError as error:
            raise click.UsageError(f"{error}; try a larger --n-max") from None
    if form == "json":
        asked = {"null": null, "alternative": alternative, "alpha": alpha, "power": power}
        found = [{"kind": kind, **_as_dict(design)} for kind, design in designs.items()]
        click.echo(json.dumps(asked | {"n_max": n_max, "designs": found}, indent=2))
    else:
        _print(designs, n_max, no_color=no_color)


def _as_dict(design: TwoStageDesign) -> dict[str, Any]:
    from dossier.estimate.two_stage import operating_characteristics

    found = operating_characteristics(design)
    return {
        "stage1": {"n": design.n1, "minimum": design.r1 + 1},
        "total": {"n": design.n, "minimum": design.r + 1},
        "alpha": found.alpha,
        "power": found.power,
        "early_stop_null": found.early_stop_p0,
        "early_stop_alternative": found.early_stop_p1,
        "expected_n_null": found.expected_n_p0,
        "expected_n_alternative": found.expected_n_p1,
    }


def _print(designs: dict[str, TwoStageDesign], n_max: int, *, no_color: bool) -> None:
    from rich.table import Table

    from dossier.cli.terminal import console

    screen = console(no_color=no_color)
    table = Table(pad_edge=False)
    headings = (
        "Design",
        "Go on with",
        "Positive with",
        "Alpha",
        "Power",
        "Early stop",
        "Expected patients",
    )
    for heading in headings:
        table.add_column(heading)
    for kind, design in designs.items():
        found = _as_dict(design)
        table.add_row(
            kind,
            f"{design.r1 + 1} or more of {design.n1}",
            f"{design.r + 1} or more of {design.n}",
            f"{found['alpha']:.4f}",
            f"{found['power']:.4f}",
            f"{found['early_stop_null']:.4f}",
            f"{found['expected_n_null']:.2f}",
        )
    screen.print(table)
    screen.print(f"Of all designs of at most {n_max} patients (--n-max).")
    screen.print("Early stop and expected patients: when the null is true.")
    for kind, design in designs.items():
        screen.print(f"\nFor cohort.yaml, {kind}:\n{_yaml_line(design)}", soft_wrap=True)


def _yaml_line(design: TwoStageDesign) -> str:
    return (
        f"two_stage: {{endpoint: cbr_16w, stage1: {{n: {design.n1}, minimum: {design.r1 + 1}}}, "
        f"total: {{n: {design.n}, minimum: {design.r + 1}}}, "
        f"null: {design.p0!r}, alternative: {design.p1!r}}}"
    )
