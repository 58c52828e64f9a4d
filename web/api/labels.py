"""Printed page numbers of a whole book."""

from flask import Response, jsonify

from library import projects
from web import place
from web.api import bp, shapes
from web.api.describe import call
from web.numbering import numbers_of


@bp.get("/projects/<slug>/labels")
@call("Show the pages' printed numbers", gives=shapes.LabelsOut, refuses=(404, 410))
def show_labels(slug: str) -> Response:
    """Give the printed numbers as ranges, and the pages that seem to be missing or doubled."""
    with place.reads() as session:
        found = projects.find_project(session, slug)
        return jsonify(numbers_of(projects.pages_of(session, found)))
