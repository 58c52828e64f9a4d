"""The command line, `galley`: a module a topic. It finds everything from the environment alone."""

import logging
import sys

import click
import redis
import sqlalchemy as sa

from library.errors import GalleyError
from web import private_redis
from web.commands import accounts, books, dumping, keeping, running


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="galley")
def galley() -> None:
    """Turn scanned books into finished ebooks, by many hands."""


for module in (accounts, books, running, keeping, dumping):
    for command in module.COMMANDS:
        galley.add_command(command)


def main() -> None:
    """Run a command: exit 0 done, 1 refused or failed with one sentence, 2 wrong usage."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        private_redis.choose_address()
        galley(prog_name="galley")
    except GalleyError as error:
        _refuse(error.sentence)
    except sa.exc.OperationalError as error:
        _refuse(f"The database does not answer: {' '.join(str(error.orig).split())}.")
    except redis.RedisError as error:
        _refuse(f"Redis does not answer: {error}.")
    except OSError as error:
        _refuse(f"{error.filename or 'The system'}: {error.strerror or error}.")


def _refuse(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(1)
