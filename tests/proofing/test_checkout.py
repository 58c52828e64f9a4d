from datetime import timedelta

import pytest

from library.db import writing
from library.errors import ConflictError, ForbiddenError
from library.models import Project
from tests.support.desk import LEASE, Desk, refusal


def test_the_lowest_page_comes_first(desk: Desk) -> None:
    project, ann, bob = desk.project(), desk.person("ann"), desk.person("bob")
    first, second, third = (desk.take(project, who) for who in (ann, bob, ann))
    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert {first.state, first.round} == {"out", "P1"}
    assert first.holder_id == ann.id
    assert first.lease_until == desk.now + LEASE


def test_a_page_that_comes_back_is_the_first_again(desk: Desk) -> None:
    project, ann, bob = desk.project(), desk.person("ann"), desk.person("bob")
    task = desk.take(project, ann)
    desk.take(project, ann)
    desk.give_back(task, ann)
    assert desk.take(project, bob).number == 1


def test_the_furthest_round_open_to_them_comes_first(desk: Desk) -> None:
    project, ann, bob = desk.project(), desk.person("ann"), desk.person("bob")
    desk.read(project, ann)
    task = desk.take(project, bob)
    assert (task.round, task.number) == ("P2", 1)


def test_the_round_of_their_last_page_goes_before(desk: Desk) -> None:
    project = desk.project(pages=4)
    ann, bob, cat = desk.person("ann"), desk.person("bob"), desk.person("cat")
    desk.read(project, ann)
    desk.wait(minutes=1)
    desk.read(project, bob, code="P1")
    desk.wait(minutes=1)
    # Page 1 waits in P2 for Bob, but he is at work in P1.
    assert desk.take(project, bob).round == "P1"
    assert desk.take(project, cat).round == "P2"


def test_a_page_that_was_sent_back_is_not_their_last(desk: Desk) -> None:
    lead = desk.person("lead", role="coordinator")
    project = desk.project(lead, pages=4)
    ann, bob = desk.person("ann"), desk.person("bob")
    mine = desk.read(project, ann)
    for _ in range(2):
        desk.read(project, bob, code="P1")
    desk.send_back(mine, lead)
    desk.wait(minutes=1)
    assert desk.read(project, ann, code="P2").number == 2
    assert desk.take(project, ann).round == "P2"


def test_a_page_in_hand_is_their_last(desk: Desk) -> None:
    project = desk.project(pages=4)
    ann, bob = desk.person("ann"), desk.person("bob")
    for _ in range(2):
        desk.read(project, bob, code="P1")
    desk.wait(minutes=1)
    desk.read(project, ann, code="P1")
    desk.wait(minutes=1)
    desk.take(project, ann, "P2")
    assert desk.take(project, ann).round == "P2"


def test_a_round_can_be_asked_for(desk: Desk) -> None:
    project, ann, bob = desk.project(), desk.person("ann"), desk.person("bob")
    desk.read(project, ann)
    assert desk.take(project, bob, "P1").number == 2
    assert desk.take(project, bob, "P2").number == 1


def test_nobody_is_handed_their_own_page(desk: Desk) -> None:
    project, ann = desk.project(pages=1), desk.person("ann")
    desk.read(project, ann)
    error = refusal(desk.take, project, ann)
    assert isinstance(error, ConflictError)
    assert "You have read every page" in error.sentence
    assert error.current["P2"] == {"available": 1, "out": 0, "done": 0, "skipped": 0, "bad": 0}


def test_one_person_may_do_it_all_where_the_project_says_so(desk: Desk) -> None:
    project, ann = desk.project(pages=1, one_person=True), desk.person("ann")
    assert [desk.read(project, ann).round for _ in range(3)] == ["P1", "P2", "F1"]
    assert desk.project_state(project) == "finished"


def test_a_page_sent_back_by_name_waits_for_its_reader_alone(desk: Desk) -> None:
    lead = desk.person("lead", role="coordinator")
    project, ann, bob = desk.project(lead, pages=1), desk.person("ann"), desk.person("bob")
    task = desk.read(project, ann)
    desk.send_back(task, lead, to_reader=True)
    assert isinstance(refusal(desk.take, project, bob), ConflictError)
    assert desk.take(project, ann).id == task.id


def test_a_reserved_page_that_is_returned_is_for_others(desk: Desk) -> None:
    lead = desk.person("lead", role="coordinator")
    project, ann, bob = desk.project(lead, pages=1), desk.person("ann"), desk.person("bob")
    desk.send_back(desk.read(project, ann), lead, to_reader=True)
    desk.give_back(desk.take(project, ann), ann)
    assert isinstance(refusal(desk.take, project, ann), ConflictError)
    assert desk.take(project, bob).number == 1


