"""Whether pages, readings and texts fit together; findings, not repairs (the sweep repairs)."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library.models import Job, Project
from pipeline.models import OcrRun
from proofing.models import PageTask, Reader, Revision
from proofing.rules import State


def findings(session: Session) -> Iterator[str]:
    """Yield a sentence for each row that contradicts another."""
    yield from _versions(session)
    yield from _texts(session)
    yield from _readers(session)
    yield from _runs(session)


def _versions(session: Session) -> Iterator[str]:
    """Yield tasks whose version is not that of their last save, which must count without a gap."""
    last, count = sa.func.max(Revision.version), sa.func.count(Revision.version)
    saved = (
        sa.select(Revision.task_id, last.label("last"), count.label("count"))
        .where(Revision.version.is_not(None))
        .group_by(Revision.task_id)
        .subquery()
    )
    found = sa.func.coalesce(saved.c.last, 0), sa.func.coalesce(saved.c.count, 0)
    rows = session.execute(
        sa.select(PageTask.id, PageTask.version, *found)
        .outerjoin(saved, saved.c.task_id == PageTask.id)
        .where(sa.or_(PageTask.version != found[0], PageTask.version != found[1]))
    )
    for task_id, version, last_saved, saves in rows:
        yield f"task {task_id}: version {version}, but {saves} saves up to version {last_saved}"


def _texts(session: Session) -> Iterator[str]:
    done_without = sa.select(PageTask.id).where(
        PageTask.state == State.DONE, PageTask.head_id.is_(None)
    )
    for task_id in session.scalars(done_without):
        yield f"task {task_id}: done, but without a text"
    foreign = (
        sa.select(PageTask.id)
        .join(Revision, Revision.id.in_((PageTask.head_id, PageTask.base_id)))
        .where(Revision.page_id != PageTask.page_id)
    )
    for task_id in session.scalars(foreign):
        yield f"task {task_id}: its text is another page's"


def _readers(session: Session) -> Iterator[str]:
    """Yield pages that one person read in two rounds, though their project does not allow it."""
    twice = (
        sa.select(Project.slug, PageTask.number, PageTask.reader_id)
        .join(Project, Project.id == PageTask.project_id)
        .where(
            PageTask.state == State.DONE,
            PageTask.reader_id.is_not(None),
            Project.one_person.is_(False),
        )
        .group_by(Project.slug, PageTask.number, PageTask.page_id, PageTask.reader_id)
        .having(sa.func.count() > 1)
    )
    for slug, number, reader in session.execute(twice):
        yield f"page {number} of {slug}: person {reader} has read it in two rounds"
    unlisted = (
        sa.select(PageTask.id)
        .outerjoin(
            Reader,
            sa.and_(Reader.page_id == PageTask.page_id, Reader.person_id == PageTask.reader_id),
        )
        .where(
            PageTask.state == State.DONE,
            PageTask.reader_id.is_not(None),
            Reader.person_id.is_(None),
        )
    )
    for task_id in session.scalars(unlisted):
        yield f"task {task_id}: its reader is not noted as one who has read the page"


def _runs(session: Session) -> Iterator[str]:
    """Yield pages that wait for an OCR that nobody was asked for."""
    asked = sa.and_(
        Job.kind == "read-page", Job.subject_id == OcrRun.id, Job.state.in_(("pending", "running"))
    )
    forgotten = (
        sa.select(OcrRun.id, OcrRun.page_id)
        .outerjoin(Job, asked)
        .where(OcrRun.state.in_(("queued", "running")), OcrRun.latest, Job.id.is_(None))
    )
    for run_id, page_id in session.execute(forgotten):
        yield f"OCR run {run_id} of page id:{page_id} is open, but no job is"
