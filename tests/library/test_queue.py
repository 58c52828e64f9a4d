"""Jobs are rows; Redis is the bell."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest
import redis
import sqlalchemy as sa
from rq import Queue

from library import queue
from library.config import Settings
from library.db import reading, writing
from library.errors import UnavailableError
from library.models import Job
from library.queue import MOST_RINGS, Taken
from tests.support.crowd import at_once
from tests.support.redis_server import RedisServer
from tests.support.rows import NOW

LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


def _ask(engine: sa.Engine, *subjects: int, at: datetime = NOW, name: str = "ocr") -> None:
    with writing(engine) as session:
        for subject in subjects:
            queue.add_job(session, name, f"kind-of-{name}", subject, at)


def _take(engine: sa.Engine, at: datetime = NOW, *, worker: str = "w:1", name: str = "ocr"
) -> Taken | None:  # fmt: skip
    with writing(engine) as session:
        return queue.take(session, name, worker, at, LEASE)


def _taken(engine: sa.Engine, at: datetime = NOW) -> Taken:
    job = _take(engine, at)
    assert job is not None
    return job


def _row(engine: sa.Engine, subject: int = 1) -> Job:
    with reading(engine) as session:
        return session.scalars(sa.select(Job).where(Job.subject_id == subject)).one()


def _due(engine: sa.Engine, at: datetime = NOW, name: str = "ocr") -> int:
    with reading(engine) as session:
        return queue.count_due(session, name, at)


def test_the_oldest_due_row_comes_first(engine: sa.Engine) -> None:
    _ask(engine, 3, at=NOW - SECOND)
    _ask(engine, 1, 2)
    _ask(engine, 4, at=NOW + SECOND)
    subjects = [job.subject_id for _ in range(3) if (job := _take(engine))]
    assert subjects == [3, 1, 2]
    assert _take(engine) is None
    late = _take(engine, NOW + SECOND)
    assert late is not None
    assert late.subject_id == 4


def _ask_for_book(
    engine: sa.Engine, project: int, pages: int, *, at: datetime = NOW, later: bool = False
) -> None:
    """Ask for pages of a project; their subjects are 1001, 1002, ... for project 1."""
    with writing(engine) as session:
        last = session.scalar(
            sa.select(sa.func.max(Job.subject_id)).where(Job.project_id == project)
        )
        first = (last or 1000 * project) + 1
        pages_of_it = range(first, first + pages)
        queue.add_jobs(
            session, "ocr", "read-page", pages_of_it, at, project_id=project, later=later
        )


def _projects_taken(engine: sa.Engine, times: int, at: datetime = NOW) -> list[int]:
    """Take and finish so many rows; the project of each."""
    projects = []
    for _ in range(times):
        job = _taken(engine, at)
        projects.append(job.subject_id // 1000)
        with writing(engine) as session:
            assert queue.finish(session, job, at)
    return projects


def test_a_short_book_is_read_beside_a_long_one(engine: sa.Engine) -> None:
    _ask_for_book(engine, 1, 100)
    assert _projects_taken(engine, 40) == [1] * 40
    _ask_for_book(engine, 2, 3, at=NOW + SECOND)
    assert _projects_taken(engine, 8, NOW + SECOND) == [1, 2, 1, 2, 1, 2, 1, 1]


def test_a_book_in_many_pieces_gets_no_more_turns(engine: sa.Engine) -> None:
    _ask_for_book(engine, 1, 10)
    for _ in range(3):
        _ask_for_book(engine, 2, 1)
    assert _projects_taken(engine, 8) == [1, 2, 1, 2, 1, 2, 1, 1]


def test_pages_of_one_book_come_in_order(engine: sa.Engine) -> None:
    _ask_for_book(engine, 1, 3)
    _ask_for_book(engine, 2, 3)
    _ask_for_book(engine, 1, 2)
    subjects = [_taken(engine).subject_id for _ in range(8)]
    assert [each for each in subjects if each < 2000] == [1001, 1002, 1003, 1004, 1005]
    assert [each for each in subjects if each > 2000] == [2001, 2002, 2003]


def test_what_nobody_waits_for_comes_last(engine: sa.Engine) -> None:
    _ask_for_book(engine, 1, 3, later=True)
    _ask_for_book(engine, 2, 2, at=NOW + SECOND)
    assert _projects_taken(engine, 2, NOW) == [1, 1]  # nothing else is due
    assert _projects_taken(engine, 3, NOW + SECOND) == [2, 2, 1]


def test_asked_again_it_takes_its_place_among_those_of_today(engine: sa.Engine) -> None:
    _ask_for_book(engine, 1, 30)
    assert _projects_taken(engine, 20) == [1] * 20
    _ask_for_book(engine, 2, 3)
    with writing(engine) as session:
        queue.ask_again(session, "read-page", 1020, NOW)
    assert _taken(engine).subject_id == 1021
    subjects = [_taken(engine).subject_id for _ in range(12)]
    assert subjects.index(2001) == 0
    assert subjects.index(2003) < 6
    assert _row(engine, 1020).turn == 30  # after its own book's


def test_a_row_that_waits_to_be_tried_again_holds_no_turn_back(engine: sa.Engine) -> None:
    _ask_for_book(engine, 1, 10)
    with writing(engine) as session:
        job = queue.take(session, "ocr", "w:1", NOW, LEASE)
        assert job is not None
        assert queue.put_back(session, job, NOW + 5 * SECOND, "No memory.")
    assert _projects_taken(engine, 5) == [1] * 5
    _ask_for_book(engine, 2, 2)
    assert _projects_taken(engine, 4) == [1, 2, 1, 2]


def test_queues_do_not_mix(engine: sa.Engine) -> None:
    _ask(engine, 1, name="books")
    assert _take(engine) is None
    job = _take(engine, name="books")
    assert job is not None
    assert (job.kind, job.subject_id, job.attempt) == ("kind-of-books", 1, 1)


def test_a_taken_row_is_leased_to_a_worker(engine: sa.Engine) -> None:
    _ask(engine, 1)
    _taken(engine)
    row = _row(engine)
    assert (row.state, row.attempt, row.lease_until) == ("running", 1, NOW + LEASE)
    assert row.worker == "w:1"
    assert _take(engine, NOW + LEASE) is None


def test_an_ended_lease_goes_to_the_next_and_the_late_writer_is_refused(
    engine: sa.Engine,
) -> None:
    _ask(engine, 1)
    late = _taken(engine)
    after = NOW + LEASE + SECOND
    next_one = _taken(engine, after)
    assert next_one.attempt == 2
    with writing(engine) as session:
        assert not queue.finish(session, late, after)
        assert not queue.fail(session, late, "late", after)
        assert not queue.put_back(session, late, after, "late")
        assert not queue.hand_back(session, late, after, asked=True)
    assert _row(engine).state == "running"
    with writing(engine) as session:
        assert queue.finish(session, next_one, after)
        assert not queue.finish(session, next_one, after)
    row = _row(engine)
    assert (row.state, row.finished_at, row.lease_until) == ("done", after, None)


def test_renewing_holds_what_this_worker_has_and_nothing_else(engine: sa.Engine) -> None:
    _ask(engine, 1, 2)
    _take(engine, worker="w:1")
    _take(engine, worker="w:2")
    later = NOW + LEASE / 2
    with writing(engine) as session:
        queue.renew(session, "w:1", later, LEASE)
    assert _row(engine, 1).lease_until == later + LEASE
    assert _row(engine, 2).lease_until == NOW + LEASE


def test_renewing_wakes_no_finished_row(engine: sa.Engine) -> None:
    _ask(engine, 1)
    job = _taken(engine)
    with writing(engine) as session:
        queue.finish(session, job, NOW)
        queue.renew(session, "w:1", NOW, LEASE)
    assert (_row(engine).state, _row(engine).lease_until) == ("done", None)


def test_a_row_put_back_waits_and_keeps_its_attempts(engine: sa.Engine) -> None:
    _ask(engine, 1)
    with writing(engine) as session:
        job = queue.take(session, "ocr", "w:1", NOW, LEASE)
        assert job is not None
        assert queue.put_back(session, job, NOW + 5 * SECOND, "No memory.")
    assert (_row(engine).state, _row(engine).reason) == ("pending", "No memory.")
    assert _take(engine, NOW + 4 * SECOND) is None
    assert _taken(engine, NOW + 5 * SECOND).attempt == 2


@pytest.mark.parametrize(("asked", "attempt"), [(True, 1), (False, 2)])
def test_a_row_handed_back_is_due_at_once(engine: sa.Engine, asked: bool, attempt: int) -> None:
    _ask(engine, 1)
    job = _taken(engine)
    with writing(engine) as session:
        assert queue.hand_back(session, job, NOW, asked=asked)
    assert _taken(engine).attempt == attempt


def test_a_failed_row_says_why_and_is_not_taken_again(engine: sa.Engine) -> None:
    _ask(engine, 1)
    job = _taken(engine)
    with writing(engine) as session:
        assert queue.fail(session, job, "No such page.", NOW)
    assert (_row(engine).state, _row(engine).reason) == ("failed", "No such page.")
    assert _take(engine, NOW + timedelta(days=1)) is None


def test_asking_again_gives_all_attempts_back(engine: sa.Engine) -> None:
    _ask(engine, 1)
    job = _taken(engine)
    with writing(engine) as session:
        queue.ask_again(session, job.kind, 1, NOW)  # it is still at it: nothing changes
    assert _row(engine).state == "running"
    with writing(engine) as session:
        queue.fail(session, job, "No.", NOW)
        queue.ask_again(session, job.kind, 1, NOW + SECOND)
    row = _row(engine)
    assert (row.state, row.attempt, row.reason, row.finished_at) == ("pending", 0, "", None)


def test_the_same_work_is_asked_for_once(engine: sa.Engine) -> None:
    _ask(engine, 1)
    with pytest.raises(sa.exc.IntegrityError):
        _ask(engine, 1)


def test_a_running_row_without_a_lease_is_refused_by_the_database(engine: sa.Engine) -> None:
    _ask(engine, 1)
    with pytest.raises(sa.exc.IntegrityError), writing(engine) as session:
        session.execute(sa.update(Job).values(state="running"))


def test_what_is_due_is_counted_no_further_than_is_useful(engine: sa.Engine) -> None:
    assert _due(engine) == 0
    _ask(engine, 1, 2, 3)
    _ask(engine, 4, at=NOW + SECOND)
    assert (_due(engine), _due(engine, NOW + SECOND), _due(engine, name="books")) == (3, 4, 0)
    job = _taken(engine)
    assert _due(engine) == 2
    assert _due(engine, NOW + LEASE + SECOND) == 4  # its lease has ended
    with writing(engine) as session:
        queue.finish(session, job, NOW)
    assert _due(engine, NOW + LEASE + SECOND) == 3
    _ask(engine, *range(10, 60))
    assert _due(engine) == MOST_RINGS


def test_many_takers_never_take_one_row_twice(engine: sa.Engine) -> None:
    _ask(engine, *range(60))

    def take_until_none() -> list[int]:
        taken = []
        while job := _take(engine):
            taken.append(job.subject_id)
        return taken

    found = [subject for some in at_once([take_until_none] * 6) for subject in some]
    # A row that another taker holds at that moment may be passed over, but is never lost.
    assert sorted(found) == list(range(60))


def test_two_takers_of_an_ended_lease(engine: sa.Engine) -> None:
    for subject in range(10):
        _ask(engine, subject)
        _taken(engine)
        taken = at_once([partial(_take, engine, NOW + LEASE + SECOND)] * 2)
        jobs = [job for job in taken if job is not None]
        assert [job.attempt for job in jobs] == [2]
        with writing(engine) as session:
            queue.finish(session, jobs[0], NOW)


@pytest.fixture
def bell(redis_server: RedisServer) -> Iterator[Queue]:
    """The `ocr` queue as a worker sees it."""
    with redis_server.client() as client:
        yield Queue("ocr", connection=client, serializer="json")


def test_a_ring_is_a_name_and_nothing_else(settings: Settings, bell: Queue) -> None:
    assert queue.ring(settings, "ocr")
    (job,) = bell.jobs
    assert (job.func_name, list(job.args), job.kwargs) == (queue.WAKE["ocr"], [], {})
    assert (job.result_ttl, job.failure_ttl, job.timeout) == (0, 0, queue.LONGEST)


def test_rings_are_no_more_than_useful(settings: Settings, bell: Queue) -> None:
    queue.ring(settings, "ocr", 3)
    assert bell.count == 3
    queue.ring(settings, "ocr", 2)  # three are waiting already
    assert bell.count == 3
    for _ in range(3):
        queue.ring(settings, "ocr", 1000)
    assert bell.count == MOST_RINGS


def test_without_redis_a_ring_is_soon_given_up(
    settings: Settings, redis_server: RedisServer
) -> None:
    redis_server.stop()
    began = time.monotonic()
    assert not queue.ring(settings, "ocr")
    assert time.monotonic() - began < 5  # a limit, not a measurement: nothing may hang
    redis_server.start()
    assert queue.ring(settings, "ocr")


def test_a_crash_between_commit_and_ring_is_mended(
    settings: Settings, engine: sa.Engine, bell: Queue
) -> None:
    _ask(engine, 1, 2)
    assert bell.count == 0  # committed, and then the process died
    queue.ring_for_due(settings, engine, NOW)
    assert bell.count == 2
    queue.ring_for_due(settings, engine, NOW)
    assert bell.count == 2


def test_lost_rings_are_rung_again(
    settings: Settings, engine: sa.Engine, bell: Queue, redis_server: RedisServer
) -> None:
    _ask(engine, 1, 2)
    queue.ring_for_due(settings, engine, NOW)
    redis_server.stop()
    queue.ring_for_due(settings, engine, NOW)  # nobody hears it, nothing breaks
    redis_server.start()
    assert bell.count == 0
    queue.ring_for_due(settings, engine, NOW)
    assert bell.count == 2


def test_no_worker_listens(settings: Settings, redis_server: RedisServer) -> None:
    with pytest.raises(UnavailableError, match="ocr"):
        queue.require_worker(settings, "ocr")
    redis_server.stop()
    with pytest.raises(redis.RedisError):
        queue.require_worker(settings, "ocr")
