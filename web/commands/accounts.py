"""Accounts and tokens."""

import sys

import click

from library import people
from library.clock import utc_now
from library.db import writing
from library.errors import InvalidError
from library.models import ROLES
from proofing import trust
from proofing.rules import ROUNDS
from web.commands.places import opened


@click.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default=ROLES[0], show_default=True)
@click.option("--rounds", default="", metavar="P1,P2,…", help="Open these rounds to them at once.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add_user(name: str, role: str, rounds: str, *, password_stdin: bool) -> None:
    """Create an account called NAME; asks for the password on a terminal."""
    codes = [code.strip() for code in rounds.split(",") if code.strip()]
    if unknown := [code for code in codes if code not in ROUNDS]:
        raise InvalidError(f"{', '.join(unknown)}: no such round; there are {', '.join(ROUNDS)}.")
    password = _password(from_stdin=password_stdin)
    place, now = opened(), utc_now()
    with writing(place.engine) as session:
        person = people.add_person(session, name, password, now, role=role)
        if codes:
            trust.grant(session, None, person, codes, now)
    click.echo(f"{name} can sign in now.", err=True)


@click.command()
@click.argument("name")
def token(name: str) -> None:
    """Print a new API token of the account NAME; it is shown only now."""
    place = opened()
    with writing(place.engine) as session:
        secret = people.new_token(session, people.person_named(session, name), utc_now())
    click.echo(secret)


def _password(*, from_stdin: bool) -> str:
    if not from_stdin:
        asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return asked
    try:
        return sys.stdin.buffer.read().decode().removesuffix("\n")
    except UnicodeDecodeError:
        raise InvalidError("The password on standard input is not UTF-8 text.") from None


COMMANDS: tuple[click.Command, ...] = (user, token)
