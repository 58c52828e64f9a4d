"""Notes on a page, a printed line or words, and their answers."""

from collections.abc import Callable
from datetime import datetime

from flask import Response, jsonify, request
from sqlalchemy.orm import Session

from library import projects
from library.errors import InvalidError, NotFoundError
from library.models import Page, Person
from proofing import notes
from proofing.models import Note
from proofing.notes import Anchor
from web import place, present, talk
from web.api import bp, lists, shapes
from web.api.describe import call


@bp.get("/projects/<slug>/pages/<address>/notes")
@call("List a page's notes", gives=shapes.PageNotes, query=lists.QUERY, refuses=(404, 410))
def page_notes(slug: str, address: str) -> Response:
    """Give a page's notes, the oldest first, and those in its text."""
    limit, after = lists.limit(), lists.cursor()
    with place.reads() as session:
        page = _page(session, slug, address)
        items = [talk.note(each) for each in notes.of_page(session, page, after=after, limit=limit)]
        text = present.page(session, page)["text"]
    in_text = [{"line": each.line, "body": each.body} for each in notes.in_text(text)]
    return jsonify(items=items, next=_next(items, limit), in_text=in_text)


@bp.post("/projects/<slug>/pages/<address>/notes")
@call(
    "Write a note or an answer",
    takes=shapes.NewNote,
    gives=shapes.NoteOut,
    status=201,
    refuses=(401, 404, 409, 410, 422),
)
def write_note(slug: str, address: str, body: shapes.NewNote) -> tuple[Response, int]:
    """Hang a note on a page, a line or words, or answer one; gives the note with its answers."""
    person = place.person()
    with place.writes() as session:
        page = _page(session, slug, address)
        given = write(session, person, page, body)
    return jsonify(given), 201


def write(session: Session, person: Person, page: Page, new: shapes.NewNote) -> present.Json:
    """Write what was sent; return the note, or the one that was answered, as the API gives it."""
    if new.parent is None:
        anchor = Anchor(new.line, new.first, new.last, new.quote)
        return talk.note(notes.write(session, person, page, new.body, place.now(), anchor))
    asked = session.get(Note, new.parent)
    if asked is None or asked.page_id != page.id:
        raise NotFoundError("This page has no such note.")
    notes.answer(session, person, asked.id, new.body, place.now())
    return talk.note(asked)


@bp.get("/projects/<slug>/notes")
@call(
    "List a project's notes",
    gives=shapes.Notes,
    query={**lists.QUERY, "state": "open (the default), settled or withdrawn."},
    refuses=(404, 410),
)
def project_notes(slug: str) -> Response:
    """Give a project's notes in one state, the oldest first."""
    limit, after = lists.limit(), lists.cursor()
    state = request.args.get("state", "open")
    if state not in notes.STATES:
        sentence = f"state takes {', '.join(notes.STATES)}."
        raise InvalidError(sentence, {"state": sentence})
    with place.reads() as session:
        project = projects.find_project(session, slug)
        found = notes.of_project(session, project, state, after=after, limit=limit)
        items = [talk.note(each) for each in found]
    return jsonify(items=items, next=_next(items, limit))


@bp.post("/notes/<int:note_id>/settle")
@call("Settle a note", gives=shapes.NoteOut, refuses=(401, 404, 409, 410))
def settle_note(note_id: int) -> Response:
    """Say that nothing is left to do about a note."""
    return _act(notes.settle, note_id)


@bp.post("/notes/<int:note_id>/reopen")
@call("Reopen a note", gives=shapes.NoteOut, refuses=(401, 403, 404, 409, 410))
def reopen_note(note_id: int) -> Response:
    """Open a note again; one that was withdrawn is its author's to open."""
    return _act(notes.reopen, note_id)


@bp.post("/notes/<int:note_id>/withdraw")
@call("Withdraw a note or an answer", gives=shapes.NoteOut, refuses=(401, 403, 404, 410))
def withdraw_note(note_id: int) -> Response:
    """Take one's own words back; that they were there stays visible."""
    return _act(notes.withdraw, note_id)


def _act(change: Callable[[Session, int, Person, datetime], Note], note_id: int) -> Response:
    """Change a note in one transaction and give it, or the one it answers, as it stands then."""
    person = place.person()
    with place.writes() as session:
        note = change(session, note_id, person, place.now())
        session.flush()
        top = note if note.parent_id is None else session.get_one(Note, note.parent_id)
        session.refresh(top, ["settler"])
        return jsonify(talk.note(top))


def _page(session: Session, slug: str, address: str) -> Page:
    return projects.find_page(session, projects.find_project(session, slug), address)


def _next(items: list[present.Json], limit: int) -> str | None:
    return str(items[-1]["id"]) if len(items) == limit else None
