"""A book's own cover, or the one that is drawn for it."""

import hashlib
from pathlib import Path
from typing import cast

from flask import Response, jsonify, request, send_file, url_for

from exports.writing.cover import draw_cover
from library import projects
from library.durable import replacing
from library.errors import InvalidError
from library.models import Page, Project
from pipeline import covers
from web import place
from web.api import bp, shapes
from web.api.describe import call, read_body
from web.present import Json
from web.receiving import store_one


@bp.get("/projects/<slug>/cover")
@call("Get a book's cover", refuses=(404, 410))
def get_cover(slug: str) -> Response:
    """Give the cover that the next release has, as JPEG."""
    with place.reads() as session:
        project = projects.find_project(session, slug)
    if project.cover_sha256:
        path, etag = place.installation().storage.path(project.cover_sha256), project.cover_sha256
    else:
        path = _drawn(project)
        etag = path.stem
    response = send_file(path, mimetype="image/jpeg", etag=etag, conditional=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.put("/projects/<slug>/cover")
@call(
    "Give a book its own cover",
    gives=shapes.CoverOut,
    files=True,
    refuses=(401, 403, 404, 410, 413, 415, 422),
)
def put_cover(slug: str) -> Response:
    """Take an image (field `file`), or `{"page": N}`: that page's scan."""
    with place.reads() as session:
        projects.require_coordinator(session, place.person(), projects.find_project(session, slug))
    if request.is_json:
        asked = cast("shapes.CoverPage", read_body(shapes.CoverPage))
        return jsonify(change_cover(slug, str(asked.page)))
    return jsonify(change_cover(slug, request.form.get("page", "").strip()))


@bp.delete("/projects/<slug>/cover")
@call("Have the cover drawn", gives=shapes.CoverOut, refuses=(401, 403, 404, 410))
def delete_cover(slug: str) -> Response:
    """Return to the cover that is drawn for the book."""
    person = place.person()
    with place.writes() as session:
        project = projects.find_project(session, slug)
        covers.set_cover(session, person, project, None, place.now())
    return jsonify(_given(project))


def change_cover(slug: str, address: str) -> Json:
    """Make a cover of the page at this address, else of the file that came, and set it.

    Raises InvalidError when neither came, PipelineError for an image that makes no cover.
    """
    person = place.person()
    sent = [file for name in ("file", "files") for file in request.files.getlist(name)]
    sent = [file for file in sent if file.filename]
    with place.reads() as session:
        project = projects.find_project(session, slug)
        projects.require_coordinator(session, person, project)
        page = projects.find_page(session, project, address) if address else None
    if page is None and not sent:
        raise InvalidError("Send an image, or the number of a page.", {"file": "No image came."})
    sha256 = covers.keep_cover(place.installation().storage, page or store_one(sent))
    with place.writes() as session:
        project = projects.find_project(session, slug)
        page = session.get_one(Page, page.id) if page else None
        covers.set_cover(session, person, project, sha256, place.now(), page)
    return _given(project)


def _given(project: Project) -> Json:
    url = url_for("api.get_cover", slug=project.slug, _external=True)
    return {"own": project.cover_sha256 is not None, "url": url}


def _drawn(project: Project) -> Path:
    """Return the drawn cover's file, drawn once for these words."""
    named = [each["name"] for each in project.contributors if each["role"] == "aut"]
    authors = ", ".join(filter(None, (project.author, *named))) or "Anonymous"
    digest = hashlib.sha256(f"{project.title}\n{authors}".encode()).hexdigest()
    path = place.settings().var / "derivatives" / f"cover-{digest[:32]}.jpg"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as made:
            made.write_bytes(draw_cover(project.title, authors))
    return path
