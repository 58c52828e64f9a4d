"""Hidden books that are gone for good: thirty days after a coordinator deleted them.

The public history and its revisions are append-only, so what they name stays as bare rows: the
project and its pages without a word of their own. Everything else goes, in whichever package its
table is; the files in storage then belong to nothing and are collected.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import queue
from library.db import Base, reading, writing
from library.models import Event, Job, Page, Project, Upload
from library.worker import Installation
from pipeline.models import OcrRun
from proofing.models import PageTask, Revision

#: How long a hidden book can be had back.
HIDDEN = timedelta(days=30)
#: Pages emptied in one transaction, so that nobody who saves waits for it.
_AT_ONCE = 200
#: Tables whose rows stay, or go page by page.
_BY_PAGE = {each.__tablename__ for each in (OcrRun, PageTask, Page, Upload, Revision, Event)}
#: Jobs by the table of the row that they are about; numbers of deleted rows may come again.
_JOBS = {
    "release": "build-release",
    "preview": "build-preview",
    "facsimile": "build-facsimile",
}


def purge_one(place: Installation, now: datetime) -> bool:
    """Purge one book that was hidden for thirty days; False when there is none."""
    purged = sa.literal("purged-") + sa.cast(Project.id, sa.Text)
    due = sa.select(Project.id, Project.slug).where(
        Project.deleted_at <= now - HIDDEN, Project.slug != purged
    )
    with reading(place.engine) as session:
        found = session.execute(due.limit(1)).first()
    if found is None:
        return False
    project_id, slug = found
    with writing(place.engine) as session:
        _empty_tables(session, project_id)
    while _empty_pages(place, project_id, now):
        pass
    shutil.rmtree(place.settings.releases / slug, ignore_errors=True)
    with writing(place.engine) as session:
        _empty_project(session, project_id)
    return True


def _empty_tables(session: Session, project_id: int) -> None:
    """Delete the project's rows of all tables but those that are emptied page by page."""
    queue.forget(session, "arrange-book", [project_id])
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in _BY_PAGE:
            continue
        for condition in _belonging(table, project_id):
            if table.name in _JOBS:
                gone = sa.select(table.c.id).where(condition)
                of_these = (Job.kind == _JOBS[table.name], Job.subject_id.in_(gone))
                session.execute(sa.delete(Job).where(*of_these))
            session.execute(sa.delete(table).where(condition))


def _belonging(table: sa.Table, project_id: int) -> Iterator[sa.ColumnElement[bool]]:
    """Yield the condition of each foreign key by which a row may belong to the project."""
    for key in table.foreign_keys:
        parent = key.column.table
        if parent.name == "project":
            yield key.parent == project_id
        elif "project_id" in parent.c and parent.name != table.name:
            yield key.parent.in_(sa.select(parent.c.id).where(parent.c.project_id == project_id))


def _empty_pages(place: Installation, project_id: int, now: datetime) -> bool:
    """Empty some of a project's pages; False when none is left."""
    some = sa.select(Page.id).where(Page.project_id == project_id, Page.original_sha256 != "")
    with writing(place.engine) as session:
        ids = session.scalars(some.limit(_AT_ONCE)).all()
        kept = sa.exists().where(Revision.task_id == PageTask.id)
        session.execute(sa.delete(PageTask).where(PageTask.page_id.in_(ids), ~kept))
        session.execute(sa.update(PageTask).where(PageTask.page_id.in_(ids)).values(run_id=None))
        runs = sa.select(OcrRun.id).where(OcrRun.page_id.in_(ids))
        session.execute(sa.delete(Job).where(Job.kind == "read-page", Job.subject_id.in_(runs)))
        session.execute(sa.delete(Job).where(Job.kind == "cut-pictures", Job.subject_id.in_(ids)))
        session.execute(sa.delete(OcrRun).where(OcrRun.page_id.in_(ids)))
        nothing = {"original_sha256": "", "file_name": "", "label": "", "upload_id": None}
        images = dict.fromkeys(("image_sha256", "view_sha256", "thumb_sha256"))
        session.execute(
            sa.update(Page)
            .where(Page.id.in_(ids))
            .values(**nothing, **images, deleted_at=sa.func.coalesce(Page.deleted_at, now))
        )
    return bool(ids)


def _empty_project(session: Session, project_id: int) -> None:
    """Delete its uploads and leave the project's row without a word; its slug is free again."""
    session.execute(sa.delete(Upload).where(Upload.project_id == project_id))
    project = session.get_one(Project, project_id)
    project.slug = f"purged-{project_id}"
    for name in ("title", "author", "publisher", "place", "description", "source_url", "note"):
        setattr(project, name, "")
    project.contributors, project.subjects, project.rights = [], [], {}
    project.year = project.cover_sha256 = None
