"""What people have done and could do next: figures for desks and books, by person and project."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library.models import Page, Person, Project
from proofing import trust
from proofing.checkout import first_free, newcomers_round
from proofing.models import PageTask
from proofing.rules import ROUNDS, State, next_round

#: Days of handing in that a pace is measured over, and the least that it takes to name one.
PACE_DAYS, LEAST_DAYS = 7, 3


@dataclass(frozen=True)
class Counts:
    """Pages that somebody handed in."""

    today: int
    #: One number a day, the oldest first, today last.
    week: Sequence[int]
    total: int


@dataclass(frozen=True)
class Offer:
    """A book with pages that somebody could take now, in its furthest round open to them."""

    project: Project
    round: str
    available: int


@dataclass(frozen=True)
class Share:
    """What somebody did in a book, and how far the book has come."""

    project: Project
    mine: int
    finished: int
    total: int


def counts_of(session: Session, person: Person, now: datetime) -> Counts:
    """Return what a person handed in; days are those of UTC."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    ends = session.scalars(
        sa.select(PageTask.done_at).where(
            PageTask.reader_id == person.id, PageTask.done_at >= midnight - timedelta(days=6)
        )
    )
    week = [0] * 7
    for end in ends:
        if end is not None and end < midnight + timedelta(days=1):
            week[6 - (midnight.date() - end.date()).days] += 1
    return Counts(week[-1], week, trust.pages_done(session, person))


def offers(session: Session, person: Person, limit: int) -> list[Offer]:
    """Return books with pages for this person, the newest first; the same rules as `check_out`."""
    open_rounds = [code for code in ROUNDS if trust.standing(session, person, code).open]
    free = sa.select(PageTask.id).where(
        PageTask.project_id == Project.id,
        PageTask.round.in_(open_rounds),
        PageTask.state == State.AVAILABLE,
    )
    candidates = session.scalars(
        sa.select(Project)
        .where(
            Project.state == "active",
            Project.opened,
            Project.deleted_at.is_(None),
            sa.exists(free.correlate(Project)),
        )
        .order_by(Project.id.desc())
        .limit(4 * limit)
    )
    found: list[Offer] = []
    for project in candidates:
        if len(found) == limit:
            break
        if (offer := _offer(session, person, project, open_rounds)) is not None:
            found.append(offer)
    return found


def _offer(
    session: Session, person: Person, project: Project, open_rounds: Sequence[str]
) -> Offer | None:
    begins = newcomers_round(session, project, person)
    for code in [begins] if begins else reversed(project.rounds):
        if code in open_rounds:
            mine = first_free(project, person, code).limit(None).order_by(None).subquery()
            available = session.scalar(sa.select(sa.func.count()).select_from(mine)) or 0
            if available:
                return Offer(project, code, available)
    return None


def shares(session: Session, person: Person, limit: int) -> list[Share]:
    """Return the books a person has handed pages in, the last one first."""
    last = sa.func.max(PageTask.done_at)
    rows = session.execute(
        sa.select(PageTask.project_id, sa.func.count())
        .where(PageTask.reader_id == person.id, PageTask.done_at.is_not(None))
        .group_by(PageTask.project_id)
        .order_by(last.desc())
        .limit(limit)
    ).all()
    return [
        Share(project, mine, *_standing(session, project))
        for project_id, mine in rows
        if (project := session.get_one(Project, project_id)).deleted_at is None
    ]


def _standing(session: Session, project: Project) -> tuple[int, int]:
    """Return a book's finished pages and all its pages."""
    finished = sa.select(sa.func.count()).where(
        PageTask.project_id == project.id,
        PageTask.round == project.rounds[-1],
        PageTask.state == State.DONE,
    )
    total = sa.select(sa.func.count()).where(
        Page.project_id == project.id, Page.deleted_at.is_(None)
    )
    return session.scalar(finished) or 0, session.scalar(total) or 0


def reopenable(session: Session, person: Person, limit: int) -> list[PageTask]:
    """Return pages that a person handed in lately and may still reopen, the last one first."""
    lately = session.scalars(
        sa.select(PageTask)
        .join(Project, Project.id == PageTask.project_id)
        .where(
            PageTask.reader_id == person.id,
            PageTask.done_at.is_not(None),
            PageTask.state == State.DONE,
            Project.deleted_at.is_(None),
        )
        .order_by(PageTask.done_at.desc())
        .limit(3 * limit)
    ).all()
    return [task for task in lately if may_reopen(session, task, person)][:limit]


def may_reopen(session: Session, task: PageTask, person: Person | None) -> bool:
    """Whether `reopen` would let this person take a handed-in page up again."""
    if person is None or task.state != State.DONE or task.reader_id != person.id:
        return False
    return not _is_taken_on(session, task)


def may_send_back(session: Session, task: PageTask) -> bool:
    """Whether `send_back` would let a coordinator have this page read again."""
    if task.state != State.DONE or task.reader_id is None:
        return False
    later = _later(session, task)
    return later is None or later.state != State.DONE or later.reader_id is None


def _is_taken_on(session: Session, task: PageTask) -> bool:
    later = _later(session, task)
    if later is None or later.state in (State.AVAILABLE, State.WITHDRAWN, State.SKIPPED, State.BAD):
        return False
    return later.state == State.OUT or later.reader_id is not None


def _later(session: Session, task: PageTask) -> PageTask | None:
    following = next_round(task.project.rounds, task.round)
    if following is None:
        return None
    return session.scalar(
        sa.select(PageTask).where(
            PageTask.page_id == task.page_id, PageTask.round == following, PageTask.reading == 0
        )
    )


def readers(session: Session, project: Project, limit: int) -> tuple[int, list[str]]:
    """Return how many people handed in pages of a book, and the names of the most active."""
    read = (
        sa.select(PageTask.reader_id, sa.func.count().label("pages"))
        .where(PageTask.project_id == project.id, PageTask.reader_id.is_not(None))
        .group_by(PageTask.reader_id)
        .subquery()
    )
    names = session.scalars(
        sa.select(Person.name)
        .join(read, read.c.reader_id == Person.id)
        .order_by(read.c.pages.desc(), Person.name)
        .limit(limit)
    ).all()
    return session.scalar(sa.select(sa.func.count()).select_from(read)) or 0, list(names)


def days_left(
    session: Session, project: Project, code: str, to_go: int, now: datetime
) -> int | None:
    """Return the days that a round takes on at this week's pace; None while there is no pace."""
    done = (
        PageTask.project_id == project.id,
        PageTask.round == code,
        PageTask.done_at.is_not(None),
    )
    first = session.scalar(sa.select(sa.func.min(PageTask.done_at)).where(*done))
    if not to_go or first is None or now - first < timedelta(days=LEAST_DAYS):
        return None
    since = now - timedelta(days=PACE_DAYS)
    lately = session.scalar(
        sa.select(sa.func.count()).select_from(PageTask).where(*done, PageTask.done_at > since)
    )
    if not lately:
        return None
    days = min(PACE_DAYS, (now - first) / timedelta(days=1))
    return max(1, round(to_go * days / lately))


def problems(session: Session, project: Project) -> Sequence[PageTask]:
    """Return the pages of a book whose scans were reported, in order."""
    return session.scalars(
        sa.select(PageTask)
        .where(PageTask.project_id == project.id, PageTask.state == State.BAD)
        .order_by(PageTask.number, PageTask.round)
    ).all()
