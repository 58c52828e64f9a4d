"""What the cookie of somebody without an account remembers: a half page, its secret, a name."""

import secrets
from typing import TypedDict, cast

from flask import session
from sqlalchemy.orm import Session

from library.models import Person
from proofing import trials
from proofing.halfpages import Place
from web import place

_KEY = "trial"


class Guest(TypedDict, total=False):
    """What is remembered; all of it may be missing."""

    #: Knows the layers again; only its hash is stored.
    secret: str
    #: The half page in front.
    half: Place
    #: Lines handed in, and of what.
    lines: int
    title: str
    #: The name suggested for the account, shown before it is made.
    name: str


def guest() -> Guest:
    """Return what is remembered of this visitor."""
    return cast("Guest", dict(session.get(_KEY, {})))


def remember(facts: Guest) -> None:
    """Remember these facts besides those known."""
    session[_KEY] = {**guest(), **facts}
    session.permanent = True  # it outlives the browser's window, as the layer does


def secret() -> str:
    """Return this visitor's secret, made when there is none."""
    known = guest().get("secret") or secrets.token_urlsafe(32)
    remember({"secret": known})
    return known


def attach(transaction: Session, person: Person) -> None:
    """Give this person whatever they read as a guest in this browser."""
    if known := guest().get("secret"):
        trials.attach(transaction, known, person, place.now())


def forget_half() -> None:
    """Forget the half page in front: its page is gone."""
    session[_KEY] = {name: fact for name, fact in guest().items() if name != "half"}
