"""The public history: every change has an author, a time and a place. Rows are never changed."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library.models import Event, Page, Person, Project

#: Nobody looks at a line again in the transaction that adds it, so no object is made of it.
_ADD = sa.insert(Event.__table__)  # type: ignore[arg-type]


def record(  # noqa: PLR0913 - a line of history has this many sides
    session: Session,
    action: str,
    now: datetime,
    *,
    person: Person | None = None,
    project: Project | None = None,
    page: Page | None = None,
    project_id: int | None = None,
    page_id: int | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add one line to the history; `action` is `thing.happened`, `detail` must be JSON."""
    session.execute(
        _ADD,
        {
            "at": now,
            "person_id": person.id if person else None,
            "project_id": project.id if project else project_id,
            "page_id": page.id if page else page_id,
            "action": action,
            "detail": dict(detail or {}),
        },
    )


def history(
    session: Session, *, project_id: int | None = None, before: int | None = None, limit: int = 50
) -> list[tuple[Event, str | None]]:
    """Return events with their authors' names, newest first, older than event id `before`."""
    query = (
        sa.select(Event, Person.name)
        .outerjoin(Person, Person.id == Event.person_id)
        .order_by(Event.id.desc())
        .limit(limit)
    )
    if project_id is not None:
        query = query.where(Event.project_id == project_id)
    if before is not None:
        query = query.where(Event.id < before)
    return [(event, name) for event, name in session.execute(query)]


def since(
    session: Session, event_id: int, limit: int, project_id: int | None = None
) -> list[tuple[Event, str | None]]:
    """Return events after `event_id` with their authors' names, oldest first."""
    query = (
        sa.select(Event, Person.name)
        .outerjoin(Person, Person.id == Event.person_id)
        .where(Event.id > event_id)
        .order_by(Event.id)
        .limit(limit)
    )
    if project_id is not None:
        query = query.where(Event.project_id == project_id)
    return [(event, name) for event, name in session.execute(query)]


def happened(session: Session, action: str, *, person: Person, page_id: int, **detail: str) -> bool:
    """Whether this person has done this on this page, with these words in the detail."""
    query = sa.select(Event.id).where(
        Event.page_id == page_id, Event.person_id == person.id, Event.action == action
    )
    for name, value in detail.items():
        query = query.where(Event.detail[name].as_string() == value)
    return session.scalar(query.limit(1)) is not None
