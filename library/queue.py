"""Background work: job rows are the truth, RQ and Redis only wake workers. The only importer of rq.

A *ring* is an RQ job without content: whoever hears it takes the next due row of its queue from
the database, does it, and rings again while rows are left. Losing rings, or hearing too many of
them, changes nothing; the sweep rings every 30 seconds for what is still due.

A queue is shared by turns: each row has one, a project's rows have one after the other, and the
lowest is taken first; a short book need not wait for a long one's end.

Every job may run twice, even at the same time: a result is written together with `finish`, which
refuses an attempt that another worker has overtaken.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
import sqlalchemy as sa
from rq import Queue, Worker
from sqlalchemy.orm import Session

from library.config import Settings
from library.db import reading
from library.errors import UnavailableError
from library.models import OPEN_JOB, Job

log = logging.getLogger(__name__)

QUEUES = ("ocr", "books")
#: The only functions that a worker runs, by queue; strings, since they live downstream.
WAKE = {"ocr": "proofing.jobs.read_next_page", "books": "exports.jobs.build_next"}
#: Rings that are useful at once: more than this many workers wake one another.
MOST_RINGS = 16
#: A job that failed for an unknown reason, or killed its worker, is tried this often.
MOST_ATTEMPTS = 3
#: Wall-clock seconds after which RQ ends a job; each part of it has tighter limits of its own.
LONGEST = 1800


@dataclass(frozen=True)
class Taken:
    """A job row in a worker's hands; `attempt` is what its writes are checked against."""

    id: int
    kind: str
    subject_id: int
    attempt: int


def add_job(
    session: Session,
    queue: str,
    kind: str,
    subject_id: int,
    now: datetime,
    *,
    project_id: int | None = None,
    later: bool = False,
) -> None:
    """Ask for work on a row, in the transaction that makes it due; the row must be flushed.

    Projects take turns, so `project_id` says whose turn it uses up. Work that nobody waits for
    (`later`) is taken only while nothing else of the queue is due.
    """
    add_jobs(session, queue, kind, [subject_id], now, project_id=project_id, later=later)


def add_jobs(
    session: Session,
    queue: str,
    kind: str,
    subject_ids: Sequence[int],
    now: datetime,
    *,
    project_id: int | None = None,
    later: bool = False,
) -> None:
    """Ask for work on many rows in one statement; see `add_job`."""
    same: dict[str, object] = {"queue": queue, "kind": kind, "project_id": project_id}
    same |= {"later": later, "due_at": now, "created_at": now}
    turn = _next_turn(session, queue, project_id, now, later=later)
    step = 0 if project_id is None else 1
    rows = [
        {**same, "subject_id": each, "turn": turn + step * place}
        for place, each in enumerate(subject_ids)
    ]
    session.execute(sa.insert(Job), rows)


def _next_turn(
    session: Session, queue: str, project_id: int | None, now: datetime, *, later: bool
) -> int:
    """Return the turn of the next row: the queue's present one, or the first after the project's.

    So a book that comes late begins beside the others, wherever they are, and no book gets two
    turns by being uploaded in many pieces (start-time fair queueing, Goyal et al. 1996).
    """
    of_queue = (Job.queue == queue, Job.later.is_(later), OPEN_JOB)
    present = session.scalar(sa.select(sa.func.min(Job.turn)).where(*of_queue, Job.due_at <= now))
    if project_id is None:
        return present or 0
    of_project = (*of_queue, Job.project_id == project_id)
    last = session.scalar(sa.select(sa.func.max(Job.turn)).where(*of_project))
    return max(present or 0, 0 if last is None else last + 1)


def require_worker(settings: Settings, queue: str) -> None:
    """Raise UnavailableError unless a worker listens on this queue, RedisError without Redis."""
    listening = Queue(queue, connection=connect(settings))
    if not Worker.count(queue=listening):
        raise UnavailableError(f"No worker listens on the queue {queue}.")


def connect(settings: Settings) -> "redis.Redis":
    """Return a Redis client that gives up soon rather than hanging a request."""
    return redis.Redis.from_url(
        settings.redis_address,
        socket_timeout=5,
        socket_connect_timeout=2,
        health_check_interval=30,
    )