def test_the_limit_of_pages_held_lists_them(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    held = [desk.take(project, ann, pages_held=2) for _ in range(2)]
    error = refusal(desk.take, project, ann, pages_held=2)
    assert isinstance(error, ForbiddenError)
    assert "2 page(s) in hand" in error.sentence
    listed = error.current["held"]
    assert isinstance(listed, list)
    assert {each["task"] for each in listed} == {task.id for task in held}
    assert listed[0].keys() == {"task", "project", "page"}


def test_a_newcomer_holds_one_page_until_one_is_handed_in(desk: Desk) -> None:
    project, new = desk.project(), desk.person("new", grants=())
    task = desk.take(project, new, pages_held=5)
    assert isinstance(refusal(desk.take, project, new, pages_held=5), ForbiddenError)
    desk.hand_in(task, new)
    for number in (2, 3):
        assert desk.take(project, new, "P1", pages_held=5).number == number


def test_a_lapsed_page_is_not_counted_as_held(desk: Desk) -> None:
    project, new = desk.project(), desk.person("new", grants=())
    desk.take(project, new)
    desk.wait(days=3)
    assert desk.take(project, new).number == 2


def test_a_round_that_is_not_open_says_what_is_missing(desk: Desk) -> None:
    project, new = desk.project(), desk.person("new", grants=())
    # Three people with 20 pages or more: the threshold of a young site does not step down.
    busy = desk.project(pages=20)
    for name in ("ann", "bob", "cat"):
        person = desk.person(name)
        for _ in range(20):
            desk.read(busy, person)
    error = refusal(desk.take, project, new, "P2")
    assert isinstance(error, ForbiddenError)
    assert error.sentence == "Second proofreading opens after 20 pages handed in; you have 0."
    # Unasked, the round is passed over.
    assert desk.take(project, new).round == "P1"


def test_nothing_to_do_is_an_answer_with_counts(desk: Desk) -> None:
    project, ann, bob = desk.project(pages=1), desk.person("ann"), desk.person("bob")
    desk.take(project, ann)
    error = refusal(desk.take, project, bob)
    assert isinstance(error, ConflictError)
    assert "1 in hand" in error.sentence
    assert error.current.keys() == {"P1", "P2", "F1"}
    assert error.current["P1"] == {"available": 0, "out": 1, "done": 0, "skipped": 0, "bad": 0}


@pytest.mark.parametrize(
    ("state", "opened", "word"),
    [
        ("paused", True, "paused"),
        ("archived", True, "archived"),
        ("active", False, "not open yet"),
    ],
)
def test_a_project_that_is_not_open_hands_nothing_out(
    desk: Desk, state: str, opened: bool, word: str
) -> None:
    project, ann = desk.project(state=state, opened=opened), desk.person("ann")
    error = refusal(desk.take, project, ann)
    assert isinstance(error, ConflictError)
    assert word in error.sentence


def test_the_ocr_text_is_fixed_at_check_out(desk: Desk) -> None:
    project, ann, bob = desk.project(pages=["first"]), desk.person("ann"), desk.person("bob")
    task = desk.take(project, ann)
    desk.read_by_ocr(task.page_id, "second")
    assert desk.text(task) == "first"
    desk.give_back(task, ann)
    # Still: what one reader has begun to compare, the next one sees too.
    assert desk.text(desk.take(project, bob)) == "first"


def test_a_newer_ocr_text_is_there_at_the_first_check_out(desk: Desk) -> None:
    project, ann = desk.project(pages=["first"]), desk.person("ann")
    desk.read_by_ocr(desk.task_of(project, 1, "P1").page_id, "second")
    assert desk.text(desk.take(project, ann)) == "second"


def test_a_later_ocr_that_failed_changes_nothing(desk: Desk) -> None:
    project, ann = desk.project(pages=["first"]), desk.person("ann")
    desk.read_by_ocr(desk.task_of(project, 1, "P1").page_id, "", state="failed")
    assert desk.text(desk.take(project, ann)) == "first"


def test_ocr_again_never_replaces_what_a_person_wrote(desk: Desk) -> None:
    project, ann, bob = desk.project(pages=["ocr"]), desk.person("ann"), desk.person("bob")
    task = desk.read(project, ann, "by Ann")
    desk.read_by_ocr(task.page_id, "ocr again")
    assert desk.text(desk.take(project, bob)) == "by Ann"


def test_two_books_do_not_mix(desk: Desk) -> None:
    one, two = desk.project(pages=1), desk.project(pages=1)
    ann = desk.person("ann")
    assert desk.take(two, ann).project_id == two.id
    assert isinstance(refusal(desk.take, two, ann), ConflictError)
    assert desk.take(one, ann).project_id == one.id


def test_a_finished_book_is_said_to_be_finished(desk: Desk) -> None:
    project, ann, bob = desk.project(pages=1, rounds_=["P1"]), desk.person("ann"), desk.person("b2")
    desk.read(project, ann)
    assert "finished" in refusal(desk.take, project, bob).sentence


def test_every_check_out_is_in_the_history(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    desk.take(project, ann)
    assert desk.events(project) == ["project.started", "task.checked-out"]


def test_time_may_go_backwards(desk: Desk) -> None:
    project, ann, bob = desk.project(), desk.person("ann"), desk.person("bob")
    task = desk.take(project, ann)
    desk.now -= timedelta(hours=1)
    assert desk.take(project, bob).number == 2
    assert desk.reclaim() == 0
    assert desk.save(task, ann, "still mine").conflict is None


def test_a_refused_check_out_changes_nothing(desk: Desk) -> None:
    project, new = desk.project(), desk.person("new", grants=())
    desk.take(project, new)
    before = desk.states(project), desk.events(project)
    refusal(desk.take, project, new)
    assert (desk.states(project), desk.events(project)) == before


def test_a_project_with_another_list_of_rounds(desk: Desk) -> None:
    project = desk.project(pages=1, rounds_=["P1", "F1"])
    for name, code in (("ann", "P1"), ("bob", "F1")):
        assert desk.read(project, desk.person(name)).round == code
    with writing(desk.engine) as session:
        assert session.get_one(Project, project.id).state == "finished"
