"""A worker process on one queue: RQ wakes it, the database says what to do.

`Installation` is what a job needs to know of the world: settings, database, storage.
"""

import importlib
import logging
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import import_module

import sqlalchemy as sa
from rq import Queue, Worker
from rq.job import Job as RqJob

from library import queue
from library.clock import utc_now
from library.config import Settings, settings_from
from library.db import make_engine, reading, writing
from library.processes import (
    Stopping,
    die_with,
    stop_by_exception,
    stops_held,
    stops_let_through,
)
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


class RowWorker(Worker):
    """An RQ worker for job rows.

    It runs nothing but the functions of `queue.WAKE`: whoever can write to Redis could otherwise
    have any function called. While its work-horse is busy, this process renews the row's lease;
    when both die, the lease ends and another worker takes the row. Told to stop, or dying, it has
    its work-horse give the row back at once.
    """

    settings: Settings
    #: After Redis was away, work goes on within so many seconds (RQ's own figure is 60).
    max_connection_wait_time = 5.0

    def execute_job(self, job: RqJob, queue: Queue) -> None:
        """Refuse a job that is not ours before its function is even imported."""
        if not _is_ring(job):
            log.error("refused a job that is not on the list: %s", job.id)
            queue.intermediate_queue.remove(job.id)
            job.delete()
            return
        super().execute_job(job, queue)

    def fork_work_horse(self, job: RqJob, queue: Queue) -> None:
        """Fork with stops held back: the work-horse lets them through where it can stop."""
        with stops_held():
            super().fork_work_horse(job, queue)

    def setup_work_horse_signals(self) -> None:
        """Have the work-horse stop in order when told to, and when this process dies."""
        super().setup_work_horse_signals()  # type: ignore[no-untyped-call]
        stop_by_exception()
        die_with(self.pid or 0, signal.SIGHUP)

    def handle_warm_shutdown_request(self) -> None:
        """Pass SIGTERM on to the work-horse; RQ then waits for its end."""
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]
        if self.horse_pid:
            os.kill(self.horse_pid, signal.SIGTERM)

    def maintain_heartbeats(self, job: RqJob) -> None:
        """Renew the lease of what the work-horse has in hand; RQ calls this while it waits."""
        self._hold_for(self.settings.job_lease)
        super().maintain_heartbeats(job)

    def handle_work_horse_killed(self, *_about: object) -> None:
        """Let another worker have the row of a work-horse that crashed; its attempt counts."""
        self._hold_for(timedelta(0))
        queue.ring(self.settings, self.queues[0].name)

    def _hold_for(self, lease: timedelta) -> None:
        # An engine of its own each time: work-horses must not inherit open connections.
        engine = make_engine(self.settings.database_url)
        try:
            with writing(engine) as session:
                queue.renew(session, _name(os.getpid()), utc_now(), lease)
        except sa.exc.SQLAlchemyError:
            log.exception("could not renew a lease")
        finally:
            engine.dispose()


def work(settings: Settings, name: str) -> None:
    """Work on one queue until told to stop; returns after SIGTERM, its row given back."""
    importlib.import_module(WAKE[name].rpartition(".")[0])  # once here, not in each work-horse
    # What every work-horse needs is made ready before it is forked.
    import_module(WAKE[name].rpartition(".")[0]).warm_up()
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


def _is_ring(job: RqJob) -> bool:
    """Whether an RQ job is one of ours: a name on the list and nothing else."""
    try:
        callbacks = (
            job._success_callback_name,  # noqa: SLF001 - the property would import the function
            job._failure_callback_name,  # noqa: SLF001
            job._stopped_callback_name,  # noqa: SLF001
        )
        more = (job.args, job.kwargs, job.instance, job.webhooks, *callbacks)
        return job.func_name in WAKE.values() and not any(more)
    except Exception:  # noqa: BLE001 - what can't be decoded is not ours, however it fails
        return False


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
        with stops_let_through():
            perform(place, job)
    except Stopping as stopping:
        with writing(place.engine) as session:
            queue.hand_back(session, job, utc_now(), asked=stopping.asked)
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
