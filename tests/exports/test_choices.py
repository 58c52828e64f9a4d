"""Decisions about a book: who may make them, what they take, and that they can be taken back."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.releasing import choices, deciding
from exports.releasing.choices import Choice
from library import projects
from library.db import writing
from library.errors import ForbiddenError, InvalidError
from library.models import Event, Person, Project
from tests.support.rows import NOW, add_grown_project, add_person, add_project

WORD = Choice("word", "to-day")


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    with writing(engine) as session:
        yield session


@pytest.fixture
def olga(session: Session) -> Person:
    return add_person(session, "olga", role="coordinator")


@pytest.fixture
def project(session: Session, olga: Person) -> Project:
    return add_project(session, olga, pages=2)


def _kept(session: Session, project: Project) -> dict[str, str]:
    words: dict[str, str] = deciding.decided(session, project)["word"]
    return words


def test_a_decision_is_made_changed_and_taken_back(
    session: Session, olga: Person, project: Project
) -> None:
    for value in ("today", "to-day", "to-day", None):
        choices.decide(session, olga, project, WORD, value, NOW)
        assert _kept(session, project) == ({} if value is None else {"to-day": value})
    told = session.scalars(
        sa.select(Event.detail).where(Event.action == "decision.word").order_by(Event.id)
    ).all()
    assert [(each["before"], each["after"]) for each in told] == [
        (None, "today"),
        ("today", "to-day"),
        ("to-day", None),
    ]


def test_decided_words_reach_assembly(session: Session, olga: Person, project: Project) -> None:
    page = projects.pages_of(session, project)[1]
    place = f"{page.id}:and 'Arry went"
    choices.decide(session, olga, project, WORD, "today", NOW)
    choices.decide(session, olga, project, Choice("paragraph", str(page.id)), "yes", NOW)
    choices.decide(session, olga, project, Choice("quote", place), "apostrophe", NOW)
    made = deciding.as_decisions(deciding.decided(session, project))
    assert made.words == {"to-day": "today"}
    assert made.new_paragraph == {str(page.id): True}
    assert made.quotes == {place: "apostrophe"}


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("colour", "to-day", "today"),
        ("word", "to-day", "yesterday"),
        ("word", "To-day", "today"),
        ("word", "today", "today"),
        ("word", "to-day\n", "today"),
        ("word", "", "today"),
        ("paragraph", "999999", "yes"),
        ("paragraph", "1 OR 1", "yes"),
        ("paragraph", "9" * 40, "yes"),
        ("quote", "999999:x", "open"),
    ],
)
def test_what_no_book_has_is_refused(
    session: Session, olga: Person, project: Project, kind: str, key: str, value: str
) -> None:
    with pytest.raises(InvalidError):
        choices.decide(session, olga, project, Choice(kind, key), value, NOW)


def test_a_word_with_several_hyphens_loses_one(
    session: Session, olga: Person, project: Project
) -> None:
    mother = Choice("word", "mother-in-law")
    choices.decide(session, olga, project, mother, "mother-inlaw", NOW)
    with pytest.raises(InvalidError, match="motherin-law"):
        choices.decide(session, olga, project, mother, "motherinlaw", NOW)


def test_who_may_read_the_last_round_may_decide(session: Session, olga: Person) -> None:
    project = add_grown_project(session, olga)
    ben = add_person(session, "ben", grants=["F1"])
    choices.decide(session, ben, project, WORD, "today", NOW)
    with pytest.raises(ForbiddenError, match="Formatting opens after 10 pages"):
        choices.decide(session, add_person(session, "new"), project, WORD, "to-day", NOW)
    [(decision, name)] = choices.decisions(session, project)
    assert (decision.value, name) == ("today", "ben")


def test_what_is_decided_is_no_longer_asked(
    session: Session, olga: Person, project: Project
) -> None:
    findings = [
        {"code": "hyphen-unsure", "about": {"key": "to-day"}},
        {"code": "hyphen-unsure", "about": {"key": "to-day"}},
        {"code": "hyphen-unsure", "about": {"key": "up-on"}},
        {"code": "heading-proposed", "about": {}},
    ]
    asked = choices.undecided(session, project, findings)
    assert [(each["kind"], each["key"]) for each in asked] == [
        ("word", "to-day"),
        ("word", "up-on"),
    ]
    choices.decide(session, olga, project, WORD, "today", NOW)
    assert [each["key"] for each in choices.undecided(session, project, findings)] == ["up-on"]
