"""What a coordinator may change: the book's details, kinds of pages, coordinators, its end."""

from typing import Any

import sqlalchemy as sa
from flask import flash, make_response, redirect, render_template, request, url_for
from flask.wrappers import Response
from sqlalchemy.orm import Session

from library import people, projects
from library.errors import ConflictError, InvalidError, NotFoundError
from library.models import Page, Project
from proofing import rounds
from web import place
from web.api.projects import checked_fields
from web.forms import Errors, Values, book_fields, page_numbers, project_values, typed_book
from web.projects import bp
from web.projects.adding import language_options, round_options
from web.words import gettext as _
from web.words import ngettext


@bp.get("/projects/<slug>/manage")
def manage(slug: str) -> str:
    """Show what a coordinator may change."""
    return _form(slug, None, {})


@bp.post("/projects/<slug>/manage")
def manage_now(slug: str) -> Response | tuple[str, int]:
    """Change a book's details; the history keeps what they were."""
    person = place.person()
    fields, errors = _typed()
    if not errors:
        try:
            with place.writes() as session:
                project = projects.find_project(session, slug)
                _change(session, project, fields)
                projects.change_project(session, person, project, fields, place.now())
        except InvalidError as error:
            errors = error.errors or {"title": error.sentence}
        except ConflictError as error:
            errors = {"rounds": error.sentence}
        else:
            flash(_("Kept."), "done")
            return _back(slug)
    return _form(slug, typed_book(request.form), errors), 422


@bp.post("/projects/<slug>/manage/pages")
def page_kinds(slug: str) -> Response | tuple[str, int]:
    """Say what kind of pages some are: the machine only proposes it."""
    person, kind = place.person(), request.form.get("kind", "")
    try:
        numbers = page_numbers(request.form.get("pages", ""))
        with place.writes() as session:
            project = projects.find_project(session, slug)
            for number in numbers:
                page = projects.find_page(session, project, str(number))
                projects.change_page(session, person, page, place.now(), kind=kind)
                page.proposed_kind = None
                rounds.apply_kind(session, project, page, place.now())
    except (InvalidError, NotFoundError) as error:
        return _form(slug, None, {"pages": error.sentence}), 422
    count = len(numbers)
    flash(ngettext("%(num)d page is set.", "%(num)d pages are set.", count), "done")
    return _back(slug)


@bp.post("/projects/<slug>/manage/coordinators")
def coordinators(slug: str) -> Response | tuple[str, int]:
    """Add a coordinator by name, or remove one."""
    person, added = place.person(), request.form.get("add", "").strip().casefold()
    name = added or request.form.get("remove", "")
    change = projects.add_coordinator if added else projects.remove_coordinator
    try:
        with place.writes() as session:
            project = projects.find_project(session, slug)
            change(session, person, project, people.person_named(session, name), place.now())
    except (ConflictError, NotFoundError) as error:
        return _form(slug, None, {"add": error.sentence}), 422
    flash(_("Kept."), "done")
    return _back(slug) if added or name != person.name else _see("projects.show", slug)


@bp.post("/projects/<slug>/manage/remove")
def remove(slug: str) -> Response:
    """Hide a book nobody has worked on for 30 days; archive any other."""
    person = place.person()
    with place.writes() as session:
        project = projects.find_project(session, slug)
        worked_on, title = rounds.has_work(session, project), project.title
        end = projects.archive_project if worked_on else projects.hide_project
        end(session, person, project, place.now())
    if worked_on:
        flash(_("%(title)s is archived; its texts stay readable.", title=title), "done")
        return _see("projects.show", slug)
    flash(_("%(title)s is removed; within 30 days it can be brought back.", title=title), "done")
    return make_response(redirect(url_for("projects.index"), 303))


def _typed() -> tuple[Values, Errors]:
    fields, errors = book_fields(request.form)
    fields["note"] = request.form.get("note", "").replace("\r\n", "\n").strip()
    fields["opened"] = request.form.get("opened") == "1"
    fields["state"] = request.form.get("state", "")
    try:
        fields = checked_fields(fields)
    except InvalidError as error:
        errors |= error.errors
    return fields, errors


def _change(session: Session, project: Project, fields: Values) -> None:
    """Leave out what stands already, so that only real changes are judged."""
    if fields["state"] == project.state:
        del fields["state"]
    # The form has one language; a book with more keeps the others behind it.
    fields["languages"] = [*fields["languages"], *project.languages[1:]]
    fields["languages"] = list(dict.fromkeys(fields["languages"]))
    if fields["rounds"] != project.rounds:
        rounds.require_changeable(session, project, fields["rounds"])


def _form(slug: str, values: Values | None, errors: Errors) -> str:
    person = place.person()
    with place.reads() as session:
        project = projects.find_project(session, slug)
        projects.require_coordinator(session, person, project)
        return render_template(
            "projects/manage.html",
            project=project,
            values=project_values(project) if values is None else values,
            errors=errors,
            language_options=language_options(project.languages[0]),
            round_options=round_options(),
            proposals=_proposals(session, project),
            coordinators=projects.coordinators(session, project),
            upload_bytes=place.settings().upload_bytes,
            deletable=not rounds.has_work(session, project),
        )


def _proposals(session: Session, project: Project) -> list[dict[str, Any]]:
    found = session.scalars(
        sa.select(Page)
        .where(
            Page.project_id == project.id,
            Page.deleted_at.is_(None),
            Page.kind == "text",
            Page.proposed_kind.is_not(None),
        )
        .order_by(Page.number)
    )
    return [
        {"number": page.number, "label": page.label or str(page.number), "kind": page.proposed_kind}
        for page in found
    ]


def _back(slug: str) -> Response:
    return _see("projects.manage", slug)


def _see(endpoint: str, slug: str) -> Response:
    return make_response(redirect(url_for(endpoint, slug=slug), 303))
