"""A page's text as it will stand in the book, for who is typing it."""

from flask import Response, jsonify

from exports.pages import PageKind, PageText
from exports.writing.onepage import set_page
from proofing import tasks
from web import place
from web.api import bp, shapes
from web.api.describe import call


@bp.post("/tasks/<int:task_id>/preview")
@call(
    "Show a text as it will stand in the book",
    takes=shapes.TextToSet,
    gives=shapes.TextSet,
    refuses=(401, 404, 410),
)
def preview_page(task_id: int, body: shapes.TextToSet) -> Response:
    """Set a text in place of the task's own, by the rules books are made by; keep nothing."""
    place.person()
    with place.reads() as session:
        task = tasks.find_task(session, task_id)
        page, language = task.page, task.project.languages[0]
        kind: PageKind = "illustration" if page.kind == "illustration" else "text"
        typed = PageText(page.number, str(page.id), body.text, label=page.label, kind=kind)
    made = set_page(typed, language)
    findings = [
        {"severity": each.severity.value, "line": each.line, "sentence": each.hint}
        for each in made.findings
    ]
    return jsonify(html=made.html, findings=findings)
