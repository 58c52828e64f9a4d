"""Many people at one book: nobody gets another's page, nobody's text is lost."""

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from library.db import writing
from library.errors import ConflictError, ForbiddenError, GalleyError
from library.models import Page, Person, Project
from library.projects import pages_of
from proofing import arranging, rounds, tasks
from proofing.models import PageTask
from tests.support.crowd import at_once, processes, take_all
from tests.support.desk import Desk
from tests.support.postgresql import address_of

#: Times that a race of two is run.
TIMES = 12


def _handed_out_once(desk: Desk, project: Project, taken: list[list[int]]) -> None:
    ids = Counter(task_id for some in taken for task_id in some)
    tasks = desk.look(
        lambda session: session.execute(
            sa.select(PageTask.id, PageTask.state).where(PageTask.project_id == project.id)
        ).all()
    )
    assert {state for _, state in tasks} == {"out"}
    assert ids == dict.fromkeys((task_id for task_id, _ in tasks), 1)


def test_sixteen_threads_never_get_one_page_twice(desk: Desk) -> None:
    project = desk.project(pages=160)
    people = [desk.person(f"p{number:02}") for number in range(16)]

    def take_until_none(person: Person) -> list[int]:
        taken = []
        try:
            while True:
                taken.append(desk.take(project, person, "P1").id)
        except ConflictError:
            return taken

    taken = at_once([partial(take_until_none, person) for person in people])
    _handed_out_once(desk, project, taken)


def test_eight_processes_never_get_one_page_twice(desk: Desk) -> None:
    project = desk.project(pages=160)
    people = [desk.person(f"p{number:02}") for number in range(8)]
    url = address_of(desk.engine.url)
    with ProcessPoolExecutor(8, mp_context=processes()) as pool:
        futures = [pool.submit(take_all, url, project.id, person.id) for person in people]
        taken = [future.result() for future in futures]
    _handed_out_once(desk, project, taken)
    assert sum(map(bool, taken)) > 1  # it was a race


def test_a_newcomer_who_clicks_often_gets_one_page(desk: Desk) -> None:
    project, new = desk.project(pages=20), desk.person("new", grants=())

    def take() -> int:
        try:
            return desk.take(project, new).id
        except ForbiddenError:
            return 0

    taken = at_once([take] * 8)
    assert sum(map(bool, taken)) == 1
    assert desk.counts(project)["P1"]["out"] == 1


def test_two_savers_of_one_version_both_keep_their_text(desk: Desk) -> None:
    project, ann = desk.project(pages=1), desk.person("ann")
    task = desk.take(project, ann)
    for version in range(TIMES):
        texts = [f"{version} left", f"{version} right"]
        saved = at_once([partial(desk.save, task, ann, text, version) for text in texts])
        assert sorted(each.conflict is None for each in saved) == [False, True]
        kept = {text for _, _, text in desk.revisions(task)[-2:]}
        assert kept == set(texts)
        assert desk.task(task).version == version + 1


def test_the_same_hand_in_twice_is_one(desk: Desk) -> None:
    project, ann = desk.project(pages=TIMES), desk.person("ann")
    for _ in range(TIMES):
        task = desk.take(project, ann, "P1")
        saved = at_once([partial(desk.hand_in, task, ann, "done", 0)] * 2)
        assert [each.conflict for each in saved] == [None, None]
        assert len({each.revision.id for each in saved}) == 1
        assert len(desk.revisions(task)) == 1
    assert desk.counts(project)["P2"]["available"] == TIMES


def test_two_hand_ins_of_different_texts_keep_both(desk: Desk) -> None:
    project, ann = desk.project(pages=TIMES), desk.person("ann")
    for _ in range(TIMES):
        task = desk.take(project, ann, "P1")
        saved = at_once([partial(desk.hand_in, task, ann, text, 0) for text in ("left", "right")])
        assert sorted(each.conflict is None for each in saved) == [False, True]
        assert sorted((kind, text) for kind, _, text in desk.revisions(task)) in (
            [("done", "left"), ("kept", "right")],
            [("done", "right"), ("kept", "left")],
        )


def test_a_hand_in_against_the_sweep_is_done_or_kept(desk: Desk) -> None:
    ann = desk.person("ann")
    for _ in range(TIMES):
        project = desk.project(pages=1)
        task = desk.take(project, ann, "P1")
        desk.wait(days=4)
        at_once(
            [
                partial(desk.hand_in, task, ann, "done", 0),
                desk.reclaim,
            ]
        )
        assert (desk.task(task).state, desk.revisions(task)) in (
            ("done", [("done", 1, "done")]),
            ("available", [("kept", None, "done")]),
        )


