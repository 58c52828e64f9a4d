"""Books being worked on: lists, pages, and what coordinators do. A module a concern."""

from flask import Blueprint

bp = Blueprint("projects", __name__)

from web.projects import adding, listing, managing, pages, problems, reading, releasing  # noqa: E402, F401
