"""Searching the library: titles and people, and inside all published texts."""

from collections.abc import Iterable

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session

from exports.catalogue import search
from exports.catalogue.search import FoundBook
from exports.models import ReleasePage
from exports.releasing import releases
from library import projects
from library.errors import NotFoundError
from web import place
from web.books import shelves
from web.present import Json

bp = Blueprint("search", __name__)

#: Books called so, books with it inside, places shown of each, and places on a page of one book.
_TITLES, _BOOKS, _PLACES, _A_PAGE = 6, 10, 3, 50
_MOST = 100_000


@bp.get("/search")
def index() -> str:
    """Show what is called so and where the words stand; with `book`, the places in that one."""
    q = request.args.get("q", "").strip()[:200]
    if slug := request.args.get("book", ""):
        return _inside(q, slug)
    offset = _number("from")
    with place.reads() as session:
        found = search.search(session, q, offset=offset, limit=_BOOKS, hits=_PLACES)
        labels = _labels(session, found.shown)
        return render_template(
            "books/search.html",
            q=q,
            titles=shelves.books(session, query=q, limit=_TITLES) if q and not offset else [],
            total={"books": found.books, "places": found.places},
            found=[_shown(each, labels) for each in found.shown],
            page_of={
                "previous": _address(q, max(0, offset - _BOOKS)) if offset else None,
                "next": _address(q, offset + _BOOKS) if found.books > offset + _BOOKS else None,
            },
        )


def _inside(q: str, slug: str) -> str:
    """Show the places in one book, in its order."""
    after = _number("after")
    with place.reads() as session:
        project = projects.find_project(session, slug)
        release = releases.published(session, project)
        if release is None:
            raise NotFoundError(f"{project.title} has not been released yet.")
        hits = search.search_book(session, release, q, after=after, limit=_A_PAGE + 1)
        book = FoundBook(project, release, len(hits), hits[:_A_PAGE])
        behind = hits[_A_PAGE - 1].next if len(hits) > _A_PAGE else None
        return render_template(
            "books/search.html",
            q=q,
            book=_shown(book, _labels(session, [book])),
            page_of={
                "previous": None,
                "next": behind and url_for("search.index", q=q, book=slug, after=behind),
            },
        )


def _shown(found: FoundBook, labels: dict[tuple[int, int], str]) -> Json:
    return {
        **shelves.face(found.project, found.release),
        "places": found.places,
        "hits": [
            {
                "href": shelves.reading_address(found.project.slug, hit.section, hit.anchor),
                "chapter": hit.title,
                "label": labels.get((found.release.id, hit.page)) or str(hit.page),
                "pieces": hit.excerpt,
            }
            for hit in found.hits
        ],
    }


def _labels(session: Session, found: Iterable[FoundBook]) -> dict[tuple[int, int], str]:
    """Return the printed numbers of the pages with something on them, by release and number."""
    wanted = [(each.release.id, {hit.page for hit in each.hits}) for each in found]
    if not wanted:
        return {}
    some = (
        sa.and_(ReleasePage.release_id == release_id, ReleasePage.number.in_(numbers))
        for release_id, numbers in wanted
    )
    rows = session.execute(
        sa.select(ReleasePage.release_id, ReleasePage.number, ReleasePage.label).where(
            sa.or_(*some)
        )
    )
    return {(release_id, number): label for release_id, number, label in rows}


def _number(name: str) -> int:
    return max(0, min(request.args.get(name, 0, type=int), _MOST))


def _address(q: str, offset: int) -> str:
    return url_for("search.index", q=q, **{"from": offset or None})  # type: ignore[arg-type]
