"""Notes and suggested words by plain forms: writing, answering, settling."""

from flask import flash, make_response, redirect, request, url_for
from flask.wrappers import Response
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from library import projects
from library.errors import InvalidError, NotFoundError
from library.models import Person
from proofing import notes, suggestions
from proofing.models import Note, WordSuggestion
from web import place
from web.projects import bp
from web.projects.pages import show_page
from web.words import gettext as _

#: No id is larger.
_MOST = 2**63
_ACTS = {"settle": notes.settle, "reopen": notes.reopen, "withdraw": notes.withdraw}


@bp.post("/projects/<slug>/pages/<int:number>/notes")
def write_note(slug: str, number: int) -> Response | tuple[str, int]:
    """Hang a note on a page, or answer one; what is refused is shown again."""
    person, body = place.person(), request.form.get("body", "")
    parent = request.form.get("parent", type=int)
    try:
        with place.writes() as session:
            note_id = _write(session, person, slug, number, body, parent)
    except InvalidError as error:
        refused = {"body": body, "parent": parent, "sentence": error.sentence}
        return show_page(slug, number, refused), 422
    address = url_for("projects.page", slug=slug, number=number, _anchor=f"note-{note_id}")
    return make_response(redirect(address, 303))


def _write(
    session: Session, person: Person, slug: str, number: int, body: str, parent: int | None
) -> int:
    """Return the id of the note that was written or answered."""
    page = projects.find_page(session, projects.find_project(session, slug), str(number))
    if parent is None:
        return notes.write(session, person, page, body, place.now()).id
    asked = session.get(Note, parent) if 0 < parent < _MOST else None
    if asked is None or asked.page_id != page.id:
        raise NotFoundError(_("This page has no such note."))
    notes.answer(session, person, parent, body, place.now())
    return parent


@bp.post("/projects/<slug>/notes/<int:note_id>")
def change_note(slug: str, note_id: int) -> Response:
    """Settle, reopen or withdraw a note, then go back to where its button stood."""
    person, act = place.person(), _ACTS.get(request.form.get("action", ""))
    if act is None:
        raise BadRequest
    with place.writes() as session:
        note = session.get(Note, note_id)
        if note is None or note.project_id != projects.find_project(session, slug).id:
            raise NotFoundError(_("There is no such note."))
        number, shown = note.page.number, note.parent_id or note.id
        act(session, note_id, person, place.now())
    if request.form.get("back") == "problems":
        return _to_problems(slug, "notes")
    address = url_for("projects.page", slug=slug, number=number, _anchor=f"note-{shown}")
    return make_response(redirect(address, 303))


@bp.post("/projects/<slug>/words/<int:suggestion_id>")
def answer_word(slug: str, suggestion_id: int) -> Response:
    """Take a suggested word onto the book's list, or take it back."""
    person, action = place.person(), request.form.get("action")
    if action not in ("accept", "reject", "doubt"):
        raise BadRequest
    with place.writes() as session:
        project = projects.find_project(session, slug)
        projects.require_coordinator(session, person, project)
        found = session.get(WordSuggestion, suggestion_id)
        if found is None or found.project_id != project.id:
            raise NotFoundError(_("There is no such suggestion."))
        if action == "accept":
            suggestions.accept(session, suggestion_id, person, place.now())
        else:
            doubt = action == "doubt"
            suggestions.reject(session, suggestion_id, person, place.now(), doubt=doubt)
    said = {
        "accept": _("“%(word)s” is one of the book's words.", word=found.word),
        "reject": _("“%(word)s” is doubtful again.", word=found.word),
        "doubt": _("“%(word)s” is doubted wherever it stands.", word=found.word),
    }
    flash(said[action], "done")
    return _to_problems(slug, "words")


def _to_problems(slug: str, queue: str) -> Response:
    return make_response(redirect(url_for("projects.problems", slug=slug, _anchor=queue), 303))
