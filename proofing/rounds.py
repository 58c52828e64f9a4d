"""How a page moves on by itself: into its first round, to the next, and to its end.

Everything here may be repeated: the unique (page, round, reading) and the states decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, undefer_group

from library import events
from library.db import add_if_absent
from library.errors import ConflictError
from library.models import Page, Project
from pipeline.models import OcrRun
from proofing.models import PageTask, Revision
from proofing.rules import Action, Refusal, Role, State, judge, next_round, settles

_FINAL_RUNS = ("done", "failed")
#: Pages opened in one transaction, so that nobody who saves waits for it.
_AT_ONCE = 200
#: Names the locks, one a project, under which a book is finished; no other kind uses this number.
_FINISHING = 1


def open_pages(session: Session, project: Project, now: datetime) -> int:
    """Give pages that were read (or could not be) their task in the first round; returns how many.

    A page whose OCR failed is available with an empty text. At most 200 pages at a time, the first
    ones: call it again until it returns 0.
    """
    ready = session.scalars(
        sa.select(Page)
        .join(OcrRun, sa.and_(OcrRun.page_id == Page.id, OcrRun.latest))
        .outerjoin(PageTask, PageTask.page_id == Page.id)
        .where(
            Page.project_id == project.id,
            Page.deleted_at.is_(None),
            OcrRun.state.in_(_FINAL_RUNS),
            PageTask.id.is_(None),
        )
        .order_by(Page.number)
        .limit(_AT_ONCE)
        # A reordering meanwhile would leave the tasks with the numbers of before.
        .with_for_update(key_share=True, of=Page)
        .execution_options(populate_existing=True)
    ).all()
    opened = 0
    for page in ready:
        task_id = _ensure_task(session, page, project.rounds[0])
        if task_id is not None:
            opened += 1
            if settles(page.kind, project.rounds[0]):
                task = session.get_one(PageTask, task_id)
                _settle_if_kind_says(session, project, page, task, now)
    return opened


def advance(session: Session, project: Project, task: PageTask, now: datetime) -> None:
    """After `task` was done: open the page's next round, or see whether the book is finished."""
    following = next_round(project.rounds, task.round)
    if following is None:
        _finish_project(session, project, now)
        return
    later_id = _ensure_task(session, task.page, following, base_id=task.head_id)
    if later_id is not None and not settles(task.page.kind, following):
        return
    later = _task(session, task.page_id, following)
    if later is None:
        return
    if later.state == State.WITHDRAWN:
        later.state = _judged(later, Action.RESTORE)
    if later.state == State.DONE:
        # Its holder finished while this page was read again: what they read stands.
        return
    later.base = task.head
    if later.state == State.AVAILABLE:
        _settle_if_kind_says(session, project, task.page, later, now)


def taken_later(session: Session, project: Project, task: PageTask) -> PageTask | None:
    """Return the page's task in a later round that somebody has in hand or has done, or None."""
    return next(
        (
            later
            for later in _later(session, project, task)
            if later.state == State.OUT
            or (later.state == State.DONE and later.reader_id is not None)
        ),
        None,
    )


def withdraw_later(session: Session, project: Project, task: PageTask) -> None:
    """Take the page's later rounds back while `task` is read again; what people have stands."""
    for later in _later(session, project, task):
        if later.state == State.DONE and later.reader_id is None:
            _unsettle(later)
        if later.state == State.AVAILABLE:
            later.state = _judged(later, Action.WITHDRAW)


def freed(session: Session, project: Project, task: PageTask, now: datetime) -> None:
    """After `task` became available again: see whether it may be read now, or need not be."""
    place = project.rounds.index(task.round)
    earlier = session.scalar(
        sa.select(PageTask.id)
        .where(
            PageTask.page_id == task.page_id,
            PageTask.round.in_(project.rounds[:place]),
            PageTask.state.not_in((State.DONE, State.SKIPPED)),
        )
        .limit(1)
    )
    if earlier is not None:
        task.state = _judged(task, Action.WITHDRAW)
    else:
        _settle_if_kind_says(session, project, task.page, task, now)


def reactivate(project: Project) -> None:
    """Take a finished book up again, since a page of it is to be read once more."""
    if project.state == "finished":
        project.state = "active"


def apply_kind(session: Session, project: Project, page: Page, now: datetime) -> None:
    """Settle or reopen a page's tasks after a coordinator said what kind of page it is."""
    for task in _tasks(session, project.rounds, page.id):
        if task.state == State.DONE and task.reader_id is None:
            if not settles(page.kind, task.round):
                _open_again(session, project, task)
        elif task.state == State.AVAILABLE:
            _settle_if_kind_says(session, project, page, task, now)


