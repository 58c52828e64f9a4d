"""Books being worked on, and one of them with its pages."""

from typing import Any

import sqlalchemy as sa
from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from exports.releasing import releases
from library import events, projects
from library.models import Person, Project
from pipeline import runs
from proofing import checkout, notes, rounds, suggestions, tallies, tasks
from proofing.rules import ROUNDS
from web import history, place, present
from web.books import shelves
from web.present import Json
from web.projects import bp
from web.projects.marks import SHOWN, cells, in_view

_A_PAGE, _EVENTS, _PEOPLE = 40, 8, 9


@bp.get("/projects")
def index() -> str:
    """Show books being worked on, the newest first."""
    q = request.args.get("q", "").strip()[:200]
    language = request.args.get("language", "")[:20]
    before = max(0, request.args.get("after", 0, type=int))
    with place.reads() as session:
        found = session.scalars(_query(q, language, before).limit(_A_PAGE + 1)).all()
        rows = shelves.progress(session, found[:_A_PAGE])
        return render_template(
            "projects/list.html",
            projects=[{**row, "done": row["finished"]} for row in rows],
            q=q,
            language=language,
            languages=_languages(session),
            elsewhere=_all(session),
            page_of={
                "previous": url_for("projects.index", q=q or None) if before else None,
                "next": _after(q, language, found[_A_PAGE - 1]) if found[_A_PAGE:] else None,
            },
        )


@bp.get("/projects/<slug>")
def show(slug: str) -> str:
    """Show a book with its rounds and every page's state."""
    person, show_only = place.visitor(), request.args.get("show", "all")
    with place.reads() as session:
        project = projects.find_project(session, slug)
        counts, ocr = rounds.counts(session, project), runs.counts(session, project)
        total = sum(ocr.values())
        everything = cells(project, present.page_items(session, project), person)
        people, names = tallies.readers(session, project, _PEOPLE)
        released = releases.published(session, project)
        return render_template(
            "projects/project.html",
            project=_facts(project, shelves.cover_url(slug, released)),
            total=total,
            rounds=[_round(session, project, code, counts[code], total) for code in project.rounds],
            step=_step(session, project, person),
            chapters=_chapters(in_view(everything, show_only)),
            show=show_only if show_only in SHOWN else "all",
            shown={name: len(in_view(everything, name)) for name in SHOWN},
            reading={"left": ocr["queued"] + ocr["running"], "failed": ocr["failed"]},
            coordinators=projects.coordinators(session, project),
            people={"count": people, "names": names},
            events=history.lately(
                session, events.history(session, project_id=project.id, limit=_EVENTS)
            ),
            may_manage=projects.coordinates(session, person, project),
            problems=len(tallies.problems(session, project)),
            waiting={
                "notes": notes.count_open(session, project),
                "words": suggestions.count_waiting(session, project),
            },
            book=released is not None,
        )


def _query(q: str, language: str, before: int) -> sa.Select[Project]:
    query = sa.select(Project).where(Project.deleted_at.is_(None)).order_by(Project.id.desc())
    for word in q.split():
        query = query.where(
            sa.or_(
                Project.title.icontains(word, autoescape=True),
                Project.author.icontains(word, autoescape=True),
            )
        )
    if language:
        column = sa.cast(Project.languages, sa.Text)
        query = query.where(column.contains(f'"{language}"', autoescape=True))
    return query.where(Project.id < before) if before else query


def _after(q: str, language: str, last: Project) -> str:
    return url_for("projects.index", q=q or None, language=language or None, after=last.id)


def _languages(session: Session) -> list[str]:
    rows = session.scalars(sa.select(Project.languages).where(Project.deleted_at.is_(None)))
    return sorted({str(code) for codes in rows for code in codes})


def _all(session: Session) -> int:
    count = sa.select(sa.func.count(Project.id)).where(Project.deleted_at.is_(None))
    return session.scalar(count) or 0


def _facts(project: Project, cover_url: str | None) -> Json:
    fields = "slug title author languages state publisher place year note opened one_person"
    return {**{name: getattr(project, name) for name in fields.split()}, "cover_url": cover_url}


def _round(
    session: Session, project: Project, code: str, counts: dict[str, int], total: int
) -> Json:
    to_go = total - counts["done"]
    return {
        "code": code,
        "name": ROUNDS[code].name,
        "done": counts["done"],
        "total": total,
        "available": counts["available"],
        "out": counts["out"],
        "days": tallies.days_left(session, project, code, to_go, place.now()),
    }


def _step(session: Session, project: Project, person: Person | None) -> Json:
    """Return what this visitor can do next with the book; see the template."""
    if person is None:
        waiting = rounds.counts(session, project)
        free = next((code for code in project.rounds if waiting[code]["available"]), None)
        return {"round_name": ROUNDS[free].name} if free else {"reason": ""}
    held = tasks.next_held(session, project.id, person, place.now())
    if held is not None:
        return {"task_id": held.id, "label": held.page.label or str(held.number)}
    code, reason = checkout.look_ahead(session, project, person)
    return {"round_name": ROUNDS[code].name} if code else {"reason": reason}


def _chapters(shown: list[Json]) -> list[dict[str, Any]]:
    """Return the pages by chapter; a contents list that people edit is not there yet."""
    if not shown:
        return []
    return [{"title": None, "pages": shown, "all_once": False, "folded": False}]
