"""Books and projects as lists show them: what templates call Book, Press and Project."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import Session

from exports.catalogue import catalog
from exports.catalogue.catalog_models import Outline
from exports.models import Release, ReleasePage
from library.models import Coordinator, Page, Person, Project
from pipeline import runs
from proofing import tallies
from proofing.models import PageTask
from proofing.rules import ROUNDS, State
from proofing.tallies import Offer, Share
from web.present import Json

COVER = "cover.jpg"
#: Of silent reading: 238 words a minute for books (Brysbaert 2019), in round figures.
WORDS_AN_HOUR = 14_000
#: Hours from which halves say nothing.
LONG = 3


def books(session: Session, **asked: Any) -> list[Json]:  # noqa: ANN401 - the catalogue's own
    """Return published books, asked for as `catalog.published_books` takes it."""
    return shelved(session, catalog.published_books(session, **asked))


def shelved(session: Session, found: Sequence[catalog.Shelved]) -> list[Json]:
    """Return published books as shelves show them."""
    ids = [release.id for _, release in found]
    pages, words = _pages_of(session, ids), _words_of(session, ids)
    return [
        {
            **face(project, release),
            "pages": pages.get(release.id, 0),
            "hours": hours(words.get(release.id, 0)),
        }
        for project, release in found
    ]


def face(project: Project, release: Release) -> Json:
    """Return how a published book looks: what its release says, not what stands now."""
    said = release.metadata_
    named = [each["name"] for each in said.get("contributors", ()) if each["role"] == "aut"]
    return {
        "slug": project.slug,
        "title": said.get("title", project.title),
        "author": ", ".join(named),
        "languages": said.get("languages", project.languages),
        "year": said.get("year") or "",
        "cover_url": cover_url(project.slug, release),
    }


def hours(words: int) -> float:
    """Return how long reading takes, in hours: halves below three."""
    exact = words / WORDS_AN_HOUR
    return round(exact * 2) / 2 if exact < LONG else round(exact)


def reading_address(slug: str, section: str, anchor: str = "") -> str:
    """Return the address of a chapter's reading page, at a line of it."""
    path = url_for("reader.chapter", slug=slug, chapter=section)
    return f"{path}#{anchor}" if anchor else path


def cover_url(slug: str, release: Release | None) -> str | None:
    """Return the address of a released book's cover, or None."""
    if release is None or all(file.name != COVER for file in release.files):
        return None
    return url_for("catalog.download", slug=slug, name=COVER)


def on_press(session: Session, limit: int) -> list[Json]:
    """Return books that volunteers work on, the newest first."""
    found = session.scalars(
        sa.select(Project)
        .where(Project.state == "active", Project.opened, Project.deleted_at.is_(None))
        .order_by(Project.id.desc())
        .limit(limit)
    ).all()
    return [each for each in progress(session, found) if each["total"]]


def progress(session: Session, found: Sequence[Project]) -> list[Json]:
    """Return projects with the round they are in and how far they have come in it.

    `done` counts pages done in that round; `finished` those through the last one.
    """
    ids = [project.id for project in found]
    totals = _count(session, Page.project_id, Page.project_id.in_(ids), Page.deleted_at.is_(None))
    tasks = _tasks(session, ids)
    return [_with_progress(each, totals.get(each.id, 0), tasks.get(each.id, {})) for each in found]


def offer(found: Offer) -> Json:
    """Return a book that somebody could take a page of."""
    return {
        **_face(found.project, None),
        "round_name": ROUNDS[found.round].name,
        "available": found.available,
    }


def shares(session: Session, found: Sequence[Share]) -> list[Json]:
    """Return the books that somebody worked on."""
    ids = [share.project.id for share in found]
    published = set(
        session.scalars(
            sa.select(Release.project_id).where(
                Release.project_id.in_(ids), Release.state == "published"
            )
        )
    )
    return [
        {
            **_face(share.project, None),
            "pages": share.mine,
            "done": share.finished,
            "total": share.total,
            "book": share.project.id in published,
        }
        for share in found
    ]


def coordinated(session: Session, person: Person) -> list[Json]:
    """Return the books that somebody coordinates, with what waits for them there."""
    found = session.scalars(
        sa.select(Project)
        .join(Coordinator, Coordinator.project_id == Project.id)
        .where(
            Coordinator.person_id == person.id,
            Project.deleted_at.is_(None),
            Project.state != "archived",
        )
        .order_by(Project.id.desc())
        .limit(50)
    ).all()
    return [
        {
            **_face(project, None),
            "problems": len(tallies.problems(session, project)),
            "failed": runs.counts(session, project)["failed"],
        }
        for project in found
    ]


def _face(project: Project, release: Release | None) -> Json:
    return {
        "slug": project.slug,
        "title": project.title,
        "author": project.author,
        "languages": project.languages,
        "cover_url": cover_url(project.slug, release),
    }


def _with_progress(project: Project, total: int, tasks: dict[str, dict[str, int]]) -> Json:
    code = _current_round(project, total, tasks)
    last = tasks.get(project.rounds[-1], {})
    return {
        **_face(project, None),
        "state": project.state,
        "opened": project.opened,
        "round_name": ROUNDS[code].name,
        "done": tasks.get(code, {}).get(State.DONE, 0),
        "finished": last.get(State.DONE, 0),
        "available": sum(states.get(State.AVAILABLE, 0) for states in tasks.values()),
        "total": total,
    }


def _current_round(project: Project, total: int, tasks: dict[str, dict[str, int]]) -> str:
    """Return the first round that has pages left."""
    for code in project.rounds:
        if tasks.get(code, {}).get(State.DONE, 0) < total:
            return str(code)
    return str(project.rounds[-1])


def _tasks(session: Session, ids: Sequence[int]) -> dict[int, dict[str, dict[str, int]]]:
    """Return how many tasks are in each state, by project and round."""
    rows = session.execute(
        sa.select(PageTask.project_id, PageTask.round, PageTask.state, sa.func.count())
        .where(PageTask.project_id.in_(ids))
        .group_by(PageTask.project_id, PageTask.round, PageTask.state)
    )
    found: dict[int, dict[str, dict[str, int]]] = {}
    for project_id, code, state, number in rows:
        found.setdefault(project_id, {}).setdefault(code, {})[state] = number
    return found


def _words_of(session: Session, ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        sa.select(Outline.release_id, Outline.words).where(Outline.release_id.in_(ids))
    )
    return {each: number for each, number in rows}  # noqa: C416 - dict() loses the types


def _pages_of(session: Session, ids: Sequence[int]) -> dict[int, int]:
    return _count(session, ReleasePage.release_id, ReleasePage.release_id.in_(ids))


def _count(session: Session, key: Any, *where: Any) -> dict[int, int]:  # noqa: ANN401 - columns
    rows = session.execute(sa.select(key, sa.func.count()).where(*where).group_by(key))
    return {each: number for each, number in rows}  # noqa: C416 - dict() loses the types
