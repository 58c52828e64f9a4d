"""The desk: what is in hand and what could be next, and the page being proofread, as plain forms.

The scripts of `static/js/desk` do the same by the API, without loading a page.
"""

from dataclasses import replace

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask.wrappers import Response
from werkzeug.exceptions import BadRequest

from exports.writing.onepage import STYLE
from library import projects
from library.errors import ConflictError, ForbiddenError, GalleyError, InvalidError
from library.models import Person
from proofing import checkout, saving, tallies, tasks
from proofing.marks import unclosed_mark
from proofing.models import PageTask
from proofing.rules import ROUNDS, State
from proofing.saving import Attempt, Saved
from web import carrying, place
from web.carrying import Typed
from web.dashboard import show_desk
from web.sheet import Shown, show_page
from web.words import gettext as _
from web.words import ngettext

bp = Blueprint("desk", __name__)

_DAY = 24 * 3600

Answer = Response | tuple[str, int]


@bp.get("/desk")
def index() -> str:
    """Show the desk of who asks."""
    return show_desk(place.person())


@bp.get("/desk/book.css")
def book_style() -> Response:
    """Give the style sheet of the books, in which a page is shown as it will stand in one."""
    answer = Response(STYLE.read_bytes(), mimetype="text/css")
    answer.cache_control.max_age = _DAY
    return answer


@bp.get("/proof/<int:task_id>")
def proof(task_id: int) -> Response | str:
    """Show a page in hand; a page in other hands is shown where everyone may look at it."""
    person = place.person()
    with place.reads() as session:
        task = tasks.find_task(session, task_id)
        if task.state == State.OUT and task.holder_id == person.id:
            return show_page(session, task, person)
        flash(_whose(task, person), "error")
        return _see(url_for("projects.page", slug=task.project.slug, number=task.number))


@bp.post("/proof/<int:task_id>/save")
def save(task_id: int) -> Answer:
    """Keep a draft."""
    if place.visitor() is None:
        return carrying.ask_to_sign_in(task_id)
    refused = keep(place.person(), carrying.typed(task_id))
    if refused is not None:
        return refused
    flash(_("Saved."), "done")
    return _see(url_for("desk.proof", task_id=task_id))


@bp.post("/proof/<int:task_id>/done")
def done(task_id: int) -> Answer:
    """Hand a page in and go to the next one; likely slips are asked about once."""
    if place.visitor() is None:
        return carrying.ask_to_sign_in(task_id)
    person, typed = place.person(), carrying.typed(task_id)
    warnings = _warnings(typed.text) if request.form.get("confirmed") != "1" else []
    if warnings:
        return keep(person, typed) or _ask_once(person, typed, warnings)
    try:
        with place.writes() as session:
            saved = saving.hand_in(session, task_id, _attempt(person, typed), place.now())
            slug, number = saved.task.project.slug, saved.task.page.label or saved.task.number
    except InvalidError as error:
        return _with_error(person, typed, error)
    if saved.conflict is not None:
        return _conflict(person, typed, saved)
    flash(_handed_in_words(person, str(number)), f"undo:{task_id}")
    if request.form.get("then") == "desk":
        return _see(url_for("desk.index"))
    return _see(_take_next(slug, person))


@bp.post("/proof/<int:task_id>/return")
def give_back(task_id: int) -> Answer:
    """Give a page back; what was typed is kept for its author."""
    if place.visitor() is None:
        return carrying.ask_to_sign_in(task_id)
    person = place.person()
    if "text" in request.form and (refused := keep(person, carrying.typed(task_id))):
        return refused
    with place.writes() as session:
        task = tasks.give_back(session, task_id, person, place.now())
        slug = task.project.slug
    flash(_("You gave the page back. What you typed is kept for you."), "done")
    return _see(url_for("projects.show", slug=slug))


@bp.post("/proof/<int:task_id>/bad")
def report(task_id: int) -> Response:
    """Report a scan that can't be read, and go to the next page."""
    person, chosen = place.person(), request.form.get("reason", "")
    if chosen not in _faults():
        raise BadRequest
    words, detail = _faults()[chosen], request.form.get("detail", "").strip()[:500]
    reason = _("%(what)s: %(detail)s", what=words, detail=detail) if detail else words
    with place.writes() as session:
        task = tasks.report_bad(session, task_id, person, reason, place.now())
        slug = task.project.slug
    flash(_("The scan is reported to the coordinator."), "done")
    return _see(_take_next(slug, person))


@bp.post("/proof/<int:task_id>/reopen")
def reopen(task_id: int) -> Response:
    """Take a handed-in page up again."""
    person, lease = place.person(), place.settings().lease
    with place.writes() as session:
        tasks.reopen(session, task_id, person, place.now(), lease=lease)
    return _see(url_for("desk.proof", task_id=task_id))


