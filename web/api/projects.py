"""Projects and the scans they are made of."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import Response, jsonify, request

from library import projects
from library.errors import InvalidError, WrongTypeError
from library.models import Project
from pipeline import ocr
from pipeline.failures import PipelineError
from pipeline.languages import known_languages, to_tesseract
from proofing import rounds
from proofing.rules import DEFAULT_ROUNDS, ROUNDS
from web import place, present
from web.api import bp, lists, shapes
from web.api.describe import call
from web.receiving import receive


@bp.get("/projects")
@call("List projects", gives=shapes.Projects, query=lists.QUERY)
def list_projects() -> Response:
    """Give projects, oldest first."""
    limit, after = lists.limit(), lists.cursor()
    with place.reads() as session:
        query = sa.select(Project).where(Project.deleted_at.is_(None), Project.id > after)
        found = session.scalars(query.order_by(Project.id).limit(limit)).all()
        items = [present.project(session, each) for each in found]
    return jsonify(items=items, next=str(found[-1].id) if len(found) == limit else None)


@bp.post("/projects")
@call(
    "Start a project",
    takes=shapes.NewProject,
    gives=shapes.ProjectOut,
    status=201,
    refuses=(401, 403, 422),
)
def create_project(body: shapes.NewProject) -> tuple[Response, int]:
    """Start a project; whoever starts it coordinates it."""
    person = place.person()
    fields = checked_fields(body.model_dump(exclude_none=True))
    fields.setdefault("rounds", list(DEFAULT_ROUNDS))
    with place.writes() as session:
        made = projects.create_project(session, person, fields, place.now())
        session.flush()
        given = present.project(session, made)
    return jsonify(given), 201


@bp.get("/projects/<slug>")
@call("Show a project", gives=shapes.ProjectOut, refuses=(404, 410))
def show_project(slug: str) -> Response:
    """Give a project with its counts."""
    with place.reads() as session:
        return jsonify(present.project(session, projects.find_project(session, slug)))


@bp.patch("/projects/<slug>")
@call(
    "Change a project",
    takes=shapes.ProjectChange,
    gives=shapes.ProjectOut,
    refuses=(401, 403, 404, 409, 410, 422),
)
def change_project(slug: str, body: shapes.ProjectChange) -> Response:
    """Change fields of a project; the history keeps what they were."""
    person = place.person()
    fields = checked_fields(body.model_dump(exclude_unset=True))
    with place.writes() as session:
        found = projects.find_project(session, slug)
        if "rounds" in fields:
            rounds.require_changeable(session, found, fields["rounds"])
        projects.change_project(session, person, found, fields, place.now())
        session.flush()
        return jsonify(present.project(session, found))


@bp.delete("/projects/<slug>")
@call("Delete or archive a project", gives=shapes.ProjectOut, refuses=(401, 403, 404, 410))
def delete_project(slug: str) -> Response:
    """Hide a project for 30 days; one with volunteers' work is archived instead."""
    person = place.person()
    with place.writes() as session:
        found = projects.find_project(session, slug)
        if rounds.has_work(session, found):
            projects.archive_project(session, person, found, place.now())
        else:
            projects.hide_project(session, person, found, place.now())
        session.flush()
        return jsonify(present.project(session, found))


@bp.post("/projects/<slug>/scans")
@call(
    "Add scans",
    gives=shapes.Uploaded,
    status=202,
    refuses=(401, 403, 404, 410, 413, 415, 422, 507),
    files=True,
)
def add_scans(slug: str) -> tuple[Response, int]:
    """Take images, archives and PDFs; when this answers, every page exists and is counted."""
    person = place.person()
    with place.reads() as session:
        found = projects.find_project(session, slug)
        projects.require_coordinator(session, person, found)
    if request.mimetype != "multipart/form-data":
        raise WrongTypeError("Send scans as multipart/form-data, field files.")
    added = receive(slug, person, request.files.getlist("files"), secrets.token_hex(8))
    place.ring("ocr")
    given = {
        "accepted": [{"file": file, "pages": pages} for file, pages in added.accepted],
        "rejected": [{"file": file, "reason": reason} for file, reason in added.rejected],
        "upload": added.batch,
    }
    return jsonify(given), 202 if added.accepted else 422


def checked_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields of a project as they are stored; raises InvalidError with what to do."""
    checked = {name: value for name, value in fields.items() if value is not None}
    if "year" in fields:
        checked["year"] = fields["year"]
    if "languages" in checked:
        checked["languages"] = readable_languages(checked["languages"])
    if "rounds" in checked:
        _check_rounds(checked["rounds"])
    if checked.get("policy") == "adaptive":
        sentence = "This site reads every page in every round; use every-page."
        raise InvalidError(sentence, {"policy": sentence})
    return checked


def readable_languages(languages: Sequence[str]) -> list[str]:
    """Return languages as BCP 47; raises InvalidError for one that can't be read here."""
    known = known_languages(languages)
    try:
        ocr.require_languages([to_tesseract(language) for language in known])
    except PipelineError as error:
        raise InvalidError(error.sentence, {"languages": error.sentence}) from None
    return known


def _check_rounds(codes: list[str]) -> None:
    unknown = [code for code in codes if code not in ROUNDS]
    if unknown or len(set(codes)) != len(codes):
        sentence = f"rounds takes each of {', '.join(ROUNDS)} at most once, in order."
        raise InvalidError(sentence, {"rounds": sentence})