def _open_again(session: Session, project: Project, task: PageTask) -> None:
    """Undo a settled task, unless somebody has built on its text in a later round."""
    later = taken_later(session, project, task)
    if later is None or later.state == State.OUT:
        withdraw_later(session, project, task)
        _unsettle(task)
        reactivate(project)


def retire(session: Session, project: Project, page: Page) -> None:
    """Take a page that is to be deleted out of its rounds; raises ConflictError once it has work.

    A text that the system settled stays, so its task does too, withdrawn.
    """
    tasks = _tasks(session, project.rounds, page.id)
    read = sa.select(Revision.id).where(
        Revision.page_id == page.id, Revision.person_id.is_not(None)
    )
    if any(task.state == State.OUT for task in tasks) or session.scalar(read.limit(1)):
        raise ConflictError("Volunteers have worked on this page; set its kind to skip instead.")
    for task in tasks:
        if task.version == 0:
            session.delete(task)
            continue
        if task.state == State.DONE:
            _unsettle(task)
        if task.state == State.AVAILABLE:
            task.state = _judged(task, Action.WITHDRAW)


def counts(session: Session, project: Project) -> dict[str, dict[str, int]]:
    """Return how many tasks of each round are in each state; withdrawn ones are left out."""
    shown = (State.AVAILABLE, State.OUT, State.DONE, State.SKIPPED, State.BAD)
    result = {code: {state.value: 0 for state in shown} for code in project.rounds}
    rows = session.execute(
        sa.select(PageTask.round, PageTask.state, sa.func.count())
        .where(PageTask.project_id == project.id)
        .group_by(PageTask.round, PageTask.state)
    )
    for code, state, number in rows:
        if code in result and state in result[code]:
            result[code][state] = number
    return result


def finished_pages(session: Session, project: Project) -> int:
    """Return how many pages are done in the last round."""
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(PageTask)
            .where(
                PageTask.project_id == project.id,
                PageTask.round == project.rounds[-1],
                PageTask.state == State.DONE,
            )
        )
        or 0
    )


def system_done(session: Session, task: PageTask, text: str, why: str, now: datetime) -> None:
    """Finish a task that needs no reader, with this text; undone by `apply_kind`."""
    state = _judged(task, Action.SETTLE)
    revision = Revision(
        task_id=task.id,
        page_id=task.page_id,
        kind="done",
        version=task.version + 1,
        based_on=task.version,
        text=text,
        created_at=now,
    )
    session.add(revision)
    session.flush()
    task.state, task.version = state, task.version + 1
    task.head, task.done_at, task.reason = revision, now, why
    events.record(
        session, "task.settled", now, project_id=task.project_id, page_id=task.page_id,
        detail={"round": task.round, "why": why},
    )  # fmt: skip


def base_text(session: Session, task: PageTask) -> str:
    """Return the text that a reader of this task starts from."""
    if task.base is not None:
        return task.base.text
    # The text alone: the lines beside it are ten times its size.
    return session.scalar(_run_of(task, OcrRun.text)) or ""


@dataclass(frozen=True)
class Read:
    """What was read of a page: its text, and its lines in JSON as they are stored."""

    text: str
    lines: str


def read(session: Session, task: PageTask) -> Read:
    """Return what a task starts from, or would if it were taken now; empty if nothing was read.

    The lines are not parsed: they go to the reader as they are, and are most of the answer.
    """
    row = session.execute(_run_of(task, OcrRun.text, sa.cast(OcrRun.lines, sa.Text))).first()
    return Read(*row) if row else Read("", "[]")


def _run_of(task: PageTask, *columns: Any) -> sa.Select[Any]:  # noqa: ANN401 - of any column
    """Return the query for the OCR run fixed for a task, else for its page's newest with a text."""
    if task.run_id is not None:
        return sa.select(*columns).where(OcrRun.id == task.run_id)
    return sa.select(*columns).where(OcrRun.id == newest_run(task.page_id))


def newest_run(page_id: int | InstrumentedAttribute[int]) -> sa.ScalarSelect[int]:
    """Return the query for the id of a page's newest run that gave a text."""
    return (
        sa.select(sa.func.max(OcrRun.id))
        .where(OcrRun.page_id == page_id, OcrRun.state == "done")
        .scalar_subquery()
    )


