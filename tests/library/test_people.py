from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import people
from library.db import reading, writing
from library.errors import (
    ConflictError,
    ForbiddenError,
    GalleyError,
    InvalidError,
    NotFoundError,
    SignInError,
)
from library.models import ApiToken, Event, Login, Person, ResetLink
from tests.support.crowd import at_once
from tests.support.rows import NOW, add_person

PASSWORD = "correct horse battery"  # noqa: S105 - nobody's


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """A transaction that writes."""
    with writing(engine) as opened:
        yield opened


def test_an_account_has_a_name_and_a_hashed_password(session: Session) -> None:
    ann = people.add_person(session, "ann", PASSWORD, NOW)
    assert (ann.name, ann.role, ann.is_admin) == ("ann", "volunteer", False)
    assert PASSWORD not in ann.password_hash
    assert ann.password_hash.startswith("$argon2id$")
    assert people.verify(ann.password_hash, PASSWORD)
    assert not people.verify(ann.password_hash, PASSWORD.upper())
    assert session.scalars(sa.select(Event.action)).all() == ["person.joined"]


@pytest.mark.parametrize("name", ["a", "Ann", "a b", "a" * 33, "ann\n", "ann/..", "ännchen", ""])
def test_a_name_that_does_not_fit(session: Session, name: str) -> None:
    with pytest.raises(InvalidError) as refused:
        people.add_person(session, name, PASSWORD, NOW)
    assert refused.value.errors.keys() == {"name"}


@pytest.mark.parametrize("name", ["an", "a.b_c-9", "a" * 32])
def test_a_name_that_fits(session: Session, name: str) -> None:
    assert people.add_person(session, name, PASSWORD, NOW).name == name


@pytest.mark.parametrize("password", ["short", "x" * 1025, "password", "PassWord", "ann.the.first"])
def test_a_password_that_does_not_fit(session: Session, password: str) -> None:
    with pytest.raises(InvalidError) as refused:
        people.add_person(session, "ann.the.first", password, NOW)
    assert refused.value.errors.keys() == {"password"}


@pytest.mark.parametrize("password", ["x" * 1024, "  blanks  ", "pässwörter!", "\U0001f4d6" * 8])
def test_a_password_is_taken_as_it_is(session: Session, password: str) -> None:
    ann = people.add_person(session, "ann", password, NOW)
    assert people.verify(ann.password_hash, password)
    assert not people.verify(ann.password_hash, password.strip() + ".")


def test_the_same_password_from_another_keyboard(session: Session) -> None:
    ann = people.add_person(session, "ann", "caf\u00e9 au lait", NOW)
    assert people.verify(ann.password_hash, "cafe\u0301 au lait")


def test_nobodys_password_fits_nothing() -> None:
    assert not people.verify(None, PASSWORD)
    assert not people.verify("", PASSWORD)
    assert not people.verify("no hash at all", PASSWORD)


def test_a_name_is_taken_once(session: Session) -> None:
    people.add_person(session, "ann", PASSWORD, NOW)
    with pytest.raises(ConflictError):
        people.add_person(session, "ann", PASSWORD, NOW)


def test_a_name_is_taken_once_also_at_the_same_moment(engine: sa.Engine) -> None:
    def join() -> str:
        try:
            with writing(engine) as session:
                people.add_person(session, "ann", PASSWORD, NOW)
        except GalleyError as error:
            return type(error).__name__
        return "joined"

    assert sorted(at_once([join] * 3)) == ["ConflictError", "ConflictError", "joined"]


def test_a_role_that_is_none(session: Session) -> None:
    with pytest.raises(InvalidError):
        people.add_person(session, "ann", PASSWORD, NOW, role="king")


def test_finding_people(session: Session) -> None:
    ann = add_person(session, "ann")
    assert people.find_person(session, "ann") is ann
    assert people.person_named(session, "ann") is ann
    assert people.find_person(session, "bob") is None
    with pytest.raises(NotFoundError, match="bob"):
        people.person_named(session, "bob")


def test_a_session_begins_lasts_and_ends(session: Session) -> None:
    ann = add_person(session, "ann")
    secret = people.sign_in(session, ann, NOW)
    assert people.signed_in(session, secret, NOW + timedelta(days=29)) is ann
    assert people.signed_in(session, secret, NOW + timedelta(days=30)) is None
    assert people.signed_in(session, "another", NOW) is None
    stored = session.scalars(sa.select(Login.token_hash)).one()
    assert stored != secret
    people.sign_out(session, secret)
    assert people.signed_in(session, secret, NOW) is None


