"""Keeping what people type: drafts, hand-ins, and texts that came too late.

A text that can't be accepted (an old version, a lapsed lease) is kept as a revision beside the
line of versions; `Saved.conflict` then holds what to tell the person, to be raised *after* the
commit, so that the text is on disk first.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library.db import add_if_absent
from library.errors import ConflictError, ForbiddenError, GoneError
from library.models import Person
from library.pagetext import clean_page_text
from proofing import rounds, trials
from proofing.diff import changed_words
from proofing.models import PageTask, Reader, Revision
from proofing.rules import Action, State
from proofing.tasks import current_text, gone, lock_row, may, record, was_theirs


@dataclass(frozen=True)
class Attempt:
    """What a person sends: the text, the version they had before them, a word to the next."""

    person: Person
    text: str
    version: int
    note: str = ""

    def cleaned(self) -> "tuple[Attempt, list[str]]":
        """Return this as it is stored, and what was changed in the text; raises InvalidError."""
        text, changed = clean_page_text(self.text)
        note, _ = clean_page_text(self.note)
        return replace(self, text=text, note=note.strip()), changed


@dataclass(frozen=True)
class Saved:
    """How a save ended. `changed` says, a sentence each, what was normalised in the text."""

    task: PageTask
    revision: Revision
    changed: list[str]
    conflict: ConflictError | GoneError | None = None


def save_draft(
    session: Session, task_id: int, sent: Attempt, now: datetime, *, lease: timedelta
) -> Saved:
    """Keep a draft and start the lease anew.

    Raises InvalidError for a text no page can hold, ForbiddenError when the page was never theirs.
    """
    sent, changed = sent.cleaned()
    task = lock_row(session, task_id)
    if (conflict := _conflict(session, task, sent)) is not None:
        return Saved(task, _keep(session, task, sent, now), changed, conflict)
    revision = task.head
    if revision is None or revision.text != sent.text or revision.kind != "draft":
        revision = _add_revision(session, task, sent, "draft", now)
    # Set after the revision was added, so that the task's row is written once.
    task.lease_until, task.prefetched = now + lease, False
    return Saved(task, revision, changed)


def hand_in(session: Session, task_id: int, sent: Attempt, now: datetime) -> Saved:
    """Finish a reading: its text becomes the page's accepted one and the page moves on.

    The same text handed in again by the same person is the same hand-in. Raises as `save_draft`.
    """
    sent, changed = sent.cleaned()
    task = lock_row(session, task_id)
    if _is_repeated(task, sent):
        assert task.head is not None  # noqa: S101 - a task that is done has its text
        return Saved(task, task.head, changed)
    if (conflict := _conflict(session, task, sent)) is not None:
        return Saved(task, _keep(session, task, sent, now), changed, conflict)
    state = may(session, task, Action.DONE, sent.person)
    changes = changed_words(rounds.base_text(session, task), sent.text)
    revision = _add_revision(session, task, sent, "done", now)
    task.state, task.changes = state, changes
    task.reader_id, task.done_at = sent.person.id, now
    task.holder_id = task.lease_until = task.left_id = task.reserved_for = None
    task.prefetched = False
    task.reason = ""
    add_if_absent(session, Reader, page_id=task.page_id, person_id=sent.person.id)
    record(session, task, sent.person, now, "task.done", changes=task.changes, note=sent.note)
    trials.settle(session, task, sent.text)
    session.flush()
    rounds.advance(session, task.project, task, now)
    return Saved(task, revision, changed)


def _is_repeated(task: PageTask, sent: Attempt) -> bool:
    mine = task.state == State.DONE and task.reader_id == sent.person.id
    return (
        mine
        and task.head is not None
        and task.head.text == sent.text
        and sent.version in (task.version, task.version - 1)
    )


def _conflict(session: Session, task: PageTask, sent: Attempt) -> ConflictError | GoneError | None:
    """Return why this save can't be taken now, or None; raises ForbiddenError, GoneError."""
    if (error := gone(session, task)) is not None:
        if not was_theirs(session, task, sent.person):
            raise error
        return GoneError(error.sentence, text=sent.text)
    if task.holder_id == sent.person.id and task.state == State.OUT:
        if sent.version == task.version:
            return None
        sentence = "This page was saved elsewhere since you opened it. Both texts are kept."
    elif not was_theirs(session, task, sent.person):
        raise ForbiddenError("This page is not in your hands; take a page of the book first.")
    elif task.state == State.OUT and task.holder is not None:
        sentence = f"{task.holder.name} has this page now. Your text is kept with it."
    else:
        sentence = f"This page is no longer in your hands ({task.state}). Your text is kept."
    by = task.head.person.name if task.head is not None and task.head.person else None
    current = current_text(session, task)
    return ConflictError(sentence, state=task.state, text=current, version=task.version, by=by)


def _keep(session: Session, task: PageTask, sent: Attempt, now: datetime) -> Revision:
    """Store a refused text beside the line of versions, once however often it is sent."""
    same = (Revision.task_id == task.id, Revision.person_id == sent.person.id)
    known = session.scalar(
        sa.select(Revision)
        .where(*same, Revision.text == sent.text)
        .order_by(Revision.id.desc())
        .limit(1)
    )
    if known is not None:
        return known
    kept = Revision(
        task_id=task.id,
        page_id=task.page_id,
        person_id=sent.person.id,
        kind="kept",
        version=None,
        based_on=sent.version,
        text=sent.text,
        note=sent.note,
        created_at=now,
    )
    session.add(kept)
    session.flush()
    record(session, task, sent.person, now, "task.kept", revision=kept.id)
    return kept


def _add_revision(
    session: Session, task: PageTask, sent: Attempt, kind: str, now: datetime
) -> Revision:
    revision = Revision(
        task_id=task.id,
        page_id=task.page_id,
        person_id=sent.person.id,
        kind=kind,
        version=task.version + 1,
        based_on=task.version,
        text=sent.text,
        note=sent.note,
        created_at=now,
    )
    session.add(revision)
    session.flush()
    task.version += 1
    task.head = revision
    return revision