def test_the_last_two_pages_at_once_finish_the_book(desk: Desk) -> None:
    ann, bob = desk.person("ann"), desk.person("bob")
    for _ in range(TIMES):
        project = desk.project(pages=2, rounds_=["P1"])
        last = [(desk.take(project, who), who) for who in (ann, bob)]
        at_once([partial(desk.hand_in, task, who) for task, who in last])
        assert desk.project_state(project) == "finished"
        assert desk.events(project).count("project.finished") == 1


@pytest.mark.parametrize("rounds_", [["P1"], ["P1", "P2"]])
def test_hand_ins_against_another_order_of_the_pages(desk: Desk, rounds_: list[str]) -> None:
    """Neither has to give way, and the tasks of the next round have the new numbers too."""
    lead, ann, bob = desk.person("lead", role="coordinator"), desk.person("ann"), desk.person("bob")

    def turn_round(project: Project) -> None:
        with writing(desk.engine) as session:
            mine = session.get_one(Project, project.id)
            order = [page.id for page in pages_of(session, mine)][::-1]
            arranging.reorder(session, lead, mine, order, desk.now)

    for _ in range(TIMES):
        project = desk.project(lead, pages=5, rounds_=rounds_)
        for _ in range(3):
            desk.read(project, ann, code="P1")
        last = [(desk.take(project, who, "P1"), who) for who in (ann, bob)]
        hand_in = [partial(desk.hand_in, task, who) for task, who in last]
        at_once([*hand_in, partial(turn_round, project)])
        numbers = desk.look(partial(numbers_of, project))
        assert all(of_page == of_task for of_page, of_task in numbers)
        if rounds_ == ["P1"]:
            with writing(desk.engine) as session:  # as the sweep does
                task = tasks.lock_task(session, last[0][0].id)
                rounds.advance(session, task.project, task, desk.now)
            assert desk.project_state(project) == "finished"


@pytest.mark.parametrize("first", ["reopen", "send_back"])
def test_taking_a_page_back_against_its_next_reader(desk: Desk, first: str) -> None:
    """One of the two wins; the page is never open in two rounds at once."""
    lead = desk.person("lead", role="coordinator")
    ann, bob = desk.person("ann"), desk.person("bob")

    def attempt(act: partial[PageTask]) -> bool:
        try:
            act()
        except GalleyError:
            return False
        return True

    for _ in range(TIMES):
        project = desk.project(lead, pages=1)
        task = desk.read(project, ann)
        back = partial(getattr(desk, first), task, ann if first == "reopen" else lead)
        at_once([partial(attempt, back), partial(attempt, partial(desk.take, project, bob, "P2"))])
        states = desk.states(project)
        if first == "reopen":
            assert states in ("P1 out, P2 withdrawn", "P1 done, P2 out")
        else:
            assert states in ("P1 available, P2 withdrawn", "P1 available, P2 out")


def test_giving_the_next_round_back_against_a_new_reading(desk: Desk) -> None:
    """Whichever comes first, the next round is open exactly when the earlier one is done."""
    lead = desk.person("lead", role="coordinator")
    ann, bob, cat = desk.person("ann"), desk.person("bob"), desk.person("cat")
    for _ in range(TIMES):
        project = desk.project(lead, pages=1)
        task = desk.read(project, ann)
        later = desk.take(project, bob, "P2")
        desk.send_back(task, lead)
        desk.take(project, cat, "P1")
        at_once(
            [
                partial(desk.hand_in, task, cat, "neat"),
                partial(desk.give_back, later, bob),
            ]
        )
        assert desk.states(project) == "P1 done, P2 available"
        assert desk.base(later) == "neat"


def test_a_kind_against_a_check_out(desk: Desk) -> None:
    ann = desk.person("ann")

    def take(project: Project) -> None:
        with suppress(ConflictError):
            desk.take(project, ann, "P1")

    for _ in range(TIMES):
        project = desk.project(pages=1)
        page_id = desk.task_of(project, 1, "P1").page_id
        at_once([partial(take, project), partial(desk.set_kind, page_id, "blank")])
        assert desk.states(project) in ("P1 out", "P1 done, P2 done, F1 done")


def numbers_of(project: Project, session: Session) -> list[tuple[int, int]]:
    """Return the number of each page as the page and as each of its tasks has it."""
    query = (
        sa.select(Page.number, PageTask.number)
        .join(PageTask, PageTask.page_id == Page.id)
        .where(Page.project_id == project.id)
    )
    return [(of_page, of_task) for of_page, of_task in session.execute(query)]
