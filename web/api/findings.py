"""What whole-book checks found: saying that it is no fault, and putting lines right."""

from flask import Response, jsonify

from exports.releasing import dismissing
from library import projects
from proofing.correcting import correct_line
from web import place
from web.api import bp, shapes
from web.api.describe import call


@bp.post("/projects/<slug>/checks/dismissals")
@call(
    "Say that a finding is no fault",
    takes=shapes.DismissalIn,
    gives=shapes.DismissalOut,
    refuses=(401, 403, 404, 410, 422),
)
def dismiss_finding(slug: str, body: shapes.DismissalIn) -> Response:
    """Dismiss a finding or a whole kind, or bring it back; the history keeps who did."""
    person = place.person()
    act = dismissing.dismiss if body.dismissed else dismissing.bring_back
    with place.writes() as session:
        project = projects.find_project(session, slug)
        act(session, person, project, body.code, body.key, place.now())
    return jsonify(body.model_dump())


@bp.post("/projects/<slug>/pages/<address>/corrections")
@call(
    "Correct a line outside the rounds",
    takes=shapes.CorrectionIn,
    gives=shapes.CorrectionOut,
    refuses=(401, 403, 404, 409, 410, 422),
)
def correct_page(slug: str, address: str, body: shapes.CorrectionIn) -> Response:
    """Put another line in the place of one that is still as it was seen."""
    person = place.person()
    with place.writes() as session:
        project = projects.find_project(session, slug)
        page = projects.find_page(session, project, address)
        revision = correct_line(session, person, page, body.line, body.old, body.new, place.now())
        given = {"page": page.number, "text": revision.text, "revision": revision.id}
    return jsonify(given)
