"""The book for someone who makes it by hand: one text with separators, scans, word lists."""

from collections import defaultdict

import sqlalchemy as sa
from flask import Response, url_for
from sqlalchemy.orm import Session

from exports.writing.pack import Pack, PackPage, concatenated, packed
from library import projects
from library.models import Page, Person, Project
from pipeline.models import OcrRun
from proofing import texts
from proofing.models import PageTask, Revision
from proofing.rules import ROUNDS, State
from web import place
from web.projects import bp
from web.security import limit_of, limiter


def _who() -> str:
    return str(place.person().id)


@bp.get("/projects/<slug>/concatenated.txt")
@limiter.limit(limit_of("pack"), key_func=_who)
def concatenated_text(slug: str) -> Response:
    """Send the texts of all pages as they stand, with a separator before each."""
    pack = _pack(slug)
    parts = (part.encode() for part in concatenated(pack.pages))
    response = Response(parts, mimetype="text/plain")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.txt"'
    return response


@bp.get("/projects/<slug>/pack.zip")
@limiter.limit(limit_of("pack"), key_func=_who)
def pack_file(slug: str) -> Response:
    """Send text, scans, word lists and a readme, made while they are sent."""
    response = Response(packed(_pack(slug), place.now()), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-pack.zip"'
    return response


def _pack(slug: str) -> Pack:
    """Return what is packed; the database is not held while it is sent."""
    place.person()
    with place.reads() as session:
        project = projects.find_project(session, slug)
        pages = [page for page in projects.pages_of(session, project) if page.kind != "skip"]
        standing = texts.accepted(session, project)
        return Pack(
            project.title,
            project.author,
            slug,
            url_for("projects.show", slug=slug, _external=True),
            _state(project, pages, standing),
            project.note,
            _pages(session, project, pages, standing),
            projects.words(session, project, "good"),
            projects.words(session, project, "bad"),
        )


def _state(project: Project, pages: list[Page], standing: dict[int, texts.Accepted]) -> list[str]:
    finished = sum(page.id in standing and standing[page.id].finished for page in pages)
    rounds = ", ".join(ROUNDS[code].name for code in project.rounds)
    return [
        f"{finished} of {len(pages)} pages have been through every round ({rounds}).",
        f"Packed on {place.now():%Y-%m-%d %H:%M} UTC from the texts as they stood then.",
    ]


def _pages(
    session: Session, project: Project, pages: list[Page], standing: dict[int, texts.Accepted]
) -> list[PackPage]:
    readers = _readers(session, project)
    storage = place.installation().storage
    return [
        PackPage(
            page.number,
            page.label,
            _text(session, page, standing.get(page.id, texts.Accepted())),
            readers[page.id],
            storage.path(page.image_sha256) if page.image_sha256 else None,
        )
        for page in pages
    ]


def _text(session: Session, page: Page, where: texts.Accepted) -> str:
    if page.kind == "blank":
        return "[Blank Page]"
    if where.revision_id:
        return session.get_one(Revision, where.revision_id).text
    found = session.scalar(sa.select(OcrRun.text).where(OcrRun.id == where.run_id))
    return found or ""


def _readers(session: Session, project: Project) -> dict[int, list[str]]:
    """Return the names of those who handed each page in, by page id, in the order of rounds."""
    order = {code: place for place, code in enumerate(project.rounds)}
    rows = session.execute(
        sa.select(PageTask.page_id, PageTask.round, PageTask.reading, Person.name)
        .join(Person, Person.id == PageTask.reader_id)
        .where(PageTask.project_id == project.id, PageTask.state == State.DONE)
    ).all()
    names: dict[int, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (order.get(row.round, len(order)), row.reading)):
        names[row.page_id].append(row.name)
    return names
