"""The release page: what stands open, a preview, and releases."""

from datetime import datetime

from flask import flash, make_response, redirect, render_template, request, send_file, url_for
from flask.wrappers import Response
from flask_babel import format_date
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from exports import previews, releases
from exports.models import Preview, Release
from library import projects
from library.config import SITE_NAME
from library.errors import ConflictError
from library.models import Project
from proofing import rounds
from web import place
from web.present import Json
from web.previewing import preview_of
from web.projects import bp
from web.words import gettext as _

_WEIGHTS = {"error": 0, "warning": 1, "notice": 2}
_TYPES = {"epub": "application/epub+zip", "txt": "text/plain"}


@bp.get("/projects/<slug>/release", endpoint="releases")
def show_releases(slug: str) -> str:
    """Show findings, preview and releases."""
    person = place.person()
    with place.reads() as session:
        project = projects.find_project(session, slug)
        projects.require_coordinator(session, person, project)
    preview, why_not = _preview(slug)
    with place.reads() as session:
        project = projects.find_project(session, slug)
        found = releases.releases_of(session, project)
        building = any(release.state in ("queued", "building") for release in found)
        return render_template(
            "projects/release.html",
            project=project,
            unfinished=_unfinished(session, project),
            findings=_findings(session, project, preview.findings if preview else []),
            missing=_missing(project, place.now()),
            preview=_preview_state(preview, why_not),
            releases=[_release(release) for release in found],
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
    path = previews.folder_of(place.settings(), project, found) / f"{slug}.{kind}"
    if found.state != "done" or not path.exists():
        flash(_("The preview is being built; ask again in a moment."), "done")
        return _back(slug)
    attached = kind == "epub"
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


def _unfinished(session: Session, project: Project) -> int:
    pages = len(projects.pages_of(session, project))
    return pages - rounds.finished_pages(session, project)


def _findings(session: Session, project: Project, found: list[Json]) -> list[Json]:
    """Return findings with the labels of their pages, the heaviest first."""
    labels = {page.number: page.label for page in projects.pages_of(session, project)}
    shown = [
        {**finding, "label": labels.get(finding["page"]) or str(finding["page"])}
        for finding in found
    ]
    return sorted(shown, key=lambda each: (_WEIGHTS.get(each["severity"], 3), each["page"]))


def _missing(project: Project, now: datetime) -> list[dict[str, str]]:
    """Return what is not known about the book, with what the release says instead."""
    asked = [
        (project.author, _("Author"), _("Anonymous")),
        (project.publisher, _("Publisher"), SITE_NAME),
        (project.year, _("Year"), format_date(now, "long")),
        (project.source_url, _("Source"), f"{place.settings().url}/projects/{project.slug}"),
    ]
    return [{"name": name, "fallback": fallback} for known, name, fallback in asked if not known]


def _release(release: Release) -> Json:
    return {
        "number": release.number,
        "state": release.state,
        "built_at": release.built_at,
        "requested_at": release.requested_at,
        "reason": release.reason,
        "open_findings": sum(each["severity"] == "error" for each in release.findings),
        "files": [
            {"name": file.name, "bytes": file.bytes}
            for file in release.files
            if not file.name.endswith(".jpg")
        ],
        "changes": release.changes,
    }


def _back(slug: str) -> Response:
    return make_response(redirect(url_for("projects.releases", slug=slug), 303))
