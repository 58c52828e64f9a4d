"""Releases: asked for, frozen, built, published; numbered, and never changed afterwards."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.catalogue import catalog_entries, search_index
from exports.errata import corrections
from exports.models import (
    Download,
    FacsimileFile,
    Release,
    ReleaseFile,
    ReleasePage,
    ReleasePicture,
)
from exports.releasing import changes, dismissing, facsimiles, freezing
from exports.releasing.building import Built
from exports.releasing.freezing import FrozenBook, FrozenPage
from library import events, queue
from library.config import Settings
from library.durable import flush_folder
from library.errors import ConflictError, NotFoundError
from library.models import Person, Project
from library.projects import require_coordinator
from library.queue import Taken

#: States in which a release stands for what it was made from.
_STANDING = ("queued", "building", "held", "published")


def request_release(
    session: Session,
    person: Person,
    project: Project,
    settings: Settings,
    now: datetime,
    *,
    with_open_findings: bool = False,
) -> Release:
    """Freeze the project's pages and ask for their release.

    The same texts and metadata asked for again give the same release; one that was held is
    published when `with_open_findings` says so, or when every error in it is dismissed. Raises
    ForbiddenError, ConflictError.
    """
    require_coordinator(session, person, project)
    session.get_one(Project, project.id, with_for_update=True)
    book = freezing.freeze(session, project, settings)
    if not book.pages:
        raise ConflictError(f"{project.title} has no pages yet; add scans first.")
    if (known := _standing(session, project, book.digest)) is not None:
        if with_open_findings:
            _allow(session, person, known, now)
        elif known.state == "held":
            _settle(session, person, project, known, now)
        return known
    return _ask(session, project, book, now, person, with_open_findings=with_open_findings)


def request_corrected(session: Session, project: Project, now: datetime) -> Release | None:
    """Ask for the book that readers have with its errata corrected and nothing else changed.

    The project's row must be locked. None when there is nothing to correct, or no book.
    """
    last = published(session, project)
    if last is None or project.deleted_at:
        return None
    book = frozen_book(session, last)
    book = replace(book, pages=corrections.corrected(session, project, book.pages))
    if _standing(session, project, book.digest) is not None:
        return None
    return _ask(session, project, book, now, None, with_open_findings=last.with_open_findings)


def _ask(
    session: Session,
    project: Project,
    book: FrozenBook,
    now: datetime,
    person: Person | None,
    *,
    with_open_findings: bool,
) -> Release:
    release = Release(
        project_id=project.id,
        number=_next_number(session, project),
        with_open_findings=with_open_findings,
        requested_by=person.id if person else None,
        requested_at=now,
        source_digest=book.digest,
        metadata_=book.metadata,
        decisions=book.decisions,
        cover_sha256=book.cover_sha256,
    )
    session.add(release)
    session.flush()
    session.add_all(_row(release, page) for page in book.pages)
    session.add_all(
        ReleasePicture(release_id=release.id, image_sha256=sha256) for sha256 in book.pictures
    )
    catalog_entries.enter(session, release)
    session.flush()
    release.changes = _sentences(session, release, predecessor(session, release))
    queue.add_job(session, "books", "build-release", release.id, now)
    _record(session, release, "release.requested", now, person)
    return release


def withdraw(
    session: Session, person: Person, project: Project, number: int, now: datetime
) -> Release:
    """Take a release out of the library; its files and number stay. Raises ConflictError."""
    require_coordinator(session, person, project)
    release = find_release(session, project, number)
    if release.state not in ("published", "held"):
        raise ConflictError(f"Release {number} is {release.state}; it can't be withdrawn.")
    release.state = "withdrawn"
    search_index.ask(session, release.id, now)
    facsimiles.ask(session, release.project_id, now)
    _record(session, release, "release.withdrawn", now, person)
    return release


def find_release(session: Session, project: Project, number: int) -> Release:
    """Return a project's release of that number; raises NotFoundError."""
    release = session.scalar(
        sa.select(Release).where(Release.project_id == project.id, Release.number == number)
    )
    if release is None:
        raise NotFoundError(f"{project.title} has no release {number}.")
    return release


def releases_of(session: Session, project: Project) -> Sequence[Release]:
    """Return a project's releases, newest first."""
    return session.scalars(
        sa.select(Release).where(Release.project_id == project.id).order_by(Release.number.desc())
    ).all()


def published(session: Session, project: Project) -> Release | None:
    """Return the release that readers get: the newest published one."""
    return session.scalar(
        sa.select(Release)
        .where(Release.project_id == project.id, Release.state == "published")
        .order_by(Release.number.desc())
        .limit(1)
    )


def folder_of(settings: Settings, project: Project, release: Release) -> Path:
    """Return where a release's files lie."""
    return settings.releases / project.slug / str(release.number)


def path_of(settings: Settings, project: Project, release: Release, file: Download) -> Path:
    """Return where one of a release's files lies, of its own or of its facsimile."""
    is_scan = isinstance(file, FacsimileFile)
    folder = (facsimiles.folder_of if is_scan else folder_of)(settings, project, release)
    return folder / file.name


def frozen_book(session: Session, release: Release) -> FrozenBook:
    """Return all that a release is made from."""
    pages = frozen_pages(session, release)
    return FrozenBook(pages, release.metadata_, release.decisions, release.cover_sha256)


