"""Previews: the book from its latest texts, at any time; kept by the digest of what is in it."""

from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.models import Preview
from exports.releasing import contents, freezing
from exports.releasing.building import Built
from library import queue
from library.config import Settings
from library.errors import ConflictError
from library.models import Project
from library.queue import Taken


def current_preview(
    session: Session, project: Project, settings: Settings
) -> tuple[str, Preview | None]:
    """Return the digest of what a preview would hold now, and that preview if it was asked for."""
    book = freezing.freeze(session, project, settings)
    if not book.pages:
        raise ConflictError(f"{project.title} has no pages yet; add scans first.")
    return book.digest, _known(session, project, book.digest)


def newest_preview(session: Session, project: Project, settings: Settings) -> Preview | None:
    """Return the preview of what stands now if it is built, else the newest that is; or None."""
    _digest, known = current_preview(session, project, settings)
    if known is not None and known.state == "done":
        return known
    return session.scalar(
        sa.select(Preview)
        .where(Preview.project_id == project.id, Preview.state == "done")
        .order_by(Preview.built_at.desc(), Preview.id.desc())
        .limit(1)
    )


def request_preview(session: Session, project: Project, digest: str, now: datetime) -> Preview:
    """Ask for a preview of what stands now; two who ask at once get the same."""
    session.get_one(Project, project.id, with_for_update=True)
    if (known := _known(session, project, digest)) is not None:
        return known
    preview = Preview(project_id=project.id, source_digest=digest, asked_at=now)
    session.add(preview)
    session.flush()
    queue.add_job(session, "books", "build-preview", preview.id, now)
    return preview


def folder_of(settings: Settings, project: Project, preview: Preview) -> Path:
    """Return where a preview's files lie."""
    return settings.var / "previews" / project.slug / preview.source_digest[:16]


def store_built(session: Session, job: Taken, built: Built, now: datetime) -> bool:
    """Write a preview's findings with the job's end; False when overtaken."""
    if not queue.finish(session, job, now):
        return False
    preview = session.get_one(Preview, job.subject_id)
    preview.state, preview.findings, preview.built_at = "done", built.findings_json, now
    preview.contents = contents.as_json(built.proposed)
    return True


def drop_preview(session: Session, job: Taken, now: datetime) -> None:
    """Forget a preview of what no longer stands; who looks again asks for what does."""
    if queue.finish(session, job, now):
        # The job goes too: SQLite gives the row's number to the next preview.
        queue.forget(session, job.kind, [job.subject_id])
        session.delete(session.get_one(Preview, job.subject_id))


def fail_preview(session: Session, job: Taken, reason: str, now: datetime) -> bool:
    """Close a preview that can't be built, with its sentence."""
    if not queue.fail(session, job, reason, now):
        return False
    preview = session.get_one(Preview, job.subject_id)
    preview.state, preview.reason = "failed", reason
    return True


def _known(session: Session, project: Project, digest: str) -> Preview | None:
    return session.scalar(
        sa.select(Preview).where(Preview.project_id == project.id, Preview.source_digest == digest)
    )
