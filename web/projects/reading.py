"""The machine reads the pages: how far it is, what it could not read, and reading again."""

import hashlib

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.wrappers import Response
from sqlalchemy.orm import Session

from library import projects
from library.models import Page, Project
from pipeline import runs
from pipeline.runs import Progress
from web import place, present
from web.numbering import numbers_of
from web.present import Json
from web.projects import bp
from web.projects.adding import outcome
from web.words import ngettext

_MARKS = {"queued": "waiting", "running": "under-way", "done": "read", "failed": "problem"}


@bp.get("/projects/<slug>/reading")
def reading(slug: str) -> Response:
    """Show how far the machine is; asked again with its ETag, it answers 304 until that changes."""
    person = place.visitor()
    with place.reads() as session:
        project = projects.find_project(session, slug)
        progress = runs.progress(session, project, place.now())
        cells = _cells(session, project)
        numbers = numbers_of(projects.pages_of(session, project))
        may_manage = projects.coordinates(session, person, project)
        page = render_template(
            "projects/reading.html",
            project={name: getattr(project, name) for name in ("slug", "title", "opened")},
            progress=_figures(progress),
            pages=cells,
            failures=[
                {
                    "number": failed.number,
                    "label": failed.label or str(failed.number),
                    "file": failed.file_name,
                    "reason": run.reason,
                }
                for failed, run in runs.failures(session, project)
            ],
            **outcome(session, person, request.args.get("upload", "")),
            numbers=numbers,
            may_manage=may_manage,
        )
    response = make_response(page)
    response.headers["Cache-Control"] = "private, no-cache"
    seen = (
        cells,
        numbers,
        progress.minutes_left,
        may_manage,
        person.name if person else "",
        project.opened,
    )
    response.set_etag(hashlib.sha256(repr(seen).encode()).hexdigest()[:32])
    response.make_conditional(request)
    return response


@bp.post("/projects/<slug>/reading/again")
def read_again(slug: str) -> Response:
    """Have a page, or all that could not be read, read once more."""
    person, which = place.person(), request.form.get("page", "")
    with place.writes() as session:
        project = projects.find_project(session, slug)
        projects.require_coordinator(session, person, project)
        chosen = _chosen(session, project, which)
        for page in chosen:
            runs.read_again(session, person, page, place.now())
    place.ring("ocr")
    words = ngettext("%(num)d page is read again.", "%(num)d pages are read again.", len(chosen))
    flash(words, "done")
    return make_response(redirect(url_for("projects.reading", slug=slug), 303))


def _chosen(session: Session, project: Project, which: str) -> list[Page]:
    if which == "failed":
        return [page for page, _run in runs.failures(session, project)]
    return [projects.find_page(session, project, which)]


def _cells(session: Session, project: Project) -> list[Json]:
    return [
        {
            "number": item["number"],
            "label": item["label"] or str(item["number"]),
            "mark": _MARKS[item["ocr"]["state"]],
            "holder": None,
        }
        for item in present.page_items(session, project)
    ]


def _figures(progress: Progress) -> Json:
    done = progress.states["done"]
    return {
        "total": progress.total,
        "done": done,
        "failed": progress.states["failed"],
        "running": progress.states["running"],
        "minutes_left": progress.minutes_left,
        "pace": progress.pace if progress.finished < progress.total else None,
        "sure": 1 - progress.doubtful / progress.words if progress.words else None,
        "doubtful": progress.doubtful / done if done else None,
        "started_at": progress.started_at,
    }
