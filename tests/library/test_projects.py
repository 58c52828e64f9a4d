from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import events, projects
from library.db import writing
from library.errors import ConflictError, ForbiddenError, GoneError, InvalidError, NotFoundError
from library.models import Event, Page, Person, Project
from library.projects import slug_of
from tests.support.crowd import at_once
from tests.support.rows import NOW, add_page, add_person, add_project

FIELDS: dict[str, Any] = {"title": "Emma", "languages": ["en"], "rounds": ["P1"]}


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """A transaction that writes."""
    with writing(engine) as opened:
        yield opened


@pytest.fixture
def lead(session: Session) -> Person:
    """Who coordinates."""
    return add_person(session, "lead", role="coordinator")


def test_who_starts_a_project_coordinates_it(session: Session, lead: Person) -> None:
    project = projects.create_project(session, lead, FIELDS, NOW)
    assert (project.slug, project.state, project.policy) == ("emma", "active", "every-page")
    assert projects.coordinators(session, project) == ["lead"]
    assert projects.coordinates(session, lead, project)
    assert not projects.coordinates(session, add_person(session), project)
    assert not projects.coordinates(session, None, project)
    assert projects.coordinates(session, add_person(session, role="admin"), project)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Emma", "emma"),
        ("  Les Misérables, t. 1!", "les-miserables-t-1"),
        ("Война и мир", "book"),
        ("../../etc/passwd", "etc-passwd"),
        ("a" * 100, "a" * 60),
        ("x" * 59 + " y", "x" * 59),
    ],
)
def test_titles_as_addresses(title: str, slug: str) -> None:
    assert slug_of(title) == slug


def test_equal_titles_get_addresses_of_their_own(session: Session, lead: Person) -> None:
    slugs = [projects.create_project(session, lead, FIELDS, NOW).slug for _ in range(3)]
    assert slugs == ["emma", "emma-2", "emma-3"]


def test_equal_titles_at_the_same_moment_too(engine: sa.Engine) -> None:
    with writing(engine) as session:
        lead = add_person(session)

    def start() -> str:
        with writing(engine) as session:
            return projects.create_project(session, lead, FIELDS, NOW).slug

    assert sorted(at_once([start] * 3)) == ["emma", "emma-2", "emma-3"]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", " "),
        ("title", "x" * 501),
        ("author", "a\0b"),
        ("note", "x" * 10_001),
        ("title", "one\ntwo"),
        ("author", "a\ud800"),
        ("description", "a\x1b[0m"),
    ],
)
def test_texts_that_do_not_fit(session: Session, lead: Person, field: str, text: str) -> None:
    with pytest.raises(InvalidError) as refused:
        projects.create_project(session, lead, {**FIELDS, field: text}, NOW)
    assert refused.value.errors.keys() == {field}


def test_a_note_may_have_lines(session: Session, lead: Person) -> None:
    note = "Please:\r\n\t* keep long s"
    assert projects.create_project(session, lead, {**FIELDS, "note": note}, NOW).note == note


def test_a_change_keeps_what_was_in_the_history(session: Session, lead: Person) -> None:
    project = add_project(session, lead, title="Emma")
    projects.change_project(session, lead, project, {"title": "Emma!", "author": ""}, NOW)
    assert project.title == "Emma!"
    line = session.scalars(sa.select(Event).where(Event.action == "project.changed")).one()
    assert line.detail == {"before": {"title": "Emma"}}
    projects.change_project(session, lead, project, {"title": "Emma!"}, NOW)
    assert (
        len(session.scalars(sa.select(Event).where(Event.action == "project.changed")).all()) == 1
    )


@pytest.mark.parametrize("field", ["slug", "created_by", "deleted_at", "id", "nonsense"])
def test_what_is_not_theirs_to_change(session: Session, lead: Person, field: str) -> None:
    with pytest.raises(InvalidError):
        projects.change_project(session, lead, add_project(session, lead), {field: "1"}, NOW)


def test_nobody_declares_a_book_finished(session: Session, lead: Person) -> None:
    project = add_project(session, lead)
    with pytest.raises(InvalidError):
        projects.change_project(session, lead, project, {"state": "finished"}, NOW)
    projects.change_project(session, lead, project, {"state": "paused"}, NOW)
    assert project.state == "paused"


def test_all_of_it_is_for_coordinators(session: Session, lead: Person) -> None:
    project, eve = add_project(session, lead), add_person(session, "eve")
    page = add_page(session, project)
    acts: list[Callable[[], None]] = [
        lambda: projects.change_project(session, eve, project, {"title": "Mine"}, NOW),
        lambda: projects.hide_project(session, eve, project, NOW),
        lambda: projects.archive_project(session, eve, project, NOW),
        lambda: projects.change_page(session, eve, page, NOW, label="1"),
        lambda: projects.add_coordinator(session, eve, project, eve, NOW),
        lambda: projects.remove_coordinator(session, eve, project, lead, NOW),
        lambda: projects.set_words(session, eve, project, "good", ["a"], NOW),
    ]
    for act in acts:
        with pytest.raises(ForbiddenError, match="lead"):
            act()


