"""One page with its scan, its text as it stands, every round, and what changed."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import flash, make_response, redirect, render_template, request, url_for
from flask.wrappers import Response
from sqlalchemy.orm import Session

from exports.releasing import releases
from library import projects
from library.errors import InvalidError, NotFoundError
from library.models import Event, Page, Person, Project
from pipeline import runs
from proofing import diff, notes, rounds, tallies, tasks
from proofing.models import PageTask, Revision
from proofing.rules import ROUNDS, State
from web import history, place, present, talk
from web.forms import direction_of
from web.present import Json
from web.projects import bp
from web.words import gettext as _

#: Stands for the OCR's text where revisions are compared.
OCR = "ocr"
CORRECTED = "page.corrected"
_KINDS = {"same": "same", "added": "ins", "deleted": "del"}
#: Actions that the list of saved texts tells of, or that would only fill the history.
_QUIET = ("task.checked-out", "task.done", "task.kept", CORRECTED)


@bp.get("/projects/<slug>/pages/id:<int:page_id>")
def page_by_id(slug: str, page_id: int) -> Response:
    """Go to the page of that lasting id, whatever its number is now."""
    with place.reads() as session:
        project = projects.find_project(session, slug)
        number = projects.find_page(session, project, f"id:{page_id}").number
    return make_response(redirect(url_for("projects.page", slug=slug, number=number), 302))


@bp.get("/projects/<slug>/pages/<int:number>")
def page(slug: str, number: int) -> str:
    """Show a page, or the difference of two of its texts."""
    return show_page(slug, number)


def show_page(slug: str, number: int, refused: Json | None = None) -> str:
    """Show a page; `refused` is a note that was not taken: body, parent and its sentence."""
    person = place.visitor()
    with place.reads() as session:
        project = projects.find_project(session, slug)
        found = projects.find_page(session, project, str(number))
        given = present.page(session, found)
        chain = present.page_tasks(session, found)
        saved = session.scalars(
            sa.select(Revision).where(Revision.page_id == found.id).order_by(Revision.id)
        ).all()
        may_manage = projects.coordinates(session, person, project)
        return render_template(
            "projects/page.html",
            project={
                **{name: getattr(project, name) for name in ("slug", "title", "languages")},
                "direction": direction_of(project.languages[0]),
            },
            page={
                **given,
                "label": found.label or str(found.number),
                "confidence": given["ocr"]["confidence"],
                "ocr_state": given["ocr"]["state"],
                "ocr_reason": given["ocr"]["reason"],
                "image_ready": found.image_sha256 is not None,
            },
            **_neighbours(session, project, found),
            text=given["text"],
            rounds=[_round(session, task, person, may_manage=may_manage) for task in chain],
            history=_history(session, found, chain, saved),
            diff=_difference(session, found, chain, saved),
            notes=[talk.note_shown(each, person) for each in notes.of_page(session, found)],
            notes_in_text=notes.in_text(given["text"]),
            refused=refused,
            may_manage=may_manage,
            is_book=releases.published(session, project) is not None,
        )


@bp.post("/projects/<slug>/pages/<int:number>/send-back")
def send_back(slug: str, number: int) -> Response:
    """Have a page that was handed in read again."""
    person, reason = place.person(), request.form.get("reason", "").strip()
    if not 1 <= len(reason) <= 1000:  # noqa: PLR2004 - as the API takes it
        raise InvalidError(_("Say why the page is to be read again, in at most 1,000 characters."))
    with place.writes() as session:
        found = projects.find_page(session, projects.find_project(session, slug), str(number))
        task = tasks.find_task(session, request.form.get("task", -1, type=int))
        if task.page_id != found.id:
            raise NotFoundError(_("This page has no such round."))
        tasks.send_back(session, task.id, person, reason, place.now())
    flash(_("The page waits to be read again."), "done")
    return make_response(redirect(url_for("projects.page", slug=slug, number=number), 303))


def _neighbours(session: Session, project: Project, found: Page) -> dict[str, int | None]:
    last = session.scalar(
        sa.select(sa.func.max(Page.number)).where(
            Page.project_id == project.id, Page.deleted_at.is_(None)
        )
    )
    number = found.number
    return {
        "previous": number - 1 if number > 1 else None,
        "next": number + 1 if number < (last or 0) else None,
    }


def _round(session: Session, task: PageTask, person: Person | None, *, may_manage: bool) -> Json:
    who = task.reader if task.state == State.DONE else task.holder
    return {
        "code": task.round,
        "name": ROUNDS[task.round].name,
        "state": task.state,
        "by": who.name if who else None,
        "done_at": task.done_at,
        "changes": task.changes if task.state == State.DONE else None,
        "reason": task.reason,
        "task_id": task.id,
        "may_reopen": tallies.may_reopen(session, task, person),
        "may_send_back": may_manage and tallies.may_send_back(session, task),
        "mine": person is not None and task.holder_id == person.id,
    }


def _history(
    session: Session, found: Page, chain: Sequence[PageTask], saved: Sequence[Revision]
) -> list[Json]:
    """Return saved texts that count and what else happened, newest first."""
    rounds_of = {task.id: ROUNDS[task.round].name for task in chain}
    entries = [*_texts(rounds_of, saved, _corrections(session, found)), *_events(session, found)]
    return sorted(entries, key=lambda entry: entry["at"], reverse=True)


def _corrections(session: Session, found: Page) -> set[int]:
    """Return the revisions that were made outside the rounds."""
    details = sa.select(Event.detail).where(Event.page_id == found.id, Event.action == CORRECTED)
    return {detail["revision"] for detail in session.scalars(details)}


def _texts(
    rounds_of: dict[int, str], saved: Sequence[Revision], corrections: set[int]
) -> list[Json]:
    entries: list[Json] = []
    before = OCR
    for revision in saved:
        if revision.kind == "draft":
            continue
        words = _("Handed in: %(round)s") if revision.kind == "done" else _("Kept aside: %(round)s")
        words = _("Corrected: %(round)s") if revision.id in corrections else words
        entries.append(
            {
                "id": revision.id,
                "at": revision.created_at,
                "by": revision.person.name if revision.person else None,
                "words": words % {"round": rounds_of.get(revision.task_id, "")},
                "compare": {"a": before, "b": revision.id},
            }
        )
        before = str(revision.id) if revision.kind == "done" else before
    return entries


def _events(session: Session, found: Page) -> list[Json]:
    query = (
        sa.select(Event)
        .where(Event.page_id == found.id, Event.action.not_in(_QUIET))
        .order_by(Event.id.desc())
        .limit(50)
    )
    events = session.scalars(query).all()
    names: dict[int | None, str] = {each.id: each.name for each in _people(session, events)}
    return [
        {
            "id": event.id,
            "at": event.at,
            "by": names.get(event.person_id),
            "words": history.words_of(event, found.number),
            "compare": None,
        }
        for event in events
    ]


def _people(session: Session, events: Sequence[Event]) -> Sequence[Person]:
    ids = {event.person_id for event in events} - {None}
    return session.scalars(sa.select(Person).where(Person.id.in_(ids))).all() if ids else []


def _difference(
    session: Session, found: Page, chain: Sequence[PageTask], saved: Sequence[Revision]
) -> dict[str, Any] | None:
    """Return the two texts that `?a=&b=` names, one turned into the other, or None."""
    a, b = request.args.get("a", ""), request.args.get("b", "")
    if not a or not b:
        return None
    texts = {str(revision.id): revision.text for revision in saved} | {
        OCR: _ocr(session, found, chain)
    }
    if a not in texts or b not in texts:
        raise NotFoundError(_("There are no such two texts of this page."))
    parts = [
        {"kind": _KINDS[piece.kind], "text": piece.text}
        for piece in diff.pieces(texts[a], texts[b])
    ]
    return {"title": _("What changed"), "parts": parts}


def _ocr(session: Session, found: Page, chain: Sequence[PageTask]) -> str:
    """Return the machine's text: the one that the first reader began with."""
    run = chain[0].run if chain else None
    run = run or rounds.latest_run(session, found.id) or runs.latest_run(session, found)
    return run.text if run else ""
