"""A book's contents list, and what only a person can decide about its words."""

from typing import Any

from flask import Response, jsonify
from sqlalchemy.orm import Session

from exports.releasing import choices, contents, previews
from exports.releasing.choices import Choice
from library import projects
from library.models import Project
from web import place
from web.api import bp, shapes
from web.api.describe import call
from web.present import moment
from web.previewing import preview_of

Json = dict[str, Any]


@bp.get("/projects/<slug>/contents")
@call("Show a book's contents list", gives=shapes.ContentsOut, refuses=(404, 409, 410))
def show_contents(slug: str) -> Response:
    """Give the list that people settled (null: the proposal stands) and the machine's proposal."""
    state = preview_of(slug).state
    with place.reads() as session:
        return jsonify(**_contents(session, projects.find_project(session, slug)), preview=state)


@bp.put("/projects/<slug>/contents")
@call(
    "Change a book's contents list",
    takes=shapes.ContentsChange,
    gives=shapes.ContentsOut,
    refuses=(401, 403, 404, 409, 410, 422),
)
def change_contents(slug: str, body: shapes.ContentsChange) -> Response:
    """Replace the list, or with null go back to the proposal; 409 gives the one that stands."""
    person = place.person()
    entries = None if body.entries is None else [each.model_dump() for each in body.entries]
    with place.writes() as session:
        project = projects.find_project(session, slug)
        contents.change(session, person, project, entries, body.version, place.now())
        return jsonify(_contents(session, project))


@bp.get("/projects/<slug>/decisions")
@call("Show what people decide about a book", gives=shapes.Decisions, refuses=(404, 409, 410))
def show_decisions(slug: str) -> Response:
    """Give what waits for a decision, with what the book says of it, and what was decided."""
    state = preview_of(slug).state
    with place.reads() as session:
        project = projects.find_project(session, slug)
        built = previews.newest_preview(session, project, place.settings())
        return jsonify(
            open=choices.undecided(session, project, built.findings if built else []),
            decided=[
                {
                    "kind": each.kind,
                    "key": each.key,
                    "value": each.value,
                    "by": name,
                    "at": moment(each.decided_at),
                }
                for each, name in choices.decisions(session, project)
            ],
            preview=state,
        )


@bp.put("/projects/<slug>/decisions")
@call(
    "Decide about a book",
    takes=shapes.DecisionChange,
    gives=shapes.DecisionChanged,
    refuses=(401, 403, 404, 410, 422),
)
def change_decision(slug: str, body: shapes.DecisionChange) -> Response:
    """Decide how a word is written or a page begins; with null the decision is taken back."""
    person, choice = place.person(), Choice(body.kind, body.key)
    with place.writes() as session:
        project = projects.find_project(session, slug)
        choices.decide(session, person, project, choice, body.value, place.now())
    return jsonify(kind=body.kind, key=body.key, value=body.value)


def _contents(session: Session, project: Project) -> Json:
    standing = contents.standing(session, project)
    built = previews.newest_preview(session, project, place.settings())
    return {
        "version": standing.version,
        "entries": standing.entries,
        "proposal": built.contents if built else [],
    }
