"""Accounts: names, passwords, signed-in browsers, API tokens, password resets."""

import hashlib
import re
import secrets
import unicodedata
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from library import events
from library.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, SignInError
from library.models import ROLES, ApiToken, Login, Person, ResetLink

NAME = re.compile(r"[a-z0-9._-]{2,32}")
LEAST_PASSWORD, MOST_PASSWORD = 8, 1024
LOGIN_LASTS = timedelta(days=30)
RESET_LASTS = timedelta(hours=1)

#: RFC 9106's second choice (64 MiB, three passes): a few tens of milliseconds.
_hasher = PasswordHasher()

#: Asked before every call of a script, so it is put together once.
_TOKEN_HOLDER = (
    sa.select(Person)
    .join(ApiToken, ApiToken.person_id == Person.id)
    .where(ApiToken.token_hash == sa.bindparam("token_hash"))
)

#: Passwords that would be guessed first, besides the person's own name.
_COMMON = frozenset(
    (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split()
)


def add_person(
    session: Session, name: str, password: str, now: datetime, *, role: str = "volunteer"
) -> Person:
    """Create an account.

    Raises InvalidError for a name or password that does not fit, ConflictError for a taken name.
    """
    errors = {}
    if not NAME.fullmatch(name):
        errors["name"] = "A name has 2 to 32 of the characters a-z, 0-9, dot, underscore, hyphen."
    if sentence := password_fault(password, name):
        errors["password"] = sentence
    if role not in ROLES:
        errors["role"] = f"A role is one of {', '.join(ROLES)}."
    if errors:
        raise InvalidError(" ".join(errors.values()), errors)
    taken = ConflictError(f"The name {name} is taken; choose another.")
    if find_person(session, name):
        raise taken
    person = Person(name=name, password_hash=_hash(password), role=role, created_at=now)
    try:
        with session.begin_nested():
            session.add(person)
    except sa.exc.IntegrityError:  # by someone who joined at this very moment
        raise taken from None
    events.record(session, "person.joined", now, person=person)
    return person


def password_fault(password: str, name: str) -> str | None:
    """Return what is wrong with a password, or None. Length decides, not kinds of characters."""
    if len(password) < LEAST_PASSWORD:
        return f"A password has at least {LEAST_PASSWORD} characters; a few words make a good one."
    if len(password) > MOST_PASSWORD:
        return f"A password has at most {MOST_PASSWORD} characters."
    if password.casefold() in _COMMON or password.casefold() == name:
        return "That password is among the first that anyone would try; choose another."
    return None


def find_person(session: Session, name: str) -> Person | None:
    """Return the person of that name, or None."""
    return session.scalar(sa.select(Person).where(Person.name == name))


def person_named(session: Session, name: str) -> Person:
    """Return the person of that name; raises NotFoundError."""
    if person := find_person(session, name):
        return person
    raise NotFoundError(f"Nobody here is called {name}.")


def verify(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; takes the same time when there is no hash to fit."""
    try:
        fits = _hasher.verify(password_hash or _nobodys(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return fits and bool(password_hash)


@cache
def _nobodys() -> str:
    """Return a hash that nothing fits, checked when a name is unknown: the answer takes as long."""
    return _hasher.hash(secrets.token_hex())


def sign_in(session: Session, person: Person, now: datetime) -> str:
    """Start a session for a person whose password was verified; returns the cookie's secret."""
    if person.disabled_at:
        raise SignInError("This account is closed. An admin can open it again.")
    secret = secrets.token_urlsafe(32)
    session.add(
        Login(
            person_id=person.id,
            token_hash=_digest(secret),
            created_at=now,
            expires_at=now + LOGIN_LASTS,
        )
    )
    return secret


def signed_in(session: Session, secret: str, now: datetime) -> Person | None:
    """Return who holds this cookie secret, or None when it has ended."""
    login = session.scalar(sa.select(Login).where(Login.token_hash == _digest(secret)))
    if login is None or login.expires_at <= now or login.person.disabled_at:
        return None
    return login.person


def sign_out(session: Session, secret: str) -> None:
    """End the session of this cookie secret."""
    session.execute(sa.delete(Login).where(Login.token_hash == _digest(secret)))


def change_password(session: Session, person: Person, password: str, now: datetime) -> None:
    """Set a new password and end every session; raises InvalidError when it does not fit."""
    if sentence := password_fault(password, person.name):
        raise InvalidError(sentence, {"password": sentence})
    person.password_hash = _hash(password)
    session.execute(sa.delete(Login).where(Login.person_id == person.id))
    session.execute(sa.delete(ResetLink).where(ResetLink.person_id == person.id))
    events.record(session, "person.password-changed", now, person=person)


def new_token(session: Session, person: Person, now: datetime) -> str:
    """Make an API token and return it; only its hash is kept, so it is shown once."""
    secret = f"galley_{secrets.token_urlsafe(32)}"
    session.add(ApiToken(person_id=person.id, token_hash=_digest(secret), created_at=now))
    return secret


def token_holder(session: Session, secret: str) -> Person | None:
    """Return whose API token this is, or None."""
    person = session.scalar(_TOKEN_HOLDER, {"token_hash": _digest(secret)})
    return person if person is not None and person.disabled_at is None else None


def revoke_token(session: Session, person: Person, token_id: int) -> None:
    """Delete one of a person's own tokens."""
    mine = (ApiToken.id == token_id, ApiToken.person_id == person.id)
    session.execute(sa.delete(ApiToken).where(*mine))


def reset_link(session: Session, actor: Person, person: Person, now: datetime) -> str:
    """Make a link secret that lets `person` set a new password, once, for an hour."""
    if not actor.is_admin:
        raise ForbiddenError("Only an admin makes links that set a new password.")
    secret = secrets.token_urlsafe(32)
    session.add(
        ResetLink(person_id=person.id, token_hash=_digest(secret), expires_at=now + RESET_LASTS)
    )
    events.record(session, "person.reset-link", now, person=actor, detail={"name": person.name})
    return secret


def reset_password(session: Session, secret: str, password: str, now: datetime) -> Person:
    """Use a reset link; raises NotFoundError when it is used up or too old."""
    link = session.scalar(sa.select(ResetLink).where(ResetLink.token_hash == _digest(secret)))
    if link is None or link.expires_at <= now:
        raise NotFoundError("This link has been used or is over an hour old; ask for a new one.")
    person = session.get_one(Person, link.person_id)
    change_password(session, person, password, now)
    return person


def set_disabled(
    session: Session, actor: Person, person: Person, now: datetime, *, off: bool
) -> None:
    """Close an account (its work stays) or open it again; only an admin may."""
    if not actor.is_admin or actor.id == person.id:
        raise ForbiddenError("Only another admin closes or opens an account.")
    person.disabled_at = now if off else None
    session.execute(sa.delete(Login).where(Login.person_id == person.id))
    action = "person.closed" if off else "person.opened"
    events.record(session, action, now, person=actor, detail={"name": person.name})


def set_role(session: Session, actor: Person, person: Person, role: str, now: datetime) -> None:
    """Give a person another role; only another admin may, so that a site never loses its last."""
    if not actor.is_admin or actor.id == person.id:
        raise ForbiddenError("Only another admin changes a role.")
    if role not in ROLES:
        raise InvalidError(f"A role is one of {', '.join(ROLES)}.", {"role": "No such role."})
    if person.role != role:
        detail = {"name": person.name, "before": person.role, "after": role}
        person.role = role
        events.record(session, "person.role-changed", now, person=actor, detail=detail)


def _hash(password: str) -> str:
    return _hasher.hash(_normal(password))


def _normal(password: str) -> str:
    """Bring the same password typed on two keyboards to the same characters."""
    return unicodedata.normalize("NFC", password)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
