"""What happens to one page in one round: find, renew, give back, report, reopen, send back.

Services take the session first, never commit, and lock the task's row while they decide.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from library import events
from library.errors import ConflictError, ForbiddenError, GoneError, NotFoundError
from library.models import Person
from library.pagetext import clean_page_text
from library.projects import coordinates
from proofing import rounds
from proofing.models import PageTask, Revision
from proofing.rules import ROUNDS, Action, Refusal, Role, State, judge

#: What every decision about a task looks at: loaded with it, in one statement.
_AROUND = (
    joinedload(PageTask.project, innerjoin=True),
    joinedload(PageTask.page, innerjoin=True),
    joinedload(PageTask.head),
)
_LOCK = sa.select(PageTask.id).where(PageTask.id == sa.bindparam("id")).with_for_update()
#: The last text that somebody left in a task after its base.
_OWN_DRAFT = (
    sa.select(Revision.id)
    .where(
        Revision.task_id == sa.bindparam("task"),
        Revision.person_id == sa.bindparam("person"),
        Revision.kind.in_(("draft", "kept")),
        Revision.id > sa.bindparam("base"),
    )
    .order_by(Revision.id.desc())
    .limit(1)
)


def renew(
    session: Session, task_id: int, person: Person, now: datetime, *, lease: timedelta
) -> PageTask:
    """Start the lease anew without saving."""
    task = lock_task(session, task_id)
    task.state = may(session, task, Action.RENEW, person)
    task.lease_until, task.prefetched = now + lease, False
    return task


def give_back(session: Session, task_id: int, person: Person, now: datetime) -> PageTask:
    """Return a page; the draft is kept for its author and offered to nobody else."""
    task = lock_task(session, task_id)
    state = may(session, task, Action.RETURN, person)
    _let_go(task, state)
    record(session, task, person, now, "task.returned")
    rounds.freed(session, task.project, task, now)
    return task


def report_bad(
    session: Session, task_id: int, person: Person, reason: str, now: datetime
) -> PageTask:
    """Take a page out of its round because its scan can't be read; the reason goes with it."""
    task = lock_task(session, task_id)
    state = may(session, task, Action.REPORT_BAD, person)
    _let_go(task, state)
    task.reason, _ = clean_page_text(reason)
    record(session, task, person, now, "task.bad", reason=task.reason)
    return task


def reopen(
    session: Session, task_id: int, person: Person, now: datetime, *, lease: timedelta
) -> PageTask:
    """Take a handed-in page up again, as long as nobody has taken it in the next round."""
    task = lock_task(session, task_id)
    state = may(session, task, Action.REOPEN, person)
    if (later := rounds.taken_later(session, task.project, task)) is not None:
        raise ConflictError(
            f"{ROUNDS[later.round].name} of this page has begun, so it can't be reopened;"
            " leave the next reader a note instead.",
            state=later.state,
        )
    rounds.withdraw_later(session, task.project, task)
    task.state, task.holder_id, task.lease_until = state, person.id, now + lease
    task.taken_at, task.done_at = now, None
    # Should its reader leave it, the next one is offered what was handed in.
    task.left_id = task.head_id
    rounds.reactivate(task.project)
    record(session, task, person, now, "task.reopened")
    return task


def clear_bad(session: Session, task_id: int, person: Person, now: datetime) -> PageTask:
    """Put a page whose scan was reported back into its round."""
    task = lock_task(session, task_id)
    task.state = may(session, task, Action.CLEAR, person)
    task.reason = ""
    # Another scan may stand there now: the next reader starts from what was read of it.
    task.run = None
    record(session, task, person, now, "task.cleared")
    rounds.freed(session, task.project, task, now)
    return task


def send_back(
    session: Session,
    task_id: int,
    person: Person,
    reason: str,
    now: datetime,
    *,
    to_reader: bool = False,
) -> PageTask:
    """Have a finished page read again: by someone else, or by the one who read it."""
    task = lock_task(session, task_id)
    state = may(session, task, Action.SEND_BACK, person)
    later = rounds.taken_later(session, task.project, task)
    if later is not None and later.state == State.DONE:
        raise ConflictError(
            f"{ROUNDS[later.round].name} of this page is done; send that reading back first."
        )
    rounds.withdraw_later(session, task.project, task)
    task.reserved_for = task.reader_id if to_reader else None
    task.base, task.head = task.head, None
    task.done_at, task.state = None, state
    task.reason, _ = clean_page_text(reason)
    rounds.reactivate(task.project)
    record(session, task, person, now, "task.sent-back", reason=task.reason)
    return task


def reclaim(
    session: Session, task_id: int, now: datetime, person: Person | None = None
) -> PageTask | None:
    """Free a page whose lease is over; its draft is offered to the next holder. None: not over."""
    task = lock_row(session, task_id)
    if task.state != State.OUT or task.lease_until is None or task.lease_until > now:
        return None
    state = may(session, task, Action.RECLAIM, person)
    left = task.head_id if task.head is not None and task.head.kind == "draft" else task.left_id
    holder = task.holder.name if task.holder else None
    _let_go(task, state)
    task.left_id = left
    record(session, task, person, now, "task.reclaimed", holder=holder)
    rounds.freed(session, task.project, task, now)
    return task


def lapsed(session: Session, now: datetime, limit: int = 500) -> Sequence[int]:
    """Return ids of tasks whose lease is over."""
    return session.scalars(
        sa.select(PageTask.id)
        .where(PageTask.state == State.OUT, PageTask.lease_until < now)
        .order_by(PageTask.lease_until)
        .limit(limit)
    ).all()