def frozen_pages(session: Session, release: Release) -> list[FrozenPage]:
    """Return the pages a release is made from, in order."""
    rows = session.scalars(
        sa.select(ReleasePage)
        .where(ReleasePage.release_id == release.id)
        .order_by(ReleasePage.number)
    )
    return [
        FrozenPage(
            row.page_id,
            row.number,
            row.label,
            row.kind,
            row.image_sha256,
            row.revision_id,
            row.run_id,
            row.finished,
        )
        for row in rows
    ]


def store_built(
    session: Session, job: Taken, built: Built, made: Path, folder: Path, now: datetime
) -> bool:
    """Write what was built, with the job's end, and publish unless an error stands open.

    The files move from the folder `made` to their own in the same transaction, so that of builders
    at work at once one alone puts them there. False, and nothing written, when another worker has
    overtaken this one.
    """
    if not queue.finish(session, job, now):
        shutil.rmtree(made, ignore_errors=True)
        return False
    release = session.get_one(Release, job.subject_id)
    project = session.get_one(Project, release.project_id)
    release.findings = dismissing.marked(session, project, built.findings_json)
    release.built_at, release.reason = now, ""
    _count_changes(session, release)
    release.files = [
        ReleaseFile(
            name=file.name, media_type=file.media_type, bytes=file.bytes, sha256=file.sha256
        )
        for file in built.files
    ]
    session.flush()
    errors = dismissing.open_errors(release.findings)
    release.state = "held" if errors and not release.with_open_findings else "published"
    search_index.ask(session, release.id, now)
    facsimiles.ask(session, release.project_id, now)
    _record(session, release, f"release.{release.state}", now, None)
    session.flush()
    _place(made, folder)
    return True


def _place(made: Path, folder: Path) -> None:
    """Put the files where readers get them; what dead builders left is cleared away."""
    shutil.rmtree(folder, ignore_errors=True)
    made.rename(folder)
    flush_folder(folder.parent)
    for dots in (".", ".."):
        for left in folder.parent.glob(f"{dots}{folder.name}-*"):
            shutil.rmtree(left, ignore_errors=True)


def fail_release(session: Session, job: Taken, reason: str, now: datetime) -> bool:
    """Close a release that can't be built, with its sentence."""
    if not queue.fail(session, job, reason, now):
        return False
    release = session.get_one(Release, job.subject_id)
    release.state, release.reason = "failed", reason
    _record(session, release, "release.failed", now, None)
    return True


def predecessor(session: Session, release: Release) -> Release | None:
    """Return the release that readers had before this one: the newest published one before it."""
    return session.scalar(
        sa.select(Release)
        .where(
            Release.project_id == release.project_id,
            Release.state == "published",
            Release.number < release.number,
        )
        .order_by(Release.number.desc())
        .limit(1)
    )


def _count_changes(session: Session, release: Release) -> None:
    """Say of each page how many words are others than in the release before."""
    last = predecessor(session, release)
    if last is not None:
        before, pages = frozen_pages(session, last), frozen_pages(session, release)
        release.changed_pages = changes.changed_pages(session, before, pages)
    release.changes = _sentences(session, release, last)


def _sentences(session: Session, release: Release, last: Release | None) -> list[str]:
    """Say, a sentence each, what is new since the last published release."""
    if last is None:
        return ["First release."]
    before, pages = frozen_pages(session, last), frozen_pages(session, release)
    said = corrections.sentences(session, last, release)
    said += changes.sentences(before, pages, release.changed_pages)
    if release.metadata_ != last.metadata_:
        said.append("What is said about the book was changed.")
    if release.decisions != last.decisions:
        said.append("Contents, pictures or decisions about words were changed.")
    if release.cover_sha256 != last.cover_sha256:
        said.append("It has another cover.")
    return said or ["Built anew."]


def _standing(session: Session, project: Project, digest: str) -> Release | None:
    """Return the newest release made from exactly this, unless it failed or was withdrawn."""
    return session.scalar(
        sa.select(Release)
        .where(
            Release.project_id == project.id,
            Release.source_digest == digest,
            Release.state.in_(_STANDING),
        )
        .order_by(Release.number.desc())
        .limit(1)
    )


def _allow(session: Session, person: Person, release: Release, now: datetime) -> None:
    """Publish a held release on the coordinator's word, its findings on record."""
    if release.state == "published":
        return
    release.with_open_findings = True
    if release.state == "held":
        _publish(session, person, release, now)


def _settle(
    session: Session, person: Person, project: Project, release: Release, now: datetime
) -> None:
    """Publish a held release once every error in it is dismissed."""
    release.findings = dismissing.marked(session, project, release.findings)
    if not dismissing.open_errors(release.findings):
        _publish(session, person, release, now)


def _publish(session: Session, person: Person, release: Release, now: datetime) -> None:
    release.state = "published"
    search_index.ask(session, release.id, now)
    facsimiles.ask(session, release.project_id, now)
    _record(session, release, "release.published", now, person)


def _next_number(session: Session, project: Project) -> int:
    last = session.scalar(
        sa.select(sa.func.max(Release.number)).where(Release.project_id == project.id)
    )
    return (last or 0) + 1


def _row(release: Release, page: FrozenPage) -> ReleasePage:
    return ReleasePage(
        release_id=release.id,
        page_id=page.page_id,
        number=page.number,
        label=page.label,
        kind=page.kind,
        image_sha256=page.image_sha256,
        revision_id=page.revision_id,
        run_id=page.run_id,
        finished=page.finished,
    )


def _record(
    session: Session, release: Release, action: str, now: datetime, person: Person | None
) -> None:
    events.record(
        session,
        action,
        now,
        person=person,
        project_id=release.project_id,
        detail={"number": release.number, "digest": release.source_digest},
    )
