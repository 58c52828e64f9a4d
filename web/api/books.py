"""The library's published books."""

from flask import Response, jsonify, request

from exports import catalog, releases
from library import projects
from library.errors import NotFoundError
from web import place, present
from web.api import bp, lists, shapes
from web.api.describe import call


@bp.get("/books")
@call(
    "List published books",
    gives=shapes.Books,
    query={**lists.QUERY, "q": "Words of title, author or subject.", "language": "BCP 47."},
)
def list_books() -> Response:
    """Give published books, oldest project first."""
    limit, after = lists.limit(), lists.cursor()
    with place.reads() as session:
        found = catalog.published_books(
            session,
            query=request.args.get("q", "")[:200],
            language=request.args.get("language", "")[:20],
            order="id",
            after=after,
            limit=limit,
        )
        items = [present.book(project, release) for project, release in found]
    following = str(found[-1][0].id) if len(found) == limit else None
    return jsonify(items=items, next=following)


@bp.get("/books/<slug>")
@call("Show a published book", gives=shapes.BookOut, refuses=(404, 410))
def show_book(slug: str) -> Response:
    """Give a book with the files that readers download."""
    with place.reads() as session:
        found = projects.find_project(session, slug)
        release = releases.published(session, found)
        if release is None:
            raise NotFoundError(f"{found.title} has not been released yet.")
        return jsonify(present.book(found, release))
