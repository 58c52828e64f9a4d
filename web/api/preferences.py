"""How the caller likes their desk."""

from flask import Response, jsonify
from sqlalchemy.orm import Session

from library import projects
from library.models import Person
from proofing import desks
from web import place
from web.api import bp, shapes
from web.api.describe import call


@bp.get("/me/desk")
@call("Show one's desk settings", gives=shapes.DeskOut, refuses=(401,))
def show_desk() -> Response:
    """Give what the caller chose; what is absent is as usual."""
    person = place.person()
    with place.reads() as session:
        return _given(session, person)


@bp.put("/me/desk")
@call(
    "Change one's desk settings",
    takes=shapes.DeskChange,
    gives=shapes.DeskOut,
    refuses=(401, 404, 410, 422),
)
def change_desk(body: shapes.DeskChange) -> Response:
    """Set what is named and leave the rest; null takes a choice back. Gives the whole."""
    person = place.person()
    sent = body.model_dump(exclude_unset=True)
    with place.writes() as session:
        for device in desks.DEVICES:
            if changes := sent.get(device):
                desks.choose(session, person, device, changes)
        for slug, changes in (sent.get("books") or {}).items():
            project = projects.find_project(session, slug)
            desks.look(session, person, project, changes, place.now())
        session.flush()
        return _given(session, person)


def _given(session: Session, person: Person) -> Response:
    found = desks.chosen(session, person)
    return jsonify(**found.devices, books=found.books)
