"""Rows to begin with: people, projects, pages that were read. All of them through one session."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import projects
from library.models import Page, Person, Project
from pipeline.models import OcrRun
from proofing import rounds
from proofing.models import Grant, PageTask

#: When tests take place.
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

_serial = count(1)


def add_person(
    session: Session, name: str = "", *, role: str = "volunteer", grants: Sequence[str] = ()
) -> Person:
    """Add a person without a usable password; `grants` are rounds that are open to them."""
    person = Person(
        name=name or f"person-{next(_serial)}", password_hash="", role=role, created_at=NOW
    )
    session.add(person)
    session.flush()
    session.add_all(Grant(person_id=person.id, round=code, granted_at=NOW) for code in grants)
    session.flush()
    return person


def add_project(
    session: Session,
    owner: Person | None = None,
    *,
    pages: int | Sequence[str] = 0,
    rounds_: Sequence[str] = ("P1", "P2", "F1"),
    **fields: object,
) -> Project:
    """Add a project; `pages` are that many pages (or these texts) read by OCR, open in round one.

    Any other column of Project can be given by name.
    """
    owner = owner or add_person(session, role="coordinator")
    given = {"title": "A Book", "languages": ["en"], "rounds": list(rounds_), **fields}
    project = projects.create_project(session, owner, given, NOW)
    texts = [f"Text of page {place}." for place in range(1, pages + 1)] if isinstance(
        pages, int
    ) else pages  # fmt: skip
    for text in texts:
        add_page(session, project, text)
    while rounds.open_pages(session, project, NOW):
        session.flush()
    return project


def add_grown_project(session: Session, owner: Person) -> Project:
    """Add a project on a site where rounds no longer step down: three people have read ten pages.

    The pages are done in their first round, and nothing else is open.
    """
    project = add_project(session, owner, pages=30)
    tasks = session.scalars(sa.select(PageTask).where(PageTask.project_id == project.id)).all()
    readers = [add_person(session) for _ in range(3)]
    for place, task in enumerate(tasks):
        task.state, task.reader_id, task.done_at = "done", readers[place % 3].id, NOW
    session.flush()
    return project


def add_page(
    session: Session, project: Project, text: str = "Some text.", *, ocr: str = "done"
) -> Page:
    """Add a project's next page with one OCR run in the state `ocr`; no task is opened for it."""
    number = len(projects.pages_of(session, project)) + 1
    page = Page(
        project_id=project.id,
        number=number,
        file_name=f"{number:03}.png",
        original_sha256=f"{number:064x}",
        media_type="image/png",
        width=1200,
        height=1800,
        created_at=NOW,
    )
    session.add(page)
    session.flush()
    add_run(session, page, text, state=ocr)
    return page


def add_run(session: Session, page: Page, text: str, *, state: str = "done") -> OcrRun:
    """Add an OCR run of a page as its latest; no job is added for it."""
    session.query(OcrRun).filter_by(page_id=page.id, latest=True).update({"latest": False})
    run = OcrRun(
        page_id=page.id,
        project_id=page.project_id,
        state=state,
        languages=["en"],
        text=text if state == "done" else "",
        confidence=90.0 if state == "done" else None,
        queued_at=NOW,
        started_at=NOW if state != "queued" else None,
        finished_at=NOW if state in ("done", "failed") else None,
        reason="The page could not be read." if state == "failed" else "",
    )
    session.add(run)
    session.flush()
    return run
