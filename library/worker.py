"""A worker process on one queue: RQ wakes it, the database says what to do.

`Installation` is what a job needs to know of the world: settings, database, storage.
"""

import logging
import os
import socket
from collections.abc import Callable
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


class RowWorker(Worker):  # type: ignore[misc]
    """An RQ worker for job rows.

    It runs nothing but the functions of `queue.WAKE`: whoever can write to Redis could otherwise
    have any function called. While its work-horse is busy, this process renews the row's lease;
    when both die, the lease ends and another worker takes the row.
    """

    settings: Settings

    def execute_job(self, job: RqJob, queue: Queue) -> None:
        """Refuse a job that is not ours before its function is even imported."""
        if job.func_name not in WAKE.values() or job.args or job.kwargs or job.instance:
            log.error("refused a job for %s", job.func_name)
            job.delete()
            return
        super().execute_job(job, queue)

    def maintain_heartbeats(self, job: RqJob) -> None:
        """Renew the lease of what the work-horse has in hand; RQ calls this while it waits."""
        # An engine of its own each time: work-horses must not inherit open connections.
        engine = make_engine(self.settings.database_url)
        with writing(engine) as session:
            queue.renew(session, _name(os.getpid()), utc_now(), self.settings.job_lease)
        engine.dispose()
        super().maintain_heartbeats(job)


def work(settings: Settings, name: str) -> None:
    """Work on one queue until told to stop; returns after SIGTERM, when its job is done."""
    connection = queue.connect(settings)
    connection.connection_pool.connection_kwargs["socket_timeout"] = None
    worker = RowWorker(
        [Queue(name, connection=connection, serializer="json")],
        connection=connection,
        serializer="json",
        worker_ttl=60,
        maintenance_interval=30,
        job_monitoring_interval=max(1, int(settings.job_lease.total_seconds() / 3)),
    )
    worker.settings = settings
    worker.work(with_scheduler=False, logging_level="WARNING")


Perform = Callable[[Installation, Taken], None]
GiveUp = Callable[[Installation, Taken, str], None]


def do_next(place: Installation, name: str, perform: Perform, give_up: GiveUp) -> bool:
    """Take a queue's next due row and perform it; False when there was none.

    Trouble that `perform` raises sends the row back, to be tried again; after three tries, or when
    its workers keep dying, `give_up` closes it with a sentence.
    """
    with writing(place.engine) as session:
        worker = _name(os.getppid())
        job = queue.take(session, name, worker, utc_now(), place.settings.job_lease)
    if job is None:
        return False
    if job.attempt > MOST_ATTEMPTS:
        give_up(place, job, f"The worker stopped {MOST_ATTEMPTS} times over this, without a word.")
    else:
        _try(place, job, perform, give_up)
    with reading(place.engine) as session:
        waiting = queue.count_due(session, name, utc_now())
    if waiting:
        queue.ring(place.settings, name, waiting)
    return True


def _try(place: Installation, job: Taken, perform: Perform, give_up: GiveUp) -> None:
    try:
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


def _name(pid: int) -> str:
    return f"{socket.gethostname()}:{pid}"
