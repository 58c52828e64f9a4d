"""Books being worked on: lists, pages, and what coordinators do. A module a concern."""

from flask import Blueprint

bp = Blueprint("projects", __name__)

from web.projects import (  # noqa: E402
    adding,  # noqa: F401
    contents,  # noqa: F401
    cover,  # noqa: F401
    decisions,  # noqa: F401
    findings,  # noqa: F401
    illustrations,  # noqa: F401
    listing,  # noqa: F401
    managing,  # noqa: F401
    notes,  # noqa: F401
    packing,  # noqa: F401
    pages,  # noqa: F401
    problems,  # noqa: F401
    reading,  # noqa: F401
    releasing,  # noqa: F401
)
