"""Doubtful words on the desk: what they may be, and which typed words to doubt."""

from flask import Response, jsonify, request
from sqlalchemy.orm import Session

from library import projects
from library.errors import InvalidError
from library.models import Project
from proofing import doubts, rounds, tasks
from proofing.doubts import Book
from web import place
from web.api import bp, shapes
from web.api.describe import call

_LONGEST = 100


@bp.get("/tasks/<int:task_id>/readings")
@call("Show a task's doubtful words", gives=shapes.ReadingsOut, refuses=(404, 410))
def task_readings(task_id: int) -> Response:
    """Give the doubtful words that OCR read, with what they may be and the main reason.

    A key is the line's index in `lines`, a full stop, and the word's index in its line.
    """
    with place.reads() as session:
        task = tasks.find_task(session, task_id)
        run = task.run or rounds.latest_run(session, task.page_id)
        lines = run.lines if run else []
        book = _book(session, task.project)
    return jsonify(words=doubts.of_page(lines, book))


@bp.get("/projects/<slug>/words/readings")
@call(
    "Show what a word may be",
    gives=shapes.WordReadingsOut,
    query={"word": "A word as it stands in the text, at most 100 characters."},
    refuses=(404, 410),
)
def word_readings(slug: str) -> Response:
    """Give up to four readings of any word, and whether the book or its language knows it."""
    word = request.args.get("word", "")
    if not word or len(word) > _LONGEST:
        sentence = f"word takes a word of at most {_LONGEST} characters."
        raise InvalidError(sentence, {"word": sentence})
    with place.reads() as session:
        book = _book(session, projects.find_project(session, slug))
    return jsonify(word=word, readings=doubts.readings(word, book), known=book.knows(word))


@bp.post("/projects/<slug>/words/check")
@call("Check words", takes=shapes.WordsToCheck, gives=shapes.WordsChecked, refuses=(404, 410, 422))
def check_words(slug: str, body: shapes.WordsToCheck) -> Response:
    """Name those of the words that are to be doubted; nothing is changed."""
    with place.reads() as session:
        book = _book(session, projects.find_project(session, slug))
    return jsonify(words=doubts.check(body.words, book))


def _book(session: Session, project: Project) -> Book:
    return doubts.book_of(session, project, place.now())
