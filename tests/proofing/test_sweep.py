"""What a crash, a lapse or an emptied Redis left is put right, once, whoever sweeps."""

import os
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from rq import Queue

from library import queue
from library.config import Settings
from library.db import reading, writing
from library.errors import ConflictError
from library.models import Answer, Event, Login, Person, Project, ResetLink
from library.storage import Storage
from library.worker import Installation
from proofing.models import PageTask
from proofing.rules import State
from proofing.sweep import Swept, sweep
from tests.support.desk import LEASE, Desk
from tests.support.rows import NOW, add_page, add_project


@pytest.fixture
def place(settings: Settings, engine: sa.Engine) -> Installation:
    return Installation(settings, engine, Storage.from_url(settings.storage_url))


def _found(swept: Swept) -> dict[str, int]:
    return {what: number for what, number in swept.counts.items() if number}


def test_nothing_to_do(place: Installation, desk: Desk) -> None:
    desk.project()
    assert _found(sweep(place, NOW)) == {}
    assert list(sweep(place, NOW).lines()) == []


def test_lapsed_pages_are_freed_by_two_sweeps_at_once(place: Installation, desk: Desk) -> None:
    person, project = desk.person("ada"), desk.project(pages=120)
    held = [desk.take(project, person) for _ in range(120)]
    desk.save(held[0], person, "A draft")
    desk.wait(seconds=LEASE.total_seconds() + 1)

    swept: list[Swept] = []
    threads = [
        threading.Thread(target=lambda: swept.append(sweep(place, desk.now))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(each.counts["lapsed pages freed"] for each in swept) == 120
    with reading(place.engine) as session:
        states = session.scalars(sa.select(PageTask.state)).all()
        assert set(states) == {State.AVAILABLE}
        events = sa.select(sa.func.count()).where(Event.action == "task.reclaimed")
        assert session.scalar(events) == 120
    assert desk.task(held[0]).left_id is not None


def test_pages_whose_worker_died_before_it_opened_them(place: Installation, desk: Desk) -> None:
    project = desk.project(pages=1)
    with writing(place.engine) as session:
        mine = session.get_one(Project, project.id)
        for ocr in ("done", "failed", "queued", "running"):
            add_page(session, mine, ocr=ocr)
        hidden = add_project(session)
        add_page(session, hidden)
        hidden.deleted_at = NOW
    assert _found(sweep(place, NOW)) == {"pages opened": 2}
    assert _found(sweep(place, NOW)) == {}


def test_round_that_is_missing_is_opened(place: Installation, desk: Desk) -> None:
    ada, project = desk.person("ada"), desk.project(pages=2)
    for _ in range(2):
        desk.read(project, ada, "Read by Ada.")
    with writing(place.engine) as session:
        session.execute(sa.delete(PageTask).where(PageTask.round == "P2"))
    assert _found(sweep(place, NOW)) == {"pages moved on": 2}
    assert _found(sweep(place, NOW)) == {}
    with reading(place.engine) as session:
        later = session.scalars(sa.select(PageTask).where(PageTask.round == "P2")).all()
        assert [task.base.text for task in later if task.base] == ["Read by Ada."] * 2


def test_page_that_is_read_again_stays_withdrawn(place: Installation, desk: Desk) -> None:
    ada, project = desk.person("ada"), desk.project(pages=1)
    first = desk.read(project, ada)
    desk.reopen(first, ada)
    assert _found(sweep(place, NOW)) == {}
    with reading(place.engine) as session:
        states = session.execute(sa.select(PageTask.round, PageTask.state)).all()
    assert set(map(tuple, states)) == {("P1", State.OUT), ("P2", State.WITHDRAWN)}


def test_book_whose_last_page_went_is_finished(place: Installation, desk: Desk) -> None:
    ada, project = desk.person("ada"), desk.project(pages=1, rounds_=("P1",))
    desk.read(project, ada)
    with writing(place.engine) as session:
        session.get_one(Project, project.id).state = "active"
    assert _found(sweep(place, NOW)) == {"books finished": 1}
    assert _found(sweep(place, NOW)) == {}


def test_what_has_ended_is_forgotten(place: Installation, desk: Desk) -> None:
    person = desk.person("ada")
    with writing(place.engine) as session:
        for ended, name in ((NOW, "old"), (NOW + timedelta(seconds=1), "new")):
            session.add(
                Login(person_id=person.id, token_hash=name, created_at=NOW, expires_at=ended)
            )
            session.add(ResetLink(person_id=person.id, token_hash=name, expires_at=ended))
            session.add(
                Answer(
                    person_id=person.id, key=name, request_hash="", status=200, body="",
                    created_at=ended - timedelta(days=7),
                )
            )  # fmt: skip
    assert sum(_found(sweep(place, NOW)).values()) == 3
    assert _found(sweep(place, NOW)) == {}
    with reading(place.engine) as session:
        for column in (Login.token_hash, ResetLink.token_hash, Answer.key):
            assert session.scalars(sa.select(column)).all() == ["new"]


def test_leftovers_of_yesterday_are_removed(place: Installation) -> None:
    var = place.settings.var
    old_folder, new = var / "tmp" / "galley-page-x", var / "uploads" / "upload-new"
    for path in (old_folder / "page.png", var / "uploads" / "upload-old", new):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    yesterday = time.time() - 25 * 3600
    for path in (old_folder / "page.png", old_folder, var / "uploads" / "upload-old"):
        os.utime(path, (yesterday, yesterday))
    assert _found(sweep(place, NOW)) == {"leftover files removed": 2}
    os.utime(old_folder, (yesterday, yesterday))
    assert _found(sweep(place, NOW)) == {"leftover files removed": 1}
    assert [path for path in _files(var) if path.parent.name in ("tmp", "uploads")] == [new]


def test_workers_are_woken_for_what_is_due(place: Installation, desk: Desk) -> None:
    desk.project(pages=0)
    with writing(place.engine) as session:
        for subject, due in ((1, NOW), (2, NOW), (3, NOW + timedelta(minutes=1))):
            queue.add_job(session, "ocr", "read-page", subject, due)
        taken = queue.take(session, "ocr", "a worker", NOW, timedelta(seconds=60))
        assert taken is not None
    rings = Queue("ocr", connection=queue.connect(place.settings))
    assert _found(sweep(place, NOW)) == {"jobs rung for": 1}
    assert rings.count == 1
    later = NOW + timedelta(seconds=61)
    assert _found(sweep(place, later)) == {"jobs rung for": 3}
    assert rings.count == 3


def test_step_that_fails_stops_no_other(
    place: Installation, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.project(pages=1)
    with writing(place.engine) as session:
        queue.add_job(session, "ocr", "read-page", 1, NOW)
    place.storage.root.joinpath("new").rename(place.storage.root / "moved")
    swept = sweep(place, NOW)
    assert "leftover files removed" in caplog.text
    assert swept.counts["jobs rung for"] == 1


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_page_reserved_for_a_closed_account_is_free_again(
    place: Installation, desk: Desk
) -> None:
    lead = desk.person("lead", role="coordinator")
    ann, bob = desk.person("ann"), desk.person("bob")
    project = desk.project(lead, pages=1)
    task = desk.send_back(desk.read(project, ann), lead, to_reader=True)
    with pytest.raises(ConflictError):
        desk.take(project, bob, "P1")
    assert _found(sweep(place, desk.now)) == {}
    with writing(place.engine) as session:
        session.get_one(Person, ann.id).disabled_at = desk.now
    assert _found(sweep(place, desk.now)) == {"pages reserved for closed accounts freed": 1}
    assert desk.take(project, bob, "P1").id == task.id
