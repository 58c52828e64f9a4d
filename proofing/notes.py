"""Notes on a page, a printed line or words of it, and their answers: public, settled, reopened.

What was said is never changed; its author may withdraw it. A `[**note]` in a page's text is a note
too, as long as it stands there.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from library import events
from library.errors import ConflictError, ForbiddenError, GoneError, InvalidError, NotFoundError
from library.models import Page, Person, Project
from library.pagetext import clean_page_text
from proofing import printed
from proofing.models import Note

MOST_BODY, MOST_QUOTE, MOST_ANSWERS = 2000, 500, 200
STATES = ("open", "settled", "withdrawn")
_IN_TEXT = re.compile(r"\[\*\*((?:[^\[\]]|\[[^\[\]]*\])*)\]")


@dataclass(frozen=True)
class Anchor:
    """What a note hangs on: a printed line, or its words from `first` to `last`, all from 0.

    `quote` is what the writer saw there; without it, it is what OCR read.
    """

    line: int | None = None
    first: int | None = None
    last: int | None = None
    quote: str = ""


@dataclass(frozen=True)
class TextNote:
    """A `[**note]` in the text of a page; `line` counts the text's lines from 0."""

    line: int
    body: str


def write(
    session: Session,
    person: Person,
    page: Page,
    body: str,
    now: datetime,
    anchor: Anchor | None = None,
) -> Note:
    """Hang a note on a page, or on what `anchor` says; raises InvalidError."""
    note = _new(page, person, body, now)
    _hang(session, person, note, page, anchor or Anchor())
    session.add(note)
    session.flush()
    _record(session, note, person, "note.written", now)
    return note


def answer(session: Session, person: Person, note_id: int, body: str, now: datetime) -> Note:
    """Answer a note; raises InvalidError, ConflictError for a thread that takes no more."""
    asked = _locked(session, note_id)
    if asked.parent_id is not None:
        raise ConflictError("Answer the note itself, not one of its answers.")
    if asked.state == "withdrawn":
        raise ConflictError("This note was withdrawn; write one of your own.", state=asked.state)
    if len(asked.answers) >= MOST_ANSWERS:
        raise ConflictError(f"This note has {MOST_ANSWERS} answers; begin another one.")
    note = _new(asked.page, person, body, now)
    asked.answers.append(note)
    session.flush()
    _record(session, note, person, "note.answered", now)
    return note


def settle(session: Session, note_id: int, person: Person, now: datetime) -> Note:
    """Say that nothing is left to do about a note; settling it twice is settling it once."""
    note = _thread(session, note_id)
    if note.state == "withdrawn":
        raise ConflictError(
            "This note was withdrawn; there is nothing to settle.", state="withdrawn"
        )
    if note.state == "open":
        _set_state(session, note, "settled", person, now)
    return note


def reopen(session: Session, note_id: int, person: Person, now: datetime) -> Note:
    """Open a settled note again; a withdrawn one, or an answer, only its author."""
    note = _locked(session, note_id)
    if note.state == "withdrawn":
        _require_author(note, person)
    if note.state != "open":
        _set_state(session, note, "open", person, now)
    return note


def withdraw(session: Session, note_id: int, person: Person, now: datetime) -> Note:
    """Take one's own note or answer back: others see only that it was there."""
    note = _locked(session, note_id)
    _require_author(note, person)
    if note.state != "withdrawn":
        _set_state(session, note, "withdrawn", person, now)
    return note


def of_page(session: Session, page: Page, *, after: int = 0, limit: int = 200) -> Sequence[Note]:
    """Return a page's notes with ids above `after`, the oldest first, with their answers."""
    return _threads(session, Note.page_id == page.id, after, limit)


def of_project(
    session: Session, project: Project, state: str = "open", *, after: int = 0, limit: int = 200
) -> Sequence[Note]:
    """Return a book's notes in this state, likewise; not those of pages that were taken out."""
    return _threads(session, sa.and_(*_in(project, state)), after, limit)


