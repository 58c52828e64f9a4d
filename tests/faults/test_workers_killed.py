"""Workers that are killed, paused or poisoned: every page is read, once, and nobody is left."""

import os
import signal

import pytest
import sqlalchemy as sa

from library.db import reading
from library.models import Job
from pipeline.models import OcrRun
from tests.faults.conftest import Yard, assert_all_read_once, tasks_in_order, wait_until

pytestmark = pytest.mark.faults


def test_worker_and_its_children_are_killed(yard: Yard) -> None:
    yard.start_redis()
    yard.upload(2)
    worker = yard.start("worker", "--queue", "ocr")
    yard.read_mid_page()
    os.kill(worker.pid, signal.SIGSTOP)  # nobody tidies up between two kills
    yard.kill([number for number in yard.processes() if number not in _redis(yard)])
    worker.wait()
    assert [job.state for job in yard.jobs()].count("running") == 1

    yard.start("worker", "--queue", "ocr")
    yard.start("sweep", "--loop")
    assert_all_read_once(yard, 2)
    assert sorted(job.attempt for job in yard.jobs()) == [1, 2]


def test_worker_alone_is_killed(yard: Yard) -> None:
    yard.start_redis()
    yard.upload(2)
    worker = yard.start("worker", "--queue", "ocr")
    yard.read_mid_page()
    worker.kill()
    worker.wait()
    wait_until(lambda: not yard.processes("tesseract", "--queue"), 5)
    assert {job.state for job in yard.jobs()} == {"pending"}  # given back, not waiting for a lease

    yard.start("worker", "--queue", "ocr")
    yard.start("sweep", "--loop")
    assert_all_read_once(yard, 2)
    assert sorted(job.attempt for job in yard.jobs()) == [1, 2]


def test_work_horse_alone_is_killed(sqlite_yard: Yard) -> None:
    yard = sqlite_yard
    yard.start_redis()
    yard.upload(2)
    worker = yard.start("worker", "--queue", "ocr")
    yard.read_mid_page()
    [horse] = [number for number in yard.processes("--queue") if _parent(number) == worker.pid]
    yard.kill([horse])
    assert_all_read_once(yard, 2)  # without any sweep: the worker lets the row go
    assert sorted(job.attempt for job in yard.jobs()) == [1, 2]


def test_paused_worker_comes_back_too_late(yard: Yard) -> None:
    yard.start_redis()
    yard.upload(1)
    yard.start("worker", "--queue", "ocr")
    yard.read_mid_page()
    paused = [number for number in yard.processes() if number not in _redis(yard)]
    yard.kill(paused, signal.SIGSTOP)

    yard.start("worker", "--queue", "ocr")
    yard.start("sweep", "--loop")
    wait_until(lambda: yard.jobs()[0].state == "done")
    [before] = yard.jobs()
    assert before.attempt == 2
    yard.kill(paused, signal.SIGCONT)
    wait_until(lambda: not yard.processes("tesseract"))
    wait_until(lambda: len(yard.processes("--queue")) == 2)  # its work-horse has ended
    [after] = yard.jobs()
    assert (after.attempt, after.finished_at) == (2, before.finished_at)
    assert yard.ask(_end_of_reading) == before.finished_at
    assert_all_read_once(yard, 1)


def test_page_that_kills_its_workers_fails_and_the_others_go_on(sqlite_yard: Yard) -> None:
    yard = sqlite_yard
    yard.start_redis()
    yard.upload(2)
    yard.start("sweep", "--loop")
    poison = yard.jobs()[0].id
    yard.start("worker", "--queue", "ocr")
    for attempt in (1, 2, 3):
        wait_until(lambda: _running(yard, poison, attempt))  # noqa: B023 - used at once
        yard.kill(yard.processes("--queue ocr", "tesseract"))
        yard.start("worker", "--queue", "ocr")
    wait_until(lambda: {job.state for job in yard.jobs()} == {"failed", "done"}, 60)

    with reading(yard.engine) as session:
        failed = session.scalars(sa.select(OcrRun).where(OcrRun.state == "failed")).one()
        assert failed.reason == "The worker stopped 3 times over this, without a word."
    assert [job.state for job in yard.jobs()] == ["failed", "done"]
    # A page that could not be read can still be typed.
    wait_until(lambda: yard.ask(tasks_in_order) == [(1, "P1", "available"), (2, "P1", "available")])


def _running(yard: Yard, job_id: int, attempt: int) -> bool:
    with reading(yard.engine) as session:
        job = session.get_one(Job, job_id)
        return job.state == "running" and job.attempt == attempt


def _end_of_reading(session: sa.orm.Session) -> object:
    return session.scalar(sa.select(OcrRun.finished_at))


def _redis(yard: Yard) -> list[int]:
    return yard.processes("redis-server")


def _parent(number: int) -> int:
    with open(f"/proc/{number}/stat", encoding="ascii") as file:  # noqa: PTH123 - not a real path
        return int(file.read().rpartition(")")[2].split()[1])
