"""Errors as answers: problem details (RFC 9457) in the API, a page for people elsewhere."""

import logging
import secrets
from http import HTTPStatus

from flask import Flask, jsonify, make_response, redirect, render_template, request, url_for
from flask.wrappers import Response
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from library.errors import (
    DiskFullError,
    GalleyError,
    InvalidError,
    NotFoundError,
    SignInError,
    TooLargeError,
    TooManyError,
    UnavailableError,
    WrongTypeError,
)
from web.forms import referring_path

log = logging.getLogger(__name__)

#: Seconds after which trying again makes sense.
RETRY_AFTER = "10"

_SENTENCES = {
    400: "The request could not be understood; nothing was changed. Reload the page, try again.",
    404: "No such page. It may have been renumbered or renamed.",
    405: "This address does not take that kind of request.",
    413: "This is larger than fits in one request; send it in parts.",
    415: "This address does not take that content type.",
    429: "Slow down a moment, then try again.",
}

_TITLES = {
    400: "This did not arrive whole",
    404: NotFoundError.title,
    413: TooLargeError.title,
    415: WrongTypeError.title,
    429: TooManyError.title,
}


def handle_errors(app: Flask) -> None:
    """Give every error its answer."""
    app.register_error_handler(GalleyError, _known)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(Exception, _unknown)


def answer(error: GalleyError, status: int | None = None) -> Response:
    """Return the answer that this error gets in the place where it was asked for."""
    status = status or error.status
    if request.path.startswith("/api/"):
        response = _problem(error, status)
    else:
        response = Response(
            render_template("errors/error.html", error=error, status=status), status
        )
    response.status_code = status
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        response.headers.setdefault("Retry-After", RETRY_AFTER)
    if isinstance(error, SignInError):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _problem(error: GalleyError, status: int) -> Response:
    body: dict[str, object] = {
        "type": "about:blank",
        "title": error.title,
        "status": status,
        "detail": error.sentence,
    }
    if isinstance(error, InvalidError) and error.errors:
        body["errors"] = error.errors
    if error.current:
        body["current"] = error.current
    response = jsonify(body)
    response.content_type = "application/problem+json"
    return response


def _known(error: GalleyError) -> Response:
    if isinstance(error, SignInError) and not request.path.startswith("/api/"):
        return _to_sign_in()
    return answer(error)


def _to_sign_in() -> Response:
    """Go to the sign-in page, and from there back to where this was asked for."""
    here = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else referring_path()
    return make_response(redirect(url_for("accounts.sign_in", next=here), 303))


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    known = GalleyError(_SENTENCES.get(status) or error.description or error.name)
    known.title = _TITLES.get(status) or error.name  # type: ignore[misc]
    response = answer(known, status)
    if status == HTTPStatus.TOO_MANY_REQUESTS and error.response is not None:
        response.headers.extend(error.response.headers)
    for name, value in error.get_headers():
        if name.casefold() in ("allow", "retry-after", "location"):
            response.headers[name] = value
    return response


def _database(error: OperationalError) -> Response:
    log.error("database: %s", error)
    if "full" in str(error.orig).casefold():
        return _disk(OSError())
    return answer(
        UnavailableError(
            "The database is busy; nothing was changed and your text is kept. Try again shortly."
        )
    )


def _disk(error: OSError) -> Response:
    import errno  # noqa: PLC0415 - one name, one use

    if error.errno not in (None, errno.ENOSPC, errno.EDQUOT):
        return _unknown(error)
    return answer(
        DiskFullError("There is no room left on the server; nothing was changed. Tell an admin.")
    )


def _unknown(error: Exception) -> Response:
    code = secrets.token_hex(4)
    log.error("unexpected, code %s", code, exc_info=error)
    known = GalleyError(
        f"That was our fault, not yours. What you typed is kept on this device. (Code {code})"
    )
    return answer(known, 500)