def count_open(session: Session, project: Project) -> int:
    """Return how many notes of a book are open."""
    count = sa.select(sa.func.count()).select_from(Note).where(*_in(project, "open"))
    return session.scalar(count.where(Note.parent_id.is_(None))) or 0


def in_text(text: str) -> list[TextNote]:
    """Return the notes that stand in a page's text as `[**…]`, in order."""
    return [
        TextNote(text.count("\n", 0, found.start()), " ".join(found[1].split()))
        for found in _IN_TEXT.finditer(text)
    ]


def _in(project: Project, state: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Return what holds for a book's notes in this state, of pages that are still in it."""
    here = Note.page.has(Page.deleted_at.is_(None))
    return Note.project_id == project.id, Note.state == state, here


def _threads(
    session: Session, which: sa.ColumnElement[bool], after: int, limit: int
) -> Sequence[Note]:
    return session.scalars(
        sa.select(Note)
        .options(
            joinedload(Note.page),
            joinedload(Note.person),
            joinedload(Note.settler),
            selectinload(Note.answers).joinedload(Note.person),
        )
        .where(which, Note.parent_id.is_(None), Note.id > after)
        .order_by(Note.id)
        .limit(limit)
    ).all()


def _new(page: Page, person: Person, body: str, now: datetime) -> Note:
    clean = clean_page_text(body)[0].strip()
    if not 1 <= len(clean) <= MOST_BODY:
        sentence = f"A note has 1 to {MOST_BODY} characters; this one has {len(clean)}."
        raise InvalidError(sentence, {"body": sentence})
    return Note(
        project_id=page.project_id,
        page_id=page.id,
        person_id=person.id,
        quote="",
        body=clean,
        created_at=now,
        state="open",
    )


def _hang(session: Session, person: Person, note: Note, page: Page, anchor: Anchor) -> None:
    quote = clean_page_text(anchor.quote)[0].strip()
    if len(quote) > MOST_QUOTE:
        sentence = f"A quote has at most {MOST_QUOTE} characters; quote less."
        raise InvalidError(sentence, {"quote": sentence})
    note.quote = quote
    if (anchor.line is None) > (anchor.first is None) or (anchor.first is None) > (
        anchor.last is None
    ):
        sentence = "Words are named by line, first and last; a line by line alone."
        raise InvalidError(sentence, {"line": sentence})
    if anchor.line is None:
        return
    found = printed.find(session, person, page, anchor.line, anchor.first, anchor.last)
    note.line, note.first_word = anchor.line, anchor.first
    note.last_word = anchor.first if anchor.last is None else anchor.last
    note.quote = quote or found.text[:MOST_QUOTE]
    note.box, note.image_sha256 = found.box, page.image_sha256


def _locked(session: Session, note_id: int) -> Note:
    """Return a note for changing it; raises NotFoundError, GoneError with its page or book."""
    note = session.get(Note, note_id, with_for_update=True)
    if note is None:
        raise NotFoundError("There is no such note.")
    if note.page.deleted_at or note.page.project.deleted_at:
        raise GoneError("The page of this note was removed.")
    return note


def _thread(session: Session, note_id: int) -> Note:
    note = _locked(session, note_id)
    if note.parent_id is not None:
        raise ConflictError("An answer is settled with the note that it answers.")
    return note


def _require_author(note: Note, person: Person) -> None:
    if note.person_id != person.id:
        raise ForbiddenError(f"Only {note.person.name}, who wrote this note, may do this.")


def _set_state(session: Session, note: Note, state: str, person: Person, now: datetime) -> None:
    action = {"open": "reopened"}.get(state, state)
    settled = state == "settled"
    note.state = state
    note.settled_by, note.settled_at = (person.id, now) if settled else (None, None)
    _record(session, note, person, f"note.{action}", now)


def _record(session: Session, note: Note, person: Person, action: str, now: datetime) -> None:
    events.record(
        session, action, now, person=person,
        project_id=note.project_id, page_id=note.page_id, detail={"note": note.id},
    )  # fmt: skip
