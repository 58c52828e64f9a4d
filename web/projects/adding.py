"""Adding a book: its scans and what it is, in one form; and more scans later.

What came of an upload is kept under its batch, so that the page after it can name every file.
"""

import json
import secrets
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.wrappers import Response
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from library import projects
from library.errors import InvalidError
from library.models import Answer, Person
from pipeline import ocr
from pipeline.languages import to_bcp47
from pipeline.uploads import Added, StoredFile, add_pages
from proofing.rules import DEFAULT_ROUNDS, ROUNDS
from web import place, receiving
from web.api.projects import checked_fields
from web.forms import Errors, Values, book_fields, language_label, typed_book
from web.projects import bp
from web.words import gettext as _

#: Why a book is free, by the form's value; the sentence goes with the book.
_RIGHTS = {
    "us-expired": "Public domain in the United States: its copyright has ended.",
    "life-plus-70": "Public domain where copyright ends 70 years after the author's death.",
    "licence": "Free by licence, or with the holder's permission.",
}


@bp.get("/add")
def add() -> str:
    """Ask for a book's scans and what it is."""
    place.person()
    return _form({"languages": "en", "rounds": list(DEFAULT_ROUNDS)}, {})


@bp.post("/add")
def add_now() -> Response | tuple[str, int]:
    """Start a project with the scans sent; nothing is made when none of them can be taken."""
    person = place.person()
    fields, errors = book_fields(request.form)
    fields["rights"] = _rights()
    fields["opened"] = request.form.get("open_when_read") == "1"
    fields["script"] = "fraktur" if request.form.get("script") == "fraktur" else "antiqua"
    try:
        fields = checked_fields(fields)
    except InvalidError as error:
        errors |= error.errors
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        errors["files"] = _("Choose the scans: images, a PDF or a ZIP.")
    if not errors:
        try:
            slug, added = _start(person, fields, files)
            return arrived(slug, person, added)
        except InvalidError as error:
            errors = error.errors or {"files": error.sentence}
    elif files:
        errors.setdefault("files", _("Choose the files once more: a browser does not keep them."))
    return _form(_typed(), errors), 422


@bp.post("/projects/<slug>/scans")
def add_scans(slug: str) -> Response:
    """Add scans behind the present pages."""
    person = place.person()
    with place.reads() as session:
        projects.require_coordinator(session, person, projects.find_project(session, slug))
    files = request.files.getlist("files")
    added = receiving.receive(slug, person, files, secrets.token_hex(8))
    return arrived(slug, person, added)


def arrived(slug: str, person: Person, added: Added) -> Response:
    """Keep what came of an upload and go to the page that tells it."""
    with place.writes() as session:
        _remember(session, person, added)
    place.ring("ocr")
    return make_response(redirect(url_for("projects.reading", slug=slug, upload=added.batch), 303))


def outcome(session: Session, person: Person | None, batch: str) -> dict[str, Any]:
    """Return what an upload of this person brought: `uploads` and `rejected`, both may be empty."""
    known = session.get(Answer, (person.id, f"upload:{batch[:64]}")) if person else None
    found = json.loads(known.body) if known else {}
    return {"uploads": found.get("accepted", []), "rejected": found.get("rejected", [])}


def language_options(*more: str) -> list[tuple[str, str]]:
    """Return the languages that can be read here, as (tag, name), by name; and `more` tags."""
    tags = {to_bcp47(code) for code in ocr.installed_languages()} | set(more)
    return sorted(
        ((tag, language_label(tag)) for tag in tags), key=lambda option: option[1].casefold()
    )


def round_options() -> list[tuple[str, str]]:
    """Return the rounds that ship, as (code, name), in order."""
    return [(each.code, each.name) for each in ROUNDS.values()]


def _start(person: Person, fields: Values, files: list[FileStorage]) -> tuple[str, Added]:
    stored = receiving.store(files)
    if not any(file.scans for file in stored):
        raise InvalidError(_refused(stored))
    with place.writes() as session:
        project = projects.create_project(session, person, fields, place.now())
        added = add_pages(session, person, project, stored, secrets.token_hex(8), place.now())
        return project.slug, added


def _refused(stored: list[StoredFile]) -> str:
    """Say of every file why it could not be taken."""
    reasons = [refusal for file in stored for refusal in file.refused]
    told = "; ".join(f"{each.file}: {each.reason}" for each in reasons[:10])
    return _("None of these files could be taken. %(reasons)s", reasons=told)


def _remember(session: Session, person: Person, added: Added) -> None:
    body = {
        "accepted": [{"file": file, "pages": pages} for file, pages in added.accepted],
        "rejected": [{"file": file, "reason": reason} for file, reason in added.rejected],
    }
    session.add(
        Answer(
            person_id=person.id,
            key=f"upload:{added.batch}",
            request_hash="",
            status=200,
            body=json.dumps(body),
            created_at=place.now(),
        )
    )


def _rights() -> dict[str, str]:
    basis = _RIGHTS.get(request.form.get("rights_basis", ""), _RIGHTS["us-expired"])
    return {"basis": basis, "evidence": request.form.get("rights_evidence", "").strip()[:2000]}


def _typed() -> Values:
    return {**typed_book(request.form), "open_when_read": "open_when_read" in request.form}


def _form(values: Values, errors: Errors) -> str:
    return render_template(
        "projects/add.html",
        values=values,
        errors=errors,
        language_options=language_options(),
        round_options=round_options(),
        upload_bytes=place.settings().upload_bytes,
    )
