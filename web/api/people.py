"""Who asks, who somebody is, what the site has done, and the public history."""

import sqlalchemy as sa
from flask import Response, jsonify

from exports.models import Release
from library import events, people, projects
from library.models import Page, Person, Project
from proofing import tasks, trust
from proofing.models import PageTask
from proofing.rules import ROUNDS, State
from web import place, present
from web.api import bp, lists, shapes
from web.api.describe import call


@bp.get("/me")
@call("Show who asks", gives=shapes.MeOut, refuses=(401,))
def show_me() -> Response:
    """Give the caller's standing and the pages they have in hand."""
    person = place.person()
    with place.reads() as session:
        open_rounds = {code: trust.standing(session, person, code) for code in ROUNDS}
        held = [
            {"task": task.id, "project": task.project.slug, "page": task.page.number}
            for task in tasks.held(session, person)
        ]
        return jsonify(
            name=person.name,
            role=person.role,
            pages_done=trust.pages_done(session, person),
            rounds={
                code: {"open": each.open, "detail": each.sentence}
                for code, each in open_rounds.items()
            },
            held=held,
        )


@bp.get("/people/<name>")
@call("Show a person", gives=shapes.PersonOut, refuses=(404,))
def show_person(name: str) -> Response:
    """Give what is public about somebody."""
    with place.reads() as session:
        person = people.person_named(session, name)
        done = session.execute(
            sa.select(PageTask.round, sa.func.count())
            .where(PageTask.reader_id == person.id, PageTask.done_at.is_not(None))
            .group_by(PageTask.round)
        )
        by_round = {code: number for code, number in done}  # noqa: C416 - dict() loses the types
    return jsonify(
        name=person.name,
        since=present.moment(person.created_at),
        pages_done=sum(by_round.values()),
        rounds=by_round,
    )


@bp.get("/stats")
@call("Show the site in figures", gives=shapes.StatsOut)
def show_stats() -> Response:
    """Give counts of what is here and what was done."""
    with place.reads() as session:
        done = session.execute(
            sa.select(PageTask.round, sa.func.count())
            .where(PageTask.state == State.DONE)
            .group_by(PageTask.round)
        )
        published = sa.select(sa.func.count(Release.project_id.distinct())).where(
            Release.state == "published"
        )
        count = sa.func.count
        return jsonify(
            projects=session.scalar(
                sa.select(count(Project.id)).where(Project.deleted_at.is_(None))
            ),
            pages=session.scalar(sa.select(count(Page.id)).where(Page.deleted_at.is_(None))),
            pages_done={code: number for code, number in done},  # noqa: C416
            people=session.scalar(sa.select(count(Person.id))),
            books=session.scalar(published),
        )


@bp.get("/projects/<slug>/events")
@call("Show a project's history", gives=shapes.Events, query=lists.QUERY, refuses=(404, 410))
def project_events(slug: str) -> Response:
    """Give a project's history, oldest first."""
    limit, after = lists.limit(), lists.cursor()
    with place.reads() as session:
        found = projects.find_project(session, slug)
        rows = events.since(session, after, limit, found.id)
        items = present.events(session, rows)
    return jsonify(items=items, next=str(items[-1]["id"]) if len(items) == limit else None)


@bp.get("/events")
@call(
    "Show the site's history",
    gives=shapes.Events,
    query={**lists.QUERY, "since": "Events after this event's id."},
)
def all_events() -> Response:
    """Give the public history, oldest first."""
    limit, after = lists.limit(), max(lists.cursor(), lists.cursor("since"))
    with place.reads() as session:
        items = present.events(session, events.since(session, after, limit))
    return jsonify(items=items, next=str(items[-1]["id"]) if len(items) == limit else None)
