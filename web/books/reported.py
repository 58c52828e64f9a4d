"""Errata as templates and the API show them: the print, the text as it is, and the proposal."""

from collections.abc import Callable
from dataclasses import asdict

from flask import url_for
from sqlalchemy.orm import Session

from exports.errata import answering, errata, placing
from exports.errata.answering import Standing
from exports.errata.placing import PageSource
from exports.models import Erratum, Release
from library.models import Page, Person, Project
from library.projects import coordinates
from proofing.diff import pieces
from web.cuttings import cutting
from web.present import Json, moment

#: Reports shown at once; the next come up as these are answered.
AT_ONCE = 30

#: Finds a book and the release that is read of it; raises NotFoundError.
BookOf = Callable[[Session, str], tuple[Project, Release | None]]


def erratum(session: Session, row: Erratum) -> Json:
    """Return an erratum as the API gives it, without who can be reached how."""
    page = session.get(Page, row.page_id) if row.page_id else None
    return {
        "id": row.id,
        "project": session.get_one(Project, row.project_id).slug,
        "page": page.number if page and not page.deleted_at else None,
        "page_id": row.page_id,
        "line": row.line,
        "current": row.current,
        "proposed": row.proposed,
        "note": row.note,
        "by": _name(session, row.person_id),
        "before_release": row.release_id is None,
        "state": row.state,
        "corrected": row.corrected,
        "noted": row.noted,
        "answer": row.answer,
        "answered_by": _name(session, row.decided_by),
        "created_at": moment(row.created_at),
        "answered_at": moment(row.decided_at),
    }


def shown(session: Session, row: Erratum, person: Person | None) -> Json:
    """Return an erratum as a template shows it to this person."""
    project = session.get_one(Project, row.project_id)
    stands = answering.standing(session, row)
    page = session.get(Page, row.page_id) if row.page_id else None
    may = person is not None and errata.why_not(session, person, project) is None
    mine = person is not None and row.person_id == person.id
    return {
        **erratum(session, row),
        "title": project.title,
        "slug": project.slug,
        "label": (page.label or str(page.number)) if page else "",
        "name": row.name,
        "at": row.created_at,
        "may": may and not (mine and not coordinates(session, person, project)),
        "stands": _lines(stands),
        "pictures": _pictures_of(session, stands),
    }


def page_named(page: Page) -> Json:
    """Return a page's number and what is printed on it."""
    return {"page": page.number, "label": page.label or str(page.number)}


def pictures(session: Session, source: PageSource, line: int, count: int) -> list[Json]:
    """Return cuttings of printed lines, the first being that of a text's line."""
    page = session.get_one(Page, source.page_id)
    boxes = placing.printed(session, source, line, count)
    found = (cutting(page, box, page.image_sha256) for box in boxes)
    return [each for each in found if each is not None]


def _pictures_of(session: Session, stands: Standing | None) -> list[Json]:
    if stands is None:
        return []
    return pictures(session, stands.source, stands.line, stands.lines.count("\n") + 1)


def _lines(stands: Standing | None) -> Json | None:
    """Return the lines as they are and as they would be, in pieces with what differs marked."""
    if stands is None:
        return None
    if stands.proposed is None:
        return {"now": [{"kind": "same", "text": stands.lines}], "then": None}
    found = pieces(stands.lines, stands.proposed)
    now, then = (
        [asdict(piece) for piece in found if piece.kind != other] for other in ("added", "deleted")
    )
    return {"now": now, "then": then}


def _name(session: Session, person_id: int | None) -> str | None:
    person = session.get(Person, person_id) if person_id else None
    return person.name if person else None


def finder_url(secret: str) -> str:
    """Return the address where a report's finder reads the answer."""
    return url_for("errata.answer", secret=secret, _external=True)
