from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from library import projects
from library.db import writing
from library.errors import ConflictError
from library.models import Page, Project
from proofing import arranging, rounds
from proofing.models import PageTask
from tests.support import rows
from tests.support.desk import Desk, refusal


def _kinds(desk: Desk, project: Project, number: int, *kinds: str) -> None:
    page_id = desk.task_of(project, number, "P1").page_id
    for kind in kinds:
        desk.set_kind(page_id, kind)


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_page_that_is_being_read_is_not_open_yet(desk: Desk, state: str) -> None:
    project = desk.project(pages=0)
    with writing(desk.engine) as session:
        page = rows.add_page(session, session.get_one(Project, project.id), ocr=state)
        assert rounds.open_pages(session, page.project, desk.now) == 0
    assert desk.states(project) == ""


def test_a_page_that_could_not_be_read_is_open_with_an_empty_text(desk: Desk) -> None:
    project, ann = desk.project(pages=0), desk.person("ann")
    with writing(desk.engine) as session:
        page = rows.add_page(session, session.get_one(Project, project.id), ocr="failed")
        assert rounds.open_pages(session, page.project, desk.now) == 1
    assert desk.text(desk.take(project, ann)) == ""


def test_opening_twice_opens_once(desk: Desk) -> None:
    project = desk.project(pages=2)
    with writing(desk.engine) as session:
        assert rounds.open_pages(session, session.get_one(Project, project.id), desk.now) == 0
    assert desk.states(project) == "P1 available available"


def test_many_pages_are_opened_a_few_at_a_time_the_first_ones_first(desk: Desk) -> None:
    project = desk.project(pages=0)
    with writing(desk.engine) as session:
        mine = session.get_one(Project, project.id)
        session.add_all(
            Page(project_id=mine.id, number=number, file_name="", original_sha256="", width=1,
                 media_type="image/png", height=1, created_at=desk.now)
            for number in range(1, 251)
        )  # fmt: skip
        session.flush()
        for page in projects.pages_of(session, mine):
            rows.add_run(session, page, "text")
    opened = []
    for _ in range(3):
        with writing(desk.engine) as session:
            opened.append(
                rounds.open_pages(session, session.get_one(Project, project.id), desk.now)
            )
    assert opened == [200, 50, 0]
    assert desk.take(project, desk.person("ann")).number == 1


def test_moving_on_twice_moves_on_once(desk: Desk) -> None:
    project, ann = desk.project(pages=2), desk.person("ann")
    task = desk.read(project, ann)
    with writing(desk.engine) as session:
        mine = session.get_one(PageTask, task.id)
        rounds.advance(session, mine.project, mine, desk.now)
    assert desk.states(project) == "P1 done available, P2 available"


@pytest.mark.parametrize("kind", ["blank", "skip"])
def test_a_blank_page_is_done_at_once_everywhere(desk: Desk, kind: str) -> None:
    project = desk.project(pages=["smudge"])
    _kinds(desk, project, 1, kind)
    assert desk.states(project) == "P1 done, P2 done, F1 done"
    assert desk.project_state(project) == "finished"
    text = "" if kind == "blank" else "smudge"
    assert desk.text(desk.task_of(project, 1, "F1")) == text


def test_a_plate_is_done_at_once_in_proofreading_and_still_formatted(desk: Desk) -> None:
    project, ann = desk.project(pages=["FIG. 1"]), desk.person("ann")
    _kinds(desk, project, 1, "illustration")
    assert desk.states(project) == "P1 done, P2 done, F1 available"
    assert desk.text(desk.take(project, ann)) == "FIG. 1"


@pytest.mark.parametrize("kind", ["blank", "skip", "illustration"])
def test_saying_that_it_is_a_text_page_opens_it_again(desk: Desk, kind: str) -> None:
    project, ann = desk.project(pages=["words"]), desk.person("ann")
    _kinds(desk, project, 1, kind, "text")
    assert desk.states(project) == "P1 available, P2 withdrawn, F1 withdrawn"
    assert desk.project_state(project) == "active"
    task = desk.take(project, ann)
    assert (task.round, desk.text(task)) == ("P1", "words")
    desk.hand_in(task, ann, "words, read")
    assert desk.states(project) == "P1 done, P2 available, F1 withdrawn"
    assert desk.base(desk.task_of(project, 1, "P2")) == "words, read"


def test_from_blank_to_plate_only_formatting_opens_again(desk: Desk) -> None:
    project = desk.project(pages=["FIG. 1"])
    _kinds(desk, project, 1, "blank", "illustration")
    assert desk.states(project) == "P1 done, P2 done, F1 available"


def test_a_page_in_hand_stays_there_and_settles_afterwards(desk: Desk) -> None:
    project, ann = desk.project(pages=1), desk.person("ann")
    task = desk.take(project, ann)
    _kinds(desk, project, 1, "skip")
    assert desk.states(project) == "P1 out"
    desk.hand_in(task, ann, "read all the same")
    assert desk.states(project) == "P1 done, P2 done, F1 done"
    assert desk.text(desk.task_of(project, 1, "F1")) == "read all the same"


def test_a_page_given_back_settles_when_its_kind_says_so(desk: Desk) -> None:
    project, ann = desk.project(pages=1), desk.person("ann")
    task = desk.take(project, ann)
    _kinds(desk, project, 1, "blank")
    desk.give_back(task, ann)
    assert desk.states(project) == "P1 done, P2 done, F1 done"


def test_what_a_person_read_stands_whatever_the_kind(desk: Desk) -> None:
    project, ann = desk.project(pages=1), desk.person("ann")
    desk.read(project, ann, "by Ann")
    _kinds(desk, project, 1, "blank", "text")
    assert desk.states(project) == "P1 done, P2 available, F1 withdrawn"
    assert desk.base(desk.task_of(project, 1, "P2")) == "by Ann"


