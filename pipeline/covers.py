"""A book's own cover: a picture that its coordinators send, or one of its pages."""

import tempfile
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from library import events
from library.models import Page, Person, Project
from library.projects import require_coordinator
from library.storage import Storage
from pipeline.cutting import make_cover
from pipeline.runs import StoredScan


def keep_cover(storage: Storage, scan: StoredScan | Page) -> str:
    """Make a cover of a scan's original and keep it; returns its SHA-256.

    Takes a second for a large scan: call it outside of transactions. Raises PipelineError, which
    says what to send instead.
    """
    sha256 = scan.original_sha256 if isinstance(scan, Page) else scan.sha256
    with tempfile.TemporaryDirectory(prefix="galley-cover-") as folder:
        original = storage.path(sha256)
        return storage.put(make_cover(original, scan.media_type, scan.frame, Path(folder)))


def set_cover(
    session: Session,
    person: Person,
    project: Project,
    sha256: str | None,
    now: datetime,
    page: Page | None = None,
) -> None:
    """Let a project have this cover, made of `page` if given; None: the one that is drawn.

    Raises ForbiddenError.
    """
    require_coordinator(session, person, project)
    before = project.cover_sha256
    if sha256 == before:
        return
    project.cover_sha256 = sha256
    events.record(
        session,
        "project.cover-changed",
        now,
        person=person,
        project=project,
        page=page,
        detail={"before": before, "after": sha256},
    )
