"""Corrections that readers proposed, on their way into the next release and its history."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.models import Erratum, Release
from exports.releasing.freezing import FrozenPage
from library import queue
from library.models import Job, Page, Project
from proofing.models import Revision
from proofing.texts import accepted

#: The corrections of one evening share a release, which follows within the hour.
PAUSE = timedelta(minutes=30)
#: The job that asks for that release; its subject is the project.
JOB = "release-corrections"


def ask_release(session: Session, project: Project, now: datetime) -> None:
    """Have the corrections released within the hour, together with those that follow till then.

    The project's row must be locked: the release is frozen under the same lock.
    """
    job = session.scalar(sa.select(Job).where(Job.kind == JOB, Job.subject_id == project.id))
    if job is None:
        due = {"due_at": now + PAUSE, "created_at": now}
        session.add(Job(queue="books", kind=JOB, subject_id=project.id, **due))
    elif job.state in ("done", "failed"):
        queue.ask_again(session, JOB, project.id, now + PAUSE)


def corrected(session: Session, project: Project, pages: Sequence[FrozenPage]) -> list[FrozenPage]:
    """Return a release's pages with the accepted texts of those that errata have changed."""
    touched = set(
        session.scalars(
            sa.select(Revision.page_id)
            .join(Erratum, Erratum.revision_id == Revision.id)
            .where(Erratum.project_id == project.id)
        )
    ) | set(
        session.scalars(
            sa.select(Erratum.page_id).where(
                Erratum.project_id == project.id, Erratum.revision_id.is_not(None)
            )
        )
    )
    texts = accepted(session, project)
    return [
        replace(page, revision_id=texts[page.page_id].revision_id)
        if page.page_id in touched and page.page_id in texts
        else page
        for page in pages
    ]


def sentences(session: Session, since: Release, until: Release) -> list[str]:
    """Say which errata were corrected between two releases, a sentence each."""
    rows = session.execute(
        sa.select(Erratum, Page.number, Page.label)
        .join(Page, Page.id == Erratum.page_id)
        .where(
            Erratum.project_id == until.project_id,
            Erratum.state == "accepted",
            Erratum.decided_at > since.requested_at,
            Erratum.decided_at <= until.requested_at,
        )
        .order_by(Page.number, Erratum.line, Erratum.id)
    )
    return [_sentence(erratum, label or str(number)) for erratum, number, label in rows]


def _sentence(erratum: Erratum, label: str) -> str:
    if not erratum.corrected:
        return f"Page {label}: \u201c{erratum.current}\u201d was taken out."
    return f"Page {label}: \u201c{erratum.current}\u201d is now \u201c{erratum.corrected}\u201d."
