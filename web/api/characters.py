"""The characters that a book is written with, for those who type them."""

from flask import Response, jsonify, request

from library import projects
from proofing import characters, charnames
from web import place, present
from web.api import bp, shapes
from web.api.describe import call
from web.forms import language_label

_LONGEST_NAME = 100


@bp.get("/projects/<slug>/characters")
@call("Show a book's characters", gives=shapes.CharactersOut, refuses=(404, 410))
def show_characters(slug: str) -> Response:
    """Give each language's characters, those the book uses most, and which ones are expected."""
    with place.reads() as session:
        project = projects.find_project(session, slug)
        used = characters.book_characters(session, project)
    sets = [
        {
            "language": language,
            "name": language_label(language),
            "characters": _named(characters.characters_of(language)),
        }
        for language in project.languages
    ]
    return jsonify(sets=sets, book=_named(used), allowed=characters.allowed(project.languages))


@bp.get("/characters")
@call(
    "Find characters by name",
    gives=shapes.CharactersFound,
    query={"named": "Words that begin words of the character's name in Unicode."},
)
def find_characters() -> Response:
    """Give up to 20 characters, those that old books are set in first."""
    named = request.args.get("named", "")[:_LONGEST_NAME]
    return jsonify(items=_named(charnames.find(named)))


def _named(chars: list[str]) -> list[present.Json]:
    return [{"char": char, "name": characters.name_of(char)} for char in chars]
