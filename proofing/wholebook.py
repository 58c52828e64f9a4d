"""Heads and page numbers of a whole book, once enough of its pages were read.

What is found is left out of readings that nobody has started from, and printed numbers become the
labels of pages that nobody has labelled. It may be done again at any time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import queue
from library.clock import utc_now
from library.db import reading, writing
from library.models import Job, Page, Project
from library.queue import Taken
from pipeline import runs, storedlines
from pipeline.bands import bands_of
from pipeline.models import OcrRun
from pipeline.wholebook import KINDS, PageFurniture, furniture
from proofing import renewing, rounds

#: Fewer pages say nothing of each other.
_FEWEST = 4
#: While pages are still being read, looked at whenever their number has doubled.
_FIRST = 12


@dataclass(frozen=True)
class _Read:
    """A page of the book with the reading that people would start from."""

    page_id: int
    run_id: int
    height: int
    lines: list[Any]
    text: str


def ask(session: Session, project: Project, now: datetime) -> bool:
    """Ask for the book to be looked through, unless that is due already; says whether it was."""
    row = sa.select(Job.state).where(Job.kind == "arrange-book", Job.subject_id == project.id)
    state = session.scalar(row.with_for_update())
    if state is None:
        try:
            with session.begin_nested():
                queue.add_job(
                    session, "ocr", "arrange-book", project.id, now, project_id=project.id
                )
        except sa.exc.IntegrityError:  # another page's worker was first
            return False
        return True
    queue.ask_again(session, "arrange-book", project.id, now)
    return state in ("done", "failed")


def ask_when_ready(session: Session, project: Project, now: datetime) -> bool:
    """After a page was read: ask when all pages are, or twice as many as the last time."""
    states = runs.counts(session, project)
    done, waiting = states["done"], states["queued"] + states["running"]
    if done < _FEWEST:
        return False
    doubled = done >= _FIRST and done % _FIRST == 0 and (done // _FIRST).bit_count() == 1
    return (not waiting or doubled) and ask(session, project, now)


def perform(engine: sa.Engine, job: Taken) -> None:
    """Look the book `job.subject_id` through, and keep what is found.

    Pages that were read meanwhile make the job due again.
    """
    with reading(engine) as session:
        pages = _pages(session, job.subject_id)
    found = furniture([bands_of(page.lines, page.height) for page in pages])
    for page, here in zip(pages, found, strict=True):
        _renew(engine, page, here)
    with writing(engine) as session:
        _label(session, pages, found)
    with writing(engine) as session:
        if queue.finish(session, job, utc_now()) and _ids(session, job.subject_id) != [
            page.run_id for page in pages
        ]:
            queue.ask_again(session, "arrange-book", job.subject_id, utc_now())


def give_up(engine: sa.Engine, job: Taken, reason: str) -> None:
    """Close the job with its sentence; the pages stay as they were read."""
    with writing(engine) as session:
        queue.fail(session, job, reason, utc_now())


def _pages(session: Session, project_id: int) -> list[_Read]:
    """Return the book's pages in order, but those to skip; one not read yet has no lines."""
    pages = _in_book(project_id).subquery()
    query = sa.select(pages.c.id, OcrRun.id, pages.c.height, OcrRun.lines, OcrRun.text)
    rows = session.execute(
        query.outerjoin_from(pages, OcrRun, OcrRun.id == pages.c.run_id).order_by(pages.c.number)
    )
    return [
        _Read(page_id, run_id or 0, height, lines or [], text or "")
        for page_id, run_id, height, lines, text in rows
    ]


def _ids(session: Session, project_id: int) -> list[int]:
    """Return the ids of the readings that `_pages` would look at."""
    rows = session.execute(_in_book(project_id).order_by(Page.number))
    return [row.run_id or 0 for row in rows]


def _in_book(project_id: int) -> sa.Select[int, int, int, int]:
    columns = (Page.id, Page.number, Page.height, rounds.newest_run(Page.id).label("run_id"))
    return sa.select(*columns).where(
        Page.project_id == project_id, Page.deleted_at.is_(None), Page.kind != "skip"
    )


def _renew(engine: sa.Engine, page: _Read, here: PageFurniture) -> None:
    """Leave what was found out of a reading, if it is still as it was seen and nobody's."""
    lines = storedlines.with_kinds(page.lines, _kinds(page, here), KINDS)
    if lines == page.lines:
        return
    text = storedlines.retold(page.text, page.lines, lines)
    if text is None:
        return
    with writing(engine) as session:
        run = session.get_one(OcrRun, page.run_id, with_for_update=True)
        if run.lines == page.lines:
            renewing.renew(session, run, lines, text)


def _kinds(page: _Read, here: PageFurniture) -> Mapping[int, str]:
    """Return what the book says of a page's lines; where it says nothing, what the page does."""
    if here.kinds or here.label:
        return here.kinds
    return storedlines.kinds_alone(page.lines)


def _label(session: Session, pages: Sequence[_Read], found: Sequence[PageFurniture]) -> None:
    """Give pages their printed numbers, but those that a person labelled."""
    labels = {page.page_id: here.label for page, here in zip(pages, found, strict=True)}
    rows = session.execute(
        sa.select(Page.id, Page.label)
        .where(Page.id.in_(labels), Page.label_given.is_(False))
        .order_by(Page.number)
        .with_for_update(key_share=True)
    ).all()
    for page_id, label in rows:
        if label != labels[page_id]:
            session.execute(sa.update(Page).where(Page.id == page_id).values(label=labels[page_id]))
