"""Reminders by mail: a page that has been in hand for long, and scans that have been read.

Written by the sweep; what a letter is about keeps it from being written twice.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import mail
from library.db import reading, writing
from library.mail import Reminder
from library.mail_models import MailAddress
from library.models import Coordinator, Page, Project, Upload
from library.worker import Installation
from pipeline.models import OcrRun
from proofing.models import PageTask
from proofing.rules import State

#: Time in hand after which somebody is reminded of a page.
AFTER = timedelta(days=2)
#: An upload older than this is not news any more.
NEWS = timedelta(days=7)


def write_due(place: Installation, now: datetime) -> int:
    """Write the reminders that are due at `now`; returns how many."""
    with reading(place.engine) as session:
        due = [*_of_pages(session, now, place.settings.lease), *_of_scans(session, now)]
        due = mail.unwritten(session, due)
    for reminder in due:
        with writing(place.engine) as session:
            mail.remind(session, reminder, now)
    return len(due)


def _of_pages(session: Session, now: datetime, lease: timedelta) -> Iterator[Reminder]:
    """Yield a reminder for who saved nothing for two days, once a lease: a save starts it anew."""
    query = (
        sa.select(MailAddress.person_id, PageTask, Project.title)
        .join(Project, Project.id == PageTask.project_id)
        .join(MailAddress, MailAddress.person_id == PageTask.holder_id)
        .where(
            PageTask.state == State.OUT,
            PageTask.lease_until > now,
            PageTask.lease_until <= now + lease - AFTER,
            ~PageTask.prefetched,
            Project.deleted_at.is_(None),
            mail.WELCOME,
        )
    )
    for person_id, task, title in session.execute(query):
        until = f"{task.lease_until:%Y-%m-%d %H:%M} UTC"
        detail = {"task": task.id, "page": task.number, "title": title, "until": until}
        yield Reminder(person_id, "lease", f"{task.id} {until}", detail)


def _of_scans(session: Session, now: datetime) -> Iterator[Reminder]:
    """Yield a reminder for each coordinator of a book whose last upload was read to its end."""
    unread = sa.exists().where(
        OcrRun.project_id == Upload.project_id,
        OcrRun.latest,
        OcrRun.state.in_(("queued", "running")),
    )
    last = (
        sa.select(sa.func.max(Upload.id))
        .where(Upload.created_at > now - NEWS, ~unread)
        .group_by(Upload.project_id)
    )
    query = (
        sa.select(Coordinator.person_id, Upload.id, Project)
        .join(Project, Project.id == Upload.project_id)
        .join(Coordinator, Coordinator.project_id == Project.id)
        .join(MailAddress, MailAddress.person_id == Coordinator.person_id)
        .where(Upload.id.in_(last), Project.deleted_at.is_(None), mail.WELCOME)
    )
    for person_id, upload_id, project in session.execute(query):
        detail = {"slug": project.slug, "title": project.title, **_read(session, project)}
        yield Reminder(person_id, "read", str(upload_id), detail)


def _read(session: Session, project: Project) -> dict[str, int]:
    """Return how many pages were read, and how many could not be."""
    rows = session.execute(
        sa.select(OcrRun.state, sa.func.count())
        .join(Page, Page.id == OcrRun.page_id)
        .where(OcrRun.project_id == project.id, OcrRun.latest, Page.deleted_at.is_(None))
        .group_by(OcrRun.state)
    )
    states = {state: number for state, number in rows}  # noqa: C416 - dict() loses the types
    return {"pages": states.get("done", 0), "failed": states.get("failed", 0)}