@bp.post("/projects/<slug>/next")
def next_page(slug: str) -> Response:
    """Check the project's next page out and go to it."""
    person, code = place.person(), request.form.get("round") or None
    if code is not None and code not in ROUNDS:
        raise BadRequest
    try:
        task_id = _check_out(slug, person, code)
    except ForbiddenError as error:
        held = error.current.get("held")
        if not isinstance(held, list) or not held:
            raise
        flash(error.sentence, "error")
        return _see(url_for("desk.index"))
    except ConflictError as error:
        flash(error.sentence, "error")
        return _see(url_for("projects.show", slug=slug))
    return _see(url_for("desk.proof", task_id=task_id))


def keep(person: Person, typed: Typed) -> Answer | None:
    """Save what was typed as a draft; returns None, or the page that says why it could not be."""
    try:
        with place.writes() as session:
            saved = saving.save_draft(
                session,
                typed.task,
                _attempt(person, typed),
                place.now(),
                lease=place.settings().lease,
            )
    except InvalidError as error:
        return _with_error(person, typed, error)
    return None if saved.conflict is None else _conflict(person, typed, saved)


def any_page(person: Person) -> str:
    """Return the address of a page to go on with: in hand, else taken from the newest offer.

    Where nothing is to be had it is the desk's, which says so.
    """
    with place.reads() as session:
        begun = [task for task in tasks.held(session, person) if not task.prefetched]
        offers = [] if begun else tallies.offers(session, person, 1)
        slug = offers[0].project.slug if offers else None
    if begun:
        return url_for("desk.proof", task_id=begun[0].id)
    return url_for("desk.index") if slug is None else _take_next(slug, person)


def _attempt(person: Person, typed: Typed) -> Attempt:
    return Attempt(person, typed.text, typed.version, typed.note.strip())


def _take_next(slug: str, person: Person) -> str:
    """Return the address of a page of this project in the person's hands, taken if need be."""
    try:
        with place.reads() as session:
            project = projects.find_project(session, slug)
            held = tasks.next_held(session, project.id, person, place.now())
        task_id = held.id if held else _check_out(slug, person, None)
    except (ConflictError, ForbiddenError) as error:
        flash(error.sentence, "done")
        return url_for("desk.index")
    return url_for("desk.proof", task_id=task_id)


def _check_out(slug: str, person: Person, code: str | None) -> int:
    settings = place.settings()
    with place.writes() as session:
        project = projects.find_project(session, slug)
        task = checkout.check_out(
            session,
            project,
            person,
            place.now(),
            lease=settings.lease,
            pages_held=settings.pages_held,
            code=code or checkout.newcomers_round(session, project, person),
        )
        return task.id


def _ask_once(person: Person, typed: Typed, warnings: list[str]) -> Answer:
    with place.reads() as session:
        task = tasks.find_task(session, typed.task)
        return show_page(session, task, person, Shown(note=typed.note, warnings=warnings)), 422


def _with_error(person: Person, typed: Typed, error: GalleyError) -> Answer:
    with place.reads() as session:
        task = tasks.find_task(session, typed.task)
        shown = Shown(typed.text, typed.version, typed.note, error=error.sentence)
        return show_page(session, task, person, shown), error.status


def _conflict(person: Person, typed: Typed, saved: Saved) -> Answer:
    """Show both texts: the typed one, which is kept beside the others, and the one that stands."""
    error = saved.conflict
    assert error is not None  # noqa: S101 - the caller asked
    with place.reads() as session:
        task = tasks.find_task(session, typed.task)
        shown = Shown(typed.text, typed.version, typed.note)
        if task.state == State.OUT and task.holder_id == person.id:
            shown = replace(shown, conflict=error.current)
        else:
            shown = replace(shown, error=error.sentence)
        return show_page(session, task, person, shown), error.status


def _warnings(text: str) -> list[str]:
    if not text.strip():
        return [_("The text is empty.")]
    fault = unclosed_mark(text.replace("\r\n", "\n"))
    if fault is None:
        return []
    return [_("A mark is not closed on line %(line)s: %(mark)s", line=fault.line, mark=fault.mark)]


def _handed_in_words(person: Person, label: str) -> str:
    with place.reads() as session:
        today = tallies.counts_of(session, person, place.now()).today
    return ngettext(
        "Page %(label)s handed in. %(num)d today.",
        "Page %(label)s handed in. %(num)d today.",
        today,
        label=label,
    )


def _whose(task: PageTask, person: Person) -> str:
    if task.state == State.OUT and task.holder is not None:
        return _("%(name)s has this page in hand now.", name=task.holder.name)
    if task.state == State.DONE and task.reader_id == person.id:
        return _("You have handed this page in.")
    return _("This page is not in your hands now. Take a page of the book to go on.")


def _faults() -> dict[str, str]:
    """Return what can be wrong with a scan, by the form's values."""
    return {
        "cut-off": _("Cut off"),
        "faint": _("Too faint to read"),
        "wrong-page": _("The wrong page"),
        "two-pages": _("Two pages on one scan"),
        "wrong-text": _("The text is not this page's"),
    }


def _see(address: str) -> Response:
    return make_response(redirect(address, 303))
