"""The release page: what stands open, a preview, and releases."""

from flask import flash, make_response, redirect, render_template, request, send_file, url_for
from flask.wrappers import Response
from werkzeug.exceptions import BadRequest

from exports.models import Preview
from exports.releasing import previews, releases
from library import projects
from library.errors import ConflictError
from web import place
from web.books import shelves
from web.present import Json
from web.previewing import preview_of
from web.projects import bp, findings, readiness
from web.words import gettext as _

#: What a preview is sent as; the cover is shown, the web page kept.
_TYPES = {
    "epub": "application/epub+zip",
    "txt": "text/plain",
    "html": "text/html",
    "jpg": "image/jpeg",
}


@bp.get("/projects/<slug>/release", endpoint="releases")
def show_releases(slug: str) -> str:
    """Show where the book stands, previews and releases."""
    person, settings = place.person(), place.settings()
    with place.reads() as session:
        projects.require_coordinator(session, person, projects.find_project(session, slug))
    preview, why_not = _preview(slug)
    state = preview.state if preview else ""
    with place.reads() as session:
        project = projects.find_project(session, slug)
        built = previews.newest_preview(session, project, settings) if preview else None
        found = releases.releases_of(session, project)
        building = any(release.state in ("queued", "building") for release in found)
        return render_template(
            "projects/release.html",
            project=project,
            glance=readiness.glance(session, project, built),
            findings=findings.findings_of(session, project, person, state),
            refused=None,
            missing=readiness.missing(project, settings, place.now()),
            news=readiness.news(session, project, settings) if preview else None,
            preview=_preview_state(preview, why_not),
            releases=readiness.shown(session, project, found),
            public=releases.published(session, project),
            under_way=building or (preview is not None and preview.state == "queued"),
        )


@bp.post("/projects/<slug>/release")
def release(slug: str) -> Response:
    """Have the book built from what stands now."""
    person, anyway = place.person(), request.form.get("with_open_findings") == "1"
    with place.writes() as session:
        project = projects.find_project(session, slug)
        releases.request_release(
            session, person, project, place.settings(), place.now(), with_open_findings=anyway
        )
    place.ring("books")
    flash(_("The release is being built."), "done")
    return _back(slug)


@bp.post("/projects/<slug>/release/withdraw")
def withdraw(slug: str) -> Response:
    """Take a release out of the library."""
    person, number = place.person(), request.form.get("number", -1, type=int)
    with place.writes() as session:
        project = projects.find_project(session, slug)
        releases.withdraw(session, person, project, number, place.now())
    flash(_("Release %(number)s is withdrawn.", number=number), "done")
    return _back(slug)


@bp.get("/projects/<slug>/preview.<kind>")
def preview(slug: str, kind: str) -> Response:
    """Send the book as it would be now; while it is built, go to the release page."""
    if kind not in _TYPES:
        raise BadRequest
    place.person()
    found = preview_of(slug)
    with place.reads() as session:
        project = projects.find_project(session, slug)
    name = shelves.COVER if kind == "jpg" else f"{slug}.{kind}"
    path = previews.folder_of(place.settings(), project, found) / name
    if found.state != "done" or not path.exists():
        flash(_("The preview is being built; ask again in a moment."), "done")
        return _back(slug)
    attached = kind in ("epub", "html")
    return send_file(path, mimetype=_TYPES[kind], as_attachment=attached, conditional=True)


def _preview(slug: str) -> tuple[Preview | None, str]:
    try:
        return preview_of(slug), ""
    except ConflictError as error:
        return None, error.sentence


def _preview_state(preview: Preview | None, why_not: str) -> Json:
    if preview is None:
        return {"state": "failed", "reason": why_not}
    return {"state": preview.state, "reason": preview.reason}


def _back(slug: str) -> Response:
    return make_response(redirect(url_for("projects.releases", slug=slug), 303))
