"""The library's shelves: published books, found by title, people, subject and language."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, selectinload

from exports.catalogue.catalog_entries import slug_of
from exports.catalogue.catalog_models import CatalogueEntry
from exports.catalogue.search_words import words_of
from exports.models import Release
from library.models import Project

ORDERS = ("new", "title", "author")

Shelved = tuple[Project, Release]


@dataclass(frozen=True, slots=True)
class Heading:
    """A name that books stand under: an author, a subject, a language."""

    name: str
    slug: str
    #: How many published books.
    books: int


def published_books(  # noqa: PLR0913 - a catalogue is asked in this many ways
    session: Session,
    *,
    query: str = "",
    language: str = "",
    subject: str = "",
    author: str = "",
    order: str = "new",
    after: int = 0,
    offset: int = 0,
    limit: int | None = None,
) -> Sequence[Shelved]:
    """Return published books with the release that readers get.

    Each word of `query` begins a word of the title, a person or a subject. `subject` and `author`
    are names or their slugs, `language` BCP 47 (`en` finds `en-GB` too). `after` leaves out
    projects up to that id, for lists in parts (give the order `id` then).
    """
    words = [word.folded for word in words_of(query)]
    if query.strip() and not words:
        return []
    found = current().where(Project.id > after, *map(_has_word, words))
    if language:
        code = CatalogueEntry.slug == language.casefold()
        wider = CatalogueEntry.slug.startswith(f"{language.casefold()}-", autoescape=True)
        found = found.where(_has("language", sa.or_(code, wider)))
    for kind, name in (("subject", subject), ("author", author)):
        if name:
            found = found.where(_has(kind, CatalogueEntry.slug == slug_of(name)))
    found = _ordered(found, order).offset(offset).limit(limit)
    rows = session.execute(found.options(selectinload(Release.files)))
    return [(project, release) for project, release in rows]


def current() -> sa.Select[Project, Release]:
    """Return the query for published books: each project with its newest published release."""
    newest = (
        sa.select(Release.project_id, sa.func.max(Release.number).label("number"))
        .where(Release.state == "published")
        .group_by(Release.project_id)
        .subquery()
    )
    return (
        sa.select(Project, Release)
        .join(newest, newest.c.project_id == Project.id)
        .join(
            Release,
            sa.and_(Release.project_id == Project.id, Release.number == newest.c.number),
        )
        .where(Project.deleted_at.is_(None))
    )


def headings(session: Session, kind: str, limit: int | None = None) -> list[Heading]:
    """Return the names of a kind that most published books have, sorted as a catalogue does."""
    releases = current().with_only_columns(Release.id).subquery()
    number = sa.func.count().label("number")
    filed = sa.func.min(CatalogueEntry.filed).label("filed")
    most = (
        sa.select(
            CatalogueEntry.slug, sa.func.min(CatalogueEntry.name).label("name"), filed, number
        )
        .join(releases, releases.c.id == CatalogueEntry.release_id)
        .where(CatalogueEntry.kind == kind)
        .group_by(CatalogueEntry.slug)
        .order_by(number.desc(), filed)
        .limit(limit)
        .subquery()
    )
    rows = session.execute(sa.select(most).order_by(most.c.filed, most.c.slug))
    return [Heading(row.name, row.slug, row.number) for row in rows]


def heading(session: Session, kind: str, slug: str) -> Heading | None:
    """Return the name of a kind at an address, or None where no published book has it."""
    return next((each for each in headings(session, kind) if each.slug == slug), None)


def languages(session: Session) -> list[str]:
    """Return the languages of published books, sorted."""
    return [each.name for each in headings(session, "language")]


def entries_of(session: Session, release: Release, kind: str) -> Sequence[CatalogueEntry]:
    """Return the names of a kind that a release has, in its own order."""
    return session.scalars(
        sa.select(CatalogueEntry)
        .where(CatalogueEntry.release_id == release.id, CatalogueEntry.kind == kind)
        .order_by(CatalogueEntry.position)
    ).all()


def related(session: Session, release: Release, limit: int) -> Sequence[Shelved]:
    """Return other published books that share an author or subjects, the nearest first."""
    mine, theirs = aliased(CatalogueEntry), aliased(CatalogueEntry)
    weight = sa.case((theirs.kind == "author", 3), else_=1)
    near = (
        sa.select(theirs.release_id, sa.func.sum(weight).label("near"))
        .join(mine, sa.and_(mine.kind == theirs.kind, mine.slug == theirs.slug))
        .where(
            mine.release_id == release.id,
            theirs.release_id != release.id,
            theirs.kind.in_(("author", "subject")),
        )
        .group_by(theirs.release_id)
        .subquery()
    )
    found = (
        current()
        .join(near, near.c.release_id == Release.id)
        .where(Project.id != release.project_id)
        .order_by(near.c.near.desc(), Release.built_at.desc(), Project.id.desc())
        .limit(limit)
        .options(selectinload(Release.files))
    )
    return [(project, other) for project, other in session.execute(found)]


def _has(kind: str, condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    mine = CatalogueEntry.release_id == Release.id
    return sa.exists().where(mine, CatalogueEntry.kind == kind, condition)


def _has_word(word: str) -> sa.ColumnElement[bool]:
    """Say that a title, person or subject has a word that begins so."""
    mine = CatalogueEntry.release_id == Release.id
    begins = CatalogueEntry.words.contains(f" {word}", autoescape=True)
    return sa.exists().where(mine, CatalogueEntry.kind != "language", begins)


def _ordered(found: sa.Select[Project, Release], order: str) -> sa.Select[Project, Release]:
    if order == "id":
        return found.order_by(Project.id)
    if order not in ("title", "author"):
        return found.order_by(Release.built_at.desc(), Project.id.desc())
    mine = sa.and_(CatalogueEntry.release_id == Release.id, CatalogueEntry.kind == order)
    filed = sa.select(sa.func.min(CatalogueEntry.filed)).where(mine).scalar_subquery()
    return found.order_by(filed.is_(None), filed, Project.id)
