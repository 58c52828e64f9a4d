"""Errors that readers report, and their answers."""

from flask import Response, jsonify, request

from exports.errata import answering, errata
from exports.errata.errata import Report
from exports.releasing import releases
from library import projects
from library.errors import NotFoundError
from web import place
from web.api import bp, lists, shapes
from web.api.describe import call
from web.books import reported
from web.security import limit_of, limiter


@bp.post("/books/<slug>/errata")
@limiter.limit(limit_of("errata"))
@call(
    "Report an error in a published book",
    takes=shapes.ErratumReport,
    gives=shapes.ErratumReported,
    status=201,
    refuses=(404, 410, 422),
)
def report_erratum(slug: str, body: shapes.ErratumReport) -> tuple[Response, int]:
    """Keep a report; no account is needed. The same report made again is the one that is known."""
    sent = Report(
        body.current, body.proposed, body.note, body.quote, body.page, body.line,
        body.name, body.mail,
    )  # fmt: skip
    with place.writes() as session:
        project = projects.find_project(session, slug)
        release = releases.published(session, project)
        if release is None:
            raise NotFoundError(f"{project.title} has not been released yet.")
        kept = errata.report(
            session, project, release, sent, place.visitor(),
            place.settings().secret_key, place.now(),
        )  # fmt: skip
        given = reported.erratum(session, kept.erratum)
    return jsonify({**given, "answer_url": reported.finder_url(kept.secret)}), 201


@bp.get("/projects/<slug>/errata")
@call(
    "List a book's errata",
    gives=shapes.Errata,
    query={**lists.QUERY, "state": "open, accepted or rejected."},
    refuses=(404, 410),
)
def list_errata(slug: str) -> Response:
    """Give a project's errata, the oldest report first."""
    limit, after = lists.limit(), lists.cursor()
    with place.reads() as session:
        project, state = projects.find_project(session, slug), request.args.get("state", "")
        found = errata.listed(session, project, state, after, limit)
        items = [reported.erratum(session, each) for each in found]
    following = str(items[-1]["id"]) if len(items) == limit else None
    return jsonify(items=items, next=following)


@bp.post("/errata/<int:erratum_id>/accept")
@call(
    "Accept an erratum",
    takes=shapes.ErratumAccept,
    gives=shapes.ErratumOut,
    refuses=(401, 403, 404, 409, 410, 422),
)
def accept_erratum(erratum_id: int, body: shapes.ErratumAccept) -> Response:
    """Correct the page as proposed, or with `text`; a release follows within the hour."""
    person = place.person()
    with place.writes() as session:
        row = answering.accept(session, person, erratum_id, place.now(), body.text)
        given = reported.erratum(session, row)
    place.ring("books")
    return jsonify(given)


@bp.post("/errata/<int:erratum_id>/reject")
@call(
    "Reject an erratum",
    takes=shapes.ErratumReject,
    gives=shapes.ErratumOut,
    refuses=(401, 403, 404, 409, 410, 422),
)
def reject_erratum(erratum_id: int, body: shapes.ErratumReject) -> Response:
    """Leave the book as it is, with the reason; `noted`: the next release says that it knows."""
    person = place.person()
    with place.writes() as session:
        row = answering.reject(
            session, person, erratum_id, body.reason, place.now(), noted=body.noted
        )
        given = reported.erratum(session, row)
    place.ring("books")
    return jsonify(given)


@bp.post("/errata/<int:erratum_id>/reopen")
@call("Take an answer back", gives=shapes.ErratumOut, refuses=(401, 403, 404, 409, 410))
def reopen_erratum(erratum_id: int) -> Response:
    """Open a report again; what an accepted one changed is put back."""
    person = place.person()
    with place.writes() as session:
        given = reported.erratum(
            session, answering.reopen(session, person, erratum_id, place.now())
        )
    return jsonify(given)