def test_signing_out_ends_one_browser_only(session: Session) -> None:
    ann = add_person(session, "ann")
    here, there = (people.sign_in(session, ann, NOW) for _ in range(2))
    people.sign_out(session, here)
    assert people.signed_in(session, there, NOW) is ann


def test_a_new_password_ends_every_session_and_link(session: Session) -> None:
    admin, ann = add_person(session, role="admin"), add_person(session, "ann")
    secret = people.sign_in(session, ann, NOW)
    link = people.reset_link(session, admin, ann, NOW)
    people.change_password(session, ann, PASSWORD, NOW)
    assert people.signed_in(session, secret, NOW) is None
    assert people.verify(ann.password_hash, PASSWORD)
    with pytest.raises(NotFoundError):
        people.reset_password(session, link, PASSWORD, NOW)


def test_a_new_password_must_fit(session: Session) -> None:
    ann = add_person(session, "ann")
    with pytest.raises(InvalidError):
        people.change_password(session, ann, "short", NOW)


def test_a_token_is_shown_once_and_can_be_revoked(session: Session) -> None:
    ann, bob = add_person(session, "ann"), add_person(session, "bob")
    secret = people.new_token(session, ann, NOW)
    token = session.scalars(sa.select(ApiToken)).one()
    assert secret not in (token.token_hash, "")
    assert people.token_holder(session, secret) is ann
    assert people.token_holder(session, f"{secret}x") is None
    people.revoke_token(session, bob, token.id)  # not his
    assert people.token_holder(session, secret) is ann
    people.revoke_token(session, ann, token.id)
    assert people.token_holder(session, secret) is None


def test_a_reset_link_works_once_for_an_hour(session: Session) -> None:
    admin, ann = add_person(session, role="admin"), add_person(session, "ann")
    with pytest.raises(ForbiddenError):
        people.reset_link(session, ann, ann, NOW)
    late = people.reset_link(session, admin, ann, NOW)
    with pytest.raises(NotFoundError):
        people.reset_password(session, late, PASSWORD, NOW + timedelta(hours=1))
    link = people.reset_link(session, admin, ann, NOW)
    assert people.reset_password(session, link, PASSWORD, NOW) is ann
    with pytest.raises(NotFoundError):
        people.reset_password(session, link, PASSWORD, NOW)
    assert session.scalars(sa.select(ResetLink)).all() == []


def test_a_closed_account_is_out_everywhere_at_once_and_can_be_opened(session: Session) -> None:
    admin, ann = add_person(session, role="admin"), add_person(session, "ann")
    secret, token = people.sign_in(session, ann, NOW), people.new_token(session, ann, NOW)
    people.set_disabled(session, admin, ann, NOW, off=True)
    assert people.signed_in(session, secret, NOW) is None
    assert people.token_holder(session, token) is None
    with pytest.raises(SignInError):
        people.sign_in(session, ann, NOW)
    people.set_disabled(session, admin, ann, NOW, off=False)
    assert people.token_holder(session, token) is ann
    people.sign_in(session, ann, NOW)


def test_only_another_admin_closes_accounts_and_changes_roles(session: Session) -> None:
    admin, ann = add_person(session, role="admin"), add_person(session, "ann")
    for actor, person in ((ann, admin), (admin, admin)):
        with pytest.raises(ForbiddenError):
            people.set_disabled(session, actor, person, NOW, off=True)
        with pytest.raises(ForbiddenError):
            people.set_role(session, actor, person, "volunteer", NOW)
    people.set_role(session, admin, ann, "coordinator", NOW)
    assert ann.role == "coordinator"
    with pytest.raises(InvalidError):
        people.set_role(session, admin, ann, "king", NOW)


def test_nothing_secret_is_stored(engine: sa.Engine) -> None:
    with writing(engine) as session:
        ann = people.add_person(session, "ann", PASSWORD, NOW)
        admin = add_person(session, role="admin")
        make = (people.sign_in, people.new_token, partial(people.reset_link, actor=admin))
        secrets = [each(session, person=ann, now=NOW) for each in make]
    with reading(engine) as session:
        stored = [
            str(row)
            for model in (Person, Login, ApiToken, ResetLink, Event)
            for row in session.execute(sa.select(*model.__table__.columns))
        ]
    assert len(stored) >= 5
    assert not any(secret in row for secret in [*secrets, PASSWORD] for row in stored)
