"""Signing in again without leaving the page: the desk asks for it when a session has ended."""

from http import HTTPStatus

from flask import Response, jsonify, request
from flask_wtf.csrf import generate_csrf

from library import people
from library.errors import SignInError
from web import accounts, carrying, place
from web.api import bp, shapes
from web.api.describe import call
from web.security import limit_of, limiter
from web.words import gettext as _


@bp.get("/session")
@call("Show who is signed in in this browser", gives=shapes.SessionOut)
def show_session() -> Response:
    """Give the name, or null, and the CSRF token that this browser's calls carry from now on."""
    return _session()


def _account() -> str:
    sent = request.get_json(silent=True)
    name = sent.get("name") if isinstance(sent, dict) else None
    return f"account:{_folded(str(name))[:64]}"


def _is_refusal(response: Response) -> bool:
    return response.status_code >= HTTPStatus.BAD_REQUEST


@bp.post("/session")
@limiter.limit(limit_of("sign-in"))
@limiter.limit(limit_of("sign-in-account"), key_func=_account, deduct_when=_is_refusal)
@call("Sign in in this browser", takes=shapes.SignIn, gives=shapes.SessionOut, refuses=(401,))
def sign_in_here(body: shapes.SignIn) -> Response:
    """Begin a session with a cookie; programs use a token instead."""
    carrying.require_same_origin()
    name = _folded(body.name)
    with place.reads() as session:
        person = people.find_person(session, name)
    if not people.verify(person.password_hash if person else None, body.password) or person is None:
        raise SignInError(_("This name and password don't fit together; check both."))
    accounts.begin(person)
    return _session()


def _session() -> Response:
    visitor = place.visitor()
    return jsonify(name=visitor.name if visitor else None, csrf_token=generate_csrf())


def _folded(name: str) -> str:
    return name.strip().casefold()
