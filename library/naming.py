"""Names for accounts that began without one: given, and changed once for one's own."""

import secrets
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import events, people
from library.errors import ConflictError, ForbiddenError, InvalidError
from library.models import Event, Person

#: Pleasant words of paper, weather and the printing house, a list a line: any pair makes a name.
_FIRST, _SECOND = (
    line.split()
    for line in (Path(__file__).parent / "given_names.txt").read_text("utf-8").splitlines()
)
_TRIES = 20


def suggest_name(session: Session) -> str:
    """Return a pleasant name that nobody has, such as `quiet-folio`."""
    names = {f"{secrets.choice(_FIRST)}-{secrets.choice(_SECOND)}" for _ in range(_TRIES)}
    taken = set(session.scalars(sa.select(Person.name).where(Person.name.in_(names))))
    return min(names - taken, default=f"{min(names)}-{secrets.randbelow(10**6)}")


def add_named_person(session: Session, name: str, password: str, now: datetime) -> Person:
    """Create an account under a suggested name, to be changed once; raises as `add_person`."""
    person = people.add_person(session, name, password, now)
    events.record(session, "person.name-given", now, person=person, detail={"name": name})
    return person


def has_given_name(session: Session, person: Person) -> bool:
    """Whether the person still has the name that was given to them."""
    given = sa.select(Event.id).where(
        Event.person_id == person.id,
        Event.action == "person.name-given",
        Event.detail["name"].as_string() == person.name,
    )
    return session.scalar(given.limit(1)) is not None


def choose_name(session: Session, person: Person, name: str, now: datetime) -> None:
    """Put a name of one's own in the place of a given one, once: chosen names never change.

    Raises ForbiddenError when the present name was chosen, InvalidError for one that does not fit,
    ConflictError for a taken one.
    """
    if not has_given_name(session, person):
        raise ForbiddenError("You chose your name; it stands in the history of books and stays.")
    if not people.NAME.fullmatch(name):
        sentence = "A name has 2 to 32 of the characters a-z, 0-9, dot, underscore, hyphen."
        raise InvalidError(sentence, {"name": sentence})
    taken = ConflictError(f"The name {name} is taken; choose another.")
    if people.find_person(session, name):
        raise taken
    before = person.name
    try:
        with session.begin_nested():
            person.name = name
    except sa.exc.IntegrityError:  # by someone who joined at this very moment
        raise taken from None
    detail = {"before": before, "after": name}
    events.record(session, "person.name-chosen", now, person=person, detail=detail)
