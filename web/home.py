"""The front page."""

from flask import Blueprint, render_template

from web import place
from web.books import shelves
from web.dashboard import show_desk

bp = Blueprint("home", __name__)

_BOOKS, _ON_PRESS = 12, 6


@bp.get("/")
def index() -> str:
    """Show the desk to who is signed in, books to everyone else."""
    person = place.visitor()
    if person is not None:
        return show_desk(person)
    with place.reads() as session:
        return render_template(
            "home.html",
            books=shelves.books(session, limit=_BOOKS),
            on_press=shelves.on_press(session, limit=_ON_PRESS),
        )
