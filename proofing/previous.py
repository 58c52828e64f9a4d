"""What the reading before this one changed: the text it began with, and whose reading it was."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library.models import Event
from proofing import rounds
from proofing.models import PageTask, Revision


@dataclass(frozen=True)
class Previous:
    """The reading that a task starts from: `text` is what it began with, before its changes.

    `by` is None where the system settled it.
    """

    text: str
    round: str
    by: str | None
    done_at: datetime


def previous_text(session: Session, task: PageTask) -> Previous | None:
    """Return the reading before this one; None where the task starts from the OCR's text.

    What that reading made of the text is `rounds.base_text` of the task. A page that was sent back
    starts from its own last reading.
    """
    handed_in = task.base
    if handed_in is None:
        return None
    earlier = session.get_one(PageTask, handed_in.task_id)
    by = handed_in.person.name if handed_in.person else None
    text = _began_with(session, earlier, handed_in)
    return Previous(text, earlier.round, by, handed_in.created_at)


def _began_with(session: Session, task: PageTask, handed_in: Revision) -> str:
    if task.base_id != handed_in.id:
        return rounds.base_text(session, task)
    # The task was sent back since, and starts from this very text now: its base of that time is
    # the last text handed in before, in an earlier round or here.
    earlier = task.project.rounds[: task.project.rounds.index(task.round)]
    before = session.scalar(
        sa.select(Revision.text)
        .join(PageTask, PageTask.id == Revision.task_id)
        .where(
            Revision.page_id == task.page_id,
            Revision.kind == "done",
            Revision.id < handed_in.id,
            PageTask.round.in_(earlier)
            | ((PageTask.id == task.id) & (Revision.created_at <= _sent_back(task, handed_in))),
        )
        .order_by(Revision.id.desc())
        .limit(1)
    )
    if before is not None:
        return before
    run = task.run or rounds.latest_run(session, task.page_id)
    return run.text if run else ""


def _sent_back(task: PageTask, handed_in: Revision) -> sa.ScalarSelect[datetime]:
    """Select when the task was last sent back before this text was handed in."""
    return (
        sa.select(sa.func.max(Event.at))
        .where(
            Event.page_id == task.page_id,
            Event.action == "task.sent-back",
            Event.detail["task"].as_integer() == task.id,
            Event.at < handed_in.created_at,
        )
        .scalar_subquery()
    )
