"""What the desk's scripts need of a page, in one answer."""

from flask import Response, jsonify

from library.errors import ConflictError, ForbiddenError
from proofing import tasks
from proofing.rules import State
from web import place, sheet
from web.api import bp, shapes
from web.api.describe import call


@bp.get("/tasks/<int:task_id>/sheet")
@call(
    "Show a page in hand as the desk needs it",
    gives=shapes.SheetOut,
    refuses=(401, 403, 404, 409, 410),
)
def show_sheet(task_id: int) -> Response:
    """Give text, print, and the ties between them, to the holder of a page."""
    person = place.person()
    with place.reads() as session:
        task = tasks.find_task(session, task_id)
        if task.state != State.OUT:
            raise ConflictError("This page is not in anybody's hands now; check it out first.")
        if task.holder_id != person.id:
            raise ForbiddenError("Somebody else has this page in hand.")
        return jsonify(sheet.sheet(session, task, person))
