"""`dossier verify`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dossier.cli.terminal import colour_option, progress, quiet_option

if TYPE_CHECKING:
    from dossier.verifying import Verification

MOST_LINES = 40
MOST_NAMES = 8


@click.command("verify", short_help="Prove that a dossier matches its data, criteria and software.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--cohort", type=click.Path(path_type=Path),
    help="Where the data are.  [default: looked for beside the dossier, by its hash]",
)  # fmt: skip
@click.option(
    "-c", "--criterion", "criteria", multiple=True, metavar="FILE", type=click.Path(path_type=Path),
    help="File of a criterion that cohort.yaml does not name; repeatable.",
)  # fmt: skip
@click.option(
    "--previous", type=click.Path(path_type=Path), metavar="DIR|COHORT",
    help="The previous dossier or data cut, if cohort.yaml does not name it.",
)  # fmt: skip
@click.option("--template", metavar="PACK", help="Folder of the template pack, if it is your own.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table",
    show_default=True, help="How to print what was compared.",
)  # fmt: skip
@colour_option
@quiet_option
def command(
    folder: Path,
    cohort: Path | None,
    criteria: tuple[Path, ...],
    previous: Path | None,
    template: str | None,
    form: str,
    no_color: bool,
    quiet: bool,
) -> None:
    """Prove that the dossier in DIR matches its data, criteria and software.

    Hashes of the files, the settings and the criteria are compared with those recorded, every
    value of results.json with a new evaluation, and each document with one made again. The exit
    status is 1 when anything differs.
    """
    from dossier.verifying import verify

    with progress(quiet=quiet, no_color=no_color) as tell:
        found = verify(
            folder, cohort, criteria=criteria, template=template, previous=previous, progress=tell
        )
    if form == "json":
        from dossier.render.data import results_json

        click.echo(results_json(found.to_dict()), nl=False)
    else:
        _print(found, no_color=no_color)
    if not found.same:
        sys.exit(1)


def _print(found: Verification, *, no_color: bool) -> None:
    from rich.text import Text

    from dossier.cli.terminal import console

    screen = console(no_color=no_color)
    for subject in dict.fromkeys(check.subject for check in found.checks):
        checks = [check for check in found.checks if check.subject == subject]
        wrong = [check for check in checks if not check.same]
        line = Text(f"{subject}: ", style="bold")
        if wrong:
            line.append(f"{len(wrong)} different", style="bold red")
        else:
            names = ", ".join(check.name for check in checks)
            if len(checks) > MOST_NAMES:
                names = f"{len(checks)} files"
            if subject == "results":
                names = f"all {found.values} values of results.json"
            line.append(f"the same ({names})", style="green")
        screen.print(line)
        for check in wrong[:MOST_LINES]:
            parts = [f"  {check.name}"]
            if check.remark:
                parts.append(check.remark)
            if check.recorded or check.found:
                parts.append(f"recorded {check.recorded}, found {check.found}")
            screen.print(Text(": ".join(parts)), soft_wrap=True)
        if len(wrong) > MOST_LINES:
            screen.print(f"  and {len(wrong) - MOST_LINES} more (--format json shows all)")
    if found.not_checked:
        screen.print(Text(f"Not checked: {', '.join(found.not_checked)}", style="dim"))
    if found.same:
        screen.print(Text("Verified.", style="bold green"))
    else:
        screen.print(Text("Not verified.", style="bold red"))
