"""Words that volunteers suggest for a book, and the coordinator's answers."""

from flask import Response, jsonify
from sqlalchemy.orm import Session

from library import projects
from library.errors import InvalidError
from library.models import Project
from proofing import suggestions
from proofing.suggestions import Seen
from web import place, talk
from web.api import bp, lists, shapes
from web.api.describe import call


@bp.get("/projects/<slug>/words/suggestions")
@call("List suggested words", gives=shapes.Suggestions, query=lists.QUERY, refuses=(404, 410))
def list_suggestions(slug: str) -> Response:
    """Give the words that wait for the coordinator's answer, the oldest first."""
    limit, after = lists.limit(), lists.cursor()
    with place.reads() as session:
        project = projects.find_project(session, slug)
        found = suggestions.waiting(session, project, after=after, limit=limit)
        items = [talk.suggestion(each) for each in found]
    return jsonify(items=items, next=str(items[-1]["id"]) if len(items) == limit else None)


@bp.post("/projects/<slug>/words/suggestions")
@call(
    "Suggest a word",
    takes=shapes.NewSuggestion,
    gives=shapes.SuggestionOut,
    status=201,
    refuses=(401, 404, 409, 410, 422),
)
def suggest_word(slug: str, body: shapes.NewSuggestion) -> tuple[Response, int]:
    """Let a word count as good in this book, for everybody, until the coordinator answers.

    200 with the suggestion that is there, when somebody suggested the word before.
    """
    person = place.person()
    with place.writes() as session:
        project = projects.find_project(session, slug)
        seen = _seen(session, project, body)
        made, new = suggestions.suggest(session, person, project, body.word, place.now(), seen)
        session.flush()
        given = talk.suggestion(made)
    return jsonify(given), 201 if new else 200


def _seen(session: Session, project: Project, body: shapes.NewSuggestion) -> Seen | None:
    if body.page is None:
        if body.line is not None or body.index is not None:
            sentence = "line and index are of a page; say which one."
            raise InvalidError(sentence, {"page": sentence})
        return None
    if body.line is None and body.index is not None:
        sentence = "index is of a line; say which one."
        raise InvalidError(sentence, {"line": sentence})
    page = projects.find_page(session, project, str(body.page))
    return Seen(page, body.line, body.index)


@bp.post("/suggestions/<int:suggestion_id>/accept")
@call("Accept a suggested word", gives=shapes.SuggestionOut, refuses=(401, 403, 404, 409))
def accept_word(suggestion_id: int) -> Response:
    """Take a word onto the book's good words."""
    person = place.person()
    with place.writes() as session:
        return jsonify(
            talk.suggestion(suggestions.accept(session, suggestion_id, person, place.now()))
        )


@bp.post("/suggestions/<int:suggestion_id>/reject")
@call(
    "Reject a suggested word",
    takes=shapes.Rejection,
    gives=shapes.SuggestionOut,
    refuses=(401, 403, 404, 409, 422),
)
def reject_word(suggestion_id: int, body: shapes.Rejection) -> Response:
    """Take a suggestion back; with `doubt` the word joins those that are always doubted."""
    person = place.person()
    with place.writes() as session:
        rejected = suggestions.reject(session, suggestion_id, person, place.now(), doubt=body.doubt)
        return jsonify(talk.suggestion(rejected))
