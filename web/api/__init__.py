"""HTTP API, version 1: `docs/api.md` and `/api/v1/openapi.json` describe it."""

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import NotFound

from web.security import limit_calls

bp = Blueprint("api", __name__, url_prefix="/api/v1")
limit_calls(bp)

from web.api import (  # noqa: E402
    books,  # noqa: F401
    characters,  # noqa: F401
    contents,  # noqa: F401
    covers,  # noqa: F401
    crops,  # noqa: F401
    desk,  # noqa: F401
    errata,  # noqa: F401
    findings,  # noqa: F401
    illustrations,  # noqa: F401
    labels,  # noqa: F401
    notes,  # noqa: F401
    openapi,  # noqa: F401
    pages,  # noqa: F401
    people,  # noqa: F401
    preferences,  # noqa: F401
    projects,  # noqa: F401
    releases,  # noqa: F401
    session,  # noqa: F401
    suggestions,  # noqa: F401
    tasks,  # noqa: F401
    typesetting,  # noqa: F401
    wordcheck,  # noqa: F401
    words,  # noqa: F401
)


@bp.route("/<path:_rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def nowhere(_rest: str) -> Response:
    """Answer 404 in the API's own shape."""
    raise NotFound


@bp.after_request
def _add_etag(response: Response) -> Response:
    """Let clients that poll ask whether anything changed."""
    if request.method == "GET" and response.status_code == 200 and response.is_json:  # noqa: PLR2004
        response.add_etag()
        response.make_conditional(request)
    return response


def page_of(items: list[object], following: str | None) -> Response:
    """Return a part of a list as JSON."""
    return jsonify(items=items, next=following)