def test_coordinators_come_and_go_but_one_stays(session: Session, lead: Person) -> None:
    project, ann = add_project(session, lead), add_person(session, "ann")
    projects.add_coordinator(session, lead, project, ann, NOW + timedelta(days=1))
    assert projects.coordinators(session, project) == ["lead", "ann"]
    with pytest.raises(ConflictError):
        projects.add_coordinator(session, lead, project, ann, NOW)
    projects.remove_coordinator(session, ann, project, lead, NOW)
    with pytest.raises(ConflictError):
        projects.remove_coordinator(session, ann, project, ann, NOW)
    assert projects.coordinators(session, project) == ["ann"]


def test_finding_projects(session: Session, lead: Person) -> None:
    project = add_project(session, lead, title="Emma")
    assert projects.find_project(session, "emma") is project
    with pytest.raises(NotFoundError):
        projects.find_project(session, "nothing")
    projects.hide_project(session, lead, project, NOW)
    with pytest.raises(GoneError, match="Emma"):
        projects.find_project(session, "emma")


def test_finding_pages_by_number_and_by_id(session: Session, lead: Person) -> None:
    project, other = add_project(session, lead, pages=2), add_project(session, lead, pages=1)
    first, second = projects.pages_of(session, project)
    assert projects.find_page(session, project, "2") is second
    assert projects.find_page(session, project, f"id:{first.id}") is first
    far = projects.pages_of(session, other)[0]
    for address in ("0", "3", "-1", "x", "", "1.0", "9" * 30, "id:", f"id:{far.id}", "\u0661"):
        with pytest.raises(NotFoundError):
            projects.find_page(session, project, address)
    first.deleted_at = NOW
    session.flush()
    with pytest.raises(NotFoundError):
        projects.find_page(session, project, f"id:{first.id}")


def test_a_page_has_a_label_and_a_kind(session: Session, lead: Person) -> None:
    page = add_page(session, add_project(session, lead))
    projects.change_page(session, lead, page, NOW, label=" xii ", kind="blank")
    assert (page.label, page.kind) == ("xii", "blank")
    for wrong in ({"label": "x" * 21}, {"label": "a\nb"}, {"kind": "cover"}):
        with pytest.raises(InvalidError):
            projects.change_page(session, lead, page, NOW, **wrong)
    before = session.scalar(sa.select(sa.func.count()).select_from(Event))
    projects.change_page(session, lead, page, NOW, label="xii")
    assert session.scalar(sa.select(sa.func.count()).select_from(Event)) == before


def test_word_lists_are_sets_of_words(session: Session, lead: Person) -> None:
    project = add_project(session, lead)
    projects.set_words(session, lead, project, "good", ["b", "a", " a ", "", "cafe\u0301"], NOW)
    assert projects.words(session, project, "good") == ["a", "b", "caf\u00e9"]
    assert projects.words(session, project, "bad") == []
    projects.set_words(session, lead, project, "good", ["b", "c"], NOW)
    assert projects.words(session, project, "good") == ["b", "c"]
    line = session.scalars(sa.select(Event).order_by(Event.id.desc())).first()
    assert line is not None
    assert line.detail == {"added": ["c"], "removed": ["a", "caf\u00e9"]}
    for wrong in ("x" * 101, "a\0"):
        with pytest.raises(InvalidError):
            projects.set_words(session, lead, project, "good", [wrong], NOW)


def test_long_word_lists_fit(session: Session, lead: Person) -> None:
    project = add_project(session, lead)
    words = [f"word{number}" for number in range(40_000)]
    projects.set_words(session, lead, project, "good", words, NOW)
    projects.set_words(session, lead, project, "good", words[:1], NOW)
    assert projects.words(session, project, "good") == words[:1]


def test_the_history_is_read_in_both_directions(session: Session, lead: Person) -> None:
    one, two = add_project(session, lead), add_project(session, lead)
    for number in range(3):
        for project in (one, two):
            events.record(session, f"step.{number}", NOW, person=lead, project=project)
    events.record(session, "by.nobody", NOW, project=one)
    session.flush()
    newest = events.history(session, project_id=one.id, limit=2)
    assert [(event.action, name) for event, name in newest] == [
        ("by.nobody", None), ("step.2", "lead"),
    ]  # fmt: skip
    older = events.history(session, project_id=one.id, before=newest[-1][0].id)
    assert [event.action for event, _ in older] == ["step.1", "step.0", "project.started"]
    after = events.since(session, newest[-1][0].id, 10)
    assert [event.action for event, _ in after] == ["step.2", "by.nobody"]
    mine = events.since(session, 0, 2, project_id=two.id)
    assert [event.action for event, _ in mine] == ["project.started", "step.0"]


def test_what_somebody_once_did_is_known(session: Session, lead: Person) -> None:
    project, bob = add_project(session, lead, pages=1), add_person(session)
    page = session.scalars(sa.select(Page)).one()
    events.record(session, "task.taken", NOW, person=lead, page=page, detail={"round": "P1"})
    session.flush()

    def happened(person: Person, **detail: str) -> bool:
        return events.happened(session, "task.taken", person=person, page_id=page.id, **detail)

    assert happened(lead)
    assert happened(lead, round="P1")
    assert not happened(lead, round="P2")
    assert not happened(bob)
    assert session.get_one(Project, project.id).slug == "a-book"
