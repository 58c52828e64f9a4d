"""What people did and could do next."""

import sqlalchemy as sa

from library.db import reading, writing
from library.models import Person, Project
from proofing import checkout, tallies
from proofing.models import PageTask
from tests.support.desk import Desk


def test_counts_are_by_day(desk: Desk) -> None:
    ann, project = desk.person("ann"), desk.project(pages=4)
    desk.read(project, ann)
    desk.wait(days=2)
    desk.read(project, ann)
    desk.wait(days=5)
    desk.read(project, ann)
    desk.read(project, ann)
    with reading(desk.engine) as session:
        counts = tallies.counts_of(session, ann, desk.now)
    assert (counts.today, list(counts.week), counts.total) == (2, [0, 1, 0, 0, 0, 0, 2], 4)


def test_offers_are_what_the_button_gives_and_newcomers_begin_first(desk: Desk) -> None:
    ann, ben = desk.person("ann"), desk.person("ben")
    first = desk.project(pages=2)
    desk.project(pages=2, state="paused")
    desk.project(pages=2, opened=False)
    desk.project(pages=0)
    last = desk.project(pages=1)
    desk.read(last, ann)
    desk.read(first, ann)

    def offered(person: Person) -> list[tuple[int, str, int]]:
        with reading(desk.engine) as session:
            found = tallies.offers(session, person, 5)
            return [(each.project.id, each.round, each.available) for each in found]

    assert offered(ann) == [(first.id, "P1", 1)]
    assert offered(ben) == [(last.id, "P2", 1), (first.id, "P1", 1)]
    with reading(desk.engine) as session:
        for project, person, code in ((last, ben, "P2"), (first, ann, "P1")):
            mine = session.get_one(Project, project.id)
            found, sentence = checkout.look_ahead(session, mine, person)
            assert (found, sentence) == (code, "")
        none, sentence = checkout.look_ahead(session, session.get_one(Project, last.id), ann)
    assert none is None
    assert "other eyes" in sentence


def test_a_page_is_reopenable_until_someone_else_has_it(desk: Desk) -> None:
    ann, ben, project = desk.person("ann"), desk.person("ben"), desk.project(pages=1)
    task = desk.read(project, ann)

    def reopenable(person: Person) -> list[int]:
        with reading(desk.engine) as session:
            return [each.id for each in tallies.reopenable(session, person, 5)]

    assert reopenable(ann) == [task.id]
    assert reopenable(ben) == []
    desk.take(project, ben)
    assert reopenable(ann) == []


def test_shares_and_readers(desk: Desk) -> None:
    ann, ben = desk.person("ann"), desk.person("ben")
    one, other = desk.project(pages=3, rounds_=("P1",)), desk.project(pages=2)
    desk.read(one, ann)
    desk.read(one, ann)
    desk.read(one, ben)
    desk.wait(minutes=1)
    desk.read(other, ann)
    with reading(desk.engine) as session:
        shares = tallies.shares(session, ann, 5)
        assert [(each.project.id, each.mine, each.finished, each.total) for each in shares] == [
            (other.id, 1, 0, 2),
            (one.id, 2, 3, 3),
        ]
        assert tallies.readers(session, session.get_one(Project, one.id), 1) == (2, ["ann"])


def test_a_pace_takes_three_days(desk: Desk) -> None:
    ann, project = desk.person("ann"), desk.project(pages=10)

    def days(to_go: int) -> int | None:
        with reading(desk.engine) as session:
            mine = session.get_one(Project, project.id)
            return tallies.days_left(session, mine, "P1", to_go, desk.now)

    assert days(10) is None
    for _ in range(4):
        desk.read(project, ann)
        desk.wait(days=1)
    assert days(6) == 6
    assert days(0) is None
    desk.wait(days=30)
    assert days(6) is None


def test_a_coordinator_may_send_back_what_nobody_finished_after(desk: Desk) -> None:
    ann, ben, project = desk.person("ann"), desk.person("ben"), desk.project(pages=1)
    task = desk.read(project, ann)

    def may() -> bool:
        with reading(desk.engine) as session:
            return tallies.may_send_back(session, session.get_one(PageTask, task.id))

    assert may()
    desk.read(project, ben)
    assert not may()


def test_problems_are_in_the_order_of_pages(desk: Desk) -> None:
    project = desk.project(pages=3)
    with writing(desk.engine) as session:
        session.execute(
            sa.update(PageTask).where(PageTask.number > 1).values(state="bad", reason="dark")
        )
    with reading(desk.engine) as session:
        found = tallies.problems(session, session.get_one(Project, project.id))
        assert [task.number for task in found] == [2, 3]
