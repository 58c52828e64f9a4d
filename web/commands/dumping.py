"""The open dump: the library as files, and a library from such files."""

from pathlib import Path

import click

from exports.dumping import dump, rebuild
from library.clock import utc_now
from web.commands.places import opened


@click.command("export-site")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export_site(folder: Path) -> None:
    """Write all that is public into FOLDER, or bring a dump there up to date."""
    dump.export(opened(), folder)


@click.command("import-site")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def import_site(folder: Path) -> None:
    """Build the library of the dump FOLDER in an empty home; prints its books' slugs."""
    for slug in rebuild.rebuild(opened(), folder, utc_now()):
        click.echo(slug)


COMMANDS: tuple[click.Command, ...] = (export_site, import_site)
