from collections.abc import Iterable

import sqlalchemy as sa

from library.db import writing
from library.models import Event, Person, Project
from proofing import trust
from proofing.rules import ROUNDS
from proofing.trust import Standing
from tests.support.desk import Desk


def _standing(desk: Desk, person: Person, code: str) -> Standing:
    return desk.look(lambda session: trust.standing(session, person, code))


def _known(desk: Desk, person: Person) -> bool:
    return desk.look(lambda session: trust.is_known(session, person))


def _changes(desk: Desk, person: Person) -> float | None:
    return desk.look(lambda session: trust.changes_by_next(session, person))


def _read(desk: Desk, project: Project, people: Iterable[Person], pages: int, text: str = "Read."
) -> None:  # fmt: skip
    for person in people:
        for _ in range(pages):
            desk.read(project, person, text, code="P1")


def test_the_first_round_is_open_to_all(desk: Desk) -> None:
    assert _standing(desk, desk.person("new", grants=()), "P1").open


def test_on_a_site_without_anybody_every_round_is_open(desk: Desk) -> None:
    new = desk.person("new", grants=())
    assert all(_standing(desk, new, code).open for code in ROUNDS)


def test_thresholds_step_down_to_the_third_most_active_and_say_so(desk: Desk) -> None:
    project = desk.project(pages=30, rounds_=["P1"])
    people = [desk.person(name, grants=()) for name in ("ann", "bob", "cat", "dan")]
    for person, pages in zip(people, (9, 6, 4, 2), strict=True):
        _read(desk, project, [person], pages)
    assert [_standing(desk, each, "P2").open for each in people] == [True, True, True, False]
    assert _standing(desk, people[3], "P2").sentence == (
        "Second proofreading opens after 4 pages handed in; you have 2."
    )


def test_a_threshold_never_steps_up(desk: Desk) -> None:
    project = desk.project(pages=60, rounds_=["P1"])
    people = [desk.person(name, grants=()) for name in ("ann", "bob", "cat")]
    _read(desk, project, people, 15)
    new = desk.person("new", grants=())
    _read(desk, project, [new], 10)
    assert _standing(desk, new, "F1").open
    assert not _standing(desk, new, "P2").open


def test_pages_count_while_their_reading_stands(desk: Desk) -> None:
    project, ann = desk.project(pages=3), desk.person("ann", grants=())

    def done() -> int:
        return desk.look(lambda session: trust.pages_done(session, ann))

    task = desk.read(project, ann)
    desk.read(project, ann, code="P1")
    assert done() == 2
    desk.reopen(task, ann)
    assert done() == 1
    desk.hand_in(task, ann)
    assert done() == 2
    assert desk.look(lambda session: trust.pages_done(session, ann, most=1)) == 1


def test_a_newcomer_is_known_after_one_page_or_by_a_word(desk: Desk) -> None:
    project, new = desk.project(), desk.person("new", grants=())
    assert not _known(desk, new)
    desk.read(project, new)
    assert _known(desk, new)
    assert _known(desk, desk.person("friend", grants=["P1"]))
    assert _known(desk, desk.person("lead", grants=(), role="coordinator"))


def test_a_grant_opens_a_round_and_is_in_the_history(desk: Desk) -> None:
    admin, new = desk.person("admin", role="admin"), desk.person("new", grants=())
    busy = desk.project(pages=60, rounds_=["P1"])
    _read(desk, busy, [desk.person(name) for name in ("ann", "bob", "cat")], 20)
    assert not _standing(desk, new, "P2").open
    with writing(desk.engine) as session:
        for _ in range(2):
            trust.grant(session, admin, new, ["P2", "F1"], desk.now)
    assert _standing(desk, new, "P2").open
    assert _standing(desk, new, "F1").open
    assert not _standing(desk, new, "P3").open
    line = desk.look(lambda session: session.scalars(sa.select(Event)
        .where(Event.action == "person.granted").limit(1)).one())  # fmt: skip
    assert (line.person_id, line.detail) == (admin.id, {"name": "new", "rounds": ["P2", "F1"]})


def test_changes_are_the_next_readers_per_page(desk: Desk) -> None:
    project = desk.project(pages=["a b c d"] * 12)
    ann, bob = desk.person("ann", grants=()), desk.person("bob")
    _read(desk, project, [ann], 12, "a b c d")
    for place in range(9):
        desk.read(project, bob, "a b c X" if place % 2 else "a b X X", code="P2")
    assert _changes(desk, ann) is None  # nine say nothing
    desk.read(project, bob, "a b c X", code="P2")
    assert _changes(desk, ann) == 1.5
    assert _changes(desk, bob) is None


def test_formatting_is_no_correction(desk: Desk) -> None:
    project = desk.project(pages=["a b"] * 12, rounds_=["P1", "F1"])
    ann, bob = desk.person("ann", grants=()), desk.person("bob")
    _read(desk, project, [ann], 12, "a b")
    for _ in range(12):
        desk.read(project, bob, "<i>a</i> b", code="F1")
    assert _changes(desk, ann) is None


def test_many_changes_close_a_round_and_the_sentence_says_how_many(desk: Desk) -> None:
    project = desk.project(pages=["a b c d"] * 20)
    ann, bob = desk.person("ann", grants=()), desk.person("bob")
    _read(desk, project, [ann], 20, "a b c d")
    for _ in range(10):
        desk.read(project, bob, "W X Y d", code="P2")
    standing = _standing(desk, ann, "P2")
    assert not standing.open
    assert standing.sentence == (
        "Second proofreading opens when the next reader changes fewer than 2 words a page of"
        " yours; at present it is 3.0."
    )
    assert _standing(desk, ann, "F1").open  # formatting asks nothing of it


def test_only_the_last_fifty_pages_are_looked_at(desk: Desk) -> None:
    project = desk.project(pages=["a b"] * 55)
    ann, bob = desk.person("ann", grants=()), desk.person("bob")
    for _ in range(55):
        desk.wait(minutes=1)
        desk.read(project, ann, "a b", code="P1")
    for place in range(55):
        desk.read(project, bob, "X Y" if place < 5 else "a b", code="P2")
    assert _changes(desk, ann) == 0