def ring(settings: Settings, queue: str, rings: int = 1) -> bool:
    """Wake workers of a queue, after the commit; False when Redis does not answer (no harm)."""
    try:
        rq_queue = Queue(queue, connection=connect(settings), serializer="json")
        for _ in range(min(rings, MOST_RINGS) - rq_queue.count):
            rq_queue.enqueue(WAKE[queue], job_timeout=LONGEST, result_ttl=0, failure_ttl=0)
    except (redis.RedisError, OSError) as error:
        log.warning("could not ring for %s: %s", queue, error)
        return False
    return True


def count_due(session: Session, queue: str, now: datetime) -> int:
    """Return how many rows of a queue wait for a worker, counting no further than is useful."""
    some = sa.select(Job.id).where(Job.queue == queue, _due(now)).limit(MOST_RINGS).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def take(
    session: Session, queue: str, worker: str, now: datetime, lease: timedelta
) -> Taken | None:
    """Take the queue's next due row (attempt + 1, leased until `now + lease`), or None.

    What somebody waits for comes first, then turns count, then age.
    """
    first = (
        sa.select(Job.id)
        .where(Job.queue == queue, _due(now))
        .order_by(Job.later, Job.turn, Job.due_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = session.execute(
        sa.update(Job)
        .where(Job.id == first)
        .values(state="running", attempt=Job.attempt + 1, worker=worker, lease_until=now + lease)
        .returning(Job.id, Job.kind, Job.subject_id, Job.attempt)
        .execution_options(synchronize_session=False)
    ).first()
    return Taken(*row) if row else None


def renew(session: Session, worker: str, now: datetime, lease: timedelta) -> None:
    """Hold the jobs of this worker process longer."""
    session.execute(
        sa.update(Job)
        .where(Job.state == "running", Job.worker == worker)
        .values(lease_until=now + lease)
        .execution_options(synchronize_session=False)
    )


def finish(session: Session, job: Taken, now: datetime) -> bool:
    """Close a job, in the transaction that writes its result; False means: write nothing."""
    return _change(session, job, state="done", lease_until=None, finished_at=now, reason="")


def fail(session: Session, job: Taken, reason: str, now: datetime) -> bool:
    """Close a job that can never work, with its sentence; False when another worker has it."""
    return _change(session, job, state="failed", lease_until=None, finished_at=now, reason=reason)


def put_back(session: Session, job: Taken, due_at: datetime, reason: str) -> bool:
    """Give a job back, to be tried again from `due_at` on."""
    return _change(session, job, state="pending", lease_until=None, due_at=due_at, reason=reason)


def hand_back(session: Session, job: Taken, now: datetime, *, asked: bool) -> bool:
    """Give a job back untried, because this worker stops.

    A worker that was asked to stop takes its attempt back: its number can go to the next worker,
    since this one writes nothing more. One whose parent died has spent the attempt.
    """
    attempt = job.attempt - 1 if asked else job.attempt
    return _change(session, job, state="pending", lease_until=None, due_at=now, attempt=attempt)


def forget(session: Session, kind: str, subject_ids: Sequence[int]) -> None:
    """Delete the jobs of rows that are about to go."""
    session.execute(sa.delete(Job).where(Job.kind == kind, Job.subject_id.in_(subject_ids)))


def ask_again(session: Session, kind: str, subject_id: int, now: datetime) -> None:
    """Make a finished or failed job due once more, with all its attempts."""
    job = session.scalar(
        sa.select(Job)
        .where(Job.kind == kind, Job.subject_id == subject_id, Job.state.in_(("done", "failed")))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if job is None:
        return
    job.turn = _next_turn(session, job.queue, job.project_id, now, later=job.later)
    job.state, job.attempt, job.due_at = "pending", 0, now
    job.finished_at, job.reason = None, ""


def ring_for_due(settings: Settings, engine: sa.Engine, now: datetime) -> int:
    """Ring each queue for the rows that are due; returns how many were found."""
    with reading(engine) as session:
        due = {queue: count_due(session, queue, now) for queue in QUEUES}
    for queue, rings in due.items():
        if rings:
            ring(settings, queue, rings)
    return sum(due.values())


def _due(now: datetime) -> sa.ColumnElement[bool]:
    waiting = sa.and_(Job.state == "pending", Job.due_at <= now)
    abandoned = sa.and_(Job.state == "running", Job.lease_until < now)
    return sa.and_(OPEN_JOB, sa.or_(waiting, abandoned))


def _change(session: Session, job: Taken, **values: object) -> bool:
    result = session.execute(
        sa.update(Job)
        .where(Job.id == job.id, Job.attempt == job.attempt, Job.state == "running")
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return result.rowcount == 1  # type: ignore[attr-defined,no-any-return]
