"""What the reading before this one began with, and whose it was."""

from library.models import Person
from proofing.models import PageTask
from proofing.previous import Previous, previous_text
from tests.support.desk import Desk


def _previous(desk: Desk, task: PageTask) -> Previous | None:
    return desk.look(lambda session: previous_text(session, session.get_one(PageTask, task.id)))


def _people(desk: Desk) -> tuple[Person, Person, Person, Person]:
    lead, ann, bob, cay = (desk.person(name) for name in ("lead", "ann", "bob", "cay"))
    return lead, ann, bob, cay


def test_the_first_round_has_none_before_it(desk: Desk) -> None:
    ann = desk.person("ann")
    task = desk.take(desk.project(pages=["0CR"]), ann)
    assert _previous(desk, task) is None
    desk.save(task, ann, "OCR")
    assert _previous(desk, task) is None


def test_the_second_round_is_told_what_the_first_made_of_the_ocr(desk: Desk) -> None:
    _, ann, bob, _ = _people(desk)
    project = desk.project(pages=["0CR"])
    desk.wait(hours=1)
    desk.read(project, ann, "OCR")
    done_at = desk.now
    desk.wait(hours=1)
    task = desk.take(project, bob)
    assert task.round == "P2"
    expected = Previous("0CR", "P1", "ann", done_at)
    assert _previous(desk, task) == expected
    desk.save(task, bob, "OCR, again")
    assert _previous(desk, task) == expected
    desk.hand_in(task, bob, "OCR, again")
    assert _previous(desk, task) == expected


def test_each_round_is_told_of_the_one_before(desk: Desk) -> None:
    _, ann, bob, cay = _people(desk)
    project = desk.project(pages=["one"])
    desk.read(project, ann, "two")
    desk.read(project, bob, "three")
    task = desk.take(project, cay)
    found = _previous(desk, task)
    assert found == Previous("two", "P2", "bob", desk.now)
    assert desk.base(task) == "three"


def test_the_ocr_of_that_time_counts_not_a_later_one(desk: Desk) -> None:
    _, ann, bob, _ = _people(desk)
    project = desk.project(pages=["first run"])
    task = desk.read(project, ann, "read")
    desk.read_by_ocr(task.page_id, "second run")
    found = _previous(desk, desk.take(project, bob))
    assert found is not None
    assert found.text == "first run"


def test_a_text_handed_in_twice_is_one_reading(desk: Desk) -> None:
    _, ann, bob, _ = _people(desk)
    project = desk.project(pages=["OCR"])
    task = desk.read(project, ann, "once")
    desk.reopen(task, ann)
    desk.hand_in(task, ann, "twice")
    found = _previous(desk, desk.take(project, bob))
    assert found == Previous("OCR", "P1", "ann", desk.now)


def test_what_the_system_settled_was_nobodys_reading(desk: Desk) -> None:
    _, ann, *_ = _people(desk)
    project = desk.project(pages=["FIG. 1"], rounds_=("P1", "F1"))
    desk.set_kind(desk.task_of(project, 1, "P1").page_id, "illustration")
    assert _previous(desk, desk.take(project, ann)) == Previous("FIG. 1", "P1", None, desk.now)


def test_a_page_sent_back_starts_from_its_own_last_reading(desk: Desk) -> None:
    lead, ann, bob, cay = _people(desk)
    project = desk.project(lead, pages=["OCR"])
    task = desk.read(project, ann, "by ann")
    desk.wait(hours=1)
    desk.send_back(task, lead)
    desk.wait(hours=1)
    again = desk.take(project, bob)
    assert again.id == task.id
    assert (found := _previous(desk, again)) is not None
    assert (found.text, found.by) == ("OCR", "ann")
    desk.hand_in(again, bob, "by bob")
    desk.wait(hours=1)
    assert (found := _previous(desk, desk.task_of(project, 1, "P2"))) is not None
    assert (found.text, found.by) == ("by ann", "bob")
    desk.send_back(again, lead)
    desk.wait(hours=1)
    assert (found := _previous(desk, desk.take(project, cay))) is not None
    assert (found.text, found.by) == ("by ann", "bob")


def test_a_page_reopened_and_then_sent_back_is_still_one_reading(desk: Desk) -> None:
    lead, ann, bob, cay = _people(desk)
    project = desk.project(lead, pages=["OCR"])
    desk.read(project, ann, "by ann")
    desk.wait(hours=1)
    second = desk.read(project, bob, "by bob")
    desk.wait(hours=1)
    desk.reopen(second, bob)
    desk.hand_in(second, bob, "by bob, better")
    desk.wait(hours=1)
    desk.send_back(second, lead)
    found = _previous(desk, desk.take(project, cay))
    assert found is not None
    assert (found.text, found.round, found.by) == ("by ann", "P2", "bob")
