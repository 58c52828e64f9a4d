"""Books as feeds give them, and the shelves that reading apps walk along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import request
from sqlalchemy.orm import Session

from exports.catalogue import catalog
from exports.catalogue.catalog_models import CatalogueEntry, Outline
from exports.models import Release
from web import addresses
from web.books.offers import Offer, offers

#: Books on one page of a feed.
A_PAGE = 50
#: When nothing was ever published, feeds were last changed then.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_MOST = 100_000
ORDERS = {"new": "new", "title": "title", "author": "author"}


@dataclass(frozen=True, slots=True)
class Named:
    """A person or subject, with its address in the catalogue."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class File:
    """A file to be had; `address` is a whole one."""

    address: str
    offer: Offer


@dataclass(frozen=True, slots=True)
class Entry:
    """A published book."""

    slug: str
    #: A URI that stays the same over all releases.
    id: str
    title: str
    authors: Sequence[Named]
    subjects: Sequence[Named]
    languages: Sequence[str]
    summary: str
    rights: str
    #: The printed book's.
    year: str
    publisher: str
    words: int
    published: datetime
    updated: datetime
    cover: str | None
    files: Sequence[File]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which shelf a reading app asks for."""

    order: str
    q: str
    author: str
    subject: str
    language: str
    page: int

    @property
    def values(self) -> dict[str, Any]:
        """What stands in the shelf's address, the page aside."""
        named = {"q": self.q, "author": self.author, "subject": self.subject}
        order = self.order if self.order != "new" else ""
        given = {**named, "language": self.language, "order": order}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of a shelf; `more` where another follows."""

    entries: Sequence[Entry]
    more: bool


def asked() -> Asked:
    """Return which shelf this request is for; anything odd is as if it were not there."""
    order = request.args.get("order", "")
    return Asked(
        order=ORDERS.get(order, "new"),
        q=request.args.get("q", "").strip()[:200],
        author=request.args.get("author", "")[:200],
        subject=request.args.get("subject", "")[:200],
        language=request.args.get("language", "")[:20],
        page=max(1, min(request.args.get("page", 1, type=int), _MOST)),
    )


def shelf(session: Session, wanted: Asked) -> Shelf:
    """Return a page of a shelf."""
    found = catalog.published_books(
        session,
        query=wanted.q,
        author=wanted.author,
        subject=wanted.subject,
        language=wanted.language,
        order=wanted.order,
        offset=(wanted.page - 1) * A_PAGE,
        limit=A_PAGE + 1,
    )
    return Shelf(entries(session, found[:A_PAGE]), len(found) > A_PAGE)


def entries(session: Session, found: Sequence[catalog.Shelved]) -> list[Entry]:
    """Return published books as feeds give them."""
    ids = [release.id for _, release in found]
    names = _names(session, ids)
    words = {
        row.release_id: row.words
        for row in session.scalars(sa.select(Outline).where(Outline.release_id.in_(ids)))
    }
    first = _first(session, [project.id for project, _ in found])
    return [
        _entry(book, names, words.get(book[1].id, 0), first.get(book[0].id, NEVER))
        for book in found
    ]


def last_change(session: Session) -> datetime:
    """Return when the library last changed."""
    changed = sa.select(sa.func.max(Release.built_at)).where(Release.state == "published")
    return session.scalar(changed) or NEVER


def _entry(
    book: catalog.Shelved,
    names: dict[tuple[int, str], list[Named]],
    words: int,
    first: datetime,
) -> Entry:
    project, release = book
    said = release.metadata_

    def address(name: str) -> str:
        return addresses.public("catalog.download", slug=project.slug, name=name)

    cover = next((file.name for file in release.files if file.name == "cover.jpg"), None)
    page = addresses.public("catalog.book", slug=project.slug)
    return Entry(
        slug=project.slug,
        id=said.get("identifier", page),
        title=said.get("title", project.title),
        authors=names.get((release.id, "author"), []),
        subjects=names.get((release.id, "subject"), []),
        languages=said.get("languages", []),
        summary=said.get("description", ""),
        rights=said.get("rights", ""),
        year=said.get("year", ""),
        publisher=said.get("site_name", ""),
        words=words,
        published=first,
        updated=release.built_at or NEVER,
        cover=address(cover) if cover else None,
        files=[
            File(address(each.name), each)
            for each in offers(release.downloads)
            if each.media_type != "application/json"  # of use to programs alone
        ],
    )


def _names(session: Session, ids: Sequence[int]) -> dict[tuple[int, str], list[Named]]:
    """Return authors and subjects by release and kind."""
    found: dict[tuple[int, str], list[Named]] = {}
    rows = session.scalars(
        sa.select(CatalogueEntry)
        .where(CatalogueEntry.release_id.in_(ids), CatalogueEntry.kind.in_(("author", "subject")))
        .order_by(CatalogueEntry.position)
    )
    for row in rows:
        found.setdefault((row.release_id, row.kind), []).append(Named(row.name, row.slug))
    return found


def _first(session: Session, ids: Sequence[int]) -> dict[int, datetime]:
    """Return when each project's book was first published."""
    rows = session.execute(
        sa.select(Release.project_id, sa.func.min(Release.built_at))
        .where(Release.project_id.in_(ids), Release.state == "published")
        .group_by(Release.project_id)
    )
    return {project_id: moment or NEVER for project_id, moment in rows}
