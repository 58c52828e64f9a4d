"""Smooth reading: volunteers read a whole book as it will be, before its release.

What they report are errata without a release; the open ones are findings of the book.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.findings import Finding, Severity
from exports.models import Erratum, Preview
from library import events
from library.errors import ForbiddenError
from library.models import Page, Person, Project
from library.projects import coordinates, require_coordinator

CODE = "smooth-reading"


def invite(
    session: Session, person: Person, project: Project, now: datetime, *, wanted: bool
) -> None:
    """Open a book to smooth readers, or close it; raises ForbiddenError."""
    require_coordinator(session, person, project)
    if project.smooth != wanted:
        project.smooth = wanted
        action = "smooth.opened" if wanted else "smooth.closed"
        events.record(session, action, now, person=person, project=project)


def require_reader(session: Session, person: Person, project: Project) -> None:
    """Raise ForbiddenError unless the book is open to smooth readers or theirs to coordinate."""
    if not project.smooth and not coordinates(session, person, project):
        raise ForbiddenError(
            f"{project.title} is not open for smooth reading; its coordinators open it."
        )


def open_books(session: Session, limit: int = 20) -> Sequence[Project]:
    """Return the books that are open for smooth reading, the newest first."""
    return session.scalars(
        sa.select(Project)
        .where(Project.smooth, Project.deleted_at.is_(None), Project.state != "archived")
        .order_by(Project.id.desc())
        .limit(limit)
    ).all()


def newest_built(session: Session, project: Project) -> Preview | None:
    """Return the last preview that was built, to be read meanwhile when a newer one is asked."""
    return session.scalar(
        sa.select(Preview)
        .where(Preview.project_id == project.id, Preview.state == "done")
        .order_by(Preview.built_at.desc(), Preview.id.desc())
        .limit(1)
    )


def findings(session: Session, project: Project) -> list[dict[str, Any]]:
    """Return what smooth readers reported and nobody has answered, as findings are stored."""
    rows = session.execute(
        sa.select(Erratum, Page.number)
        .outerjoin(Page, Page.id == Erratum.page_id)
        .where(
            Erratum.project_id == project.id,
            Erratum.release_id.is_(None),
            Erratum.state == "open",
        )
        .order_by(Page.number, Erratum.line, Erratum.id)
    )
    return [
        {**asdict(finding), "severity": finding.severity.value}
        for finding in (
            Finding(
                CODE,
                Severity.WARNING,
                number or 0,
                erratum.line or 1,
                erratum.current,
                _hint(erratum),
            )
            for erratum, number in rows
        )
    ]


def _hint(erratum: Erratum) -> str:
    said = f"; \u201c{erratum.note}\u201d" if erratum.note else ""
    if erratum.proposed == erratum.current:
        return f"A smooth reader asks about this{said}. Answer it among the book's errata."
    return (
        f"A smooth reader proposes \u201c{erratum.proposed}\u201d{said}. Answer it among the book's"
        " errata."
    )
