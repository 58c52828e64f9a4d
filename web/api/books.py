"""The library's published books."""

from flask import Response, jsonify, request

from exports.catalogue import catalog, search
from exports.catalogue.catalog_models import Outline
from exports.models import Release
from exports.releasing import releases
from library.models import Project
from web import addresses, place, present
from web.api import bp, lists, shapes
from web.api.describe import call
from web.books import shelves
from web.books.book import contents_of, facts_of, published
from web.present import Json

#: Books of one answer, and places shown of each.
_BOOKS, _PLACES = 10, 5


@bp.get("/books")
@call(
    "List published books",
    gives=shapes.Books,
    query={
        **lists.QUERY,
        "q": "Beginnings of words of title, author or subject.",
        "language": "BCP 47.",
        "author": "Name, as written or as in its address.",
        "subject": "Name, as written or as in its address.",
    },
)
def list_books() -> Response:
    """Give published books, oldest project first."""
    limit, after = lists.limit(), lists.cursor()
    with place.reads() as session:
        found = catalog.published_books(
            session,
            query=request.args.get("q", "")[:200],
            language=request.args.get("language", "")[:20],
            author=request.args.get("author", "")[:300],
            subject=request.args.get("subject", "")[:300],
            order="id",
            after=after,
            limit=limit,
        )
        items = [_listed(project, release) for project, release in found]
    following = str(found[-1][0].id) if len(found) == limit else None
    return jsonify(items=items, next=following)


@bp.get("/books/<slug>")
@call("Show a published book", gives=shapes.BookOut, refuses=(404, 410))
def show_book(slug: str) -> Response:
    """Give a book with the files that readers download, its chapters and its releases."""
    with place.reads() as session:
        project, release = published(session, slug)
        facts = facts_of(session, project, release)
        named = ("publisher", "place", "source_url", "rights", "credits", "pages", "words")
        return jsonify(
            {
                **_listed(project, release),
                **{name: facts[name] for name in named},
                "contributors": [
                    {"name": each["name"], "role": each["role"]}
                    for each in release.metadata_.get("contributors", ())
                ],
                "contents": [
                    {
                        "title": each["title"],
                        "level": each["level"],
                        "url": addresses.under(each["href"]),
                    }
                    for each in contents_of(slug, session.get(Outline, release.id))
                ],
                "releases": [
                    {
                        "number": past.number,
                        "built_at": present.moment(past.built_at),
                        "changes": past.changes,
                    }
                    for past in releases.releases_of(session, project)
                    if past.state == "published"
                ],
            }
        )


@bp.get("/search")
@call(
    "Search inside published books",
    gives=shapes.PlacesOut,
    query={
        "q": "Words of one paragraph; a phrase in quotes; the last word may go on.",
        "cursor": lists.QUERY["cursor"],
    },
)
def search_books() -> Response:
    """Give the first places in each of ten books, those with most places first."""
    offset = lists.cursor()
    with place.reads() as session:
        found = search.search(
            session, request.args.get("q", ""), offset=offset, limit=_BOOKS, hits=_PLACES
        )
        items = [_place(book, hit) for book in found.shown for hit in book.hits]
    following = str(offset + _BOOKS) if found.books > offset + _BOOKS else None
    return jsonify(items=items, books=found.books, places=found.places, next=following)


def _listed(project: Project, release: Release) -> Json:
    said = release.metadata_
    face = shelves.face(project, release)
    year = str(face["year"])
    return {
        **{name: face[name] for name in ("slug", "title", "author", "languages")},
        "description": said.get("description", ""),
        "subjects": said.get("subjects", []),
        "year": int(year) if year.isdecimal() else None,
        "published_at": present.moment(release.built_at),
        "release": release.number,
        "url": addresses.public("catalog.book", slug=project.slug),
        "files": present.files(project, release),
    }


def _place(book: search.FoundBook, hit: search.Hit) -> Json:
    address = shelves.reading_address(book.project.slug, hit.section, hit.anchor)
    return {
        "book": book.project.slug,
        "title": shelves.face(book.project, book.release)["title"],
        "chapter": hit.title,
        "page": hit.page,
        "line": hit.line,
        "excerpt": "".join(piece.text for piece in hit.excerpt),
        "url": addresses.under(address),
    }
