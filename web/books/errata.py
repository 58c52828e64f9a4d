"""Errors that readers find: the form with the printed line, the answer, the queue.

All of it works without scripts; `static/js/reader/report.js` opens the form beside the text.
"""

import re

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.wrappers import Response
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from exports.errata import answering, errata, placing
from exports.errata.errata import LONGEST, Report
from exports.models import Release
from exports.releasing import releases
from library import projects
from library.errors import InvalidError, NotFoundError
from library.models import Page, Project
from web import place
from web.books import reported
from web.present import Json
from web.security import limit_of, limiter
from web.words import gettext as _

bp = Blueprint("errata", __name__)

#: A line as web editions name it, or a page's number alone.
_AT = re.compile(r"p?(\d{1,6})(?:[l:](\d{1,6}))?")
_FIELDS = ("current", "proposed", "quote", "note", "name", "address")


@bp.get("/books/<slug>/report")
def report(slug: str) -> str:
    """Show the form, with the printed lines of the words that the address names."""
    with place.reads() as session:
        project, release = _released(session, slug)
        return form(session, project, release)


@bp.post("/books/<slug>/report")
@limiter.limit(limit_of("errata"))
def report_now(slug: str) -> Response | tuple[str, int]:
    """Keep a report; its finder goes to the address where the answer will be."""
    return take(slug, _released)


def form(
    session: Session,
    project: Project,
    release: Release | None,
    errors: dict[str, str] | None = None,
) -> str:
    """Return the form of a report on a release, or (None) on a book before its release."""
    asked = request.values
    values = {name: asked.get(name, "")[: LONGEST.get(name, 300)] for name in _FIELDS}
    if request.method == "GET":
        values["proposed"] = values["proposed"] or values["current"]
    at = asked.get("at", "")[:20]
    found = _found(session, project, release, values, at)
    return render_template(
        "books/report.html",
        project=project,
        release=release,
        smooth=release is None,
        values=values,
        at=at,
        errors=errors or {},
        found=found,
        printed=found[0] if len(found) == 1 else None,
    )


def take(slug: str, book_of: reported.BookOf) -> Response | tuple[str, int]:
    """Keep the report that the form sends; a refused one is shown again."""
    values = {name: request.form.get(name, "") for name in _FIELDS}
    page, line = located(request.form.get("at", ""))
    try:
        sent = Report(**values, page=page, line=line)
        with place.writes() as session:
            project, release = book_of(session, slug)
            kept = errata.report(
                session, project, release, sent, place.visitor(),
                place.settings().secret_key, place.now(),
            )  # fmt: skip
    except InvalidError as error:
        with place.reads() as session:
            project, release = book_of(session, slug)
            return form(session, project, release, _named(error)), 422
    return _see(url_for("errata.answer", secret=kept.secret))


@bp.get("/errata/<secret>")
def answer(secret: str) -> str:
    """Show a report and its answer to whoever made it."""
    with place.reads() as session:
        erratum = errata.by_secret(session, secret)
        project = session.get_one(Project, erratum.project_id)
        shown = reported.shown(session, erratum, place.visitor())
        return render_template(
            "errata/answer.html", erratum=shown, project=project, promised=bool(erratum.address)
        )


@bp.get("/errata")
def queue() -> str:
    """Show the open reports that this person may answer, of all books."""
    person = place.person()
    with place.reads() as session:
        found = errata.waiting_for(session, person, limit=reported.AT_ONCE)
        return render_template(
            "errata/queue.html",
            project=None,
            errata=[reported.shown(session, each, person) for each in found],
            answered=[],
            why_not=None,
            editing=request.args.get("edit", type=int),
        )


@bp.get("/projects/<slug>/errata")
def of_project(slug: str) -> str:
    """Show a book's reports: those that wait, and what was answered."""
    person = place.person()
    with place.reads() as session:
        project = projects.find_project(session, slug)
        open_ones = errata.errata_of(session, project, "open", reported.AT_ONCE)
        answered = [
            each
            for each in errata.errata_of(session, project, limit=reported.AT_ONCE)
            if each.state != "open"
        ]
        return render_template(
            "errata/queue.html",
            project=project,
            errata=[reported.shown(session, each, person) for each in open_ones],
            answered=[reported.shown(session, each, person) for each in answered],
            why_not=errata.why_not(session, person, project),
            editing=request.args.get("edit", type=int),
        )


@bp.post("/errata/<int:erratum_id>/answer")
def settle(erratum_id: int) -> Response:
    """Answer a report, or take an answer back; then the next one is shown."""
    person, action = place.person(), request.form.get("action")
    back = request.form.get("back", "")
    with place.writes() as session:
        if action in ("accept", "edit"):
            text = request.form.get("text") if action == "edit" else None
            answering.accept(session, person, erratum_id, place.now(), text)
            said = _("Corrected; a new release follows within the hour.")
        elif action in ("reject", "printed", "noted"):
            reason = request.form.get("reason", "").strip() or _printed(action)
            noted = action == "noted"
            answering.reject(session, person, erratum_id, reason, place.now(), noted=noted)
            said = _("Answered; the book stays as it is.")
        elif action == "reopen":
            answering.reopen(session, person, erratum_id, place.now())
            said = _("Open again.")
        else:
            raise BadRequest
        project = session.get_one(Project, errata.find_erratum(session, erratum_id).project_id)
        slug = project.slug
    place.ring("books")
    flash(said, "done")
    return _see(url_for("errata.of_project", slug=slug) if back else url_for("errata.queue"))


def located(at: str) -> tuple[int | None, int | None]:
    """Return page and line of `p12l7`, `12:7` or `12`; None for what is not said."""
    match = _AT.fullmatch(at.strip())
    if match is None:
        return None, None
    return int(match[1]), int(match[2]) if match[2] else None


def _printed(action: str | None) -> str:
    """Return what the finder of a printer's error is told, where nothing else is typed."""
    if action == "printed":
        return _("So it is printed; the book keeps to its print.")
    if action == "noted":
        return _("So it is printed. The book keeps to its print, and its notes will say so.")
    return ""


def _found(
    session: Session, project: Project, release: Release | None, values: Json, at: str
) -> list[Json]:
    """Return the places that the words may be at, each with pictures of its printed lines."""
    page, line = located(at)
    if not values["current"].strip() or len(values["current"]) > LONGEST["current"]:
        return []
    sources = placing.sources_of(session, project, release)
    near = (page, line or 1) if page is not None else None
    found = placing.find(session, sources, values["current"], values["quote"], near)
    if near is not None:
        # The reader's own place was looked at first; where the words stand there, that is it.
        found = [each for each in found if each.source.number == page][:1] or found
    return [
        {
            "at": f"p{each.source.number}l{each.line}",
            **reported.page_named(session.get_one(Page, each.source.page_id)),
            "pictures": reported.pictures(
                session, each.source, each.line, each.place.text.count("\n") + 1
            ),
        }
        for each in found
    ]


def _released(session: Session, slug: str) -> tuple[Project, Release]:
    project = projects.find_project(session, slug)
    release = releases.published(session, project)
    if release is None:
        raise NotFoundError(f"{project.title} has not been released yet.")
    return project, release


def _named(error: InvalidError) -> dict[str, str]:
    """Return an error's sentences by the names of the form's fields."""
    errors = dict(error.errors) or {"current": error.sentence}
    if "mail" in errors:
        errors["address"] = errors.pop("mail")
    return errors


def _see(address: str) -> Response:
    return make_response(redirect(address, 303))