def test_a_kind_settled_before_it_is_read_by_ocr(desk: Desk) -> None:
    project = desk.project(pages=0)
    with writing(desk.engine) as session:
        page = rows.add_page(session, session.get_one(Project, project.id), ocr="queued")
        page.kind = "blank"
    desk.read_by_ocr(page.id, "smudge")
    assert desk.states(project) == "P1 done, P2 done, F1 done"


def test_a_book_is_finished_when_every_page_is(desk: Desk) -> None:
    project, ann = desk.project(pages=2, rounds_=["P1"]), desk.person("ann")
    desk.read(project, ann)
    assert desk.project_state(project) == "active"
    desk.read(project, ann)
    assert desk.project_state(project) == "finished"
    assert desk.events(project).count("project.finished") == 1


@pytest.mark.parametrize("ocr", ["queued", "failed"])
def test_a_page_still_to_come_keeps_a_book_open(desk: Desk, ocr: str) -> None:
    project, ann = desk.project(pages=1, rounds_=["P1"]), desk.person("ann")
    with writing(desk.engine) as session:
        rows.add_page(session, session.get_one(Project, project.id), ocr=ocr)
    desk.read(project, ann)
    assert desk.project_state(project) == "active"


def test_a_bad_scan_keeps_a_book_open(desk: Desk) -> None:
    lead, ann = desk.person("lead", role="coordinator"), desk.person("ann")
    project = desk.project(lead, pages=2, rounds_=["P1"])
    bad = desk.take(project, ann)
    desk.report_bad(bad, ann)
    desk.read(project, ann)
    assert desk.project_state(project) == "active"
    desk.clear(bad, lead)
    desk.read(project, ann)
    assert desk.project_state(project) == "finished"


def test_a_deleted_page_keeps_no_book_open(desk: Desk) -> None:
    project, ann = desk.project(pages=2, rounds_=["P1"]), desk.person("ann")
    with writing(desk.engine) as session:
        page = session.get_one(Page, desk.task_of(project, 2, "P1").page_id)
        rounds.retire(session, page.project, page)
        page.deleted_at = desk.now
    desk.read(project, ann)
    assert desk.project_state(project) == "finished"


def test_counts_have_every_round_and_leave_withdrawn_tasks_out(desk: Desk) -> None:
    project, ann, bob = desk.project(pages=3), desk.person("ann"), desk.person("bob")
    task = desk.read(project, ann)
    desk.reopen(task, ann)
    desk.report_bad(desk.take(project, bob), bob)
    none = {"available": 0, "out": 0, "done": 0, "skipped": 0, "bad": 0}
    assert desk.counts(project) == {
        "P1": {**none, "available": 1, "out": 1, "bad": 1}, "P2": none, "F1": none,
    }  # fmt: skip


def _numbers(desk: Desk, project: Project) -> list[tuple[int, int]]:
    return desk.look(
        lambda session: [
            (page_id, number)
            for page_id, number in session.execute(
                sa.select(PageTask.page_id, PageTask.number)
                .where(PageTask.project_id == project.id)
                .order_by(PageTask.number)
            )
        ]
    )


def test_pages_in_another_order_keep_their_tasks(desk: Desk) -> None:
    lead, ann = desk.person("lead", role="coordinator"), desk.person("ann")
    project = desk.project(lead, pages=["one", "two", "three"])
    task = desk.take(project, ann)
    order = [page_id for page_id, _ in _numbers(desk, project)][::-1]
    with writing(desk.engine) as session:
        mine = session.get_one(Project, project.id)
        arranging.reorder(session, lead, mine, order, desk.now)
    assert _numbers(desk, project) == list(zip(order, (1, 2, 3), strict=True))
    assert desk.text(desk.take(project, ann)) == "three"
    assert desk.text(task) == "one"
    assert desk.task(task).number == 3


def _remove(desk: Desk, project: Project, number: int) -> None:
    with writing(desk.engine) as session:
        page = session.get_one(Page, desk.task_of(project, number, "P1").page_id)
        owner = rows.add_person(session, role="admin")
        arranging.remove_page(session, owner, page, desk.now)


@pytest.mark.parametrize("kinds", [(), ("blank",), ("illustration",), ("blank", "text")])
def test_a_page_nobody_worked_on_can_go_and_the_others_move_up(
    desk: Desk, kinds: Sequence[str]
) -> None:
    project, ann = desk.project(pages=["one", "two"]), desk.person("ann")
    _kinds(desk, project, 1, *kinds)
    _remove(desk, project, 1)
    task = desk.take(project, ann)
    assert (task.number, desk.text(task)) == (1, "two")
    assert isinstance(refusal(desk.take, project, ann), ConflictError)


def test_a_page_somebody_works_on_cannot_go(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    assert isinstance(refusal(_remove, desk, project, 1), ConflictError)
    desk.save(task, ann, "words")
    desk.give_back(task, ann)
    assert isinstance(refusal(_remove, desk, project, 1), ConflictError)


def test_only_rounds_after_those_that_have_begun_can_change(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")

    def require(*codes: str) -> None:
        with writing(desk.engine) as session:
            rounds.require_changeable(session, session.get_one(Project, project.id), list(codes))

    require("P1", "F1")
    desk.read(project, ann)
    require("P1", "P2")
    require("P1", "P2", "P3", "F1")
    for codes in (("P1", "F1"), ("P2", "P1"), ("F1", "P1", "P2"), ("P1",)):
        assert isinstance(refusal(require, *codes), ConflictError)
