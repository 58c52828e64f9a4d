"""Puts right what the database says is undone: after crashes, lapsed leases, an emptied Redis.

Each step looks without locking, then changes one thing a transaction (so that nobody who saves
waits for it, and no two wait for each other), and may be repeated or run twice at once: the
services it calls look again under their lock. A step that fails stops no other.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from library import collecting, mail, queue
from library.db import reading, writing
from library.models import Answer, Login, Page, Person, Project, ResetLink
from library.worker import Installation
from pipeline.models import OcrRun
from proofing import purging, reminders, rounds, tasks, trials
from proofing.models import PageTask
from proofing.rules import State

log = logging.getLogger(__name__)

#: Answers to repeated requests are kept this long.
_ANSWERS_KEPT = timedelta(days=7)
#: Files that an interrupted upload or worker left behind are removed after so many seconds.
_LEFTOVERS_KEPT = 24 * 3600


@dataclass
class Swept:
    """What a sweep did: how many, by what."""

    counts: dict[str, int] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """Yield a line for each kind of thing that was put right."""
        for what, number in self.counts.items():
            if number:
                yield f"{number} {what}"


def sweep(place: Installation, now: datetime) -> Swept:
    """Put right whatever is undone at `now`, and wake workers for what is due."""
    steps: dict[str, Callable[[Installation, datetime], int]] = {
        "lapsed pages freed": _reclaim,
        "pages opened": _open_pages,
        "pages moved on": _advance,
        "books finished": _finish,
        "rows of ended sessions, answers, links and guests deleted": _forget,
        "leftover files removed": _remove_leftovers,
        "hidden books purged": _purge,
        "files that belong to nothing deleted": _collect,
        "pages reserved for closed accounts freed": _unreserve,
        "reminders written": _remind,
        "jobs rung for": _ring,
    }
    swept = Swept()
    for what, step in steps.items():
        try:
            swept.counts[what] = step(place, now)
        except Exception:
            log.exception("sweep: %s", what)
    return swept


def _reclaim(place: Installation, now: datetime) -> int:
    with reading(place.engine) as session:
        ids = tasks.lapsed(session, now)
    return sum(_reclaim_one(place, task_id, now) for task_id in ids)


def _reclaim_one(place: Installation, task_id: int, now: datetime) -> bool:
    with writing(place.engine) as session:
        return tasks.reclaim(session, task_id, now) is not None


def _open_pages(place: Installation, now: datetime) -> int:
    """Open pages that were read by a worker that died before it could."""
    waiting = (
        sa.select(Page.project_id)
        .join(Project, Project.id == Page.project_id)
        .join(OcrRun, sa.and_(OcrRun.page_id == Page.id, OcrRun.latest))
        .outerjoin(PageTask, PageTask.page_id == Page.id)
        .where(
            _alive(),
            Page.deleted_at.is_(None),
            PageTask.id.is_(None),
            OcrRun.state.in_(("done", "failed")),
        )
        .distinct()
    )
    opened = 0
    for project_id in _ids(place, waiting):
        while some := _open_some(place, project_id, now):
            opened += some
    return opened


def _open_some(place: Installation, project_id: int, now: datetime) -> int:
    with writing(place.engine) as session:
        return rounds.open_pages(session, session.get_one(Project, project_id), now)


def _advance(place: Installation, now: datetime) -> int:
    """Move pages on whose next round is missing or still withdrawn."""
    moved = 0
    with reading(place.engine) as session:
        orders = session.execute(sa.select(Project.id, Project.rounds).where(_alive())).all()
    for project_id, order in orders:
        for number in range(1, len(order)):
            stuck = _ids(place, _stuck(project_id, order[:number], order[number]))
            moved += sum(_advance_one(place, task_id, now) for task_id in stuck)
    return moved


def _stuck(project_id: int, before: Sequence[str], later: str) -> sa.Select[int]:
    """Find tasks of the round ahead of `later` that are done, as is all before them."""
    following, unread = aliased(PageTask), aliased(PageTask)
    read_again = sa.exists().where(
        unread.page_id == PageTask.page_id,
        unread.round.in_(before),
        unread.state.not_in((State.DONE, State.SKIPPED)),
    )
    joined = sa.and_(
        following.page_id == PageTask.page_id, following.round == later, following.reading == 0
    )
    return (
        sa.select(PageTask.id)
        .join(Page, Page.id == PageTask.page_id)
        .outerjoin(following, joined)
        .where(
            PageTask.project_id == project_id,
            PageTask.round == before[-1],
            PageTask.state == State.DONE,
            PageTask.reading == 0,
            Page.deleted_at.is_(None),
            sa.or_(following.id.is_(None), following.state == State.WITHDRAWN),
            ~read_again,
        )
    )


def _advance_one(place: Installation, task_id: int, now: datetime) -> bool:
    with writing(place.engine) as session:
        task = tasks.lock_task(session, task_id)
        if task.state == State.DONE:
            rounds.advance(session, task.project, task, now)
        return task.state == State.DONE


def _finish(place: Installation, now: datetime) -> int:
    """Finish books whose last pages were handed in at the same moment."""
    with reading(place.engine) as session:
        active = session.execute(sa.select(Project.id, Project.rounds).where(_alive())).all()
    return sum(_finish_one(place, project_id, order[-1], now) for project_id, order in active)


def _finish_one(place: Installation, project_id: int, last: str, now: datetime) -> bool:
    in_project = PageTask.project_id == project_id
    ended = sa.select(PageTask.id).where(
        in_project, PageTask.round == last, PageTask.state == State.DONE
    )
    unended = (State.AVAILABLE, State.OUT, State.BAD)
    left = sa.select(PageTask.id).where(in_project, PageTask.state.in_(unended))
    with reading(place.engine) as session:
        task_id = session.scalar(ended.limit(1))
        if task_id is None or session.scalar(left.limit(1)) is not None:
            return False
    with writing(place.engine) as session:
        task = tasks.lock_task(session, task_id)
        if task.state == State.DONE:
            rounds.advance(session, task.project, task, now)
        return task.project.state == "finished"


def _forget(place: Installation, now: datetime) -> int:
    ended = (
        sa.delete(Login).where(Login.expires_at <= now),
        sa.delete(ResetLink).where(ResetLink.expires_at <= now),
        sa.delete(Answer).where(Answer.created_at <= now - _ANSWERS_KEPT),
        trials.too_old(now),
    )
    gone = _forget_letters(place, now)
    for statement in ended:
        with reading(place.engine) as session:
            table, condition = statement.table, statement.whereclause
            assert condition is not None  # noqa: S101 - each has one
            if session.scalar(sa.select(sa.literal(1)).select_from(table).where(condition)) is None:
                continue
        with writing(place.engine) as session:
            gone += session.execute(statement).rowcount  # type: ignore[attr-defined]
    return gone


def _forget_letters(place: Installation, now: datetime) -> int:
    with reading(place.engine) as session:
        old = mail.old_letters(session, now)
    if not old:
        return 0
    with writing(place.engine) as session:
        return mail.forget(session, old)


def _remove_leftovers(place: Installation, _now: datetime) -> int:
    """Remove what interrupted uploads and killed workers left; the disk's clock decides."""
    gone = place.storage.remove_leftovers(_LEFTOVERS_KEPT)
    limit = time.time() - _LEFTOVERS_KEPT
    for folder in (place.settings.var / "uploads", place.settings.var / "tmp"):
        if folder.is_dir():
            gone += sum(_remove_if_old(path, limit) for path in sorted(folder.rglob("*"))[::-1])
    return gone


