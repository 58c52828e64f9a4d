"""Corrections outside the rounds become the accepted text, or say why they can't."""

import pytest
import sqlalchemy as sa

from library.db import reading, writing
from library.errors import ConflictError, ForbiddenError, InvalidError
from library.models import Event, Page, Person, Project
from proofing import correcting, tasks
from proofing.correcting import correct_line, replaced
from proofing.integrity import findings
from proofing.models import Revision
from proofing.texts import accepted
from tests.support.desk import Desk, refusal

TEXT = "He said it\nin tbe garden.\n\nNobody heard."


def _text(desk: Desk, project: Project, number: int = 1) -> str:
    with reading(desk.engine) as session:
        page = session.scalars(
            sa.select(Page).where(Page.project_id == project.id, Page.number == number)
        ).one()
        found = accepted(session, session.get_one(Project, project.id), page)[page.id]
        return session.get_one(Revision, found.revision_id).text if found.revision_id else ""


def _correct(
    desk: Desk, project: Project, person: Person, line: int, old: str, new: str
) -> Revision:
    with writing(desk.engine) as session:
        page = session.scalars(
            sa.select(Page).where(Page.project_id == project.id, Page.number == 1)
        ).one()
        return correct_line(session, person, page, line, old, new, desk.now)


def _finished(desk: Desk, **fields: object) -> tuple[Project, Person]:
    owner = desk.person("owner")
    project = desk.project(owner, pages=1, rounds_=("P1", "F1"), **fields)
    desk.read(project, desk.person("ann"), TEXT, "P1")
    desk.read(project, desk.person("bob"), TEXT, "F1")
    return project, owner


def test_a_correction_is_the_accepted_text_and_stands_in_the_history(desk: Desk) -> None:
    project, owner = _finished(desk)
    revision = _correct(desk, project, owner, 2, "in tbe garden.", "in the garden.")
    assert _text(desk, project) == TEXT.replace("tbe", "the")
    task = desk.task_of(project, 1, "F1")
    assert (task.head_id, task.version, task.state) == (revision.id, revision.version, "done")
    with reading(desk.engine) as session:
        event = session.scalars(sa.select(Event).where(Event.action == "page.corrected")).one()
        assert (event.person_id, event.detail["revision"]) == (owner.id, revision.id)
        assert event.detail["line"] == 2
        assert list(findings(session)) == []


def test_a_line_that_was_changed_meanwhile_is_refused_with_what_stands_there(desk: Desk) -> None:
    project, owner = _finished(desk)
    _correct(desk, project, owner, 2, "in tbe garden.", "in the garden.")
    refused = refusal(_correct, desk, project, owner, 2, "in tbe garden.", "in a garden.")
    assert isinstance(refused, ConflictError)
    assert refused.current["line"] == "in the garden."
    assert _text(desk, project) == TEXT.replace("tbe", "the")


def test_the_next_reading_starts_from_the_correction(desk: Desk) -> None:
    owner, ann = desk.person("owner"), desk.person("ann")
    project = desk.project(owner, pages=1, rounds_=("P1", "P2"))
    desk.read(project, ann, TEXT, "P1")
    revision = _correct(desk, project, owner, 2, "in tbe garden.", "in the garden.")
    waiting = desk.task_of(project, 1, "P2")
    assert waiting.base_id == revision.id
    taken = desk.take(project, desk.person("bob"), "P2")
    assert desk.text(taken) == TEXT.replace("tbe", "the")


def test_a_page_in_somebodys_hands_is_left_to_them(desk: Desk) -> None:
    owner, ann, bob = desk.person("owner"), desk.person("ann"), desk.person("bob")
    project = desk.project(owner, pages=1, rounds_=("P1", "P2"))
    desk.read(project, ann, TEXT, "P1")
    desk.take(project, bob, "P2")
    refused = refusal(_correct, desk, project, owner, 2, "in tbe garden.", "in the garden.")
    assert isinstance(refused, ConflictError)
    assert "bob has this page in hand" in refused.sentence
    assert _text(desk, project) == TEXT


def test_a_page_sent_back_and_not_taken_yet_starts_from_the_correction(desk: Desk) -> None:
    project, owner = _finished(desk)
    desk.send_back(desk.task_of(project, 1, "F1"), owner)
    revision = _correct(desk, project, owner, 2, "in tbe garden.", "in the garden.")
    task = desk.task_of(project, 1, "F1")
    assert (task.base_id, task.head_id, task.state) == (revision.id, None, "available")


def test_who_may_not_read_the_round_may_not_correct(desk: Desk) -> None:
    project, _owner = _finished(desk)
    desk.read(desk.project(pages=1), desk.person("dora"))
    newcomer = desk.person("newcomer", grants=("P1",))
    refused = refusal(_correct, desk, project, newcomer, 2, "in tbe garden.", "in the garden.")
    assert isinstance(refused, ForbiddenError)
    assert "Formatting" in refused.sentence
    reader = desk.person("carla", grants=("F1",))
    _correct(desk, project, reader, 2, "in tbe garden.", "in the garden.")
    assert "the garden" in _text(desk, project)


def test_a_page_that_nobody_has_read_is_corrected_in_its_round(desk: Desk) -> None:
    owner = desk.person("owner")
    project = desk.project(owner, pages=1)
    refused = refusal(_correct, desk, project, owner, 1, "Text of page 1.", "Text.")
    assert isinstance(refused, ConflictError)
    assert "round" in refused.sentence


def test_a_correction_that_changes_nothing_is_refused(desk: Desk) -> None:
    project, owner = _finished(desk)
    refused = refusal(_correct, desk, project, owner, 2, "in tbe garden.", "in tbe garden. ")
    assert isinstance(refused, InvalidError)


def test_corrections_of_one_page_follow_each_other(desk: Desk) -> None:
    project, owner = _finished(desk)
    first = _correct(desk, project, owner, 1, "He said it", "")
    second = _correct(desk, project, owner, 2, "in tbe garden.", "in the garden.")
    assert (second.based_on, second.version) == (first.version, 2 + 1)
    assert _text(desk, project) == "in the garden.\n\nNobody heard."
    with reading(desk.engine) as session:
        assert tasks.find_task(session, second.task_id).head_id == second.id


@pytest.mark.parametrize(
    ("line", "old", "new", "after"),
    [
        (1, "one", "ONE", "ONE\ntwo\n\ntwo"),
        (1, "one\ntwo", "onetwo", "onetwo\n\ntwo"),
        (4, "one", "1", "1\ntwo\n\ntwo"),
        (99, "one", "1", "1\ntwo\n\ntwo"),
        (3, "", "three", "one\ntwo\nthree\ntwo"),
        (2, "two  \r\n", "2\n3", "one\n2\n3\n\ntwo"),
    ],
)
def test_lines_are_found_where_they_were_or_where_they_stand_once(
    line: int, old: str, new: str, after: str
) -> None:
    assert replaced("one\ntwo\n\ntwo", line, old, new) == after


@pytest.mark.parametrize(("line", "old"), [(1, "two"), (9, "two"), (0, "two"), (1, ""), (-3, "x")])
def test_lines_that_could_stand_in_two_places_are_not_guessed(line: int, old: str) -> None:
    with pytest.raises(ConflictError):
        correcting.replaced("one\ntwo\n\ntwo", line, old, "new")
