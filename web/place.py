"""What a request needs of the world: the installation, transactions, the moment, the person."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import cast

from flask import current_app, g, request
from sqlalchemy.orm import Session

from library import people, queue
from library.clock import utc_now
from library.config import Settings
from library.db import glancing, reading, writing
from library.errors import ForbiddenError, SignInError
from library.models import Person
from library.worker import Installation

#: Key of the session cookie's secret.
LOGIN = "login"


def installation() -> Installation:
    """Return the installation that this app serves."""
    return cast("Installation", current_app.extensions["galley"])


def settings() -> Settings:
    """Return the settings of this installation."""
    return installation().settings


def reads() -> AbstractContextManager[Session]:
    """Open a transaction for looking."""
    return reading(installation().engine)


def writes() -> AbstractContextManager[Session]:
    """Open a transaction for changing; it commits at the end of the block."""
    return writing(installation().engine)


def now() -> datetime:
    """Return the moment of this request, the same throughout it."""
    if "now" not in g:
        g.now = utc_now()
    return cast("datetime", g.now)


def ring(name: str) -> None:
    """Wake the workers of a queue for what is due; call it after the commit."""
    with reads() as session:
        due = queue.count_due(session, name, now())
    if due:
        queue.ring(settings(), name, due)


def find_visitor() -> None:
    """Learn who asks, from the bearer token or the session cookie; runs before each request."""
    g.person, g.by_token = None, False
    if request.endpoint == "static":
        return
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() == "bearer":
        with glancing(installation().engine) as session:
            g.person = people.token_holder(session, token.strip())
        if g.person is None:
            raise SignInError("This token is not valid; make a new one in your settings.")
        g.by_token = True
        return
    from flask import session as cookie  # noqa: PLC0415 - the name is taken above

    if secret := cookie.get(LOGIN):
        with glancing(installation().engine) as session:
            g.person = people.signed_in(session, secret, now())


def welcome(person: Person | None) -> None:
    """Say who is signed in for the rest of this request."""
    g.person = person


def visitor() -> Person | None:
    """Return who is signed in, or None."""
    return cast("Person | None", g.get("person"))


def person() -> Person:
    """Return who is signed in; raises SignInError when nobody is."""
    someone = visitor()
    if someone is None:
        raise SignInError("Please sign in first; what you typed is kept on this device.")
    return someone


def admin() -> Person:
    """Return the admin who asks; raises ForbiddenError for anybody else."""
    someone = person()
    if not someone.is_admin:
        raise ForbiddenError("This is for the site's admins.")
    return someone
