"""Smooth reading: the book as it will be, read whole in the browser, errors reported on the way."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.wrappers import Response
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as ResponseBase

from exports.errata import smooth
from exports.models import Release
from exports.releasing import freezing, previews, sources
from library import projects
from library.models import Project
from web import place
from web.books import errata, reader
from web.books.reader import Reading
from web.previewing import preview_of
from web.words import gettext as _

bp = Blueprint("smooth", __name__)


@bp.get("/smooth/<slug>")
def index(slug: str) -> ResponseBase:
    """Show title and contents, or say that the book is being put together."""
    place.person()
    preview_of(slug)  # asks for the newest; what was built before is read meanwhile
    reading, at = _open(slug), request.args.get("at", "")
    if reading is None:
        return _waiting(slug)
    return reader.go_to(reading, at) if at else reader.show_contents(reading)


@bp.get("/smooth/<slug>/<chapter>")
def chapter(slug: str, chapter: str) -> Response:
    """Show a chapter, or the book's style sheet."""
    reading = _open(slug)
    if reading is None:
        return _waiting(slug)
    show = reader.send_part if "." in chapter else reader.show_chapter
    return show(reading, chapter)


@bp.get("/smooth/<slug>/images/<name>")
def picture(slug: str, name: str) -> Response:
    """Send a picture of the book."""
    reading = _open(slug)
    return _waiting(slug) if reading is None else reader.send_part(reading, f"images/{name}")


@bp.get("/smooth/<slug>/report")
def report(slug: str) -> str:
    """Show the form for an error, with the printed line."""
    with place.reads() as session:
        project, _release = _book(session, slug)
        return errata.form(session, project, None)


@bp.post("/smooth/<slug>/report")
def report_now(slug: str) -> Response | tuple[str, int]:
    """Keep a smooth reader's report."""
    return errata.take(slug, _book)


@bp.post("/projects/<slug>/smooth")
def invite(slug: str) -> Response:
    """Open the book to smooth readers, or close it."""
    person, wanted = place.person(), request.form.get("open") == "1"
    with place.writes() as session:
        project = projects.find_project(session, slug)
        smooth.invite(session, person, project, place.now(), wanted=wanted)
    said = _("Volunteers are invited to read the book.") if wanted else _("The invitation is over.")
    flash(said, "done")
    return make_response(redirect(url_for("projects.releases", slug=slug), 303))


def _book(session: Session, slug: str) -> tuple[Project, Release | None]:
    project = projects.find_project(session, slug)
    smooth.require_reader(session, place.person(), project)
    return project, None


def _open(slug: str) -> Reading | None:
    """Open the newest preview that was built, or return None where there is none yet."""
    with place.reads() as session:
        project, _release = _book(session, slug)
        preview = smooth.newest_built(session, project)
        if preview is None:
            return None
        said = freezing.project_metadata(session, project, place.settings())
        under = url_for("smooth.index", slug=slug)
        reading = Reading(
            slug=slug,
            folder=previews.folder_of(place.settings(), project, preview),
            digest=preview.source_digest,
            metadata=sources.as_metadata(said, preview.asked_at.date(), 0),
            under=f"{under}/",
            back=url_for("projects.show", slug=slug),
            report=f"{under}/report",
        )
    return reading if reading.chapters.exists() else None


def _waiting(slug: str) -> Response:
    with place.reads() as session:
        project, _release = _book(session, slug)
        page = render_template("errata/waiting.html", project=project)
    answer = make_response(page, 202)
    answer.headers["Retry-After"] = "5"
    return answer
