"""Facsimiles of releases: asked for with the publication, built after it, one a book.

A release is sealed when it is published, and what people wait for is its text; the scans with that
text on them follow by a job of their own. They can be made again at any time from what the release
keeps, so only the newest published release has one.
"""

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.models import Facsimile, FacsimileFile, Release
from exports.releasing.building import BuiltFile
from library import queue
from library.config import Settings
from library.durable import flush_folder
from library.models import Project
from library.queue import Taken

#: Books, previews and letters asked for meanwhile go first.
DELAY = timedelta(minutes=1)


def ask(session: Session, project_id: int, now: datetime) -> None:
    """Ask for the facsimile of a book's newest published release, unless it has one.

    To be called in the transaction that changes which release that is.
    """
    newest = session.scalar(
        sa.select(Release)
        .where(Release.project_id == project_id, Release.state == "published")
        .order_by(Release.number.desc())
        .limit(1)
    )
    if newest is None or _of_release(session, newest.id) is not None:
        return
    facsimile = Facsimile(project_id=project_id, release_id=newest.id, asked_at=now)
    session.add(facsimile)
    session.flush()
    queue.add_job(session, "books", "build-facsimile", facsimile.id, now + DELAY)


def folder_of(settings: Settings, project: Project, release: Release) -> Path:
    """Return where the files of a release's facsimile lie."""
    return settings.releases / project.slug / f"{release.number}-facsimile"


def store_built(
    session: Session,
    settings: Settings,
    job: Taken,
    files: Sequence[BuiltFile],
    made: Path,
    now: datetime,
) -> bool:
    """Write what was built in the folder `made`, with the job's end; older facsimiles go.

    False, and nothing kept, when another worker has overtaken this one.
    """
    if not queue.finish(session, job, now):
        shutil.rmtree(made, ignore_errors=True)
        return False
    facsimile = session.get_one(Facsimile, job.subject_id)
    facsimile.state, facsimile.reason, facsimile.built_at = "done", "", now
    facsimile.files = [
        FacsimileFile(
            name=file.name, media_type=file.media_type, bytes=file.bytes, sha256=file.sha256
        )
        for file in files
    ]
    release = session.get_one(Release, facsimile.release_id)
    project = session.get_one(Project, facsimile.project_id)
    _remove_older(session, settings, project, facsimile)
    session.flush()
    _place(made, folder_of(settings, project, release))
    return True


def fail(session: Session, job: Taken, reason: str, now: datetime) -> bool:
    """Close a facsimile that can't be made, with its sentence."""
    if not queue.fail(session, job, reason, now):
        return False
    facsimile = session.get_one(Facsimile, job.subject_id)
    facsimile.state, facsimile.reason = "failed", reason
    return True


def _of_release(session: Session, release_id: int) -> Facsimile | None:
    return session.scalar(sa.select(Facsimile).where(Facsimile.release_id == release_id))


def _remove_older(
    session: Session, settings: Settings, project: Project, newest: Facsimile
) -> None:
    """Delete the facsimiles of the book's other releases, files and all."""
    others = session.scalars(
        sa.select(Facsimile).where(Facsimile.project_id == project.id, Facsimile.id != newest.id)
    ).all()
    queue.forget(session, "build-facsimile", [each.id for each in others])
    for each in others:
        release = session.get_one(Release, each.release_id)
        session.delete(each)
        shutil.rmtree(folder_of(settings, project, release), ignore_errors=True)


def _place(made: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    made.rename(folder)
    flush_folder(folder.parent)
    for left in folder.parent.glob(f".{folder.name}-*"):
        shutil.rmtree(left, ignore_errors=True)
