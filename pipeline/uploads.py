"""Taking scans into a project: bytes into storage first, then pages, runs and jobs in one change.

Two steps, so that nothing slow happens in a transaction: `store_scans` inspects and stores a file
that was received; `add_pages` makes rows for what was accepted.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import events
from library.models import Page, Person, Project, Upload
from library.projects import require_coordinator
from library.storage import Storage
from pipeline.ingest import Inspected, Refusal, in_order, inspect_all
from pipeline.limits import Limits
from pipeline.runs import StoredScan, queue_first_runs


@dataclass(frozen=True)
class StoredFile:
    """One received file, with the pages found in it and what was refused."""

    name: str
    sha256: str
    scans: Sequence[StoredScan]
    refused: Sequence[Refusal]


@dataclass(frozen=True)
class Added:
    """What came of an upload: `accepted` is `(file, pages)`, `rejected` `(file, reason)`."""

    batch: str
    accepted: list[tuple[str, int]]
    rejected: list[tuple[str, str]]


def store_scans(storage: Storage, path: Path, name: str, limits: Limits) -> StoredFile:
    """Inspect a received file in the limited child and put its pages' originals in storage."""
    [stored] = store_files(storage, [(path, name)], limits)
    return stored


def store_files(
    storage: Storage, files: Sequence[tuple[Path, str]], limits: Limits
) -> list[StoredFile]:
    """Inspect received files, each with its name, and put their pages' originals in storage.

    They come back in the natural order of their names.
    """
    ordered = in_order(files)
    return [
        _stored(storage, path, name, inspected)
        for (path, name), inspected in zip(ordered, inspect_all(ordered, limits), strict=True)
    ]


def _stored(storage: Storage, path: Path, name: str, inspected: Inspected) -> StoredFile:
    kept: dict[Path, str] = {}
    with inspected:
        for scan in inspected.accepted:
            if scan.path not in kept:
                kept[scan.path] = storage.put(scan.path)
        scans = [
            StoredScan(
                kept[scan.path],
                scan.name,
                scan.media_type,
                scan.frame,
                scan.width,
                scan.height,
            )
            for scan in inspected.accepted
        ]
    return StoredFile(name, _sha256(path), scans, inspected.rejected)


def add_pages(
    session: Session,
    person: Person,
    project: Project,
    files: Sequence[StoredFile],
    batch: str,
    now: datetime,
) -> Added:
    """Append the pages of received files to a project and ask for their reading.

    A file whose very bytes an earlier upload brought to this project is reported, not added again.
    Raises ForbiddenError unless the person coordinates the project.
    """
    require_coordinator(session, person, project)
    # Two uploads at once must not number alike: the project's row is the lock.
    session.refresh(project, ["state"], with_for_update={"key_share": True})
    last = sa.select(sa.func.max(Page.number)).where(
        Page.project_id == project.id, Page.deleted_at.is_(None)
    )
    number = session.scalar(last) or 0
    added = Added(batch, [], [])
    for file in files:
        added.rejected.extend((refusal.file, refusal.reason) for refusal in file.refused)
        if not file.scans:
            continue
        if (earlier := _earlier(session, project, file, batch)) is not None:
            added.rejected.append((file.name, earlier))
            continue
        upload = _add_upload(session, person, project, file, batch, now)
        number = _add_file(session, project, upload, file.scans, number)
        added.accepted.append((file.name, len(file.scans)))
    if added.accepted:
        if project.state == "finished":
            project.state = "active"
        pages = sum(pages for _, pages in added.accepted)
        events.record(
            session,
            "scans.added",
            now,
            person=person,
            project=project,
            detail={"pages": pages, "files": [name for name, _ in added.accepted]},
        )
    return added


def _add_upload(
    session: Session, person: Person, project: Project, file: StoredFile, batch: str, now: datetime
) -> Upload:
    upload = Upload(
        project_id=project.id,
        person_id=person.id,
        batch=batch,
        name=file.name,
        sha256=file.sha256,
        pages=len(file.scans),
        created_at=now,
    )
    session.add(upload)
    session.flush()
    return upload


def _add_file(
    session: Session, project: Project, upload: Upload, scans: Sequence[StoredScan], number: int
) -> int:
    """Add a file's pages after page `number` and queue them; returns the last number given.

    In few statements: nobody else saves meanwhile, and an archive may hold thousands of pages.
    """
    same = {"project_id": project.id, "upload_id": upload.id, "created_at": upload.created_at}
    pages = [
        {
            **same,
            "number": place,
            "file_name": scan.file_name,
            "original_sha256": scan.sha256,
            "media_type": scan.media_type,
            "frame": scan.frame,
            "width": scan.width,
            "height": scan.height,
        }
        for place, scan in enumerate(scans, number + 1)
    ]
    ids = session.scalars(
        sa.insert(Page).returning(Page.id, sort_by_parameter_order=True), pages
    ).all()
    queue_first_runs(session, project, ids, upload.created_at)
    return number + len(ids)


def _earlier(session: Session, project: Project, file: StoredFile, batch: str) -> str | None:
    """Say when this very file came before, or None."""
    found = session.execute(
        sa.select(sa.func.min(Page.number), sa.func.max(Page.number))
        .join(Upload, Upload.id == Page.upload_id)
        .where(
            Upload.project_id == project.id,
            Upload.sha256 == file.sha256,
            Upload.batch != batch,
            Page.deleted_at.is_(None),
        )
        .group_by(Upload.id)
        .order_by(Upload.id)
        .limit(1)
    ).first()
    if found is None:
        return None
    first, last = found
    where = f"page {first}" if first == last else f"pages {first}-{last}"
    return f"This file is in the project already, as {where}; it was not added again."


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