def _purge(place: Installation, now: datetime) -> int:
    purged = 0
    while purging.purge_one(place, now):
        purged += 1
    return purged


def _collect(place: Installation, _now: datetime) -> int:
    marker = place.settings.var / "collected"
    return collecting.collect_daily(place.engine, place.storage, marker)


def _unreserve(place: Installation, _now: datetime) -> int:
    """Let others have what was sent back to somebody whose account was closed since."""
    closed = sa.select(Person.id).where(Person.disabled_at.is_not(None))
    waiting = (PageTask.state == State.AVAILABLE, PageTask.reserved_for.in_(closed))
    ids = _ids(place, sa.select(PageTask.id).where(*waiting))
    if ids:
        with writing(place.engine) as session:
            session.execute(
                sa.update(PageTask)
                .where(PageTask.id.in_(ids), *waiting)
                .values(reserved_for=None)
                .execution_options(synchronize_session=False)
            )
    return len(ids)


def _remove_if_old(path: Path, limit: float) -> bool:
    try:
        if path.lstat().st_mtime >= limit:
            return False
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink()
    except OSError:  # gone meanwhile, or a folder that something newer lies in
        return False
    return True


def _remind(place: Installation, now: datetime) -> int:
    return reminders.write_due(place, now) if place.settings.sends_mail else 0


def _ring(place: Installation, now: datetime) -> int:
    return queue.ring_for_due(place.settings, place.engine, now)


def _alive() -> sa.ColumnElement[bool]:
    """Whether pages of a project may move: finished and archived books rest."""
    return sa.and_(Project.state.in_(("active", "paused")), Project.deleted_at.is_(None))


def _ids(place: Installation, query: sa.Select[int]) -> list[int]:
    with reading(place.engine) as session:
        return list(session.scalars(query))
