"""Page tasks: check out, save, hand in, give back, and what coordinators do with them."""

from collections.abc import Callable

from flask import Response, jsonify
from sqlalchemy.orm import Session

from library import projects
from library.errors import InvalidError
from library.models import Person
from proofing import checkout, saving, tasks
from proofing.models import PageTask
from proofing.saving import Attempt, Saved
from web import place, present
from web.api import bp, lists, shapes
from web.api.describe import call
from web.api.idempotency import once
from web.api.pages import difference


@bp.post("/projects/<slug>/checkouts")
@call(
    "Check a page out",
    takes=shapes.CheckOut,
    gives=shapes.TaskOut,
    status=201,
    refuses=(401, 403, 404, 409, 410, 422),
)
def check_out(slug: str, body: shapes.CheckOut) -> tuple[Response, int]:
    """Hand the caller the project's next page, lowest number first."""
    person, settings = place.person(), place.settings()
    with place.writes() as session:
        project = projects.find_project(session, slug)
        if body.round is not None and body.round not in project.rounds:
            sentence = f"{project.title} has the rounds {', '.join(project.rounds)}."
            raise InvalidError(sentence, {"round": sentence})
        task = checkout.check_out(
            session,
            project,
            person,
            place.now(),
            lease=settings.prefetch_lease if body.prefetch else settings.lease,
            pages_held=settings.pages_held,
            code=body.round,
        )
        task.prefetched = body.prefetch
        given = present.task(session, task, person)
    return jsonify(given), 201


@bp.get("/tasks/<int:task_id>")
@call("Show a task", gives=shapes.TaskOut, refuses=(404, 410))
def show_task(task_id: int) -> Response:
    """Give a page task; drafts are shown to their holder only."""
    with place.reads() as session:
        given = present.task(session, tasks.find_task(session, task_id), place.visitor())
    return jsonify(given)


@bp.put("/tasks/<int:task_id>/draft")
@call(
    "Save a draft",
    takes=shapes.Draft,
    gives=shapes.SavedOut,
    refuses=(401, 403, 404, 409, 410, 422),
)
def save_draft(task_id: int, body: shapes.Draft) -> Response:
    """Keep a draft on disk; on a conflict both texts are kept."""

    def save(session: Session, person: Person) -> tuple[Saved, present.Json]:
        sent = Attempt(person, body.text, body.version)
        saved = saving.save_draft(session, task_id, sent, place.now(), lease=place.settings().lease)
        return saved, _saved(saved)

    return once(save)


@bp.post("/tasks/<int:task_id>/done")
@call(
    "Hand a page in",
    takes=shapes.Done,
    gives=shapes.DoneOut,
    refuses=(401, 403, 404, 409, 410, 422),
)
def hand_in(task_id: int, body: shapes.Done) -> Response:
    """Finish a reading; the page moves on by itself."""

    def save(session: Session, person: Person) -> tuple[Saved, present.Json]:
        sent = Attempt(person, body.text, body.version, body.note)
        saved = saving.hand_in(session, task_id, sent, place.now())
        session.flush()
        following = tasks.next_held(session, saved.task.project_id, person, place.now())
        given = present.task(session, following, person) if following else None
        return saved, {**_saved(saved), "next": given}

    return once(save)


@bp.post("/tasks/<int:task_id>/renew")
@call("Keep a page longer", gives=shapes.TaskOut, refuses=(401, 403, 404, 409, 410))
def renew(task_id: int) -> Response:
    """Start the lease anew."""
    lease = place.settings().lease
    return _act(lambda session, who: tasks.renew(session, task_id, who, place.now(), lease=lease))


@bp.post("/tasks/<int:task_id>/return")
@call("Give a page back", gives=shapes.TaskOut, refuses=(401, 403, 404, 409, 410))
def give_back(task_id: int) -> Response:
    """Return a page; its draft is kept for its author."""
    return _act(lambda session, who: tasks.give_back(session, task_id, who, place.now()))


@bp.post("/tasks/<int:task_id>/reopen")
@call("Reopen a handed-in page", gives=shapes.TaskOut, refuses=(401, 403, 404, 409, 410))
def reopen(task_id: int) -> Response:
    """Take a page up again, until someone has taken it in the next round."""
    lease = place.settings().lease
    return _act(lambda session, who: tasks.reopen(session, task_id, who, place.now(), lease=lease))


@bp.post("/tasks/<int:task_id>/bad")
@call(
    "Report a bad scan",
    takes=shapes.Because,
    gives=shapes.TaskOut,
    refuses=(401, 403, 404, 409, 410, 422),
)
def report_bad(task_id: int, body: shapes.Because) -> Response:
    """Take a page whose scan can't be read out of its round."""
    return _act(
        lambda session, who: tasks.report_bad(session, task_id, who, body.reason, place.now())
    )


@bp.post("/tasks/<int:task_id>/clear")
@call("Clear a bad scan", gives=shapes.TaskOut, refuses=(401, 403, 404, 409, 410))
def clear_bad(task_id: int) -> Response:
    """Put a reported page back into its round."""
    return _act(lambda session, who: tasks.clear_bad(session, task_id, who, place.now()))


@bp.post("/tasks/<int:task_id>/send-back")
@call(
    "Send a page back",
    takes=shapes.SendBack,
    gives=shapes.TaskOut,
    refuses=(401, 403, 404, 409, 410, 422),
)
def send_back(task_id: int, body: shapes.SendBack) -> Response:
    """Have a finished page read again, by someone else or by the one who read it."""
    return _act(
        lambda session, who: tasks.send_back(
            session, task_id, who, body.reason, place.now(), to_reader=body.to_reader
        )
    )


@bp.get("/tasks/<int:task_id>/revisions")
@call(
    "Show every saved text of a task",
    gives=shapes.RevisionList,
    query={**lists.QUERY, "diff": "Two revision ids, `A..B`."},
    refuses=(404, 410, 422),
)
def task_revisions(task_id: int) -> Response:
    """Give every text saved in a task, oldest first."""
    limit, after = lists.limit(), lists.cursor()
    with place.reads() as session:
        task = tasks.find_task(session, task_id)
        everything = [present.revision(task, each) for each in tasks.revisions(session, task)]
    items = [item for item in everything if item["id"] > after][:limit]
    following = str(items[-1]["id"]) if len(items) == limit else None
    return jsonify(items=items, next=following, diff=difference(everything))


def _act(action: Callable[[Session, Person], PageTask]) -> Response:
    """Do one thing with a task in one transaction and give the task as it stands then."""
    person = place.person()
    with place.writes() as session:
        task = action(session, person)
        session.flush()
        given = present.task(session, task, person)
    return jsonify(given)


def _saved(saved: Saved) -> present.Json:
    return {
        "state": saved.task.state,
        "version": saved.task.version,
        "saved_at": present.moment(saved.revision.created_at),
        "text": saved.revision.text,
        "changed": saved.changed,
    }
