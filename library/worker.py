"""A worker process on one queue: RQ wakes it, the database says what to do.

`Installation` is what a job needs to know of the world: settings, database, storage.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import sqlalchemy as sa
from rq import Queue, Worker
from rq.job import Job as RqJob

from library import queue
from library.clock import utc_now
from library.config import Settings, settings_from
from library.db import make_engine, reading, writing
from library.queue import MOST_ATTEMPTS, WAKE, Taken
from library.storage import Storage

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Installation:
    """The settings of this installation and what they open."""

    settings: Settings
    engine: sa.Engine
    storage: Storage


@cache
def installation() -> Installation:
    """Return this process's installation, from the environment."""
    settings = settings_from()
    return Installation(
        settings, make_engine(settings.database_url), Storage.from_url(settings.storage_url)
    )


class AllowListedWorker(Worker):  # type: ignore[misc]
    """An RQ worker that runs nothing but the functions of `queue.WAKE`.

    Whoever can write to Redis could otherwise have any function called.
    """

    def execute_job(self, job: RqJob, queue: Queue) -> None:
        """Refuse a job that is not ours before its function is even imported."""
        if job.func_name not in WAKE.values() or job.args or job.kwargs or job.instance:
            log.error("refused a job for %s", job.func_name)
            job.delete()
            return
        super().execute_job(job, queue)


def work(settings: Settings, name: str) -> None:
    """Work on one queue until told to stop; returns after SIGTERM, when its job is done."""
    connection = queue.connect(settings)
    connection.connection_pool.connection_kwargs["socket_timeout"] = None
    worker = AllowListedWorker(
        [Queue(name, connection=connection, serializer="json")],
        connection=connection,
        serializer="json",
        worker_ttl=60,
        maintenance_interval=30,
    )
    worker.work(with_scheduler=False, logging_level="WARNING")


def do_next(
    place: Installation,
    name: str,
    perform: Callable[[Installation, Taken], None],
    give_up: Callable[[Installation, Taken, str], None],
) -> bool:
    """Take a queue's next due row and perform it; False when there was none.

    Trouble that `perform` raises sends the row back, to be tried again; after three tries, or when
    its workers keep dying, `give_up` closes it with a sentence.
    """
    settings = place.settings
    with writing(place.engine) as session:
        job = queue.take(session, name, utc_now(), settings.job_lease)
    if job is None:
        return False
    if job.attempt > MOST_ATTEMPTS:
        give_up(place, job, f"The worker stopped {MOST_ATTEMPTS} times over this, without a word.")
    else:
        _perform(place, job, perform, give_up)
    with reading(place.engine) as session:
        waiting = queue.count_due(session, name, utc_now())
    if waiting:
        queue.ring(settings, name, waiting)
    return True


def _perform(
    place: Installation,
    job: Taken,
    perform: Callable[[Installation, Taken], None],
    give_up: Callable[[Installation, Taken, str], None],
) -> None:
    try:
        with _lease_kept(place, job):
            perform(place, job)
    except Exception as error:
        log.exception("%s %s, attempt %s", job.kind, job.subject_id, job.attempt)
        reason = getattr(error, "sentence", None) or f"Unexpected trouble: {type(error).__name__}."
        if job.attempt >= MOST_ATTEMPTS:
            give_up(place, job, reason)
            return
        pause = timedelta(seconds=5 * 4 ** (job.attempt - 1))
        with writing(place.engine) as session:
            queue.put_back(session, job, utc_now() + pause, reason)


@contextmanager
def _lease_kept(place: Installation, job: Taken) -> Iterator[None]:
    """Renew the job's lease each third of it while the work goes on."""
    lease, over = place.settings.job_lease, threading.Event()

    def beat() -> None:
        while not over.wait(lease.total_seconds() / 3):
            with writing(place.engine) as session:
                if not queue.renew(session, job, utc_now(), lease):
                    return

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
