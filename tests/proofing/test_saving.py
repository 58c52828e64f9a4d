from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from library.db import writing
from library.errors import ConflictError, ForbiddenError, GoneError, InvalidError, NotFoundError
from library.models import Project
from library.pagetext import clean_page_text
from proofing import saving
from proofing.models import PageTask, Revision
from proofing.saving import Attempt
from tests.support.desk import LEASE, Desk, refusal


def test_drafts_are_versions_in_a_line(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    assert desk.text(task) == "Text of page 1."
    for number, text in enumerate(("one", "two", "three"), 1):
        saved = desk.save(task, ann, text)
        assert (saved.task.version, saved.revision.text, saved.conflict) == (number, text, None)
    assert desk.text(task) == "three"
    assert desk.revisions(task) == [
        ("draft", 1, "one"), ("draft", 2, "two"), ("draft", 3, "three"),
    ]  # fmt: skip


def test_a_save_starts_the_lease_anew_and_ends_the_prefetch(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    with writing(desk.engine) as session:
        session.get_one(PageTask, task.id).prefetched = True
    desk.wait(days=2)
    desk.save(task, ann, "text")
    found = desk.task(task)
    assert found.lease_until == desk.now + LEASE
    assert not found.prefetched


def test_renewing_starts_the_lease_anew_without_a_version(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    desk.wait(days=2)
    renewed = desk.renew(task, ann)
    assert (renewed.lease_until, renewed.version) == (desk.now + LEASE, 0)


def test_an_equal_text_makes_no_new_version(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    desk.save(task, ann, "text")
    desk.wait(hours=1)
    again = desk.save(task, ann, "text\r\n")
    assert again.task.version == 1
    assert again.task.lease_until == desk.now + LEASE
    assert len(desk.revisions(task)) == 1


def test_the_text_is_stored_as_the_page_text_says(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    saved = desk.save(desk.take(project, ann), ann, "\ncafe\u0301 \r\nend\x01\n\n")
    assert saved.revision.text == "\ncaf\u00e9\nend"
    assert len(saved.changed) == 3


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_what_is_no_text_is_refused_and_nothing_happens(desk: Desk, text: str) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    assert isinstance(refusal(desk.save, task, ann, text), InvalidError)
    assert isinstance(refusal(desk.hand_in, task, ann, text), InvalidError)
    assert desk.revisions(task) == []


@pytest.mark.parametrize("text", ["", "<i>never closed", "\U0001f4d6 \u05d0\u05d1", "x" * 200_000])
def test_any_other_text_is_taken(desk: Desk, text: str) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    assert desk.hand_in(task, ann, text).revision.text == text
    assert desk.text(task) == text


def test_an_old_version_is_refused_and_both_texts_are_kept(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    desk.save(task, ann, "this tab", version=0)
    refused = desk.save(task, ann, "other tab", version=0)
    assert isinstance(refused.conflict, ConflictError)
    assert refused.conflict.current == {
        "state": "out", "text": "this tab", "version": 1, "by": "ann",
    }  # fmt: skip
    assert desk.text(task) == "this tab"
    assert desk.revisions(task) == [("draft", 1, "this tab"), ("kept", None, "other tab")]


def test_handing_in_an_old_version_is_refused_too(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    desk.save(task, ann, "this tab")
    refused = desk.hand_in(task, ann, "other tab", version=0)
    assert isinstance(refused.conflict, ConflictError)
    assert desk.task(task).state == "out"
    assert ("kept", None, "other tab") in desk.revisions(task)


def test_a_version_from_the_future_is_refused(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    assert desk.save(desk.take(project, ann), ann, "text", version=7).conflict is not None


def test_a_refused_text_is_kept_once_however_often_it_is_sent(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    desk.save(task, ann, "this tab")
    for _ in range(3):
        assert desk.save(task, ann, "other tab", version=0).conflict is not None
    assert desk.save(task, ann, "third tab", version=0).conflict is not None
    assert [kind for kind, _, _ in desk.revisions(task)] == ["draft", "kept", "kept"]


def test_a_lapsed_page_that_nobody_took_is_saved_all_the_same(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    desk.wait(days=10)
    assert desk.save(task, ann, "late, in time").conflict is None
    assert desk.task(task).lease_until == desk.now + LEASE


def test_a_lapsed_page_that_was_freed_keeps_the_text(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    desk.save(task, ann, "begun")
    desk.wait(days=4)
    desk.reclaim()
    late = desk.save(task, ann, "too late", version=1)
    assert isinstance(late.conflict, ConflictError)
    assert late.conflict.current["state"] == "available"
    assert ("kept", None, "too late") in desk.revisions(task)


def test_a_page_that_another_has_now_names_them(desk: Desk) -> None:
    project, ann, bob = desk.project(), desk.person("ann"), desk.person("bob")
    task = desk.take(project, ann)
    desk.wait(days=4)
    desk.reclaim()
    assert desk.take(project, bob).id == task.id
    desk.save(task, bob, "by Bob")
    late = desk.save(task, ann, "by Ann", version=0)
    assert isinstance(late.conflict, ConflictError)
    assert late.conflict.sentence.startswith("bob has this page now.")
    assert late.conflict.current["text"] == "by Bob"
    assert late.conflict.current["by"] == "bob"
    assert desk.text(task) == "by Bob"
    assert ("kept", None, "by Ann") in desk.revisions(task)


def test_a_returned_page_keeps_a_later_text(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    desk.give_back(task, ann)
    assert isinstance(desk.save(task, ann, "after all", version=0).conflict, ConflictError)
    assert ("kept", None, "after all") in desk.revisions(task)


def test_a_page_done_meanwhile_keeps_another_text(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    desk.hand_in(task, ann, "done")
    late = desk.save(task, ann, "other tab", version=0)
    assert isinstance(late.conflict, ConflictError)
    assert late.conflict.current["state"] == "done"
    assert desk.text(task) == "done"
    assert ("kept", None, "other tab") in desk.revisions(task)


def test_a_page_that_was_never_theirs_is_forbidden_and_keeps_nothing(desk: Desk) -> None:
    project, ann, eve = desk.project(), desk.person("ann"), desk.person("eve")
    task = desk.take(project, ann)
    for act in (desk.save, desk.hand_in):
        assert isinstance(refusal(act, task, eve, "mine?"), ForbiddenError)
    assert desk.revisions(task) == []


def test_a_task_that_does_not_exist_is_not_found(desk: Desk) -> None:
    ann = desk.person("ann")
    with writing(desk.engine) as session, pytest.raises(NotFoundError):
        saving.save_draft(session, 4711, Attempt(ann, "text", 0), desk.now, lease=LEASE)


def test_a_deleted_book_keeps_the_holders_text_and_gives_it_back(desk: Desk) -> None:
    project, ann, eve = desk.project(), desk.person("ann"), desk.person("eve")
    task = desk.take(project, ann)
    desk.save(task, ann, "begun")
    with writing(desk.engine) as session:
        session.get_one(Project, project.id).deleted_at = desk.now
    for act in (desk.save, desk.hand_in):
        saved = act(task, ann, "went on")
        assert isinstance(saved.conflict, GoneError)
        assert saved.conflict.current == {"text": "went on"}
    assert desk.revisions(task) == [("draft", 1, "begun"), ("kept", None, "went on")]
    assert isinstance(refusal(desk.save, task, eve, "nonsense"), GoneError)


def test_handing_in_twice_is_handing_in_once(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    desk.save(task, ann, "draft")
    first = desk.hand_in(task, ann, "done", version=1)
    for version in (1, 2):
        again = desk.hand_in(task, ann, "done", version=version)
        assert again.conflict is None
        assert again.revision.id == first.revision.id
    assert [kind for kind, _, _ in desk.revisions(task)] == ["draft", "done"]
    assert desk.events(project).count("task.done") == 1


def test_handing_in_another_text_again_is_a_conflict(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    desk.hand_in(task, ann, "done")
    assert desk.hand_in(task, ann, "done otherwise").conflict is not None
    assert desk.text(task) == "done"


def test_handing_in_counts_the_words_that_were_changed(desk: Desk) -> None:
    project, ann = desk.project(pages=["one tvvo three"]), desk.person("ann")
    task = desk.take(project, ann)
    desk.hand_in(task, ann, "one two three four")
    assert desk.task(task).changes == 2


def test_the_next_round_opens_at_once_with_this_text(desk: Desk) -> None:
    project, ann = desk.project(pages=2), desk.person("ann")
    desk.read(project, ann, "read once")
    assert desk.states(project) == "P1 done available, P2 available"
    later = desk.task_of(project, 1, "P2")
    assert desk.text(later) == "read once"
    assert later.version == 0


def test_page_by_page_to_the_end(desk: Desk) -> None:
    project = desk.project(pages=3)
    people = [desk.person(name) for name in ("ann", "bob", "cat")]
    for place, who in enumerate(people):
        for _ in range(3):
            task = desk.read(project, who, f"read {place + 1} times", code=project.rounds[place])
        last = place == len(people) - 1
        assert desk.project_state(project) == ("finished" if last else "active")
    assert desk.states(project) == "P1 done done done, P2 done done done, F1 done done done"
    assert desk.base(task) == "read 2 times"
    assert desk.text(task) == "read 3 times"
    assert desk.events(project)[-1] == "project.finished"


def test_no_barrier_keeps_a_page_waiting_for_the_book(desk: Desk) -> None:
    project = desk.project(pages=3)
    for name, code in (("ann", "P1"), ("bob", "P2"), ("cat", "F1")):
        assert desk.read(project, desk.person(name), code=code).number == 1
    assert desk.states(project) == "P1 done available available, P2 done, F1 done"


def test_a_paused_book_still_takes_what_is_in_hand(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    with writing(desk.engine) as session:
        session.get_one(Project, project.id).state = "paused"
    assert desk.save(task, ann, "draft").conflict is None
    assert desk.hand_in(task, ann, "done").conflict is None
    assert desk.states(project).startswith("P1 done")


def test_versions_count_on_over_holders(desk: Desk) -> None:
    project, ann, bob = desk.project(), desk.person("ann"), desk.person("bob")
    task = desk.take(project, ann)
    desk.save(task, ann, "by Ann")
    desk.give_back(task, ann)
    again = desk.take(project, bob)
    assert (again.id, again.version) == (task.id, 1)
    assert desk.text(again) == "Text of page 1."
    assert desk.save(again, bob, "by Bob").task.version == 2


def test_two_revisions_cannot_follow_one(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    desk.save(task, ann, "one")
    twin = Revision(
        task_id=task.id, page_id=task.page_id, person_id=ann.id, kind="draft", version=1,
        based_on=0, text="another one", created_at=desk.now,
    )  # fmt: skip
    with pytest.raises(sa.exc.IntegrityError), writing(desk.engine) as session:
        session.add(twin)


def test_order_is_that_of_versions_whatever_the_clock_says(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    for text in ("one", "two", "three"):
        desk.now -= timedelta(hours=1)
        desk.save(task, ann, text)
    versions = [version for _, version, _ in desk.revisions(task)]
    assert all(later == earlier + 1 for earlier, later in pairwise(filter(None, versions)))
    assert desk.text(task) == "three"


def test_opening_and_saving_makes_the_same_text(desk: Desk) -> None:
    project, ann = desk.project(pages=["\n  indented\n\nend"]), desk.person("ann")
    task = desk.take(project, ann)
    opened = desk.text(task)
    assert desk.save(task, ann, opened).revision.text == opened
    assert clean_page_text(opened) == (opened, [])


def test_what_is_no_text_stays_out_of_reasons_too(desk: Desk) -> None:
    project, ann = desk.project(), desk.person("ann")
    task = desk.take(project, ann)
    with pytest.raises(InvalidError, match="surrogate"):
        desk.report_bad(task, ann, "half \ud83d a sign")
    with pytest.raises(InvalidError, match="NUL"), writing(desk.engine) as session:
        saving.hand_in(session, task.id, Attempt(ann, "A page.", 0, "a \0 note"), desk.now)
    assert desk.task(task).state == "out"
