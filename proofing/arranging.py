"""Pages put in another order or taken out: their ids, texts and tasks stay with them."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import events
from library.errors import InvalidError
from library.models import Page, Person, Project
from library.projects import pages_of, require_coordinator
from proofing import rounds
from proofing.models import PageTask


def reorder(
    session: Session, person: Person, project: Project, order: Sequence[int], now: datetime
) -> None:
    """Give a project's pages new numbers, in the order of these page ids.

    Raises ForbiddenError, InvalidError unless `order` names each page exactly once.
    """
    require_coordinator(session, person, project)
    _lock(session, project)
    before = [page.id for page in pages_of(session, project)]
    if sorted(order) != sorted(before):
        raise InvalidError("order takes the id of every page of the project, each once.")
    _number(session, project, order)
    if list(order) != before:
        events.record(session, "pages.reordered", now, person=person, project=project)


def remove_page(session: Session, person: Person, page: Page, now: datetime) -> None:
    """Take a page out of its project; its row and bytes stay, and the pages after it move up.

    Raises ConflictError once a volunteer has worked on it.
    """
    require_coordinator(session, person, page.project)
    _lock(session, page.project)
    rounds.retire(session, page.project, page)
    page.deleted_at = now
    session.flush()
    _number(session, page.project, [each.id for each in pages_of(session, page.project)])
    events.record(session, "page.deleted", now, person=person, project=page.project, page=page)


def _lock(session: Session, project: Project) -> None:
    """Lock a project, its tasks and its pages, each in the order that all others keep."""
    session.refresh(project, ["state"], with_for_update={"key_share": True})
    tasks = sa.select(PageTask.id).where(PageTask.project_id == project.id).order_by(PageTask.id)
    session.execute(tasks.with_for_update(key_share=True))
    pages = sa.select(Page.id).where(Page.project_id == project.id).order_by(Page.number)
    session.execute(pages.with_for_update(key_share=True))


def _number(session: Session, project: Project, order: Sequence[int]) -> None:
    """Give pages the numbers 1, 2, 3 … in this order, on themselves and on their tasks."""
    # By way of negative numbers, which collide with nothing in use.
    session.execute(
        sa.update(Page)
        .where(Page.project_id == project.id, Page.deleted_at.is_(None))
        .values(number=-Page.number)
    )
    for number, page_id in enumerate(order, 1):
        session.execute(sa.update(Page).where(Page.id == page_id).values(number=number))
        session.execute(
            sa.update(PageTask).where(PageTask.page_id == page_id).values(number=number)
        )
