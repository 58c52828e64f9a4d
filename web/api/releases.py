"""Releases, previews and whole-book checks of a project."""

from flask import Response, jsonify, send_file

from exports.errata import smooth
from exports.models import Preview
from exports.releasing import dismissing, previews, releases
from library import projects
from library.errors import ConflictError, NotFoundError
from web import place, present
from web.api import bp, lists, shapes
from web.api.describe import call
from web.previewing import preview_of

RETRY_AFTER = "2"


@bp.post("/projects/<slug>/releases")
@call(
    "Release a book",
    takes=shapes.ReleaseRequest,
    gives=shapes.ReleaseOut,
    status=202,
    refuses=(401, 403, 404, 409, 410, 422),
)
def release(slug: str, body: shapes.ReleaseRequest) -> tuple[Response, int]:
    """Freeze the texts and have a worker build them; published at once when no error is open."""
    person = place.person()
    with place.writes() as session:
        found = projects.find_project(session, slug)
        asked = releases.request_release(
            session,
            person,
            found,
            place.settings(),
            place.now(),
            with_open_findings=body.with_open_findings,
        )
        session.flush()
        given = present.release(found, asked)
    place.ring("books")
    return jsonify(given), 202


@bp.get("/projects/<slug>/releases")
@call("List releases", gives=shapes.Releases, query=lists.QUERY, refuses=(404, 410))
def list_releases(slug: str) -> Response:
    """Give a project's releases, newest first."""
    limit, before = lists.limit(), lists.cursor()
    with place.reads() as session:
        found = projects.find_project(session, slug)
        items = [present.release(found, each) for each in releases.releases_of(session, found)]
    items = [item for item in items if not before or item["number"] < before][:limit]
    return jsonify(items=items, next=str(items[-1]["number"]) if len(items) == limit else None)


@bp.post("/projects/<slug>/releases/<int:number>/withdraw")
@call("Withdraw a release", gives=shapes.ReleaseOut, refuses=(401, 403, 404, 409, 410))
def withdraw_release(slug: str, number: int) -> Response:
    """Take a release out of the library; its number is not used again."""
    person = place.person()
    with place.writes() as session:
        found = projects.find_project(session, slug)
        withdrawn = releases.withdraw(session, person, found, number, place.now())
        return jsonify(present.release(found, withdrawn))


@bp.get("/projects/<slug>/checks")
@call("Show what stands open in the book", gives=shapes.Findings, refuses=(404, 409, 410))
def list_checks(slug: str) -> Response:
    """Give the findings of the latest texts; 202 while they are being looked for."""
    preview = preview_of(slug)
    if preview.state == "queued":
        return _later(preview)
    if preview.state == "failed":
        raise ConflictError(preview.reason)
    with place.reads() as session:
        found = projects.find_project(session, slug)
        said = [*preview.findings, *smooth.findings(session, found)]
        items = dismissing.marked(session, found, said)
    return jsonify(items=items, next=None)


@bp.get("/projects/<slug>/preview.epub")
@call("Preview the EPUB", refuses=(404, 409, 410))
def preview_epub(slug: str) -> Response:
    """Give the book as it would be now; 202 with Retry-After while it is built."""
    return _preview_file(slug, "epub", "application/epub+zip")


@bp.get("/projects/<slug>/preview.txt")
@call("Preview the plain text", refuses=(404, 409, 410))
def preview_text(slug: str) -> Response:
    """Give the plain text as it would be now; 202 with Retry-After while it is built."""
    return _preview_file(slug, "txt", "text/plain")


def _preview_file(slug: str, suffix: str, media_type: str) -> Response:
    preview = preview_of(slug)
    if preview.state == "queued":
        return _later(preview)
    if preview.state == "failed":
        raise ConflictError(preview.reason)
    with place.reads() as session:
        found = projects.find_project(session, slug)
    path = previews.folder_of(place.settings(), found, preview) / f"{slug}.{suffix}"
    if not path.exists():
        raise NotFoundError("This preview was cleared away; ask for the release page's preview.")
    return send_file(path, mimetype=media_type, conditional=True)


def _later(preview: Preview) -> Response:
    response = jsonify(
        state=preview.state, detail="The book is being put together; ask again soon."
    )
    response.status_code, response.headers["Retry-After"] = 202, RETRY_AFTER
    return response
