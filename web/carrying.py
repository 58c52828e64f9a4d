"""Text typed by someone whose session has ended: it goes through the sign-in page and is then kept.

Without scripts nothing else holds it. A page that is saved or handed in by nobody is answered with
the sign-in page, its text in hidden fields; after signing in it is saved as a draft.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import render_template, request, url_for
from werkzeug.exceptions import BadRequest

from web import place

#: Endpoints whose form holds a page's text.
ENDPOINTS = frozenset({"desk.save", "desk.done", "desk.give_back"})


@dataclass(frozen=True)
class Typed:
    """What the desk's form sends; `version` is -1 when it came without one."""

    task: int
    text: str
    version: int
    note: str


def typed(task_id: int) -> Typed:
    """Return what the desk's form of a task holds."""
    form = request.form
    version = form.get("version", -1, type=int)
    return Typed(task_id, form.get("text", ""), version, form.get("note", ""))


def ask_to_sign_in(task_id: int) -> tuple[str, int]:
    """Answer a form of the desk that nobody signed in sent: nothing changes, nothing is lost."""
    page = render_template(
        "accounts/sign_in.html",
        values={},
        errors={},
        next=url_for("desk.proof", task_id=task_id),
        carried=typed(task_id),
    )
    return page, 401


def carried() -> Typed | None:
    """Return the text that the sign-in form carries, or None."""
    task_id = request.form.get("task", type=int)
    return typed(task_id) if task_id is not None and "text" in request.form else None


def require_same_origin() -> None:
    """Refuse a form that another site sent; the session's own token may be gone with it.

    Every browser names the origin of a form that it posts.
    """
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc not in (request.host, _public_host()):
        raise BadRequest


def _public_host() -> str:
    return urlsplit(place.settings().url).netloc
