"""Keeping what there is: backup, restore, integrity."""

import sys
from pathlib import Path

import click

from exports import integrity as release_integrity
from library import backup as backups
from library import integrity
from library.config import settings_from
from library.db import reading
from proofing import integrity as proofing_integrity
from web.commands.places import opened


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write database, images and releases into one archive, FILE (tar); safe while running."""
    backups.backup(opened(), file)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Fill an empty home from the archive FILE."""
    backups.restore(settings_from(), file)


@click.command()
def check() -> None:
    """Check database, images and releases; prints a line for each finding."""
    place, found = opened(), 0
    with reading(place.engine) as session:
        for finding in (
            *integrity.findings(session, place.storage),
            *proofing_integrity.findings(session),
            *release_integrity.findings(session, place.settings),
        ):
            click.echo(finding)
            found += 1
    sys.exit(1 if found else 0)


COMMANDS: tuple[click.Command, ...] = (backup, restore, check)
