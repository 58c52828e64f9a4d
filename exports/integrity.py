"""Whether the files of releases are the ones that were published; findings, not repairs."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.models import Release
from exports.releasing import facsimiles
from exports.releasing.releases import folder_of
from library.config import Settings
from library.models import Project


def findings(session: Session, settings: Settings) -> Iterator[str]:
    """Yield a sentence for each release file that is missing or has other bytes."""
    rows = session.execute(
        sa.select(Project, Release)
        .join(Release, Release.project_id == Project.id)
        .where(Release.state.in_(("held", "published", "withdrawn")))
        .order_by(Project.slug, Release.number)
    )
    for project, release in rows:
        folder = folder_of(settings, project, release)
        for file in release.files:
            if (fault := _fault(folder / file.name, file.sha256)) is not None:
                yield f"release {release.number} of {project.slug}: {file.name} {fault}"
        folder = facsimiles.folder_of(settings, project, release)
        for scan in release.facsimile.files if release.facsimile else ():
            if (fault := _fault(folder / scan.name, scan.sha256)) is not None:
                yield f"release {release.number} of {project.slug}: {scan.name} {fault}"


def _fault(path: Path, sha256: str) -> str | None:
    if not path.is_file():
        return "is missing"
    with path.open("rb") as file:
        same = hashlib.file_digest(file, "sha256").hexdigest() == sha256
    return None if same else "has other bytes than were published"