def latest_run(session: Session, page_id: int) -> OcrRun | None:
    """Return a page's newest OCR run that gave a text, with text and lines, or None."""
    return session.scalar(
        sa.select(OcrRun)
        .options(undefer_group("read"))
        .where(OcrRun.page_id == page_id, OcrRun.state == "done")
        .order_by(OcrRun.id.desc())
        .limit(1)
    )


def _task(session: Session, page_id: int, code: str) -> PageTask | None:
    return session.scalar(
        sa.select(PageTask)
        .where(PageTask.page_id == page_id, PageTask.round == code, PageTask.reading == 0)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _tasks(session: Session, rounds: Sequence[str], page_id: int) -> Sequence[PageTask]:
    """Return a page's tasks in these rounds, in their order, locked."""
    tasks = session.scalars(
        sa.select(PageTask)
        .where(PageTask.page_id == page_id, PageTask.round.in_(rounds))
        .order_by(PageTask.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return sorted(tasks, key=lambda each: rounds.index(each.round))


def _later(session: Session, project: Project, task: PageTask) -> Sequence[PageTask]:
    """Return the page's tasks in later rounds; locks go forward only, so that none block."""
    rounds = project.rounds[project.rounds.index(task.round) + 1 :]
    return _tasks(session, rounds, task.page_id)


def _ensure_task(session: Session, page: Page, code: str, base_id: int | None = None) -> int | None:
    """Add a page's task in a round; returns its id, or None when there is one."""
    session.flush()
    return add_if_absent(
        session,
        PageTask,
        project_id=page.project_id,
        page_id=page.id,
        round=code,
        number=page.number,
        base_id=base_id,
    )


def _settle_if_kind_says(
    session: Session, project: Project, page: Page, task: PageTask, now: datetime
) -> None:
    if settles(page.kind, task.round):
        text = "" if page.kind == "blank" else base_text(session, task)
        system_done(session, task, text, page.kind, now)
        advance(session, project, task, now)


def _unsettle(task: PageTask) -> None:
    task.state = _judged(task, Action.UNSETTLE)
    task.head, task.done_at, task.reason = None, None, ""


def _judged(task: PageTask, action: Action) -> State:
    answer = judge(State(task.state), action, {Role.SYSTEM})
    assert not isinstance(answer, Refusal), answer.sentence  # noqa: S101 - ours to get right
    return answer


def _finish_project(session: Session, project: Project, now: datetime) -> None:
    """Call the book finished when every page has left its last round.

    Whoever has a task locked never waits for its project, which others lock before its tasks: when
    that is held, the sweep finishes the book.
    """
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        # In turns: of the two last pages handed in at once, neither would see the other's.
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_FINISHING, project.id % 2**31)))
    open_states = (State.AVAILABLE, State.OUT, State.BAD)
    in_project = PageTask.project_id == project.id
    # The cheap question first: it is answered from an index while work is left.
    if session.scalar(
        sa.select(PageTask.id).where(in_project, PageTask.state.in_(open_states)).limit(1)
    ):
        return
    ended = sa.select(PageTask.page_id).where(in_project, PageTask.round == project.rounds[-1])
    unfinished = sa.select(Page.id).where(
        Page.project_id == project.id, Page.deleted_at.is_(None), Page.id.not_in(ended)
    )
    if session.scalar(unfinished.limit(1)) is None and _is_active(session, project):
        project.state = "finished"
        events.record(session, "project.finished", now, project=project)


def _is_active(session: Session, project: Project) -> bool:
    """Whether a project is active and nobody else has it locked; it is locked then."""
    row = sa.select(Project.state).where(Project.id == project.id)
    return session.scalar(row.with_for_update(key_share=True, skip_locked=True)) == "active"


def has_work(session: Session, project: Project) -> bool:
    """Whether any volunteer has saved a text in this project."""
    return (
        session.scalar(
            sa.select(Revision.id)
            .join(PageTask, PageTask.id == Revision.task_id)
            .where(PageTask.project_id == project.id, Revision.person_id.is_not(None))
            .limit(1)
        )
        is not None
    )


def require_changeable(session: Session, project: Project, codes: list[str]) -> None:
    """Raise ConflictError when a round that pages have entered would be taken out or moved."""
    begun = set(
        session.scalars(
            sa.select(PageTask.round).where(PageTask.project_id == project.id).distinct()
        )
    )
    before = [code for code in project.rounds if code in begun]
    if [code for code in codes if code in begun] != before or (
        before and codes[: len(before)] != project.rounds[: len(before)]
    ):
        raise ConflictError(
            f"Pages have entered {', '.join(before)}; only rounds after these can change."
        )