def find_task(session: Session, task_id: int) -> PageTask:
    """Return a task; raises NotFoundError, GoneError when its project or page was deleted."""
    task = session.get(PageTask, task_id, options=_AROUND)
    if task is None:
        raise _unknown(task_id)
    if (error := gone(session, task)) is not None:
        raise error
    return task


def lock_task(session: Session, task_id: int) -> PageTask:
    """Return a task with its row locked until the transaction ends; raises as `find_task`."""
    lock_row(session, task_id)
    return find_task(session, task_id)


def lock_row(session: Session, task_id: int) -> PageTask:
    """Return a task, also of a deleted page, locked as by `lock_task`; raises NotFoundError."""
    if session.get_bind().dialect.name == "postgresql":
        # First and by itself: rows joined to one that is waited for are read as they were before.
        session.execute(_LOCK, {"id": task_id})
    task = session.get(PageTask, task_id, options=_AROUND, populate_existing=True)
    if task is None:
        raise _unknown(task_id)
    return task


def _unknown(task_id: int) -> NotFoundError:
    return NotFoundError(f"There is no page task {task_id}.")


def gone(session: Session, task: PageTask) -> GoneError | None:
    """Return what to say when a task's project or page was deleted, with its text, or None."""
    if not task.project.deleted_at and not task.page.deleted_at:
        return None
    what = "project" if task.project.deleted_at else "page"
    return GoneError(
        f"This {what} was deleted by its coordinator; your text is kept below.",
        text=current_text(session, task),
    )


def current_text(session: Session, task: PageTask) -> str:
    """Return the text as it stands in this task: the head's, else the base."""
    return task.head.text if task.head is not None else rounds.base_text(session, task)


def offered_draft(session: Session, task: PageTask, person: Person) -> Revision | None:
    """Return a draft to offer the holder: their own returned one, or one left behind by a lapse."""
    if task.head_id is not None:
        return None
    asked = {"task": task.id, "person": person.id, "base": task.base_id or 0}
    offered_id = session.scalar(_OWN_DRAFT, asked) or task.left_id
    return session.get(Revision, offered_id) if offered_id else None


def held(session: Session, person: Person) -> Sequence[PageTask]:
    """Return the pages a person has in hand, the last taken first."""
    return session.scalars(
        sa.select(PageTask)
        .where(PageTask.holder_id == person.id, PageTask.state == State.OUT)
        .order_by(PageTask.taken_at.desc(), PageTask.id.desc())
    ).all()


def next_held(session: Session, project_id: int, person: Person, now: datetime) -> PageTask | None:
    """Return a page of this project that the person has in hand, lowest number first."""
    task_id = session.scalar(
        sa.select(PageTask.id)
        .where(
            PageTask.holder_id == person.id,
            PageTask.state == State.OUT,
            PageTask.project_id == project_id,
            PageTask.lease_until > now,
        )
        .order_by(PageTask.number)
        .limit(1)
    )
    return session.get(PageTask, task_id, options=_AROUND) if task_id else None


def revisions(session: Session, task: PageTask) -> Sequence[Revision]:
    """Return every text saved in a task, oldest first."""
    query = sa.select(Revision).where(Revision.task_id == task.id).order_by(Revision.id)
    return session.scalars(query).all()


def _roles(task: PageTask, person: Person | None) -> set[Role]:
    """Return what a person is to a task by its row alone; see `may` for coordinators."""
    if person is None:
        return {Role.SYSTEM}
    roles = set()
    if task.holder_id == person.id and task.state == State.OUT:
        roles.add(Role.HOLDER)
    if task.reader_id == person.id:
        roles.add(Role.READER)
    return roles


def may(session: Session, task: PageTask, action: Action, person: Person | None) -> State:
    """Return where the action leads for this person (None: the system).

    Raises ConflictError or ForbiddenError with the rule's sentence.
    """
    roles = _roles(task, person)
    answer = judge(State(task.state), action, roles)
    # The database is asked who coordinates only where that would make a difference.
    if isinstance(answer, Refusal) and person and coordinates(session, person, task.project):
        answer = judge(State(task.state), action, roles | {Role.COORDINATOR})
    if not isinstance(answer, Refusal):
        return answer
    if answer.wrong_state or (person and was_theirs(session, task, person)):
        raise ConflictError(_said(task, answer), state=task.state)
    raise ForbiddenError(answer.sentence)


def _said(task: PageTask, refusal: Refusal) -> str:
    if task.state == State.OUT and task.holder is not None:
        return f"{task.holder.name} has this page in hand now."
    return refusal.sentence


def was_theirs(session: Session, task: PageTask, person: Person) -> bool:
    """Whether the history knows that this person once had the task in hand."""
    if person.id in (task.holder_id, task.reader_id):
        return True
    return session.scalar(
        sa.select(Revision.id)
        .where(Revision.task_id == task.id, Revision.person_id == person.id)
        .limit(1)
    ) is not None or events.happened(
        session, "task.checked-out", person=person, page_id=task.page_id, round=task.round
    )


def _let_go(task: PageTask, state: State) -> None:
    task.state = state
    task.holder_id = task.lease_until = None
    task.head = None
    task.prefetched = False
    # Whoever it was sent back to has had it.
    task.reserved_for = None


def record(
    session: Session,
    task: PageTask,
    person: Person | None,
    now: datetime,
    action: str,
    **detail: object,
) -> None:
    """Add a line about this task to the public history."""
    events.record(
        session,
        action,
        now,
        person=person,
        project_id=task.project_id,
        page_id=task.page_id,
        detail={"task": task.id, "round": task.round, **detail},
    )
