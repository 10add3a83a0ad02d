"""The command line: each command parses, calls and prints; none computes.

Commands live in modules of their own and are imported when used, so that help is instant.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module

import click

from dossier.version import __version__

ALLOCATIONS_BETWEEN_COLLECTIONS = 1_000_000

COMMANDS = {
    "init": "Write a commented starter study.",
    "check": "Validate the input and print every data query.",
    "evaluate": "Print endpoints and verdicts, without documents.",
    "build": "Write the dossier: Word, PDF and results.json.",
    "what-if": "Put the cohort under other rules, populations and criteria.",
    "diff": "Show what changed between two dossiers or two data cuts.",
    "verify": "Prove that a dossier matches its data, criteria and software.",
    "portfolio": "Split a pooled data set into cohorts, evaluate and rank them.",
    "trace": "Follow a number back to its patients and their rows.",
    "export": "Write the derived values of every patient as CSV.",
    "design": "Find Simon two-stage designs, optimal and minimax.",
    "score": "Judge published studies from their summary figures.",
    "criteria": "List, show, check, compare and write criteria.",
    "templates": "List, show and copy template packs.",
}


def _accept_everywhere(command: click.Command) -> None:
    """Let every command take --quiet and --no-color, so that a script can always pass them."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            _accept_everywhere(each)
        return
    known = {name for parameter in command.params for name in parameter.opts}
    for names in (("-q", "--quiet"), ("--no-color",)):
        if known.isdisjoint(names):
            command.params.append(
                click.Option(names, is_flag=True, expose_value=False, hidden=True)
            )


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names of the commands, in the order of a user's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the module of a command; None for a name that is no command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"dossier.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        _accept_everywhere(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest one."""
        from difflib import get_close_matches

        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            near = get_close_matches(name, COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"There is no command {name!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands from the table above, importing none of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dossier")
def group() -> None:
    """From a patient-level oncology cohort to a reimbursement evidence dossier.

    \b
    dossier init my-study        a starter study to fill in
    dossier check my-study       what is wrong or doubtful in the data
    dossier build my-study       the dossier in Word and PDF
    """  # noqa: D301 (click keeps the lines after a backspace sign as they are)


def main() -> None:
    """Run the command line; the exit status is 0, 1, 2 or 3 as the contract of the commands says.

    A fault of the program itself ends with status 70 and one line; DOSSIER_TRACEBACK=1 shows where.
    """
    from dossier.errors import InputError, OptionError

    # A command makes many small values and ends: looking for cycles that often is a tenth of it.
    gc.set_threshold(ALLOCATIONS_BETWEEN_COLLECTIONS)
    try:
        group(prog_name="dossier")
    except InputError as error:
        from dossier.cli.terminal import print_problems

        print_problems(error.problems)
        sys.exit(2 if isinstance(error, OptionError) else 3)
    except Exception as error:
        if os.environ.get("DOSSIER_TRACEBACK"):
            raise
        click.echo(f"dossier itself failed: {type(error).__name__}: {error}", err=True)
        click.echo(
            "Nothing was written. Please report this; DOSSIER_TRACEBACK=1 shows where.", err=True
        )
        sys.exit(70)
    finally:
        # The process ends: a last look for cycles among all it made would take a tenth of it too.
        gc.freeze()
