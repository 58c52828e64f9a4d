"""The library's shelves: published books, found by title, author, subject and language."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from exports.models import Release
from library.models import Project

ORDERS = ("new", "title", "author")


def published_books(  # noqa: PLR0913 - a catalogue is asked in this many ways
    session: Session,
    *,
    query: str = "",
    language: str = "",
    subject: str = "",
    order: str = "new",
    after: int = 0,
    offset: int = 0,
    limit: int | None = None,
) -> Sequence[tuple[Project, Release]]:
    """Return published books with the release that readers get.

    `query` is looked for in titles, authors, subjects and contributors, each word anywhere.
    `after` leaves out projects up to that id, for lists in parts (give the order `id` then).
    """
    newest = (
        sa.select(Release.project_id, sa.func.max(Release.number).label("number"))
        .where(Release.state == "published")
        .group_by(Release.project_id)
        .subquery()
    )
    found = (
        sa.select(Project, Release)
        .join(newest, newest.c.project_id == Project.id)
        .join(
            Release,
            sa.and_(Release.project_id == Project.id, Release.number == newest.c.number),
        )
        .where(Project.deleted_at.is_(None), Project.id > after)
        .order_by(*_order(order))
        .offset(offset)
        .limit(limit)
        .options(selectinload(Release.files))
    )
    for word in query.split():
        found = found.where(
            sa.or_(*(column.icontains(word, autoescape=True) for column in _searched()))
        )
    if language:
        found = found.where(
            sa.cast(Project.languages, sa.Text).contains(f'"{language}', autoescape=True)
        )
    if subject:
        found = found.where(
            sa.cast(Project.subjects, sa.Text).contains(_as_json(subject), autoescape=True)
        )
    return [(project, release) for project, release in session.execute(found)]


def languages(session: Session) -> list[str]:
    """Return the languages of published books, sorted."""
    rows = session.scalars(
        sa.select(Project.languages).where(
            Project.id.in_(sa.select(Release.project_id).where(Release.state == "published"))
        )
    )
    return sorted({language for languages in rows for language in languages})


def subjects(session: Session, limit: int) -> list[str]:
    """Return the subjects that most published books have, sorted."""
    rows = session.scalars(
        sa.select(Project.subjects).where(
            Project.deleted_at.is_(None),
            Project.id.in_(sa.select(Release.project_id).where(Release.state == "published")),
        )
    )
    counted = Counter(subject for subjects in rows for subject in subjects)
    return sorted(subject for subject, _ in counted.most_common(limit))


def _searched() -> list[sa.SQLColumnExpression[str]]:
    texts = (Project.subjects, Project.contributors)
    return [Project.title, Project.author, *(sa.cast(column, sa.Text) for column in texts)]


def _order(order: str) -> list[sa.SQLColumnExpression[Any]]:
    orders: dict[str, list[sa.SQLColumnExpression[Any]]] = {
        "title": [sa.func.lower(Project.title), Project.id],
        "author": [sa.func.lower(Project.author), Project.id],
        "id": [Project.id],
    }
    return orders.get(order, [Release.built_at.desc(), Project.id.desc()])


def _as_json(word: str) -> str:
    """Return a word as it stands within a stored list: letters as letters."""
    return json.dumps(word, ensure_ascii=False)
