"""A project's good and bad words."""

from flask import Response, jsonify

from library import projects
from library.errors import NotFoundError
from web import place
from web.api import bp, shapes
from web.api.describe import call


@bp.get("/projects/<slug>/words/<which>")
@call("Show a word list", gives=shapes.WordsOut, refuses=(404, 410))
def show_words(slug: str, which: str) -> Response:
    """Give the project's good or bad words, sorted."""
    with place.reads() as session:
        found = projects.find_project(session, slug)
        return jsonify(words=projects.words(session, found, _list(which)))


@bp.put("/projects/<slug>/words/<which>")
@call(
    "Replace a word list",
    takes=shapes.Words,
    gives=shapes.WordsOut,
    refuses=(401, 403, 404, 410, 422),
)
def set_words(slug: str, which: str, body: shapes.Words) -> Response:
    """Replace the project's good or bad words; the history keeps the difference."""
    person = place.person()
    with place.writes() as session:
        found = projects.find_project(session, slug)
        projects.set_words(session, person, found, _list(which), body.words, place.now())
        session.flush()
        return jsonify(words=projects.words(session, found, which))


def _list(which: str) -> str:
    if which not in ("good", "bad"):
        raise NotFoundError("A project has the word lists good and bad.")
    return which
