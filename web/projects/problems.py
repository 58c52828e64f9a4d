"""What waits for the coordinator: reported scans, open notes, suggested words."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.wrappers import Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from library import projects
from library.errors import InvalidError, NotFoundError
from library.models import Event, Person
from pipeline import runs
from proofing import notes, rounds, suggestions, tallies, tasks
from proofing.models import PageTask
from proofing.rules import ROUNDS
from web import place, talk
from web.present import Json
from web.projects import bp
from web.receiving import store_one
from web.words import gettext as _

#: Notes and words shown at once; the next come up as these are settled.
_AT_ONCE = 50


@bp.get("/projects/<slug>/problems")
def problems(slug: str) -> str:
    """Show reported scans, open notes and suggested words."""
    return _page(slug, {})


@bp.post("/projects/<slug>/problems/<int:number>")
def settle(slug: str, number: int) -> Response | tuple[str, int]:
    """Put a reported page back, with another scan if one is sent, or leave the page out."""
    action = request.form.get("action")
    if action == "replace":
        return _replace(slug, number)
    if action not in ("clear", "skip"):
        raise BadRequest
    person = place.person()
    with place.writes() as session:
        task = _reported(session, slug, number)
        tasks.clear_bad(session, task.id, person, place.now())
        if action == "skip":
            projects.change_page(session, person, task.page, place.now(), kind="skip")
            rounds.apply_kind(session, task.project, task.page, place.now())
    flash(_("Page %(number)s is settled.", number=number), "done")
    return _back(slug)


def _replace(slug: str, number: int) -> Response | tuple[str, int]:
    person = place.person()
    with place.reads() as session:
        projects.require_coordinator(session, person, projects.find_project(session, slug))
    try:
        scan = store_one([file for file in request.files.getlist("file") if file.filename])
    except InvalidError as error:
        return _page(slug, {"file": error.sentence}), 422
    with place.writes() as session:
        task = _reported(session, slug, number)
        tasks.clear_bad(session, task.id, person, place.now())
        runs.replace_image(session, person, task.page, scan, place.now())
    place.ring("ocr")
    flash(_("Page %(number)s has the new scan and is read again.", number=number), "done")
    return _back(slug)


def _reported(session: Session, slug: str, number: int) -> PageTask:
    """Return the task of this page that the form names; raises NotFoundError."""
    page = projects.find_page(session, projects.find_project(session, slug), str(number))
    task = tasks.find_task(session, request.form.get("task", -1, type=int))
    if task.page_id != page.id:
        raise NotFoundError(_("This page has no such round."))
    return task


def _page(slug: str, errors: dict[str, str]) -> str:
    person = place.person()
    with place.reads() as session:
        project = projects.find_project(session, slug)
        projects.require_coordinator(session, person, project)
        return render_template(
            "projects/problems.html",
            project=project,
            problems=[_problem(session, task) for task in tallies.problems(session, project)],
            notes=[
                talk.note_shown(each, person)
                for each in notes.of_project(session, project, limit=_AT_ONCE)
            ],
            suggestions=[
                talk.suggestion_shown(each)
                for each in suggestions.waiting(session, project, limit=_AT_ONCE)
            ],
            errors=errors,
        )


def _problem(session: Session, task: PageTask) -> Json:
    reported = session.execute(
        select(Event.at, Person.name)
        .outerjoin(Person, Person.id == Event.person_id)
        .where(Event.page_id == task.page_id, Event.action == "task.bad")
        .order_by(Event.id.desc())
        .limit(1)
    ).first()
    return {
        "task_id": task.id,
        "number": task.number,
        "label": task.page.label or str(task.number),
        "round_name": ROUNDS[task.round].name,
        "by": reported.name if reported else "",
        "at": reported.at if reported else place.now(),
        "reason": task.reason,
    }


def _back(slug: str) -> Response:
    return make_response(redirect(url_for("projects.problems", slug=slug), 303))
