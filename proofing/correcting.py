"""Correcting a line of a page outside its rounds: what a whole-book check or a reader found.

The correction is a revision like any other, on the line of versions of the reading that holds the
page's accepted text, and is the accepted text from then on.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library.errors import ConflictError, ForbiddenError, InvalidError
from library.models import Page, Person
from library.pagetext import clean_page_text
from library.projects import coordinates
from proofing import trust
from proofing.models import PageTask, Revision
from proofing.rules import State
from proofing.tasks import lock_row, lock_task, record
from proofing.texts import accepted


def correct_line(  # noqa: PLR0917 - where, from what and to what are one address
    session: Session, person: Person, page: Page, line: int, old: str, new: str, now: datetime
) -> Revision:
    """Put `new` in the place of the line `old` of a page's accepted text.

    `line` counts from 1. Both may be several lines; an empty `new` takes the lines out. Lines that
    have moved are corrected where they stand now, if they stand there once only.

    Raises ConflictError when the lines have changed (`current` holds `text`, and `line` as it is
    now), when nobody has read the page yet or somebody has it in hand; ForbiddenError when the
    round is not open to the person, who does not coordinate the book either; InvalidError for a
    correction that changes nothing and for what is no text; GoneError for a page that was deleted.
    """
    stands = accepted(session, page.project, page).get(page.id)
    if stands is None or stands.revision_id is None:
        raise ConflictError(
            f"Nobody has read page {page.number} yet; correct it by reading it in its round."
        )
    before = session.get_one(Revision, stands.revision_id)
    task = lock_task(session, before.task_id)
    require_reader(session, person, task)
    waiting = _waiting(session, task, before)
    text, _ = clean_page_text(replaced(before.text, line, old, new))
    if text == before.text:
        raise InvalidError(
            "Nothing was changed; type the line as it should be.",
            {"new": "This is the line as it stands."},
        )
    revision = _add_revision(session, task, person, text, now)
    if task.head_id == before.id:
        task.head = revision
    for each in waiting:
        each.base = revision
    record(session, task, person, now, "page.corrected", revision=revision.id, line=line)
    session.flush()
    return revision


def require_reader(session: Session, person: Person, task: PageTask) -> None:
    """Raise ForbiddenError unless the task's round is open to them or they coordinate the book."""
    if coordinates(session, person, task.project):
        return
    standing = trust.standing(session, person, task.round)
    if not standing.open:
        raise ForbiddenError(standing.sentence)


def replaced(text: str, line: int, old: str, new: str) -> str:
    """Return a page text with `new` for the lines `old`, which begin at `line` or stand once."""
    lines = text.split("\n")
    wanted = clean_page_text(old)[0].split("\n") if old.strip() else [""]
    at = line - 1
    if at < 0 or lines[at : at + len(wanted)] != wanted:
        at = _only_place(lines, wanted, text, line)
    lines[at : at + len(wanted)] = new.split("\n") if new.strip() else []
    return "\n".join(lines)


def _only_place(lines: Sequence[str], wanted: Sequence[str], text: str, line: int) -> int:
    count = len(wanted)
    places = [at for at in range(len(lines)) if lines[at : at + count] == wanted]
    if len(places) != 1 or not any(wanted):
        there = lines[line - 1] if 0 < line <= len(lines) else ""
        raise ConflictError(
            "This line has changed since you saw it; look at it as it is now.",
            text=text,
            line=there,
        )
    return places[0]


def _waiting(session: Session, task: PageTask, text: Revision) -> list[PageTask]:
    """Return the readings that start from this text, locked; raises ConflictError for one begun."""
    ids = session.scalars(
        sa.select(PageTask.id)
        .where(PageTask.page_id == task.page_id, PageTask.base_id == text.id)
        .order_by(PageTask.id)
    ).all()
    found = [lock_row(session, task_id) for task_id in ids]
    for each in (task, *found):
        if each.state == State.OUT:
            holder = each.holder.name if each.holder else "Somebody"
            raise ConflictError(
                f"{holder} has this page in hand now; leave a note on the page instead.",
                state=each.state,
            )
    if task.head_id != text.id and not found:
        raise ConflictError(
            "This page was handed in a moment ago; look at it as it is now.", text=text.text
        )
    return [each for each in found if each.base_id == text.id]


def _add_revision(
    session: Session, task: PageTask, person: Person, text: str, now: datetime
) -> Revision:
    revision = Revision(
        task_id=task.id,
        page_id=task.page_id,
        person_id=person.id,
        kind="done",
        version=task.version + 1,
        based_on=task.version,
        text=text,
        created_at=now,
    )
    session.add(revision)
    session.flush()
    task.version += 1
    return revision
