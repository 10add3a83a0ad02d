"""`dossier templates`."""

from __future__ import annotations

from pathlib import Path

import click

from dossier.cli.terminal import known_template


@click.group("templates", short_help="List, show and copy template packs.")
def command() -> None:
    """The template packs: what a dossier says, in which order, and how it looks."""


@command.command("list", short_help="The packs that come with the program.")
def list_command() -> None:
    """List the packs with their languages."""
    from dossier.compose.packs import list_packs

    packs = list_packs()
    width = max(len(pack.id) for pack in packs)
    for pack in packs:
        languages = ", ".join(pack.languages)
        click.echo(
            f"{pack.id:{width}}  {languages}  {pack.title['en']}: {_lower(pack.description)}"
        )


@command.command("show", short_help="Sections, tables and figures of a pack.")
@click.argument("pack", callback=known_template)
def show_command(pack: str) -> None:
    """Show the sections of PACK and the tables and figures its templates may print.

    PACK is the name of a pack, or a folder that holds one.
    """
    from dossier.compose.packs import describe

    content = describe(pack)
    settings = content.settings
    click.echo(
        f"{settings.title.get('en', settings.id)} ({settings.id}, version {settings.version})"
    )
    if settings.extends:
        click.echo(f"extends: {settings.extends}")
    click.echo(f"languages: {', '.join(settings.languages)}")
    click.echo("sections:")
    width = max(len(section.name) for section in content.sections)
    for section in content.sections:
        click.echo(f"  {section.name:{width}}  {', '.join(section.template.values())}")
    click.echo(f"tables: {', '.join(content.tables)}")
    click.echo(f"figures: {', '.join(content.figures)}")


@command.command("copy", short_help="Copy a pack to make it your own.")
@click.argument("pack", callback=known_template)
@click.argument("folder", type=click.Path(path_type=Path))
def copy_command(pack: str, folder: Path) -> None:
    """Copy PACK into the new FOLDER, to be edited there.

    `dossier build COHORT --template FOLDER` uses it. A folder that is there already is never
    overwritten.
    """
    from dossier.compose.packs import copy_pack

    for path in copy_pack(pack, folder):
        click.echo(f"wrote {path}")
    click.echo(f"Now try: dossier build COHORT --template {folder}", err=True)


def _lower(texts: dict[str, str]) -> str:
    text = texts.get("en", "")
    return text[:1].lower() + text[1:]
