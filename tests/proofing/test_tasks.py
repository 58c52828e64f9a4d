from datetime import timedelta

import pytest
import sqlalchemy as sa

from library.db import writing
from library.errors import ConflictError, ForbiddenError, GoneError, NotFoundError
from library.models import Event, Project
from proofing import tasks
from tests.support.desk import Desk, refusal


def test_a_returned_page_is_free_and_its_draft_shown_to_its_author(desk: Desk) -> None:
    project, ann, bob = desk.project(), desk.person("ann"), desk.person("bob")
    task = desk.take(project, ann)
    desk.save(task, ann, "by Ann")
    returned = desk.give_back(task, ann)
    assert (returned.state, returned.holder_id, returned.lease_until) == ("available", None, None)
    assert desk.offered(task, ann) == "by Ann"
    assert desk.offered(task, bob) is None
    desk.take(project, ann)
    assert desk.text(task) == "Text of page 1."
    assert desk.offered(task, ann) == "by Ann"
    desk.save(task, ann, "once more")
    assert desk.offered(task, ann) is None


def test_a_kept_text_is_offered_to_its_author_too(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    desk.give_back(task, ann)
    desk.save(task, ann, "after all", version=0)
    desk.take(project, ann)
    assert desk.offered(task, ann) == "after all"


def test_a_lapsed_page_is_free_and_its_draft_left_behind_for_the_next(desk: Desk) -> None:
    project, ann, bob = desk.project(), desk.person("ann"), desk.person("bob")
    task = desk.take(project, ann)
    desk.save(task, ann, "begun")
    desk.wait(days=3)
    assert desk.reclaim() == 0  # to the end of the lease, it is theirs
    desk.wait(seconds=1)
    assert desk.reclaim() == 1
    assert desk.take(project, bob).id == task.id
    assert desk.text(task) == "Text of page 1."
    assert desk.offered(task, bob) == "begun"
    desk.hand_in(task, bob, "done")
    assert desk.task(task).left_id is None


def test_a_draft_stays_behind_over_a_holder_who_saved_nothing(desk: Desk) -> None:
    project = desk.project()
    ann, bob, cat = desk.person("ann"), desk.person("bob"), desk.person("cat")
    task = desk.take(project, ann)
    desk.save(task, ann, "begun")
    for who in (bob, cat):
        desk.wait(days=4)
        desk.reclaim()
        desk.take(project, who)
        assert desk.offered(task, who) == "begun"


def test_reclaiming_twice_does_it_once_and_tells_the_history_who_had_it(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    desk.wait(days=4)
    assert desk.reclaim() == 1
    with writing(desk.engine) as session:
        assert tasks.reclaim(session, task.id, desk.now) is None
        line = session.scalars(sa.select(Event).where(Event.action == "task.reclaimed")).one()
    assert line.person_id is None
    assert line.detail["holder"] == "ann"


def test_a_page_of_a_deleted_book_is_freed_and_stops_no_other(desk: Desk) -> None:
    deleted, other, ann = desk.project(), desk.project(), desk.person("ann")
    gone, lapsed = desk.take(deleted, ann), desk.take(other, ann)
    with writing(desk.engine) as session:
        session.get_one(Project, deleted.id).deleted_at = desk.now
    desk.wait(days=4)
    assert desk.reclaim() == 2
    assert {desk.task(gone).state, desk.task(lapsed).state} == {"available"}


def test_a_coordinator_reclaims_only_what_is_over(desk: Desk) -> None:
    lead, ann = desk.person("lead", role="coordinator"), desk.person("ann")
    task = desk.take(desk.project(lead), ann)
    with writing(desk.engine) as session:
        assert tasks.reclaim(session, task.id, desk.now, lead) is None
    desk.wait(days=4)
    with writing(desk.engine) as session:
        assert tasks.reclaim(session, task.id, desk.now, lead) is not None


def test_a_handed_in_page_is_reopened_by_its_reader(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.read(project, ann, "done")
    reopened = desk.reopen(task, ann)
    assert (reopened.state, reopened.holder_id, reopened.done_at) == ("out", ann.id, None)
    assert desk.states(project) == "P1 out available available, P2 withdrawn"
    assert desk.text(task) == "done"
    assert desk.hand_in(task, ann, "done better").conflict is None
    assert desk.states(project) == "P1 done available available, P2 available"
    assert desk.base(desk.task_of(project, 1, "P2")) == "done better"


def test_reopening_counts_a_page_once(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.read(project, ann, "done")
    for _ in range(3):
        desk.reopen(task, ann)
        assert desk.counts(project)["P1"]["done"] == 0
        desk.hand_in(task, ann, "done")
        assert desk.counts(project)["P1"]["done"] == 1


def test_reopening_ends_when_someone_has_the_next_round(desk: Desk) -> None:
    project, ann, bob = desk.project(), desk.person("ann"), desk.person("bob")
    task = desk.read(project, ann)
    later = desk.take(project, bob, "P2")
    for _ in range(2):
        error = refusal(desk.reopen, task, ann)
        assert isinstance(error, ConflictError)
        assert "Second proofreading of this page has begun" in error.sentence
        assert desk.task(task).state == "done"
        desk.hand_in(later, bob)


def test_nobody_else_reopens(desk: Desk) -> None:
    lead = desk.person("lead", role="coordinator")
    project, ann, bob = desk.project(lead), desk.person("ann"), desk.person("bob")
    task = desk.read(project, ann)
    assert isinstance(refusal(desk.reopen, task, bob), ForbiddenError)
    assert isinstance(refusal(desk.reopen, task, lead), ForbiddenError)


@pytest.mark.parametrize("drafted", [False, True])
@pytest.mark.parametrize("lapse", [False, True])
def test_a_reopened_page_that_is_left_offers_what_was_handed_in(
    desk: Desk, lapse: bool, drafted: bool
) -> None:
    project, ann, bob = desk.project(), desk.person("ann"), desk.person("bob")
    task = desk.read(project, ann, "handed in")
    desk.reopen(task, ann)
    if drafted:
        desk.save(task, ann, "half done")
    if lapse:
        desk.wait(days=4)
        desk.reclaim()
    else:
        desk.give_back(task, ann)
    assert desk.take(project, bob, "P1").id == task.id
    # A draft that its author returned stays theirs; one left behind is offered.
    assert desk.offered(task, bob) == ("half done" if drafted and lapse else "handed in")


def test_a_finished_book_is_active_again_when_a_page_is_reopened(desk: Desk) -> None:
    project, ann = desk.project(pages=1, rounds_=["P1"]), desk.person("ann")
    task = desk.read(project, ann)
    assert desk.project_state(project) == "finished"
    desk.reopen(task, ann)
    assert desk.project_state(project) == "active"
    desk.hand_in(task, ann, "done")
    assert desk.project_state(project) == "finished"


def test_sending_back_gives_the_page_to_others(desk: Desk) -> None:
    lead = desk.person("lead", role="coordinator")
    project, ann, bob = desk.project(lead, pages=1), desk.person("ann"), desk.person("bob")
    task = desk.read(project, ann, "sloppy")
    sent = desk.send_back(task, lead, "A line is missing.")
    assert (sent.state, sent.reason, sent.done_at) == ("available", "A line is missing.", None)
    assert desk.states(project) == "P1 available, P2 withdrawn"
    assert isinstance(refusal(desk.take, project, ann), ConflictError)
    assert desk.take(project, bob).id == task.id
    assert desk.text(task) == "sloppy"
    desk.hand_in(task, bob, "neat")
    assert desk.states(project) == "P1 done, P2 available"
    assert desk.base(desk.task_of(project, 1, "P2")) == "neat"
    assert desk.task(task).reason == ""


def test_sending_back_while_the_next_reader_has_it_changes_their_base(desk: Desk) -> None:
    lead = desk.person("lead", role="coordinator")
    project = desk.project(lead, pages=1)
    ann, bob, cat = desk.person("ann"), desk.person("bob"), desk.person("cat")
    task = desk.read(project, ann, "sloppy")
    later = desk.take(project, bob)
    desk.save(later, bob, "by Bob")
    desk.send_back(task, lead)
    assert desk.states(project) == "P1 available, P2 out"
    desk.take(project, cat, "P1")
    desk.hand_in(task, cat, "neat")
    assert desk.base(later) == "neat"
    assert desk.text(later) == "by Bob"
    assert desk.hand_in(later, bob, "both").conflict is None


def test_a_next_reader_who_gives_up_meanwhile_opens_nothing_too_early(desk: Desk) -> None:
    lead = desk.person("lead", role="coordinator")
    project = desk.project(lead, pages=1)
    ann, bob, cat = desk.person("ann"), desk.person("bob"), desk.person("cat")
    task = desk.read(project, ann, "sloppy")
    later = desk.take(project, bob)
    desk.send_back(task, lead)
    desk.give_back(later, bob)
    assert desk.states(project) == "P1 available, P2 withdrawn"
    desk.read(project, cat, "neat")
    assert desk.states(project) == "P1 done, P2 available"
    assert desk.base(later) == "neat"


def test_a_next_reader_who_finishes_first_keeps_what_they_read(desk: Desk) -> None:
    lead = desk.person("lead", role="coordinator")
    project = desk.project(lead, pages=1)
    ann, bob, cat = desk.person("ann"), desk.person("bob"), desk.person("cat")
    task = desk.read(project, ann, "sloppy")
    later = desk.take(project, bob)
    desk.send_back(task, lead)
    desk.hand_in(later, bob, "by Bob")
    desk.take(project, cat, "P1")
    desk.hand_in(task, cat, "neat")
    assert desk.states(project) == "P1 done, P2 done, F1 available"
    assert (desk.base(later), desk.text(later)) == ("sloppy", "by Bob")


def test_what_is_finished_in_the_next_round_is_sent_back_there_first(desk: Desk) -> None:
    lead = desk.person("lead", role="coordinator")
    project, ann, bob = desk.project(lead, pages=1), desk.person("ann"), desk.person("bob")
    task, later = desk.read(project, ann), desk.read(project, bob)
    assert isinstance(refusal(desk.send_back, task, lead), ConflictError)
    desk.send_back(later, lead)
    desk.send_back(task, lead)
    assert desk.states(project) == "P1 available, P2 withdrawn, F1 withdrawn"
    for name in ("cat", "dan"):
        desk.read(project, desk.person(name))
    assert desk.states(project) == "P1 done, P2 done, F1 available"


def test_sending_back_is_for_coordinators(desk: Desk) -> None:
    project, ann, bob = desk.project(), desk.person("ann"), desk.person("bob")
    task = desk.read(project, ann)
    for who in (ann, bob):
        assert isinstance(refusal(desk.send_back, task, who), (ForbiddenError, ConflictError))
    assert desk.task(task).state == "done"


def test_a_bad_scan_leaves_the_round_and_the_others_go_on(desk: Desk) -> None:
    lead = desk.person("lead", role="coordinator")
    project, ann, bob = desk.project(lead, pages=2), desk.person("ann"), desk.person("bob")
    task = desk.take(project, ann)
    desk.save(task, ann, "as far as I can see")
    bad = desk.report_bad(task, ann, "The lower half is missing.")
    assert (bad.state, bad.reason, bad.holder_id) == ("bad", "The lower half is missing.", None)
    assert desk.take(project, bob).number == 2
    assert isinstance(refusal(desk.clear, task, ann), (ForbiddenError, ConflictError))
    cleared = desk.clear(task, lead)
    assert (cleared.state, cleared.reason) == ("available", "")
    assert desk.take(project, ann).id == task.id
    assert desk.offered(task, ann) == "as far as I can see"


def test_a_cleared_scan_is_read_from_its_new_text(desk: Desk) -> None:
    lead, ann = desk.person("lead", role="coordinator"), desk.person("ann")
    project = desk.project(lead, pages=["smudge"])
    task = desk.take(project, ann)
    desk.report_bad(task, ann)
    desk.read_by_ocr(task.page_id, "of the new scan")
    desk.clear(task, lead)
    assert desk.text(desk.take(project, ann)) == "of the new scan"


def test_a_bad_scan_of_a_later_round_waits_for_the_earlier_one(desk: Desk) -> None:
    lead = desk.person("lead", role="coordinator")
    project, ann, bob = desk.project(lead, pages=1), desk.person("ann"), desk.person("bob")
    task = desk.read(project, ann)
    later = desk.take(project, bob)
    desk.report_bad(later, bob)
    desk.send_back(task, lead)
    desk.clear(later, lead)
    assert desk.states(project) == "P1 available, P2 withdrawn"


@pytest.mark.parametrize("act", ["give_back", "report_bad", "renew"])
def test_what_is_the_holders_is_nobody_elses(desk: Desk, act: str) -> None:
    lead = desk.person("lead", role="coordinator")
    project, ann, eve = desk.project(lead), desk.person("ann"), desk.person("eve")
    task = desk.take(project, ann)
    for who in (eve, lead):
        assert isinstance(refusal(getattr(desk, act), task, who), ForbiddenError)
    desk.give_back(task, ann)
    # It was Ann's once: for her, the state is what stands in the way.
    assert isinstance(refusal(getattr(desk, act), task, ann), ConflictError)
    desk.take(project, eve)
    error = refusal(getattr(desk, act), task, ann)
    assert isinstance(error, ConflictError)
    assert "eve has this page in hand now" in error.sentence


def test_one_lists_ones_own_pages(desk: Desk) -> None:
    project, ann, bob = desk.project(), desk.person("ann"), desk.person("bob")
    first = desk.take(project, ann)
    desk.wait(minutes=1)
    second = desk.take(project, ann)
    desk.take(project, bob)
    mine = desk.look(lambda session: [task.id for task in tasks.held(session, ann)])
    assert mine == [second.id, first.id]


def test_next_held_is_the_lowest_page_in_hand_of_this_book(desk: Desk) -> None:
    project, other, ann = desk.project(), desk.project(), desk.person("ann")
    desk.take(other, ann)
    first, _ = desk.take(project, ann), desk.take(project, ann)

    def following(task_time: timedelta) -> int | None:
        found = desk.look(
            lambda session: tasks.next_held(session, project.id, ann, desk.now + task_time)
        )
        return found.id if found else None

    assert following(timedelta()) == first.id
    assert following(timedelta(days=3)) is None


def test_tasks_that_are_not_there(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    assert isinstance(
        refusal(desk.look, lambda session: tasks.find_task(session, 4711)), NotFoundError
    )
    with writing(desk.engine) as session:
        session.get_one(Project, project.id).deleted_at = desk.now
    error = refusal(desk.give_back, task, ann)
    assert isinstance(error, GoneError)
    assert error.current == {"text": "Text of page 1."}


def test_every_move_is_in_the_history_with_its_author(desk: Desk) -> None:
    lead = desk.person("lead", role="coordinator")
    project, ann = desk.project(lead, pages=1), desk.person("ann")
    task = desk.take(project, ann)
    desk.give_back(task, ann)
    desk.take(project, ann)
    desk.report_bad(task, ann)
    desk.clear(task, lead)
    desk.take(project, ann)
    desk.hand_in(task, ann, "done")
    desk.reopen(task, ann)
    desk.hand_in(task, ann, "done again")
    desk.send_back(task, lead)
    rows = desk.look(
        lambda session: session.execute(
            sa.select(Event.action, Event.person_id, Event.page_id).order_by(Event.id)
        ).all()
    )
    moves = [(action.removeprefix("task."), person) for action, person, _ in rows[1:]]
    assert moves == [
        ("checked-out", ann.id), ("returned", ann.id), ("checked-out", ann.id), ("bad", ann.id),
        ("cleared", lead.id), ("checked-out", ann.id), ("done", ann.id), ("reopened", ann.id),
        ("done", ann.id), ("sent-back", lead.id),
    ]  # fmt: skip
    assert {page_id for _, _, page_id in rows[1:]} == {task.page_id}
