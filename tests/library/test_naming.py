"""Names that the site gives, and the one time they may be changed."""

import pytest
import sqlalchemy as sa

from library import naming, people
from library.db import reading, writing
from library.errors import ConflictError, ForbiddenError, InvalidError
from library.models import Person
from tests.support.rows import NOW, add_person

WORDS = "a few words of mine"


@pytest.fixture
def guest(engine: sa.Engine) -> Person:
    with writing(engine) as session:
        return naming.add_named_person(session, "quiet-folio", WORDS, NOW)


def test_every_pair_of_words_makes_a_name() -> None:
    first, second = naming._FIRST, naming._SECOND  # noqa: SLF001
    assert len(first) * len(second) > 2000
    assert all(people.NAME.fullmatch(f"{one}-{two}") for one in first for two in second)


def test_a_taken_name_is_not_suggested(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "_FIRST", ["quiet"])
    monkeypatch.setattr(naming, "_SECOND", ["folio", "quill"])
    with writing(engine) as session:
        add_person(session, "quiet-folio")
        add_person(session, "quiet-quill")
        name = naming.suggest_name(session)
        assert people.find_person(session, name) is None
        assert people.NAME.fullmatch(name)
        assert name.startswith(("quiet-folio-", "quiet-quill-"))


def test_a_given_name_is_changed_once(engine: sa.Engine, guest: Person) -> None:
    with writing(engine) as session:
        mine = session.get_one(Person, guest.id)
        assert naming.has_given_name(session, mine)
        naming.choose_name(session, mine, "cleo", NOW)
        session.flush()
        assert not naming.has_given_name(session, mine)
        with pytest.raises(ForbiddenError, match="stays"):
            naming.choose_name(session, mine, "dora", NOW)
    with reading(engine) as session:
        assert session.get_one(Person, guest.id).name == "cleo"


def test_a_name_that_does_not_fit_or_is_taken(engine: sa.Engine, guest: Person) -> None:
    with writing(engine) as session:
        add_person(session, "ann")
        mine = session.get_one(Person, guest.id)
        with pytest.raises(ConflictError, match="ann is taken"):
            naming.choose_name(session, mine, "ann", NOW)
        with pytest.raises(InvalidError) as refused:
            naming.choose_name(session, mine, "Ann Lee", NOW)
        assert "name" in refused.value.errors
        assert mine.name == "quiet-folio"


def test_a_chosen_name_stays(engine: sa.Engine) -> None:
    with writing(engine) as session:
        person = people.add_person(session, "cleo", WORDS, NOW)
        with pytest.raises(ForbiddenError):
            naming.choose_name(session, person, "dora", NOW)
